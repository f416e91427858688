/* export_c_code.c - the functions that an exported network calls, as text
 *
 * exp, erf and the like are written out: a small machine without an operating system has no libm, and so
 * the results are the same everywhere. Each is good to about 3e-7. */
#include "model/export_c.h"

#include <stdio.h>

static const char exp_code[] =
    "/* exp(a) = 2^n exp(r) with |r| <= ln(2) / 2, by the first terms of its series; exp(-a) = 1 / "
    "exp(a).\n"
    " * ln(2) is taken off in two parts, the first of which is exact in few bits. */\n"
    "static float @_exp(float x)\n"
    "{\n"
    "    float a = x < 0.0f ? -x : x, power = 2.0f, y, r;\n"
    "    int n;\n"
    "    if (x != x)\n"
    "        return x;\n"
    "    if (a > 100.0f)\n"
    "        a = 100.0f; /* enough for 0 and for infinity */\n"
    "    n = (int)(a * 1.44269504f + 0.5f);\n"
    "    r = (a - (float)n * 0.693359375f) + (float)n * 2.12194440e-4f;\n"
    "    y = 1.0f + r * (1.0f + r * (0.5f + r * (0.166666667f + r * (0.0416666667f + r * "
    "(0.00833333333f +\n"
    "        r * (0.00138888889f + r * 1.98412698e-4f))))));\n"
    "    for (; n > 0; n >>= 1, power *= power)\n"
    "        if (n & 1)\n"
    "            y *= power;\n"
    "    return x < 0.0f ? 1.0f / y : y;\n"
    "}\n\n";

static const char relu_code[] = "static float @_relu(float x)\n"
                                "{\n"
                                "    return x <= 0.0f ? 0.0f : x; /* NaN stays */\n"
                                "}\n\n";

static const char leaky_relu_code[] = "static float @_leaky_relu(float x, float slope)\n"
                                      "{\n"
                                      "    return x > 0.0f ? x : slope * x;\n"
                                      "}\n\n";

static const char elu_code[] = "static float @_elu(float x, float alpha)\n"
                               "{\n"
                               "    return x > 0.0f ? x : alpha * (@_exp(x) - 1.0f);\n"
                               "}\n\n";

static const char sigmoid_code[] = "static float @_sigmoid(float x)\n"
                                   "{\n"
                                   "    return 1.0f / (1.0f + @_exp(-x));\n"
                                   "}\n\n";

static const char tanh_code[] = "static float @_tanh(float x)\n"
                                "{\n"
                                "    return 1.0f - 2.0f / (@_exp(2.0f * x) + 1.0f);\n"
                                "}\n\n";

static const char silu_code[] = "static float @_silu(float x)\n"
                                "{\n"
                                "    return x / (1.0f + @_exp(-x));\n"
                                "}\n\n";

static const char gelu_code[] =
    "/* x Phi(x), Phi the normal distribution: the tail by Abramowitz and Stegun, 7.1.26 */\n"
    "static float @_gelu(float x)\n"
    "{\n"
    "    const float a = x < 0.0f ? -x : x, t = 1.0f / (1.0f + 0.3275911f * 0.707106781f * a);\n"
    "    const float tail = 0.5f * @_exp(-0.5f * a * a) * t * (0.254829592f + t * (-0.284496736f "
    "+\n"
    "                       t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));\n"
    "    return x * (x < 0.0f ? tail : 1.0f - tail);\n"
    "}\n\n";

static const char softplus_code[] =
    "/* log(1 + exp(x)) = max(x, 0) + log(1 + t), t = exp(-|x|); log(1 + t) = 2 artanh(s), s = t / "
    "(2 + t) */\n"
    "static float @_softplus(float x)\n"
    "{\n"
    "    const float t = @_exp(x < 0.0f ? x : -x), s = t / (2.0f + t), q = s * s;\n"
    "    return (x > 0.0f ? x : 0.0f) + 2.0f * s * (1.0f + q * (0.333333333f + q * (0.2f + q * "
    "(0.142857143f +\n"
    "           q * (0.111111111f + q * (0.0909090909f + q * 0.0769230769f))))));\n"
    "}\n\n";

static const char layernorm_code[] =
    "/* By halving its exponent and Newton's rule; for x > 0. Infinity, which squares may come to, "
    "stays. */\n"
    "static float @_sqrt(float x)\n"
    "{\n"
    "    float unit = 1.0f, y;\n"
    "    int i;\n"
    "    if (x > 3.4028234e38f)\n"
    "        return x;\n"
    "    for (; x >= 1.0f; x *= 0.25f)\n"
    "        unit *= 2.0f;\n"
    "    for (; x < 0.25f && x > 0.0f; x *= 4.0f)\n"
    "        unit *= 0.5f;\n"
    "    y = 0.5f + 0.5f * x;\n"
    "    for (i = 0; i < 4; i++)\n"
    "        y = 0.5f * (y + x / y);\n"
    "    return unit * y;\n"
    "}\n\n"
    "/* y = gamma (x - mean) / sqrt(var + eps) + beta; y may be x. What rounding left of the mean\n"
    " * is taken off a second time: where all x are alike, nothing else would stay, and eps may\n"
    " * be very small. */\n"
    "static void @_layernorm(float *y, const float *x, const float *gamma, const float *beta, "
    "float eps,\n"
    "                        int n)\n"
    "{\n"
    "    float mean = 0.0f, rest = 0.0f, var = 0.0f, rate;\n"
    "    int j;\n"
    "    for (j = 0; j < n; j++)\n"
    "        mean += x[j];\n"
    "    mean /= (float)n;\n"
    "    for (j = 0; j < n; j++)\n"
    "        rest += x[j] - mean;\n"
    "    mean += rest / (float)n;\n"
    "    for (j = 0; j < n; j++)\n"
    "        var += (x[j] - mean) * (x[j] - mean);\n"
    "    rate = 1.0f / @_sqrt(var / (float)n + eps);\n"
    "    for (j = 0; j < n; j++)\n"
    "        y[j] = gamma[j] * ((x[j] - mean) * rate) + beta[j];\n"
    "}\n\n";

static const char softmax_code[] = "/* y = exp(x) / sum of exp(x); y may be x */\n"
                                   "static void @_softmax(float *y, const float *x, int n)\n"
                                   "{\n"
                                   "    float largest = x[0], sum = 0.0f;\n"
                                   "    int j;\n"
                                   "    for (j = 1; j < n; j++)\n"
                                   "        largest = x[j] > largest ? x[j] : largest;\n"
                                   "    for (j = 0; j < n; j++)\n"
                                   "        sum += y[j] = @_exp(x[j] - largest);\n"
                                   "    for (j = 0; j < n; j++)\n"
                                   "        y[j] /= sum;\n"
                                   "}\n\n";

static const char int8_code[] =
    "/* y = x W + b, with W[k][j] = about W[k * inputs + j] * scale[k] * share[j], and x share "
    "made whole numbers\n"
    " * likewise: the largest becomes 127. The products are exact, and so are their sums. q: room "
    "for x. */\n"
    "static void @_affine(float *y, const float *x, int8_t *q, const int8_t *W, const float "
    "*scale,\n"
    "                     const float *share, const float *b, int inputs, int outputs)\n"
    "{\n"
    "    float largest = 0.0f, step, per_step;\n"
    "    int j, k;\n"
    "    for (j = 0; j < inputs; j++) {\n"
    "        const float v = x[j] * share[j], a = v < 0.0f ? -v : v;\n"
    "        largest = a > largest || a != a ? a : largest; /* NaN stays, and is in y then */\n"
    "    }\n"
    "    step = largest / 127.0f;\n"
    "    per_step = largest > 1e-30f ? 127.0f / largest : 0.0f;\n"
    "    for (j = 0; j < inputs; j++) {\n"
    "        const float v = x[j] * share[j] * per_step;\n"
    "        q[j] = (int8_t)(v != v ? 0.0f : v + (v < 0.0f ? -0.5f : 0.5f));\n"
    "    }\n"
    "    for (k = 0; k < outputs; k++, W += inputs) {\n"
    "        int32_t sum = 0;\n"
    "        for (j = 0; j < inputs; j++)\n"
    "            sum += q[j] * W[j];\n"
    "        y[k] = (float)sum * (step * scale[k]) + b[k];\n"
    "    }\n"
    "}\n"
    "\n";

/* The function that each kind calls, whether that calls exp, and the expression for one number. */
static const struct {
    const char *code, *call;
    bool needs_exp, has_argument;
} functions[RNL_EXPORT_KINDS] = {
    [RNL_EXPORT_LAYERNORM] = {layernorm_code, NULL, false, false},
    [RNL_EXPORT_RELU] = {relu_code, "relu", false, false},
    [RNL_EXPORT_LEAKY_RELU] = {leaky_relu_code, "leaky_relu", false, true},
    [RNL_EXPORT_ELU] = {elu_code, "elu", true, true},
    [RNL_EXPORT_SIGMOID] = {sigmoid_code, "sigmoid", true, false},
    [RNL_EXPORT_TANH] = {tanh_code, "tanh", true, false},
    [RNL_EXPORT_GELU] = {gelu_code, "gelu", true, false},
    [RNL_EXPORT_SILU] = {silu_code, "silu", true, false},
    [RNL_EXPORT_SOFTPLUS] = {softplus_code, "softplus", true, false},
    [RNL_EXPORT_SOFTMAX] = {softmax_code, NULL, true, false},
};

void rnl_c_functions(const rnl_c_writer *w)
{
    bool used[RNL_EXPORT_KINDS] = {false}, needs_exp = false;
    for (size_t i = 0; i < w->plan->ops; i++) {
        used[w->plan->op[i].kind] = true;
        needs_exp = needs_exp || functions[w->plan->op[i].kind].needs_exp;
    }
    if (needs_exp)
        rnl_c_put(w, exp_code);
    for (size_t k = 0; k < RNL_EXPORT_KINDS; k++)
        if (used[k] && functions[k].code)
            rnl_c_put(w, functions[k].code);
    if (used[RNL_EXPORT_AFFINE] && w->options->int8)
        rnl_c_put(w, int8_code);
}

bool rnl_c_activation(char *text, size_t size, const rnl_export_op *op, const char *x)
{
    const char *call = functions[op->kind].call;
    if (!call)
        return false;
    char number[RNL_C_NUMBER];
    if (functions[op->kind].has_argument)
        snprintf(text, size, "@_%s(%s, %s)", call, x, rnl_c_number(number, (float)op->argument));
    else
        snprintf(text, size, "@_%s(%s)", call, x);
    return true;
}

/* export_c_test.c - NAME_test.c: does the exported network compute what it should on this machine?
 *
 * Some inputs and what comes out of them, and a main that compares. The answers come from the network itself, by
 * rnl_net_predict or rnl_net_probabilities; those of an export with weights of 8 bits, which differ, from
 * rnl_export_run. The inputs are drawn so that the network sees numbers from -1 to 1; one of them is all zero. */
#include "model/export_c.h"

#include "base/random.h"
#include "net/net.h"

#include <math.h>

static void draw_input(const rnl_export_plan *plan, uint64_t sample, float *x)
{
    const rnl_random seeded = rnl_random_new(1, RNL_STREAM_WEIGHTS);
    for (size_t j = 0; j < plan->inputs; j++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&plan->notes, j);
        const uint64_t bits = rnl_random_at(&seeded, sample * plan->inputs + j);
        const double seen = sample == 0 ? 0 : (double)(bits >> 11) / (double)(1ull << 52) - 1;
        x[j] = s.scale != 0 ? (float)((seen - s.shift) / s.scale) : 0;
    }
}

/* y: what the network itself says of x, in its own precision. */
static rnl_status ask_network(const rnl_export_plan *plan, rnl_workspace *ws, bool probabilities,
                              const float *x, float *y, double *scaled)
{
    const rnl_net *net = plan->net;
    const bool f64 = rnl_net_dtype(net) == RNL_F64;
    double *answer = scaled + plan->inputs;
    rnl_matrix in = rnl_matrix_view(scaled, 1, plan->inputs, rnl_net_dtype(net));
    rnl_matrix out = rnl_matrix_view(answer, 1, plan->outputs, rnl_net_dtype(net));
    for (size_t j = 0; j < plan->inputs; j++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&plan->notes, j);
        if (f64)
            scaled[j] = (double)x[j] * s.scale + s.shift;
        else
            ((float *)in.data)[j] = x[j] * (float)s.scale + (float)s.shift;
    }
    RNL_TRY(probabilities ? rnl_net_probabilities(net, ws, in, out)
                          : rnl_net_predict(net, ws, in, out));
    for (size_t k = 0; k < plan->outputs; k++)
        y[k] = f64 ? (float)answer[k] : ((float *)out.data)[k];
    return RNL_OK;
}

static const char main_code[] =
    "/* How far two numbers lie apart, in shares of the largest that is expected (at least 1). */\n"
    "static float @_difference(const float *y, const float *expected)\n"
    "{\n"
    "    float largest = 1.0f, most = 0.0f;\n"
    "    for (int k = 0; k < $_OUTPUTS; k++) {\n"
    "        const float e = expected[k] < 0.0f ? -expected[k] : expected[k];\n"
    "        const float d = y[k] < expected[k] ? expected[k] - y[k] : y[k] - expected[k];\n"
    "        largest = e > largest ? e : largest;\n"
    "        most = d <= most ? most : d; /* NaN stays */\n"
    "    }\n"
    "    return most / largest;\n"
    "}\n\n"
    "int main(void)\n"
    "{\n"
    "    static @_workspace workspace;\n"
    "    float y[$_OUTPUTS], most = 0.0f;\n"
    "    for (int i = 0; i < SAMPLES; i++) {\n"
    "        @_predict(@_x[i], y, &workspace);\n"
    "        const float d = @_difference(y, @_y[i]);\n"
    "        most = d <= most ? most : d;\n"
    "        if (!(d <= LIMIT)) {\n"
    "            printf(\"@: sample %d differs by %g, and at most %g is right\\n\", i, (double)d, "
    "(double)LIMIT);\n"
    "            return 1;\n"
    "        }\n"
    "    }\n"
    "    printf(\"@: %d samples agree, the largest difference is %g\\n\", SAMPLES, (double)most);\n"
    "    return 0;\n"
    "}\n";

static void put_rows(const rnl_c_writer *w, const char *name, const char *width, const float *rows,
                     size_t count, size_t cols)
{
    rnl_c_code(w, "static const float @_%s[SAMPLES][$_%s] = {\n", name, width);
    for (size_t i = 0; i < count; i++) {
        rnl_c_put(w, "    {\n");
        rnl_c_floats(w, rows + i * cols, cols, 8);
        rnl_c_put(w, i + 1 < count ? "    },\n" : "    }\n");
    }
    rnl_c_put(w, "};\n\n");
}

static void write_test(const rnl_c_writer *w, const float *x, const float *y)
{
    const size_t count = w->options->test_vectors;
    rnl_c_put(w, "/* @_test.c - does @.c compute what it should on this machine?\n"
                 " *\n"
                 " *     cc -std=c99 @_test.c @.c && ./a.out\n"
                 " *\n");
    rnl_c_put(w,
              w->options->int8
                  ? " * x: inputs; y: what weights of 8 bits make of them, computed where they "
                    "were exported. A\n"
                    " * number that just misses being rounded the same way moves the result a "
                    "little. */\n"
                  : " * x: inputs; y: what the network made of them where it was exported. */\n");
    rnl_c_code(w,
               "#include \"@.h\"\n\n#include <stdio.h>\n\n"
               "#define SAMPLES %zu\n#define LIMIT %s\n\n",
               count, w->options->int8 ? "2e-2f" : "1e-5f");
    put_rows(w, "x", "INPUTS", x, count, w->plan->inputs);
    put_rows(w, "y", "OUTPUTS", y, count, w->plan->outputs);
    rnl_c_put(w, main_code);
}

static rnl_status compute(const rnl_c_writer *w, rnl_workspace *ws, float *x, float *y,
                          double *scaled)
{
    const rnl_export_plan *plan = w->plan;
    for (size_t i = 0; i < w->options->test_vectors; i++) {
        float *x_i = x + i * plan->inputs, *y_i = y + i * plan->outputs;
        draw_input(plan, i, x_i);
        if (w->options->int8)
            RNL_TRY(rnl_export_run(plan, true, x_i, y_i));
        else
            RNL_TRY(ask_network(plan, ws, w->options->probabilities, x_i, y_i, scaled));
        for (size_t k = 0; k < plan->outputs; k++)
            RNL_FAIL_IF(
                !isfinite(y_i[k]), RNL_ERR_USAGE,
                "output %zu of the network is %s for numbers from -1 to 1: no test is made of that",
                k, isnan(y_i[k]) ? "nan" : "infinite");
    }
    return RNL_OK;
}

rnl_status rnl_c_test(const rnl_c_writer *w)
{
    const rnl_export_plan *plan = w->plan;
    const size_t count = w->options->test_vectors;
    rnl_workspace *ws = NULL;
    rnl_status status = rnl_workspace_new(&ws, plan->net, 1);
    float *x = NULL, *y = NULL;
    double *scaled = NULL;
    if (status == RNL_OK) {
        x = rnl_alloc(count, plan->inputs * sizeof *x);
        y = rnl_alloc(count, plan->outputs * sizeof *y);
        scaled = rnl_alloc(plan->inputs + plan->outputs, sizeof *scaled);
        status = x && y && scaled ? compute(w, ws, x, y, scaled) : RNL_ERR_MEMORY;
    }
    if (status == RNL_OK)
        write_test(w, x, y);
    rnl_free(x);
    rnl_free(y);
    rnl_free(scaled);
    rnl_workspace_free(&ws);
    return status;
}

/* export_run.c - the list of operations, computed as an exported program computes it
 *
 * In f32, one sample at a time. For the numbers that a self-test compares with where weights have 8 bits:
 * what the network itself gives says little then. */
#include "model/export.h"

#include <math.h>
#include <string.h>

enum { LARGEST = 127 }; /* of 8 bits; -128 is left out, so that both signs are alike */

static int8_t nearest(float x)
{
    return (int8_t)(x + (x < 0 ? -0.5f : 0.5f));
}

void rnl_export_quantize(const rnl_export_op *op, int8_t *q, float *scale)
{
    for (size_t k = 0; k < op->outputs; k++) {
        float most = 0;
        for (size_t j = 0; j < op->inputs; j++)
            most = fmaxf(most, fabsf(op->weight[j * op->outputs + k]));
        scale[k] = most / LARGEST;
        for (size_t j = 0; j < op->inputs; j++) {
            /* by the scale as it is stored, which may be rounded; 0 where even the largest is about 0 */
            const float w = op->weight[j * op->outputs + k];
            const float ratio = scale[k] > 0 ? w / scale[k] : 0;
            q[k * op->inputs + j] = nearest(fminf(fmaxf(ratio, -LARGEST), LARGEST));
        }
    }
}

/* y = x W + b */
static void affine(const rnl_export_op *op, const float *x, float *y)
{
    memcpy(y, op->bias, op->outputs * sizeof *y);
    for (size_t j = 0; j < op->inputs; j++)
        for (size_t k = 0; k < op->outputs; k++)
            y[k] += x[j] * op->weight[j * op->outputs + k];
}

/* The same in whole numbers: see docs/export.md. q: room for the input and for W, 8 bits each. */
static void affine_int8(const rnl_export_op *op, const float *x, float *y, int8_t *q, float *scale)
{
    int8_t *W = q + op->inputs;
    rnl_export_quantize(op, W, scale);
    float most = 0;
    for (size_t j = 0; j < op->inputs; j++)
        most = fmaxf(most, fabsf(x[j]));
    const float step = most / LARGEST, per_step = most > 1e-30f ? LARGEST / most : 0;
    for (size_t j = 0; j < op->inputs; j++)
        q[j] = nearest(x[j] * per_step);
    for (size_t k = 0; k < op->outputs; k++) {
        int32_t sum = 0;
        for (size_t j = 0; j < op->inputs; j++)
            sum += q[j] * W[k * op->inputs + j];
        y[k] = (float)sum * (step * scale[k]) + op->bias[k];
    }
}

static void scale_each(const rnl_export_op *op, const float *x, float *y)
{
    for (size_t j = 0; j < op->inputs; j++) {
        const float weight = op->weights ? op->weight[op->weights == 1 ? 0 : j] : 1;
        y[j] = x[j] * weight + (op->biases ? op->bias[op->biases == 1 ? 0 : j] : 0);
    }
}

static void layernorm(const rnl_export_op *op, const float *x, float *y)
{
    const float n = (float)op->inputs;
    float mean = 0, var = 0;
    for (size_t j = 0; j < op->inputs; j++)
        mean += x[j];
    mean /= n;
    for (size_t j = 0; j < op->inputs; j++)
        var += (x[j] - mean) * (x[j] - mean);
    const float rate = 1 / sqrtf(var / n + (float)op->argument);
    for (size_t j = 0; j < op->inputs; j++)
        y[j] = (x[j] - mean) * rate * op->weight[j] + op->bias[j];
}

static void softmax(const rnl_export_op *op, const float *x, float *y)
{
    float most = x[0], sum = 0;
    for (size_t j = 0; j < op->inputs; j++)
        most = fmaxf(most, x[j]);
    for (size_t j = 0; j < op->inputs; j++)
        sum += y[j] = expf(x[j] - most);
    for (size_t j = 0; j < op->inputs; j++)
        y[j] /= sum;
}

static float activation(rnl_export_kind kind, float argument, float x)
{
    switch (kind) {
    case RNL_EXPORT_RELU: return x > 0 ? x : 0;
    case RNL_EXPORT_LEAKY_RELU: return x > 0 ? x : argument * x;
    case RNL_EXPORT_ELU: return x > 0 ? x : argument * expm1f(x);
    case RNL_EXPORT_SIGMOID: return 1 / (1 + expf(-x));
    case RNL_EXPORT_TANH: return tanhf(x);
    case RNL_EXPORT_GELU: return x * 0.5f * erfcf(-x * 0.70710678f);
    case RNL_EXPORT_SILU: return x / (1 + expf(-x));
    default: /* softplus */ return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x)));
    }
}

/* One operation; y may be x but for affine. */
static void compute(const rnl_export_op *op, bool int8, const float *x, float *y, int8_t *q,
                    float *scale)
{
    if (op->kind == RNL_EXPORT_AFFINE && int8)
        affine_int8(op, x, y, q, scale);
    else if (op->kind == RNL_EXPORT_AFFINE)
        affine(op, x, y);
    else if (op->kind == RNL_EXPORT_SCALE)
        scale_each(op, x, y);
    else if (op->kind == RNL_EXPORT_LAYERNORM)
        layernorm(op, x, y);
    else if (op->kind == RNL_EXPORT_SOFTMAX)
        softmax(op, x, y);
    else
        for (size_t j = 0; j < op->inputs; j++)
            y[j] = activation(op->kind, (float)op->argument, x[j]);
}

/* Numbers of 8 bits that the largest affine operation needs. */
static size_t most_bytes(const rnl_export_plan *plan)
{
    size_t most = 0;
    for (size_t i = 0; i < plan->ops; i++) {
        const rnl_export_op *op = &plan->op[i];
        if (op->kind == RNL_EXPORT_AFFINE && op->weights + op->inputs > most)
            most = op->weights + op->inputs;
    }
    return most;
}

rnl_status rnl_export_run(const rnl_export_plan *plan, bool int8, const float *x, float *y)
{
    float *a = rnl_alloc(plan->widest, 3 * sizeof *a);
    int8_t *q = rnl_alloc(int8 ? most_bytes(plan) + 1 : 1, 1);
    rnl_status status = a && q ? RNL_OK : RNL_ERR_MEMORY;
    if (status == RNL_OK) {
        float *from = a, *to = a + plan->widest, *scale = to + plan->widest;
        memcpy(from, x, plan->inputs * sizeof *from);
        for (size_t i = 0; i < plan->ops; i++) {
            compute(&plan->op[i], int8, from, to, q, scale);
            float *const other = from;
            from = to;
            to = other;
        }
        memcpy(y, from, plan->outputs * sizeof *y);
    }
    rnl_free(a);
    rnl_free(q);
    return status;
}

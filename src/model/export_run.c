/* export_run.c - the list of operations, computed as an exported program computes it
 *
 * In f32, one sample at a time. For the numbers that a self-test compares with where weights have 8 bits:
 * what the network itself gives says little then. */
#include "model/export.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { LARGEST = 127 }; /* of 8 bits; -128 is left out, so that both signs are alike */

static int8_t nearest(float x)
{
    return (int8_t)(x + (x < 0 ? -0.5f : 0.5f));
}

/* An input of large numbers has small weights and the other way round, and what is small beside the largest is lost in 8
 * bits. So what is taken out of row j of W, and given to x_j, leaves of its largest, r_j, half of the way to r, the
 * largest of all: sqrt(r_j / r), but not less than an eighth, that something stays where numbers lie very far apart. */
static void find_shares(const rnl_export_op *op)
{
    float r = 0;
    for (size_t j = 0; j < op->inputs; j++) {
        op->share[j] = 0;
        for (size_t k = 0; k < op->outputs; k++)
            op->share[j] = fmaxf(op->share[j], fabsf(op->weight[j * op->outputs + k]));
        r = fmaxf(r, op->share[j]);
    }
    for (size_t j = 0; j < op->inputs; j++)
        op->share[j] = op->share[j] > 0 ? op->share[j] / fmaxf(sqrtf(op->share[j] / r), 0.125f) : 1;
}

static void quantize(const rnl_export_op *op)
{
    find_shares(op);
    for (size_t k = 0; k < op->outputs; k++) {
        float most = 0;
        for (size_t j = 0; j < op->inputs; j++)
            most = fmaxf(most, fabsf(op->weight[j * op->outputs + k] / op->share[j]));
        op->scale[k] = most / LARGEST;
        for (size_t j = 0; j < op->inputs; j++) {
            /* by the scale as it is stored, which may be rounded; 0 where even the largest is about 0 */
            const float w = op->weight[j * op->outputs + k] / op->share[j];
            const float ratio = op->scale[k] > 0 ? w / op->scale[k] : 0;
            op->q[k * op->inputs + j] = nearest(fminf(fmaxf(ratio, -LARGEST), LARGEST));
        }
    }
}

rnl_status rnl_export_quantize(rnl_export_plan *plan)
{
    for (size_t i = 0; i < plan->ops; i++) {
        rnl_export_op *op = &plan->op[i];
        if (op->kind != RNL_EXPORT_AFFINE)
            continue;
        op->q = rnl_alloc(op->weights, sizeof *op->q);
        op->scale = rnl_alloc(op->outputs, sizeof *op->scale);
        op->share = rnl_alloc(op->inputs, sizeof *op->share);
        if (!op->q || !op->scale || !op->share)
            return RNL_ERR_MEMORY;
        quantize(op);
    }
    return RNL_OK;
}

/* Each number a little more or a little less, by as much as two roundings may change it. */
static void shake_each(rnl_random *shake, float *v, size_t count)
{
    for (size_t j = 0; shake && j < count; j++)
        v[j] *= rnl_random_u64(shake) >> 63 ? 1 + FLT_EPSILON : 1 - FLT_EPSILON;
}

/* y = x W + b */
static void affine(const rnl_export_op *op, const float *x, float *y)
{
    memcpy(y, op->bias, op->outputs * sizeof *y);
    for (size_t j = 0; j < op->inputs; j++)
        for (size_t k = 0; k < op->outputs; k++)
            y[k] += x[j] * op->weight[j * op->outputs + k];
}

/* The same in whole numbers: see docs/export.md. p: room for x. */
static void affine_int8(const rnl_export_op *op, const float *x, float *y, int8_t *p)
{
    float most = 0;
    for (size_t j = 0; j < op->inputs; j++) {
        const float a = fabsf(x[j] * op->share[j]);
        most = a > most || isnan(a) ? a : most;
    }
    const float step = most / LARGEST, per_step = most > 1e-30f ? LARGEST / most : 0;
    for (size_t j = 0; j < op->inputs; j++) {
        const float v = x[j] * op->share[j] * per_step;
        p[j] = isnan(v) ? 0 : nearest(v);
    }
    for (size_t k = 0; k < op->outputs; k++) {
        int32_t sum = 0;
        for (size_t j = 0; j < op->inputs; j++)
            sum += p[j] * op->q[k * op->inputs + j];
        y[k] = (float)sum * (step * op->scale[k]) + op->bias[k];
    }
}

static void scale_each(const rnl_export_op *op, const float *x, float *y)
{
    for (size_t j = 0; j < op->inputs; j++) {
        const float weight = op->weights ? op->weight[op->weights == 1 ? 0 : j] : 1;
        y[j] = (x[j] - (op->center ? op->center[j] : 0)) * weight +
               (op->biases ? op->bias[op->biases == 1 ? 0 : j] : 0);
    }
}

/* A compiler that puts this and what was before into one expression may leave x unrounded on one side of x - mean: so
 * the mean is shaken on its own. */
static void layernorm(const rnl_export_op *op, rnl_random *shake, const float *x, float *y)
{
    const float n = (float)op->inputs;
    float mean = 0, rest = 0, var = 0;
    for (size_t j = 0; j < op->inputs; j++)
        mean += x[j];
    mean /= n;
    for (size_t j = 0; j < op->inputs; j++)
        rest += x[j] - mean;
    mean += rest / n;
    shake_each(shake, &mean, 1);
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
    case RNL_EXPORT_RELU: return x <= 0 ? 0 : x; /* NaN stays */
    case RNL_EXPORT_LEAKY_RELU: return x > 0 ? x : argument * x;
    case RNL_EXPORT_ELU: return x > 0 ? x : argument * expm1f(x);
    case RNL_EXPORT_SIGMOID: return 1 / (1 + expf(-x));
    case RNL_EXPORT_TANH: return tanhf(x);
    case RNL_EXPORT_GELU: return x * 0.5f * erfcf(-x * 0.70710678f);
    case RNL_EXPORT_SILU: return x / (1 + expf(-x));
    default: /* softplus */ return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x)));
    }
}

/* One operation; y may be x but for affine. p: room for x in 8 bits. */
static void compute(const rnl_export_op *op, rnl_random *shake, const float *x, float *y, int8_t *p)
{
    if (op->kind == RNL_EXPORT_AFFINE && op->q)
        affine_int8(op, x, y, p);
    else if (op->kind == RNL_EXPORT_AFFINE)
        affine(op, x, y);
    else if (op->kind == RNL_EXPORT_SCALE)
        scale_each(op, x, y);
    else if (op->kind == RNL_EXPORT_LAYERNORM)
        layernorm(op, shake, x, y);
    else if (op->kind == RNL_EXPORT_SOFTMAX)
        softmax(op, x, y);
    else
        for (size_t j = 0; j < op->inputs; j++)
            y[j] = activation(op->kind, (float)op->argument, x[j]);
}

rnl_status rnl_export_run(const rnl_export_plan *plan, rnl_random *shake, const float *x, float *y)
{
    float *a = rnl_alloc(plan->widest, 2 * sizeof *a);
    int8_t *p = rnl_alloc(plan->widest, sizeof *p);
    rnl_status status = a && p ? RNL_OK : RNL_ERR_MEMORY;
    if (status == RNL_OK) {
        float *from = a, *to = a + plan->widest;
        memcpy(from, x, plan->inputs * sizeof *from);
        shake_each(shake, from, plan->inputs);
        for (size_t i = 0; i < plan->ops; i++) {
            compute(&plan->op[i], shake, from, to, p);
            shake_each(shake, to, plan->op[i].outputs);
            float *const other = from;
            from = to;
            to = other;
        }
        memcpy(y, from, plan->outputs * sizeof *y);
    }
    rnl_free(a);
    rnl_free(p);
    return status;
}

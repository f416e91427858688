/* export_plan.c - a network as one flat list of operations: see export.h */
#include "model/export.h"

#include "base/matrix.h"
#include "model/model.h"
#include "net/net.h"

#include <math.h>
#include <string.h>

enum { ABSENT = RNL_EXPORT_KINDS, BATCHNORM };

/* What becomes of a layer. */
static const struct {
    const char *layer;
    int kind;
    const char *argument; /* the layer's argument that the operation needs */
} kinds[] = {
    {"affine", RNL_EXPORT_AFFINE, NULL},
    {"relu", RNL_EXPORT_RELU, NULL},
    {"sigmoid", RNL_EXPORT_SIGMOID, NULL},
    {"tanh", RNL_EXPORT_TANH, NULL},
    {"leaky_relu", RNL_EXPORT_LEAKY_RELU, "slope"},
    {"elu", RNL_EXPORT_ELU, "alpha"},
    {"gelu", RNL_EXPORT_GELU, NULL},
    {"silu", RNL_EXPORT_SILU, NULL},
    {"softplus", RNL_EXPORT_SOFTPLUS, NULL},
    {"layernorm", RNL_EXPORT_LAYERNORM, "eps"},
    {"batchnorm", BATCHNORM, "eps"},
    {"dropout", ABSENT, NULL},
    {"flatten", ABSENT, NULL},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static size_t find_kind(const rnl_layer *l)
{
    size_t k = 0;
    while (k < KINDS && strcmp(kinds[k].layer, l->type->name) != 0)
        k++;
    return k;
}

static double argument_of(const rnl_layer *l, const char *name)
{
    for (size_t k = 0; name && k < l->type->max_args; k++)
        if (strcmp(l->type->arg[k].name, name) == 0)
            return l->arg[k];
    return 0;
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

/* Room for count numbers that the operation owns; kept in a way that its views can be const. */
static float *own(rnl_export_op *op, size_t which, size_t count)
{
    return op->owned[which] = rnl_alloc(count, sizeof(float));
}

/* *to = number, as f32. */
rnl_status rnl_export_round(float *to, double number, const char *what, size_t i)
{
    *to = (float)number;
    RNL_FAIL_IF(!isfinite(*to), RNL_ERR_USAGE, "%s[%zu] is %g, more than f32 can hold", what, i,
                number);
    return RNL_OK;
}

static rnl_status round_numbers(float *to, const double *numbers, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        RNL_TRY(rnl_export_round(&to[i], numbers[i], what, i));
    return RNL_OK;
}

/* A block of parameters as f32, row behind row: the network's own numbers, or a copy. */
static rnl_status take_block(rnl_export_op *op, size_t which, rnl_parameter p,
                             const float **numbers, size_t *count)
{
    *count = p.value.rows * p.value.cols;
    *numbers = p.value.data;
    if (p.value.dtype == RNL_F32 && p.value.ld == p.value.cols)
        return RNL_OK;
    float *copy = own(op, which, *count);
    if (!copy)
        return RNL_ERR_MEMORY;
    *numbers = copy;
    for (size_t i = 0; i < *count; i++) {
        const double number = rnl_matrix_get(&p.value, i / p.value.cols, i % p.value.cols);
        RNL_TRY(rnl_export_round(&copy[i], number, p.name, i));
    }
    return RNL_OK;
}

/* ---- operations ------------------------------------------------------------------------------------- */

static rnl_export_op *add_op(rnl_export_plan *plan, rnl_export_kind kind, int layer, size_t inputs,
                             size_t outputs)
{
    rnl_export_op *op = &plan->op[plan->ops++];
    *op = (rnl_export_op){.kind = kind, .layer = layer, .inputs = inputs, .outputs = outputs};
    if (outputs > plan->widest)
        plan->widest = outputs;
    return op;
}

static rnl_status add_input_scaling(rnl_export_plan *plan)
{
    const rnl_input_notes *notes = &plan->notes;
    const bool plain = (notes->scales == 0 || (notes->scales == 1 && notes->scale[0] == 1)) &&
                       (notes->shifts == 0 || (notes->shifts == 1 && notes->shift[0] == 0));
    if (plain)
        return RNL_OK;
    rnl_export_op *op = add_op(plan, RNL_EXPORT_SCALE, RNL_NO_LAYER, plan->inputs, plan->inputs);
    if (notes->scales) {
        float *scale = own(op, 0, notes->scales);
        if (!scale)
            return RNL_ERR_MEMORY;
        op->weight = scale;
        op->weights = notes->scales;
        RNL_TRY(round_numbers(scale, notes->scale, notes->scales, "runnel.input.scale"));
    }
    if (notes->shifts) {
        float *shift = own(op, 1, notes->shifts);
        if (!shift)
            return RNL_ERR_MEMORY;
        op->bias = shift;
        op->biases = notes->shifts;
        RNL_TRY(round_numbers(shift, notes->shift, notes->shifts, "runnel.input.shift"));
    }
    return RNL_OK;
}

/* Do numbers lie so far from 0, beside their deviation, that x s and mean s have digits in common that f32 then lacks? */
static bool lies_far(const rnl_matrix *mean, const rnl_matrix *var, double eps)
{
    enum { FAR = 16 };
    for (size_t j = 0; j < mean->cols; j++)
        if (fabs(rnl_matrix_get(mean, 0, j)) > FAR * sqrt(rnl_matrix_get(var, 0, j) + eps))
            return true;
    return false;
}

/* gamma (x - mean) / sqrt(var + eps) + beta = (x - mean) s + beta = x s + (beta - mean s), s = gamma / sqrt(var + eps) */
static rnl_status fold_batchnorm(rnl_export_op *op, const rnl_net *net, const rnl_layer *l,
                                 double eps)
{
    const rnl_matrix gamma = rnl_block_view(net, &l->block[0], net->values),
                     beta = rnl_block_view(net, &l->block[1], net->values),
                     mean = rnl_state_view(net, &l->state[0]),
                     var = rnl_state_view(net, &l->state[1]);
    const bool far = lies_far(&mean, &var, eps);
    float *scale = own(op, 0, l->inputs), *shift = own(op, 1, l->inputs);
    float *center = far ? own(op, 2, l->inputs) : NULL;
    if (!scale || !shift || (far && !center))
        return RNL_ERR_MEMORY;
    for (size_t j = 0; j < l->inputs; j++) {
        const double s = rnl_matrix_get(&gamma, 0, j) / sqrt(rnl_matrix_get(&var, 0, j) + eps);
        double b = rnl_matrix_get(&beta, 0, j), m = rnl_matrix_get(&mean, 0, j);
        if (far)
            RNL_TRY(rnl_export_round(&center[j], m, "batchnorm's mean", j));
        else
            b -= m * s;
        RNL_TRY(rnl_export_round(&scale[j], s, "batchnorm's scale", j));
        RNL_TRY(rnl_export_round(&shift[j], b, "batchnorm's shift", j));
    }
    op->center = center;
    op->weight = scale;
    op->bias = shift;
    op->weights = op->biases = l->inputs;
    return RNL_OK;
}

static rnl_status add_layer(rnl_export_plan *plan, size_t i)
{
    const rnl_net *net = plan->net;
    const rnl_layer *l = &net->layer[i];
    const size_t k = find_kind(l);
    RNL_FAIL_IF(k == KINDS, RNL_ERR_UNSUPPORTED, "layer %zu, %s, cannot be exported", i,
                l->type->name);
    if (kinds[k].kind == ABSENT)
        return RNL_OK;
    const double argument = argument_of(l, kinds[k].argument);
    if (kinds[k].kind == BATCHNORM)
        return fold_batchnorm(add_op(plan, RNL_EXPORT_SCALE, (int)i, l->inputs, l->outputs), net, l,
                              argument);
    rnl_export_op *op = add_op(plan, (rnl_export_kind)kinds[k].kind, (int)i, l->inputs, l->outputs);
    op->argument = argument;
    const size_t first = rnl_net_layer(net, i).first_parameter;
    if (l->blocks > 0)
        RNL_TRY(take_block(op, 0, rnl_net_parameter(net, first), &op->weight, &op->weights));
    if (l->blocks > 1)
        RNL_TRY(take_block(op, 1, rnl_net_parameter(net, first + 1), &op->bias, &op->biases));
    return RNL_OK;
}

static rnl_status add_probabilities(rnl_export_plan *plan)
{
    const rnl_task task = rnl_net_task(plan->net);
    RNL_FAIL_IF(task == RNL_TASK_REGRESSION, RNL_ERR_USAGE,
                "a network that learnt numbers has no probabilities; its loss is %s",
                plan->net->loss.type->name);
    add_op(plan, task == RNL_TASK_CLASSES ? RNL_EXPORT_SOFTMAX : RNL_EXPORT_SIGMOID, RNL_NO_LAYER,
           plan->outputs, plan->outputs);
    return RNL_OK;
}

static rnl_status make(rnl_export_plan *plan, bool probabilities)
{
    const rnl_net *net = plan->net;
    RNL_TRY(rnl_net_check_numbers(net, "exported"));
    RNL_TRY(rnl_input_notes_read(&plan->notes, net));
    plan->op = rnl_alloc(net->layers + 2, sizeof *plan->op);
    if (!plan->op)
        return RNL_ERR_MEMORY;
    RNL_TRY(add_input_scaling(plan));
    for (size_t i = 0; i < net->layers; i++)
        RNL_TRY(add_layer(plan, i));
    return probabilities ? add_probabilities(plan) : RNL_OK;
}

rnl_status rnl_export_plan_make(rnl_export_plan *plan, const rnl_net *net, bool probabilities)
{
    *plan = (rnl_export_plan){.net = net,
                              .inputs = rnl_net_inputs(net),
                              .outputs = rnl_net_outputs(net),
                              .widest = rnl_net_inputs(net)};
    const rnl_status status = make(plan, probabilities);
    if (status != RNL_OK)
        rnl_export_plan_free(plan);
    return status;
}

void rnl_export_plan_free(rnl_export_plan *plan)
{
    for (size_t i = 0; i < plan->ops; i++) {
        for (size_t k = 0; k < sizeof plan->op[i].owned / sizeof plan->op[i].owned[0]; k++)
            rnl_free(plan->op[i].owned[k]);
        rnl_free(plan->op[i].q);
        rnl_free(plan->op[i].scale);
        rnl_free(plan->op[i].share);
    }
    rnl_free(plan->op);
    rnl_input_notes_free(&plan->notes);
    *plan = (rnl_export_plan){0};
}

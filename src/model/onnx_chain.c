/* onnx_chain.c - from a graph's input to its output, node by node
 *
 * A network is a chain: each value goes to one node, or to the few that together make one layer. What lies
 * beside it (other branches, values that nobody uses) is refused. */
#include "model/onnx_graph.h"

#include "base/text.h"
#include "model/safetensors.h"

#include <math.h>
#include <string.h>

/* ---- items ------------------------------------------------------------------------------------------ */

rnl_status rnl_onnx_add_item(rnl_onnx_chain *c, const char *type, size_t outputs,
                             rnl_onnx_item **item)
{
    *item = NULL;
    RNL_FAIL_IF(c->items == RNL_ONNX_ITEMS, RNL_ERR_UNSUPPORTED, "has more than %d layers",
                RNL_ONNX_ITEMS);
    *item = &c->item[c->items++];
    **item = (rnl_onnx_item){.type = type, .inputs = c->width, .outputs = outputs};
    if (outputs != c->width)
        c->dim[0] = c->width = outputs;
    return RNL_OK;
}

rnl_status rnl_onnx_add_numbers(rnl_onnx_chain *c, rnl_onnx_item *item, size_t i, size_t count)
{
    RNL_FAIL_IF(
        count > c->left, RNL_ERR_UNSUPPORTED,
        "its layers have more numbers than a file of %zu bytes tells: more than %d for each byte",
        c->file_size, RNL_ONNX_NUMBERS);
    c->left -= count;
    item->number[i] = rnl_alloc(count, sizeof *item->number[i]);
    return item->number[i] ? RNL_OK : RNL_ERR_MEMORY;
}

rnl_status rnl_onnx_go_on(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    for (size_t k = 1; k < n->n_output; k++) {
        const rnl_onnx_value *beside = rnl_onnx_find(c->graph, rnl_onnx_output(n, k));
        RNL_NODE_FAIL_IF(beside && (beside->uses || beside == c->graph->output),
                         RNL_ERR_UNSUPPORTED, n,
                         "its output %zu, %s, is used; only the first can be", k + 1,
                         rnl_show_name(rnl_onnx_output(n, k)).text);
    }
    c->visited[node] = true;
    c->at = rnl_onnx_find(c->graph, rnl_onnx_output(n, 0));
    return RNL_OK;
}

rnl_status rnl_onnx_check_flat(const rnl_onnx_chain *c, const RnlOnnx__NodeProto *node)
{
    RNL_NODE_FAIL_IF(c->rank != 2, RNL_ERR_UNSUPPORTED, node,
                     "its samples have the shape %s; a layer of ours takes rows of numbers, as a "
                     "Flatten before it would make them",
                     rnl_show_shape(c->rank - 1, c->dim).text);
    return RNL_OK;
}

rnl_status rnl_onnx_constant(const rnl_onnx_chain *c, const RnlOnnx__NodeProto *node, size_t i,
                             const char *what, const rnl_onnx_tensor **tensor)
{
    const rnl_onnx_value *v = rnl_onnx_find(c->graph, rnl_onnx_input(node, i));
    RNL_NODE_FAIL_IF(!v || !v->is_constant, RNL_ERR_UNSUPPORTED, node,
                     "its %s (input %zu) is no constant of the file", what, i + 1);
    *tensor = &v->tensor;
    return RNL_OK;
}

rnl_status rnl_onnx_numbers(const rnl_onnx_chain *c, const RnlOnnx__NodeProto *node, size_t i,
                            const char *what, const rnl_onnx_tensor **tensor)
{
    RNL_TRY(rnl_onnx_constant(c, node, i, what, tensor));
    const rnl_status status = rnl_onnx_check_numbers(*tensor);
    return status == RNL_OK ? status : rnl_onnx_fail_node(status, node);
}

/* ---- nodes that leave the numbers alone --------------------------------------------------------------- */

static rnl_status identity(rnl_onnx_chain *c, size_t node)
{
    RNL_TRY(rnl_onnx_check_attributes(rnl_onnx_node(c, node), ""));
    return rnl_onnx_go_on(c, node);
}

static rnl_status flatten(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    int64_t axis;
    RNL_TRY(rnl_onnx_check_attributes(n, "axis"));
    RNL_TRY(rnl_onnx_int(n, "axis", 1, &axis));
    RNL_NODE_FAIL_IF(axis != 1 && axis != 1 - (int64_t)c->rank, RNL_ERR_UNSUPPORTED, n,
                     "its axis is %lld; only 1 leaves the samples apart", (long long)axis);
    c->rank = 2;
    c->dim[0] = c->width;
    return rnl_onnx_go_on(c, node);
}

/* Samples keep their numbers, in another shape: [-1, 784], [0, 784], [n, -1]. */
static rnl_status reshape(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    const rnl_onnx_tensor *shape;
    int64_t allow_zero;
    RNL_TRY(rnl_onnx_check_attributes(n, "allowzero"));
    RNL_TRY(rnl_onnx_int(n, "allowzero", 0, &allow_zero));
    RNL_TRY(rnl_onnx_constant(c, n, 1, "shape", &shape));
    RNL_NODE_FAIL_IF(shape->rank != 1 || shape->count < 2 || shape->count > RNL_ONNX_RANK,
                     RNL_ERR_UNSUPPORTED, n, "its new shape has %zu dimensions; 2 to %d can be",
                     shape->count, RNL_ONNX_RANK);
    int64_t first, rest = -1;
    size_t known = 1, dim[RNL_ONNX_RANK], open = 0, at_open = 0;
    RNL_TRY(rnl_onnx_integer(shape, 0, &first));
    for (size_t k = 1; k < shape->count; k++) {
        RNL_TRY(rnl_onnx_integer(shape, k, &rest));
        if (rest == 0 && !allow_zero && k < c->rank)
            rest = (int64_t)c->dim[k - 1];
        RNL_NODE_FAIL_IF(rest < -1 || rest == 0, RNL_ERR_UNSUPPORTED, n,
                         "dimension %zu of its new shape is %lld", k + 1, (long long)rest);
        if (rest == -1)
            open++, at_open = k - 1;
        dim[k - 1] = rest == -1 ? 1 : (size_t)rest;
        RNL_NODE_FAIL_IF(!rnl_mul_size(known, dim[k - 1], &known), RNL_ERR_FORMAT, n,
                         "its new shape is impossible");
    }
    const bool same_batch = first == -1 || (first == 0 && !allow_zero) ||
                            (first > 0 && (first == c->batch || c->batch == 0));
    if (open == 1 && first != -1 && c->width % known == 0) {
        dim[at_open] = c->width / known;
        known = c->width;
        open = 0;
    }
    RNL_NODE_FAIL_IF(!same_batch || open || known != c->width, RNL_ERR_UNSUPPORTED, n,
                     "its new shape does not leave samples of %zu numbers apart", c->width);
    c->rank = shape->count;
    memcpy(c->dim, dim, (c->rank - 1) * sizeof *dim);
    return rnl_onnx_go_on(c, node);
}

static rnl_status dropout(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    float ratio;
    double share;
    RNL_TRY(rnl_onnx_check_attributes(n, "ratio seed"));
    RNL_TRY(rnl_onnx_float(n, "ratio", 0.5f, &ratio));
    if (*rnl_onnx_input(n, 1)) {
        const rnl_onnx_tensor *t;
        RNL_TRY(rnl_onnx_numbers(c, n, 1, "ratio", &t));
        RNL_NODE_FAIL_IF(t->count != 1, RNL_ERR_FORMAT, n, "its ratio has %zu numbers", t->count);
        RNL_TRY(rnl_onnx_number(t, 0, &share));
        ratio = (float)share;
    }
    RNL_NODE_FAIL_IF(*rnl_onnx_input(n, 2), RNL_ERR_UNSUPPORTED, n,
                     "it is told whether the network learns; export the network for predicting");
    RNL_NODE_FAIL_IF(!(ratio >= 0 && ratio < 1), RNL_ERR_UNSUPPORTED, n,
                     "its ratio is not from 0 to below 1");
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_add_item(c, "dropout", c->width, &item));
    item->arg[0] = rnl_onnx_plain(ratio);
    item->args = 1;
    return rnl_onnx_go_on(c, node);
}

/* ---- activations ------------------------------------------------------------------------------------ */

/* By ONNX's name; its number is alpha, as our one argument. */
static const struct activation {
    const char *op, *type;
    bool has_alpha;
    float alpha;
} activations[] = {
    {"Relu", "relu", false, 0},
    {"Sigmoid", "sigmoid", false, 0},
    {"Tanh", "tanh", false, 0},
    {"Softplus", "softplus", false, 0},
    {"LeakyRelu", "leaky_relu", true, 0.01f},
    {"Elu", "elu", true, 1},
};

static rnl_status activation(rnl_onnx_chain *c, size_t node, const struct activation *a)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    float alpha = 0;
    RNL_TRY(rnl_onnx_check_attributes(n, a->has_alpha ? "alpha" : ""));
    if (a->has_alpha)
        RNL_TRY(rnl_onnx_float(n, "alpha", a->alpha, &alpha));
    RNL_NODE_FAIL_IF(!isfinite(alpha), RNL_ERR_FORMAT, n, "its alpha is no number");
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_add_item(c, a->type, c->width, &item));
    item->args = a->has_alpha;
    item->arg[0] = rnl_onnx_plain(alpha);
    return rnl_onnx_go_on(c, node);
}

/* As one node, from version 20 on. */
static rnl_status gelu(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    RNL_TRY(rnl_onnx_check_attributes(n, "approximate"));
    const RnlOnnx__AttributeProto *a = rnl_onnx_attribute(n, "approximate");
    RNL_NODE_FAIL_IF(a && (a->s.len != 4 || memcmp(a->s.data, "none", 4) != 0), RNL_ERR_UNSUPPORTED,
                     n, "it is approximated; ours is exact");
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_add_item(c, "gelu", c->width, &item));
    return rnl_onnx_go_on(c, node);
}

/* At the end alone, where our loss makes the same of the outputs. */
static rnl_status softmax(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    int64_t axis;
    RNL_TRY(rnl_onnx_check_attributes(n, "axis"));
    RNL_TRY(rnl_onnx_check_flat(c, n));
    RNL_TRY(rnl_onnx_int(n, "axis", c->graph->opset < 13 ? 1 : -1, &axis));
    RNL_NODE_FAIL_IF(axis != 1 && axis != -1, RNL_ERR_UNSUPPORTED, n,
                     "its axis is %lld; only 1, over the classes, is read", (long long)axis);
    RNL_TRY(rnl_onnx_go_on(c, node));
    RNL_NODE_FAIL_IF(c->at != c->graph->output || c->at->uses, RNL_ERR_UNSUPPORTED, n,
                     "it stands in the middle; only the last node can be");
    c->softmax = true;
    return RNL_OK;
}

/* ---- all nodes -------------------------------------------------------------------------------------- */

static const struct {
    const char *op;
    size_t most_inputs;
    bool any_input; /* the data may be any of them, else it is the first */
    rnl_status (*read)(rnl_onnx_chain *chain, size_t node);
} operators[] = {
    {"Gemm", 3, false, rnl_onnx_gemm},
    {"MatMul", 2, false, rnl_onnx_matmul},
    {"Add", 2, true, rnl_onnx_scale},
    {"Sub", 2, true, rnl_onnx_scale},
    {"Mul", 2, true, rnl_onnx_scale},
    {"Div", 2, true, rnl_onnx_scale},
    {"BatchNormalization", 5, false, rnl_onnx_batchnorm},
    {"LayerNormalization", 3, false, rnl_onnx_layernorm},
    {"Gelu", 1, false, gelu},
    {"Dropout", 3, false, dropout},
    {"Flatten", 1, false, flatten},
    {"Reshape", 2, false, reshape},
    {"Identity", 1, false, identity},
    {"Softmax", 1, false, softmax},
    {"LogSoftmax", 1, false, softmax}, /* the classes and the loss are the same */
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static rnl_status check_inputs(const rnl_onnx_chain *c, const RnlOnnx__NodeProto *n, size_t most,
                               bool any)
{
    RNL_NODE_FAIL_IF(n->n_input > most, RNL_ERR_FORMAT, n, "it has %zu inputs; %zu is the most",
                     n->n_input, most);
    RNL_NODE_FAIL_IF(!any && strcmp(rnl_onnx_input(n, 0), c->at->name) != 0, RNL_ERR_UNSUPPORTED, n,
                     "its first input is not what the network computes");
    return RNL_OK;
}

static rnl_status step(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    for (size_t i = 0; i < COUNT(operators); i++)
        if (rnl_onnx_op_is(n, operators[i].op)) {
            RNL_TRY(check_inputs(c, n, operators[i].most_inputs, operators[i].any_input));
            return operators[i].read(c, node);
        }
    for (size_t i = 0; i < COUNT(activations); i++)
        if (rnl_onnx_op_is(n, activations[i].op)) {
            RNL_TRY(check_inputs(c, n, 1, false));
            return activation(c, node, &activations[i]);
        }
    return rnl_onnx_fail_node(
        rnl_fail(RNL_ERR_UNSUPPORTED,
                 "networks here have no such operator; docs/onnx.md lists what is read"),
        n);
}

static rnl_status read_input(rnl_onnx_chain *c)
{
    const RnlOnnx__ValueInfoProto *info = c->graph->input_info;
    const rnl_shown name = rnl_show_name(rnl_onnx_text(info->name));
    const bool is_tensor =
        info->type && info->type->value_case == RNL_ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    RNL_FAIL_IF(!is_tensor || !info->type->tensor_type->shape, RNL_ERR_UNSUPPORTED,
                "its input %s does not tell its shape", name.text);
    const RnlOnnx__TypeProto__Tensor *tensor = info->type->tensor_type;
    RNL_FAIL_IF(tensor->elem_type != RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT &&
                    tensor->elem_type != RNL_ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE,
                RNL_ERR_UNSUPPORTED,
                "its input %s has numbers of ONNX's type %d; float (1) and double (11) are read",
                name.text, tensor->elem_type);
    c->rank = tensor->shape->n_dim;
    RNL_FAIL_IF(c->rank < 2 || c->rank > RNL_ONNX_RANK, RNL_ERR_UNSUPPORTED,
                "its input %s has %zu dimensions; samples and numbers are expected, [N, 784]",
                name.text, c->rank);
    c->width = 1;
    for (size_t k = 0; k < c->rank; k++) {
        const RnlOnnx__TensorShapeProto__Dimension *d = tensor->shape->dim[k];
        const bool known =
            d->value_case == RNL_ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        if (k == 0) {
            c->batch = known ? d->dim_value : 0;
            continue;
        }
        RNL_FAIL_IF(!known || d->dim_value < 1, RNL_ERR_UNSUPPORTED,
                    "dimension %zu of its input %s has no fixed size; only the first, the "
                    "samples, may be open",
                    k + 1, name.text);
        c->dim[k - 1] = (size_t)d->dim_value;
        RNL_FAIL_IF(!rnl_mul_size(c->width, c->dim[k - 1], &c->width), RNL_ERR_FORMAT,
                    "its input %s has an impossible shape", name.text);
    }
    c->input_rank = c->rank;
    memcpy(c->input_dim, c->dim, sizeof c->dim);
    c->inputs = c->width;
    c->at = c->graph->input;
    return RNL_OK;
}

/* A node off the chain would be one whose work is lost. */
static rnl_status check_visited(const rnl_onnx_chain *c)
{
    for (size_t i = 0; i < c->graph->proto->n_node; i++) {
        const RnlOnnx__NodeProto *n = rnl_onnx_node(c, i);
        const rnl_onnx_value *made = rnl_onnx_find(c->graph, rnl_onnx_output(n, 0));
        RNL_NODE_FAIL_IF(!c->visited[i] && !(made && made->is_constant), RNL_ERR_UNSUPPORTED, n,
                         "it does not lie on the way from the input to the output");
    }
    return RNL_OK;
}

static rnl_status walk(rnl_onnx_chain *c)
{
    const rnl_onnx_graph *g = c->graph;
    c->visited = rnl_alloc(g->proto->n_node, sizeof *c->visited);
    c->item = rnl_alloc(RNL_ONNX_ITEMS, sizeof *c->item);
    if (!c->visited || !c->item)
        return RNL_ERR_MEMORY;
    RNL_TRY(read_input(c));
    while (c->at != g->output) {
        RNL_FAIL_IF(c->at->uses == 0, RNL_ERR_UNSUPPORTED, "%s leads to no output of the graph",
                    rnl_show_name(c->at->name).text);
        RNL_TRY(c->at->uses == 1 ? step(c, c->at->user[0]) : rnl_onnx_pattern(c));
    }
    RNL_FAIL_IF(c->at->uses, RNL_ERR_UNSUPPORTED, "its output %s is also used in its graph",
                rnl_show_name(c->at->name).text);
    return check_visited(c);
}

rnl_status rnl_onnx_chain_make(rnl_onnx_chain *c, const rnl_onnx_graph *graph, size_t file_size)
{
    *c = (rnl_onnx_chain){.graph = graph, .file_size = file_size};
    if (!rnl_mul_size(file_size, RNL_ONNX_NUMBERS, &c->left) ||
        !rnl_add_size(c->left, RNL_ONNX_NUMBERS_LEAST, &c->left))
        c->left = SIZE_MAX;
    const rnl_status status = walk(c);
    if (status != RNL_OK)
        rnl_onnx_chain_free(c);
    return status;
}

void rnl_onnx_chain_free(rnl_onnx_chain *c)
{
    for (size_t i = 0; i < c->items; i++)
        for (size_t k = 0; k < 4; k++)
            rnl_free(c->item[i].number[k]);
    rnl_free(c->item);
    rnl_free(c->scale);
    rnl_free(c->shift);
    rnl_free(c->visited);
    *c = (rnl_onnx_chain){0};
}

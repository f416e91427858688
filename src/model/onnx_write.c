/* onnx_write.c - a network as an ONNX file: NAME.onnx
 *
 *   input       "input", float [N, inputs], numbers as they are stored
 *   output      [N, outputs]: "probabilities", "logits", or, of a regression, "output"
 *   nodes       Mul and Add for the input's scaling; Gemm, BatchNormalization, LayerNormalization, activations;
 *               Softmax or Sigmoid by choice
 *   metadata    "runnel.net": the description; all notes, by their keys
 *
 * Operators of version 13, or, where there is a LayerNormalization, of 17: the oldest that serve. */
#include "model/export.h"

#include "base/file.h"
#include "base/matrix.h"
#include "net/net.h"

#include "onnx.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUTS = 5, /* of a node at most, BatchNormalization */
    ATTRIBUTES = 2,
    NODES = 5,     /* of an operation at most, gelu */
    TENSORS = 4,   /* of an operation at most, BatchNormalization */
    CONSTANTS = 3, /* that all gelu share */
    NAME = 48
};

typedef struct node {
    RnlOnnx__NodeProto proto;
    RnlOnnx__AttributeProto attribute[ATTRIBUTES], *attributes[ATTRIBUTES];
    char name[NAME], *input[INPUTS], *output[1];
} node;

typedef struct tensor {
    RnlOnnx__TensorProto proto;
    char name[NAME];
    int64_t dims[2];
    float *owned;
} tensor;

/* One end of the graph. */
typedef struct end {
    RnlOnnx__ValueInfoProto proto, *list[1];
    RnlOnnx__TypeProto type;
    RnlOnnx__TypeProto__Tensor tensor;
    RnlOnnx__TensorShapeProto shape;
    RnlOnnx__TensorShapeProto__Dimension dim[2], *dims[2];
} end;

/* The message in the making; it holds all that the schema's structures point at. */
typedef struct writer {
    const rnl_export_plan *plan;
    RnlOnnx__ModelProto model;
    RnlOnnx__GraphProto graph;
    RnlOnnx__OperatorSetIdProto opset, *opsets[1];
    end input, output;
    node *node;
    RnlOnnx__NodeProto **nodes;
    tensor *tensor;
    RnlOnnx__TensorProto **tensors;
    RnlOnnx__StringStringEntryProto *note, **notes;
    char *at; /* the value that the next node takes */
    size_t op;
    bool has_constants;
} writer;

/* The structures want char *, and change none. */
static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

/* ---- nodes and tensors ------------------------------------------------------------------------------- */

/* The next node of the chain; ending: how its value differs from others of this operation. */
static node *add_node(writer *w, const char *op_type, const char *ending)
{
    node *n = &w->node[w->graph.n_node];
    w->nodes[w->graph.n_node++] = &n->proto;
    rnl_onnx__node_proto__init(&n->proto);
    snprintf(n->name, NAME, "%s_%zu%s", op_type, w->op + 1, ending);
    n->input[0] = w->at;
    n->output[0] = w->at = n->name;
    n->proto.op_type = text(op_type);
    n->proto.name = n->name;
    n->proto.input = n->input;
    n->proto.n_input = 1;
    n->proto.output = n->output;
    n->proto.n_output = 1;
    n->proto.attribute = n->attributes;
    return n;
}

static void add_input(node *n, char *name)
{
    n->input[n->proto.n_input++] = name;
}

static RnlOnnx__AttributeProto *add_attribute(node *n, const char *name)
{
    RnlOnnx__AttributeProto *a = &n->attribute[n->proto.n_attribute];
    n->attributes[n->proto.n_attribute++] = a;
    rnl_onnx__attribute_proto__init(a);
    a->name = text(name);
    a->has_type = true;
    return a;
}

static void add_float(node *n, const char *name, double value)
{
    RnlOnnx__AttributeProto *a = add_attribute(n, name);
    a->type = RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
    a->has_f = true;
    a->f = (float)value;
}

static void add_int(node *n, const char *name, int64_t value)
{
    RnlOnnx__AttributeProto *a = add_attribute(n, name);
    a->type = RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
    a->has_i = true;
    a->i = value;
}

/* rank 0: the one number. The numbers are borrowed. */
static char *add_tensor(writer *w, const char *name, size_t rank, size_t rows, size_t cols,
                        const float *numbers)
{
    tensor *t = &w->tensor[w->graph.n_initializer];
    w->tensors[w->graph.n_initializer++] = &t->proto;
    rnl_onnx__tensor_proto__init(&t->proto);
    snprintf(t->name, NAME, "%s", name);
    t->dims[0] = (int64_t)(rank == 2 ? rows : cols);
    t->dims[1] = (int64_t)cols;
    t->proto.name = t->name;
    t->proto.has_data_type = true;
    t->proto.data_type = RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    t->proto.dims = t->dims;
    t->proto.n_dims = rank;
    t->proto.float_data = (float *)(uintptr_t)numbers;
    t->proto.n_float_data = rows * cols;
    return t->name;
}

/* ---- operations -------------------------------------------------------------------------------------- */

/* The first parameter of the operation's layer. */
static rnl_parameter parameter(const writer *w, size_t i)
{
    const size_t layer = (size_t)w->plan->op[w->op].layer;
    return rnl_net_parameter(w->plan->net, rnl_net_layer(w->plan->net, layer).first_parameter + i);
}

/* A row of the network's numbers as a tensor: a copy, in f32. */
static rnl_status add_row(writer *w, node *n, rnl_parameter p)
{
    float *copy = rnl_alloc(p.value.cols, sizeof *copy);
    if (!copy)
        return RNL_ERR_MEMORY;
    rnl_status status = RNL_OK;
    for (size_t k = 0; k < p.value.cols && status == RNL_OK; k++)
        status = rnl_export_round(&copy[k], rnl_matrix_get(&p.value, 0, k), p.name, k);
    if (status != RNL_OK) {
        rnl_free(copy);
        return status;
    }
    w->tensor[w->graph.n_initializer].owned = copy;
    add_input(n, add_tensor(w, p.name, 1, 1, p.value.cols, copy));
    return RNL_OK;
}

/* As it is, and not folded: so it can be trained further. */
static rnl_status put_batchnorm(writer *w, const rnl_export_op *op)
{
    const rnl_net *net = w->plan->net;
    const rnl_layer *l = &net->layer[op->layer];
    node *n = add_node(w, "BatchNormalization", "");
    size_t state = 0;
    for (int i = 0; i < op->layer; i++)
        state += net->layer[i].states;
    add_float(n, "epsilon", l->arg[1]);
    add_float(n, "momentum", 1 - l->arg[0]);
    for (size_t i = 0; i < 2; i++)
        RNL_TRY(add_row(w, n, parameter(w, i)));
    for (size_t i = 0; i < 2; i++)
        RNL_TRY(add_row(w, n, rnl_net_state(net, state + i)));
    return RNL_OK;
}

static void put_input_scaling(writer *w, const rnl_export_op *op)
{
    if (op->weights)
        add_input(add_node(w, "Mul", ""),
                  add_tensor(w, "input_scale", op->weights > 1, 1, op->weights, op->weight));
    if (op->biases)
        add_input(add_node(w, "Add", ""),
                  add_tensor(w, "input_shift", op->biases > 1, 1, op->biases, op->bias));
}

static void put_affine(writer *w, const rnl_export_op *op)
{
    node *n = add_node(w, "Gemm", "");
    add_input(n, add_tensor(w, parameter(w, 0).name, 2, op->inputs, op->outputs, op->weight));
    add_input(n, add_tensor(w, parameter(w, 1).name, 1, 1, op->biases, op->bias));
}

static void put_layernorm(writer *w, const rnl_export_op *op)
{
    node *n = add_node(w, "LayerNormalization", "");
    add_int(n, "axis", -1);
    add_float(n, "epsilon", op->argument);
    add_input(n, add_tensor(w, parameter(w, 0).name, 1, 1, op->weights, op->weight));
    add_input(n, add_tensor(w, parameter(w, 1).name, 1, 1, op->biases, op->bias));
}

/* As PyTorch writes it: ONNX has had an operator of its own only since version 20. */
static void put_gelu(writer *w)
{
    static const float sqrt2 = 1.41421356f, one = 1, half = 0.5f;
    static const char *const name[CONSTANTS] = {"sqrt2", "one", "half"};
    const float *const value[CONSTANTS] = {&sqrt2, &one, &half};
    for (size_t i = 0; i < CONSTANTS && !w->has_constants; i++)
        add_tensor(w, name[i], 0, 1, 1, value[i]);
    w->has_constants = true;
    char *x = w->at;
    add_input(add_node(w, "Div", ""), text(name[0]));
    add_node(w, "Erf", "");
    add_input(add_node(w, "Add", ""), text(name[1]));
    add_input(add_node(w, "Mul", ""), x);
    add_input(add_node(w, "Mul", "_half"), text(name[2]));
}

static void put_silu(writer *w)
{
    char *x = w->at;
    add_node(w, "Sigmoid", "");
    add_input(add_node(w, "Mul", ""), x);
}

static rnl_status put_op(writer *w, const rnl_export_op *op)
{
    switch (op->kind) {
    case RNL_EXPORT_SCALE:
        if (op->layer != RNL_NO_LAYER)
            return put_batchnorm(w, op);
        put_input_scaling(w, op);
        break;
    case RNL_EXPORT_AFFINE: put_affine(w, op); break;
    case RNL_EXPORT_LAYERNORM: put_layernorm(w, op); break;
    case RNL_EXPORT_RELU: add_node(w, "Relu", ""); break;
    case RNL_EXPORT_LEAKY_RELU:
        add_float(add_node(w, "LeakyRelu", ""), "alpha", op->argument);
        break;
    case RNL_EXPORT_ELU: add_float(add_node(w, "Elu", ""), "alpha", op->argument); break;
    case RNL_EXPORT_SIGMOID: add_node(w, "Sigmoid", ""); break;
    case RNL_EXPORT_TANH: add_node(w, "Tanh", ""); break;
    case RNL_EXPORT_GELU: put_gelu(w); break;
    case RNL_EXPORT_SILU: put_silu(w); break;
    case RNL_EXPORT_SOFTPLUS: add_node(w, "Softplus", ""); break;
    case RNL_EXPORT_SOFTMAX: add_int(add_node(w, "Softmax", ""), "axis", -1); break;
    case RNL_EXPORT_KINDS:
        return rnl_fail(RNL_ERR_UNSUPPORTED, "operation %zu has no form in ONNX", w->op);
    }
    return RNL_OK;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

/* float [N, features] */
static void make_end(end *e, const char *name, size_t features)
{
    rnl_onnx__value_info_proto__init(&e->proto);
    rnl_onnx__type_proto__init(&e->type);
    rnl_onnx__type_proto__tensor__init(&e->tensor);
    rnl_onnx__tensor_shape_proto__init(&e->shape);
    for (size_t k = 0; k < 2; k++) {
        rnl_onnx__tensor_shape_proto__dimension__init(&e->dim[k]);
        e->dims[k] = &e->dim[k];
    }
    e->list[0] = &e->proto;
    e->proto.name = text(name);
    e->proto.type = &e->type;
    e->type.value_case = RNL_ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    e->type.tensor_type = &e->tensor;
    e->tensor.has_elem_type = true;
    e->tensor.elem_type = RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    e->tensor.shape = &e->shape;
    e->shape.dim = e->dims;
    e->shape.n_dim = 2;
    e->dim[0].value_case = RNL_ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
    e->dim[0].dim_param = text("N");
    e->dim[1].value_case = RNL_ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
    e->dim[1].dim_value = (int64_t)features;
}

static const char *output_name(const writer *w, bool probabilities)
{
    return probabilities                                       ? "probabilities"
           : rnl_net_task(w->plan->net) == RNL_TASK_REGRESSION ? "output"
                                                               : "logits";
}

static int by_key(const void *a, const void *b)
{
    const RnlOnnx__StringStringEntryProto *const *m = a, *const *n = b;
    return strcmp((*m)->key, (*n)->key);
}

static void add_note(writer *w, const char *key, const char *value)
{
    RnlOnnx__StringStringEntryProto *note = &w->note[w->model.n_metadata_props];
    w->notes[w->model.n_metadata_props++] = note;
    rnl_onnx__string_string_entry_proto__init(note);
    note->key = text(key);
    note->value = text(value);
}

static void make_notes(writer *w)
{
    const rnl_net *net = w->plan->net;
    add_note(w, "runnel.net", rnl_net_description(net));
    for (size_t i = 0; i < rnl_net_note_count(net); i++) {
        const char *key, *value;
        rnl_net_note_at(net, i, &key, &value);
        if (strcmp(key, "runnel.net") != 0)
            add_note(w, key, value);
    }
    qsort(w->notes, w->model.n_metadata_props, sizeof *w->notes, by_key);
    w->model.metadata_props = w->notes;
}

static rnl_status make_graph(writer *w, bool probabilities)
{
    const rnl_export_plan *plan = w->plan;
    bool has_layernorm = false;
    w->at = text("input");
    for (w->op = 0; w->op < plan->ops; w->op++) {
        RNL_TRY(put_op(w, &plan->op[w->op]));
        has_layernorm = has_layernorm || plan->op[w->op].kind == RNL_EXPORT_LAYERNORM;
    }
    if (w->graph.n_node == 0)
        add_node(w, "Identity", "");
    w->node[w->graph.n_node - 1].output[0] = text(output_name(w, probabilities));
    make_end(&w->input, "input", plan->inputs);
    make_end(&w->output, output_name(w, probabilities), plan->outputs);
    w->graph.name = text("network");
    w->graph.node = w->nodes;
    w->graph.initializer = w->tensors;
    w->graph.input = w->input.list;
    w->graph.output = w->output.list;
    w->graph.n_input = w->graph.n_output = 1;
    w->model.ir_version = has_layernorm ? 8 : 7;
    w->opset.version = has_layernorm ? 17 : 13;
    return RNL_OK;
}

static rnl_status reserve(writer *w)
{
    const size_t ops = w->plan->ops, notes = rnl_net_note_count(w->plan->net) + 1;
    const size_t tensors = ops * TENSORS + CONSTANTS;
    w->node = rnl_alloc(ops * NODES + 1, sizeof *w->node);
    w->nodes = rnl_alloc(ops * NODES + 1, sizeof *w->nodes);
    w->tensor = rnl_alloc(tensors, sizeof *w->tensor);
    w->tensors = rnl_alloc(tensors, sizeof *w->tensors);
    w->note = rnl_alloc(notes, sizeof *w->note);
    w->notes = rnl_alloc(notes, sizeof *w->notes);
    const bool all = w->node && w->nodes && w->tensor && w->tensors && w->note && w->notes;
    return all ? RNL_OK : RNL_ERR_MEMORY;
}

static rnl_status make_model(writer *w, bool probabilities)
{
    RNL_TRY(reserve(w));
    rnl_onnx__model_proto__init(&w->model);
    rnl_onnx__graph_proto__init(&w->graph);
    rnl_onnx__operator_set_id_proto__init(&w->opset);
    RNL_TRY(make_graph(w, probabilities));
    make_notes(w);
    w->opsets[0] = &w->opset;
    w->opset.domain = text("");
    w->opset.has_version = true;
    w->model.has_ir_version = true;
    w->model.producer_name = text("runnel");
    w->model.producer_version = text(rnl_version());
    w->model.graph = &w->graph;
    w->model.opset_import = w->opsets;
    w->model.n_opset_import = 1;
    const size_t size = rnl_onnx__model_proto__get_packed_size(&w->model);
    RNL_FAIL_IF(size > INT32_MAX, RNL_ERR_UNSUPPORTED,
                "has %zu bytes as ONNX, and such a file holds at most 2 GiB", size);
    return RNL_OK;
}

static void free_writer(writer *w)
{
    for (size_t i = 0; i < w->graph.n_initializer; i++)
        rnl_free(w->tensor[i].owned);
    rnl_free(w->node);
    rnl_free(w->nodes);
    rnl_free(w->tensor);
    rnl_free(w->tensors);
    rnl_free(w->note);
    rnl_free(w->notes);
}

typedef struct sink {
    ProtobufCBuffer base; /* first: protobuf-c gives its address back */
    rnl_output *out;
} sink;

static void append(ProtobufCBuffer *buffer, size_t size, const uint8_t *data)
{
    rnl_output_write(((sink *)buffer)->out, data, size); /* keeps its first failure */
}

rnl_status rnl_export_write_onnx(const rnl_export_plan *plan, const char *folder,
                                 const rnl_export_options *options)
{
    writer w = {.plan = plan};
    sink s = {.base = {.append = append}};
    char *path = NULL;
    rnl_status status = make_model(&w, options->probabilities);
    if (status == RNL_OK)
        status = rnl_export_path(&path, folder, options->name, ".onnx");
    if (status == RNL_OK)
        status = rnl_output_open(&s.out, path);
    if (status == RNL_OK) {
        rnl_onnx__model_proto__pack_to_buffer(&w.model, &s.base);
        status = rnl_output_finish(&s.out);
    }
    rnl_output_discard(&s.out);
    rnl_free(path);
    free_writer(&w);
    return status;
}

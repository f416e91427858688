/* onnx_files.h - small ONNX files, made by the tests in the schema's own structures
 *
 *     onnx_begin("N 1x2x2", 13);  a graph with the input x; symbols and numbers, and the opset
 *     onnx_node("Gemm", "x W b", "y");  onnx_int("transB", 1);    attributes of the last node
 *     onnx_floats("W", "3x4", NULL);    a tensor: raw, numbers 0.25, 0.5, ... where none are given
 *     bytes = onnx_end("y", &size);
 *
 * Between them, `file` may be bent by hand. */
#ifndef RNL_TESTS_MODEL_ONNX_FILES_H
#define RNL_TESTS_MODEL_ONNX_FILES_H

#include "model/onnx.h"

#include "onnx.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 64, WORDS = 8, NUMBERS = 4096 };

static struct onnx_file {
    RnlOnnx__ModelProto model;
    RnlOnnx__GraphProto graph;
    RnlOnnx__OperatorSetIdProto opset, *opsets[1];
    RnlOnnx__NodeProto node[PARTS], *nodes[PARTS];
    RnlOnnx__AttributeProto attribute[PARTS][WORDS], *attributes[PARTS][WORDS];
    char *words[PARTS][2 * WORDS];
    RnlOnnx__TensorProto tensor[PARTS],
        *tensors[PARTS]; /* in the order they were made; in the graph */
    size_t made;
    int64_t dims[PARTS][WORDS];
    float numbers[NUMBERS];
    size_t used;
    RnlOnnx__ValueInfoProto ends[2], *end[2];
    RnlOnnx__TypeProto types[2];
    RnlOnnx__TypeProto__Tensor end_tensors[2];
    RnlOnnx__TensorShapeProto shapes[2];
    RnlOnnx__TensorShapeProto__Dimension dim[WORDS], *dim_list[WORDS];
    RnlOnnx__StringStringEntryProto note[PARTS], *notes[PARTS];
    char text[16 * NUMBERS];
    size_t text_used;
} file;

/* Texts live as long as the file. */
static inline char *onnx_keep(const char *text, size_t length)
{
    char *copy = file.text + file.text_used;
    memcpy(copy, text, length);
    file.text_used += length + 1;
    return copy;
}

static inline size_t onnx_words(char **words, const char *text)
{
    size_t count = 0;
    while (*text) {
        const size_t length = strcspn(text, " ");
        words[count++] = onnx_keep(text, length);
        text += length + (text[length] == ' ');
    }
    return count;
}

/* "N 4x3", "5 -1" */
static inline void onnx_dims(const char *text)
{
    RnlOnnx__TensorShapeProto *shape = &file.shapes[0];
    rnl_onnx__tensor_shape_proto__init(shape);
    shape->dim = file.dim_list;
    while (*text) {
        RnlOnnx__TensorShapeProto__Dimension *d = file.dim_list[shape->n_dim] =
            &file.dim[shape->n_dim];
        shape->n_dim++;
        rnl_onnx__tensor_shape_proto__dimension__init(d);
        const size_t length = strcspn(text, " x");
        if (*text >= 'A' && *text != 'x') {
            d->value_case = RNL_ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            d->dim_param = onnx_keep(text, length);
        } else {
            d->value_case = RNL_ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
            d->dim_value = strtoll(text, NULL, 10);
        }
        text += length + (text[length] != '\0');
    }
}

static inline void onnx_begin(const char *dims, int opset)
{
    memset(&file, 0, sizeof file);
    rnl_onnx__model_proto__init(&file.model);
    rnl_onnx__graph_proto__init(&file.graph);
    rnl_onnx__operator_set_id_proto__init(&file.opset);
    file.model.has_ir_version = true;
    file.model.ir_version = 7;
    file.model.producer_name = onnx_keep("test", 4);
    file.model.graph = &file.graph;
    file.model.opset_import = file.opsets;
    file.model.n_opset_import = 1;
    file.model.metadata_props = file.notes;
    file.opsets[0] = &file.opset;
    file.opset.has_version = true;
    file.opset.version = opset;
    file.graph.node = file.nodes;
    file.graph.initializer = file.tensors;
    for (int i = 0; i < 2; i++) {
        file.end[i] = &file.ends[i];
        rnl_onnx__value_info_proto__init(file.end[i]);
        rnl_onnx__type_proto__init(&file.types[i]);
        rnl_onnx__type_proto__tensor__init(&file.end_tensors[i]);
        file.ends[i].type = &file.types[i];
        file.types[i].value_case = RNL_ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
        file.types[i].tensor_type = &file.end_tensors[i];
        file.end_tensors[i].has_elem_type = true;
        file.end_tensors[i].elem_type = RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    }
    onnx_dims(dims);
    file.end_tensors[0].shape = &file.shapes[0];
    file.ends[0].name = onnx_keep("x", 1);
    file.graph.input = &file.end[0];
    file.graph.output = &file.end[1];
    file.graph.n_input = file.graph.n_output = 1;
}

static inline RnlOnnx__NodeProto *onnx_node(const char *op, const char *inputs, const char *outputs)
{
    const size_t i = file.graph.n_node++;
    RnlOnnx__NodeProto *n = file.nodes[i] = &file.node[i];
    rnl_onnx__node_proto__init(n);
    n->op_type = onnx_keep(op, strlen(op));
    n->input = file.words[i];
    n->n_input = onnx_words(n->input, inputs);
    n->output = file.words[i] + WORDS;
    n->n_output = onnx_words(n->output, outputs);
    n->attribute = file.attributes[i];
    return n;
}

static inline RnlOnnx__AttributeProto *onnx_attribute(const char *name, int type)
{
    const size_t i = file.graph.n_node - 1;
    RnlOnnx__NodeProto *n = &file.node[i];
    RnlOnnx__AttributeProto *a = &file.attribute[i][n->n_attribute];
    file.attributes[i][n->n_attribute++] = a;
    rnl_onnx__attribute_proto__init(a);
    a->name = onnx_keep(name, strlen(name));
    a->has_type = true;
    a->type = (RnlOnnx__AttributeProto__AttributeType)type;
    return a;
}

static inline void onnx_int(const char *name, int64_t value)
{
    RnlOnnx__AttributeProto *a =
        onnx_attribute(name, RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    a->has_i = true;
    a->i = value;
}

static inline void onnx_float(const char *name, float value)
{
    RnlOnnx__AttributeProto *a =
        onnx_attribute(name, RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
    a->has_f = true;
    a->f = value;
}

/* A tensor in no list yet. */
static inline RnlOnnx__TensorProto *onnx_tensor(const char *name, const char *dims, int type)
{
    const size_t next = file.made++;
    RnlOnnx__TensorProto *t = &file.tensor[next];
    rnl_onnx__tensor_proto__init(t);
    t->name = onnx_keep(name, strlen(name));
    t->has_data_type = true;
    t->data_type = type;
    t->dims = file.dims[next];
    while (*dims) {
        char *end;
        t->dims[t->n_dims++] = strtoll(dims, &end, 10);
        dims = end + (*end == 'x');
    }
    return t;
}

static inline RnlOnnx__TensorProto *onnx_floats(const char *name, const char *dims,
                                                const float *numbers)
{
    RnlOnnx__TensorProto *t = onnx_tensor(name, dims, RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
    size_t count = 1;
    for (size_t k = 0; k < t->n_dims; k++)
        count *= (size_t)t->dims[k];
    float *own = file.numbers + file.used;
    file.used += count;
    for (size_t k = 0; k < count; k++)
        own[k] = numbers ? numbers[k] : (float)(k + 1) / 4;
    t->has_raw_data = true;
    t->raw_data.data = (uint8_t *)own;
    t->raw_data.len = count * sizeof *own;
    file.tensors[file.graph.n_initializer++] = t;
    return t;
}

static inline void onnx_note(const char *key, const char *value)
{
    RnlOnnx__StringStringEntryProto *n = &file.note[file.model.n_metadata_props];
    file.notes[file.model.n_metadata_props++] = n;
    rnl_onnx__string_string_entry_proto__init(n);
    n->key = onnx_keep(key, strlen(key));
    n->value = onnx_keep(value, strlen(value));
}

static inline uint8_t *onnx_end(const char *output, size_t *size)
{
    file.ends[1].name = onnx_keep(output, strlen(output));
    *size = rnl_onnx__model_proto__get_packed_size(&file.model);
    uint8_t *bytes = malloc(*size);
    assert_non_null(bytes);
    rnl_onnx__model_proto__pack(&file.model, bytes);
    return bytes;
}

/* The whole: what becomes of the file. */
static inline rnl_status onnx_decode(rnl_net **net, const char *output, const char *description)
{
    size_t size;
    uint8_t *bytes = onnx_end(output, &size);
    const rnl_status status = rnl_onnx_decode(net, bytes, size, description, NULL);
    free(bytes);
    return status;
}

static inline rnl_net *onnx_net(const char *output, const char *description)
{
    rnl_net *net;
    if (onnx_decode(&net, output, description) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    return net;
}

#endif

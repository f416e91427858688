/* onnx_node.c - a NodeProto: operator, inputs and outputs, attributes */
#include "model/onnx_parse.h"

#include "model/safetensors.h"

#include <stdio.h>
#include <string.h>

bool rnl_onnx_op_is(const RnlOnnx__NodeProto *node, const char *op)
{
    const char *domain = rnl_onnx_text(node->domain);
    return strcmp(rnl_onnx_text(node->op_type), op) == 0 &&
           (!*domain || strcmp(domain, "ai.onnx") == 0);
}

const char *rnl_onnx_input(const RnlOnnx__NodeProto *node, size_t i)
{
    return i < node->n_input ? rnl_onnx_text(node->input[i]) : "";
}

const char *rnl_onnx_output(const RnlOnnx__NodeProto *node, size_t i)
{
    return i < node->n_output ? rnl_onnx_text(node->output[i]) : "";
}

/* A node need not have a name; what it makes always has one. */
rnl_status rnl_onnx_fail_node(rnl_status status, const RnlOnnx__NodeProto *node)
{
    const char *name = rnl_onnx_text(node->name);
    char prefix[256];
    snprintf(prefix, sizeof prefix, "node %s (%s)",
             rnl_show_name(*name ? name : rnl_onnx_output(node, 0)).text,
             rnl_show_name(rnl_onnx_text(node->op_type)).text);
    return rnl_fail_prefix(status, prefix);
}

const RnlOnnx__AttributeProto *rnl_onnx_attribute(const RnlOnnx__NodeProto *node, const char *name)
{
    for (size_t i = 0; i < node->n_attribute; i++)
        if (strcmp(rnl_onnx_text(node->attribute[i]->name), name) == 0)
            return node->attribute[i];
    return NULL;
}

static rnl_status fail_type(const RnlOnnx__NodeProto *node, const char *name, const char *expected)
{
    return rnl_onnx_fail_node(rnl_fail(RNL_ERR_FORMAT, "its attribute %s is no %s", name, expected),
                              node);
}

rnl_status rnl_onnx_int(const RnlOnnx__NodeProto *node, const char *name, int64_t otherwise,
                        int64_t *value)
{
    const RnlOnnx__AttributeProto *a = rnl_onnx_attribute(node, name);
    *value = a ? a->i : otherwise;
    if (a &&
        (!a->has_i || (a->has_type && a->type != RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT)))
        return fail_type(node, name, "whole number");
    return RNL_OK;
}

rnl_status rnl_onnx_float(const RnlOnnx__NodeProto *node, const char *name, float otherwise,
                          float *value)
{
    const RnlOnnx__AttributeProto *a = rnl_onnx_attribute(node, name);
    *value = a ? a->f : otherwise;
    if (a &&
        (!a->has_f || (a->has_type && a->type != RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT)))
        return fail_type(node, name, "number");
    return RNL_OK;
}

/* Is it one of the words of a list, with blanks between? */
static bool is_word_of(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = list; length > 0 && *at;) {
        const size_t next = strcspn(at, " ");
        if (next == length && memcmp(at, word, length) == 0)
            return true;
        at += next;
        at += strspn(at, " ");
    }
    return false;
}

rnl_status rnl_onnx_check_attributes(const RnlOnnx__NodeProto *node, const char *known)
{
    for (size_t i = 0; i < node->n_attribute; i++) {
        const RnlOnnx__AttributeProto *a = node->attribute[i];
        const char *name = rnl_onnx_text(a->name);
        RNL_NODE_FAIL_IF(!is_word_of(known, name), RNL_ERR_UNSUPPORTED, node,
                         "its attribute %s is not known; %s%s", rnl_show_name(name).text,
                         *known ? "known are: " : "it has none here", known);
        RNL_NODE_FAIL_IF(a->ref_attr_name && *a->ref_attr_name, RNL_ERR_UNSUPPORTED, node,
                         "its attribute %s comes from a function around it", name);
        RNL_NODE_FAIL_IF(rnl_onnx_attribute(node, name) != a, RNL_ERR_FORMAT, node,
                         "its attribute %s stands there twice", name);
    }
    return RNL_OK;
}

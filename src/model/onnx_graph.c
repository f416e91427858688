/* onnx_graph.c - what the names in a graph stand for
 *
 * A graph is a list of nodes, each of which makes values from others; values have names, which tie all of it
 * together. A node stands behind those that make what it uses: so the list has no circles. */
#include "model/onnx_graph.h"

#include "model/safetensors.h"

#include <stdlib.h>
#include <string.h>

/* Older operators add and multiply by other rules; of newer ones than these we cannot know. */
enum { OLDEST_OPSET = 7, NEWEST_OPSET = 26 };

/* ---- the list --------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const rnl_onnx_value *m = a, *n = b;
    return strcmp(m->name, n->name);
}

rnl_onnx_value *rnl_onnx_find(const rnl_onnx_graph *g, const char *name)
{
    const rnl_onnx_value key = {.name = name};
    return g->values ? bsearch(&key, g->value, g->values, sizeof key, by_name) : NULL;
}

static rnl_status add(rnl_onnx_graph *g, const char *name, size_t maker)
{
    RNL_FAIL_IF(!*name, RNL_ERR_FORMAT, "one of its tensors or inputs has no name");
    g->value[g->values++] = (rnl_onnx_value){.name = name, .maker = maker};
    return RNL_OK;
}

static rnl_status sort(rnl_onnx_graph *g)
{
    qsort(g->value, g->values, sizeof *g->value, by_name);
    for (size_t i = 0; i + 1 < g->values; i++)
        RNL_FAIL_IF(strcmp(g->value[i].name, g->value[i + 1].name) == 0, RNL_ERR_FORMAT,
                    "the name %s stands for two things in its graph",
                    rnl_show_name(g->value[i].name).text);
    return RNL_OK;
}

static rnl_status reserve(rnl_onnx_graph *g)
{
    size_t count = g->proto->n_initializer + g->proto->n_input;
    for (size_t i = 0; i < g->proto->n_node; i++)
        count += g->proto->node[i]->n_output;
    g->value = rnl_alloc(count, sizeof *g->value);
    return g->value ? RNL_OK : RNL_ERR_MEMORY;
}

/* Initialisers, and what the nodes make. */
static rnl_status list_inner(rnl_onnx_graph *g)
{
    for (size_t i = 0; i < g->proto->n_initializer; i++)
        RNL_TRY(add(g, rnl_onnx_text(g->proto->initializer[i]->name), RNL_ONNX_NONE));
    for (size_t i = 0; i < g->proto->n_node; i++)
        for (size_t k = 0; k < g->proto->node[i]->n_output; k++)
            if (*rnl_onnx_output(g->proto->node[i], k))
                RNL_TRY(add(g, rnl_onnx_output(g->proto->node[i], k), i));
    RNL_TRY(sort(g));
    for (size_t i = 0; i < g->proto->n_initializer; i++) {
        rnl_onnx_value *v = rnl_onnx_find(g, rnl_onnx_text(g->proto->initializer[i]->name));
        RNL_TRY(rnl_onnx_tensor_open(&v->tensor, g->proto->initializer[i]));
        v->is_constant = true;
    }
    return RNL_OK;
}

/* The one input. Until IR version 4, each initialiser was an input too. */
static rnl_status list_input(rnl_onnx_graph *g)
{
    for (size_t i = 0; i < g->proto->n_input; i++) {
        const char *name = rnl_onnx_text(g->proto->input[i]->name);
        const rnl_onnx_value *v = rnl_onnx_find(g, name);
        if (v && v->is_constant)
            continue;
        RNL_FAIL_IF(g->input_info, RNL_ERR_UNSUPPORTED,
                    "its graph has the inputs %s and %s; a network has one",
                    rnl_show_name(rnl_onnx_text(g->input_info->name)).text,
                    rnl_show_name(name).text);
        g->input_info = g->proto->input[i];
    }
    RNL_FAIL_IF(!g->input_info, RNL_ERR_FORMAT, "its graph has no input");
    RNL_TRY(add(g, rnl_onnx_text(g->input_info->name), RNL_ONNX_NONE));
    RNL_TRY(sort(g));
    g->input = rnl_onnx_find(g, rnl_onnx_text(g->input_info->name));
    return RNL_OK;
}

/* ---- who uses what ---------------------------------------------------------------------------------- */

static rnl_status use(rnl_onnx_graph *g, size_t node, const char *name)
{
    const RnlOnnx__NodeProto *n = g->proto->node[node];
    rnl_onnx_value *v = rnl_onnx_find(g, name);
    RNL_NODE_FAIL_IF(!v, RNL_ERR_FORMAT, n,
                     "its input %s is missing: no initialiser, no input of the graph and no node's "
                     "output is called so",
                     rnl_show_name(name).text);
    RNL_NODE_FAIL_IF(v->maker != RNL_ONNX_NONE && v->maker >= node, RNL_ERR_FORMAT, n,
                     "its input %s is made by a later node or by itself: the nodes are not in "
                     "order, or go round in a circle",
                     rnl_show_name(name).text);
    if (v->uses < RNL_ONNX_USERS)
        v->user[v->uses] = node;
    v->uses++;
    return RNL_OK;
}

/* A Constant's value; its other kinds of attributes are those of old or rare files. */
static rnl_status open_constant(rnl_onnx_value *v, const RnlOnnx__NodeProto *node)
{
    RNL_TRY(rnl_onnx_check_attributes(node, "value value_float value_floats value_int value_ints"));
    RNL_NODE_FAIL_IF(node->n_attribute != 1, RNL_ERR_FORMAT, node,
                     "it has %zu attributes, and one is its value", node->n_attribute);
    const RnlOnnx__AttributeProto *a = node->attribute[0];
    v->is_constant = true;
    if (strcmp(a->name, "value") == 0) {
        RNL_NODE_FAIL_IF(!a->t, RNL_ERR_FORMAT, node, "its attribute value is no tensor");
        const rnl_status status = rnl_onnx_tensor_open(&v->tensor, a->t);
        v->tensor.name = v->name;
        return status == RNL_OK ? status : rnl_onnx_fail_node(status, node);
    }
    const bool is_list = strcmp(a->name + strlen(a->name) - 1, "s") == 0;
    const bool is_float = strncmp(a->name, "value_f", strlen("value_f")) == 0;
    v->tensor = (rnl_onnx_tensor){.name = v->name, .rank = is_list};
    v->tensor.type = is_float ? RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
                              : RNL_ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    v->tensor.floats = is_list ? a->floats : &a->f;
    v->tensor.integers = is_list ? a->ints : &a->i;
    v->tensor.count = !is_list ? 1 : is_float ? a->n_floats : a->n_ints;
    v->tensor.dim[0] = v->tensor.count;
    return RNL_OK;
}

/* What Constant makes is a constant, and so is a constant behind Identity (PyTorch's way to write equal tensors
 * once). */
static rnl_status take_in(rnl_onnx_graph *g, size_t node)
{
    const RnlOnnx__NodeProto *n = g->proto->node[node];
    for (size_t k = 0; k < n->n_input; k++)
        if (*rnl_onnx_input(n, k))
            RNL_TRY(use(g, node, rnl_onnx_input(n, k)));
    if (n->n_output == 0 || !*rnl_onnx_output(n, 0))
        return rnl_onnx_fail_node(rnl_fail(RNL_ERR_FORMAT, "it has no output"), n);
    rnl_onnx_value *made = rnl_onnx_find(g, rnl_onnx_output(n, 0));
    if (rnl_onnx_op_is(n, "Constant") && n->n_input == 0)
        return open_constant(made, n);
    const rnl_onnx_value *from = rnl_onnx_find(g, rnl_onnx_input(n, 0));
    if (rnl_onnx_op_is(n, "Identity") && from && from->is_constant) {
        made->is_constant = true;
        made->tensor = from->tensor;
    }
    return RNL_OK;
}

static rnl_status find_output(rnl_onnx_graph *g)
{
    RNL_FAIL_IF(g->proto->n_output != 1, RNL_ERR_UNSUPPORTED,
                "its graph has %zu outputs; a network has one", g->proto->n_output);
    const char *name = rnl_onnx_text(g->proto->output[0]->name);
    g->output = rnl_onnx_find(g, name);
    RNL_FAIL_IF(!g->output, RNL_ERR_FORMAT, "its output %s is made by no node",
                rnl_show_name(name).text);
    return RNL_OK;
}

static rnl_status find_opset(rnl_onnx_graph *g, const RnlOnnx__ModelProto *model)
{
    for (size_t i = 0; i < model->n_opset_import; i++) {
        const char *domain = rnl_onnx_text(model->opset_import[i]->domain);
        if (!*domain || strcmp(domain, "ai.onnx") == 0)
            g->opset = model->opset_import[i]->version;
    }
    RNL_FAIL_IF(g->opset == 0, RNL_ERR_FORMAT,
                "does not say which version of ONNX's operators it uses");
    RNL_FAIL_IF(g->opset < OLDEST_OPSET || g->opset > NEWEST_OPSET, RNL_ERR_UNSUPPORTED,
                "uses version %lld of ONNX's operators (opset); %d to %d can be read",
                (long long)g->opset, OLDEST_OPSET, NEWEST_OPSET);
    return RNL_OK;
}

static rnl_status make(rnl_onnx_graph *g, const RnlOnnx__ModelProto *model)
{
    RNL_TRY(find_opset(g, model));
    RNL_FAIL_IF(!g->proto, RNL_ERR_FORMAT, "has no graph");
    RNL_FAIL_IF(g->proto->n_sparse_initializer, RNL_ERR_UNSUPPORTED,
                "has sparse tensors, which are not read");
    RNL_TRY(reserve(g));
    RNL_TRY(list_inner(g));
    RNL_TRY(list_input(g));
    for (size_t i = 0; i < g->proto->n_node; i++)
        RNL_TRY(take_in(g, i));
    return find_output(g);
}

rnl_status rnl_onnx_graph_make(rnl_onnx_graph *g, const RnlOnnx__ModelProto *model)
{
    *g = (rnl_onnx_graph){.proto = model->graph};
    const rnl_status status = make(g, model);
    if (status != RNL_OK)
        rnl_onnx_graph_free(g);
    return status;
}

void rnl_onnx_graph_free(rnl_onnx_graph *g)
{
    rnl_free(g->value);
    *g = (rnl_onnx_graph){0};
}

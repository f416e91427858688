/* onnx_build.c - the network of a chain of layers
 *
 * The graph tells the layers and their numbers. It does not tell the loss, nor what only matters while a network
 * learns: dropout, which exporters leave out. Nor flatten, which changes nothing here. A description may add these:
 * the caller's, or else the one in the file's metadata, where it fits the graph. */
#include "model/onnx_graph.h"

#include "base/matrix.h"
#include "base/text.h"
#include "model/export.h"
#include "model/model.h"
#include "model/onnx.h"
#include "net/net.h"

#include <math.h>
#include <string.h>

/* ---- a description ---------------------------------------------------------------------------------- */

static bool is(const char *type, const char *name)
{
    return strcmp(type, name) == 0;
}

/* A sigmoid at the very end makes probabilities of independent labels: the loss does that here. */
static bool ends_in_sigmoid(const rnl_onnx_chain *c)
{
    return c->items > 1 && is(c->item[c->items - 1].type, "sigmoid");
}

static rnl_status describe(rnl_text *text, const rnl_onnx_chain *c)
{
    const bool logistic = ends_in_sigmoid(c) && !c->softmax;
    if (c->items == 0) /* a network has a layer, if only one that does nothing */
        rnl_text_add(text, "flatten");
    for (size_t i = 0; i + logistic < c->items; i++) {
        const rnl_onnx_item *item = &c->item[i];
        rnl_text_add(text, "%s%s", i ? ", " : "", item->type);
        if (is(item->type, "affine"))
            rnl_text_add(text, " %zu", item->outputs);
        for (size_t k = 0; k < item->args; k++)
            rnl_text_add_number(text, item->arg[k]);
    }
    /* one number cannot be one of several classes */
    rnl_text_add(text, ", %s",
                 logistic                       ? "logistic"
                 : c->width == 1 && !c->softmax ? "mse"
                                                : "softmax");
    return text->failed ? RNL_ERR_MEMORY : RNL_OK;
}

static bool same_layer(const rnl_layer *l, const rnl_onnx_item *item)
{
    bool same =
        is(l->type->name, item->type) && l->inputs == item->inputs && l->outputs == item->outputs;
    for (size_t k = is(item->type, "batchnorm"); same && k < item->args; k++) /* not the momentum */
        same = l->arg[k] == item->arg[k];
    return same;
}

/* Whose numbers go to layer l; dropout may be missing on either side. NULL: it has none of its own. */
static bool match(const rnl_net *net, const rnl_onnx_chain *c, const rnl_onnx_item **of_layer)
{
    size_t i = 0;
    const char *loss = net->loss.type->name;
    for (size_t k = 0; k < net->layers; k++) {
        of_layer[k] = NULL;
        if (is(net->layer[k].type->name, "dropout") || is(net->layer[k].type->name, "flatten"))
            continue;
        while (i < c->items && is(c->item[i].type, "dropout"))
            i++;
        if (i == c->items || !same_layer(&net->layer[k], &c->item[i]))
            return false;
        of_layer[k] = &c->item[i++];
    }
    while (i < c->items && is(c->item[i].type, "dropout"))
        i++;
    if (c->softmax && !is(loss, "softmax"))
        return false;
    return i == c->items || (i + 1 == c->items && ends_in_sigmoid(c) && is(loss, "logistic"));
}

/* Like rnl_net_plan; a last affine layer without a width has the graph's. */
static rnl_status plan_text(rnl_net **net, const char *text, const rnl_onnx_chain *c,
                            rnl_net_config config)
{
    rnl_status status = rnl_net_plan(net, text, &config);
    if (status != RNL_ERR_USAGE)
        return status;
    for (size_t i = c->items; i-- > 0;)
        if (is(c->item[i].type, "affine")) {
            config.outputs = c->item[i].outputs;
            return rnl_net_plan(net, text, &config);
        }
    return status;
}

/* The network that a text speaks of, if it fits. */
static rnl_status plan_matching(rnl_net **net, const char *text, const rnl_onnx_chain *c,
                                const rnl_net_config *config, const rnl_onnx_item ***of_layer,
                                bool *fits)
{
    *fits = false;
    RNL_TRY(plan_text(net, text, c, *config));
    *of_layer = rnl_alloc((*net)->layers, sizeof **of_layer);
    if (!*of_layer)
        return RNL_ERR_MEMORY;
    *fits = match(*net, c, *of_layer);
    return RNL_OK;
}

/* ---- its numbers ------------------------------------------------------------------------------------ */

static rnl_status fill_block(rnl_matrix block, const rnl_onnx_item *item, const double *numbers,
                             const char *name)
{
    for (size_t r = 0; r < block.rows; r++)
        for (size_t k = 0; k < block.cols; k++) {
            const double number = numbers[r * block.cols + k];
            RNL_FAIL_IF(!isfinite(number), RNL_ERR_FORMAT,
                        "%s[%zu, %zu] of the layer %s becomes infinite", name, r, k, item->type);
            RNL_FAIL_IF(
                block.dtype == RNL_F32 && !isfinite((float)number), RNL_ERR_FORMAT,
                "%s[%zu, %zu] of the layer %s is %g, more than f32 can hold: load it as f64", name,
                r, k, item->type, number);
            rnl_matrix_set(&block, r, k, number);
        }
    return RNL_OK;
}

/* An item's numbers are in the order of the layer's blocks, then of its state. */
static rnl_status fill(rnl_net *net, const rnl_onnx_item *const *of_layer)
{
    RNL_TRY(rnl_net_allocate(net));
    for (size_t i = 0; i < net->layers; i++) {
        const rnl_layer *l = &net->layer[i];
        for (size_t k = 0; k < l->blocks; k++)
            RNL_TRY(fill_block(rnl_block_view(net, &l->block[k], net->values), of_layer[i],
                               of_layer[i]->number[k], l->block[k].symbol));
        for (size_t k = 0; k < l->states; k++)
            RNL_TRY(fill_block(rnl_state_view(net, &l->state[k]), of_layer[i],
                               of_layer[i]->number[l->blocks + k], l->state[k].symbol));
    }
    return RNL_OK;
}

/* ---- notes ------------------------------------------------------------------------------------------ */

static const char *metadata(const RnlOnnx__ModelProto *model, const char *key)
{
    for (size_t i = 0; i < model->n_metadata_props; i++)
        if (is(rnl_onnx_text(model->metadata_props[i]->key), key))
            return rnl_onnx_text(model->metadata_props[i]->value);
    return NULL;
}

enum { SCALE, SHIFT, DARK_ON_LIGHT, SCALING_NOTES };
static const char *const scaling_notes[SCALING_NOTES] = {
    [SCALE] = "runnel.input.scale",
    [SHIFT] = "runnel.input.shift",
    [DARK_ON_LIGHT] = "runnel.dark_on_light",
};

/* Do the notes say what the graph does to the input? To f32, to which the graph has rounded it. */
static rnl_status compare_scaling(const rnl_net *net, const rnl_onnx_chain *c, bool *same)
{
    rnl_input_notes notes;
    const rnl_status status = rnl_input_notes_read_scaling(&notes, net);
    *same = status == RNL_OK;
    if (status != RNL_OK)
        return status == RNL_ERR_MEMORY ? status : RNL_OK;
    size_t count = c->scales > notes.scales ? c->scales : notes.scales;
    count = notes.shifts > count ? notes.shifts : count;
    for (size_t j = 0; *same && j < count; j++) {
        const size_t k = c->scales == 1 ? 0 : j;
        const rnl_scaling_of_input told = rnl_input_scaling(&notes, j);
        const double scale = c->scales ? c->scale[k] : 1, shift = c->scales ? c->shift[k] : 0;
        *same = (float)told.scale == (float)scale && (float)told.shift == (float)shift;
    }
    rnl_input_notes_free(&notes);
    return RNL_OK;
}

/* scale or shift, unless it does nothing and needs not be told; one number where all are equal. */
static rnl_status set_numbers(rnl_net *net, const char *key, const double *numbers, size_t count,
                              double nothing, bool needed)
{
    rnl_text text = {0};
    bool equal = true;
    for (size_t i = 1; i < count; i++)
        equal = equal && numbers[i] == numbers[0];
    for (size_t i = 0; i < (equal && count ? 1 : count); i++) {
        rnl_text_add_number(&text, numbers[i]); /* begins with a blank */
        needed = needed || numbers[i] != nothing;
    }
    if (count == 0)
        rnl_text_add_number(&text, nothing);
    rnl_status status = text.failed ? RNL_ERR_MEMORY : RNL_OK;
    if (status == RNL_OK && needed)
        status = rnl_net_set_note(net, key, text.at + 1);
    rnl_free(text.at);
    return status;
}

/* A picture that a Flatten makes a row: "1x28x28". */
static rnl_status set_shape(rnl_net *net, const rnl_onnx_chain *c)
{
    rnl_text text = {0};
    if (c->input_rank != 3 && c->input_rank != 4)
        return RNL_OK;
    if (c->input_rank == 3)
        rnl_text_add(&text, "1");
    for (size_t i = 0; i + 1 < c->input_rank; i++)
        rnl_text_add(&text, "%s%zu", text.length ? "x" : "", c->input_dim[i]);
    const rnl_status status =
        text.failed ? RNL_ERR_MEMORY : rnl_net_set_note(net, "runnel.input.shape", text.at);
    rnl_free(text.at);
    return status;
}

static rnl_status check_utf8(const char *text, const char *key)
{
    RNL_FAIL_IF(!rnl_is_utf8(text), RNL_ERR_FORMAT, "its metadata %s are no valid UTF-8",
                rnl_show_name(key).text);
    return RNL_OK;
}

/* The graph's own scaling, which is of what is stored: nothing is inverted before it. */
static rnl_status set_scaling(rnl_net *net, const rnl_onnx_chain *c, bool told)
{
    const bool shift_told = rnl_net_note(net, scaling_notes[SHIFT]);
    for (size_t i = 0; i < SCALING_NOTES; i++)
        RNL_TRY(rnl_net_set_note(net, scaling_notes[i], NULL));
    /* Without a scale, bytes would be taken for pixels from 0 to 1. */
    bool scaled = told;
    for (size_t i = 0; i < c->scales; i++)
        scaled = scaled || c->shift[i] != 0;
    RNL_TRY(set_numbers(net, scaling_notes[SCALE], c->scale, c->scales, 1, scaled));
    return set_numbers(net, scaling_notes[SHIFT], c->shift, c->scales, 0, shift_told);
}

static rnl_status set_notes(rnl_net *net, const rnl_onnx_chain *c, const RnlOnnx__ModelProto *model)
{
    RNL_TRY(set_shape(net, c));
    for (size_t i = 0; i < model->n_metadata_props; i++) {
        const char *key = rnl_onnx_text(model->metadata_props[i]->key);
        const char *value = rnl_onnx_text(model->metadata_props[i]->value);
        if (!*key || rnl_is_file_note(key))
            continue;
        RNL_TRY(check_utf8(key, key));
        RNL_TRY(check_utf8(value, key));
        RNL_TRY(rnl_net_set_note(net, key, value));
    }
    bool told = false, same = false;
    for (size_t i = 0; i < SCALING_NOTES; i++)
        told = told || rnl_net_note(net, scaling_notes[i]);
    if (told)
        RNL_TRY(compare_scaling(net, c, &same));
    return same ? RNL_OK : set_scaling(net, c, told);
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static bool has_doubles(const rnl_onnx_chain *c)
{
    for (size_t i = 0; i < c->graph->values; i++)
        if (c->graph->value[i].is_constant &&
            c->graph->value[i].tensor.type == RNL_ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE)
            return true;
    return c->graph->input_info->type->tensor_type->elem_type ==
           RNL_ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
}

static rnl_status plan(rnl_net **net, const rnl_onnx_chain *c, const char *wanted, const char *own,
                       const rnl_net_config *config, const rnl_onnx_item ***of_layer)
{
    bool fits;
    rnl_text text = {0};
    rnl_status status = describe(&text, c);
    if (status == RNL_OK && wanted) {
        status = plan_matching(net, wanted, c, config, of_layer, &fits);
        if (status == RNL_OK && !fits)
            status = rnl_fail(RNL_ERR_USAGE, "holds the network %s, and %s was asked for",
                              rnl_show_name(text.at).text,
                              rnl_show_name(rnl_net_description(*net)).text);
        rnl_free(text.at);
        return status;
    }
    if (status == RNL_OK && own) {
        status = plan_matching(net, own, c, config, of_layer, &fits);
        if (status == RNL_ERR_MEMORY || (status == RNL_OK && fits)) {
            rnl_free(text.at);
            return status;
        }
        rnl_net_free(net);
        rnl_free(*of_layer);
        *of_layer = NULL;
        status = RNL_OK;
    }
    if (status == RNL_OK) {
        status = plan_matching(net, text.at, c, config, of_layer, &fits);
        if (status == RNL_ERR_USAGE || status == RNL_ERR_SHAPE)
            status = rnl_fail_prefix(RNL_ERR_UNSUPPORTED, "its graph");
        else if (status == RNL_OK && !fits)
            status = rnl_fail(RNL_ERR_UNSUPPORTED, "its graph is no network of ours");
    }
    rnl_free(text.at);
    return status;
}

rnl_status rnl_onnx_build(rnl_net **net, rnl_onnx_chain *c, const RnlOnnx__ModelProto *model,
                          const char *description, const rnl_net_config *config)
{
    const rnl_net_config own = {.inputs = c->inputs,
                                .dtype = config           ? config->dtype
                                         : has_doubles(c) ? RNL_F64
                                                          : RNL_F32,
                                .backend = config ? config->backend : NULL};
    const rnl_onnx_item **of_layer = NULL;
    *net = NULL;
    rnl_status status = plan(net, c, description, metadata(model, "runnel.net"), &own, &of_layer);
    if (status == RNL_OK)
        status = fill(*net, of_layer);
    if (status == RNL_OK)
        status = set_notes(*net, c, model);
    rnl_free(of_layer);
    if (status != RNL_OK)
        rnl_net_free(net);
    return status;
}

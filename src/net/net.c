/* net.c - a network: made from its description, asked about its parts */
#include "net/net.h"

#include "base/matrix.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

rnl_net_config rnl_net_config_default(void)
{
    return (rnl_net_config){
        .inputs = 784, .outputs = 10, .dtype = RNL_F32, .weight_init_std = 0.01, .seed = 1};
}

static bool has_symbol(const rnl_block *blocks, size_t count, const char *symbol)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(blocks[k].symbol, symbol) == 0)
            return true;
    return false;
}

/* How many layers up to and with this one have a block that is called so: the number in W1, W2, ... */
static size_t ordinal(const rnl_net *net, size_t layer, const char *symbol)
{
    size_t count = 0;
    for (size_t i = 0; i <= layer; i++)
        count += has_symbol(net->layer[i].block, net->layer[i].blocks, symbol) ||
                 has_symbol(net->layer[i].state, net->layer[i].states, symbol);
    return count;
}

/* How far the rows of a block are apart, in numbers: they begin with a cache line, or lie within one, so that
 * kernels read and write no line twice. */
static bool row_length(size_t rows, size_t cols, rnl_dtype dtype, size_t *ld)
{
    const size_t line = RNL_ALIGN / rnl_dtype_size(dtype);
    *ld = cols;
    if (rows == 1)
        return true;
    if (cols > line)
        return rnl_add_size(cols, (line - cols % line) % line, ld);
    while (line % *ld != 0)
        ++*ld;
    return true;
}

/* Gives a layer's blocks their place in an arena, from *at on, and their names. */
static rnl_status place(rnl_net *net, size_t layer, rnl_block *blocks, size_t count,
                        rnl_net_block *named, size_t *at)
{
    for (size_t j = 0; j < count; j++) {
        rnl_block *b = &blocks[j];
        size_t size;
        b->offset = *at;
        if (!row_length(b->rows, b->cols, net->dtype, &b->ld) ||
            !rnl_mul_size(b->rows, b->ld, &size) ||
            !rnl_add_size(size, RNL_BLOCK_ALIGN - 1, &size) ||
            !rnl_add_size(*at, size / RNL_BLOCK_ALIGN * RNL_BLOCK_ALIGN, at))
            return rnl_fail(RNL_ERR_MEMORY, "%zu times %zu parameters are too many for memory",
                            b->rows, b->cols);
        named[j].layer = layer;
        named[j].block = j;
        snprintf(named[j].name, RNL_NAME_SIZE, "%s%zu", b->symbol, ordinal(net, layer, b->symbol));
        snprintf(named[j].key, RNL_NAME_SIZE, "%zu.%s", layer, b->role);
    }
    return RNL_OK;
}

/* Gives every block its place and its names. */
static rnl_status lay_out(rnl_net *net)
{
    net->block = rnl_alloc(net->blocks + net->states, sizeof *net->block);
    if (!net->block)
        return RNL_ERR_MEMORY;
    rnl_net_block *block = net->block, *state = net->block + net->blocks;
    for (size_t i = 0; i < net->layers; i++) {
        rnl_layer *l = &net->layer[i];
        RNL_TRY(place(net, i, l->block, l->blocks, block, &net->arena_size));
        RNL_TRY(place(net, i, l->state, l->states, state, &net->state_size));
        block += l->blocks;
        state += l->states;
    }
    return RNL_OK;
}

rnl_status rnl_net_allocate(rnl_net *net)
{
    size_t size;
    RNL_FAIL_IF(!rnl_add_size(net->arena_size, net->state_size, &size), RNL_ERR_MEMORY,
                "%zu parameters are too many for memory", net->arena_size);
    net->values = rnl_alloc(size, rnl_dtype_size(net->dtype));
    return net->values ? RNL_OK : RNL_ERR_MEMORY;
}

/* An affine layer computes the activation that follows it while its output is in the cache. */
static void fold_activations(rnl_net *net)
{
    for (size_t i = 0; i + 1 < net->layers; i++) {
        rnl_layer *l = &net->layer[i], *next = &net->layer[i + 1];
        if (l->type == rnl_layer_type_find("affine", 6) && next->type->activation) {
            l->fused = next->type->activation;
            next->folded = true;
        }
    }
}

/* The activation that layer i's output goes to before the next weights; NULL where none does. */
static const rnl_layer *activation_after(const rnl_net *net, size_t i)
{
    for (size_t k = i + 1; k < net->layers && !net->layer[k].type->has_width; k++)
        if (net->layer[k].type->is_activation)
            return &net->layer[k];
    return NULL;
}

static void init_weights(rnl_net *net, const rnl_init *how, uint64_t seed)
{
    rnl_random random = rnl_random_new(seed, RNL_STREAM_WEIGHTS);
    for (size_t i = 0; i < net->layers; i++) {
        const rnl_layer *l = &net->layer[i];
        rnl_matrix value[RNL_LAYER_BLOCKS], state[RNL_LAYER_STATES];
        for (size_t j = 0; j < l->blocks; j++)
            value[j] = rnl_block_view(net, &l->block[j], net->values);
        for (size_t j = 0; j < l->states; j++)
            state[j] = rnl_state_view(net, &l->state[j]);
        if (l->type->init)
            l->type->init(l, value, how, activation_after(net, i), &random);
        if (l->type->init_state)
            l->type->init_state(l, state);
    }
}

rnl_status rnl_net_plan(rnl_net **out, const char *description, const rnl_net_config *config)
{
    *out = NULL;
    RNL_FAIL_IF(config->inputs == 0, RNL_ERR_USAGE, "a network needs at least one input");
    RNL_TRY(rnl_check_dtype(config->dtype));
    rnl_net *net = rnl_alloc(1, sizeof *net);
    if (!net)
        return RNL_ERR_MEMORY;
    static atomic_size_t networks;
    net->serial = atomic_fetch_add(&networks, 1) + 1;
    net->dtype = config->dtype;
    rnl_status status = rnl_backend_find(config->backend, net->dtype, &net->backend, &net->kernels);
    if (status == RNL_OK)
        status = rnl_net_parse(net, description, config);
    if (status == RNL_OK)
        status = lay_out(net);
    if (status == RNL_OK)
        status = rnl_net_write_description(net);
    if (status != RNL_OK) {
        rnl_net_free(&net);
        return status;
    }
    fold_activations(net);
    *out = net;
    return RNL_OK;
}

rnl_status rnl_net_new(rnl_net **out, const char *description, const rnl_net_config *config)
{
    RNL_REFUSE_NULL(out, "the place for the network is");
    *out = NULL;
    RNL_REFUSE_NULL(description, "the description is");
    RNL_REFUSE_NULL(config, "the configuration is");
    RNL_FAIL_IF(!(config->weight_init_std >= 0) || isinf(config->weight_init_std), RNL_ERR_USAGE,
                "the initial weights' standard deviation is %g; it must be 0 or more, and finite",
                config->weight_init_std);
    rnl_init how = {.rule = RNL_INIT_NORMAL, .std = config->weight_init_std};
    if (config->init)
        RNL_TRY(rnl_init_parse(&how, config->init));
    RNL_TRY(rnl_net_plan(out, description, config));
    const rnl_status status = rnl_net_allocate(*out);
    if (status == RNL_OK)
        init_weights(*out, &how, config->seed);
    else
        rnl_net_free(out);
    return status;
}

rnl_status rnl_net_from_layers(rnl_net **out, const rnl_layer_spec *layers, size_t count,
                               const rnl_net_config *config)
{
    RNL_REFUSE_NULL(out, "the place for the network is");
    *out = NULL;
    RNL_REFUSE_NULL(layers, "the list of layers is");
    RNL_REFUSE_NULL(config, "the configuration is");
    rnl_text text = {0};
    for (size_t i = 0; i < count; i++) {
        rnl_text_add(&text, "%s%s", i ? ", " : "", layers[i].type ? layers[i].type : "");
        if (layers[i].width)
            rnl_text_add(&text, " %zu", layers[i].width);
    }
    const rnl_status status =
        text.failed ? RNL_ERR_MEMORY : rnl_net_new(out, text.at ? text.at : "", config);
    rnl_free(text.at);
    return status;
}

rnl_status rnl_two_layer_net(rnl_net **net, size_t inputs, size_t hidden, size_t outputs,
                             double weight_init_std, uint64_t seed)
{
    RNL_REFUSE_NULL(net, "the place for the network is");
    *net = NULL;
    rnl_net_config config = rnl_net_config_default();
    config.inputs = inputs;
    config.outputs = outputs;
    config.weight_init_std = weight_init_std;
    config.seed = seed;
    const rnl_layer_spec layers[] = {{"affine", hidden}, {"relu", 0}, {"affine", outputs}};
    RNL_FAIL_IF(hidden == 0 || outputs == 0, RNL_ERR_USAGE,
                "a two-layer network needs hidden units and outputs, not %zu and %zu", hidden,
                outputs);
    return rnl_net_from_layers(net, layers, 3, &config);
}

const char *rnl_net_format(const rnl_net *net)
{
    return net->format;
}

static rnl_status copy_numbers_and_notes(rnl_net *copy, const rnl_net *net)
{
    RNL_TRY(rnl_net_allocate(copy));
    memcpy(copy->values, net->values, rnl_net_bytes(net));
    for (size_t i = 0; i < net->notes; i++)
        RNL_TRY(rnl_net_set_note(copy, net->note[i].key, net->note[i].value));
    copy->format = net->format;
    return RNL_OK;
}

rnl_status rnl_net_copy(rnl_net **copy, const rnl_net *net)
{
    RNL_REFUSE_NULL(copy, "the place for the network is");
    *copy = NULL;
    RNL_REFUSE_NULL(net, "the network is");
    const rnl_net_config config = {
        .inputs = rnl_net_inputs(net), .dtype = net->dtype, .backend = net->backend};
    RNL_TRY(rnl_net_plan(copy, net->description, &config));
    const rnl_status status = copy_numbers_and_notes(*copy, net);
    if (status != RNL_OK)
        rnl_net_free(copy);
    return status;
}

void rnl_net_free(rnl_net **net)
{
    if (!net || !*net)
        return;
    rnl_net_free_notes(*net);
    rnl_free((*net)->layer);
    rnl_free((*net)->block);
    rnl_free((*net)->values);
    rnl_free((*net)->description);
    rnl_free(*net);
    *net = NULL;
}

size_t rnl_net_inputs(const rnl_net *net)
{
    return net->layer[0].inputs;
}

size_t rnl_net_outputs(const rnl_net *net)
{
    return net->layer[net->layers - 1].outputs;
}

rnl_dtype rnl_net_dtype(const rnl_net *net)
{
    return net->dtype;
}

const char *rnl_net_backend(const rnl_net *net)
{
    return net->backend;
}

const char *rnl_net_description(const rnl_net *net)
{
    return net->description;
}

size_t rnl_net_layer_count(const rnl_net *net)
{
    return net->layers;
}

rnl_task rnl_net_task(const rnl_net *net)
{
    return net->loss.type->task;
}

size_t rnl_net_class_count(const rnl_net *net)
{
    const rnl_task task = net->loss.type->task;
    const size_t outputs = rnl_net_outputs(net);
    return task == RNL_TASK_REGRESSION ? 0 : task == RNL_TASK_LABELS && outputs == 1 ? 2 : outputs;
}

rnl_layer_info rnl_net_layer(const rnl_net *net, size_t i)
{
    const rnl_layer *l = &net->layer[i];
    size_t first = 0;
    for (size_t k = 0; k < i; k++)
        first += net->layer[k].blocks;
    return (rnl_layer_info){.type = l->type->name,
                            .inputs = l->inputs,
                            .outputs = l->outputs,
                            .first_parameter = first,
                            .parameters = l->blocks};
}

size_t rnl_net_parameter_count(const rnl_net *net)
{
    return net->blocks;
}

rnl_parameter rnl_net_parameter(const rnl_net *net, size_t i)
{
    const rnl_net_block *b = &net->block[i];
    return (rnl_parameter){
        .name = b->name,
        .key = b->key,
        .value = rnl_block_view(net, &net->layer[b->layer].block[b->block], net->values)};
}

size_t rnl_net_size(const rnl_net *net)
{
    size_t size = 0;
    for (size_t i = 0; i < net->blocks; i++) {
        const rnl_matrix value = rnl_net_parameter(net, i).value;
        size += value.rows * value.cols;
    }
    return size;
}

size_t rnl_net_state_count(const rnl_net *net)
{
    return net->states;
}

rnl_parameter rnl_net_state(const rnl_net *net, size_t i)
{
    const rnl_net_block *b = &net->block[net->blocks + i];
    return (rnl_parameter){.name = b->name,
                           .key = b->key,
                           .value = rnl_state_view(net, &net->layer[b->layer].state[b->block])};
}

static rnl_status check_block(const rnl_parameter *p, const char *not_done)
{
    for (size_t r = 0; r < p->value.rows; r++)
        for (size_t c = 0; c < p->value.cols; c++)
            RNL_FAIL_IF(!isfinite(rnl_matrix_get(&p->value, r, c)), RNL_ERR_USAGE,
                        "%s[%zu, %zu] is %s: a network with such numbers is not %s", p->name, r, c,
                        isnan(rnl_matrix_get(&p->value, r, c)) ? "nan" : "infinite", not_done);
    return RNL_OK;
}

rnl_status rnl_net_check_numbers(const rnl_net *net, const char *not_done)
{
    for (size_t i = 0; i < net->blocks + net->states; i++) {
        const rnl_parameter p =
            i < net->blocks ? rnl_net_parameter(net, i) : rnl_net_state(net, i - net->blocks);
        RNL_TRY(check_block(&p, not_done));
    }
    return RNL_OK;
}

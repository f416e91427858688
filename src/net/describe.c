/* describe.c - the text of a network to its layers, and back
 *
 *   network  = item { "," item }
 *   item     = name { blank number }
 *   name     = a layer of layers/registry.c, or last of all a loss
 *
 * Numbers that are left out have their defaults, and stand in the text that is written. */
#include "net/net.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 65536, MAX_LAYERS = 1000 };

static bool is_called(rnl_piece name, const char *other)
{
    return strlen(other) == name.length && strncasecmp(name.at, other, name.length) == 0;
}

/* The layer or loss of which `is` says that it goes by this name; NULL where none does. */
static const char *find(rnl_piece name, bool (*is)(rnl_piece, const char *))
{
    for (size_t i = 0; rnl_layer_type_at(i); i++)
        if (is(name, rnl_layer_type_at(i)->name))
            return rnl_layer_type_at(i)->name;
    for (size_t i = 0; rnl_loss_type_at(i); i++)
        if (is(name, rnl_loss_type_at(i)->name))
            return rnl_loss_type_at(i)->name;
    return NULL;
}

/* The layer or loss that is written so in capitals, that other programs and books call so, or that is mistyped so;
 * NULL where none is. */
static const char *meant(rnl_piece name)
{
    static const char *const others[][2] = {
        {"linear", "affine"},
        {"dense", "affine"},
        {"fc", "affine"},
        {"leakyrelu", "leaky_relu"},
        {"lrelu", "leaky_relu"},
        {"swish", "silu"},
        {"batchnorm1d", "batchnorm"},
        {"batch_norm", "batchnorm"},
        {"bn", "batchnorm"},
        {"batchnormalization", "batchnorm"},
        {"layer_norm", "layernorm"},
        {"cross_entropy", "softmax"},
        {"crossentropy", "softmax"},
        {"softmaxwithloss", "softmax"},
        {"softmax_loss", "softmax"},
        {"bce", "logistic"},
        {"mse_loss", "mse"},
        /* not known here, and no slips */
        {"selu", NULL},
        {"celu", NULL},
        {"prelu", NULL},
        {"rrelu", NULL},
        {"crelu", NULL},
        {"mae", NULL},
    };
    const char *known = find(name, is_called);
    if (known)
        return known;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is_called(name, others[i][0]))
            return others[i][1];
    return find(name, rnl_piece_nearly);
}

static rnl_status fail_unknown(rnl_piece name, size_t at)
{
    char shown[RNL_PIECE_SHOWN];
    rnl_piece word = name; /* of "affine50" */
    while (word.length && word.at[word.length - 1] >= '0' && word.at[word.length - 1] <= '9')
        word.length--;
    const char *first = word.length < name.length ? meant(word) : NULL;
    const char *whole = first ? NULL : meant(name);
    if (whole)
        return rnl_fail(RNL_ERR_USAGE, "item %zu: unknown layer \"%s\"; did you mean %s?", at,
                        rnl_piece_show(name, shown), whole);
    if (first)
        return rnl_fail(RNL_ERR_USAGE, "item %zu: unknown layer \"%s\"; did you mean %s %.*s?", at,
                        rnl_piece_show(name, shown), first, (int)(name.length - word.length),
                        word.at + word.length);
    rnl_text known = {0};
    for (size_t i = 0; rnl_layer_type_at(i); i++)
        rnl_text_add(&known, "%s%s", i ? ", " : "", rnl_layer_type_at(i)->name);
    for (size_t i = 0; rnl_loss_type_at(i); i++)
        rnl_text_add(&known, ", %s", rnl_loss_type_at(i)->name);
    rnl_fail(RNL_ERR_USAGE, "item %zu: unknown layer \"%s\"; known are %s", at,
             rnl_piece_show(name, shown), known.at ? known.at : "");
    rnl_free(known.at);
    return RNL_ERR_USAGE;
}

static rnl_status parse_item(rnl_net *net, rnl_piece item, size_t at, bool last)
{
    rnl_piece rest = item;
    const rnl_piece name = rnl_piece_cut(&rest, ' ');
    RNL_FAIL_IF(name.length == 0, RNL_ERR_USAGE, "item %zu is empty", at);
    char before[32];
    snprintf(before, sizeof before, "item %zu: ", at);
    const rnl_loss_type *loss = rnl_loss_type_find(name.at, name.length);
    if (loss) {
        size_t args;
        RNL_FAIL_IF(!last, RNL_ERR_USAGE, "item %zu: \"%s\" is a loss, which only stands last", at,
                    loss->name);
        net->loss.type = loss;
        return rnl_parse_args(rest, before, loss->name, loss->arg, loss->max_args, net->loss.arg,
                              &args);
    }
    rnl_layer *l = &net->layer[net->layers];
    l->type = rnl_layer_type_find(name.at, name.length);
    if (!l->type)
        return fail_unknown(name, at);
    net->layers++;
    return rnl_parse_args(rest, before, l->type->name, l->type->arg, l->type->max_args, l->arg,
                          &l->args);
}

/* Widths from the first layer to the last, and each layer's blocks. */
static rnl_status chain(rnl_net *net, const rnl_net_config *config)
{
    size_t last_width = net->layers; /* index of the last layer that takes a width */
    for (size_t i = 0; i < net->layers; i++)
        if (net->layer[i].type->has_width)
            last_width = i;
    size_t width = config->inputs;
    for (size_t i = 0; i < net->layers; i++) {
        rnl_layer *l = &net->layer[i];
        l->inputs = width;
        l->outputs = width;
        if (l->type->shape)
            RNL_TRY(l->type->shape(l, i == last_width ? config->outputs : 0));
        width = l->outputs;
        net->blocks += l->blocks;
        net->states += l->states;
    }
    RNL_FAIL_IF(config->outputs && width != config->outputs, RNL_ERR_SHAPE,
                "the network gives %zu output%s, expected %zu", width, width == 1 ? "" : "s",
                config->outputs);
    return RNL_OK;
}

static rnl_status parse(rnl_net *net, const char *description, const rnl_net_config *config)
{
    rnl_piece rest = {description, strlen(description)};
    RNL_FAIL_IF(rest.length > LONGEST, RNL_ERR_USAGE, "longer than %d bytes", LONGEST);
    size_t items = 1;
    for (size_t i = 0; i < rest.length; i++)
        items += rest.at[i] == ',';
    RNL_FAIL_IF(rnl_piece_trim(rest).length == 0, RNL_ERR_USAGE, "no layer in it");
    RNL_FAIL_IF(items > MAX_LAYERS + 1, RNL_ERR_USAGE, "%zu items; at most %d layers are allowed",
                items, MAX_LAYERS);
    net->layer = rnl_alloc(items, sizeof *net->layer);
    if (!net->layer)
        return RNL_ERR_MEMORY;
    net->loss.type = rnl_loss_type_at(0);
    for (size_t at = 1; at <= items; at++)
        RNL_TRY(parse_item(net, rnl_piece_trim(rnl_piece_cut(&rest, ',')), at, at == items));
    RNL_FAIL_IF(net->layers == 0, RNL_ERR_USAGE, "no layer in it");
    RNL_FAIL_IF(net->layers > MAX_LAYERS, RNL_ERR_USAGE, "%zu layers; at most %d are allowed",
                net->layers, MAX_LAYERS);
    return chain(net, config);
}

rnl_status rnl_net_parse(rnl_net *net, const char *description, const rnl_net_config *config)
{
    const rnl_status status = parse(net, description, config);
    if (status == RNL_OK || status == RNL_ERR_MEMORY)
        return status;
    char prefix[128];
    rnl_text_quote(prefix, sizeof prefix, "network ", description);
    return rnl_fail_prefix(status, prefix);
}

rnl_status rnl_net_write_description(rnl_net *net)
{
    rnl_text text = {0};
    for (size_t i = 0; i < net->layers; i++) {
        const rnl_layer *l = &net->layer[i];
        rnl_text_add(&text, "%s%s", i ? ", " : "", l->type->name);
        if (l->type->describe)
            l->type->describe(l, &text);
        for (size_t k = 0; !l->type->describe && k < l->type->max_args; k++)
            rnl_text_add_number(&text, l->arg[k]);
    }
    const rnl_loss_type *loss = net->loss.type;
    rnl_text_add(&text, ", %s", loss->name);
    const bool plain = loss->plain && loss->plain(&net->loss);
    for (size_t k = 0; !plain && k < loss->max_args; k++)
        rnl_text_add_number(&text, net->loss.arg[k]);
    if (text.failed) {
        rnl_free(text.at);
        return RNL_ERR_MEMORY;
    }
    net->description = text.at;
    return RNL_OK;
}

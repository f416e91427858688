/* describe.c - the text of a network to its layers, and back
 *
 *   network  = item { "," item }
 *   item     = name { blank number }
 *   name     = a layer of layers/registry.c, or last of all a loss
 */
#include "net/net.h"

#include <string.h>

enum { LONGEST = 65536, MAX_LAYERS = 1000 };

typedef struct piece {
    const char *at;
    size_t length;
} piece;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static piece trim(piece p)
{
    while (p.length && is_blank(*p.at))
        p.at++, p.length--;
    while (p.length && is_blank(p.at[p.length - 1]))
        p.length--;
    return p;
}

/* Cuts the next piece up to `separator` (or, for ' ', any blank) off the front of rest. */
static piece cut(piece *rest, char separator)
{
    size_t n = 0;
    while (n < rest->length &&
           !(separator == ' ' ? is_blank(rest->at[n]) : rest->at[n] == separator))
        n++;
    piece front = {rest->at, n};
    const size_t used = n < rest->length ? n + 1 : n;
    rest->at += used;
    rest->length -= used;
    return front;
}

static rnl_status fail_unknown(piece name, size_t at)
{
    rnl_text known = {0};
    for (size_t i = 0; rnl_layer_type_at(i); i++)
        rnl_text_add(&known, "%s%s", i ? ", " : "", rnl_layer_type_at(i)->name);
    for (size_t i = 0; rnl_loss_type_at(i); i++)
        rnl_text_add(&known, ", %s", rnl_loss_type_at(i)->name);
    rnl_fail(RNL_ERR_USAGE, "item %zu: unknown layer \"%.*s\"; known are %s", at,
             (int)(name.length < 40 ? name.length : 40), name.at, known.at ? known.at : "");
    rnl_free(known.at);
    return RNL_ERR_USAGE;
}

static rnl_status parse_argument(rnl_layer *l, piece word, size_t at)
{
    const rnl_layer_type *type = l->type;
    RNL_FAIL_IF(l->args == type->max_args, RNL_ERR_USAGE,
                "item %zu: %s takes %s number%s, but \"%.*s\" follows", at, type->name,
                type->max_args == 0 ? "no" : (type->max_args == 1 ? "one" : "at most two"),
                type->max_args == 2 ? "s" : "", (int)(word.length < 40 ? word.length : 40),
                word.at);
    const rnl_layer_arg *arg = &type->arg[l->args];
    double number;
    const bool ok = rnl_parse_number(word.at, word.length, &number) && number >= arg->min &&
                    number <= arg->max && !(arg->integer && number != (double)(long long)number);
    RNL_FAIL_IF(!ok, RNL_ERR_USAGE,
                "item %zu: the %s of %s is a%s number from %.10g to %.10g, not \"%.*s\"", at,
                arg->name, type->name, arg->integer ? " whole" : "", arg->min, arg->max,
                (int)(word.length < 40 ? word.length : 40), word.at);
    l->arg[l->args++] = number;
    return RNL_OK;
}

static rnl_status parse_item(rnl_net *net, piece item, size_t at, bool last)
{
    piece rest = item;
    const piece name = cut(&rest, ' ');
    RNL_FAIL_IF(name.length == 0, RNL_ERR_USAGE, "item %zu is empty", at);
    const rnl_loss_type *loss = rnl_loss_type_find(name.at, name.length);
    if (loss) {
        RNL_FAIL_IF(!last, RNL_ERR_USAGE, "item %zu: \"%s\" is a loss, which only stands last", at,
                    loss->name);
        RNL_FAIL_IF(trim(rest).length, RNL_ERR_USAGE, "item %zu: %s takes no number", at,
                    loss->name);
        net->loss = loss;
        return RNL_OK;
    }
    rnl_layer *l = &net->layer[net->layers];
    l->type = rnl_layer_type_find(name.at, name.length);
    if (!l->type)
        return fail_unknown(name, at);
    for (rest = trim(rest); rest.length; rest = trim(rest))
        RNL_TRY(parse_argument(l, cut(&rest, ' '), at));
    net->layers++;
    return RNL_OK;
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
    }
    RNL_FAIL_IF(config->outputs && width != config->outputs, RNL_ERR_SHAPE,
                "the network gives %zu outputs, but %zu are wanted", width, config->outputs);
    return RNL_OK;
}

static rnl_status parse(rnl_net *net, const char *description, const rnl_net_config *config)
{
    piece rest = {description, strlen(description)};
    RNL_FAIL_IF(rest.length > LONGEST, RNL_ERR_USAGE, "longer than %d bytes", LONGEST);
    size_t items = 1;
    for (size_t i = 0; i < rest.length; i++)
        items += rest.at[i] == ',';
    RNL_FAIL_IF(trim(rest).length == 0, RNL_ERR_USAGE, "no layer in it");
    RNL_FAIL_IF(items > MAX_LAYERS, RNL_ERR_USAGE, "%zu layers; at most %d are allowed", items,
                MAX_LAYERS);
    net->layer = rnl_alloc(items, sizeof *net->layer);
    if (!net->layer)
        return RNL_ERR_MEMORY;
    net->loss = rnl_loss_type_at(0);
    for (size_t at = 1; at <= items; at++)
        RNL_TRY(parse_item(net, trim(cut(&rest, ',')), at, at == items));
    RNL_FAIL_IF(net->layers == 0, RNL_ERR_USAGE, "no layer in it");
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
    }
    rnl_text_add(&text, ", %s", net->loss->name);
    if (text.failed) {
        rnl_free(text.at);
        return RNL_ERR_MEMORY;
    }
    net->description = text.at;
    return RNL_OK;
}

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

static const char *shown(piece word, char text[48])
{
    snprintf(text, 48, "%.*s", (int)(word.length < 40 ? word.length : 40), word.at);
    return text;
}

static bool in_range(const rnl_layer_arg *arg, double number)
{
    return number >= arg->min && (arg->below_max ? number < arg->max : number <= arg->max) &&
           !(arg->integer && number != (double)(long long)number);
}

/* The numbers behind a name, into arg[]; *args: how many there are. The others get their defaults. */
static rnl_status parse_arguments(piece rest, size_t at, const char *name,
                                  const rnl_layer_arg *known, size_t max_args, double *arg,
                                  size_t *args)
{
    char word_text[48];
    for (rest = trim(rest); rest.length; rest = trim(rest)) {
        const piece word = cut(&rest, ' ');
        RNL_FAIL_IF(*args == max_args, RNL_ERR_USAGE,
                    "item %zu: %s takes %s number%s, but \"%s\" follows", at, name,
                    max_args == 0 ? "no" : (max_args == 1 ? "one" : "at most two"),
                    max_args == 2 ? "s" : "", shown(word, word_text));
        const rnl_layer_arg *a = &known[*args];
        double number;
        if (!rnl_parse_number(word.at, word.length, &number) || !in_range(a, number)) {
            char min[32], max[32];
            rnl_format_number(min, sizeof min, a->min, 10);
            rnl_format_number(max, sizeof max, a->max, 10);
            return rnl_fail(RNL_ERR_USAGE,
                            "item %zu: the %s of %s is a%s number from %s to %s%s, not \"%s\"", at,
                            a->name, name, a->integer ? " whole" : "", min,
                            a->below_max ? "below " : "", max, shown(word, word_text));
        }
        arg[(*args)++] = number;
    }
    for (size_t k = *args; k < max_args; k++)
        arg[k] = known[k].otherwise;
    return RNL_OK;
}

static rnl_status parse_item(rnl_net *net, piece item, size_t at, bool last)
{
    piece rest = item;
    const piece name = cut(&rest, ' ');
    RNL_FAIL_IF(name.length == 0, RNL_ERR_USAGE, "item %zu is empty", at);
    const rnl_loss_type *loss = rnl_loss_type_find(name.at, name.length);
    if (loss) {
        size_t args = 0;
        RNL_FAIL_IF(!last, RNL_ERR_USAGE, "item %zu: \"%s\" is a loss, which only stands last", at,
                    loss->name);
        net->loss.type = loss;
        return parse_arguments(rest, at, loss->name, loss->arg, loss->max_args, net->loss.arg,
                               &args);
    }
    rnl_layer *l = &net->layer[net->layers];
    l->type = rnl_layer_type_find(name.at, name.length);
    if (!l->type)
        return fail_unknown(name, at);
    net->layers++;
    return parse_arguments(rest, at, l->type->name, l->type->arg, l->type->max_args, l->arg,
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
    net->loss.type = rnl_loss_type_at(0);
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

/* The shortest text that gives the number back. */
static void add_number(rnl_text *text, double number)
{
    char digits[32];
    double read = 0;
    for (int precision = 1; precision <= 17; precision++) {
        rnl_format_number(digits, sizeof digits, number, precision);
        if (rnl_parse_number(digits, strlen(digits), &read) && read == number)
            break;
    }
    rnl_text_add(text, " %s", digits);
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
            add_number(&text, l->arg[k]);
    }
    const rnl_loss_type *loss = net->loss.type;
    rnl_text_add(&text, ", %s", loss->name);
    if (loss->describe)
        loss->describe(&net->loss, &text);
    for (size_t k = 0; !loss->describe && k < loss->max_args; k++)
        add_number(&text, net->loss.arg[k]);
    if (text.failed) {
        rnl_free(text.at);
        return RNL_ERR_MEMORY;
    }
    net->description = text.at;
    return RNL_OK;
}

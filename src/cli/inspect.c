/* inspect.c - runnel inspect */
#include "checkpoint.h"
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char about[] =
    "Tells what a model file holds: layers, shapes, numbers of parameters, memory, and the "
    "notes about where it comes from. Of a checkpoint: how far its run has come, and with what "
    "settings.";

enum { BATCH = 100 }; /* that the memory of a batch is told for */

static size_t layer_size(const rnl_net *net, const rnl_layer_info *layer)
{
    size_t size = 0;
    for (size_t k = 0; k < layer->parameters; k++) {
        rnl_matrix m = rnl_net_parameter(net, layer->first_parameter + k).value;
        size += m.rows * m.cols;
    }
    return size;
}

/* "W1 784x50, b1 50" */
static void blocks_text(const rnl_net *net, const rnl_layer_info *layer, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t k = 0; k < layer->parameters && used < size; k++) {
        rnl_parameter p = rnl_net_parameter(net, layer->first_parameter + k);
        int n = p.value.rows > 1 ? snprintf(text + used, size - used, "%s%s %zux%zu", k ? ", " : "",
                                            p.name, p.value.rows, p.value.cols)
                                 : snprintf(text + used, size - used, "%s%s %zu", k ? ", " : "",
                                            p.name, p.value.cols);
        used += n > 0 ? (size_t)n : 0;
    }
}

/* Bytes that a pass with n samples needs; 0 where that cannot be told. */
static size_t pass_bytes(const rnl_net *net, size_t n)
{
    rnl_workspace *ws;
    size_t bytes = 0;
    if (rnl_workspace_new(&ws, net, n) == RNL_OK)
        bytes = rnl_workspace_bytes(ws);
    rnl_workspace_free(&ws);
    return bytes;
}

static size_t parameter_bytes(const rnl_net *net)
{
    return rnl_net_size(net) * (rnl_net_dtype(net) == RNL_F64 ? sizeof(double) : sizeof(float));
}

/* A note's lines (names of classes), with commas between. */
static void print_lines(const char *value)
{
    for (;;) {
        const size_t length = strcspn(value, "\n");
        char *line = cli_text("%.*s", (int)length, value);
        cli_print_safely(line);
        free(line);
        if (value[length] == '\0')
            return;
        cli_print(", ");
        value += length + 1;
    }
}

/* "city            1-4  text: London, Paris": of a table, where each column goes. */
static void print_columns(const rnl_columns *columns)
{
    enum { SHOWN = 8 }; /* values */
    static const char *const kinds[] = {[RNL_COLUMN_NUMBER] = "number",
                                        [RNL_COLUMN_TEXT] = "text",
                                        [RNL_COLUMN_TARGET] = "the target",
                                        [RNL_COLUMN_LEFT_OUT] = "left out"};
    cli_print("\ncolumn                   inputs\n");
    for (size_t i = 0; i < rnl_columns_count(columns); i++) {
        const rnl_column_info c = rnl_columns_at(columns, i);
        const bool is_input = c.kind == RNL_COLUMN_NUMBER || c.kind == RNL_COLUMN_TEXT;
        char place[48] = "-";
        if (is_input && c.inputs == 1)
            snprintf(place, sizeof place, "%zu", c.first_input);
        else if (is_input)
            snprintf(place, sizeof place, "%zu-%zu", c.first_input, c.first_input + c.inputs - 1);
        cli_print("%3zu ", i + 1);
        cli_print_safely(c.name ? c.name : "");
        cli_print("%*s %9s   %s", c.name && strlen(c.name) < 17 ? 17 - (int)strlen(c.name) : 0, "",
                  place, kinds[c.kind]);
        cli_print("%s%s", c.percent ? " in percent" : "",
                  c.decimal_comma ? " with a decimal comma" : "");
        if (c.offset != 0)
            cli_print(" less %.15g", c.offset);
        if (!isnan(c.fill))
            cli_print(c.offset != 0 ? ", %.15g where missing" : ", %.6g where missing", c.fill);
        for (size_t k = 0; k < c.value_count && k < SHOWN; k++) {
            cli_print(k ? ", " : ": ");
            cli_print_safely(c.values[k]);
        }
        cli_print(c.value_count > SHOWN ? ", and %zu more\n" : "\n", c.value_count - SHOWN);
    }
}

/* Notes that are told in other words, or are too long for a line: --json has them as they are. */
static bool is_told(const char *key, const char *value)
{
    enum { LONGEST = 200 };
    const bool scaling =
        strcmp(key, "runnel.input.scale") == 0 || strcmp(key, "runnel.input.shift") == 0;
    return strcmp(key, "runnel.input.columns") == 0 || (scaling && strlen(value) > LONGEST);
}

static void print_input(const cli_model *m)
{
    const bool picture = m->channels > 1 || m->height > 1;
    cli_print("input       ");
    if (picture)
        cli_print("%zux%zux%zu", m->channels, m->height, m->width);
    else
        cli_print("%zu number%s", m->width, m->width == 1 ? "" : "s");
    if (m->scales)
        cli_print(", each with its own scale and shift\n");
    else
        cli_print(", %s * %g + %g\n", picture ? "pixel" : "number", m->scale, m->shift);
}

static void print_text(const cli_model *m)
{
    const rnl_net *net = m->net;
    cli_print("file        %s\n", rnl_net_format(net));
    cli_print("network     %s\n", rnl_net_description(net));
    if (m->has_shape)
        print_input(m);
    cli_print("parameters  %zu, %s, %.1f kB\n", rnl_net_size(net), cli_dtype_name(net),
              (double)parameter_bytes(net) / 1e3);
    cli_print("memory      %.1f kB more for 1 sample, %.1f kB for %d\n\n",
              (double)pass_bytes(net, 1) / 1e3, (double)pass_bytes(net, BATCH) / 1e3, BATCH);
    cli_print("layer          inputs  outputs  parameters\n");
    for (size_t i = 0; i < rnl_net_layer_count(net); i++) {
        rnl_layer_info l = rnl_net_layer(net, i);
        char blocks[160];
        blocks_text(net, &l, blocks, sizeof blocks);
        cli_print("%3zu %-8s %9zu %8zu %11zu%s%s\n", i, l.type, l.inputs, l.outputs,
                  layer_size(net, &l), blocks[0] ? "   " : "", blocks);
    }
    if (m->columns)
        print_columns(m->columns);
    if (rnl_net_note_count(net))
        cli_print("\nnotes\n");
    for (size_t i = 0; i < rnl_net_note_count(net); i++) {
        const char *key, *value;
        rnl_net_note_at(net, i, &key, &value);
        if (is_told(key, value))
            continue;
        cli_print("  ");
        cli_print_safely(key);
        cli_print("  ");
        print_lines(value);
        cli_print("\n");
    }
}

/* One number for all inputs, or an array of each one's. */
static json_t *numbers_json(const cli_model *m, double one, const double *each)
{
    if (!each)
        return cli_json_real(one);
    json_t *all = json_array();
    for (size_t i = 0; i < rnl_net_inputs(m->net); i++)
        json_array_append_new(all, cli_json_real(each[i]));
    return all;
}

static void print_json(const cli_model *m)
{
    const rnl_net *net = m->net;
    json_t *layers = json_array(), *notes = json_object(), *input = json_null();
    for (size_t i = 0; i < rnl_net_layer_count(net); i++) {
        rnl_layer_info l = rnl_net_layer(net, i);
        json_t *blocks = json_array();
        for (size_t k = 0; k < l.parameters; k++) {
            rnl_parameter p = rnl_net_parameter(net, l.first_parameter + k);
            json_array_append_new(blocks,
                                  json_pack("{ss ss s[II]}", "name", p.name, "key", p.key, "shape",
                                            (json_int_t)p.value.rows, (json_int_t)p.value.cols));
        }
        json_array_append_new(layers,
                              json_pack("{ss sI sI sI so}", "type", l.type, "inputs",
                                        (json_int_t)l.inputs, "outputs", (json_int_t)l.outputs,
                                        "size", (json_int_t)layer_size(net, &l), "blocks", blocks));
    }
    for (size_t i = 0; i < rnl_net_note_count(net); i++) {
        const char *key, *value;
        rnl_net_note_at(net, i, &key, &value);
        json_object_set_new(notes, key, json_string(value));
    }
    if (m->has_shape)
        input = json_pack("{s[III] so so}", "shape", (json_int_t)m->channels, (json_int_t)m->height,
                          (json_int_t)m->width, "scale", numbers_json(m, m->scale, m->scales),
                          "shift", numbers_json(m, m->shift, m->shifts));
    cli_print_json(
        json_pack("{so ss ss sI ss sI sI so so so}", "file", cli_json_text(m->path), "format",
                  rnl_net_format(net), "net", rnl_net_description(net), "parameters",
                  (json_int_t)rnl_net_size(net), "dtype", cli_dtype_name(net), "parameter_bytes",
                  (json_int_t)parameter_bytes(net), "pass_bytes", (json_int_t)pass_bytes(net, 1),
                  "input", input, "layers", layers, "notes", notes));
}

int cli_inspect(int argc, char **argv)
{
    const char *net = NULL;
    bool json = false;
    cli_model model = {0};
    cli_option options[] = {CLI_OPTION_NET(&net), CLI_OPTION_JSON(&json)};
    cli_usage usage = {.synopsis = "MODEL [OPTION...]",
                       .about = about,
                       CLI_TABLE(options),
                       CLI_ONE_WORD("which model? runnel inspect model.safetensors")};
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        return end;
    if (cli_is_checkpoint(argv[0]))
        return cli_checkpoint_inspect(argv[0], json);
    end = cli_model_open(&model, argv[0], net, NULL);
    if (end < 0) {
        end = CLI_OK;
        if (json)
            print_json(&model);
        else
            print_text(&model);
    }
    cli_model_free(&model);
    return end;
}

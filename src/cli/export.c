/* export.c - runnel export */
#define _GNU_SOURCE
#include "model.h"
#include "reads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char about[] =
    "Writes a network down for a place where runnel is not: as C source that needs no library, "
    "not even libc, or as an ONNX file. The scaling of the input that the model file tells is "
    "part of what is written, so it takes numbers as they are stored. Files of an earlier export "
    "are replaced, others are not.";

enum { VECTORS_MOST = 10000 };

/* What each format writes, for people, and what stands near the beginning of each of these files; the library knows
 * the formats. */
static const struct {
    const char *format;
    struct {
        const char *ending, *mark;
    } file[3];
} files[] = {
    {"c",
     {{".h", " written by runnel "},
      {".c", " Written by runnel "},
      {"_test.c", " what it should on this machine?"}}}, /* with --test-vectors */
    {"onnx", {{".onnx", "\x12\x06runnel"}}},             /* the field of the producer's name */
};

typedef struct settings {
    const char *format, *name, *folder, *net, *quantize;
    bool probabilities, json;
    size_t test_vectors;
} settings;

/* The path of the k-th file that is written, to be freed, and its mark (or NULL); NULL after the last. */
static char *file_at(const settings *s, size_t k, const char **mark)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (strcmp(files[i].format, s->format) == 0 && k < 3 && files[i].file[k].ending &&
            (k < 2 || s->test_vectors > 0)) {
            if (mark)
                *mark = files[i].file[k].mark;
            return cli_text("%s%s%s%s", s->folder ? s->folder : "", s->folder ? "/" : "", s->name,
                            files[i].file[k].ending);
        }
    return NULL;
}

/* Is there no such file, or one of an earlier export? What else is called so is somebody's own. */
static bool can_replace(const char *path, const char *mark)
{
    char head[512];
    struct stat info;
    FILE *f = stat(path, &info) == 0 && S_ISREG(info.st_mode) ? fopen(path, "rb") : NULL;
    if (!f)
        return true; /* what is wrong with it is told when it is written */
    const size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    const bool good = n == 0 || memmem(head, n, mark, strlen(mark)) != NULL;
    if (!good)
        cli_error("%s: the file is there and is not of runnel export, so it is not replaced; "
                  "another name: --name NAME",
                  path);
    return good;
}

/* The model is none of the files that are written, and neither is what somebody else wrote. */
static int check_files(const settings *s, const char *model)
{
    const cli_read reads = {"MODEL", model, false};
    const char *mark;
    int end = -1;
    char *path;
    for (size_t k = 0; end < 0 && (path = file_at(s, k, &mark)) != NULL; k++) {
        end = cli_spare_reads("--name", path, &reads, 1);
        if (end < 0 && !can_replace(path, mark))
            end = CLI_FAILED;
        free(path);
    }
    return end;
}

static void print_files(const settings *s, const char *model)
{
    json_t *list = json_array();
    char *path;
    for (size_t k = 0; (path = file_at(s, k, NULL)) != NULL; k++) {
        json_array_append_new(list, cli_json_text(path));
        if (!s->json) {
            cli_print_safely(path);
            cli_print("\n");
        }
        free(path);
    }
    if (s->json)
        cli_print_json(json_pack("{so ss so}", "model", cli_json_text(model), "format", s->format,
                                 "files", list));
    else
        json_decref(list);
}

/* What is written takes the inputs of these columns less a number, which single precision would not hold otherwise. */
static void tell_offsets(const rnl_net *net)
{
    const char *note = rnl_net_note(net, "runnel.input.columns");
    rnl_columns *columns = NULL;
    if (!note || rnl_columns_from_text(&columns, note) != RNL_OK)
        return;
    for (size_t i = 0; i < rnl_columns_count(columns); i++) {
        const rnl_column_info c = rnl_columns_at(columns, i);
        if (c.kind == RNL_COLUMN_NUMBER && c.offset != 0)
            cli_message("input %zu is %s less %.15g", c.first_input, c.name ? c.name : "a column",
                        c.offset);
    }
    rnl_columns_free(&columns);
}

static int export(const settings *s, const char *path)
{
    const int end = check_files(s, path);
    if (end >= 0)
        return end;
    rnl_net *net;
    rnl_status status = rnl_net_load(&net, path, s->net, NULL);
    if (status != RNL_OK)
        return cli_error_of_model(status, NULL);
    const rnl_export_options options = {.name = s->name,
                                        .probabilities = s->probabilities,
                                        .int8 = s->quantize != NULL,
                                        .test_vectors = s->test_vectors};
    status = rnl_net_export(net, s->format, s->folder, &options);
    if (status == RNL_OK)
        tell_offsets(net);
    rnl_net_free(&net);
    if (status != RNL_OK) {
        const bool name = strncmp(rnl_error_text(), "the name ", strlen("the name ")) == 0;
        return cli_library_error(status, name ? "--name" : status == RNL_ERR_IO ? NULL : path);
    }
    print_files(s, path);
    return CLI_OK;
}

int cli_export(int argc, char **argv)
{
    const char *formats[CLI_NAMES + 1];
    cli_names(formats, rnl_export_format);
    static const char *const widths[] = {"int8", NULL};
    settings s = {.format = formats[0], .name = "model"};
    /* clang-format off */
    cli_option options[] = {
        {.name = "to", .kind = CLI_CHOICE, .value = &s.format, .choices = formats,
         .also = "format type", .help = "What is written"},
        {.name = "name", .kind = CLI_TEXT, .value = &s.name, .argument = "NAME",
         .also = "prefix out output",
         .help = "Of the files and of all symbols in them: a letter, then letters, digits and _, which is not "
                 "last and does not come twice in a row; 64 at most"},
        {.name = "folder", .kind = CLI_TEXT, .value = &s.folder, .argument = "FOLDER",
         .also = "directory dir", .when_absent = "the current one", .help = "Where the files go"},
        {.name = "probabilities", .kind = CLI_FLAG, .value = &s.probabilities, .also = "softmax sigmoid",
         .help = "The outputs are probabilities; else what the last layer gives"},
        {.name = "quantize", .kind = CLI_CHOICE, .value = &s.quantize, .choices = widths, .also = "quantise int8",
         .when_absent = "32-bit floats", .help = "C: weights in 8 bits, about a quarter of the size"},
        {.name = "test-vectors", .kind = CLI_SIZE, .value = &s.test_vectors, .argument = "N",
         .most = VECTORS_MOST, .also = "test tests vectors",
         .help = "C: also NAME_test.c, a program that checks the result on N samples"},
        CLI_OPTION_NET(&s.net),
        CLI_OPTION_JSON(&s.json),
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "MODEL [OPTION...]",
                       .about = about,
                       CLI_TABLE(options),
                       CLI_ONE_WORD("which model? runnel export model.safetensors --to c")};
    int end = cli_parse(&usage, argc, argv);
    return end >= 0 ? end : export(&s, argv[0]);
}

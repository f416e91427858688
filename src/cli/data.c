/* data.c - runnel data: a look at data before anything is learnt from it */
#include "data_files.h"
#include "data_scan.h"
#include "data_table.h"
#include "folders.h"
#include "model.h"
#include "reads.h"
#include "sheet.h"
#include "text_width.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char about[] =
    "Looks at data before anything is learnt from it: samples, inputs and their ranges, missing "
    "and constant values, the balance of the classes, samples that come twice or stand in both "
    "parts. DATA is what --data of runnel train takes.";

enum {
    INPUTS_SHOWN = 40,
    CLASSES_SHOWN = 100,
    NAME_WIDTH = 28,
    CLASS_WIDTH = 20,
    SHEET_COLUMNS = 16,
    SHEET_ROWS = 10
};

typedef struct look {
    const cli_data *data;
    const char *path;
    cli_scan train, test; /* the latter all zero where there is none */
} look;

/* ---- names ---------------------------------------------------------------------------------------------- */

static void class_name(const rnl_dataset *set, size_t k, char *text, size_t size)
{
    const char *names = rnl_dataset_class_names(set);
    for (size_t i = 0; names && i < k; i++) {
        names = strchr(names, '\n');
        names = names ? names + 1 : NULL;
    }
    if (names)
        snprintf(text, size, "%.*s", (int)strcspn(names, "\n"), names);
    else
        snprintf(text, size, "%zu", k);
}

/* "width", or "colour = red" of a text; or its number from 1. */
static void input_name(const look *l, size_t j, char *text, size_t size)
{
    const rnl_columns *columns = l->data->columns;
    snprintf(text, size, "%zu", j + 1);
    for (size_t i = 0; columns && i < rnl_columns_count(columns); i++) {
        const rnl_column_info c = rnl_columns_at(columns, i);
        if ((c.kind != RNL_COLUMN_NUMBER && c.kind != RNL_COLUMN_TEXT) || j < c.first_input ||
            j >= c.first_input + c.inputs)
            continue;
        char number[CLI_NUMBER];
        snprintf(number, sizeof number, "column %zu", i + 1);
        const char *name = c.name ? c.name : number;
        if (c.kind == RNL_COLUMN_TEXT)
            snprintf(text, size, "%s = %s", name, c.values[j - c.first_input]);
        else
            snprintf(text, size, "%s", name);
    }
}

/* ---- text ----------------------------------------------------------------------------------------------- */

static void print_number(double v)
{
    char text[CLI_NUMBER];
    snprintf(text, sizeof text, fabs(v) < 1e5 ? "%.5g" : "%.13g", v); /* all of a time or a key */
    cli_print(" %11s", text);
}

static void print_inputs(const look *l)
{
    const cli_scan *s = &l->train;
    if (s->info.height > 1 || s->info.channels > 1)
        return;
    cli_print("\n%-*s %11s %11s %11s %11s\n", NAME_WIDTH, "input", "least", "most", "mean",
              "deviation");
    for (size_t j = 0; j < s->info.features && j < INPUTS_SHOWN; j++) {
        const cli_feature *f = &s->features[j];
        char name[256];
        input_name(l, j, name, sizeof name);
        cli_cut_text(name, NAME_WIDTH);
        for (char *c = name; *c; c++)
            *c = (unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c;
        cli_print_padded(name, NAME_WIDTH);
        print_number(f->least);
        print_number(f->most);
        print_number(f->mean);
        print_number(f->deviation);
        if (f->not_finite && l->data->table)
            cli_print("  %zu missing\n", f->not_finite);
        else
            cli_print("%s\n", f->not_finite         ? "  not finite"
                              : f->least == f->most ? "  constant"
                                                    : "");
    }
    if (s->info.features > INPUTS_SHOWN)
        cli_print("... and %zu more (--json has them all)\n", s->info.features - INPUTS_SHOWN);
}

static void print_classes(const look *l)
{
    const cli_scan *train = &l->train, *test = &l->test;
    if (train->info.class_count == 0)
        return;
    cli_print("\n%-*s %9s %7s%s\n", CLASS_WIDTH, "class", "samples", "%",
              test->info.n ? "      test       %" : "");
    for (size_t k = 0; k < train->info.class_count && k < CLASSES_SHOWN; k++) {
        char name[256];
        class_name(l->data->train, k, name, sizeof name);
        cli_print_padded(name, CLASS_WIDTH);
        cli_print(" %9zu %7.2f", train->class_counts[k],
                  100.0 * (double)train->class_counts[k] / (double)train->info.n);
        if (test->info.n && k < test->info.class_count)
            cli_print(" %9zu %7.2f", test->class_counts[k],
                      100.0 * (double)test->class_counts[k] / (double)test->info.n);
        cli_print("\n");
    }
    if (train->info.class_count > CLASSES_SHOWN)
        cli_print("... and %zu more (--json has them all)\n",
                  train->info.class_count - CLASSES_SHOWN);
}

static void print_constant(const cli_scan *s, const look *l)
{
    cli_print("constant    %zu of %zu inputs", s->constant, s->info.features);
    size_t shown = 0;
    if (s->info.height == 1 && s->constant)
        for (size_t j = 0; j < s->info.features && shown < 5; j++)
            if (s->features[j].least == s->features[j].most && !s->features[j].not_finite) {
                char name[80];
                input_name(l, j, name, sizeof name);
                cli_print(shown++ ? ", " : ": ");
                cli_print_safely(name);
            }
    cli_print("%s\n", shown < s->constant && shown ? ", ..." : "");
}

static void print_text(const look *l)
{
    const cli_scan *train = &l->train, *test = &l->test;
    char shape[64];
    cli_shape_text(&train->info, shape, sizeof shape);
    cli_print("data        ");
    cli_print_safely(l->path);
    cli_print("\nsamples     %zu", train->info.n);
    if (test->info.n)
        cli_print(" to train, %zu to test", test->info.n);
    cli_print("\ninputs      %s, %g to %g, mean %.5g%s\n", shape, train->all.least, train->all.most,
              train->all.mean, train->all.whole ? ", whole numbers" : "");
    if (train->info.target_width)
        cli_print("targets     %zu, %g to %g, mean %.5g, deviation %.5g\n",
                  train->info.target_width, train->target.least, train->target.most,
                  train->target.mean, train->target.deviation);
    else if (train->info.class_count)
        cli_print("classes     %zu\n", train->info.class_count);
    else
        cli_print("targets     none\n");
    const size_t missing = l->data->table ? rnl_table_missing(l->data->table) : 0;
    cli_print("missing     %zu cell%s\n", missing, missing == 1 ? "" : "s");
    if (!l->data->table && train->all.not_finite + test->all.not_finite)
        cli_print("not finite  %zu values\n", train->all.not_finite + test->all.not_finite);
    print_constant(train, l);
    cli_print("duplicates  %zu sample%s%s", train->duplicates, train->duplicates == 1 ? "" : "s",
              test->info.n ? " to train" : "");
    if (train->contradictions)
        cli_print(", %zu of them with another class", train->contradictions);
    if (test->info.n)
        cli_print("; %zu to test; %zu to test stand among those to train", test->duplicates,
                  cli_scan_shared(train, test));
    cli_print("\n");
    print_classes(l);
    print_inputs(l);
}

/* ---- JSON ----------------------------------------------------------------------------------------------- */

static json_t *json_feature(const cli_feature *f)
{
    return json_pack("{so so so so sI}", "least", cli_json_real(f->least), "most",
                     cli_json_real(f->most), "mean", cli_json_real(f->mean), "deviation",
                     cli_json_real(f->deviation), "not_finite", (json_int_t)f->not_finite);
}

static json_t *json_part(const look *l, const cli_scan *s)
{
    json_t *inputs = json_array(), *classes = json_array();
    char name[256];
    for (size_t j = 0; j < s->info.features; j++) {
        json_t *f = json_feature(&s->features[j]);
        input_name(l, j, name, sizeof name);
        json_object_set_new(f, "name", cli_json_text(name));
        json_array_append_new(inputs, f);
    }
    for (size_t k = 0; k < s->info.class_count; k++) {
        class_name(l->data->train, k, name, sizeof name);
        json_array_append_new(classes, json_pack("{so sI}", "name", cli_json_text(name), "samples",
                                                 (json_int_t)s->class_counts[k]));
    }
    return json_pack("{sI sI sI sI so so so}", "samples", (json_int_t)s->info.n, "constant",
                     (json_int_t)s->constant, "duplicates", (json_int_t)s->duplicates,
                     "contradictions", (json_int_t)s->contradictions, "classes", classes, "target",
                     s->info.target_width ? json_feature(&s->target) : json_null(), "inputs",
                     inputs);
}

static void print_json(const look *l)
{
    enum { DIGITS = 15 }; /* tell large keys apart */
    const rnl_dataset_info info = l->train.info;
    const bool test = l->test.info.n > 0;
    cli_print_json_digits(
        json_pack("{so s[III] sI so so so}", "data", cli_json_text(l->path), "shape",
                  (json_int_t)info.channels, (json_int_t)info.height, (json_int_t)info.width,
                  "missing", (json_int_t)(l->data->table ? rnl_table_missing(l->data->table) : 0),
                  "train", json_part(l, &l->train), "test",
                  test ? json_part(l, &l->test) : json_null(), "test_in_train",
                  test ? json_integer((json_int_t)cli_scan_shared(&l->train, &l->test))
                       : json_null()),
        DIGITS);
}

/* ---- the sheet of pictures ------------------------------------------------------------------------------- */

/* A row for each class, of its first samples; without classes the first samples of all. */
static int write_sheet(const look *l, const char *path)
{
    const rnl_dataset *set = l->data->train;
    const rnl_dataset_info info = l->train.info;
    const int32_t *classes = rnl_dataset_classes(set);
    if (info.height == 1) {
        cli_error("--sheet: these samples are no pictures");
        return CLI_WRONG_USAGE;
    }
    const size_t rows = classes && info.class_count < SHEET_ROWS ? info.class_count : SHEET_ROWS;
    cli_sheet sheet =
        cli_sheet_new(&info, rows, SHEET_COLUMNS, 1, l->train.all.least, l->train.all.most);
    float *x = cli_alloc(info.features, sizeof *x);
    size_t *used = cli_alloc(rows, sizeof *used);
    rnl_status status = RNL_OK;
    for (size_t i = 0; i < info.n && status == RNL_OK; i++) {
        const size_t row = classes ? (size_t)classes[i] : i / SHEET_COLUMNS;
        if (row >= rows || used[row] == SHEET_COLUMNS)
            continue;
        status = rnl_dataset_gather(set, NULL, i, rnl_matrix_f32(x, 1, info.features));
        cli_sheet_put(&sheet, row, used[row]++, x);
    }
    if (status == RNL_OK)
        status = cli_sheet_save(&sheet, path);
    cli_sheet_free(&sheet);
    free(x);
    free(used);
    return status == RNL_OK ? CLI_OK : cli_library_error(status, "--sheet");
}

/* Can it be written without loss to the data, or to another file? */
static int check_sheet(const cli_data_choice *c, const char *sheet)
{
    cli_read reads[CLI_DATA_READS];
    cli_data_reads(c, "DATA", reads);
    const int end = cli_spare_reads("--sheet", sheet, reads, CLI_DATA_READS);
    if (end >= 0)
        return end;
    return cli_can_write("sheet", sheet) && cli_can_replace_png("sheet", sheet) ? -1 : CLI_FAILED;
}

/* ---- the verb -------------------------------------------------------------------------------------------- */

/* What to add to the inputs of a table, so that they are its cells; to be freed. NULL: no table. */
static double *offsets_of(const rnl_columns *columns)
{
    if (!columns)
        return NULL;
    double *offsets = cli_alloc(rnl_columns_describe(columns).inputs, sizeof *offsets);
    for (size_t i = 0; i < rnl_columns_count(columns); i++) {
        const rnl_column_info c = rnl_columns_at(columns, i);
        if (c.kind == RNL_COLUMN_NUMBER)
            offsets[c.first_input] = c.offset;
    }
    return offsets;
}

static int look_at(const cli_data *data, const char *path, const char *sheet, bool json)
{
    look l = {.data = data, .path = path};
    int end = CLI_OK;
    double *offsets = offsets_of(data->columns);
    rnl_status status = cli_scan_set(&l.train, data->train, offsets);
    if (status == RNL_OK && data->test)
        status = cli_scan_set(&l.test, data->test, offsets);
    free(offsets);
    if (status != RNL_OK)
        end = cli_library_error(status, path);
    else
        (json ? print_json : print_text)(&l);
    if (status == RNL_OK && sheet)
        end = write_sheet(&l, sheet);
    cli_scan_free(&l.train);
    cli_scan_free(&l.test);
    return end;
}

int cli_look(int argc, char **argv)
{
    cli_data_choice c = {.raw_pixels = true,
                         .just_look = true,
                         .as_stored = true,
                         .missing_otherwise = RNL_MISSING_KEEP};
    const char *sheet = NULL;
    bool json = false;
    cli_data data = {0};
    c.table.split_seed = 1;
    /* clang-format off */
    cli_option options[] = {
        CLI_OPTION_LABELS(&c),
        {.name = "test", .kind = CLI_TEXT, .value = &c.test, .argument = "FILE", .also = "test-data",
         .help = "Samples to test with, in the format of DATA"},
        {.name = "test-labels", .kind = CLI_TEXT, .value = &c.test_labels, .argument = "FILE",
         .help = "IDX or npy file with their classes or targets"},
        CLI_OPTION_LIMIT(&c, "The first N samples only"),
        {.name = "sheet", .kind = CLI_TEXT, .value = &sheet, .argument = "FILE", .also = "pictures picture png",
         .help = "Write a PNG picture of the first samples of each class, where they are pictures"},
        CLI_OPTION_JSON(&json),
        CLI_OPTIONS_TABLE(&c.table, "counted, and left out of the numbers", "none"),
        CLI_OPTIONS_PICTURES(&c),
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "DATA [OPTION...]",
                       .about = about,
                       CLI_TABLE(options),
                       CLI_ONE_WORD("which data? runnel data my.csv")};
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        return end;
    c.data = argv[0];
    c.test_limit = c.limit;
    end = sheet ? check_sheet(&c, sheet) : -1;
    if (end >= 0)
        return end;
    if (!c.table.prepare)
        c.table.prepare = "none";
    if (!c.test)
        cli_say_not_read(c.data, "; --test FOLDER looks at another one");
    cli_be_quiet(true); /* what was found out is said below */
    end = cli_data_open(&data, &c, CLI_TRAIN_PART | CLI_TEST_PART, false);
    if (end < 0)
        end = look_at(&data, c.data, sheet, json);
    cli_data_free(&data);
    return end;
}

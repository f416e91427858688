/* table.c - a table becomes data sets: what its columns are is learnt here
 *
 * Texts are numbered as they come while the rows are read; once all are known, each becomes as many inputs as
 * its column has different ones. A target of numbers is classes where it looks like that: at most 20 whole
 * numbers that come three times each on the average. */
#include "data/table.h"

#include "base/text.h"
#include "data/csv_look.h"
#include "data/table_rows.h"

#include <math.h>
#include <string.h>

enum { CLASSES_LIKELY = 20, TIMES_LIKELY = 3, CLASSES_MOST = 10000 };

struct rnl_table {
    rnl_dataset *whole, *train, *test; /* train NULL: it is the whole */
    rnl_columns *columns;
    rnl_prepare prepared;
    size_t filled;
};

void rnl_table_free(rnl_table **table)
{
    if (!table || !*table)
        return;
    rnl_dataset_free(&(*table)->train);
    rnl_dataset_free(&(*table)->test);
    rnl_dataset_free(&(*table)->whole);
    rnl_columns_free(&(*table)->columns);
    rnl_free(*table);
    *table = NULL;
}

rnl_dataset *rnl_table_train(const rnl_table *table)
{
    return table->train ? table->train : table->whole;
}

rnl_dataset *rnl_table_test(const rnl_table *table)
{
    return table->test;
}

const rnl_columns *rnl_table_columns(const rnl_table *table)
{
    return table->columns;
}

rnl_prepare rnl_table_prepared(const rnl_table *table)
{
    return table->prepared;
}

size_t rnl_table_missing(const rnl_table *table)
{
    return table->filled;
}

/* ---- targets ------------------------------------------------------------------------------------------ */

/* Where the number stands, or should, in an ascending array. */
static size_t place(const double *sorted, size_t n, double number)
{
    size_t low = 0;
    while (n > 0) {
        const size_t half = n / 2;
        if (sorted[low + half] < number) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

/* The different numbers of the targets into sorted: [most]; *count is most + 1 where there are more. */
static void different(const rnl_table_rows *rows, double *sorted, size_t most, bool whole,
                      size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const double number = rows->targets[i].number;
        const size_t at = place(sorted, *count, number);
        if (at < *count && sorted[at] == number)
            continue;
        if (*count == most || (whole && number != floor(number))) {
            *count = most + 1;
            return;
        }
        memmove(sorted + at + 1, sorted + at, (*count - at) * sizeof *sorted);
        sorted[at] = number;
        ++*count;
    }
}

/* Classes 0 to count - 1, whichever of them the table has. */
static rnl_status take_class_numbers(rnl_columns *c, rnl_table_rows *rows, const char *name,
                                     size_t count)
{
    for (size_t i = 0; i < rows->n; i++) {
        const double number = rows->targets[i].number;
        RNL_FAIL_IF(number != floor(number) || number < 0 || number >= (double)count,
                    RNL_ERR_FORMAT,
                    "%s: the target of row %zu is %.17g, and the network's classes are the numbers "
                    "0 to %zu",
                    name, i + 1, number, count - 1);
    }
    for (size_t k = 0, at; k < count; k++) {
        char text[RNL_NUMBER_NAME];
        rnl_number_name((double)k, text);
        RNL_TRY(rnl_words_add(&c->column[c->target].values, text, strlen(text), &at));
    }
    for (size_t i = 0; i < rows->n; i++)
        rows->targets[i].class = (int32_t)rows->targets[i].number;
    c->classes = true;
    return RNL_OK;
}

/* Decides whether numbers are classes, and makes them so. */
static rnl_status classes_of_numbers(rnl_columns *c, rnl_table_rows *rows, const char *name,
                                     const rnl_table_options *o)
{
    if (c->classes || o->task == RNL_TABLE_NUMBERS)
        return RNL_OK;
    if (o->class_count && o->class_count <= CLASSES_MOST)
        return take_class_numbers(c, rows, name, o->class_count);
    const bool likely_only = o->task == RNL_TABLE_TASK_AUTO;
    const size_t most = likely_only ? CLASSES_LIKELY : CLASSES_MOST;
    double *sorted = rnl_alloc(most, sizeof *sorted);
    size_t count;
    if (!sorted)
        return RNL_ERR_MEMORY;
    different(rows, sorted, most, likely_only, &count);
    rnl_status status = RNL_OK;
    c->classes = count <= most && (!likely_only || count * TIMES_LIKELY <= rows->n);
    if (!likely_only && !c->classes)
        status = rnl_fail(RNL_ERR_USAGE,
                          "%s: its target has more than %d different numbers, too many "
                          "for classes",
                          name, CLASSES_MOST);
    rnl_words *values = &c->column[c->target].values;
    for (size_t k = 0, at; status == RNL_OK && c->classes && k < count; k++) {
        char text[RNL_NUMBER_NAME];
        rnl_number_name(sorted[k], text);
        status = rnl_words_add(values, text, strlen(text), &at);
    }
    for (size_t i = 0; status == RNL_OK && c->classes && i < rows->n; i++)
        rows->targets[i].class = (int32_t)place(sorted, count, rows->targets[i].number);
    rnl_free(sorted);
    return status;
}

static rnl_status check_numbers(const rnl_table_rows *rows, const char *name)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < rows->n; i++) {
        least = fmin(least, rows->targets[i].number);
        most = fmax(most, rows->targets[i].number);
    }
    return rnl_check_target_range(least, most, RNL_STEPS_LEAST, name);
}

/* Fewer texts than the network knows classes: nobody knows which ones. */
static rnl_status check_known(const rnl_columns *c, const char *name, const rnl_table_options *o)
{
    const rnl_words *found = &c->column[c->target].values;
    char values[RNL_WORDS_SHOWN];
    RNL_FAIL_IF(!o->class_names && found->count < o->class_count, RNL_ERR_FORMAT,
                "%s: its target has %zu of the %zu classes that the network tells apart, and their "
                "names do not tell "
                "which: %s",
                name, found->count, o->class_count, rnl_words_show(found, values));
    return RNL_OK;
}

/* Classes in the order of their names. */
static rnl_status sort_classes(rnl_columns *c, rnl_table_rows *rows)
{
    uint32_t *moved;
    RNL_TRY(rnl_words_sort(&c->column[c->target].values, &moved));
    for (size_t i = 0; i < rows->n; i++)
        rows->targets[i].class = (int32_t)moved[rows->targets[i].class];
    rnl_free(moved);
    return RNL_OK;
}

/* "a\nb\nc" */
static rnl_status name_classes(rnl_dataset *set, const rnl_words *values)
{
    rnl_text names = {0};
    for (size_t k = 0; k < values->count; k++)
        rnl_text_add(&names, "%s%s", k ? "\n" : "", values->word[k]);
    const rnl_status status =
        names.failed ? RNL_ERR_MEMORY : rnl_dataset_set_class_names(set, names.at);
    rnl_free(names.at);
    return status;
}

/* ---- inputs ------------------------------------------------------------------------------------------- */

/* Texts, numbered as they came, become inputs in the order of their values. */
static rnl_status expand_texts(rnl_columns *c, rnl_table_rows *rows, const rnl_csv *csv,
                               const rnl_input *input)
{
    RNL_TRY(rnl_table_check_size(csv, input, rows->n, c->inputs));
    float *x = rnl_alloc(rows->n, c->inputs * sizeof *x);
    if (!x)
        return rnl_fail_prefix(RNL_ERR_MEMORY, csv->name);
    rnl_status status = RNL_OK;
    size_t from = 0;
    for (size_t j = 0; status == RNL_OK && j < c->count; j++) {
        rnl_column *column = &c->column[j];
        uint32_t *moved = NULL;
        if (column->kind != RNL_COLUMN_NUMBER && column->kind != RNL_COLUMN_TEXT)
            continue;
        if (column->kind == RNL_COLUMN_TEXT)
            status = rnl_words_sort(&column->values, &moved);
        for (size_t i = 0; status == RNL_OK && i < rows->n; i++) {
            const float v = rows->x[i * rows->width + from];
            float *x_i = x + i * c->inputs + column->input;
            if (!moved)
                *x_i = v;
            else if (v >= 0)
                x_i[moved[(size_t)v]] = 1;
        }
        rnl_free(moved);
        from++;
    }
    rnl_free(rows->x);
    rows->x = x;
    rows->width = c->inputs;
    return status;
}

/* The rows go over to a set. */
static rnl_status make_set(rnl_dataset **set, rnl_table_rows *rows, const rnl_columns *c)
{
    RNL_TRY(rnl_dataset_new(set));
    rnl_dataset *s = *set;
    s->info.n = rows->n;
    s->info.features = s->info.width = rows->width;
    s->info.channels = s->info.height = 1;
    s->owned[0] = rows->x;
    s->floats = rows->x;
    rows->x = NULL;
    void *targets = s->owned[1] = rnl_alloc(rows->n, sizeof(float));
    if (!targets)
        return RNL_ERR_MEMORY;
    if (!c->classes) {
        float *t = targets;
        for (size_t i = 0; i < rows->n; i++)
            t[i] = (float)rows->targets[i].number;
        s->targets = t;
        s->info.target_width = 1;
        return RNL_OK;
    }
    int32_t *t = targets;
    for (size_t i = 0; i < rows->n; i++)
        t[i] = rows->targets[i].class;
    s->classes = t;
    s->info.class_count = c->column[c->target].values.count;
    return name_classes(s, &c->column[c->target].values);
}

/* The mean of each column of numbers over the training part, where it is wanted; what is missing gets it, here or
 * in other tables. */
static rnl_status fill_in(rnl_columns *c, rnl_dataset *whole, const rnl_dataset *train)
{
    char shown[RNL_COLUMN_SHOWN];
    float *x = whole->owned[0];
    const size_t m = whole->info.features;
    for (size_t j = 0; j < c->count; j++) {
        rnl_column *column = &c->column[j];
        if (column->kind != RNL_COLUMN_NUMBER)
            continue;
        double mean = 0, count = 0;
        for (size_t i = 0; i < train->info.n; i++) {
            const double v = (double)x[rnl_dataset_stored(train, i) * m + column->input];
            if (!isnan(v))
                mean += (v - mean) / ++count;
        }
        RNL_FAIL_IF(c->missing == RNL_MISSING_MEAN && count == 0, RNL_ERR_FORMAT,
                    "all cells of column %zu (%s) are missing in the training part, so that it has "
                    "no mean: it should be left out",
                    j + 1, rnl_column_show(c, j, shown));
        column->fill = c->missing == RNL_MISSING_MEAN   ? (double)(float)mean + column->offset
                       : c->missing == RNL_MISSING_KEEP ? NAN
                                                        : 0;
        for (size_t i = 0; i < whole->info.n; i++)
            if (isnan(x[i * m + column->input]))
                x[i * m + column->input] = (float)(column->fill - column->offset);
    }
    return RNL_OK;
}

/* ---- the table ---------------------------------------------------------------------------------------- */

static rnl_status read_rows(rnl_table *t, rnl_csv *csv, const rnl_input *input,
                            const rnl_table_options *o, rnl_table_rows *rows)
{
    rnl_columns *c = t->columns;
    rnl_row_reader reader = {0};
    rnl_record first;
    RNL_TRY(rnl_csv_open(csv, input, c->separator));
    RNL_TRY(rnl_csv_next(csv, &first));
    if (c->header)
        first = (rnl_record){0};
    rnl_status status = rnl_row_reader_learn(&reader, csv, c);
    for (size_t j = 0; j < c->count; j++)
        rows->width +=
            c->column[j].kind == RNL_COLUMN_NUMBER || c->column[j].kind == RNL_COLUMN_TEXT;
    if (status == RNL_OK)
        status = rnl_table_rows_read(rows, &reader, input, first, o->limit);
    t->filled = reader.filled;
    rnl_row_reader_free(&reader);
    RNL_TRY(status);
    for (size_t j = 0; j < c->count; j++)
        if (c->column[j].kind == RNL_COLUMN_TEXT && c->column[j].values.count == 0)
            return rnl_fail(
                RNL_ERR_FORMAT,
                "%s: all cells of column %zu, a text, are missing: it should be left out",
                csv->name, j + 1);
    if (c->classes && !o->class_names)
        RNL_TRY(sort_classes(c, rows));
    else
        RNL_TRY(classes_of_numbers(c, rows, csv->name, o));
    RNL_TRY(c->classes ? check_known(c, csv->name, o) : check_numbers(rows, csv->name));
    RNL_TRY(rnl_columns_finish(c)); /* counts the inputs */
    if (c->inputs != rows->width)
        return expand_texts(c, rows, csv, input);
    for (size_t j = 0; j < c->count; j++) /* a text of one value is one number, too */
        if (c->column[j].kind == RNL_COLUMN_TEXT)
            return expand_texts(c, rows, csv, input);
    return RNL_OK;
}

static rnl_status make_parts(rnl_table *t, const rnl_table_options *o)
{
    if (o->test_share != 0)
        RNL_TRY(rnl_dataset_split(t->whole, o->test_share, o->seed, &t->train, &t->test));
    rnl_dataset *train = rnl_table_train(t);
    if (t->columns->missing != RNL_MISSING_REFUSE)
        RNL_TRY(fill_in(t->columns, t->whole, train));
    RNL_TRY(rnl_columns_finish(t->columns));
    RNL_TRY(rnl_dataset_prepare(train, o->prepare, &t->prepared));
    if (!t->test)
        return RNL_OK;
    return rnl_dataset_set_scaling(t->test, rnl_dataset_scales(train), rnl_dataset_shifts(train));
}

rnl_status rnl_table_decode(rnl_table **table, const rnl_input *input, const rnl_table_options *o)
{
    rnl_table_rows rows = {0};
    rnl_csv csv = {.fd = -1};
    rnl_table *t = *table = rnl_alloc(1, sizeof **table);
    if (!t)
        return RNL_ERR_MEMORY;
    rnl_status status = rnl_table_look(&t->columns, input, o);
    if (status == RNL_OK)
        status = read_rows(t, &csv, input, o, &rows);
    if (status == RNL_OK)
        status = make_set(&t->whole, &rows, t->columns);
    if (status == RNL_OK)
        status = make_parts(t, o);
    rnl_csv_close(&csv);
    rnl_table_rows_free(&rows);
    if (status != RNL_OK)
        rnl_table_free(table);
    return status;
}

rnl_status rnl_table_decode_as(rnl_dataset **set, const rnl_input *input,
                               const rnl_columns *columns, size_t limit)
{
    rnl_table_rows rows = {.width = columns->inputs};
    rnl_csv csv;
    rnl_row_reader reader = {0};
    rnl_record first = {0};
    bool is_header = false;
    *set = NULL;
    rnl_status status = rnl_csv_open(&csv, input, columns->separator);
    if (status == RNL_OK)
        status = rnl_csv_next(&csv, &first);
    if (status == RNL_OK && !first.at)
        status = rnl_fail(RNL_ERR_FORMAT, "%s has no rows", input->name);
    if (status == RNL_OK)
        status = rnl_row_reader_match(&reader, &csv, columns, &first, 0, true, &is_header);
    if (is_header)
        first = (rnl_record){0};
    if (status == RNL_OK)
        status = rnl_table_rows_read(&rows, &reader, input, first, limit);
    if (status == RNL_OK)
        status = make_set(set, &rows, columns);
    if (status == RNL_OK) {
        (*set)->info.missing_cells = reader.filled;
        (*set)->info.unknown_cells = reader.unknown;
    }
    rnl_row_reader_free(&reader);
    rnl_csv_close(&csv);
    rnl_table_rows_free(&rows);
    if (status != RNL_OK)
        rnl_dataset_free(set);
    return status;
}

/* ---- files -------------------------------------------------------------------------------------------- */

static rnl_status open_input(rnl_input *input, const char *path)
{
    if (strcmp(path, "-") != 0)
        return rnl_input_open(input, path, true);
    const rnl_status status = rnl_input_open(input, "/dev/stdin", false);
    input->name = "standard input";
    return status == RNL_ERR_FORMAT ? rnl_fail(status, "standard input is empty") : status;
}

rnl_status rnl_dataset_read_table(rnl_dataset **set, const char *path, const rnl_columns *columns,
                                  size_t limit)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(columns, "the columns are");
    rnl_input input = {0};
    RNL_TRY(open_input(&input, path));
    const rnl_status status = rnl_table_decode_as(set, &input, columns, limit);
    rnl_input_close(&input);
    return status;
}

static rnl_status read_test(rnl_table *t, const rnl_table_options *o)
{
    RNL_TRY(rnl_dataset_read_table(&t->test, o->test, t->columns, o->test_limit));
    const rnl_dataset *train = rnl_table_train(t);
    return rnl_dataset_set_scaling(t->test, rnl_dataset_scales(train), rnl_dataset_shifts(train));
}

rnl_status rnl_table_read(rnl_table **table, const char *path, const rnl_table_options *options)
{
    RNL_REFUSE_NULL(table, "the place for the table is");
    *table = NULL;
    RNL_REFUSE_NULL(path, "the path is");
    const rnl_table_options none = {0}, *o = options ? options : &none;
    rnl_input input = {0};
    RNL_FAIL_IF(o->test && o->test_share != 0, RNL_ERR_USAGE,
                "a table to test on, and a share of this one: expected one of the two");
    RNL_TRY(open_input(&input, path));
    rnl_status status = rnl_table_decode(table, &input, o);
    rnl_input_close(&input);
    if (status == RNL_OK && o->test)
        status = read_test(*table, o);
    if (status != RNL_OK)
        rnl_table_free(table);
    return status;
}

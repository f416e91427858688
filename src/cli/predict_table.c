/* predict_table.c - answers to the rows of a table, each as soon as it has come
 *
 *     length,width              length,width,class,p_lily,p_rose          the header, where there is one
 *     1.5,2             ->      1.5,2,rose,0.0213,0.9787
 *
 * or, of a network that predicts numbers, a column "value" ("value_1", "value_2", ... of several). */
#include "predict_table.h"

#include "data_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct answers {
    const cli_model *m;
    rnl_matrix y;
    char separator;
    const char *file;
    bool json;
    size_t row; /* rows answered so far */
} answers;

bool cli_predicts_table(const cli_model *m, const char *path)
{
    return m->columns || cli_is_named_table(path);
}

static double element(const rnl_matrix *m, size_t i, size_t j)
{
    const size_t at = i * m->ld + j;
    return m->dtype == RNL_F64 ? ((const double *)m->data)[at]
                               : (double)((const float *)m->data)[at];
}

/* The shortest text that reads back as the same number of this type. */
static const char *number(const rnl_matrix *m, size_t i, size_t j, char text[CLI_NUMBER])
{
    const double value = element(m, i, j);
    if (m->dtype == RNL_F64)
        return cli_number(value, text);
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, CLI_NUMBER, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value)
            break;
    }
    return text;
}

/* A text as a cell: in quotes where it needs them. */
static void print_cell(const answers *a, const char *before, const char *text)
{
    const char special[] = {a->separator, '"', '\n', '\0'};
    cli_print("%c", a->separator);
    if (!text[strcspn(text, special)]) {
        cli_print("%s%s", before, text);
        return;
    }
    cli_print("\"%s", before);
    for (const char *c = text; *c; c++)
        cli_print(*c == '"' ? "\"\"" : "%c", *c);
    cli_print("\"");
}

static bool gives_numbers(const answers *a)
{
    return rnl_net_task(a->m->net) == RNL_TASK_REGRESSION;
}

static void print_header(const answers *a, const char *header, size_t length)
{
    char text[CLI_NUMBER];
    const size_t outputs = a->y.cols;
    cli_print("%.*s", (int)length, header);
    if (!gives_numbers(a))
        print_cell(a, "", "class");
    for (size_t k = 0; k < outputs; k++) {
        if (gives_numbers(a) && outputs == 1) {
            print_cell(a, "", "value");
        } else if (gives_numbers(a)) {
            snprintf(text, sizeof text, "%zu", k + 1);
            print_cell(a, "value_", text);
        } else { /* the only output of a yes and no is the probability of yes */
            print_cell(a, "p_", cli_class_name(a->m, outputs == 1 ? 1 : k, text));
        }
    }
    cli_print("\n");
}

static size_t best_of(const answers *a, size_t i)
{
    size_t best = 0;
    if (a->y.cols == 1)
        return element(&a->y, i, 0) > 0.5;
    for (size_t k = 1; k < a->y.cols; k++)
        if (element(&a->y, i, k) > element(&a->y, i, best))
            best = k;
    return best;
}

static void print_row(const answers *a, size_t i, const char *line, size_t length)
{
    char text[CLI_NUMBER];
    cli_print("%.*s", (int)length, line);
    if (!gives_numbers(a))
        print_cell(a, "", cli_class_name(a->m, best_of(a, i), text));
    for (size_t k = 0; k < a->y.cols; k++)
        cli_print("%c%s", a->separator, number(&a->y, i, k, text));
    cli_print("\n");
}

static void print_json(const answers *a, size_t i)
{
    char text[CLI_NUMBER];
    json_t *all = json_array();
    for (size_t k = 0; k < a->y.cols; k++)
        json_array_append_new(all, cli_json_real(element(&a->y, i, k)));
    json_t *o =
        json_pack("{so sI}", "file", cli_json_text(a->file), "sample", (json_int_t)(a->row + i));
    if (gives_numbers(a)) {
        json_object_set_new(o, "values", all);
    } else {
        const size_t best = best_of(a, i);
        json_object_set_new(o, "class",
                            a->m->class_names ? cli_json_text(cli_class_name(a->m, best, text))
                                              : json_integer((json_int_t)best));
        json_object_set_new(o, "probabilities", all);
    }
    cli_print_json(o);
}

static rnl_status answer(answers *a, rnl_workspace *ws, const rnl_rows *rows, rnl_matrix x)
{
    rnl_matrix y = a->y;
    y.rows = x.rows;
    const rnl_status status = gives_numbers(a) ? rnl_net_predict(a->m->net, ws, x, y)
                                               : rnl_net_probabilities(a->m->net, ws, x, y);
    for (size_t i = 0; status == RNL_OK && i < x.rows; i++) {
        size_t length;
        const char *line = rnl_rows_line(rows, i, &length);
        if (a->json)
            print_json(a, i);
        else
            print_row(a, i, line, length);
    }
    a->row += x.rows;
    return status;
}

/* Columns for a model that knows of none: as many numbers as it has inputs. */
static rnl_status plain_columns(rnl_columns **columns, size_t inputs)
{
    static const char begin[] = "{\"separator\":\",\",\"header\":false,\"missing\":\"refuse\","
                                "\"task\":\"numbers\",\"columns\":[",
                      column[] = "{\"kind\":\"number\"}";
    char *text = cli_alloc(sizeof begin + inputs * sizeof column + 4, 1), *at = text;
    at += sprintf(at, "%s", begin);
    for (size_t i = 0; i < inputs; i++)
        at += sprintf(at, "%s%s", i ? "," : "", column);
    sprintf(at, "]}");
    const rnl_status status = rnl_columns_from_text(columns, text);
    free(text);
    return status;
}

/* Scales and shifts of all inputs, to be freed; NULL where there are none to apply. */
static double *scaling_of(const cli_model *m, const double **scale, const double **shift)
{
    const size_t inputs = rnl_net_inputs(m->net);
    *scale = m->scales;
    *shift = m->shifts;
    if (m->scales || (m->scale == 1 && m->shift == 0) ||
        !rnl_net_note(m->net, "runnel.input.scale"))
        return NULL;
    double *all = cli_alloc(inputs, 2 * sizeof *all);
    for (size_t i = 0; i < inputs; i++) {
        all[i] = m->scale;
        all[inputs + i] = m->shift;
    }
    *scale = all;
    *shift = all + inputs;
    return all;
}

bool cli_predict_table(const cli_model *m, rnl_workspace *ws, rnl_matrix x, rnl_matrix y,
                       const char *path, int header, size_t limit, bool json)
{
    answers a = {
        .m = m, .y = y, .file = strcmp(path, "-") == 0 ? "standard input" : path, .json = json};
    rnl_columns *plain = NULL;
    rnl_rows *rows = NULL;
    const double *scale, *shift;
    double *scaling = scaling_of(m, &scale, &shift);
    rnl_status status = m->columns ? RNL_OK : plain_columns(&plain, rnl_net_inputs(m->net));
    if (status == RNL_OK)
        status = rnl_rows_open(&rows, path, m->columns ? m->columns : plain, header, scale, shift);
    size_t length, n = 1;
    if (status == RNL_OK) {
        a.separator = rnl_rows_separator(rows);
        const char *names = rnl_rows_header(rows, &length);
        if (names && !json)
            print_header(&a, names, length);
    }
    while (status == RNL_OK && n > 0 && (!limit || a.row < limit) && cli_flush()) {
        rnl_matrix some = x;
        if (limit && limit - a.row < some.rows)
            some.rows = limit - a.row;
        status = rnl_rows_next(rows, some, &n);
        some.rows = n; /* also after a failure: the rows before it */
        if (n > 0) {
            if (status != RNL_OK) { /* its text is of the failure, and answering may set another */
                char *text = cli_text("%s", rnl_error_text());
                if (answer(&a, ws, rows, some) == RNL_OK && cli_flush())
                    cli_error("%s", text);
                free(text);
                goto done;
            }
            status = answer(&a, ws, rows, some);
        }
    }
    if (status != RNL_OK)
        cli_library_error(status, NULL);
done:
    rnl_rows_free(&rows);
    rnl_columns_free(&plain);
    free(scaling);
    return status == RNL_OK && cli_flush();
}

/* predict_table.c - answers to the rows of a table, each as soon as it has come
 *
 *     length,width              length,width,class,p_lily,p_rose          the header, where there is one
 *     1.5,2             ->      1.5,2,rose,0.0213,0.9787
 *
 * or, of a network that predicts numbers, a column "value" ("value_1", "value_2", ... of several). */
#include "predict_table.h"

#include "data_table.h"
#include "predict_answer.h"

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

static void print_header(const answers *a, const char *header, size_t length)
{
    char text[CLI_NUMBER];
    const size_t outputs = a->y.cols;
    cli_print("%.*s", (int)length, header);
    if (!cli_answers_numbers(a->m))
        print_cell(a, "", "class");
    for (size_t k = 0; k < outputs; k++) {
        if (cli_answers_numbers(a->m) && outputs == 1) {
            print_cell(a, "", "value");
        } else if (cli_answers_numbers(a->m)) {
            snprintf(text, sizeof text, "%zu", k + 1);
            print_cell(a, "value_", text);
        } else { /* the only output of a yes and no is the probability of yes */
            print_cell(a, "p_", cli_class_name(a->m, outputs == 1 ? 1 : k, text));
        }
    }
    cli_print("\n");
}

static void print_row(const answers *a, size_t i, const char *line, size_t length)
{
    char text[CLI_NUMBER];
    cli_print("%.*s", (int)length, line);
    if (!cli_answers_numbers(a->m))
        print_cell(a, "", cli_class_name(a->m, cli_answer_class(&a->y, i), text));
    for (size_t k = 0; k < a->y.cols; k++)
        cli_print("%c%s", a->separator, cli_answer_text(&a->y, i, k, text));
    cli_print("\n");
}

static void print_json(const answers *a, size_t i)
{
    json_t *o =
        json_pack("{so sI}", "file", cli_json_text(a->file), "sample", (json_int_t)(a->row + i));
    cli_answer_json(o, a->m, &a->y, i);
    cli_print_json(o);
}

static rnl_status answer(answers *a, rnl_workspace *ws, const rnl_rows *rows, rnl_matrix x)
{
    rnl_matrix y = a->y;
    y.rows = x.rows;
    const rnl_status status = cli_answer(a->m, ws, x, y);
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

/* predict_table.c - answers to the rows of a table, each as soon as it has come
 *
 *     length,width              length,width,class,p_lily,p_rose          the header, where there is one
 *     1.5,2             ->      1.5,2,rose,0.0213,0.9787
 *
 * or, of a network that predicts numbers, a column "value" ("value_1", "value_2", ... of several). A name that is
 * there already gets the first ending of _2, _3, ... that makes it a new one: "class_2". Numbers have a decimal comma
 * where those of the training table have one. */
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
    bool decimal_comma;
    const char *file;
    bool json;
    size_t row; /* rows answered so far */
} answers;

bool cli_predicts_table(const cli_model *m, const char *path)
{
    return m->columns || cli_is_named_table(path);
}

static bool is_blank(char c, char separator)
{
    return c == ' ' || (c == '\t' && separator != '\t');
}

/* A text as a cell: in quotes where it needs them, also for blanks at its ends. */
static void print_cell(const answers *a, const char *text)
{
    const char special[] = {a->separator, '"', '\n', '\r', '\0'};
    const size_t n = strlen(text);
    const bool blank =
        n > 0 && (is_blank(text[0], a->separator) || is_blank(text[n - 1], a->separator));
    cli_print("%c", a->separator);
    if (!blank && !text[strcspn(text, special)]) {
        cli_print("%s", text);
        return;
    }
    cli_print("\"");
    for (const char *c = text; *c; c++)
        cli_print(*c == '"' ? "\"\"" : "%c", *c);
    cli_print("\"");
}

/* ---- the header ----------------------------------------------------------------------------------------- */

/* The columns that there are: the table's, then those of the answers. */
typedef struct column_names {
    char **at;
    size_t count;
} column_names;

/* The name at p, without its quotes and the blanks around it. Returns where it ends: at a separator, or `end`. */
static const char *read_name(char *name, const char *p, const char *end, char separator)
{
    size_t used = 0;
    while (p < end && is_blank(*p, separator))
        p++;
    if (p < end && *p == '"') {
        for (p++; p < end && (*p != '"' || (p + 1 < end && p[1] == '"')); p++) {
            p += *p == '"';
            name[used++] = *p;
        }
        while (p < end && *p != separator)
            p++;
    } else {
        while (p < end && *p != separator)
            name[used++] = *p++;
        while (used > 0 && is_blank(name[used - 1], separator))
            used--;
    }
    name[used] = '\0';
    return p;
}

/* Those of the table, with room for more. The header is one that was read as the table's. */
static column_names header_names(const char *header, size_t length, char separator, size_t more)
{
    const char *p = header, *const end = header + length;
    char *name = cli_alloc(length + 1, 1);
    size_t cells = 1;
    for (size_t i = 0; i < length; i++)
        cells += header[i] == separator;
    column_names n = {.at = cli_alloc(cells + more, sizeof *n.at)};
    for (;; p++) {
        p = read_name(name, p, end, separator);
        n.at[n.count++] = cli_text("%s", name);
        if (p == end)
            break;
    }
    free(name);
    return n;
}

static bool has_name(const column_names *n, const char *name)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->at[i], name) == 0)
            return true;
    return false;
}

/* The name, or the first of name_2, name_3, ... that no column before it has. Takes the text over. */
static void print_name(const answers *a, column_names *n, char *name)
{
    char *own = cli_text("%s", name);
    for (size_t k = 2; has_name(n, own); k++) {
        free(own);
        own = cli_text("%s_%zu", name, k);
    }
    free(name);
    n->at[n->count++] = own;
    print_cell(a, own);
}

static void print_header(const answers *a, const char *header, size_t length)
{
    char text[CLI_NUMBER];
    const size_t outputs = a->y.cols;
    column_names n = header_names(header, length, a->separator, 1 + outputs);
    cli_print("%.*s", (int)length, header);
    if (!cli_answers_numbers(a->m))
        print_name(a, &n, cli_text("class"));
    for (size_t k = 0; k < outputs; k++) {
        if (cli_answers_numbers(a->m) && outputs == 1)
            print_name(a, &n, cli_text("value"));
        else if (cli_answers_numbers(a->m))
            print_name(a, &n, cli_text("value_%zu", k + 1));
        else
            print_name(
                a, &n,
                cli_text("p_%s", cli_class_name(a->m, cli_answers_yes_or_no(a->m) ? 1 : k, text)));
    }
    cli_print("\n");
    for (size_t i = 0; i < n.count; i++)
        free(n.at[i]);
    free(n.at);
}

/* ---- rows ----------------------------------------------------------------------------------------------- */

static void print_row(const answers *a, size_t i, const char *line, size_t length)
{
    char text[CLI_NUMBER];
    cli_print("%.*s", (int)length, line);
    if (!cli_answers_numbers(a->m))
        print_cell(a, cli_class_name(a->m, cli_answer_class(a->m, &a->y, i), text));
    for (size_t k = 0; k < a->y.cols; k++) {
        cli_answer_text(&a->y, i, k, text);
        char *point = a->decimal_comma ? strchr(text, '.') : NULL;
        if (point) {
            *point = ',';
            print_cell(a, text);
        } else {
            cli_print("%c%s", a->separator, text);
        }
    }
    cli_print("\n");
}

/* Do the columns hold numbers as 3,14? Answers stand beside them in the same form. */
static bool has_decimal_comma(const rnl_columns *columns)
{
    for (size_t i = 0; i < rnl_columns_count(columns); i++)
        if (rnl_columns_at(columns, i).decimal_comma)
            return true;
    return false;
}

static void print_json(const answers *a, size_t i)
{
    json_t *o =
        json_pack("{so sI}", "file", cli_json_text(a->file), "sample", (json_int_t)(a->row + i));
    cli_answer_print_json(o, a->m, &a->y, i);
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

/* Columns for a model that knows of none: as many numbers as it has inputs, and, as `runnel eval` reads a table, the
 * target behind them, which may be missing. */
static rnl_status plain_columns(rnl_columns **columns, size_t inputs)
{
    static const char begin[] = "{\"separator\":\",\",\"header\":false,\"missing\":\"refuse\","
                                "\"task\":\"numbers\",\"columns\":[",
                      column[] = "{\"kind\":\"number\"},", end[] = "{\"kind\":\"target\"}]}";
    char *text = cli_alloc(sizeof begin + inputs * sizeof column + sizeof end, 1), *at = text;
    at += sprintf(at, "%s", begin);
    for (size_t i = 0; i < inputs; i++)
        at += sprintf(at, "%s", column);
    sprintf(at, "%s", end);
    const rnl_status status = rnl_columns_from_text(columns, text);
    free(text);
    return status;
}

bool cli_predict_table(const cli_model *m, rnl_workspace *ws, rnl_matrix x, rnl_matrix y,
                       const char *path, int header, size_t limit, bool json)
{
    answers a = {
        .m = m, .y = y, .file = strcmp(path, "-") == 0 ? "standard input" : path, .json = json};
    rnl_columns *plain = NULL;
    rnl_rows *rows = NULL;
    const double *scale, *shift;
    double *scaling = cli_model_scaling(m, &scale, &shift);
    rnl_status status = m->columns ? RNL_OK : plain_columns(&plain, rnl_net_inputs(m->net));
    if (status == RNL_OK)
        status = rnl_rows_open(&rows, path, m->columns ? m->columns : plain, header, scale, shift);
    size_t length, n = 1;
    if (status == RNL_OK) {
        a.separator = rnl_rows_separator(rows);
        a.decimal_comma = m->columns && has_decimal_comma(m->columns);
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
    if (status == RNL_OK)
        cli_say_missing(path, rnl_rows_missing(rows), rnl_rows_unknown(rows));
    else
        cli_library_error(status, NULL);
done:
    rnl_rows_free(&rows);
    rnl_columns_free(&plain);
    free(scaling);
    return status == RNL_OK && cli_flush();
}

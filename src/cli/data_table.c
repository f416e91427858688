/* data_table.c - tables: CSV and its like on the command line */
#include "data_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const cli_separators[] = {"comma", "semicolon", "tab", "bar", NULL};
const char *const cli_decimals[] = {"point", "comma", NULL};
const char *const cli_headers[] = {"yes", "no", NULL};
const char *const cli_missings[] = {"refuse", "mean", "zero", NULL};
const char *const cli_tasks[] = {"classes", "regression", NULL};
const char *const cli_prepares[] = {"none", "standard", "minmax", NULL};

static const char separator_bytes[] = ",;\t|";

/* The place of a choice in its list, from 1; 0 where it was not given. */
static int chosen(const char *choice, const char *const *choices)
{
    for (int i = 0; choice && choices[i]; i++)
        if (strcmp(choice, choices[i]) == 0)
            return i + 1;
    return 0;
}

static bool ends_in(const char *path, size_t length, const char *end)
{
    const size_t n = strlen(end);
    return length > n && strncasecmp(path + length - n, end, n) == 0;
}

bool cli_is_named_table(const char *path)
{
    static const char *const endings[] = {".csv", ".tsv", ".txt", ".tab", ".data", ".dat"};
    size_t length = strlen(path);
    if (ends_in(path, length, ".gz"))
        length -= 3;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (ends_in(path, length, endings[i]))
            return true;
    return false;
}

bool cli_is_table(const char *path)
{
    rnl_data_format format;
    if (strcmp(path, "-") == 0)
        return true;
    return rnl_data_recognise(path, &format) == RNL_OK ? format == RNL_FORMAT_TABLE
                                                       : cli_is_named_table(path);
}

const char *cli_columns_option_given(const cli_table_choice *t)
{
    return t->target      ? "target"
           : t->drop      ? "drop"
           : t->text      ? "text"
           : t->missing   ? "missing"
           : t->separator ? "separator"
           : t->decimal   ? "decimal"
           : t->header    ? "header"
                          : NULL;
}

const char *cli_table_option_given(const cli_table_choice *t)
{
    const char *columns = cli_columns_option_given(t);
    return columns             ? columns
           : t->task           ? "task"
           : t->prepare        ? "prepare"
           : t->test_share > 0 ? "test-share"
                               : NULL;
}

/* ---- what was found out --------------------------------------------------------------------------------- */

static const char *separator_name(char separator)
{
    return cli_separators[strchr(separator_bytes, separator) - separator_bytes];
}

static const char *column_name(const rnl_columns *c, size_t i, char text[64])
{
    const char *name = rnl_columns_at(c, i).name;
    if (name)
        snprintf(text, 64, "%s", name);
    else
        snprintf(text, 64, "column %zu", i + 1);
    return text;
}

static bool is_left_out(const rnl_column_info *column)
{
    return column->kind == RNL_COLUMN_LEFT_OUT && !column->empty;
}

static bool is_empty(const rnl_column_info *column)
{
    return column->empty;
}

static bool is_with_comma(const rnl_column_info *column)
{
    return column->decimal_comma;
}

static bool is_percent(const rnl_column_info *column)
{
    return column->percent;
}

/* Names, keys, times: such texts tell apart the rows of training and nothing else. The bounds are those within which a
 * target of numbers is classes. */
enum { FEW = 20, RARELY = 3 };
static bool comes_rarely(const rnl_column_info *column, size_t rows)
{
    return column->value_count > FEW && column->value_count * RARELY > rows;
}

/* Columns of such texts, with what they became, and classes that are such texts. */
static void say_names(const rnl_columns *c, size_t rows)
{
    char text[400] = "", name[64];
    size_t used = 0;
    for (size_t i = 0; i < rnl_columns_count(c); i++) {
        const rnl_column_info column = rnl_columns_at(c, i);
        if (column.kind != RNL_COLUMN_TEXT || !comes_rarely(&column, rows))
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s (%zu inputs)",
                                 used ? ", " : "", column_name(c, i, name), column.value_count);
        if (used + sizeof name + 40 > sizeof text) {
            snprintf(text + used, sizeof text - used, ", ...");
            break;
        }
    }
    if (used)
        cli_message("         texts that come less than %d times each on the average, an input for "
                    "each: %s: --drop leaves a column out",
                    RARELY, text);
    const rnl_columns_info about = rnl_columns_describe(c);
    const rnl_column_info target = rnl_columns_at(c, about.target);
    if (about.classes && comes_rarely(&target, rows))
        cli_message(
            "         its classes come less than %d times each on the average: --target names "
            "another column",
            RARELY);
}

/* The names of such columns, behind `what`; nothing where there are none. */
static void say_columns(const rnl_columns *c, bool (*such)(const rnl_column_info *),
                        const char *what)
{
    char text[400] = "", name[64];
    size_t used = 0;
    for (size_t i = 0; i < rnl_columns_count(c); i++) {
        const rnl_column_info column = rnl_columns_at(c, i);
        if (!such(&column))
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "",
                                 column_name(c, i, name));
        if (used + sizeof name + 8 > sizeof text) {
            snprintf(text + used, sizeof text - used, ", ...");
            break;
        }
    }
    if (used)
        cli_message("         %s: %s", what, text);
}

void cli_say_missing(const char *path, size_t missing, size_t unknown)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    if (missing)
        cli_message("%s: %zu cell%s missing, and filled in", name, missing,
                    missing == 1 ? " was" : "s were");
    if (unknown)
        cli_message("%s: %zu cell%s a text that training did not meet, and counted as missing",
                    name, unknown, unknown == 1 ? " held" : "s held");
}

static void say_missing_of(const rnl_dataset *set, const char *path)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    cli_say_missing(path, info.missing_cells, info.unknown_cells);
}

rnl_status cli_read_known_table(rnl_dataset **set, const char *path, const rnl_columns *columns,
                                size_t limit)
{
    const rnl_status status = rnl_dataset_read_table(set, path, columns, limit);
    if (status == RNL_OK)
        say_missing_of(*set, path);
    return status;
}

void cli_say_target(const rnl_columns *c)
{
    const rnl_columns_info about = rnl_columns_describe(c);
    const rnl_column_info target = rnl_columns_at(c, about.target);
    char name[64], values[200] = "";
    size_t used = 0;
    column_name(c, about.target, name);
    for (size_t k = 0; k < target.value_count && used + 48 < sizeof values; k++)
        used += (size_t)snprintf(values + used, sizeof values - used, "%s%.32s", k ? ", " : "",
                                 target.values[k]);
    if (about.classes)
        cli_message("target   %s: %zu class%s: %s%s", name, target.value_count,
                    target.value_count == 1 ? "" : "es", values,
                    used + 48 < sizeof values ? "" : ", ...");
    else
        cli_message("target   %s: a number to predict", name);
}

void cli_say_prepared(rnl_prepare how, const char *what)
{
    if (how == RNL_PREPARE_NONE)
        cli_message("prepared not at all: inputs are as they stand in the %s", what);
    else
        cli_message("prepared %s over the training part",
                    how == RNL_PREPARE_STANDARD ? "standard: inputs get mean 0 and variance 1"
                                                : "minmax: inputs go from 0 to 1");
}

/* advise: the verb has the options that change what was found. */
static void say_table(const rnl_table *table, size_t rows, bool advise)
{
    const rnl_columns *c = rnl_table_columns(table);
    const rnl_columns_info about = rnl_columns_describe(c);
    size_t numbers = 0, texts = 0;
    for (size_t i = 0; i < rnl_columns_count(c); i++) {
        numbers += rnl_columns_at(c, i).kind == RNL_COLUMN_NUMBER;
        texts += rnl_columns_at(c, i).kind == RNL_COLUMN_TEXT;
    }
    cli_message("table    %s between cells, %s header: %zu column%s of numbers, %zu of text, %zu "
                "input%s",
                separator_name(about.separator), about.header ? "a" : "no", numbers,
                numbers == 1 ? "" : "s", texts, about.inputs, about.inputs == 1 ? "" : "s");
    say_columns(c, is_left_out, "left out");
    say_columns(c, is_empty, "left out, as no row has a value in it");
    say_columns(c, is_with_comma, "numbers with a comma for the decimal sign");
    say_columns(c, is_percent, "numbers before a percent sign");
    cli_say_target(c);
    if (advise)
        say_names(c, rows);
    const size_t filled = rnl_table_missing(table);
    if (filled)
        cli_message("missing  %zu cell%s, filled in with %s", filled, filled == 1 ? "" : "s",
                    about.missing == RNL_MISSING_MEAN ? "the mean of their column" : "0");
    cli_say_prepared(rnl_table_prepared(table), "table");
}

/* What helps against the library's sentence, where the verb has the options. */
static void say_what_helps(const char *sentence, bool numbers_wanted)
{
    if (strstr(sentence, "a missing value is refused"))
        cli_message("--missing mean or --missing zero says it; --drop leaves a column out");
    else if (strstr(sentence, "and has no value in any row"))
        cli_message("--target names another column");
    else if (strstr(sentence, "found a text that has a ") ||
             strstr(sentence, "it should be left out"))
        cli_message("--drop leaves a column out");
    else if (strstr(sentence, "point for the decimal sign") ||
             strstr(sentence, "if it is the decimal sign"))
        cli_message("--decimal comma reads the comma as the decimal sign");
    else if (strstr(sentence, "comma for the decimal sign"))
        cli_message("--decimal point reads the point as the decimal sign");
    else if (strstr(sentence, "as most cells of this column are"))
        cli_message("--text takes a column as texts, --drop leaves it out");
    else if (strstr(sentence, "as most cells of the target are") && !numbers_wanted)
        cli_message("--text takes the target as texts, which are classes");
    else if (strstr(sentence, "the target holds texts"))
        cli_message("--task classes takes them as such, and so it is without --task");
}

/* ---- opening -------------------------------------------------------------------------------------------- */

int cli_table_check(const cli_data_choice *c)
{
    if (c->labels || c->test_labels) {
        cli_error(
            "--%s belongs to a file of pictures, but --data %s is a table: --target names the "
            "column of classes",
            c->labels ? "labels" : "test-labels", c->data);
        return CLI_WRONG_USAGE;
    }
    return cli_parts_check(c);
}

int cli_parts_check(const cli_data_choice *c)
{
    if (c->test && strcmp(c->test, "-") == 0 && strcmp(c->data, "-") == 0) {
        cli_error("--data and --test are both standard input, which can be read once only");
        return CLI_WRONG_USAGE;
    }
    if (!c->test || c->table.test_share == 0)
        return -1;
    cli_error("--test and --test-share both say what to test with: give one of them");
    return CLI_WRONG_USAGE;
}

int cli_table_open(cli_data *data, const cli_data_choice *c)
{
    const cli_table_choice *t = &c->table;
    const int separator = chosen(t->separator, cli_separators);
    const int decimal = chosen(t->decimal, cli_decimals);
    const int header = chosen(t->header, cli_headers), missing = chosen(t->missing, cli_missings);
    const int wrong = cli_table_check(c);
    if (wrong >= 0)
        return wrong;
    const rnl_table_options options = {
        .separator = separator ? separator_bytes[separator - 1] : '\0',
        .decimal = decimal == 1   ? '.'
                   : decimal == 2 ? ','
                                  : '\0',
        .header = header == 1   ? 1
                  : header == 2 ? -1
                                : 0,
        .target = t->target,
        .leave_out = t->drop,
        .as_text = t->text,
        .missing = missing ? (rnl_missing)(missing - 1) : c->missing_otherwise,
        .task = (rnl_table_task)chosen(t->task, cli_tasks),
        .prepare = c->as_stored && !t->prepare ? RNL_PREPARE_NONE
                                               : (rnl_prepare)chosen(t->prepare, cli_prepares),
        .limit = c->limit,
        .test_limit = c->test_limit,
        .test = c->test,
        .test_share = t->test_share,
        .seed = t->split_seed,
        .class_names = c->class_names,
        .class_count = c->class_count};
    const rnl_status status = rnl_table_read(&data->table, c->data, &options);
    if (status != RNL_OK) {
        char *sentence = cli_text("%s", rnl_error_text());
        const int end = cli_library_error(status, NULL);
        /* train, sweep and data have these options; eval, gradcheck and bench do not */
        if (c->just_look || c->for_training)
            say_what_helps(sentence, options.task == RNL_TABLE_NUMBERS);
        free(sentence);
        return end;
    }
    data->train = rnl_table_train(data->table);
    data->test = rnl_table_test(data->table);
    data->columns = rnl_table_columns(data->table);
    const size_t drawn = data->test && !c->test ? rnl_dataset_describe(data->test).n : 0;
    say_table(data->table, rnl_dataset_describe(data->train).n + drawn,
              c->just_look || c->for_training);
    if (c->test)
        say_missing_of(data->test, c->test);
    return -1;
}

/* columns_text.c - the columns of a table as JSON, and back; the format stands in columns.h */
#include "data/columns.h"

#include "base/text.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *const kinds[] = {[RNL_COLUMN_NUMBER] = "number",
                                    [RNL_COLUMN_TEXT] = "text",
                                    [RNL_COLUMN_TARGET] = "target",
                                    [RNL_COLUMN_LEFT_OUT] = "left out"};
static const char *const missings[] = {[RNL_MISSING_REFUSE] = "refuse",
                                       [RNL_MISSING_MEAN] = "mean",
                                       [RNL_MISSING_ZERO] = "zero",
                                       [RNL_MISSING_KEEP] = "keep"};

/* ---- writing ------------------------------------------------------------------------------------------ */

/* json_object_set_new and json_array_append_new refuse what there was no memory for; either gives 0 or -1. */
static json_t *column_json(const rnl_columns *c, const rnl_column *column)
{
    json_t *object = json_object();
    int failed = 0;
    if (column->name)
        failed |= json_object_set_new(object, "name", json_string(column->name));
    failed |= json_object_set_new(object, "kind", json_string(kinds[column->kind]));
    if (column->kind == RNL_COLUMN_NUMBER && isfinite(column->fill) &&
        c->missing != RNL_MISSING_REFUSE)
        failed |= json_object_set_new(object, "fill", json_real(column->fill));
    if (column->offset != 0)
        failed |= json_object_set_new(object, "offset", json_real(column->offset));
    if (column->written.comma)
        failed |= json_object_set_new(object, "decimal", json_string(","));
    if (column->written.percent)
        failed |= json_object_set_new(object, "percent", json_true());
    if (column->values.count) {
        json_t *values = json_array();
        for (size_t i = 0; i < column->values.count; i++)
            failed |= json_array_append_new(values, json_string(column->values.word[i]));
        failed |= json_object_set_new(object, "values", values);
    }
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}

rnl_status rnl_columns_write(const rnl_columns *c, char **text)
{
    json_t *columns = json_array();
    int failed = 0;
    for (size_t i = 0; i < c->count; i++)
        failed |= json_array_append_new(columns, column_json(c, &c->column[i]));
    json_t *all = json_pack("{ss# sb ss ss so}", "separator", &c->separator, 1, "header",
                            (int)c->header, "missing", missings[c->missing], "task",
                            c->classes ? "classes" : "numbers", "columns", columns);
    /* json_dumps would leave out a name for whose quotes there is no memory. */
    const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(17);
    const size_t length = all && !failed ? json_dumpb(all, NULL, 0, flags) : 0;
    *text = length ? rnl_alloc(length + 1, 1) : NULL;
    const bool whole = *text && json_dumpb(all, *text, length, flags) == length;
    json_decref(all);
    if (whole)
        return RNL_OK;
    rnl_free(*text);
    *text = NULL;
    return rnl_fail(RNL_ERR_MEMORY, "no memory for the description of a table's columns");
}

/* ---- reading ------------------------------------------------------------------------------------------ */

#define BAD(what) rnl_fail(RNL_ERR_FORMAT, "the description of a table's columns: %s", what)

/* Which of count words is meant, or -1. */
static int which(const json_t *value, const char *const *words, int count)
{
    for (int i = 0; i < count && json_is_string(value); i++)
        if (strcmp(json_string_value(value), words[i]) == 0)
            return i;
    return -1;
}

static rnl_status read_values(rnl_column *column, const json_t *values)
{
    size_t i, at;
    json_t *value;
    if (!values)
        return RNL_OK;
    RNL_FAIL_IF(!json_is_array(values), RNL_ERR_FORMAT,
                "the description of a table's columns: "
                "\"values\" is no array");
    json_array_foreach(values, i, value)
    {
        const char *text = json_string_value(value);
        if (!text || !rnl_is_name(text, strlen(text)))
            return BAD("a value is no text that can be printed");
        RNL_TRY(rnl_words_add(&column->values, text, strlen(text), &at));
        if (at != i)
            return BAD("a value comes twice");
    }
    return RNL_OK;
}

static rnl_status read_offset(rnl_column *column, const json_t *offset)
{
    if (offset && !(json_is_number(offset) && column->kind == RNL_COLUMN_NUMBER))
        return BAD("\"offset\" is no number, or its column is none");
    column->offset = offset ? json_number_value(offset) : 0;
    const double fill = isnan(column->fill) ? 0 : column->fill;
    if (!isfinite((float)column->offset) || !isfinite((float)(fill - column->offset)))
        return BAD("\"offset\" is too large");
    return RNL_OK;
}

static rnl_status read_written(rnl_column *column, const json_t *decimal, const json_t *percent)
{
    static const char *const signs[] = {".", ","};
    const int sign = decimal ? which(decimal, signs, 2) : 0;
    if (sign < 0 || (percent && !json_is_boolean(percent)))
        return BAD("\"decimal\" is none of . and , or \"percent\" is not true or false");
    column->written = (rnl_written){sign == 1, json_is_true(percent)};
    const bool numbers = column->kind == RNL_COLUMN_NUMBER || column->kind == RNL_COLUMN_TARGET;
    if (!numbers && (column->written.comma || column->written.percent))
        return BAD("\"decimal\" or \"percent\" of a column that has no numbers");
    return RNL_OK;
}

static rnl_status read_column(rnl_columns *c, rnl_column *column, const json_t *object)
{
    const json_t *name = json_object_get(object, "name"), *fill = json_object_get(object, "fill");
    const int kind = which(json_object_get(object, "kind"), kinds, 4);
    if (kind < 0)
        return BAD("a column without a kind: number, text, target or left out");
    column->kind = (rnl_column_kind)kind;
    if (!name != !c->header ||
        (name && (!json_is_string(name) ||
                  !rnl_is_name(json_string_value(name), json_string_length(name)))))
        return BAD("with a header, every column has a name; without, none has");
    size_t had = (size_t)(column - c->column);
    if (name)
        RNL_TRY(rnl_columns_add_name(c, json_string_value(name), &had));
    if (had != (size_t)(column - c->column))
        return BAD("two columns of one name");
    if (fill && !json_is_number(fill))
        return BAD("\"fill\" is no number");
    column->fill = fill ? json_number_value(fill) : c->missing == RNL_MISSING_KEEP ? NAN : 0;
    if (fill && (!isfinite(column->fill) || fabs(column->fill) > 3e38))
        return BAD("\"fill\" is too large");
    RNL_TRY(read_offset(column, json_object_get(object, "offset")));
    RNL_TRY(read_written(column, json_object_get(object, "decimal"),
                         json_object_get(object, "percent")));
    const bool target = kind == RNL_COLUMN_TARGET;
    RNL_TRY(read_values(column, json_object_get(object, "values")));
    const bool has_values = column->values.count > 0;
    if (has_values != (kind == RNL_COLUMN_TEXT || (target && c->classes)))
        return BAD("a text and a target that is classes have values, other columns have none");
    if (target && c->target != SIZE_MAX)
        return BAD("more than one target");
    if (target)
        c->target = (size_t)(column - c->column);
    return RNL_OK;
}

static rnl_status read_all(rnl_columns **columns, const json_t *all)
{
    static const char *const tasks[] = {"numbers", "classes"};
    const json_t *list = json_object_get(all, "columns"), *header = json_object_get(all, "header");
    const char *separator = json_string_value(json_object_get(all, "separator"));
    const int missing = which(json_object_get(all, "missing"), missings, 4);
    const int task = which(json_object_get(all, "task"), tasks, 2);
    if (!json_is_array(list) || json_array_size(list) == 0)
        return BAD("it has no \"columns\"");
    if (!separator || strlen(separator) != 1 || !strchr(",;\t|", *separator))
        return BAD("\"separator\" is none of , ; tab |");
    if (!json_is_boolean(header) || missing < 0 || task < 0)
        return BAD("\"header\", \"missing\" or \"task\" is not what it can be");
    RNL_TRY(rnl_columns_new(columns, json_array_size(list)));
    rnl_columns *c = *columns;
    c->separator = *separator;
    c->header = json_is_true(header);
    c->missing = (rnl_missing)missing;
    c->classes = task == 1;
    for (size_t i = 0; i < c->count; i++)
        RNL_TRY(read_column(c, &c->column[i], json_array_get(list, i)));
    return rnl_columns_finish(c);
}

rnl_status rnl_columns_from_text(rnl_columns **columns, const char *text)
{
    RNL_REFUSE_NULL(columns, "the place for the columns is");
    *columns = NULL;
    RNL_REFUSE_NULL(text, "the text is");
    json_error_t error;
    json_t *all = json_loads(text, 0, &error);
    if (!all) {
        char what[sizeof error.text]; /* may quote bytes of the text */
        rnl_text_clean(what, sizeof what, error.text);
        return rnl_fail(RNL_ERR_FORMAT,
                        "the description of a table's columns is no JSON: line %d, column %d: %s",
                        error.line, error.column, what);
    }
    rnl_status status = read_all(columns, all);
    if (status == RNL_OK && (*columns)->inputs == 0)
        status = BAD("no column is an input");
    json_decref(all);
    if (status != RNL_OK)
        rnl_columns_free(columns);
    return status;
}

/* columns.c - what the columns of a table are */
#include "data/columns.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

rnl_status rnl_columns_new(rnl_columns **columns, size_t count)
{
    *columns = rnl_alloc(1, sizeof **columns);
    rnl_column *column = *columns ? rnl_alloc(count, sizeof *column) : NULL;
    if (!column) {
        rnl_free(*columns);
        *columns = NULL;
        return RNL_ERR_MEMORY;
    }
    (*columns)->column = column;
    (*columns)->count = count;
    (*columns)->target = SIZE_MAX;
    return RNL_OK;
}

void rnl_columns_free(rnl_columns **columns)
{
    if (!columns || !*columns)
        return;
    for (size_t i = 0; i < (*columns)->count; i++) {
        rnl_words_free(&(*columns)->column[i].values);
    }
    rnl_words_free(&(*columns)->names);
    rnl_free((*columns)->column);
    rnl_free((*columns)->text);
    rnl_free(*columns);
    *columns = NULL;
}

rnl_status rnl_columns_add_name(rnl_columns *c, const char *name, size_t *had)
{
    const size_t j = c->names.count;
    RNL_TRY(rnl_words_add(&c->names, name, strlen(name), had));
    if (*had == j)
        c->column[j].name = c->names.word[j];
    return RNL_OK;
}

size_t rnl_column_inputs(const rnl_column *column)
{
    switch (column->kind) {
    case RNL_COLUMN_NUMBER: return 1;
    case RNL_COLUMN_TEXT: return column->values.count;
    case RNL_COLUMN_TARGET:
    case RNL_COLUMN_LEFT_OUT: break;
    }
    return 0;
}

rnl_status rnl_columns_finish(rnl_columns *c)
{
    c->inputs = 0;
    c->target = SIZE_MAX;
    for (size_t i = 0; i < c->count; i++) {
        c->column[i].input = c->inputs;
        RNL_FAIL_IF(!rnl_add_size(c->inputs, rnl_column_inputs(&c->column[i]), &c->inputs),
                    RNL_ERR_MEMORY, "a table with more inputs than can be addressed");
        if (c->column[i].kind == RNL_COLUMN_TARGET)
            c->target = i;
    }
    rnl_free(c->text);
    c->text = NULL;
    return rnl_columns_write(c, &c->text);
}

const char *rnl_columns_text(const rnl_columns *columns)
{
    return columns->text;
}

size_t rnl_columns_count(const rnl_columns *columns)
{
    return columns->count;
}

rnl_column_info rnl_columns_at(const rnl_columns *columns, size_t i)
{
    const rnl_column *c = &columns->column[i];
    const bool filled = c->kind == RNL_COLUMN_NUMBER && (columns->missing == RNL_MISSING_MEAN ||
                                                         columns->missing == RNL_MISSING_ZERO);
    return (rnl_column_info){.name = c->name,
                             .kind = c->kind,
                             .inputs = rnl_column_inputs(c),
                             .first_input = c->input,
                             .value_count = c->values.count,
                             .values = c->values.word,
                             .fill = filled ? c->fill : NAN,
                             .offset = c->offset,
                             .decimal_comma = c->written.comma,
                             .percent = c->written.percent,
                             .empty = c->empty};
}

rnl_columns_info rnl_columns_describe(const rnl_columns *c)
{
    return (rnl_columns_info){.inputs = c->inputs,
                              .separator = c->separator,
                              .header = c->header,
                              .missing = c->missing,
                              .target = c->target,
                              .classes = c->classes};
}

size_t rnl_columns_find(const rnl_columns *c, const char *text, size_t length)
{
    const size_t found = rnl_words_find(&c->names, text, length);
    if (found != SIZE_MAX)
        return found;
    size_t number = 0;
    for (size_t k = 0; k < length; k++) {
        if (text[k] < '0' || text[k] > '9' || number > c->count)
            return SIZE_MAX;
        number = number * 10 + (size_t)(text[k] - '0');
    }
    return number >= 1 && number <= c->count ? number - 1 : SIZE_MAX;
}

const char *rnl_column_show(const rnl_columns *c, size_t i, char text[RNL_COLUMN_SHOWN])
{
    if (c->column[i].name)
        rnl_text_clean(text, RNL_COLUMN_SHOWN, c->column[i].name);
    else
        snprintf(text, RNL_COLUMN_SHOWN, "column %zu", i + 1);
    return text;
}

const char *rnl_columns_show(const rnl_columns *c, char text[RNL_WORDS_SHOWN])
{
    size_t used = 0;
    char name[RNL_COLUMN_SHOWN];
    text[0] = '\0';
    for (size_t i = 0; i < c->count; i++) {
        rnl_column_show(c, i, name);
        if (used + strlen(name) + 8 > RNL_WORDS_SHOWN) {
            strcpy(text + used, ", ...");
            break;
        }
        used += (size_t)snprintf(text + used, RNL_WORDS_SHOWN - used, "%s%s", i ? ", " : "", name);
    }
    return text;
}

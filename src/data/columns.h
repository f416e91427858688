/* columns.h - what the columns of a table are, and how a row becomes the inputs of a network
 *
 * As text, which a model carries in its note "runnel.input.columns" (JSON):
 *
 *   {"separator": ",", "header": true, "missing": "refuse" | "mean" | "zero" | "keep", "task": "classes" | "numbers",
 *    "columns": [column, ...]}                                in the order of the training file
 *   column = {"name": text, "kind": "number", "fill": number, "offset": number,     one input
 *             "decimal": ",", "percent": true}
 *          | {"name": text, "kind": "text", "values": [text, ...]}    as many inputs as values, 1 for its own
 *          | {"name": text, "kind": "target", "values": [text, ...],  values: the classes
 *             "decimal": ",", "percent": true}
 *          | {"name": text, "kind": "left out"}
 *
 * "decimal" is there where a comma is the decimal sign of its numbers, "percent" where a percent sign stands behind each.
 * "name" is absent where the file had no header, "fill" (for a missing value) where those are refused or kept, "offset"
 * (which is subtracted) where it is 0, "values" of a target that is a number. At most one column is the target.
 * Inputs are in the order of the columns. */
#ifndef RNL_DATA_COLUMNS_H
#define RNL_DATA_COLUMNS_H

#include "data/csv.h"
#include "data/words.h"

typedef struct rnl_column {
    const char *name; /* one of the names; NULL: the file has no header */
    rnl_column_kind kind;
    bool empty;       /* left out because no row has a value in it; not kept in the text */
    rnl_words values; /* of a text; the classes of a target */
    double fill;      /* of a number, for a missing value */
    double
        offset; /* of a number: what is subtracted from it, in double, before it becomes a float */
    rnl_written written; /* of numbers */
    size_t input;        /* the first of its inputs */
} rnl_column;

struct rnl_columns {
    size_t count;
    rnl_column *column;
    rnl_words names; /* in the order of the columns; none without a header */
    bool header;
    char separator;
    rnl_missing missing;
    bool classes;     /* the target is classes, not a number */
    size_t target;    /* SIZE_MAX: there is none */
    bool text_target; /* while learning: numbers are wanted of a target that holds texts */
    size_t inputs;
    char *text; /* as JSON; NULL until rnl_columns_finish */
};

/* Room for count columns, all numbers. */
rnl_status rnl_columns_new(rnl_columns **columns, size_t count);
/* Names the next column. Whoever had the name before; itself where it is new. */
rnl_status rnl_columns_add_name(rnl_columns *columns, const char *name, size_t *had);
/* Counts the inputs and writes the text: nothing may change afterwards. */
rnl_status rnl_columns_finish(rnl_columns *columns);
size_t rnl_column_inputs(const rnl_column *column);

/* columns_text.c */
rnl_status rnl_columns_write(const rnl_columns *columns, char **text);

/* The column of this name (numbers from 1 count where no name is so); SIZE_MAX: there is none. */
size_t rnl_columns_find(const rnl_columns *columns, const char *text, size_t length);
/* "sepal length" or "column 3". Returns text. */
enum { RNL_COLUMN_SHOWN = 80 };
const char *rnl_column_show(const rnl_columns *columns, size_t i, char text[RNL_COLUMN_SHOWN]);
/* "a, b, c, ...": the names of all. */
const char *rnl_columns_show(const rnl_columns *columns, char text[RNL_WORDS_SHOWN]);

#endif

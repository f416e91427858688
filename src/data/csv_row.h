/* csv_row.h - a record of a table becomes a row of numbers */
#ifndef RNL_DATA_CSV_ROW_H
#define RNL_DATA_CSV_ROW_H

#include "data/columns.h"

typedef enum rnl_cell_use {
    RNL_CELL_SKIPPED,
    RNL_CELL_NUMBER, /* into x[to]; where the column has no offset */
    RNL_CELL_OFFSET, /* into x[to], less the column's offset */
    RNL_CELL_TEXT, /* x[to + which of its values] = 1; learning: x[to] = which, -1 where it is missing */
    RNL_CELL_CLASS, /* which of the target's values */
    RNL_CELL_TARGET /* a number */
} rnl_cell_use;

typedef struct rnl_cell_plan {
    rnl_cell_use use;
    bool plain; /* numbers are written as rnl_csv_number reads them */
    size_t to;
    rnl_column *column;
} rnl_cell_plan;

typedef struct rnl_row_reader {
    rnl_csv *csv;
    size_t cells;
    rnl_cell_plan *plan;  /* [cells]; from rnl_alloc */
    bool learning;        /* values that are new are added; missing numbers become NaN */
    bool text_target;     /* learning: the target holds texts, and numbers are wanted */
    bool known_classes;   /* learning: but not classes, which were there before */
    bool numeric_classes; /* classes are told apart by value, not by spelling: 1 and 1.0 */
    rnl_missing missing;
    size_t filled;       /* cells that were missing, or: */
    size_t unknown;      /* texts that training did not meet, where these count as missing */
    size_t new_words;    /* learning: values added so far */
    uint64_t first_line; /* whose number of cells is expected */
} rnl_row_reader;

/* What becomes of the cells of this column. */
rnl_cell_use rnl_cell_use_of(const rnl_columns *columns, const rnl_column *column);

void rnl_row_reader_free(rnl_row_reader *reader);

/* For learning: cells go to x in their order, each to one number. */
rnl_status rnl_row_reader_learn(rnl_row_reader *reader, rnl_csv *csv, rnl_columns *columns);
/* For columns that are known: `first` is the first record; header as in rnl_rows_open. *is_header: it is no row.
 * Says which columns are missing; one that is not known is left out. */
rnl_status rnl_row_reader_match(rnl_row_reader *reader, rnl_csv *csv, const rnl_columns *columns,
                                const rnl_record *first, int header, bool need_target,
                                bool *is_header);

/* What stands beside x in a row; whichever the plan asks for. Classes can be numbers that no float tells apart. */
typedef struct rnl_row_target {
    double number;
    int32_t class;
} rnl_row_target;

/* x: all inputs, overwritten. */
rnl_status rnl_row_read(rnl_row_reader *reader, const rnl_record *record, float *x,
                        rnl_row_target *target);

/* The name of a class that is a number: the shortest text that gives it back. */
enum { RNL_NUMBER_NAME = 32 };
void rnl_number_name(double number, char text[RNL_NUMBER_NAME]);
bool rnl_words_are_numbers(const rnl_words *words);

#endif

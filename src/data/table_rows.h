/* table_rows.h - the rows of a table while they are read: arrays that grow */
#ifndef RNL_DATA_TABLE_ROWS_H
#define RNL_DATA_TABLE_ROWS_H

#include "data/csv_row.h"

typedef struct rnl_table_rows {
    size_t width; /* numbers in a row of x */
    size_t n, capacity;
    float *x;                /* [capacity, width] */
    rnl_row_target *targets; /* [capacity] */
} rnl_table_rows;

void rnl_table_rows_free(rnl_table_rows *rows);
/* Reads all rows, up to `limit` (0: all). `pending`: a record that comes before what csv gives; at NULL: none. */
rnl_status rnl_table_rows_read(rnl_table_rows *rows, rnl_row_reader *reader, const rnl_input *input,
                               rnl_record pending, size_t limit);
/* RNL_ERR_USAGE where rows of so many inputs take more than 8 times the bytes that came and 8 MB. */
rnl_status rnl_table_check_size(const rnl_csv *csv, const rnl_input *input, size_t rows,
                                size_t inputs);

#endif

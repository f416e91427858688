/* table.h - tables: from memory to data sets, for the inside */
#ifndef RNL_DATA_TABLE_H
#define RNL_DATA_TABLE_H

#include "data/columns.h"
#include "data/dataset.h"

/* As rnl_table_read and rnl_dataset_read_table, from memory; options->test is not looked at. */
rnl_status rnl_table_decode(rnl_table **table, const rnl_input *input,
                            const rnl_table_options *options);
rnl_status rnl_table_decode_as(rnl_dataset **set, const rnl_input *input,
                               const rnl_columns *columns, size_t limit);

#endif

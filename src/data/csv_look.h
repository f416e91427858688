/* csv_look.h - what a table seems to be: separator, header, which columns are numbers */
#ifndef RNL_DATA_CSV_LOOK_H
#define RNL_DATA_CSV_LOOK_H

#include "data/columns.h"

/* Looks at the first 1000 rows. Columns get names and kinds; the target that is a text has classes true, what a
 * target of numbers is must still be found out. Values are not listed yet. */
rnl_status rnl_table_look(rnl_columns **columns, const rnl_input *input,
                          const rnl_table_options *options);

#endif

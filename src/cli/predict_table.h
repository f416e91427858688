/* predict_table.h - answers to the rows of a table */
#ifndef RNL_CLI_PREDICT_TABLE_H
#define RNL_CLI_PREDICT_TABLE_H

#include "model.h"

/* Is this a table for the model? One that was trained on a table takes tables alone. */
bool cli_predicts_table(const cli_model *m, const char *path);

/* Writes the table's rows with the answers behind them, or JSON, as they come. x: [room, inputs] and y: [room,
 * outputs], which are overwritten. limit 0: all rows. False after an error has been said. */
bool cli_predict_table(const cli_model *m, rnl_workspace *ws, rnl_matrix x, rnl_matrix y,
                       const char *path, int header, size_t limit, bool json);

#endif

/* model_data.h - data for a network that has learnt before: read as its notes tell */
#ifndef RNL_CLI_MODEL_DATA_H
#define RNL_CLI_MODEL_DATA_H

#include "data_source.h"
#include "model.h"

/* What samples must be like: classes by the model's names, its shape, its inputs. Not of a table whose columns the model
 * knows. The data are then read as they are stored, and cli_model_scale_parts scales them. */
void cli_model_expect(const cli_model *model, cli_data_choice *choice);

/* The inputs of both parts are scaled as the model's were, where it tells that and the reader has not done so.
 * Returns -1, or how the program ends. */
int cli_model_scale_parts(const cli_model *model, cli_data *data, const cli_data_choice *choice);

/* A table, its columns as the model knows them: a training part and, where --test or --test-share tell one, a test part.
 * Inputs are scaled as the model's were, unless --prepare says otherwise. Returns -1, or how the program ends. */
int cli_model_table(cli_data *data, const cli_data_choice *choice, const cli_model *model);

#endif

/* checkpoint.h - the run that a checkpoint comes from: its options, and what `runnel inspect` tells of it */
#ifndef RNL_CLI_CHECKPOINT_H
#define RNL_CLI_CHECKPOINT_H

#include "train_options.h"

/* The options of a run, for rnl_train_config's note: from them `--resume FILE` alone goes on. To be freed. The data
 * have settled what hangs on them. */
char *cli_checkpoint_note(const cli_train_settings *s);

/* Options that were not given become those of the run that s->train.resume comes from. Returns -1, or how the program
 * ends, with the error said. */
int cli_checkpoint_options(cli_train_settings *s);

/* By its first bytes; false also where it cannot be read. */
bool cli_is_checkpoint(const char *path);

/* Prints what stands in it; returns how the program ends. */
int cli_checkpoint_inspect(const char *path, bool json);

#endif

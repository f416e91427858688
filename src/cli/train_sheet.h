/* train_sheet.h - a PNG sheet that shows what --augment makes of pictures */
#ifndef RNL_CLI_TRAIN_SHEET_H
#define RNL_CLI_TRAIN_SHEET_H

#include "train_options.h"

/* Writes settings->show_augmented. Returns how the program ends. */
int cli_show_augmented(const cli_train_settings *settings, const rnl_dataset *set);

#endif

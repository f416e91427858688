/* recipes.h - named settings of `runnel train` */
#ifndef RNL_CLI_RECIPES_H
#define RNL_CLI_RECIPES_H

#include "train_options.h"

/* The names, and "list" behind them; NULL after the last. For the table of options. */
enum { CLI_RECIPES = 8 };
extern const char *const cli_recipe_names[CLI_RECIPES];

/* What s->recipe stands for becomes the value of each option that was not given; those options count as
 * given then. Nothing for NULL and for the first recipe, which is what the defaults say. "list" prints all of
 * them. Returns -1 to go on, else how the program ends. */
int cli_recipe_apply(cli_train_settings *s);

#endif

/* data_table.h - tables: CSV and its like on the command line */
#ifndef RNL_CLI_DATA_TABLE_H
#define RNL_CLI_DATA_TABLE_H

#include "data_source.h"

/* Is this a table? "-", standard input, is one, and so is every file of text. */
bool cli_is_table(const char *path);
/* Does its name end as those of tables do: .csv, .tsv, .txt, .tab, .data or .dat, and .gz behind it? */
bool cli_is_named_table(const char *path);

/* The training part and, where there is one, the test part; data->table keeps them. Says what was found out.
 * Returns -1, or how the program ends. */
int cli_table_open(cli_data *data, const cli_data_choice *choice);

/* Another table, as these columns tell; says what was missing in it. */
rnl_status cli_read_known_table(rnl_dataset **set, const char *path, const rnl_columns *columns,
                                size_t limit);

/* Options that a table does not go with, or that exclude each other. Returns -1, or how the program ends. */
int cli_table_check(const cli_data_choice *choice);
/* The same of those that say what to test with, of any data. */
int cli_parts_check(const cli_data_choice *choice);

/* Says how many cells of a table were missing, or were texts that training did not meet; nothing of none. */
void cli_say_missing(const char *path, size_t missing, size_t unknown);
/* Says which column is to be predicted. */
void cli_say_target(const rnl_columns *columns);
/* Says how the inputs were prepared, of a "table" or other "data". */
void cli_say_prepared(rnl_prepare how, const char *what);

/* Was an option given that only tables have, as they have columns? Its name, or NULL. */
const char *cli_columns_option_given(const cli_table_choice *choice);
/* Or one that tables share with other data of the user's own? */
const char *cli_table_option_given(const cli_table_choice *choice);

/* clang-format off */
extern const char *const cli_separators[], *const cli_decimals[], *const cli_headers[],
    *const cli_missings[], *const cli_tasks[], *const cli_prepares[];

#define CLI_OPTIONS_TABLE(t, missing_otherwise, prepare_otherwise) \
    {.group = "Tables", \
     .name = "target", .kind = CLI_TEXT, .value = &(t)->target, .argument = "COLUMN", \
     .when_absent = "the last", .shapes = CLI_INPUT, .also = "label y class-column target-column", \
     .help = "What is to be predicted: the column's name, or its number from 1"}, \
    {.name = "drop", .kind = CLI_TEXT, .value = &(t)->drop, .argument = "COLUMNS", \
     .when_absent = "", .is_list = true, .shapes = CLI_INPUT, .also = "ignore leave-out exclude skip", \
     .help = "Columns that are left out: names or numbers, with commas between"}, \
    {.name = "text", .kind = CLI_TEXT, .value = &(t)->text, .argument = "COLUMNS", \
     .when_absent = "", .is_list = true, .shapes = CLI_INPUT, .also = "categorical category one-hot onehot", \
     .help = "Columns that are texts though they look like numbers: each of their values becomes an input " \
             "of its own"}, \
    {.name = "task", .kind = CLI_CHOICE, .value = &(t)->task, .choices = cli_tasks, \
     .when_absent = "by the target", .shapes = CLI_INPUT, .also = "regression classification", \
     .help = "What the target is: classes if it is text, or a few whole numbers; else numbers to predict"}, \
    {.name = "missing", .kind = CLI_CHOICE, .value = &(t)->missing, .choices = cli_missings, \
     .when_absent = missing_otherwise, .shapes = CLI_INPUT, .also = "impute na nan", \
     .help = "What cells count as that are empty, NA, nan or ?: the column's mean over the training part, or 0"}, \
    {.name = "prepare", .kind = CLI_CHOICE, .value = &(t)->prepare, .choices = cli_prepares, \
     .when_absent = prepare_otherwise, .shapes = CLI_INPUT, \
     .also = "scale scaling normalize normalise standardize standardise", \
     .help = "Each input that is not 0 and 1 alone gets mean 0 and variance 1 over the training part, or " \
             "the range from 0 to 1"}, \
    {.name = "test-share", .kind = CLI_REAL, .value = &(t)->test_share, .argument = "SHARE", \
     .positive = true, .below = 1, .when_absent = "", .shapes = CLI_INPUT, \
     .also = "test-split test-size split", \
     .help = "Sets this share of the rows aside to test with, the same of each class"}, \
    {.name = "split-seed", .kind = CLI_U64, .value = &(t)->split_seed, .argument = "N", \
     .shapes = CLI_INPUT, .help = "Of the draw of these rows"}, \
    {.name = "separator", .kind = CLI_CHOICE, .value = &(t)->separator, .choices = cli_separators, \
     .when_absent = "found", .shapes = CLI_INPUT, .also = "delimiter sep", \
     .help = "What separates cells"}, \
    {.name = "decimal", .kind = CLI_CHOICE, .value = &(t)->decimal, .choices = cli_decimals, \
     .when_absent = "found", .shapes = CLI_INPUT, .also = "decimal-comma decimal-point locale", \
     .help = "The decimal sign of numbers: 3.14 or 3,14"}, \
    {.name = "header", .kind = CLI_CHOICE, .value = &(t)->header, .choices = cli_headers, \
     .when_absent = "found", .shapes = CLI_INPUT, .help = "Does the first row hold the columns' names?"}
/* clang-format on */

#endif

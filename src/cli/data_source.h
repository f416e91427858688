/* data_source.h - what --data means */
#ifndef RNL_CLI_DATA_SOURCE_H
#define RNL_CLI_DATA_SOURCE_H

#include "options.h"

/* How a table is to be read; NULL and 0: as it seems. */
typedef struct cli_table_choice {
    const char *target, *drop, *text; /* columns */
    const char *task, *missing, *prepare, *separator, *decimal,
        *header; /* one of the words of data_table.h */
    double test_share;
    uint64_t split_seed;
} cli_table_choice;

/* What the command line asks for; the options below write into it. */
typedef struct cli_data_choice {
    const char *data;   /* mnist, strokes, a folder, an IDX file of pictures, or a table */
    const char *labels; /* of that IDX file */
    const char *test, *test_labels; /* IDX files, or a table; or NULL */
    size_t limit, test_limit;       /* the first so many samples; 0: all */
    bool raw_pixels;                /* 0 ... 255, not 0 ... 1 */
    cli_table_choice table;
    /* of folders of pictures */
    const char *size; /* "28x28" */
    bool colour, dark_on_light;
    int threads; /* that read them; 0: all */
    /* what a model expects, of data that does not say itself: see rnl_data_options */
    const char *class_names;
    size_t class_count, features, channels, height, width;
    bool dark_as_trained; /* dark_on_light is the model's */
    rnl_first_index first_index;
    bool as_stored;                /* nothing is scaled */
    bool for_training;             /* the verb has all options of tables, and makes parts by them */
    bool just_look;                /* for runnel data: samples without classes are welcome */
    rnl_missing missing_otherwise; /* where --missing does not say it */
} cli_data_choice;

enum { CLI_TRAIN_PART = 1, CLI_TEST_PART = 2 };

typedef struct cli_data {
    rnl_dataset *train, *test;  /* NULL: not asked for, or (test) there is none */
    rnl_table *table;           /* that keeps both; or NULL */
    const rnl_columns *columns; /* of a table; borrowed from it, or from who knew them */
    rnl_dataset *whole;         /* that both were drawn from; or NULL */
    bool one_part;              /* there was no part to test with: test is all of it */
    bool own;                   /* the user's own: nothing is known of its size */
    rnl_prepare prepared;       /* what a table or data of the user's own was prepared with */
} cli_data;

/* Opens the wanted parts; says what is wrong otherwise. download: fetch MNIST where it is missing.
 * An IDX file is the training part; asked for the test part alone, it is that. Returns -1, or how
 * the program ends. */
int cli_data_open(cli_data *data, const cli_data_choice *choice, unsigned parts, bool download);
void cli_data_free(cli_data *data);

/* mnist or strokes */
bool cli_data_is_built_in(const char *name);
/* A folder of pictures */
bool cli_data_is_pictures(const char *name);
/* Does --data name one file, which has no parts? */
bool cli_data_is_file(const char *name);

/* The numbers that a regression is to predict get mean 0 and variance 1, as they have while `runnel train` learns them.
 * Returns -1, or how the program ends. */
int cli_scale_targets(rnl_dataset *set, const rnl_net *net);

/* Is MNIST on this machine? */
bool cli_have_mnist(void);
/* The folder of those files, to be freed; or NULL. */
char *cli_find_mnist(unsigned parts);

/* "1x28x28", or "28x28" for one channel; or "784" for a table. Into text. */
void cli_shape_text(const rnl_dataset_info *info, char *text, size_t size);

/* clang-format off */
#define CLI_DATA_ABOUT \
    "mnist, strokes (digits that runnel draws itself: no file, no network), a folder with the four " \
    "MNIST-like files, a folder with a sub-folder of pictures for each class, a file: IDX, npy, npz, svmlight, " \
    "or a table (CSV and its like; -: standard input)"
#define CLI_OPTION_DATA(c, absent) \
    {.name = "data", .kind = CLI_TEXT, .value = &(c)->data, .argument = "DATA", \
     .help = CLI_DATA_ABOUT, .when_absent = absent, .shapes = CLI_INPUT, \
     .also = "dataset set input file"}
#define CLI_OPTION_LABELS(c) \
    {.name = "labels", .kind = CLI_TEXT, .value = &(c)->labels, .argument = "FILE", \
     .help = "IDX or npy file with the classes or targets of the samples in --data", .shapes = CLI_INPUT, \
     .also = "classes targets"}
#define CLI_OPTION_LIMIT(c, what) \
    {.name = "limit", .kind = CLI_SIZE, .value = &(c)->limit, .argument = "N", .least = 1, \
     .help = what, .when_absent = "all", .shapes = CLI_INPUT, .also = "samples head"}
/* clang-format on */

#endif

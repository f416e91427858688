/* train_options.h - the options of a training run, as `runnel train` and `runnel sweep` share them */
#ifndef RNL_CLI_TRAIN_OPTIONS_H
#define RNL_CLI_TRAIN_OPTIONS_H

#include "data_source.h"
#include "model.h"

enum { CLI_TRAIN_OPTIONS = 64 };

/* What the command line asks for. The table points into it: it stays where it was filled in. */
typedef struct cli_train_settings {
    rnl_net_config net;
    rnl_train_config train;
    cli_data_choice data;
    const char *description, *dtype, *sampling, *eval_every;
    uint64_t eval_epochs; /* in place of train.eval_every; 0: that counts */
    bool batch_given;     /* on the command line, not by a recipe alone */
    const char *from;     /* a model file to begin with; NULL: first weights */
    uint64_t seed;
    double validation;          /* the share of the training set that is not trained on; 0: none */
    const char *show_augmented; /* a PNG file, in place of training; or NULL */
    const char *recipe;         /* NULL: none */
    const char *class_weights;  /* "balanced", or numbers with commas; NULL: none */
    const char *out, *history;  /* "none": nowhere; history NULL: beside out */
    bool json, quiet;
    json_t *
        resumed; /* what options borrow that come from a checkpoint; for json_decref. NULL: none do */

    const char *backends[CLI_NAMES + 1];
    cli_option options[CLI_TRAIN_OPTIONS];
    cli_usage usage;
} cli_train_settings;

/* The defaults, and the table of options. */
void cli_train_options(cli_train_settings *s);

/* Was the option given, or another that says the same thing in another way ("epochs" for "iterations")? */
bool cli_train_given(const cli_train_settings *s, const char *option);

/* Once the options are parsed: what no table can check and what needs no data is checked, and the settings
 * of the network and of the run are made of their words. Returns -1, or how the program ends, with the
 * error said. */
int cli_train_check(cli_train_settings *s);

/* ---- train_setup.c: what a run works on ------------------------------------------------------------------ */

/* The data of one or of many runs. */
typedef struct cli_train_data {
    cli_data opened;
    cli_model from; /* what --from names, and what its notes tell; net NULL: nothing */
    rnl_dataset *rest, *validation; /* parts of opened.train; NULL where all is trained on */
    const rnl_dataset *train;       /* opened.train, or rest */
    /* [target_width]: the targets that are learnt are (target - shift) / scale; NULL: as they are */
    double *target_scale, *target_shift;
} cli_train_data;

/* Opens what the settings tell. What the data tell of a run is settled by cli_train_net: a sweep opens once, and has
 * settings for each run. Returns -1, or how the program ends. */
int cli_train_open(cli_train_data *data, cli_train_settings *s, unsigned parts);
void cli_train_close(cli_train_data *data);

/* A batch that nobody gave is no larger than the training part. */
void cli_train_fit_batch(cli_train_settings *s, const cli_train_data *data);

/* A network with its first weights, the weights of the classes (to be freed) and what else of the settings
 * depends on the data. Returns -1, or how the program ends. */
int cli_train_net(cli_train_settings *s, const cli_train_data *data, rnl_net **net,
                  double **class_weights);

/* Numbers with commas between them, the first `most` of them into weights; says what is wrong otherwise. */
int cli_read_weights(const char *text, double *weights, size_t most, size_t *count);

/* The evaluation of the very parameters that the network has been given; NaN where there was none. */
rnl_evaluation cli_kept_evaluation(const rnl_history *history);

#endif

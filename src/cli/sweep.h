/* sweep.h - runnel sweep: many training runs, compared on validation samples
 *
 *   sweep.c        the verb: its options, the order of things
 *   sweep_space.c  what is tried: --try, and the values of each trial
 *   sweep_input.c  what all runs start from
 *   sweep_run.c    the runs, side by side
 *   sweep_table.c  the table they go to, and what is told of it
 *   sweep_lock.c   that no other sweep writes it meanwhile
 *
 * A trial is one choice of values; it has a run for each seed. */
#ifndef RNL_CLI_SWEEP_H
#define RNL_CLI_SWEEP_H

#include "train_options.h"

/* One --try: an option of train, and what it may be. */
typedef struct cli_dimension {
    char *name;
    char **choice;  /* [choices] */
    size_t choices; /* 0: a range */
    double low, high;
    bool is_log, is_whole;
} cli_dimension;

typedef struct cli_run {
    size_t trial; /* from 0 */
    uint64_t seed;
    char *command;     /* runnel train ... */
    const char *input; /* the plan's; NULL: of a table that does not tell it */
    bool taken, done;
    bool diverged;             /* there are no scores then */
    double accuracy, loss;     /* of the validation samples; accuracy: R2 of regression */
    uint64_t iterations, kept; /* done; and those that made what was kept */
    double seconds;
} cli_run;

/* What the command line says beside the options of train. */
typedef struct cli_sweep_options {
    cli_words tries;
    size_t trials, seeds;
    const char *out;
    int threads;
} cli_sweep_options;

typedef struct cli_sweep_plan {
    int argc; /* the command line: every run reads it anew, with its own values on top */
    char **argv;
    cli_sweep_options options;
    cli_train_settings base;
    cli_train_data data;
    char input[17]; /* a digest of the data and of the network of --from, in hexadecimal */
    bool regression;
    cli_dimension *dimension;
    size_t dimensions, trials;
    char **value; /* [trials, dimensions] */
    cli_run *run; /* [runs], a trial's runs in a row */
    size_t runs;
    size_t reused; /* runs that the table had already */
    char *lock_path;
    int lock; /* -1: none */
} cli_sweep_plan;

/* sweep.c: the settings of one run; trial's values are set, and the seed where `seed` says so. Returns -1, or
 * how the program ends, with the error said. The values are borrowed. */
int cli_sweep_settings(const cli_sweep_plan *s, char *const *values, const uint64_t *seed,
                       cli_train_settings *settings);

/* sweep_space.c. All of these say what is wrong. */
int cli_sweep_read_tries(cli_sweep_plan *s);
int cli_sweep_make_trials(cli_sweep_plan *s);
void cli_sweep_free_space(cli_sweep_plan *s);

/* sweep_input.c: opens the data; makes the digest of the input. */
int cli_sweep_open(cli_sweep_plan *s);

/* sweep_run.c: all runs that are not done. */
int cli_sweep_run(cli_sweep_plan *s);

/* sweep_lock.c: until cli_sweep_unlock, which takes a plan without a lock, too. Returns -1, or how the program ends. */
int cli_sweep_lock(cli_sweep_plan *s);
void cli_sweep_unlock(cli_sweep_plan *s);

/* sweep_table.c */
/* Takes over the runs that an earlier sweep has left in the table, where there is one. */
int cli_sweep_read_table(cli_sweep_plan *s);
/* Writes all that are done, in order. */
bool cli_sweep_write_table(const cli_sweep_plan *s);
/* The best trials, and the command of the best. */
void cli_sweep_tell(const cli_sweep_plan *s);
json_t *cli_sweep_json(const cli_sweep_plan *s, const cli_run *r);

#endif

/* run.h - one run of training, for the inside
 *
 *   train.c       prepares a run, has the team walk it, and takes it apart
 *   settings.c    which settings make sense; all that shapes a run, as text
 *   loop.c        what every thread walks: updates and evaluations
 *   pace.c        how many threads walk them
 *   between.c     what thread 0 does between updates, while the others wait
 *   checkpoint.c  a run as a file, and back
 */
#ifndef RNL_TRAIN_RUN_H
#define RNL_TRAIN_RUN_H

#include "data/sampler.h"
#include "optim/optimizer.h"
#include "train/pace.h"
#include "train/train.h"

typedef struct rnl_run {
    rnl_net *net;
    const rnl_train_config *config;
    const rnl_dataset *train, *test;
    uint64_t iterations, eval_every, checkpoint_every; /* RNL_NEVER: never */
    rnl_schedule schedule;
    rnl_optimizer *optimizer;
    rnl_sampler sampler; /* of whole updates */
    size_t threads;
    rnl_pace pace;
    size_t pass;  /* samples that go through the network at once */
    bool folded;  /* the step is part of the product that computes the gradient */
    rnl_net seen; /* the network that is evaluated: net, or net with the averaged numbers */
    rnl_workspace *ws;
    rnl_evaluator on_train, on_validation, on_test; /* set NULL: none */
    rnl_history *history;
    char *settings; /* for checkpoints; NULL where there are none */

    rnl_arena arena;
    size_t *index; /* [threads, samples of an update]: each thread draws for itself */
    rnl_augment augment;
    rnl_augmenter augmenter;
    rnl_batch batch;
    rnl_failure missing;       /* samples of batches that a callback did not give */
    void *gradients;           /* of the layout of the parameters; NULL where the step is folded */
    void *average;             /* of the numbers of net, rnl_net_bytes; NULL: no averaging */
    void *state;               /* of net, before an update; NULL where no later pass of one is */
    void *good;                /* the numbers at the last evaluation */
    void *best;                /* and at the best; NULL where it is not kept */
    uint64_t good_at, best_at; /* after so many updates */

    /* written by thread 0 where the others wait */
    uint64_t done, stretch_end;                                    /* updates */
    bool evaluate, pause, breathe, diverged, incomplete, finished; /* incomplete: a batch */
    double loss_sum, last_loss;
    double began, reported; /* seconds */
    double updating;        /* seconds that went into updates */
    rnl_status status;
} rnl_run;

double rnl_run_seconds(void);

/* settings.c: nothing is done before these have passed. */
rnl_status rnl_run_check_settings(const rnl_net *net, const rnl_dataset *train,
                                  const rnl_dataset *test, const rnl_train_config *config);
/* A line "name value" for each thing that shapes the result. From rnl_alloc. */
rnl_status rnl_run_describe(const rnl_run *run, char **text);

/* loop.c: walked by every thread of a team. */
void rnl_run_walk(void *run);

/* between.c, thread 0: records an evaluation, reports, writes checkpoints, plans the next stretch of updates.
 * Returns whether to go on; false: the network has the numbers that the caller shall have. */
bool rnl_run_between(rnl_run *run);
/* Whether an evaluation follows update number `done`. */
bool rnl_run_evaluates(const rnl_run *run);
/* Whether the run went on where config->patience would have ended it: it comes from a checkpoint of more patience. */
bool rnl_run_outlived_patience(const rnl_run *run);

/* checkpoint.c */
rnl_status rnl_checkpoint_write(const rnl_run *run, const char *path);
rnl_status rnl_checkpoint_read(rnl_run *run, const char *path);

#endif

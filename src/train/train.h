/* train.h - the history, batches, and evaluation as a walk of the team, for the inside */
#ifndef RNL_TRAIN_TRAIN_H
#define RNL_TRAIN_TRAIN_H

#include "base/failure.h"
#include "data/augment.h"
#include "net/net.h"
#include "optim/schedule.h"

/* What happened. Grows between updates, never in one. */
struct rnl_history {
    float *losses; /* [capacity] */
    uint64_t iterations, capacity;
    rnl_evaluation *evaluations; /* [evaluation_capacity] */
    size_t evaluation_count, evaluation_capacity;
    size_t best; /* index of the best evaluation + 1; 0: there is none */
    uint64_t kept;
    bool ended_early;
    rnl_task task;
    double lr;
    rnl_schedule schedule;
};

/* Room for `iterations` losses in all and for `evaluations` evaluations. */
rnl_status rnl_history_reserve(rnl_history *h, uint64_t iterations, size_t evaluations);

/* ---- batches ---------------------------------------------------------------------------------------- */

/* Where the rows of a data set lie on their way into a network. Sparse where most of the set is zero
 * and the network takes it so. */
typedef struct rnl_batch {
    /* what whoever plans it says before */
    const rnl_net *net;
    const rnl_dataset *set;
    const rnl_augmenter *augmenter; /* for rnl_batch_augment, planned before; or NULL */
    rnl_failure *missing;           /* notes rows that a callback did not give */
    bool in_order;                  /* it will be gathered without an index, and by one thread */
    const struct rnl_batch *like;   /* of the same net and set, planned before; or NULL */

    bool is_sparse;
    rnl_sparse sparse;
    void *x; /* [rows, inputs]; NULL where is_sparse, unless something is done to the rows first */
    int32_t *classes; /* [rows] */
    void *targets;    /* [rows, outputs]; NULL where classes say it */
} rnl_batch;

/* Room for `rows` rows, from an arena; to be called in both of its passes. */
void rnl_batch_plan(rnl_batch *b, rnl_arena *arena, size_t rows);
/* The samples index[0 .. rows-1] (NULL: first .. first+rows-1) as a network's input. Walked by every
 * thread of a team, each for its share; index is read for rows of others too. A sparse one may only be
 * walked into a network when all threads are done with what the network wrote before. Of rows that a
 * callback does not give, the numbers are anything. */
rnl_net_input rnl_batch_gather(rnl_batch *b, const size_t *index, size_t first, size_t rows);

/* The same with samples augmented as those of this pass, and always with an index. */
rnl_net_input rnl_batch_augment(rnl_batch *b, const size_t *index, size_t rows, uint64_t pass);

/* Whether all rows of the last batch are there. Asked by every thread of the team, before the next one; a barrier,
 * where they may not be. */
bool rnl_batch_is_complete(const rnl_batch *b);
/* For one thread, where the others wait: RNL_OK, or what was missing, with `set` in front. */
rnl_status rnl_batch_failure(const rnl_failure *missing, const char *set);

/* What these samples should be answered with, without class weights. Each thread fills in its own rows. */
rnl_targets rnl_batch_targets(rnl_batch *b, const size_t *index, size_t first, size_t rows);

/* ---- evaluation ------------------------------------------------------------------------------------- */

/* What a thread needs that evaluates some samples at a time on its own. */
typedef struct rnl_evaluator_part {
    rnl_workspace *ws;
    rnl_batch batch;
} rnl_evaluator_part;

/* What an evaluation of a data set needs, planned once. */
typedef struct rnl_evaluator {
    const rnl_net *net;
    const rnl_dataset *set;
    rnl_evaluator_part *part; /* [parts]: for so many threads */
    size_t parts;
    atomic_size_t next;  /* the first sample that no thread has taken */
    rnl_failure missing; /* samples that a callback did not give */
    rnl_arena arena;
    double *losses;   /* [n]; NULL where nobody asked */
    int32_t *answers; /* [n]: the network's class for every sample; NULL for regression */
    double *shares;   /* [n]: the share of labels that are right; rows of labels only */
    double *outputs;  /* [n, outputs]; regression only */
    /* [n]: how many outputs are larger than that of the right class; NULL where nobody asked */
    uint32_t *ranks;
} rnl_evaluator;

enum { RNL_WITH_LOSSES = 1, RNL_WITH_RANKS = 2 };

/* The set's features and targets must fit the network and its loss. */
rnl_status rnl_check_set(const rnl_net *net, const rnl_dataset *set, const char *what);

/* For a team of up to so many threads. */
rnl_status rnl_evaluator_init(rnl_evaluator *e, const rnl_net *net, const rnl_dataset *set,
                              size_t threads, unsigned with);
void rnl_evaluator_free(rnl_evaluator *e);
/* Walked by every thread of a team; begins and ends in a barrier. Fills in the arrays. */
void rnl_evaluator_walk(rnl_evaluator *e);

/* metrics.c: what the arrays say; losses that nobody asked for are NaN. */
rnl_score rnl_evaluator_score(const rnl_evaluator *e);
/* The accuracy, or R2: what stands in an rnl_evaluation. */
double rnl_evaluator_accuracy(const rnl_evaluator *e);
/* Is there a sample that the network answered with NaN, or with infinity for a number? */
bool rnl_evaluator_is_broken(const rnl_evaluator *e);

#endif

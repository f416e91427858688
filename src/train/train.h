/* train.h - the history, and evaluation as a walk of the team, for the inside */
#ifndef RNL_TRAIN_TRAIN_H
#define RNL_TRAIN_TRAIN_H

#include "data/dataset.h"
#include "net/net.h"

/* What happened. Grows between updates, never in one. */
struct rnl_history {
    float *losses; /* [capacity] */
    uint64_t iterations, capacity;
    rnl_evaluation *evaluations; /* [evaluation_capacity] */
    size_t evaluation_count, evaluation_capacity;
};

/* Room for `iterations` losses in all and for one more evaluation. */
rnl_status rnl_history_reserve(rnl_history *h, uint64_t iterations);

/* ---- batches ---------------------------------------------------------------------------------------- */

/* Where the rows of a data set lie on their way into a network. Sparse where most of the set is zero
 * and the network takes it so. */
typedef struct rnl_batch {
    const rnl_net *net;
    const rnl_dataset *set;
    bool is_sparse;
    rnl_sparse sparse;
    void *x; /* [rows, inputs] */
} rnl_batch;

/* Room for `rows` rows, from an arena; to be called in both of its passes. */
void rnl_batch_plan(rnl_batch *b, rnl_arena *arena, const rnl_net *net, const rnl_dataset *set,
                    size_t rows);
/* The samples index[0 .. rows-1] (NULL: first .. first+rows-1) as a network's input. Walked by every
 * thread of a team, each for its share; index is read for rows of others too. A sparse one may only be
 * walked into a network when all threads are done with what the network wrote before. */
rnl_net_input rnl_batch_gather(rnl_batch *b, const size_t *index, size_t first, size_t rows);

/* ---- evaluation ------------------------------------------------------------------------------------- */

/* What an evaluation of a data set needs, planned once. */
typedef struct rnl_evaluator {
    const rnl_net *net;
    const rnl_dataset *set;
    rnl_workspace *ws; /* for rnl_evaluator.chunk samples */
    size_t chunk;
    rnl_arena arena;
    rnl_batch batch;
    int32_t *answers; /* [n]: the network's class for every sample */
    double *losses;   /* [n]; NULL where only the answers are wanted */
} rnl_evaluator;

/* The set's features and classes must fit the network. A network learns and is judged by classes. */
rnl_status rnl_check_set(const rnl_net *net, const rnl_dataset *set, const char *what);

rnl_status rnl_evaluator_init(rnl_evaluator *e, const rnl_net *net, const rnl_dataset *set,
                              bool with_losses);
void rnl_evaluator_free(rnl_evaluator *e);
/* Walked by every thread of a team; ends in a barrier. Fills answers and losses. */
void rnl_evaluator_walk(rnl_evaluator *e);
double rnl_evaluator_accuracy(const rnl_evaluator *e);

#endif

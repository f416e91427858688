/* training.h - the part of runnel.h on training and evaluating: update rules, learning-rate schedules, the
 * loop, what happened in it. Include runnel.h, which includes this; what it says on top holds here too.
 *
 * Contents  7.1 update rules and schedules  7.2 training  7.3 evaluating */
#ifndef RUNNEL_TRAINING_H
#define RUNNEL_TRAINING_H

#ifndef RUNNEL_H
#error "include runnel.h"
#endif

/* ---- 7.1 update rules and schedules ----------------------------------------------------------------- */

/* An update rule: what makes a step of a gradient. Written as text, numbers that are left out as here:
 *
 *     sgd                      w = w - lr g
 *     momentum 0.9             Polyak's momentum
 *     nesterov 0.9             Nesterov's
 *     adagrad 1e-10            the number: epsilon
 *     rmsprop 0.99 1e-8        smoothing, epsilon
 *     adam 0.9 0.999 1e-8      first and second smoothing, epsilon
 *     adamw 0.9 0.999 1e-8     the same with decoupled weight decay
 *
 * Formulas and sources stand in docs/training.md. All are those of torch.optim. */
typedef struct rnl_optimizer_config {
    const char *rule;    /* NULL: "sgd" */
    double l2;           /* the gradient gets l2 * w added to it: a penalty of l2/2 w^2; 0: none */
    double weight_decay; /* decoupled: w is multiplied by 1 - lr * weight_decay first; 0: none;
                          * NaN: the rule's own, 0.01 for adamw and none for all others */
    double clip;         /* gradients whose norm, over all parameters, is larger are scaled down to
                          * this norm, before l2; 0: none */
} rnl_optimizer_config;

/* sgd, no l2, the rule's own weight decay, no clipping. */
RNL_API rnl_optimizer_config rnl_optimizer_config_default(void);

/* A rule at work on one network, with what it remembers between steps; for loops of the caller's own
 * (rnl_train makes its own). config may be NULL: the default. The network must outlive it. */
typedef struct rnl_optimizer rnl_optimizer;

RNL_API rnl_status rnl_optimizer_new(rnl_optimizer **o, const rnl_net *net,
                                     const rnl_optimizer_config *config);
RNL_API void rnl_optimizer_free(rnl_optimizer **o);
/* net's parameters take a step along the gradients g; net is the one that o was made for. */
RNL_API rnl_status rnl_optimizer_step(rnl_optimizer *o, rnl_net *net, const rnl_gradients *g,
                                      double lr);
/* The rule in full: "adam 0.9 0.999 1e-8". Borrowed until o is freed. */
RNL_API const char *rnl_optimizer_description(const rnl_optimizer *o);
/* A line on the i-th rule, "sgd: w = w - lr g"; NULL after the last. Borrowed for ever. */
RNL_API const char *rnl_optimizer_help(size_t i);

/* The learning rate of an iteration (from 0) out of `iterations`, on a schedule; lr is its highest rate.
 * NULL and "constant": lr itself. Written as text, numbers that are left out as here:
 *
 *     step F N              times F after every N iterations
 *     exponential F N       times F every N iterations, a little in each: lr F^(i/N)
 *     linear 0              on a straight line to lr times the number, at the end
 *     cosine 0              half a cosine from lr to lr times the number
 *     onecycle 0.3 25 1e4   up from lr/25 in the first 0.3 of the run, and down to lr/25/1e4
 *     warmup N, ...         from lr/N to lr in N iterations, then one of the above but onecycle
 *
 * N may be a share of the run: "warmup 5%, cosine". RNL_ERR_USAGE for what makes no sense, as a warm-up
 * that is longer than the run. */
RNL_API rnl_status rnl_learning_rate(const char *schedule, double lr, uint64_t iterations,
                                     uint64_t iteration, double *rate);
/* A line on the i-th schedule; NULL after the last. Borrowed for ever. */
RNL_API const char *rnl_schedule_help(size_t i);

/* ---- 7.2 training ------------------------------------------------------------------------------------- */

typedef enum rnl_sampling {
    RNL_WITH_REPLACEMENT = 0, /* each batch drawn anew from all samples, as in the book */
    RNL_SHUFFLED_EPOCHS = 1   /* every sample once an epoch; an epoch's last batch may be smaller */
} rnl_sampling;

typedef enum rnl_event_kind {
    RNL_EVENT_PROGRESS = 0, /* often; for a progress line */
    RNL_EVENT_EVALUATED = 1 /* the accuracies are new */
} rnl_event_kind;

typedef struct rnl_train_event {
    rnl_event_kind kind;
    uint64_t iteration, iterations;       /* updates done, updates wanted */
    double seconds;                       /* since training began, evaluations included */
    double loss;                          /* of the last batch, before its update */
    double train_accuracy, test_accuracy; /* RNL_EVENT_EVALUATED only; NaN where there is no set */
} rnl_train_event;

/* Called in the thread that called rnl_train, between two updates. Returning false ends training
 * with RNL_ERR_INTERRUPTED after the current update. */
typedef bool (*rnl_train_callback)(const rnl_train_event *event, void *user);

#define RNL_NEVER UINT64_MAX

typedef struct rnl_train_config {
    size_t batch;        /* samples an update; 1 .. n */
    uint64_t iterations; /* updates; 0: epochs says it */
    double epochs;       /* used where iterations is 0; one epoch = ceil(n / batch) updates */
    double lr;           /* learning rate, > 0 and finite */
    rnl_sampling sampling;
    uint64_t seed;               /* of the batches */
    int threads;                 /* 0: the processors that this process may use */
    uint64_t eval_every;         /* iterations between accuracies; 0: once an epoch; RNL_NEVER: not
                                  * even before the first update and after the last */
    rnl_train_callback callback; /* may be NULL */
    void *user;                  /* handed to callback */
} rnl_train_config;

/* batch 100, iterations 10000, lr 0.1, with replacement, seed 1, threads 0, once an epoch. */
RNL_API rnl_train_config rnl_train_config_default(void);

/* What happened: the loss of every iteration, the accuracies of every evaluation. */
typedef struct rnl_history rnl_history;

typedef struct rnl_evaluation {
    uint64_t iteration;
    double train_accuracy, test_accuracy; /* NaN where there is no set */
} rnl_evaluation;

/* Trains net in place by mini-batch SGD. test may be NULL. The same seeds give the same bits on
 * any number of threads. Notes the input's shape and scaling in net ("runnel.input.shape": "1x28x28",
 * "runnel.input.scale", "runnel.input.shift"), so that a model file tells how to feed it. *history (may be NULL where it is not wanted) is given on success and
 * also with RNL_ERR_DIVERGED and RNL_ERR_INTERRUPTED. Diverged: net holds the parameters of the
 * last evaluation before the loss became NaN or infinite, and the error text says when. */
RNL_API rnl_status rnl_train(rnl_net *net, const rnl_dataset *train, const rnl_dataset *test,
                             const rnl_train_config *config, rnl_history **history);

RNL_API void rnl_history_free(rnl_history **history);
RNL_API uint64_t rnl_history_iterations(const rnl_history *history);
/* The losses of all iterations, the first first. Borrowed until the history is freed. */
RNL_API const float *rnl_history_losses(const rnl_history *history);
RNL_API size_t rnl_history_evaluation_count(const rnl_history *history);
RNL_API rnl_evaluation rnl_history_evaluation(const rnl_history *history, size_t i);
/* CSV: iteration,loss,train_accuracy,test_accuracy; a row an iteration, the accuracies empty where
 * none was measured. Written whole or not at all. */
RNL_API rnl_status rnl_history_save(const rnl_history *history, const char *path);

/* ---- 7.3 evaluating ----------------------------------------------------------------------------------- */

/* Loss and accuracy over a whole set. confusion: [class_count, class_count] counts, row = true
 * class, column = answer, overwritten; may be NULL. threads 0: all. */
typedef struct rnl_score {
    size_t n;
    double loss, accuracy;
} rnl_score;

RNL_API rnl_status rnl_evaluate(const rnl_net *net, const rnl_dataset *set, int threads,
                                rnl_score *score, uint64_t *confusion);

#endif

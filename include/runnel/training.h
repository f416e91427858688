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
 * that is longer than the run, a share, linear, cosine or onecycle in a run without an end (RNL_NEVER), or an
 * lr that is below 0 or not finite. */
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
    RNL_EVENT_PROGRESS = 0, /* at most ten times a second; for a progress line */
    RNL_EVENT_EVALUATED = 1 /* the accuracies are new */
} rnl_event_kind;

typedef struct rnl_train_event {
    rnl_event_kind kind;
    uint64_t iteration, iterations; /* updates done, updates wanted */
    double seconds;                 /* since training began, evaluations included */
    double training_seconds;        /* what of them went into updates */
    double loss;                    /* of the last batch, as in rnl_history_losses */
    double lr;                      /* of the last update */
    /* RNL_EVENT_EVALUATED only; NaN where there is no set. As in rnl_evaluation. */
    double train_accuracy, validation_loss, validation_accuracy, test_accuracy;
    bool best; /* the best by the validation set so far */
} rnl_train_event;

/* Called in the thread that called rnl_train, between two updates, which wait for it: after evaluations, and else as
 * rnl_event_kind says, not after each update. It has to return: a longjmp or a C++ exception out of it is undefined, as
 * out of an rnl_fill. Returning false ends training with RNL_ERR_INTERRUPTED after the current update. */
typedef bool (*rnl_train_callback)(const rnl_train_event *event, void *user);

#define RNL_NEVER UINT64_MAX

/* All that is zero, NULL or false means: without that. */
typedef struct rnl_train_config {
    size_t batch; /* samples a pass, and an update unless `accumulate` says more; 1 .. n */
    uint64_t
        iterations; /* updates; 0: epochs says it; RNL_NEVER: until callback or patience ends it */
    double epochs;  /* where iterations is 0; one is ceil(n / (batch * accumulate)) updates */
    double lr;      /* learning rate, > 0 and finite; the highest of the schedule */
    rnl_sampling sampling;
    uint64_t seed;               /* of the batches */
    int threads;                 /* at most; 0: the processors that this process may use */
    uint64_t eval_every;         /* iterations between accuracies; 0: once an epoch; RNL_NEVER: not
                                  * even before the first update and after the last */
    rnl_train_callback callback; /* may be NULL */
    void *user;                  /* handed to callback */

    /* How an update is made: 7.1. */
    const char *optimizer, *schedule; /* NULL: "sgd", "constant" */
    double l2, weight_decay, clip;    /* as in rnl_optimizer_config */
    size_t accumulate; /* passes that make up an update, of batch samples each: the update has
                        * batch * accumulate samples, and needs the memory of batch; 0 and 1: one */
    /* 0 <= ema < 1: what is evaluated, kept and given back is the average of the parameters after every
     * update, the last counting 1 - ema, the one before it ema (1 - ema), and so on, divided by the sum
     * of these; 0: the parameters themselves. */
    double ema;
    /* What is done to pictures at random, anew each time they come by; NULL: nothing. See
     * rnl_dataset_augment. */
    const char *augment;
    const double *class_weights; /* [outputs]: how much samples of a class count; softmax only */

    /* The history has the loss of each batch after its update, by another pass forward as rnl_net_loss makes it
     * (without dropout), as the book's program does; false: before, which the gradient gives anyway. Not with
     * accumulate. Changes no parameter. */
    bool loss_after_update;

    /* When to end and what to keep, by a set that is not trained on (rnl_dataset_split). An evaluation
     * is better than another if its accuracy is higher, or the same with a lower loss. */
    const rnl_dataset *validation; /* borrowed during rnl_train */
    uint64_t patience;             /* ends early after so many evaluations without a better one */
    bool keep_best; /* gives back the parameters of the best evaluation, not the last */
    /* Evaluations leave out the training set, whose size makes them slow; its accuracy is NaN then. */
    bool skip_train_accuracy;

    /* A checkpoint is a file from which a run can go on, to the same bits as if it had never stopped. It is
     * written every checkpoint_every iterations (0: once an epoch), and where the run is complete or the callback
     * ends it, but not where it fails; at any moment the file is the old one or the new one. */
    const char *checkpoint;
    uint64_t checkpoint_every;
    /* Goes on from this one. All that shapes the result must be as it was; iterations, epochs and patience may be
     * others, and the run then ends in the bits that it would have had with them from its beginning. (A schedule that
     * is drawn over the whole run wants the same iterations; an end or a patience that lies behind is refused.) */
    const char *resume;
    /* What net's parameters began as: a line for the checkpoint, by which a run that began otherwise is refused.
     * The parameters themselves are overwritten, and not compared. */
    const char *origin;
    const char *note; /* any text, for rnl_checkpoint_note; NULL: none. Shapes nothing */
} rnl_train_config;

/* batch 100, iterations 10000, lr 0.1, with replacement, seed 1, threads 0, once an epoch; the rule's own
 * weight decay. */
RNL_API rnl_train_config rnl_train_config_default(void);

/* What happened: the loss of every iteration, the accuracies of every evaluation. */
typedef struct rnl_history rnl_history;

/* Accuracies are shares of right answers. Of regression they are R2, the share of the targets' variance
 * that the answers explain: 1 at best, below 0 at worse than always answering the mean. */
typedef struct rnl_evaluation {
    uint64_t iteration;
    double train_accuracy, test_accuracy; /* NaN where there is no set */
    double validation_accuracy, validation_loss;
} rnl_evaluation;

/* Trains net in place. test may be NULL. The same seeds give the same bits on any number of threads. Notes
 * the input's shape and scaling in net ("runnel.input.shape": "1x28x28", "runnel.input.scale",
 * "runnel.input.shift": one number, or one for each feature; of svmlight files "runnel.input.first_index": "0" or
 * "1") and the names of its classes ("runnel.classes"), so that a model file tells how to feed it. Settings that
 * make no sense, and a network that holds NaN or infinity already, are refused before anything is done.
 *
 * *history (may be NULL where it is not wanted) is given once training has begun, on success and with
 * RNL_ERR_DIVERGED, RNL_ERR_INTERRUPTED and, where a checkpoint could not be written or a callback did not
 * give a sample, RNL_ERR_IO; also with RNL_ERR_FORMAT, where a number of the validation or test set is NaN
 * or infinite and the answer NaN. net then holds what the updates before made of it.
 * Diverged: net holds the parameters of the last evaluation before the loss became NaN or infinite
 * (of the best one, with keep_best), and the error text says when. */
RNL_API rnl_status rnl_train(rnl_net *net, const rnl_dataset *train, const rnl_dataset *test,
                             const rnl_train_config *config, rnl_history **history);

RNL_API void rnl_history_free(rnl_history **history);
RNL_API uint64_t rnl_history_iterations(const rnl_history *history);
/* The losses of all iterations, the first first, each of its batch before the update, or after it with
 * loss_after_update. Borrowed until the history is freed. */
RNL_API const float *rnl_history_losses(const rnl_history *history);
/* The learning rate of an iteration, from 0, below rnl_history_iterations. */
RNL_API double rnl_history_rate(const rnl_history *history, uint64_t iteration);
RNL_API size_t rnl_history_evaluation_count(const rnl_history *history);
RNL_API rnl_evaluation rnl_history_evaluation(const rnl_history *history, size_t i);
/* The best evaluation by the validation set; NULL where there was none. Borrowed likewise. */
RNL_API const rnl_evaluation *rnl_history_best(const rnl_history *history);
/* How many updates made the parameters that the network has been given. */
RNL_API uint64_t rnl_history_kept(const rnl_history *history);
/* Whether patience ended the run. */
RNL_API bool rnl_history_ended_early(const rnl_history *history);
/* CSV: iteration,loss,lr,train_accuracy,validation_loss,validation_accuracy,test_accuracy; a row an
 * iteration, what was not measured left empty. Regression: ..._r2 in place of ..._accuracy. Written
 * whole or not at all. */
RNL_API rnl_status rnl_history_save(const rnl_history *history, const char *path);
/* The same as JSON lines: an object a line with these keys; what was not measured is left out. */
RNL_API rnl_status rnl_history_save_json(const rnl_history *history, const char *path);

/* What stands in a checkpoint. RNL_ERR_FORMAT: it is none, or damaged; RNL_ERR_UNSUPPORTED: of another version or
 * kind of machine. */
typedef struct rnl_checkpoint rnl_checkpoint;
RNL_API rnl_status rnl_checkpoint_open(rnl_checkpoint **checkpoint, const char *path);
RNL_API void rnl_checkpoint_free(rnl_checkpoint **checkpoint);
/* How many updates are done. */
RNL_API uint64_t rnl_checkpoint_iterations(const rnl_checkpoint *checkpoint);
/* The last evaluation; NULL where there was none. Texts and evaluation: borrowed until the checkpoint is freed. */
RNL_API const rnl_evaluation *rnl_checkpoint_evaluation(const rnl_checkpoint *checkpoint);
/* rnl_train_config's note; "" for none. */
RNL_API const char *rnl_checkpoint_note(const rnl_checkpoint *checkpoint);
/* What a run must have in common with this one to go on from here: lines "name value". */
RNL_API const char *rnl_checkpoint_settings(const rnl_checkpoint *checkpoint);

/* ---- 7.3 evaluating ----------------------------------------------------------------------------------- */

/* The mean loss over a whole set, and how good the answers are; what the task does not have is NaN. */
typedef struct rnl_score {
    size_t n;
    double loss;
    double accuracy; /* share of right answers; several labels: share of right labels */
    /* regression: R2 (the mean over the outputs), root mean square error, mean absolute error */
    double r2, rmse, mae;
} rnl_score;

/* confusion: [classes, classes] counts, row = true class, column = answer, overwritten; NULL where it is not
 * wanted, and for sets without classes. classes is rnl_net_class_count(net): the network may answer with classes
 * that the set does not have, and a set with more is RNL_ERR_SHAPE. Every sample counts, but for those whose
 * outputs have a NaN: they are wrong, and answered with no class. threads 0: all. */
RNL_API rnl_status rnl_evaluate(const rnl_net *net, const rnl_dataset *set, int threads,
                                rnl_score *score, uint64_t *confusion);
/* top[j], j < k: the share of samples whose class is among the j + 1 largest outputs. 1 <= k <= outputs. */
RNL_API rnl_status rnl_evaluate_top(const rnl_net *net, const rnl_dataset *set, int threads,
                                    size_t k, double *top);

/* One class, from a confusion matrix; NaN where nothing can be said. */
typedef struct rnl_class_score {
    uint64_t support, answered, right; /* samples of the class, answers of the class, both */
    double precision, recall, f1;      /* right / answered, right / support, their harmonic mean */
} rnl_class_score;

RNL_API void rnl_class_scores(const uint64_t *confusion, size_t class_count,
                              rnl_class_score *scores);

#endif

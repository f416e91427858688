/* runnel.h - the public interface of runnel; a thing not declared here, or in
 * the headers in runnel/ that it includes, is not public.
 *
 * Shapes    [n, m] is a row-major array, last index fastest; n counts samples and comes first.
 * Owning    rnl_X_new, rnl_X_load and the like give the caller an X to hand to rnl_X_free, which
 *           takes the address, sets it to NULL and accepts NULL. "Borrowed" pointers belong to the
 *           callee and live as long as the comment says. Strings and arrays that are passed in are
 *           copied unless the comment says "borrowed".
 * Failing   rnl_status is returned; out-parameters then hold NULL (or are untouched where they are
 *           plain numbers) and rnl_error_text() has a sentence for people. The library never
 *           prints and never exits.
 * NULL      where a comment does not allow it is RNL_ERR_USAGE from what returns rnl_status, and undefined in all else.
 * Threads   Distinct objects may be used from distinct threads. What is handed over as const may be
 *           shared while nobody changes it: one data set by several trainings and evaluations at
 *           once, one network by all that predict, each with a workspace of its own.
 *           rnl_train and rnl_evaluate make their own threads.
 *           A thread that calls has at least 256 KiB of stack: products are packed there.
 * Signals   Of those that come while oneDNN computes a product, only faults have a handler run on that
 *           thread; the others wait for its end (it moves the stack pointer into memory of its own).
 *
 * Contents  1 status  2 matrices and targets  3 networks  4 running a network
 *           5 gradients  6 data sets: runnel/data.h  7 training and evaluating: runnel/training.h
 *           8 model files: runnel/model.h  9 files of the caller's own  10 about this build
 */
#ifndef RUNNEL_H
#define RUNNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32) || !defined(__GNUC__)
#define RNL_API
#else
#define RNL_API __attribute__((visibility("default")))
#endif

/* A pointer that is kept and not read: the array behind it may still be uninitialised. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define RNL_UNREAD(parameter) __attribute__((access(none, parameter)))
#else
#define RNL_UNREAD(parameter)
#endif

/* ---- 1 status --------------------------------------------------------------------------------- */

/* The numbers are pinned: they never change between versions. */
typedef enum rnl_status {
    RNL_OK = 0,
    RNL_ERR_MEMORY = 1,      /* an allocation failed */
    RNL_ERR_USAGE = 2,       /* an argument or a description makes no sense */
    RNL_ERR_SHAPE = 3,       /* widths, rows or types do not fit each other */
    RNL_ERR_IO = 4,          /* a file could not be opened, read or written, or a sample not had */
    RNL_ERR_FORMAT = 5,      /* a file's content is not what its format says */
    RNL_ERR_DIVERGED = 6,    /* training: the loss became NaN or infinite */
    RNL_ERR_INTERRUPTED = 7, /* training: the callback asked to stop */
    RNL_ERR_UNSUPPORTED = 8  /* left out of this build, or not known to it */
} rnl_status;

/* A sentence about the last failure in this thread: which file, line or shape, what was expected
 * and what was found. Borrowed; valid until the next call that fails in this thread. */
RNL_API const char *rnl_error_text(void);

/* "ok", "memory", "usage", ... Borrowed for ever. */
RNL_API const char *rnl_status_name(rnl_status status);

/* ---- 2 matrices and targets --------------------------------------------------------------------- */

typedef enum rnl_dtype { RNL_F32 = 0, RNL_F64 = 1 } rnl_dtype;

/* A view of numbers that somebody else owns: element (i, j) is data[i * ld + j], ld >= cols. */
typedef struct rnl_matrix {
    void *data; /* float * or double *, as dtype says */
    size_t rows, cols, ld;
    rnl_dtype dtype;
} rnl_matrix;

/* Views of dense arrays [rows, cols]; nothing is read. An array that is only read from may be const. */
RNL_API rnl_matrix rnl_matrix_f32(const float *data, size_t rows, size_t cols) RNL_UNREAD(1);
RNL_API rnl_matrix rnl_matrix_f64(const double *data, size_t rows, size_t cols) RNL_UNREAD(1);

/* What the network should have answered, said explicitly and never guessed from a size:
 * class numbers, or one row of numbers a sample. Borrows the arrays. What the numbers in a row mean
 * depends on the network's loss, section 3. */
typedef enum rnl_target_kind { RNL_TARGET_CLASSES = 0, RNL_TARGET_ROWS = 1 } rnl_target_kind;

typedef struct rnl_targets {
    rnl_target_kind kind;
    size_t n;
    const int32_t *classes; /* RNL_TARGET_CLASSES: n numbers from 0 to outputs - 1 */
    rnl_matrix rows;        /* RNL_TARGET_ROWS: [n, outputs] */
    /* [outputs] or NULL: softmax multiplies what a class adds to the loss by its weight, 0 or more, not all 0.
     * The loss stays the mean over the samples: it is not divided by the weights' sum. */
    const double *class_weights;
} rnl_targets;

RNL_API rnl_targets rnl_targets_classes(const int32_t *classes, size_t n);
RNL_API rnl_targets rnl_targets_rows(rnl_matrix rows);

/* ---- 3 networks ----------------------------------------------------------------------------------
 *
 * A network is a list of layers, written as text: "affine 50, relu, affine 10".
 *
 *     affine N             y = x W + b, N outputs (N may be left out in the last affine: config.outputs)
 *     relu                 y = max(x, 0)
 *     sigmoid              y = 1 / (1 + exp(-x))
 *     tanh                 y = tanh(x)
 *     leaky_relu [SLOPE]   y = x where x > 0, else SLOPE x                   0.01; 0 to 1
 *     elu [ALPHA]          y = x where x > 0, else ALPHA (exp(x) - 1)        1; 0 to 100
 *     gelu                 y = x Phi(x), Phi the normal distribution (by erf, PyTorch's default)
 *     silu                 y = x / (1 + exp(-x))
 *     softplus             y = log(1 + exp(x))
 *     dropout SHARE        learning: y = 0 for a SHARE of all numbers, x / (1 - SHARE) for the others;
 *                          predicting: y = x                                 0 to below 1
 *     batchnorm [MOMENTUM [EPS]]
 *                          y = gamma (x - mean) / sqrt(var + EPS) + beta, mean and var of each column;
 *                          learning: of the batch; predicting: running ones, which move by MOMENTUM
 *                          each update (0.1; 0.000001 to 1. EPS 1e-5; 1e-12 to 1)
 *     layernorm [EPS]      the same with mean and var of each row            1e-5; 1e-12 to 1
 *     flatten              y = x; counts as a layer, as PyTorch's nn.Flatten does
 *
 * and last of all, if at all, the loss:
 *
 *     softmax [SMOOTHING]  softmax with cross-entropy; what is meant when no loss is named. Targets are
 *                          classes, or rows of probabilities (each >= 0, sum 1); SMOOTHING of a target is
 *                          shared out over all classes                       0; 0 to below 1
 *     logistic             sigmoid with cross-entropy, yes or no for each output. Targets are rows of
 *                          labels from 0 to 1, or classes: the one output that says yes, or, with one
 *                          output, no and yes
 *     mse                  mean squared error. Targets are rows of numbers
 *     huber [DELTA]        half the square up to an error of DELTA, linear beyond      1; 1e-6 to 1e6
 *
 * The loss of a sample is the mean over its outputs for the last three, and a batch's loss is the mean
 * over its samples.
 *
 * Parameters are named in order: W1, b1 for the first affine layer, W2, b2 for the second, ...;
 * gamma1, beta1, ... for batchnorm and layernorm. */

typedef struct rnl_net rnl_net;

typedef struct rnl_net_config {
    size_t inputs;          /* features of a sample; required */
    size_t outputs;         /* for a last affine without a width; 0: the text must say it */
    rnl_dtype dtype;        /* RNL_F32 to train, RNL_F64 to check */
    const char *backend;    /* "portable", "onednn", or NULL: the fastest here */
    double weight_init_std; /* W ~ N(0, std^2), b = 0; 0 is legal and makes all weights zero */
    uint64_t seed;          /* of the initial weights */
    /* How the weights are drawn in place of that, or NULL (in: a layer's inputs, out: its outputs):
     *   "normal STD"  N(0, STD^2)
     *   "he"          N(0, 2/in); before leaky_relu N(0, 2/(1 + slope^2)/in)
     *   "xavier"      N(0, 2/(in + out))
     *   "he_uniform", "xavier_uniform"    the same variances, uniformly distributed
     *   "auto"        "he" before relu, leaky_relu, elu, gelu, silu and softplus, "xavier" elsewhere */
    const char *init;
} rnl_net_config;

/* inputs 784, outputs 10, RNL_F32, fastest backend, std 0.01, seed 1, init NULL. */
RNL_API rnl_net_config rnl_net_config_default(void);

/* One layer, for building from C: { "affine", 50 }, { "relu", 0 }, { "dropout 0.5", 0 }. width is for
 * affine only; other numbers stand behind the name, as in the text. */
typedef struct rnl_layer_spec {
    const char *type;
    size_t width;
} rnl_layer_spec;

RNL_API rnl_status rnl_net_new(rnl_net **net, const char *description,
                               const rnl_net_config *config);
RNL_API rnl_status rnl_net_from_layers(rnl_net **net, const rnl_layer_spec *layers, size_t count,
                                       const rnl_net_config *config);
/* The two-layer network of the book: affine hidden, relu, affine output; f32, fastest backend. */
RNL_API rnl_status rnl_two_layer_net(rnl_net **net, size_t inputs, size_t hidden, size_t outputs,
                                     double weight_init_std, uint64_t seed);
/* Another network with the same layers, numbers, state and notes: to train on, while the first one
 * is kept. A workspace, gradients or an optimizer of the one do not go with the other. */
RNL_API rnl_status rnl_net_copy(rnl_net **copy, const rnl_net *net);
RNL_API void rnl_net_free(rnl_net **net);

RNL_API size_t rnl_net_inputs(const rnl_net *net);
RNL_API size_t rnl_net_outputs(const rnl_net *net);
RNL_API rnl_dtype rnl_net_dtype(const rnl_net *net);
RNL_API const char *rnl_net_backend(const rnl_net *net);
/* The description in full: every width, the loss. Borrowed until the network is freed. */
RNL_API const char *rnl_net_description(const rnl_net *net);

/* What the loss teaches the network. */
typedef enum rnl_task {
    RNL_TASK_CLASSES = 0, /* one of several classes; targets are classes or rows of probabilities */
    RNL_TASK_LABELS = 1,  /* yes or no for each output; rows of labels from 0 to 1, or classes */
    RNL_TASK_REGRESSION = 2 /* numbers; rows of numbers */
} rnl_task;

RNL_API rnl_task rnl_net_task(const rnl_net *net);
/* How many classes it tells apart: its outputs; 2 for one output that says yes or no; 0 where it predicts numbers. */
RNL_API size_t rnl_net_class_count(const rnl_net *net);

typedef struct rnl_layer_info {
    const char *type;       /* "affine"; borrowed for ever */
    size_t inputs, outputs; /* features of a sample */
    size_t first_parameter; /* index for rnl_net_parameter */
    size_t parameters;      /* how many blocks: 2 for affine, 0 for relu */
} rnl_layer_info;

RNL_API size_t rnl_net_layer_count(const rnl_net *net);
/* i < rnl_net_layer_count. */
RNL_API rnl_layer_info rnl_net_layer(const rnl_net *net, size_t i);

typedef struct rnl_parameter {
    const char *name; /* "W1"; borrowed until the network is freed */
    const char *key;  /* "0.weight", its key in a model file; borrowed likewise */
    /* W: [in, out], b: [1, out]; the network's own numbers, writable. Its rows are value.ld numbers apart, which may
     * be more than value.cols: they begin with lines of the cache. What lies between is zero and must stay so. */
    rnl_matrix value;
} rnl_parameter;

RNL_API size_t rnl_net_parameter_count(const rnl_net *net); /* blocks, not numbers */
/* i < rnl_net_parameter_count. */
RNL_API rnl_parameter rnl_net_parameter(const rnl_net *net, size_t i);
/* All numbers of all blocks. */
RNL_API size_t rnl_net_size(const rnl_net *net);

/* Numbers that belong to the network and its model file but are no parameters: no gradient and no
 * update rule touches them. Listed like parameters, in blocks: "running_mean1", "running_var1" of the
 * first batchnorm. */
RNL_API size_t rnl_net_state_count(const rnl_net *net);
/* i < rnl_net_state_count. */
RNL_API rnl_parameter rnl_net_state(const rnl_net *net, size_t i);

/* Notes that travel in the model file: UTF-8 keys and values. Keys that begin with "runnel." are
 * runnel's own (docs/files.md lists them; "runnel.version", "runnel.net", "runnel.inputs",
 * "runnel.format" and "format" are made by rnl_net_save and are no notes). value NULL removes the
 * key. RNL_ERR_USAGE for one of those five, and for what is no UTF-8, RNL_ERR_UNSUPPORTED for more than
 * 1000 notes; nothing has changed then.
 * rnl_net_note gives NULL for a key that is not there; borrowed until the note changes. */
RNL_API rnl_status rnl_net_set_note(rnl_net *net, const char *key, const char *value);
RNL_API const char *rnl_net_note(const rnl_net *net, const char *key);
RNL_API size_t rnl_net_note_count(const rnl_net *net);
/* Two times NULL after the last. */
RNL_API void rnl_net_note_at(const rnl_net *net, size_t i, const char **key, const char **value);

/* ---- 4 running a network --------------------------------------------------------------------------
 *
 * A workspace holds what one pass through the network leaves behind. Planned once for the largest
 * batch; the calls below then allocate nothing. x: [n, inputs] and n <= max_batch, else
 * RNL_ERR_SHAPE. RNL_ERR_USAGE where the workspace was not planned for the network, wherever they lie in memory: a
 * new network can have the address of one that was freed. They run in the calling thread. */

typedef struct rnl_workspace rnl_workspace;

RNL_API rnl_status rnl_workspace_new(rnl_workspace **ws, const rnl_net *net, size_t max_batch);
RNL_API void rnl_workspace_free(rnl_workspace **ws);
RNL_API size_t rnl_workspace_bytes(const rnl_workspace *ws);

/* dropout and batchnorm do other things while the network learns than afterwards. */
typedef struct rnl_mode {
    bool training;
    uint64_t seed, iteration; /* training: what is random in a pass follows from these alone */
} rnl_mode;

/* How the calls below run in this workspace. A new one predicts: all zero. */
RNL_API void rnl_workspace_set_mode(rnl_workspace *ws, rnl_mode mode);

/* x: [n, inputs] -> logits: [n, outputs], overwritten. */
RNL_API rnl_status rnl_net_predict(const rnl_net *net, rnl_workspace *ws, rnl_matrix x,
                                   rnl_matrix logits);
/* The same, made into probabilities as the loss does it. RNL_ERR_USAGE for regression. */
RNL_API rnl_status rnl_net_probabilities(const rnl_net *net, rnl_workspace *ws, rnl_matrix x,
                                         rnl_matrix probabilities);
/* The mean of the samples' losses. */
RNL_API rnl_status rnl_net_loss(const rnl_net *net, rnl_workspace *ws, rnl_matrix x, rnl_targets t,
                                double *loss);
/* The share of rows whose largest logit stands where the largest target stands. Of logistic, with one
 * output or with rows of labels: the share of all labels on whose side of 1/2 the answer stands.
 * RNL_ERR_USAGE for regression. */
RNL_API rnl_status rnl_net_accuracy(const rnl_net *net, rnl_workspace *ws, rnl_matrix x,
                                    rnl_targets t, double *accuracy);

/* ---- 5 gradients ---------------------------------------------------------------------------------- */

/* One number per parameter of a network, in blocks of the same shapes, order and names. The network
 * must outlive it. */
typedef struct rnl_gradients rnl_gradients;

RNL_API rnl_status rnl_gradients_new(rnl_gradients **g, const rnl_net *net);
RNL_API void rnl_gradients_free(rnl_gradients **g);
/* i < rnl_net_parameter_count. Borrowed until g is freed. */
RNL_API rnl_matrix rnl_gradients_block(const rnl_gradients *g, size_t i);

/* By backpropagation: g = d loss / d parameters, overwritten. loss may be NULL. */
RNL_API rnl_status rnl_net_gradient(const rnl_net *net, rnl_workspace *ws, rnl_matrix x,
                                    rnl_targets t, rnl_gradients *g, double *loss);
/* One step of the chain rule for a gradient of the caller's own: from dy, the gradient with respect
 * to the output y that rnl_net_predict has just written with this workspace (x and y must still be
 * there), g = the gradient with respect to the parameters and, unless dx is NULL, *dx: [n, inputs]
 * = that with respect to the input. All overwritten; dy stays as it was. RNL_ERR_USAGE where the last pass with
 * ws was another call's: rnl_net_probabilities, rnl_net_loss, rnl_net_accuracy, rnl_net_gradient. */
RNL_API rnl_status rnl_net_backward(const rnl_net *net, rnl_workspace *ws, rnl_matrix y,
                                    rnl_matrix dy, rnl_gradients *g, rnl_matrix *dx);
/* By central differences, (loss(w + h) - loss(w - h)) / 2h for every single parameter w; h > 0,
 * 1e-4 suits f64; RNL_ERR_USAGE where w + h is w. mode NULL: as a new workspace runs. Uses up to
 * `threads` threads (0: all), each on a copy of the network. */
RNL_API rnl_status rnl_net_numerical_gradient(const rnl_net *net, const rnl_mode *mode,
                                              rnl_matrix x, rnl_targets t, double h, int threads,
                                              rnl_gradients *g);

/* The running means of batchnorm take in the batch that ws has passed last, in training mode. Part of
 * every update, beside the step of the parameters; does nothing where the network has no state.
 * A batch of one sample has no variance: batchnorm then gives beta, and its input no gradient. */
RNL_API rnl_status rnl_net_update_state(rnl_net *net, const rnl_workspace *ws);

/* parameters -= lr * g; lr is 0 or more, and finite. */
RNL_API rnl_status rnl_net_sgd_step(rnl_net *net, const rnl_gradients *g, double lr);

/* The outputs become y * scale + shift, each its own: [outputs]. Folded into the last layer, which must be
 * affine: RNL_ERR_USAGE otherwise, and where one of its numbers would not be finite; nothing has changed then.
 * Rounded once. */
RNL_API rnl_status rnl_net_scale_outputs(rnl_net *net, const double *scale, const double *shift);

/* ---- 6 data sets, 7 training and evaluating, 8 model files --------------------------------------------- */

#include "runnel/data.h"
#include "runnel/training.h"
#include "runnel/model.h"

/* ---- 9 files of the caller's own ------------------------------------------------------------------------- */

/* Bytes into a file, as every file of this library is written: under another name in the same folder, synced,
 * renamed. At any moment, and after a failure, the path holds the old content or the new one, whole. Links are
 * followed, and an old file's permissions kept. What is no regular file (a pipe) is written directly. */
RNL_API rnl_status rnl_write_file(const char *path, const void *bytes, size_t size);

/* ---- 10 about this build ---------------------------------------------------------------------------------- */

RNL_API const char *rnl_version(void);
/* Names of the backends in this build; NULL after the last. Borrowed for ever. */
RNL_API const char *rnl_backend_name(size_t i);
/* Processors that this process may use: affinity, and the CPU quota of its control group. */
RNL_API int rnl_processors(void);

#ifdef __cplusplus
}
#endif

#endif

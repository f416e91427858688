/* backend.h - the table of kernels: everything that a layer asks of the machine
 *
 * All matrices of one call have the same dtype, that of the table. Any ld >= cols is legal; nothing
 * outside [rows, cols] is written. Outputs may not overlap inputs unless a line below says so.
 *
 * Every thread of the team calls a kernel with the same arguments (base/team.h). There are two kinds:
 *
 *   by rows    Each thread computes its own rows (rnl_my_rows) of the [n, ...] outputs, and reads
 *              only its own rows of the [n, ...] inputs. No barrier: row kernels may follow one
 *              another freely. A backend that cuts otherwise puts barriers before and after.
 *   by params  The outputs have the shape of parameters; the inputs are read whole. Begins with a
 *              barrier, so that all rows are there; ends without one. What reads the result waits.
 *              Those of the affine layer leave the barrier to the caller: one is enough for all layers.
 *
 * The portable backend, compiled for f64, is the definition of every kernel. */
#ifndef RNL_BACKEND_BACKEND_H
#define RNL_BACKEND_BACKEND_H

#include "backend/sparse.h"
#include "base/matrix.h"
#include "base/status.h"
#include "base/team.h"

/* What an affine layer applies to its output while that is still in the cache. */
typedef enum rnl_activation { RNL_ACT_NONE = 0, RNL_ACT_RELU, RNL_ACT_SIGMOID } rnl_activation;

/* by rows: y = act(x W + b)       y: [n, out]  x: [n, in]  W: [in, out]  b: [1, out] */
typedef void rnl_affine_forward_fn(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                                   const rnl_matrix *b, rnl_activation act);

/* by rows: dx = dy W^T            dx: [n, in]  dy: [n, out]  W: [in, out] */
typedef void rnl_affine_backward_input_fn(rnl_matrix *dx, const rnl_matrix *dy,
                                          const rnl_matrix *W);

/* by params, the barrier is the caller's: dW = alpha x^T dy, db = alpha sum_i dy[i, :]; added to dW and db
 * where add is true, so that alpha = -lr and add = true is a step of SGD.
 * dW: [in, out]  db: [1, out]  x: [n, in]  dy: [n, out] */
typedef void rnl_affine_backward_params_fn(rnl_matrix *dW, rnl_matrix *db, const rnl_matrix *x,
                                           const rnl_matrix *dy, double alpha, bool add);

/* The same for a small layer, tile by tile of the n rows (rnl_tile), so that what crosses from thread to thread are
 * few sums and not the rows of x. tile_params, by rows: row t of `tiles`, [tiles, (in + 1) out], becomes x_t^T dy_t
 * for the rows of tile t, row behind row, and behind that sum_i dy_t[i, :]. sum_tiles, by params, the barrier
 * is the caller's: dW and db are alpha times the sum of all tiles, or it is added to them. */
typedef void rnl_affine_tile_params_fn(rnl_matrix *tiles, const rnl_matrix *x,
                                       const rnl_matrix *dy);
typedef void rnl_affine_sum_tiles_fn(rnl_matrix *dW, rnl_matrix *db, const rnl_matrix *tiles,
                                     double alpha, bool add);

/* Row i of a half of x, by a dense row of bytes, or of numbers of its dtype, that is given whole, from column 0:
 * makes the mask, and copies bytes where x has room for them; otherwise rnl_sparse_set_place says where they lie.
 * Called by each thread of a team for its own share (rnl_sparse_share). */
typedef void rnl_sparse_bytes_fn(rnl_sparse_half *x, size_t i, const uint8_t *bytes);
typedef void rnl_sparse_numbers_fn(rnl_sparse_half *x, size_t i, const void *numbers);

/* affine_forward and affine_backward_params for x: [n, in] that is mostly zero, n = y->rows or
 * dy->rows <= x->rows. Products with zero may be passed over, so that 0 * inf and 0 * NaN count as 0. Where the rows
 * of W begin with cache lines, what lies between them may be read.
 * sparse_forward takes its share of x and holds a barrier; then y's rows are their owners'. */
typedef void rnl_sparse_forward_fn(rnl_matrix *y, const rnl_sparse *x, const rnl_matrix *W,
                                   const rnl_matrix *b, rnl_activation act);
typedef void rnl_sparse_backward_params_fn(rnl_matrix *dW, rnl_matrix *db, const rnl_sparse *x,
                                           const rnl_matrix *dy, double alpha, bool add);

/* by params, the barrier is the caller's: db = alpha sum_i dy[i, :], added to db where add is true.
 * db: [1, out]  dy: [n, out] */
typedef void rnl_column_sums_fn(rnl_matrix *db, const rnl_matrix *dy, double alpha, bool add);

/* by rows: y = f(x), element by element; y may be x. NaN stays NaN. */
typedef void rnl_map_fn(rnl_matrix *y, const rnl_matrix *x);

/* by rows: dx = dy f'(x), told by the output y = f(x); of gelu and silu, by the input x. dx may be dy. */
typedef void rnl_map_backward_fn(rnl_matrix *dx, const rnl_matrix *dy, const rnl_matrix *y);

/* The same, of a function that has a number of its own: the slope of leaky_relu, the alpha of elu. */
typedef void rnl_map_arg_fn(rnl_matrix *y, const rnl_matrix *x, double arg);
typedef void rnl_map_arg_backward_fn(rnl_matrix *dx, const rnl_matrix *dy, const rnl_matrix *y,
                                     double arg);

/* by rows: y[i, j] = 0 for a share of all elements, x[i, j] / (1 - share) for the others; y may be x.
 * Which ones follows from a hash of key, i and j. dropout of dy is dx. 0 <= share < 1. */
typedef void rnl_dropout_fn(rnl_matrix *y, const rnl_matrix *x, double share, uint64_t key);

/* by rows: y[i, :] = exp(x[i, :] - max) / sum; y may be x. */
typedef rnl_map_fn rnl_softmax_fn;

/* by rows, for targets t of n = x->rows samples:
 *   losses[i] = -sum_k t[i, k] log softmax(x[i, :])[k]       losses: [n], overwritten; may be NULL
 *   dx[i, k]  = (softmax(x[i, :])[k] - t[i, k]) / n          dx: [n, k], overwritten; may be NULL
 * Rows of t sum to 1. dx may be x. */
typedef void rnl_softmax_loss_fn(double *losses, rnl_matrix *dx, const rnl_matrix *x,
                                 const rnl_targets *t);

/* The same for smoothed and weighted targets: in place of t[i, k],
 *   u[i, k] = ((1 - smoothing) t[i, k] + smoothing / m) class_weights[k]      losses[i] = -sum_k u[i, k] log ...
 *   dx[i, k] = (softmax(x[i, :])[k] sum_j u[i, j] - u[i, k]) / n */
typedef void rnl_softmax_loss_weighted_fn(double *losses, rnl_matrix *dx, const rnl_matrix *x,
                                          const rnl_targets *t, double smoothing);

/* by rows, with s = 1 / (1 + exp(-x)) and labels t from 0 to 1, given as rows or as classes: t[i, k] = 1
 * for the class k, 0 for the others; of a single column, the class is the label.
 *   losses[i] = -1/m sum_k (t[i, k] log s[i, k] + (1 - t[i, k]) log(1 - s[i, k]))
 *   dx[i, k]  = (s[i, k] - t[i, k]) / (n m)               x, dx: [n, m]; either may be NULL, dx may be x */
typedef rnl_softmax_loss_fn rnl_logistic_loss_fn;

/* by rows, with e = x - t, t rows of numbers, and 0 < delta <= inf:
 *   losses[i] = scale/m sum_k (e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2))
 *   dx[i, k]  = scale/(n m) (e, but no less than -delta and no more than delta)     as above */
typedef void rnl_huber_loss_fn(double *losses, rnl_matrix *dx, const rnl_matrix *x,
                               const rnl_targets *t, double delta, double scale);

/* ---- normalisation: mean, var, gamma, beta: [1, m]  x, y, dx, dy: [n, m] ---- */

/* by params: mean[j] = 1/n sum_i x[i, j]      var[j] = 1/n sum_i (x[i, j] - mean[j])^2 */
typedef void rnl_column_moments_fn(rnl_matrix *mean, rnl_matrix *var, const rnl_matrix *x);

/* A thread's own columns, those that it computes in column_moments; no barrier:
 * running = running + momentum (factor now - running) */
typedef void rnl_track_fn(rnl_matrix *running, const rnl_matrix *now, double factor,
                          double momentum);

/* by rows: y = gamma h + beta with h = (x - mean) / sqrt(var + eps); y may be x */
typedef void rnl_batchnorm_forward_fn(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *mean,
                                      const rnl_matrix *var, const rnl_matrix *gamma,
                                      const rnl_matrix *beta, double eps);

/* by params: dgamma = alpha sum_i dy h, dbeta = alpha sum_i dy; added to where add is true. gamma may
 * be a step's dgamma. sums: [3, m], overwritten: 1/n sum_i dy, 1/n sum_i dy h, gamma / sqrt(var + eps) */
typedef void rnl_batchnorm_backward_params_fn(rnl_matrix *dgamma, rnl_matrix *dbeta,
                                              rnl_matrix *sums, const rnl_matrix *x,
                                              const rnl_matrix *dy, const rnl_matrix *mean,
                                              const rnl_matrix *var, const rnl_matrix *gamma,
                                              double eps, double alpha, bool add);

/* by rows, after a barrier: dx = sums[2] (dy - sums[0] - h sums[1]) where mean and var are the batch's,
 * dx = sums[2] dy where they are constants; dx may be dy */
typedef void rnl_batchnorm_backward_input_fn(rnl_matrix *dx, const rnl_matrix *dy,
                                             const rnl_matrix *x, const rnl_matrix *mean,
                                             const rnl_matrix *var, const rnl_matrix *sums,
                                             double eps, bool of_batch);

/* by rows: y = gamma h + beta with h = (x - mean) rate, the mean and variance of each row and
 * rate = 1 / sqrt(var + eps); y may be x.   moments: [n, 2], overwritten: mean, rate */
typedef void rnl_layernorm_forward_fn(rnl_matrix *y, rnl_matrix *moments, const rnl_matrix *x,
                                      const rnl_matrix *gamma, const rnl_matrix *beta, double eps);

/* by rows, with g = dy gamma: dx = rate (g - mean_j g - h mean_j (g h)) */
typedef void rnl_layernorm_backward_input_fn(rnl_matrix *dx, const rnl_matrix *dy,
                                             const rnl_matrix *x, const rnl_matrix *moments,
                                             const rnl_matrix *gamma);

/* by params: dgamma = alpha sum_i dy h, dbeta = alpha sum_i dy; added to where add is true */
typedef void rnl_layernorm_backward_params_fn(rnl_matrix *dgamma, rnl_matrix *dbeta,
                                              const rnl_matrix *x, const rnl_matrix *dy,
                                              const rnl_matrix *moments, double alpha, bool add);

/* by rows: best[i] = the first column that holds the largest x[i, :]; -1 where a NaN is in the row. */
typedef void rnl_argmax_fn(int32_t *best, const rnl_matrix *x);

/* by params, over flat blocks of n numbers: w = w - lr g. */
typedef void rnl_sgd_step_fn(void *w, const void *g, double lr, size_t n);

/* A step of an update rule, by params, over flat blocks of n numbers. In every rule first
 *
 *     g = scale g + l2 w       clipping; the gradient of l2/2 w^2
 *     w = keep w               decoupled weight decay; 1: none
 *
 * (g itself stays as it was) and then
 *
 *     sgd        w = w - lr g
 *     momentum   s = a s + g                  w = w - lr s
 *     nesterov   s = a s + g                  w = w - lr (g + a s)
 *     adagrad    v = v + g g                  w = w - lr g / (sqrt(v) + epsilon)
 *     rmsprop    v = b v + (1 - b) g g        w = w - lr g / (sqrt(v) + epsilon)
 *     adam       s = a s + (1 - a) g
 *                v = b v + (1 - b) g g        w = w - lr s / (root sqrt(v) + epsilon)
 *
 * What is left in s is 0 where it is too small to matter (below about 1e-30 in f32), and in v where the gradient is
 * (below 2e-19 in f32). */
typedef struct rnl_update {
    void *w;
    const void *g;
    void *s, *v; /* NULL where the rule has none */
    size_t n;
    double scale, l2, keep, lr, a, b, epsilon, root;
} rnl_update;

typedef void rnl_update_fn(const rnl_update *update);

/* by params, over flat blocks of n numbers: mean = mean + rate (w - mean). */
typedef void rnl_average_fn(void *mean, const void *w, double rate, size_t n);

/* by params: sums[t] = the sum of g^2 over tile t of a flat block of n numbers, in double precision.
 * Tiles, and the order within, do not depend on the number of threads. */
enum { RNL_SUM_TILE = 4096 };
typedef void rnl_sum_squares_fn(double *sums, const void *g, size_t n);

static inline size_t rnl_sum_tiles(size_t n)
{
    return n / RNL_SUM_TILE + (n % RNL_SUM_TILE != 0);
}

typedef struct rnl_kernels {
    rnl_affine_forward_fn *affine_forward;
    rnl_affine_backward_input_fn *affine_backward_input;
    rnl_affine_backward_params_fn *affine_backward_params;
    rnl_affine_tile_params_fn *affine_tile_params;
    rnl_affine_sum_tiles_fn *affine_sum_tiles;
    rnl_sparse_bytes_fn *sparse_bytes;
    rnl_sparse_numbers_fn *sparse_numbers;
    rnl_sparse_forward_fn *sparse_forward;
    rnl_sparse_backward_params_fn *sparse_backward_params;
    rnl_column_sums_fn *column_sums;
    rnl_map_fn *relu_forward;
    rnl_map_backward_fn *relu_backward;
    rnl_map_fn *sigmoid_forward;
    rnl_map_backward_fn *sigmoid_backward;
    rnl_softmax_fn *softmax;
    rnl_softmax_loss_fn *softmax_loss;
    rnl_argmax_fn *argmax;
    rnl_sgd_step_fn *sgd_step;
    rnl_map_fn *tanh_forward;
    rnl_map_backward_fn *tanh_backward;
    rnl_map_arg_fn *leaky_relu_forward;
    rnl_map_arg_backward_fn *leaky_relu_backward;
    rnl_map_arg_fn *elu_forward;
    rnl_map_arg_backward_fn *elu_backward;
    rnl_map_fn *gelu_forward;
    rnl_map_backward_fn *gelu_backward;
    rnl_map_fn *silu_forward;
    rnl_map_backward_fn *silu_backward;
    rnl_map_fn *softplus_forward;
    rnl_map_backward_fn *softplus_backward;
    rnl_dropout_fn *dropout;
    rnl_column_moments_fn *column_moments;
    rnl_track_fn *track;
    rnl_batchnorm_forward_fn *batchnorm_forward;
    rnl_batchnorm_backward_params_fn *batchnorm_backward_params;
    rnl_batchnorm_backward_input_fn *batchnorm_backward_input;
    rnl_layernorm_forward_fn *layernorm_forward;
    rnl_layernorm_backward_input_fn *layernorm_backward_input;
    rnl_layernorm_backward_params_fn *layernorm_backward_params;
    rnl_softmax_loss_weighted_fn *softmax_loss_weighted;
    rnl_logistic_loss_fn *logistic_loss;
    rnl_huber_loss_fn *huber_loss;
    rnl_update_fn *update_sgd, *update_momentum, *update_nesterov;
    rnl_update_fn *update_adagrad, *update_rmsprop, *update_adam;
    rnl_average_fn *average;
    rnl_sum_squares_fn *sum_squares;
} rnl_kernels;

/* The kernels of a backend by name (NULL: the fastest here), for a dtype.
 * RNL_ERR_UNSUPPORTED for a name that is not in this build; *name is then untouched. */
rnl_status rnl_backend_find(const char *wanted, rnl_dtype dtype, const char **name,
                            const rnl_kernels **kernels);

/* One set of kernels per dtype. */
typedef struct rnl_kernel_set {
    const rnl_kernels *of[2]; /* by rnl_dtype */
} rnl_kernel_set;

/* The portable kernels, compiled for the processor at hand. */
const rnl_kernel_set *rnl_portable(void);

/* oneDNN's products where they are faster; f64 is the portable set. Not in every build (RNL_HAVE_ONEDNN). */
const rnl_kernel_set *rnl_onednn(void);

#endif

/* check_affine.c - affine and its gradients: cases and what they should give
 *
 * A sum of k products, in any order, fused or not, is off by at most gamma(k) sum |a b| with
 * gamma(k) = k u / (1 - k u)  (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
 * A zero in place of a sum of k random products fails: the sum is about sqrt(k) and the bound k^2 u. */
#include "check.h"

#include <math.h>

/* What a sum of `terms` products with sum |a b| = size may be off by; each product may underflow. */
static long double sum_bound(const check_test *t, size_t terms, long double size)
{
    const long double k = (long double)terms * (long double)t->u;
    return k / (1 - k) * size + (long double)terms * (long double)t->tiny;
}

/* FILL_SPECIAL: a few numbers that no sum survives, among plain ones (of huge ones, the product would
 * overflow in f32 and not in the formula). */
static check_buffer *typed(check_test *t, check_role role, check_type type, size_t rows,
                           size_t cols)
{
    static const double special[] = {NAN, INFINITY, -INFINITY, 0, -0.0};
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    check_buffer *b =
        check_matrix(t, role, type, rows, cols, fill == FILL_SPECIAL ? FILL_PLAIN : fill);
    for (int k = 0; k < 2 && fill == FILL_SPECIAL && role != OUTPUT && rows * cols > 0; k++)
        check_set(b, rnl_random_u64(&t->random) % rows, rnl_random_u64(&t->random) % cols,
                  special[rnl_random_u64(&t->random) % 5]);
    return b;
}

static check_buffer *matrix(check_test *t, check_role role, size_t rows, size_t cols)
{
    return typed(t, role, TYPE_REAL, rows, cols);
}

/* ---- affine_forward: y = act(x W + b) ----------------------------------------------------------------- */

void check_affine_forward_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), in = check_size(t, F_IN), out = check_size(t, F_OUT);
    matrix(t, OUTPUT, n, out);
    matrix(t, INPUT, n, in);
    typed(t, INPUT, rnl_random_u64(&t->random) % 2 ? TYPE_LINES : TYPE_REAL, in, out);
    matrix(t, INPUT, 1, out);
}

static void forward_call(check_test *t, const rnl_kernels *k)
{
    k->affine_forward(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m, &t->buffer[3].m,
                      (rnl_activation)check_size(t, F_ACT));
}

static long double activation(size_t act, long double z)
{
    if (act == RNL_ACT_RELU)
        return z <= 0 ? 0 : z;
    return act == RNL_ACT_SIGMOID ? 1 / (1 + expl(-z)) : z;
}

void check_affine_forward_expect(check_test *t)
{
    check_buffer *y = &t->buffer[0];
    const check_buffer *x = &t->buffer[1], *W = &t->buffer[2], *b = &t->buffer[3];
    const size_t act = check_size(t, F_ACT);
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            long double z = check_before(b, 0, j), size = fabsl(z), zeros = 0;
            for (size_t k = 0; k < x->m.cols; k++) {
                const long double x_ik = check_before(x, i, k), xW = x_ik * check_before(W, k, j);
                if (x_ik == 0 && t->passes_over_zeros) {
                    zeros += xW;
                    continue;
                }
                z += xW;
                size += fabsl(xW);
            }
            if (isnan(zeros)) {
                check_want_nothing(y, i, j);
                continue;
            }
            /* The activations never fall, so z - off and z + off give the ends of what is right. */
            const long double off = sum_bound(t, x->m.cols + 1, size);
            const long double want = activation(act, z);
            const long double below = want - activation(act, z - off);
            const long double above = activation(act, z + off) - want;
            const long double rounding = act == RNL_ACT_SIGMOID ? 8 * t->u * want + t->tiny : 0;
            check_want(y, i, j, want, fmaxl(below, above) + rounding);
        }
    }
}

/* ---- affine_backward_input: dx = dy W^T --------------------------------------------------------------- */

static void input_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), in = check_size(t, F_IN), out = check_size(t, F_OUT);
    matrix(t, OUTPUT, n, in);
    matrix(t, INPUT, n, out);
    matrix(t, INPUT, in, out);
}

static void input_call(check_test *t, const rnl_kernels *k)
{
    k->affine_backward_input(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m);
}

static void input_expect(check_test *t)
{
    check_buffer *dx = &t->buffer[0];
    const check_buffer *dy = &t->buffer[1], *W = &t->buffer[2];
    for (size_t i = 0; i < dx->m.rows; i++) {
        for (size_t j = 0; j < dx->m.cols; j++) {
            long double want = 0, size = 0;
            for (size_t k = 0; k < dy->m.cols; k++) {
                const long double dyW = check_before(dy, i, k) * check_before(W, j, k);
                want += dyW;
                size += fabsl(dyW);
            }
            check_want(dx, i, j, want, sum_bound(t, dy->m.cols, size));
        }
    }
}

/* ---- affine_backward_params: dW = alpha x^T dy, db = alpha sum_i dy[i, :] ---------------------------------- */

void check_affine_params_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), in = check_size(t, F_IN), out = check_size(t, F_OUT);
    const check_role role = check_size(t, F_ADD) ? UPDATED : OUTPUT;
    matrix(t, role, in, out);
    matrix(t, role, 1, out);
    matrix(t, INPUT, n, in);
    matrix(t, INPUT, n, out);
}

static void params_call(check_test *t, const rnl_kernels *k)
{
    k->affine_backward_params(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m, &t->buffer[3].m,
                              t->c->field[F_ALPHA], check_size(t, F_ADD));
}

/* The same by tiles, in two calls. */
static void tiles_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), in = check_size(t, F_IN), out = check_size(t, F_OUT);
    check_affine_params_setup(t);
    check_buffer *tiles =
        check_matrix(t, OUTPUT, TYPE_REAL, rnl_tile_count(n), (in + 1) * out, FILL_PLAIN);
    for (size_t i = 0; i < tiles->m.rows; i++)
        for (size_t j = 0; j < tiles->m.cols; j++)
            check_want_nothing(tiles, i, j);
}

static void tiles_call(check_test *t, const rnl_kernels *k)
{
    k->affine_tile_params(&t->buffer[4].m, &t->buffer[2].m, &t->buffer[3].m);
    rnl_team_barrier();
    k->affine_sum_tiles(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[4].m, t->c->field[F_ALPHA],
                        check_size(t, F_ADD));
}

/* Kernels may go through the samples in pieces of so many or more, and add each piece on its own. */
enum { LEAST_PIECE = 128 };

/* alpha sum, added to what element (i, j) of out was where the case says add. Three roundings more than
 * the sum has: of alpha, of the product with it, of the addition; the last for each piece. */
static void want_scaled(check_test *t, check_buffer *out, size_t i, size_t j, size_t terms,
                        long double sum, long double size)
{
    const long double alpha = t->c->field[F_ALPHA];
    const long double old = check_size(t, F_ADD) ? check_before(out, i, j) : 0;
    const size_t pieces = 1 + (terms > 0 ? terms - 1 : 0) / LEAST_PIECE;
    check_want(out, i, j, old + alpha * sum,
               sum_bound(t, terms + 3,
                         fabsl(alpha) * size +
                             fabsl(old) * (long double)pieces / (long double)(terms + 3)));
}

static void sums_expect(check_test *t, check_buffer *db, const check_buffer *dy)
{
    for (size_t j = 0; j < db->m.cols; j++) {
        long double sum = 0, size = 0;
        for (size_t i = 0; i < dy->m.rows; i++) {
            sum += check_before(dy, i, j);
            size += fabsl(check_before(dy, i, j));
        }
        want_scaled(t, db, 0, j, dy->m.rows, sum, size);
    }
}

void check_affine_params_expect(check_test *t)
{
    check_buffer *dW = &t->buffer[0];
    const check_buffer *x = &t->buffer[2], *dy = &t->buffer[3];
    for (size_t k = 0; k < dW->m.rows; k++) {
        for (size_t j = 0; j < dW->m.cols; j++) {
            long double sum = 0, size = 0, zeros = 0;
            for (size_t i = 0; i < x->m.rows; i++) {
                const long double x_ik = check_before(x, i, k), xdy = x_ik * check_before(dy, i, j);
                if (x_ik == 0 && t->passes_over_zeros) {
                    zeros += xdy;
                    continue;
                }
                sum += xdy;
                size += fabsl(xdy);
            }
            if (isnan(zeros)) {
                check_want_nothing(dW, k, j);
                continue;
            }
            want_scaled(t, dW, k, j, x->m.rows, sum, size);
        }
    }
    sums_expect(t, &t->buffer[1], dy);
}

/* ---- column_sums: db = alpha sum_i dy[i, :] ----------------------------------------------------------------- */

static void sums_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    matrix(t, check_size(t, F_ADD) ? UPDATED : OUTPUT, 1, cols);
    matrix(t, INPUT, n, cols);
}

static void sums_call(check_test *t, const rnl_kernels *k)
{
    k->column_sums(&t->buffer[0].m, &t->buffer[1].m, t->c->field[F_ALPHA], check_size(t, F_ADD));
}

static void column_sums_expect(check_test *t)
{
    sums_expect(t, &t->buffer[0], &t->buffer[1]);
}

#define AFFINE                                                                                     \
    (CHECK_BIT(F_N) | CHECK_BIT(F_IN) | CHECK_BIT(F_OUT) | CHECK_BIT(F_GAP) | CHECK_BIT(F_FILL) |  \
     CHECK_BIT(F_SEED))

const check_kernel check_affine_kernels[] = {
    {"affine_forward", AFFINE | CHECK_BIT(F_ACT), check_affine_forward_setup, forward_call,
     check_affine_forward_expect},
    {"affine_backward_input", AFFINE, input_setup, input_call, input_expect},
    {"affine_backward_params", AFFINE | CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA),
     check_affine_params_setup, params_call, check_affine_params_expect},
    {"affine_tile_params", AFFINE | CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA), tiles_setup, tiles_call,
     check_affine_params_expect},
    {"column_sums",
     CHECK_BIT(F_N) | CHECK_BIT(F_COLS) | CHECK_BIT(F_GAP) | CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA) |
         CHECK_BIT(F_FILL) | CHECK_BIT(F_SEED),
     sums_setup, sums_call, column_sums_expect},
    {NULL, 0, NULL, NULL, NULL},
};

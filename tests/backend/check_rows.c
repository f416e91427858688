/* check_rows.c - relu, sigmoid, softmax, its loss, argmax, sgd: cases and what they should give
 *
 * The bounds suppose an exponential that is off by at most EXP_U roundings and a logarithm by LOG_U
 * (tests/backend/test_exp.c holds both to less). */
#include "check.h"

#include <math.h>

static const long double EXP_U = 3, LOG_U = 3;

static check_buffer *output_of(check_test *t)
{
    return &t->buffer[0];
}

/* The matrix that is read: the output's own numbers where the case is in place. */
static check_buffer *input_of(check_test *t)
{
    return check_size(t, F_INPLACE) ? &t->buffer[0] : &t->buffer[1];
}

/* ---- maps: y = f(x) ------------------------------------------------------------------------------------- */

static void map_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    check_matrix(t, check_size(t, F_INPLACE) ? UPDATED : OUTPUT, TYPE_REAL, n, cols, fill);
    if (!check_size(t, F_INPLACE))
        check_matrix(t, INPUT, TYPE_REAL, n, cols, fill);
}

static void relu_call(check_test *t, const rnl_kernels *k)
{
    k->relu_forward(&output_of(t)->m, &input_of(t)->m);
}

static void relu_expect(check_test *t)
{
    check_buffer *y = output_of(t);
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double x = check_before(input_of(t), i, j);
            check_want(y, i, j, x <= 0 ? 0 : x, 0);
        }
    }
}

static void sigmoid_call(check_test *t, const rnl_kernels *k)
{
    k->sigmoid_forward(&output_of(t)->m, &input_of(t)->m);
}

static void sigmoid_expect(check_test *t)
{
    check_buffer *y = output_of(t);
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double want = 1 / (1 + expl(-check_before(input_of(t), i, j)));
            check_want(y, i, j, want, (2 * EXP_U + 2) * t->u * want + t->tiny);
        }
    }
}

/* ---- their gradients: dx = dy f'(x), told by y = f(x) ------------------------------------------------------ */

static void map_backward_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    map_setup(t); /* dx, dy */
    check_matrix(t, INPUT, TYPE_REAL, n, cols, FILL_PLAIN);
}

static check_buffer *y_of(check_test *t)
{
    return &t->buffer[t->buffers - 1];
}

static void relu_backward_setup(check_test *t)
{
    map_backward_setup(t);
    check_buffer *y = y_of(t);
    for (size_t i = 0; i < y->m.rows; i++)
        for (size_t j = 0; j < y->m.cols; j++)
            if (check_before(y, i, j) <= 0)
                check_set(y, i, j, rnl_random_u64(&t->random) % 2 ? 0 : -0.0);
}

static void relu_backward_call(check_test *t, const rnl_kernels *k)
{
    k->relu_backward(&output_of(t)->m, &input_of(t)->m, &y_of(t)->m);
}

static void relu_backward_expect(check_test *t)
{
    check_buffer *dx = output_of(t);
    for (size_t i = 0; i < dx->m.rows; i++)
        for (size_t j = 0; j < dx->m.cols; j++)
            check_want(dx, i, j,
                       check_before(y_of(t), i, j) > 0 ? check_before(input_of(t), i, j) : 0, 0);
}

static void sigmoid_backward_setup(check_test *t)
{
    map_backward_setup(t);
    check_buffer *y = y_of(t);
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const uint64_t edge = rnl_random_u64(&t->random) % 16;
            check_set(y, i, j, edge < 2 ? (double)edge : rnl_random_uniform(&t->random));
        }
    }
}

static void sigmoid_backward_call(check_test *t, const rnl_kernels *k)
{
    k->sigmoid_backward(&output_of(t)->m, &input_of(t)->m, &y_of(t)->m);
}

static void sigmoid_backward_expect(check_test *t)
{
    check_buffer *dx = output_of(t);
    for (size_t i = 0; i < dx->m.rows; i++) {
        for (size_t j = 0; j < dx->m.cols; j++) {
            const long double y = check_before(y_of(t), i, j);
            const long double want = check_before(input_of(t), i, j) * (1 - y) * y;
            check_want(dx, i, j, want, 3.01L * t->u * fabsl(want) + 3 * t->tiny);
        }
    }
}

/* ---- softmax ---------------------------------------------------------------------------------------------- */

/* Row i of softmax(x): its maximum, the sum of exp(x - max), and by how much that sum may be off,
 * relatively: each x - max is rounded, each exponential is off, each addition is rounded. */
typedef struct softmax_row {
    long double max, sum, off;
} softmax_row;

static long double exp_off(const check_test *t, long double distance)
{
    return (fabsl(distance) + EXP_U) * t->u;
}

static softmax_row row_of(const check_test *t, const check_buffer *x, size_t i)
{
    softmax_row s = {check_before(x, i, 0), 0, 0};
    for (size_t k = 1; k < x->m.cols; k++)
        s.max = check_before(x, i, k) > s.max ? check_before(x, i, k) : s.max;
    long double off = 0;
    for (size_t k = 0; k < x->m.cols; k++) {
        const long double d = check_before(x, i, k) - s.max, e = expl(d);
        s.sum += e;
        off += e > 0 ? e * exp_off(t, d) + t->tiny : 0;
    }
    s.off = off / s.sum + (long double)x->m.cols * t->u;
    return s;
}

static long double softmax_off(const check_test *t, const softmax_row *s, long double distance)
{
    const long double e = expl(distance);
    return e > 0 ? e / s->sum * (exp_off(t, distance) + s->off + 3 * t->u) + 2 * t->tiny : t->tiny;
}

static void softmax_call(check_test *t, const rnl_kernels *k)
{
    k->softmax(&output_of(t)->m, &input_of(t)->m);
}

static void softmax_expect(check_test *t)
{
    check_buffer *y = output_of(t);
    const check_buffer *x = input_of(t);
    for (size_t i = 0; i < y->m.rows; i++) {
        const softmax_row s = row_of(t, x, i);
        for (size_t k = 0; k < y->m.cols; k++) {
            const long double d = check_before(x, i, k) - s.max;
            check_want(y, i, k, expl(d) / s.sum, softmax_off(t, &s, d));
        }
    }
}

/* ---- softmax_loss --------------------------------------------------------------------------------------------- */

enum { GIVE_BOTH = 0, GIVE_LOSSES = 1, GIVE_DX = 2 };

static bool by_class(const check_test *t)
{
    return check_size(t, F_TARGETS) == RNL_TARGET_CLASSES;
}

/* One-hot rows and soft ones, some of whose numbers are zero. */
static void fill_target_row(check_test *t, check_buffer *target, size_t i)
{
    const size_t cols = target->m.cols, only = rnl_random_u64(&t->random) % cols;
    const bool soft = rnl_random_u64(&t->random) % 3 > 0;
    double sum = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < cols; k++) {
            const double value = k == only             ? 1
                                 : soft && (k + i) % 3 ? 0.25 + (double)((k * 7 + i) % 5)
                                                       : 0;
            if (pass == 0)
                sum += value;
            else
                check_set(target, i, k, value / sum);
        }
    }
}

/* buffers: dx (x in place), losses, targets, x */
static void loss_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    const check_role dx_role = check_size(t, F_INPLACE) ? UPDATED : OUTPUT;
    check_matrix(t, check_size(t, F_GIVE) == GIVE_LOSSES ? INPUT : dx_role, TYPE_REAL, n, cols,
                 fill);
    check_matrix(t, check_size(t, F_GIVE) == GIVE_DX ? INPUT : OUTPUT, TYPE_F64, 1, n, FILL_PLAIN);
    if (by_class(t)) {
        check_buffer *classes = check_matrix(t, INPUT, TYPE_I32, 1, n, FILL_TIES);
        for (size_t i = 0; i < n; i++)
            check_set(classes, 0, i, (double)(rnl_random_u64(&t->random) % cols));
        t->targets = rnl_targets_classes(classes->m.data, n);
    } else {
        check_buffer *rows = check_matrix(t, INPUT, TYPE_REAL, n, cols, FILL_PLAIN);
        for (size_t i = 0; i < n; i++)
            fill_target_row(t, rows, i);
        t->targets = rnl_targets_rows(rows->m);
    }
    if (!check_size(t, F_INPLACE))
        check_matrix(t, INPUT, TYPE_REAL, n, cols, fill);
}

static check_buffer *x_of(check_test *t)
{
    return check_size(t, F_INPLACE) ? &t->buffer[0] : &t->buffer[3];
}

static void loss_call(check_test *t, const rnl_kernels *k)
{
    const size_t give = check_size(t, F_GIVE);
    k->softmax_loss(give == GIVE_DX ? NULL : t->buffer[1].m.data,
                    give == GIVE_LOSSES ? NULL : &t->buffer[0].m, &x_of(t)->m, &t->targets);
}

static long double target(const check_test *t, size_t i, size_t k)
{
    if (by_class(t))
        return check_before(&t->buffer[2], 0, i) == (long double)k ? 1 : 0;
    return check_before(&t->buffer[2], i, k);
}

static void loss_expect(check_test *t)
{
    check_buffer *dx = &t->buffer[0], *losses = &t->buffer[1];
    const check_buffer *x = x_of(t);
    const long double n = (long double)x->m.rows;
    for (size_t i = 0; i < x->m.rows; i++) {
        const softmax_row s = row_of(t, x, i);
        const long double log_sum = logl(s.sum);
        /* loss = -sum_k t_k log(exp(d_k) / sum), d_k = x_k - max; a class that is not wanted at all adds
         * nothing, even where its probability is zero. Rounded: log sum, each d_k, each product and
         * addition, the targets themselves (their sum is 1 but for rounding), the difference. */
        long double loss = 0, size = 0, t_sum = 0;
        for (size_t k = 0; k < x->m.cols; k++) {
            const long double t_k = target(t, i, k), d = check_before(x, i, k) - s.max;
            t_sum += t_k;
            loss += t_k == 0 && !isnan(s.sum) ? 0 : t_k * (log_sum - d);
            size += t_k == 0 ? 0 : t_k * fabsl(d);
            if (dx->role != INPUT)
                check_want(dx, i, k, (expl(d) / s.sum - t_k) / n,
                           (softmax_off(t, &s, d) + 4 * t->u * (expl(d) / s.sum + t_k)) / n +
                               2 * t->tiny);
        }
        const long double terms = by_class(t) ? 2 : (long double)x->m.cols + 2;
        if (losses->role != INPUT)
            check_want(losses, 0, i, isnan(s.sum) ? s.sum : loss,
                       isinf(loss) ? 0
                                   : s.off * 1.01L + LOG_U * t->u * log_sum + terms * t->u * size +
                                         t->u * fabsl(loss) + log_sum * fabsl(1 - t_sum));
    }
}

/* ---- argmax -------------------------------------------------------------------------------------------------- */

static void argmax_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, OUTPUT, TYPE_I32, 1, n, FILL_PLAIN);
    check_matrix(t, INPUT, TYPE_REAL, n, cols, (check_fill)check_size(t, F_FILL));
}

static void argmax_call(check_test *t, const rnl_kernels *k)
{
    k->argmax(t->buffer[0].m.data, &t->buffer[1].m);
}

static void argmax_expect(check_test *t)
{
    const check_buffer *x = &t->buffer[1];
    for (size_t i = 0; i < x->m.rows; i++) {
        long best = 0;
        for (size_t k = 0; k < x->m.cols; k++) {
            const long double x_k = check_before(x, i, k);
            if (isnan(x_k)) {
                best = -1;
                break;
            }
            if (x_k > check_before(x, i, (size_t)best))
                best = (long)k;
        }
        check_want(&t->buffer[0], 0, i, (long double)best, 0);
    }
}

/* ---- sgd_step: w = w - lr g, flat ------------------------------------------------------------------------------ */

static void sgd_setup(check_test *t)
{
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    check_matrix(t, UPDATED, TYPE_REAL, 1, check_size(t, F_COLS), fill);
    check_matrix(t, INPUT, TYPE_REAL, 1, check_size(t, F_COLS), fill);
}

static void sgd_call(check_test *t, const rnl_kernels *k)
{
    k->sgd_step(t->buffer[0].m.data, t->buffer[1].m.data, t->c->field[F_ALPHA],
                check_size(t, F_COLS));
}

static void sgd_expect(check_test *t)
{
    check_buffer *w = &t->buffer[0];
    for (size_t j = 0; j < w->m.cols; j++) {
        const long double w_j = check_before(w, 0, j);
        const long double step = t->c->field[F_ALPHA] * check_before(&t->buffer[1], 0, j);
        check_want(w, 0, j, w_j - step,
                   (3 * fabsl(step) + fabsl(w_j)) * t->u * 1.01L + 2 * t->tiny);
    }
}

#define ROWS                                                                                       \
    (CHECK_BIT(F_N) | CHECK_BIT(F_COLS) | CHECK_BIT(F_GAP) | CHECK_BIT(F_FILL) | CHECK_BIT(F_SEED))
#define MAP (ROWS | CHECK_BIT(F_INPLACE))

const check_kernel check_row_kernels[] = {
    {"relu_forward", MAP, map_setup, relu_call, relu_expect},
    {"relu_backward", MAP, relu_backward_setup, relu_backward_call, relu_backward_expect},
    {"sigmoid_forward", MAP, map_setup, sigmoid_call, sigmoid_expect},
    {"sigmoid_backward", MAP, sigmoid_backward_setup, sigmoid_backward_call,
     sigmoid_backward_expect},
    {"softmax", MAP, map_setup, softmax_call, softmax_expect},
    {"softmax_loss", MAP | CHECK_BIT(F_TARGETS) | CHECK_BIT(F_GIVE), loss_setup, loss_call,
     loss_expect},
    {"argmax", ROWS, argmax_setup, argmax_call, argmax_expect},
    {"sgd_step",
     CHECK_BIT(F_COLS) | CHECK_BIT(F_GAP) | CHECK_BIT(F_ALPHA) | CHECK_BIT(F_FILL) |
         CHECK_BIT(F_SEED),
     sgd_setup, sgd_call, sgd_expect},
    {NULL, 0, NULL, NULL, NULL},
};

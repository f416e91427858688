/* check_norm.c - batch and layer normalisation: cases and what they should give
 *
 * Numbers are plain or small whole ones here: squares of very large ones overflow, and what comes of that
 * is no promise. F_ARG is momentum, or eps where it is above 0 and 1e-5 where not. */
#include "check.h"

#include <math.h>

static check_fill fill_of(const check_test *t)
{
    return check_size(t, F_FILL) == FILL_SPECIAL ? FILL_PLAIN : (check_fill)check_size(t, F_FILL);
}

static double eps_of(const check_test *t)
{
    return t->c->field[F_ARG] > 0 ? t->c->field[F_ARG] : 1e-5;
}

static long double eps_rounded(const check_test *t)
{
    return t->c->dtype == RNL_F64 ? (long double)eps_of(t) : (long double)(float)eps_of(t);
}

static check_buffer *input(check_test *t, size_t rows)
{
    return check_matrix(t, INPUT, TYPE_REAL, rows, check_size(t, F_COLS), fill_of(t));
}

/* A row of variances. */
static check_buffer *variances(check_test *t)
{
    check_buffer *var = input(t, 1);
    for (size_t j = 0; j < var->m.cols; j++)
        check_set(var, 0, j, fabs((double)check_before(var, 0, j)));
    return var;
}

static check_buffer *gradient(check_test *t)
{
    return check_matrix(t, check_size(t, F_ADD) ? UPDATED : OUTPUT, TYPE_REAL, 1,
                        check_size(t, F_COLS), FILL_PLAIN);
}

static long double rate_of(const check_test *t, const check_buffer *var, size_t j)
{
    return 1 / sqrtl(check_before(var, 0, j) + eps_rounded(t));
}

/* alpha sum, added to what was there; `size` is the sum of the terms' magnitudes, each off by `each`. */
static void want_sum(const check_test *t, check_buffer *to, size_t j, long double sum,
                     long double size, long double each)
{
    const long double alpha = t->c->field[F_ALPHA],
                      old = check_size(t, F_ADD) ? check_before(to, 0, j) : 0;
    const long double n = (long double)check_size(t, F_N);
    check_want(to, 0, j, old + alpha * sum,
               ((n + each + 4) * fabsl(alpha) * size + 2 * fabsl(old)) * t->u * 1.01L +
                   (n + 2) * t->tiny);
}

/* ---- column_moments: buffers mean, var, x ---------------------------------------------------------------- */

static void moments_setup(check_test *t)
{
    check_matrix(t, OUTPUT, TYPE_REAL, 1, check_size(t, F_COLS), FILL_PLAIN);
    check_matrix(t, OUTPUT, TYPE_REAL, 1, check_size(t, F_COLS), FILL_PLAIN);
    input(t, check_size(t, F_N));
}

static void moments_call(check_test *t, const rnl_kernels *k)
{
    k->column_moments(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m);
}

/* The mean and the variance of n numbers, and by how much sums in order may be off. */
typedef struct moments {
    long double mean, var, mean_off, var_off;
} moments;

static moments moments_of(const check_test *t, const check_buffer *x, bool of_row, size_t at)
{
    const size_t n = of_row ? x->m.cols : x->m.rows;
    const long double count = (long double)n;
    moments m = {0, 0, 0, 0};
    long double size = 0;
    for (size_t i = 0; i < n; i++) {
        const long double x_i = of_row ? check_before(x, at, i) : check_before(x, i, at);
        m.mean += x_i / count;
        size += fabsl(x_i) / count;
    }
    for (size_t i = 0; i < n; i++) {
        const long double x_i = of_row ? check_before(x, at, i) : check_before(x, i, at);
        m.var += (x_i - m.mean) * (x_i - m.mean) / count;
    }
    m.mean_off = (count + 2) * t->u * size + t->tiny;
    /* about a mean that is off by d, the variance is larger by d^2 */
    m.var_off = ((count + 8) * t->u * m.var + m.mean_off * m.mean_off) * 1.01L + t->tiny;
    return m;
}

static void moments_expect(check_test *t)
{
    for (size_t j = 0; j < check_size(t, F_COLS) && check_size(t, F_N); j++) {
        const moments m = moments_of(t, &t->buffer[2], false, j);
        check_want(&t->buffer[0], 0, j, m.mean, m.mean_off);
        check_want(&t->buffer[1], 0, j, m.var, m.var_off);
    }
    for (size_t j = 0; j < check_size(t, F_COLS) && !check_size(t, F_N); j++) {
        check_want(&t->buffer[0], 0, j, NAN, 0); /* of no sample */
        check_want(&t->buffer[1], 0, j, NAN, 0);
    }
}

/* ---- track: buffers running, now -------------------------------------------------------------------------- */

static void track_setup(check_test *t)
{
    check_matrix(t, UPDATED, TYPE_REAL, 1, check_size(t, F_COLS), fill_of(t));
    input(t, 1);
}

static void track_call(check_test *t, const rnl_kernels *k)
{
    k->track(&t->buffer[0].m, &t->buffer[1].m, t->c->field[F_ALPHA], t->c->field[F_ARG]);
}

static void track_expect(check_test *t)
{
    for (size_t j = 0; j < check_size(t, F_COLS); j++) {
        const long double old = check_before(&t->buffer[0], 0, j),
                          now = t->c->field[F_ALPHA] * check_before(&t->buffer[1], 0, j);
        check_want(&t->buffer[0], 0, j, old + t->c->field[F_ARG] * (now - old),
                   6 * t->u * (fabsl(old) + fabsl(now)) + 2 * t->tiny);
    }
}

/* ---- batchnorm_forward: buffers y, mean, var, gamma, beta, x ------------------------------------------------ */

static void forward_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, check_size(t, F_INPLACE) ? UPDATED : OUTPUT, TYPE_REAL, n, cols, fill_of(t));
    input(t, 1);
    variances(t);
    input(t, 1);
    input(t, 1);
    if (!check_size(t, F_INPLACE))
        input(t, n);
}

static check_buffer *x_of(check_test *t)
{
    return check_size(t, F_INPLACE) ? &t->buffer[0] : &t->buffer[t->buffers - 1];
}

static void forward_call(check_test *t, const rnl_kernels *k)
{
    k->batchnorm_forward(&t->buffer[0].m, &x_of(t)->m, &t->buffer[1].m, &t->buffer[2].m,
                         &t->buffer[3].m, &t->buffer[4].m, eps_of(t));
}

static void forward_expect(check_test *t)
{
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double d = check_before(x_of(t), i, j) - check_before(&t->buffer[1], 0, j),
                              beta = check_before(&t->buffer[4], 0, j),
                              scaled = check_before(&t->buffer[3], 0, j) * d *
                                       rate_of(t, &t->buffer[2], j);
            check_want(y, i, j, scaled + beta,
                       t->u * (10 * fabsl(scaled) + 2 * fabsl(beta)) + 2 * t->tiny);
        }
    }
}

/* ---- batchnorm_backward_params: buffers dgamma, dbeta, sums, x, dy, mean, var, gamma ------------------------- */

static void params_setup(check_test *t)
{
    gradient(t);
    gradient(t);
    check_matrix(t, OUTPUT, TYPE_REAL, 3, check_size(t, F_COLS), FILL_PLAIN);
    input(t, check_size(t, F_N));
    input(t, check_size(t, F_N));
    input(t, 1);
    variances(t);
    input(t, 1);
}

static void params_call(check_test *t, const rnl_kernels *k)
{
    k->batchnorm_backward_params(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m, &t->buffer[3].m,
                                 &t->buffer[4].m, &t->buffer[5].m, &t->buffer[6].m, &t->buffer[7].m,
                                 eps_of(t), t->c->field[F_ALPHA], check_size(t, F_ADD));
}

static void params_expect(check_test *t)
{
    const check_buffer *x = &t->buffer[3], *dy = &t->buffer[4];
    check_buffer *sums = &t->buffer[2];
    const long double n = (long double)x->m.rows;
    for (size_t j = 0; j < x->m.cols; j++) {
        const long double rate = rate_of(t, &t->buffer[6], j),
                          mean = check_before(&t->buffer[5], 0, j),
                          scale = check_before(&t->buffer[7], 0, j) * rate;
        long double plain = 0, plain_size = 0, with_h = 0, with_h_size = 0;
        for (size_t i = 0; i < x->m.rows; i++) {
            const long double dy_i = check_before(dy, i, j),
                              term = dy_i * (check_before(x, i, j) - mean) * rate;
            plain += dy_i;
            plain_size += fabsl(dy_i);
            with_h += term;
            with_h_size += fabsl(term);
        }
        want_sum(t, &t->buffer[0], j, with_h, with_h_size, 10);
        want_sum(t, &t->buffer[1], j, plain, plain_size, 0);
        check_want(sums, 0, j, plain / n, (n + 2) * t->u * plain_size / n + t->tiny);
        check_want(sums, 1, j, with_h / n, (n + 12) * t->u * with_h_size / n + t->tiny);
        check_want(sums, 2, j, scale, 8 * t->u * fabsl(scale) + t->tiny);
    }
}

/* ---- batchnorm_backward_input: buffers dx, mean, var, sums, x, dy -------------------------------------------- */

static void input_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, check_size(t, F_INPLACE) ? UPDATED : OUTPUT, TYPE_REAL, n, cols, fill_of(t));
    input(t, 1);
    variances(t);
    input(t, 3);
    input(t, n);
    if (!check_size(t, F_INPLACE))
        input(t, n);
}

static void input_call(check_test *t, const rnl_kernels *k)
{
    k->batchnorm_backward_input(&t->buffer[0].m, &x_of(t)->m, &t->buffer[4].m, &t->buffer[1].m,
                                &t->buffer[2].m, &t->buffer[3].m, eps_of(t), check_size(t, F_ADD));
}

static void input_expect(check_test *t)
{
    check_buffer *dx = &t->buffer[0];
    const check_buffer *sums = &t->buffer[3];
    const bool of_batch = check_size(t, F_ADD);
    for (size_t i = 0; i < dx->m.rows; i++) {
        for (size_t j = 0; j < dx->m.cols; j++) {
            const long double dy = check_before(x_of(t), i, j), scale = check_before(sums, 2, j),
                              plain = of_batch ? check_before(sums, 0, j) : 0;
            const long double d = check_before(&t->buffer[4], i, j) -
                                  check_before(&t->buffer[1], 0, j),
                              tilt = of_batch ? check_before(sums, 1, j) * d *
                                                    rate_of(t, &t->buffer[2], j)
                                              : 0;
            const long double size = fabsl(scale) * (fabsl(dy) + fabsl(plain) + fabsl(tilt));
            check_want(dx, i, j, scale * (dy - plain - tilt), 12 * t->u * size + 2 * t->tiny);
        }
    }
}

/* ---- layernorm_forward: buffers y, moments, gamma, beta, x ----------------------------------------------------- */

static void layer_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, check_size(t, F_INPLACE) ? UPDATED : OUTPUT, TYPE_REAL, n, cols, fill_of(t));
    check_matrix(t, OUTPUT, TYPE_REAL, n, 2, FILL_PLAIN);
    input(t, 1);
    input(t, 1);
    if (!check_size(t, F_INPLACE))
        input(t, n);
}

static void layer_call(check_test *t, const rnl_kernels *k)
{
    k->layernorm_forward(&t->buffer[0].m, &t->buffer[1].m, &x_of(t)->m, &t->buffer[2].m,
                         &t->buffer[3].m, eps_of(t));
}

static void layer_expect(check_test *t)
{
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++) {
        const moments m = moments_of(t, x_of(t), true, i);
        const long double rate = 1 / sqrtl(m.var + eps_rounded(t)),
                          rate_off = m.var_off * rate * rate / 2 * 1.1L + 4 * t->u; /* relative */
        check_want(&t->buffer[1], i, 0, m.mean, m.mean_off);
        check_want(&t->buffer[1], i, 1, rate, rate * rate_off);
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double d = check_before(x_of(t), i, j) - m.mean,
                              gamma = check_before(&t->buffer[2], 0, j),
                              beta = check_before(&t->buffer[3], 0, j), scaled = gamma * d * rate;
            check_want(y, i, j, scaled + beta,
                       fabsl(gamma) * rate * m.mean_off * 1.1L +
                           fabsl(scaled) * (rate_off + 6 * t->u) + 2 * t->u * fabsl(beta) +
                           2 * t->tiny);
        }
    }
}

/* ---- layernorm_backward_input: buffers dx, dy, x, moments, gamma ---------------------------------------------- */

static void fill_rates(check_buffer *m)
{
    for (size_t i = 0; i < m->m.rows; i++)
        check_set(m, i, 1, fabs((double)check_before(m, i, 1)));
}

static void layer_input_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, OUTPUT, TYPE_REAL, n, cols, FILL_PLAIN);
    input(t, n);
    input(t, n);
    fill_rates(check_matrix(t, INPUT, TYPE_REAL, n, 2, FILL_PLAIN));
    input(t, 1);
}

static void layer_input_call(check_test *t, const rnl_kernels *k)
{
    k->layernorm_backward_input(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m, &t->buffer[3].m,
                                &t->buffer[4].m);
}

static void layer_input_expect(check_test *t)
{
    check_buffer *dx = &t->buffer[0];
    const long double m = (long double)dx->m.cols;
    for (size_t i = 0; i < dx->m.rows; i++) {
        const long double mean = check_before(&t->buffer[3], i, 0),
                          rate = check_before(&t->buffer[3], i, 1);
        long double plain = 0, plain_size = 0, with_h = 0, with_h_size = 0;
        for (size_t j = 0; j < dx->m.cols; j++) {
            const long double g =
                check_before(&t->buffer[1], i, j) * check_before(&t->buffer[4], 0, j);
            const long double h = (check_before(&t->buffer[2], i, j) - mean) * rate;
            plain += g / m;
            plain_size += fabsl(g) / m;
            with_h += g * h / m;
            with_h_size += fabsl(g * h) / m;
        }
        for (size_t j = 0; j < dx->m.cols; j++) {
            const long double g =
                check_before(&t->buffer[1], i, j) * check_before(&t->buffer[4], 0, j);
            const long double h = (check_before(&t->buffer[2], i, j) - mean) * rate;
            check_want(
                dx, i, j, rate * (g - plain - h * with_h),
                rate * t->u *
                        (8 * fabsl(g) + (m + 8) * plain_size + (m + 16) * fabsl(h) * with_h_size) +
                    (4 + m) * (1 + rate) * (1 + fabsl(h)) * t->tiny);
        }
    }
}

/* ---- layernorm_backward_params: buffers dgamma, dbeta, x, dy, moments ---------------------------------------- */

static void layer_params_setup(check_test *t)
{
    gradient(t);
    gradient(t);
    input(t, check_size(t, F_N));
    input(t, check_size(t, F_N));
    fill_rates(check_matrix(t, INPUT, TYPE_REAL, check_size(t, F_N), 2, FILL_PLAIN));
}

static void layer_params_call(check_test *t, const rnl_kernels *k)
{
    k->layernorm_backward_params(&t->buffer[0].m, &t->buffer[1].m, &t->buffer[2].m, &t->buffer[3].m,
                                 &t->buffer[4].m, t->c->field[F_ALPHA], check_size(t, F_ADD));
}

static void layer_params_expect(check_test *t)
{
    const check_buffer *x = &t->buffer[2], *dy = &t->buffer[3], *m = &t->buffer[4];
    for (size_t j = 0; j < x->m.cols; j++) {
        long double plain = 0, plain_size = 0, with_h = 0, with_h_size = 0;
        for (size_t i = 0; i < x->m.rows; i++) {
            const long double dy_i = check_before(dy, i, j);
            const long double term =
                dy_i * (check_before(x, i, j) - check_before(m, i, 0)) * check_before(m, i, 1);
            plain += dy_i;
            plain_size += fabsl(dy_i);
            with_h += term;
            with_h_size += fabsl(term);
        }
        want_sum(t, &t->buffer[0], j, with_h, with_h_size, 6);
        want_sum(t, &t->buffer[1], j, plain, plain_size, 0);
    }
}

#define EPS (CHECK_ROWS | CHECK_BIT(F_ARG))
#define ADD (CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA))

const check_kernel check_norm_kernels[] = {
    {"column_moments", CHECK_ROWS, moments_setup, moments_call, moments_expect},
    {"track",
     CHECK_BIT(F_COLS) | CHECK_BIT(F_GAP) | CHECK_BIT(F_FILL) | CHECK_BIT(F_SEED) |
         CHECK_BIT(F_ARG) | CHECK_BIT(F_ALPHA),
     track_setup, track_call, track_expect},
    {"batchnorm_forward", EPS | CHECK_BIT(F_INPLACE), forward_setup, forward_call, forward_expect},
    {"batchnorm_backward_params", EPS | ADD, params_setup, params_call, params_expect},
    {"batchnorm_backward_input", EPS | CHECK_BIT(F_INPLACE) | CHECK_BIT(F_ADD), input_setup,
     input_call, input_expect},
    {"layernorm_forward", EPS | CHECK_BIT(F_INPLACE), layer_setup, layer_call, layer_expect},
    {"layernorm_backward_input", CHECK_ROWS, layer_input_setup, layer_input_call,
     layer_input_expect},
    {"layernorm_backward_params", CHECK_ROWS | ADD, layer_params_setup, layer_params_call,
     layer_params_expect},
    {NULL, 0, NULL, NULL, NULL},
};

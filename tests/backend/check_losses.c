/* check_losses.c - softmax with smoothed and weighted targets, logistic, huber: cases and what they should give
 *
 * The bounds suppose an exponential that is off by at most 2.2 roundings and a logarithm by 2. */
#include "check.h"

#include <math.h>

enum { GIVE_BOTH = 0, GIVE_LOSSES = 1, GIVE_DX = 2 };

static bool by_class(const check_test *t)
{
    return t->c->kernel->fields & CHECK_BIT(F_TARGETS) &&
           check_size(t, F_TARGETS) == RNL_TARGET_CLASSES;
}

/* Softmax's numbers are plain: of very large ones backend/check_rows.c sees to it. */
static check_fill fill_of(const check_test *t, bool all)
{
    return !all && check_size(t, F_FILL) == FILL_SPECIAL ? FILL_PLAIN
                                                         : (check_fill)check_size(t, F_FILL);
}

/* buffers: dx (x in place), losses, targets, x; rows of targets are from 0 to 1, or any numbers */
static void setup(check_test *t, bool all_fills, bool labels, size_t classes)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    const check_fill fill = fill_of(t, all_fills);
    const check_role dx_role = check_size(t, F_INPLACE) ? UPDATED : OUTPUT;
    check_matrix(t, check_size(t, F_GIVE) == GIVE_LOSSES ? INPUT : dx_role, TYPE_REAL, n, cols,
                 fill);
    check_matrix(t, check_size(t, F_GIVE) == GIVE_DX ? INPUT : OUTPUT, TYPE_F64, 1, n, FILL_PLAIN);
    if (by_class(t)) {
        check_buffer *b = check_matrix(t, INPUT, TYPE_I32, 1, n, FILL_TIES);
        for (size_t i = 0; i < n; i++)
            check_set(b, 0, i, (double)(rnl_random_u64(&t->random) % classes));
        t->targets = rnl_targets_classes(b->m.data, n);
    } else {
        check_buffer *b = check_matrix(t, INPUT, TYPE_REAL, n, cols, FILL_PLAIN);
        for (size_t i = 0; i < n && labels; i++)
            for (size_t k = 0; k < cols; k++) {
                const uint64_t kind = rnl_random_u64(&t->random) % 3;
                check_set(b, i, k, kind < 2 ? (double)kind : rnl_random_uniform(&t->random));
            }
        t->targets = rnl_targets_rows(b->m);
    }
    if (!check_size(t, F_INPLACE))
        check_matrix(t, INPUT, TYPE_REAL, n, cols, fill);
}

static check_buffer *x_of(check_test *t)
{
    return check_size(t, F_INPLACE) ? &t->buffer[0] : &t->buffer[3];
}

static double *losses_of(check_test *t)
{
    return check_size(t, F_GIVE) == GIVE_DX ? NULL : t->buffer[1].m.data;
}

static rnl_matrix *dx_of(check_test *t)
{
    return check_size(t, F_GIVE) == GIVE_LOSSES ? NULL : &t->buffer[0].m;
}

static void want_dx(check_test *t, size_t i, size_t k, long double want, long double bound)
{
    if (t->buffer[0].role != INPUT)
        check_want(&t->buffer[0], i, k, want, bound);
}

static void want_loss(check_test *t, size_t i, long double want, long double bound)
{
    if (t->buffer[1].role != INPUT)
        check_want(&t->buffer[1], 0, i, want, bound);
}

/* ---- softmax_loss_weighted: a fifth buffer of weights, where alpha is below 0 -------------------------------- */

static void softmax_setup(check_test *t)
{
    const size_t cols = check_size(t, F_COLS);
    setup(t, false, true, cols);
    if (t->c->field[F_ALPHA] > 0)
        return;
    check_buffer *weights = check_matrix(t, INPUT, TYPE_F64, 1, cols, FILL_PLAIN);
    for (size_t k = 0; k < cols; k++)
        check_set(weights, 0, k, rnl_random_uniform(&t->random) * (k % 3 ? 2 : 0));
    t->targets.class_weights = weights->m.data;
}

static void softmax_call(check_test *t, const rnl_kernels *k)
{
    k->softmax_loss_weighted(losses_of(t), dx_of(t), &x_of(t)->m, &t->targets, t->c->field[F_ARG]);
}

static long double wanted(const check_test *t, size_t i, size_t k)
{
    const long double m = (long double)check_size(t, F_COLS), smoothing = t->c->field[F_ARG];
    const long double target = by_class(t) ? check_before(&t->buffer[2], 0, i) == (long double)k
                                           : check_before(&t->buffer[2], i, k);
    const long double weight =
        t->targets.class_weights ? check_before(&t->buffer[t->buffers - 1], 0, k) : 1;
    return ((1 - smoothing) * target + smoothing / m) * weight;
}

static void softmax_expect(check_test *t)
{
    const check_buffer *x = x_of(t);
    const long double n = (long double)x->m.rows, m = (long double)x->m.cols;
    for (size_t i = 0; i < x->m.rows; i++) {
        long double max = check_before(x, i, 0), sum = 0, total = 0, picked = 0, size = 0,
                    widest = 0;
        for (size_t k = 0; k < x->m.cols; k++)
            max = fmaxl(max, check_before(x, i, k));
        for (size_t k = 0; k < x->m.cols; k++) {
            const long double d = check_before(x, i, k) - max, u = wanted(t, i, k);
            sum += expl(d);
            total += u;
            picked += u * d;
            size += u * fabsl(d);
            widest = fmaxl(widest, fabsl(d));
        }
        const long double off = m + widest + 8; /* roundings of an exponential or of their sum */
        want_loss(t, i, total * logl(sum) - picked,
                  t->u * (total * (off + 2) + (m + 8) * (total * logl(sum) + size)) * 1.01L +
                      t->tiny);
        for (size_t k = 0; k < x->m.cols; k++) {
            const long double y = expl(check_before(x, i, k) - max) / sum, u = wanted(t, i, k);
            want_dx(t, i, k, (y * total - u) / n,
                    t->u * (y * total * (2 * off + m + 8) + 8 * u) / n + 2 * t->tiny);
        }
    }
}

/* ---- logistic_loss ------------------------------------------------------------------------------------------ */

static void logistic_setup(check_test *t)
{
    setup(t, true, true, check_size(t, F_COLS) == 1 ? 2 : check_size(t, F_COLS));
}

static void logistic_call(check_test *t, const rnl_kernels *k)
{
    k->logistic_loss(losses_of(t), dx_of(t), &x_of(t)->m, &t->targets);
}

static long double label(const check_test *t, size_t i, size_t k)
{
    if (!by_class(t))
        return check_before(&t->buffer[2], i, k);
    const long double c = check_before(&t->buffer[2], 0, i);
    return check_size(t, F_COLS) == 1 ? c : (c == (long double)k ? 1 : 0);
}

static void logistic_expect(check_test *t)
{
    const check_buffer *x = x_of(t);
    const long double n = (long double)x->m.rows, m = (long double)x->m.cols;
    for (size_t i = 0; i < x->m.rows; i++) {
        long double loss = 0, size = 0;
        for (size_t k = 0; k < x->m.cols; k++) {
            const long double x_k = check_before(x, i, k), t_k = label(t, i, k);
            const long double missing = x_k > 0 ? 1 - t_k : -t_k;
            /* what is quite right costs nothing, however large x is */
            const long double term =
                (missing == 0 && !isnan(x_k) ? 0 : x_k * missing) + log1pl(expl(-fabsl(x_k)));
            loss += term / m;
            size += fabsl(term) / m;
            const long double s = 1 / (1 + expl(-x_k));
            want_dx(t, i, k, (s - t_k) / (n * m),
                    t->u * (12 * s + 4 * fabsl(s - t_k)) / (n * m) + 2 * t->tiny);
        }
        /* the sum of finite terms may be beyond the dtype */
        const long double most = t->c->dtype == RNL_F64 ? 1e300L : 1e38L;
        if (loss < most)
            want_loss(t, i, loss, (m + 14) * t->u * size + 4 * t->tiny);
        else
            want_loss(t, i, isnan(loss) ? loss : INFINITY, 0);
    }
}

/* ---- huber_loss: F_ARG is delta, 0 for none; F_ALPHA scales it ---------------------------------------------- */

static double delta_of(const check_test *t)
{
    return t->c->field[F_ARG] > 0 ? t->c->field[F_ARG] : INFINITY;
}

static void huber_setup(check_test *t)
{
    setup(t, true, false, 1);
}

static void huber_call(check_test *t, const rnl_kernels *k)
{
    k->huber_loss(losses_of(t), dx_of(t), &x_of(t)->m, &t->targets, delta_of(t),
                  fabs(t->c->field[F_ALPHA]));
}

static void huber_expect(check_test *t)
{
    const check_buffer *x = x_of(t);
    const long double n = (long double)x->m.rows, m = (long double)x->m.cols,
                      scale = fabs(t->c->field[F_ALPHA]) / m;
    const long double delta =
        t->c->dtype == RNL_F64 ? (long double)delta_of(t) : (long double)(float)delta_of(t);
    for (size_t i = 0; i < x->m.rows; i++) {
        long double loss = 0;
        bool overflow = false;
        for (size_t k = 0; k < x->m.cols; k++) {
            const long double e = check_before(x, i, k) - check_before(&t->buffer[2], i, k),
                              size = fabsl(e);
            const long double square = size <= delta ? size * size / 2 : delta * (size - delta / 2);
            overflow |= square > (t->c->dtype == RNL_F64 ? 1e300L : 3e38L);
            loss += isnan(e) ? e : square;
            const long double held = isnan(e) ? e : copysignl(fminl(size, delta), e);
            want_dx(t, i, k, scale * held / n, 6 * t->u * scale * fabsl(held) / n + 2 * t->tiny);
        }
        want_loss(t, i, isnan(loss) ? loss : (overflow ? INFINITY : loss * scale),
                  (m + 8) * t->u * loss * scale + 2 * t->tiny);
    }
}

#define LOSS (CHECK_MAP | CHECK_BIT(F_GIVE))

const check_kernel check_loss_kernels[] = {
    {"softmax_loss_weighted", LOSS | CHECK_BIT(F_TARGETS) | CHECK_BIT(F_ARG) | CHECK_BIT(F_ALPHA),
     softmax_setup, softmax_call, softmax_expect},
    {"logistic_loss", LOSS | CHECK_BIT(F_TARGETS), logistic_setup, logistic_call, logistic_expect},
    {"huber_loss", LOSS | CHECK_BIT(F_ARG) | CHECK_BIT(F_ALPHA), huber_setup, huber_call,
     huber_expect},
    {NULL, 0, NULL, NULL, NULL},
};

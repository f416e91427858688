/* check_update.c - update rules, moving averages, sums of squares: cases and what they should give
 *
 * What a rule should give is computed in the dtype of the case, in the order of the formulas of
 * backend.h; a backend may round otherwise, by a few roundings of what went in. */
#include "check.h"

#include <math.h>

#define BIT(f) CHECK_BIT(f)

typedef enum { SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM } rule_name;

enum { W, G, S, V }; /* the buffers */

/* The numbers of a rule's step follow from the case's seed. */
static rnl_update numbers(const check_test *t)
{
    rnl_random r = rnl_random_new((uint64_t)t->c->field[F_SEED], 78);
    const uint64_t kind = rnl_random_u64(&r);
    return (rnl_update){.scale = kind & 1 ? 1 : rnl_random_uniform(&r),
                        .l2 = kind & 2 ? 0 : 0.1 * rnl_random_uniform(&r),
                        .keep = kind & 4 ? 1 : 1 - 0.1 * rnl_random_uniform(&r),
                        .lr = t->c->field[F_ALPHA],
                        .a = rnl_random_uniform(&r),
                        .b = 0.9 + 0.1 * rnl_random_uniform(&r),
                        .epsilon = kind & 8 ? 1e-8 : 1e-3,
                        .root = 1 + rnl_random_uniform(&r)};
}

static void update_setup(check_test *t)
{
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    const size_t n = check_size(t, F_COLS);
    check_matrix(t, UPDATED, TYPE_REAL, 1, n, fill);
    check_matrix(t, INPUT, TYPE_REAL, 1, n, fill);
    check_matrix(t, UPDATED, TYPE_REAL, 1, n, fill);
    check_buffer *v = check_matrix(t, UPDATED, TYPE_REAL, 1, n, fill);
    for (size_t j = 0; j < n; j++) {
        if (rnl_random_u64(&t->random) % 8 == 0) { /* what shrinks below the normal range */
            check_set(&t->buffer[S], 0, j, -1e-42);
            check_set(&t->buffer[G], 0, j, 0);
        }
        check_set(v, 0, j, (double)fabsl(check_before(v, 0, j)));
    }
}

static void call(check_test *t, rnl_update_fn *update)
{
    rnl_update u = numbers(t);
    u.n = check_size(t, F_COLS);
    u.w = t->buffer[W].m.data;
    u.g = t->buffer[G].m.data;
    u.s = t->buffer[S].m.data;
    u.v = t->buffer[V].m.data;
    update(&u);
}

/* clang-format off */
#define DEFINE_ONE(real, root_of, tiny)                                                            \
    static void one_##real(rule_name rule, const rnl_update *u, real *w_k, real g_k, real *s_k, real *v_k) \
    {                                                                                              \
        const real a = (real)u->a, b = (real)u->b, lr = (real)u->lr, eps = (real)u->epsilon;       \
        const real new_a = (real)(1 - u->a), new_b = (real)(1 - u->b);                             \
        const real g = (real)u->scale * g_k + (real)u->l2 * *w_k, w = (real)u->keep * *w_k;        \
        real s = *s_k, v = *v_k;                                                                   \
        switch (rule) {                                                                            \
        case SGD: *w_k = w - lr * g; return;                                                       \
        case MOMENTUM: s = a * s + g; *w_k = w - lr * s; break;                                    \
        case NESTEROV: s = a * s + g; *w_k = w - lr * (g + a * s); break;                          \
        case ADAGRAD: v = v + g * g; *w_k = w - lr * g / (root_of(v) + eps); break;                \
        case RMSPROP: v = b * v + new_b * (g * g); *w_k = w - lr * g / (root_of(v) + eps); break;  \
        case ADAM:                                                                                 \
            s = a * s + new_a * g;                                                                 \
            v = b * v + new_b * (g * g);                                                           \
            *w_k = w - lr * s / ((real)u->root * root_of(v) + eps);                                \
            break;                                                                                 \
        }                                                                                          \
        if (rule != ADAGRAD && rule != RMSPROP)                                                    \
            *s_k = s < (real)tiny && s > -(real)tiny ? 0 : s;                                      \
        if (rule != MOMENTUM && rule != NESTEROV)                                                  \
            *v_k = v < (real)tiny && v > -(real)tiny ? 0 : v;                                      \
    }
DEFINE_ONE(float, sqrtf, 0x1p-100)
DEFINE_ONE(double, sqrt, 0x1p-900)
/* clang-format on */

/* Where an infinity went in and a finite number comes out, nothing was rounded. */
static void want(check_test *t, size_t buffer, size_t j, double value, double bound)
{
    check_want(&t->buffer[buffer], 0, j, (long double)value, isfinite(bound) ? bound : 0);
}

static void expect(check_test *t, rule_name rule)
{
    const rnl_update u = numbers(t);
    for (size_t j = 0; j < t->buffer[W].m.cols; j++) {
        const double w = (double)check_before(&t->buffer[W], 0, j);
        const double g = (double)check_before(&t->buffer[G], 0, j);
        const double s = (double)check_before(&t->buffer[S], 0, j);
        const double v = (double)check_before(&t->buffer[V], 0, j);
        double to[3] = {w, s, v};
        if (t->c->dtype == RNL_F64) {
            one_double(rule, &u, &to[0], g, &to[1], &to[2]);
        } else {
            float f[3] = {(float)w, (float)s, (float)v};
            one_float(rule, &u, &f[0], (float)g, &f[1], &f[2]);
            for (size_t k = 0; k < 3; k++)
                to[k] = (double)f[k];
        }
        /* a sum is off by its terms, a step by what went into it; the state by its own */
        const double slope = fabs(u.scale * g) + fabs(u.l2 * w);
        const double step = rule == ADAGRAD || rule == RMSPROP || rule == ADAM
                                ? (slope + fabs(u.a * s)) / (sqrt(to[2]) + u.epsilon)
                                : 2 * (slope + fabs(u.a * s));
        const double few = 8 * t->u;
        want(t, W, j, to[0], few * (fabs(w) + fabs(u.lr) * step) + 8 * t->tiny);
        want(t, S, j, to[1], to[1] == s ? 0 : few * (slope + fabs(u.a * s)) + 8 * t->tiny);
        want(t, V, j, to[2], to[2] == v ? 0 : few * (slope * slope + v) + 8 * t->tiny);
    }
}

#define RULE(name, NAME)                                                                           \
    static void name##_call(check_test *t, const rnl_kernels *k)                                   \
    {                                                                                              \
        call(t, k->update_##name);                                                                 \
    }                                                                                              \
    static void name##_expect(check_test *t)                                                       \
    {                                                                                              \
        expect(t, NAME);                                                                           \
    }
RULE(sgd, SGD)
RULE(momentum, MOMENTUM)
RULE(nesterov, NESTEROV)
RULE(adagrad, ADAGRAD)
RULE(rmsprop, RMSPROP)
RULE(adam, ADAM)

/* ---- average: mean = mean + rate (w - mean) --------------------------------------------------------- */

static void average_setup(check_test *t)
{
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    check_matrix(t, UPDATED, TYPE_REAL, 1, check_size(t, F_COLS), fill);
    check_matrix(t, INPUT, TYPE_REAL, 1, check_size(t, F_COLS), fill);
}

static void average_call(check_test *t, const rnl_kernels *k)
{
    k->average(t->buffer[0].m.data, t->buffer[1].m.data, t->c->field[F_ALPHA],
               check_size(t, F_COLS));
}

static void average_expect(check_test *t)
{
    check_buffer *mean = &t->buffer[0];
    for (size_t j = 0; j < mean->m.cols; j++) {
        const long double m = check_before(mean, 0, j), w = check_before(&t->buffer[1], 0, j);
        const long double rate = t->c->field[F_ALPHA];
        check_want(mean, 0, j, m + rate * (w - m),
                   (4 * fabsl(rate) * (fabsl(w) + fabsl(m)) + fabsl(m)) * t->u * 1.01L +
                       2 * t->tiny);
    }
}

/* ---- sum_squares ------------------------------------------------------------------------------------ */

/* The number of columns is stretched, so that there are several tiles, and a last one of any length. */
static size_t stretched(const check_test *t)
{
    return check_size(t, F_COLS) * 7 + check_size(t, F_SEED) % 3;
}

static void sum_setup(check_test *t)
{
    const size_t n = stretched(t);
    check_matrix(t, OUTPUT, TYPE_F64, 1, rnl_sum_tiles(n), FILL_PLAIN);
    check_matrix(t, INPUT, TYPE_REAL, 1, n, (check_fill)check_size(t, F_FILL));
}

static void sum_call(check_test *t, const rnl_kernels *k)
{
    k->sum_squares(t->buffer[0].m.data, t->buffer[1].m.data, stretched(t));
}

static void sum_expect(check_test *t)
{
    const check_buffer *g = &t->buffer[1];
    for (size_t tile = 0; tile < t->buffer[0].m.cols; tile++) {
        long double sum = 0;
        for (size_t k = 0; k < RNL_SUM_TILE && tile * RNL_SUM_TILE + k < g->m.cols; k++) {
            const long double g_k = check_before(g, 0, tile * RNL_SUM_TILE + k);
            sum += g_k * g_k;
        }
        /* RNL_SUM_TILE / 16 additions in a lane, 16 lanes, the square itself; in doubles */
        check_want(&t->buffer[0], 0, tile, sum, sum * (RNL_SUM_TILE / 16 + 18) * 0x1p-53L);
    }
}

#define FLAT (BIT(F_COLS) | BIT(F_GAP) | BIT(F_ALPHA) | BIT(F_FILL) | BIT(F_SEED))

const check_kernel check_update_kernels[] = {
    {"update_sgd", FLAT, update_setup, sgd_call, sgd_expect},
    {"update_momentum", FLAT, update_setup, momentum_call, momentum_expect},
    {"update_nesterov", FLAT, update_setup, nesterov_call, nesterov_expect},
    {"update_adagrad", FLAT, update_setup, adagrad_call, adagrad_expect},
    {"update_rmsprop", FLAT, update_setup, rmsprop_call, rmsprop_expect},
    {"update_adam", FLAT, update_setup, adam_call, adam_expect},
    {"average", FLAT, average_setup, average_call, average_expect},
    {"sum_squares", FLAT & ~BIT(F_ALPHA), sum_setup, sum_call, sum_expect},
    {NULL, 0, NULL, NULL, NULL},
};

/* check_activations.c - tanh, leaky relu, elu, gelu, silu, softplus, dropout: cases and what they should give
 *
 * The bounds suppose an exponential that is off by at most 2.2 roundings (tests/backend/test_exp.c). */
#include "check.h"

#include <math.h>

static const long double HALF_ROOT = 0.707106781186547524400844L, /* sqrt(1/2) */
    DENSITY = 0.398942280401432677939946L;                        /* 1 / sqrt(2 pi) */

/* A value, and how many roundings of itself and how many smallest numbers it may be off. */
typedef struct result {
    long double value, roundings, tinies;
} result;

typedef result function(long double x, long double arg);

static result tanh_of(long double x, long double arg)
{
    (void)arg;
    return (result){tanhl(x), 10, 2};
}

static result leaky_relu_of(long double x, long double slope)
{
    return (result){x <= 0 ? slope * x : x, 1, 1};
}

static result elu_of(long double x, long double a)
{
    return (result){x > 0 ? x : a * expm1l(x), 8, 2};
}

static long double normal_below(long double x)
{
    return erfcl(-x * HALF_ROOT) / 2;
}

/* x and x^2 are rounded before they are squared and exponentiated: that makes x^2 roundings. */
static result gelu_of(long double x, long double arg)
{
    (void)arg;
    if (x < -50)
        return (result){0, 0, 0};
    return (result){x * normal_below(x), 14 + 2.5L * x * x, 4 * (1 + fabsl(x))};
}

static result silu_of(long double x, long double arg)
{
    (void)arg;
    if (x < -2000)
        return (result){0, 0, 0};
    return (result){x / (1 + expl(-x)), 10, 4 * (1 + fabsl(x))};
}

static result softplus_of(long double x, long double arg)
{
    (void)arg;
    return (result){(x > 0 ? x : 0) + log1pl(expl(-fabsl(x))) + (isnan(x) ? x : 0), 9, 3};
}

/* ---- dy/dx, told by y or, for gelu and silu, by x -------------------------------------------------------- */

static result tanh_slope(long double y, long double arg)
{
    (void)arg;
    return (result){(1 - y) * (1 + y), 4, 2};
}

static result leaky_relu_slope(long double y, long double slope)
{
    return (result){y > 0 ? 1 : slope, 1, 1};
}

static result elu_slope(long double y, long double a)
{
    return (result){y > 0 ? 1 : y + a, 3, 2};
}

/* Where the two summands cancel, the roundings are of what they were: `value` is made no smaller. */
static result gelu_slope(long double x, long double arg)
{
    (void)arg;
    const long double below = normal_below(x), other = x * DENSITY * expl(-x * x / 2),
                      value = below + other;
    return (result){value,
                    (14 + 2.5L * x * x) * (below + fabsl(other)) / fmaxl(fabsl(value), 1e-300L),
                    8 * (1 + fabsl(x))};
}

static result silu_slope(long double x, long double arg)
{
    (void)arg;
    const long double s = 1 / (1 + expl(-x)), other = x * s / (1 + expl(x)), value = s + other;
    return (result){value, 24 * (s + fabsl(other)) / fmaxl(fabsl(value), 1e-300L),
                    8 * (1 + fabsl(x))};
}

static result softplus_slope(long double y, long double arg)
{
    (void)arg;
    return (result){-expm1l(-y), 8, 2};
}

/* ---- the cases --------------------------------------------------------------------------------------------- */

static check_buffer *input_of(check_test *t)
{
    return check_size(t, F_INPLACE) ? &t->buffer[0] : &t->buffer[1];
}

static check_buffer *told_by(check_test *t)
{
    return &t->buffer[t->buffers - 1];
}

/* buffers: y, x; or dx, dy */
static void setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    const check_fill fill = (check_fill)check_size(t, F_FILL);
    check_matrix(t, check_size(t, F_INPLACE) ? UPDATED : OUTPUT, TYPE_REAL, n, cols, fill);
    if (!check_size(t, F_INPLACE))
        check_matrix(t, INPUT, TYPE_REAL, n, cols, fill);
}

/* and what tells the derivative; of a function's output, in the range that it has */
static void setup_backward(check_test *t, double least, double most)
{
    setup(t);
    check_buffer *z =
        check_matrix(t, INPUT, TYPE_REAL, check_size(t, F_N), check_size(t, F_COLS), FILL_PLAIN);
    for (size_t i = 0; i < z->m.rows; i++) {
        for (size_t j = 0; j < z->m.cols; j++) {
            const double x = (double)check_before(z, i, j);
            const bool edge = rnl_random_u64(&t->random) % 16 == 0;
            if (edge)
                check_set(z, i, j, x < 0 ? least : (isinf(most) ? 0 : most));
            else if (x < least || x > most)
                check_set(z, i, j, x < 0 ? least * rnl_random_uniform(&t->random) : 0.5);
        }
    }
}

static void setup_any(check_test *t)
{
    setup_backward(t, -1e3, INFINITY);
}

/* From where on a derivative is 0 is no promise: an infinite dy would tell. */
static void setup_silu(check_test *t)
{
    setup_backward(t, -80, INFINITY);
}

static void setup_gelu(check_test *t)
{
    setup_backward(t, -12, INFINITY);
}

static void setup_tanh(check_test *t)
{
    setup_backward(t, -1, 1);
}

static void setup_elu(check_test *t)
{
    setup_backward(t, -(double)check_arg(t), INFINITY);
}

static void setup_positive(check_test *t)
{
    setup_backward(t, 0, INFINITY);
}

static void expect(check_test *t, function *f)
{
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double x = check_before(input_of(t), i, j);
            const result r = f(x, check_arg(t));
            check_want(y, i, j, r.value, r.roundings * t->u * fabsl(r.value) + r.tinies * t->tiny);
        }
    }
}

static void expect_backward(check_test *t, function *slope)
{
    check_buffer *dx = &t->buffer[0];
    for (size_t i = 0; i < dx->m.rows; i++) {
        for (size_t j = 0; j < dx->m.cols; j++) {
            const long double dy = check_before(input_of(t), i, j);
            const result r = slope(check_before(told_by(t), i, j), check_arg(t));
            check_want(dx, i, j, dy * r.value,
                       (r.roundings + 1) * t->u * fabsl(dy * r.value) +
                           (1 + r.tinies * (1 + fabsl(dy))) * t->tiny);
        }
    }
}

#define CALLS(name, ...)                                                                           \
    static void name##_call(check_test *t, const rnl_kernels *k)                                   \
    {                                                                                              \
        k->name##_forward(&t->buffer[0].m, &input_of(t)->m __VA_ARGS__);                           \
    }                                                                                              \
    static void name##_expect(check_test *t)                                                       \
    {                                                                                              \
        expect(t, name##_of);                                                                      \
    }                                                                                              \
    static void name##_backward_call(check_test *t, const rnl_kernels *k)                          \
    {                                                                                              \
        k->name##_backward(&t->buffer[0].m, &input_of(t)->m, &told_by(t)->m __VA_ARGS__);          \
    }                                                                                              \
    static void name##_backward_expect(check_test *t)                                              \
    {                                                                                              \
        expect_backward(t, name##_slope);                                                          \
    }

#define ARG , t->c->field[F_ARG]
CALLS(tanh, )
CALLS(leaky_relu, ARG)
CALLS(elu, ARG)
CALLS(gelu, )
CALLS(silu, )
CALLS(softplus, )

/* ---- dropout: the mask is part of its definition, so that it is the same on every processor ------------ */

static const uint64_t KEY = 0x123456789abcdef;

static bool dropped(size_t i, size_t j, double share)
{
    const uint64_t words = rnl_hash64(KEY + i * 0x9e3779b97f4a7c15u);
    uint32_t h = (uint32_t)(j + words);
    h = (h ^ h >> 16) * 0x7feb352du;
    h = ((h + (uint32_t)(words >> 32)) ^ h >> 15) * 0x846ca68bu;
    return (h ^ h >> 16) < (uint32_t)(share * 0x1p32);
}

static void dropout_call(check_test *t, const rnl_kernels *k)
{
    k->dropout(&t->buffer[0].m, &input_of(t)->m, t->c->field[F_ARG], KEY);
}

static void dropout_expect(check_test *t)
{
    const double share = t->c->field[F_ARG];
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double scale = dropped(i, j, share) ? 0 : 1 / (1 - (long double)share),
                              want = check_before(input_of(t), i, j) * scale;
            check_want(y, i, j, want, 3 * t->u * fabsl(want) + t->tiny);
        }
    }
}

#define WITH_ARG (CHECK_MAP | CHECK_BIT(F_ARG))

const check_kernel check_activation_kernels[] = {
    {"tanh_forward", CHECK_MAP, setup, tanh_call, tanh_expect},
    {"tanh_backward", CHECK_MAP, setup_tanh, tanh_backward_call, tanh_backward_expect},
    {"leaky_relu_forward", WITH_ARG, setup, leaky_relu_call, leaky_relu_expect},
    {"leaky_relu_backward", WITH_ARG, setup_any, leaky_relu_backward_call,
     leaky_relu_backward_expect},
    {"elu_forward", WITH_ARG, setup, elu_call, elu_expect},
    {"elu_backward", WITH_ARG, setup_elu, elu_backward_call, elu_backward_expect},
    {"gelu_forward", CHECK_MAP, setup, gelu_call, gelu_expect},
    {"gelu_backward", CHECK_MAP, setup_gelu, gelu_backward_call, gelu_backward_expect},
    {"silu_forward", CHECK_MAP, setup, silu_call, silu_expect},
    {"silu_backward", CHECK_MAP, setup_silu, silu_backward_call, silu_backward_expect},
    {"softplus_forward", CHECK_MAP, setup, softplus_call, softplus_expect},
    {"softplus_backward", CHECK_MAP, setup_positive, softplus_backward_call,
     softplus_backward_expect},
    {"dropout", WITH_ARG, setup, dropout_call, dropout_expect},
    {NULL, 0, NULL, NULL, NULL},
};

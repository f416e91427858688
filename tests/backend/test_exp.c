/* test_exp.c - the kernels' own exp and log against the C library's in higher precision
 *
 *   test_exp          every 1021st of all floats, and some doubles
 *   test_exp STRIDE   every STRIDEth, and as many more doubles; 1: all 2^32 floats */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "backend/portable.h"
#include "base/random.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t stride = 1021;

typedef struct level {
    const char *name;
    const rnl_portable_maths *maths;
} level;

/* Those that this processor can run. */
static const level *levels(void)
{
    static level found[4];
    size_t n = 0;
    found[n++] = (level){"baseline", &rnl_portable_maths_baseline};
#ifdef RNL_HAVE_X86_LEVELS
    if (rnl_portable() != &rnl_portable_baseline)
        found[n++] = (level){"avx2", &rnl_portable_maths_avx2};
    if (rnl_portable() == &rnl_portable_avx512)
        found[n++] = (level){"avx512", &rnl_portable_maths_avx512};
#endif
    found[n] = (level){NULL, NULL};
    return found;
}

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ---- f32: floats by their bits ------------------------------------------------------------------------- */

/* How many units in the last place `got` is away from `want`; the unit below the normal range is the
 * smallest float. Infinite and NaN must be met exactly. */
static double ulps_f32(float got, double want)
{
    if (isnan(want))
        return isnan(got) ? 0 : INFINITY;
    if (fabs(want) > (double)FLT_MAX * (1 + 0x1p-25))
        return (double)got == (want > 0 ? INFINITY : -INFINITY) ? 0 : INFINITY;
    int exponent;
    frexp(want, &exponent);
    const double off =
        fabs((double)got - want) / ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
    return isnan(off) ? INFINITY : off;
}

static double exp_of(float x)
{
    /* most floats are of these kinds, and need no library */
    if (x > 90)
        return INFINITY;
    if (x < -110)
        return 0;
    return fabsf(x) < 0x1p-30f ? 1 + (double)x : exp((double)x);
}

static double log_of(float x)
{
    return log((double)x);
}

/* Floats first, first + stride, ... through a function of a level, in all threads. */
typedef struct sweep {
    void (*f)(void *y, const void *x, size_t n);
    double (*truth)(float x);
    uint64_t first, end;
    _Atomic(double) worst;
    _Atomic(float) at;
} sweep;

static void sweep_part(void *arg)
{
    enum { BLOCK = 1000 }; /* no multiple of a vector */
    sweep *s = arg;
    const rnl_range mine =
        rnl_part((s->end - s->first + stride - 1) / stride, rnl_team_rank(), rnl_team_size());
    double worst = 0;
    float at = 0;
    for (size_t k = mine.begin; k < mine.end; k += BLOCK) {
        float x[BLOCK], y[BLOCK];
        const size_t n = mine.end - k < BLOCK ? mine.end - k : BLOCK;
        for (size_t j = 0; j < n; j++)
            x[j] = float_of((uint32_t)(s->first + (k + j) * stride));
        s->f(y, x, n);
        for (size_t j = 0; j < n; j++) {
            const double off = ulps_f32(y[j], s->truth(x[j]));
            if (off > worst) {
                worst = off;
                at = x[j];
            }
        }
    }
    double before = atomic_load(&s->worst);
    while (worst > before) {
        if (atomic_compare_exchange_weak(&s->worst, &before, worst))
            atomic_store(&s->at, at);
    }
}

static void check_floats(const char *name, const level *l, void (*f)(void *, const void *, size_t),
                         double (*truth)(float), uint64_t first, uint64_t end, double bound)
{
    sweep s = {.f = f, .truth = truth, .first = first, .end = end};
    assert_int_equal(rnl_team_run(rnl_team_wanted(0), sweep_part, &s), RNL_OK);
    print_message("%s/%s/f32: at most %.4f units in the last place, at %.9g\n", name, l->name,
                  atomic_load(&s.worst), (double)atomic_load(&s.at));
    assert_true(atomic_load(&s.worst) < bound);
}

static void test_exp_f32(void **state)
{
    (void)state;
    for (const level *l = levels(); l->name; l++)
        check_floats("exp", l, l->maths->exp[RNL_F32], exp_of, 0, UINT64_C(1) << 32, 1.1);
}

/* From 1 to the largest float. */
static void test_log_f32(void **state)
{
    (void)state;
    for (const level *l = levels(); l->name; l++)
        check_floats("log", l, l->maths->log[RNL_F32], log_of, 0x3f800000, 0x7f800000, 1);
}

/* ---- f64: random doubles -------------------------------------------------------------------------------- */

static double ulps_f64(double got, long double want)
{
    if (fabsl(want) > (long double)DBL_MAX)
        return (long double)got == (want > 0 ? (long double)INFINITY : -(long double)INFINITY)
                   ? 0
                   : INFINITY;
    int exponent;
    frexpl(want, &exponent);
    const long double off =
        fabsl((long double)got - want) / ldexpl(1, (exponent < -1021 ? -1021 : exponent) - 53);
    return isnan(off) ? INFINITY : (double)off;
}

/* exp: from -750 to 715, half of them within 1 of 0; log: from 1 up, half of them below 3. */
static void check_doubles(bool log, const level *l, double bound)
{
    enum { BLOCK = 1001, SAMPLES = 1000 * 1000 * 1000 };
    rnl_random r = rnl_random_new(5, 1);
    double worst = 0, at = 0, x[BLOCK], y[BLOCK];
    for (uint64_t k = 0; k < SAMPLES / stride; k += BLOCK) {
        for (size_t j = 0; j < BLOCK; j++) {
            const double u = rnl_random_uniform(&r);
            if (log)
                x[j] = j % 2 ? 1 + 2 * u : exp2(u * 60);
            else
                x[j] = j % 2 ? 2 * u - 1 : u * 1465 - 750;
        }
        (log ? l->maths->log : l->maths->exp)[RNL_F64](y, x, BLOCK);
        for (size_t j = 0; j < BLOCK; j++) {
            const double off =
                ulps_f64(y[j], log ? logl((long double)x[j]) : expl((long double)x[j]));
            if (off > worst) {
                worst = off;
                at = x[j];
            }
        }
    }
    print_message("%s/%s/f64: at most %.4f units in the last place, at %.17g\n",
                  log ? "log" : "exp", l->name, worst, at);
    assert_true(worst < bound);
}

static void test_exp_f64(void **state)
{
    (void)state;
    for (const level *l = levels(); l->name; l++)
        check_doubles(false, l, 1.1);
}

static void test_log_f64(void **state)
{
    (void)state;
    for (const level *l = levels(); l->name; l++)
        check_doubles(true, l, 1);
}

/* ---- both ------------------------------------------------------------------------------------------------ */

static void test_edges(void **state)
{
    (void)state;
    for (const level *l = levels(); l->name; l++) {
        const float x[] = {NAN,     -NAN,     INFINITY, -INFINITY, 0, -0.0f,
                           FLT_MAX, -FLT_MAX, FLT_MIN,  -104,      89};
        const double d[] = {NAN,     -NAN,     INFINITY, -INFINITY, 0,  -0.0,
                            DBL_MAX, -DBL_MAX, DBL_MIN,  -746,      710};
        enum { N = sizeof x / sizeof x[0] };
        const double want[N] = {NAN, NAN, INFINITY, 0, 1, 1, INFINITY, 0, 1, 0, INFINITY};
        float y[N];
        double e[N];
        l->maths->exp[RNL_F32](y, x, N);
        l->maths->exp[RNL_F64](e, d, N);
        for (size_t k = 0; k < N; k++) {
            assert_true(isnan(want[k]) ? isnan(y[k]) : (double)y[k] == want[k]);
            assert_true(isnan(want[k]) ? isnan(e[k]) : e[k] == want[k]);
        }
        const float of_log[] = {NAN, 1};
        l->maths->log[RNL_F32](y, of_log, 2);
        assert_true(isnan(y[0]) && y[1] == 0);
    }
}

/* The same number gives the same bits wherever it stands in rows of whatever length. */
static void test_position_does_not_matter(void **state)
{
    (void)state;
    enum { N = 40 };
    rnl_random r = rnl_random_new(9, 1);
    for (const level *l = levels(); l->name; l++) {
        float x[N], y[N], one;
        for (size_t n = 1; n <= N; n++) {
            for (size_t j = 0; j < n; j++)
                x[j] = (float)(20 * rnl_random_normal(&r));
            l->maths->exp[RNL_F32](y, x, n);
            for (size_t j = 0; j < n; j++) {
                l->maths->exp[RNL_F32](&one, &x[j], 1);
                assert_memory_equal(&one, &y[j], sizeof one);
            }
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        stride = strtoull(argv[1], NULL, 10);
    if (argc > 2 || stride == 0) {
        fprintf(stderr, "usage: test_exp [STRIDE]\n");
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_f32), cmocka_unit_test(test_log_f32),
        cmocka_unit_test(test_exp_f64), cmocka_unit_test(test_log_f64),
        cmocka_unit_test(test_edges),   cmocka_unit_test(test_position_does_not_matter),
    };
    return cmocka_run_group_tests_name("exp", tests, NULL, NULL);
}

/* test_gradient_check.c - what `runnel gradcheck` compares: right gradients pass, also at kinks and where the loss is
 * steep; those that are wrong by a little do not */
#include "cli/derivative.h"
#include "cli/gradient_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* ---- derivatives -------------------------------------------------------------------------------------- */

static double kink_at, kink, bend;

/* A loss of usual size: smooth but for a kink, on whose right it is steeper. */
static double bent(void *user, double w)
{
    (void)user;
    return 2.3 + 0.5 * w + bend * w * w * w + (w > kink_at ? kink * (w - kink_at) : 0);
}

static cli_derivative look(cli_side side)
{
    return cli_differentiate(bent, NULL, 0, bent(NULL, 0), side, 1e-3, 1e-10);
}

static void sides_know_nothing_of_each_other(void **state)
{
    (void)state;
    kink = 0.3;
    for (bend = 0; bend <= 1000; bend = 10 * bend + 1)
        for (kink_at = 1e-9; kink_at < 1; kink_at *= 3) {
            const cli_derivative below = look(CLI_FROM_BELOW), above = look(CLI_FROM_ABOVE);
            assert_true(fabs(below.value - 0.5) < 1e-8 && below.error < 1e-8);
            /* the other side tells its own slope, or that of w, or that it does not know */
            assert_true(above.error > 1e-8 || fabs(above.value - 0.5) < 1e-8 ||
                        fabs(above.value - 0.8) < 1e-8);
        }
    kink_at = 0;
    assert_true(fabs(look(CLI_FROM_BELOW).value - 0.5) < 1e-8);
    assert_true(fabs(look(CLI_FROM_ABOVE).value - 0.8) < 1e-8);
    kink = 0;
    assert_true(fabs(look(CLI_FROM_BOTH).value - 0.5) < 1e-9);
}

static double nothing(void *user, double w)
{
    (void)user, (void)w;
    return NAN;
}

static void what_is_no_number_is_not_known(void **state)
{
    (void)state;
    assert_true(isinf(cli_differentiate(nothing, NULL, 1, NAN, CLI_FROM_BOTH, 1e-3, 1e-9).error));
}

/* ---- gradients ------------------------------------------------------------------------------------------ */

enum { N = 60, INPUTS = 4, CLASSES = 3 };
static const double BOUND = 1e-5, H = 1e-4;

typedef struct subject {
    cli_gradient_check c;
    rnl_gradients *back, *numerical;
    cli_comparison blocks[8];
    double x[N * INPUTS];
    int32_t classes[N];
} subject;

/* Inputs on both sides of 0; the first sample is all 0, so that every relu stands on its kink there. */
static void open_subject(subject *s, const char *net)
{
    const rnl_net_config config = {
        .inputs = INPUTS, .outputs = CLASSES, .dtype = RNL_F64, .weight_init_std = 0.05, .seed = 2};
    uint32_t random = 12345;
    *s = (subject){.c = {.h = H, .bound = BOUND}};
    for (size_t i = 0; i < N * INPUTS; i++) {
        random = random * 1664525 + 1013904223;
        s->x[i] = i < INPUTS ? 0 : (double)(random >> 8) / (1 << 23) - 1;
    }
    for (size_t i = 0; i < N; i++)
        s->classes[i] = (int32_t)(i % CLASSES);
    s->c.x = rnl_matrix_f64(s->x, N, INPUTS);
    s->c.t = rnl_targets_classes(s->classes, N);
    assert_int_equal(rnl_net_new(&s->c.net, net, &config), RNL_OK);
    assert_int_equal(rnl_workspace_new(&s->c.ws, s->c.net, N), RNL_OK);
    const rnl_mode mode = {.training = true, .seed = 1};
    rnl_workspace_set_mode(s->c.ws, mode);
    assert_int_equal(rnl_gradients_new(&s->back, s->c.net), RNL_OK);
    assert_int_equal(rnl_gradients_new(&s->numerical, s->c.net), RNL_OK);
    assert_int_equal(rnl_net_gradient(s->c.net, s->c.ws, s->c.x, s->c.t, s->back, NULL), RNL_OK);
    assert_int_equal(
        rnl_net_numerical_gradient(s->c.net, &mode, s->c.x, s->c.t, H, 1, s->numerical), RNL_OK);
    s->c.back = s->back;
    s->c.numerical = s->numerical;
}

static void close_subject(subject *s)
{
    rnl_gradients_free(&s->back);
    rnl_gradients_free(&s->numerical);
    rnl_workspace_free(&s->c.ws);
    rnl_net_free(&s->c.net);
}

static size_t blocks_that_disagree(subject *s, size_t *finer)
{
    size_t disagree = 0;
    *finer = 0;
    assert_int_equal(cli_check_gradients(&s->c, s->blocks), RNL_OK);
    for (size_t k = 0; k < rnl_net_parameter_count(s->c.net); k++) {
        disagree += s->blocks[k].largest_relative > BOUND;
        *finer += s->blocks[k].finer;
    }
    return disagree;
}

/* The right gradient passes; with any one of its numbers wrong by 3 in 100,000, or by the share of a sample, it does
 * not. */
static void check_subject(const char *net, size_t least_finer)
{
    subject s;
    size_t finer;
    open_subject(&s, net);
    assert_int_equal(blocks_that_disagree(&s, &finer), 0);
    assert_true(finer >= least_finer);
    for (size_t k = 0; k < rnl_net_parameter_count(s.c.net); k++) {
        const rnl_matrix block = rnl_gradients_block(s.back, k);
        for (size_t i = 0; i < block.rows; i++)
            for (size_t j = 0; j < block.cols; j++) {
                double *g = (double *)block.data + i * block.ld + j;
                const double right = *g, by[] = {3e-5 * fmax(fabs(right), 1e-5), -1e-3 / N, 0.5};
                for (size_t m = 0; m < sizeof by / sizeof by[0]; m++) {
                    *g = right + by[m];
                    assert_int_equal(blocks_that_disagree(&s, &finer), 1);
                    assert_true(s.blocks[k].largest_relative > BOUND);
                }
                *g = NAN;
                assert_int_equal(blocks_that_disagree(&s, &finer), 1);
                *g = right;
            }
    }
    assert_int_equal(blocks_that_disagree(&s, &finer), 0); /* and the parameters are as they were */
    close_subject(&s);
}

static void kinks(void **state)
{
    (void)state;
    check_subject("affine 7, relu, affine", 7);
}

static void steep_places(void **state)
{
    (void)state;
    check_subject("affine 3, batchnorm, sigmoid, affine", 0);
    check_subject("affine 3, layernorm, tanh, affine", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides_know_nothing_of_each_other),
        cmocka_unit_test(what_is_no_number_is_not_known),
        cmocka_unit_test(kinks),
        cmocka_unit_test(steep_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_prepare.c - scales and shifts that are learnt, and what the gather makes of them */
#include "base/memory.h"
#include "data/dataset.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 5, FEATURES = 4 };

/* a wide one, a constant one, a yes and no, a negative one */
static const float table[N * FEATURES] = {
    1000, 7, 0, -1, 2000, 7, 1, -2, 3000, 7, 0, -3, 4000, 7, 0, -4, 5000, 7, 1, -5,
};
static const int32_t classes[N] = {0, 1, 0, 1, 0};

static rnl_dataset *open_table(void)
{
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_from_floats(&set, table, N, FEATURES, classes, 2, false), RNL_OK);
    return set;
}

static void standardises(void **state)
{
    (void)state;
    rnl_dataset *set = open_table();
    rnl_prepare used;
    double x[N * FEATURES];
    float x_f32[N * FEATURES];
    assert_null(rnl_dataset_scales(set));
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_AUTO, &used), RNL_OK);
    assert_int_equal(used, RNL_PREPARE_STANDARD);
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f64(x, N, FEATURES)), RNL_OK);
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x_f32, N, FEATURES)), RNL_OK);
    for (size_t i = 0; i < N; i++) {
        const double expected =
            ((double)i - 2) / sqrt(2); /* of both the wide one and minus the last */
        assert_true(fabs(x[i * FEATURES] - expected) < 1e-12);
        assert_true(x[i * FEATURES + 1] == 0);
        assert_true(x[i * FEATURES + 2] == (double)table[i * FEATURES + 2]);
        assert_true(fabs(x[i * FEATURES + 3] + expected) < 1e-12);
        for (size_t j = 0; j < FEATURES; j++) {
            const float one = table[i * FEATURES + j] * (float)rnl_dataset_scales(set)[j] +
                              (float)rnl_dataset_shifts(set)[j];
            assert_true(x_f32[i * FEATURES + j] == one);
        }
    }
    rnl_dataset_free(&set);
}

static void min_max(void **state)
{
    (void)state;
    rnl_dataset *set = open_table();
    double x[N * FEATURES];
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_MINMAX, NULL), RNL_OK);
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f64(x, N, FEATURES)), RNL_OK);
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(x[i * FEATURES] - (double)i / 4) < 1e-12);
        assert_true(x[i * FEATURES + 1] == 0);
        assert_true(fabs(x[i * FEATURES + 3] - (1 - (double)i / 4)) < 1e-12);
    }
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_NONE, NULL), RNL_OK);
    assert_null(rnl_dataset_scales(set));
    rnl_dataset_free(&set);
}

/* The training part alone is learnt from, by its own order; the other part takes over what was learnt. */
static void parts(void **state)
{
    (void)state;
    rnl_dataset *set = open_table(), *train, *test;
    assert_int_equal(rnl_dataset_split(set, 0.4, 3, &train, &test), RNL_OK);
    assert_int_equal(rnl_dataset_prepare(train, RNL_PREPARE_STANDARD, NULL), RNL_OK);
    double x[N * FEATURES], sum = 0, squares = 0;
    const size_t n = rnl_dataset_describe(train).n;
    assert_int_equal(rnl_dataset_gather(train, NULL, 0, rnl_matrix_f64(x, n, FEATURES)), RNL_OK);
    for (size_t i = 0; i < n; i++) {
        sum += x[i * FEATURES];
        squares += x[i * FEATURES] * x[i * FEATURES];
    }
    assert_true(fabs(sum) < 1e-9 && fabs(squares / (double)n - 1) < 1e-9);
    assert_null(rnl_dataset_scales(test));
    assert_int_equal(
        rnl_dataset_set_scaling(test, rnl_dataset_scales(train), rnl_dataset_shifts(train)),
        RNL_OK);
    assert_memory_equal(rnl_dataset_scales(test), rnl_dataset_scales(train),
                        FEATURES * sizeof(double));
    /* its own scaling, handed in again */
    assert_int_equal(
        rnl_dataset_set_scaling(test, rnl_dataset_scales(test), rnl_dataset_shifts(test)), RNL_OK);
    assert_memory_equal(rnl_dataset_shifts(test), rnl_dataset_shifts(train),
                        FEATURES * sizeof(double));
    rnl_dataset_free(&train);
    rnl_dataset_free(&test);
    rnl_dataset_free(&set);
}

static void bytes_have_it_too(void **state)
{
    (void)state;
    static const uint8_t pixels[6] = {0, 10, 255, 20, 128, 30};
    const double scale[2] = {0.5, 2}, shift[2] = {1, -1};
    rnl_dataset *set;
    float x[6];
    assert_int_equal(rnl_dataset_new(&set), RNL_OK);
    set->info.n = 3;
    set->info.features = 2;
    set->bytes = pixels;
    assert_int_equal(rnl_dataset_set_scaling(set, scale, shift), RNL_OK);
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x, 3, 2)), RNL_OK);
    for (size_t i = 0; i < 6; i++)
        assert_true((double)x[i] == pixels[i] * scale[i % 2] + shift[i % 2]);
    rnl_dataset_free(&set);
}

/* A pixel that is the same in all of the training may have any level elsewhere: it must not enter as 255 there. */
static void constant_pixels(void **state)
{
    (void)state;
    static const uint8_t pixels[6] = {0, 10, 0, 20, 0, 30}, light[6] = {255, 1, 255, 2, 255, 3};
    for (int how = RNL_PREPARE_STANDARD; how <= RNL_PREPARE_MINMAX; how++) {
        rnl_dataset *set;
        float x[6];
        assert_int_equal(rnl_dataset_new(&set), RNL_OK);
        set->info.n = 3;
        set->info.features = 2;
        set->bytes = pixels;
        assert_int_equal(rnl_dataset_prepare(set, (rnl_prepare)how, NULL), RNL_OK);
        assert_true(rnl_dataset_scales(set)[0] == 1.0 / 255);
        assert_true(rnl_dataset_shifts(set)[0] == 0);
        set->bytes = light;
        assert_int_equal(rnl_dataset_prepare(set, (rnl_prepare)how, NULL), RNL_OK);
        assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x, 3, 2)), RNL_OK);
        assert_true(x[0] == 0 && x[2] == 0 && x[4] == 0);
        set->bytes = pixels;
        assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x, 3, 2)), RNL_OK);
        assert_true(x[0] == -1);
        rnl_dataset_free(&set);
    }
}

/* What is learnt of targets, and a network that answers in their own unit in the end. */
static void targets_in_their_own_unit(void **state)
{
    (void)state;
    static const float x[4] = {0, 1, 2, 3}, t[4 * 2] = {10, 5, 12, 5, 14, 5, 16, 5};
    rnl_dataset *set;
    double scale[2], shift[2];
    assert_int_equal(rnl_dataset_from_rows(&set, x, 4, 1, t, 2, false), RNL_OK);
    assert_int_equal(rnl_dataset_target_scaling(set, scale, shift), RNL_OK);
    assert_true(fabs(scale[0] - sqrt(5)) < 1e-12 && shift[0] == 13);
    assert_true(scale[1] == 1 && shift[1] == 5);
    assert_int_equal(rnl_dataset_scale_targets(set, scale, shift), RNL_OK);
    assert_true(t[0] == 10); /* borrowed, and left alone */
    for (size_t i = 0; i < 4; i++) {
        const double expected = ((double)t[2 * i] - 13) / sqrt(5);
        assert_true(fabs((double)rnl_dataset_targets(set)[2 * i] - expected) < 1e-6);
        assert_true(rnl_dataset_targets(set)[2 * i + 1] == 0);
    }
    const double unit_scale[2] = {1 / scale[0], 1}, unit_shift[2] = {-shift[0] / scale[0], -5};
    assert_int_equal(rnl_dataset_scale_targets(set, unit_scale, unit_shift), RNL_OK);
    for (size_t i = 0; i < 8; i++) /* taken back */
        assert_true(fabs((double)rnl_dataset_targets(set)[i] - (double)t[i]) < 1e-5);
    rnl_dataset_free(&set);

    rnl_net *net;
    rnl_workspace *ws;
    const rnl_net_config config = {.inputs = 1, .dtype = RNL_F64, .init = "auto", .seed = 3};
    double in[4] = {0, 1, 2, 3}, before[4 * 2], after[4 * 2];
    assert_int_equal(rnl_net_new(&net, "affine 3, tanh, affine 2, mse", &config), RNL_OK);
    assert_int_equal(rnl_workspace_new(&ws, net, 4), RNL_OK);
    const rnl_matrix m = rnl_matrix_f64(in, 4, 1);
    assert_int_equal(rnl_net_predict(net, ws, m, rnl_matrix_f64(before, 4, 2)), RNL_OK);
    assert_int_equal(rnl_net_scale_outputs(net, scale, shift), RNL_OK);
    assert_int_equal(rnl_net_predict(net, ws, m, rnl_matrix_f64(after, 4, 2)), RNL_OK);
    for (size_t i = 0; i < 8; i++)
        assert_true(fabs(before[i] * scale[i % 2] + shift[i % 2] - after[i]) < 1e-12);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
    assert_int_equal(rnl_net_new(&net, "affine 2, tanh, mse", &config), RNL_OK);
    assert_int_equal(rnl_net_scale_outputs(net, scale, shift), RNL_ERR_USAGE);
    rnl_net_free(&net);
}

static void refuses(void **state)
{
    (void)state;
    rnl_dataset *set = open_table();
    const double bad[FEATURES] = {1, NAN, 1, 1}, good[FEATURES] = {0};
    assert_int_equal(rnl_dataset_set_scaling(set, bad, good), RNL_ERR_USAGE);
    assert_int_equal(rnl_dataset_set_scaling(set, good, NULL), RNL_ERR_USAGE);
    assert_int_equal(rnl_dataset_set_class_names(set, "one"), RNL_ERR_USAGE);
    assert_int_equal(rnl_dataset_set_class_names(set, "one\ntwo\n"), RNL_ERR_USAGE);
    assert_int_equal(rnl_dataset_set_class_names(set, "one\nt\two"), RNL_ERR_USAGE);
    assert_int_equal(rnl_dataset_set_class_names(set, "one\n"), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "class 1 (counted from 0) is empty"));
    assert_int_equal(rnl_dataset_set_class_names(set, "one\none"), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "classes 0 and 1 (counted from 0) are the same"));
    assert_null(rnl_dataset_class_names(set));
    assert_int_equal(rnl_dataset_set_class_names(set, "one\nt wo"), RNL_OK);
    assert_string_equal(rnl_dataset_class_names(set), "one\nt wo");
    for (long n = 1; n <= 3; n++) {
        rnl_alloc_fail_after(n);
        assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_STANDARD, NULL), RNL_ERR_MEMORY);
        rnl_alloc_fail_after(0);
        assert_null(rnl_dataset_scales(set));
    }
    rnl_dataset_free(&set);
}

/* The first number that is none is named by its place, also in a part of a set. */
static void names_what_is_not_finite(void **state)
{
    (void)state;
    static const float x[4 * 2] = {1, 2, 3, 4, 5, 6, 7, INFINITY};
    static const int32_t one_class[4] = {0};
    static const double wide[2 * 2] = {1, 2, 3, 1e300};
    rnl_dataset *set, *part, *rest;
    assert_int_equal(rnl_dataset_from_floats(&set, x, 4, 2, one_class, 1, false), RNL_OK);
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_AUTO, NULL), RNL_ERR_FORMAT);
    assert_non_null(strstr(rnl_error_text(), "feature 1 of sample 3 (both counted from 0) is inf"));
    assert_null(rnl_dataset_scales(set));
    assert_int_equal(rnl_dataset_check_finite(set, RNL_F64), RNL_ERR_FORMAT);
    assert_int_equal(rnl_dataset_split(set, 0.5, 1, &rest, &part), RNL_OK);
    const bool in_part = rnl_dataset_check_finite(part, RNL_F64) == RNL_ERR_FORMAT;
    assert_non_null(strstr(rnl_error_text(), "of sample 3 "));
    assert_int_equal(rnl_dataset_check_finite(in_part ? rest : part, RNL_F64), RNL_OK);
    assert_int_equal(rnl_dataset_check_finite(in_part ? part : rest, RNL_F32), RNL_ERR_FORMAT);
    assert_non_null(strstr(rnl_error_text(), "of sample 3 "));
    rnl_dataset_free(&part);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&set);

    assert_int_equal(rnl_dataset_new(&set), RNL_OK);
    set->info.n = set->info.features = 2;
    set->raw = (const uint8_t *)wide;
    set->element = (rnl_element){RNL_DOUBLE, false};
    assert_int_equal(rnl_dataset_check_finite(set, RNL_F64), RNL_OK);
    assert_int_equal(rnl_dataset_check_finite(set, RNL_F32), RNL_ERR_FORMAT);
    assert_non_null(strstr(rnl_error_text(), "feature 1 of sample 1 "));
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standardises),    cmocka_unit_test(min_max),
        cmocka_unit_test(parts),           cmocka_unit_test(bytes_have_it_too),
        cmocka_unit_test(constant_pixels), cmocka_unit_test(targets_in_their_own_unit),
        cmocka_unit_test(refuses),         cmocka_unit_test(names_what_is_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_init.c - the first weights: their mean, deviation and range, by rule and by what follows */
#include "nets.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

enum { INPUTS = 300, WIDTH = 200 };

static rnl_net *drawn(const char *description, const char *init, double std, uint64_t seed)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = INPUTS;
    config.outputs = 0;
    config.weight_init_std = std;
    config.seed = seed;
    config.init = init;
    rnl_net *net;
    must(rnl_net_new(&net, description, &config));
    return net;
}

/* The deviation of W1's 60,000 numbers is within five of its own deviations of `std`, their mean of 0;
 * none is beyond sqrt(3) std where they are uniform, and some are where they are not. b1 is 0. */
static void check(const char *description, const char *init, double std, bool uniform)
{
    rnl_net *net = drawn(description, init, 0.01, 1);
    const rnl_matrix W = rnl_net_parameter(net, 0).value, b = rnl_net_parameter(net, 1).value;
    const double n = INPUTS * WIDTH;
    double sum = 0, squares = 0;
    assert_true(W.rows == INPUTS && W.cols == WIDTH);
    for (size_t i = 0; i < W.rows; i++) {
        for (size_t j = 0; j < W.cols; j++) {
            sum += rnl_matrix_get(&W, i, j);
            squares += pow(rnl_matrix_get(&W, i, j), 2);
        }
    }
    const double got = sqrt(squares / n);
    if (!(fabs(got / std - 1) < 5 / sqrt(2 * n)) || !(fabs(sum / n) < 5 * std / sqrt(n)))
        fail_msg("\"%s\", %s: mean %g, deviation %g and not %g", description, init, sum / n, got,
                 std);
    assert_true((largest(&W) <= sqrt(3) * std * (1 + 1e-7)) == uniform);
    assert_true(largest(&b) == 0);
    rnl_net_free(&net);
}

static void test_rules(void **state)
{
    (void)state;
    const char *const net = "affine 200, relu, affine 10";
    const double he = sqrt(2.0 / INPUTS), xavier = sqrt(2.0 / (INPUTS + WIDTH));
    check(net, NULL, 0.01, false);
    check(net, "normal 0.25", 0.25, false);
    check(net, "he", he, false);
    check(net, "he_uniform", he, true);
    check(net, "xavier", xavier, false);
    check(net, "xavier_uniform", xavier, true);
    check("affine 200, leaky_relu 0.5, affine 10", "he", sqrt(2 / 1.25 / INPUTS), false);
    check("affine 200, leaky_relu 0.5, affine 10", "he_uniform", sqrt(2 / 1.25 / INPUTS), true);
    check("affine 200, tanh, affine 10", "he", he, false);
    check("affine 200", "he", he, false);
}

/* auto looks past what is no activation, and no further than the next weights. */
static void test_auto(void **state)
{
    (void)state;
    const double he = sqrt(2.0 / INPUTS), xavier = sqrt(2.0 / (INPUTS + WIDTH));
    static const char *const like_relu[] = {
        "affine 200, relu",     "affine 200, elu",
        "affine 200, gelu",     "affine 200, silu",
        "affine 200, softplus", "affine 200, batchnorm, dropout 0.1, layernorm, relu, affine 10"};
    static const char *const others[] = {"affine 200", "affine 200, tanh",
                                         "affine 200, sigmoid, relu", "affine 200, batchnorm",
                                         "affine 200, affine 10, relu, affine 10"};
    for (size_t i = 0; i < COUNT(like_relu); i++)
        check(like_relu[i], "auto", he, false);
    for (size_t i = 0; i < COUNT(others); i++)
        check(others[i], "auto", xavier, false);
    check("affine 200, leaky_relu", "auto", sqrt(2 / 1.0001 / INPUTS), false);
}

/* The numbers that came before there were rules: N(0, std^2), std times the same normal numbers. */
static void test_plain_is_as_before(void **state)
{
    (void)state;
    rnl_net *one = drawn("affine 200, relu, affine 10", NULL, 1, 7),
            *other = drawn("affine 200, relu, affine 10", "normal 1", 0.5, 7);
    rnl_random r = rnl_random_new(7, RNL_STREAM_WEIGHTS);
    for (size_t k = 0; k < rnl_net_parameter_count(one); k += 2) {
        const rnl_matrix a = rnl_net_parameter(one, k).value, b = rnl_net_parameter(other, k).value;
        for (size_t i = 0; i < a.rows; i++) {
            for (size_t j = 0; j < a.cols; j++) {
                assert_true(rnl_matrix_get(&a, i, j) == (double)(float)rnl_random_normal(&r));
                assert_true(rnl_matrix_get(&a, i, j) == rnl_matrix_get(&b, i, j));
            }
        }
    }
    rnl_net_free(&one);
    rnl_net_free(&other);
}

/* Normalisation begins as the plain one: gamma 1, beta 0, running mean 0 and variance 1. */
static void test_normalisation(void **state)
{
    (void)state;
    rnl_net *net = drawn("batchnorm, layernorm", "he", 0.01, 1);
    for (size_t k = 0; k < 4; k++)
        for (size_t j = 0; j < INPUTS; j++) {
            const rnl_matrix value = rnl_net_parameter(net, k).value;
            assert_true(rnl_matrix_get(&value, 0, j) == (k % 2 ? 0 : 1));
        }
    for (size_t k = 0; k < 2; k++)
        for (size_t j = 0; j < INPUTS; j++) {
            const rnl_matrix value = rnl_net_state(net, k).value;
            assert_true(rnl_matrix_get(&value, 0, j) == (double)k);
        }
    rnl_net_free(&net);
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",   "normal",  "normal -1", "normal x",   "normal 1 2", "he 2",
        "He", "uniform", "auto ",     "normal inf", "xavier\n1",  "hexavier_uniform"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        rnl_net_config config = rnl_net_config_default();
        config.outputs = 0;
        config.init = texts[i];
        rnl_net *net;
        const rnl_status status = rnl_net_new(&net, "affine 2", &config);
        if (strcmp(texts[i], "auto ") == 0) {
            must(status); /* a blank does no harm */
            rnl_net_free(&net);
            continue;
        }
        assert_int_equal(status, RNL_ERR_USAGE);
        assert_null(net);
        const char *expected = strcmp(texts[i], "He") == 0
                                   ? "initial weights \"He\": did you mean he?"
                                   : "known are normal STD (0 or more), he, he_uniform";
        assert_non_null(strstr(rnl_error_text(), expected));
    }
}

static void test_what_was_meant(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"HE", "he"},
        {"kaiming", "he"},
        {"Kaiming_Uniform", "he_uniform"},
        {"he_unifrom", "he_uniform"},
        {"xavir", "xavier"},
        {"glorot", "xavier"},
        {"xavier_normal", "xavier"},
        {"Normal 0.1", "normal"},
        {"auot", "auto"},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        rnl_net_config config = rnl_net_config_default();
        char expected[96];
        config.outputs = 0;
        config.init = names[i][0];
        rnl_net *net;
        assert_int_equal(rnl_net_new(&net, "affine 2", &config), RNL_ERR_USAGE);
        snprintf(expected, sizeof expected, "initial weights \"%s\": did you mean %s?", names[i][0],
                 names[i][1]);
        assert_string_equal(rnl_error_text(), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_auto),
        cmocka_unit_test(test_plain_is_as_before),
        cmocka_unit_test(test_normalisation),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_what_was_meant),
    };
    return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}

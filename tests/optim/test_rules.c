/* test_rules.c - update rules as objects: what they are told, what they refuse, what does not change them
 * (their numbers are compared with PyTorch's by torch_rules.py) */
#include "base/memory.h"
#include "base/random.h"
#include "optim/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const all_rules[] = {"sgd",     "momentum", "nesterov", "adagrad",
                                        "rmsprop", "adam",     "adamw"};
enum { RULES = sizeof all_rules / sizeof all_rules[0] };

/* 73 inputs: blocks that are no whole cache lines, and with the padding between them more than a tile
 * of a sum of squares. */
static rnl_net *a_net(rnl_dtype dtype)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = 73;
    config.outputs = 5;
    config.dtype = dtype;
    config.weight_init_std = 0.5;
    rnl_net *net;
    assert_int_equal(rnl_net_new(&net, "affine 61, relu, affine", &config), RNL_OK);
    return net;
}

static rnl_gradients *random_gradients(const rnl_net *net, uint64_t seed, double size)
{
    rnl_gradients *g;
    rnl_random r = rnl_random_new(seed, 600);
    assert_int_equal(rnl_gradients_new(&g, net), RNL_OK);
    for (size_t p = 0; p < rnl_net_parameter_count(net); p++) {
        rnl_matrix block = rnl_gradients_block(g, p);
        for (size_t i = 0; i < block.rows; i++)
            for (size_t j = 0; j < block.cols; j++)
                rnl_matrix_set(&block, i, j, size * rnl_random_normal(&r));
    }
    return g;
}

static rnl_optimizer *an_optimizer(const rnl_net *net, rnl_optimizer_config config)
{
    rnl_optimizer *o;
    assert_int_equal(rnl_optimizer_new(&o, net, &config), RNL_OK);
    return o;
}

static void writes_itself_in_full(void **state)
{
    (void)state;
    static const struct {
        const char *given, *full;
    } cases[] = {{NULL, "sgd"},
                 {"sgd", "sgd"},
                 {" momentum ", "momentum 0.9"},
                 {"momentum\t0", "momentum 0"},
                 {"nesterov 0.95", "nesterov 0.95"},
                 {"adagrad", "adagrad 1e-10"},
                 {"rmsprop 0.9", "rmsprop 0.9 1e-8"},
                 {"adam", "adam 0.9 0.999 1e-8"},
                 {"adamw 0.8 0.9 1e-3", "adamw 0.8 0.9 0.001"}};
    rnl_net *net = a_net(RNL_F32);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rnl_optimizer *o = an_optimizer(net, (rnl_optimizer_config){.rule = cases[i].given});
        assert_string_equal(rnl_optimizer_description(o), cases[i].full);
        rnl_optimizer *again =
            an_optimizer(net, (rnl_optimizer_config){.rule = rnl_optimizer_description(o)});
        assert_string_equal(rnl_optimizer_description(again), cases[i].full);
        rnl_optimizer_free(&o);
        rnl_optimizer_free(&again);
    }
    rnl_optimizer *o;
    assert_int_equal(rnl_optimizer_new(&o, net, NULL), RNL_OK);
    assert_string_equal(rnl_optimizer_description(o), "sgd");
    rnl_optimizer_free(&o);
    rnl_optimizer_free(&o);
    rnl_optimizer_free(NULL);
    for (size_t i = 0; i < RULES; i++) /* every help line begins with the rule's name */
        assert_true(strncmp(rnl_optimizer_help(i), all_rules[i], strlen(all_rules[i])) == 0);
    assert_null(rnl_optimizer_help(RULES));
    rnl_net_free(&net);
}

static void refused(rnl_optimizer_config config, const char *sentence)
{
    rnl_net *net = a_net(RNL_F32);
    rnl_optimizer *o = (rnl_optimizer *)net;
    assert_int_equal(rnl_optimizer_new(&o, net, &config), RNL_ERR_USAGE);
    assert_null(o);
    assert_string_equal(rnl_error_text(), sentence);
    rnl_net_free(&net);
}

static void refuses_nonsense(void **state)
{
    (void)state;
    refused(
        (rnl_optimizer_config){.rule = "sdg"},
        "unknown update rule \"sdg\"; known are sgd, momentum, nesterov, adagrad, rmsprop, adam, "
        "adamw");
    refused((rnl_optimizer_config){.rule = ""},
            "unknown update rule \"\"; known are sgd, momentum, nesterov, adagrad, rmsprop, adam, "
            "adamw");
    refused((rnl_optimizer_config){.rule = "momentum 1.5"},
            "the momentum of momentum is a number from 0 to below 1, not \"1.5\"");
    refused((rnl_optimizer_config){.rule = "momentum 1"},
            "the momentum of momentum is a number from 0 to below 1, not \"1\"");
    refused((rnl_optimizer_config){.rule = "sgd 0.9"}, "sgd takes no numbers, but \"0.9\" follows");
    refused((rnl_optimizer_config){.rule = "adam 0.9 1"},
            "the second smoothing of adam is a number from 0 to below 1, not \"1\"");
    refused((rnl_optimizer_config){.rule = "adam 0.9 0.99 0"},
            "the epsilon of adam is a number from 1e-30 to 1, not \"0\"");
    refused((rnl_optimizer_config){.rule = "adam 0.9 0.99 1e-8 1"},
            "adam takes at most three numbers, but \"1\" follows");
    refused((rnl_optimizer_config){.l2 = -0.1},
            "the penalty l2 is -0.1; it must be 0 (none) or more, and finite");
    refused((rnl_optimizer_config){.weight_decay = INFINITY},
            "the weight decay is inf; it must be 0 (none) or more, and finite");
    refused((rnl_optimizer_config){.clip = -1},
            "the norm to clip gradients at is -1; it must be 0 (none) or more, and finite");
    refused((rnl_optimizer_config){.clip = NAN},
            "the norm to clip gradients at is nan; it must be 0 (none) or more, and finite");

    rnl_net *net = a_net(RNL_F32), *other = a_net(RNL_F32);
    rnl_gradients *g = random_gradients(net, 1, 1), *of_other = random_gradients(other, 1, 1);
    rnl_optimizer *o = an_optimizer(net, (rnl_optimizer_config){.weight_decay = 20});
    assert_int_equal(rnl_optimizer_step(o, other, of_other, 0.1), RNL_ERR_USAGE);
    assert_int_equal(rnl_optimizer_step(o, net, of_other, 0.1), RNL_ERR_USAGE);
    assert_int_equal(rnl_optimizer_step(o, net, g, NAN), RNL_ERR_USAGE);
    assert_int_equal(rnl_optimizer_step(o, net, g, -0.1), RNL_ERR_USAGE);
    assert_int_equal(rnl_net_sgd_step(net, g, NAN), RNL_ERR_USAGE);
    assert_int_equal(rnl_net_sgd_step(net, g, -0.1), RNL_ERR_USAGE);
    assert_int_equal(rnl_optimizer_step(o, net, g, 0.1), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), "a weight decay of 20 with a learning rate of 0.1: their "
                                          "product is 2; it must be below 1");
    assert_int_equal(rnl_optimizer_step(o, net, g, 0.01), RNL_OK);
    rnl_optimizer_free(&o);
    rnl_gradients_free(&g);
    rnl_gradients_free(&of_other);
    rnl_net_free(&net);
    rnl_net_free(&other);
}

static void plain_descent_is_the_plain_step(void **state)
{
    (void)state;
    for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
        rnl_net *a = a_net((rnl_dtype)dtype), *b = a_net((rnl_dtype)dtype);
        rnl_gradients *g = random_gradients(a, 3, 1), *h = random_gradients(b, 3, 1);
        rnl_optimizer *o = an_optimizer(a, (rnl_optimizer_config){0});
        assert_true(rnl_optimizer_is_plain(o));
        assert_int_equal(rnl_optimizer_step(o, a, g, 0.3), RNL_OK);
        assert_int_equal(rnl_net_sgd_step(b, h, 0.3), RNL_OK);
        assert_memory_equal(a->values, b->values, rnl_net_bytes(a));
        rnl_optimizer_free(&o);
        rnl_gradients_free(&g);
        rnl_gradients_free(&h);
        rnl_net_free(&a);
        rnl_net_free(&b);
    }
}

/* ---- the same bits for any number of threads --------------------------------------------------------- */

typedef struct steps {
    rnl_optimizer *o;
    rnl_net *net;
    rnl_gradients *g[2];
} steps;

static void walk(void *arg)
{
    steps *s = arg;
    for (uint64_t t = 1; t <= 6; t++) {
        rnl_optimizer_walk(s->o, s->net->values, s->g[t % 2]->values, 0.01, t);
        rnl_team_barrier();
    }
}

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    for (size_t k = 0; k < RULES; k++)
        for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
            rnl_net *alone = NULL;
            for (size_t team = 1; team <= 4; team++) {
                rnl_net *net = a_net((rnl_dtype)dtype);
                steps s = {.net = net};
                s.o = an_optimizer(
                    net, (rnl_optimizer_config){
                             .rule = all_rules[k], .l2 = 0.01, .weight_decay = 0.02, .clip = 1.5});
                s.g[0] = random_gradients(net, 1, 1);
                s.g[1] = random_gradients(net, 2, 0.001);
                assert_int_equal(rnl_team_run(team, walk, &s), RNL_OK);
                if (team == 1)
                    assert_int_equal(rnl_net_copy(&alone, net), RNL_OK);
                assert_memory_equal(alone->values, net->values, rnl_net_bytes(net));
                rnl_optimizer_free(&s.o);
                rnl_gradients_free(&s.g[0]);
                rnl_gradients_free(&s.g[1]);
                rnl_net_free(&net);
            }
            rnl_net_free(&alone);
        }
}

/* ---- what the numbers do -------------------------------------------------------------------------------- */

/* Between blocks lies padding; it is 0 and stays so, whatever the rule divides by. */
static void padding_stays_zero(void **state)
{
    (void)state;
    for (size_t k = 0; k < RULES; k++) {
        rnl_net *net = a_net(RNL_F32);
        rnl_gradients *g = random_gradients(net, 4, 1);
        rnl_optimizer *o =
            an_optimizer(net, (rnl_optimizer_config){.rule = all_rules[k], .l2 = 0.1, .clip = 1});
        for (int i = 0; i < 3; i++)
            assert_int_equal(rnl_optimizer_step(o, net, g, 0.1), RNL_OK);
        double inside = 0, everywhere = 0;
        for (size_t p = 0; p < rnl_net_parameter_count(net); p++) {
            const rnl_matrix block = rnl_net_parameter(net, p).value;
            for (size_t i = 0; i < block.rows * block.cols; i++)
                inside += fabs(rnl_matrix_get(&block, i / block.cols, i % block.cols));
        }
        for (size_t i = 0; i < net->arena_size; i++)
            everywhere += fabs((double)((float *)net->values)[i]);
        assert_true(isfinite(everywhere) && fabs(inside - everywhere) < 1e-9 * everywhere);
        rnl_optimizer_free(&o);
        rnl_gradients_free(&g);
        rnl_net_free(&net);
    }
}

static double moved(const rnl_net *net, const rnl_net *before)
{
    double sum = 0;
    for (size_t i = 0; i < net->arena_size; i++) {
        const double d = ((double *)net->values)[i] - ((double *)before->values)[i];
        sum += d * d;
    }
    return sqrt(sum);
}

static void clips_the_norm_of_all_gradients(void **state)
{
    (void)state;
    rnl_net *net = a_net(RNL_F64), *before = NULL;
    rnl_gradients *large = random_gradients(net, 5, 1), *small = random_gradients(net, 5, 1e-4);
    rnl_optimizer *o = an_optimizer(net, (rnl_optimizer_config){.clip = 0.5});
    assert_false(rnl_optimizer_is_plain(o));
    assert_int_equal(rnl_net_copy(&before, net), RNL_OK);
    assert_int_equal(rnl_optimizer_step(o, net, large, 1), RNL_OK);
    assert_true(fabs(moved(net, before) - 0.5) < 1e-6);
    memcpy(net->values, before->values, rnl_net_bytes(net));
    assert_int_equal(rnl_optimizer_step(o, net, small, 1), RNL_OK);
    const double norm = moved(net, before);
    assert_true(norm > 0.004 && norm < 0.01); /* about 1e-4 times the root of 4800, unclipped */
    rnl_optimizer_free(&o);
    rnl_gradients_free(&large);
    rnl_gradients_free(&small);
    rnl_net_free(&before);
    rnl_net_free(&net);
}

/* A memory of gradients that are gone ends as 0, not among the numbers that are slow to compute with. */
static void forgets_in_the_end(void **state)
{
    (void)state;
    for (size_t k = 1; k < RULES; k++) {
        rnl_net *net = a_net(RNL_F32);
        rnl_gradients *g = random_gradients(net, 6, 1);
        char rule[32];
        snprintf(rule, sizeof rule, "%s%s", all_rules[k],
                 strncmp(all_rules[k], "adam", 4) == 0  ? " 0.9 0.9"
                 : strcmp(all_rules[k], "rmsprop") == 0 ? " 0.9"
                                                        : "");
        rnl_optimizer *o = an_optimizer(net, (rnl_optimizer_config){.rule = rule});
        assert_int_equal(rnl_optimizer_step(o, net, g, 0.1), RNL_OK);
        memset(g->values, 0, net->arena_size * sizeof(float));
        for (int i = 0; i < 2000; i++)
            assert_int_equal(rnl_optimizer_step(o, net, g, 0.1), RNL_OK);
        for (size_t i = 0; i < o->state_bytes / sizeof(float); i++)
            assert_int_not_equal(fpclassify(((float *)o->state)[i]), FP_SUBNORMAL);
        rnl_optimizer_free(&o);
        rnl_gradients_free(&g);
        rnl_net_free(&net);
    }
}

/* With an epsilon below them, gradients of any size make steps of one size: that of the learning rate, but for
 * adagrad, whose steps become shorter. */
static void small_gradients_make_whole_steps(void **state)
{
    (void)state;
    enum { STEPS = 200 };
    static const char *const rules[] = {"adam 0.9 0.999 1e-18", "rmsprop 0.9 1e-18",
                                        "adagrad 1e-18"};
    for (size_t k = 0; k < 3; k++)
        for (double size = 1e-8; size > 1e-16; size /= 10) {
            rnl_net *net = a_net(RNL_F32), *fine = a_net(RNL_F64);
            rnl_gradients *g = random_gradients(net, 6, 0), *h = random_gradients(fine, 6, 0);
            rnl_matrix block = rnl_gradients_block(g, 0), other = rnl_gradients_block(h, 0);
            rnl_matrix_set(&block, 0, 0, size);
            rnl_matrix_set(&other, 0, 0, size);
            rnl_matrix w = rnl_net_parameter(net, 0).value, v = rnl_net_parameter(fine, 0).value;
            rnl_matrix_set(&w, 0, 0, 0);
            rnl_matrix_set(&v, 0, 0, 0);
            rnl_optimizer *o = an_optimizer(net, (rnl_optimizer_config){.rule = rules[k]}),
                          *p = an_optimizer(fine, (rnl_optimizer_config){.rule = rules[k]});
            for (int i = 0; i < STEPS; i++) {
                assert_int_equal(rnl_optimizer_step(o, net, g, 0.001), RNL_OK);
                assert_int_equal(rnl_optimizer_step(p, fine, h, 0.001), RNL_OK);
            }
            const double got = rnl_matrix_get(&w, 0, 0), expected = rnl_matrix_get(&v, 0, 0);
            if (!(fabs(got - expected) < 1e-3 * fabs(expected)))
                fail_msg("%s, gradients of %g: %g, expected %g", rules[k], size, got, expected);
            rnl_optimizer_free(&o);
            rnl_optimizer_free(&p);
            rnl_gradients_free(&g);
            rnl_gradients_free(&h);
            rnl_net_free(&net);
            rnl_net_free(&fine);
        }
}

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    rnl_net *net = a_net(RNL_F32);
    const rnl_optimizer_config config = {.rule = "adam", .clip = 1};
    rnl_optimizer *o;
    long nth = 1;
    for (;; nth++) {
        rnl_alloc_fail_after(nth);
        const rnl_status status = rnl_optimizer_new(&o, net, &config);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK)
            break;
        assert_int_equal(status, RNL_ERR_MEMORY);
        assert_null(o);
    }
    assert_true(nth > 4);
    rnl_optimizer_free(&o);
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_itself_in_full),
        cmocka_unit_test(refuses_nonsense),
        cmocka_unit_test(plain_descent_is_the_plain_step),
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(padding_stays_zero),
        cmocka_unit_test(clips_the_norm_of_all_gradients),
        cmocka_unit_test(forgets_in_the_end),
        cmocka_unit_test(small_gradients_make_whole_steps),
        cmocka_unit_test(failing_allocations_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

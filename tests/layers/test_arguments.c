/* test_arguments.c - the numbers behind the names of layers and losses: defaults, ranges, what is refused */
#include "nets.h"

#include "base/memory.h"
#include "layers/layer.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static rnl_status make(const char *description, rnl_net **net)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = 3;
    config.outputs = 0;
    return rnl_net_new(net, description, &config);
}

/* What is left out stands in the description; the description makes the same network again. */
static void test_descriptions(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"affine 50, relu, affine 10", "affine 50, relu, affine 10, softmax"},
        {"tanh, gelu, silu, softplus", "tanh, gelu, silu, softplus, softmax"},
        {"leaky_relu, leaky_relu 0.2", "leaky_relu 0.01, leaky_relu 0.2, softmax"},
        {"elu, elu 0.5, mse", "elu 1, elu 0.5, mse"},
        {"dropout 0.25, logistic", "dropout 0.25, logistic"},
        {"batchnorm", "batchnorm 0.1 1e-5, softmax"},
        {"batchnorm 0.5", "batchnorm 0.5 1e-5, softmax"},
        {"batchnorm 1 1e-3", "batchnorm 1 0.001, softmax"},
        {"layernorm, huber", "layernorm 1e-5, huber 1"},
        {"layernorm 1e-6, huber 2.5", "layernorm 1e-6, huber 2.5"},
        {"relu, softmax 0", "relu, softmax"},
        {"relu, softmax 0.10", "relu, softmax 0.1"},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        rnl_net *net, *again;
        must(make(texts[i][0], &net));
        assert_string_equal(rnl_net_description(net), texts[i][1]);
        must(make(rnl_net_description(net), &again));
        assert_string_equal(rnl_net_description(again), texts[i][1]);
        rnl_net_free(&net);
        rnl_net_free(&again);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"dropout", "dropout: the share to drop is missing (write \"dropout 0.5\")"},
        {"dropout 1", "the share of dropout is a number from 0 to below 1, not \"1\""},
        {"dropout -0.1", "the share of dropout is a number from 0 to below 1, not \"-0.1\""},
        {"dropout 0.5 2", "dropout takes one number, but \"2\" follows"},
        {"leaky_relu 1.1", "the slope of leaky_relu is a number from 0 to 1, not \"1.1\""},
        {"elu -1", "the alpha of elu is a number from 0 to 100, not \"-1\""},
        {"batchnorm 1.5", "the momentum of batchnorm is a number from 1e-06 to 1, not \"1.5\""},
        {"batchnorm 0", "the momentum of batchnorm is a number from 1e-06 to 1, not \"0\""},
        {"batchnorm 0.1 0", "the eps of batchnorm is a number from 1e-12 to 1, not \"0\""},
        {"batchnorm 0.1 1e-5 3", "batchnorm takes at most two numbers, but \"3\" follows"},
        {"layernorm 0", "the eps of layernorm is a number from 1e-12 to 1, not \"0\""},
        {"tanh 1", "tanh takes no numbers, but \"1\" follows"},
        {"relu, softmax 1", "the smoothing of softmax is a number from 0 to below 1, not \"1\""},
        {"relu, huber 0", "the delta of huber is a number from 1e-06 to 1000000, not \"0\""},
        {"relu, mse 2", "mse takes no numbers, but \"2\" follows"},
        {"mse, relu", "item 1: \"mse\" is a loss, which only stands last"},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        rnl_net *net;
        assert_int_equal(make(texts[i][0], &net), RNL_ERR_USAGE);
        assert_null(net);
        if (!strstr(rnl_error_text(), texts[i][1]))
            fail_msg("\"%s\" does not say \"%s\"", rnl_error_text(), texts[i][1]);
    }
}

/* Every layer can be made with its name and the middle of each range. */
static void test_every_range(void **state)
{
    (void)state;
    for (size_t i = 0; rnl_layer_type_at(i); i++) {
        const rnl_layer_type *type = rnl_layer_type_at(i);
        if (type->has_width)
            continue;
        rnl_text text = {0};
        rnl_text_add(&text, "%s", type->name);
        for (size_t k = 0; k < type->max_args; k++) {
            assert_true(type->arg[k].otherwise >= type->arg[k].min);
            assert_true(type->arg[k].otherwise <= type->arg[k].max);
            rnl_text_add_number(&text, (type->arg[k].min + type->arg[k].max) / 2);
        }
        rnl_net *net;
        must(make(text.at, &net));
        assert_memory_equal(rnl_net_description(net), text.at, text.length);
        rnl_net_free(&net);
        rnl_free(text.at);
    }
}

/* Names and keys are each other's and nobody else's, and in order. */
static void test_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"W1", "0.weight"},     {"b1", "0.bias"},    {"gamma1", "1.weight"}, {"beta1", "1.bias"},
        {"W2", "3.weight"},     {"b2", "3.bias"},    {"gamma2", "4.weight"}, {"beta2", "4.bias"},
        {"gamma3", "5.weight"}, {"beta3", "5.bias"},
    };
    static const char *const states[][2] = {
        {"running_mean1", "1.running_mean"},
        {"running_var1", "1.running_var"},
        {"running_mean2", "5.running_mean"},
        {"running_var2", "5.running_var"},
    };
    rnl_net *net;
    must(make("affine 4, batchnorm, relu, affine 5, layernorm, batchnorm", &net));
    assert_int_equal(rnl_net_parameter_count(net), COUNT(names));
    assert_int_equal(rnl_net_state_count(net), COUNT(states));
    assert_int_equal(rnl_net_size(net), 3 * 4 + 4 + 2 * 4 + 4 * 5 + 5 + 4 * 5);
    for (size_t k = 0; k < COUNT(names); k++) {
        assert_string_equal(rnl_net_parameter(net, k).name, names[k][0]);
        assert_string_equal(rnl_net_parameter(net, k).key, names[k][1]);
    }
    for (size_t k = 0; k < COUNT(states); k++) {
        assert_string_equal(rnl_net_state(net, k).name, states[k][0]);
        assert_string_equal(rnl_net_state(net, k).key, states[k][1]);
    }
    rnl_net_free(&net);
}

static void test_from_c(void **state)
{
    (void)state;
    static const rnl_layer_spec layers[] = {{"affine", 5},      {"batchnorm 0.2", 0}, {"relu", 0},
                                            {"dropout 0.5", 0}, {"affine", 2},        {"mse", 0}};
    rnl_net_config config = rnl_net_config_default();
    config.inputs = 3;
    config.outputs = 2;
    rnl_net *net;
    must(rnl_net_from_layers(&net, layers, COUNT(layers), &config));
    assert_string_equal(rnl_net_description(net),
                        "affine 5, batchnorm 0.2 1e-5, relu, dropout 0.5, affine 2, mse");
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptions), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_every_range),  cmocka_unit_test(test_names),
        cmocka_unit_test(test_from_c),
    };
    return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}

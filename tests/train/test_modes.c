/* test_modes.c - training with layers and losses that are not the plain ones: the same bits on any number
 * of threads, and running statistics that fit the data */
#include "sets.h"

#include "train/train.h"

static rnl_net *net_of(const char *description, rnl_dtype dtype, const char *backend)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = 0;
    config.dtype = dtype;
    config.backend = backend;
    config.init = "auto";
    rnl_net *net;
    assert_ok(rnl_net_new(&net, description, &config));
    return net;
}

static rnl_train_config small_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 53; /* tiles of unequal size */
    c.iterations = 30;
    c.threads = 1;
    c.eval_every = 20;
    c.seed = 5;
    return c;
}

static const char *const nets[] = {
    "affine 30, batchnorm, relu, dropout 0.3, affine 20, layernorm, gelu, affine 4, softmax 0.1",
    "dropout 0.2, affine 33, batchnorm, silu, batchnorm, affine 4, logistic",
    "batchnorm, affine 70, tanh, affine 4, elu, batchnorm, leaky_relu, softplus, affine 4",
};

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof nets / sizeof nets[0]; k++)
        for (size_t b = 0; rnl_backend_name(b); b++)
            for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
                rnl_train_config c = small_config();
                rnl_net *one = net_of(nets[k], (rnl_dtype)dtype, rnl_backend_name(b));
                rnl_net *untrained = net_of(nets[k], (rnl_dtype)dtype, rnl_backend_name(b));
                assert_ok(rnl_train(one, train_set, NULL, &c, NULL));
                assert_false(same_parameters(one, untrained));
                for (size_t s = 0; s < rnl_net_state_count(one); s++)
                    assert_memory_not_equal(rnl_net_state(one, s).value.data,
                                            rnl_net_state(untrained, s).value.data, 16);
                for (c.threads = 2; c.threads <= 4; c.threads++) {
                    rnl_net *net = net_of(nets[k], (rnl_dtype)dtype, rnl_backend_name(b));
                    assert_ok(rnl_train(net, train_set, NULL, &c, NULL));
                    assert_int_equal(rnl_net_bytes(net), rnl_net_bytes(one));
                    assert_memory_equal(net->values, one->values, rnl_net_bytes(one));
                    rnl_net_free(&net);
                }
                rnl_net_free(&untrained);
                rnl_net_free(&one);
            }
}

/* A batchnorm in front sees the data as they are: its running means become theirs. */
static void running_statistics_fit_the_data(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.iterations = 400;
    c.eval_every = 400;
    rnl_net *net = net_of("batchnorm 0.02, affine 4", RNL_F32, NULL);
    assert_ok(rnl_train(net, train_set, NULL, &c, NULL));
    const rnl_matrix mean = rnl_net_state(net, 0).value, var = rnl_net_state(net, 1).value;
    for (size_t j = 0; j < BLOB_FEATURES; j++) {
        double m = 0, v = 0;
        for (size_t i = 0; i < N; i++)
            m += (double)train_set->floats[i * BLOB_FEATURES + j] / N;
        for (size_t i = 0; i < N; i++)
            v += pow((double)train_set->floats[i * BLOB_FEATURES + j] - m, 2) / N;
        /* a running mean over about 50 batches of 53 samples */
        assert_true(fabs(rnl_matrix_get(&mean, 0, j) - m) < 0.1 * sqrt(v));
        assert_true(fabs(rnl_matrix_get(&var, 0, j) / v - 1) < 0.15);
    }
    rnl_net_free(&net);
}

/* Two classes with one output, and batches that a batchnorm learns nothing from. */
static void what_is_refused(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    rnl_net *net = net_of("batchnorm, affine 4", RNL_F32, NULL);
    c.batch = 1;
    assert_error(rnl_train(net, train_set, NULL, &c, NULL), RNL_ERR_USAGE,
                 "batchnorm learns nothing from batches of one sample");
    rnl_net_free(&net);
    c.batch = 53;
    net = net_of("affine 4, mse", RNL_F32, NULL);
    assert_error(rnl_train(net, train_set, NULL, &c, NULL), RNL_ERR_USAGE, "answers with numbers");
    rnl_net_free(&net);
    net = net_of("affine 1, logistic", RNL_F32, NULL);
    assert_error(rnl_train(net, train_set, NULL, &c, NULL), RNL_ERR_SHAPE, "4 classes");
    train_set->info.class_count = 2;
    train_set->info.one_hot = true;
    assert_error(rnl_train(net, train_set, NULL, &c, NULL), RNL_ERR_SHAPE, "one-hot");
    train_set->info.class_count = BLOB_CLASSES;
    train_set->info.one_hot = false;
    rnl_net_free(&net);
}

/* One output tells two clouds apart, and the score says how well. */
static void one_output_tells_two_classes(void **state)
{
    (void)state;
    enum { HALF = 100 };
    float x[2 * HALF];
    int32_t classes[2 * HALF];
    rnl_random r = rnl_random_new(4, 1002);
    for (size_t i = 0; i < 2 * HALF; i++) {
        classes[i] = (int32_t)(i % 2);
        x[i] = (float)(rnl_random_normal(&r) + (classes[i] ? 2 : -2));
    }
    rnl_dataset *two;
    assert_ok(rnl_dataset_from_floats(&two, x, 2 * HALF, 1, classes, 2, false));
    rnl_net_config config = rnl_net_config_default();
    config.inputs = 1;
    config.outputs = 0;
    rnl_net *net;
    rnl_train_config c = small_config();
    c.iterations = 300;
    c.lr = 0.5;
    rnl_score score;
    uint64_t confusion[4];
    assert_ok(rnl_net_new(&net, "affine 1, logistic", &config));
    assert_int_equal(rnl_net_class_count(net), 2);
    assert_ok(rnl_train(net, two, NULL, &c, NULL));
    assert_ok(rnl_evaluate(net, two, 1, &score, confusion));
    assert_true(score.accuracy > 0.93 && score.accuracy < 1);
    assert_true(confusion[0] > 90 && confusion[3] > 90);
    assert_int_equal(confusion[0] + confusion[1] + confusion[2] + confusion[3], 2 * HALF);
    rnl_net_free(&net);
    rnl_dataset_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(running_statistics_fit_the_data),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(one_output_tells_two_classes),
    };
    return cmocka_run_group_tests_name("modes", tests, make_sets, free_sets);
}

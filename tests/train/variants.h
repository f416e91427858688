/* variants.h - a small run, and every way in which an update of it can be made */
#ifndef RNL_TESTS_TRAIN_VARIANTS_H
#define RNL_TESTS_TRAIN_VARIANTS_H

#include "sets.h"

enum { BATCH = 50, ITERATIONS = 30 };

static inline rnl_train_config small_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = BATCH;
    c.iterations = ITERATIONS;
    c.threads = 1;
    c.seed = 5;
    c.sampling = RNL_SHUFFLED_EPOCHS;
    return c;
}

static inline rnl_net *trained(const rnl_train_config *c, rnl_dtype dtype)
{
    rnl_net *net = blob_net(dtype, NULL);
    assert_ok(rnl_train(net, train_set, NULL, c, NULL));
    return net;
}

static const double uneven[BLOB_CLASSES] = {0.2, 1, 3, 0};

static const rnl_train_config variants[] = {
    {.optimizer = "sgd", .schedule = "cosine"},
    {.optimizer = "sgd", .l2 = 0.01},
    {.optimizer = "sgd", .clip = 0.3},
    {.optimizer = "sgd", .ema = 0.9},
    {.optimizer = "sgd", .class_weights = uneven},
    {.optimizer = "momentum 0.8", .schedule = "warmup 5, linear", .l2 = 0.001},
    {.optimizer = "nesterov", .schedule = "onecycle", .weight_decay = 0.1},
    {.optimizer = "adagrad", .clip = 1, .ema = 0.5},
    {.optimizer = "rmsprop", .schedule = "step 0.5 10"},
    {.optimizer = "adam", .schedule = "exponential 0.5 10", .clip = 0.5, .l2 = 0.01, .ema = 0.99},
    {.optimizer = "adamw", .weight_decay = NAN, .class_weights = uneven, .ema = 0.9},
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

static inline rnl_train_config variant(size_t k)
{
    rnl_train_config c = variants[k];
    const rnl_train_config small = small_config();
    c.batch = small.batch;
    c.iterations = small.iterations;
    c.threads = small.threads;
    c.seed = small.seed;
    c.sampling = small.sampling;
    const bool large =
        strcmp(c.optimizer, "sgd") == 0 || c.optimizer[0] == 'm' || c.optimizer[0] == 'n';
    c.lr = large ? 0.1 : 0.01;
    return c;
}

static inline void assert_close_parameters(const rnl_net *a, const rnl_net *b, double tolerance)
{
    for (size_t k = 0; k < a->arena_size; k++) {
        const double x = ((double *)a->values)[k], y = ((double *)b->values)[k];
        if (!(fabs(x - y) <= tolerance))
            fail_msg("parameter %zu: %.17g and %.17g", k, x, y);
    }
}

#endif

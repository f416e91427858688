/* test_small_stack.c - training and evaluating within the stack that runnel.h names */
#include "runnel.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* Wide enough for every way in which a product is cut. */
enum { STACK = 256 * 1024, FEATURES = 600, ROWS = 600, CLASSES = 300 };

typedef struct errand {
    rnl_net *net;
    const rnl_dataset *set;
    rnl_status trained, evaluated;
} errand;

static void *run(void *arg)
{
    errand *e = arg;
    rnl_train_config config = rnl_train_config_default();
    rnl_score score;
    config.iterations = 2;
    config.batch = ROWS;
    config.threads = 1;
    config.lr = 1e-3;
    e->trained = rnl_train(e->net, e->set, NULL, &config, NULL);
    e->evaluated = rnl_evaluate(e->net, e->set, 1, &score, NULL);
    return NULL;
}

static void on_a_small_stack(const rnl_dataset *set, rnl_dtype dtype, const char *backend)
{
    rnl_net_config of_net = rnl_net_config_default();
    of_net.inputs = rnl_dataset_describe(set).features;
    of_net.outputs = rnl_dataset_describe(set).class_count;
    of_net.dtype = dtype;
    of_net.backend = backend;
    errand e = {.set = set};
    pthread_attr_t small;
    pthread_t thread;
    assert_int_equal(
        rnl_net_new(&e.net, "affine 600, layernorm, relu, affine 500, sigmoid, affine", &of_net),
        RNL_OK);
    assert_int_equal(pthread_attr_init(&small), 0);
    assert_int_equal(pthread_attr_setstacksize(&small, STACK), 0);
    assert_int_equal(pthread_create(&thread, &small, run, &e), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&small);
    assert_int_equal(e.trained, RNL_OK);
    assert_int_equal(e.evaluated, RNL_OK);
    rnl_net_free(&e.net);
}

/* Numbers, and bytes that are mostly zero. */
static void a_stack_of_256_kib_is_enough(void **state)
{
    (void)state;
    float *x = calloc((size_t)ROWS * FEATURES, sizeof *x);
    int32_t *classes = calloc(ROWS, sizeof *classes);
    assert_true(x && classes);
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)(i % CLASSES);
        x[i * FEATURES + i] = 1;
    }
    rnl_dataset *sets[2];
    assert_int_equal(rnl_dataset_from_floats(&sets[0], x, ROWS, FEATURES, classes, CLASSES, false),
                     RNL_OK);
    assert_int_equal(rnl_dataset_strokes(&sets[1], ROWS, 1, NULL), RNL_OK);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; rnl_backend_name(i); i++)
            for (rnl_dtype dtype = RNL_F32; dtype <= RNL_F64; dtype++)
                on_a_small_stack(sets[k], dtype, rnl_backend_name(i));
        rnl_dataset_free(&sets[k]);
    }
    free(classes);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_stack_of_256_kib_is_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

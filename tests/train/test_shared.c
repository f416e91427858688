/* test_shared.c - several trainings at once on one data set, while others evaluate and predict with one network: each
 * gives what it gives alone. (Under ThreadSanitizer: scripts/test race.) */
#include "runnel.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { RUNS = 3, N = 200, FEATURES = 784, CLASSES = 10, ROWS = 5 };

typedef struct run {
    const rnl_net *shared;
    const rnl_dataset *set, *validation;
    uint64_t seed;
    rnl_status status;
    uint8_t *model;
    size_t size;
    rnl_score score;
    float answers[ROWS * CLASSES];
} run;

static rnl_status answer(run *r)
{
    rnl_workspace *ws = NULL;
    static const float x[ROWS * FEATURES] = {1, 0, 0.5f};
    rnl_status status = rnl_workspace_new(&ws, r->shared, ROWS);
    if (status == RNL_OK)
        status = rnl_net_predict(r->shared, ws, rnl_matrix_f32(x, ROWS, FEATURES),
                                 rnl_matrix_f32(r->answers, ROWS, CLASSES));
    rnl_workspace_free(&ws);
    return status ? status : rnl_evaluate(r->shared, r->set, 2, &r->score, NULL);
}

static void *train(void *arg)
{
    run *r = arg;
    rnl_net *net = NULL;
    rnl_train_config config = rnl_train_config_default();
    config.iterations = 12;
    config.eval_every = 4;
    config.batch = 20;
    config.threads = 2;
    config.seed = r->seed;
    config.validation = r->validation;
    config.keep_best = true;
    config.augment = "shift 1, noise 0.01";
    r->status = rnl_net_copy(&net, r->shared);
    r->status = r->status ? r->status : rnl_train(net, r->set, NULL, &config, NULL);
    r->status = r->status ? r->status : answer(r);
    r->status = r->status ? r->status : rnl_net_encode(net, &r->model, &r->size);
    rnl_net_free(&net);
    return NULL;
}

static void at_once_as_alone(const rnl_dataset *set)
{
    run alone[RUNS], together[RUNS];
    pthread_t thread[RUNS];
    rnl_net *shared;
    rnl_dataset *rest, *validation;
    rnl_net_config of_net = rnl_net_config_default();
    assert_int_equal(
        rnl_net_new(&shared, "affine 8, batchnorm, relu, dropout 0.1, affine", &of_net), RNL_OK);
    assert_int_equal(rnl_dataset_split(set, 0.2, 1, &rest, &validation), RNL_OK);
    for (size_t i = 0; i < RUNS; i++) {
        /* the whole set, and a part that shares its samples */
        alone[i] =
            (run){.shared = shared, .set = i ? rest : set, .validation = validation, .seed = i};
        together[i] = alone[i];
        train(&alone[i]);
        assert_int_equal(alone[i].status, RNL_OK);
    }
    for (size_t i = 0; i < RUNS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, train, &together[i]), 0);
    for (size_t i = 0; i < RUNS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    for (size_t i = 0; i < RUNS; i++) {
        assert_int_equal(together[i].status, RNL_OK);
        assert_int_equal(together[i].size, alone[i].size);
        assert_memory_equal(together[i].model, alone[i].model, alone[i].size);
        assert_memory_equal(together[i].answers, alone[i].answers, sizeof alone[i].answers);
        assert_true(together[i].score.loss == alone[i].score.loss);
        rnl_encoded_free(&together[i].model);
        rnl_encoded_free(&alone[i].model);
    }
    rnl_dataset_free(&rest);
    rnl_dataset_free(&validation);
    rnl_net_free(&shared);
}

static void of_bytes(void **state)
{
    (void)state;
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_strokes(&set, N, 1, NULL), RNL_OK);
    at_once_as_alone(set);
    rnl_dataset_free(&set);
}

static const char *fill(void *user, size_t sample, float *row)
{
    (void)user;
    for (size_t j = 0; j < FEATURES; j++)
        row[j] = (float)((sample * 31 + j * 7) % 17) / 17;
    return NULL;
}

static void of_a_callback(void **state)
{
    (void)state;
    int32_t classes[N];
    rnl_dataset *set;
    for (int32_t i = 0; i < N; i++)
        classes[i] = i % CLASSES;
    assert_int_equal(
        rnl_dataset_from_callback(&set, fill, NULL, N, FEATURES, classes, CLASSES, false), RNL_OK);
    assert_int_equal(rnl_dataset_set_shape(set, 1, 28, 28), RNL_OK);
    at_once_as_alone(set);
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_bytes),
        cmocka_unit_test(of_a_callback),
    };
    return cmocka_run_group_tests_name("shared", tests, NULL, NULL);
}

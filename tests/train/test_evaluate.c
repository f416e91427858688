/* test_evaluate.c - loss, accuracy and confusion over a whole set, against a count by hand */
#include "blobs.h"

#include "train/train.h"

/* More samples than a chunk holds, and a rest. */
enum { N = 2345 };

static rnl_net *some_net(rnl_dtype dtype, const rnl_dataset *set)
{
    rnl_net *net = blob_net(dtype, NULL);
    rnl_train_config c = rnl_train_config_default();
    c.iterations = 60;
    c.eval_every = 60;
    c.threads = 1;
    assert_ok(rnl_train(net, set, NULL, &c, NULL));
    return net;
}

static void agrees_with_a_count_by_hand(void **state)
{
    (void)state;
    rnl_dataset *set = blobs(N, 4);
    rnl_net *net = some_net(RNL_F64, set);
    uint64_t expected[BLOB_CLASSES][BLOB_CLASSES] = {{0}};
    double loss = 0, right = 0;
    for (size_t i = 0; i < N; i++) {
        double x[BLOB_FEATURES], y[BLOB_CLASSES], sum = 0;
        rnl_workspace *ws;
        assert_ok(rnl_workspace_new(&ws, net, 1));
        const rnl_matrix m = rnl_matrix_f64(x, 1, BLOB_FEATURES);
        assert_ok(rnl_dataset_gather(set, NULL, i, m));
        assert_ok(rnl_net_predict(net, ws, m, rnl_matrix_f64(y, 1, BLOB_CLASSES)));
        rnl_workspace_free(&ws);
        size_t best = 0;
        for (size_t k = 0; k < BLOB_CLASSES; k++) {
            sum += exp(y[k]);
            best = y[k] > y[best] ? k : best;
        }
        const size_t truth = (size_t)set->classes[i];
        loss += log(sum) - y[truth];
        right += best == truth;
        expected[truth][best]++;
    }
    for (int threads = 1; threads <= 4; threads++) {
        rnl_score score = {0};
        uint64_t confusion[BLOB_CLASSES][BLOB_CLASSES];
        memset(confusion, 0xee, sizeof confusion);
        assert_ok(rnl_evaluate(net, set, threads, &score, &confusion[0][0]));
        assert_int_equal(score.n, N);
        assert_true(fabs(score.loss - loss / N) < 1e-12);
        assert_true(score.accuracy == right / N);
        assert_memory_equal(confusion, expected, sizeof expected);
        assert_ok(rnl_evaluate(net, set, threads, &score, NULL));
        assert_true(score.accuracy == right / N);
    }
    assert_true(right / N > 0.5 && right / N < 1); /* so that there was something to confuse */
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    rnl_dataset *set = blobs(N, 4);
    rnl_net *net = some_net(RNL_F32, set);
    rnl_score alone, together;
    assert_ok(rnl_evaluate(net, set, 1, &alone, NULL));
    for (int threads = 2; threads <= 4; threads++) {
        assert_ok(rnl_evaluate(net, set, threads, &together, NULL));
        assert_memory_equal(&alone, &together, sizeof alone);
    }
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* The matrix has the network's classes, and a sample that is taken for one that the set does not have counts too. */
static void counts_answers_that_the_set_does_not_have(void **state)
{
    (void)state;
    enum { SOME = 300, HERE = 2, CELLS = BLOB_CLASSES * BLOB_CLASSES };
    static float x[SOME * BLOB_FEATURES];
    int32_t classes[SOME];
    uint64_t support[BLOB_CLASSES] = {0};
    rnl_dataset *all = blobs(SOME, 4), *few;
    rnl_net *net = some_net(RNL_F32, all);
    assert_ok(rnl_dataset_gather(all, NULL, 0, rnl_matrix_f32(x, SOME, BLOB_FEATURES)));
    for (size_t i = 0; i < SOME; i++) {
        classes[i] = all->classes[i] % HERE; /* so that many answers are 2 or 3 */
        support[classes[i]]++;
    }
    assert_ok(rnl_dataset_from_floats(&few, x, SOME, BLOB_FEATURES, classes, HERE, true));
    assert_int_equal(rnl_net_class_count(net), BLOB_CLASSES);
    rnl_score score;
    uint64_t confusion[CELLS + 1], expected[CELLS], beyond = 0;
    confusion[CELLS] = 77;
    assert_ok(rnl_evaluate(net, few, 2, &score, confusion));
    assert_int_equal(confusion[CELLS], 77);
    rnl_class_score s[BLOB_CLASSES];
    rnl_class_scores(confusion, BLOB_CLASSES, s);
    for (size_t k = 0; k < BLOB_CLASSES; k++) {
        assert_int_equal(s[k].support, support[k]);
        beyond += k >= HERE ? s[k].answered : 0;
    }
    assert_true(beyond > SOME / 4);
    assert_true(score.accuracy == (double)(s[0].right + s[1].right) / SOME);
    /* the same counts as where the set says that it has as many classes */
    rnl_dataset_free(&few);
    assert_ok(rnl_dataset_from_floats(&few, x, SOME, BLOB_FEATURES, classes, BLOB_CLASSES, true));
    assert_ok(rnl_evaluate(net, few, 2, &score, expected));
    assert_memory_equal(confusion, expected, sizeof expected);
    rnl_net_free(&net);
    rnl_dataset_free(&few);
    rnl_dataset_free(&all);
}

/* An answer that is no number counts as wrong and stands in no cell. */
static void a_broken_network_is_wrong_everywhere(void **state)
{
    (void)state;
    rnl_dataset *set = blobs(100, 4);
    rnl_net *net = blob_net(RNL_F32, NULL);
    const rnl_matrix b = rnl_net_parameter(net, rnl_net_parameter_count(net) - 1).value;
    ((float *)b.data)[1] = NAN;
    rnl_score score;
    uint64_t confusion[BLOB_CLASSES * BLOB_CLASSES];
    assert_ok(rnl_evaluate(net, set, 2, &score, confusion));
    assert_true(score.accuracy == 0 && isnan(score.loss));
    for (size_t k = 0; k < BLOB_CLASSES * BLOB_CLASSES; k++)
        assert_int_equal(confusion[k], 0);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void without_a_test_set_there_is_no_test_accuracy(void **state)
{
    (void)state;
    rnl_dataset *set = blobs(203, 1);
    rnl_net *net = blob_net(RNL_F32, NULL), *other = blob_net(RNL_F32, NULL);
    rnl_train_config c = rnl_train_config_default();
    c.iterations = 20;
    c.threads = 1;
    rnl_history *without, *with;
    assert_ok(rnl_train(net, set, NULL, &c, &without));
    assert_ok(rnl_train(other, set, set, &c, &with));
    assert_same_parameters(net, other);
    assert_int_equal(rnl_history_evaluation_count(without), rnl_history_evaluation_count(with));
    for (size_t i = 0; i < rnl_history_evaluation_count(with); i++) {
        const rnl_evaluation a = rnl_history_evaluation(without, i),
                             b = rnl_history_evaluation(with, i);
        assert_true(isnan(a.test_accuracy));
        assert_true(b.test_accuracy == b.train_accuracy && a.train_accuracy == b.train_accuracy);
    }
    rnl_history_free(&without);
    rnl_history_free(&with);
    rnl_net_free(&net);
    rnl_net_free(&other);
    rnl_dataset_free(&set);
}

static void refuses_what_does_not_fit(void **state)
{
    (void)state;
    static float x[3 * 5];
    static const int32_t classes[3] = {0, 1, 0};
    rnl_dataset *set;
    rnl_net *net = blob_net(RNL_F32, NULL);
    rnl_score score = {.n = 77};
    assert_ok(rnl_dataset_from_floats(&set, x, 3, 5, classes, 2, false));
    assert_error(rnl_evaluate(net, set, 1, &score, NULL), RNL_ERR_SHAPE,
                 "the data set has 5 features a sample, but the network takes 37 inputs");
    assert_int_equal(score.n, 77);
    rnl_dataset_free(&set);
    rnl_net_free(&net);
}

static void failing_allocations_are_clean(void **state)
{
    (void)state;
    rnl_dataset *set = blobs(203, 1);
    rnl_net *net = blob_net(RNL_F32, NULL);
    rnl_score score;
    long nth = 1;
    for (;; nth++) {
        rnl_alloc_fail_after(nth);
        const rnl_status status = rnl_evaluate(net, set, 2, &score, NULL);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK)
            break;
        assert_error(status, RNL_ERR_MEMORY, "no memory for ");
    }
    assert_true(nth > 3);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_count_by_hand),
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(counts_answers_that_the_set_does_not_have),
        cmocka_unit_test(a_broken_network_is_wrong_everywhere),
        cmocka_unit_test(without_a_test_set_there_is_no_test_accuracy),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(failing_allocations_are_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

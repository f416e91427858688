/* test_trouble.c - training that diverges, is stopped, is asked nonsense, or finds no memory */
#include "sets.h"

static rnl_train_config small_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 50;
    c.iterations = 40;
    c.threads = 2;
    c.eval_every = 10;
    return c;
}

/* ---- divergence --------------------------------------------------------------------------------------- */

/* Without activations in between nothing bounds the parameters: they grow until they break. */
static rnl_net *linear_net(void)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = BLOB_CLASSES;
    config.weight_init_std = 0.1;
    rnl_net *net;
    assert_ok(rnl_net_new(&net, "affine 20, affine 20, affine", &config));
    return net;
}

/* The network after `iterations` updates of what otherwise is c. */
static rnl_net *after(rnl_net *net, rnl_train_config c, uint64_t iterations)
{
    c.iterations = iterations;
    if (iterations)
        assert_ok(rnl_train(net, train_set, test_set, &c, NULL));
    return net;
}

/* Returns the iteration whose parameters were kept. */
static uint64_t check_divergence(double lr, uint64_t eval_every)
{
    rnl_train_config c = small_config();
    c.lr = lr;
    c.eval_every = eval_every;
    rnl_net *net = linear_net();
    rnl_history *h;
    assert_error(rnl_train(net, train_set, test_set, &c, &h), RNL_ERR_DIVERGED,
                 "training diverged: the loss became ");
    assert_non_null(h);
    const size_t count = rnl_history_evaluation_count(h);
    assert_true(count >= 1);
    const uint64_t kept = rnl_history_evaluation(h, count - 1).iteration;
    char sentence[128];
    snprintf(sentence, sizeof sentence, "The parameters are those of iteration %llu",
             (unsigned long long)kept);
    assert_non_null(strstr(rnl_error_text(), sentence));
    snprintf(sentence, sizeof sentence, "at iteration %llu with learning rate",
             (unsigned long long)rnl_history_iterations(h));
    assert_non_null(strstr(rnl_error_text(), sentence));
    assert_non_null(strstr(rnl_error_text(), "try a learning rate of "));
    rnl_net *good = after(linear_net(), c, kept);
    assert_same_parameters(net, good);
    for (size_t k = 0; k < net->arena_size; k++)
        assert_true(isfinite(((float *)net->values)[k]));
    rnl_history_free(&h);
    rnl_net_free(&good);
    rnl_net_free(&net);
    return kept;
}

static void divergence_keeps_the_last_good_parameters(void **state)
{
    (void)state;
    assert_int_equal(check_divergence(1e30, 10), 0); /* breaks before the first evaluation */
    assert_true(check_divergence(1e30, 1) > 0);
    assert_true(check_divergence(30, 2) > 0); /* grows for a while */
}

/* Parameters that a last update breaks have shown no loss yet. */
static void a_last_update_that_breaks_is_seen(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.lr = 1e300;
    c.iterations = 1;
    rnl_net *net = blob_net(RNL_F32, NULL), *untouched = blob_net(RNL_F32, NULL);
    rnl_history *h;
    assert_error(rnl_train(net, train_set, NULL, &c, &h), RNL_ERR_DIVERGED, "at iteration 1 ");
    assert_same_parameters(net, untouched);
    assert_int_equal(rnl_history_iterations(h), 1);
    assert_int_equal(rnl_history_evaluation_count(h), 1);
    assert_true(isfinite(rnl_history_losses(h)[0]));
    rnl_history_free(&h);
    rnl_net_free(&untouched);
    rnl_net_free(&net);
}

/* No learning rate is to blame for what was there before the first update. */
static void a_network_that_is_broken_already_is_named(void **state)
{
    (void)state;
    const rnl_train_config c = small_config();
    rnl_net *net = blob_net(RNL_F32, NULL);
    rnl_history *h;
    ((float *)rnl_net_parameter(net, 2).value.data)[3] = NAN;
    assert_error(rnl_train(net, train_set, NULL, &c, &h), RNL_ERR_USAGE,
                 "the network, before the first update: W2[0, 3] is nan: a network with such "
                 "numbers is not trained");
    assert_null(h);
    assert_int_equal(rnl_net_note_count(net), 0);
    rnl_net_free(&net);
}

/* Where the data are to blame, they are named, and no learning rate is. */
static void samples_that_are_not_finite_are_named(void **state)
{
    (void)state;
    float x[8 * BLOB_FEATURES] = {0};
    const int32_t classes[8] = {0, 1, 2, 0, 1, 2, 0, 1};
    x[5 * BLOB_FEATURES + 1] = NAN;
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_floats(&set, x, 8, BLOB_FEATURES, classes, BLOB_CLASSES, false));
    rnl_train_config c = small_config();
    c.batch = 8;
    c.sampling = RNL_SHUFFLED_EPOCHS;
    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_error(rnl_train(net, set, NULL, &c, NULL), RNL_ERR_DIVERGED,
                 "feature 1 of sample 5 (both counted from 0) is NaN");
    assert_null(strstr(rnl_error_text(), "learning rate"));
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* The variance of one feature is beyond single precision. The loss never shows it: what learns is divided by it. */
static void broken_statistics_are_told(void **state)
{
    (void)state;
    enum { ROWS = 60 };
    float x[ROWS * BLOB_FEATURES] = {0};
    int32_t classes[ROWS];
    for (int i = 0; i < ROWS; i++) {
        x[i * BLOB_FEATURES] = (float)(1e19 * (i % 7));
        x[i * BLOB_FEATURES + 1] = (float)(i % 3);
        classes[i] = i % 3;
    }
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_floats(&set, x, ROWS, BLOB_FEATURES, classes, BLOB_CLASSES, false));
    rnl_train_config c = small_config();
    c.batch = ROWS;
    rnl_net *net = blob_net_of("batchnorm, affine", RNL_F32, NULL);
    assert_error(rnl_train(net, set, NULL, &c, NULL), RNL_ERR_DIVERGED, "training diverged");
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* An answer of NaN would count as one more wrong answer of the network. */
static void a_test_set_that_is_not_finite_is_named(void **state)
{
    (void)state;
    float x[8 * BLOB_FEATURES] = {0};
    const int32_t classes[8] = {0, 1, 2, 0, 1, 2, 0, 1};
    x[3 * BLOB_FEATURES] = NAN;
    rnl_dataset *bad, *good = blobs(60, 1);
    assert_ok(rnl_dataset_from_floats(&bad, x, 8, BLOB_FEATURES, classes, BLOB_CLASSES, false));
    rnl_train_config c = small_config();
    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_error(rnl_train(net, good, bad, &c, NULL), RNL_ERR_FORMAT,
                 "the test set cannot be evaluated: feature 0 of sample 3");
    c.validation = bad;
    assert_error(rnl_train(net, good, NULL, &c, NULL), RNL_ERR_FORMAT,
                 "the validation set cannot be evaluated: feature 0 of sample 3");
    rnl_net_free(&net);
    rnl_dataset_free(&good);
    rnl_dataset_free(&bad);
}

/* ---- stopped by the callback ---------------------------------------------------------------------------- */

typedef struct watcher {
    uint64_t stop_at; /* at the evaluation of this iteration */
    size_t events;
    rnl_train_event last;
} watcher;

static bool watch(const rnl_train_event *event, void *user)
{
    watcher *w = user;
    w->events++;
    assert_true(event->seconds >= w->last.seconds);
    assert_true(event->iteration >= w->last.iteration);
    assert_int_equal(event->iterations, 40);
    if (event->kind == RNL_EVENT_EVALUATED) {
        assert_true(event->train_accuracy >= 0 && event->train_accuracy <= 1);
        assert_true(event->test_accuracy >= 0 && event->test_accuracy <= 1);
    } else {
        assert_true(isnan(event->train_accuracy) && isnan(event->test_accuracy));
    }
    assert_true(isnan(event->loss) == (event->iteration == 0));
    w->last = *event;
    return !(event->kind == RNL_EVENT_EVALUATED && event->iteration >= w->stop_at);
}

static void check_stop(uint64_t stop_at, uint64_t done, rnl_status expected)
{
    rnl_train_config c = small_config();
    watcher w = {.stop_at = stop_at};
    rnl_net *net = blob_net(RNL_F32, NULL), *same = after(blob_net(RNL_F32, NULL), c, done);
    c.callback = watch;
    c.user = &w;
    rnl_history *h;
    const rnl_status status = rnl_train(net, train_set, test_set, &c, &h);
    char sentence[128];
    snprintf(sentence, sizeof sentence, "training was stopped after %llu of 40 iterations",
             (unsigned long long)done);
    if (expected == RNL_OK)
        assert_int_equal(status, RNL_OK);
    else
        assert_error(status, expected, sentence);
    assert_int_equal(rnl_history_iterations(h), done);
    assert_int_equal(w.last.iteration, done);
    assert_same_parameters(net, same);
    rnl_history_free(&h);
    rnl_net_free(&same);
    rnl_net_free(&net);
}

static void stops_when_asked(void **state)
{
    (void)state;
    check_stop(0, 0, RNL_ERR_INTERRUPTED);
    check_stop(10, 10, RNL_ERR_INTERRUPTED);
    check_stop(30, 30, RNL_ERR_INTERRUPTED);
    check_stop(40, 40, RNL_OK); /* there was nothing left to stop */
    check_stop(41, 40, RNL_OK);
}

/* ---- nonsense is refused before anything is done ---------------------------------------------------------- */

static bool never(const rnl_train_event *event, void *user)
{
    (void)event;
    (void)user;
    fail_msg("training began");
    return false;
}

static void refused(rnl_net *net, const rnl_dataset *train, const rnl_dataset *test,
                    rnl_train_config c, rnl_status status, const char *text)
{
    rnl_net *before = NULL;
    assert_ok(rnl_net_copy(&before, net));
    c.callback = never;
    rnl_history *h = (rnl_history *)&c;
    assert_error(rnl_train(net, train, test, &c, &h), status, text);
    assert_null(h);
    assert_same_parameters(before, net);
    assert_int_equal(rnl_net_note_count(net), 0);
    rnl_net_free(&before);
}

static void refuses_settings_that_make_no_sense(void **state)
{
    (void)state;
    rnl_net *net = blob_net(RNL_F32, NULL);
    const rnl_train_config good = small_config();
    static const double bad_rates[] = {0, -0.1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        rnl_train_config c = good;
        c.lr = bad_rates[i];
        refused(net, train_set, test_set, c, RNL_ERR_USAGE, "it must be above 0, and finite");
    }
    static const double bad_epochs[] = {0, -1, NAN, INFINITY, 1e300};
    for (size_t i = 0; i < 5; i++) {
        rnl_train_config c = good;
        c.iterations = 0;
        c.epochs = bad_epochs[i];
        refused(net, train_set, test_set, c, RNL_ERR_USAGE, " epochs");
    }
    rnl_train_config c = good;
    c.batch = 0;
    refused(net, train_set, test_set, c, RNL_ERR_USAGE, "a batch of 0 samples");
    c.batch = N + 1;
    refused(net, train_set, test_set, c, RNL_ERR_USAGE, "expected 1 to 203");
    c = good;
    c.sampling = (rnl_sampling)7;
    refused(net, train_set, test_set, c, RNL_ERR_USAGE, "sampling 7");
    rnl_net_free(&net);
}

static rnl_dataset *a_set(size_t features, const int32_t *classes, size_t class_count)
{
    static float x[8 * 64];
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_floats(&set, x, 8, features, classes, class_count, false));
    return set;
}

static void refuses_data_that_do_not_fit(void **state)
{
    (void)state;
    static const int32_t classes[8] = {0, 1, 2, 3, 0, 1, 2, 3};
    rnl_net *net = blob_net(RNL_F32, NULL);
    rnl_train_config c = small_config();
    c.batch = 4;
    rnl_dataset *narrow = a_set(5, classes, 4), *unlabelled = a_set(BLOB_FEATURES, NULL, 0),
                *many = a_set(BLOB_FEATURES, classes, 9);
    refused(net, narrow, NULL, c, RNL_ERR_SHAPE,
            "the training set has 5 features a sample, but the network takes 37 inputs");
    refused(net, train_set, narrow, c, RNL_ERR_SHAPE, "the test set has 5 features");
    refused(net, unlabelled, NULL, c, RNL_ERR_USAGE, "the training set has no classes");
    refused(net, train_set, unlabelled, c, RNL_ERR_USAGE, "the test set has no classes");
    refused(net, many, NULL, c, RNL_ERR_SHAPE,
            "the training set has 9 classes, but the network has 4 outputs");
    refused(net, train_set, many, c, RNL_ERR_SHAPE, "the test set has 9 classes");
    rnl_net_free(&net);

    rnl_net_config config = rnl_net_config_default();
    config.inputs = config.outputs = BLOB_FEATURES;
    assert_ok(rnl_net_new(&net, "relu", &config));
    refused(net, train_set, NULL, c, RNL_ERR_USAGE, "has no parameters to train");
    rnl_net_free(&net);
    rnl_dataset_free(&narrow);
    rnl_dataset_free(&unlabelled);
    rnl_dataset_free(&many);
}

/* ---- memory --------------------------------------------------------------------------------------------- */

/* Leaks are the sanitizers' to find. */
static void failing_allocations_are_clean(void **state)
{
    (void)state;
    rnl_net *fresh = blob_net(RNL_F32, NULL);
    for (int sampling = 0; sampling < 2; sampling++) {
        long nth = 1;
        for (;; nth++) {
            rnl_net *net = NULL;
            assert_ok(rnl_net_copy(&net, fresh));
            rnl_train_config c = small_config();
            c.sampling = (rnl_sampling)sampling;
            c.eval_every = 1; /* more evaluations than the history has room for at first */
            rnl_history *h = (rnl_history *)&c;
            rnl_alloc_fail_after(nth);
            const rnl_status status = rnl_train(net, train_set, test_set, &c, &h);
            rnl_alloc_fail_after(0);
            if (status == RNL_OK) {
                assert_int_equal(rnl_history_iterations(h), 40);
                rnl_history_free(&h);
                rnl_net_free(&net);
                break;
            }
            assert_error(status, RNL_ERR_MEMORY, "no memory for ");
            assert_null(h);
            rnl_net_free(&net);
        }
        assert_true(nth > 10); /* it did fail along the way */
    }
    rnl_net_free(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(divergence_keeps_the_last_good_parameters),
        cmocka_unit_test(a_last_update_that_breaks_is_seen),
        cmocka_unit_test(a_network_that_is_broken_already_is_named),
        cmocka_unit_test(samples_that_are_not_finite_are_named),
        cmocka_unit_test(broken_statistics_are_told),
        cmocka_unit_test(a_test_set_that_is_not_finite_is_named),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(refuses_settings_that_make_no_sense),
        cmocka_unit_test(refuses_data_that_do_not_fit),
        cmocka_unit_test(failing_allocations_are_clean),
    };
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

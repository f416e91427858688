/* test_keeping.c - a validation set: which evaluation is the best, when a run ends early, what is given back */
#include "sets.h"

#include "train/train.h"

enum { ITERATIONS = 120, EVERY = 4 };

/* Fewer to train on, so that the network soon learns them by heart. */
static int make_few(void **state)
{
    (void)state;
    train_set = blobs(60, 1);
    validation_set = blobs(150, 2);
    test_set = blobs(90, 3);
    return 0;
}

static rnl_train_config a_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 20;
    c.iterations = ITERATIONS;
    c.eval_every = EVERY;
    c.lr = 0.5;
    c.threads = 2;
    c.validation = validation_set;
    return c;
}

static rnl_net *trained(const rnl_train_config *c, rnl_history **h)
{
    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_ok(rnl_train(net, train_set, test_set, c, h));
    return net;
}

/* The best of the first `count` evaluations, found anew. */
static size_t best_of(const rnl_history *h, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        const rnl_evaluation a = rnl_history_evaluation(h, i), b = rnl_history_evaluation(h, best);
        if (a.validation_accuracy > b.validation_accuracy ||
            (a.validation_accuracy == b.validation_accuracy &&
             a.validation_loss < b.validation_loss))
            best = i;
    }
    return best;
}

static void evaluations_tell_of_the_validation_set(void **state)
{
    (void)state;
    rnl_train_config c = a_config();
    rnl_history *h;
    rnl_net *net = trained(&c, &h);
    const size_t count = rnl_history_evaluation_count(h);
    const rnl_evaluation last = rnl_history_evaluation(h, count - 1);
    rnl_score score;
    assert_ok(rnl_evaluate(net, validation_set, 1, &score, NULL));
    assert_true(last.validation_accuracy == score.accuracy && last.validation_loss == score.loss);
    assert_ok(rnl_evaluate(net, test_set, 1, &score, NULL));
    assert_true(last.test_accuracy == score.accuracy);
    const rnl_evaluation *best = rnl_history_best(h);
    assert_int_equal(best->iteration, rnl_history_evaluation(h, best_of(h, count)).iteration);
    assert_int_equal(rnl_history_kept(h), ITERATIONS); /* nobody asked for the best */
    assert_false(rnl_history_ended_early(h));
    rnl_history_free(&h);
    rnl_net_free(&net);
    c.validation = NULL;
    net = trained(&c, &h);
    assert_null(rnl_history_best(h));
    assert_true(isnan(rnl_history_evaluation(h, 0).validation_accuracy));
    assert_true(isnan(rnl_history_evaluation(h, 0).validation_loss));
    rnl_history_free(&h);
    rnl_net_free(&net);
}

static void watching_a_validation_set_changes_no_number(void **state)
{
    (void)state;
    rnl_train_config c = a_config();
    rnl_net *with = trained(&c, NULL);
    c.validation = NULL;
    rnl_net *without = trained(&c, NULL);
    assert_same_parameters(with, without);
    rnl_net_free(&with);
    rnl_net_free(&without);
}

static void leaving_out_the_training_set_changes_no_number(void **state)
{
    (void)state;
    rnl_train_config c = a_config();
    rnl_history *all, *fewer;
    rnl_net *with = trained(&c, &all);
    c.skip_train_accuracy = true;
    rnl_net *without = trained(&c, &fewer);
    assert_same_parameters(with, without);
    assert_int_equal(rnl_history_evaluation_count(all), rnl_history_evaluation_count(fewer));
    for (size_t i = 0; i < rnl_history_evaluation_count(all); i++) {
        const rnl_evaluation a = rnl_history_evaluation(all, i),
                             b = rnl_history_evaluation(fewer, i);
        assert_true(a.train_accuracy > 0 && isnan(b.train_accuracy));
        assert_true(a.validation_accuracy == b.validation_accuracy);
        assert_true(a.validation_loss == b.validation_loss);
    }
    rnl_history_free(&all);
    rnl_history_free(&fewer);
    rnl_net_free(&with);
    rnl_net_free(&without);
}

static void the_best_is_given_back(void **state)
{
    (void)state;
    for (int ema = 0; ema < 2; ema++) {
        rnl_train_config c = a_config();
        c.iterations = 4 * ITERATIONS; /* until it has learnt by heart */
        c.keep_best = true;
        c.ema = ema ? 0.8 : 0;
        rnl_history *h;
        rnl_net *net = trained(&c, &h);
        const rnl_evaluation *best = rnl_history_best(h);
        assert_true(best->iteration > 0 && best->iteration < c.iterations);
        assert_int_equal(rnl_history_kept(h), best->iteration);
        rnl_score score;
        assert_ok(rnl_evaluate(net, validation_set, 1, &score, NULL));
        assert_true(score.accuracy == best->validation_accuracy &&
                    score.loss == best->validation_loss);
        /* the parameters are those of a run of that length */
        c.iterations = best->iteration;
        c.keep_best = false;
        rnl_net *shorter = trained(&c, NULL);
        assert_same_parameters(net, shorter);
        rnl_net_free(&shorter);
        rnl_net_free(&net);
        rnl_history_free(&h);
    }
}

static void patience_ends_a_run(void **state)
{
    (void)state;
    static const uint64_t few_and_many[] = {1, 2, 3, 5, 12};
    rnl_train_config c = a_config();
    rnl_history *whole, *h;
    rnl_net *net = trained(&c, &whole);
    rnl_net_free(&net);
    const size_t all = rnl_history_evaluation_count(whole);
    for (size_t k = 0; k < sizeof few_and_many / sizeof *few_and_many; k++) {
        const uint64_t patience = few_and_many[k];
        size_t count = 1; /* evaluations until patience is out, by the whole run */
        while (count < all && count - 1 - best_of(whole, count) < patience)
            count++;
        c = a_config();
        c.patience = patience;
        net = trained(&c, &h);
        assert_int_equal(rnl_history_evaluation_count(h), count);
        assert_true(rnl_history_ended_early(h) ==
                    (rnl_history_evaluation(whole, count - 1).iteration < ITERATIONS));
        assert_int_equal(rnl_history_iterations(h),
                         rnl_history_evaluation(whole, count - 1).iteration);
        if (patience <= 3)
            assert_true(rnl_history_ended_early(h));
        c = a_config();
        c.iterations = rnl_history_iterations(h);
        if (c.iterations) {
            rnl_net *shorter = trained(&c, NULL);
            assert_same_parameters(net, shorter);
            rnl_net_free(&shorter);
        }
        rnl_history_free(&h);
        rnl_net_free(&net);
    }
    rnl_history_free(&whole);
}

/* ---- events -------------------------------------------------------------------------------------------- */

typedef struct watcher {
    uint64_t best_seen, stop_at;
} watcher;

static bool watch(const rnl_train_event *e, void *user)
{
    watcher *w = user;
    assert_true(e->lr == 0.5);
    if (e->kind != RNL_EVENT_EVALUATED)
        return true;
    assert_false(isnan(e->validation_accuracy) || isnan(e->validation_loss));
    if (e->best)
        w->best_seen = e->iteration;
    return e->iteration < w->stop_at;
}

static void an_interrupted_run_gives_back_the_best(void **state)
{
    (void)state;
    rnl_train_config c = a_config();
    watcher w = {0, 80};
    c.callback = watch;
    c.user = &w;
    c.keep_best = true;
    rnl_history *h;
    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_error(rnl_train(net, train_set, test_set, &c, &h), RNL_ERR_INTERRUPTED,
                 "stopped after 80 of 120");
    assert_int_equal(rnl_history_best(h)->iteration, w.best_seen);
    assert_int_equal(rnl_history_kept(h), w.best_seen);
    c = a_config();
    c.iterations = w.best_seen;
    rnl_net *shorter = trained(&c, NULL);
    assert_same_parameters(net, shorter);
    rnl_history_free(&h);
    rnl_net_free(&shorter);
    rnl_net_free(&net);
}

static void a_diverged_run_gives_back_the_best(void **state)
{
    (void)state;
    for (int keep = 0; keep < 2; keep++) {
        rnl_net_config config = rnl_net_config_default();
        config.inputs = BLOB_FEATURES;
        config.outputs = BLOB_CLASSES;
        config.weight_init_std = 0.1;
        rnl_net *net;
        assert_ok(rnl_net_new(&net, "affine 20, affine 20, affine", &config));
        rnl_train_config c = a_config();
        c.lr = 10;
        c.eval_every = 1;
        c.keep_best = keep;
        rnl_history *h;
        assert_error(rnl_train(net, train_set, NULL, &c, &h), RNL_ERR_DIVERGED, "diverged");
        const size_t count = rnl_history_evaluation_count(h);
        const uint64_t kept = rnl_history_kept(h);
        assert_int_equal(kept, keep ? rnl_history_best(h)->iteration
                                    : rnl_history_evaluation(h, count - 1).iteration);
        char sentence[64];
        snprintf(sentence, sizeof sentence, "are those of iteration %llu",
                 (unsigned long long)kept);
        assert_non_null(strstr(rnl_error_text(), sentence));
        rnl_score score;
        assert_ok(rnl_evaluate(net, validation_set, 1, &score, NULL));
        const rnl_evaluation e = keep ? *rnl_history_best(h) : rnl_history_evaluation(h, count - 1);
        assert_true(score.accuracy == e.validation_accuracy);
        rnl_history_free(&h);
        rnl_net_free(&net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluations_tell_of_the_validation_set),
        cmocka_unit_test(watching_a_validation_set_changes_no_number),
        cmocka_unit_test(leaving_out_the_training_set_changes_no_number),
        cmocka_unit_test(the_best_is_given_back),
        cmocka_unit_test(patience_ends_a_run),
        cmocka_unit_test(an_interrupted_run_gives_back_the_best),
        cmocka_unit_test(a_diverged_run_gives_back_the_best),
    };
    return cmocka_run_group_tests(tests, make_few, free_sets);
}

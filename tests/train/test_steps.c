/* test_steps.c - how an update is made: rules, schedules, several passes, averages, class weights */
#include "variants.h"

#include "data/sampler.h"

/* ---- against a loop by hand, over the public calls ------------------------------------------------------- */

/* What the configuration says, written out; f64. The average of all parameters so far replaces them where
 * there is to be one. */
static rnl_net *by_hand(const rnl_train_config *c)
{
    rnl_net *net = blob_net(RNL_F64, NULL);
    const rnl_optimizer_config rule = {
        .rule = c->optimizer, .l2 = c->l2, .weight_decay = c->weight_decay, .clip = c->clip};
    rnl_optimizer *o;
    rnl_gradients *g;
    rnl_workspace *ws;
    rnl_sampler s;
    assert_ok(rnl_optimizer_new(&o, net, &rule));
    assert_ok(rnl_gradients_new(&g, net));
    assert_ok(rnl_workspace_new(&ws, net, c->batch));
    assert_ok(rnl_sampler_init(&s, N, c->batch, c->sampling, c->seed));
    double *mean = calloc(net->arena_size, sizeof *mean), weights = 0;
    for (uint64_t i = 0; i < c->iterations; i++) {
        size_t index[N];
        int32_t classes[N];
        static double x[N * BLOB_FEATURES];
        double rate;
        rnl_sampler_prepare(&s, i);
        const size_t rows = rnl_sampler_rows(&s, i);
        rnl_sampler_draw(&s, i, 0, rows, index);
        const rnl_matrix m = rnl_matrix_f64(x, rows, BLOB_FEATURES);
        assert_ok(rnl_dataset_gather(train_set, index, 0, m));
        for (size_t r = 0; r < rows; r++)
            classes[r] = train_set->classes[index[r]];
        rnl_targets t = rnl_targets_classes(classes, rows);
        t.class_weights = c->class_weights;
        assert_ok(rnl_net_gradient(net, ws, m, t, g, NULL));
        assert_ok(rnl_learning_rate(c->schedule, c->lr, c->iterations, i, &rate));
        assert_ok(rnl_optimizer_step(o, net, g, rate));
        /* sum_i d^(n - i) w_i and sum_i d^(n - i) */
        weights = c->ema * weights + 1;
        for (size_t k = 0; k < net->arena_size; k++)
            mean[k] = c->ema * mean[k] + ((double *)net->values)[k];
    }
    for (size_t k = 0; k < net->arena_size && c->ema > 0; k++)
        ((double *)net->values)[k] = mean[k] / weights;
    free(mean);
    rnl_sampler_free(&s);
    rnl_workspace_free(&ws);
    rnl_gradients_free(&g);
    rnl_optimizer_free(&o);
    return net;
}

static void agrees_with_a_loop_by_hand(void **state)
{
    (void)state;
    for (size_t k = 0; k < VARIANTS; k++) {
        const rnl_train_config c = variant(k);
        rnl_net *net = trained(&c, RNL_F64), *other = by_hand(&c), *fresh = blob_net(RNL_F64, NULL);
        assert_close_parameters(net, other, 1e-11);
        assert_false(same_parameters(net, fresh));
        rnl_net_free(&net);
        rnl_net_free(&other);
        rnl_net_free(&fresh);
    }
}

/* ---- several passes -------------------------------------------------------------------------------------- */

/* Dropout draws anew for each pass. All samples are the same here, so that with the same draws two passes
 * would give what one gives. */
static void passes_have_their_own_dropout(void **state)
{
    (void)state;
    enum { SAME = 20 };
    static float x[SAME * BLOB_FEATURES];
    static const int32_t classes[SAME] = {0};
    for (size_t i = 0; i < SAME * BLOB_FEATURES; i++)
        x[i] = (float)(i % BLOB_FEATURES) / BLOB_FEATURES;
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_floats(&set, x, SAME, BLOB_FEATURES, classes, BLOB_CLASSES, false));
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = BLOB_CLASSES;
    config.dtype = RNL_F64;
    config.weight_init_std = 0.3;
    static const char *const nets[] = {"affine 30, relu, affine",
                                       "affine 30, relu, dropout 0.5, affine"};
    for (size_t n = 0; n < 2; n++) {
        rnl_net *net[2];
        for (size_t k = 0; k < 2; k++) {
            rnl_train_config c = small_config();
            c.batch = SAME / 2;
            c.accumulate = k + 1;
            c.iterations = 1;
            assert_ok(rnl_net_new(&net[k], nets[n], &config));
            assert_ok(rnl_train(net[k], set, NULL, &c, NULL));
        }
        double most = 0;
        for (size_t i = 0; i < net[0]->arena_size; i++)
            most = fmax(most, fabs(((double *)net[0]->values)[i] - ((double *)net[1]->values)[i]));
        assert_true(n == 0 ? most < 1e-14 : most > 1e-4);
        rnl_net_free(&net[0]);
        rnl_net_free(&net[1]);
    }
    rnl_dataset_free(&set);
}

/* ---- rates in the history --------------------------------------------------------------------------------- */

static void the_history_knows_the_rates(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.schedule = "warmup 10%, cosine";
    rnl_history *h;
    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_ok(rnl_train(net, train_set, NULL, &c, &h));
    for (uint64_t i = 0; i < ITERATIONS; i++) {
        double rate;
        assert_ok(rnl_learning_rate(c.schedule, c.lr, ITERATIONS, i, &rate));
        assert_true(rnl_history_rate(h, i) == rate);
    }
    rnl_history_free(&h);
    rnl_net_free(&net);
}

/* ---- refused before anything is done ---------------------------------------------------------------------- */

static bool never(const rnl_train_event *event, void *user)
{
    (void)event;
    (void)user;
    fail_msg("training began");
    return false;
}

static void refused(rnl_train_config c, const char *text)
{
    rnl_net *net = blob_net(RNL_F32, NULL), *fresh = blob_net(RNL_F32, NULL);
    c.callback = never;
    rnl_history *h = (rnl_history *)&c;
    assert_error(rnl_train(net, train_set, NULL, &c, &h), RNL_ERR_USAGE, text);
    assert_null(h);
    assert_same_parameters(net, fresh);
    assert_int_equal(rnl_net_note_count(net), 0);
    rnl_net_free(&net);
    rnl_net_free(&fresh);
}

static void refuses_settings_that_make_no_sense(void **state)
{
    (void)state;
    static const double bad[BLOB_CLASSES] = {1, 1, -1, 1};
    rnl_train_config c = small_config();
#define REFUSED(field, value, text)                                                                \
    c = small_config();                                                                            \
    c.field = value;                                                                               \
    refused(c, text)
    REFUSED(optimizer, "adma", "unknown update rule \"adma\"");
    REFUSED(optimizer, "momentum 1.5", "is a number from 0 to below 1, not \"1.5\"");
    REFUSED(schedule, "warmup 500, cosine",
            "a warm-up of 500 iterations leaves nothing of a run of 30");
    REFUSED(schedule, "step 0.1 30",
            "the first step comes after 30 iterations, but there are only 30");
    REFUSED(l2, -1, "the penalty l2 is -1; it must be 0 (none) or more");
    REFUSED(clip, -0.5, "the norm to clip gradients at is -0.5; it must be 0 (none) or more");
    REFUSED(weight_decay, 10, "their product is 1; it must be below 1");
    REFUSED(ema, 1, "it must be from 0 (none) to below 1");
    REFUSED(ema, -0.1, "it must be from 0 (none) to below 1");
    REFUSED(ema, NAN, "it must be from 0 (none) to below 1");
    REFUSED(accumulate, 5, "5 passes of 50 samples an update: more than the 203 of the data set");
    REFUSED(accumulate, SIZE_MAX, "more than the 203 of the data set");
    REFUSED(patience, 3, "early stopping needs a validation set");
    REFUSED(keep_best, true, "keeping the best needs a validation set");
    REFUSED(class_weights, bad, "the weight of class 2 is -1; it must be 0 or more");
    c = small_config();
    c.accumulate = 2;
    c.loss_after_update = true;
    refused(c, "but of 2 passes only the last one's are still there");
    c = small_config();
    c.validation = train_set;
    c.patience = 2;
    c.eval_every = RNL_NEVER;
    refused(c, "early stopping needs evaluations, but there are none");
}

static void failing_allocations_are_clean(void **state)
{
    (void)state;
    rnl_train_config c = variant(9);
    c.accumulate = 2;
    c.validation = train_set;
    c.keep_best = true;
    long nth = 1;
    for (;; nth++) {
        rnl_net *net = blob_net(RNL_F32, NULL);
        rnl_history *h = NULL;
        rnl_alloc_fail_after(nth);
        const rnl_status status = rnl_train(net, train_set, train_set, &c, &h);
        rnl_alloc_fail_after(0);
        rnl_net_free(&net);
        if (status == RNL_OK) {
            rnl_history_free(&h);
            break;
        }
        assert_error(status, RNL_ERR_MEMORY, "no memory for ");
        assert_null(h);
    }
    assert_true(nth > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_loop_by_hand),
        cmocka_unit_test(passes_have_their_own_dropout),
        cmocka_unit_test(the_history_knows_the_rates),
        cmocka_unit_test(refuses_settings_that_make_no_sense),
        cmocka_unit_test(failing_allocations_are_clean),
    };
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

/* test_loop.c - the training loop: what it computes, and that it computes the same bits again */
#include "sets.h"

#include "data/sampler.h"
#include "train/train.h"

static rnl_train_config small_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 50;
    c.iterations = 40;
    c.threads = 1;
    c.eval_every = 15;
    c.seed = 5;
    return c;
}

static rnl_net *trained(const rnl_train_config *c, rnl_dtype dtype, const char *backend,
                        rnl_history **history)
{
    rnl_net *net = blob_net(dtype, backend);
    assert_ok(rnl_train(net, train_set, test_set, c, history));
    return net;
}

static void assert_same_history(const rnl_history *a, const rnl_history *b)
{
    assert_int_equal(rnl_history_iterations(a), rnl_history_iterations(b));
    assert_memory_equal(rnl_history_losses(a), rnl_history_losses(b),
                        rnl_history_iterations(a) * sizeof(float));
    assert_int_equal(rnl_history_evaluation_count(a), rnl_history_evaluation_count(b));
    for (size_t i = 0; i < rnl_history_evaluation_count(a); i++) {
        const rnl_evaluation x = rnl_history_evaluation(a, i), y = rnl_history_evaluation(b, i);
        assert_int_equal(x.iteration, y.iteration);
        assert_true(x.train_accuracy == y.train_accuracy);
        assert_true(x.test_accuracy == y.test_accuracy);
    }
}

/* ---- the same bits -------------------------------------------------------------------------------- */

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    for (size_t b = 0; rnl_backend_name(b); b++)
        for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++)
            for (int sampling = 0; sampling < 2; sampling++) {
                rnl_train_config c = small_config();
                c.sampling = (rnl_sampling)sampling;
                rnl_history *alone, *together;
                rnl_net *one = trained(&c, (rnl_dtype)dtype, rnl_backend_name(b), &alone);
                for (c.threads = 1; c.threads <= 4; c.threads++) {
                    rnl_net *net = trained(&c, (rnl_dtype)dtype, rnl_backend_name(b), &together);
                    assert_same_parameters(one, net);
                    assert_same_history(alone, together);
                    rnl_net_free(&net);
                    rnl_history_free(&together);
                }
                rnl_net_free(&one);
                rnl_history_free(&alone);
            }
}

static void another_seed_is_another_run(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    rnl_net *one = trained(&c, RNL_F32, NULL, NULL);
    c.seed++;
    rnl_net *other = trained(&c, RNL_F32, NULL, NULL);
    assert_false(same_parameters(one, other));
    rnl_net_free(&one);
    rnl_net_free(&other);
}

static bool count_events(const rnl_train_event *event, void *user)
{
    (void)event;
    (*(size_t *)user)++;
    usleep(110000); /* a tenth of a second has passed at the next look */
    return true;
}

static void watching_changes_nothing(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.iterations = 6;
    c.eval_every = 4;
    c.threads = 2;
    rnl_history *unwatched, *watched;
    rnl_net *one = trained(&c, RNL_F32, NULL, &unwatched);
    size_t events = 0;
    c.callback = count_events;
    c.user = &events;
    rnl_net *two = trained(&c, RNL_F32, NULL, &watched);
    assert_int_equal(events, 7); /* every update ends with one, and the run begins with one */
    assert_same_parameters(one, two);
    assert_same_history(unwatched, watched);
    rnl_net_free(&one);
    rnl_net_free(&two);
    rnl_history_free(&unwatched);
    rnl_history_free(&watched);
}

/* ---- what it computes --------------------------------------------------------------------------------- */

static void count_right(const rnl_net *net, const rnl_dataset *set, double *accuracy)
{
    const size_t n = set->info.n;
    double *x = calloc(n * BLOB_FEATURES, sizeof *x);
    rnl_matrix m = rnl_matrix_f64(x, n, BLOB_FEATURES);
    rnl_workspace *ws;
    assert_ok(rnl_workspace_new(&ws, net, n));
    assert_ok(rnl_dataset_gather(set, NULL, 0, m));
    assert_ok(rnl_net_accuracy(net, ws, m, rnl_targets_classes(set->classes, n), accuracy));
    rnl_workspace_free(&ws);
    free(x);
}

static void assert_close(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g and %.17g differ by %g", a, b, fabs(a - b));
}

/* The loop written out over the public calls, in f64: gradient, step, gradient, step. */
static void agrees_with_a_loop_by_hand(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        rnl_train_config c = small_config();
        c.sampling = (rnl_sampling)(kind % 2);
        c.loss_after_update = kind / 2;
        c.threads = 1 + kind / 2;
        rnl_history *history;
        rnl_net *net = trained(&c, RNL_F64, NULL, &history), *by_hand = blob_net(RNL_F64, NULL);
        rnl_gradients *g;
        rnl_workspace *ws;
        rnl_sampler sampler;
        assert_ok(rnl_gradients_new(&g, by_hand));
        assert_ok(rnl_workspace_new(&ws, by_hand, c.batch));
        assert_ok(rnl_sampler_init(&sampler, N, c.batch, c.sampling, c.seed));
        size_t evaluation = 0;
        for (uint64_t i = 0; i <= c.iterations; i++) {
            if (i % c.eval_every == 0 || i == c.iterations) {
                const rnl_evaluation e = rnl_history_evaluation(history, evaluation++);
                double train, test;
                count_right(by_hand, train_set, &train);
                count_right(by_hand, test_set, &test);
                assert_int_equal(e.iteration, i);
                assert_close(e.train_accuracy, train, 0);
                assert_close(e.test_accuracy, test, 0);
            }
            if (i == c.iterations)
                break;
            size_t index[50];
            int32_t classes[50];
            double x[50 * BLOB_FEATURES], loss;
            rnl_sampler_prepare(&sampler, i);
            const size_t rows = rnl_sampler_rows(&sampler, i);
            rnl_sampler_draw(&sampler, i, 0, rows, index);
            rnl_matrix m = rnl_matrix_f64(x, rows, BLOB_FEATURES);
            assert_ok(rnl_dataset_gather(train_set, index, 0, m));
            for (size_t r = 0; r < rows; r++)
                classes[r] = train_set->classes[index[r]];
            assert_ok(
                rnl_net_gradient(by_hand, ws, m, rnl_targets_classes(classes, rows), g, &loss));
            assert_ok(rnl_net_sgd_step(by_hand, g, c.lr));
            if (c.loss_after_update)
                assert_ok(rnl_net_loss(by_hand, ws, m, rnl_targets_classes(classes, rows), &loss));
            assert_close(rnl_history_losses(history)[i], loss, 1e-7 * loss); /* kept as floats */
        }
        assert_int_equal(rnl_history_evaluation_count(history), evaluation);
        for (size_t p = 0; p < rnl_net_parameter_count(net); p++) {
            const rnl_matrix a = rnl_net_parameter(net, p).value,
                             b = rnl_net_parameter(by_hand, p).value;
            for (size_t i = 0; i < a.rows * a.cols; i++)
                assert_close(rnl_matrix_get(&a, i / a.cols, i % a.cols),
                             rnl_matrix_get(&b, i / a.cols, i % a.cols), 1e-12);
        }
        rnl_sampler_free(&sampler);
        rnl_workspace_free(&ws);
        rnl_gradients_free(&g);
        rnl_history_free(&history);
        rnl_net_free(&by_hand);
        rnl_net_free(&net);
    }
}

static void learns(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.iterations = 600;
    rnl_history *h;
    rnl_net *net = trained(&c, RNL_F32, NULL, &h);
    const size_t last = rnl_history_evaluation_count(h) - 1;
    assert_true(rnl_history_evaluation(h, 0).test_accuracy < 0.6);
    assert_true(rnl_history_evaluation(h, last).test_accuracy > 0.85);
    assert_true(rnl_history_losses(h)[599] < 0.5f * rnl_history_losses(h)[0]);
    rnl_net_free(&net);
    rnl_history_free(&h);
}

/* Dropout, a rule with moments, pictures in sparse form: asking for the later loss changes no parameter, and
 * the loss is that of the network as it predicts. */
static void a_later_loss_changes_no_parameter(void **state)
{
    (void)state;
    rnl_dataset *strokes;
    assert_ok(rnl_dataset_strokes(&strokes, 300, 1, NULL));
    for (int threads = 1; threads <= 3; threads++) {
        rnl_net *net[2];
        rnl_history *h[2];
        for (int after = 0; after < 2; after++) {
            const rnl_net_config config = rnl_net_config_default();
            rnl_train_config c = small_config();
            c.threads = threads;
            c.optimizer = "adam";
            c.lr = 0.01;
            c.ema = 0.9;
            c.loss_after_update = after;
            assert_ok(rnl_net_new(&net[after], "affine 20, batchnorm, relu, dropout 0.5, affine",
                                  &config));
            assert_ok(rnl_train(net[after], strokes, NULL, &c, &h[after]));
        }
        assert_same_parameters(net[0], net[1]);
        double before = 0, after = 0;
        for (uint64_t i = 0; i < rnl_history_iterations(h[0]); i++) {
            before += rnl_history_losses(h[0])[i];
            after += rnl_history_losses(h[1])[i];
        }
        assert_true(after < before); /* an update makes its own batch better */
        for (int k = 0; k < 2; k++) {
            rnl_net_free(&net[k]);
            rnl_history_free(&h[k]);
        }
    }
    rnl_dataset_free(&strokes);
}

static void rows_of_0_and_1_give_what_classes_give(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.threads = 2;
    rnl_history *by_class, *by_row;
    rnl_net *one = trained(&c, RNL_F64, NULL, &by_class);
    train_set->info.one_hot = true;
    rnl_net *two = trained(&c, RNL_F64, NULL, &by_row);
    train_set->info.one_hot = false;
    for (size_t k = 0; k < one->arena_size; k++)
        assert_close(((double *)one->values)[k], ((double *)two->values)[k], 1e-13);
    for (size_t i = 0; i < c.iterations; i++)
        assert_close(rnl_history_losses(by_class)[i], rnl_history_losses(by_row)[i], 1e-6);
    rnl_net_free(&one);
    rnl_net_free(&two);
    rnl_history_free(&by_class);
    rnl_history_free(&by_row);
}

/* ---- how long, how often ---------------------------------------------------------------------------- */

typedef struct length_case {
    size_t batch;
    uint64_t iterations;
    double epochs;
    uint64_t eval_every;
    uint64_t updates;         /* expected */
    uint64_t evaluations[12]; /* expected, ended by UINT64_MAX */
} length_case;

static void counts_iterations_and_epochs(void **state)
{
    (void)state;
    static const length_case cases[] = {
        /* an epoch of 203 samples by 50 is 5 updates, rounded up */
        {50, 0, 1, 0, 5, {0, 5, UINT64_MAX}},
        {50, 0, 2, 0, 10, {0, 5, 10, UINT64_MAX}},
        {50, 0, 0.5, 0, 3, {0, 3, UINT64_MAX}},
        {50, 0, 2.2, 100, 11, {0, 11, UINT64_MAX}}, /* 2.2 * 5 is a little more than 11 */
        {50, 0, 0.001, 0, 1, {0, 1, UINT64_MAX}},
        {50, 12, 7, 0, 12, {0, 5, 10, 12, UINT64_MAX}}, /* iterations, where given, say it */
        {50, 12, 0, 3, 12, {0, 3, 6, 9, 12, UINT64_MAX}},
        {50, 12, 0, 100, 12, {0, 12, UINT64_MAX}},
        {50, 4, 0, 1, 4, {0, 1, 2, 3, 4, UINT64_MAX}},
        {203, 3, 0, 0, 3, {0, 1, 2, 3, UINT64_MAX}},
        {1, 2, 0, 0, 2, {0, 2, UINT64_MAX}},
        {202, 0, 1, 0, 2, {0, 2, UINT64_MAX}},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        for (int sampling = 0; sampling < 2; sampling++) {
            const length_case *want = &cases[k];
            rnl_train_config c = small_config();
            c.batch = want->batch;
            c.iterations = want->iterations;
            c.epochs = want->epochs;
            c.eval_every = want->eval_every;
            c.sampling = (rnl_sampling)sampling;
            rnl_history *h;
            rnl_net *net = trained(&c, RNL_F32, NULL, &h);
            assert_int_equal(rnl_history_iterations(h), want->updates);
            size_t count = 0;
            while (want->evaluations[count] != UINT64_MAX)
                count++;
            assert_int_equal(rnl_history_evaluation_count(h), count);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(rnl_history_evaluation(h, i).iteration, want->evaluations[i]);
            rnl_net_free(&net);
            rnl_history_free(&h);
        }
}

/* The last batch of a shuffled epoch is 3 samples of 203; its loss is the mean over those 3. */
static void the_last_batch_of_an_epoch_is_what_is_left(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.sampling = RNL_SHUFFLED_EPOCHS;
    c.iterations = 4;
    rnl_history *h;
    rnl_net *net = trained(&c, RNL_F64, NULL, NULL), *after = NULL;
    c.iterations = 5;
    after = trained(&c, RNL_F64, NULL, &h);

    rnl_sampler s;
    size_t index[3];
    assert_ok(rnl_sampler_init(&s, N, c.batch, c.sampling, c.seed));
    rnl_sampler_prepare(&s, 4);
    assert_int_equal(rnl_sampler_rows(&s, 4), 3);
    rnl_sampler_draw(&s, 4, 0, 3, index);
    double x[3 * BLOB_FEATURES], loss;
    int32_t classes[3];
    for (size_t i = 0; i < 3; i++)
        classes[i] = train_set->classes[index[i]];
    const rnl_matrix m = rnl_matrix_f64(x, 3, BLOB_FEATURES);
    assert_ok(rnl_dataset_gather(train_set, index, 0, m));
    rnl_workspace *ws;
    assert_ok(rnl_workspace_new(&ws, net, 3));
    assert_ok(rnl_net_loss(net, ws, m, rnl_targets_classes(classes, 3), &loss));
    assert_close(rnl_history_losses(h)[4], loss, 1e-6);
    rnl_workspace_free(&ws);
    rnl_sampler_free(&s);
    rnl_history_free(&h);
    rnl_net_free(&net);
    rnl_net_free(&after);
}

static void notes_how_the_input_was_made(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    c.iterations = 1;
    rnl_net *net = trained(&c, RNL_F32, NULL, NULL);
    assert_string_equal(rnl_net_note(net, "runnel.input.shape"), "1x1x37");
    assert_string_equal(rnl_net_note(net, "runnel.input.scale"), "1");
    assert_string_equal(rnl_net_note(net, "runnel.input.shift"), "0");
    rnl_net_free(&net);
}

static void never_evaluates(void **state)
{
    (void)state;
    rnl_train_config c = small_config();
    rnl_net *watched = trained(&c, RNL_F32, NULL, NULL);
    rnl_history *h;
    c.eval_every = RNL_NEVER;
    rnl_net *net = trained(&c, RNL_F32, NULL, &h);
    assert_int_equal(rnl_history_iterations(h), c.iterations);
    assert_int_equal(rnl_history_evaluation_count(h), 0);
    assert_same_parameters(net, watched);
    rnl_history_free(&h);
    rnl_net_free(&watched);
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(another_seed_is_another_run),
        cmocka_unit_test(watching_changes_nothing),
        cmocka_unit_test(agrees_with_a_loop_by_hand),
        cmocka_unit_test(a_later_loss_changes_no_parameter),
        cmocka_unit_test(never_evaluates),
        cmocka_unit_test(learns),
        cmocka_unit_test(rows_of_0_and_1_give_what_classes_give),
        cmocka_unit_test(counts_iterations_and_epochs),
        cmocka_unit_test(the_last_batch_of_an_epoch_is_what_is_left),
        cmocka_unit_test(notes_how_the_input_was_made),
    };
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

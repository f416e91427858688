/* test_callback.c - sets whose samples a callback makes: the same bits as of arrays, and what fails */
#include "sets.h"

#include <stdatomic.h>

enum { GRID = 6, PICTURE = GRID * GRID };

/* Gives the rows of an array; the samples from `fails_at` to before `works_from` cannot be had. */
typedef struct source {
    const float *x;
    size_t features, fails_at, works_from;
    atomic_size_t calls;
    const char *reason;
} source;

static const char *give(void *user, size_t sample, float *row)
{
    source *s = user;
    atomic_fetch_add(&s->calls, 1);
    if (sample >= s->fails_at && sample < s->works_from)
        return s->reason;
    memcpy(row, s->x + sample * s->features, s->features * sizeof *row);
    return NULL;
}

static source source_of(const rnl_dataset *set)
{
    return (source){.x = set->floats,
                    .features = set->info.features,
                    .fails_at = SIZE_MAX,
                    .works_from = SIZE_MAX,
                    .reason = "the shelf is empty"};
}

/* The samples of a set from floats, as a callback gives them. */
static rnl_dataset *called(const rnl_dataset *set, source *s)
{
    rnl_dataset *made = NULL;
    if (set->targets)
        assert_ok(rnl_dataset_rows_from_callback(&made, give, s, set->info.n, set->info.features,
                                                 set->targets, set->info.target_width, true));
    else
        assert_ok(rnl_dataset_from_callback(&made, give, s, set->info.n, set->info.features,
                                            set->classes, set->info.class_count, false));
    return made;
}

static rnl_train_config short_run(int threads)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 60;
    c.iterations = 12;
    c.eval_every = 4;
    c.threads = threads;
    return c;
}

/* ---- the same as arrays --------------------------------------------------------------------------------- */

static void assert_same_evaluations(const rnl_history *a, const rnl_history *b)
{
    assert_int_equal(rnl_history_evaluation_count(a), rnl_history_evaluation_count(b));
    for (size_t i = 0; i < rnl_history_evaluation_count(a); i++) {
        const rnl_evaluation x = rnl_history_evaluation(a, i), y = rnl_history_evaluation(b, i);
        assert_true(x.train_accuracy == y.train_accuracy && x.test_accuracy == y.test_accuracy);
    }
}

/* A share set aside, scales learnt on the rest, a run. */
static rnl_net *run(rnl_dataset *set, rnl_dtype dtype, rnl_train_config c, rnl_history **h)
{
    rnl_dataset *rest, *part;
    assert_ok(rnl_dataset_split(set, 0.3, 5, &rest, &part));
    assert_ok(rnl_dataset_prepare(rest, RNL_PREPARE_STANDARD, NULL));
    assert_ok(rnl_dataset_set_scaling(part, rnl_dataset_scales(rest), rnl_dataset_shifts(rest)));
    rnl_net *net = blob_net(dtype, NULL);
    assert_ok(rnl_train(net, rest, part, &c, h));
    rnl_dataset_free(&part);
    rnl_dataset_free(&rest);
    return net;
}

static void trains_to_the_bits_of_an_array(void **state)
{
    (void)state;
    static const int teams[] = {1, 3};
    for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++)
        for (size_t k = 0; k < 2; k++) {
            rnl_train_config c = short_run(teams[k]);
            c.accumulate = k + 1;
            c.augment = k ? "noise 0.1" : NULL;
            c.sampling = (rnl_sampling)k;
            source s = source_of(train_set);
            rnl_dataset *set = called(train_set, &s);
            rnl_history *of_array, *of_callback;
            rnl_net *expected = run(train_set, (rnl_dtype)dtype, c, &of_array),
                    *net = run(set, (rnl_dtype)dtype, c, &of_callback);
            assert_same_parameters(net, expected);
            assert_same_evaluations(of_callback, of_array);
            assert_true(s.calls > N);
            rnl_history_free(&of_array);
            rnl_history_free(&of_callback);
            rnl_net_free(&expected);
            rnl_net_free(&net);
            rnl_dataset_free(&set);
        }
}

static void evaluates_like_an_array(void **state)
{
    (void)state;
    source s = source_of(test_set);
    rnl_dataset *set = called(test_set, &s);
    rnl_net *net = blob_net(RNL_F32, NULL);
    rnl_score expected, got;
    uint64_t confusion[2][BLOB_CLASSES * BLOB_CLASSES];
    assert_ok(rnl_evaluate(net, test_set, 2, &expected, confusion[0]));
    assert_ok(rnl_evaluate(net, set, 2, &got, confusion[1]));
    assert_true(got.loss == expected.loss && got.accuracy == expected.accuracy);
    assert_memory_equal(confusion[0], confusion[1], sizeof confusion[0]);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void rows_of_targets_come_with_it(void **state)
{
    (void)state;
    float targets[TEST_N];
    for (size_t i = 0; i < TEST_N; i++)
        targets[i] = (float)i / TEST_N;
    rnl_dataset *array, *set;
    source s = source_of(test_set);
    assert_ok(rnl_dataset_from_rows(&array, s.x, TEST_N, BLOB_FEATURES, targets, 1, false));
    set = called(array, &s);
    targets[0] = 9; /* was copied */
    assert_true(rnl_dataset_targets(set)[0] == 0);
    assert_int_equal(rnl_dataset_describe(set).target_width, 1);
    rnl_dataset_free(&set);
    rnl_dataset_free(&array);
}

/* Pictures, moved and with noise, of bytes that became floats. */
static void augments_like_an_array(void **state)
{
    (void)state;
    enum { ROWS = 9 };
    static const char *const how[] = {"none", "noise 0.1", "shift 1, rotate 20, elastic 3 2",
                                      "scale 0.2, noise 0.1"};
    source s = {.x = train_set->floats, .features = PICTURE, .fails_at = SIZE_MAX};
    rnl_dataset *array, *set;
    assert_ok(rnl_dataset_from_floats(&array, s.x, ROWS, PICTURE, NULL, 0, false));
    set = called(array, &s);
    assert_error(rnl_dataset_set_shape(set, 1, GRID, 7), RNL_ERR_SHAPE,
                 "samples of 36 features cannot be pictures of 1x6x7");
    assert_error(rnl_dataset_set_shape(set, SIZE_MAX, 2, 1), RNL_ERR_SHAPE, "cannot be pictures");
    assert_ok(rnl_dataset_set_shape(array, 1, GRID, GRID));
    assert_ok(rnl_dataset_set_shape(set, 1, GRID, GRID));
    for (size_t k = 0; k < 4; k++) {
        double a[ROWS * PICTURE], b[ROWS * PICTURE];
        const rnl_matrix x = rnl_matrix_f64(a, ROWS, PICTURE), y = rnl_matrix_f64(b, ROWS, PICTURE);
        assert_ok(rnl_dataset_augment(array, how[k], 3, 1, NULL, 0, x));
        assert_ok(rnl_dataset_augment(set, how[k], 3, 1, NULL, 0, y));
        assert_memory_equal(a, b, sizeof a);
    }
    rnl_dataset_free(&set);
    rnl_dataset_free(&array);
}

/* ---- what a callback may do ------------------------------------------------------------------------------ */

/* From the first call on, nothing may be allocated. */
static const char *forbid(void *user, size_t sample, float *row)
{
    rnl_alloc_fail_after(1);
    return give(user, sample, row);
}

static void a_step_allocates_nothing(void **state)
{
    (void)state;
    rnl_train_config c = short_run(1);
    c.eval_every = RNL_NEVER;
    source s = source_of(train_set);
    rnl_dataset *set;
    rnl_net *net = blob_net(RNL_F64, NULL);
    assert_ok(rnl_dataset_from_callback(&set, forbid, &s, N, BLOB_FEATURES, train_set->classes,
                                        BLOB_CLASSES, false));
    const rnl_status status = rnl_train(net, set, NULL, &c, NULL);
    rnl_alloc_fail_after(0);
    assert_ok(status);
    assert_int_equal(s.calls, c.iterations * c.batch);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* Asks a network of runnel's, whose kernels must not wait for the team. */
static const char *ask(void *user, size_t sample, float *row)
{
    rnl_score score;
    const char *reason = give(user, sample, row);
    rnl_net *net = blob_net(RNL_F32, "portable");
    if (!reason && rnl_evaluate(net, test_set, 1, &score, NULL) != RNL_OK)
        reason = "no score";
    rnl_net_free(&net);
    return reason;
}

static void a_callback_may_use_runnel(void **state)
{
    (void)state;
    source s = source_of(test_set);
    rnl_dataset *set;
    rnl_score score;
    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_ok(rnl_dataset_from_callback(&set, ask, &s, TEST_N, BLOB_FEATURES, test_set->classes,
                                        BLOB_CLASSES, false));
    assert_ok(rnl_evaluate(net, set, 3, &score, NULL));
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* ---- samples that cannot be had --------------------------------------------------------------------------- */

/* Its reason is runnel's own sentence. */
static const char *read_nothing(void *user, size_t sample, float *row)
{
    uint8_t pixel;
    (void)user, (void)sample, (void)row;
    return rnl_read_png("/nowhere.png", 1, 1, false, &pixel) == RNL_OK ? NULL : rnl_error_text();
}

static void every_call_says_which_sample_and_why(void **state)
{
    (void)state;
    source s = source_of(test_set);
    s.fails_at = 40;
    rnl_dataset *set = called(test_set, &s), *rest, *part;
    float x[TEST_N * BLOB_FEATURES];
    rnl_score score;
    double top;
    rnl_net *net = blob_net(RNL_F32, NULL);
    static const char expected[] = "there is no sample 40 (counted from 0): the shelf is empty";
    const rnl_matrix all = rnl_matrix_f32(x, TEST_N, BLOB_FEATURES);
    assert_error(rnl_dataset_gather(set, NULL, 0, all), RNL_ERR_IO, expected);
    assert_error(rnl_dataset_augment(set, "noise 1", 1, 1, NULL, 0, all), RNL_ERR_IO, expected);
    assert_error(rnl_dataset_prepare(set, RNL_PREPARE_MINMAX, NULL), RNL_ERR_IO, expected);
    assert_null(rnl_dataset_scales(set));
    for (int threads = 1; threads < 4; threads++) {
        assert_error(rnl_evaluate(net, set, threads, &score, NULL), RNL_ERR_IO, expected);
        assert_error(rnl_evaluate_top(net, set, threads, 1, &top), RNL_ERR_IO, expected);
    }
    s.works_from = 41; /* by its number in the whole set, in a part too */
    assert_ok(rnl_dataset_split(set, 0.5, 1, &rest, &part));
    rnl_dataset *in = NULL;
    for (size_t i = 0; i < part->info.n; i++)
        in = part->index[i] == 40 ? part : in;
    assert_error(rnl_evaluate(net, in ? in : rest, 3, &score, NULL), RNL_ERR_IO, expected);
    assert_ok(rnl_evaluate(net, in ? rest : part, 3, &score, NULL));
    rnl_dataset_free(&part);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&set);

    assert_ok(rnl_dataset_from_callback(&set, read_nothing, NULL, 1, 1, NULL, 0, false));
    assert_error(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x, 1, 1)), RNL_ERR_IO,
                 "there is no sample 0 (counted from 0): /nowhere.png");
    rnl_dataset_free(&set);
    rnl_net_free(&net);
}

/* Works until so many rows were given. */
static const char *give_up(void *user, size_t sample, float *row)
{
    source *s = user;
    const char *reason = give(user, sample, row);
    return s->calls > s->fails_at ? s->reason : reason;
}

/* The parameters, and running statistics, are those of the updates that were whole. */
static void check_end(const char *augment, const char *description)
{
    rnl_train_config c = short_run(3);
    c.augment = augment;
    c.eval_every = RNL_NEVER;
    c.accumulate = 2;
    source s = source_of(train_set);
    s.fails_at = 7 * 120 + 61; /* in the second pass of update number 7 */
    s.works_from = 0;
    rnl_dataset *set;
    rnl_history *h;
    rnl_net *net = blob_net_of(description, RNL_F32, NULL),
            *expected = blob_net_of(description, RNL_F32, NULL);
    assert_ok(rnl_dataset_from_callback(&set, give_up, &s, N, BLOB_FEATURES, train_set->classes,
                                        BLOB_CLASSES, false));
    assert_error(rnl_train(net, set, NULL, &c, &h), RNL_ERR_IO,
                 "training ended after 7 of 12 iterations: the training set: there is no sample ");
    assert_int_equal(rnl_history_iterations(h), 7);
    assert_int_equal(rnl_history_kept(h), 7);
    c.iterations = 7;
    assert_ok(rnl_train(expected, train_set, NULL, &c, NULL));
    assert_memory_equal(net->values, expected->values, rnl_net_bytes(net));
    rnl_history_free(&h);
    rnl_net_free(&expected);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void training_ends_before_the_update(void **state)
{
    (void)state;
    check_end(NULL, "affine 9, relu, affine");
    check_end("noise 0.1", "affine 9, relu, affine");
    check_end(NULL, "affine 9, batchnorm, relu, affine");
}

static void evaluations_end_training_too(void **state)
{
    (void)state;
    rnl_train_config c = short_run(2);
    source s = source_of(test_set);
    s.fails_at = 50;
    rnl_dataset *set = called(test_set, &s);
    rnl_net *net = blob_net(RNL_F32, NULL);
    static const char reason[] = "set: there is no sample 50 (counted from 0): the shelf is empty";
    char expected[160];
    snprintf(expected, sizeof expected, "after 0 of 12 iterations: the test %s", reason);
    assert_error(rnl_train(net, train_set, set, &c, NULL), RNL_ERR_IO, expected);
    snprintf(expected, sizeof expected, "after 0 of 12 iterations: the validation %s", reason);
    c.validation = set;
    assert_error(rnl_train(net, train_set, NULL, &c, NULL), RNL_ERR_IO, expected);
    c.validation = NULL;
    c.batch = 10;
    snprintf(expected, sizeof expected, "after 0 of 12 iterations: the training %s", reason);
    assert_error(rnl_train(net, set, NULL, &c, NULL), RNL_ERR_IO, expected);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* ---- checkpoints ------------------------------------------------------------------------------------------- */

static void goes_on_from_a_checkpoint(void **state)
{
    (void)state;
    folder_make(state);
    rnl_train_config c = short_run(2);
    source s = source_of(train_set);
    rnl_dataset *set = called(train_set, &s);
    rnl_net *net = blob_net(RNL_F32, NULL), *expected = blob_net(RNL_F32, NULL);
    assert_ok(rnl_train(expected, train_set, test_set, &c, NULL));
    c.checkpoint = in_folder("of-a-callback");
    c.checkpoint_every = 6;
    c.eval_every = 4;
    s.fails_at = 0; /* nothing begins that cannot be told from others */
    assert_error(rnl_train(net, set, test_set, &c, NULL), RNL_ERR_IO, "there is no sample 0");
    s.fails_at = SIZE_MAX;
    assert_ok(rnl_train(net, set, test_set, &c, NULL));
    assert_same_parameters(net, expected);
    rnl_net_free(&net);
    net = blob_net(RNL_F32, NULL);
    c.resume = c.checkpoint;
    assert_ok(rnl_train(net, train_set, test_set, &c, NULL)); /* the same numbers, in an array */
    assert_same_parameters(net, expected);
    float *others = calloc(N * BLOB_FEATURES, sizeof *others);
    s.x = others;
    assert_error(rnl_train(net, set, test_set, &c, NULL), RNL_ERR_USAGE, "training-set");
    free(others);
    rnl_net_free(&expected);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
    folder_remove(state);
}

/* ---- nonsense ---------------------------------------------------------------------------------------------- */

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    static const int32_t classes[2] = {0, 2};
    static const float targets[2] = {0, NAN};
    rnl_dataset *set = (rnl_dataset *)&set;
    assert_error(rnl_dataset_from_callback(&set, NULL, NULL, 2, 3, classes, 3, false),
                 RNL_ERR_USAGE, "the callback is NULL");
    assert_null(set);
    assert_error(rnl_dataset_from_callback(&set, give, NULL, 0, 3, classes, 3, false),
                 RNL_ERR_USAGE, "0 samples with 3 features");
    assert_error(rnl_dataset_from_callback(&set, give, NULL, 2, 3, classes, 2, false),
                 RNL_ERR_FORMAT, "a data set from a callback: the class of sample 1");
    assert_error(rnl_dataset_rows_from_callback(&set, give, NULL, 2, 3, targets, 1, false),
                 RNL_ERR_FORMAT, "a data set from a callback: target 0 of sample 1");
    assert_error(
        rnl_dataset_rows_from_callback(&set, give, NULL, SIZE_MAX / 2, 3, targets, 1, false),
        RNL_ERR_USAGE, "more than this machine can address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trains_to_the_bits_of_an_array),
        cmocka_unit_test(evaluates_like_an_array),
        cmocka_unit_test(rows_of_targets_come_with_it),
        cmocka_unit_test(augments_like_an_array),
        cmocka_unit_test(a_step_allocates_nothing),
        cmocka_unit_test(a_callback_may_use_runnel),
        cmocka_unit_test(every_call_says_which_sample_and_why),
        cmocka_unit_test(training_ends_before_the_update),
        cmocka_unit_test(evaluations_end_training_too),
        cmocka_unit_test(goes_on_from_a_checkpoint),
        cmocka_unit_test(refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

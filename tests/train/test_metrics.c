/* test_metrics.c - numbers for each class, the k largest, R2 and errors; training on rows of targets */
#include "blobs.h"

#include "train/train.h"

static void assert_close(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g and %.17g differ by %g", a, b, fabs(a - b));
}

/* ---- classes ---------------------------------------------------------------------------------------------- */

static void numbers_for_each_class(void **state)
{
    (void)state;
    /* 4 classes; nobody answers 2, and 3 does not occur */
    static const uint64_t confusion[16] = {
        8, 2, 0, 0, /* */
        1, 5, 0, 4, /* */
        3, 3, 0, 0, /* */
        0, 0, 0, 0,
    };
    rnl_class_score s[4];
    rnl_class_scores(confusion, 4, s);
    assert_int_equal(s[0].support, 10);
    assert_int_equal(s[0].answered, 12);
    assert_int_equal(s[0].right, 8);
    assert_close(s[0].precision, 8.0 / 12, 1e-15);
    assert_close(s[0].recall, 0.8, 1e-15);
    assert_close(s[0].f1, 2 * (8.0 / 12) * 0.8 / (8.0 / 12 + 0.8), 1e-15);
    assert_close(s[1].precision, 0.5, 1e-15);
    assert_close(s[1].recall, 0.5, 1e-15);
    assert_true(isnan(s[2].precision) && s[2].recall == 0 && s[2].f1 == 0);
    assert_true(s[3].precision == 0 && isnan(s[3].recall) && s[3].f1 == 0);
    static const uint64_t empty[1] = {0};
    rnl_class_scores(empty, 1, s);
    assert_true(isnan(s[0].precision) && isnan(s[0].recall) && isnan(s[0].f1));
}

static void the_largest_outputs(void **state)
{
    (void)state;
    enum { N = 1234 };
    rnl_dataset *set = blobs(N, 3);
    rnl_net *net = blob_net(RNL_F64, NULL);
    static double x[N * BLOB_FEATURES], y[N * BLOB_CLASSES];
    const rnl_matrix m = rnl_matrix_f64(x, N, BLOB_FEATURES);
    rnl_workspace *ws;
    assert_ok(rnl_workspace_new(&ws, net, N));
    assert_ok(rnl_dataset_gather(set, NULL, 0, m));
    assert_ok(rnl_net_predict(net, ws, m, rnl_matrix_f64(y, N, BLOB_CLASSES)));
    double expected[BLOB_CLASSES] = {0}, top[BLOB_CLASSES];
    for (size_t i = 0; i < N; i++) {
        size_t larger = 0;
        for (size_t k = 0; k < BLOB_CLASSES; k++)
            larger += y[i * BLOB_CLASSES + k] > y[i * BLOB_CLASSES + (size_t)set->classes[i]];
        for (size_t k = larger; k < BLOB_CLASSES; k++)
            expected[k] += 1.0 / N;
    }
    for (int threads = 1; threads <= 3; threads++)
        for (size_t k = 1; k <= BLOB_CLASSES; k++) {
            assert_ok(rnl_evaluate_top(net, set, threads, k, top));
            for (size_t j = 0; j < k; j++)
                assert_close(top[j], expected[j], 1e-12);
        }
    rnl_score score;
    assert_ok(rnl_evaluate(net, set, 1, &score, NULL));
    assert_close(top[0], score.accuracy, 0);
    assert_close(top[BLOB_CLASSES - 1], 1, 0);
    assert_error(rnl_evaluate_top(net, set, 1, 0, top), RNL_ERR_USAGE, "expected 1 to 4");
    assert_error(rnl_evaluate_top(net, set, 1, 5, top), RNL_ERR_USAGE, "expected 1 to 4");

    /* equal outputs come in the order of their columns, as the answer does */
    memset(net->values, 0, rnl_net_bytes(net));
    assert_ok(rnl_evaluate_top(net, set, 1, BLOB_CLASSES, top));
    assert_ok(rnl_evaluate(net, set, 1, &score, NULL));
    assert_close(top[0], score.accuracy, 0);
    assert_true(top[0] < top[1] && top[1] < top[2] && top[2] < top[3]);
    /* what is no number is among none of them */
    const rnl_matrix b = rnl_net_parameter(net, rnl_net_parameter_count(net) - 1).value;
    ((double *)b.data)[1] = NAN;
    assert_ok(rnl_evaluate_top(net, set, 1, BLOB_CLASSES, top));
    assert_close(top[BLOB_CLASSES - 1], 0, 0);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

enum { ROWS = 1500, INPUTS = 3, OUTPUTS = 2 };
static float inputs[ROWS * INPUTS], targets[ROWS * OUTPUTS];

static int make_rows(void **state)
{
    (void)state;
    rnl_random r = rnl_random_new(8, 700);
    for (size_t i = 0; i < ROWS * INPUTS; i++)
        inputs[i] = (float)(2 * rnl_random_uniform(&r) - 1);
    for (size_t i = 0; i < ROWS; i++) {
        const float *x = inputs + i * INPUTS;
        targets[i * OUTPUTS] = 2 * x[0] - x[1] * x[2] + 0.5f;
        targets[i * OUTPUTS + 1] = x[0] * x[0] + 0.3f * x[1] + 0.05f * (float)rnl_random_normal(&r);
    }
    return 0;
}

static rnl_net *numbers_net(const char *description, rnl_dtype dtype)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = INPUTS;
    config.outputs = OUTPUTS;
    config.dtype = dtype;
    config.weight_init_std = 0.5;
    rnl_net *net;
    assert_ok(rnl_net_new(&net, description, &config));
    return net;
}

static rnl_dataset *rows_set(void)
{
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_rows(&set, inputs, ROWS, INPUTS, targets, OUTPUTS, false));
    return set;
}

static void errors_of_regression(void **state)
{
    (void)state;
    rnl_dataset *set = rows_set();
    rnl_net *net = numbers_net("affine 8, tanh, affine, mse", RNL_F64);
    static double x[ROWS * INPUTS], y[ROWS * OUTPUTS];
    const rnl_matrix m = rnl_matrix_f64(x, ROWS, INPUTS);
    rnl_workspace *ws;
    assert_ok(rnl_workspace_new(&ws, net, ROWS));
    assert_ok(rnl_dataset_gather(set, NULL, 0, m));
    assert_ok(rnl_net_predict(net, ws, m, rnl_matrix_f64(y, ROWS, OUTPUTS)));
    double r2 = 0, squares = 0, sizes = 0;
    for (size_t k = 0; k < OUTPUTS; k++) {
        double sum = 0, sum_squares = 0, error = 0;
        for (size_t i = 0; i < ROWS; i++) {
            const double t = (double)targets[i * OUTPUTS + k], d = y[i * OUTPUTS + k] - t;
            sum += t;
            sum_squares += t * t;
            error += d * d;
            sizes += fabs(d);
        }
        squares += error;
        r2 += 1 - error / (sum_squares - sum * sum / ROWS);
    }
    for (int threads = 1; threads <= 3; threads++) {
        rnl_score score;
        assert_ok(rnl_evaluate(net, set, threads, &score, NULL));
        assert_close(score.r2, r2 / OUTPUTS, 1e-10);
        assert_close(score.rmse, sqrt(squares / (ROWS * OUTPUTS)), 1e-12);
        assert_close(score.mae, sizes / (ROWS * OUTPUTS), 1e-12);
        assert_true(isnan(score.accuracy) && score.loss > 0);
    }
    double top;
    assert_error(rnl_evaluate_top(net, set, 1, 1, &top), RNL_ERR_USAGE, "only softmax");
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void regression_learns(void **state)
{
    (void)state;
    rnl_dataset *set = rows_set(), *train, *validation;
    assert_ok(rnl_dataset_split(set, 0.2, 1, &train, &validation));
    static const char *const losses[] = {"mse", "huber"};
    for (size_t k = 0; k < 2; k++)
        for (int threads = 1; threads <= 3; threads += 2) {
            char description[64];
            snprintf(description, sizeof description, "affine 24, tanh, affine, %s", losses[k]);
            rnl_net *net = numbers_net(description, RNL_F32);
            rnl_train_config c = rnl_train_config_default();
            c.batch = 50;
            c.iterations = 0;
            c.epochs = 30;
            c.optimizer = "adam";
            c.lr = 0.01;
            c.threads = threads;
            c.validation = validation;
            c.keep_best = true;
            rnl_history *h;
            assert_ok(rnl_train(net, train, NULL, &c, &h));
            rnl_score score;
            assert_ok(rnl_evaluate(net, validation, 1, &score, NULL));
            assert_true(score.r2 > 0.9);
            assert_close(rnl_history_best(h)->validation_accuracy, score.r2, 0);
            assert_true(rnl_history_evaluation(h, 0).train_accuracy < 0.5);
            assert_ok(rnl_history_save(h, in_folder("r2.csv")));
            rnl_bytes csv;
            assert_ok(rnl_file_read(&csv, in_folder("r2.csv")));
            static const char head[] =
                "iteration,loss,lr,train_r2,validation_loss,validation_r2,test_r2\n";
            assert_memory_equal(csv.data, head, strlen(head));
            rnl_bytes_free(&csv);
            rnl_history_free(&h);
            rnl_net_free(&net);
        }
    rnl_dataset_free(&train);
    rnl_dataset_free(&validation);
    rnl_dataset_free(&set);
}

/* A target that does not vary is explained by the right answer alone. */
static void a_constant_target(void **state)
{
    (void)state;
    static const float x[4] = {1, 2, 3, 4}, same[4] = {2, 2, 2, 2};
    rnl_net_config config = rnl_net_config_default();
    config.inputs = config.outputs = 1;
    config.weight_init_std = 0;
    rnl_net *net;
    rnl_dataset *set;
    rnl_score score;
    assert_ok(rnl_net_new(&net, "affine, mse", &config));
    assert_ok(rnl_dataset_from_rows(&set, x, 4, 1, same, 1, false));
    assert_ok(rnl_evaluate(net, set, 1, &score, NULL));
    assert_true(score.r2 == 0 && score.rmse == 2 && score.mae == 2);
    ((float *)rnl_net_parameter(net, 1).value.data)[0] = 2;
    assert_ok(rnl_evaluate(net, set, 1, &score, NULL));
    assert_true(score.r2 == 1 && score.rmse == 0);
    rnl_dataset_free(&set);
    /* ten tenths of it, added up, are not it */
    static const float ones[10], tenths[10] = {.1f, .1f, .1f, .1f, .1f, .1f, .1f, .1f, .1f, .1f};
    assert_ok(rnl_dataset_from_rows(&set, ones, 10, 1, tenths, 1, false));
    assert_ok(rnl_evaluate(net, set, 1, &score, NULL));
    assert_true(score.r2 == 0);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

/* ---- several labels, and probabilities -------------------------------------------------------------------------- */

static void several_labels_learn(void **state)
{
    (void)state;
    static float labels[ROWS * OUTPUTS];
    for (size_t i = 0; i < ROWS; i++) {
        labels[i * OUTPUTS] = inputs[i * INPUTS] > 0;
        labels[i * OUTPUTS + 1] = inputs[i * INPUTS + 1] > inputs[i * INPUTS + 2];
    }
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_rows(&set, inputs, ROWS, INPUTS, labels, OUTPUTS, false));
    rnl_net *net = numbers_net("affine 16, relu, affine, logistic", RNL_F32);
    rnl_train_config c = rnl_train_config_default();
    c.iterations = 600;
    c.lr = 0.5;
    c.threads = 2;
    rnl_history *h;
    assert_ok(rnl_train(net, set, set, &c, &h));
    const rnl_evaluation last = rnl_history_evaluation(h, rnl_history_evaluation_count(h) - 1);
    assert_true(last.train_accuracy > 0.95);
    rnl_score score;
    assert_ok(rnl_evaluate(net, set, 3, &score, NULL));
    assert_close(score.accuracy, last.test_accuracy, 0);
    rnl_workspace *ws;
    double accuracy;
    assert_ok(rnl_workspace_new(&ws, net, ROWS));
    assert_ok(rnl_net_accuracy(net, ws, rnl_matrix_f32(inputs, ROWS, INPUTS),
                               rnl_targets_rows(rnl_matrix_f32(labels, ROWS, OUTPUTS)), &accuracy));
    assert_close(score.accuracy, accuracy, 1e-12);
    rnl_workspace_free(&ws);
    rnl_history_free(&h);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void rows_of_probabilities(void **state)
{
    (void)state;
    static float soft[ROWS * OUTPUTS];
    for (size_t i = 0; i < ROWS; i++) {
        soft[i * OUTPUTS] = inputs[i * INPUTS] > 0 ? 0.9f : 0.2f;
        soft[i * OUTPUTS + 1] = 1 - soft[i * OUTPUTS];
    }
    rnl_dataset *set;
    assert_ok(rnl_dataset_from_rows(&set, inputs, ROWS, INPUTS, soft, OUTPUTS, false));
    rnl_net *net = numbers_net("affine 16, relu, affine", RNL_F32);
    rnl_train_config c = rnl_train_config_default();
    c.iterations = 500;
    c.lr = 0.5;
    c.threads = 2;
    assert_ok(rnl_train(net, set, NULL, &c, NULL));
    rnl_score score;
    assert_ok(rnl_evaluate(net, set, 1, &score, NULL));
    assert_true(score.accuracy > 0.95);
    soft[7] = 0.5f;
    assert_error(rnl_train(net, set, NULL, &c, NULL), RNL_ERR_USAGE,
                 "the training set: target row 3 is no row of probabilities");
    rnl_net_free(&net);
    net = numbers_net("affine 5, affine, mse", RNL_F32);
    rnl_dataset *classes = blobs(10, 1), *wide;
    assert_ok(rnl_dataset_from_rows(&wide, inputs, 10, INPUTS, targets, 3, false));
    assert_error(rnl_evaluate(net, wide, 1, &score, NULL), RNL_ERR_SHAPE,
                 "the data set has 3 targets a sample, but the network has 2 outputs");
    rnl_dataset_free(&wide);
    assert_ok(rnl_dataset_from_floats(&wide, inputs, 10, INPUTS, NULL, 0, false));
    assert_error(rnl_evaluate(net, wide, 1, &score, NULL), RNL_ERR_USAGE,
                 "the data set has no rows of targets");
    rnl_dataset_free(&wide);
    rnl_dataset_free(&classes);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static int set_up(void **state)
{
    return make_rows(state) || folder_make(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_for_each_class), cmocka_unit_test(the_largest_outputs),
        cmocka_unit_test(errors_of_regression),   cmocka_unit_test(regression_learns),
        cmocka_unit_test(a_constant_target),      cmocka_unit_test(several_labels_learn),
        cmocka_unit_test(rows_of_probabilities),
    };
    return cmocka_run_group_tests(tests, set_up, folder_remove);
}

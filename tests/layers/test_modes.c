/* test_modes.c - gradients of stacks of layers in both modes, learning and predicting, and what the modes do */
#include "stacks.h"

static void test_predicting(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stacks); i++)
        for (size_t rows = 1; rows <= 9; rows += 4)
            check_stack(stacks[i].description, stacks[i].inputs, rows, NULL);
}

static void test_learning(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stacks); i++)
        check_stack(stacks[i].description, stacks[i].inputs, 5, &training);
}

/* ---- what the two modes do ------------------------------------------------------------------------------ */

typedef struct subject {
    rnl_net *net;
    rnl_workspace *ws;
    rnl_matrix x, y, dy, dx;
    rnl_gradients *g;
    rnl_random random;
} subject;

static subject subject_new(const char *description, size_t rows, size_t inputs, rnl_mode mode)
{
    subject s = {.net = net_of(description, inputs, 0, RNL_F64, NULL),
                 .random = rnl_random_new(rows, 401)};
    s.ws = workspace_of(s.net, rows);
    rnl_workspace_set_mode(s.ws, mode);
    s.x = matrix_new(rows, inputs, RNL_F64);
    s.dx = matrix_new(rows, inputs, RNL_F64);
    s.y = matrix_new(rows, rnl_net_outputs(s.net), RNL_F64);
    s.dy = matrix_new(rows, rnl_net_outputs(s.net), RNL_F64);
    fill_normal(&s.x, &s.random, 1);
    fill_normal(&s.dy, &s.random, 1);
    must(rnl_gradients_new(&s.g, s.net));
    return s;
}

static void subject_run(subject *s)
{
    must(rnl_net_predict(s->net, s->ws, s->x, s->y));
    must(rnl_net_backward(s->net, s->ws, s->y, s->dy, s->g, &s->dx));
}

static void subject_free(subject *s)
{
    rnl_gradients_free(&s->g);
    rnl_workspace_free(&s->ws);
    rnl_net_free(&s->net);
    matrix_free(&s->x);
    matrix_free(&s->y);
    matrix_free(&s->dx);
    matrix_free(&s->dy);
}

static double at(const rnl_matrix *m, size_t i, size_t j)
{
    return rnl_matrix_get(m, i, j);
}

enum { ROWS = 40, COLS = 250 };

static bool dropped(const subject *s, size_t i, size_t j)
{
    return at(&s->y, i, j) == 0;
}

/* How many of the masks' elements are the same in both. */
static double sameness(const subject *a, const subject *b, size_t shift)
{
    size_t same = 0;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLS; j++)
            same += dropped(a, i, j) == dropped(b, (i + shift) % ROWS, (j + shift) % COLS);
    return (double)same / (ROWS * COLS);
}

/* The share that was asked for, within five deviations; the others scaled; dx by the same mask. */
static void test_dropout(void **state)
{
    (void)state;
    static const double shares[] = {0, 0.1, 0.5, 0.9};
    for (size_t k = 0; k < COUNT(shares); k++) {
        const double share = shares[k];
        char text[32];
        snprintf(text, sizeof text, "dropout %g", share);
        subject s = subject_new(text, ROWS, COLS, training);
        subject_run(&s);
        size_t zeros = 0;
        for (size_t i = 0; i < ROWS; i++) {
            for (size_t j = 0; j < COLS; j++) {
                const double scale = dropped(&s, i, j) ? 0 : 1 / (1 - share);
                zeros += scale == 0;
                assert_true(fabs(at(&s.y, i, j) - scale * at(&s.x, i, j)) < 1e-14);
                assert_true(fabs(at(&s.dx, i, j) - scale * at(&s.dy, i, j)) < 1e-13);
            }
        }
        const double n = ROWS * COLS, deviation = sqrt(n * share * (1 - share));
        if (!(fabs((double)zeros - n * share) <= 5 * deviation))
            fail_msg("%s drops %zu of %g", text, zeros, n);
        subject_free(&s);
    }
}

static subject masked(const char *text, rnl_mode mode)
{
    subject s = subject_new(text, ROWS, COLS, mode);
    subject_run(&s);
    return s;
}

/* Masks of other seeds, iterations, layers, rows and columns have nothing to do with one another: half of
 * their elements are the same. Of the same they are the same. */
static void test_dropout_masks(void **state)
{
    (void)state;
    const char *text = "dropout 0.5";
    subject first = masked(text, training), again = masked(text, training);
    assert_true(sameness(&first, &again, 0) == 1);
    assert_true(fabs(sameness(&first, &first, 1) - 0.5) < 0.05);
    subject others[] = {
        masked(text, (rnl_mode){true, training.seed + 1, training.iteration}),
        masked(text, (rnl_mode){true, training.seed, training.iteration + 1}),
        masked(text, (rnl_mode){true, training.iteration, training.seed}),
        masked("dropout 0, dropout 0.5", training),
    };
    for (size_t k = 0; k < COUNT(others); k++) {
        assert_true(fabs(sameness(&first, &others[k], 0) - 0.5) < 0.05);
        subject_free(&others[k]);
    }
    subject_free(&first);
    subject_free(&again);
}

/* While the network learns, each column has mean beta and variance gamma^2 var / (var + eps). */
static void test_batchnorm_learning(void **state)
{
    (void)state;
    subject s = subject_new("batchnorm 0.25 1e-3", ROWS, 7, training);
    rnl_matrix gamma = rnl_net_parameter(s.net, 0).value, beta = rnl_net_parameter(s.net, 1).value;
    assert_string_equal(rnl_net_parameter(s.net, 0).name, "gamma1");
    assert_string_equal(rnl_net_parameter(s.net, 0).key, "0.weight");
    assert_string_equal(rnl_net_state(s.net, 1).name, "running_var1");
    assert_string_equal(rnl_net_state(s.net, 1).key, "0.running_var");
    fill_parameters(s.net, &s.random, 1);
    fill_state(s.net, &s.random);
    rnl_matrix running_mean = rnl_net_state(s.net, 0).value,
               running_var = rnl_net_state(s.net, 1).value;
    double before[2][7];
    for (size_t j = 0; j < 7; j++) {
        before[0][j] = at(&running_mean, 0, j);
        before[1][j] = at(&running_var, 0, j);
    }
    subject_run(&s);
    must(rnl_net_update_state(s.net, s.ws));
    for (size_t j = 0; j < 7; j++) {
        double mean[2] = {0}, var[2] = {0};
        for (size_t i = 0; i < ROWS; i++) {
            mean[0] += at(&s.x, i, j) / ROWS;
            mean[1] += at(&s.y, i, j) / ROWS;
        }
        for (size_t i = 0; i < ROWS; i++) {
            var[0] += pow(at(&s.x, i, j) - mean[0], 2) / ROWS;
            var[1] += pow(at(&s.y, i, j) - mean[1], 2) / ROWS;
        }
        assert_true(fabs(mean[1] - at(&beta, 0, j)) < 1e-13);
        assert_true(fabs(var[1] - pow(at(&gamma, 0, j), 2) * var[0] / (var[0] + 1e-3)) < 1e-13);
        assert_true(fabs(at(&running_mean, 0, j) - (0.75 * before[0][j] + 0.25 * mean[0])) < 1e-13);
        assert_true(fabs(at(&running_var, 0, j) -
                         (0.75 * before[1][j] + 0.25 * var[0] * ROWS / (ROWS - 1))) < 1e-13);
    }
    subject_free(&s);
}

/* One sample has no variance: y is beta, dx is 0; its mean is taken in, the running variance stays. */
static void test_batchnorm_of_one(void **state)
{
    (void)state;
    subject s = subject_new("batchnorm 0.25", 1, 7, training);
    fill_parameters(s.net, &s.random, 1);
    subject_run(&s);
    must(rnl_net_update_state(s.net, s.ws));
    rnl_matrix beta = rnl_net_parameter(s.net, 1).value,
               running_mean = rnl_net_state(s.net, 0).value,
               running_var = rnl_net_state(s.net, 1).value;
    const rnl_matrix dgamma = rnl_gradients_block(s.g, 0), dbeta = rnl_gradients_block(s.g, 1);
    for (size_t j = 0; j < 7; j++) {
        assert_true(at(&s.y, 0, j) == at(&beta, 0, j));
        assert_true(at(&s.dx, 0, j) == 0);
        assert_true(at(&dgamma, 0, j) == 0);
        assert_true(at(&dbeta, 0, j) == at(&s.dy, 0, j));
        assert_true(at(&running_mean, 0, j) == 0.25 * at(&s.x, 0, j));
        assert_true(at(&running_var, 0, j) == 1);
    }
    subject_free(&s);
}

/* A network that predicts changes nothing, and there is nothing to take in. */
static void test_predicting_changes_nothing(void **state)
{
    (void)state;
    subject s = subject_new("batchnorm, dropout 0.5", ROWS, 7, (rnl_mode){0});
    fill_state(s.net, &s.random);
    const size_t bytes = 7 * sizeof(double);
    double before[2][7];
    for (size_t k = 0; k < 2; k++)
        memcpy(before[k], rnl_net_state(s.net, k).value.data, bytes);
    subject_run(&s);
    assert_int_equal(rnl_net_update_state(s.net, s.ws), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "training mode"));
    for (size_t k = 0; k < 2; k++)
        assert_memory_equal(before[k], rnl_net_state(s.net, k).value.data, bytes);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < 7; j++)
            assert_true(fabs(at(&s.y, i, j) -
                             (at(&s.x, i, j) - before[0][j]) / sqrt(before[1][j] + 1e-5)) < 1e-13);
    /* what was passed in one mode is not passed back in another */
    rnl_workspace_set_mode(s.ws, training);
    assert_int_equal(rnl_net_backward(s.net, s.ws, s.y, s.dy, s.g, NULL), RNL_ERR_USAGE);
    subject_free(&s);
}

/* The library's own differences, on copies of the network that are planned for prediction alone, see the
 * network as it learns: in the mode that they are told. */
static void test_numerical_gradient(void **state)
{
    (void)state;
    enum { SAMPLES = 6 };
    subject s = subject_new("affine 6, tanh, dropout 0.3, batchnorm, gelu, dropout 0.2, affine 4",
                            SAMPLES, 5, training);
    fill_parameters(s.net, &s.random, 0.7);
    const int32_t classes[SAMPLES] = {0, 1, 2, 3, 0, 1};
    const rnl_targets t = rnl_targets_classes(classes, SAMPLES);
    rnl_gradients *numerical, *predicting;
    must(rnl_gradients_new(&numerical, s.net));
    must(rnl_gradients_new(&predicting, s.net));
    must(rnl_net_gradient(s.net, s.ws, s.x, t, s.g, NULL));
    must(rnl_net_numerical_gradient(s.net, &training, s.x, t, 1e-5, 3, numerical));
    must(rnl_net_numerical_gradient(s.net, NULL, s.x, t, 1e-5, 3, predicting));
    for (size_t k = 0; k < rnl_net_parameter_count(s.net); k++) {
        const rnl_matrix got = rnl_gradients_block(s.g, k),
                         want = rnl_gradients_block(numerical, k),
                         other = rnl_gradients_block(predicting, k);
        double apart = 0;
        for (size_t i = 0; i < got.rows; i++) {
            for (size_t j = 0; j < got.cols; j++) {
                assert_true(fabs(at(&got, i, j) - at(&want, i, j)) < 1e-8);
                apart = fmax(apart, fabs(at(&got, i, j) - at(&other, i, j)));
            }
        }
        assert_true(apart > 1e-3);
    }
    rnl_gradients_free(&numerical);
    rnl_gradients_free(&predicting);
    subject_free(&s);
}

/* A network without state has nothing to take in, whatever the mode. */
static void test_no_state(void **state)
{
    (void)state;
    subject s = subject_new("affine 3", 2, 3, (rnl_mode){0});
    assert_int_equal(rnl_net_state_count(s.net), 0);
    must(rnl_net_update_state(s.net, s.ws));
    subject_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_predicting),
        cmocka_unit_test(test_learning),
        cmocka_unit_test(test_dropout),
        cmocka_unit_test(test_dropout_masks),
        cmocka_unit_test(test_batchnorm_learning),
        cmocka_unit_test(test_batchnorm_of_one),
        cmocka_unit_test(test_predicting_changes_nothing),
        cmocka_unit_test(test_numerical_gradient),
        cmocka_unit_test(test_no_state),
    };
    return cmocka_run_group_tests_name("modes", tests, NULL, NULL);
}

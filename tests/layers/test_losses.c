/* test_losses.c - every loss: its gradient against differences, and what must hold of it
 *
 * In f64, for every kind of targets that it takes, with and without class weights. */
#include "nets.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

enum { ROWS = 7, INPUTS = 4, WIDEST = 18 };

typedef enum kind { CLASSES = 1, PROBABILITIES = 2, LABELS = 4, NUMBERS = 8 } kind;

static const struct {
    const char *loss;
    size_t outputs;
    unsigned kinds;
    bool weighted;
} losses[] = {
    {"softmax", 5, CLASSES | PROBABILITIES, false},
    {"softmax", 5, CLASSES | PROBABILITIES, true},
    {"softmax 0.1", 5, CLASSES | PROBABILITIES, false},
    {"softmax 0.3", 18, CLASSES | PROBABILITIES, true},
    {"logistic", 1, CLASSES | LABELS, false},
    {"logistic", 5, CLASSES | LABELS, false},
    {"logistic", 18, CLASSES | LABELS, false},
    {"mse", 1, NUMBERS, false},
    {"mse", 18, NUMBERS, false},
    {"huber", 5, NUMBERS, false},
    {"huber 0.4", 18, NUMBERS, false},
};

typedef struct subject {
    probe p; /* an affine layer and the loss */
    rnl_matrix rows;
    int32_t classes[ROWS];
    double weights[WIDEST];
} subject;

static void fill_targets(rnl_matrix *rows, kind k, rnl_random *r)
{
    for (size_t i = 0; i < rows->rows; i++) {
        double sum = 0;
        for (size_t j = 0; j < rows->cols; j++) {
            const double u = rnl_random_uniform(r);
            const double t = k == NUMBERS         ? 4 * u - 2
                             : k == PROBABILITIES ? 0.01 + u
                                                  : (u < 0.3 ? 0 : (u < 0.6 ? 1 : u));
            rnl_matrix_set(rows, i, j, t);
            sum += t;
        }
        for (size_t j = 0; j < rows->cols && k == PROBABILITIES; j++)
            rnl_matrix_set(rows, i, j, rnl_matrix_get(rows, i, j) / sum);
    }
}

/* The same numbers for the same outputs and kind, whatever the loss. */
static subject *subject_new(const char *loss, size_t outputs, kind k, bool weighted)
{
    char description[64];
    snprintf(description, sizeof description, "affine %zu, %s", outputs, loss);
    subject *s = calloc(1, sizeof *s);
    assert_non_null(s);
    rnl_random r = rnl_random_new(outputs, 500 + (uint64_t)k);
    s->p.name = loss;
    s->p.net = net_of(description, INPUTS, 0, RNL_F64, NULL);
    s->p.ws = workspace_of(s->p.net, ROWS);
    s->p.x = matrix_new(ROWS, INPUTS, RNL_F64);
    s->rows = matrix_new(ROWS, outputs, RNL_F64);
    fill_normal(&s->p.x, &r, 1);
    fill_parameters(s->p.net, &r, 0.7);
    fill_targets(&s->rows, k, &r);
    for (size_t i = 0; i < ROWS; i++)
        s->classes[i] = (int32_t)rnl_bounded(rnl_random_u64(&r), outputs == 1 ? 2 : outputs);
    for (size_t j = 0; j < WIDEST; j++)
        s->weights[j] = j == 2 ? 0 : 0.2 + rnl_random_uniform(&r);
    s->p.t = k == CLASSES ? rnl_targets_classes(s->classes, ROWS) : rnl_targets_rows(s->rows);
    s->p.t.class_weights = weighted ? s->weights : NULL;
    return s;
}

static void subject_free(subject *s)
{
    rnl_workspace_free(&s->p.ws);
    rnl_net_free(&s->p.net);
    matrix_free(&s->p.x);
    matrix_free(&s->rows);
    free(s);
}

static void test_gradients(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(losses); i++) {
        for (unsigned k = CLASSES; k <= NUMBERS; k *= 2) {
            if (!(losses[i].kinds & k))
                continue;
            subject *s =
                subject_new(losses[i].loss, losses[i].outputs, (kind)k, losses[i].weighted);
            rnl_gradients *g;
            double loss;
            must(rnl_gradients_new(&g, s->p.net));
            must(rnl_net_gradient(s->p.net, s->p.ws, s->p.x, s->p.t, g, &loss));
            assert_true(loss > 0.01);
            assert_true(fabs(probe_value(&s->p) - loss) <= 1e-15 * loss);
            for (size_t b = 0; b < 2; b++) {
                rnl_parameter parameter = rnl_net_parameter(s->p.net, b);
                const rnl_matrix block = rnl_gradients_block(g, b);
                check_gradient(&s->p, parameter.name, &parameter.value, &block);
            }
            rnl_gradients_free(&g);
            subject_free(s);
        }
    }
}

/* ---- relations between losses ------------------------------------------------------------------------ */

static double loss_of(const char *loss, size_t outputs, kind k)
{
    subject *s = subject_new(loss, outputs, k, false);
    const double value = probe_value(&s->p);
    subject_free(s);
    return value;
}

static void expect_equal(double a, double b)
{
    if (!(fabs(a - b) <= 1e-13 * fabs(a)))
        fail_msg("%.17g and %.17g should be the same", a, b);
}

static void test_relations(void **state)
{
    (void)state;
    /* half the square is huber's loss of small errors, and no error here is larger than 100 */
    expect_equal(loss_of("mse", 5, NUMBERS), 2 * loss_of("huber 100", 5, NUMBERS));
    assert_true(loss_of("huber 0.1", 5, NUMBERS) < loss_of("huber 0.2", 5, NUMBERS));
    /* smoothing and weights that change nothing; the kernel is another one */
    const double plain = loss_of("softmax", 5, PROBABILITIES);
    expect_equal(loss_of("softmax 0", 5, PROBABILITIES), plain);
    expect_equal(loss_of("softmax 1e-17", 5, PROBABILITIES), plain);
    subject *s = subject_new("softmax", 5, PROBABILITIES, true);
    for (size_t k = 0; k < WIDEST; k++)
        s->weights[k] = 1;
    expect_equal(probe_value(&s->p), plain);
    for (size_t k = 0; k < WIDEST; k++)
        s->weights[k] = 3;
    expect_equal(probe_value(&s->p), 3 * plain);
    /* smoothing is the mean of the target and of all classes alike */
    s->p.t.class_weights = NULL;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < 5; k++)
            rnl_matrix_set(&s->rows, i, k, 0.2);
    expect_equal(loss_of("softmax 0.3", 5, PROBABILITIES), 0.7 * plain + 0.3 * probe_value(&s->p));
    subject_free(s);
}

/* One output that says yes or no is two outputs with a softmax, of which the first is always 0. */
static void test_logistic_is_softmax_of_two(void **state)
{
    (void)state;
    subject *one = subject_new("logistic", 1, CLASSES, false),
            *two = subject_new("softmax", 2, CLASSES, false);
    for (size_t b = 0; b < 2; b++) {
        rnl_matrix to = rnl_net_parameter(two->p.net, b).value,
                   from = rnl_net_parameter(one->p.net, b).value;
        for (size_t i = 0; i < to.rows; i++) {
            rnl_matrix_set(&to, i, 0, 0);
            rnl_matrix_set(&to, i, 1, rnl_matrix_get(&from, i, 0));
        }
    }
    two->p.t = one->p.t;
    memcpy(two->p.x.data, one->p.x.data, ROWS * INPUTS * sizeof(double));
    expect_equal(probe_value(&one->p), probe_value(&two->p));

    double accuracy[2], p_data[ROWS], q_data[2 * ROWS];
    rnl_matrix p = rnl_matrix_f64(p_data, ROWS, 1), q = rnl_matrix_f64(q_data, ROWS, 2);
    must(rnl_net_accuracy(one->p.net, one->p.ws, one->p.x, one->p.t, &accuracy[0]));
    must(rnl_net_accuracy(two->p.net, two->p.ws, two->p.x, two->p.t, &accuracy[1]));
    assert_true(accuracy[0] == accuracy[1] && accuracy[0] > 0 && accuracy[0] < 1);
    must(rnl_net_probabilities(one->p.net, one->p.ws, one->p.x, p));
    must(rnl_net_probabilities(two->p.net, two->p.ws, two->p.x, q));
    for (size_t i = 0; i < ROWS; i++)
        expect_equal(p_data[i], q_data[2 * i + 1]);
    subject_free(one);
    subject_free(two);
}

/* Classes say the same as rows that have 1 in their column. */
static void test_classes_are_labels(void **state)
{
    (void)state;
    static const char *const texts[] = {"logistic", "softmax 0.2"};
    for (size_t k = 0; k < COUNT(texts); k++) {
        subject *s = subject_new(texts[k], 5, CLASSES, false);
        const double by_class = probe_value(&s->p);
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < 5; j++)
                rnl_matrix_set(&s->rows, i, j, (int32_t)j == s->classes[i]);
        s->p.t = rnl_targets_rows(s->rows);
        expect_equal(probe_value(&s->p), by_class);
        subject_free(s);
    }
}

/* Logits beyond what exp can do: the loss stays exact, and infinite only where it is. */
static void test_large_logits(void **state)
{
    (void)state;
    static const struct {
        double logit;
        int32_t label;
        double loss;
    } cases[] = {{1000, 1, 0}, {1000, 0, 1000}, {-1000, 1, 1000}, {-1000, 0, 0}, {0, 1, M_LN2}};
    rnl_net *net = net_of("affine 1, logistic", 1, 0, RNL_F64, NULL);
    rnl_workspace *ws = workspace_of(net, 1);
    rnl_gradients *g;
    must(rnl_gradients_new(&g, net));
    rnl_matrix W = rnl_net_parameter(net, 0).value;
    rnl_matrix_set(&W, 0, 0, 1);
    for (size_t k = 0; k < COUNT(cases); k++) {
        double loss;
        must(rnl_net_gradient(net, ws, rnl_matrix_f64(&cases[k].logit, 1, 1),
                              rnl_targets_classes(&cases[k].label, 1), g, &loss));
        assert_true(fabs(loss - cases[k].loss) < 1e-15);
        const rnl_matrix db = rnl_gradients_block(g, 1);
        const double s = cases[k].logit > 0 ? 1 : (cases[k].logit < 0 ? 0 : 0.5);
        assert_true(rnl_matrix_get(&db, 0, 0) == s - cases[k].label);
    }
    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

/* The share of labels, each row and column counting as one. */
static void test_accuracy_of_labels(void **state)
{
    (void)state;
    rnl_net *net = net_of("leaky_relu, logistic", 3, 0, RNL_F64, NULL);
    rnl_workspace *ws = workspace_of(net, 2);
    const double x[] = {1, -1, 2, -1, -2, 3}, t[] = {1, 0, 0, 0.3, 0.7, 1};
    double accuracy;
    must(rnl_net_accuracy(net, ws, rnl_matrix_f64(x, 2, 3),
                          rnl_targets_rows(rnl_matrix_f64(t, 2, 3)), &accuracy));
    assert_true(fabs(accuracy - 4.0 / 6) < 1e-15);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

/* ---- what they refuse -------------------------------------------------------------------------------- */

static void expect_refused(const char *loss, rnl_targets t, const char *says)
{
    char description[64];
    snprintf(description, sizeof description, "affine 2, %s", loss);
    rnl_net *net = net_of(description, 1, 0, RNL_F64, NULL);
    rnl_workspace *ws = workspace_of(net, 2);
    const double x[] = {1, 2};
    double value = 7;
    assert_int_not_equal(rnl_net_loss(net, ws, rnl_matrix_f64(x, 2, 1), t, &value), RNL_OK);
    if (!strstr(rnl_error_text(), says))
        fail_msg("%s: \"%s\" does not say \"%s\"", loss, rnl_error_text(), says);
    assert_true(value == 7);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

static rnl_targets rows_of(const double *numbers)
{
    return rnl_targets_rows(rnl_matrix_f64(numbers, 2, 2));
}

static void test_bad_targets(void **state)
{
    (void)state;
    static const int32_t classes[] = {0, 2};
    static const double large[] = {0, 1, 1, 1.5}, nan_in[] = {0, 1, NAN, 1},
                        infinite[] = {0, 1, 1, -INFINITY}, no_sum[] = {0, 1, 0.7, 0.7},
                        fine[] = {0, 1, 1, 0}, weights[] = {1, -1}, endless[] = {INFINITY, 1},
                        zeros[] = {0, 0};
    expect_refused("softmax", rnl_targets_classes(classes, 2), "target 1 is class 2");
    expect_refused("softmax", rows_of(no_sum), "target row 1 is no row of probabilities");
    expect_refused("softmax 0.1", rows_of(nan_in), "target row 1 is no row of probabilities");
    expect_refused("logistic", rnl_targets_classes(classes, 2), "target 1 is class 2");
    expect_refused("logistic", rows_of(large), "target row 1 has 1.5 in column 1");
    expect_refused("logistic", rows_of(nan_in), "target row 1 has nan in column 0");
    expect_refused("mse", rnl_targets_classes(classes, 2), "mse wants rows of numbers");
    expect_refused("huber", rows_of(nan_in), "target row 1 has NaN in column 0");
    expect_refused("mse", rows_of(infinite), "target row 1 has infinity in column 1");
    rnl_targets t = rows_of(fine);
    t.class_weights = weights;
    expect_refused("softmax", t, "the weight of class 1 is -1");
    expect_refused("logistic", t, "class weights go with softmax, not with logistic");
    expect_refused("huber", t, "class weights go with softmax, not with huber");
    t.class_weights = endless;
    expect_refused("softmax", t, "the weight of class 0 is inf");
    t.class_weights = zeros;
    expect_refused("softmax", t, "the weights of all classes are 0");
}

/* Numbers have no accuracy and no probabilities. */
static void test_regression(void **state)
{
    (void)state;
    subject *s = subject_new("mse", 2, NUMBERS, false);
    double accuracy;
    assert_int_equal(rnl_net_task(s->p.net), RNL_TASK_REGRESSION);
    assert_int_equal(rnl_net_accuracy(s->p.net, s->p.ws, s->p.x, s->p.t, &accuracy), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(),
                        "\"affine 2, mse\" answers with numbers, which have no accuracy");
    assert_int_equal(rnl_net_probabilities(s->p.net, s->p.ws, s->p.x, s->rows), RNL_ERR_USAGE);
    subject_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_logistic_is_softmax_of_two),
        cmocka_unit_test(test_classes_are_labels),
        cmocka_unit_test(test_large_logits),
        cmocka_unit_test(test_accuracy_of_labels),
        cmocka_unit_test(test_bad_targets),
        cmocka_unit_test(test_regression),
    };
    return cmocka_run_group_tests_name("losses", tests, NULL, NULL);
}

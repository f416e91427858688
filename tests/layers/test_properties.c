/* test_properties.c - what must hold of the layers whatever their numbers: no reference is needed
 *
 * Each property in f32 and f64 and for every backend of this build. `close` allows what rounding
 * explains: so many roundings of the largest number involved. */
#include "nets.h"

#include <float.h>

enum { N = 60, IN = 37, OUT = 10 };

typedef struct setting {
    rnl_dtype dtype;
    const char *backend;
} setting;

/* Calls f for every dtype and backend. */
static void everywhere(void (*f)(const setting *s))
{
    for (size_t b = 0; rnl_backend_name(b); b++)
        for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++)
            f(&(setting){(rnl_dtype)dtype, rnl_backend_name(b)});
}

static double rounding(const setting *s)
{
    return s->dtype == RNL_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
}

static void check_close(const setting *s, const char *what, const rnl_matrix *a,
                        const rnl_matrix *b, double roundings)
{
    const double bound = roundings * rounding(s) * fmax(largest(a), largest(b));
    assert_true(bound > 0);
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < a->cols; j++)
            if (!(fabs(rnl_matrix_get(a, i, j) - rnl_matrix_get(b, i, j)) <= bound))
                fail_msg("%s (%s, %s): [%zu, %zu] is %.9g and %.9g", what, s->backend,
                         s->dtype == RNL_F64 ? "f64" : "f32", i, j, rnl_matrix_get(a, i, j),
                         rnl_matrix_get(b, i, j));
}

/* A network with random parameters, made for one property. */
typedef struct subject {
    rnl_net *net;
    rnl_workspace *ws;
    rnl_random random;
} subject;

static subject subject_new(const setting *s, const char *description, size_t inputs)
{
    subject t = {.random = rnl_random_new(3, 200)};
    t.net = net_of(description, inputs, 0, s->dtype, s->backend);
    t.ws = workspace_of(t.net, N);
    fill_parameters(t.net, &t.random, 0.5);
    return t;
}

static void subject_free(subject *t)
{
    rnl_workspace_free(&t->ws);
    rnl_net_free(&t->net);
}

static rnl_matrix random_matrix(subject *t, size_t rows, size_t cols)
{
    rnl_matrix m = matrix_new(rows, cols, rnl_net_dtype(t->net));
    fill_normal(&m, &t->random, 1);
    return m;
}

static rnl_matrix predicted(subject *t, const rnl_matrix *x)
{
    rnl_matrix y = matrix_new(x->rows, rnl_net_outputs(t->net), x->dtype);
    must(rnl_net_predict(t->net, t->ws, *x, y));
    return y;
}

/* a + factor b, in a new matrix */
static rnl_matrix plus(const rnl_matrix *a, double factor, const rnl_matrix *b)
{
    rnl_matrix sum = matrix_new(a->rows, a->cols, a->dtype);
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < a->cols; j++)
            rnl_matrix_set(&sum, i, j, rnl_matrix_get(a, i, j) + factor * rnl_matrix_get(b, i, j));
    return sum;
}

/* Row i of the result is row (7 i + 3) mod rows of m, a permutation for rows = 60. */
static size_t permuted_row(size_t i)
{
    return (7 * i + 3) % N;
}

static rnl_matrix permuted(const rnl_matrix *m)
{
    rnl_matrix p = matrix_new(m->rows, m->cols, m->dtype);
    const size_t bytes = m->cols * rnl_dtype_size(m->dtype);
    for (size_t i = 0; i < m->rows; i++)
        memcpy(rnl_matrix_rows(p, i, 1).data, rnl_matrix_rows(*m, permuted_row(i), 1).data, bytes);
    return p;
}

static void put(rnl_matrix *to, const rnl_matrix *from)
{
    for (size_t i = 0; i < to->rows; i++)
        for (size_t j = 0; j < to->cols; j++)
            rnl_matrix_set(to, i, j, rnl_matrix_get(from, i, j));
}

#define MATRICES_FREE(...)                                                                         \
    do {                                                                                           \
        rnl_matrix *all_[] = {__VA_ARGS__};                                                        \
        for (size_t k = 0; k < sizeof all_ / sizeof all_[0]; k++)                                  \
            matrix_free(all_[k]);                                                                  \
    } while (0)

/* ---- affine ------------------------------------------------------------------------------------------- */

/* b = 0:  f(u - 3 v) = f(u) - 3 f(v) */
static void linear_in_x(const setting *s)
{
    subject t = subject_new(s, "affine 10", IN);
    rnl_matrix b = rnl_net_parameter(t.net, 1).value;
    fill_normal(&b, &t.random, 0);
    rnl_matrix u = random_matrix(&t, N, IN), v = random_matrix(&t, N, IN), x = plus(&u, -3, &v);
    rnl_matrix f_u = predicted(&t, &u), f_v = predicted(&t, &v), f_x = predicted(&t, &x);
    rnl_matrix sum = plus(&f_u, -3, &f_v);
    check_close(s, "affine is linear in x", &f_x, &sum, IN);
    MATRICES_FREE(&u, &v, &x, &f_u, &f_v, &f_x, &sum);
    subject_free(&t);
}

/* With W and b twice as large, y is twice as large; f(W + V) = f(W) + f(V). */
static void linear_in_parameters(const setting *s)
{
    subject t = subject_new(s, "affine 10", IN), other = subject_new(s, "affine 10", IN);
    fill_parameters(other.net, &t.random, 0.5);
    rnl_matrix x = random_matrix(&t, N, IN), y_W = predicted(&t, &x), y_V = predicted(&other, &x);
    for (size_t i = 0; i < 2; i++) {
        rnl_matrix W = rnl_net_parameter(t.net, i).value, V = rnl_net_parameter(other.net, i).value;
        rnl_matrix sum = plus(&W, 1, &V);
        put(&W, &sum);
        matrix_free(&sum);
    }
    rnl_matrix y = predicted(&t, &x), sum = plus(&y_W, 1, &y_V);
    check_close(s, "affine is linear in W and b", &y, &sum, IN);
    MATRICES_FREE(&x, &y_W, &y_V, &y, &sum);
    subject_free(&t);
    subject_free(&other);
}

/* x = identity: y = W + b */
static void identity_shows_W(const setting *s)
{
    subject t = subject_new(s, "affine 10", IN);
    rnl_matrix x = matrix_new(IN, IN, s->dtype), want = matrix_new(IN, OUT, s->dtype);
    const rnl_matrix W = rnl_net_parameter(t.net, 0).value, b = rnl_net_parameter(t.net, 1).value;
    for (size_t i = 0; i < IN; i++) {
        rnl_matrix_set(&x, i, i, 1);
        for (size_t j = 0; j < OUT; j++)
            rnl_matrix_set(&want, i, j, rnl_matrix_get(&W, i, j) + rnl_matrix_get(&b, 0, j));
    }
    rnl_matrix y = predicted(&t, &x);
    check_close(s, "affine of the identity is W + b", &y, &want, 1);
    MATRICES_FREE(&x, &want, &y);
    subject_free(&t);
}

/* ---- relu, sigmoid ---------------------------------------------------------------------------------------- */

/* relu(relu(x)) = relu(x);  relu(x) - relu(-x) = x */
static void relu_identities(const setting *s)
{
    subject t = subject_new(s, "relu", IN);
    rnl_matrix zero = matrix_new(N, IN, s->dtype), x = random_matrix(&t, N, IN),
               minus_x = plus(&zero, -1, &x);
    rnl_matrix y = predicted(&t, &x), y_y = predicted(&t, &y), y_minus = predicted(&t, &minus_x);
    rnl_matrix difference = plus(&y, -1, &y_minus);
    assert_memory_equal(y.data, y_y.data, N * IN * rnl_dtype_size(s->dtype));
    assert_memory_equal(x.data, difference.data, N * IN * rnl_dtype_size(s->dtype));
    MATRICES_FREE(&zero, &x, &minus_x, &y, &y_y, &y_minus, &difference);
    subject_free(&t);
}

/* sigmoid(-x) = 1 - sigmoid(x);  sigmoid(2 x) = s^2 / (s^2 + (1 - s)^2) */
static void sigmoid_identities(const setting *s)
{
    subject t = subject_new(s, "sigmoid", IN);
    rnl_matrix zero = matrix_new(N, IN, s->dtype), x = random_matrix(&t, N, IN);
    rnl_matrix minus_x = plus(&zero, -1, &x), twice = plus(&x, 1, &x);
    rnl_matrix y = predicted(&t, &x), y_minus = predicted(&t, &minus_x),
               y_twice = predicted(&t, &twice);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < IN; j++) {
            const double a = rnl_matrix_get(&y, i, j), b = rnl_matrix_get(&y_minus, i, j);
            assert_true(fabs(a + b - 1) <= 4 * rounding(s));
            assert_true(fabs(rnl_matrix_get(&y_twice, i, j) - a * a / (a * a + b * b)) <=
                        8 * rounding(s));
        }
    }
    MATRICES_FREE(&zero, &x, &minus_x, &twice, &y, &y_minus, &y_twice);
    subject_free(&t);
}

/* ---- softmax ------------------------------------------------------------------------------------------------ */

static rnl_matrix probabilities(subject *t, const rnl_matrix *x)
{
    rnl_matrix y = matrix_new(x->rows, rnl_net_outputs(t->net), x->dtype);
    must(rnl_net_probabilities(t->net, t->ws, *x, y));
    return y;
}

/* Rows sum to 1; the order of a row is kept; a constant added to b changes nothing. */
static void softmax_of_rows(const setting *s)
{
    subject t = subject_new(s, "affine 10", IN);
    rnl_matrix x = random_matrix(&t, N, IN), y = predicted(&t, &x), p = probabilities(&t, &x);
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        for (size_t k = 0; k < OUT; k++) {
            sum += rnl_matrix_get(&p, i, k);
            for (size_t l = 0; l < k; l++)
                assert_true((rnl_matrix_get(&y, i, k) >= rnl_matrix_get(&y, i, l)) ==
                            (rnl_matrix_get(&p, i, k) >= rnl_matrix_get(&p, i, l)));
        }
        assert_true(fabs(sum - 1) <= OUT * rounding(s));
    }
    rnl_matrix b = rnl_net_parameter(t.net, 1).value;
    for (size_t k = 0; k < OUT; k++)
        rnl_matrix_set(&b, 0, k, rnl_matrix_get(&b, 0, k) + 100);
    rnl_matrix shifted = probabilities(&t, &x);
    /* logits near 100 are known to 100 roundings of 1, and exp makes that relative */
    check_close(s, "softmax of x + 100", &p, &shifted, 300);
    MATRICES_FREE(&x, &y, &p, &shifted);
    subject_free(&t);
}

/* ---- batches -------------------------------------------------------------------------------------------------- */

static const char *const STACK = "affine 24, relu, affine 17, sigmoid, affine 10";

/* A batch of n is n batches of one. */
static void one_by_one(const setting *s)
{
    subject t = subject_new(s, STACK, IN);
    rnl_matrix x = random_matrix(&t, N, IN), y = predicted(&t, &x),
               each = matrix_new(N, OUT, s->dtype);
    for (size_t i = 0; i < N; i++)
        must(rnl_net_predict(t.net, t.ws, rnl_matrix_rows(x, i, 1), rnl_matrix_rows(each, i, 1)));
    check_close(s, "n batches of one", &y, &each, 2 * IN);
    MATRICES_FREE(&x, &y, &each);
    subject_free(&t);
}

/* Permuted rows give permuted outputs: the very same bits. */
static void permuted_batch(const setting *s)
{
    subject t = subject_new(s, STACK, IN);
    rnl_matrix x = random_matrix(&t, N, IN), y = predicted(&t, &x), x_p = permuted(&x);
    rnl_matrix y_p = predicted(&t, &x_p), want = permuted(&y);
    assert_memory_equal(y_p.data, want.data, N * OUT * rnl_dtype_size(s->dtype));
    MATRICES_FREE(&x, &y, &x_p, &y_p, &want);
    subject_free(&t);
}

static void gradient_of(subject *t, const rnl_matrix *x, const rnl_targets *targets,
                        rnl_gradients *g, double *loss)
{
    must(rnl_net_gradient(t->net, t->ws, *x, *targets, g, loss));
}

/* The gradient of a batch is the mean of its samples' gradients, its loss that of their losses; class
 * numbers and one-hot rows say the same; the order of the samples does not matter. */
static void gradients_of_batches(const setting *s)
{
    subject t = subject_new(s, STACK, IN);
    rnl_matrix x = random_matrix(&t, N, IN), rows = matrix_new(N, OUT, s->dtype);
    int32_t classes[N], classes_p[N];
    for (size_t i = 0; i < N; i++) {
        classes[i] = (int32_t)(i * 3 % OUT);
        rnl_matrix_set(&rows, i, (size_t)classes[i], 1);
    }
    for (size_t i = 0; i < N; i++)
        classes_p[i] = classes[permuted_row(i)];
    const rnl_targets by_class = rnl_targets_classes(classes, N), by_row = rnl_targets_rows(rows),
                      by_class_p = rnl_targets_classes(classes_p, N);
    rnl_matrix x_p = permuted(&x);
    rnl_gradients *g, *g_rows, *g_p, *g_one, *mean;
    rnl_gradients **const all[] = {&g, &g_rows, &g_p, &g_one, &mean};
    for (size_t k = 0; k < 5; k++)
        must(rnl_gradients_new(all[k], t.net));
    double loss, loss_rows, loss_p, loss_one, loss_mean = 0;
    gradient_of(&t, &x, &by_class, g, &loss);
    gradient_of(&t, &x, &by_row, g_rows, &loss_rows);
    gradient_of(&t, &x_p, &by_class_p, g_p, &loss_p);
    for (size_t i = 0; i < N; i++) {
        const rnl_matrix x_i = rnl_matrix_rows(x, i, 1);
        const rnl_targets t_i = rnl_targets_classes(&classes[i], 1);
        gradient_of(&t, &x_i, &t_i, g_one, &loss_one);
        loss_mean += loss_one / N;
        for (size_t k = 0; k < rnl_net_parameter_count(t.net); k++) {
            rnl_matrix to = rnl_gradients_block(mean, k), from = rnl_gradients_block(g_one, k);
            rnl_matrix sum = plus(&to, 1.0 / N, &from);
            put(&to, &sum);
            matrix_free(&sum);
        }
    }
    assert_true(loss > 0.1);
    assert_true(fabs(loss_rows - loss) <= 10 * OUT * rounding(s));
    assert_true(fabs(loss_p - loss) <= 10 * OUT * rounding(s));
    assert_true(fabs(loss_mean - loss) <= 2 * IN * rounding(s));
    for (size_t k = 0; k < rnl_net_parameter_count(t.net); k++) {
        rnl_matrix a = rnl_gradients_block(g, k), b = rnl_gradients_block(g_rows, k);
        rnl_matrix c = rnl_gradients_block(g_p, k), d = rnl_gradients_block(mean, k);
        check_close(s, "gradients of one-hot rows", &a, &b, N);
        check_close(s, "gradients of permuted samples", &a, &c, N);
        check_close(s, "mean of gradients", &a, &d, 2 * N);
    }
    for (size_t k = 0; k < 5; k++)
        rnl_gradients_free(all[k]);
    MATRICES_FREE(&x, &rows, &x_p);
    subject_free(&t);
}

/* No weights at all: every class is as likely, and the loss is the logarithm of their number. */
static void loss_of_nothing_learnt(const setting *s)
{
    subject t = subject_new(s, "affine 10", IN);
    fill_parameters(t.net, &t.random, 0);
    rnl_matrix x = random_matrix(&t, N, IN);
    const int32_t classes[N] = {0};
    double loss;
    must(rnl_net_loss(t.net, t.ws, x, rnl_targets_classes(classes, N), &loss));
    assert_true(fabs(loss - log(OUT)) <= 4 * rounding(s));
    matrix_free(&x);
    subject_free(&t);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

#define PROPERTY(f)                                                                                \
    static void test_##f(void **state)                                                             \
    {                                                                                              \
        (void)state;                                                                               \
        everywhere(f);                                                                             \
    }

PROPERTY(linear_in_x)
PROPERTY(linear_in_parameters)
PROPERTY(identity_shows_W)
PROPERTY(relu_identities)
PROPERTY(sigmoid_identities)
PROPERTY(softmax_of_rows)
PROPERTY(one_by_one)
PROPERTY(permuted_batch)
PROPERTY(gradients_of_batches)
PROPERTY(loss_of_nothing_learnt)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear_in_x),          cmocka_unit_test(test_linear_in_parameters),
        cmocka_unit_test(test_identity_shows_W),     cmocka_unit_test(test_relu_identities),
        cmocka_unit_test(test_sigmoid_identities),   cmocka_unit_test(test_softmax_of_rows),
        cmocka_unit_test(test_one_by_one),           cmocka_unit_test(test_permuted_batch),
        cmocka_unit_test(test_gradients_of_batches), cmocka_unit_test(test_loss_of_nothing_learnt),
    };
    return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}

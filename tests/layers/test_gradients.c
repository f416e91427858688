/* test_gradients.c - every layer by itself: its gradients against differences, element by element */
#include "nets.h"

#include "layers/layer.h"

/* One line a layer: a network of it alone. */
static const struct {
    const char *name, *description;
    size_t inputs, outputs;
} layers[] = {
    {"affine", "affine 5", 7, 5},
    {"relu", "relu", 9, 9},
    {"sigmoid", "sigmoid", 9, 9},
    {"tanh", "tanh", 9, 9},
    {"leaky_relu", "leaky_relu", 9, 9},
    {"elu", "elu", 9, 9},
    {"gelu", "gelu", 9, 9},
    {"silu", "silu", 9, 9},
    {"softplus", "softplus", 9, 9},
    {"dropout", "dropout 0.5", 9, 9},
    {"batchnorm", "batchnorm", 9, 9},
    {"layernorm", "layernorm", 9, 9},
    {"flatten", "flatten", 9, 9},
};

enum { LAYERS = sizeof layers / sizeof layers[0] };

static void test_no_layer_is_forgotten(void **state)
{
    (void)state;
    for (size_t i = 0; rnl_layer_type_at(i); i++) {
        size_t k = 0;
        while (k < LAYERS && strcmp(layers[k].name, rnl_layer_type_at(i)->name) != 0)
            k++;
        if (k == LAYERS)
            fail_msg("layer \"%s\" has no gradient test", rnl_layer_type_at(i)->name);
    }
}

/* Numbers of either sign that keep away from 0, where relu has a kink. */
static void fill_off_zero(rnl_matrix *m, rnl_random *r)
{
    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->cols; j++) {
            const double x = rnl_random_normal(r);
            rnl_matrix_set(m, i, j, x < 0 ? x - KINK : x + KINK);
        }
}

static void test_each_layer(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 3, 30};
    for (size_t k = 0; k < LAYERS; k++) {
        for (size_t b = 0; b < sizeof rows / sizeof rows[0]; b++) {
            rnl_random r = rnl_random_new(k, 100 + b);
            probe p = {.name = layers[k].description};
            p.net = net_of(layers[k].description, layers[k].inputs, 0, RNL_F64, NULL);
            p.ws = workspace_of(p.net, rows[b]);
            assert_int_equal(rnl_net_outputs(p.net), layers[k].outputs);
            fill_parameters(p.net, &r, 0.7);
            p.x = matrix_new(rows[b], layers[k].inputs, RNL_F64);
            p.y = matrix_new(rows[b], layers[k].outputs, RNL_F64);
            fill_off_zero(&p.x, &r);
            check_backward(&p, &r);
            matrix_free(&p.x);
            matrix_free(&p.y);
            rnl_workspace_free(&p.ws);
            rnl_net_free(&p.net);
        }
    }
}

/* ---- losses: dx = d mean(losses) / dx ----------------------------------------------------------------- */

enum { SAMPLES = 6, WIDTH = 5 };

static double mean_loss(const rnl_kernels *kernels, const rnl_matrix *x, const rnl_targets *t)
{
    const rnl_loss loss = {.type = rnl_loss_type_at(0)};
    double losses[SAMPLES], sum = 0;
    loss.type->forward_backward(&loss, kernels, losses, NULL, x, t);
    for (size_t i = 0; i < SAMPLES; i++)
        sum += losses[i];
    return sum / SAMPLES;
}

static void check_loss(const char *name, const rnl_kernels *kernels, rnl_matrix *x,
                       const rnl_targets *t)
{
    const rnl_loss loss = {.type = rnl_loss_type_at(0)};
    double dx_data[SAMPLES * WIDTH];
    rnl_matrix dx = rnl_matrix_f64(dx_data, SAMPLES, WIDTH);
    loss.type->forward_backward(&loss, kernels, NULL, &dx, x, t);
    assert_true(largest(&dx) > 1e-3);
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t k = 0; k < WIDTH; k++) {
            const double x_ik = rnl_matrix_get(x, i, k), got = rnl_matrix_get(&dx, i, k);
            rnl_matrix_set(x, i, k, x_ik + STEP);
            const double above = mean_loss(kernels, x, t);
            rnl_matrix_set(x, i, k, x_ik - STEP);
            const double want = (above - mean_loss(kernels, x, t)) / (2 * STEP);
            rnl_matrix_set(x, i, k, x_ik);
            if (!(fabs(got - want) <= 1e-6 * fabs(want) + 1e-9))
                fail_msg("%s: dx[%zu, %zu] is %.15g, by differences %.15g", name, i, k, got, want);
        }
    }
}

static void test_softmax_loss(void **state)
{
    (void)state;
    const char *backend;
    const rnl_kernels *kernels;
    must(rnl_backend_find(NULL, RNL_F64, &backend, &kernels));
    assert_string_equal(rnl_loss_type_at(0)->name, "softmax");

    rnl_random r = rnl_random_new(8, 100);
    double x_data[SAMPLES * WIDTH], rows_data[SAMPLES * WIDTH];
    int32_t classes[SAMPLES];
    rnl_matrix x = rnl_matrix_f64(x_data, SAMPLES, WIDTH),
               rows = rnl_matrix_f64(rows_data, SAMPLES, WIDTH);
    fill_normal(&x, &r, 2);
    for (size_t i = 0; i < SAMPLES; i++) {
        double sum = 0;
        classes[i] = (int32_t)rnl_bounded(rnl_random_u64(&r), WIDTH);
        for (size_t k = 0; k < WIDTH; k++)
            sum += rows_data[i * WIDTH + k] = rnl_random_uniform(&r);
        for (size_t k = 0; k < WIDTH; k++)
            rows_data[i * WIDTH + k] /= sum;
    }
    const rnl_targets by_class = rnl_targets_classes(classes, SAMPLES),
                      by_row = rnl_targets_rows(rows);
    check_loss("softmax of classes", kernels, &x, &by_class);
    check_loss("softmax of rows", kernels, &x, &by_row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_layer_is_forgotten),
        cmocka_unit_test(test_each_layer),
        cmocka_unit_test(test_softmax_loss),
    };
    return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}

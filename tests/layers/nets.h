/* nets.h - for tests of layers and networks: small networks, random numbers, slopes to compare with */
#ifndef RNL_TESTS_LAYERS_NETS_H
#define RNL_TESTS_LAYERS_NETS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/matrix.h"
#include "base/random.h"
#include "runnel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void must(rnl_status status)
{
    if (status != RNL_OK)
        fail_msg("%s", rnl_error_text());
}

/* A network that takes `inputs` numbers; `outputs` for an affine layer that says no width. */
static inline rnl_net *net_of(const char *description, size_t inputs, size_t outputs,
                              rnl_dtype dtype, const char *backend)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = inputs;
    config.outputs = outputs;
    config.dtype = dtype;
    config.backend = backend;
    rnl_net *net;
    must(rnl_net_new(&net, description, &config));
    return net;
}

static inline rnl_workspace *workspace_of(const rnl_net *net, size_t n)
{
    rnl_workspace *ws;
    must(rnl_workspace_new(&ws, net, n));
    return ws;
}

/* Zeros; hand to matrix_free. */
static inline rnl_matrix matrix_new(size_t rows, size_t cols, rnl_dtype dtype)
{
    void *data = calloc(rows * cols + 1, rnl_dtype_size(dtype));
    assert_non_null(data);
    return rnl_matrix_view(data, rows, cols, dtype);
}

static inline void matrix_free(rnl_matrix *m)
{
    free(m->data);
    m->data = NULL;
}

static inline void fill_normal(rnl_matrix *m, rnl_random *r, double std)
{
    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->cols; j++)
            rnl_matrix_set(m, i, j, std * rnl_random_normal(r));
}

static inline void fill_parameters(rnl_net *net, rnl_random *r, double std)
{
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        rnl_matrix value = rnl_net_parameter(net, i).value;
        fill_normal(&value, r, std);
    }
}

/* Running means of either sign, running variances above 0. */
static inline void fill_state(rnl_net *net, rnl_random *r)
{
    for (size_t k = 0; k < rnl_net_state_count(net); k++) {
        rnl_parameter s = rnl_net_state(net, k);
        const bool variance = strncmp(s.name, "running_var", 11) == 0;
        for (size_t j = 0; j < s.value.cols; j++)
            rnl_matrix_set(&s.value, 0, j,
                           variance ? 0.5 + rnl_random_uniform(r) : rnl_random_normal(r));
    }
}

/* The parameters of `from` into those of `to`, as many as `to` has. */
static inline void copy_parameters(rnl_net *to, const rnl_net *from)
{
    for (size_t p = 0; p < rnl_net_parameter_count(to); p++) {
        rnl_matrix a = rnl_net_parameter(to, p).value, b = rnl_net_parameter(from, p).value;
        for (size_t i = 0; i < a.rows; i++)
            for (size_t j = 0; j < a.cols; j++)
                rnl_matrix_set(&a, i, j, rnl_matrix_get(&b, i, j));
    }
}

static inline double largest(const rnl_matrix *m)
{
    double most = 0;
    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->cols; j++)
            most = fmax(most, fabs(rnl_matrix_get(m, i, j)));
    return most;
}

/* ---- gradients, element by element ------------------------------------------------------------------ */

/* A number that a network makes of its input and parameters, and that has a gradient: the loss, or,
 * where dy.data is set, sum_ij dy[i, j] y[i, j] with the random upstream gradient dy. */
typedef struct probe {
    const char *name; /* for messages */
    rnl_net *net;     /* f64 */
    rnl_workspace *ws;
    rnl_matrix x, y, dy;
    rnl_targets t;
} probe;

static inline double probe_value(probe *p)
{
    double value = 0;
    if (!p->dy.data) {
        must(rnl_net_loss(p->net, p->ws, p->x, p->t, &value));
        return value;
    }
    must(rnl_net_predict(p->net, p->ws, p->x, p->y));
    for (size_t i = 0; i < p->y.rows; i++)
        for (size_t j = 0; j < p->y.cols; j++)
            value += rnl_matrix_get(&p->dy, i, j) * rnl_matrix_get(&p->y, i, j);
    return value;
}

/* No relu's input may come closer to 0 than KINK, a hundred steps. */
static const double STEP = 1e-4, KINK = 1e-2;

/* d value / d m[i, j] by central differences of fourth order: off by about 1e-11. */
static inline double probe_slope(probe *p, rnl_matrix *m, size_t i, size_t j)
{
    const double w = rnl_matrix_get(m, i, j), at[4] = {-2, -1, 1, 2};
    double value[4];
    for (int k = 0; k < 4; k++) {
        rnl_matrix_set(m, i, j, w + at[k] * STEP);
        value[k] = probe_value(p);
    }
    rnl_matrix_set(m, i, j, w);
    return (8 * (value[2] - value[1]) - (value[3] - value[0])) / (12 * STEP);
}

/* `gradient` is that of the probe with respect to `m`: each element to 1e-6 of itself (and to 1e-9 of
 * the largest, below which the differences tell nothing). Not all of it is zero. */
static inline void check_gradient(probe *p, const char *block, rnl_matrix *m,
                                  const rnl_matrix *gradient)
{
    const double most = largest(gradient);
    if (!(most > 1e-6))
        fail_msg("%s: the gradient of %s is all but zero: at most %g", p->name, block, most);
    for (size_t i = 0; i < m->rows; i++) {
        for (size_t j = 0; j < m->cols; j++) {
            const double got = rnl_matrix_get(gradient, i, j), want = probe_slope(p, m, i, j);
            if (!(fabs(got - want) <= 1e-6 * fabs(want) + 1e-9 * most))
                fail_msg("%s: d%s[%zu, %zu] is %.15g by backpropagation, %.15g by differences",
                         p->name, block, i, j, got, want);
        }
    }
}

/* All parameters and the input, with a random upstream gradient, which stays as it was. */
static inline void check_backward(probe *p, rnl_random *r)
{
    p->dy = matrix_new(p->y.rows, p->y.cols, RNL_F64);
    fill_normal(&p->dy, r, 1);
    const size_t bytes = p->dy.rows * p->dy.cols * sizeof(double);
    void *kept = malloc(bytes + 1);
    assert_non_null(kept);
    memcpy(kept, p->dy.data, bytes);

    rnl_matrix dx = matrix_new(p->x.rows, p->x.cols, RNL_F64);
    rnl_gradients *g;
    must(rnl_gradients_new(&g, p->net));
    must(rnl_net_predict(p->net, p->ws, p->x, p->y));
    must(rnl_net_backward(p->net, p->ws, p->y, p->dy, g, &dx));
    assert_memory_equal(kept, p->dy.data, bytes);

    check_gradient(p, "x", &p->x, &dx);
    for (size_t i = 0; i < rnl_net_parameter_count(p->net); i++) {
        rnl_parameter parameter = rnl_net_parameter(p->net, i);
        const rnl_matrix block = rnl_gradients_block(g, i);
        check_gradient(p, parameter.name, &parameter.value, &block);
    }
    rnl_gradients_free(&g);
    matrix_free(&dx);
    matrix_free(&p->dy);
    free(kept);
}

#endif

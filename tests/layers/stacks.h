/* stacks.h - stacks of layers whose gradients are checked element by element, learning and predicting
 *
 * Beside each layer stand some that share its buffers if they may: what one overwrites and another needs
 * shows here. (Before a batchnorm that learns stands no bias alone: it would have no gradient.) Dropout's
 * mask follows from the mode, so that it holds still while numbers are moved. */
#ifndef RNL_TESTS_LAYERS_STACKS_H
#define RNL_TESTS_LAYERS_STACKS_H

#include "nets.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const rnl_mode training = {.training = true, .seed = 3, .iteration = 5};

static const struct {
    const char *description;
    size_t inputs;
} stacks[] = {
    {"tanh", 19},
    {"leaky_relu 0.3", 19},
    {"elu 0.7", 19},
    {"gelu", 19},
    {"silu", 19},
    {"softplus", 19},
    {"dropout 0.4", 19},
    {"batchnorm 0.2 0.01", 70},
    {"layernorm 0.01", 35},
    {"affine 7, tanh, affine 5", 6},
    {"affine 7, leaky_relu, affine 5", 6},
    {"affine 7, elu, affine 5", 6},
    {"affine 7, gelu, affine 5", 6},
    {"affine 7, silu, affine 5", 6},
    {"affine 7, softplus, affine 5", 6},
    {"affine 7, dropout 0.3, affine 5", 6},
    {"affine 7, tanh, batchnorm, affine 5", 6},
    {"affine 7, layernorm, affine 5", 6},
    {"affine 7, silu, batchnorm, relu, dropout 0.2, affine 5, layernorm, gelu, affine 3", 6},
    {"dropout 0.1, affine 6, relu, dropout 0.5, affine 4", 8},
    {"tanh, gelu, sigmoid, silu, elu, softplus", 6},
    {"tanh, sigmoid, softplus, elu", 6},
    {"affine 4, sigmoid, dropout 0.5, tanh, tanh, affine 3", 6},
    {"gelu, gelu, affine 3, silu, tanh", 6},
    {"batchnorm, tanh, batchnorm, affine 3, layernorm, layernorm", 6},
    {"flatten", 6},
    {"flatten, affine 5, tanh, flatten, affine 3, flatten", 6},
    {"affine 6, dropout 0.2, dropout 0.2, batchnorm, dropout 0.5", 6},
};

static inline void check_stack(const char *description, size_t inputs, size_t rows,
                               const rnl_mode *mode)
{
    char name[160];
    snprintf(name, sizeof name, "\"%s\", %zu rows, %s", description, rows,
             mode ? "learning" : "predicting");
    rnl_random r = rnl_random_new(rows, 400);
    probe p = {.name = name, .net = net_of(description, inputs, 0, RNL_F64, NULL)};
    p.ws = workspace_of(p.net, rows);
    if (mode)
        rnl_workspace_set_mode(p.ws, *mode);
    fill_parameters(p.net, &r, 0.6);
    fill_state(p.net, &r);
    p.x = matrix_new(rows, inputs, RNL_F64);
    p.y = matrix_new(rows, rnl_net_outputs(p.net), RNL_F64);
    fill_normal(&p.x, &r, 1);
    check_backward(&p, &r);
    matrix_free(&p.x);
    matrix_free(&p.y);
    rnl_workspace_free(&p.ws);
    rnl_net_free(&p.net);
}

#endif

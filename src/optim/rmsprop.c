/* rmsprop.c - RMSprop: the gradient divided by a moving root mean square of itself
 *
 *     v = b v + (1 - b) g^2
 *     w = w - lr g / (sqrt(v) + epsilon)
 *
 * Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012. torch.optim.RMSprop,
 * neither centred nor with momentum. */
#include "optim/rule.h"

static void step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u)
{
    (void)t;
    u->b = arg[0];
    u->epsilon = arg[1];
    kernels->update_rmsprop(u);
}

const rnl_rule rnl_rmsprop = {
    .name = "rmsprop",
    .help = "rmsprop B EPSILON: v = B v + (1 - B) g^2, w = w - lr g / (sqrt(v) + EPSILON)",
    .max_args = 2,
    .arg = {{.name = "smoothing", .min = 0, .max = 1, .below_max = true, .otherwise = 0.99},
            {.name = "epsilon", .min = 1e-30, .max = 1, .otherwise = 1e-8}},
    .has_v = true,
    .step = step,
};

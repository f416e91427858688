/* adagrad.c - AdaGrad: a learning rate of its own for each parameter, which only falls
 *
 *     v = v + g^2
 *     w = w - lr g / (sqrt(v) + epsilon)
 *
 * Duchi, Hazan and Singer, Adaptive subgradient methods for online learning and stochastic
 * optimization, 2011. torch.optim.Adagrad, no lr_decay. */
#include "optim/rule.h"

static void step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u)
{
    (void)t;
    u->epsilon = arg[0];
    kernels->update_adagrad(u);
}

const rnl_rule rnl_adagrad = {
    .name = "adagrad",
    .help = "adagrad EPSILON: v = v + g^2, w = w - lr g / (sqrt(v) + EPSILON)",
    .max_args = 1,
    .arg = {{.name = "epsilon", .min = 1e-30, .max = 1, .otherwise = 1e-10}},
    .has_v = true,
    .step = step,
};

/* sgd.c - stochastic gradient descent
 *
 *     w = w - lr g
 *
 * Robbins and Monro, A stochastic approximation method, 1951. torch.optim.SGD.
 *
 * Where nothing else is asked for (no weight decay, no clipping), training folds this step into the
 * product that computes the gradient, and this file has nothing to do. */
#include "optim/rule.h"

static void step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u)
{
    (void)arg, (void)t;
    kernels->update_sgd(u);
}

const rnl_rule rnl_sgd = {
    .name = "sgd",
    .help = "sgd: w = w - lr g",
    .step = step,
};

/* momentum.c - gradient descent with momentum: the heavy ball
 *
 *     s = m s + g
 *     w = w - lr s                        m: the momentum
 *
 * Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
 * torch.optim.SGD(momentum=m), no dampening. */
#include "optim/rule.h"

static void step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u)
{
    (void)t;
    u->a = arg[0];
    kernels->update_momentum(u);
}

const rnl_rule rnl_momentum = {
    .name = "momentum",
    .help = "momentum M: s = M s + g, w = w - lr s",
    .max_args = 1,
    .arg = {{.name = "momentum", .min = 0, .max = 1, .below_max = true, .otherwise = 0.9}},
    .has_s = true,
    .step = step,
};

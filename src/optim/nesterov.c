/* nesterov.c - gradient descent with Nesterov's momentum: the gradient is that of a look ahead
 *
 *     s = m s + g
 *     w = w - lr (g + m s)                m: the momentum
 *
 * Nesterov, A method of solving a convex programming problem with convergence rate O(1/k^2), 1983; in
 * this form by Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in
 * deep learning, 2013. torch.optim.SGD(momentum=m, nesterov=True). */
#include "optim/rule.h"

static void step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u)
{
    (void)t;
    u->a = arg[0];
    kernels->update_nesterov(u);
}

const rnl_rule rnl_nesterov = {
    .name = "nesterov",
    .help = "nesterov M: s = M s + g, w = w - lr (g + M s)",
    .max_args = 1,
    .arg = {{.name = "momentum", .min = 0, .max = 1, .below_max = true, .otherwise = 0.9}},
    .has_s = true,
    .step = step,
};

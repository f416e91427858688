/* adam.c - Adam: a moving mean of the gradient over a moving root mean square
 *
 *     s = b1 s + (1 - b1) g
 *     v = b2 v + (1 - b2) g^2
 *     w = w - lr s' / (sqrt(v') + epsilon),     s' = s / (1 - b1^t),  v' = v / (1 - b2^t)
 *
 * s' and v' make up for s and v having begun as 0; t counts steps from 1.
 *
 * Kingma and Ba, Adam: a method for stochastic optimization, 2014. torch.optim.Adam, no amsgrad. */
#include "optim/rule.h"

#include <math.h>

void rnl_adam_step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u)
{
    u->a = arg[0];
    u->b = arg[1];
    u->epsilon = arg[2];
    u->lr /= 1 - pow(arg[0], (double)t);
    u->root = 1 / sqrt(1 - pow(arg[1], (double)t));
    kernels->update_adam(u);
}

const rnl_rule rnl_adam = {
    .name = "adam",
    .help = "adam B1 B2 EPSILON: moving means s of g (B1) and v of g^2 (B2), each made up for its "
            "start, w = w - lr s / (sqrt(v) + EPSILON)",
    .max_args = 3,
    .arg = {{.name = "first smoothing", .min = 0, .max = 1, .below_max = true, .otherwise = 0.9},
            {.name = "second smoothing", .min = 0, .max = 1, .below_max = true, .otherwise = 0.999},
            {.name = "epsilon", .min = 1e-30, .max = 1, .otherwise = 1e-8}},
    .has_s = true,
    .has_v = true,
    .step = rnl_adam_step,
};

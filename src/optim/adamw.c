/* adamw.c - Adam with decoupled weight decay
 *
 *     w = w - lr decay w                  then as in adam.c; decay: 0.01 where nothing is said
 *
 * The decay acts on w itself. As part of the gradient (l2) it would be divided by sqrt(v) as well, and
 * would hardly touch parameters with large gradients.
 *
 * Loshchilov and Hutter, Decoupled weight decay regularization, 2017. torch.optim.AdamW. */
#include "optim/rule.h"

const rnl_rule rnl_adamw = {
    .name = "adamw",
    .help = "adamw B1 B2 EPSILON: as adam, with a weight decay of 0.01 where none is given",
    .max_args = 3,
    .arg = {{.name = "first smoothing", .min = 0, .max = 1, .below_max = true, .otherwise = 0.9},
            {.name = "second smoothing", .min = 0, .max = 1, .below_max = true, .otherwise = 0.999},
            {.name = "epsilon", .min = 1e-30, .max = 1, .otherwise = 1e-8}},
    .has_s = true,
    .has_v = true,
    .decay = 0.01,
    .step = rnl_adam_step,
};

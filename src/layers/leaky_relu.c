/* leaky_relu.c - a relu that lets a little of what is negative through
 *
 *   forward    y  = x where x > 0, else slope x
 *   backward   dx = dy where x > 0, else slope dy     (x > 0 just where y > 0, so y tells)
 */
#include "layers/layer.h"

enum { SLOPE };

static void forward(const rnl_layer *l, rnl_pass *p)
{
    p->kernels->leaky_relu_forward(&p->y, &p->x, l->arg[SLOPE]);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    if (p->dx.data)
        p->kernels->leaky_relu_backward(&p->dx, &p->dy, &p->y, l->arg[SLOPE]);
}

/* Of the variance, 1/2 comes through on one side and slope^2 / 2 on the other. */
static double he_variance(const rnl_layer *l)
{
    return 2 / (1 + l->arg[SLOPE] * l->arg[SLOPE]);
}

const rnl_layer_type rnl_leaky_relu = {
    .name = "leaky_relu",
    .max_args = 1,
    .arg = {{.name = "slope", .min = 0, .max = 1, .otherwise = 0.01}},
    .forward = forward,
    .backward = backward,
    .he_variance = he_variance,
    .is_activation = true,
    .needs_y = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

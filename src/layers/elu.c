/* elu.c - the exponential linear unit
 *
 *   forward    y  = x where x > 0, else alpha (exp(x) - 1)
 *   backward   dx = dy where x > 0, else dy (y + alpha)     (alpha exp(x) = y + alpha)
 */
#include "layers/layer.h"

enum { ALPHA };

static void forward(const rnl_layer *l, rnl_pass *p)
{
    p->kernels->elu_forward(&p->y, &p->x, l->arg[ALPHA]);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    if (p->dx.data)
        p->kernels->elu_backward(&p->dx, &p->dy, &p->y, l->arg[ALPHA]);
}

const rnl_layer_type rnl_elu = {
    .name = "elu",
    .max_args = 1,
    .arg = {{.name = "alpha", .min = 0, .max = 100, .otherwise = 1}},
    .forward = forward,
    .backward = backward,
    .he_variance = rnl_he_variance,
    .is_activation = true,
    .needs_y = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

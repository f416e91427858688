/* softplus.c - a smooth relu
 *
 *   forward    y  = log(1 + exp(x))
 *   backward   dx = dy (1 - exp(-y))           (dy/dx = 1 / (1 + exp(-x)), and exp(y) = 1 + exp(x))
 */
#include "layers/layer.h"

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    p->kernels->softplus_forward(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        p->kernels->softplus_backward(&p->dx, &p->dy, &p->y);
}

const rnl_layer_type rnl_softplus = {
    .name = "softplus",
    .forward = forward,
    .backward = backward,
    .he_variance = rnl_he_variance,
    .is_activation = true,
    .needs_y = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

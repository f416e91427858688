/* tanh.c - the hyperbolic tangent
 *
 *   forward    y  = tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))
 *   backward   dx = dy (1 - y^2)
 */
#include "layers/layer.h"

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    p->kernels->tanh_forward(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        p->kernels->tanh_backward(&p->dx, &p->dy, &p->y);
}

const rnl_layer_type rnl_tanh = {
    .name = "tanh",
    .forward = forward,
    .backward = backward,
    .is_activation = true,
    .needs_y = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

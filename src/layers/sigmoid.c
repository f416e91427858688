/* sigmoid.c - the logistic function
 *
 *   forward    y  = 1 / (1 + exp(-x))
 *   backward   dx = dy (1 - y) y               (dy/dx = exp(-x) / (1 + exp(-x))^2 = y (1 - y))
 */
#include "layers/layer.h"

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    p->kernels->sigmoid_forward(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        p->kernels->sigmoid_backward(&p->dx, &p->dy, &p->y);
}

const rnl_layer_type rnl_sigmoid = {
    .name = "sigmoid",
    .forward = forward,
    .backward = backward,
    .is_activation = true,
    .activation = RNL_ACT_SIGMOID,
    .needs_y = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

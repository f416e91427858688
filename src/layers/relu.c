/* relu.c - the rectified linear unit
 *
 *   forward    y  = max(x, 0)
 *   backward   dx = dy where x > 0, else 0     (x > 0 just where y > 0, so y tells)
 */
#include "layers/layer.h"

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    p->kernels->relu_forward(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        p->kernels->relu_backward(&p->dx, &p->dy, &p->y);
}

const rnl_layer_type rnl_relu = {
    .name = "relu",
    .forward = forward,
    .backward = backward,
    .he_variance = rnl_he_variance,
    .is_activation = true,
    .activation = RNL_ACT_RELU,
    .needs_y = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

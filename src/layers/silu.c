/* silu.c - the sigmoid linear unit, also called swish
 *
 *   forward    y  = x s                        s = 1 / (1 + exp(-x))
 *   backward   dx = dy s (1 + x (1 - s))
 */
#include "layers/layer.h"

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    p->kernels->silu_forward(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        p->kernels->silu_backward(&p->dx, &p->dy, &p->x);
}

const rnl_layer_type rnl_silu = {
    .name = "silu",
    .forward = forward,
    .backward = backward,
    .he_variance = rnl_he_variance,
    .is_activation = true,
    .needs_x = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

/* gelu.c - the Gaussian error linear unit, in its exact form: by the error function, not by tanh
 *
 *   forward    y  = x Phi(x)                   Phi(x) = (1 + erf(x / sqrt(2))) / 2
 *   backward   dx = dy (Phi(x) + x phi(x))     phi(x) = exp(-x^2 / 2) / sqrt(2 pi), the derivative of Phi
 */
#include "layers/layer.h"

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    p->kernels->gelu_forward(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        p->kernels->gelu_backward(&p->dx, &p->dy, &p->x);
}

const rnl_layer_type rnl_gelu = {
    .name = "gelu",
    .forward = forward,
    .backward = backward,
    .he_variance = rnl_he_variance,
    .is_activation = true,
    .needs_x = true,
    .y_over_x = true,
    .dx_over_dy = true,
};

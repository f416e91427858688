/* layernorm.c - layer normalisation (Ba, Kiros, Hinton 2016)
 *
 *   forward    h  = (x - mean) rate          mean, var of each row; rate = 1 / sqrt(var + eps)
 *              y  = gamma h + beta           x, h, y: [n, m]  gamma, beta: [1, m]
 *   backward   dx     = rate (g - mean_j g - h mean_j (g h))       g = dy gamma
 *              dgamma = sum_i dy[i, :] h[i, :]
 *              dbeta  = sum_i dy[i, :]
 *
 * A row depends on no other row: the same while the network learns and afterwards. */
#include "layers/layer.h"

enum { EPS };                                          /* argument */
enum { gamma = RNL_NORM_GAMMA, beta = RNL_NORM_BETA }; /* parameters */

static rnl_status shape(rnl_layer *l, size_t outputs_wanted)
{
    (void)outputs_wanted;
    rnl_norm_add_blocks(l);
    l->kept_cols = 2; /* mean and rate of each row */
    return RNL_OK;
}

static void forward(const rnl_layer *l, rnl_pass *p)
{
    p->kernels->layernorm_forward(&p->y, &p->kept, &p->x, &p->value[gamma], &p->value[beta],
                                  l->arg[EPS]);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    /* dx before gamma may change: the gradient can be a step of SGD that is added to it */
    if (p->dx.data)
        p->kernels->layernorm_backward_input(&p->dx, &p->dy, &p->x, &p->kept, &p->value[gamma]);
    p->kernels->layernorm_backward_params(&p->gradient[gamma], &p->gradient[beta], &p->x, &p->dy,
                                          &p->kept, p->alpha, p->add);
}

const rnl_layer_type rnl_layernorm = {
    .name = "layernorm",
    .max_args = 1,
    .arg = {{.name = "eps", .min = 1e-12, .max = 1, .otherwise = 1e-5}},
    .shape = shape,
    .init = rnl_norm_init,
    .forward = forward,
    .backward = backward,
    .needs_x = true,
};

/* batchnorm.c - batch normalisation (Ioffe, Szegedy 2015)
 *
 *   forward    h  = (x - mean) / sqrt(var + eps)      x, h, y: [n, m]  mean, var, gamma, beta: [1, m]
 *              y  = gamma h + beta
 *   backward   dgamma = sum_i dy[i, :] h[i, :]
 *              dbeta  = sum_i dy[i, :]
 *              dx     = gamma / sqrt(var + eps) (dy - mean_i dy - h mean_i (dy h))
 *
 * While the network learns, mean and var are those of each column over the batch, and the running ones
 * take them in: running = (1 - momentum) running + momentum new, with the unbiased variance, sum / (n - 1).
 * A network that predicts uses the running ones; they are constants, and the two means in dx fall away.
 *
 * A batch of one sample has no variance: h is 0, so y = beta and dx = 0; its mean is taken in, the
 * running variance stays. */
#include "layers/layer.h"

enum { MOMENTUM, EPS };                                /* arguments */
enum { gamma = RNL_NORM_GAMMA, beta = RNL_NORM_BETA }; /* parameters */
enum { running_mean, running_var };                    /* state */
enum { KEPT_MEAN, KEPT_VAR, KEPT_SUMS, KEPT = 5 };     /* rows that forward leaves for backward */

static rnl_status shape(rnl_layer *l, size_t outputs_wanted)
{
    (void)outputs_wanted;
    rnl_norm_add_blocks(l);
    rnl_layer_add_state(l, "running_mean", "running_mean", 1, l->inputs);
    rnl_layer_add_state(l, "running_var", "running_var", 1, l->inputs);
    l->kept_rows = KEPT;
    l->kept_cols = l->inputs;
    return RNL_OK;
}

static void init_state(const rnl_layer *l, rnl_matrix *state)
{
    for (size_t j = 0; j < l->inputs; j++) {
        rnl_matrix_set(&state[running_mean], 0, j, 0);
        rnl_matrix_set(&state[running_var], 0, j, 1);
    }
}

static void forward(const rnl_layer *l, rnl_pass *p)
{
    rnl_matrix mean = p->state[running_mean], var = p->state[running_var];
    if (p->mode->training) {
        mean = rnl_matrix_rows(p->kept, KEPT_MEAN, 1);
        var = rnl_matrix_rows(p->kept, KEPT_VAR, 1);
        p->kernels->column_moments(&mean, &var, &p->x);
        rnl_team_barrier(); /* the moments of all columns are there */
    }
    p->kernels->batchnorm_forward(&p->y, &p->x, &mean, &var, &p->value[gamma], &p->value[beta],
                                  l->arg[EPS]);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    const bool of_batch = p->mode->training;
    const rnl_matrix mean =
        of_batch ? rnl_matrix_rows(p->kept, KEPT_MEAN, 1) : p->state[running_mean];
    const rnl_matrix var = of_batch ? rnl_matrix_rows(p->kept, KEPT_VAR, 1) : p->state[running_var];
    rnl_matrix sums = rnl_matrix_rows(p->kept, KEPT_SUMS, 3);
    p->kernels->batchnorm_backward_params(&p->gradient[gamma], &p->gradient[beta], &sums, &p->x,
                                          &p->dy, &mean, &var, &p->value[gamma], l->arg[EPS],
                                          p->alpha, p->add);
    if (!p->dx.data)
        return;
    rnl_team_barrier(); /* the sums of all columns are there, and all have read dy */
    p->kernels->batchnorm_backward_input(&p->dx, &p->dy, &p->x, &mean, &var, &sums, l->arg[EPS],
                                         of_batch);
}

static void track(const rnl_layer *l, rnl_pass *p)
{
    const rnl_matrix mean = rnl_matrix_rows(p->kept, KEPT_MEAN, 1);
    const rnl_matrix var = rnl_matrix_rows(p->kept, KEPT_VAR, 1);
    const double n = (double)p->x.rows;
    p->kernels->track(&p->state[running_mean], &mean, 1, l->arg[MOMENTUM]);
    if (n > 1)
        p->kernels->track(&p->state[running_var], &var, n / (n - 1), l->arg[MOMENTUM]);
}

const rnl_layer_type rnl_batchnorm = {
    .name = "batchnorm",
    .max_args = 2,
    .arg = {{.name = "momentum", .min = 1e-6, .max = 1, .otherwise = 0.1},
            {.name = "eps", .min = 1e-12, .max = 1, .otherwise = 1e-5}},
    .shape = shape,
    .init = rnl_norm_init,
    .init_state = init_state,
    .forward = forward,
    .backward = backward,
    .track = track,
    .needs_x = true,
    .dx_over_dy = true,
    .needs_batch = true,
};

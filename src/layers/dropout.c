/* dropout.c - sets a share of all numbers to zero while the network learns (Srivastava et al. 2014)
 *
 *   forward    y  = x m       m[i, j] = 0 for a share of all (i, j), 1 / (1 - share) for the others
 *   backward   dx = dy m
 *
 * The others are made larger so that the mean stays as it is; a network that predicts leaves x alone.
 * m is no memory but a hash of the mode's seed and iteration, of the layer, the row and the column: any
 * thread has its part of it, backward has it again, and so has a gradient check. */
#include "layers/layer.h"

#include <string.h>

enum { SHARE };

static rnl_status shape(rnl_layer *l, size_t outputs_wanted)
{
    (void)outputs_wanted;
    RNL_FAIL_IF(l->args == 0, RNL_ERR_USAGE,
                "dropout: the share to drop is missing (write \"dropout 0.5\")");
    return RNL_OK;
}

static uint64_t key(const rnl_pass *p)
{
    const rnl_random seeded = rnl_random_new(p->mode->seed, RNL_STREAM_DROPOUT);
    const rnl_random now = {rnl_random_at(&seeded, p->mode->iteration)};
    return rnl_random_at(&now, p->layer);
}

/* y = x m, or what a network that predicts makes of it. */
static void mask(const rnl_layer *l, const rnl_pass *p, rnl_matrix *y, const rnl_matrix *x)
{
    if (p->mode->training && l->arg[SHARE] > 0) {
        p->kernels->dropout(y, x, l->arg[SHARE], key(p));
        return;
    }
    const rnl_range mine = rnl_my_rows(x->rows);
    for (size_t i = mine.begin; i < mine.end && y->data != x->data; i++)
        memcpy(rnl_matrix_rows(*y, i, 1).data, rnl_matrix_rows(*x, i, 1).data,
               x->cols * rnl_dtype_size(x->dtype));
}

static void forward(const rnl_layer *l, rnl_pass *p)
{
    mask(l, p, &p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    if (p->dx.data)
        mask(l, p, &p->dx, &p->dy);
}

const rnl_layer_type rnl_dropout = {
    .name = "dropout",
    .max_args = 1,
    .arg = {{.name = "share", .min = 0, .max = 1, .below_max = true}},
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .y_over_x = true,
    .dx_over_dy = true,
};

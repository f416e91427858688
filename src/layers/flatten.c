/* flatten.c - leaves its input alone
 *
 *   forward    y  = x
 *   backward   dx = dy
 *
 * A sample is a row here, whatever its shape was; but networks of PyTorch's begin with nn.Flatten, which is a
 * layer there and counts in the keys of the model file. */
#include "layers/layer.h"

#include <string.h>

/* By rows: y = x */
static void copy(rnl_matrix *y, const rnl_matrix *x)
{
    const rnl_range mine = rnl_my_rows(x->rows);
    for (size_t i = mine.begin; i < mine.end && y->data != x->data; i++)
        memcpy(rnl_matrix_rows(*y, i, 1).data, rnl_matrix_rows(*x, i, 1).data,
               x->cols * rnl_dtype_size(x->dtype));
}

static void forward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    copy(&p->y, &p->x);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    (void)l;
    if (p->dx.data)
        copy(&p->dx, &p->dy);
}

const rnl_layer_type rnl_flatten = {
    .name = "flatten",
    .forward = forward,
    .backward = backward,
    .y_over_x = true,
    .dx_over_dy = true,
};

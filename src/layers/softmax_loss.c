/* softmax_loss.c - softmax with cross-entropy
 *
 *   forward    y[i, k] = exp(x[i, k]) / sum_j exp(x[i, j])
 *              loss    = -1/n sum_i sum_k t[i, k] log y[i, k]
 *   backward   dx      = (y - t) / n
 */
#include "layers/layer.h"

static void forward_backward(const rnl_kernels *kernels, double *losses, rnl_matrix *dx,
                             const rnl_matrix *x, const rnl_targets *t)
{
    kernels->softmax_loss(losses, dx, x, t);
}

static void answer(const rnl_kernels *kernels, rnl_matrix *y, const rnl_matrix *x)
{
    kernels->softmax(y, x);
}

const rnl_loss_type rnl_softmax_loss = {
    .name = "softmax",
    .help = "softmax: the loss, softmax with cross-entropy",
    .forward_backward = forward_backward,
    .answer = answer,
};

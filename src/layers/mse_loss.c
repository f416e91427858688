/* mse_loss.c - the mean squared error
 *
 *   forward    loss = 1/(n m) sum_i sum_k (x[i, k] - t[i, k])^2
 *   backward   dx   = 2 (x - t) / (n m)
 */
#include "layers/layer.h"

#include <math.h>

static rnl_status check(const rnl_targets *t, size_t outputs)
{
    return rnl_check_numbers(t, outputs, "mse");
}

/* Huber's loss without a limit, twice: 2 e^2 / 2. */
static void forward_backward(const rnl_loss *loss, const rnl_kernels *kernels, double *losses,
                             rnl_matrix *dx, const rnl_matrix *x, const rnl_targets *t)
{
    (void)loss;
    kernels->huber_loss(losses, dx, x, t, INFINITY, 2);
}

const rnl_loss_type rnl_mse_loss = {
    .name = "mse",
    .task = RNL_TASK_REGRESSION,
    .check = check,
    .forward_backward = forward_backward,
};

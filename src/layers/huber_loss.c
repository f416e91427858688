/* huber_loss.c - squared for small errors, linear for large ones (Huber 1964)
 *
 *   forward    e    = x - t
 *              loss = 1/(n m) sum_i sum_k (e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2))
 *   backward   dx   = e / (n m), but no less than -delta / (n m) and no more than delta / (n m)
 */
#include "layers/layer.h"

enum { DELTA };

static rnl_status check(const rnl_targets *t, size_t outputs)
{
    return rnl_check_numbers(t, outputs, "huber");
}

static void forward_backward(const rnl_loss *loss, const rnl_kernels *kernels, double *losses,
                             rnl_matrix *dx, const rnl_matrix *x, const rnl_targets *t)
{
    kernels->huber_loss(losses, dx, x, t, loss->arg[DELTA], 1);
}

const rnl_loss_type rnl_huber_loss = {
    .name = "huber",
    .max_args = 1,
    .arg = {{.name = "delta", .min = 1e-6, .max = 1e6, .otherwise = 1}},
    .task = RNL_TASK_REGRESSION,
    .check = check,
    .forward_backward = forward_backward,
};

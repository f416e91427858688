/* softmax_loss.c - softmax with cross-entropy
 *
 *   forward    y[i, k] = exp(x[i, k]) / sum_j exp(x[i, j])
 *              loss    = -1/n sum_i sum_k t[i, k] log y[i, k]
 *   backward   dx      = (y - t) / n
 */
#include "layers/layer.h"

#include <math.h>

static rnl_status check(const rnl_targets *t, size_t outputs)
{
    if (t->kind == RNL_TARGET_CLASSES)
        return rnl_check_classes(t, outputs, outputs);
    for (size_t i = 0; i < t->n; i++) {
        double sum = 0;
        bool negative = false;
        for (size_t k = 0; k < outputs; k++) {
            const double t_ik = rnl_matrix_get(&t->rows, i, k);
            sum += t_ik;
            negative |= !(t_ik >= 0);
        }
        RNL_FAIL_IF(negative || !(fabs(sum - 1) <= 1e-4), RNL_ERR_USAGE,
                    "target row %zu is no row of probabilities: its numbers are %s %.6g", i,
                    negative ? "not all 0 or more; their sum is" : "0 or more, but their sum is",
                    sum);
    }
    return RNL_OK;
}

static void forward_backward(const rnl_loss *loss, const rnl_kernels *kernels, double *losses,
                             rnl_matrix *dx, const rnl_matrix *x, const rnl_targets *t)
{
    (void)loss;
    kernels->softmax_loss(losses, dx, x, t);
}

static void probabilities(const rnl_kernels *kernels, rnl_matrix *y, const rnl_matrix *x)
{
    kernels->softmax(y, x);
}

const rnl_loss_type rnl_softmax_loss = {
    .name = "softmax",
    .help = "softmax: the loss, softmax with cross-entropy",
    .task = RNL_TASK_CLASSES,
    .check = check,
    .forward_backward = forward_backward,
    .probabilities = probabilities,
};

/* softmax_loss.c - softmax with cross-entropy
 *
 *   forward    y[i, k] = exp(x[i, k]) / sum_j exp(x[i, j])
 *              loss    = -1/n sum_i sum_k t[i, k] log y[i, k]
 *   backward   dx      = (y - t) / n
 *
 * With smoothing and class weights, u takes the place of t:
 *
 *              u[i, k] = ((1 - smoothing) t[i, k] + smoothing / m) weight[k]
 *              dx[i, k] = (y[i, k] sum_j u[i, j] - u[i, k]) / n
 */
#include "layers/layer.h"

#include <math.h>

enum { SMOOTHING };

static rnl_status check_weights(const rnl_targets *t, size_t outputs)
{
    bool some = !t->class_weights;
    for (size_t k = 0; t->class_weights && k < outputs; k++) {
        RNL_FAIL_IF(!(t->class_weights[k] >= 0) || isinf(t->class_weights[k]), RNL_ERR_USAGE,
                    "the weight of class %zu is %g; it must be 0 or more, and finite", k,
                    t->class_weights[k]);
        some = some || t->class_weights[k] > 0;
    }
    RNL_FAIL_IF(!some, RNL_ERR_USAGE, "the weights of all classes are 0: no sample counts");
    return RNL_OK;
}

static rnl_status check(const rnl_targets *t, size_t outputs)
{
    RNL_TRY(check_weights(t, outputs));
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
    if (loss->arg[SMOOTHING] > 0 || t->class_weights)
        kernels->softmax_loss_weighted(losses, dx, x, t, loss->arg[SMOOTHING]);
    else
        kernels->softmax_loss(losses, dx, x, t);
}

static void probabilities(const rnl_kernels *kernels, rnl_matrix *y, const rnl_matrix *x)
{
    kernels->softmax(y, x);
}

static bool plain(const rnl_loss *loss)
{
    return loss->arg[SMOOTHING] == 0;
}

const rnl_loss_type rnl_softmax_loss = {
    .name = "softmax",
    .max_args = 1,
    .arg = {{.name = "smoothing", .min = 0, .max = 1, .below_max = true}},
    .task = RNL_TASK_CLASSES,
    .check = check,
    .forward_backward = forward_backward,
    .probabilities = probabilities,
    .plain = plain,
};

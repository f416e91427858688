/* logistic_loss.c - the sigmoid with its cross-entropy: yes or no for each output
 *
 *   forward    s[i, k] = 1 / (1 + exp(-x[i, k]))
 *              loss    = -1/(n m) sum_i sum_k (t[i, k] log s[i, k] + (1 - t[i, k]) log(1 - s[i, k]))
 *   backward   dx      = (s - t) / (n m)
 */
#include "layers/layer.h"

static rnl_status check(const rnl_targets *t, size_t outputs)
{
    RNL_FAIL_IF(t->class_weights, RNL_ERR_USAGE,
                "class weights go with softmax, not with logistic");
    if (t->kind == RNL_TARGET_CLASSES)
        return rnl_check_classes(t, outputs == 1 ? 2 : outputs, outputs);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < outputs; k++) {
            const double t_ik = rnl_matrix_get(&t->rows, i, k);
            RNL_FAIL_IF(!(t_ik >= 0 && t_ik <= 1), RNL_ERR_USAGE,
                        "target row %zu has %.6g in column %zu; logistic wants labels from 0 to 1",
                        i, t_ik, k);
        }
    }
    return RNL_OK;
}

static void forward_backward(const rnl_loss *loss, const rnl_kernels *kernels, double *losses,
                             rnl_matrix *dx, const rnl_matrix *x, const rnl_targets *t)
{
    (void)loss;
    kernels->logistic_loss(losses, dx, x, t);
}

static void probabilities(const rnl_kernels *kernels, rnl_matrix *y, const rnl_matrix *x)
{
    kernels->sigmoid_forward(y, x);
}

const rnl_loss_type rnl_logistic_loss = {
    .name = "logistic",
    .task = RNL_TASK_LABELS,
    .check = check,
    .forward_backward = forward_backward,
    .probabilities = probabilities,
};

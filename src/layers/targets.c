/* targets.c - what the losses' checks of their targets have in common */
#include "layers/layer.h"

#include <math.h>

rnl_status rnl_check_classes(const rnl_targets *t, size_t classes, size_t outputs)
{
    RNL_FAIL_IF(!t->classes, RNL_ERR_USAGE, "the targets have no classes");
    for (size_t i = 0; i < t->n; i++)
        RNL_FAIL_IF(t->classes[i] < 0 || (size_t)t->classes[i] >= classes, RNL_ERR_SHAPE,
                    "target %zu is class %d, but the network has %zu output%s", i,
                    (int)t->classes[i], outputs, outputs == 1 ? "" : "s");
    return RNL_OK;
}

rnl_status rnl_check_numbers(const rnl_targets *t, size_t outputs, const char *loss)
{
    RNL_FAIL_IF(t->kind != RNL_TARGET_ROWS, RNL_ERR_USAGE,
                "%s wants rows of numbers as targets, not classes", loss);
    RNL_FAIL_IF(t->class_weights, RNL_ERR_USAGE, "class weights go with softmax, not with %s",
                loss);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < outputs; k++) {
            const double t_ik = rnl_matrix_get(&t->rows, i, k);
            RNL_FAIL_IF(!isfinite(t_ik), RNL_ERR_USAGE,
                        "target row %zu has %s in column %zu; %s wants finite numbers", i,
                        isnan(t_ik) ? "NaN" : "infinity", k, loss);
        }
    }
    return RNL_OK;
}

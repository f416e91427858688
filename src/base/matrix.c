/* matrix.c - views that the caller makes */
#include "base/matrix.h"

rnl_matrix rnl_matrix_f32(const float *data, size_t rows, size_t cols)
{
    return rnl_matrix_view((void *)(uintptr_t)data, rows, cols, RNL_F32);
}

rnl_matrix rnl_matrix_f64(const double *data, size_t rows, size_t cols)
{
    return rnl_matrix_view((void *)(uintptr_t)data, rows, cols, RNL_F64);
}

rnl_targets rnl_targets_classes(const int32_t *classes, size_t n)
{
    return (rnl_targets){.kind = RNL_TARGET_CLASSES, .n = n, .classes = classes};
}

rnl_targets rnl_targets_rows(rnl_matrix rows)
{
    return (rnl_targets){.kind = RNL_TARGET_ROWS, .n = rows.rows, .rows = rows};
}

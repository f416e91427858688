/* matrix.c - views that the caller makes, and whether they can be used */
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

rnl_status rnl_check_dtype(rnl_dtype dtype)
{
    RNL_FAIL_IF(dtype != RNL_F32 && dtype != RNL_F64, RNL_ERR_USAGE,
                "dtype %d is neither RNL_F32 nor RNL_F64", (int)dtype);
    return RNL_OK;
}

rnl_status rnl_check_matrix(const rnl_matrix *m, const char *what)
{
    RNL_FAIL_IF(!m->data && m->rows, RNL_ERR_USAGE, "%s has no data", what);
    const rnl_status status = rnl_check_dtype(m->dtype);
    return status == RNL_OK ? RNL_OK : rnl_fail_prefix(status, what);
}

/* matrix.h - views of row-major matrices, for the inside */
#ifndef RNL_BASE_MATRIX_H
#define RNL_BASE_MATRIX_H

#include "base/status.h"

static inline size_t rnl_dtype_size(rnl_dtype dtype)
{
    return dtype == RNL_F64 ? sizeof(double) : sizeof(float);
}

static inline rnl_matrix rnl_matrix_view(void *data, size_t rows, size_t cols, rnl_dtype dtype)
{
    return (rnl_matrix){.data = data, .rows = rows, .cols = cols, .ld = cols, .dtype = dtype};
}

/* RNL_ERR_USAGE for what is neither RNL_F32 nor RNL_F64. */
rnl_status rnl_check_dtype(rnl_dtype dtype);
/* A matrix that a caller hands in, `what` in sentences: rows that lie somewhere, of a dtype that there is. */
rnl_status rnl_check_matrix(const rnl_matrix *m, const char *what);

/* Rows first .. first + rows - 1 of m. */
static inline rnl_matrix rnl_matrix_rows(rnl_matrix m, size_t first, size_t rows)
{
    m.data = (char *)m.data + first * m.ld * rnl_dtype_size(m.dtype);
    m.rows = rows;
    return m;
}

static inline double rnl_matrix_get(const rnl_matrix *m, size_t i, size_t j)
{
    size_t at = i * m->ld + j;
    return m->dtype == RNL_F64 ? ((const double *)m->data)[at]
                               : (double)((const float *)m->data)[at];
}

static inline void rnl_matrix_set(rnl_matrix *m, size_t i, size_t j, double value)
{
    size_t at = i * m->ld + j;
    if (m->dtype == RNL_F64)
        ((double *)m->data)[at] = value;
    else
        ((float *)m->data)[at] = (float)value;
}

#endif

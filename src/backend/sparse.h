/* sparse.h - a batch of which only the numbers that are not zero are kept
 *
 * Four fifths of a picture of a digit are zero, and a zero input adds nothing to y = x W nor to
 * dW = x^T dy. Row i holds its numbers in order of their columns:
 *
 *   value[i * stride + p] stands in column[i * stride + p],  p = start[i * (groups + 1) + g] up to
 *   start[i * (groups + 1) + g + 1]  for the columns  g * RNL_SPARSE_GROUP ...  of group g
 *
 * so that a kernel can take a range of columns out of every row. What is passed over is the product
 * with zero: 0 * inf and 0 * NaN count as 0 here. */
#ifndef RNL_BACKEND_SPARSE_H
#define RNL_BACKEND_SPARSE_H

#include "base/matrix.h"
#include "base/memory.h"

enum { RNL_SPARSE_GROUP = 16, RNL_SPARSE_MAX_COLS = 65535 - RNL_SPARSE_GROUP };

typedef struct rnl_sparse {
    rnl_dtype dtype;
    size_t rows, cols; /* cols <= RNL_SPARSE_MAX_COLS */
    size_t groups;     /* of RNL_SPARSE_GROUP columns, the last one perhaps of fewer */
    size_t stride;
    void *value;      /* [rows, stride] of dtype */
    uint16_t *column; /* [rows, stride] */
    uint16_t *start;  /* [rows, groups + 1] */
} rnl_sparse;

/* Room for up to `rows` rows of any content, from an arena; to be called in both of its passes. */
static inline void rnl_sparse_hand_out(rnl_sparse *s, rnl_arena *arena, size_t rows, size_t cols,
                                       rnl_dtype dtype)
{
    s->dtype = dtype;
    s->rows = rows;
    s->cols = cols;
    s->groups = (cols + RNL_SPARSE_GROUP - 1) / RNL_SPARSE_GROUP;
    s->stride = (s->groups + 1) * RNL_SPARSE_GROUP; /* kernels write whole groups */
    s->value = rnl_arena_take(arena, rows, s->stride * rnl_dtype_size(dtype));
    s->column = rnl_arena_take(arena, rows, s->stride * sizeof *s->column);
    s->start = rnl_arena_take(arena, rows, (s->groups + 1) * sizeof *s->start);
}

/* How many numbers row i has. */
static inline size_t rnl_sparse_count(const rnl_sparse *s, size_t i)
{
    return s->start[i * (s->groups + 1) + s->groups];
}

#endif

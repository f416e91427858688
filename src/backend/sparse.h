/* sparse.h - a batch of which only the numbers that are not zero are kept
 *
 * Four fifths of a picture of a digit are zero, and a zero input adds nothing to y = x W nor to
 * dW = x^T dy. What is passed over is the product with zero: 0 * inf and 0 * NaN count as 0 here.
 *
 * The columns are cut into two halves, each with arrays of its own. A team shares out the items (half,
 * row): with two threads each has a half of the columns, of x as of W, and all rows. It then updates
 * the same rows of W that it multiplies with, and they stay in its cache; what crosses to the other
 * core is a half of y, not a half of W. The cut is always there, so that the bits do not depend on the
 * number of threads. */
#ifndef RNL_BACKEND_SPARSE_H
#define RNL_BACKEND_SPARSE_H

#include "base/matrix.h"
#include "base/memory.h"
#include "base/team.h"

enum { RNL_SPARSE_GROUP = 16, RNL_SPARSE_MAX_COLS = 65535 - RNL_SPARSE_GROUP };

/* Below this share of numbers that are not zero the sparse form is the faster one. */
#define RNL_SPARSE_BELOW 0.35

/* Row i holds its numbers in order of their columns: value[i * stride + p] stands in
 * column[i * stride + p] of the whole matrix; those of group g, which are the columns
 * (first_group + g) * RNL_SPARSE_GROUP and on, have p from start[i * (groups + 1) + g] up to
 * start[i * (groups + 1) + g + 1]. So a kernel can take a range of columns out of every row; and bit l
 * of mask[g * rows + i] tells it whether the group's column l is not zero. */
typedef struct rnl_sparse_half {
    size_t rows;
    size_t first_group, groups;
    size_t end; /* the column after the last */
    size_t stride;
    void *value;      /* [rows, stride] */
    uint32_t *column; /* [rows, stride] */
    uint16_t *start;  /* [rows, groups + 1] */
    uint16_t *mask;   /* [groups, rows] */
} rnl_sparse_half;

typedef struct rnl_sparse {
    rnl_dtype dtype;
    size_t rows, cols; /* cols <= RNL_SPARSE_MAX_COLS */
    rnl_sparse_half half[2];
    void *partial; /* [rows, outputs]: the second half's part of y */
} rnl_sparse;

/* Room for up to `rows` rows of any content and a product with `outputs` columns, from an arena; to be
 * called in both of its passes. */
static inline void rnl_sparse_hand_out(rnl_sparse *s, rnl_arena *arena, size_t rows, size_t cols,
                                       size_t outputs, rnl_dtype dtype)
{
    const size_t groups = (cols + RNL_SPARSE_GROUP - 1) / RNL_SPARSE_GROUP;
    s->dtype = dtype;
    s->rows = rows;
    s->cols = cols;
    for (int h = 0; h < 2; h++) {
        rnl_sparse_half *half = &s->half[h];
        half->rows = rows;
        half->first_group = h ? groups - groups / 2 : 0;
        half->groups = h ? groups / 2 : groups - groups / 2;
        half->end = h ? cols : half->groups * RNL_SPARSE_GROUP;
        half->end = half->end < cols ? half->end : cols;
        half->stride = (half->groups + 1) * RNL_SPARSE_GROUP; /* kernels write whole groups */
        half->value = rnl_arena_take(arena, rows, half->stride * rnl_dtype_size(dtype));
        half->column = rnl_arena_take(arena, rows, half->stride * sizeof *half->column);
        half->start = rnl_arena_take(arena, rows, (half->groups + 1) * sizeof *half->start);
        half->mask = rnl_arena_take(arena, rows, half->groups * sizeof *half->mask);
    }
    s->partial = rnl_arena_take(arena, rows, outputs * rnl_dtype_size(dtype));
}

/* The rows of half h that the calling thread compresses and multiplies, of n. */
static inline rnl_range rnl_sparse_share(size_t n, size_t h)
{
    const rnl_range items = rnl_part(2 * n, rnl_team_rank(), rnl_team_size());
    const size_t first = h * n, last = first + n;
    const size_t begin = items.begin < first ? first : items.begin;
    const size_t end = items.end > last ? last : items.end;
    return begin < end ? (rnl_range){begin - first, end - first} : (rnl_range){0, 0};
}

/* The groups of half h whose rows of dW the calling thread computes: shared out as the rows of x are,
 * so that two threads have a half each. */
static inline rnl_range rnl_sparse_share_groups(const rnl_sparse *s, size_t h)
{
    const size_t threads = rnl_team_size(), rank = rnl_team_rank(), first = s->half[0].groups;
    const size_t all = first + s->half[1].groups;
    const rnl_range mine = rnl_part(all, rank, threads);
    const size_t from = h ? first : 0, to = h ? all : first;
    const size_t begin = mine.begin < from ? from : mine.begin, end = mine.end > to ? to : mine.end;
    return begin < end ? (rnl_range){begin - from, end - from} : (rnl_range){0, 0};
}

/* How many numbers row i has. */
static inline size_t rnl_sparse_count(const rnl_sparse *s, size_t i)
{
    size_t count = 0;
    for (int h = 0; h < 2; h++)
        count += s->half[h].start[i * (s->half[h].groups + 1) + s->half[h].groups];
    return count;
}

#endif

/* sparse.h - a batch with the places of its numbers that are not zero
 *
 * Four fifths of a picture of a digit are zero, and a zero input adds nothing to y = x W nor to
 * dW = x^T dy. Beside the numbers stands a mask, a bit for each, and the kernels walk along its bits. They may
 * pass over a product with zero and need not: 0 * inf and 0 * NaN may count as 0 here.
 *
 * The columns are cut into two halves, each with arrays of its own. A team shares out the items (half,
 * pair of rows): with two threads each has a half of the columns, of x as of W, and all rows. It then
 * updates the same rows of W that it multiplies with, and they stay in its cache; what crosses to the
 * other core is a half of y, not a half of W. The cut is always there, so that the bits do not depend on
 * the number of threads. */
#ifndef RNL_BACKEND_SPARSE_H
#define RNL_BACKEND_SPARSE_H

#include "base/matrix.h"
#include "base/memory.h"
#include "base/team.h"

enum { RNL_SPARSE_WORD = 64, RNL_SPARSE_GROUP = 16 };

/* Below this share of numbers that are not zero the sparse form is the faster one. */
#define RNL_SPARSE_BELOW 0.35

/* Columns begin .. end - 1 of x, counted from 0 here: number (i, j) is numbers[i * stride + j]. Words of 64
 * columns: bit l of mask[w * rows + i] tells whether (i, 64 w + l) is not zero. */
typedef struct rnl_sparse_half {
    size_t rows; /* room */
    size_t begin, end, words;
    size_t stride;
    const void *numbers; /* bytes, or numbers of the dtype */
    uint8_t *bytes;      /* [rows, stride]: room for the former; NULL: they stay where they are */
    uint64_t *mask;      /* [words, rows], and RNL_SPARSE_WORD more that may be read */
} rnl_sparse_half;

typedef struct rnl_sparse {
    rnl_dtype dtype;
    size_t rows, cols;
    rnl_sparse_half half[2];
    void *table; /* [256]: the number that a byte stands for; NULL: the numbers are of the dtype */
    void *partial; /* [rows, outputs]: the second half's part of y */
} rnl_sparse;

/* What a batch is made of: numbers of the dtype or bytes that stay where they are (rnl_sparse_set_place), or bytes
 * that are copied. */
typedef enum rnl_sparse_source {
    RNL_SPARSE_NUMBERS,
    RNL_SPARSE_BYTES,
    RNL_SPARSE_COPIED_BYTES
} rnl_sparse_source;

/* Room for up to `rows` rows and a product with `outputs` columns, from an arena; to be called in both of its
 * passes. */
static inline void rnl_sparse_hand_out(rnl_sparse *s, rnl_arena *arena, size_t rows, size_t cols,
                                       size_t outputs, rnl_dtype dtype, rnl_sparse_source source)
{
    const size_t groups = cols / RNL_SPARSE_GROUP + (cols % RNL_SPARSE_GROUP != 0);
    const size_t middle = (groups - groups / 2) * RNL_SPARSE_GROUP;
    s->dtype = dtype;
    s->rows = rows;
    s->cols = cols;
    for (int h = 0; h < 2; h++) {
        rnl_sparse_half *half = &s->half[h];
        half->rows = rows;
        half->begin = !h ? 0 : middle < cols ? middle : cols;
        half->end = h || middle > cols ? cols : middle;
        half->words = (half->end - half->begin + RNL_SPARSE_WORD - 1) / RNL_SPARSE_WORD;
        half->stride = half->words * RNL_SPARSE_WORD;
        half->mask =
            rnl_arena_take(arena, half->words * rows + RNL_SPARSE_WORD, sizeof *half->mask);
        half->bytes =
            source == RNL_SPARSE_COPIED_BYTES ? rnl_arena_take(arena, rows, half->stride) : NULL;
        half->numbers = half->bytes;
    }
    s->table =
        source == RNL_SPARSE_NUMBERS ? NULL : rnl_arena_take(arena, 256, rnl_dtype_size(dtype));
    s->partial = rnl_arena_take(arena, rows, outputs * rnl_dtype_size(dtype));
}

/* Of x as it is stored, in bytes. */
static inline size_t rnl_sparse_number_size(const rnl_sparse *s)
{
    return s->table ? 1 : rnl_dtype_size(s->dtype);
}

/* A byte b stands for b * scale, rounded once. */
static inline void rnl_sparse_set_scale(rnl_sparse *s, double scale)
{
    for (unsigned b = 0; b < 256; b++) {
        if (s->dtype == RNL_F64)
            ((double *)s->table)[b] = b * scale;
        else
            ((float *)s->table)[b] = (float)b * (float)scale;
    }
}

/* The numbers or bytes lie there, `stride` of them from row to row. */
static inline void rnl_sparse_set_place(rnl_sparse *s, const void *x, size_t stride)
{
    for (int h = 0; h < 2; h++) {
        s->half[h].numbers = (const char *)x + s->half[h].begin * rnl_sparse_number_size(s);
        s->half[h].stride = stride;
    }
}

/* The rows of half h that the calling thread takes in and multiplies, of n; whole pairs of them, since kernels
 * may compute two at once. */
static inline rnl_range rnl_sparse_share(size_t n, size_t h)
{
    const size_t pairs = n / 2 + n % 2, first = h * pairs, last = first + pairs;
    const rnl_range items = rnl_part(2 * pairs, rnl_team_rank(), rnl_team_size());
    const size_t begin = items.begin < first ? first : items.begin;
    const size_t end = items.end > last ? last : items.end;
    if (begin >= end)
        return (rnl_range){0, 0};
    return (rnl_range){2 * (begin - first), end == last ? n : 2 * (end - first)};
}

/* The columns of half h, counted from its first, whose rows of dW the calling thread computes: whole groups,
 * shared out as the rows of x are, so that two threads have a half each. */
static inline rnl_range rnl_sparse_share_columns(const rnl_sparse *s, size_t h)
{
    const size_t groups = (s->cols + RNL_SPARSE_GROUP - 1) / RNL_SPARSE_GROUP;
    const rnl_range mine = rnl_part(groups, rnl_team_rank(), rnl_team_size());
    const rnl_sparse_half *half = &s->half[h];
    const size_t from = mine.begin * RNL_SPARSE_GROUP, to = mine.end * RNL_SPARSE_GROUP;
    const size_t begin = from < half->begin ? half->begin : from,
                 end = to > half->end ? half->end : to;
    return begin < end ? (rnl_range){begin - half->begin, end - half->begin} : (rnl_range){0, 0};
}

/* How many numbers of row i are not zero. */
static inline size_t rnl_sparse_count(const rnl_sparse *s, size_t i)
{
    size_t count = 0;
    for (int h = 0; h < 2; h++)
        for (size_t w = 0; w < s->half[h].words; w++)
            count += (size_t)__builtin_popcountll(s->half[h].mask[w * s->half[h].rows + i]);
    return count;
}

#endif

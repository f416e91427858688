/* grid.h - the output of a large product, cut into tiles that a team shares out
 *
 * Tiles follow from the shapes alone, however many threads there are. A batch is cut by columns rather than by
 * rows: so each thread reads a part of W, once, and not all of it, and 128 rows at once run at 140 to 155 GFLOP/s
 * where 32 run at 93 to 125 (oneDNN, x W and dy W^T with W: 1024 x 1024, one core of 168), and eight tiles of 128
 * columns lose nothing against one of 1024. The tiles are not the threads' own rows, so there are barriers around
 * such a product. */
#ifndef RNL_BACKEND_GRID_H
#define RNL_BACKEND_GRID_H

#include "base/matrix.h"
#include "base/team.h"

/* Products of no more multiply-adds than this are shared out by rows, and not worth a library's preparations. */
enum { RNL_SMALL_PRODUCT = 100 * 50 * 784 };

static inline bool rnl_is_small_product(size_t rows, size_t cols, size_t depth)
{
    return depth == 0 || cols == 0 ||
           (double)rows * (double)cols * (double)depth <= RNL_SMALL_PRODUCT;
}

typedef struct rnl_grid {
    size_t rows, cols;           /* of the output */
    size_t row_tiles, col_tiles; /* it is cut into */
} rnl_grid;

typedef struct rnl_grid_tile {
    rnl_range rows, cols;
} rnl_grid_tile;

/* An even number of parts of about `each`, so that two threads share evenly; or one. */
static inline size_t rnl_grid_parts(size_t n, size_t each)
{
    const size_t count = n / each;
    return count <= 1 ? 1 : count & ~(size_t)1;
}

/* For a batch: whole columns of tiles where there are enough for a team, else more rows of tiles. */
static inline rnl_grid rnl_grid_of_batch(size_t rows, size_t cols)
{
    enum { TILE_COLS = 128, TILE_ROWS = 192 };
    rnl_grid g = {.rows = rows, .cols = cols, .col_tiles = rnl_grid_parts(cols, TILE_COLS)};
    g.row_tiles = g.col_tiles >= 4 ? rnl_grid_parts(rows, TILE_ROWS) : rnl_tile_count(rows);
    return g;
}

/* For dW, whose inner dimension is the batch. */
static inline rnl_grid rnl_grid_of_params(size_t rows, size_t cols)
{
    enum { TILE_ROWS_DEEP = 96 };
    const size_t tiles = rnl_grid_parts(rows, TILE_ROWS_DEEP);
    return (rnl_grid){rows, cols, tiles >= 4 ? tiles : rnl_tile_count(rows), 1};
}

/* The numbers of the calling thread's tiles. */
static inline rnl_range rnl_grid_mine(const rnl_grid *g)
{
    return rnl_part(g->row_tiles * g->col_tiles, rnl_team_rank(), rnl_team_size());
}

static inline rnl_grid_tile rnl_grid_tile_at(const rnl_grid *g, size_t k)
{
    return (rnl_grid_tile){rnl_part(g->rows, k / g->col_tiles, g->row_tiles),
                           rnl_part(g->cols, k % g->col_tiles, g->col_tiles)};
}

static inline rnl_matrix rnl_grid_view(const rnl_matrix *m, const rnl_grid_tile *t)
{
    rnl_matrix part = rnl_matrix_rows(*m, t->rows.begin, t->rows.end - t->rows.begin);
    part.data = (char *)part.data + t->cols.begin * rnl_dtype_size(m->dtype);
    part.cols = t->cols.end - t->cols.begin;
    return part;
}

#endif

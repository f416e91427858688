/* team.h - the team: the threads that walk the same code together
 *
 * A training step runs inside one `#pragma omp parallel`; every thread of the team calls the same
 * kernels with the same arguments. What flows is [n, features], and each thread owns a range of
 * rows: it alone writes these rows of every matrix of the pass, so that one row kernel may follow
 * another without a barrier. A kernel that reads rows of others (dW sums over all samples) begins
 * with rnl_team_barrier. Outside a parallel region the team is one thread, and all of this is
 * serial code.
 *
 * Rows are handed out in tiles whose sizes depend on n alone, never on the number of threads,
 * because a library's product may give other last bits for other row counts. */
#ifndef RNL_BASE_TEAM_H
#define RNL_BASE_TEAM_H

#include <stddef.h>

#ifdef _OPENMP
#include <omp.h>
#endif

static inline size_t rnl_team_size(void)
{
#ifdef _OPENMP
    return (size_t)omp_get_num_threads();
#else
    return 1;
#endif
}

static inline size_t rnl_team_rank(void)
{
#ifdef _OPENMP
    return (size_t)omp_get_thread_num();
#else
    return 0;
#endif
}

static inline void rnl_team_barrier(void)
{
#ifdef _OPENMP
#pragma omp barrier
#endif
}

typedef struct rnl_range {
    size_t begin, end; /* begin <= i < end */
} rnl_range;

/* Part k of `parts` nearly equal parts of 0 .. n - 1. */
static inline rnl_range rnl_part(size_t n, size_t k, size_t parts)
{
    size_t each = n / parts, more = n % parts;
    size_t begin = k * each + (k < more ? k : more);
    return (rnl_range){begin, begin + each + (k < more)};
}

enum { RNL_TILE_ROWS = 25, RNL_TILES_MAX = 64 };

/* How many tiles n rows make: of at least about RNL_TILE_ROWS rows, and always an even number
 * where there is more than one, so that two threads share evenly. */
static inline size_t rnl_tile_count(size_t n)
{
    size_t tiles = n / RNL_TILE_ROWS;
    if (tiles <= 1)
        return 1;
    return tiles > RNL_TILES_MAX ? RNL_TILES_MAX : tiles & ~(size_t)1;
}

static inline rnl_range rnl_tile(size_t n, size_t k)
{
    return rnl_part(n, k, rnl_tile_count(n));
}

/* The tiles of n rows, and the rows, that the calling thread owns. */
static inline rnl_range rnl_my_tiles(size_t n)
{
    return rnl_part(rnl_tile_count(n), rnl_team_rank(), rnl_team_size());
}

static inline rnl_range rnl_my_rows(size_t n)
{
    rnl_range tiles = rnl_my_tiles(n);
    if (tiles.begin == tiles.end)
        return (rnl_range){0, 0};
    return (rnl_range){rnl_tile(n, tiles.begin).begin, rnl_tile(n, tiles.end - 1).end};
}

/* How many threads a caller's wish means: 0 is all that this process may use. */
size_t rnl_team_wanted(int threads);

#endif

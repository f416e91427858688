/* team.h - the team: the threads that walk the same code together
 *
 * rnl_team_run starts a team; every thread of it calls the same function, and in it the same kernels
 * with the same arguments. What flows is [n, features], and each thread owns a range of rows: it
 * alone writes these rows of every matrix of the pass, so that one row kernel may follow another
 * without a barrier. A kernel that reads rows of others (dW sums over all samples) begins with
 * rnl_team_barrier. Outside rnl_team_run the team is one thread, and all of this is serial code,
 * whatever other threads the caller has.
 *
 * Rows are handed out in tiles whose sizes depend on n alone, never on the number of threads,
 * because a library's product may give other last bits for other row counts.
 *
 * The team is made of plain threads and not of an OpenMP region: it then needs no OpenMP (which a Mac's
 * compiler lacks), a caller's own OpenMP region cannot be taken for it, and how long a thread spins
 * before it sleeps is decided here. */
#ifndef RNL_BASE_TEAM_H
#define RNL_BASE_TEAM_H

#include "base/status.h"

#include <stddef.h>

typedef struct rnl_barrier rnl_barrier;

/* What the calling thread is in its team. */
typedef struct rnl_team_member {
    size_t rank, size;
    rnl_barrier *barrier; /* NULL in a team of one */
} rnl_team_member;

#if defined(__GNUC__) && defined(__ELF__)
#define RNL_TLS_MODEL __attribute__((tls_model("initial-exec")))
#else
#define RNL_TLS_MODEL
#endif
extern _Thread_local rnl_team_member rnl_team_self RNL_TLS_MODEL;

static inline size_t rnl_team_size(void)
{
    return rnl_team_self.size;
}

static inline size_t rnl_team_rank(void)
{
    return rnl_team_self.rank;
}

/* Waits until every thread of the team is here. */
void rnl_barrier_wait(rnl_barrier *barrier);

static inline void rnl_team_barrier(void)
{
    if (rnl_team_self.barrier)
        rnl_barrier_wait(rnl_team_self.barrier);
}

enum { RNL_TEAM_MOST = 1024 };

/* How many threads a caller's wish means: 0 is all that this process may use. At most RNL_TEAM_MOST. */
size_t rnl_team_wanted(int threads);

/* Calls work(arg) in `threads` threads at once, the calling one among them with rank 0, and returns when
 * all have. Fewer where the system grants no more threads; RNL_ERR_MEMORY where memory is short. */
rnl_status rnl_team_run(size_t threads, void (*work)(void *arg), void *arg);

/* Calls work(arg) in the first `size` threads of the calling team (1 <= size), which are a team of their
 * own there; the others wait asleep. Called by every thread of the team with the same size; ends in a
 * barrier of them all. */
void rnl_team_run_part(size_t size, void (*work)(void *arg), void *arg);

/* For code that is not part of the walk: makes the calling thread a team of one, and back. */
static inline rnl_team_member rnl_team_enter_alone(void)
{
    const rnl_team_member before = rnl_team_self;
    rnl_team_self = (rnl_team_member){0, 1, NULL};
    return before;
}

static inline void rnl_team_leave(rnl_team_member before)
{
    rnl_team_self = before;
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

#endif

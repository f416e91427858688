/* memory.h - allocation with checked sizes, and the arena
 *
 * An arena is one allocation that several arrays share. It is planned in a first pass (sizes are
 * added up) and handed out in a second, by the same code: see net/workspace.c. */
#ifndef RNL_BASE_MEMORY_H
#define RNL_BASE_MEMORY_H

#include "base/status.h"

enum { RNL_ALIGN = 64 }; /* a cache line, and an AVX-512 register */

/* *product = a * b; false when it does not fit. */
static inline bool rnl_mul_size(size_t a, size_t b, size_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

static inline bool rnl_add_size(size_t a, size_t b, size_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

/* count * size zeroed bytes, aligned to RNL_ALIGN; NULL when there is no memory or the size does
 * not fit (the error text is set then). Hand to rnl_free. */
void *rnl_alloc(size_t count, size_t size);
void rnl_free(void *block);

/* A copy of text; NULL when there is no memory (the error text is set then). */
char *rnl_strdup(const char *text);

typedef struct rnl_arena {
    char *block;       /* NULL while planning */
    size_t used, size; /* used counts on in both passes */
    bool overflow;     /* a size did not fit; rnl_arena_make then fails */
} rnl_arena;

/* The next count * size bytes, aligned; NULL while planning. */
void *rnl_arena_take(rnl_arena *arena, size_t count, size_t size);
/* Ends the planning: allocates what was asked for, zeroed, and starts handing out. */
rnl_status rnl_arena_make(rnl_arena *arena);
void rnl_arena_free(rnl_arena *arena);

/* Tests only: the nth allocation from now on fails (1: the next); 0: none. */
void rnl_alloc_fail_after(long n);
/* Tests only, of readers: from now on allocations may ask for so many bytes in all, also where some were
 * freed meanwhile; the one that asks for more fails. SIZE_MAX: no limit. */
void rnl_alloc_limit(size_t bytes);

#endif

/* memory.c - allocation with checked sizes, and the arena */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static long fail_countdown;
static size_t bytes_left = SIZE_MAX;

void rnl_alloc_fail_after(long n)
{
    fail_countdown = n;
}

void rnl_alloc_limit(size_t bytes)
{
    bytes_left = bytes;
}

/* What a test has asked for: true once when the countdown runs out, and where more is wanted than is left. */
static bool must_fail(size_t bytes)
{
    if (bytes_left != SIZE_MAX) {
        if (bytes > bytes_left)
            return true;
        bytes_left -= bytes;
    }
    return fail_countdown > 0 && --fail_countdown == 0;
}

void *rnl_alloc(size_t count, size_t size)
{
    size_t bytes, rounded;
    if (!rnl_mul_size(count, size, &bytes) || !rnl_add_size(bytes, RNL_ALIGN - 1, &rounded)) {
        rnl_fail(RNL_ERR_MEMORY, "%zu times %zu bytes are more than this machine can address",
                 count, size);
        return NULL;
    }
    rounded &= ~(size_t)(RNL_ALIGN - 1);
    if (rounded == 0)
        rounded = RNL_ALIGN;
    void *block = must_fail(bytes) ? NULL : aligned_alloc(RNL_ALIGN, rounded);
    if (!block) {
        rnl_fail(RNL_ERR_MEMORY, "no memory for %zu bytes", bytes);
        return NULL;
    }
    memset(block, 0, rounded);
    return block;
}

void rnl_free(void *block)
{
    free(block);
}

char *rnl_strdup(const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = rnl_alloc(length, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

void *rnl_arena_take(rnl_arena *arena, size_t count, size_t size)
{
    size_t bytes, end;
    if (!rnl_mul_size(count, size, &bytes) || !rnl_add_size(arena->used, bytes, &end) ||
        !rnl_add_size(end, RNL_ALIGN - 1, &end)) {
        arena->overflow = true;
        return NULL;
    }
    void *part = arena->block ? arena->block + arena->used : NULL;
    arena->used = end & ~(size_t)(RNL_ALIGN - 1);
    return part;
}

rnl_status rnl_arena_make(rnl_arena *arena)
{
    RNL_FAIL_IF(arena->overflow, RNL_ERR_MEMORY,
                "the sizes asked for are more than this machine can address");
    arena->block = rnl_alloc(arena->used, 1);
    if (!arena->block)
        return RNL_ERR_MEMORY;
    arena->size = arena->used;
    arena->used = 0;
    return RNL_OK;
}

void rnl_arena_free(rnl_arena *arena)
{
    rnl_free(arena->block);
    *arena = (rnl_arena){0};
}

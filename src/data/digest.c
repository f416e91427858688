/* digest.c - a number that tells data sets apart */
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset.h"

#include <string.h>

/* Of larger sets than can be read at a glance, and of callbacks, who knows how slow, some samples. */
enum { WHOLE_MOST = 64 << 20, LOOK_AT = 256 };

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return rnl_hash64(hash + 0x9e3779b97f4a7c15u + value);
}

static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    uint64_t word = 0;
    size_t at = 0;
    for (; size - at >= sizeof word; at += sizeof word) {
        memcpy(&word, b + at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, b + at, size - at);
    return mix(mix(hash, word), size);
}

/* The numbers of sample i, however they are stored; row: [features], for those of a callback. */
static rnl_status mix_sample(uint64_t *hash, const rnl_dataset *set, size_t i, float *row)
{
    size_t size = set->info.features * sizeof *row;
    const void *stored = row;
    if (set->fill)
        RNL_TRY(rnl_dataset_stored_floats(set, i, row));
    else
        stored = rnl_dataset_row_at(set, i, &size);
    *hash = mix_bytes(*hash, stored, size);
    return RNL_OK;
}

static bool is_small(const rnl_dataset *set)
{
    size_t size;
    if (set->fill || set->info.n == 0)
        return false;
    rnl_dataset_row_at(set, 0, &size);
    return size == 0 || set->info.n <= WHOLE_MOST / size;
}

static rnl_status mix_samples(uint64_t *hash, const rnl_dataset *set)
{
    const size_t n = set->info.n, rows = n <= LOOK_AT || is_small(set) ? n : LOOK_AT;
    float *row = set->fill ? rnl_alloc(set->info.features, sizeof *row) : NULL;
    rnl_status status = set->fill && !row ? RNL_ERR_MEMORY : RNL_OK;
    for (size_t r = 0; r < rows && status == RNL_OK; r++) {
        const size_t i = rows < n ? (size_t)((rnl_u128)(n - 1) * r / (rows - 1)) : r;
        status = mix_sample(hash, set, i, row);
    }
    rnl_free(row);
    return status;
}

rnl_status rnl_dataset_digest(const rnl_dataset *set, uint64_t *digest)
{
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_REFUSE_NULL(digest, "the place for the digest is");
    const rnl_dataset_info *info = &set->info;
    const size_t n = info->n, m = info->features;
    uint64_t hash = mix(mix(mix(0, n), m), info->one_hot);
    hash = mix_bytes(hash, &info->scale, sizeof info->scale);
    hash = mix_bytes(hash, &info->shift, sizeof info->shift);
    if (set->raw)
        hash = mix(mix(hash, (uint64_t)set->element.kind), set->element.swapped);
    if (set->scaling.scale) {
        hash = mix_bytes(hash, set->scaling.scale, m * sizeof *set->scaling.scale);
        hash = mix_bytes(hash, set->scaling.shift, m * sizeof *set->scaling.shift);
    }
    if (set->classes)
        hash = mix_bytes(hash, set->classes, n * sizeof *set->classes);
    if (set->targets)
        hash = mix_bytes(hash, set->targets, n * info->target_width * sizeof *set->targets);
    RNL_TRY(mix_samples(&hash, set));
    *digest = hash;
    return RNL_OK;
}

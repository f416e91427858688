/* sampler.c - which samples make the batch of an iteration */
#include "data/sampler.h"

#include "base/memory.h"

rnl_status rnl_sampler_init(rnl_sampler *s, size_t n, size_t batch, rnl_sampling sampling,
                            uint64_t seed)
{
    *s = (rnl_sampler){0};
    RNL_FAIL_IF(batch == 0 || batch > n, RNL_ERR_USAGE,
                "a batch of %zu samples: expected 1 to %zu, the size of the data set", batch, n);
    RNL_FAIL_IF(sampling != RNL_WITH_REPLACEMENT && sampling != RNL_SHUFFLED_EPOCHS, RNL_ERR_USAGE,
                "sampling %d is not known", (int)sampling);
    if (sampling == RNL_SHUFFLED_EPOCHS) {
        s->order = rnl_alloc(n, sizeof *s->order);
        if (!s->order)
            return RNL_ERR_MEMORY;
    }
    s->n = n;
    s->batch = batch;
    s->sampling = sampling;
    s->seed = seed;
    s->per_epoch = n / batch + (n % batch != 0);
    s->epoch = UINT64_MAX;
    s->draws = rnl_random_new(seed, RNL_STREAM_BATCHES);
    return RNL_OK;
}

void rnl_sampler_free(rnl_sampler *s)
{
    rnl_free(s->order);
    *s = (rnl_sampler){0};
}

/* Fisher-Yates from 0, 1, 2, ..., so that the order of an epoch does not hang on the one before. */
static void shuffle(size_t *order, size_t n, rnl_random r)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)rnl_bounded(rnl_random_u64(&r), i);
        size_t swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}

uint64_t rnl_sampler_prepare(rnl_sampler *s, uint64_t iteration)
{
    if (s->sampling == RNL_WITH_REPLACEMENT)
        return UINT64_MAX;
    uint64_t epoch = iteration / s->per_epoch;
    if (epoch != s->epoch) {
        rnl_random epochs = rnl_random_new(s->seed, RNL_STREAM_SHUFFLE);
        shuffle(s->order, s->n, (rnl_random){rnl_random_at(&epochs, epoch)});
        s->epoch = epoch;
    }
    return s->per_epoch - iteration % s->per_epoch;
}

/* Where in the order of its epoch the batch of an iteration begins; shuffled epochs. */
static size_t batch_begin(const rnl_sampler *s, uint64_t iteration)
{
    return (size_t)(iteration % s->per_epoch) * s->batch;
}

size_t rnl_sampler_rows(const rnl_sampler *s, uint64_t iteration)
{
    if (s->sampling == RNL_WITH_REPLACEMENT)
        return s->batch;
    size_t left = s->n - batch_begin(s, iteration);
    return left < s->batch ? left : s->batch;
}

void rnl_sampler_draw(const rnl_sampler *s, uint64_t iteration, size_t begin, size_t end,
                      size_t *index)
{
    if (s->sampling == RNL_WITH_REPLACEMENT) {
        for (size_t r = begin; r < end; r++)
            index[r] = (size_t)rnl_bounded(
                rnl_random_at(&s->draws, iteration * s->batch + (uint64_t)r), s->n);
    } else {
        const size_t *batch = s->order + batch_begin(s, iteration);
        for (size_t r = begin; r < end; r++)
            index[r] = batch[r];
    }
}

/* sampler.h - which samples make the batch of an iteration
 *
 * With replacement, sample r of iteration i is a hash of (seed, i, r): any thread can ask for any
 * row, and a run can go on at any iteration. By shuffled epochs, the order of an epoch is a
 * Fisher-Yates shuffle whose stream is seeded by (seed, epoch). */
#ifndef RNL_DATA_SAMPLER_H
#define RNL_DATA_SAMPLER_H

#include "base/random.h"
#include "base/status.h"

typedef struct rnl_sampler {
    size_t n, batch;
    rnl_sampling sampling;
    uint64_t seed;
    size_t per_epoch; /* iterations an epoch: ceil(n / batch) */
    size_t *order;    /* [n], shuffled epochs only */
    uint64_t epoch;   /* that order is for; UINT64_MAX: none yet */
    rnl_random draws; /* with replacement */
} rnl_sampler;

/* 1 <= batch <= n, else RNL_ERR_USAGE with both numbers in the text. */
rnl_status rnl_sampler_init(rnl_sampler *s, size_t n, size_t batch, rnl_sampling sampling,
                            uint64_t seed);
void rnl_sampler_free(rnl_sampler *s);

/* Before the iterations of a new epoch are asked for, by one thread: makes the order that
 * `iteration` (from 0) needs. Returns how many iterations from this one on it holds for. */
uint64_t rnl_sampler_prepare(rnl_sampler *s, uint64_t iteration);

/* Rows of the batch of an iteration: batch, or fewer at the end of a shuffled epoch. */
size_t rnl_sampler_rows(const rnl_sampler *s, uint64_t iteration);

/* Sets index[begin .. end-1], the samples of these rows of the batch of an iteration; the rest of
 * index stays as it is, so that the threads of a team fill one array. */
void rnl_sampler_draw(const rnl_sampler *s, uint64_t iteration, size_t begin, size_t end,
                      size_t *index);

#endif

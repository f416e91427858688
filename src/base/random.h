/* random.h - random numbers that are the same on every machine
 *
 * splitmix64 (Steele, Lea, Flood 2014): each number is a hash of a counter, so the k-th number of
 * a stream can be had directly; batches are drawn so, by any thread, in any order. */
#ifndef RNL_BASE_RANDOM_H
#define RNL_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 rnl_u128;

typedef struct rnl_random {
    uint64_t state;
} rnl_random;

static inline uint64_t rnl_hash64(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Streams of one seed are independent; say what a stream is for by its number. */
enum {
    RNL_STREAM_WEIGHTS = 1,
    RNL_STREAM_BATCHES = 2,
    RNL_STREAM_SHUFFLE = 3,
    RNL_STREAM_STROKES = 4,
    RNL_STREAM_DROPOUT = 5,
    RNL_STREAM_SPLIT = 6,
    RNL_STREAM_AUGMENT = 7
};

static inline rnl_random rnl_random_new(uint64_t seed, uint64_t stream)
{
    return (rnl_random){rnl_hash64(seed + 0x9e3779b97f4a7c15u * (2 * stream + 1))};
}

static inline uint64_t rnl_random_u64(rnl_random *r)
{
    return rnl_hash64(r->state += 0x9e3779b97f4a7c15u);
}

/* The k-th number (from 0) after r, without moving r. */
static inline uint64_t rnl_random_at(const rnl_random *r, uint64_t k)
{
    return rnl_hash64(r->state + (k + 1) * 0x9e3779b97f4a7c15u);
}

/* 64 random bits -> a number from 0 to n - 1, n > 0. The bias is below n / 2^64. */
static inline uint64_t rnl_bounded(uint64_t bits, uint64_t n)
{
    return (uint64_t)(((rnl_u128)bits * n) >> 64);
}

/* Uniform in [0, 1), 53 bits. */
static inline double rnl_random_uniform(rnl_random *r)
{
    return (double)(rnl_random_u64(r) >> 11) * 0x1p-53;
}

/* N(0, 1), by the polar method (Marsaglia, Bray 1964). */
double rnl_random_normal(rnl_random *r);

#endif

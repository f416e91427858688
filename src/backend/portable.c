/* portable.c - every kernel in plain C: their definition
 *
 * Compiled once per level of processor (RNL_LEVEL names it, and the compiler's flags allow its
 * instructions) and, in each, once for f32 and once for f64 from the same templates:
 *
 *   portable_vec.inc      a register of numbers
 *   portable_matmul.inc   the product of two matrices
 *   portable_affine.inc   affine: forward, backward
 *   portable_maps.inc     relu, sigmoid, sgd: element by element
 *   portable_softmax.inc  softmax, its loss, argmax
 *
 * A template speaks of `real`, of `vec` (a register of VEC reals) and names its functions FN(name). */
#include "backend/portable.h"

#include <math.h>
#include <string.h>

#ifndef RNL_LEVEL
#error "RNL_LEVEL: baseline, avx2 or avx512"
#endif

#if defined(__AVX512F__)
#include <immintrin.h>
#define VEC_BYTES       64
#define MICRO_VECS      4 /* 32 registers */
#define VEC_PREFIX      _mm512
#define VEC_MASK(lanes) ((VEC_MASK_TYPE)((1u << (lanes)) - 1))
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define VEC_BYTES       32
#define MICRO_VECS      2 /* 16 registers */
#define VEC_PREFIX      _mm256
#define VEC_MASK(lanes) (lanes_mask((lanes) * sizeof(real)))
/* All ones in the first `bytes` bytes. */
static inline __m256i lanes_mask(size_t bytes)
{
    static const int32_t ones[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256((const __m256i_u *)((const char *)(ones + 8) - bytes));
}
#else
#define VEC_BYTES  16
#define MICRO_VECS 2
#endif

#define PASTE_(a, b, c) a##_##b##_##c
#define PASTE(a, b, c)  PASTE_(a, b, c)
#define FN(name)        PASTE(name, SUFFIX, RNL_LEVEL)

static inline size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

#ifdef VEC_PREFIX
#define VEC_INTRINSIC(name) PASTE(VEC_PREFIX, name, PRECISION)
#endif

#define real          float
#define SUFFIX        f32
#define PRECISION     ps
#define VEC_MASK_TYPE __mmask16
#define EXP           expf
#define LOG           logf
#define FMA           fmaf
#include "backend/portable_all.inc"
#undef real
#undef SUFFIX
#undef PRECISION
#undef VEC_MASK_TYPE
#undef EXP
#undef LOG
#undef FMA

#define real          double
#define SUFFIX        f64
#define PRECISION     pd
#define VEC_MASK_TYPE __mmask8
#define EXP           exp
#define LOG           log
#define FMA           fma
#include "backend/portable_all.inc"

#define SET_(level) const rnl_kernel_set rnl_portable_##level
#define SET(level)  SET_(level)
SET(RNL_LEVEL) = {
    .of = {
        [RNL_F32] = &PASTE(kernels, f32, RNL_LEVEL), [RNL_F64] = &PASTE(kernels, f64, RNL_LEVEL)}};

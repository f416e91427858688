/* portable.c - every kernel in plain C: their definition
 *
 * Compiled once per level of processor (RNL_LEVEL names it, and the compiler's flags allow its
 * instructions) and, in each, once for f32 and once for f64 from the same templates:
 *
 *   portable_vec.inc           a register of numbers
 *   portable_exp.inc           exp and log
 *   portable_matmul.inc        the product of two matrices
 *   portable_affine.inc        affine: forward, backward
 *   portable_masks.inc         where the numbers of a row are that are not zero
 *   portable_sparse.inc        affine along these masks: forward
 *   portable_transpose.inc     the masks by columns in place of rows
 *   portable_windows.inc       affine along these: backward
 *   portable_maps.inc          relu, sigmoid, sgd: element by element
 *   portable_softmax.inc       softmax, its loss, argmax
 *   portable_activations.inc   tanh, leaky relu, elu, gelu, silu, softplus, dropout
 *   portable_norm.inc          batch and layer normalisation
 *   portable_losses.inc        softmax with smoothed and weighted targets, logistic, huber
 *   portable_update.inc        update rules, moving averages
 *
 * A template speaks of `real`, of `vec` (a register of VEC reals) and names its functions FN(name). */
#include "backend/grid.h"
#include "backend/portable.h"
#include "base/random.h"

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

#define VEC_CAST__(prefix, p, from, to) prefix##_cast##p##from##_##p##to
#define VEC_CAST_(prefix, p, from, to)  VEC_CAST__(prefix, p, from, to)
#define VEC_CAST(from, to)              VEC_CAST_(VEC_PREFIX, PRECISION, from, to)
#ifdef __AVX512F__
#define SPARSE_AVX512
#define VEC_HALF(name) PASTE(_mm256, name, PRECISION)
#elif defined(VEC_PREFIX)
#define VEC_UPPER__(p, v) _mm256_extractf128_##p(v, 1)
#define VEC_UPPER_(p, v)  VEC_UPPER__(p, v)
#define VEC_UPPER(v)      VEC_UPPER_(PRECISION, v)
#endif

#define REAL(x) ((real)(x))

#define real               float
#define bits               uint32_t
#define signed_bits        int32_t
#define SUFFIX             f32
#define PRECISION          ps
#define VEC_MASK_TYPE      __mmask16
#define VEC_INTRINSIC_TYPE __m256
#define FMA                fmaf
#define SQRT               sqrtf
#define MANTISSA_BITS      23
#define EXPONENT_BIAS      127
#define ROUND_SHIFT        0x1.8p23f
#define EXP_LEAST          (-104.0f)
#define EXP_MOST           89.0f
#define EXP_TERMS          6
#define LN2_FIRST          0x1.62e4p-1f /* 15 bits */
#define LN2_REST           0x1.7f7d1cp-20f
#define SQRT_HALF_BITS     0x3f3504f3u
#define LOG_TERMS          4
#include "backend/portable_all.inc"

#define real               double
#define bits               uint64_t
#define signed_bits        int64_t
#define SUFFIX             f64
#define PRECISION          pd
#define VEC_MASK_TYPE      __mmask8
#define VEC_INTRINSIC_TYPE __m256d
#define FMA                fma
#define SQRT               sqrt
#define MANTISSA_BITS      52
#define EXPONENT_BIAS      1023
#define ROUND_SHIFT        0x1.8p52
#define EXP_LEAST          (-746.0)
#define EXP_MOST           710.0
#define EXP_TERMS          12
#define LN2_FIRST          0x1.62e42fefa4p-1 /* 40 bits */
#define LN2_REST           (-0x1.8432a1b0e2634p-43)
#define SQRT_HALF_BITS     0x3fe6a09e667f3bcdu
#define LOG_TERMS          10
#include "backend/portable_all.inc"

#define SET_(level) const rnl_kernel_set rnl_portable_##level
#define SET(level)  SET_(level)
SET(RNL_LEVEL) = {
    .of = {
        [RNL_F32] = &PASTE(kernels, f32, RNL_LEVEL), [RNL_F64] = &PASTE(kernels, f64, RNL_LEVEL)}};

#define MATHS_(level) const rnl_portable_maths rnl_portable_maths_##level
#define MATHS(level)  MATHS_(level)
MATHS(RNL_LEVEL) = {.exp = {PASTE(exp_row, f32, RNL_LEVEL), PASTE(exp_row, f64, RNL_LEVEL)},
                    .log = {PASTE(log_row, f32, RNL_LEVEL), PASTE(log_row, f64, RNL_LEVEL)}};

/* portable.c - every kernel in plain C: their definition
 *
 * Compiled once per level of processor (RNL_LEVEL names it, and the compiler's flags allow its
 * instructions) and, in each, once for f32 and once for f64 from the same templates:
 *
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
#define VEC_BYTES  64
#define MICRO_VECS 4 /* 32 registers */
#elif defined(__AVX__)
#define VEC_BYTES  32
#define MICRO_VECS 2 /* 16 registers */
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

#define real   float
#define SUFFIX f32
#define EXP    expf
#define LOG    logf
#include "backend/portable_all.inc"
#undef real
#undef SUFFIX
#undef EXP
#undef LOG

#define real   double
#define SUFFIX f64
#define EXP    exp
#define LOG    log
#include "backend/portable_all.inc"

#define SET_(level) const rnl_kernel_set rnl_portable_##level
#define SET(level)  SET_(level)
SET(RNL_LEVEL) = {
    .of = {
        [RNL_F32] = &PASTE(kernels, f32, RNL_LEVEL), [RNL_F64] = &PASTE(kernels, f64, RNL_LEVEL)}};

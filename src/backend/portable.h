/* portable.h - the compilations of portable.c, one per level of processor */
#ifndef RNL_BACKEND_PORTABLE_H
#define RNL_BACKEND_PORTABLE_H

#include "backend/backend.h"

/* exp and log as the kernels compute them, by rnl_dtype: y[j] = f(x[j]). For the tests. */
typedef struct rnl_portable_maths {
    void (*exp[2])(void *y, const void *x, size_t n);
    void (*log[2])(void *y, const void *x, size_t n);
} rnl_portable_maths;

extern const rnl_kernel_set rnl_portable_baseline;
extern const rnl_portable_maths rnl_portable_maths_baseline;
#ifdef RNL_HAVE_X86_LEVELS
/* AVX2 and FMA */
extern const rnl_kernel_set rnl_portable_avx2;
extern const rnl_portable_maths rnl_portable_maths_avx2;
/* AVX-512 F, DQ, VL, BW */
extern const rnl_kernel_set rnl_portable_avx512;
extern const rnl_portable_maths rnl_portable_maths_avx512;
#endif

#endif

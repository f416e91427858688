/* portable.h - the compilations of portable.c, one per level of processor */
#ifndef RNL_BACKEND_PORTABLE_H
#define RNL_BACKEND_PORTABLE_H

#include "backend/backend.h"

extern const rnl_kernel_set rnl_portable_baseline;
#ifdef RNL_HAVE_X86_LEVELS
extern const rnl_kernel_set rnl_portable_avx2;   /* AVX2 and FMA */
extern const rnl_kernel_set rnl_portable_avx512; /* AVX-512 F, DQ, VL, BW */
#endif

#endif

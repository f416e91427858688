/* level.h - which compilation of code that exists once per level of processor may run here */
#ifndef RNL_BASE_LEVEL_H
#define RNL_BASE_LEVEL_H

#include "base/status.h"

typedef enum rnl_level { RNL_BASELINE, RNL_AVX2, RNL_AVX512 } rnl_level;

/* The highest that this build has and that processor and operating system allow.
 * RUNNEL_CPU=baseline or avx2 lowers it; it never raises it. */
rnl_level rnl_processor_level(void);

/* RNL_ERR_UNSUPPORTED where RUNNEL_CPU names no level. */
rnl_status rnl_check_level(void);

#endif

/* level.c - which compilation of code that exists once per level of processor may run here */
#include "base/level.h"

#include <stdlib.h>
#include <string.h>

#ifdef RNL_HAVE_X86_LEVELS
/* These ask the operating system too: it must save the wide registers. */
static rnl_level highest(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return RNL_BASELINE;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
               ? RNL_AVX512
               : RNL_AVX2;
}
#else
static rnl_level highest(void)
{
    return RNL_BASELINE;
}
#endif

rnl_level rnl_processor_level(void)
{
    static const char *const names[] = {"baseline", "avx2", "avx512"};
    const char *limit = getenv("RUNNEL_CPU");
    const rnl_level level = highest();
    for (rnl_level l = RNL_BASELINE; limit && l < level; l++)
        if (strcmp(limit, names[l]) == 0)
            return l;
    return level;
}

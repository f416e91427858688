/* level.c - which compilation of code that exists once per level of processor may run here */
#include "base/level.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#ifdef RNL_HAVE_X86_LEVELS
/* These ask the operating system too: it must save the wide registers. */
static rnl_level highest(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
        !__builtin_cpu_supports("bmi"))
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

enum { LEVELS = RNL_AVX512 + 1 };

/* The highest level that is wanted; LEVELS: no such level. */
static int wanted(void)
{
    static const char *const names[LEVELS] = {"baseline", "avx2", "avx512"};
    const char *limit = getenv("RUNNEL_CPU");
    if (!limit || !*limit)
        return RNL_AVX512;
    int level = 0;
    while (level < LEVELS && strcmp(limit, names[level]) != 0)
        level++;
    return level;
}

rnl_level rnl_processor_level(void)
{
    const int limit = wanted();
    const rnl_level level = highest();
    return limit < (int)level ? (rnl_level)limit : level;
}

rnl_status rnl_check_level(void)
{
    char said[80];
    if (wanted() < LEVELS)
        return RNL_OK;
    rnl_text_quote(said, sizeof said, "the environment variable RUNNEL_CPU is ",
                   getenv("RUNNEL_CPU"));
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s; it can be baseline, avx2 or avx512", said);
}

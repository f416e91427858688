/* backend.c - the backends of this build, and the portable kernels for this processor */
#include "backend/backend.h"
#include "backend/portable.h"

#include <stdlib.h>
#include <string.h>

/* The best first. */
static const struct {
    const char *name;
    const rnl_kernel_set *(*kernels)(void);
} backends[] = {
#ifdef RNL_HAVE_ONEDNN
    {"onednn", rnl_onednn},
#endif
    {"portable", rnl_portable},
};

enum { BACKENDS = sizeof backends / sizeof backends[0] };

const char *rnl_backend_name(size_t i)
{
    return i < BACKENDS ? backends[i].name : NULL;
}

rnl_status rnl_backend_find(const char *wanted, rnl_dtype dtype, const char **name,
                            const rnl_kernels **kernels)
{
    for (size_t i = 0; i < BACKENDS; i++) {
        if (!wanted || strcmp(wanted, backends[i].name) == 0) {
            *name = backends[i].name;
            *kernels = backends[i].kernels()->of[dtype];
            return RNL_OK;
        }
    }
    return rnl_fail(RNL_ERR_UNSUPPORTED, "backend \"%s\" is not in this build, which has: %s%s",
                    wanted, backends[0].name, BACKENDS > 1 ? ", portable" : "");
}

/* ---- which compilation of the portable kernels --------------------------------------------------- */

/* RUNNEL_CPU=baseline or avx2 lowers the choice; it never raises it above the processor. */
static bool allowed(const char *level, const char *limit)
{
    static const char *const order[] = {"baseline", "avx2", "avx512"};
    if (!limit)
        return true;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (strcmp(order[i], level) == 0)
            return true; /* met before the limit, or the limit itself */
        if (strcmp(order[i], limit) == 0)
            return false;
    }
    return true;
}

const rnl_kernel_set *rnl_portable(void)
{
    const char *limit = getenv("RUNNEL_CPU");
    (void)limit;
#ifdef RNL_HAVE_X86_LEVELS
    /* These ask the operating system too: it must save the wide registers. */
    if (allowed("avx512", limit) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma"))
        return &rnl_portable_avx512;
    if (allowed("avx2", limit) && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &rnl_portable_avx2;
#endif
    return &rnl_portable_baseline;
}

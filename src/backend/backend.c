/* backend.c - the backends of this build, and the portable kernels for this processor */
#include "backend/backend.h"
#include "backend/portable.h"
#include "base/level.h"

#include <string.h>

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

/* Which one is the fastest here, or on the processor that RUNNEL_CPU asks for. With AVX2 and no AVX-512
 * dnnl_sgemm leaves its operands where they lie and reaches half of the peak for x W and a third for x^T dy,
 * the portable product 90 and 70 to 90 %. */
static size_t best(void)
{
#ifdef RNL_HAVE_ONEDNN
    if (rnl_processor_level() == RNL_AVX2)
        return 1;
#endif
    return 0;
}

rnl_status rnl_backend_find(const char *wanted, rnl_dtype dtype, const char **name,
                            const rnl_kernels **kernels)
{
    RNL_TRY(rnl_check_level());
    for (size_t i = 0; i < BACKENDS; i++) {
        if (wanted ? strcmp(wanted, backends[i].name) == 0 : i == best()) {
            *name = backends[i].name;
            *kernels = backends[i].kernels()->of[dtype];
            return RNL_OK;
        }
    }
    return rnl_fail(RNL_ERR_UNSUPPORTED, "backend \"%s\" is not in this build, which has: %s%s",
                    wanted, backends[0].name, BACKENDS > 1 ? ", portable" : "");
}

/* ---- which compilation of the portable kernels --------------------------------------------------- */

const rnl_kernel_set *rnl_portable(void)
{
#ifdef RNL_HAVE_X86_LEVELS
    static const rnl_kernel_set *const sets[] = {&rnl_portable_baseline, &rnl_portable_avx2,
                                                 &rnl_portable_avx512};
    return sets[rnl_processor_level()];
#else
    return &rnl_portable_baseline;
#endif
}

/* pictures.h - for tests of augmentation: data sets of random pictures */
#ifndef RNL_TESTS_DATA_PICTURES_H
#define RNL_TESTS_DATA_PICTURES_H

#include "data/augment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const char EVERYTHING[] =
    "shift 2, rotate 10, scale 0.1, shear 0.1, elastic 34 4, noise 0.05";

/* n pictures of random bytes, or of random floats. */
static inline rnl_dataset *pictures(size_t n, size_t channels, size_t height, size_t width,
                                    bool bytes, uint64_t seed)
{
    rnl_dataset *set;
    const size_t m = channels * height * width;
    assert_int_equal(rnl_dataset_new(&set), RNL_OK);
    set->owned[0] = rnl_alloc(n * m, bytes ? 1 : sizeof(float));
    assert_non_null(set->owned[0]);
    rnl_random r = rnl_random_new(seed, 1000);
    uint8_t *b = set->owned[0];
    float *f = set->owned[0];
    for (size_t j = 0; j < n * m; j++)
        if (bytes)
            b[j] = (uint8_t)rnl_random_u64(&r);
        else
            f[j] = (float)rnl_random_normal(&r);
    set->bytes = bytes ? b : NULL;
    set->floats = bytes ? NULL : f;
    set->info.n = n;
    set->info.channels = channels;
    set->info.height = height;
    set->info.width = width;
    set->info.features = m;
    set->info.scale = bytes ? 1.0 / 255 : 1;
    return set;
}

#endif

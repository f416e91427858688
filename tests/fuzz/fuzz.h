/* fuzz.h - what fuzz targets share
 *
 * A target is a file TARGET.c with LLVMFuzzerTestOneInput, which hands bytes that nobody vouches for to one
 * reader. It aborts (MUST) where the reader's word does not hold: success or a clean failure with a sentence
 * about it, no more memory than stated, the same answer however the bytes came.
 *
 * Linked twice: with libFuzzer, which makes up the bytes (scripts/test fuzz; by hand the build that it leaves,
 * build-test/fuzz/tests/fuzz/fuzz_TARGET FOLDER); and with replay.c, which goes through known bytes, in the
 * suite of every build. The bytes to begin with come from seeds.py; what a fuzzer found goes into
 * corpus/TARGET/. */
#ifndef RNL_TESTS_FUZZ_H
#define RNL_TESTS_FUZZ_H

#include "base/memory.h"
#include "data/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MUST(cond)                                                                                 \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fprintf(stderr, "%s:%d: %s\n    %s\n", __FILE__, __LINE__, #cond, rnl_error_text());   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The status of what must fail in one of the ways that bad bytes may have. A reader that asks for more
 * memory than rnl_alloc_limit lets it fails with RNL_ERR_MEMORY: that is none of them. */
static inline void fuzz_check_failure(rnl_status status)
{
    MUST(status == RNL_ERR_FORMAT || status == RNL_ERR_UNSUPPORTED || status == RNL_ERR_SHAPE ||
         status == RNL_ERR_USAGE);
    const char *text = rnl_error_text();
    MUST(text && strlen(text) > 10);
    for (const char *c = text; *c; c++)
        MUST((unsigned char)*c >= 0x20 && *c != 0x7f); /* what a terminal may show */
}

/* Looks at all that a set holds, and frees it. */
static inline void fuzz_use_set(rnl_dataset **set)
{
    const rnl_dataset_info info = rnl_dataset_describe(*set);
    MUST(info.n > 0 && info.features > 0);
    MUST(info.channels * info.height * info.width == info.features);
    double *x = malloc(info.features * sizeof *x);
    MUST(x);
    const size_t step = info.n / 64 + 1;
    for (size_t i = 0; i < info.n; i += step)
        MUST(rnl_dataset_gather(*set, NULL, i, rnl_matrix_f64(x, 1, info.features)) == RNL_OK);
    MUST(rnl_dataset_gather(*set, NULL, info.n - 1, rnl_matrix_f64(x, 1, info.features)) == RNL_OK);
    free(x);
    const int32_t *classes = rnl_dataset_classes(*set);
    for (size_t i = 0; classes && i < info.n; i++)
        MUST(classes[i] >= 0 && (size_t)classes[i] < info.class_count);
    const float *targets = rnl_dataset_targets(*set);
    volatile float last = 0;
    for (size_t i = 0; targets && i < info.n * info.target_width; i++)
        last = targets[i];
    (void)last;
    rnl_dataset_free(set);
    MUST(!*set);
}

/* What a reader made of the bytes, within the rnl_alloc_limit that ends here: a set, or a clean failure. */
static inline void fuzz_check_set(rnl_status status, rnl_dataset **set)
{
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK) {
        fuzz_use_set(set);
        return;
    }
    MUST(!*set);
    fuzz_check_failure(status);
}

#endif

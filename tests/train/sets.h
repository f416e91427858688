/* sets.h - the sets that most tests of the loop train on, watch and test with */
#ifndef RNL_TESTS_TRAIN_SETS_H
#define RNL_TESTS_TRAIN_SETS_H

#include "blobs.h"

enum { N = 203, VALIDATION_N = 70, TEST_N = 90 };

static rnl_dataset *train_set, *validation_set, *test_set;

static inline int make_sets(void **state)
{
    (void)state;
    train_set = blobs(N, 1);
    validation_set = blobs(VALIDATION_N, 2);
    test_set = blobs(TEST_N, 3);
    return 0;
}

static inline int free_sets(void **state)
{
    (void)state;
    rnl_dataset_free(&train_set);
    rnl_dataset_free(&validation_set);
    rnl_dataset_free(&test_set);
    return 0;
}

#endif

/* idx_files.h - a small pair of IDX files, what a set read from it must hold, and what must not read */
#ifndef RNL_TESTS_DATA_IDX_FILES_H
#define RNL_TESTS_DATA_IDX_FILES_H

#include "data/idx.h"
#include "in_use.h"

enum { N = 5, HEIGHT = 4, WIDTH = 3, FEATURES = HEIGHT * WIDTH };
enum { IMAGES = 16 + N * FEATURES, LABELS = 8 + N };

static const uint8_t images_head[16] = {0, 0, 8, 3, 0, 0, 0, N, 0, 0, 0, HEIGHT, 0, 0, 0, WIDTH};
static const uint8_t labels_file[LABELS] = {0, 0, 8, 1, 0, 0, 0, N, 3, 0, 9, 4, 1};
static uint8_t images_file[IMAGES];

static int make_files(void **state)
{
    memcpy(images_file, images_head, sizeof images_head);
    for (size_t i = sizeof images_head; i < IMAGES; i++)
        images_file[i] = (uint8_t)(i * 37);
    return folder_make(state);
}

static inline void check_content(const rnl_dataset *set, size_t n, double scale)
{
    rnl_dataset_info info = rnl_dataset_describe(set);
    assert_int_equal(info.n, n);
    assert_int_equal(info.features, FEATURES);
    double x[N * FEATURES];
    assert_int_equal(
        rnl_dataset_gather(set, NULL, 0, rnl_matrix_f64(memset(x, 1, sizeof x), n, FEATURES)),
        RNL_OK);
    for (size_t i = 0; i < n * FEATURES; i++)
        assert_true(x[i] == images_file[16 + i] * scale);
    if (rnl_dataset_classes(set))
        for (size_t i = 0; i < n; i++)
            assert_int_equal(rnl_dataset_classes(set)[i], labels_file[8 + i]);
}

static inline void refuses(const char *images, const char *labels, rnl_status status,
                           const char *text)
{
    rnl_dataset *set = (rnl_dataset *)images_file;
    assert_error(rnl_dataset_read_idx(&set, images, labels, NULL), status, text);
    assert_null(set);
    assert_int_equal(files_in_use(), 0);
}

/* Reads with the 1st, 2nd, ... allocation failing until none fails; returns how many could. */
static inline long fail_each_allocation(const char *images, const char *labels)
{
    rnl_dataset *set;
    for (long nth = 1;; nth++) {
        rnl_alloc_fail_after(nth);
        rnl_status status = rnl_dataset_read_idx(&set, images, labels, NULL);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK) {
            check_content(set, N, 1.0 / 255);
            rnl_dataset_free(&set);
            return nth - 1;
        }
        assert_int_equal(status, RNL_ERR_MEMORY);
        assert_null(set);
        assert_int_equal(files_in_use(), 0);
    }
}

#endif

/* test_digest.c - every difference between two data sets shows in their digests */
#include "runnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

enum { N = 700, FEATURES = 3, CLASSES = 4, WIDTH = 2 }; /* an odd number of 32-bit numbers a row */

static float x[N * FEATURES], targets[N * WIDTH];
static int32_t classes[N];

static int fill(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++) {
        classes[i] = (int32_t)(i % CLASSES);
        for (size_t j = 0; j < FEATURES; j++)
            x[i * FEATURES + j] = (float)(i * 10 + j);
        for (size_t j = 0; j < WIDTH; j++)
            targets[i * WIDTH + j] = (float)(i * 10 + j) + 0.5f;
    }
    return 0;
}

/* Of these rows with classes, or with targets; and with scales, unless NULL. */
static uint64_t digest_of(size_t n, bool rows, const double *scale)
{
    static const double shift[FEATURES];
    rnl_dataset *set;
    uint64_t digest = 0;
    if (rows)
        assert_int_equal(rnl_dataset_from_rows(&set, x, n, FEATURES, targets, WIDTH, false),
                         RNL_OK);
    else
        assert_int_equal(rnl_dataset_from_floats(&set, x, n, FEATURES, classes, CLASSES, false),
                         RNL_OK);
    if (scale)
        assert_int_equal(rnl_dataset_set_scaling(set, scale, shift), RNL_OK);
    assert_int_equal(rnl_dataset_digest(set, &digest), RNL_OK);
    rnl_dataset_free(&set);
    return digest;
}

static void every_number_counts(void **state)
{
    (void)state;
    const uint64_t with_classes = digest_of(N, false, NULL), with_rows = digest_of(N, true, NULL);
    assert_true(with_classes != with_rows);
    assert_true(digest_of(N - 1, false, NULL) != with_classes);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < FEATURES; j++) {
            float *number = &x[i * FEATURES + j];
            const float before = *number;
            *number = before + 1;
            assert_true(digest_of(N, false, NULL) != with_classes);
            *number = before;
        }
        targets[i * WIDTH] = -targets[i * WIDTH];
        assert_true(digest_of(N, true, NULL) != with_rows);
        targets[i * WIDTH] = -targets[i * WIDTH];
        classes[i] = (classes[i] + 1) % CLASSES;
        assert_true(digest_of(N, false, NULL) != with_classes);
        classes[i] = (int32_t)(i % CLASSES);
    }
    assert_true(digest_of(N, false, NULL) == with_classes);
    assert_true(digest_of(N, true, NULL) == with_rows);
}

/* Two numbers that are one word, two samples, what samples are multiplied with. */
static void order_signs_and_scales_count(void **state)
{
    (void)state;
    const double one[FEATURES] = {1, 1, 1}, other[FEATURES] = {1, 2, 1};
    const uint64_t before = digest_of(N, false, NULL);
    assert_true(digest_of(N, false, one) != digest_of(N, false, other));
    x[300] = -x[300], x[301] = -x[301];
    assert_true(digest_of(N, false, NULL) != before);
    x[300] = -x[300], x[301] = -x[301];
    for (size_t j = 0; j < FEATURES; j++) {
        const float first = x[j];
        x[j] = x[FEATURES + j];
        x[FEATURES + j] = first;
    }
    assert_true(digest_of(N, false, NULL) != before);
    fill(NULL);
}

typedef struct source {
    float last;
    size_t asked;
    bool fails;
} source;

static const char *make(void *user, size_t i, float *row)
{
    source *s = user;
    s->asked++;
    for (size_t j = 0; j < FEATURES; j++)
        row[j] = i == N - 1 ? s->last : (float)i;
    return s->fails ? "the line is dead" : NULL;
}

static void of_a_callback_some_samples_count(void **state)
{
    (void)state;
    source s = {.last = 1};
    rnl_dataset *set;
    uint64_t one = 0, same = 0, other = 0;
    assert_int_equal(
        rnl_dataset_from_callback(&set, make, &s, N, FEATURES, classes, CLASSES, false), RNL_OK);
    s.asked = 0;
    assert_int_equal(rnl_dataset_digest(set, &one), RNL_OK);
    assert_int_equal(s.asked, 256);
    assert_int_equal(rnl_dataset_digest(set, &same), RNL_OK);
    s.last = 2;
    assert_int_equal(rnl_dataset_digest(set, &other), RNL_OK);
    assert_true(one == same && one != other);
    s.fails = true;
    assert_int_equal(rnl_dataset_digest(set, &other), RNL_ERR_IO);
    assert_non_null(strstr(rnl_error_text(), "the line is dead"));
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_counts),
        cmocka_unit_test(order_signs_and_scales_count),
        cmocka_unit_test(of_a_callback_some_samples_count),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}

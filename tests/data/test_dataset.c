/* test_dataset.c - data sets from arrays, the gather, rows of 0 and 1 */
#include "base/matrix.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 7, FEATURES = 37, LD = 41 }; /* a tail for every width of vector */

static float floats[N * FEATURES];
static uint8_t bytes[N * FEATURES];
static const int32_t classes[N] = {2, 0, 1, 2, 2, 0, 1};
static const size_t index_[5] = {6, 0, 3, 3, 1};

static int fill(void **state)
{
    (void)state;
    rnl_random r = rnl_random_new(1, 0);
    for (size_t i = 0; i < N * FEATURES; i++) {
        floats[i] = (float)(rnl_random_uniform(&r) * 200 - 100);
        bytes[i] = (uint8_t)(i < 256 ? i : rnl_random_u64(&r)); /* every byte occurs */
    }
    return 0;
}

/* ---- from arrays ---------------------------------------------------------------------------------- */

static void describes_what_it_was_given(void **state)
{
    (void)state;
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_from_floats(&set, floats, N, FEATURES, classes, 3, true), RNL_OK);
    rnl_dataset_info info = rnl_dataset_describe(set);
    assert_int_equal(info.n, N);
    assert_int_equal(info.features, FEATURES);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.height, 1);
    assert_int_equal(info.width, FEATURES);
    assert_int_equal(info.class_count, 3);
    assert_true(info.scale == 1 && info.shift == 0);
    assert_false(info.one_hot);
    assert_memory_equal(rnl_dataset_classes(set), classes, sizeof classes);
    rnl_dataset_free(&set);
    assert_null(set);
    rnl_dataset_free(&set);
    rnl_dataset_free(NULL);
}

static void copies_or_borrows(void **state)
{
    (void)state;
    float x[2] = {1, 2}, got[2];
    int32_t t[2] = {0, 1};
    rnl_dataset *copied, *borrowed;
    assert_int_equal(rnl_dataset_from_floats(&copied, x, 2, 1, t, 2, true), RNL_OK);
    assert_int_equal(rnl_dataset_from_floats(&borrowed, x, 2, 1, t, 2, false), RNL_OK);
    x[0] = 9;
    assert_int_equal(rnl_dataset_gather(copied, NULL, 0, rnl_matrix_f32(got, 2, 1)), RNL_OK);
    assert_true(got[0] == 1 && got[1] == 2);
    assert_int_equal(rnl_dataset_gather(borrowed, NULL, 0, rnl_matrix_f32(got, 2, 1)), RNL_OK);
    assert_true(got[0] == 9 && got[1] == 2);
    assert_ptr_equal(rnl_dataset_classes(borrowed), t);
    rnl_dataset_free(&copied);
    rnl_dataset_free(&borrowed);
}

static void refuses(rnl_status status, const char *text, const float *x, size_t n, size_t features,
                    const int32_t *t, size_t class_count)
{
    rnl_dataset *set = (rnl_dataset *)bytes;
    assert_int_equal(rnl_dataset_from_floats(&set, x, n, features, t, class_count, true), status);
    assert_null(set);
    if (!strstr(rnl_error_text(), text))
        fail_msg("\"%s\" does not contain \"%s\"", rnl_error_text(), text);
}

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    static const int32_t negative[N] = {2, 0, -1};
    refuses(RNL_ERR_USAGE, "0 samples with 37 features", floats, 0, FEATURES, classes, 3);
    refuses(RNL_ERR_USAGE, "7 samples with 0 features", floats, N, 0, classes, 3);
    refuses(RNL_ERR_USAGE, "NULL", NULL, N, FEATURES, classes, 3);
    refuses(RNL_ERR_USAGE, "class_count is 0", floats, N, FEATURES, classes, 0);
    refuses(RNL_ERR_USAGE, "more than", floats, SIZE_MAX / 4, 2, classes, 3);
    refuses(RNL_ERR_USAGE, "expected at most", floats, N, FEATURES, classes, (size_t)1 << 40);
    refuses(RNL_ERR_FORMAT, "sample 0 (counted from 0) is 2, expected 0 to 1", floats, N, FEATURES,
            classes, 2);
    refuses(RNL_ERR_FORMAT, "sample 2 (counted from 0) is -1, expected 0 to 2", floats, N, FEATURES,
            negative, 3);
}

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    rnl_dataset *set;
    for (long nth = 1;; nth++) {
        rnl_alloc_fail_after(nth);
        rnl_status status = rnl_dataset_from_floats(&set, floats, N, FEATURES, classes, 3, true);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK) {
            assert_int_equal(nth, 4); /* the set, the inputs and the classes could fail */
            break;
        }
        assert_int_equal(status, RNL_ERR_MEMORY);
        assert_null(set);
    }
    rnl_dataset_free(&set);
}

/* ---- the gather ------------------------------------------------------------------------------------- */

static rnl_dataset set_of(bool of_bytes, double scale, double shift)
{
    return (rnl_dataset){.info = {.n = N,
                                  .features = FEATURES,
                                  .channels = 1,
                                  .height = 1,
                                  .width = FEATURES,
                                  .scale = scale,
                                  .shift = shift},
                         .bytes = of_bytes ? bytes : NULL,
                         .floats = of_bytes ? NULL : floats};
}

/* stored * scale + shift, rounded after each operation to the dtype. */
static double expected(const rnl_dataset *set, size_t sample, size_t j, rnl_dtype dtype)
{
    size_t at = sample * FEATURES + j;
    if (dtype == RNL_F64) {
        volatile double product = (set->bytes ? bytes[at] : (double)floats[at]) * set->info.scale;
        return product + set->info.shift;
    }
    volatile float product = (set->bytes ? (float)bytes[at] : floats[at]) * (float)set->info.scale;
    volatile float sum = product + (float)set->info.shift;
    return (double)sum;
}

static void check_gather(const rnl_dataset *set, const size_t *index, size_t first, rnl_dtype dtype)
{
    enum { ROWS = 5, GUARD = 77 };
    double room[ROWS * LD + LD];
    memset(room, GUARD, sizeof room);
    rnl_matrix x = rnl_matrix_view(room, ROWS, FEATURES, dtype);
    x.ld = LD;
    assert_int_equal(rnl_dataset_gather(set, index, first, x), RNL_OK);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < FEATURES; j++) {
            double want = expected(set, index ? index[i] : first + i, j, dtype);
            if (!(rnl_matrix_get(&x, i, j) == want))
                fail_msg("x[%zu, %zu] is %.17g, expected %.17g", i, j, rnl_matrix_get(&x, i, j),
                         want);
        }
    const char *raw = (const char *)room;
    size_t width = rnl_dtype_size(dtype);
    for (size_t i = 0; i < ROWS; i++) /* what lies between two rows is not ours */
        for (size_t b = (i * LD + FEATURES) * width; b < (i + 1) * LD * width; b++)
            assert_int_equal(raw[b], GUARD);
}

static void gathers_by_the_formula(void **state)
{
    (void)state;
    static const double scales[][2] = {{1, 0}, {1.0 / 255, 0}, {1.0 / 127.5, -1}, {0.3081, 0.1307}};
    for (size_t k = 0; k < sizeof scales / sizeof scales[0]; k++)
        for (int of_bytes = 0; of_bytes < 2; of_bytes++)
            for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
                rnl_dataset set = set_of(of_bytes, scales[k][0], scales[k][1]);
                check_gather(&set, index_, 0, (rnl_dtype)dtype);
                check_gather(&set, NULL, 2, (rnl_dtype)dtype);
            }
}

static void gathers_parts_alone(void **state)
{
    (void)state;
    rnl_dataset set = set_of(true, 1.0 / 255, 0);
    float whole[5 * FEATURES] = {0}, parts[5 * FEATURES] = {0};
    rnl_matrix x = rnl_matrix_f32(whole, 5, FEATURES), y = rnl_matrix_f32(parts, 5, FEATURES);
    rnl_gather_rows(&set, index_, (rnl_range){0, 5}, &x);
    rnl_gather_rows(&set, index_, (rnl_range){3, 5}, &y);
    for (size_t i = 0; i < 3 * FEATURES; i++)
        assert_true(parts[i] == 0);
    rnl_gather_rows(&set, index_, (rnl_range){0, 3}, &y);
    assert_memory_equal(whole, parts, sizeof whole);
}

static void gather_refuses_what_is_not_there(void **state)
{
    (void)state;
    rnl_dataset set = set_of(true, 1, 0);
    float x[N * FEATURES] = {0};
    const size_t outside[2] = {0, N};
    assert_int_equal(rnl_dataset_gather(&set, NULL, 0, rnl_matrix_f32(x, N, FEATURES)), RNL_OK);
    assert_int_equal(rnl_dataset_gather(&set, NULL, N, rnl_matrix_f32(x, 0, FEATURES)), RNL_OK);
    assert_int_equal(rnl_dataset_gather(&set, NULL, 0, rnl_matrix_f32(x, 1, FEATURES - 1)),
                     RNL_ERR_SHAPE);
    assert_non_null(strstr(rnl_error_text(), "36 columns"));
    assert_int_equal(rnl_dataset_gather(&set, NULL, 1, rnl_matrix_f32(x, N, FEATURES)),
                     RNL_ERR_SHAPE);
    assert_int_equal(rnl_dataset_gather(&set, NULL, SIZE_MAX, rnl_matrix_f32(x, 2, FEATURES)),
                     RNL_ERR_SHAPE);
    assert_int_equal(rnl_dataset_gather(&set, outside, 0, rnl_matrix_f32(x, 2, FEATURES)),
                     RNL_ERR_SHAPE);
    assert_non_null(strstr(rnl_error_text(), "sample number 7"));
    rnl_matrix narrow = rnl_matrix_f32(x, 2, FEATURES);
    narrow.ld = FEATURES - 1;
    assert_int_equal(rnl_dataset_gather(&set, NULL, 0, narrow), RNL_ERR_SHAPE);
    rnl_matrix strange = rnl_matrix_f32(x, 2, FEATURES);
    strange.dtype = (rnl_dtype)2;
    assert_int_equal(rnl_dataset_gather(&set, NULL, 0, strange), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), "x: dtype 2 is neither RNL_F32 nor RNL_F64");
    assert_int_equal(rnl_dataset_gather(&set, NULL, 0, rnl_matrix_f32(NULL, 2, FEATURES)),
                     RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), "x has no data");
}

/* ---- rows of 0 and 1 ----------------------------------------------------------------------------------- */

static void one_hot_rows(void **state)
{
    (void)state;
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_from_floats(&set, floats, N, FEATURES, classes, 3, false), RNL_OK);
    float t32[5 * 3];
    double t64[5 * 3];
    memset(t32, 1, sizeof t32);
    memset(t64, 1, sizeof t64);
    assert_int_equal(rnl_dataset_one_hot(set, index_, 0, rnl_matrix_f32(t32, 5, 3)), RNL_OK);
    assert_int_equal(rnl_dataset_one_hot(set, NULL, 2, rnl_matrix_f64(t64, 5, 3)), RNL_OK);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 3; k++) {
            assert_true(t32[i * 3 + k] == ((size_t)classes[index_[i]] == k ? 1 : 0));
            assert_true(t64[i * 3 + k] == ((size_t)classes[2 + i] == k ? 1 : 0));
        }
    assert_int_equal(rnl_dataset_one_hot(set, NULL, 0, rnl_matrix_f32(t32, 5, 2)), RNL_ERR_SHAPE);
    assert_int_equal(rnl_dataset_one_hot(set, NULL, 3, rnl_matrix_f32(t32, 5, 3)), RNL_ERR_SHAPE);
    assert_int_equal(rnl_dataset_one_hot(set, NULL, 0, rnl_matrix_f32(NULL, 5, 3)), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), "t has no data");
    rnl_dataset_free(&set);
    assert_int_equal(rnl_dataset_from_floats(&set, floats, N, FEATURES, NULL, 0, false), RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).class_count, 0);
    assert_null(rnl_dataset_classes(set));
    assert_int_equal(rnl_dataset_one_hot(set, NULL, 0, rnl_matrix_f32(t32, 5, 3)), RNL_ERR_USAGE);
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes_what_it_was_given),
        cmocka_unit_test(copies_or_borrows),
        cmocka_unit_test(refuses_what_makes_no_sense),
        cmocka_unit_test(failing_allocations_leave_nothing),
        cmocka_unit_test(gathers_by_the_formula),
        cmocka_unit_test(gathers_parts_alone),
        cmocka_unit_test(gather_refuses_what_is_not_there),
        cmocka_unit_test(one_hot_rows),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}

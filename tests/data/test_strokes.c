/* test_strokes.c - the built-in digits: the same bytes everywhere, ten classes */
#include "base/memory.h"
#include "data/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { PIXELS = 784 };

static rnl_dataset *strokes(size_t n, uint64_t seed)
{
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_strokes(&set, n, seed, NULL), RNL_OK);
    return set;
}

/* FNV-1a, 64 bits */
static uint64_t digest(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

/* Whoever changes how digits are drawn changes these numbers, and every result that others have
 * noted down for the built-in digits. */
static void the_same_bytes_on_every_machine(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed, pixels, classes;
    } golden[] = {{1, 0x90bda793d7746d02u, 0x60221b433404dbbu},
                  {2, 0xbc9b7ff16fcb0a36u, 0xfefe38f4c4610cceu},
                  {UINT64_MAX, 0xa920f9f202cd8d2au, 0xb98c8f2de0f27c94u}};
    for (size_t k = 0; k < sizeof golden / sizeof golden[0]; k++) {
        rnl_dataset *set = strokes(1000, golden[k].seed);
        uint64_t classes = 0xcbf29ce484222325u;
        for (size_t i = 0; i < 1000; i++) {
            uint8_t class = (uint8_t)rnl_dataset_classes(set)[i];
            classes = digest(classes, &class, 1);
        }
        uint64_t pixels = digest(0xcbf29ce484222325u, set->bytes, 1000 * PIXELS);
        if (pixels != golden[k].pixels || classes != golden[k].classes)
            fail_msg("seed %llu: pixels 0x%llx, classes 0x%llx", (unsigned long long)golden[k].seed,
                     (unsigned long long)pixels, (unsigned long long)classes);
        rnl_dataset_free(&set);
    }
}

static void a_picture_depends_on_seed_and_place_alone(void **state)
{
    (void)state;
    rnl_dataset *few = strokes(10, 5), *many = strokes(50, 5), *other = strokes(10, 6);
    assert_memory_equal(few->bytes, many->bytes, 10 * PIXELS);
    assert_memory_equal(few->classes, many->classes, 10 * sizeof *few->classes);
    assert_memory_not_equal(few->bytes, other->bytes, 10 * PIXELS);
    rnl_dataset_free(&few);
    rnl_dataset_free(&many);
    rnl_dataset_free(&other);
}

static void light_strokes_on_dark_in_ten_even_classes(void **state)
{
    (void)state;
    enum { N = 5000 };
    rnl_dataset *set = strokes(N, 3);
    size_t of_class[10] = {0}, border = 0;
    for (size_t i = 0; i < N; i++) {
        const uint8_t *x = set->bytes + i * PIXELS;
        size_t sum = 0, bright = 0;
        for (size_t j = 0; j < PIXELS; j++) {
            bool edge = j < 28 || j >= PIXELS - 28 || j % 28 == 0 || j % 28 == 27;
            sum += x[j];
            bright += x[j] >= 100;
            border += edge && x[j] >= 100;
        }
        assert_in_range(sum, 255 * 10, 255 * 350); /* neither blank nor a blot */
        assert_in_range(bright, 12, 400);
        assert_in_range(rnl_dataset_classes(set)[i], 0, 9);
        of_class[rnl_dataset_classes(set)[i]]++;
    }
    assert_in_range(border, 0, N * 2); /* of 108 pixels a picture */
    for (size_t k = 0; k < 10; k++)
        assert_in_range(of_class[k], N / 10 - 100, N / 10 + 100); /* standard deviation 21 */
    rnl_dataset_free(&set);
}

static void keeps_to_the_options(void **state)
{
    (void)state;
    rnl_dataset *set = strokes(20, 1), *plain;
    rnl_dataset_info info = rnl_dataset_describe(set);
    assert_true(info.n == 20 && info.features == PIXELS && info.class_count == 10);
    assert_true(info.channels == 1 && info.height == 28 && info.width == 28);
    assert_true(info.scale == 1.0 / 255 && info.shift == 0 && !info.one_hot);
    rnl_data_options options = {.flatten = true, .one_hot = true, .limit = 7};
    assert_int_equal(rnl_dataset_strokes(&plain, 20, 1, &options), RNL_OK);
    info = rnl_dataset_describe(plain);
    assert_true(info.n == 7 && info.features == PIXELS && info.class_count == 10);
    assert_true(info.channels == 1 && info.height == 1 && info.width == PIXELS);
    assert_true(info.scale == 1 && info.shift == 0 && info.one_hot);
    assert_memory_equal(set->bytes, plain->bytes, 7 * PIXELS);
    rnl_dataset_free(&set);
    rnl_dataset_free(&plain);
}

static void refuses_nothing_and_too_much(void **state)
{
    (void)state;
    rnl_dataset *set = NULL;
    assert_int_equal(rnl_dataset_strokes(&set, 0, 1, NULL), RNL_ERR_USAGE);
    assert_int_equal(rnl_dataset_strokes(&set, SIZE_MAX / 2, 1, NULL), RNL_ERR_MEMORY);
    assert_null(set);
    for (long nth = 1; nth <= 3; nth++) {
        rnl_alloc_fail_after(nth);
        assert_int_equal(rnl_dataset_strokes(&set, 10, 1, NULL), RNL_ERR_MEMORY);
        rnl_alloc_fail_after(0);
        assert_null(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_on_every_machine),
        cmocka_unit_test(a_picture_depends_on_seed_and_place_alone),
        cmocka_unit_test(light_strokes_on_dark_in_ten_even_classes),
        cmocka_unit_test(keeps_to_the_options),
        cmocka_unit_test(refuses_nothing_and_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

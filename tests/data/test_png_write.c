/* test_png_write.c - what was written as a PNG picture is read back */
#include "in_use.h"

#include "base/random.h"

#ifdef RNL_HAVE_PNG

static void comes_back_as_it_was(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{1, 1}, {28, 28}, {3, 301}, {200, 7}};
    static uint8_t pixels[2048], read[2048];
    rnl_random r = rnl_random_new(1, 1000);
    for (size_t j = 0; j < sizeof pixels; j++)
        pixels[j] = (uint8_t)rnl_random_u64(&r);
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        const size_t height = sizes[k][0], width = sizes[k][1];
        const char *path = in_folder("written.png");
        assert_int_equal(rnl_write_png(path, height, width, pixels), RNL_OK);
        memset(read, 0, sizeof read);
        assert_int_equal(rnl_read_png(path, height, width, false, read), RNL_OK);
        assert_memory_equal(read, pixels, height * width);
    }
    const char *path = in_folder("colours.png");
    assert_int_equal(rnl_write_picture(path, 3, 20, 31, pixels), RNL_OK);
    assert_int_equal(rnl_read_picture(path, 3, 20, 31, false, read), RNL_OK);
    assert_memory_equal(read, pixels, 3 * 20 * 31);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    const uint8_t pixel = 1;
    assert_int_equal(rnl_write_png("x.png", 0, 3, &pixel), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "x.png: writing a PNG of 0 x 3 pixels"));
    assert_int_equal(rnl_write_png("x.png", 1, 65536, &pixel), RNL_ERR_USAGE);
    assert_int_equal(rnl_write_png(in_folder("no/folder.png"), 1, 1, &pixel), RNL_ERR_IO);
    assert_int_equal(rnl_write_picture("x.png", 4, 1, 1, &pixel), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "x.png: writing a PNG of 4 channels: expected 1"));
    const uint8_t colours[3] = {1, 2, 3};
    for (long nth = 1; nth <= 2; nth++) {
        rnl_alloc_fail_after(nth);
        assert_int_equal(rnl_write_picture(in_folder("x.png"), 3, 1, 1, colours), RNL_ERR_MEMORY);
        rnl_alloc_fail_after(0);
    }
    assert_int_not_equal(access(in_folder("x.png"), F_OK), 0);
}

#else

static void says_that_libpng_is_missing(void **state)
{
    (void)state;
    const uint8_t pixel = 1;
    assert_int_equal(rnl_write_png("x.png", 1, 1, &pixel), RNL_ERR_UNSUPPORTED);
    assert_non_null(strstr(rnl_error_text(), "x.png: this build cannot write PNG pictures"));
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef RNL_HAVE_PNG
        cmocka_unit_test(comes_back_as_it_was),
        cmocka_unit_test(says_what_is_wrong),
#else
        cmocka_unit_test(says_that_libpng_is_missing),
#endif
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

/* test_idx.c - IDX files: whole ones, and every way in which one can be wrong */
#include "idx_files.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* ---- reading ------------------------------------------------------------------------------------------ */

static void reads_plain_files_where_they_lie(void **state)
{
    (void)state;
    const char *images = write_in_folder("images", images_file, IMAGES);
    const char *labels = write_in_folder("labels", labels_file, LABELS);
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_read_idx(&set, images, labels, NULL), RNL_OK);
    assert_int_equal(files_in_use(), 1); /* the mapping, and no descriptor */
    check_content(set, N, 1.0 / 255);
    rnl_dataset_info info = rnl_dataset_describe(set);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.height, HEIGHT);
    assert_int_equal(info.width, WIDTH);
    assert_int_equal(info.class_count, 10); /* the largest label is 9 */
    assert_false(info.one_hot);
    rnl_dataset_free(&set);
    assert_int_equal(files_in_use(), 0);
    assert_int_equal(rnl_dataset_read_idx(&set, images, NULL, NULL), RNL_OK);
    check_content(set, N, 1.0 / 255);
    assert_null(rnl_dataset_classes(set));
    assert_int_equal(rnl_dataset_describe(set).class_count, 0);
    rnl_dataset_free(&set);
}

static void keeps_to_the_options(void **state)
{
    (void)state;
    const char *images = write_in_folder("images", images_file, IMAGES);
    const char *labels = write_in_folder("labels", labels_file, LABELS);
    rnl_data_options options = {.normalize = false, .flatten = true, .one_hot = true, .limit = 2};
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_read_idx(&set, images, labels, &options), RNL_OK);
    check_content(set, 2, 1);
    rnl_dataset_info info = rnl_dataset_describe(set);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.height, 1);
    assert_int_equal(info.width, FEATURES);
    assert_int_equal(info.class_count, 10); /* a matter of the file, not of the limit */
    assert_true(info.one_hot);
    rnl_dataset_free(&set);
    options.limit = 100;
    assert_int_equal(rnl_dataset_read_idx(&set, images, NULL, &options), RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).n, N);
    assert_false(rnl_dataset_describe(set).one_hot); /* there is nothing to make rows of */
    rnl_dataset_free(&set);
}

static void reads_tables_and_colours(void **state)
{
    (void)state;
    static const uint8_t table[12 + 6] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};
    static const uint8_t colours[20 + 12] = {0, 0, 8, 4, 0, 0, 0, 1, 0, 0,
                                             0, 3, 0, 0, 0, 2, 0, 0, 0, 2};
    rnl_dataset *set;
    assert_int_equal(
        rnl_dataset_read_idx(&set, write_in_folder("table", table, sizeof table), NULL, NULL),
        RNL_OK);
    rnl_dataset_info info = rnl_dataset_describe(set);
    assert_true(info.n == 2 && info.features == 3 && info.channels == 1 && info.height == 1 &&
                info.width == 3);
    rnl_dataset_free(&set);
    assert_int_equal(
        rnl_dataset_read_idx(&set, write_in_folder("colours", colours, sizeof colours), NULL, NULL),
        RNL_OK);
    info = rnl_dataset_describe(set);
    assert_true(info.n == 1 && info.features == 12 && info.channels == 3 && info.height == 2 &&
                info.width == 2);
    rnl_dataset_free(&set);
}

/* A file that is replaced by renaming, as a download does, leaves a set as it was. */
static void a_renamed_file_does_not_disturb_a_set(void **state)
{
    (void)state;
    const char *images = write_in_folder("images", images_file, IMAGES);
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_read_idx(&set, images, NULL, NULL), RNL_OK);
    assert_int_equal(rename(write_in_folder("other", "short", 5), images), 0);
    check_content(set, N, 1.0 / 255);
    rnl_dataset_free(&set);
}

/* What cannot be mapped is read: a pipe, as a shell's <(command) makes one. */
static void reads_from_a_pipe(void **state)
{
    (void)state;
    const char *images = in_folder("pipe");
    assert_int_equal(mkfifo(images, 0600), 0);
    pid_t writer = fork();
    if (writer == 0) {
        FILE *f = fopen(images, "wb");
        bool written = f && fwrite(images_file, 1, IMAGES, f) == IMAGES && fclose(f) == 0;
        _exit(written ? 0 : 1);
    }
    rnl_dataset *set;
    int status;
    assert_int_equal(rnl_dataset_read_idx(&set, images, NULL, NULL), RNL_OK);
    check_content(set, N, 1.0 / 255);
    rnl_dataset_free(&set);
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
}

/* ---- wrong files --------------------------------------------------------------------------------------- */

/* The good images file with one byte changed. */
static const char *images_with(size_t at, uint8_t byte)
{
    uint8_t changed[IMAGES];
    memcpy(changed, images_file, IMAGES);
    changed[at] = byte;
    return write_in_folder("changed", changed, IMAGES);
}

static void refuses_what_is_no_file(void **state)
{
    (void)state;
    const char *good = write_in_folder("images", images_file, IMAGES);
    refuses(in_folder("missing"), NULL, RNL_ERR_IO, "missing: cannot open: No such file");
    refuses(good, in_folder("missing"), RNL_ERR_IO, "missing: cannot open: No such file");
    refuses(folder, NULL, RNL_ERR_IO, "is a folder");
    refuses("/dev/null", NULL, RNL_ERR_FORMAT, "/dev/null is empty");
    refuses(NULL, NULL, RNL_ERR_USAGE, "NULL");
    refuses(write_in_folder("empty", "", 0), NULL, RNL_ERR_FORMAT, "empty is empty");
    refuses(good, write_in_folder("empty", "", 0), RNL_ERR_FORMAT, "empty is empty");
}

static void refuses_wrong_headers(void **state)
{
    (void)state;
    const char *good = write_in_folder("images", images_file, IMAGES);
    const char *labels = write_in_folder("labels", labels_file, LABELS);
    refuses(images_with(0, 1), NULL, RNL_ERR_FORMAT, "01 00 08 03, expected 00 00 08 03 (images)");
    refuses(images_with(1, 'X'), NULL, RNL_ERR_FORMAT, "00 58 08 03");
    refuses(images_with(2, 7), NULL, RNL_ERR_FORMAT, "00 00 07 03");
    refuses(images_with(2, 0x0a), NULL, RNL_ERR_FORMAT, "00 00 0A 03");
    refuses(images_with(2, 0x0d), NULL, RNL_ERR_FORMAT, "240 bytes, but 60 bytes follow");
    refuses(images_with(3, 0), NULL, RNL_ERR_FORMAT, "0 dimensions, expected 2 to 4");
    refuses(images_with(3, 5), NULL, RNL_ERR_FORMAT, "5 dimensions, expected 2 to 4");
    refuses(labels, NULL, RNL_ERR_FORMAT,
            "1 dimension, expected 2 to 4 for images (1 is for labels)");
    refuses(good, good, RNL_ERR_FORMAT, "3 dimensions, expected 1 for labels");
    refuses(images_with(7, 0), NULL, RNL_ERR_FORMAT, "no data: the header says 0 x 4 x 3");
    refuses(images_with(15, 0), NULL, RNL_ERR_FORMAT, "no data: the header says 5 x 4 x 0");
    refuses(images_with(7, 6), NULL, RNL_ERR_FORMAT, "6 x 4 x 3, 72 bytes, but 60 bytes follow");
    refuses(images_with(7, 4), NULL, RNL_ERR_FORMAT, "4 x 4 x 3, 48 bytes, but 60 bytes follow");
    refuses(images_with(4, 0xff), NULL, RNL_ERR_FORMAT, "4278190085 x 4 x 3, 51338281020 bytes");
    uint8_t huge[IMAGES];
    memcpy(huge, images_file, IMAGES);
    memset(huge + 4, 0xff, 12);
    refuses(write_in_folder("huge", huge, IMAGES), NULL, RNL_ERR_FORMAT,
            "4294967295 x 4294967295 x 4294967295, more than this machine");
    /* a product that wraps around to the 60 bytes that follow: 2^31 * 2^31 * 4 = 0, and 2^64 + 60 */
    static const uint8_t wraps[20] = {0, 0, 8, 4, 0x80, 0, 0, 0, 0x80, 0,
                                      0, 0, 0, 0, 0,    4, 0, 0, 0,    1};
    refuses(write_in_folder("wraps", wraps, sizeof wraps), NULL, RNL_ERR_FORMAT,
            "more than this machine");
}

static void refuses_files_cut_at_any_byte(void **state)
{
    (void)state;
    const char *good = write_in_folder("images", images_file, IMAGES);
    for (size_t size = 0; size < IMAGES; size++)
        refuses(write_in_folder("cut", images_file, size), NULL, RNL_ERR_FORMAT, "/cut");
    for (size_t size = 0; size < LABELS; size++)
        refuses(good, write_in_folder("cut", labels_file, size), RNL_ERR_FORMAT, "/cut");
    uint8_t longer[IMAGES + 1] = {0};
    memcpy(longer, images_file, IMAGES);
    refuses(write_in_folder("longer", longer, sizeof longer), NULL, RNL_ERR_FORMAT,
            "60 bytes, but 61 bytes follow");
}

static void refuses_labels_that_do_not_fit(void **state)
{
    (void)state;
    const char *images = write_in_folder("images", images_file, IMAGES);
    static const uint8_t four[12] = {0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4};
    refuses(images, write_in_folder("four", four, sizeof four), RNL_ERR_FORMAT,
            "four has 4 labels, but ");
    refuses(images, write_in_folder("four", four, sizeof four), RNL_ERR_FORMAT,
            "images has 5 images");
    uint8_t outside[LABELS];
    memcpy(outside, labels_file, LABELS);
    outside[LABELS - 1] = 10;
    write_in_folder("t10k-images-idx3-ubyte", images_file, IMAGES);
    write_in_folder("t10k-labels-idx1-ubyte", outside, LABELS);
    rnl_data_options options = rnl_data_options_default();
    options.limit = 1; /* what is wrong behind the limit is wrong too */
    rnl_dataset *set;
    assert_error(
        rnl_dataset_read_mnist(&set, folder, false, &options), RNL_ERR_FORMAT,
        "t10k-labels-idx1-ubyte: the class of sample 4 (counted from 0) is 10, expected 0 to 9");
    assert_null(set);
    assert_int_equal(files_in_use(), 0);
}

/* ---- MNIST's folder --------------------------------------------------------------------------------------- */

static void finds_the_four_files_by_their_names(void **state)
{
    (void)state;
    rnl_dataset *set;
    assert_error(rnl_dataset_read_mnist(&set, in_folder("nowhere"), true, NULL), RNL_ERR_IO,
                 "No such file");
    assert_error(rnl_dataset_read_mnist(&set, NULL, true, NULL), RNL_ERR_USAGE, "NULL");
    assert_error(rnl_dataset_read_mnist(&set, folder, true, NULL), RNL_ERR_IO,
                 "no file train-images-idx3-ubyte, plain or .gz");
    /* the dotted name serves; the dashed one is preferred; a plain one to a .gz */
    write_in_folder("train-images-idx3-ubyte.gz", "\x1f\x8b broken", 9);
    write_in_folder("train-images.idx3-ubyte", images_file, IMAGES);
    assert_error(rnl_dataset_read_mnist(&set, folder, true, NULL), RNL_ERR_IO,
                 "no file train-labels-idx1-ubyte, plain or .gz");
    write_in_folder("train-labels.idx1-ubyte", labels_file, LABELS);
    assert_int_equal(rnl_dataset_read_mnist(&set, folder, true, NULL), RNL_OK);
    check_content(set, N, 1.0 / 255);
    assert_int_equal(rnl_dataset_describe(set).class_count, 10);
    rnl_dataset_free(&set);
    write_in_folder("train-images-idx3-ubyte", "bad!", 4);
    assert_error(rnl_dataset_read_mnist(&set, folder, true, NULL), RNL_ERR_FORMAT,
                 "train-images-idx3-ubyte is no IDX file");
}

/* The real files, where somebody has them. */
static void reads_the_real_mnist(void **state)
{
    (void)state;
    const char *mnist = getenv("RUNNEL_DATA");
    if (!mnist) {
        print_message("RUNNEL_DATA names no folder with MNIST: skipped\n");
        skip();
    }
    rnl_dataset *set;
    for (int train = 0; train < 2; train++) {
        const rnl_status status = rnl_dataset_read_mnist(&set, mnist, train, NULL);
        if (status == RNL_ERR_IO || status == RNL_ERR_UNSUPPORTED) { /* or .gz, without zlib */
            print_message("%s: skipped\n", rnl_error_text());
            skip();
        }
        assert_non_null(set);
        rnl_dataset_info info = rnl_dataset_describe(set);
        assert_int_equal(info.n, train ? 60000 : 10000);
        assert_int_equal(info.features, 784);
        assert_int_equal(info.height, 28);
        assert_int_equal(info.class_count, 10);
        /* Sums over all pixels and labels, counted once from the published files. */
        uint64_t pixels = 0, labels = 0;
        for (size_t i = 0; i < info.n * info.features; i++)
            pixels += set->bytes[i];
        for (size_t i = 0; i < info.n; i++)
            labels += (uint64_t)rnl_dataset_classes(set)[i];
        assert_int_equal(pixels, train ? 1567298545 : 264923200);
        assert_int_equal(labels, train ? 267236 : 44434);
        assert_int_equal(rnl_dataset_classes(set)[0], train ? 5 : 7);
        rnl_dataset_free(&set);
    }
}

/* ---- memory ------------------------------------------------------------------------------------------------ */

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    const char *images = write_in_folder("images", images_file, IMAGES);
    const char *labels = write_in_folder("labels", labels_file, LABELS);
    assert_true(fail_each_allocation(images, labels) >= 4);
    write_in_folder("train-images-idx3-ubyte", images_file, IMAGES);
    write_in_folder("train-labels-idx1-ubyte", labels_file, LABELS);
    rnl_dataset *set;
    rnl_alloc_fail_after(1);
    assert_int_equal(rnl_dataset_read_mnist(&set, folder, true, NULL), RNL_ERR_MEMORY);
    rnl_alloc_fail_after(0);
    assert_null(set);
}

/* What a fuzzer does: any bytes, from memory, with no file. */
static void decodes_from_memory(void **state)
{
    (void)state;
    rnl_input images = {.name = "images", .bytes = images_file, .size = IMAGES};
    rnl_input labels = {.name = "labels", .bytes = labels_file, .size = LABELS};
    rnl_dataset *set;
    assert_int_equal(rnl_idx_decode(&set, &images, &labels, NULL), RNL_OK);
    check_content(set, N, 1.0 / 255);
    rnl_dataset_free(&set);
    rnl_input nothing = {.name = "nothing"};
    assert_error(rnl_idx_decode(&set, &nothing, NULL, NULL), RNL_ERR_FORMAT,
                 "nothing: the data end after 0 bytes");
    assert_null(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_files_where_they_lie),
        cmocka_unit_test(keeps_to_the_options),
        cmocka_unit_test(reads_tables_and_colours),
        cmocka_unit_test(a_renamed_file_does_not_disturb_a_set),
        cmocka_unit_test(reads_from_a_pipe),
        cmocka_unit_test(refuses_what_is_no_file),
        cmocka_unit_test(refuses_wrong_headers),
        cmocka_unit_test(refuses_files_cut_at_any_byte),
        cmocka_unit_test(refuses_labels_that_do_not_fit),
        cmocka_unit_test(finds_the_four_files_by_their_names),
        cmocka_unit_test(reads_the_real_mnist),
        cmocka_unit_test(failing_allocations_leave_nothing),
        cmocka_unit_test(decodes_from_memory),
    };
    return cmocka_run_group_tests(tests, make_files, folder_remove);
}

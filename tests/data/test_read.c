/* test_read.c - data of any kind: told apart, read, cut off at every byte, lying about its size, without memory */
#include "data/npy.h"
#include "data/read.h"
#include "small_files.h"

/* ---- small files --------------------------------------------------------------------------------------- */

static const int16_t table[6] = {1, -2, 300, 4, 5, -32768};
static const int64_t table_labels[3] = {2, 0, 1};

static file npy_file(void)
{
    file f = {.size = 0};
    add_npy(&f, "<i2", "(3, 2)", table, sizeof table);
    return f;
}

static file labels_file(void)
{
    file f = {.size = 0};
    add_npy(&f, "<i8", "(3,)", table_labels, sizeof table_labels);
    return f;
}

static const char svm_text[] = "+1 1:0.5 3:-2\n-1 2:1\n+1 1:1 # one\n";

/* ---- what is asked of all readers ------------------------------------------------------------------------ */

static void check(rnl_dataset *set, size_t n, size_t features, const double *x,
                  const int32_t *classes)
{
    double got[64];
    assert_int_equal(rnl_dataset_describe(set).n, n);
    assert_int_equal(rnl_dataset_describe(set).features, features);
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f64(got, n, features)), RNL_OK);
    for (size_t i = 0; i < n * features; i++)
        assert_true(got[i] == x[i]);
    for (size_t i = 0; classes && i < n; i++)
        assert_int_equal(rnl_dataset_classes(set)[i], classes[i]);
}

static void reads(const char *path, const char *labels, size_t n, size_t features, const double *x,
                  const int32_t *classes)
{
    const rnl_data_options options = {.normalize = false};
    rnl_dataset *set;
    long failing = 0;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK;) {
        rnl_alloc_fail_after(++failing);
        status = rnl_dataset_read(&set, path, labels, RNL_PART_TRAIN, &options);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK)
            break;
        assert_int_equal(status, RNL_ERR_MEMORY);
        assert_null(set);
        assert_int_equal(files_in_use(), 0);
    }
    check(set, n, features, x, classes);
    rnl_dataset_free(&set);
    assert_int_equal(files_in_use(), 0);
    assert_true(failing >= 2);
}

static void refuses(const char *path, const char *labels, rnl_status status, const char *text)
{
    rnl_dataset *set = (rnl_dataset *)folder;
    assert_error(rnl_dataset_read(&set, path, labels, RNL_PART_TRAIN, NULL), status, text);
    assert_null(set);
    assert_int_equal(files_in_use(), 0);
}

static void cut_everywhere(const char *name, const file *f)
{
    for (size_t cut = 1; cut < f->size; cut++) {
        rnl_dataset *set;
        const char *path = write_in_folder(name, f->bytes, cut);
        rnl_alloc_limit(128 * cut + 100000);
        const rnl_status status = rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, NULL);
        rnl_alloc_limit(SIZE_MAX);
        if (status == RNL_OK)
            fail_msg("%s cut off at byte %zu of %zu was taken", name, cut, f->size);
        assert_true(status == RNL_ERR_FORMAT || status == RNL_ERR_USAGE);
        assert_non_null(strstr(rnl_error_text(), name));
    }
}

/* ---- npy ------------------------------------------------------------------------------------------------- */

static void reads_npy(void **state)
{
    (void)state;
    const double x[] = {1, -2, 300, 4, 5, -32768};
    const int32_t classes[] = {2, 0, 1};
    const file f = npy_file(), y = labels_file();
    const char *path = write_in_folder("x.npy", f.bytes, f.size);
    reads(path, write_in_folder("y.npy", y.bytes, y.size), 3, 2, x, classes);
    reads(write_in_folder("x.dat", f.bytes, f.size), NULL, 3, 2, x, NULL);
    cut_everywhere("cut.npy", &f);
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_read(&set, path, NULL, RNL_PART_TEST, NULL), RNL_OK);
    assert_null(set);
}

/* Bytes in memory, of any format, read where they lie. */
static void reads_what_is_in_memory(void **state)
{
    (void)state;
    const file f = npy_file();
    rnl_dataset *set;
    double x[6];
    assert_ok(rnl_dataset_decode(&set, f.bytes, f.size, "a pipe", NULL));
    assert_ok(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f64(x, 3, 2)));
    for (size_t i = 0; i < 6; i++)
        assert_true(x[i] == table[i]);
    assert_null(rnl_dataset_classes(set));
    rnl_dataset_free(&set);
    for (size_t size = 0; size < f.size; size++) {
        assert_int_not_equal(rnl_dataset_decode(&set, f.bytes, size, "a pipe", NULL), RNL_OK);
        assert_non_null(strstr(rnl_error_text(), "a pipe"));
        assert_null(set);
    }
    assert_error(rnl_dataset_decode(&set, "a,b\n1,2\n", 8, "a pipe", NULL), RNL_ERR_FORMAT,
                 "a pipe is a table");
    assert_error(rnl_dataset_decode(&set, NULL, 0, "a pipe", NULL), RNL_ERR_USAGE, "NULL");
    assert_error(rnl_dataset_decode(&set, f.bytes, f.size, NULL, NULL), RNL_ERR_USAGE, "NULL");
}

/* In place: what a mapped file holds is looked at and not copied. */
static void npy_takes_no_memory_for_its_data(void **state)
{
    (void)state;
    enum { ROWS = 5000, COLS = 40 };
    static float rows[ROWS * COLS];
    rows[ROWS * COLS - 1] = 3;
    const char *path = in_folder("large.npy");
    FILE *out = fopen(path, "wb");
    file head = {.size = 0};
    add_npy(&head, "<f4", "(5000, 40)", "", 0);
    assert_int_equal(fwrite(head.bytes, 1, head.size, out), head.size);
    assert_int_equal(fwrite(rows, 1, sizeof rows, out), sizeof rows);
    assert_int_equal(fclose(out), 0);
    rnl_dataset *set;
    rnl_alloc_limit(4096);
    assert_int_equal(rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, NULL), RNL_OK);
    rnl_alloc_limit(SIZE_MAX);
    float last[COLS];
    assert_int_equal(rnl_dataset_gather(set, NULL, ROWS - 1, rnl_matrix_f32(last, 1, COLS)),
                     RNL_OK);
    assert_true(last[COLS - 1] == 3 && last[0] == 0);
    rnl_dataset_free(&set);
}

static void refuses_lying_npy(void **state)
{
    (void)state;
    static const struct {
        const char *descr, *shape, *text;
    } bad[] = {
        {"<i2", "(3, 3)", "the header says 3 x 3 of the type i16, but 12 bytes follow it"},
        {"<i2", "(3000000000, 2)", "3000000000 x 2 of the type"},
        {"<i2", "(4294967296, 4294967296)", "more than this machine can address"},
        {"<i2", "(99999999999999999999, 2)", "more than this machine can address"},
        {"<i2", "(9223372036854775807, 2, 0)", "x 2 x 0 of the type i16, but 12 bytes follow"},
        {"<i2", "()", "the header says one number of the type i16, but 12 bytes follow it"},
        {"<i2", "(3, 2), 'shape': (3, 2)", "'shape', each once, at its byte"},
        {"<i2", "(3, 2, 1, 1, 1, 1, 1, 1, 1)", "more than 8 dimensions"},
        {"<i2", "(3 2)", "expected a comma at its byte"},
        {"<i2", "3, 2", "expected a shape in parentheses"},
        {"<i2", "(-3, 2)", "expected a number at its byte"},
        {"<i3", "(3, 2)", "elements of the type '<i3'"},
        {"|i2", "(3, 2)", "elements of the type '|i2'"},
        {"|O", "(3, 2)", "an array of Python objects"},
        {"<c16", "(3, 2)", "elements of the type '<c16'"},
        {"", "(3, 2)", "elements of the type ''"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        file f = {.size = 0};
        rnl_dataset *set;
        add_npy(&f, bad[k].descr, bad[k].shape, table, sizeof table);
        const char *path = write_in_folder("bad.npy", f.bytes, f.size);
        rnl_alloc_limit(16 * f.size);
        const rnl_status status = rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, NULL);
        rnl_alloc_limit(SIZE_MAX);
        assert_true(status == RNL_ERR_FORMAT || status == RNL_ERR_UNSUPPORTED);
        assert_error(status, status, bad[k].text);
        assert_non_null(strstr(rnl_error_text(), "bad.npy"));
    }
    file f = npy_file(), y = labels_file(), other = {.size = 0};
    const char *x = write_in_folder("x.npy", f.bytes, f.size);
    add_npy(&other, "<i8", "(2,)", table_labels, 16);
    refuses(x, write_in_folder("two.npy", other.bytes, other.size), RNL_ERR_SHAPE,
            "two.npy has 2 samples, but");
    f.bytes[6] = 9;
    refuses(write_in_folder("v.npy", f.bytes, f.size), NULL, RNL_ERR_UNSUPPORTED, "version 9.0");
    refuses(x, write_in_folder("y.svm", svm_text, strlen(svm_text)), RNL_ERR_FORMAT,
            "expected labels in the same format");
    refuses(write_in_folder("rows.svm", svm_text, strlen(svm_text)),
            write_in_folder("y.npy", y.bytes, y.size), RNL_ERR_USAGE,
            "goes with an IDX or npy file");
}

/* The same bytes as numbers of another kind. */
static void kinds_count_in_a_digest(void **state)
{
    (void)state;
    static const char *const kinds[] = {"<i2", "<u2", ">i2"};
    uint64_t digest[3];
    for (size_t k = 0; k < 3; k++) {
        file x = {.size = 0}, y = {.size = 0};
        rnl_dataset *set;
        add_npy(&x, kinds[k], "(2, 2)", "\1\2\3\4\5\6\7\xff", 8);
        add_npy(&y, "<i4", "(2,)", (int32_t[]){0, 1}, 8);
        const char *path = write_in_folder("kind.npy", x.bytes, x.size);
        assert_ok(rnl_dataset_read(&set, path, write_in_folder("ky.npy", y.bytes, y.size),
                                   RNL_PART_TRAIN, NULL));
        assert_ok(rnl_dataset_digest(set, &digest[k]));
        rnl_dataset_free(&set);
    }
    assert_true(digest[0] != digest[1] && digest[1] != digest[2] && digest[0] != digest[2]);
}

static void labels_are_classes_or_targets(void **state)
{
    (void)state;
    const file f = npy_file();
    const char *x = write_in_folder("x.npy", f.bytes, f.size);
    file y = {.size = 0}, z = {.size = 0}, part = {.size = 0};
    rnl_dataset *set;
    add_npy(&y, "<i4", "(3, 1)", (int32_t[]){-1, 1, -1}, 12);
    const char *path = write_in_folder("y.npy", y.bytes, y.size);
    rnl_data_options options = rnl_data_options_default();
    assert_int_equal(rnl_dataset_read(&set, x, path, RNL_PART_TRAIN, &options), RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).class_count, 2);
    assert_string_equal(rnl_dataset_class_names(set), "-1\n1");
    assert_int_equal(rnl_dataset_classes(set)[1], 1);
    rnl_dataset_free(&set);
    options.class_names = "1\n0\n-1"; /* in another order, and more than occur */
    assert_int_equal(rnl_dataset_read(&set, x, path, RNL_PART_TRAIN, &options), RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).class_count, 3);
    assert_int_equal(rnl_dataset_classes(set)[0], 2);
    rnl_dataset_free(&set);
    options.class_names = "0\n1";
    assert_error(rnl_dataset_read(&set, x, path, RNL_PART_TRAIN, &options), RNL_ERR_FORMAT,
                 "the class of sample 0 (counted from 0) is -1, expected one of 0, 1");
    options = rnl_data_options_default();
    options.class_count = 2; /* a part of a larger set: a label is its class, or none */
    assert_error(rnl_dataset_read(&set, x, path, RNL_PART_TRAIN, &options), RNL_ERR_FORMAT,
                 "y.npy: the class of sample 0 (counted from 0) is -1, expected 0 to 1");
    add_npy(&part, "<i4", "(3,)", (int32_t[]){2000, 7, 2999}, 12);
    const char *few = write_in_folder("few.npy", part.bytes, part.size);
    options.class_count = 3000;
    assert_ok(rnl_dataset_read(&set, x, few, RNL_PART_TRAIN, &options));
    assert_int_equal(rnl_dataset_describe(set).class_count, 3000);
    assert_int_equal(rnl_dataset_classes(set)[2], 2999);
    assert_null(rnl_dataset_class_names(set));
    rnl_dataset_free(&set);
    options.class_count = 2999;
    assert_error(rnl_dataset_read(&set, x, few, RNL_PART_TRAIN, &options), RNL_ERR_FORMAT,
                 "few.npy: the class of sample 2 (counted from 0) is 2999, expected 0 to 2998");
    options.labels = RNL_LABELS_NUMBERS;
    assert_int_equal(rnl_dataset_read(&set, x, path, RNL_PART_TRAIN, &options), RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).target_width, 1);
    assert_true(rnl_dataset_targets(set)[0] == -1);
    rnl_dataset_free(&set);
    add_npy(&z, "<f4", "(3,)", (float[]){1, (float)(1e300 * 1e10), 2}, 12);
    refuses(x, write_in_folder("inf.npy", z.bytes, z.size), RNL_ERR_FORMAT, "target 0 of sample 1");
    file turned = {.size = 0};
    add_npy_in_order(&turned, "<f8", "True", "(3, 2)", (double[]){0, 1, 2, 100, 101, 102}, 48);
    options = rnl_data_options_default();
    options.limit = 2;
    assert_ok(rnl_dataset_read(&set, x, write_in_folder("turned.npy", turned.bytes, turned.size),
                               RNL_PART_TRAIN, &options));
    assert_true(rnl_dataset_targets(set)[1] == 100 && rnl_dataset_targets(set)[2] == 1);
    rnl_dataset_free(&set);
    file near = {
        .size =
            0}; /* all of these are read: the few of a test, and one number but for its rounding */
    add_npy(&near, "<f8", "(3, 2)", (double[]){750, 0.3, 750.05, 0.1 + 0.2, 750, 0.3}, 48);
    assert_ok(rnl_dataset_read(&set, x, write_in_folder("near.npy", near.bytes, near.size),
                               RNL_PART_TRAIN, NULL));
    rnl_dataset_free(&set);
    file times = {.size = 0};
    add_npy(&times, "<f8", "(3, 2)", (double[]){1, 1.7e9, 2, 1.7e9 + 3, 3, 1.7e9 + 6}, 48);
    refuses(x, write_in_folder("times.npy", times.bytes, times.size), RNL_ERR_FORMAT,
            "times.npy: the numbers of its target, 1700000000 to 1700000006, are too near");
}

/* ---- npz ------------------------------------------------------------------------------------------------- */

#ifdef RNL_HAVE_ZLIB

static void reads_npz(void **state)
{
    (void)state;
    const double x[] = {1, -2, 300, 4, 5, -32768};
    const int32_t classes[] = {2, 0, 1};
    const entry entries[] = {{"y.npy", labels_file(), 0}, {"x.npy", npy_file(), 0}};
    for (int method = 0; method <= 8; method += 8) {
        const file zip = zip_file(entries, 2, method);
        reads(write_in_folder("set.npz", zip.bytes, zip.size), NULL, 3, 2, x, classes);
        cut_everywhere("cut.npz", &zip);
        for (size_t at = 0; at < zip.size; at++) { /* a changed byte is seen, or changes nothing */
            file bad = zip;
            rnl_dataset *set;
            bad.bytes[at] ^= 0x11;
            const rnl_data_options options = {.normalize = false};
            if (rnl_dataset_read(&set, write_in_folder("bad.npz", bad.bytes, bad.size), NULL,
                                 RNL_PART_TRAIN, &options) == RNL_OK) {
                check(set, 3, 2, x,
                      rnl_dataset_classes(set) ? classes : NULL); /* y's name may be another */
                rnl_dataset_free(&set);
            }
        }
    }
}

static void refuses_lying_npz(void **state)
{
    (void)state;
    entry e = {"x.npy", npy_file(), 0x7fff0000};
    file zip = zip_file(&e, 1, 8);
    rnl_dataset *set;
    const char *path = write_in_folder("lie.npz", zip.bytes, zip.size);
    rnl_alloc_limit(16 * zip.size + 100000);
    assert_error(rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, NULL), RNL_ERR_FORMAT,
                 "lie.npz: x.npy: the archive says 2147418");
    rnl_alloc_limit(SIZE_MAX);
    zip = zip_file(&e, 1, 0);
    refuses(write_in_folder("lie.npz", zip.bytes, zip.size), NULL, RNL_ERR_FORMAT,
            "bytes, but stores");
    e.claim = 0;
    zip = zip_file(&e, 1, 12);
    refuses(write_in_folder("bzip2.npz", zip.bytes, zip.size), NULL, RNL_ERR_UNSUPPORTED,
            "method 12");
    e.name = "w.npy";
    zip = zip_file(&e, 1, 8);
    refuses(write_in_folder("w.npz", zip.bytes, zip.size), NULL, RNL_ERR_FORMAT,
            "no array named x or x_train; the archive has w.npy");
}

#endif

/* ---- svmlight ---------------------------------------------------------------------------------------------- */

static void reads_svmlight(void **state)
{
    (void)state;
    const double x[] = {0.5, 0, -2, 0, 1, 0, 1, 0, 0};
    const int32_t classes[] = {1, 0, 1};
    reads(write_in_folder("a.txt", svm_text, strlen(svm_text)), NULL, 3, 3, x, classes);
    const char from_0[] = "# rows\r\n\r\n2\tqid:7 0:0.5 2:-2\r\n0 1:1\r\n2 0:1e0\r\n";
    const int32_t as_they_are[] = {2, 0, 2};
    reads(write_in_folder("b.svm", from_0, strlen(from_0)), NULL, 3, 3, x, as_they_are);

    rnl_dataset *set;
    rnl_data_options options = {.features = 5, .limit = 2, .class_names = "1\n-1"};
    assert_int_equal(rnl_dataset_read(&set, in_folder("a.txt"), NULL, RNL_PART_TRAIN, &options),
                     RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).n, 2);
    assert_int_equal(rnl_dataset_describe(set).features, 5);
    assert_int_equal(rnl_dataset_classes(set)[1], 1);
    rnl_dataset_free(&set);
    options.features = 2;
    assert_error(rnl_dataset_read(&set, in_folder("a.txt"), NULL, RNL_PART_TRAIN, &options),
                 RNL_ERR_SHAPE, "the largest index is 3, but the data has 2 features");
    const char numbers[] = "1.5 1:1\n-2 1:2\n";
    assert_int_equal(rnl_dataset_read(&set, write_in_folder("c.svm", numbers, strlen(numbers)),
                                      NULL, RNL_PART_TRAIN, NULL),
                     RNL_OK);
    assert_null(rnl_dataset_classes(set));
    assert_true(rnl_dataset_targets(set)[0] == 1.5f);
    rnl_dataset_free(&set);
}

/* ---- telling them apart -------------------------------------------------------------------------------------- */

static void recognises(void **state)
{
    (void)state;
    const file f = npy_file();
    const uint8_t idx[] = {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7};
    const struct {
        const char *path;
        rnl_data_format format;
    } all[] = {
        {write_in_folder("npy", f.bytes, f.size), RNL_FORMAT_NPY},
        {write_in_folder("npz", "PK\3\4....", 8), RNL_FORMAT_NPZ},
        {write_in_folder("idx", idx, sizeof idx), RNL_FORMAT_IDX},
        {write_in_folder("png", "\x89PNG\r\n\x1a\n", 8), RNL_FORMAT_PICTURE},
        {write_in_folder("jpeg", "\xff\xd8\xff\xe0", 4), RNL_FORMAT_PICTURE},
        {write_in_folder("svm", svm_text, strlen(svm_text)), RNL_FORMAT_SVMLIGHT},
        {write_in_folder("times.csv", "1 12:30\n", 8), RNL_FORMAT_SVMLIGHT},
        {write_in_folder("csv", "a,b\n1,2\n", 8), RNL_FORMAT_TABLE},
        {write_in_folder("labels.svm", "1\n2\n", 4), RNL_FORMAT_SVMLIGHT},
        {write_in_folder("ones.csv", "1\n2\n", 4), RNL_FORMAT_TABLE},
        {write_in_folder("elf",
                         "\x7f"
                         "ELF\0\0",
                         6),
         RNL_FORMAT_UNKNOWN},
        {folder, RNL_FORMAT_PICTURES},
        {"/dev/null", RNL_FORMAT_TABLE},
    };
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        rnl_data_format format;
        assert_int_equal(rnl_data_recognise(all[k].path, &format), RNL_OK);
        if (format != all[k].format)
            fail_msg("%s: recognised as %d, expected %d", all[k].path, format, all[k].format);
    }
    rnl_data_format format;
    assert_error(rnl_data_recognise(in_folder("none"), &format), RNL_ERR_IO, "none: No such file");
    refuses(in_folder("png"), NULL, RNL_ERR_FORMAT, "is one picture, expected a folder");
    refuses(in_folder("csv"), NULL, RNL_ERR_FORMAT, "is a table");
    refuses(in_folder("elf"), NULL, RNL_ERR_FORMAT, "no data set that is known here");
    refuses(in_folder("none"), NULL, RNL_ERR_IO, "none: No such file");
    refuses(write_in_folder("empty", "", 0), NULL, RNL_ERR_FORMAT, "is empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_npy),
        cmocka_unit_test(reads_what_is_in_memory),
        cmocka_unit_test(npy_takes_no_memory_for_its_data),
        cmocka_unit_test(refuses_lying_npy),
        cmocka_unit_test(kinds_count_in_a_digest),
        cmocka_unit_test(labels_are_classes_or_targets),
#ifdef RNL_HAVE_ZLIB
        cmocka_unit_test(reads_npz),
        cmocka_unit_test(refuses_lying_npz),
#endif
        cmocka_unit_test(reads_svmlight),
        cmocka_unit_test(recognises),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

/* test_gzip.c - IDX files compressed with gzip: whole, damaged, and lying about their size */
#include "idx_files.h"

#ifdef RNL_HAVE_ZLIB
#include <zlib.h>

/* One gzip member. */
static size_t gzip(const void *bytes, size_t size, uint8_t *packed, size_t room)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)size;
    z.next_out = packed;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(deflateEnd(&z), Z_OK);
    return z.total_out;
}

static void reads_compressed_files(void **state)
{
    (void)state;
    uint8_t packed[400], packed_labels[100];
    size_t size = gzip(images_file, IMAGES, packed, sizeof packed);
    size_t labels_size = gzip(labels_file, LABELS, packed_labels, sizeof packed_labels);
    /* known by their first bytes, whatever their names */
    const char *images = temp_write("images-idx3-ubyte", packed, size);
    const char *labels = temp_write("labels.gz", packed_labels, labels_size);
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_read_idx(&set, images, labels, NULL), RNL_OK);
    check_content(set, N, 1.0 / 255);
    rnl_dataset_free(&set);
    rnl_data_options options = {.limit = 3};
    assert_int_equal(rnl_dataset_read_idx(&set, images, labels, &options), RNL_OK);
    check_content(set, 3, 1);
    rnl_dataset_free(&set);
    assert_int_equal(
        rnl_dataset_read_idx(&set, temp_write("plain.gz", images_file, IMAGES), labels, NULL),
        RNL_OK);
    check_content(set, N, 1.0 / 255);
    rnl_dataset_free(&set);
}

static void reads_concatenated_members(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= IMAGES; cut++) { /* 0: the first member is empty */
        uint8_t packed[600];
        size_t size = gzip(images_file, cut, packed, sizeof packed);
        size += gzip(images_file + cut, IMAGES - cut, packed + size, sizeof packed - size);
        rnl_dataset *set;
        assert_int_equal(rnl_dataset_read_idx(&set, temp_write("two.gz", packed, size), NULL, NULL),
                         RNL_OK);
        check_content(set, N, 1.0 / 255);
        rnl_dataset_free(&set);
    }
}

static void refuses_damaged_compressed_files(void **state)
{
    (void)state;
    uint8_t packed[400];
    size_t size = gzip(images_file, IMAGES, packed, sizeof packed - 1);
    for (size_t cut = 2; cut < size; cut++)
        refuses(temp_write("cut.gz", packed, cut), NULL, RNL_ERR_FORMAT,
                "cut.gz: the compressed data are cut off");
    /* Any bit of the data, the CRC or the length changed is found, but for the up to 7 bits that
     * fill the data's last byte. (The header's bytes 4 to 9, a time and a system, may be anything.) */
    size_t unnoticed = 0;
    for (size_t bit = 10 * 8; bit < size * 8; bit++) {
        rnl_dataset *set;
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        const char *path = temp_write("flip.gz", packed, size);
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (rnl_dataset_read_idx(&set, path, NULL, NULL) == RNL_OK) {
            check_content(set, N, 1.0 / 255);
            rnl_dataset_free(&set);
            unnoticed++;
        }
        assert_null(set);
    }
    assert_in_range(unnoticed, 0, 7);
    packed[size] = 'x';
    refuses(temp_write("tail.gz", packed, size + 1), NULL, RNL_ERR_FORMAT, "tail.gz");
    size_t once = size;
    size += gzip("", 0, packed + size, sizeof packed - size);
    assert_true(size > once);
    packed[size - 1] ^= 1; /* the length of the second, empty member */
    refuses(temp_write("second.gz", packed, size), NULL, RNL_ERR_FORMAT, "second.gz");
}

static void refuses_compressed_files_of_another_length(void **state)
{
    (void)state;
    uint8_t packed[400], longer[IMAGES + 1] = {0};
    memcpy(longer, images_file, IMAGES);
    size_t size = gzip(longer, sizeof longer, packed, sizeof packed);
    refuses(temp_write("longer.gz", packed, size), NULL, RNL_ERR_FORMAT,
            "60 bytes, but the decompressed data go on");
    for (size_t cut = 0; cut < IMAGES; cut++) {
        size = gzip(images_file, cut, packed, sizeof packed);
        refuses(temp_write("shorter.gz", packed, size), NULL, RNL_ERR_FORMAT,
                cut < 16 ? "inside the IDX header" : "but the decompressed data end after");
    }
}

/* A header that claims 2^40 bytes costs what the file holds, not what it claims; and 64 MiB of
 * zeros behind a header that claims 60 are not decompressed further than to see that. */
static void does_not_believe_large_claims(void **state)
{
    (void)state;
    uint8_t packed[400], lying[IMAGES];
    memcpy(lying, images_file, IMAGES);
    memcpy(lying + 4, "\0\1\0\0\0\0\x10\0\0\0\x10", 11); /* 65536 x 4096 x 4099: 2^40 */
    size_t size = gzip(lying, IMAGES, packed, sizeof packed);
    refuses(temp_write("lying.gz", packed, size), NULL, RNL_ERR_FORMAT, "end after 60");
    size_t bomb = (size_t)64 << 20;
    uint8_t *zeros = calloc(bomb, 1), *bomb_packed = malloc(bomb / 500);
    assert_non_null(zeros);
    assert_non_null(bomb_packed);
    memcpy(zeros, images_file, IMAGES);
    size = gzip(zeros, bomb, bomb_packed, bomb / 500);
    refuses(temp_write("bomb.gz", bomb_packed, size), NULL, RNL_ERR_FORMAT, "go on behind");
    free(zeros);
    free(bomb_packed);
}

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    uint8_t packed[400];
    const char *images =
        temp_write("images.gz", packed, gzip(images_file, IMAGES, packed, sizeof packed));
    const char *labels =
        temp_write("labels.gz", packed, gzip(labels_file, LABELS, packed, sizeof packed));
    assert_true(fail_each_allocation(images, labels) >= 10);
}

#else

static void says_that_zlib_is_missing(void **state)
{
    (void)state;
    refuses(temp_write("x.gz", "\x1f\x8b\x08 and so on", 14), NULL, RNL_ERR_UNSUPPORTED,
            "x.gz is compressed, and this build has no zlib");
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef RNL_HAVE_ZLIB
        cmocka_unit_test(reads_compressed_files),
        cmocka_unit_test(reads_concatenated_members),
        cmocka_unit_test(refuses_damaged_compressed_files),
        cmocka_unit_test(refuses_compressed_files_of_another_length),
        cmocka_unit_test(does_not_believe_large_claims),
        cmocka_unit_test(failing_allocations_leave_nothing),
#else
        cmocka_unit_test(says_that_zlib_is_missing),
#endif
    };
    return cmocka_run_group_tests(tests, make_files, temp_remove);
}

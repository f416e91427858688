/* test_gzip.c - IDX files compressed with gzip: whole, damaged, and lying about their size; pipes */
#include "data/csv.h"
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
    const char *images = write_in_folder("images-idx3-ubyte", packed, size);
    const char *labels = write_in_folder("labels.gz", packed_labels, labels_size);
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_read_idx(&set, images, labels, NULL), RNL_OK);
    check_content(set, N, 1.0 / 255);
    rnl_dataset_free(&set);
    rnl_data_options options = {.limit = 3};
    assert_int_equal(rnl_dataset_read_idx(&set, images, labels, &options), RNL_OK);
    check_content(set, 3, 1);
    rnl_dataset_free(&set);
    assert_int_equal(
        rnl_dataset_read_idx(&set, write_in_folder("plain.gz", images_file, IMAGES), labels, NULL),
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
        assert_int_equal(
            rnl_dataset_read_idx(&set, write_in_folder("two.gz", packed, size), NULL, NULL),
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
        refuses(write_in_folder("cut.gz", packed, cut), NULL, RNL_ERR_FORMAT,
                "cut.gz: the compressed data are cut off");
    /* Any bit of the data, the CRC or the length changed is found, but for the up to 7 bits that
     * fill the data's last byte. (The header's bytes 4 to 9, a time and a system, may be anything.) */
    size_t unnoticed = 0;
    for (size_t bit = 10 * 8; bit < size * 8; bit++) {
        rnl_dataset *set;
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        const char *path = write_in_folder("flip.gz", packed, size);
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
    refuses(write_in_folder("tail.gz", packed, size + 1), NULL, RNL_ERR_FORMAT, "tail.gz");
    size_t once = size;
    size += gzip("", 0, packed + size, sizeof packed - size);
    assert_true(size > once);
    packed[size - 1] ^= 1; /* the length of the second, empty member */
    refuses(write_in_folder("second.gz", packed, size), NULL, RNL_ERR_FORMAT, "second.gz");
}

static void refuses_compressed_files_of_another_length(void **state)
{
    (void)state;
    uint8_t packed[400], longer[IMAGES + 1] = {0};
    memcpy(longer, images_file, IMAGES);
    size_t size = gzip(longer, sizeof longer, packed, sizeof packed);
    refuses(write_in_folder("longer.gz", packed, size), NULL, RNL_ERR_FORMAT,
            "60 bytes, but the decompressed data go on");
    for (size_t cut = 0; cut < IMAGES; cut++) {
        size = gzip(images_file, cut, packed, sizeof packed);
        refuses(write_in_folder("shorter.gz", packed, size), NULL, RNL_ERR_FORMAT,
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
    refuses(write_in_folder("lying.gz", packed, size), NULL, RNL_ERR_FORMAT, "end after 60");
    size_t bomb = (size_t)64 << 20;
    uint8_t *zeros = calloc(bomb, 1), *bomb_packed = malloc(bomb / 500);
    assert_non_null(zeros);
    assert_non_null(bomb_packed);
    memcpy(zeros, images_file, IMAGES);
    size = gzip(zeros, bomb, bomb_packed, bomb / 500);
    refuses(write_in_folder("bomb.gz", bomb_packed, size), NULL, RNL_ERR_FORMAT, "go on behind");
    free(zeros);
    free(bomb_packed);
}

/* 64 MiB of zeros begin as IDX does, and are no more than that. */
static void looks_before_it_unpacks(void **state)
{
    (void)state;
    enum { ZEROS = 64 << 20, ROOM = 1 << 20 };
    uint8_t *zeros = calloc(ZEROS, 1), *packed = malloc(ROOM);
    assert_true(zeros && packed);
    const char *path = write_in_folder("zeros.gz", packed, gzip(zeros, ZEROS, packed, ROOM));
    free(zeros);
    free(packed);
    rnl_dataset *set;
    rnl_alloc_limit(ROOM);
    const rnl_status status = rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, NULL);
    rnl_alloc_limit(SIZE_MAX);
    assert_int_equal(status, RNL_ERR_FORMAT);
    assert_non_null(strstr(rnl_error_text(), "is no IDX file"));
}

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    uint8_t packed[400];
    const char *images =
        write_in_folder("images.gz", packed, gzip(images_file, IMAGES, packed, sizeof packed));
    const char *labels =
        write_in_folder("labels.gz", packed, gzip(labels_file, LABELS, packed, sizeof packed));
    assert_true(fail_each_allocation(images, labels) >= 10);
}

/* ---- pipes ------------------------------------------------------------------------------------------------- */

/* All that comes out, some bytes at a time, where `front` of the packed bytes have been read and the
 * others are in a pipe that ends. */
static rnl_status read_pipe(const uint8_t *packed, size_t size, size_t front, char *text,
                            size_t room, size_t *total)
{
    int ends[2];
    rnl_stream s;
    size_t got = 1;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], packed + front, size - front), size - front);
    assert_int_equal(close(ends[1]), 0);
    rnl_status status = rnl_stream_open_fd(&s, ends[0], "pipe", packed, front);
    for (*total = 0; status == RNL_OK && got > 0; *total += got) {
        assert_true(*total < room);
        status = rnl_stream_read_some(&s, text + *total, room - *total < 7 ? 1 : 7, &got);
    }
    rnl_stream_close(&s);
    close(ends[0]);
    return status;
}

static void pipes_come_in_pieces(void **state)
{
    (void)state;
    static const char text[] = "a,b,class\n1,2,x\n3,4,y\n5,6,x\n";
    const size_t length = sizeof text - 1;
    uint8_t packed[400];
    char out[100];
    size_t total, size = gzip(text, 11, packed, sizeof packed); /* two members */
    const size_t once = size;
    size += gzip(text + 11, length - 11, packed + size, sizeof packed - size);
    for (size_t front = 2; front <= size; front++) {
        assert_int_equal(read_pipe(packed, size, front, out, sizeof out, &total), RNL_OK);
        assert_int_equal(total, length);
        assert_memory_equal(out, text, length);
    }
    for (size_t cut = 2; cut < size; cut++) { /* between the members nobody can tell */
        const rnl_status status = read_pipe(packed, cut, 2, out, sizeof out, &total);
        if (cut == once)
            assert_int_equal(status, RNL_OK);
        else
            assert_error(status, RNL_ERR_FORMAT, "pipe: the compressed data are cut off");
    }
    char sentence[80];
    snprintf(sentence, sizeof sentence, "cut off: the file ends after %zu bytes", size - 1);
    assert_error(read_pipe(packed, size - 1, 20, out, sizeof out, &total), RNL_ERR_FORMAT,
                 sentence);
    packed[size - 1] ^= 1; /* the last member's length */
    assert_error(read_pipe(packed, size, 20, out, sizeof out, &total), RNL_ERR_FORMAT,
                 "pipe: the compressed data are damaged at or before byte ");
}

/* The compressor was asked to bring out what it has. */
static void put_flushed(z_stream *z, int fd, const char *text)
{
    uint8_t packed[200];
    z->next_in = (z_const Bytef *)(uintptr_t)text;
    z->avail_in = (uInt)strlen(text);
    z->next_out = packed;
    z->avail_out = sizeof packed;
    assert_int_equal(deflate(z, Z_SYNC_FLUSH), Z_OK);
    const size_t size = sizeof packed - z->avail_out;
    assert_int_equal(write(fd, packed, size), size);
}

static void rows_come_while_the_pipe_is_open(void **state)
{
    (void)state;
    int ends[2];
    rnl_csv csv;
    rnl_record r;
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(pipe(ends), 0);
    put_flushed(&z, ends[1],
                "\xef\xbb\xbf"
                "1,2\n3");
    assert_int_equal(rnl_csv_open_fd(&csv, ends[0], "pipe", ','), RNL_OK);
    assert_int_equal(rnl_csv_next(&csv, &r), RNL_OK);
    assert_memory_equal(r.at, "1,2", 3);
    assert_false(rnl_csv_has_next(&csv));
    put_flushed(&z, ends[1], ",4\n");
    assert_int_equal(rnl_csv_next(&csv, &r), RNL_OK);
    assert_memory_equal(r.at, "3,4", 3);
    close(ends[1]);
    assert_error(rnl_csv_next(&csv, &r), RNL_ERR_FORMAT, "pipe: the compressed data are cut off");
    rnl_csv_close(&csv);
    deflateEnd(&z);
    close(ends[0]);
}

#else

static void says_that_zlib_is_missing(void **state)
{
    (void)state;
    refuses(write_in_folder("x.gz", "\x1f\x8b\x08 and so on", 14), NULL, RNL_ERR_UNSUPPORTED,
            "x.gz is compressed, and this build has no zlib");
    int ends[2];
    rnl_csv csv;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "\x1f\x8b\x08 and so on", 14), 14);
    assert_error(rnl_csv_open_fd(&csv, ends[0], "pipe", ','), RNL_ERR_UNSUPPORTED,
                 "pipe is compressed, and this build has no zlib");
    rnl_csv_close(&csv);
    close(ends[0]);
    close(ends[1]);
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
        cmocka_unit_test(looks_before_it_unpacks),
        cmocka_unit_test(failing_allocations_leave_nothing),
        cmocka_unit_test(pipes_come_in_pieces),
        cmocka_unit_test(rows_come_while_the_pipe_is_open),
#else
        cmocka_unit_test(says_that_zlib_is_missing),
#endif
    };
    return cmocka_run_group_tests(tests, make_files, folder_remove);
}

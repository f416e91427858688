/* gzip.c - compressed inputs: byte 0 even: the rest as it comes, read in pieces; odd: the rest compressed
 * here, which must read as it does plain. */
#include "data/idx.h"
#include "data/stream.h"
#include "fuzz.h"

#include <zlib.h>

static void read_in_pieces(const rnl_input *input, size_t piece)
{
    rnl_stream stream;
    uint8_t to[4096];
    size_t got = 0, total = 0;
    rnl_alloc_limit(65536); /* the window, and zlib's tables */
    rnl_status status = rnl_stream_open(&stream, input);
    while (status == RNL_OK && total < 1 << 20) {
        status = rnl_stream_read(&stream, to, piece, &got);
        MUST(got <= piece);
        total += got;
        if (got < piece)
            break;
    }
    rnl_stream_close(&stream);
    rnl_alloc_limit(SIZE_MAX);
    if (status != RNL_OK)
        fuzz_check_failure(status);
}

static size_t compress_all(const uint8_t *bytes, size_t size, uint8_t *to, size_t room)
{
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};
    MUST(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_out = to;
    z.avail_out = (uInt)room;
    MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
    MUST(deflateEnd(&z) == Z_OK);
    return z.total_out;
}

static void compare_with_plain(const uint8_t *bytes, size_t size)
{
    const size_t room = size + size / 8 + 1024;
    uint8_t *packed = malloc(room);
    MUST(packed);
    rnl_input plain = {.name = "plain", .bytes = bytes, .size = size};
    rnl_input gzip = {
        .name = "gzip", .bytes = packed, .size = compress_all(bytes, size, packed, room)};
    rnl_dataset *a = NULL, *b = NULL;
    const bool inner = rnl_input_is_gzip(&plain); /* twice compressed: that is not undone twice */
    rnl_status of_plain = rnl_idx_decode(&a, &plain, NULL, 0, NULL);
    rnl_alloc_limit(64 * room + 65536);
    rnl_status of_gzip = rnl_idx_decode(&b, &gzip, NULL, 0, NULL);
    rnl_alloc_limit(SIZE_MAX);
    MUST(of_plain == of_gzip || inner);
    if (of_plain == RNL_OK && !inner) {
        const size_t n = rnl_dataset_describe(a).n;
        size_t row_a, row_b;
        MUST(n == rnl_dataset_describe(b).n);
        const void *rows_a = rnl_dataset_row_at(a, 0, &row_a),
                   *rows_b = rnl_dataset_row_at(b, 0, &row_b);
        MUST(row_a == row_b && memcmp(rows_a, rows_b, n * row_a) == 0);
    }
    rnl_dataset_free(&a);
    rnl_dataset_free(&b);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || size > 1 << 16)
        return 0;
    const rnl_input input = {.name = "bytes", .bytes = bytes + 1, .size = size - 1};
    if (bytes[0] & 1)
        compare_with_plain(input.bytes, input.size);
    else
        read_in_pieces(&input, (size_t)bytes[0] * 16 + 1);
    return 0;
}

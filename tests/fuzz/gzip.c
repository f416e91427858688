/* gzip.c - compressed inputs: byte 0 even: the rest as it comes, read in pieces, of memory and of a pipe, which
 * must give the same; odd: the rest compressed here, which must read as it does plain. */
#include "data/idx.h"
#include "data/stream.h"
#include "fuzz.h"

#include <unistd.h>
#include <zlib.h>

enum { PIECE_MOST = 4096, MOST = 1 << 20 };

/* How many bytes came, what they hash to, and how it ended. */
typedef struct outcome {
    size_t total;
    uint64_t hash;
    rnl_status status;
} outcome;

static void add(outcome *o, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        o->hash = (o->hash ^ bytes[i]) * 0x100000001b3u;
    o->total += size;
}

static outcome read_in_pieces(const rnl_input *input, size_t piece)
{
    rnl_stream stream;
    outcome o = {0};
    uint8_t to[PIECE_MOST];
    size_t got = 0;
    rnl_alloc_limit(65536); /* the window, and zlib's tables */
    o.status = rnl_stream_open(&stream, input);
    while (o.status == RNL_OK && o.total < MOST) {
        o.status = rnl_stream_read(&stream, to, piece, &got);
        MUST(got <= piece);
        add(&o, to, o.status == RNL_OK ? got : 0);
        if (got < piece)
            break;
    }
    rnl_stream_close(&stream);
    rnl_alloc_limit(SIZE_MAX);
    if (o.status != RNL_OK)
        fuzz_check_failure(o.status);
    return o;
}

/* The first `front` bytes have been read; a pipe has room for the others. */
static outcome read_pipe(const rnl_input *input, size_t front, size_t piece)
{
    rnl_stream stream;
    outcome o = {0};
    uint8_t to[PIECE_MOST];
    size_t got = 1;
    int ends[2];
    MUST(pipe(ends) == 0);
    const ssize_t size = (ssize_t)(input->size - front);
    MUST(write(ends[1], input->bytes + front, (size_t)size) == size);
    close(ends[1]);
    rnl_alloc_limit(65536 + RNL_STREAM_WINDOW);
    o.status = rnl_stream_open_fd(&stream, ends[0], "pipe", input->bytes, front);
    while (o.status == RNL_OK && got > 0 && o.total < MOST) {
        o.status = rnl_stream_read_some(&stream, to, piece, &got);
        MUST(got <= piece);
        add(&o, to, o.status == RNL_OK ? got : 0);
    }
    rnl_stream_close(&stream);
    close(ends[0]);
    rnl_alloc_limit(SIZE_MAX);
    if (o.status != RNL_OK)
        fuzz_check_failure(o.status);
    return o;
}

static void read_both_ways(const rnl_input *input, size_t piece)
{
    const outcome whole = read_in_pieces(input, piece);
    if (!rnl_input_is_gzip(input))
        return;
    const outcome parts = read_pipe(input, 2 + piece % (input->size - 1), piece);
    if (whole.total < MOST && parts.total < MOST)
        MUST(whole.status == parts.status);
    if (whole.total < MOST && whole.status == RNL_OK)
        MUST(whole.total == parts.total && whole.hash == parts.hash);
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
    rnl_status of_plain = rnl_idx_decode(&a, &plain, NULL, NULL);
    rnl_alloc_limit(64 * room + 65536);
    rnl_status of_gzip = rnl_idx_decode(&b, &gzip, NULL, NULL);
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
        read_both_ways(&input, (size_t)bytes[0] * 16 + 1);
    return 0;
}

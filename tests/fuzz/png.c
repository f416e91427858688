/* png.c - PNG pictures: as they come; and with the checksums of their chunks put right, without which
 * libpng refuses most of what a fuzzer makes of a picture */
#include "fuzz.h"

#include <zlib.h>

enum { SIDE = 28, LARGEST = 1 << 16 };

static void decode(const uint8_t *bytes, size_t size, size_t side)
{
    uint8_t pixels[SIDE * SIDE];
    /* a row, the sums, and zlib; by the picture's width, not by its content */
    rnl_alloc_limit((size_t)4 << 20);
    rnl_status status = rnl_decode_png(bytes, size, "picture", side, side, size & 1, pixels);
    rnl_alloc_limit(SIZE_MAX);
    if (status != RNL_OK)
        fuzz_check_failure(status);
}

static uint32_t u32_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void right_checksums(uint8_t *bytes, size_t size)
{
    for (size_t at = 8; at + 12 <= size;) {
        const size_t length = u32_at(bytes + at);
        if (length > size - at - 12)
            return;
        const uint32_t crc = (uint32_t)crc32(0, bytes + at + 4, (uInt)length + 4);
        for (size_t k = 0; k < 4; k++)
            bytes[at + 8 + length + k] = (uint8_t)(crc >> (24 - 8 * k));
        at += length + 12;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    /* a picture of many pixels takes its time and is no fault */
    if (size > LARGEST ||
        (size >= 24 && ((uint64_t)u32_at(bytes + 16) * u32_at(bytes + 20) > 1 << 20)))
        return 0;
    decode(bytes, size, SIDE);
    uint8_t *right = malloc(size ? size : 1);
    MUST(right);
    memcpy(right, bytes, size);
    right_checksums(right, size);
    decode(right, size, size % SIDE + 1);
    free(right);
    return 0;
}

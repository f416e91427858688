/* npz.c - numpy's archives: byte 0 odd: their test part. As they come; and with the checksums of the list put
 * right where an entry is stored, without which no change inside an array gets far */
#include "data/npy.h"
#include "fuzz.h"

#include <zlib.h>

static void decode(const uint8_t *bytes, size_t size, bool test)
{
    rnl_input input = {.name = "set.npz", .bytes = bytes, .size = size};
    rnl_dataset *set = NULL;
    rnl_alloc_limit(128 * size + 200000); /* deflated labels, and zlib twice */
    rnl_status status = rnl_npz_decode(&set, &input, test, NULL);
    if (status == RNL_OK && !set) /* there is no test part */
        rnl_alloc_limit(SIZE_MAX);
    else
        fuzz_check_set(status, &set);
}

static uint32_t u32_at(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void right_checksums(uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at + 46 <= size; at++) {
        if (memcmp(bytes + at, "PK\1\2", 4) != 0)
            continue;
        const size_t packed = u32_at(bytes + at + 20), local = u32_at(bytes + at + 42);
        if (local + 30 > size)
            continue;
        const size_t front =
            local + 30 + (u32_at(bytes + local + 26) & 0xffff) + (u32_at(bytes + local + 26) >> 16);
        if (front > size || packed > size - front)
            continue;
        const uint32_t crc = (uint32_t)crc32(0, bytes + front, (uInt)packed);
        for (size_t k = 0; k < 4; k++)
            bytes[at + 16 + k] = (uint8_t)(crc >> 8 * k);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || size > 1 << 16)
        return 0;
    decode(bytes + 1, size - 1, bytes[0] & 1);
    uint8_t *right = malloc(size);
    MUST(right);
    memcpy(right, bytes + 1, size - 1);
    right_checksums(right, size - 1);
    decode(right, size - 1, bytes[0] & 1);
    free(right);
    return 0;
}

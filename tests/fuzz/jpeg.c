/* jpeg.c - JPEG pictures */
#include "data/picture.h"
#include "fuzz.h"

enum { SIDE = 12, LARGEST = 1 << 15 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t pixels[3 * SIDE * SIDE];
    size_t height, width;
    const rnl_input input = {.name = "picture", .bytes = bytes, .size = size};
    if (size > LARGEST || !rnl_input_is_jpeg(&input))
        return 0;
    /* a picture of many pixels takes its time and is no fault */
    if (rnl_picture_size(&input, &height, &width) == RNL_OK && (uint64_t)height * width > 1 << 18)
        return 0;
    rnl_alloc_limit((size_t)4 << 20); /* libjpeg's own memory comes from malloc: -rss_limit_mb */
    rnl_status status =
        rnl_decode_picture(bytes, size, "picture", size & 1 ? 3 : 1, SIDE, SIDE, size & 2, pixels);
    rnl_alloc_limit(SIZE_MAX);
    if (status != RNL_OK)
        fuzz_check_failure(status);
    return 0;
}

/* idx.c - IDX files: byte 0 says where the images end and the labels begin (0: no labels) */
#include "data/idx.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2)
        return 0;
    const size_t at = bytes[0] < size ? bytes[0] : 0;
    rnl_input images = {.name = "images", .bytes = bytes + 1, .size = size - 1};
    rnl_input labels = {.name = "labels"};
    if (at > 1) {
        images.size = at - 1;
        labels.bytes = bytes + at;
        labels.size = size - at;
    }
    const rnl_data_options options = {
        .normalize = size & 1, .flatten = size & 2, .limit = size & 4};
    rnl_dataset *set = NULL;
    rnl_alloc_limit(64 * size + 131072); /* zlib takes up to 48 KiB, for either file */
    rnl_status status =
        rnl_idx_decode(&set, &images, labels.size ? &labels : NULL, size & 8 ? &options : NULL);
    fuzz_check_set(status, &set);
    return 0;
}

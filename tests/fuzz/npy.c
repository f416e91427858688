/* npy.c - numpy's arrays: two bytes say where the inputs end and the labels begin (0: no labels) */
#include "data/npy.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 3)
        return 0;
    const size_t at = bytes[0] | (size_t)bytes[1] << 8;
    rnl_input x = {.name = "x", .bytes = bytes + 2, .size = size - 2}, y = {.name = "y"};
    if (at > 0 && at < size - 2) {
        x.size = at;
        y.bytes = bytes + 2 + at;
        y.size = size - 2 - at;
    }
    const rnl_data_options options = {.normalize = size & 1,
                                      .flatten = size & 2,
                                      .limit = size & 4,
                                      .class_names = size & 8 ? "0\n1\n-1" : NULL,
                                      .labels = (rnl_labels)(size % 3)};
    rnl_dataset *set = NULL;
    rnl_alloc_limit(32 * size + 4096); /* a copy in order, and of labels 24 times */
    rnl_status status = rnl_npy_decode(&set, &x, y.size ? &y : NULL, &options);
    fuzz_check_set(status, &set);
    return 0;
}

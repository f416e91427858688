/* svmlight.c - sparse rows in text: byte 0 chooses the options */
#include "data/svmlight.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2)
        return 0;
    const rnl_input input = {.name = "rows", .bytes = bytes + 1, .size = size - 1};
    const rnl_data_options options = {.labels = (rnl_labels)(bytes[0] % 3),
                                      .first_index = (rnl_first_index)(bytes[0] / 3 % 3),
                                      .limit = bytes[0] >> 2 & 3,
                                      .features = bytes[0] >> 4 & 7,
                                      .class_names = bytes[0] & 0x80 ? "1\n2" : NULL};
    rnl_input_is_svmlight(&input);
    rnl_dataset *set = NULL;
    rnl_alloc_limit(1100 * size + ((size_t)17 << 20));
    rnl_status status = rnl_svmlight_decode(&set, &input, &options);
    fuzz_check_set(status, &set);
    return 0;
}

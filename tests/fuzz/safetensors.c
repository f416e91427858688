/* safetensors.c - model files: as tensors, and as a network, and back to bytes */
#include "fuzz.h"
#include "model/safetensors.h"

static void use_tensors(const rnl_tensor_file *file)
{
    double numbers[16];
    for (size_t i = 0; i < file->count; i++) {
        const rnl_tensor *t = file->tensors + i;
        MUST(rnl_tensor_find(file, t->name));
        if (rnl_tensor_readable(t) && t->count > 0) {
            const size_t n = t->count < 16 ? t->count : 16;
            rnl_tensor_read(t, 0, n, numbers);
            rnl_tensor_read(t, t->count - n, n, numbers);
        }
    }
    for (size_t i = 0; i < file->note_count; i++)
        MUST(rnl_tensor_file_note(file, file->notes[i].key));
}

/* Encoded, decoded and encoded again: the same bytes. */
static void use_net(const rnl_net *net)
{
    rnl_net *again = NULL;
    uint8_t *bytes[2] = {NULL};
    size_t size[2] = {0};
    MUST(rnl_net_encode(net, &bytes[0], &size[0]) == RNL_OK);
    MUST(rnl_net_decode(&again, bytes[0], size[0], "encoded", NULL, NULL) == RNL_OK);
    MUST(rnl_net_encode(again, &bytes[1], &size[1]) == RNL_OK);
    MUST(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0);
    rnl_encoded_free(&bytes[0]);
    rnl_encoded_free(&bytes[1]);
    rnl_net_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rnl_tensor_file file;
    rnl_alloc_limit(64 * size + 4096);
    rnl_status status = rnl_tensor_file_parse(&file, bytes, size);
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK)
        use_tensors(&file);
    else
        fuzz_check_failure(status);
    rnl_tensor_file_free(&file);

    rnl_net *net = NULL;
    rnl_net_config config = rnl_net_config_default();
    config.backend = "portable";
    rnl_alloc_limit(
        (size_t)4 << 20); /* a network that the text asks for may be larger than the file */
    status = rnl_net_decode(&net, bytes, size, "fuzz", size & 1 ? "affine 3, relu, affine 2" : NULL,
                            &config);
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK)
        use_net(net);
    else if (status != RNL_ERR_MEMORY)
        fuzz_check_failure(status);
    MUST(status == RNL_OK || strncmp(rnl_error_text(), "fuzz: ", 6) == 0);
    rnl_net_free(&net);
    return 0;
}

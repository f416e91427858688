/* safetensors.c - model files: as tensors, and as a network */
#include "fuzz.h"
#include "model/model.h"
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
    status =
        rnl_model_decode(&net, bytes, size, size & 1 ? "affine 3, relu, affine 2" : NULL, &config);
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK)
        MUST(net && rnl_net_size(net) > 0);
    else if (status != RNL_ERR_MEMORY)
        fuzz_check_failure(status);
    rnl_net_free(&net);
    return 0;
}

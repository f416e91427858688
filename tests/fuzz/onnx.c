/* onnx.c - ONNX files, as networks */
#include "fuzz.h"
#include "model/onnx.h"

/* What is stated in docs/onnx.md: in all, so many times the file's size, and some. */
enum { TIMES = 160, LEAST = 512 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rnl_net *net = NULL;
    rnl_net_config config = rnl_net_config_default();
    config.backend = "portable";
    const char *description = size % 3 == 1 ? "affine 3, relu, dropout 0.5, affine" : NULL;
    rnl_alloc_limit(TIMES * size + LEAST);
    rnl_status status = rnl_onnx_decode(&net, bytes, size, description, size % 2 ? &config : NULL);
    rnl_alloc_limit(SIZE_MAX);
    if (status != RNL_OK) {
        MUST(!net);
        fuzz_check_failure(status);
        return 0;
    }
    MUST(net && rnl_net_layer_count(net) > 0);
    for (size_t i = 0; i < rnl_net_note_count(net); i++) {
        const char *key, *value;
        rnl_net_note_at(net, i, &key, &value);
        MUST(key && *key && value);
    }
    if (rnl_net_inputs(net) < 1000) {
        rnl_workspace *ws;
        float x[1000] = {0.5f, -1}, y[1000];
        if (rnl_net_outputs(net) < 1000 && rnl_workspace_new(&ws, net, 1) == RNL_OK) {
            MUST(rnl_net_dtype(net) == RNL_F64 ||
                 rnl_net_predict(net, ws, rnl_matrix_f32(x, 1, rnl_net_inputs(net)),
                                 rnl_matrix_f32(y, 1, rnl_net_outputs(net))) == RNL_OK);
            rnl_workspace_free(&ws);
        }
    }
    rnl_net_free(&net);
    return 0;
}

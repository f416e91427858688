/* onnx_read.c - rnl_onnx_decode: bytes, message, graph, chain of layers, network */
#include "model/onnx.h"

#include "base/matrix.h"
#include "model/onnx_graph.h"

static rnl_status decode(rnl_net **net, const RnlOnnx__ModelProto *model, size_t size,
                         const char *description, const rnl_net_config *config)
{
    rnl_onnx_graph graph;
    rnl_onnx_chain chain;
    RNL_TRY(rnl_onnx_graph_make(&graph, model));
    rnl_status status = rnl_onnx_chain_make(&chain, &graph, size);
    if (status == RNL_OK) {
        status = rnl_onnx_build(net, &chain, model, description, config);
        rnl_onnx_chain_free(&chain);
    }
    rnl_onnx_graph_free(&graph);
    return status;
}

rnl_status rnl_onnx_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                           const rnl_net_config *config)
{
    RnlOnnx__ModelProto *model;
    rnl_onnx_memory memory;
    *net = NULL;
    if (config)
        RNL_TRY(rnl_check_dtype(config->dtype));
    RNL_TRY(rnl_onnx_unpack(&model, &memory, bytes, size));
    const rnl_status status = decode(net, model, size, description, config);
    rnl_onnx_free(&model, &memory);
    return status;
}

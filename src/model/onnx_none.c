/* onnx_none.c - in a build without protobuf-c or without ONNX's schema */
#include "model/onnx.h"

rnl_status rnl_onnx_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                           const rnl_net_config *config)
{
    (void)bytes;
    (void)size;
    (void)description;
    (void)config;
    *net = NULL;
    return rnl_fail(RNL_ERR_UNSUPPORTED,
                    "is an ONNX file, and this build of runnel has no ONNX: protobuf-c or the "
                    "schema onnx.proto was missing when it was built");
}

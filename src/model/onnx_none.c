/* onnx_none.c - in a build without protobuf-c or without ONNX's schema */
#include "model/export.h"
#include "model/onnx.h"

#define MISSING                                                                                    \
    "this build of runnel has no ONNX: protobuf-c or the schema onnx.proto was missing when it "   \
    "was built"

rnl_status rnl_onnx_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                           const rnl_net_config *config)
{
    (void)bytes;
    (void)size;
    (void)description;
    (void)config;
    *net = NULL;
    return rnl_fail(RNL_ERR_UNSUPPORTED, "is an ONNX file, and " MISSING);
}

rnl_status rnl_export_write_onnx(const rnl_export_plan *plan, const char *folder,
                                 const rnl_export_options *options)
{
    (void)plan;
    (void)folder;
    (void)options;
    return rnl_fail(RNL_ERR_UNSUPPORTED, MISSING);
}

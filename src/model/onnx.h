/* onnx.h - networks as ONNX files
 *
 * An ONNX file is one protobuf message, ModelProto of the official schema (onnx.proto); protobuf-c reads and
 * writes it. What is refused, and how a graph becomes a network: docs/onnx.md. */
#ifndef RNL_MODEL_ONNX_H
#define RNL_MODEL_ONNX_H

#include "base/file.h"

/* Do these bytes look like an ONNX file, and not like safetensors? A protobuf message has no magic number, but
 * all writers begin with the first field. */
bool rnl_onnx_is(const void *bytes, size_t size);

/* A network from the whole of a file; arguments and errors as for rnl_model_decode. RNL_ERR_UNSUPPORTED: the
 * graph is none of our networks, or this build has no ONNX. */
rnl_status rnl_onnx_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                           const rnl_net_config *config);

#endif

/* onnx_parse.h - the message of an ONNX file, its tensors and its nodes' attributes
 *
 * Here the bytes are not trusted: what comes from here is well formed, and has taken no more memory than stated. */
#ifndef RNL_MODEL_ONNX_PARSE_H
#define RNL_MODEL_ONNX_PARSE_H

#include "base/memory.h"

#include "onnx.pb-c.h"

/* ---- onnx_parse.c: the message ---------------------------------------------------------------------- */

/* Bytes that a message may take in memory: so many for each of the file's, and some. */
enum { RNL_ONNX_EXPANSION = 64, RNL_ONNX_LEAST = 64 << 10 };

typedef struct rnl_onnx_memory {
    ProtobufCAllocator allocator;
    size_t left;
    bool refused, failed; /* over the limit; no memory */
} rnl_onnx_memory;

/* Borrows nothing from bytes. */
rnl_status rnl_onnx_unpack(RnlOnnx__ModelProto **model, rnl_onnx_memory *memory, const void *bytes,
                           size_t size);
void rnl_onnx_free(RnlOnnx__ModelProto **model, rnl_onnx_memory *memory);

/* ---- onnx_tensor.c: numbers ------------------------------------------------------------------------- */

enum { RNL_ONNX_RANK = 8 };

/* A constant: of the file's list, or of a node. Borrows from the message. */
typedef struct rnl_onnx_tensor {
    const char *name;
    int type; /* RNL_ONNX__TENSOR_PROTO__DATA_TYPE__... */
    size_t rank, dim[RNL_ONNX_RANK], count;
    const unsigned char *raw; /* little-endian; NULL: one of the next */
    const float *floats;
    const double *doubles;
    const int64_t *integers;
} rnl_onnx_tensor;

/* RNL_ERR_FORMAT: the data is not as long as the shape says. */
rnl_status rnl_onnx_tensor_open(rnl_onnx_tensor *tensor, const RnlOnnx__TensorProto *proto);
/* Is it of float or double? RNL_ERR_UNSUPPORTED where not: of other types, only int64 has as many numbers as its
 * shape says. */
rnl_status rnl_onnx_check_numbers(const rnl_onnx_tensor *tensor);
/* Number i < count of such a tensor. RNL_ERR_FORMAT where it is NaN or infinite. */
rnl_status rnl_onnx_number(const rnl_onnx_tensor *tensor, size_t i, double *number);
rnl_status rnl_onnx_integer(const rnl_onnx_tensor *tensor, size_t i, int64_t *integer);
/* The tensor as if it stood behind a shape [n, dims]: its index for feature j. false: it does not spread over
 * the dims without a batch. dims: [rank - 1]. */
bool rnl_onnx_spread(const rnl_onnx_tensor *tensor, const size_t *dims, size_t rank, size_t j,
                     size_t *index);

/* The number in the fewest digits that give the float back: 0.1 for 0.1f. */
double rnl_onnx_plain(float number);

/* ---- onnx_node.c: a node's parts, and failing over it ------------------------------------------------ */

static inline const char *rnl_onnx_text(const char *text)
{
    return text ? text : "";
}

/* Is it this one of ONNX's own operators? */
bool rnl_onnx_op_is(const RnlOnnx__NodeProto *node, const char *op);
/* "" where there are not so many. */
const char *rnl_onnx_input(const RnlOnnx__NodeProto *node, size_t i);
const char *rnl_onnx_output(const RnlOnnx__NodeProto *node, size_t i);

/* The attribute's value, or what it is otherwise. */
rnl_status rnl_onnx_int(const RnlOnnx__NodeProto *node, const char *name, int64_t otherwise,
                        int64_t *value);
rnl_status rnl_onnx_float(const RnlOnnx__NodeProto *node, const char *name, float otherwise,
                          float *value);
const RnlOnnx__AttributeProto *rnl_onnx_attribute(const RnlOnnx__NodeProto *node, const char *name);
/* RNL_ERR_UNSUPPORTED where it has other attributes than these, "alpha beta". */
rnl_status rnl_onnx_check_attributes(const RnlOnnx__NodeProto *node, const char *known);

/* Puts in front of the sentence which node it is about. */
rnl_status rnl_onnx_fail_node(rnl_status status, const RnlOnnx__NodeProto *node);

#define RNL_NODE_FAIL_IF(cond, status, node, ...)                                                  \
    do {                                                                                           \
        if (cond) {                                                                                \
            rnl_onnx_fail_node(rnl_fail(status, __VA_ARGS__), node);                               \
            return status;                                                                         \
        }                                                                                          \
    } while (0)

#endif

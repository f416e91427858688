/* onnx_parse.c - from bytes to the message: within bounds of memory and of depth */
#include "model/onnx_parse.h"

/* Deeper than any network of ours needs: model, graph, node, attribute, tensor. protobuf-c goes down by
 * recursion, which bytes that nobody vouches for must not drive. */
enum { DEPTH = 16 };

/* ---- depth ------------------------------------------------------------------------------------------ */

enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5, MOST_VARINT = 10 };

typedef struct reader {
    const uint8_t *at, *end;
} reader;

static bool read_varint(reader *r, uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < MOST_VARINT && r->at < r->end; i++) {
        const uint8_t byte = *r->at++;
        *value |= (uint64_t)(byte & 0x7f) << 7 * i;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Over one value that is no message; false where that is malformed. */
static bool skip(reader *r, unsigned wire, uint64_t *length)
{
    switch (wire) {
    case VARINT: return read_varint(r, length) && (*length = 0) == 0;
    case FIXED64: *length = 8; return true;
    case FIXED32: *length = 4; return true;
    case DELIMITED: return read_varint(r, length);
    default: return false;
    }
}

/* Does no message lie deeper than `depth` below this one? Malformed bytes are left to the unpacker. */
static bool is_shallow(const ProtobufCMessageDescriptor *type, reader r, int depth)
{
    uint64_t tag, length;
    while (r.at < r.end && read_varint(&r, &tag)) {
        const unsigned wire = tag & 7;
        if (!skip(&r, wire, &length) || length > (uint64_t)(r.end - r.at))
            return true;
        const ProtobufCFieldDescriptor *field = NULL;
        if (wire == DELIMITED && tag >> 3 <= UINT32_MAX)
            field = protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
        if (field && field->type == PROTOBUF_C_TYPE_MESSAGE) {
            const reader inner = {r.at, r.at + length};
            if (depth == 0 || !is_shallow(field->descriptor, inner, depth - 1))
                return false;
        }
        r.at += length;
    }
    return true;
}

/* ---- memory ----------------------------------------------------------------------------------------- */

static void *take(void *data, size_t size)
{
    rnl_onnx_memory *memory = data;
    if (size > memory->left) {
        memory->refused = true;
        return NULL;
    }
    memory->left -= size;
    void *block = rnl_alloc(size, 1);
    if (!block)
        memory->failed = true;
    return block;
}

static void give(void *data, void *block)
{
    (void)data;
    rnl_free(block);
}

rnl_status rnl_onnx_unpack(RnlOnnx__ModelProto **model, rnl_onnx_memory *memory, const void *bytes,
                           size_t size)
{
    *model = NULL;
    *memory = (rnl_onnx_memory){.allocator = {.alloc = take, .free = give}};
    memory->allocator.allocator_data = memory;
    if (!rnl_mul_size(size, RNL_ONNX_EXPANSION, &memory->left) ||
        !rnl_add_size(memory->left, RNL_ONNX_LEAST, &memory->left))
        memory->left = SIZE_MAX;
    const uint8_t *begin = bytes;
    RNL_FAIL_IF(
        !is_shallow(&rnl_onnx__model_proto__descriptor, (reader){begin, begin + size}, DEPTH),
        RNL_ERR_FORMAT, "its messages lie in each other more than %d deep", DEPTH);
    *model = rnl_onnx__model_proto__unpack(&memory->allocator, size, begin);
    if (*model)
        return RNL_OK;
    if (memory->failed)
        return RNL_ERR_MEMORY;
    RNL_FAIL_IF(memory->refused, RNL_ERR_FORMAT,
                "would take more than %d times its size in memory, as no network does",
                RNL_ONNX_EXPANSION);
    return rnl_fail(RNL_ERR_FORMAT, "is no ONNX file, or is cut off: it is no protobuf message of "
                                    "the type ModelProto");
}

void rnl_onnx_free(RnlOnnx__ModelProto **model, rnl_onnx_memory *memory)
{
    if (*model)
        rnl_onnx__model_proto__free_unpacked(*model, &memory->allocator);
    *model = NULL;
}

/* onnx_tensor.c - a TensorProto: its shape and its numbers, compared with each other
 *
 *   raw_data                            all numbers, little-endian
 *   float_data, double_data, int64_data the numbers one by one, in the field of their type */
#include "model/onnx_parse.h"

#include "base/text.h"
#include "model/safetensors.h"

#include <math.h>
#include <string.h>

#define TYPE(name) RNL_ONNX__TENSOR_PROTO__DATA_TYPE__##name

static rnl_status read_shape(rnl_onnx_tensor *t, const RnlOnnx__TensorProto *proto)
{
    RNL_FAIL_IF(proto->n_dims > RNL_ONNX_RANK, RNL_ERR_UNSUPPORTED,
                "the tensor %s has %zu dimensions; %d is the most", rnl_show_name(t->name).text,
                proto->n_dims, RNL_ONNX_RANK);
    t->rank = proto->n_dims;
    t->count = 1;
    for (size_t i = 0; i < t->rank; i++) {
        const int64_t dim = proto->dims[i];
        RNL_FAIL_IF(
            dim < 0 || (uint64_t)dim > SIZE_MAX || !rnl_mul_size(t->count, (size_t)dim, &t->count),
            RNL_ERR_FORMAT, "the tensor %s has an impossible shape", rnl_show_name(t->name).text);
        t->dim[i] = (size_t)dim;
    }
    return RNL_OK;
}

/* Bytes of a number in raw_data, and how many numbers lie in the field of the type; 0: not read here. */
static size_t find_typed(rnl_onnx_tensor *t, const RnlOnnx__TensorProto *proto, size_t *typed)
{
    switch (t->type) {
    case TYPE(FLOAT):
        t->floats = proto->float_data;
        *typed = proto->n_float_data;
        return 4;
    case TYPE(DOUBLE):
        t->doubles = proto->double_data;
        *typed = proto->n_double_data;
        return 8;
    case TYPE(INT64):
        t->integers = proto->int64_data;
        *typed = proto->n_int64_data;
        return 8;
    default: *typed = 0; return 0;
    }
}

rnl_status rnl_onnx_tensor_open(rnl_onnx_tensor *t, const RnlOnnx__TensorProto *proto)
{
    *t = (rnl_onnx_tensor){.name = rnl_onnx_text(proto->name), .type = proto->data_type};
    const rnl_shown name = rnl_show_name(t->name);
    RNL_FAIL_IF(proto->n_external_data ||
                    proto->data_location == RNL_ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL,
                RNL_ERR_UNSUPPORTED,
                "the numbers of the tensor %s lie in another file; save the model as one file: "
                "torch.onnx.export does so with dynamo=False, or external_data=False",
                name.text);
    RNL_FAIL_IF(proto->segment, RNL_ERR_UNSUPPORTED, "the tensor %s is cut into segments",
                name.text);
    RNL_TRY(read_shape(t, proto));
    size_t typed, bytes;
    const size_t size = find_typed(t, proto, &typed);
    if (size == 0)
        return RNL_OK; /* refused where somebody wants its numbers */
    RNL_FAIL_IF(!rnl_mul_size(t->count, size, &bytes), RNL_ERR_FORMAT,
                "the tensor %s has an impossible shape", name.text);
    const rnl_shown shape = rnl_show_shape(t->rank, t->dim);
    if (proto->has_raw_data) {
        t->raw = proto->raw_data.data ? proto->raw_data.data : (const unsigned char *)"";
        RNL_FAIL_IF(proto->raw_data.len != bytes || typed, RNL_ERR_FORMAT,
                    "the tensor %s has the shape %s, %zu bytes, but %zu bytes of data", name.text,
                    shape.text, bytes, proto->raw_data.len + typed * size);
    } else {
        RNL_FAIL_IF(typed != t->count, RNL_ERR_FORMAT,
                    "the tensor %s has the shape %s, %zu numbers, but %zu numbers of data",
                    name.text, shape.text, t->count, typed);
    }
    return RNL_OK;
}

static uint64_t little_endian(const unsigned char *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static float raw_float(const unsigned char *bytes)
{
    const uint32_t bits = (uint32_t)little_endian(bytes, 4);
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static double raw_double(const unsigned char *bytes)
{
    const uint64_t bits = little_endian(bytes, 8);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

rnl_status rnl_onnx_check_numbers(const rnl_onnx_tensor *t)
{
    RNL_FAIL_IF(
        t->type != TYPE(FLOAT) && t->type != TYPE(DOUBLE), RNL_ERR_UNSUPPORTED,
        "the numbers of the tensor %s have ONNX's type %d; float (1) and double (11) can be "
        "read",
        rnl_show_name(t->name).text, t->type);
    return RNL_OK;
}

rnl_status rnl_onnx_number(const rnl_onnx_tensor *t, size_t i, double *number)
{
    RNL_TRY(rnl_onnx_check_numbers(t));
    if (t->type == TYPE(FLOAT))
        *number = (double)(t->raw ? raw_float(t->raw + 4 * i) : t->floats[i]);
    else
        *number = t->raw ? raw_double(t->raw + 8 * i) : t->doubles[i];
    RNL_FAIL_IF(!isfinite(*number), RNL_ERR_FORMAT,
                "number %zu of the tensor %s is %s: a network with such numbers is not loaded", i,
                rnl_show_name(t->name).text, isnan(*number) ? "nan" : "infinite");
    return RNL_OK;
}

rnl_status rnl_onnx_integer(const rnl_onnx_tensor *t, size_t i, int64_t *integer)
{
    RNL_FAIL_IF(t->type != TYPE(INT64), RNL_ERR_UNSUPPORTED,
                "the numbers of the tensor %s have ONNX's type %d, and int64 (7) is expected",
                rnl_show_name(t->name).text, t->type);
    *integer = t->raw ? (int64_t)little_endian(t->raw + 8 * i, 8) : t->integers[i];
    return RNL_OK;
}

bool rnl_onnx_spread(const rnl_onnx_tensor *t, const size_t *dims, size_t rank, size_t j,
                     size_t *index)
{
    size_t stride = 1;
    *index = 0;
    if (t->rank > rank)
        return false;
    for (size_t k = 0; k < t->rank; k++) { /* from the last dimension on */
        const size_t own = t->dim[t->rank - 1 - k];
        const bool batch = k + 1 >= rank;
        const size_t other = batch ? 1 : dims[rank - 2 - k];
        if (own != 1 && own != other)
            return false;
        if (own != 1) {
            *index += j % other * stride;
            stride *= own;
        }
        if (!batch)
            j /= other;
    }
    return true;
}

double rnl_onnx_plain(float number)
{
    char text[32];
    double plain = (double)number;
    for (int digits = 1; digits <= 9; digits++) {
        rnl_format_number(text, sizeof text, (double)number, digits);
        if (rnl_parse_number(text, strlen(text), &plain) && (float)plain == number)
            return plain;
    }
    return (double)number;
}

/* safetensors.c - reading: the header with all its checks, numbers of four types */
#include "model/safetensors.h"

#include "base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, HEADER_LIMIT = 100000000 };

static const char metadata_key[] = "__metadata__";

/* Every type of the format, and the bits of one number. */
static const struct {
    const char *name;
    unsigned bits;
} dtypes[] = {
    {"F32", 32},    {"F64", 64},    {"F16", 16},        {"BF16", 16},       {"BOOL", 8},
    {"U8", 8},      {"I8", 8},      {"U16", 16},        {"I16", 16},        {"U32", 32},
    {"I32", 32},    {"U64", 64},    {"I64", 64},        {"C64", 64},        {"F8_E5M2", 8},
    {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"F6_E2M3", 6},
    {"F6_E3M2", 6}, {"F4", 4},
};

/* ---- for messages ------------------------------------------------------------------------------- */

rnl_shown rnl_show_shape(size_t rank, const size_t *shape)
{
    rnl_shown shown = {"["};
    size_t used = 1;
    for (size_t i = 0; i < rank; i++) {
        const char *comma = i ? ", " : "";
        if (used > sizeof shown.text - 32) { /* a number takes 20 characters at the most */
            used += (size_t)snprintf(shown.text + used, sizeof shown.text - used, "%s...", comma);
            break;
        }
        used +=
            (size_t)snprintf(shown.text + used, sizeof shown.text - used, "%s%zu", comma, shape[i]);
    }
    snprintf(shown.text + used, sizeof shown.text - used, "]");
    return shown;
}

rnl_shown rnl_show_name(const char *name)
{
    rnl_shown shown = {""};
    rnl_text_quote(shown.text, sizeof shown.text, "", name);
    return shown;
}

/* ---- the header ----------------------------------------------------------------------------------- */

static uint64_t little_endian(const unsigned char *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* "name,age" in quotes where all of it can be read, else the bytes in hexadecimal. */
static rnl_shown show_bytes(const unsigned char bytes[LENGTH_BYTES])
{
    rnl_shown shown = {"the bytes"};
    bool text = true;
    for (size_t i = 0; i < LENGTH_BYTES; i++)
        text &= (bytes[i] >= ' ' && bytes[i] < 0x7f) || bytes[i] == '\n' || bytes[i] == '\r';
    if (text) { /* the first line of it */
        char line[LENGTH_BYTES + 1] = "";
        memcpy(line, bytes, LENGTH_BYTES);
        line[strcspn(line, "\r\n")] = '\0';
        return rnl_show_name(line);
    }
    for (size_t i = 0, used = strlen(shown.text); i < LENGTH_BYTES; i++, used += 3)
        snprintf(shown.text + used, sizeof shown.text - used, " %02X", bytes[i]);
    return shown;
}

static rnl_status find_header(const unsigned char *bytes, size_t size, size_t *length)
{
    RNL_FAIL_IF(size < LENGTH_BYTES, RNL_ERR_FORMAT,
                "is no safetensors file: it has %zu bytes, and the header's length alone takes %d",
                size, LENGTH_BYTES);
    RNL_FAIL_IF(memcmp(bytes, "PK\3\4", 4) == 0, RNL_ERR_FORMAT,
                "is no safetensors file but a zip archive, as torch.save writes: "
                "use safetensors.torch.save_file");
    RNL_FAIL_IF(memcmp(bytes, "RNLCKPT", 7) == 0, RNL_ERR_FORMAT,
                "is a checkpoint, from which a run goes on, and no model file: the run writes the "
                "model at its end");
    uint64_t stated = little_endian(bytes, LENGTH_BYTES);
    RNL_FAIL_IF(stated > HEADER_LIMIT && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5,
                RNL_ERR_FORMAT,
                "is no safetensors file but a pickle, as old versions of torch.save write: "
                "use safetensors.torch.save_file");
    RNL_FAIL_IF(stated > HEADER_LIMIT, RNL_ERR_FORMAT,
                "is no model file: it begins with %s, as neither safetensors nor ONNX files do",
                show_bytes(bytes).text);
    RNL_FAIL_IF(stated > size - LENGTH_BYTES, RNL_ERR_FORMAT,
                "is cut off or no safetensors file: its header should be %llu bytes long, "
                "and %zu follow",
                (unsigned long long)stated, size - LENGTH_BYTES);
    RNL_FAIL_IF(stated == 0 || bytes[LENGTH_BYTES] != '{', RNL_ERR_FORMAT,
                "is no safetensors file: its header does not begin with {");
    *length = (size_t)stated;
    return RNL_OK;
}

/* Objects stand in the header and below it, lists in these: nothing else. Looked at before the JSON
 * is read, because a long list of {} would make a tree of 78 times its length. */
static rnl_status check_nesting(const unsigned char *header, size_t length)
{
    unsigned depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = header[i];
        if (in_text) {
            i += c == '\\'; /* what follows is no end of the text */
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            RNL_FAIL_IF(c == '{' ? depth > 1 : depth != 2, RNL_ERR_FORMAT,
                        "the header has a %c at byte %zu, where safetensors has none", c, i);
            depth++;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return RNL_OK;
}

/* In our words: jansson's are for programmers, and of the text that it is given here. */
static const char *reason_of(enum json_error_code code)
{
    switch (code) {
    case json_error_invalid_utf8: return "no valid UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "the character \\u0000 in a text";
    case json_error_duplicate_key: return "a key that stands there twice";
    case json_error_numeric_overflow: return "a number that is too large";
    default: return "something that JSON does not have there";
    }
}

static rnl_status fail_json(const json_error_t *error, size_t length, long long before)
{
    /* Some failed allocations leave jansson without a text. */
    RNL_FAIL_IF(json_error_code(error) == json_error_out_of_memory || !error->text[0],
                RNL_ERR_MEMORY, "no memory for a header of %zu bytes", length);
    const long long at = error->position - before;
    RNL_FAIL_IF(at > (long long)length, RNL_ERR_FORMAT,
                "the header is no valid JSON: it ends too early, or has a bracket too many");
    return rnl_fail(RNL_ERR_FORMAT, "the header is no valid JSON: %s at its byte %lld",
                    reason_of(json_error_code(error)), at);
}

/* jansson 2.14 loses a character, and says nothing, where its buffer for a token cannot grow. So the
 * header is read as [filler, header]: the filler is as long as any token of the header can be, and
 * once it has arrived whole the buffer grows no more. Where other allocations fail, jansson may
 * speak of an invalid token instead of memory: then we do, too. */
static rnl_status read_json(rnl_tensor_file *file, const unsigned char *header, size_t length)
{
    size_t before = length + 4;
    char *text = rnl_alloc(before + length + 1, 1);
    if (!text)
        return RNL_ERR_MEMORY;
    memset(text, 'x', before);
    memcpy(text, "[\"", 2);
    memcpy(text + before - 2, "\",", 2);
    memcpy(text + before, header, length);
    text[before + length] = ']';
    json_error_t error = {0}; /* jansson leaves the code unset where memory is short */
    json_t *both = json_loadb(text, before + length + 1, JSON_REJECT_DUPLICATES, &error);
    rnl_free(text);
    if (!both)
        return fail_json(&error, length, (long long)before);
    bool whole = json_string_length(json_array_get(both, 0)) == length;
    bool alone = json_array_size(both) == 2;
    file->json = json_incref(json_array_get(both, 1));
    json_decref(both);
    RNL_FAIL_IF(!whole, RNL_ERR_MEMORY, "no memory for a header of %zu bytes", length);
    RNL_FAIL_IF(!alone, RNL_ERR_FORMAT, "the header is no valid JSON: more follows its object");
    return RNL_OK;
}

static rnl_status read_metadata(rnl_tensor_file *file, json_t *metadata)
{
    RNL_FAIL_IF(!json_is_object(metadata), RNL_ERR_FORMAT, "%s in the header is no object of texts",
                metadata_key);
    file->notes = rnl_alloc(json_object_size(metadata), sizeof *file->notes);
    if (!file->notes)
        return RNL_ERR_MEMORY;
    const char *key;
    json_t *value;
    json_object_foreach(metadata, key, value)
    {
        RNL_FAIL_IF(!json_is_string(value), RNL_ERR_FORMAT,
                    "%s: the value of %s is no text in quotes", metadata_key,
                    rnl_show_name(key).text);
        file->notes[file->note_count++] = (rnl_tensor_note){key, json_string_value(value)};
    }
    return RNL_OK;
}

/* A whole number from 0 on; -1 stays for everything else. */
static json_int_t natural(const json_t *value)
{
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    return number >= 0 && (unsigned long long)number <= SIZE_MAX ? number : -1;
}

/* shape, and the bits of one number -> t->count, t->bytes; false where they do not fit a size_t, or
 * are no whole bytes. Counted by eight, as the bits may not fit where the bytes do. */
static bool measure(rnl_tensor *t, unsigned bits)
{
    t->count = 1;
    for (size_t i = 0; i < t->rank; i++)
        if (!rnl_mul_size(t->count, t->shape[i], &t->count))
            return false;
    size_t rest = t->count % 8 * bits;
    return rest % 8 == 0 && rnl_mul_size(t->count / 8, bits, &t->bytes) &&
           rnl_add_size(t->bytes, rest / 8, &t->bytes);
}

static rnl_status read_shape(rnl_tensor *t, size_t *shape, const json_t *list)
{
    t->shape = shape;
    t->rank = json_array_size(list);
    for (size_t i = 0; i < t->rank; i++) {
        json_int_t number = natural(json_array_get(list, i));
        RNL_FAIL_IF(number < 0, RNL_ERR_FORMAT,
                    "tensor %s: dimension %zu of its shape is no whole number from 0 on",
                    rnl_show_name(t->name).text, i);
        shape[i] = (size_t)number;
    }
    return RNL_OK;
}

static rnl_status find_dtype(rnl_tensor *t, const char *name, unsigned *bits)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (strcmp(dtypes[i].name, name) == 0) {
            t->dtype = dtypes[i].name;
            *bits = dtypes[i].bits;
            return RNL_OK;
        }
    return rnl_fail(RNL_ERR_UNSUPPORTED, "tensor %s is of the type %s, which is not known here",
                    rnl_show_name(t->name).text, rnl_show_name(name).text);
}

/* One member of the header. shapes: where its shape goes; data: [size]. */
static rnl_status read_tensor(rnl_tensor *t, size_t *shapes, const json_t *entry,
                              const unsigned char *data, size_t size)
{
    const json_t *dtype = json_object_get(entry, "dtype"), *shape = json_object_get(entry, "shape");
    const json_t *offsets = json_object_get(entry, "data_offsets");
    RNL_FAIL_IF(!json_is_string(dtype) || !json_is_array(shape) || json_array_size(offsets) != 2 ||
                    json_object_size(entry) != 3,
                RNL_ERR_FORMAT,
                "tensor %s: expected a dtype, a shape, two data_offsets and nothing else",
                rnl_show_name(t->name).text);
    unsigned bits = 0;
    RNL_TRY(find_dtype(t, json_string_value(dtype), &bits));
    RNL_TRY(read_shape(t, shapes, shape));
    json_int_t begin = natural(json_array_get(offsets, 0)),
               end = natural(json_array_get(offsets, 1));
    RNL_FAIL_IF(begin < 0 || end < begin, RNL_ERR_FORMAT,
                "tensor %s: its data_offsets are no two whole numbers from 0 on, in order",
                rnl_show_name(t->name).text);
    RNL_FAIL_IF((size_t)end > size, RNL_ERR_FORMAT,
                "tensor %s: its data should end at byte %zu, and the file has %zu: it is cut off, "
                "or its header lies",
                rnl_show_name(t->name).text, (size_t)end, size);
    RNL_FAIL_IF(!measure(t, bits), RNL_ERR_FORMAT,
                "tensor %s: the shape %s of %s is too large, or no whole bytes",
                rnl_show_name(t->name).text, rnl_show_shape(t->rank, t->shape).text, t->dtype);
    RNL_FAIL_IF((size_t)(end - begin) != t->bytes, RNL_ERR_FORMAT,
                "tensor %s: a shape %s of %s takes %zu bytes, and its data_offsets span %zu",
                rnl_show_name(t->name).text, rnl_show_shape(t->rank, t->shape).text, t->dtype,
                t->bytes, (size_t)(end - begin));
    t->data = data + begin;
    return RNL_OK;
}

static rnl_status read_tensors(rnl_tensor_file *file, const unsigned char *data, size_t size)
{
    size_t members = json_object_size(file->json), dimensions = 0, taken = 0;
    const char *key;
    json_t *entry;
    json_object_foreach(file->json, key, entry) dimensions +=
        json_array_size(json_object_get(entry, "shape"));
    file->tensors = rnl_alloc(members, sizeof *file->tensors);
    file->shapes = rnl_alloc(dimensions, sizeof *file->shapes);
    if (!file->tensors || !file->shapes)
        return RNL_ERR_MEMORY;
    json_object_foreach(file->json, key, entry)
    {
        if (strcmp(key, metadata_key) == 0) {
            RNL_TRY(read_metadata(file, entry));
            continue;
        }
        rnl_tensor *t = &file->tensors[file->count++];
        t->name = key;
        RNL_TRY(read_tensor(t, file->shapes + taken, entry, data, size));
        taken += t->rank;
    }
    return RNL_OK;
}

static int by_place(const void *a, const void *b)
{
    const rnl_tensor *s = a, *t = b;
    if (s->data != t->data)
        return s->data < t->data ? -1 : 1;
    if (s->bytes != t->bytes) /* empty ones first: they lie before what begins there */
        return s->bytes < t->bytes ? -1 : 1;
    return strcmp(s->name, t->name);
}

static rnl_status check_places(rnl_tensor_file *file, const unsigned char *data, size_t size)
{
    if (file->count)
        qsort(file->tensors, file->count, sizeof *file->tensors, by_place);
    size_t end = 0;
    for (size_t i = 0; i < file->count; i++) {
        const rnl_tensor *t = &file->tensors[i];
        size_t begin = (size_t)(t->data - data);
        RNL_FAIL_IF(begin != end, RNL_ERR_FORMAT,
                    "tensor %s begins at byte %zu of the data, and the one before it ends at %zu",
                    rnl_show_name(t->name).text, begin, end);
        end += t->bytes;
    }
    RNL_FAIL_IF(end != size, RNL_ERR_FORMAT,
                "the header speaks of %zu bytes of data, and the file has %zu", end, size);
    return RNL_OK;
}

rnl_status rnl_tensor_file_parse(rnl_tensor_file *file, const void *bytes, size_t size)
{
    *file = (rnl_tensor_file){0};
    size_t length = 0;
    RNL_TRY(find_header(bytes, size, &length));
    const unsigned char *header = (const unsigned char *)bytes + LENGTH_BYTES;
    const unsigned char *data = header + length;
    RNL_TRY(check_nesting(header, length));
    size -= LENGTH_BYTES + length;
    rnl_status status = read_json(file, header, length);
    if (status == RNL_OK)
        status = read_tensors(file, data, size);
    if (status == RNL_OK)
        status = check_places(file, data, size);
    if (status != RNL_OK)
        rnl_tensor_file_free(file);
    return status;
}

void rnl_tensor_file_free(rnl_tensor_file *file)
{
    rnl_free(file->tensors);
    rnl_free(file->notes);
    rnl_free(file->shapes);
    json_decref(file->json);
    *file = (rnl_tensor_file){0};
}

const rnl_tensor *rnl_tensor_find(const rnl_tensor_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}

const char *rnl_tensor_file_note(const rnl_tensor_file *file, const char *key)
{
    for (size_t i = 0; i < file->note_count; i++)
        if (strcmp(file->notes[i].key, key) == 0)
            return file->notes[i].value;
    return NULL;
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

/* Written out, so that compilers make one load of it. */
static uint16_t bits16(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}

static uint32_t bits32(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static double f32_of(uint32_t bits)
{
    float number;
    memcpy(&number, &bits, sizeof number);
    return (double)number;
}

static void read_f32(const unsigned char *from, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = f32_of(bits32(from + 4 * i));
}

static void read_f64(const unsigned char *from, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = (uint64_t)bits32(from + 8 * i + 4) << 32 | bits32(from + 8 * i);
        memcpy(&to[i], &bits, sizeof bits);
    }
}

/* The upper half of an f32. */
static void read_bf16(const unsigned char *from, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = f32_of((uint32_t)bits16(from + 2 * i) << 16);
}

/* 1 bit of sign, 5 of exponent, 10 of fraction:
 *   exponent 31       infinity where the fraction is 0, else NaN
 *   exponent 1 .. 30  (1 + fraction / 1024) 2^(exponent - 15)
 *   exponent 0        fraction / 1024 2^-14 */
static void read_f16(const unsigned char *from, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++) {
        int bits = bits16(from + 2 * i), exponent = bits >> 10 & 31, fraction = bits & 1023;
        double size = exponent == 31  ? (fraction ? NAN : INFINITY)
                      : exponent == 0 ? fraction * 0x1p-24
                                      : ldexp(1024 + fraction, exponent - 25);
        to[i] = bits & 0x8000 ? -size : size;
    }
}

static const struct {
    const char *dtype;
    size_t size;
    void (*read)(const unsigned char *from, size_t count, double *to);
} readers[] = {
    {"F32", 4, read_f32}, {"F64", 8, read_f64}, {"F16", 2, read_f16}, {"BF16", 2, read_bf16}};

enum { READERS = sizeof readers / sizeof *readers };

static size_t reader_of(const rnl_tensor *tensor)
{
    size_t i = 0;
    while (i < READERS && strcmp(tensor->dtype, readers[i].dtype) != 0)
        i++;
    return i;
}

bool rnl_tensor_readable(const rnl_tensor *tensor)
{
    return reader_of(tensor) < READERS;
}

void rnl_tensor_read(const rnl_tensor *tensor, size_t first, size_t count, double *numbers)
{
    size_t r = reader_of(tensor);
    readers[r].read(tensor->data + first * readers[r].size, count, numbers);
}

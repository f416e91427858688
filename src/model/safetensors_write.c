/* safetensors_write.c - writing: the same content makes the same bytes */
#include "model/safetensors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, HEADER_LIMIT = 100000000, ALIGNMENT = 8, NUMBERS_AT_ONCE = 512 };

static void little_endian(unsigned char *bytes, uint64_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
}

static rnl_status no_memory(void)
{
    return rnl_fail(RNL_ERR_MEMORY, "no memory for the header of a model file");
}

/* text as JSON; what says whose it is. */
static rnl_status make_text(json_t **json, const char *text, const char *what, const char *name)
{
    json_error_t error = {0}; /* jansson leaves the code unset where memory is short */
    *json = json_pack_ex(&error, 0, "s", text);
    if (*json)
        return RNL_OK;
    RNL_FAIL_IF(json_error_code(&error) == json_error_invalid_utf8, RNL_ERR_USAGE,
                "the %s %s cannot be saved: it is no valid UTF-8", what, rnl_show_name(name).text);
    return no_memory();
}

/* object[key] = value, which is taken over, also on failure. */
static rnl_status put(json_t *object, const char *key, json_t *value, const char *what)
{
    if (json_object_get(object, key)) {
        json_decref(value);
        return rnl_fail(RNL_ERR_USAGE, "the %s %s is there twice", what, rnl_show_name(key).text);
    }
    json_t *key_text;
    rnl_status status = make_text(&key_text, key, what, key);
    json_decref(key_text);
    if (status != RNL_OK)
        json_decref(value);
    else if (json_object_set_new(object, key, value) != 0)
        status = no_memory();
    return status;
}

static int by_key(const void *a, const void *b)
{
    const rnl_tensor_note *m = a, *n = b;
    return strcmp(m->key, n->key);
}

static rnl_status put_sorted_notes(json_t *metadata, const rnl_tensor_note *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_t *value;
        RNL_TRY(make_text(&value, notes[i].value, "value of the note", notes[i].key));
        RNL_TRY(put(metadata, notes[i].key, value, "note"));
    }
    return RNL_OK;
}

static rnl_status put_notes(json_t *header, const rnl_tensor_note *notes, size_t count)
{
    rnl_tensor_note *sorted = rnl_alloc(count, sizeof *sorted);
    if (!sorted)
        return RNL_ERR_MEMORY;
    memcpy(sorted, notes, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_key);
    json_t *metadata = json_object();
    rnl_status status = metadata ? put_sorted_notes(metadata, sorted, count) : no_memory();
    rnl_free(sorted);
    if (status != RNL_OK)
        json_decref(metadata);
    else
        status = put(header, "__metadata__", metadata, "tensor");
    return status;
}

static rnl_status put_tensor(json_t *header, const rnl_tensor *t, size_t begin)
{
    json_t *shape = json_array();
    for (size_t i = 0; shape && i < t->rank; i++)
        if (json_array_append_new(shape, json_integer((json_int_t)t->shape[i])) != 0) {
            json_decref(shape);
            shape = NULL;
        }
    if (!shape)
        return no_memory();
    json_t *entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", t->dtype, "shape", shape,
                              "data_offsets", (json_int_t)begin, (json_int_t)(begin + t->bytes));
    return entry ? put(header, t->name, entry, "tensor") : no_memory();
}

static rnl_status put_all(json_t *header, const rnl_tensor *tensors, size_t count,
                          const rnl_tensor_note *notes, size_t note_count)
{
    size_t begin = 0;
    if (note_count)
        RNL_TRY(put_notes(header, notes, note_count));
    for (size_t i = 0; i < count; i++) {
        RNL_TRY(put_tensor(header, &tensors[i], begin));
        begin += tensors[i].bytes;
    }
    return RNL_OK;
}

/* The length, the text, blanks up to a multiple of ALIGNMENT. */
static rnl_status write_header(rnl_output *out, const json_t *header)
{
    size_t length = json_dumpb(header, NULL, 0, JSON_COMPACT);
    if (length == 0)
        return no_memory();
    size_t padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    RNL_FAIL_IF(padded > HEADER_LIMIT, RNL_ERR_USAGE,
                "the names and notes take %zu bytes, and a safetensors file holds %d", padded,
                HEADER_LIMIT);
    unsigned char *text = rnl_alloc(LENGTH_BYTES + padded, 1);
    if (!text)
        return RNL_ERR_MEMORY;
    little_endian(text, padded, LENGTH_BYTES);
    memset(text + LENGTH_BYTES + length, ' ', padded - length);
    rnl_status status = RNL_OK;
    if (json_dumpb(header, (char *)text + LENGTH_BYTES, length, JSON_COMPACT) != length)
        status = no_memory();
    else
        status = rnl_output_write(out, text, LENGTH_BYTES + padded);
    rnl_free(text);
    return status;
}

rnl_status rnl_tensor_write_header(rnl_output *out, const rnl_tensor *tensors, size_t count,
                                   const rnl_tensor_note *notes, size_t note_count)
{
    json_t *header = json_object();
    rnl_status status = header ? put_all(header, tensors, count, notes, note_count) : no_memory();
    if (status == RNL_OK)
        status = write_header(out, header);
    json_decref(header);
    return status;
}

rnl_status rnl_tensor_write(rnl_output *out, rnl_dtype dtype, const double *numbers, size_t count)
{
    unsigned char bytes[NUMBERS_AT_ONCE * 8];
    while (count > 0) {
        size_t n = count < NUMBERS_AT_ONCE ? count : NUMBERS_AT_ONCE;
        for (size_t i = 0; i < n; i++) {
            float rounded = (float)numbers[i];
            uint32_t bits32;
            uint64_t bits64;
            memcpy(&bits32, &rounded, sizeof bits32);
            memcpy(&bits64, &numbers[i], sizeof bits64);
            if (dtype == RNL_F64)
                little_endian(bytes + 8 * i, bits64, 8);
            else
                little_endian(bytes + 4 * i, bits32, 4);
        }
        RNL_TRY(rnl_output_write(out, bytes, n * (dtype == RNL_F64 ? 8 : 4)));
        numbers += n;
        count -= n;
    }
    return RNL_OK;
}

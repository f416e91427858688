/* blob.h - safetensors files in memory, made by hand */
#ifndef RNL_TESTS_MODEL_BLOB_H
#define RNL_TESTS_MODEL_BLOB_H

#include "model/safetensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A file of its own size on the heap, so that a sanitizer sees every byte read beyond it. */
typedef struct blob {
    unsigned char *bytes;
    size_t size;
} blob;

static inline blob make_blob(uint64_t length, const char *header, const void *data,
                             size_t data_size)
{
    size_t n = strlen(header);
    blob b = {malloc(8 + n + data_size), 8 + n + data_size};
    assert_non_null(b.bytes);
    for (unsigned i = 0; i < 8; i++)
        b.bytes[i] = (unsigned char)(length >> 8 * i);
    memcpy(b.bytes + 8, header, n);
    if (data)
        memcpy(b.bytes + 8 + n, data, data_size);
    else
        memset(b.bytes + 8 + n, 0, data_size);
    return b;
}

static inline blob cut_blob(blob whole, size_t size)
{
    blob b = {malloc(size ? size : 1), size};
    assert_non_null(b.bytes);
    memcpy(b.bytes, whole.bytes, size);
    return b;
}

static inline rnl_status parse(rnl_tensor_file *file, blob b)
{
    return rnl_tensor_file_parse(file, b.bytes, b.size);
}

static inline void expect_text(const char *words)
{
    if (!strstr(rnl_error_text(), words))
        fail_msg("\"%s\" lacks \"%s\"", rnl_error_text(), words);
}

static inline void expect_tensor(const rnl_tensor *t, const char *name, const char *dtype,
                                 size_t rank, size_t count, size_t bytes)
{
    assert_string_equal(t->name, name);
    assert_string_equal(t->dtype, dtype);
    assert_int_equal(t->rank, rank);
    assert_int_equal(t->count, count);
    assert_int_equal(t->bytes, bytes);
}

/* Out of order, with a number on its own, an empty tensor, texts, blanks at the end. */
static const char known_header[] =
    "{\"b\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[12,28]},"
    "\"__metadata__\":{\"format\":\"pt\",\"who\":\"\\u00fc \\\"{[\\\\ \"},"
    "\"a\":{\"data_offsets\":[0,12],\"shape\":[3],\"dtype\":\"F32\"},"
    "\"none\":{\"dtype\":\"I64\",\"shape\":[2,0,3],\"data_offsets\":[12,12]},"
    "\"one\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[28,30]}}   ";
static const unsigned char known_data[30] = {
    0, 0,    0x80, 0x3f, 0, 0, 0, 0xc0, 1, 0, 0, 0,                   /* a: 1, -2, 2^-149 */
    0, 0,    0,    0,    0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0x24, 0x40, /* b: -0, 10 */
    0, 0x41,                                                          /* one: 8 */
};

static inline blob known_blob(void)
{
    return make_blob(sizeof known_header - 1, known_header, known_data, sizeof known_data);
}

#endif

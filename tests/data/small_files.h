/* small_files.h - files of numpy's formats, made in memory */
#ifndef RNL_TESTS_DATA_SMALL_FILES_H
#define RNL_TESTS_DATA_SMALL_FILES_H

#include "in_use.h"

#ifdef RNL_HAVE_ZLIB
#include <zlib.h>
#endif

typedef struct file {
    uint8_t bytes[1024];
    size_t size;
} file;

static inline void add(file *f, const void *bytes, size_t size)
{
    assert_true(size <= sizeof f->bytes - f->size);
    memcpy(f->bytes + f->size, bytes, size);
    f->size += size;
}

static inline void add_number(file *f, uint64_t number, size_t size)
{
    for (size_t k = 0; k < size; k++, number >>= 8)
        add(f, &(uint8_t){(uint8_t)number}, 1);
}

/* order: "False" for rows, "True" for columns. */
static inline void add_npy_in_order(file *f, const char *descr, const char *order,
                                    const char *shape, const void *data, size_t size)
{
    char header[200];
    const int length =
        snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n",
                 descr, order, shape);
    add(f, "\x93NUMPY\1\0", 8);
    add_number(f, (uint64_t)length, 2);
    add(f, header, (size_t)length);
    add(f, data, size);
}

static inline void add_npy(file *f, const char *descr, const char *shape, const void *data,
                           size_t size)
{
    add_npy_in_order(f, descr, "False", shape, data, size);
}

/* ---- zip ------------------------------------------------------------------------------------------------- */

#ifdef RNL_HAVE_ZLIB

typedef struct entry {
    const char *name;
    file content;
    size_t claim; /* what the list says of its size, more than there is */
} entry;

static inline size_t deflated(const file *content, uint8_t *to, size_t room)
{
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)content->bytes,
                  .avail_in = (uInt)content->size};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static inline file zip_file(const entry *entries, size_t count, int method)
{
    file zip = {.size = 0}, list = {.size = 0};
    for (size_t k = 0; k < count; k++) {
        const entry *e = entries + k;
        uint8_t packed[1024];
        size_t size = e->content.size;
        memcpy(packed, e->content.bytes, size);
        if (method == 8)
            size = deflated(&e->content, packed, sizeof packed);
        const uint64_t crc = crc32(0, e->content.bytes, (uInt)e->content.size), local = zip.size;
        add(&zip, "PK\3\4", 4);
        add_number(&zip, 0, 22); /* the list is believed */
        add_number(&zip, strlen(e->name), 4);
        add(&zip, e->name, strlen(e->name));
        add(&zip, packed, size);
        add(&list, "PK\1\2", 4);
        add_number(&list, 0, 6);
        add_number(&list, (uint64_t)method, 2);
        add_number(&list, 0, 4);
        add_number(&list, crc, 4);
        add_number(&list, size, 4);
        add_number(&list, e->content.size + e->claim, 4);
        add_number(&list, strlen(e->name), 8);
        add_number(&list, 0, 6);
        add_number(&list, local, 4);
        add(&list, e->name, strlen(e->name));
    }
    const size_t at = zip.size;
    add(&zip, list.bytes, list.size);
    add(&zip, "PK\5\6", 4);
    add_number(&zip, 0, 4);
    add_number(&zip, count << 16 | count, 4);
    add_number(&zip, list.size, 4);
    add_number(&zip, at, 4);
    add_number(&zip, 0, 2);
    return zip;
}

#endif

#endif

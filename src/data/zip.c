/* zip.c - the files in a zip archive
 *
 *   archive = { local data } { record } [ end64 locator ] end          (PKWARE's APPNOTE)
 *   local   = "PK\3\4" ... u16 name-length @26, u16 extra-length @28, name, extra      30 bytes and more
 *   record  = "PK\1\2" ... u16 flags @8, method @10, u32 crc @16, packed @20, size @24,
 *             u16 name-length @28, extra-length @30, comment-length @32, u32 local @42, name @46, extra, comment
 *   end64   = "PK\6\6" ... u64 records @32, size of the records @40, where they begin @48
 *   locator = "PK\6\7" ... u64 where end64 lies @8                         20 bytes
 *   end     = "PK\5\6" ... u16 records @10, u32 size of the records @12, where they begin @16, u16 comment @20
 *   extra   = { u16 id, u16 length, data }      id 1: u64 for each of size, packed, local that is FFFFFFFF
 *
 * Little-endian. Method 0 is stored, 8 deflated; others and encrypted files are refused when they are read. The
 * records are believed, the local headers are asked for nothing but how long they are. */
#include "data/zip.h"

#include "data/stream.h"

#include <string.h>

#ifdef RNL_HAVE_ZLIB
#include <zlib.h>

enum { END = 22, LOCATOR = 20, END64 = 56, RECORD = 46, LOCAL = 30, COMMENT_MAX = 65535 };

static size_t u16_at(const uint8_t *p)
{
    return p[0] | (size_t)p[1] << 8;
}

static uint32_t u32_at(const uint8_t *p)
{
    return (uint32_t)u16_at(p) | (uint32_t)u16_at(p + 2) << 16;
}

static uint64_t u64_at(const uint8_t *p)
{
    return u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
}

/* `size` bytes at `at` that begin with "PK" and the two bytes of mark; NULL where there are none. */
static const uint8_t *find(const rnl_input *input, uint64_t at, size_t size, const char *mark)
{
    if (at > input->size || size > input->size - at)
        return NULL;
    const uint8_t *p = input->bytes + at;
    return p[0] == 'P' && p[1] == 'K' && memcmp(p + 2, mark, 2) == 0 ? p : NULL;
}

/* The last end record; a comment may follow it. */
static const uint8_t *find_end(const rnl_input *input)
{
    for (size_t back = END; back <= input->size && back <= END + COMMENT_MAX; back++) {
        const uint8_t *p = find(input, input->size - back, END, "\5\6");
        if (p && u16_at(p + 20) == back - END)
            return p;
    }
    return NULL;
}

static rnl_status damaged(const rnl_input *input, const char *what)
{
    return rnl_fail(RNL_ERR_FORMAT, "%s: a damaged or cut off zip archive: %s", input->name, what);
}

rnl_status rnl_zip_open(rnl_zip *zip, const rnl_input *input)
{
    *zip = (rnl_zip){.input = input};
    const uint8_t *end = find_end(input);
    if (!end)
        return damaged(input, "it has no end record");
    uint64_t count = u16_at(end + 10), size = u32_at(end + 12), at = u32_at(end + 16);
    const size_t end_at = (size_t)(end - input->bytes);
    const uint8_t *locator =
        end_at >= LOCATOR ? find(input, end_at - LOCATOR, LOCATOR, "\6\7") : NULL;
    if (locator) {
        const uint8_t *end64 = find(input, u64_at(locator + 8), END64, "\6\6");
        if (!end64)
            return damaged(input, "its 64-bit end record is not where it should be");
        count = u64_at(end64 + 32);
        size = u64_at(end64 + 40);
        at = u64_at(end64 + 48);
    }
    if (at > end_at || size > end_at - at || count > size / RECORD)
        return damaged(input, "the list of its files does not lie inside it");
    zip->count = (size_t)count;
    zip->at = (size_t)at;
    zip->end = (size_t)(at + size);
    return RNL_OK;
}

/* What the record's 32 bits had no room for. */
static bool read_extra(const uint8_t *extra, size_t length, uint64_t *const wide[3])
{
    while (length >= 4) {
        const size_t id = u16_at(extra), size = u16_at(extra + 2);
        if (size > length - 4)
            return false;
        if (id == 1) {
            const uint8_t *p = extra + 4, *end = p + size;
            for (size_t k = 0; k < 3; k++) {
                if (*wide[k] != UINT32_MAX)
                    continue;
                if (end - p < 8)
                    return false;
                *wide[k] = u64_at(p);
                p += 8;
            }
            return true;
        }
        extra += 4 + size;
        length -= 4 + size;
    }
    return true;
}

rnl_status rnl_zip_next(rnl_zip *zip, rnl_zip_entry *entry, bool *got)
{
    const rnl_input *input = zip->input;
    *got = false;
    if (zip->seen == zip->count)
        return RNL_OK;
    const uint8_t *p = zip->at <= zip->end && zip->end - zip->at >= RECORD
                           ? find(input, zip->at, RECORD, "\1\2")
                           : NULL;
    if (!p)
        return damaged(input, "the list of its files ends too early");
    const size_t name = u16_at(p + 28), extra = u16_at(p + 30), comment = u16_at(p + 32);
    if (name + extra + comment > zip->end - zip->at - RECORD)
        return damaged(input, "the list of its files ends inside an entry");
    uint64_t packed = u32_at(p + 20), size = u32_at(p + 24), local = u32_at(p + 42);
    uint64_t *const wide[] = {&size, &packed, &local};
    if (!read_extra(p + RECORD + name, extra, wide))
        return damaged(input, "an entry's extra field is cut off");
    if (packed > input->size || local > input->size || size > SIZE_MAX / 16)
        return damaged(input, "an entry says more bytes than the archive has");
    *entry = (rnl_zip_entry){.name = (const char *)p + RECORD,
                             .name_length = name,
                             .method = (unsigned)u16_at(p + 10),
                             .encrypted = u16_at(p + 8) & 1,
                             .crc = u32_at(p + 16),
                             .packed = (size_t)packed,
                             .size = (size_t)size,
                             .local = (size_t)local};
    entry->deflated = entry->method == 8;
    zip->at += RECORD + name + extra + comment;
    zip->seen++;
    *got = true;
    return RNL_OK;
}

static rnl_status check_crc(const rnl_zip_entry *entry, const rnl_input *file)
{
    uLong crc = 0;
    for (size_t at = 0; at < file->size;) {
        const size_t left = file->size - at, some = left < 1 << 30 ? left : 1 << 30;
        crc = crc32(crc, file->bytes + at, (uInt)some);
        at += some;
    }
    RNL_FAIL_IF((uint32_t)crc != entry->crc, RNL_ERR_FORMAT,
                "%s: damaged: its checksum is %08lX, expected %08lX", file->name, crc,
                (unsigned long)entry->crc);
    return RNL_OK;
}

static rnl_status inflate_all(const rnl_zip_entry *entry, const rnl_input *packed, void **block)
{
    rnl_stream stream;
    size_t got = 0, more = 0;
    uint8_t one;
    rnl_status status = rnl_stream_open_deflated(&stream, packed);
    if (status == RNL_OK)
        status = rnl_stream_read_growing(&stream, entry->size, block, &got);
    if (status == RNL_OK && got == entry->size) /* one more, to see the end */
        status = rnl_stream_read(&stream, &one, 1, &more);
    rnl_stream_close(&stream);
    RNL_TRY(status);
    RNL_FAIL_IF(got < entry->size || more > 0, RNL_ERR_FORMAT,
                "%s: the archive says %zu bytes, but %s came out of the compressed data",
                packed->name, entry->size, more > 0 ? "more" : "fewer");
    return RNL_OK;
}

rnl_status rnl_zip_read(const rnl_zip *zip, const rnl_zip_entry *entry, const char *name,
                        rnl_input *file, void **block)
{
    const rnl_input *input = zip->input;
    *file = (rnl_input){.name = name};
    *block = NULL;
    RNL_FAIL_IF(entry->encrypted, RNL_ERR_UNSUPPORTED, "%s is encrypted", name);
    RNL_FAIL_IF(entry->method != 0 && !entry->deflated, RNL_ERR_UNSUPPORTED,
                "%s is compressed with method %u, expected 0 (stored) or 8 (deflated)", name,
                entry->method);
    const uint8_t *local = find(input, entry->local, LOCAL, "\3\4");
    if (!local)
        return damaged(input, "a file is not where the list of files says");
    const size_t front = LOCAL + u16_at(local + 26) + u16_at(local + 28);
    if (front > input->size - entry->local || entry->packed > input->size - entry->local - front)
        return damaged(input, "a file goes on behind its end");
    file->bytes = local + front;
    file->size = entry->packed;
    if (entry->deflated) {
        const rnl_input packed = {.name = name, .bytes = file->bytes, .size = file->size};
        RNL_TRY(inflate_all(entry, &packed, block));
        file->bytes = *block;
        file->size = entry->size;
    }
    RNL_FAIL_IF(file->size != entry->size || file->size == 0, RNL_ERR_FORMAT,
                "%s: the archive says %zu bytes, but stores %zu", name, entry->size, file->size);
    return check_crc(entry, file);
}

#else

rnl_status rnl_zip_open(rnl_zip *zip, const rnl_input *input)
{
    *zip = (rnl_zip){.input = input};
    return rnl_fail(RNL_ERR_UNSUPPORTED,
                    "%s is a zip archive, and this build has no zlib: save .npy files instead",
                    input->name);
}

rnl_status rnl_zip_next(rnl_zip *zip, rnl_zip_entry *entry, bool *got)
{
    (void)zip;
    (void)entry;
    *got = false;
    return RNL_OK;
}

rnl_status rnl_zip_read(const rnl_zip *zip, const rnl_zip_entry *entry, const char *name,
                        rnl_input *file, void **block)
{
    (void)zip;
    (void)entry;
    *file = (rnl_input){.name = name};
    *block = NULL;
    return RNL_ERR_UNSUPPORTED;
}

#endif

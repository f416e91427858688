/* unpack.c - gzip to plain bytes (RFC 1952; several members in a row are one file) and SHA-256 */
#define ZLIB_CONST
#include "unpack.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BUFFER = 1 << 16 };

struct cli_unpack {
    const cli_fetch_file *file;
    FILE *plain, *raw;
    bool packed, member_done, write_failed;
    z_stream z;
    EVP_MD_CTX *digest;
    uint64_t taken, made; /* bytes fed, plain bytes */
    char reason[200];
    unsigned char buffer[BUFFER];
};

static bool wrong(cli_unpack *u, const char *reason)
{
    if (!u->reason[0])
        snprintf(u->reason, sizeof u->reason, "%s", reason);
    return false;
}

cli_unpack *cli_unpack_new(const cli_fetch_file *file, bool packed, FILE *plain, FILE *raw)
{
    cli_unpack *u = cli_alloc(1, sizeof *u);
    *u = (cli_unpack){.file = file, .packed = packed, .plain = plain, .raw = raw};
    u->digest = EVP_MD_CTX_new();
    if (!u->digest || !EVP_DigestInit_ex(u->digest, EVP_sha256(), NULL))
        wrong(u, "SHA-256 is not available");
    if (packed && inflateInit2(&u->z, 15 + 16) != Z_OK) /* 16: gzip and nothing else */
        wrong(u, "out of memory");
    return u;
}

void cli_unpack_free(cli_unpack **u)
{
    if (!*u)
        return;
    EVP_MD_CTX_free((*u)->digest);
    if ((*u)->packed)
        inflateEnd(&(*u)->z);
    free(*u);
    *u = NULL;
}

static bool write_to(cli_unpack *u, FILE *f, const void *bytes, size_t n)
{
    if (!f || fwrite(bytes, 1, n, f) == n)
        return true;
    u->write_failed = true;
    return wrong(u, strerror(errno));
}

static bool take_plain(cli_unpack *u, const void *bytes, size_t n)
{
    u->made += n;
    if (u->made > u->file->bytes)
        return wrong(u, "it is too long");
    EVP_DigestUpdate(u->digest, bytes, n);
    return write_to(u, u->plain, bytes, n);
}

static bool take_packed(cli_unpack *u, const void *bytes, size_t n)
{
    u->z.next_in = bytes;
    u->z.avail_in = (uInt)n;
    for (;;) {
        if (u->member_done) {
            if (u->z.avail_in == 0)
                return true;
            inflateReset(&u->z);
            u->member_done = false;
        }
        u->z.next_out = u->buffer;
        u->z.avail_out = BUFFER;
        int status = inflate(&u->z, Z_NO_FLUSH);
        if (status == Z_BUF_ERROR) /* nothing left to do with what came so far */
            return true;
        if (status != Z_OK && status != Z_STREAM_END)
            return wrong(u,
                         u->made == 0 ? "it is not gzip-compressed" : "its gzip stream is damaged");
        if (!take_plain(u, u->buffer, BUFFER - u->z.avail_out))
            return false;
        u->member_done = status == Z_STREAM_END;
    }
}

bool cli_unpack_feed(cli_unpack *u, const void *bytes, size_t n)
{
    const char *at = bytes;
    if (u->reason[0])
        return false;
    u->taken += n;
    if (u->packed && u->taken > u->file->gz_bytes_most)
        return wrong(u, "it is too long");
    if (!write_to(u, u->raw, bytes, n))
        return false;
    for (; n > 0;) { /* zlib counts in unsigned int */
        size_t part = n < BUFFER ? n : BUFFER;
        if (!(u->packed ? take_packed(u, at, part) : take_plain(u, at, part)))
            return false;
        at += part;
        n -= part;
    }
    return true;
}

bool cli_unpack_finish(cli_unpack *u)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    char text[2 * EVP_MAX_MD_SIZE + 1] = "";
    unsigned int n = 0;
    if (u->reason[0])
        return false;
    if (u->taken == 0)
        return wrong(u, "it is empty");
    if (u->packed && !u->member_done)
        return wrong(u, "it ends too early");
    if (u->made < u->file->bytes)
        return wrong(u, u->packed ? "it is shorter than it should be" : "it ends too early");
    EVP_DigestFinal_ex(u->digest, hash, &n);
    for (unsigned int i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    if (strcmp(text, u->file->sha256) != 0)
        return wrong(u, "its SHA-256 digest is not that of the original");
    return true;
}

const char *cli_unpack_reason(const cli_unpack *u)
{
    return u->reason;
}

bool cli_unpack_write_failed(const cli_unpack *u)
{
    return u->write_failed;
}

uint64_t cli_unpack_taken(const cli_unpack *u)
{
    return u->taken;
}

bool cli_unpack_check(const cli_fetch_file *file, bool packed, const char *path,
                      const char **reason)
{
    static char why[200];
    unsigned char buffer[4096];
    *reason = NULL;
    FILE *f = fopen(path, "rb");
    if (!f && errno == ENOENT)
        return false;
    *reason = why;
    if (!f) {
        snprintf(why, sizeof why, "it cannot be read: %s", strerror(errno));
        return false;
    }
    cli_unpack *u = cli_unpack_new(file, packed, NULL, NULL);
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0 && cli_unpack_feed(u, buffer, n))
        continue;
    if (ferror(f))
        wrong(u, "it cannot be read");
    fclose(f);
    bool right = cli_unpack_finish(u);
    snprintf(why, sizeof why, "%s", u->reason);
    cli_unpack_free(&u);
    return right;
}

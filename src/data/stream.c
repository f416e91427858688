/* stream.c - an input from front to back, decompressed on the way where it begins like gzip
 *
 *   file    = member { member }         concatenated members are one stream (RFC 1952)
 *   member  = 1F 8B header deflated-data CRC-32 length-mod-2^32
 *
 * zlib checks the CRC and the length of each member. Nothing but members may follow. What of the file has come
 * and zlib has not seen is the window: of a file all that is left, of a pipe what the last read brought. */
#include "data/stream.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static rnl_status read_plain(rnl_stream *s, void *to, size_t n, size_t *got)
{
    size_t left = s->input->size - s->at;
    *got = n < left ? n : left;
    if (*got > 0)
        memcpy(to, s->input->bytes + s->at, *got);
    s->at += *got;
    return RNL_OK;
}

#ifdef RNL_HAVE_ZLIB
#include <zlib.h>

enum { MOST = 1 << 30 }; /* zlib counts in 32 bits */

typedef struct gzip {
    z_stream z;
    bool bare;    /* deflated data without gzip's frame: one member, no CRC */
    bool between; /* a member is whole and verified, and nothing of the next has been seen */
    bool ended;   /* the last member is */
    /* of a pipe */
    int fd; /* or -1 */
    bool closed;
    size_t before;    /* bytes that came before the window */
    uint8_t *block;   /* that the window lies in */
    rnl_input window; /* stands for the file */
} gzip;

static void *zlib_alloc(void *opaque, unsigned count, unsigned size)
{
    (void)opaque;
    return rnl_alloc(count, size);
}

static void zlib_free(void *opaque, void *block)
{
    (void)opaque;
    rnl_free(block);
}

static rnl_status open_gzip(rnl_stream *s, bool bare)
{
    gzip *g = s->gzip = rnl_alloc(1, sizeof *g);
    if (!g)
        return RNL_ERR_MEMORY;
    g->z.zalloc = zlib_alloc;
    g->z.zfree = zlib_free;
    g->z.next_in = (z_const Bytef *)(uintptr_t)s->input->bytes;
    g->bare = bare;
    g->fd = -1;
    if (inflateInit2(&g->z, bare ? -15 : 15 + 16) !=
        Z_OK) { /* the largest window; not zlib's frame */
        rnl_free(g);
        s->gzip = NULL;
        return rnl_fail(RNL_ERR_MEMORY, "%s: no memory for the decompression", s->input->name);
    }
    return RNL_OK;
}

/* What of the file zlib has not seen yet. */
static size_t input_left(const rnl_stream *s, const z_stream *z)
{
    return s->input->size - (size_t)(z->next_in - s->input->bytes);
}

/* The next window of a pipe, once this one is used up. */
static rnl_status refill(gzip *g)
{
    ssize_t n;
    do
        n = read(g->fd, g->block, RNL_STREAM_WINDOW);
    while (n < 0 && errno == EINTR);
    RNL_FAIL_IF(n < 0, RNL_ERR_IO, "%s: %s", g->window.name, strerror(errno));
    g->closed = n == 0;
    g->before += g->window.size;
    g->window.size = (size_t)n;
    g->z.next_in = g->block;
    return RNL_OK;
}

/* One call of inflate, which gets on or fails; sets g->ended after the last member. */
static rnl_status inflate_some(const rnl_stream *s, gzip *g)
{
    z_stream *z = &g->z;
    if (g->fd >= 0 && !g->closed && input_left(s, z) == 0)
        RNL_TRY(refill(g));
    size_t left = input_left(s, z);
    g->ended = g->between && left == 0;
    if (g->ended)
        return RNL_OK;
    g->between = false;
    z->avail_in = left < MOST ? (uInt)left : MOST;
    int result = inflate(z, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
        left = input_left(s, z);
        RNL_FAIL_IF(g->bare && left > 0, RNL_ERR_FORMAT,
                    "%s: %zu bytes follow the end of the compressed data", s->input->name, left);
        inflateReset(z); /* on to the next member, if there is one */
        g->between = true;
        return RNL_OK;
    }
    RNL_FAIL_IF(result == Z_MEM_ERROR, RNL_ERR_MEMORY, "%s: no memory for the decompression",
                s->input->name);
    RNL_FAIL_IF(result == Z_BUF_ERROR, RNL_ERR_FORMAT,
                "%s: the compressed data are cut off: the file ends after %zu bytes",
                s->input->name, g->before + s->input->size);
    RNL_FAIL_IF(result != Z_OK, RNL_ERR_FORMAT,
                "%s: the compressed data are damaged at or before byte %zu: %s", s->input->name,
                g->before + s->input->size - input_left(s, z),
                z->msg ? z->msg : "no compressed data");
    return RNL_OK;
}

static rnl_status read_gzip(rnl_stream *s, void *to, size_t n, size_t *got)
{
    gzip *g = s->gzip;
    for (*got = 0; *got < n && !g->ended;) {
        size_t want = n - *got < MOST ? n - *got : MOST;
        g->z.next_out = (Bytef *)to + *got;
        g->z.avail_out = (uInt)want;
        rnl_status status = inflate_some(s, g);
        *got += want - g->z.avail_out;
        RNL_TRY(status);
    }
    s->at += *got;
    return RNL_OK;
}

rnl_status rnl_stream_read_some(rnl_stream *s, void *to, size_t n, size_t *got)
{
    gzip *g = s->gzip;
    for (*got = 0; *got == 0 && !g->ended;) {
        const size_t want = n < MOST ? n : MOST;
        g->z.next_out = to;
        g->z.avail_out = (uInt)want;
        RNL_TRY(inflate_some(s, g));
        *got = want - g->z.avail_out;
    }
    s->at += *got;
    return RNL_OK;
}

rnl_status rnl_stream_open_fd(rnl_stream *s, int fd, const char *name, const void *front, size_t n)
{
    rnl_input window = {.name = name, .size = n};
    uint8_t *block = rnl_alloc(RNL_STREAM_WINDOW, 1);
    if (!block)
        return rnl_fail_prefix(RNL_ERR_MEMORY, name);
    memcpy(block, front, n);
    window.bytes = block;
    *s = (rnl_stream){.input = &window};
    const rnl_status status = open_gzip(s, false);
    if (status != RNL_OK) {
        rnl_free(block);
        *s = (rnl_stream){0};
        return status;
    }
    gzip *g = s->gzip;
    g->fd = fd;
    g->block = block;
    g->window = window;
    s->input = &g->window;
    return RNL_OK;
}

static void close_gzip(rnl_stream *s)
{
    gzip *g = s->gzip;
    inflateEnd(&g->z);
    rnl_free(g->block);
    rnl_free(g);
}

#else

rnl_status rnl_stream_read_some(rnl_stream *s, void *to, size_t n, size_t *got)
{
    return rnl_stream_read(s, to, n, got);
}

rnl_status rnl_stream_open_fd(rnl_stream *s, int fd, const char *name, const void *front, size_t n)
{
    const rnl_input input = {.name = name, .bytes = front, .size = n};
    (void)fd;
    const rnl_status status = rnl_stream_open(s, &input); /* fails: it is compressed */
    *s = (rnl_stream){0};
    return status;
}

static rnl_status open_gzip(rnl_stream *s, bool bare)
{
    (void)bare;
    return rnl_fail(RNL_ERR_UNSUPPORTED,
                    "%s is compressed, and this build has no zlib: decompress it first",
                    s->input->name);
}

static rnl_status read_gzip(rnl_stream *s, void *to, size_t n, size_t *got)
{
    return read_plain(s, to, n, got);
}

static void close_gzip(rnl_stream *s)
{
    (void)s;
}

#endif

rnl_status rnl_stream_open(rnl_stream *s, const rnl_input *input)
{
    *s = (rnl_stream){.input = input};
    return rnl_input_is_gzip(input) ? open_gzip(s, false) : RNL_OK;
}

rnl_status rnl_stream_open_deflated(rnl_stream *s, const rnl_input *input)
{
    *s = (rnl_stream){.input = input};
    return open_gzip(s, true);
}

rnl_status rnl_stream_read(rnl_stream *s, void *to, size_t n, size_t *got)
{
    return s->gzip ? read_gzip(s, to, n, got) : read_plain(s, to, n, got);
}

rnl_status rnl_stream_read_growing(rnl_stream *s, size_t n, void **block, size_t *got)
{
    size_t room = 8 * s->input->size + 4096; /* MNIST's images shrink to a fifth */
    for (*got = 0; *got < n;) {
        room = room < n ? room : n;
        void *larger = rnl_alloc(room, 1);
        if (!larger)
            return rnl_fail_prefix(RNL_ERR_MEMORY, s->input->name);
        if (*block)
            memcpy(larger, *block, *got);
        rnl_free(*block);
        *block = larger;
        size_t some;
        RNL_TRY(rnl_stream_read(s, (uint8_t *)*block + *got, room - *got, &some));
        *got += some;
        if (*got < room)
            break;
        room = room > SIZE_MAX / 2 ? SIZE_MAX : 2 * room;
    }
    return RNL_OK;
}

void rnl_stream_close(rnl_stream *s)
{
    if (s->gzip)
        close_gzip(s);
    *s = (rnl_stream){0};
}

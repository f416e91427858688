/* file.c - files that are read whole, and files that are written whole or not at all, or into memory */
#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_FIRST = 1 << 16, READ_BEYOND = 1 << 30, WRITE_BUFFER = 1 << 16, NAMES_TRIED = 1000 };

struct rnl_output {
    char *path;      /* as the caller wrote it, for error texts */
    char *target;    /* path with its links followed */
    char *temporary; /* NULL: written directly, or renamed already */
    int fd;          /* -1: closed, or in memory */
    int lock;        /* the same file once more: its lock ends with the last of them; -1: none */
    int error;       /* errno of the first failure; 0: none */
    bool no_memory;  /* the first failure was an allocation */
    bool in_memory;  /* there is no file: what is flushed goes to memory */
    rnl_bytes memory;
    size_t capacity; /* of memory */
    locale_t locale; /* C */
    size_t used;
    char buffer[WRITE_BUFFER];
};

/* ---- reading ---------------------------------------------------------------------------------- */

static int open_again(const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* capacity -> the next one, at most limit; the bytes read so far are kept. */
static rnl_status grow(rnl_bytes *bytes, size_t *capacity, size_t limit)
{
    size_t wanted = *capacity > limit / 2 ? limit : *capacity ? *capacity * 2 : READ_FIRST;
    RNL_FAIL_IF(wanted == *capacity, RNL_ERR_UNSUPPORTED,
                "it goes on after %zu bytes, more than is read of what has no size", *capacity);
    unsigned char *larger = rnl_alloc(wanted, 1);
    if (!larger)
        return RNL_ERR_MEMORY;
    if (bytes->size > 0)
        memcpy(larger, bytes->data, bytes->size);
    rnl_free(bytes->data);
    bytes->data = larger;
    *capacity = wanted;
    return RNL_OK;
}

static rnl_status read_all(rnl_bytes *bytes, int fd)
{
    struct stat st;
    RNL_FAIL_IF(fstat(fd, &st) != 0, RNL_ERR_IO, "cannot read: %s", strerror(errno));
    RNL_FAIL_IF(S_ISDIR(st.st_mode), RNL_ERR_IO, "is a folder, and a file was expected");
    size_t size = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 0;
    size_t capacity = size ? size + 1 : READ_FIRST; /* + 1: the end is seen without growing */
    size_t limit = size > SIZE_MAX - READ_BEYOND ? SIZE_MAX : size + READ_BEYOND;
    bytes->data = rnl_alloc(capacity, 1);
    if (!bytes->data)
        return RNL_ERR_MEMORY;
    for (;;) {
        if (bytes->size == capacity)
            RNL_TRY(grow(bytes, &capacity, limit));
        ssize_t n = read(fd, bytes->data + bytes->size, capacity - bytes->size);
        if (n == 0)
            return RNL_OK;
        RNL_FAIL_IF(n < 0 && errno != EINTR, RNL_ERR_IO, "cannot read: %s", strerror(errno));
        if (n > 0)
            bytes->size += (size_t)n;
    }
}

rnl_status rnl_file_read(rnl_bytes *bytes, const char *path)
{
    *bytes = (rnl_bytes){0};
    int fd = open_again(path, O_RDONLY, 0);
    RNL_FAIL_IF(fd < 0, RNL_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    rnl_status status = read_all(bytes, fd);
    close(fd);
    if (status == RNL_OK)
        return RNL_OK;
    rnl_bytes_free(bytes);
    return rnl_fail_prefix(status, path);
}

void rnl_bytes_free(rnl_bytes *bytes)
{
    rnl_free(bytes->data);
    *bytes = (rnl_bytes){0};
}

/* ---- writing ---------------------------------------------------------------------------------- */

/* The length of the folder's part of a path, without the slash: "a/b" 1, "/b" 1, "b" 0. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (slash == path ? 1 : (int)(slash - path)) : 0;
}

static bool is_name_of(const char *path, int fd)
{
    struct stat named, opened;
    return lstat(path, &named) == 0 && fstat(fd, &opened) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

/* A file that a writer left behind when it was killed: nobody holds its lock. */
static void remove_left_behind(const char *path)
{
    const int fd = open_again(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_name_of(path, fd))
        unlink(path);
    close(fd);
}

/* Makes a new file under this name and locks it; -1, with errno, if that cannot be. Between the two it looks
 * like one that was left behind, and may be removed: hence the second look. */
static int make_locked(const char *path, mode_t mode)
{
    int fd = open_again(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (fd < 0 && errno == EEXIST) {
        remove_left_behind(path);
        fd = open_again(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    }
    if (fd < 0)
        return -1;
    const bool taken = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && is_name_of(path, fd))
        return fd;
    close(fd);
    errno = EEXIST;
    return -1;
}

/* A name that follows from the target's, so that at most one file of a killed writer lies there, until the
 * next one writes. Where somebody else is writing the same target, or the name would be too long, another. */
static rnl_status open_temporary(rnl_output *out, mode_t mode)
{
    int length = folder_length(out->target);
    const char *folder = length ? out->target : ".", *slash = strrchr(out->target, '/');
    size_t size = strlen(out->target) + 64;
    out->temporary = rnl_alloc(size, 1);
    if (!out->temporary)
        return RNL_ERR_MEMORY;
    snprintf(out->temporary, size, "%.*s/.runnel-%s.tmp", length ? length : 1, folder,
             slash ? slash + 1 : out->target);
    out->fd = make_locked(out->temporary, mode);
    for (int n = 0; out->fd < 0 && n < NAMES_TRIED; n++) {
        if (errno != EEXIST && errno != ENAMETOOLONG)
            break;
        snprintf(out->temporary, size, "%.*s/.runnel-%ld-%d.tmp", length ? length : 1, folder,
                 (long)getpid(), n);
        out->fd = make_locked(out->temporary, mode);
    }
    if (out->fd >= 0) {
        out->lock = fcntl(out->fd, F_DUPFD_CLOEXEC, 0);
        return RNL_OK;
    }
    int error = errno;
    rnl_free(out->temporary); /* it is not ours: nothing to remove */
    out->temporary = NULL;
    RNL_FAIL_IF(error == ENOENT, RNL_ERR_IO, "%s: cannot write: there is no folder %.*s", out->path,
                length ? length : 1, folder);
    return rnl_fail(RNL_ERR_IO, "%s: cannot write: no new file can be made in the folder %.*s: %s",
                    out->path, length ? length : 1, folder, strerror(error));
}

/* An old file of the same name: may it be written, and what of it must the new one keep? */
static rnl_status meet_old_file(rnl_output *out, const struct stat *old)
{
    struct stat link;
    if (lstat(out->path, &link) == 0 && S_ISLNK(link.st_mode)) {
        char *real = realpath(out->path, NULL);
        RNL_FAIL_IF(!real, RNL_ERR_IO, "%s: cannot write: the link cannot be followed: %s",
                    out->path, strerror(errno));
        rnl_free(out->target);
        out->target = rnl_strdup(real);
        free(real);
        if (!out->target)
            return RNL_ERR_MEMORY;
    }
    RNL_FAIL_IF(access(out->target, W_OK) != 0, RNL_ERR_IO, "%s: cannot write: %s", out->path,
                strerror(errno));
    mode_t mode = old->st_mode & 0777;
    RNL_TRY(open_temporary(out, mode));
    /* What cannot be kept (somebody else's file, a file system without permissions) is let go: the
     * new file was made with no more permissions than the old one had. */
    bool kept = fchown(out->fd, old->st_uid, old->st_gid) == 0 && fchmod(out->fd, mode) == 0;
    (void)kept;
    return RNL_OK;
}

/* The descriptor of this process that the path names, or -1. Behind it may lie a file that the process itself
 * writes: a new file in its place would take what it has and will have. */
static int own_descriptor(const char *path)
{
    static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (int fd = 0; fd < (int)(sizeof names / sizeof names[0]); fd++)
        if (strcmp(path, names[fd]) == 0)
            return fd;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const size_t length = strlen(folders[i]);
        if (strncmp(path, folders[i], length) != 0)
            continue;
        const size_t digits = strspn(path + length, "0123456789");
        if (digits && digits < 9 && !path[length + digits])
            return atoi(path + length);
    }
    return -1;
}

static rnl_status open_target(rnl_output *out)
{
    struct stat st;
    const int own = own_descriptor(out->path);
    if (own >= 0) {
        out->fd = fcntl(own, F_DUPFD_CLOEXEC, 0);
        RNL_FAIL_IF(out->fd < 0, RNL_ERR_IO, "%s: cannot write: %s", out->path, strerror(errno));
        return RNL_OK;
    }
    if (stat(out->path, &st) != 0) {
        RNL_FAIL_IF(lstat(out->path, &st) == 0, RNL_ERR_IO,
                    "%s: cannot write: it is a link to something that is not there", out->path);
        return open_temporary(out, 0666);
    }
    RNL_FAIL_IF(S_ISDIR(st.st_mode), RNL_ERR_IO,
                "%s: cannot write: it is a folder, and the name of a file was expected", out->path);
    if (S_ISREG(st.st_mode))
        return meet_old_file(out, &st);
    out->fd = open_again(out->path, O_WRONLY, 0);
    RNL_FAIL_IF(out->fd < 0, RNL_ERR_IO, "%s: cannot write: %s", out->path, strerror(errno));
    return RNL_OK;
}

static rnl_status open_output(rnl_output **out, const char *path, bool in_memory)
{
    rnl_output *o = rnl_alloc(1, sizeof *o);
    if (!o)
        return RNL_ERR_MEMORY;
    rnl_status status = RNL_ERR_MEMORY;
    o->fd = o->lock = -1;
    o->in_memory = in_memory;
    o->path = rnl_strdup(path);
    if (!o->path)
        goto fail;
    o->target = rnl_strdup(path);
    if (!o->target)
        goto fail;
    o->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!o->locale) {
        rnl_fail(RNL_ERR_MEMORY, "no memory for the C locale");
        goto fail;
    }
    status = in_memory ? RNL_OK : open_target(o);
    if (status != RNL_OK)
        goto fail;
    *out = o;
    return RNL_OK;
fail:
    rnl_output_discard(&o);
    return status;
}

rnl_status rnl_output_open(rnl_output **out, const char *path)
{
    *out = NULL;
    RNL_FAIL_IF(!*path, RNL_ERR_USAGE, "the name of the file to write is empty");
    return open_output(out, path, false);
}

rnl_status rnl_output_open_memory(rnl_output **out)
{
    *out = NULL;
    return open_output(out, "bytes in memory", true);
}

/* The sentence for the first failure; said anew each time, as others may have failed since. */
static rnl_status failure(const rnl_output *out)
{
    RNL_FAIL_IF(out->no_memory, RNL_ERR_MEMORY, "%s: cannot write: no memory", out->path);
    RNL_FAIL_IF(out->error, RNL_ERR_IO, "%s: cannot write: %s%s", out->path, strerror(out->error),
                out->temporary ? "; what was there before is untouched" : "");
    return RNL_OK;
}

static void append(rnl_output *out, const char *data, size_t size)
{
    while (out->capacity - out->memory.size < size && !out->no_memory)
        out->no_memory = grow(&out->memory, &out->capacity, SIZE_MAX) != RNL_OK;
    if (out->no_memory || size == 0)
        return;
    memcpy(out->memory.data + out->memory.size, data, size);
    out->memory.size += size;
}

static void write_through(rnl_output *out, const char *data, size_t size)
{
    if (out->in_memory) {
        append(out, data, size);
        return;
    }
    while (size > 0 && !out->error) {
        ssize_t n = write(out->fd, data, size);
        if (n < 0 && errno != EINTR)
            out->error = errno;
        if (n > 0) {
            data += n;
            size -= (size_t)n;
        }
    }
}

static void flush(rnl_output *out)
{
    write_through(out, out->buffer, out->used);
    out->used = 0;
}

rnl_status rnl_output_write(rnl_output *out, const void *data, size_t size)
{
    RNL_TRY(failure(out));
    if (size > sizeof out->buffer - out->used)
        flush(out);
    if (size > sizeof out->buffer) {
        write_through(out, data, size);
    } else if (size > 0) {
        memcpy(out->buffer + out->used, data, size);
        out->used += size;
    }
    return failure(out);
}

static rnl_status print(rnl_output *out, const char *format, va_list args)
{
    char text[512], *longer = NULL;
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(text, sizeof text, format, args);
    if (length >= (int)sizeof text) {
        longer = rnl_alloc((size_t)length + 1, 1);
        if (longer)
            vsnprintf(longer, (size_t)length + 1, format, again);
        else
            out->no_memory = true;
    }
    va_end(again);
    if (length < 0 && !out->error)
        out->error = errno;
    rnl_status status =
        length < 0 ? failure(out) : rnl_output_write(out, longer ? longer : text, (size_t)length);
    rnl_free(longer);
    return status;
}

rnl_status rnl_output_printf(rnl_output *out, const char *format, ...)
{
    RNL_TRY(failure(out));
    va_list args;
    va_start(args, format);
    locale_t before = uselocale(out->locale);
    rnl_status status = print(out, format, args);
    uselocale(before);
    va_end(args);
    return status;
}

/* fsync, where the file system knows it. */
static void sync_to_disk(rnl_output *out, int fd)
{
    int result;
    do
        result = fsync(fd);
    while (result != 0 && errno == EINTR);
    if (result != 0 && errno != EINVAL && errno != ENOSYS && errno != ENOTSUP && !out->error)
        out->error = errno;
}

/* The new name itself must be on the disk too. A folder that may not be read cannot be synced. */
static void sync_folder(rnl_output *out)
{
    int length = folder_length(out->target);
    out->target[length] = '\0';
    int fd = open_again(length ? out->target : ".", O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return;
    sync_to_disk(out, fd);
    close(fd);
}

rnl_status rnl_output_settle(rnl_output *out)
{
    if (!out->error && !out->no_memory)
        flush(out);
    if (!out->error && out->temporary)
        sync_to_disk(out, out->fd);
    return failure(out);
}

rnl_status rnl_output_finish(rnl_output **out)
{
    rnl_output *o = *out;
    (void)rnl_output_settle(o); /* kept in o */
    if (close(o->fd) != 0 && errno != EINTR && !o->error)
        o->error = errno;
    o->fd = -1;
    if (!o->error && !o->no_memory && o->temporary) {
        if (rename(o->temporary, o->target) != 0) {
            o->error = errno;
        } else {
            rnl_free(o->temporary);
            o->temporary = NULL;
            sync_folder(o);
        }
    }
    rnl_status status = failure(o);
    rnl_output_discard(out);
    return status;
}

rnl_status rnl_output_finish_memory(rnl_output **out, rnl_bytes *bytes)
{
    *bytes = (rnl_bytes){0};
    const rnl_status status = rnl_output_settle(*out);
    if (status == RNL_OK) {
        *bytes = (*out)->memory;
        (*out)->memory = (rnl_bytes){0};
    }
    rnl_output_discard(out);
    return status;
}

void rnl_output_discard(rnl_output **out)
{
    rnl_output *o = *out;
    if (!o)
        return;
    *out = NULL;
    if (o->temporary)
        unlink(o->temporary); /* while it is locked: after that, the name may be somebody else's */
    if (o->fd >= 0)
        close(o->fd);
    if (o->lock >= 0)
        close(o->lock);
    if (o->locale)
        freelocale(o->locale);
    rnl_bytes_free(&o->memory);
    rnl_free(o->temporary);
    rnl_free(o->target);
    rnl_free(o->path);
    rnl_free(o);
}

rnl_status rnl_write_file(const char *path, const void *bytes, size_t size)
{
    RNL_REFUSE_NULL(path, "the path is");
    RNL_FAIL_IF(!bytes && size, RNL_ERR_USAGE, "%s: the array of bytes is NULL", __func__);
    rnl_output *out;
    RNL_TRY(rnl_output_open(&out, path));
    rnl_output_write(out, bytes, size); /* kept in out */
    return rnl_output_finish(&out);
}

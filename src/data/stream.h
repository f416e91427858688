/* stream.h - an input from front to back, decompressed on the way where it begins like gzip */
#ifndef RNL_DATA_STREAM_H
#define RNL_DATA_STREAM_H

#include "data/input.h"

typedef struct rnl_stream {
    const rnl_input *input;
    size_t at;  /* bytes handed out so far */
    void *gzip; /* the state of the decompression; NULL: a plain input */
} rnl_stream;

/* RNL_ERR_UNSUPPORTED for gzip in a build without zlib. The input must outlive the stream. */
rnl_status rnl_stream_open(rnl_stream *s, const rnl_input *input);
/* Of an input that is deflated data and nothing else, as in a zip file. */
rnl_status rnl_stream_open_deflated(rnl_stream *s, const rnl_input *input);
/* Of a pipe that brings gzip: what comes after the first n bytes, which are `front` (at most
 * RNL_STREAM_WINDOW). Reads no more than it needs; memory for the window alone. name, fd: borrowed. */
enum { RNL_STREAM_WINDOW = 1 << 16 };
rnl_status rnl_stream_open_fd(rnl_stream *s, int fd, const char *name, const void *front, size_t n);
/* Up to n bytes, as soon as there are any: *got is 0 only at the end. Compressed streams only. */
rnl_status rnl_stream_read_some(rnl_stream *s, void *to, size_t n, size_t *got);
/* The next n bytes; *got is less than n only where the data end before. The end of each member of a
 * gzip file is verified (length and CRC) before *got says that the data ended. */
rnl_status rnl_stream_read(rnl_stream *s, void *to, size_t n, size_t *got);
/* The next n bytes into a block that grows with what comes: bytes claimed, not yet seen, cost nothing. Takes
 * at most 8 times the input's size and 4 KiB, or 3 times what came. *block is from rnl_alloc and the
 * caller's to free, on failure too; *got: how many came. */
rnl_status rnl_stream_read_growing(rnl_stream *s, size_t n, void **block, size_t *got);
void rnl_stream_close(rnl_stream *s);

#endif

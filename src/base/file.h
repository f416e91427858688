/* file.h - files that are read whole, and files that are written whole or not at all */
#ifndef RNL_BASE_FILE_H
#define RNL_BASE_FILE_H

#include "base/memory.h"

typedef struct rnl_bytes {
    unsigned char *data; /* from rnl_alloc; never NULL after a success, even where size is 0 */
    size_t size;
} rnl_bytes;

/* Everything in a file, as a copy in memory: a file that others cut or change meanwhile can give
 * wrong bytes but no SIGBUS, as a mapping would. Takes at most about the file's size in memory.
 * Pipes are read to their end, up to 1 GiB. The texts of failures begin with the path. */
rnl_status rnl_file_read(rnl_bytes *bytes, const char *path);
void rnl_bytes_free(rnl_bytes *bytes);

/* A file in the making. It grows under another name in the same folder (".runnel-<name>.tmp") and takes its
 * own name once everything is on the disk. What a killed process leaves of it is gone when the same file is
 * written next (but not where the name has more than 240 bytes, or two wrote the same file); a lock tells
 * that nobody is writing it any more. At any moment, and after a failure or a crash, the path holds the old
 * content or the new one, whole. Links are followed, the permissions of an old file are kept, and a file that may
 * not be written is not replaced.
 *
 * What is no regular file (a pipe), or a descriptor of this process (/dev/stdout, /dev/fd/3), is written directly,
 * and so not whole on failure.
 *
 *     rnl_output *out;
 *     RNL_TRY(rnl_output_open(&out, path));
 *     rnl_output_printf(out, "iteration,loss\n");    the first failure is kept; later calls do
 *     ...                                            nothing and give it again
 *     return rnl_output_finish(&out);
 *
 * What would be a file can be had as bytes in memory too, for the same writers: rnl_output_open_memory.
 */
typedef struct rnl_output rnl_output;

rnl_status rnl_output_open(rnl_output **out, const char *path);
/* Ends with rnl_output_finish_memory. */
rnl_status rnl_output_open_memory(rnl_output **out);
/* Buffered: small pieces are cheap. */
rnl_status rnl_output_write(rnl_output *out, const void *data, size_t size);
/* In the C locale, whatever the program's locale is. */
rnl_status rnl_output_printf(rnl_output *out, const char *format, ...) RNL_PRINTF(2, 3);
/* Writes what is left and syncs: rnl_output_finish then has little to do but give the file its name. For several
 * files that belong together: first all of them, then all names. */
rnl_status rnl_output_settle(rnl_output *out);
/* Writes what is left, syncs, gives the file its name, and frees *out, also on failure. */
rnl_status rnl_output_finish(rnl_output **out);
/* Gives what was written into memory, and frees *out; bytes are empty (data NULL) after a failure, and where
 * nothing was written. */
rnl_status rnl_output_finish_memory(rnl_output **out, rnl_bytes *bytes);
/* Frees *out without a trace of the file; accepts NULL, and what rnl_output_finish has taken. */
void rnl_output_discard(rnl_output **out);

#endif

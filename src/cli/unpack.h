/* unpack.h - checks a file's bytes against its digest while they flow by */
#ifndef RNL_CLI_UNPACK_H
#define RNL_CLI_UNPACK_H

#include "fetch.h"

#include <stdio.h>

typedef struct cli_unpack cli_unpack;

/* Bytes of file->name (packed false) or of its .gz will be fed. Writes the plain bytes to `plain`
 * and the bytes as they come to `raw`; either may be NULL. Never writes, nor unpacks, more than
 * the file should have. */
cli_unpack *cli_unpack_new(const cli_fetch_file *file, bool packed, FILE *plain, FILE *raw);
void cli_unpack_free(cli_unpack **u);

/* False when the file can no longer be right, or not be written. */
bool cli_unpack_feed(cli_unpack *u, const void *bytes, size_t n);
/* After the last byte: is this the file, whole? */
bool cli_unpack_finish(cli_unpack *u);
/* Why not: "12 bytes too short"; borrowed. */
const char *cli_unpack_reason(const cli_unpack *u);
/* Was the reason that the bytes could not be written? */
bool cli_unpack_write_failed(const cli_unpack *u);
uint64_t cli_unpack_taken(const cli_unpack *u);

/* Is the file at path, packed or not, the one that it should be? Otherwise *reason (borrowed until
 * the next call) says why not; NULL when there is no such file. */
bool cli_unpack_check(const cli_fetch_file *file, bool packed, const char *path,
                      const char **reason);

#endif

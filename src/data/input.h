/* input.h - the bytes that a reader works on: a mapped file, a file in memory, or lent memory
 *
 * Readers know nothing else, so that they run on memory as well (tests, fuzzers):
 * (rnl_input){.name = "x", .bytes = b, .size = n} is an input that nobody has to close. */
#ifndef RNL_DATA_INPUT_H
#define RNL_DATA_INPUT_H

#include "base/file.h"

typedef struct rnl_input {
    const char *name; /* for error texts; borrowed */
    const uint8_t *bytes;
    size_t size;   /* > 0 after rnl_input_open */
    void *block;   /* bytes, where they were read into memory; from rnl_alloc */
    void *mapping; /* bytes, where they are mapped */
} rnl_input;

/* may_map true: a plain file is mapped and its bytes stay in the file. A file that begins like gzip
 * is read into memory in any case: it is read once, from front to back, and then let go.
 *
 * What a mapping means: a file that is replaced (written under another name and renamed, as runnel
 * fetch does) goes on as it was. One that is overwritten in place shows its new bytes; a reader
 * must therefore copy what it checks and lean on nothing in a mapping but its size. One that is
 * cut short in place loses pages, and touching them ends the process with SIGBUS, as with every
 * mapped file; a library cannot catch that for its host. */
rnl_status rnl_input_open(rnl_input *input, const char *path, bool may_map);
void rnl_input_close(rnl_input *input);

/* 1F 8B: gzip's magic number. */
bool rnl_input_is_gzip(const rnl_input *input);

#endif

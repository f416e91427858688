/* zip.h - the files in a zip archive, as .npz is one */
#ifndef RNL_DATA_ZIP_H
#define RNL_DATA_ZIP_H

#include "data/input.h"

typedef struct rnl_zip_entry {
    const char *name; /* in the archive's bytes; not ended by '\0' */
    size_t name_length;
    bool deflated;
    bool encrypted;
    unsigned method;
    size_t packed, size; /* bytes in the archive, and as a file */
    uint32_t crc;
    size_t local; /* where its local header lies */
} rnl_zip_entry;

typedef struct rnl_zip {
    const rnl_input *input;
    size_t count, at; /* entries in all; where the next one's record lies */
    size_t seen, end; /* entries handed out; where the records must end */
} rnl_zip;

rnl_status rnl_zip_open(rnl_zip *zip, const rnl_input *input);
/* The next entry, in the archive's order; false after the last, or on failure. */
rnl_status rnl_zip_next(rnl_zip *zip, rnl_zip_entry *entry, bool *got);
/* The file's bytes, whose length and CRC are checked: lent from the archive where they are stored as they are
 * (*block stays NULL), else in a block from rnl_alloc, which is the caller's to free, on failure too. Takes at
 * most 8 times the entry's size in the archive and 4 KiB, or 3 times what comes out of it. */
rnl_status rnl_zip_read(const rnl_zip *zip, const rnl_zip_entry *entry, const char *name,
                        rnl_input *file, void **block);

#endif

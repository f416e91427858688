/* jpeg_header.c - what a JPEG picture tells before its pixels: how large it is, and which way up
 *
 *   picture = FF D8 { segment } frame ...
 *   segment = FF marker length ...           length: 2 bytes, high one first; counts itself
 *   frame   = FF C0-CF length precision height width ...             but C4, C8, CC, which begin none
 *   Exif    = FF E1 length "Exif" 00 00 TIFF
 *   TIFF    = "II" 2A 00 | "MM" 00 2A        numbers with the low byte first | the high byte first
 *             offset of the directory, in 4 bytes from the beginning of TIFF
 *   directory = number of entries { tag:2 type:2 count:4 value:4 }
 *
 * Of Exif the tag 0112 alone is looked at, the orientation: a number of 2 bytes (type 3), from 1 to 8. What is not as
 * it should be there counts as no orientation, as it does elsewhere: the pixels are good without it. */
#include "data/picture.h"

#include <string.h>

enum { TIFF_HEADER = 8, ENTRY = 12, ORIENTATION = 0x0112, SHORT = 3 };

/* A part of the file; low_first: how its numbers are written. */
typedef struct piece {
    const uint8_t *at;
    size_t size;
    bool low_first;
} piece;

static size_t number(const piece *p, size_t at, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | p->at[at + (p->low_first ? bytes - 1 - i : i)];
    return n;
}

/* 1 to 8; 0: it is not told. */
static int find_orientation(const piece *segment)
{
    if (segment->size < 6 + TIFF_HEADER || memcmp(segment->at, "Exif\0", 6) != 0)
        return 0;
    piece tiff = {.at = segment->at + 6, .size = segment->size - 6};
    tiff.low_first = memcmp(tiff.at, "II\x2a", 4) == 0;
    if (!tiff.low_first && memcmp(tiff.at, "MM\0\x2a", 4) != 0)
        return 0;
    const size_t directory = number(&tiff, 4, 4);
    if (directory > tiff.size || tiff.size - directory < 2)
        return 0;
    const size_t room = (tiff.size - directory - 2) / ENTRY, wanted = number(&tiff, directory, 2);
    for (size_t i = 0; i < wanted && i < room; i++) {
        const size_t entry = directory + 2 + i * ENTRY;
        if (number(&tiff, entry, 2) != ORIENTATION)
            continue;
        const size_t value = number(&tiff, entry + 8, 2);
        const bool good = number(&tiff, entry + 2, 2) == SHORT && value >= 1 && value <= 8;
        return good ? (int)value : 0;
    }
    return 0;
}

bool rnl_jpeg_look(const rnl_input *input, rnl_jpeg_header *header)
{
    *header = (rnl_jpeg_header){.orientation = 1};
    bool told = false;
    for (size_t at = 2; at + 9 <= input->size;) {
        const piece rest = {.at = input->bytes + at, .size = input->size - at};
        const uint8_t marker = rest.at[1];
        if (rest.at[0] != 0xff)
            return false;
        if (marker == 0xff) { /* filled up */
            at++;
            continue;
        }
        const size_t length = number(&rest, 2, 2);
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
            marker != 0xcc) {
            header->height = number(&rest, 5, 2);
            header->width = number(&rest, 7, 2);
            return true;
        }
        if (marker == 0xe1 && !told && length >= 2 && length <= rest.size - 2) {
            const piece segment = {.at = rest.at + 4, .size = length - 2};
            const int orientation = find_orientation(&segment);
            told = orientation > 0;
            header->orientation = told ? orientation : 1;
        }
        at += 2 + length;
    }
    return false;
}

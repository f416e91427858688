/* phrase.h - settings in words: a name and the numbers behind it, "affine 50", "adam 0.9 0.999"
 *
 *   phrase  = name { blank number }
 *
 * Several phrases stand in a row with commas between them, where that makes sense. */
#ifndef RNL_BASE_PHRASE_H
#define RNL_BASE_PHRASE_H

#include "base/text.h"

/* Some bytes of a text that somebody else holds. */
typedef struct rnl_piece {
    const char *at;
    size_t length;
} rnl_piece;

/* Without the blanks (and tabs and ends of lines) at both ends. */
rnl_piece rnl_piece_trim(rnl_piece piece);
/* Cuts the next piece up to `separator` (or, for ' ', any blank) off the front of rest. */
rnl_piece rnl_piece_cut(rnl_piece *rest, char separator);
bool rnl_piece_is(rnl_piece piece, const char *text);
/* Is it this name with one slip: a letter too many, too few or another, two that changed places; or in capitals? A
 * name of two letters takes the last alone. */
bool rnl_piece_nearly(rnl_piece piece, const char *name);

enum { RNL_PIECE_SHOWN = 48 };
/* The piece as a message may show it: cleaned, and cut where it is long. Returns text. */
const char *rnl_piece_show(rnl_piece piece, char text[RNL_PIECE_SHOWN]);

/* A number that may follow a name. */
typedef struct rnl_arg {
    const char *name; /* as help and messages call it */
    double min, max;
    bool integer;
    bool below_max;   /* max itself is out of the range */
    double otherwise; /* what it is where it is left out */
} rnl_arg;

/* The numbers in rest, which stood behind `name`, into arg: [most]; *given: how many there are, the
 * others get what they are otherwise. `before` begins the sentence of a failure ("item 2: " or ""). */
rnl_status rnl_parse_args(rnl_piece rest, const char *before, const char *name,
                          const rnl_arg *known, size_t most, double *arg, size_t *given);

/* " " and the shortest text that gives the number back. */
void rnl_text_add_number(rnl_text *text, double number);

#endif

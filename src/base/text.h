/* text.h - numbers as text, in the C locale whatever the user's locale is; strings that grow */
#ifndef RNL_BASE_TEXT_H
#define RNL_BASE_TEXT_H

#include "base/status.h"

/* The number that the `length` bytes at text spell in full ("12", "-0.5", "1e-3"); false where they
 * spell none, or more than one, or something beyond double. nan and inf are no numbers here. */
bool rnl_parse_number(const char *text, size_t length, double *number);

/* The same for the nearest float, with no detour over a double, which may round twice. One beyond float
 * is infinite, and the call succeeds. */
bool rnl_parse_float(const char *text, size_t length, float *number);

/* number with `digits` significant digits (17 give every double back) into text: [size]. */
void rnl_format_number(char *text, size_t size, double number, int digits);

/* string for a message that a terminal may show, in at most size bytes: control characters become
 * "?", and what is too long is cut between two characters of UTF-8 and ends in "...". */
void rnl_text_clean(char *text, size_t size, const char *string);
/* before + "\"string\"", the string cleaned, in at most size bytes. */
void rnl_text_quote(char *text, size_t size, const char *before, const char *string);

/* Bytes of the character of UTF-8 at `at`, of `left` that are there, at least 1; 0 where it is none. */
size_t rnl_character(const char *at, size_t left);
bool rnl_is_utf8(const char *text);

/* A string that grows; all zero is the empty one. Once memory was short, `failed` stays true and
 * nothing more is added, so that one check at the end is enough. */
typedef struct rnl_text {
    char *at; /* NULL while empty; from rnl_alloc */
    size_t length, capacity;
    bool failed;
} rnl_text;

void rnl_text_add(rnl_text *text, const char *format, ...) RNL_PRINTF(2, 3);

#endif

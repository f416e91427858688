/* text.c - numbers as text, in the C locale whatever the user's locale is; strings that grow */
#define _GNU_SOURCE
#include "base/text.h"

#include "base/memory.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtod and printf read and write the user's decimal point, which may be several bytes. */
static const char *decimal_point(void)
{
    const char *point = localeconv()->decimal_point;
    return point && *point ? point : ".";
}

/* Only what a number may be made of, so that strtod's hexadecimal, "nan" and blanks stay out. */
static bool is_number_text(const char *text, size_t length)
{
    size_t i = 0, digits = 0;
    if (i < length && (text[i] == '+' || text[i] == '-'))
        i++;
    for (; i < length && text[i] >= '0' && text[i] <= '9'; i++)
        digits++;
    if (i < length && text[i] == '.')
        for (i++; i < length && text[i] >= '0' && text[i] <= '9'; i++)
            digits++;
    if (digits == 0)
        return false;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        if (i < length && (text[i] == '+' || text[i] == '-'))
            i++;
        if (i == length)
            return false;
        while (i < length && text[i] >= '0' && text[i] <= '9')
            i++;
    }
    return i == length;
}

enum { LONGEST = 400, POINT_LONGEST = 16 };

/* The text with the user's decimal point in place of its own, for strtod; false where it is no number. */
static bool localize(const char *text, size_t length, char copy[LONGEST + POINT_LONGEST + 1])
{
    if (length > LONGEST || !is_number_text(text, length))
        return false;
    const char *point = decimal_point();
    const char *dot = memchr(text, '.', length);
    size_t before = dot ? (size_t)(dot - text) : length, at = before, point_length = strlen(point);
    memcpy(copy, text, before);
    if (dot && point_length < POINT_LONGEST) {
        memcpy(copy + at, point, point_length);
        at += point_length;
        memcpy(copy + at, dot + 1, length - before - 1);
        at += length - before - 1;
    }
    copy[at] = '\0';
    return true;
}

bool rnl_parse_number(const char *text, size_t length, double *number)
{
    char copy[LONGEST + POINT_LONGEST + 1], *end;
    if (!localize(text, length, copy))
        return false;
    *number = strtod(copy, &end);
    return *end == '\0' && isfinite(*number);
}

bool rnl_parse_float(const char *text, size_t length, float *number)
{
    char copy[LONGEST + POINT_LONGEST + 1], *end;
    if (!localize(text, length, copy))
        return false;
    *number = strtof(copy, &end);
    return *end == '\0';
}

void rnl_format_number(char *text, size_t size, double number, int digits)
{
    snprintf(text, size, "%.*g", digits, number);
    const char *point = decimal_point();
    char *found = strcmp(point, ".") == 0 ? NULL : strstr(text, point);
    if (found) {
        const char *rest = found + strlen(point);
        *found = '.';
        memmove(found + 1, rest, strlen(rest) + 1);
    }
}

void rnl_text_clean(char *text, size_t size, const char *string)
{
    size_t used = 0;
    const size_t room = size - sizeof "...";
    for (; *string && used < room; string++) {
        const unsigned char c = (unsigned char)string[0], next = (unsigned char)string[1];
        const bool wide = c == 0xc2 && next >= 0x80 && next < 0xa0; /* U+0080 .. U+009F */
        text[used++] = c < 0x20 || c == 0x7f || wide ? '?' : *string;
        string += wide;
    }
    if (*string) {
        for (; used > 0 && ((unsigned char)*string & 0xc0) == 0x80; string--)
            used--;
        memcpy(text + used, "...", 3);
        used += 3;
    }
    text[used] = '\0';
}

void rnl_text_quote(char *text, size_t size, const char *before, const char *string)
{
    const size_t begin = strlen(before) + 1;
    snprintf(text, size, "%s\"", before);
    rnl_text_clean(text + begin, size - begin - 1, string);
    memcpy(text + strlen(text), "\"", 2);
}

void rnl_text_add(rnl_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        text->failed = true;
    if (text->failed)
        return;
    const size_t needed = text->length + (size_t)length + 1;
    if (needed > text->capacity) {
        const size_t capacity = needed * 2 + 64;
        char *grown = rnl_alloc(capacity, 1);
        if (!grown) {
            text->failed = true;
            return;
        }
        if (text->at)
            memcpy(grown, text->at, text->length);
        rnl_free(text->at);
        text->at = grown;
        text->capacity = capacity;
    }
    va_start(args, format);
    vsnprintf(text->at + text->length, text->capacity - text->length, format, args);
    va_end(args);
    text->length += (size_t)length;
}

/* ---- UTF-8 ---------------------------------------------------------------------------------------------- */

size_t rnl_character(const char *at, size_t left)
{
    const unsigned char *c = (const unsigned char *)at;
    const size_t n = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    if (n == 0 || n > left || c[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    if (n == 3)
        return (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ? 0 : n;
    if (n == 4)
        return (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f) ? 0 : n;
    return n;
}

bool rnl_is_utf8(const char *text)
{
    size_t left = strlen(text);
    for (size_t n; left > 0; text += n, left -= n) {
        n = rnl_character(text, left);
        if (n == 0)
            return false;
    }
    return true;
}

/* csv_cell.c - the cells of a record, and numbers in them */
#include "data/csv.h"

#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

rnl_status rnl_csv_fail(const rnl_csv *c, size_t column, const char *heading, const char *format,
                        ...)
{
    char sentence[640], shown[80] = "";
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (heading)
        rnl_text_clean(shown, sizeof shown, heading);
    return rnl_fail(RNL_ERR_FORMAT, "%s, line %llu, column %zu%s%s%s: %s", c->name,
                    (unsigned long long)c->line, column + 1, heading ? " (" : "", shown,
                    heading ? ")" : "", sentence);
}

/* ---- cells -------------------------------------------------------------------------------------------- */

static bool is_blank(const rnl_csv *c, char byte)
{
    return byte == ' ' || (byte == '\t' && c->separator != '\t');
}

static rnl_status grow_scratch(rnl_csv *c, size_t size)
{
    if (size <= c->scratch_capacity)
        return RNL_OK;
    rnl_free(c->scratch);
    c->scratch_capacity = 0;
    c->scratch = rnl_alloc(2, size);
    if (!c->scratch)
        return rnl_fail_prefix(RNL_ERR_MEMORY, c->name);
    c->scratch_capacity = 2 * size;
    return RNL_OK;
}

/* Takes one quote of each pair out of the cell. */
static rnl_status undouble(rnl_csv *c, rnl_cell *cell)
{
    if (!memchr(cell->at, '"', cell->length))
        return RNL_OK;
    RNL_TRY(grow_scratch(c, cell->length));
    size_t used = 0;
    for (size_t i = 0; i < cell->length; i++) {
        c->scratch[used++] = cell->at[i];
        i += cell->at[i] == '"';
    }
    cell->at = c->scratch;
    cell->length = used;
    return RNL_OK;
}

static rnl_status quoted_cell(rnl_csv *c, const rnl_record *r, size_t column, const char **p,
                              rnl_cell *cell)
{
    const char *begin = *p + 1, *close = begin;
    for (;; close += 2) {
        close = memchr(close, '"', (size_t)(r->end - close));
        if (!close)
            return rnl_csv_fail(c, column, NULL, "a quote opens this cell and nothing closes it");
        if (close + 1 == r->end || close[1] != '"')
            break;
    }
    *cell = (rnl_cell){begin, (size_t)(close - begin), true};
    for (*p = close + 1; *p < r->end && is_blank(c, **p); ++*p)
        ;
    if (*p < r->end && **p != c->separator)
        return rnl_csv_fail(
            c, column, NULL,
            "found '%c' behind the quote that closes the cell, expected %s or the end "
            "of the line (a quote inside is written twice)",
            (unsigned char)**p < 0x20 || (unsigned char)**p > 0x7e ? '?' : **p,
            c->separator == '\t' ? "a tab" : (char[]){c->separator, '\0'});
    return undouble(c, cell);
}

static void plain_cell(const rnl_csv *c, const rnl_record *r, const char **p, rnl_cell *cell)
{
    const char *begin = *p, *end = memchr(begin, c->separator, (size_t)(r->end - begin));
    *p = end = end ? end : r->end;
    while (end > begin && is_blank(c, end[-1]))
        end--;
    *cell = (rnl_cell){begin, (size_t)(end - begin), false};
}

rnl_status rnl_csv_cell(rnl_csv *c, const rnl_record *r, size_t column, const char **p,
                        rnl_cell *cell)
{
    while (*p < r->end && is_blank(c, **p))
        ++*p;
    *cell = (rnl_cell){.at = *p};
    if (*p < r->end && **p == '"')
        RNL_TRY(quoted_cell(c, r, column, p, cell));
    else
        plain_cell(c, r, p, cell);
    if (memchr(cell->at, '\0', cell->length))
        return rnl_csv_fail(c, column, NULL, "found a byte 00, expected text");
    return RNL_OK;
}

rnl_status rnl_csv_count(rnl_csv *c, const rnl_record *r, size_t *cells)
{
    const char *p = r->at;
    for (*cells = 0;; p++) {
        rnl_cell cell;
        RNL_TRY(rnl_csv_cell(c, r, *cells, &p, &cell));
        ++*cells;
        if (p == r->end)
            return RNL_OK;
    }
}

bool rnl_cell_is(const rnl_cell *cell, const char *text)
{
    return strlen(text) == cell->length && memcmp(text, cell->at, cell->length) == 0;
}

bool rnl_cell_is_missing(const rnl_cell *cell)
{
    return cell->length == 0 || rnl_cell_is(cell, "NA") || rnl_cell_is(cell, "N/A") ||
           rnl_cell_is(cell, "n/a") || rnl_cell_is(cell, "#N/A") || rnl_cell_is(cell, "<NA>") ||
           rnl_cell_is(cell, "?") || (cell->length == 3 && strncasecmp(cell->at, "nan", 3) == 0) ||
           (cell->length == 4 && strncasecmp(cell->at, "null", 4) == 0);
}

const char *rnl_cell_show(const rnl_cell *cell, char text[RNL_CELL_SHOWN])
{
    char copy[RNL_CELL_SHOWN], shown[RNL_CELL_SHOWN - 2];
    if (cell->length == 0)
        return strcpy(text, "nothing");
    snprintf(copy, sizeof copy, "%.*s",
             cell->length < sizeof copy ? (int)cell->length : (int)sizeof copy, cell->at);
    rnl_text_clean(shown, sizeof shown, copy);
    snprintf(text, RNL_CELL_SHOWN, "'%s'", shown);
    return text;
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

static const double ten_to[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { TEN_MOST = 22, DIGITS_MOST = 19 }; /* 10^22 is exact in double; 19 digits fit 64 bits */

/* digits * 10^exponent, to the nearest float. In double it comes out at most two units in the last place
 * off; unless that is near the middle between two floats, rounding it once more hits the nearest. False
 * where it is near, and where the float is not normal. */
static bool round_to_float(uint64_t digits, int exponent, float *number)
{
    if (digits == 0) {
        *number = 0;
        return true;
    }
    if (exponent < -TEN_MOST || exponent > TEN_MOST)
        return false;
    const double d =
        exponent < 0 ? (double)digits / ten_to[-exponent] : (double)digits * ten_to[exponent];
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    const uint64_t below = bits & 0x1fffffff; /* what a float has no room for */
    *number = (float)d;
    return (below < 0x10000000 - 4 || below > 0x10000000 + 4) && d >= 0x1p-126 && d < 0x1p127;
}

/* The parts of a decimal number: digits * 10^exponent. */
typedef struct decimal {
    uint64_t digits; /* of more than DIGITS_MOST they are not all there */
    ptrdiff_t count;
    int exponent;
    bool negative;
} decimal;

/* Where the number ends that begins there; NULL: there is none. */
static inline __attribute__((always_inline)) const char *scan(const char *p, decimal *n)
{
    n->negative = *p == '-';
    p += *p == '-' || *p == '+';
    const char *first = p;
    uint64_t digits = 0;
    unsigned digit;
    for (; (digit = (unsigned char)*p - (unsigned)'0') < 10; p++)
        digits = digits * 10 + digit;
    n->count = p - first;
    n->exponent = 0;
    if (*p == '.') {
        const char *fraction = ++p;
        for (; (digit = (unsigned char)*p - (unsigned)'0') < 10; p++)
            digits = digits * 10 + digit;
        n->count += p - fraction;
        n->exponent = n->count > DIGITS_MOST ? 0 : -(int)(p - fraction);
    }
    n->digits = digits;
    if (n->count == 0)
        return NULL;
    if (*p == 'e' || *p == 'E') {
        const char *e = p + 1;
        const bool down = *e == '-';
        e += *e == '-' || *e == '+';
        int power = 0;
        if ((unsigned char)*e - (unsigned)'0' >= 10)
            return NULL;
        for (; (digit = (unsigned char)*e - (unsigned)'0') < 10; e++)
            power = power < 10000 ? power * 10 + (int)digit : power;
        n->exponent += down ? -power : power;
        p = e;
    }
    return p;
}

const char *rnl_csv_number(const char *begin, float *number)
{
    decimal n;
    const char *end = scan(begin, &n);
    if (!end)
        return NULL;
    if (n.count > DIGITS_MOST || !round_to_float(n.digits, n.exponent, number))
        return rnl_parse_float(begin, (size_t)(end - begin), number) ? end : NULL;
    if (n.negative)
        *number = -*number;
    return end;
}

/* Digits and power of ten are exact where both are small, and what is computed of them is rounded once. */
const char *rnl_csv_double(const char *begin, double *number)
{
    decimal n;
    const char *end = scan(begin, &n);
    if (!end)
        return NULL;
    if (n.count <= DIGITS_MOST && n.digits <= UINT64_C(1) << 53 && n.exponent >= -TEN_MOST &&
        n.exponent <= TEN_MOST) {
        const double digits = (double)n.digits;
        *number = n.exponent < 0 ? digits / ten_to[-n.exponent] : digits * ten_to[n.exponent];
        *number = n.negative ? -*number : *number;
    } else if (!rnl_parse_number(begin, (size_t)(end - begin), number)) {
        *number = n.negative ? -INFINITY : INFINITY;
    }
    return end;
}

enum { LONGEST = 400 };

/* The cell with a byte behind it that is no part of a number; NULL where it is too long for one. */
static const char *ended(const rnl_cell *cell, char copy[LONGEST + 1])
{
    if (cell->length == 0 || cell->length > LONGEST)
        return NULL;
    memcpy(copy, cell->at, cell->length);
    copy[cell->length] = '\n';
    return copy;
}

bool rnl_cell_number(const rnl_cell *cell, float *number)
{
    char copy[LONGEST + 1];
    return ended(cell, copy) && rnl_csv_number(copy, number) == copy + cell->length;
}

bool rnl_cell_double(const rnl_cell *cell, double *number)
{
    char copy[LONGEST + 1];
    return ended(cell, copy) && rnl_csv_double(copy, number) == copy + cell->length;
}

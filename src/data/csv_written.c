/* csv_written.c - numbers as people and spreadsheets write them: 3,14   1.234,5   1,234.5   12,3 %   */
#include "data/csv.h"

#include <string.h>

static size_t count_digits(const char *p, const char *end)
{
    size_t n = 0;
    while (p + n < end && p[n] >= '0' && p[n] <= '9')
        n++;
    return n;
}

/* -1,234,567.8: one to three digits, then three behind each mark; `point` is the decimal sign. */
static bool read_grouped(const rnl_cell *cell, char mark, char point, char *text)
{
    const char *p = cell->at, *end = p + cell->length;
    float number;
    size_t used = 0, n, marks = 0;
    if (p < end && (*p == '-' || *p == '+'))
        text[used++] = *p++;
    n = count_digits(p, end);
    if (n == 0 || n > 3 || *p == '0')
        return false;
    for (;; marks++) {
        memcpy(text + used, p, n);
        used += n;
        p += n;
        if (p == end || *p != mark)
            break;
        n = count_digits(++p, end);
        if (n != 3)
            return false;
    }
    const size_t whole = used;
    memcpy(text + used, p, (size_t)(end - p));
    used += (size_t)(end - p);
    if (whole < used && text[whole] == point)
        text[whole] = '.';
    return marks > 0 && rnl_cell_number(&(rnl_cell){text, used, false}, &number);
}

/* 1,5: the comma stands for a point. With a point between thousands: 1.234,5 or 1.234.567, but not 1.234. */
static bool read_decimal(const rnl_cell *cell, char *text)
{
    float number;
    const char *comma = memchr(cell->at, ',', cell->length);
    if (memchr(cell->at, '.', cell->length))
        return !rnl_cell_number(cell, &number) && read_grouped(cell, '.', ',', text);
    if (!comma)
        return false;
    memcpy(text, cell->at, cell->length);
    text[comma - cell->at] = '.';
    return rnl_cell_number(&(rnl_cell){text, cell->length, false}, &number);
}

bool rnl_cell_comma_number(const rnl_cell *cell, rnl_comma_number *readings)
{
    *readings = (rnl_comma_number){0};
    if (cell->length >= RNL_CELL_SHOWN)
        return false;
    if (!read_decimal(cell, readings->decimal))
        memset(readings->decimal, 0, sizeof readings->decimal);
    if (!read_grouped(cell, ',', '.', readings->grouped))
        memset(readings->grouped, 0, sizeof readings->grouped);
    return *readings->decimal || *readings->grouped;
}

bool rnl_cell_drop_percent(rnl_cell *cell)
{
    static const char *const blanks[] = {" ", "\xc2\xa0", "\xe2\x80\xaf"}; /* of any width */
    if (cell->length == 0 || cell->at[cell->length - 1] != '%')
        return false;
    cell->length--;
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        const size_t n = strlen(blanks[i]);
        if (cell->length > n && memcmp(cell->at + cell->length - n, blanks[i], n) == 0) {
            cell->length -= n;
            break;
        }
    }
    return true;
}

rnl_decimal_sign rnl_cell_decimal_sign(const rnl_cell *cell, double *number)
{
    rnl_comma_number readings;
    char grouped[RNL_CELL_SHOWN] = "";
    if (rnl_cell_double(cell, number)) {
        const bool has_point = memchr(cell->at, '.', cell->length) != NULL;
        if (!has_point || (cell->length < sizeof grouped && read_grouped(cell, '.', ',', grouped)))
            return RNL_SIGN_EITHER;
        return RNL_SIGN_POINT;
    }
    if (!rnl_cell_comma_number(cell, &readings))
        return RNL_SIGN_NO_NUMBER;
    const char *reading = *readings.decimal ? readings.decimal : readings.grouped;
    rnl_cell_double(&(rnl_cell){reading, strlen(reading), false}, number);
    return !*readings.grouped   ? RNL_SIGN_COMMA
           : !*readings.decimal ? RNL_SIGN_POINT
                                : RNL_SIGN_UNCLEAR;
}

bool rnl_cell_means_number(const rnl_cell *cell)
{
    double number;
    rnl_cell bare = *cell;
    rnl_cell_drop_percent(&bare);
    return rnl_cell_decimal_sign(&bare, &number) != RNL_SIGN_NO_NUMBER;
}

bool rnl_cell_plain(const rnl_cell *cell, rnl_written how, rnl_comma_number *room, rnl_cell *plain)
{
    *plain = *cell;
    if (rnl_cell_drop_percent(plain) != how.percent)
        return false;
    if (!how.comma ||
        !(memchr(plain->at, ',', plain->length) || memchr(plain->at, '.', plain->length)))
        return true;
    if (!rnl_cell_comma_number(plain, room) || !*room->decimal)
        return false;
    *plain = (rnl_cell){room->decimal, strlen(room->decimal), false};
    return true;
}

/* phrase.c - settings in words: a name and the numbers behind it */
#include "base/phrase.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

rnl_piece rnl_piece_trim(rnl_piece p)
{
    while (p.length && is_blank(*p.at))
        p.at++, p.length--;
    while (p.length && is_blank(p.at[p.length - 1]))
        p.length--;
    return p;
}

rnl_piece rnl_piece_cut(rnl_piece *rest, char separator)
{
    size_t n = 0;
    while (n < rest->length &&
           !(separator == ' ' ? is_blank(rest->at[n]) : rest->at[n] == separator))
        n++;
    const rnl_piece front = {rest->at, n};
    const size_t used = n < rest->length ? n + 1 : n;
    rest->at += used;
    rest->length -= used;
    return front;
}

bool rnl_piece_is(rnl_piece piece, const char *text)
{
    return strlen(text) == piece.length && memcmp(text, piece.at, piece.length) == 0;
}

bool rnl_piece_nearly(rnl_piece piece, const char *name)
{
    const char *at = piece.at;
    const size_t n = piece.length, m = strlen(name);
    size_t front = 0, back = 0; /* letters that agree */
    while (front < n && front < m && strncasecmp(at + front, name + front, 1) == 0)
        front++;
    while (back < n - front && back < m - front &&
           strncasecmp(at + n - 1 - back, name + m - 1 - back, 1) == 0)
        back++;
    const size_t left = n - front - back, wanted = m - front - back;
    if (m < 3)
        return left == 0 && wanted == 0;
    return (left <= 1 && wanted <= 1) ||
           (left == 2 && wanted == 2 && strncasecmp(at + front, name + front + 1, 1) == 0 &&
            strncasecmp(at + front + 1, name + front, 1) == 0);
}

const char *rnl_piece_show(rnl_piece piece, char text[RNL_PIECE_SHOWN])
{
    char copy[2 * RNL_PIECE_SHOWN];
    const size_t length = piece.length < sizeof copy ? piece.length : sizeof copy - 1;
    memcpy(copy, piece.at, length);
    copy[length] = '\0';
    rnl_text_clean(text, RNL_PIECE_SHOWN, copy);
    return text;
}

static bool in_range(const rnl_arg *arg, double number)
{
    return number >= arg->min && (arg->below_max ? number < arg->max : number <= arg->max) &&
           !(arg->integer && number != (double)(long long)number);
}

static rnl_status fail_number(const char *before, const char *name, const rnl_arg *arg,
                              rnl_piece word)
{
    char min[32], max[32], shown[RNL_PIECE_SHOWN];
    rnl_format_number(min, sizeof min, arg->min, 10);
    rnl_format_number(max, sizeof max, arg->max, 10);
    return rnl_fail(RNL_ERR_USAGE, "%sthe %s of %s is a%s number from %s to %s%s, not \"%s\"",
                    before, arg->name, name, arg->integer ? " whole" : "", min,
                    arg->below_max ? "below " : "", max, rnl_piece_show(word, shown));
}

rnl_status rnl_parse_args(rnl_piece rest, const char *before, const char *name,
                          const rnl_arg *known, size_t most, double *arg, size_t *given)
{
    static const char *const counts[] = {"no numbers", "one number", "at most two numbers",
                                         "at most three numbers", "at most four numbers"};
    char shown[RNL_PIECE_SHOWN];
    size_t count = 0;
    for (rest = rnl_piece_trim(rest); rest.length; rest = rnl_piece_trim(rest)) {
        const rnl_piece word = rnl_piece_cut(&rest, ' ');
        RNL_FAIL_IF(count == most, RNL_ERR_USAGE, "%s%s takes %s, but \"%s\" follows", before, name,
                    counts[most], rnl_piece_show(word, shown));
        double number;
        if (!rnl_parse_number(word.at, word.length, &number) || !in_range(&known[count], number))
            return fail_number(before, name, &known[count], word);
        arg[count++] = number;
    }
    *given = count;
    for (size_t k = count; k < most; k++)
        arg[k] = known[k].otherwise;
    return RNL_OK;
}

/* "1e-08" -> "1e-8" */
static void shorten_exponent(char *digits)
{
    char *at = strchr(digits, 'e');
    if (!at)
        return;
    at += at[1] == '-' ? 2 : 1;
    const char *rest = at;
    while (*rest == '+' || *rest == '0')
        rest++;
    memmove(at, rest, strlen(rest) + 1);
}

void rnl_text_add_number(rnl_text *text, double number)
{
    char digits[32] = "";
    double read = 0;
    const bool whole = number == floor(number) && fabs(number) < 1e7;
    for (int precision = whole ? 7 : 1; precision <= 17; precision++) {
        rnl_format_number(digits, sizeof digits, number, precision);
        if (rnl_parse_number(digits, strlen(digits), &read) && read == number)
            break;
    }
    shorten_exponent(digits);
    rnl_text_add(text, " %s", digits);
}

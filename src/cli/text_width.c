/* text_width.c - how wide a text is on a terminal, for the columns of tables
 *
 * wcwidth() would need a locale, and the program never sets one. The ranges are those of Unicode's East Asian wide
 * characters, and of combining marks, as far as names of classes and columns have them. */
#include "text_width.h"

#include "cli.h"

#include <stdint.h>

typedef struct range {
    uint32_t first, last;
} range;

static const range wide[] = {
    {0x1100, 0x115f},   /* Hangul, first letters of a syllable */
    {0x2e80, 0x303e},   /* radicals, punctuation */
    {0x3041, 0xa4cf},   /* Kana, Han, Yi */
    {0xa960, 0xa97f},   /* Hangul, old first letters */
    {0xac00, 0xd7a3},   /* Hangul syllables */
    {0xf900, 0xfaff},   /* Han, for compatibility */
    {0xfe30, 0xfe6f},   /* vertical and small forms */
    {0xff01, 0xff60},   /* full width forms */
    {0xffe0, 0xffe6},   /* and their signs */
    {0x1f300, 0x1f64f}, /* pictographs */
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}, /* Han, more of it */
};

static const range none[] = {
    {0x0300, 0x036f}, /* accents */
    {0x1160, 0x11ff}, /* Hangul, what follows in a syllable: macOS writes names of files so */
    {0x200b, 0x200f}, /* blanks without a width, directions */
    {0x20d0, 0x20ff}, /* marks for symbols */
    {0xfe00, 0xfe0f}, /* variants */
};

static bool lies_in(uint32_t c, const range *r, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

/* The character at the text's beginning and its bytes; a byte that is no UTF-8 counts as a character. */
static uint32_t first_of(const char *text, size_t *bytes)
{
    const uint8_t *p = (const uint8_t *)text;
    const size_t n = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    *bytes = 1;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return p[0];
        c = c << 6 | (p[i] & 0x3fu);
    }
    *bytes = n;
    return c;
}

static size_t width_of(uint32_t c)
{
    if (lies_in(c, none, sizeof none / sizeof none[0]))
        return 0;
    return lies_in(c, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

size_t cli_text_width(const char *text)
{
    size_t width = 0, bytes;
    for (; *text; text += bytes)
        width += width_of(first_of(text, &bytes));
    return width;
}

void cli_cut_text(char *text, size_t width)
{
    size_t used = 0, bytes;
    for (; *text; text += bytes) {
        used += width_of(first_of(text, &bytes));
        if (used > width) {
            *text = '\0';
            return;
        }
    }
}

void cli_print_padded(const char *text, size_t width)
{
    const size_t used = cli_text_width(text);
    cli_print_safely(text);
    if (used < width)
        cli_print("%*s", (int)(width - used), "");
}

/* nearest.c - what a mistyped word was probably meant to be */
#include "options.h"

#include <string.h>
#include <strings.h>

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, remove, replace or swap with their neighbour to turn a into b (optimal string
 * alignment). Both are at most LONGEST long. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    size_t d[LONGEST + 1][LONGEST + 1]; /* d[i][j]: between the first i of a and the first j of b */
    for (size_t i = 0; i <= n; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            size_t replaced = d[i - 1][j - 1] + (strncasecmp(a + i - 1, b + j - 1, 1) != 0);
            d[i][j] = least(replaced, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}

const char *cli_nearest(const char *typed, const char *const *candidates)
{
    const char *best = NULL;
    size_t n = strlen(typed), best_distance = SIZE_MAX;
    if (n == 0 || n > LONGEST)
        return NULL;
    for (; *candidates; candidates++) {
        size_t m = strlen(*candidates);
        if (m > LONGEST)
            continue;
        size_t distance = edit_distance(typed, *candidates);
        /* one mistake in three letters; or an abbreviation, or a word with something added */
        bool near = distance <= least(n, m) / 3 + (least(n, m) < 3);
        bool begins = n >= 3 && m >= 3 && strncmp(typed, *candidates, least(n, m)) == 0;
        if ((near || begins) && distance < best_distance) {
            best = *candidates;
            best_distance = distance;
        }
    }
    return best;
}

/* sweep_space.c - what a sweep tries
 *
 *   try    = name "=" values
 *   values = [ "log" ] number ".." number      a range; of a whole number's option, whole numbers
 *          | text { "|" text }                 each of them
 *
 * Lists alone are a grid: trial t has the digits of t in the mixed base of their lengths, the last one fastest.
 * Drawn values are functions of the seed, the trial and the name: with more trials, the first ones stay. */
#include "net_digest.h"
#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading --try ------------------------------------------------------------------------------------- */

static char *trimmed(const char *text, size_t length)
{
    while (length > 0 && *text == ' ')
        text++, length--;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return cli_text("%.*s", (int)length, text);
}

static int refuse(const char *word, const char *found)
{
    cli_error("--try '%s': expected NAME=LOW..HIGH, NAME=log LOW..HIGH or NAME=A | B, as "
              "'lr=log 0.01..1'; %s",
              word, found);
    return CLI_WRONG_USAGE;
}

static void read_list(cli_dimension *d, const char *values)
{
    size_t count = 1;
    for (const char *at = values; *at; at++)
        count += *at == '|';
    d->choice = cli_alloc(count, sizeof *d->choice);
    for (const char *at = values; d->choices < count; d->choices++) {
        const size_t length = strcspn(at, "|");
        d->choice[d->choices] = trimmed(at, length);
        at += length + 1;
    }
}

/* May a value of this option hold a comma? */
static bool takes_comma(const cli_option *o, const char *value)
{
    static const char *const no_list[] = {"optimizer", "init"};
    if (o->kind != CLI_TEXT)
        return false;
    for (size_t i = 0; i < sizeof no_list / sizeof no_list[0]; i++)
        if (strcmp(o->name, no_list[i]) == 0)
            return false;
    return strcmp(o->name, "schedule") != 0 || strncmp(value, "warmup", strlen("warmup")) == 0;
}

/* Commas where | was meant. */
static int refuse_commas(const cli_option *o, const char *word, const char *values)
{
    char *meant = NULL;
    for (const char *at = values; *at; at += *at != '\0') {
        const size_t length = strcspn(at, ",|");
        char *value = trimmed(at, length);
        if (*value) {
            char *longer = meant ? cli_text("%s | %s", meant, value) : cli_text("%s", value);
            free(meant);
            meant = longer;
        }
        free(value);
        at += length;
    }
    cli_error("--try '%s': found a comma, but values are separated by |, as '%s=%s'%s", word,
              o->name, meant ? meant : "A | B",
              o->kind == CLI_REAL ? "; the decimal sign is a point" : "");
    free(meant);
    return CLI_WRONG_USAGE;
}

static bool read_number(const char *text, double *number)
{
    char *end;
    if (*text == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

static int read_range(cli_dimension *d, const char *word, const char *values)
{
    const char *dots = strstr(values, "..");
    d->is_log = strncmp(values, "log ", 4) == 0;
    const char *begin = values + (d->is_log ? 4 : 0);
    char *low = trimmed(begin, (size_t)(dots - begin)), *high = trimmed(dots + 2, strlen(dots + 2));
    const bool numbers = read_number(low, &d->low) && read_number(high, &d->high);
    free(low);
    free(high);
    if (!numbers)
        return refuse(word, "found no numbers on both sides of the two points");
    if (!(d->low < d->high))
        return refuse(word, "the first number must be below the second");
    if (d->is_log && !(d->low > 0))
        return refuse(word, "an even draw in the logarithm needs numbers above 0");
    if (d->is_whole &&
        (d->low != floor(d->low) || d->high != floor(d->high) || d->low < 0 || d->high > 1e15))
        return refuse(word, "this option takes whole numbers");
    return -1;
}

/* All runs start from the same, and the seeds have an option of their own. */
static int check_name(const cli_sweep_plan *s, const cli_dimension *d, const cli_option **found)
{
    const cli_usage *usage = &s->base.usage;
    for (size_t i = 0; i < usage->count; i++)
        if (strcmp(usage->options[i].name, d->name) == 0)
            *found = &usage->options[i];
    if (!*found)
        return cli_set((cli_usage *)usage, d->name, ""); /* says so */
    const bool seed = strcmp(d->name, "seed") == 0;
    if ((*found)->shapes != CLI_TRAINING || (*found)->kind == CLI_FLAG || seed) {
        cli_error("--try %s: that is one for all runs%s", d->name,
                  seed ? "; --seeds N tries several" : "");
        return CLI_WRONG_USAGE;
    }
    if ((*found)->given) {
        cli_error("--%s is given, and --try says what to try for it: leave out one of them",
                  d->name);
        return CLI_WRONG_USAGE;
    }
    for (const cli_dimension *other = s->dimension; other < d; other++) {
        if (strcmp(other->name, d->name) == 0) {
            cli_error("--try %s: given twice", d->name);
            return CLI_WRONG_USAGE;
        }
    }
    return -1;
}

static int read_try(const cli_sweep_plan *s, cli_dimension *d, const char *word)
{
    const cli_option *option = NULL;
    const size_t name = strcspn(word, "=");
    if (word[name] == '\0' || name == 0)
        return refuse(word, "found no =");
    const char *values = word + name + 1;
    d->name = trimmed(word, name);
    if (strncmp(d->name, "--", 2) == 0)
        memmove(d->name, d->name + 2, strlen(d->name + 2) + 1);
    int end = check_name(s, d, &option);
    if (end >= 0)
        return end;
    values += strspn(values, " ");
    d->is_whole = option->kind == CLI_INT || option->kind == CLI_SIZE || option->kind == CLI_U64 ||
                  option->or_whole;
    const bool number = d->is_whole || option->kind == CLI_REAL;
    if (number && strstr(values, "..") && !strchr(values, '|'))
        return read_range(d, word, values);
    read_list(d, values);
    for (size_t c = 0; c < d->choices; c++) {
        if (!*d->choice[c])
            return refuse(word, "found an empty value");
        if (strchr(d->choice[c], ',') && !takes_comma(option, d->choice[c]))
            return refuse_commas(option, word, values);
    }
    return -1;
}

int cli_sweep_read_tries(cli_sweep_plan *s)
{
    if (s->options.tries.count == 0) {
        cli_error("what shall be tried? --try \"lr=log 0.01..1\"");
        return CLI_WRONG_USAGE;
    }
    s->dimension = cli_alloc(s->options.tries.count, sizeof *s->dimension);
    for (; s->dimensions < s->options.tries.count; s->dimensions++) {
        const int end =
            read_try(s, &s->dimension[s->dimensions], s->options.tries.at[s->dimensions]);
        if (end >= 0) {
            s->dimensions++; /* to be freed */
            return end;
        }
    }
    return -1;
}

/* ---- the trials ------------------------------------------------------------------------------------------ */

/* From 0 to below 1 */
static double draw(const cli_sweep_plan *s, size_t trial, const char *name)
{
    uint64_t hash = cli_mix(cli_mix(s->base.seed) + trial);
    for (; *name; name++)
        hash = cli_mix(hash ^ (unsigned char)*name);
    return (double)(hash >> 11) * 0x1p-53;
}

/* Numbers that one can read and say again: of three digits, or as many as tell a hundred of them apart in a range. */
static int digits_of(const cli_dimension *d, double x)
{
    const double part = (d->is_log ? x * log(d->high / d->low) : d->high - d->low) / 100;
    int digits = 3;
    while (digits < 15 && pow(10, floor(log10(fabs(x))) + 1 - digits) > part)
        digits++;
    return digits;
}

static char *drawn_value(const cli_dimension *d, double u)
{
    char text[CLI_NUMBER], rounded[CLI_NUMBER];
    if (d->choices) {
        const size_t c = (size_t)(u * (double)d->choices);
        return cli_text("%s", d->choice[c < d->choices ? c : d->choices - 1]);
    }
    const double top = d->is_whole && !d->is_log ? d->high + 1 : d->high;
    double x = d->is_log ? d->low * pow(top / d->low, u) : d->low + u * (top - d->low);
    if (d->is_whole) {
        x = d->is_log ? round(x) : floor(x);
        return cli_text("%.0f", fmin(fmax(x, d->low), d->high));
    }
    snprintf(rounded, sizeof rounded, "%.*g", x != 0 ? digits_of(d, x) : 3, x);
    x = fmin(fmax(strtod(rounded, NULL), d->low), d->high);
    return cli_text("%s", cli_number(x, text));
}

static void make_drawn(cli_sweep_plan *s)
{
    for (size_t t = 0; t < s->trials; t++)
        for (size_t k = 0; k < s->dimensions; k++)
            s->value[t * s->dimensions + k] =
                drawn_value(&s->dimension[k], draw(s, t, s->dimension[k].name));
}

/* The whole grid, or s->trials of it: `grid` cells, of which each one is taken with the share that is still
 * wanted of those that are left. */
static void make_grid(cli_sweep_plan *s, size_t grid)
{
    size_t made = 0;
    for (size_t cell = 0; cell < grid && made < s->trials; cell++) {
        const double share = (double)(s->trials - made) / (double)(grid - cell);
        if (share < 1 && draw(s, cell, "grid") >= share)
            continue;
        size_t rest = cell;
        for (size_t k = s->dimensions; k-- > 0;) {
            const cli_dimension *d = &s->dimension[k];
            s->value[made * s->dimensions + k] = cli_text("%s", d->choice[rest % d->choices]);
            rest /= d->choices;
        }
        made++;
    }
}

int cli_sweep_make_trials(cli_sweep_plan *s)
{
    enum { GRID_MOST = 1000000 };
    bool lists = true;
    size_t grid = 1;
    for (size_t k = 0; k < s->dimensions; k++) {
        lists = lists && s->dimension[k].choices > 0;
        if (lists && grid <= GRID_MOST)
            grid *= s->dimension[k].choices <= GRID_MOST ? s->dimension[k].choices : GRID_MOST + 1;
    }
    if (lists && grid > GRID_MOST) {
        cli_error("the lists make a grid of more than %d combinations", GRID_MOST);
        return CLI_WRONG_USAGE;
    }
    s->trials = s->options.trials;
    if (lists && (!cli_given(&s->base.usage, "trials") || s->trials > grid))
        s->trials = grid;
    s->value = cli_alloc(s->trials * s->dimensions, sizeof *s->value);
    if (lists)
        make_grid(s, grid);
    else
        make_drawn(s);
    return -1;
}

void cli_sweep_free_space(cli_sweep_plan *s)
{
    for (size_t i = 0; s->value && i < s->trials * s->dimensions; i++)
        free(s->value[i]);
    free(s->value);
    for (size_t k = 0; k < s->dimensions; k++) {
        for (size_t c = 0; c < s->dimension[k].choices; c++)
            free(s->dimension[k].choice[c]);
        free(s->dimension[k].choice);
        free(s->dimension[k].name);
    }
    free(s->dimension);
}

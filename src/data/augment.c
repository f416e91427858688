/* augment.c - what may happen to pictures, as text
 *
 *   settings = phrase { "," phrase } | "none"
 *   phrase   = "shift" pixels | "rotate" degrees | "scale" share | "shear" share
 *            | "elastic" alpha [ sigma ] | "noise" deviation          each at most once
 */
#include "data/augment.h"

#include "base/phrase.h"

#include <string.h>

enum { MOST_ARGS = 2 };

typedef struct phrase {
    const char *name, *help;
    size_t least_args, max_args;
    rnl_arg arg[MOST_ARGS];
    size_t at[MOST_ARGS]; /* where in rnl_augment */
    bool for_pictures;
} phrase;

#define AT(member) offsetof(rnl_augment, member)

static const phrase phrases[] = {
    {.name = "shift",
     .help = "shift N: by up to N pixels, fractions too, left or right and up or down",
     .least_args = 1,
     .max_args = 1,
     .arg = {{.name = "number of pixels", .min = 0, .max = 1000}},
     .at = {AT(shift)},
     .for_pictures = true},
    {.name = "rotate",
     .help = "rotate D: by up to D degrees in either direction",
     .least_args = 1,
     .max_args = 1,
     .arg = {{.name = "angle", .min = 0, .max = 180}},
     .at = {AT(rotate)},
     .for_pictures = true},
    {.name = "scale",
     .help = "scale S: 1 - S to 1 + S times as wide, and as high",
     .least_args = 1,
     .max_args = 1,
     .arg = {{.name = "share", .min = 0, .max = 0.9}},
     .at = {AT(scale)},
     .for_pictures = true},
    {.name = "shear",
     .help = "shear S: slanted, each row by up to S times its distance from the middle",
     .least_args = 1,
     .max_args = 1,
     .arg = {{.name = "share", .min = 0, .max = 2}},
     .at = {AT(shear)},
     .for_pictures = true},
    {.name = "elastic",
     .help = "elastic A [S]: pixels displaced by random fields, smoothed by a Gaussian of S (4) "
             "pixels, "
             "times A",
     .least_args = 1,
     .max_args = 2,
     .arg = {{.name = "strength", .min = 0, .max = 10000},
             {.name = "smoothness", .min = 0.5, .max = 50, .otherwise = 4}},
     .at = {AT(alpha), AT(sigma)},
     .for_pictures = true},
    {.name = "noise",
     .help = "noise S: to each number that the network gets, one of standard deviation S is added",
     .least_args = 1,
     .max_args = 1,
     .arg = {{.name = "standard deviation", .min = 0, .max = 1000}},
     .at = {AT(noise)}},
};
enum { PHRASES = sizeof phrases / sizeof phrases[0] };

static const char NONE[] = "none";

const char *rnl_augment_help(size_t i)
{
    return i < PHRASES ? phrases[i].help : NULL;
}

static double *member(rnl_augment *a, const phrase *p, size_t k)
{
    return (double *)(void *)((char *)a + p->at[k]);
}

static double value(const rnl_augment *a, const phrase *p, size_t k)
{
    return *(const double *)(const void *)((const char *)a + p->at[k]);
}

static rnl_status fail_unknown(rnl_piece name)
{
    rnl_text known = {0};
    char shown[RNL_PIECE_SHOWN];
    for (size_t i = 0; i < PHRASES; i++)
        rnl_text_add(&known, "%s%s", i ? ", " : "", phrases[i].name);
    rnl_fail(RNL_ERR_USAGE, "unknown word \"%s\"; known are %s, and none alone",
             rnl_piece_show(name, shown), known.at ? known.at : "");
    rnl_free(known.at);
    return RNL_ERR_USAGE;
}

static rnl_status parse_phrase(rnl_augment *a, rnl_piece rest, bool *seen)
{
    const rnl_piece name = rnl_piece_cut(&rest, ' ');
    size_t i = 0, given;
    while (i < PHRASES && !rnl_piece_is(name, phrases[i].name))
        i++;
    if (i == PHRASES)
        return fail_unknown(name);
    const phrase *p = &phrases[i];
    double arg[MOST_ARGS];
    RNL_FAIL_IF(seen[i], RNL_ERR_USAGE, "%s stands there twice", p->name);
    seen[i] = true;
    RNL_TRY(rnl_parse_args(rest, "", p->name, p->arg, p->max_args, arg, &given));
    RNL_FAIL_IF(given < p->least_args, RNL_ERR_USAGE, "the %s is missing (%s)", p->arg[given].name,
                p->help);
    for (size_t k = 0; k < p->max_args; k++)
        *member(a, p, k) = arg[k];
    return RNL_OK;
}

static rnl_status parse(rnl_augment *a, const char *text)
{
    bool seen[PHRASES] = {false};
    rnl_piece rest = rnl_piece_trim((rnl_piece){text, strlen(text)});
    if (rnl_piece_is(rest, NONE))
        return RNL_OK;
    do {
        const size_t before = rest.length;
        const rnl_piece piece = rnl_piece_cut(&rest, ',');
        const bool comma = piece.length < before;
        RNL_TRY(parse_phrase(a, rnl_piece_trim(piece), seen));
        if (!comma)
            return RNL_OK;
    } while (true);
}

rnl_status rnl_augment_parse(rnl_augment *a, const char *text)
{
    *a = (rnl_augment){0};
    if (!text)
        return RNL_OK;
    const rnl_status status = parse(a, text);
    if (status == RNL_OK)
        return RNL_OK;
    char prefix[96];
    rnl_text_quote(prefix, sizeof prefix, "augment ", text);
    return rnl_fail_prefix(status, prefix);
}

void rnl_augment_describe(const rnl_augment *a, rnl_text *text)
{
    bool any = false;
    for (const phrase *p = phrases; p < phrases + PHRASES; p++) {
        if (!(value(a, p, 0) > 0))
            continue;
        rnl_text_add(text, "%s%s", any ? ", " : "", p->name);
        for (size_t k = 0; k < p->max_args; k++)
            rnl_text_add_number(text, value(a, p, k));
        any = true;
    }
    if (!any)
        rnl_text_add(text, NONE);
}

rnl_status rnl_augment_check(const rnl_augment *a, const rnl_dataset *set)
{
    const rnl_dataset_info *info = &set->info;
    for (const phrase *p = phrases; p < phrases + PHRASES; p++)
        RNL_FAIL_IF(p->for_pictures && value(a, p, 0) > 0 && (info->height < 2 || info->width < 2),
                    RNL_ERR_USAGE,
                    "augment: %s is for pictures, but the samples are %zux%zux%zu numbers", p->name,
                    info->channels, info->height, info->width);
    return RNL_OK;
}

/* schedule.c - learning-rate schedules: the rate of iteration i of T, from 0, as a share of its highest
 *
 *   schedule = [ "warmup" count "," ] phrase
 *   phrase   = "constant" | "step" factor count | "exponential" factor count
 *            | "linear" [ final ] | "cosine" [ final ] | "onecycle" [ share [ div [ final-div ] ] ]
 *   count    = number | number "%"            iterations, or a share of the run
 *
 * A warm-up of W iterations gives iteration i < W the share (i + 1) / W; the phrase behind it then has
 * iterations 0 to T - W of its own.
 *
 * step, exponential and cosine are PyTorch's StepLR, ExponentialLR and CosineAnnealingLR (Loshchilov and
 * Hutter, SGDR, 2016), stepped every iteration; onecycle is OneCycleLR without its cycle of the momentum
 * (Smith and Topin, Super-convergence, 2017); warm-ups are from Goyal et al., Accurate, large minibatch
 * SGD, 2017. */
#include "optim/schedule.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

struct rnl_schedule_type {
    const char *name, *help;
    size_t least_args, max_args;
    rnl_arg arg[RNL_SCHEDULE_ARGS];
    bool count[RNL_SCHEDULE_ARGS]; /* this argument counts iterations */
    bool to_the_end;               /* its shape follows from how long the run is */
    /* The share of iteration i of n. */
    double (*share)(const double *arg, double i, double n);
    /* Does it make sense for n iterations? */
    rnl_status (*check)(const double *arg, double n);
};

/* ---- the shapes ----------------------------------------------------------------------------------- */

static double constant(const double *arg, double i, double n)
{
    (void)arg, (void)i, (void)n;
    return 1;
}

/* arg: factor, every */
static double step(const double *arg, double i, double n)
{
    (void)n;
    return pow(arg[0], floor(i / arg[1]));
}

static rnl_status check_step(const double *arg, double n)
{
    RNL_FAIL_IF(arg[1] >= n, RNL_ERR_USAGE,
                "the first step comes after %.10g iterations, but there are only %.10g", arg[1], n);
    return RNL_OK;
}

/* arg: factor, every */
static double exponential(const double *arg, double i, double n)
{
    (void)n;
    return pow(arg[0], i / arg[1]);
}

/* arg: final */
static double linear(const double *arg, double i, double n)
{
    return arg[0] + (1 - arg[0]) * (1 - i / n);
}

static double half_cosine(double from, double to, double part)
{
    return to + (from - to) * (1 + cos(PI * part)) / 2;
}

/* arg: final */
static double cosine(const double *arg, double i, double n)
{
    return half_cosine(1, arg[0], i / n);
}

/* arg: share of the way up, div, final div */
static double one_cycle(const double *arg, double i, double n)
{
    const double top = arg[0] * n - 1, first = 1 / arg[1], last = first / arg[2];
    return i <= top ? half_cosine(first, 1, i / top)
                    : half_cosine(1, last, (i - top) / (n - 1 - top));
}

static rnl_status check_one_cycle(const double *arg, double n)
{
    RNL_FAIL_IF(!(arg[0] * n > 1), RNL_ERR_USAGE,
                "a rise in %g of %.10g iterations ends before it starts", arg[0], n);
    return RNL_OK;
}

#define FACTOR                                                                                     \
    {                                                                                              \
        .name = "factor", .min = 1e-12, .max = 1                                                   \
    }
#define EVERY                                                                                      \
    {                                                                                              \
        .name = "number of iterations", .min = 1, .max = 1e15, .integer = true                     \
    }
#define FINAL                                                                                      \
    {                                                                                              \
        .name = "final share", .min = 0, .max = 1                                                  \
    }

static const rnl_schedule_type types[] = {
    {.name = "constant", .help = "constant: the same rate all the time", .share = constant},
    {.name = "step",
     .help = "step F N: times F after every N iterations",
     .least_args = 2,
     .max_args = 2,
     .arg = {FACTOR, EVERY},
     .count = {false, true},
     .share = step,
     .check = check_step},
    {.name = "exponential",
     .help = "exponential F N: times F every N iterations, a little in each",
     .least_args = 2,
     .max_args = 2,
     .arg = {FACTOR, EVERY},
     .count = {false, true},
     .share = exponential},
    {.name = "linear",
     .help = "linear [F]: on a straight line to F (0) times the rate, at the end",
     .max_args = 1,
     .arg = {FINAL},
     .to_the_end = true,
     .share = linear},
    {.name = "cosine",
     .help = "cosine [F]: half a cosine down to F (0) times the rate, at the end",
     .max_args = 1,
     .arg = {FINAL},
     .to_the_end = true,
     .share = cosine},
    {.name = "onecycle",
     .help = "onecycle [S [D [E]]]: up from 1/D (25) of the rate in the first S (0.3) of the run, "
             "then down to 1/D/E (1e4) of it",
     .max_args = 3,
     .arg = {{.name = "share of the way up",
              .min = 1e-6,
              .max = 1,
              .below_max = true,
              .otherwise = 0.3},
             {.name = "first divisor", .min = 1, .max = 1e12, .otherwise = 25},
             {.name = "last divisor", .min = 1, .max = 1e12, .otherwise = 1e4}},
     .to_the_end = true,
     .share = one_cycle,
     .check = check_one_cycle},
};
enum { TYPES = sizeof types / sizeof types[0] };

static const rnl_schedule_type warmup = {
    .name = "warmup",
    .help = "warmup N, ...: from 1/N of the rate to all of it in N iterations, then another one",
    .least_args = 1,
    .max_args = 1,
    .arg = {EVERY},
    .count = {true}};

const char *rnl_schedule_help(size_t i)
{
    return i < TYPES ? types[i].help : (i == TYPES ? warmup.help : NULL);
}

/* ---- text ----------------------------------------------------------------------------------------- */

static rnl_status fail_unknown(rnl_piece name)
{
    rnl_text known = {0};
    char shown[RNL_PIECE_SHOWN];
    for (size_t i = 0; i < TYPES; i++)
        rnl_text_add(&known, "%s%s", i ? ", " : "", types[i].name);
    rnl_fail(RNL_ERR_USAGE, "unknown schedule \"%s\"; known are %s, and warmup before another",
             rnl_piece_show(name, shown), known.at ? known.at : "");
    rnl_free(known.at);
    return RNL_ERR_USAGE;
}

/* As RNL_NEVER has it. */
static bool is_endless(double iterations)
{
    return iterations >= 0x1p64;
}

/* "5%" of the run, as a number of iterations, at least 1; false where it is no share. */
static bool parse_share(rnl_piece word, double iterations, double *number)
{
    double percent;
    if (word.length < 2 || word.at[word.length - 1] != '%' ||
        !rnl_parse_number(word.at, word.length - 1, &percent) || !(percent > 0) || percent > 100)
        return false;
    *number = fmax(1, round(percent / 100 * iterations));
    return true;
}

static rnl_status parse_phrase(rnl_piece rest, const rnl_schedule_type *type, double iterations,
                               double *arg)
{
    size_t given = 0;
    for (rest = rnl_piece_trim(rest); rest.length && given < type->max_args;
         rest = rnl_piece_trim(rest), given++) {
        const rnl_piece word = rnl_piece_cut(&rest, ' ');
        size_t one;
        RNL_FAIL_IF(type->count[given] && word.at[word.length - 1] == '%' && is_endless(iterations),
                    RNL_ERR_USAGE, "a run without an end has no shares");
        if (!type->count[given] || !parse_share(word, iterations, &arg[given]))
            RNL_TRY(rnl_parse_args(word, "", type->name, &type->arg[given], 1, &arg[given], &one));
    }
    char shown[RNL_PIECE_SHOWN];
    RNL_FAIL_IF(rest.length, RNL_ERR_USAGE, "\"%s\" is too much for %s",
                rnl_piece_show(rest, shown), type->name);
    RNL_FAIL_IF(given < type->least_args, RNL_ERR_USAGE, "the %s is missing (%s)",
                type->arg[given].name, type->help);
    for (size_t k = given; k < type->max_args; k++)
        arg[k] = type->arg[k].otherwise;
    return RNL_OK;
}

static rnl_status parse(rnl_schedule *s, rnl_piece rest)
{
    rnl_piece phrase = rnl_piece_trim(rnl_piece_cut(&rest, ','));
    rnl_piece words = phrase, name = rnl_piece_cut(&words, ' ');
    const bool warm = rnl_piece_is(name, warmup.name);
    if (warm) {
        RNL_TRY(parse_phrase(words, &warmup, s->iterations, &s->warmup));
        RNL_FAIL_IF(s->warmup >= s->iterations, RNL_ERR_USAGE,
                    "a warm-up of %.10g iterations leaves nothing of a run of %.10g", s->warmup,
                    s->iterations);
        phrase = rnl_piece_trim(rnl_piece_cut(&rest, ','));
        if (!phrase.length && !rest.length)
            return RNL_OK; /* constant after the warm-up */
        words = phrase;
        name = rnl_piece_cut(&words, ' ');
    }
    s->type = NULL;
    for (size_t i = 0; i < TYPES; i++)
        if (rnl_piece_is(name, types[i].name))
            s->type = &types[i];
    if (!s->type)
        return fail_unknown(name);
    RNL_FAIL_IF(s->type->to_the_end && is_endless(s->iterations), RNL_ERR_USAGE,
                "%s is drawn over the whole run, and this one has no end", s->type->name);
    RNL_FAIL_IF(warm && s->type->share == one_cycle, RNL_ERR_USAGE,
                "onecycle has its own warm-up: leave out the other");
    RNL_FAIL_IF(rest.length, RNL_ERR_USAGE, "nothing can follow %s but its numbers", s->type->name);
    RNL_TRY(parse_phrase(words, s->type, s->iterations, s->arg));
    return s->type->check ? s->type->check(s->arg, s->iterations - s->warmup) : RNL_OK;
}

rnl_status rnl_schedule_parse(rnl_schedule *s, const char *text, uint64_t iterations)
{
    *s = (rnl_schedule){.type = &types[0], .iterations = (double)iterations};
    if (!text)
        return RNL_OK;
    const rnl_status status = parse(s, (rnl_piece){text, strlen(text)});
    if (status == RNL_OK)
        return RNL_OK;
    char prefix[96];
    rnl_text_quote(prefix, sizeof prefix, "schedule ", text);
    return rnl_fail_prefix(status, prefix);
}

void rnl_schedule_describe(const rnl_schedule *s, rnl_text *text)
{
    if (s->warmup > 0)
        rnl_text_add(text, "warmup %.0f, ", s->warmup);
    rnl_text_add(text, "%s", s->type->name);
    for (size_t k = 0; k < s->type->max_args; k++)
        rnl_text_add_number(text, s->arg[k]);
}

bool rnl_schedule_is_of_the_end(const rnl_schedule *s)
{
    return s->type->to_the_end;
}

/* ---- the rate ------------------------------------------------------------------------------------- */

double rnl_schedule_rate(const rnl_schedule *s, double lr, uint64_t iteration)
{
    const double i = (double)iteration;
    if (i < s->warmup)
        return lr * ((i + 1) / s->warmup);
    return lr * s->type->share(s->arg, i - s->warmup, s->iterations - s->warmup);
}

rnl_status rnl_check_rate(double lr)
{
    RNL_FAIL_IF(!(lr >= 0) || isinf(lr), RNL_ERR_USAGE,
                "the learning rate is %g; it must be 0 or more, and finite", lr);
    return RNL_OK;
}

rnl_status rnl_learning_rate(const char *schedule, double lr, uint64_t iterations,
                             uint64_t iteration, double *rate)
{
    RNL_REFUSE_NULL(rate, "the place for the rate is");
    rnl_schedule s;
    RNL_TRY(rnl_check_rate(lr));
    RNL_FAIL_IF(iteration >= iterations, RNL_ERR_USAGE,
                "iteration %llu of %llu: they are counted from 0", (unsigned long long)iteration,
                (unsigned long long)iterations);
    RNL_TRY(rnl_schedule_parse(&s, schedule, iterations));
    *rate = rnl_schedule_rate(&s, lr, iteration);
    return RNL_OK;
}

/* options.c - parsing a verb's words by its table of options */
#include "options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what a value may be -------------------------------------------------------------------------- */

static uint64_t most_of(const cli_option *o)
{
    if (o->most)
        return o->most;
    return o->kind == CLI_INT ? INT32_MAX : o->kind == CLI_SIZE ? SIZE_MAX : UINT64_MAX;
}

/* "a whole number from 1 to 9", into text. */
static void expectation(const cli_option *o, char *text, size_t size)
{
    size_t used = 0;
    switch (o->kind) {
    case CLI_FLAG: snprintf(text, size, "no value"); break;
    case CLI_TEXT:
    case CLI_WORDS: snprintf(text, size, "%s", o->argument); break;
    case CLI_REAL:
        used = (size_t)snprintf(text, size, "%s",
                                o->positive ? "a number greater than 0" : "a number, 0 or more");
        if (o->below > 0)
            snprintf(text + used, size - used, " and below %g", o->below);
        break;
    case CLI_CHOICE:
        for (size_t i = 0; o->choices[i] && used < size; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     i == 0              ? ""
                                     : o->choices[i + 1] ? ", "
                                                         : " or ",
                                     o->choices[i]);
        break;
    case CLI_INT:
    case CLI_SIZE:
    case CLI_U64:
        if (o->most)
            snprintf(text, size, "a whole number from %llu to %llu", (unsigned long long)o->least,
                     (unsigned long long)o->most);
        else
            snprintf(text, size, "a whole number, %llu or more", (unsigned long long)o->least);
        break;
    }
}

/* "--lr 0: expected a number greater than 0" */
static int refuse(const cli_option *o, const char *word, const char *found)
{
    char expected[160];
    expectation(o, expected, sizeof expected);
    bool plain = *word && word[strcspn(word, " \t\n\"'")] == '\0';
    cli_error("--%s%s%s%s%s: expected %s%s%s", o->name, o->kind == CLI_FLAG ? "=" : " ",
              plain ? "" : "'", word, plain ? "" : "'", expected, found ? ", found " : "",
              found ? found : "");
    return CLI_WRONG_USAGE;
}

/* ---- reading values: the whole word, and in the C locale (the program never sets another) -------- */

static int read_whole(const cli_option *o, const char *word, uint64_t *value)
{
    char *end;
    if (*word == '\0' || word[strspn(word, "0123456789")] != '\0')
        return refuse(o, word, NULL);
    errno = 0;
    unsigned long long n = strtoull(word, &end, 10);
    if (errno == ERANGE || n > most_of(o))
        return refuse(o, word, o->most ? NULL : "one that is too large");
    if (n < o->least)
        return refuse(o, word, NULL);
    *value = n;
    return -1;
}

static int read_real(const cli_option *o, const char *word, double *value)
{
    char *end;
    if (strchr(word, ','))
        return refuse(o, word, "a comma (the decimal sign is a point)");
    /* strtod alone would take blanks, nan, inf and hexadecimal */
    if (*word == '\0' || word[strspn(word, "+-.0123456789eE")] != '\0')
        return refuse(o, word, NULL);
    double x = strtod(word, &end);
    if (end == word || *end != '\0')
        return refuse(o, word, NULL);
    if (!isfinite(x))
        return refuse(o, word, "one that is too large");
    if ((o->positive ? x <= 0 : x < 0) || (o->below > 0 && x >= o->below))
        return refuse(o, word, NULL);
    *value = x;
    return -1;
}

static int read_choice(const cli_option *o, const char *word)
{
    for (size_t i = 0; o->choices[i]; i++) {
        if (strcmp(word, o->choices[i]) == 0) {
            *(const char **)o->value = o->choices[i];
            return -1;
        }
    }
    const char *near = cli_nearest(word, o->choices);
    if (!near)
        return refuse(o, word, NULL);
    cli_error("--%s %s: did you mean %s?", o->name, word, near);
    return CLI_WRONG_USAGE;
}

static int read_word(const cli_option *o, const char *word)
{
    cli_words *words = o->value;
    if (*word == '\0')
        return refuse(o, word, "nothing");
    if (words->count == CLI_WORDS_MOST) {
        cli_error("--%s: given more than %d times", o->name, CLI_WORDS_MOST);
        return CLI_WRONG_USAGE;
    }
    words->at[words->count++] = word;
    return -1;
}

static int read_value(cli_option *o, const char *word)
{
    uint64_t whole = 0;
    int end = -1;
    switch (o->kind) {
    case CLI_FLAG: *(bool *)o->value = true; break;
    case CLI_TEXT:
        if (*word == '\0')
            return refuse(o, word, "nothing");
        if (o->is_list && o->given) {
            cli_error("--%s is given twice: all names go into one, as --%s %s,%s", o->name, o->name,
                      *(const char **)o->value, word);
            return CLI_WRONG_USAGE;
        }
        *(const char **)o->value = word;
        break;
    case CLI_WORDS: end = read_word(o, word); break;
    case CLI_CHOICE: end = read_choice(o, word); break;
    case CLI_REAL: end = read_real(o, word, o->value); break;
    case CLI_INT:
        end = read_whole(o, word, &whole);
        if (end < 0)
            *(int *)o->value = (int)whole;
        break;
    case CLI_SIZE:
        end = read_whole(o, word, &whole);
        if (end < 0)
            *(size_t *)o->value = (size_t)whole;
        break;
    case CLI_U64:
        end = read_whole(o, word, &whole);
        if (end < 0)
            *(uint64_t *)o->value = whole;
        break;
    }
    o->given |= end < 0;
    return end;
}

/* ---- the command line ------------------------------------------------------------------------------- */

static cli_option *find(const cli_usage *usage, const char *name, size_t length)
{
    for (size_t i = 0; i < usage->count; i++) {
        cli_option *o = &usage->options[i];
        if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
            return o;
    }
    return NULL;
}

/* The option whose name, or one of whose other names, is nearest. The names come first, so that they
 * win where both are as near. */
static const char *suggestion(const cli_usage *usage, const char *name)
{
    enum { MOST = 192 };
    const char *candidates[MOST + 1] = {"help"}, *means[MOST] = {"help"}; /* same order */
    char others[2048];
    size_t n = 1, used = 0;
    for (size_t i = 0; i < usage->count && n < MOST; i++, n++)
        candidates[n] = means[n] = usage->options[i].name;
    for (size_t i = 0; i < usage->count; i++) {
        const cli_option *o = &usage->options[i];
        if (!o->also || used + strlen(o->also) + 1 > sizeof others)
            continue;
        char *copy = strcpy(others + used, o->also), *rest = NULL;
        used += strlen(o->also) + 1;
        for (char *w = strtok_r(copy, " ", &rest); w && n < MOST; w = strtok_r(NULL, " ", &rest)) {
            candidates[n] = w;
            means[n++] = o->name;
        }
    }
    candidates[n] = NULL;
    const char *near = cli_nearest(name, candidates);
    for (size_t i = 0; near && i < n; i++)
        if (candidates[i] == near)
            return means[i];
    return NULL;
}

static int unknown(const cli_usage *usage, const char *word)
{
    char name[64];
    const char *start = word + strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(start, "="), start);
    const char *near = suggestion(usage, name);
    int length = (int)strcspn(word, "=");
    if (strcmp(name, "help") == 0)
        cli_error("%s: expected no value", word);
    else if (near)
        cli_error("unknown option %.*s; did you mean --%s?", length, word, near);
    else
        cli_error("unknown option %.*s; %s --help lists the options", length, word,
                  cli_verb_name());
    return CLI_WRONG_USAGE;
}

static bool ends_in(const char *word, const char *end)
{
    const size_t n = strlen(word), m = strlen(end);
    return n >= m && strcmp(word + n - m, end) == 0;
}

/* The option that a word without one was probably meant for. */
static const char *option_of_word(const cli_usage *usage, const char *word)
{
    const bool model = ends_in(word, ".safetensors") || ends_in(word, ".onnx");
    const bool data =
        strcmp(word, "mnist") == 0 || strcmp(word, "strokes") == 0 || access(word, F_OK) == 0;
    const char *name = model ? "from" : data ? "data" : "";
    return find(usage, name, strlen(name)) ? name : NULL;
}

static int unexpected(const cli_usage *usage, const char *word)
{
    const char *option = option_of_word(usage, word);
    if (option)
        cli_error("unexpected word '%s'; did you mean --%s %s?", word, option, word);
    else
        cli_error("unexpected word '%s'; %s --help tells what it takes", word, cli_verb_name());
    return CLI_WRONG_USAGE;
}

void cli_print_help(const cli_usage *usage); /* help.c */

int cli_parse(cli_usage *usage, int argc, char **argv)
{
    int kept = 0;
    bool options_end = false;
    /* first of all, so that help shows the defaults and not what stands left of --help */
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            cli_print_help(usage);
            return CLI_OK;
        }
    }
    for (int i = 0; i < argc; i++) {
        char *word = argv[i];
        if (options_end || word[0] != '-' || word[1] == '\0') {
            argv[kept++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_end = true;
            continue;
        }
        const char *equals = strchr(word, '=');
        size_t length = equals ? (size_t)(equals - word) : strlen(word);
        cli_option *o = word[1] == '-' ? find(usage, word + 2, length - 2) : NULL;
        if (!o)
            return unknown(usage, word);
        const char *value = equals ? equals + 1 : "";
        if (o->kind == CLI_FLAG && equals)
            return refuse(o, value, NULL);
        if (o->kind != CLI_FLAG && !equals) {
            char expected[160];
            expectation(o, expected, sizeof expected);
            if (i + 1 == argc) {
                cli_error("--%s: expected %s after it", o->name, expected);
                return CLI_WRONG_USAGE;
            }
            value = argv[++i];
            if (strncmp(value, "--", 2) == 0) {
                cli_error("--%s: expected %s after it, found the option %s", o->name, expected,
                          value);
                return CLI_WRONG_USAGE;
            }
        }
        int end = read_value(o, value);
        if (end >= 0)
            return end;
    }
    usage->words = (size_t)kept;
    if (usage->words < usage->words_least) {
        cli_error("%s", usage->missing_word);
        return CLI_WRONG_USAGE;
    }
    return usage->words > usage->words_most ? unexpected(usage, argv[usage->words_most]) : -1;
}

int cli_set(cli_usage *usage, const char *name, const char *value)
{
    cli_option *o = find(usage, name, strlen(name));
    return o ? read_value(o, value) : unknown(usage, name);
}

const cli_option *cli_option_of(const cli_usage *usage, const char *name)
{
    return find(usage, name, strlen(name));
}

bool cli_given(const cli_usage *usage, const char *name)
{
    const cli_option *o = cli_option_of(usage, name);
    return o && o->given;
}

/* ---- provenance --------------------------------------------------------------------------------------- */

/* To be freed; NULL where it has none. */
static char *value_text(const cli_option *o)
{
    char number[CLI_NUMBER];
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_WORDS: break;
    case CLI_INT: return cli_text("%d", *(int *)o->value);
    case CLI_SIZE: return cli_text("%zu", *(size_t *)o->value);
    case CLI_U64: return cli_text("%llu", (unsigned long long)*(uint64_t *)o->value);
    case CLI_REAL: return cli_text("%s", cli_number(*(double *)o->value, number));
    case CLI_CHOICE:
    case CLI_TEXT: return cli_text("%s", *(const char **)o->value);
    }
    return NULL;
}

char *cli_option_word(const cli_option *option)
{
    char *value = value_text(option);
    char *word = value ? cli_text("--%s=%s", option->name, value) : cli_text("--%s", option->name);
    free(value);
    return word;
}

char *cli_quoted(const char *word)
{
    const bool plain =
        *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-+=./:,@%")] == '\0';
    if (plain)
        return cli_text("%s", word);
    char *quoted = cli_alloc(4 * strlen(word) + 3, 1), *to = quoted;
    *to++ = '\'';
    for (; *word; word++) {
        const char *as = *word == '\'' ? "'\\''" : (char[]){*word, '\0'};
        to = stpcpy(to, as);
    }
    *to = '\'';
    return quoted;
}

char *cli_command(const cli_usage *usage, const char *verb)
{
    char *command = cli_text("%s", verb);
    for (size_t i = 0; i < usage->count; i++) {
        const cli_option *o = &usage->options[i];
        if (!o->given || o->shapes == CLI_NOTHING)
            continue;
        char *value = value_text(o), *word = value ? cli_quoted(value) : NULL;
        char *longer = cli_text("%s --%s%s%s", command, o->name, word ? " " : "", word ? word : "");
        free(word);
        free(value);
        free(command);
        command = longer;
    }
    return command;
}

void cli_names(const char *names[CLI_NAMES + 1], const char *(*name)(size_t))
{
    size_t n = 0;
    for (; n < CLI_NAMES && name(n); n++)
        names[n] = name(n);
    names[n] = NULL;
}

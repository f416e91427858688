/* checkpoint.c - the run that a checkpoint comes from: its options, and what `runnel inspect` tells of it
 *
 *   note = {"options": ["--data=people.csv", "--lr=0.1", ...], "eval_every": "50"}
 *
 * The options are those that shape the run and the places of its results. eval_every is what the run came to where the
 * option was not given: a longer run, whose own default would be another, keeps to it. */
#include "checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the note ---------------------------------------------------------------------------------------------- */

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static const char *const places[] = {"out", "history", NULL};
static const char *const lengths[] = {"iterations", "epochs", NULL};

/* No other is taken from a checkpoint, whoever wrote it. */
static bool belongs(const cli_option *o)
{
    return o->shapes != CLI_NOTHING || is_among(o->name, places) || strcmp(o->name, "every") == 0;
}

char *cli_checkpoint_note(const cli_train_settings *s)
{
    json_t *options = json_array();
    for (size_t i = 0; i < s->usage.count; i++) {
        const cli_option *o = &s->usage.options[i];
        if (!o->given || !belongs(o))
            continue;
        char *word = cli_option_word(o);
        json_array_append_new(options, cli_json_text(word));
        free(word);
    }
    char *every = cli_text("%llu", (unsigned long long)s->train.eval_every);
    json_t *note = json_pack("{so ss}", "options", options, "eval_every", every);
    char *text = json_dumps(note, JSON_COMPACT);
    char *copy = cli_text("%s", text ? text : "");
    free(text);
    free(every);
    json_decref(note);
    return copy;
}

/* The array of words, borrowed from *note; NULL where the run was begun by another program than this. */
static json_t *options_of(const rnl_checkpoint *checkpoint, json_t **note)
{
    *note = json_loads(rnl_checkpoint_note(checkpoint), JSON_REJECT_DUPLICATES, NULL);
    json_t *options = json_object_get(*note, "options");
    return json_is_array(options) ? options : NULL;
}

/* ---- options that were not given ------------------------------------------------------------------------------ */

/* A file that the checkpoint alone names is written only below this folder, and no hidden one: a checkpoint may come
 * from anywhere. */
static bool is_tame(const char *path)
{
    const char *part = path;
    for (; part; part = strchr(part, '/'), part = part ? part + 1 : NULL)
        if (*part == '/' || *part == '.' || *part == '\0')
            return false;
    return true;
}

static int refuse_place(const cli_train_settings *s, const char *name, const char *path)
{
    cli_error("--resume %s: its run wrote --%s %s, outside of this folder: give --%s again",
              s->train.resume, name, path, name);
    return CLI_WRONG_USAGE;
}

/* Whether how long the run is was said anew. */
static bool has_other_length(const cli_train_settings *s, const json_t *options)
{
    for (size_t k = 0; lengths[k]; k++) {
        const cli_option *o = cli_option_of(&s->usage, lengths[k]);
        if (!o->given)
            continue;
        char *word = cli_option_word(o);
        bool same = false;
        for (size_t i = 0; i < json_array_size(options); i++) {
            const char *theirs = json_string_value(json_array_get(options, i));
            same |= theirs && strcmp(theirs, word) == 0;
        }
        free(word);
        return !same;
    }
    return false;
}

/* "--lr=0.1", which the option's value borrows */
static int take_option(cli_train_settings *s, const char *word, bool *taken)
{
    char name[64];
    const char *start = word + strspn(word, "-"), *equals = strchr(start, '=');
    snprintf(name, sizeof name, "%.*s", (int)strcspn(start, "="), start);
    const cli_option *o = cli_option_of(&s->usage, name);
    if (!o || !belongs(o) || (o->kind == CLI_FLAG) != !equals) {
        cli_error("--resume %s: it has the option --%s, which this version of runnel does not take "
                  "from a checkpoint",
                  s->train.resume, name);
        return CLI_FAILED;
    }
    if (cli_train_given(s, name))
        return -1;
    const char *value = equals ? equals + 1 : "";
    if (is_among(name, places) && strcmp(value, "none") != 0 && !is_tame(value))
        return refuse_place(s, name, value);
    *taken = true;
    return cli_set(&s->usage, name, value);
}

static int take_options(cli_train_settings *s, const json_t *note, const json_t *options)
{
    const char *eval_every = json_string_value(json_object_get(note, "eval_every"));
    const bool longer = has_other_length(s, options);
    bool taken = false;
    int end = -1;
    for (size_t i = 0; i < json_array_size(options) && end < 0; i++) {
        const char *word = json_string_value(json_array_get(options, i));
        end = word ? take_option(s, word, &taken) : -1;
    }
    if (end < 0 && longer && eval_every && !cli_given(&s->usage, "eval-every")) {
        taken = true;
        end = cli_set(&s->usage, "eval-every", eval_every);
    }
    if (end < 0 && taken) {
        char *command = cli_command(&s->usage, cli_verb_name());
        cli_message("command  %s", command);
        free(command);
    }
    return end;
}

int cli_checkpoint_options(cli_train_settings *s)
{
    rnl_checkpoint *checkpoint;
    json_t *note = NULL;
    const rnl_status status = rnl_checkpoint_open(&checkpoint, s->train.resume);
    if (status != RNL_OK)
        return cli_library_error(status, NULL);
    const json_t *options = options_of(checkpoint, &note);
    const int end = options ? take_options(s, note, options) : -1;
    s->resumed = note;
    rnl_checkpoint_free(&checkpoint);
    return end;
}

/* ---- what stands in it -------------------------------------------------------------------------------------------- */

bool cli_is_checkpoint(const char *path)
{
    static const char magic[] = "RNLCKPT";
    char first[sizeof magic - 1];
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return false;
    FILE *f = fopen(path, "rb");
    const bool read = f && fread(first, sizeof first, 1, f) == 1;
    if (f)
        fclose(f);
    return read && memcmp(first, magic, sizeof first) == 0;
}

enum { SCORES = 4 };

typedef struct score {
    const char *name;
    double value; /* NaN: not measured */
} score;

static void list_scores(const rnl_evaluation *e, score scores[SCORES])
{
    const score all[SCORES] = {{"train", e->train_accuracy},
                               {"validation", e->validation_accuracy},
                               {"validation_loss", e->validation_loss},
                               {"test", e->test_accuracy}};
    memcpy(scores, all, sizeof all);
}

/* The next line of *text, to be freed; NULL after the last. */
static char *next_line(const char **text)
{
    if (!**text)
        return NULL;
    const size_t length = strcspn(*text, "\n");
    char *line = cli_text("%.*s", (int)length, *text);
    *text += length + ((*text)[length] == '\n');
    return line;
}

static void print_evaluation(const rnl_evaluation *e)
{
    score scores[SCORES];
    list_scores(e, scores);
    cli_print("evaluated   after update %llu:", (unsigned long long)e->iteration);
    for (size_t k = 0; k < SCORES; k++)
        if (!isnan(scores[k].value))
            cli_print(" %s %.4f", scores[k].name, scores[k].value);
    cli_print("\n");
}

static void print_command(const json_t *options)
{
    cli_print("command     runnel train");
    for (size_t i = 0; i < json_array_size(options); i++) {
        const char *option = json_string_value(json_array_get(options, i));
        char *word = cli_quoted(option ? option : "");
        cli_print(" ");
        cli_print_safely(word);
        free(word);
    }
    cli_print("\n");
}

static void print_text(const rnl_checkpoint *c, const json_t *options)
{
    const char *settings = rnl_checkpoint_settings(c);
    cli_print("file        checkpoint\nupdates     %llu\n",
              (unsigned long long)rnl_checkpoint_iterations(c));
    if (rnl_checkpoint_evaluation(c))
        print_evaluation(rnl_checkpoint_evaluation(c));
    if (options)
        print_command(options);
    cli_print("\nwhat a run must have to go on from here\n");
    for (char *line; (line = next_line(&settings)); free(line)) {
        cli_print("  ");
        cli_print_safely(line);
        cli_print("\n");
    }
}

static json_t *evaluation_json(const rnl_evaluation *e)
{
    score scores[SCORES];
    json_t *o = json_pack("{sI}", "iteration", (json_int_t)e->iteration);
    list_scores(e, scores);
    for (size_t k = 0; k < SCORES; k++)
        json_object_set_new(o, scores[k].name, cli_json_real(scores[k].value));
    return o;
}

static void print_json(const char *path, const rnl_checkpoint *c, json_t *options)
{
    const rnl_evaluation *e = rnl_checkpoint_evaluation(c);
    const char *settings = rnl_checkpoint_settings(c);
    json_t *lines = json_object();
    for (char *line; (line = next_line(&settings)); free(line)) {
        char *value = line + strcspn(line, " ");
        if (*value)
            *value++ = '\0';
        json_object_set_new(lines, line, cli_json_text(value));
    }
    cli_print_json(json_pack("{so ss sI so sO so}", "file", cli_json_text(path), "format",
                             "checkpoint", "iterations", (json_int_t)rnl_checkpoint_iterations(c),
                             "evaluation", e ? evaluation_json(e) : json_null(), "options", options,
                             "settings", lines));
}

int cli_checkpoint_inspect(const char *path, bool json)
{
    rnl_checkpoint *c;
    json_t *note;
    const rnl_status status = rnl_checkpoint_open(&c, path);
    if (status != RNL_OK)
        return cli_library_error(status, NULL);
    json_t *options = options_of(c, &note);
    if (json)
        print_json(path, c, options ? options : json_null()); /* which is nobody's */
    else
        print_text(c, options);
    json_decref(note);
    rnl_checkpoint_free(&c);
    return CLI_OK;
}

/* sweep_table.c - the table of a sweep, and what is told of it
 *
 * A row for each run: trial, seed, the values tried, status, scores, a digest of what it started from, and the
 * command that makes it again. The command tells everything else that shapes a run, so a row with the same command
 * and the same input is the same run. Tables of older versions have no column of inputs. */
#include "sweep.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing --------------------------------------------------------------------------------------------- */

static void put_field(FILE *f, const char *text)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, f);
        return;
    }
    fputc('"', f);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', f);
        fputc(*text, f);
    }
    fputc('"', f);
}

static void put_number(FILE *f, double number)
{
    char text[CLI_NUMBER];
    fprintf(f, ",%s", isnan(number) ? "" : cli_number(number, text));
}

static void put_header(FILE *f, const cli_sweep_plan *s)
{
    fputs("trial,seed", f);
    for (size_t k = 0; k < s->dimensions; k++)
        fprintf(f, ",%s", s->dimension[k].name);
    fprintf(f, ",status,validation_%s,validation_loss,iterations,kept,seconds,input,command\n",
            s->regression ? "r2" : "accuracy");
}

static void put_row(FILE *f, const cli_sweep_plan *s, const cli_run *r)
{
    fprintf(f, "%zu,%llu", r->trial + 1, (unsigned long long)r->seed);
    for (size_t k = 0; k < s->dimensions; k++) {
        fputc(',', f);
        put_field(f, s->value[r->trial * s->dimensions + k]);
    }
    fprintf(f, ",%s", r->diverged ? "diverged" : "ok");
    put_number(f, r->accuracy);
    put_number(f, r->loss);
    fprintf(f, ",%llu,%llu,%.3f,%s,", (unsigned long long)r->iterations,
            (unsigned long long)r->kept, r->seconds, r->input ? r->input : "");
    put_field(f, r->command);
    fputc('\n', f);
}

/* The table, to be freed; NULL: no memory. */
static char *table_text(const cli_sweep_plan *s, size_t *size)
{
    char *text = NULL;
    FILE *f = open_memstream(&text, size);
    if (!f)
        return NULL;
    put_header(f, s);
    for (size_t i = 0; i < s->runs; i++)
        if (s->run[i].done)
            put_row(f, s, &s->run[i]);
    const bool failed = ferror(f) != 0;
    if (fclose(f) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

bool cli_sweep_write_table(const cli_sweep_plan *s)
{
    size_t size;
    char *text = table_text(s, &size);
    if (!text) {
        cli_error("out of memory");
        return false;
    }
    const rnl_status status = rnl_write_file(s->options.out, text, size);
    free(text);
    if (status != RNL_OK)
        cli_library_error(status, "--out");
    return status == RNL_OK;
}

/* ---- reading --------------------------------------------------------------------------------------------- */

/* The next field of a CSV text, unquoted in place; *end tells what ended it: ',', '\n' or 0. */
static char *next_field(char **at, char *end)
{
    char *from = *at, *to = *at, *field = *at;
    const bool quoted = *from == '"';
    from += quoted;
    for (; *from; from++) {
        if (quoted && *from == '"') {
            if (from[1] != '"') {
                from++;
                break;
            }
            from++;
        } else if (!quoted && (*from == ',' || *from == '\n')) {
            break;
        }
        *to++ = *from;
    }
    *end = *from;
    *at = *from ? from + 1 : from;
    *to = '\0';
    return field;
}

/* The whole file, to be freed; NULL, with errno, where that fails. */
static char *read_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    size_t size = 0, room = 1 << 16, n;
    char *text = cli_alloc(room, 1);
    while ((n = fread(text + size, 1, room - size - 1, f)) > 0) {
        size += n;
        if (size + 1 < room)
            continue;
        char *longer = cli_alloc(room *= 2, 1);
        memcpy(longer, text, size);
        free(text);
        text = longer;
    }
    const bool bad = ferror(f) != 0;
    const int error = errno;
    fclose(f);
    errno = error;
    if (bad) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

/* Beside the values tried; of these, from the status on. The last two are the input and the command. */
enum { FIELDS_BESIDE = 10, SCORES = 6 };

/* Of a row: status, accuracy, loss, iterations, kept, seconds. */
static bool take_row(cli_run *r, char *const *field)
{
    char *end;
    double number[SCORES - 1];
    r->diverged = strcmp(field[0], "diverged") == 0;
    for (size_t k = 0; k < SCORES - 1; k++) {
        number[k] = *field[k + 1] ? strtod(field[k + 1], &end) : NAN;
        if (*field[k + 1] && *end)
            return false;
    }
    if (!(number[2] >= 0) || !(number[3] >= 0) || !(number[4] >= 0) ||
        (!r->diverged && isnan(number[0])))
        return false;
    r->accuracy = number[0];
    r->loss = number[1];
    r->iterations = (uint64_t)number[2];
    r->kept = (uint64_t)number[3];
    r->seconds = number[4];
    r->done = true;
    return true;
}

static int refuse(const cli_sweep_plan *s, size_t line, const char *why)
{
    cli_error("%s:%zu: %s; another table: --out FILE", s->options.out, line, why);
    return CLI_WRONG_USAGE;
}

static int refuse_input(const cli_sweep_plan *s, size_t line)
{
    const char *from = s->base.from;
    char *why = cli_text("a run on other data than %s is now%s%s", s->base.data.data,
                         from ? ", or from another model than " : "", from ? from : "");
    const int end = refuse(s, line, why);
    free(why);
    return end;
}

/* The names of the columns; is the one of inputs among them? */
static bool read_header(char **at)
{
    bool has_input = false;
    for (char end = ','; end == ',';)
        has_input |= strcmp(next_field(at, &end), "input") == 0;
    return has_input;
}

/* One row; *at goes on to the next. */
static int read_row(cli_sweep_plan *s, char **at, size_t line, bool has_input, char **field)
{
    const size_t fields = s->dimensions + FIELDS_BESIDE - !has_input;
    size_t count = 0;
    char end = ',';
    while (end == ',') {
        char *f = next_field(at, &end);
        if (count < fields)
            field[count] = f;
        count++;
    }
    if (count != fields)
        return refuse(s, line, "no row of a table of runnel sweep with these --try");
    /* whole numbers can be drawn twice: there are several runs with one command then */
    cli_run *same = NULL;
    for (size_t i = 0; i < s->runs && (!same || same->done); i++)
        if (strcmp(s->run[i].command, field[fields - 1]) == 0)
            same = &s->run[i];
    if (!same)
        return refuse(s, line, "a run with settings that this sweep does not try");
    const char *input = has_input ? field[fields - 2] : "";
    if (*input && strcmp(input, s->input) != 0)
        return refuse_input(s, line);
    same->input = *input ? s->input : NULL;
    s->reused += !same->done;
    return take_row(same, field + 2 + s->dimensions) ? -1
                                                     : refuse(s, line, "its numbers make no sense");
}

int cli_sweep_read_table(cli_sweep_plan *s)
{
    char *text = read_text(s->options.out), *at = text;
    if (!text && errno == ENOENT)
        return -1;
    if (!text) {
        cli_error("%s: cannot read: %s", s->options.out, strerror(errno));
        return CLI_FAILED;
    }
    int result = -1;
    char **field = cli_alloc(s->dimensions + FIELDS_BESIDE, sizeof *field);
    if (strncmp(text, "trial,seed,", strlen("trial,seed,")) != 0) {
        result = refuse(
            s, 1, *text ? "is there, and is no table of runnel sweep" : "is there, and is empty");
    } else {
        const bool has_input = read_header(&at);
        for (size_t line = 2; *at && result < 0; line++)
            result = read_row(s, &at, line, has_input, field);
    }
    free(field);
    free(text);
    return result;
}

/* ---- telling ----------------------------------------------------------------------------------------------- */

json_t *cli_sweep_json(const cli_sweep_plan *s, const cli_run *r)
{
    json_t *values = json_object();
    for (size_t k = 0; k < s->dimensions; k++)
        json_object_set_new(values, s->dimension[k].name,
                            cli_json_text(s->value[r->trial * s->dimensions + k]));
    return json_pack("{ss sI sI so ss so so sI sI so so}", "event", "run", "trial",
                     (json_int_t)r->trial + 1, "seed", (json_int_t)r->seed, "values", values,
                     "status", r->diverged ? "diverged" : "ok",
                     s->regression ? "validation_r2" : "validation_accuracy",
                     cli_json_real(r->accuracy), "validation_loss", cli_json_real(r->loss),
                     "iterations", (json_int_t)r->iterations, "kept", (json_int_t)r->kept,
                     "seconds", cli_json_real(r->seconds), "command", cli_json_text(r->command));
}

/* A trial's runs together. */
typedef struct summary {
    size_t trial;
    double accuracy, loss,
        spread; /* means over the seeds, standard deviation; NaN: a run diverged */
} summary;

/* False where a run is not done. */
static bool sum_up(const cli_sweep_plan *s, size_t trial, summary *sum)
{
    const size_t seeds = s->options.seeds;
    const cli_run *run = s->run + trial * seeds;
    double squares = 0;
    *sum = (summary){.trial = trial};
    for (size_t k = 0; k < seeds; k++) {
        if (!run[k].done)
            return false;
        sum->accuracy += run[k].accuracy / (double)seeds;
        sum->loss += run[k].loss / (double)seeds;
    }
    for (size_t k = 0; k < seeds; k++)
        squares += (run[k].accuracy - sum->accuracy) * (run[k].accuracy - sum->accuracy);
    sum->spread = seeds > 1 ? sqrt(squares / (double)(seeds - 1)) : 0;
    return true;
}

/* The better first: higher accuracy, then lower loss; what diverged last. */
static int by_score(const void *one, const void *other)
{
    const summary *a = one, *b = other;
    if (isnan(a->accuracy) || isnan(b->accuracy))
        return isnan(a->accuracy) - isnan(b->accuracy) ? isnan(a->accuracy) - isnan(b->accuracy)
               : a->trial < b->trial                   ? -1
                                                       : 1;
    if (a->accuracy != b->accuracy)
        return a->accuracy > b->accuracy ? -1 : 1;
    if (a->loss != b->loss)
        return a->loss < b->loss ? -1 : 1;
    return a->trial < b->trial ? -1 : 1;
}

static void print_score(const cli_sweep_plan *s, double share)
{
    if (isnan(share))
        cli_print(" %8s", "-");
    else
        cli_print(s->regression ? " %8.4f" : " %8.2f", s->regression ? share : 100 * share);
}

static size_t width_of(const cli_sweep_plan *s, size_t k)
{
    size_t width = strlen(s->dimension[k].name);
    for (size_t t = 0; t < s->trials; t++) {
        const size_t n = strlen(s->value[t * s->dimensions + k]);
        width = n > width ? n : width;
    }
    return width < 40 ? width : 40;
}

static void print_best(const cli_sweep_plan *s, const summary *sums, size_t count)
{
    enum { SHOWN = 10 };
    const bool spread = s->options.seeds > 1;
    cli_print("trial %8s%s %9s", s->regression ? "valid R2" : "valid %", spread ? "      +-" : "",
              "loss");
    for (size_t k = 0; k < s->dimensions; k++)
        cli_print("  %-*s", k + 1 < s->dimensions ? (int)width_of(s, k) : 0, s->dimension[k].name);
    cli_print("\n");
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        cli_print("%5zu", sums[i].trial + 1);
        print_score(s, sums[i].accuracy);
        if (spread && isnan(sums[i].accuracy))
            cli_print(" %7s", "-");
        else if (spread)
            cli_print(" %7.*f", s->regression ? 4 : 2, (s->regression ? 1 : 100) * sums[i].spread);
        if (isnan(sums[i].loss))
            cli_print(" %9s", "diverged");
        else
            cli_print(" %9.4f", sums[i].loss);
        for (size_t k = 0; k < s->dimensions; k++)
            cli_print("  %-*s", k + 1 < s->dimensions ? (int)width_of(s, k) : 0,
                      s->value[sums[i].trial * s->dimensions + k]);
        cli_print("\n");
    }
    if (count > SHOWN)
        cli_print("  and %zu more\n", count - SHOWN);
}

/* A best value in the last tenth of its range: a better one may lie beyond. */
static void tell_of_ends(const cli_sweep_plan *s, size_t trial)
{
    for (size_t k = 0; k < s->dimensions; k++) {
        const cli_dimension *d = &s->dimension[k];
        const char *value = s->value[trial * s->dimensions + k];
        const double x = strtod(value, NULL);
        if (d->choices || s->trials < 5) /* of a few, one is easily there */
            continue;
        const double at =
            d->is_log ? log(x / d->low) / log(d->high / d->low) : (x - d->low) / (d->high - d->low);
        char end[CLI_NUMBER];
        if (at < 0.1 || at > 0.9)
            cli_message("note     the best %s, %s, lies at the end of its range: it may be worth "
                        "trying values %s %s",
                        d->name, value, at < 0.1 ? "below" : "above",
                        cli_number(at < 0.1 ? d->low : d->high, end));
    }
}

void cli_sweep_tell(const cli_sweep_plan *s)
{
    summary *sums = cli_alloc(s->trials, sizeof *sums);
    size_t count = 0;
    for (size_t t = 0; t < s->trials; t++)
        count += sum_up(s, t, &sums[count]);
    qsort(sums, count, sizeof *sums, by_score);
    const bool any = count > 0 && !isnan(sums[0].accuracy);
    const char *command = any ? s->run[sums[0].trial * s->options.seeds].command : NULL;
    if (s->base.json) {
        if (any)
            cli_print_json(json_pack(
                "{ss sI so so so}", "event", "best", "trial", (json_int_t)sums[0].trial + 1,
                s->regression ? "validation_r2" : "validation_accuracy",
                cli_json_real(sums[0].accuracy), "validation_loss", cli_json_real(sums[0].loss),
                "command", cli_json_text(command)));
    } else if (count > 0) {
        print_best(s, sums, count);
        if (any)
            cli_print("\nthe best:\n  %s\n", command);
        else
            cli_print("\nall of them diverged: try lower learning rates\n");
        if (any) {
            cli_flush();
            tell_of_ends(s, sums[0].trial);
        }
    } else {
        cli_message("no trial is complete");
    }
    free(sums);
}

/* checkpoint.c - a run as a file, from which it can go on to the same bits
 *
 *   file       = magic  order  settings  note  progress  numbers  check
 *   magic      = "RNLCKPT5"
 *   order      = u32 0x01020304, as this machine stores it
 *   settings   = u64 length, so many bytes: rnl_run_describe
 *   note       = u64 length, so many bytes: of rnl_train_config
 *   progress   = u64: updates done, evaluations, index of the best evaluation + 1, updates of "good", of "best";
 *                f64: seconds that went into updates
 *   numbers    = losses      f32 [updates done]
 *                evaluations 5 x 8 bytes each: u64 iteration, f64 accuracies (training, test, validation),
 *                            f64 loss (validation)
 *                network     all parameters and state, as they lie in memory
 *                optimizer   what the update rule remembers
 *                average, good, best: as network; average and best only where the settings ask for them
 *   check      = u64: a hash of everything before
 *
 * All sizes follow from the settings and the progress, so the file's size must fit exactly. Batches, dropout
 * and shuffled orders are functions of the seed and the iteration: nothing of them has to be kept.
 *
 * A file from a machine that stores numbers otherwise is refused; it could not go on to the same bits. */
#include "train/run.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

static const char magic[] = "RNLCKPT5";
enum { MAGIC = 8, EVALUATION = 40, PROGRESS = 5 };
static const uint32_t order = 0x01020304;

/* ---- the check ------------------------------------------------------------------------------------------- */

/* Over a stream of bytes, 8 at a time. */
typedef struct hash {
    uint64_t value, word;
    size_t filled; /* bytes in word */
} hash;

static void add(hash *h, const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    while (size > 0) {
        if (h->filled == 0 && size >= sizeof h->word) {
            memcpy(&h->word, b, sizeof h->word);
            h->filled = sizeof h->word;
            b += sizeof h->word;
            size -= sizeof h->word;
        } else {
            ((unsigned char *)&h->word)[h->filled++] = *b++;
            size--;
        }
        if (h->filled == sizeof h->word) {
            h->value = rnl_hash64(h->value + 0x9e3779b97f4a7c15u) ^ h->word;
            h->filled = 0;
        }
    }
}

static uint64_t value_of(const hash *h)
{
    return rnl_hash64(rnl_hash64(h->value) ^ (h->filled ? h->word : 0) ^ h->filled);
}

/* ---- the numbers: one list for both ways ------------------------------------------------------------------ */

typedef struct part {
    void *at;
    size_t size;
} part;

enum { PARTS = 6 };

/* What lies in the file after the evaluations. */
static void list_parts(const rnl_run *t, part parts[PARTS])
{
    const size_t numbers = rnl_net_bytes(t->net);
    const part all[PARTS] = {
        {t->history->losses, t->done * sizeof *t->history->losses},
        {t->net->values, numbers},
        {t->optimizer->state, t->optimizer->state_bytes},
        {t->average, t->average ? numbers : 0},
        {t->good, numbers},
        {t->best, t->best ? numbers : 0},
    };
    memcpy(parts, all, sizeof all);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

typedef struct writer {
    rnl_output *out;
    hash check;
} writer;

static void put(writer *w, const void *bytes, size_t size)
{
    add(&w->check, bytes, size);
    rnl_output_write(w->out, bytes, size); /* the first failure is kept */
}

static void put_u64(writer *w, uint64_t number)
{
    put(w, &number, sizeof number);
}

static void put_f64(writer *w, double number)
{
    put(w, &number, sizeof number);
}

static void put_text(writer *w, const char *text)
{
    put_u64(w, strlen(text));
    put(w, text, strlen(text));
}

rnl_status rnl_checkpoint_write(const rnl_run *t, const char *path)
{
    writer w = {0};
    const rnl_history *h = t->history;
    RNL_TRY(rnl_output_open(&w.out, path));
    put(&w, magic, MAGIC);
    put(&w, &order, sizeof order);
    put_text(&w, t->settings);
    put_text(&w, t->config->note ? t->config->note : "");
    put_u64(&w, t->done);
    put_u64(&w, h->evaluation_count);
    put_u64(&w, h->best);
    put_u64(&w, t->good_at);
    put_u64(&w, t->best_at);
    put_f64(&w, t->updating);
    part parts[PARTS];
    list_parts(t, parts);
    put(&w, parts[0].at, parts[0].size);
    for (size_t i = 0; i < h->evaluation_count; i++) {
        const rnl_evaluation *e = &h->evaluations[i];
        put_u64(&w, e->iteration);
        put_f64(&w, e->train_accuracy);
        put_f64(&w, e->test_accuracy);
        put_f64(&w, e->validation_accuracy);
        put_f64(&w, e->validation_loss);
    }
    for (size_t k = 1; k < PARTS; k++)
        put(&w, parts[k].at, parts[k].size);
    const uint64_t check = value_of(&w.check);
    rnl_output_write(w.out, &check, sizeof check);
    return rnl_output_finish(&w.out);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

typedef struct reader {
    const unsigned char *at;
    size_t left;
} reader;

static bool take(reader *r, void *to, size_t size)
{
    if (size > r->left)
        return false;
    if (size)
        memcpy(to, r->at, size);
    r->at += size;
    r->left -= size;
    return true;
}

/* A length, and so many bytes. */
static bool take_text(reader *r, reader *text)
{
    uint64_t length;
    if (!take(r, &length, sizeof length) || length > r->left)
        return false;
    *text = (reader){r->at, (size_t)length};
    r->at += length;
    r->left -= (size_t)length;
    return true;
}

/* The head of the file up to the note, and the check at its end. */
static rnl_status open_checkpoint(reader *r, reader *settings, reader *note)
{
    char found[MAGIC];
    uint32_t found_order;
    uint64_t check;
    RNL_FAIL_IF(!take(r, found, MAGIC) || memcmp(found, magic, MAGIC - 1) != 0, RNL_ERR_FORMAT,
                "is no checkpoint of runnel");
    RNL_FAIL_IF(found[MAGIC - 1] != magic[MAGIC - 1], RNL_ERR_UNSUPPORTED,
                "is a checkpoint of another version of runnel: the run must begin anew, or go on "
                "with that version");
    RNL_FAIL_IF(!take(r, &found_order, sizeof found_order) || r->left < sizeof check,
                RNL_ERR_FORMAT, "is cut short");
    RNL_FAIL_IF(found_order != order, RNL_ERR_UNSUPPORTED,
                "was written by a machine that stores numbers otherwise");
    hash h = {0};
    const size_t head = MAGIC + sizeof order;
    r->left -= sizeof check;
    add(&h, r->at - head, head + r->left);
    memcpy(&check, r->at + r->left, sizeof check);
    RNL_FAIL_IF(check != value_of(&h) || !take_text(r, settings) || !take_text(r, note),
                RNL_ERR_FORMAT, "is damaged: its content does not fit its check");
    return RNL_OK;
}

static size_t line_length(const unsigned char *text, size_t size)
{
    const unsigned char *end = memchr(text, '\n', size);
    return end ? (size_t)(end - text) : size;
}

/* The first line in which the settings of the file differ from those of this run. */
static rnl_status compare_settings(const reader *file, const char *ours)
{
    const unsigned char *a = file->at, *b = (const unsigned char *)ours;
    size_t a_left = file->left, b_left = strlen(ours);
    while (a_left > 0 && b_left > 0) {
        const size_t n = line_length(a, a_left), m = line_length(b, b_left);
        if (n != m || memcmp(a, b, n) != 0) {
            char theirs[160], this_run[160], copy[512];
            snprintf(copy, sizeof copy, "%.*s", (int)(n < 500 ? n : 500), (const char *)a);
            rnl_text_clean(theirs, sizeof theirs, copy);
            snprintf(copy, sizeof copy, "%.*s", (int)(m < 500 ? m : 500), (const char *)b);
            rnl_text_clean(this_run, sizeof this_run, copy);
            return rnl_fail(
                RNL_ERR_USAGE,
                "comes from a run with \"%s\", but this one has \"%s\": resume with the "
                "settings of that run",
                theirs, this_run);
        }
        a += n < a_left ? n + 1 : n, a_left -= n < a_left ? n + 1 : n;
        b += m < b_left ? m + 1 : m, b_left -= m < b_left ? m + 1 : m;
    }
    RNL_FAIL_IF(a_left != b_left, RNL_ERR_USAGE, "comes from a run with other settings");
    return RNL_OK;
}

/* Numbers that fit into what is left. */
static rnl_status take_progress(reader *r, uint64_t progress[PROGRESS], double *updating)
{
    RNL_FAIL_IF(!take(r, progress, PROGRESS * sizeof *progress) ||
                    !take(r, updating, sizeof *updating),
                RNL_ERR_FORMAT, "is cut short");
    const uint64_t done = progress[0], evaluations = progress[1], best = progress[2];
    RNL_FAIL_IF(done > r->left / sizeof(float) ||
                    evaluations > (r->left - done * sizeof(float)) / EVALUATION ||
                    best > evaluations || progress[3] > done || progress[4] > done,
                RNL_ERR_FORMAT, "is damaged: its numbers of updates and evaluations make no sense");
    return RNL_OK;
}

static void take_evaluation(reader *r, rnl_evaluation *e)
{
    double numbers[4] = {0};
    take(r, &e->iteration, sizeof e->iteration);
    take(r, numbers, sizeof numbers);
    e->train_accuracy = numbers[0];
    e->test_accuracy = numbers[1];
    e->validation_accuracy = numbers[2];
    e->validation_loss = numbers[3];
}

static rnl_status read_progress(rnl_run *t, reader *r)
{
    uint64_t progress[PROGRESS];
    RNL_TRY(take_progress(r, progress, &t->updating));
    const uint64_t done = progress[0], evaluations = progress[1], best = progress[2];
    RNL_FAIL_IF(done > t->iterations, RNL_ERR_USAGE,
                "is from after %llu updates, but this run ends after %llu",
                (unsigned long long)done, (unsigned long long)t->iterations);
    RNL_TRY(rnl_history_reserve(t->history, done, (size_t)evaluations + 1));
    t->done = t->history->iterations = done;
    t->history->evaluation_count = (size_t)evaluations;
    t->history->best = (size_t)best;
    t->good_at = progress[3];
    t->best_at = progress[4];
    part parts[PARTS];
    list_parts(t, parts);
    size_t expected = (size_t)evaluations * EVALUATION;
    for (size_t k = 0; k < PARTS; k++)
        expected += parts[k].size;
    RNL_FAIL_IF(r->left != expected, RNL_ERR_FORMAT,
                "is damaged: %zu bytes of numbers, %zu were expected", r->left, expected);
    return RNL_OK;
}

static rnl_status read_history(rnl_run *t, reader *r)
{
    rnl_history *h = t->history;
    take(r, h->losses, t->done * sizeof *h->losses);
    for (size_t i = 0; i < h->evaluation_count; i++)
        take_evaluation(r, &h->evaluations[i]);
    RNL_FAIL_IF(rnl_run_outlived_patience(t), RNL_ERR_USAGE,
                "comes from a run that went on where a patience of %llu would have ended it",
                (unsigned long long)t->config->patience);
    return RNL_OK;
}

static void read_numbers(rnl_run *t, reader *r)
{
    const rnl_history *h = t->history;
    part parts[PARTS];
    list_parts(t, parts);
    for (size_t k = 1; k < PARTS; k++)
        take(r, parts[k].at, parts[k].size);
    t->last_loss = t->done ? (double)h->losses[t->done - 1] : 0;
    /* that of this iteration stands in the file already, but for one that is due only because the run ends here */
    t->evaluate &= t->done == t->iterations && t->done % t->eval_every != 0;
}

static rnl_status read(rnl_run *t, reader r)
{
    reader settings = {0}, note = {0};
    RNL_TRY(open_checkpoint(&r, &settings, &note));
    RNL_TRY(compare_settings(&settings, t->settings));
    RNL_TRY(read_progress(t, &r));
    RNL_TRY(read_history(t, &r)); /* the network is as it was while anything can be refused */
    read_numbers(t, &r);
    return RNL_OK;
}

rnl_status rnl_checkpoint_read(rnl_run *t, const char *path)
{
    rnl_bytes bytes;
    RNL_TRY(rnl_file_read(&bytes, path));
    const rnl_status status = read(t, (reader){bytes.data, bytes.size});
    rnl_bytes_free(&bytes);
    return status == RNL_OK || status == RNL_ERR_MEMORY ? status : rnl_fail_prefix(status, path);
}

/* ---- what stands in it ------------------------------------------------------------------------------------ */

struct rnl_checkpoint {
    char *settings, *note;
    uint64_t iterations;
    bool evaluated;
    rnl_evaluation evaluation;
};

static char *copy_text(reader text)
{
    char *copy = rnl_alloc(text.left + 1, 1);
    if (copy)
        take(&text, copy, text.left);
    return copy;
}

static rnl_status look(rnl_checkpoint *c, reader r)
{
    reader settings = {0}, note = {0};
    uint64_t progress[PROGRESS];
    double updating;
    RNL_TRY(open_checkpoint(&r, &settings, &note));
    RNL_TRY(take_progress(&r, progress, &updating));
    c->settings = copy_text(settings);
    c->note = copy_text(note);
    c->iterations = progress[0];
    c->evaluated = progress[1] > 0;
    if (c->evaluated) {
        r.at += progress[0] * sizeof(float) + (progress[1] - 1) * EVALUATION;
        r.left = EVALUATION;
        take_evaluation(&r, &c->evaluation);
    }
    return c->settings && c->note ? RNL_OK : RNL_ERR_MEMORY;
}

rnl_status rnl_checkpoint_open(rnl_checkpoint **checkpoint, const char *path)
{
    RNL_REFUSE_NULL(checkpoint, "the place for the checkpoint is");
    *checkpoint = NULL;
    RNL_REFUSE_NULL(path, "the path is");
    rnl_bytes bytes;
    RNL_TRY(rnl_file_read(&bytes, path));
    rnl_checkpoint *c = rnl_alloc(1, sizeof *c);
    const rnl_status status = c ? look(c, (reader){bytes.data, bytes.size}) : RNL_ERR_MEMORY;
    rnl_bytes_free(&bytes);
    if (status == RNL_OK)
        *checkpoint = c;
    else
        rnl_checkpoint_free(&c);
    return status == RNL_OK || status == RNL_ERR_MEMORY ? status : rnl_fail_prefix(status, path);
}

void rnl_checkpoint_free(rnl_checkpoint **checkpoint)
{
    if (!checkpoint || !*checkpoint)
        return;
    rnl_free((*checkpoint)->settings);
    rnl_free((*checkpoint)->note);
    rnl_free(*checkpoint);
    *checkpoint = NULL;
}

uint64_t rnl_checkpoint_iterations(const rnl_checkpoint *checkpoint)
{
    return checkpoint->iterations;
}

const rnl_evaluation *rnl_checkpoint_evaluation(const rnl_checkpoint *checkpoint)
{
    return checkpoint->evaluated ? &checkpoint->evaluation : NULL;
}

const char *rnl_checkpoint_note(const rnl_checkpoint *checkpoint)
{
    return checkpoint->note;
}

const char *rnl_checkpoint_settings(const rnl_checkpoint *checkpoint)
{
    return checkpoint->settings;
}

/* checkpoint.c - a run as a file, from which it can go on to the same bits
 *
 *   file       = magic  order  settings  progress  numbers  check
 *   magic      = "RNLCKPT4"
 *   order      = u32 0x01020304, as this machine stores it
 *   settings   = u64 length, so many bytes: rnl_run_describe
 *   progress   = u64: updates done, evaluations, index of the best evaluation + 1, updates of "good", of "best"
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

static const char magic[] = "RNLCKPT4";
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

rnl_status rnl_checkpoint_write(const rnl_run *t, const char *path)
{
    writer w = {0};
    const rnl_history *h = t->history;
    RNL_TRY(rnl_output_open(&w.out, path));
    put(&w, magic, MAGIC);
    put(&w, &order, sizeof order);
    put_u64(&w, strlen(t->settings));
    put(&w, t->settings, strlen(t->settings));
    put_u64(&w, t->done);
    put_u64(&w, h->evaluation_count);
    put_u64(&w, h->best);
    put_u64(&w, t->good_at);
    put_u64(&w, t->best_at);
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

/* The head of the file up to the settings, and the check at its end. */
static rnl_status open_checkpoint(reader *r, reader *settings)
{
    char found[MAGIC];
    uint32_t found_order;
    uint64_t length, check;
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
    RNL_FAIL_IF(check != value_of(&h) || !take(r, &length, sizeof length) || length > r->left,
                RNL_ERR_FORMAT, "is damaged: its content does not fit its check");
    *settings = (reader){r->at, (size_t)length};
    r->at += length;
    r->left -= (size_t)length;
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

static rnl_status read_progress(rnl_run *t, reader *r)
{
    uint64_t progress[PROGRESS];
    RNL_FAIL_IF(!take(r, progress, sizeof progress), RNL_ERR_FORMAT, "is cut short");
    const uint64_t done = progress[0], evaluations = progress[1], best = progress[2];
    RNL_FAIL_IF(done > t->iterations || evaluations > r->left / EVALUATION || best > evaluations ||
                    progress[3] > done || progress[4] > done ||
                    done > r->left / sizeof *t->history->losses,
                RNL_ERR_FORMAT, "is damaged: its numbers of updates and evaluations make no sense");
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

static void read_numbers(rnl_run *t, reader *r)
{
    rnl_history *h = t->history;
    part parts[PARTS];
    list_parts(t, parts);
    take(r, parts[0].at, parts[0].size);
    for (size_t i = 0; i < h->evaluation_count; i++) {
        rnl_evaluation *e = &h->evaluations[i];
        double numbers[4] = {0};
        take(r, &e->iteration, sizeof e->iteration);
        take(r, numbers, sizeof numbers);
        e->train_accuracy = numbers[0];
        e->test_accuracy = numbers[1];
        e->validation_accuracy = numbers[2];
        e->validation_loss = numbers[3];
    }
    for (size_t k = 1; k < PARTS; k++)
        take(r, parts[k].at, parts[k].size);
    t->last_loss = t->done ? (double)h->losses[t->done - 1] : 0;
    t->evaluate = false; /* that of this iteration stands in the file already */
}

static rnl_status read(rnl_run *t, reader r)
{
    reader settings = {0};
    RNL_TRY(open_checkpoint(&r, &settings));
    RNL_TRY(compare_settings(&settings, t->settings));
    RNL_TRY(read_progress(t, &r));
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

/* history.c - what happened in training */
#include "train/train.h"

#include "base/file.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* A copy of `used` of `count` elements in a block for at least `wanted`; NULL where memory is short. */
static void *grown(void *block, size_t used, size_t wanted, size_t size)
{
    void *copy = rnl_alloc(wanted, size);
    if (copy && used)
        memcpy(copy, block, used * size);
    if (copy)
        rnl_free(block);
    return copy;
}

rnl_status rnl_history_reserve(rnl_history *h, uint64_t iterations, size_t evaluations)
{
    if (iterations > h->capacity) {
        const uint64_t capacity = iterations > 2 * h->capacity ? iterations : 2 * h->capacity;
        float *losses = grown(h->losses, h->iterations, capacity, sizeof *losses);
        if (!losses)
            return RNL_ERR_MEMORY;
        h->losses = losses;
        h->capacity = capacity;
    }
    if (evaluations > h->evaluation_capacity) {
        const size_t capacity = 2 * evaluations + 32;
        rnl_evaluation *e = grown(h->evaluations, h->evaluation_count, capacity, sizeof *e);
        if (!e)
            return RNL_ERR_MEMORY;
        h->evaluations = e;
        h->evaluation_capacity = capacity;
    }
    return RNL_OK;
}

void rnl_history_free(rnl_history **history)
{
    if (!history || !*history)
        return;
    rnl_free((*history)->losses);
    rnl_free((*history)->evaluations);
    rnl_free(*history);
    *history = NULL;
}

uint64_t rnl_history_iterations(const rnl_history *history)
{
    return history->iterations;
}

const float *rnl_history_losses(const rnl_history *history)
{
    return history->losses;
}

double rnl_history_rate(const rnl_history *history, uint64_t iteration)
{
    return rnl_schedule_rate(&history->schedule, history->lr, iteration);
}

size_t rnl_history_evaluation_count(const rnl_history *history)
{
    return history->evaluation_count;
}

rnl_evaluation rnl_history_evaluation(const rnl_history *history, size_t i)
{
    return history->evaluations[i];
}

const rnl_evaluation *rnl_history_best(const rnl_history *history)
{
    return history->best ? &history->evaluations[history->best - 1] : NULL;
}

uint64_t rnl_history_kept(const rnl_history *history)
{
    return history->kept;
}

bool rnl_history_ended_early(const rnl_history *history)
{
    return history->ended_early;
}

/* ---- as files ---------------------------------------------------------------------------------------- */

/* A row of the file: what is known after `iteration` updates. Row 0 is the untrained network's: it has
 * accuracies at most. NaN: not measured. */
typedef struct row {
    uint64_t iteration;
    double loss, lr;
    rnl_evaluation e;
} row;

enum { COLUMNS = 6 };
static const char *const class_names[COLUMNS] = {
    "loss", "lr", "train_accuracy", "validation_loss", "validation_accuracy", "test_accuracy"};
static const char *const number_names[COLUMNS] = {
    "loss", "lr", "train_r2", "validation_loss", "validation_r2", "test_r2"};
static const int digits[COLUMNS] = {9, 9, 6, 9, 6, 6};

static void fill(const row *r, double column[COLUMNS])
{
    column[0] = r->loss;
    column[1] = r->lr;
    column[2] = r->e.train_accuracy;
    column[3] = r->e.validation_loss;
    column[4] = r->e.validation_accuracy;
    column[5] = r->e.test_accuracy;
}

static const char *name_of(const rnl_history *h, size_t column)
{
    return h->task == RNL_TASK_REGRESSION ? number_names[column] : class_names[column];
}

/* Calls write for every row that has something in it, until it fails. */
static rnl_status each_row(const rnl_history *h, rnl_output *out,
                           rnl_status (*write)(const rnl_history *h, rnl_output *out, const row *r))
{
    size_t next = 0;
    for (uint64_t i = 0; i <= h->iterations; i++) {
        row r = {.iteration = i,
                 .loss = i ? (double)h->losses[i - 1] : NAN,
                 .lr = i ? rnl_history_rate(h, i - 1) : NAN,
                 .e = {i, NAN, NAN, NAN, NAN}};
        const bool evaluated = next < h->evaluation_count && h->evaluations[next].iteration == i;
        if (i == 0 && !evaluated)
            continue;
        if (evaluated)
            r.e = h->evaluations[next++];
        RNL_TRY(write(h, out, &r));
    }
    return RNL_OK;
}

static rnl_status write_csv(const rnl_history *h, rnl_output *out, const row *r)
{
    (void)h;
    double column[COLUMNS];
    fill(r, column);
    rnl_output_printf(out, "%llu", (unsigned long long)r->iteration);
    for (size_t k = 0; k < COLUMNS; k++)
        if (isnan(column[k]))
            rnl_output_printf(out, ",");
        else
            rnl_output_printf(out, ",%.*g", digits[k], column[k]);
    return rnl_output_printf(out, "\n");
}

rnl_status rnl_history_save(const rnl_history *history, const char *path)
{
    RNL_REFUSE_NULL(history, "the history is");
    RNL_REFUSE_NULL(path, "the path is");
    rnl_output *out;
    RNL_TRY(rnl_output_open(&out, path));
    rnl_output_printf(out, "iteration");
    for (size_t k = 0; k < COLUMNS; k++)
        rnl_output_printf(out, ",%s", name_of(history, k));
    rnl_output_printf(out, "\n");
    each_row(history, out, write_csv); /* what fails is told again: */
    return rnl_output_finish(&out);
}

/* number with `precision` digits, as a JSON number that jansson then writes as short as it can. */
static json_t *rounded(double number, int precision)
{
    char text[32];
    rnl_format_number(text, sizeof text, number, precision);
    double read = number;
    rnl_parse_number(text, strlen(text), &read);
    return json_real(read);
}

static rnl_status write_json(const rnl_history *h, rnl_output *out, const row *r)
{
    double column[COLUMNS];
    fill(r, column);
    json_t *object = json_object();
    bool ok = object &&
              json_object_set_new(object, "iteration", json_integer((json_int_t)r->iteration)) == 0;
    for (size_t k = 0; ok && k < COLUMNS; k++)
        if (isfinite(column[k]))
            ok = json_object_set_new(object, name_of(h, k), rounded(column[k], digits[k])) == 0;
    char text[1024]; /* nothing is allocated for it, and so nothing left out */
    const size_t length =
        ok ? json_dumpb(object, text, sizeof text, JSON_COMPACT | JSON_REAL_PRECISION(9)) : 0;
    json_decref(object);
    RNL_FAIL_IF(length == 0 || length > sizeof text, RNL_ERR_MEMORY,
                "no memory for a line of the history");
    return rnl_output_printf(out, "%.*s\n", (int)length, text);
}

rnl_status rnl_history_save_json(const rnl_history *history, const char *path)
{
    RNL_REFUSE_NULL(history, "the history is");
    RNL_REFUSE_NULL(path, "the path is");
    rnl_output *out;
    RNL_TRY(rnl_output_open(&out, path));
    const rnl_status status = each_row(history, out, write_json);
    if (status == RNL_ERR_MEMORY) {
        rnl_output_discard(&out);
        return status;
    }
    return rnl_output_finish(&out);
}

/* history.c - what happened in training */
#include "train/train.h"

#include "base/file.h"

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

rnl_status rnl_history_reserve(rnl_history *h, uint64_t iterations)
{
    if (iterations > h->capacity) {
        const uint64_t capacity = iterations > 2 * h->capacity ? iterations : 2 * h->capacity;
        float *losses = grown(h->losses, h->iterations, capacity, sizeof *losses);
        if (!losses)
            return RNL_ERR_MEMORY;
        h->losses = losses;
        h->capacity = capacity;
    }
    if (h->evaluation_count == h->evaluation_capacity) {
        const size_t capacity = 2 * h->evaluation_capacity + 32;
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

size_t rnl_history_evaluation_count(const rnl_history *history)
{
    return history->evaluation_count;
}

rnl_evaluation rnl_history_evaluation(const rnl_history *history, size_t i)
{
    return history->evaluations[i];
}

static void write_accuracy(rnl_output *out, double accuracy)
{
    if (isnan(accuracy))
        rnl_output_printf(out, ",");
    else
        rnl_output_printf(out, ",%.6g", accuracy);
}

rnl_status rnl_history_save(const rnl_history *history, const char *path)
{
    rnl_output *out;
    RNL_TRY(rnl_output_open(&out, path));
    rnl_output_printf(out, "iteration,loss,train_accuracy,test_accuracy\n");
    size_t next = 0;
    for (uint64_t i = 0; i <= history->iterations; i++) {
        const bool evaluated =
            next < history->evaluation_count && history->evaluations[next].iteration == i;
        if (i == 0 && !evaluated)
            continue; /* row 0 is the untrained network's: it has accuracies and no loss */
        rnl_output_printf(out, "%llu,", (unsigned long long)i);
        if (i > 0)
            rnl_output_printf(out, "%.9g", (double)history->losses[i - 1]);
        write_accuracy(out, evaluated ? history->evaluations[next].train_accuracy : NAN);
        write_accuracy(out, evaluated ? history->evaluations[next].test_accuracy : NAN);
        rnl_output_printf(out, "\n");
        next += evaluated;
    }
    return rnl_output_finish(&out);
}

/* between.c - what thread 0 does between updates: evaluations are recorded, the best is kept, checkpoints are
 * written, the caller is told, and the next stretch of updates is planned */
#define _GNU_SOURCE
#include "train/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

double rnl_run_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool report(rnl_run *t, rnl_event_kind kind, const rnl_evaluation *e)
{
    if (!t->config->callback)
        return true;
    t->reported = rnl_run_seconds();
    const rnl_history *h = t->history;
    const rnl_evaluation none = {0, NAN, NAN, NAN, NAN};
    const rnl_train_event event = {.kind = kind,
                                   .iteration = t->done,
                                   .iterations = t->iterations,
                                   .seconds = t->reported - t->began,
                                   .training_seconds = t->updating,
                                   .loss = t->done ? t->last_loss : NAN,
                                   .lr = rnl_history_rate(h, t->done ? t->done - 1 : 0),
                                   .train_accuracy = e ? e->train_accuracy : none.train_accuracy,
                                   .validation_loss = e ? e->validation_loss : none.validation_loss,
                                   .validation_accuracy =
                                       e ? e->validation_accuracy : none.validation_accuracy,
                                   .test_accuracy = e ? e->test_accuracy : none.test_accuracy,
                                   .best = e && h->best == h->evaluation_count};
    return t->config->callback(&event, t->config->user);
}

/* ---- evaluations -------------------------------------------------------------------------------------- */

bool rnl_run_evaluates(const rnl_run *t)
{
    return !t->diverged && !t->incomplete && t->eval_every != RNL_NEVER &&
           (t->done % t->eval_every == 0 || t->done == t->iterations);
}

/* A higher accuracy, or the same and a lower loss; what is no number is worse than any. */
static bool better(const rnl_evaluation *a, const rnl_evaluation *b)
{
    if (isnan(a->validation_accuracy))
        return false;
    return !b || a->validation_accuracy > b->validation_accuracy ||
           (a->validation_accuracy == b->validation_accuracy &&
            a->validation_loss < b->validation_loss);
}

static const rnl_evaluation *record(rnl_run *t)
{
    rnl_history *h = t->history;
    rnl_evaluation *e = &h->evaluations[h->evaluation_count++];
    *e = (rnl_evaluation){t->done, NAN, NAN, NAN, NAN};
    if (t->on_train.set)
        e->train_accuracy = rnl_evaluator_accuracy(&t->on_train);
    if (t->on_test.set)
        e->test_accuracy = rnl_evaluator_accuracy(&t->on_test);
    if (t->on_validation.set) {
        e->validation_accuracy = rnl_evaluator_accuracy(&t->on_validation);
        e->validation_loss = rnl_evaluator_score(&t->on_validation).loss;
    }
    memcpy(t->good, t->seen.values, rnl_net_bytes(t->net));
    t->good_at = t->done;
    if (t->on_validation.set && better(e, rnl_history_best(h))) {
        h->best = h->evaluation_count;
        t->best_at = t->done;
        if (t->best)
            memcpy(t->best, t->seen.values, rnl_net_bytes(t->net));
    }
    return e;
}

static bool out_of_patience(const rnl_run *t)
{
    const rnl_history *h = t->history;
    return t->config->patience && h->best && h->evaluation_count - h->best >= t->config->patience;
}

bool rnl_run_outlived_patience(const rnl_run *t)
{
    const rnl_history *h = t->history;
    const uint64_t patience = t->config->patience;
    size_t best = 0; /* index + 1 */
    for (size_t n = 1; patience && n <= h->evaluation_count; n++) {
        const rnl_evaluation *e = &h->evaluations[n - 1];
        if (better(e, best ? &h->evaluations[best - 1] : NULL))
            best = n;
        if (best && n - best >= patience && e->iteration < t->done)
            return true;
    }
    return false;
}

/* ---- the end ------------------------------------------------------------------------------------------ */

/* The network has `values` from now on, those after `iteration` updates. */
static void keep(rnl_run *t, const void *values, uint64_t iteration)
{
    if (values != t->net->values)
        memcpy(t->net->values, values, rnl_net_bytes(t->net));
    t->history->kept = iteration;
}

static void keep_what_was_asked_for(rnl_run *t)
{
    if (t->best && t->history->best)
        keep(t, t->best, t->best_at);
    else
        keep(t, t->seen.values, t->done);
}

static rnl_status fail_diverged(rnl_run *t)
{
    const double lr = t->config->lr;
    if (t->best && t->history->best)
        keep(t, t->best, t->best_at);
    else
        keep(t, t->good, t->good_at);
    const char *became = isnan(t->last_loss) ? "NaN" : "infinite";
    const unsigned long long done = t->done, kept = t->history->kept;
    if (rnl_dataset_check_finite(t->train, t->net->dtype) == RNL_ERR_FORMAT)
        return rnl_fail(RNL_ERR_DIVERGED,
                        "training diverged: the loss became %s at iteration %llu. In the training "
                        "set, %s. The parameters are those of iteration %llu",
                        became, done, rnl_error_text(), kept);
    return rnl_fail(
        RNL_ERR_DIVERGED,
        "training diverged: the loss became %s at iteration %llu with learning rate %g; "
        "try a learning rate of %g or less. The parameters are those of iteration %llu",
        became, done, lr, lr / 10, kept);
}

/* ---- from one stretch to the next --------------------------------------------------------------------- */

/* Updates until the next multiple of `every` */
static uint64_t until(uint64_t done, uint64_t every)
{
    return every == RNL_NEVER ? RNL_NEVER : every - done % every;
}

/* The history grows by a stretch at a time, and nobody may know where a run will end. */
enum { LONGEST_STRETCH = 65536 };

/* Where the next stretch of updates ends: at an evaluation or a checkpoint, or where the sampler needs a
 * new order. */
static rnl_status plan_stretch(rnl_run *t)
{
    const uint64_t ends[] = {until(t->done, t->eval_every), until(t->done, t->checkpoint_every),
                             rnl_sampler_prepare(&t->sampler, t->done), LONGEST_STRETCH};
    uint64_t length = t->iterations - t->done;
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++)
        length = ends[k] < length ? ends[k] : length;
    t->stretch_end = t->done + length;
    return rnl_history_reserve(t->history, t->stretch_end, t->history->evaluation_count + 1);
}

static rnl_status write_checkpoint(const rnl_run *t, bool last)
{
    if (!t->config->checkpoint || !(last || t->done % t->checkpoint_every == 0))
        return RNL_OK;
    return rnl_checkpoint_write(t, t->config->checkpoint);
}

static rnl_status end(rnl_run *t, rnl_status status)
{
    keep_what_was_asked_for(t);
    t->status = status;
    return status;
}

/* Whether all samples were there, of a batch or of the sets that were evaluated. */
static rnl_status check_samples(const rnl_run *t)
{
    RNL_TRY(rnl_batch_failure(&t->missing, "the training set"));
    RNL_TRY(rnl_batch_failure(&t->on_train.missing, "the training set"));
    RNL_TRY(rnl_batch_failure(&t->on_validation.missing, "the validation set"));
    return rnl_batch_failure(&t->on_test.missing, "the test set");
}

/* An answer of NaN counts as a wrong one, which says nothing of the network where the sample has the NaN. */
static rnl_status check_answers(const rnl_run *t)
{
    const rnl_evaluator *const sets[] = {&t->on_validation, &t->on_test};
    for (size_t k = 0; k < 2; k++) {
        if (!sets[k]->set || !rnl_evaluator_is_broken(sets[k]))
            continue;
        const rnl_status status = rnl_dataset_check_finite(sets[k]->set, t->net->dtype);
        RNL_FAIL_IF(status != RNL_OK, status, "the %s set cannot be evaluated: %s",
                    k == 0 ? "validation" : "test", rnl_error_text());
    }
    return RNL_OK;
}

/* "120 of 10000 iterations", or "120 iterations" */
static const char *show_done(const rnl_run *t, char text[64])
{
    const unsigned long long done = t->done, iterations = t->iterations;
    if (t->iterations == RNL_NEVER)
        snprintf(text, 64, "%llu iterations", done);
    else
        snprintf(text, 64, "%llu of %llu iterations", done, iterations);
    return text;
}

bool rnl_run_between(rnl_run *t)
{
    char so_far[64];
    const rnl_status samples = check_samples(t);
    if (samples != RNL_OK) {
        end(t, rnl_fail(samples, "training ended after %s: %s", show_done(t, so_far),
                        rnl_error_text()));
        return false;
    }
    /* a last update can break the parameters without any loss having shown it, and so can any the running
     * statistics, which only predictions use */
    if ((t->evaluate || t->done == t->iterations) &&
        rnl_net_check_numbers(&t->seen, "trained") != RNL_OK) {
        t->diverged = true;
        t->last_loss = NAN;
    }
    if (t->diverged) {
        t->status = fail_diverged(t);
        return false;
    }
    const rnl_status answers = t->evaluate ? check_answers(t) : RNL_OK;
    if (answers != RNL_OK) {
        end(t, answers);
        return false;
    }
    /* an evaluation only because the run ends here: no other run has it that goes on from the checkpoint to a later
     * end, so it is not in there, and made again where this run is resumed at its end */
    const bool last_look = t->evaluate && t->done % t->eval_every != 0;
    rnl_status written = last_look ? write_checkpoint(t, true) : RNL_OK;
    const rnl_evaluation *e = t->evaluate ? record(t) : NULL;
    bool wanted = true;
    if (e)
        wanted = report(t, RNL_EVENT_EVALUATED, e);
    else if (t->pause)
        wanted = report(t, RNL_EVENT_PROGRESS, NULL);
    t->pause = false;

    t->history->ended_early = t->done < t->iterations && out_of_patience(t);
    const bool complete = t->done == t->iterations || t->history->ended_early;
    if (!last_look)
        written = write_checkpoint(t, complete || !wanted);
    if (written != RNL_OK || complete) {
        end(t, written);
        return false;
    }
    if (!wanted) {
        end(t,
            rnl_fail(RNL_ERR_INTERRUPTED, "training was stopped after %s", show_done(t, so_far)));
        return false;
    }
    const rnl_status planned = plan_stretch(t);
    if (planned != RNL_OK)
        end(t, planned);
    return planned == RNL_OK;
}

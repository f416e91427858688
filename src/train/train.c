/* train.c - the training loop: mini-batch SGD, walked by a team
 *
 *     gather batch -> forward -> losses -> backward, which adds -lr times the gradients to the parameters
 *
 * Every thread owns some rows of the batch and, after a barrier, some rows of every matrix of
 * parameters. Between two updates, at an evaluation or when a tenth of a second has passed, all wait
 * while thread 0, which is the caller's, reports. Where these pauses fall changes no number. */
#define _GNU_SOURCE
#include "train/train.h"

#include "data/sampler.h"

#include <math.h>
#include <string.h>
#include <time.h>

static const double REPORT_SECONDS = 0.1;

typedef struct training {
    rnl_net *net;
    const rnl_train_config *config;
    const rnl_dataset *train;
    uint64_t iterations, eval_every;
    rnl_sampler sampler;
    rnl_workspace *ws;
    rnl_evaluator on_train, on_test; /* on_test.set NULL: none */
    rnl_history *history;
    /* the batch */
    rnl_arena arena;
    size_t threads;
    size_t *index; /* [threads, batch]: each draws for itself */
    rnl_batch batch;
    int32_t *classes; /* [batch] */
    void *rows;       /* [batch, outputs], one-hot targets; or NULL */
    void *good;       /* the parameters at the last evaluation */
    /* written by thread 0 where the others wait */
    uint64_t done, stretch_end; /* updates */
    bool pause, diverged, evaluate, finished;
    double last_loss;
    double began, reported; /* seconds */
    rnl_status status;
} training;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- one update, by every thread --------------------------------------------------------------------- */

/* This thread's rows of the batch, and what they should be answered with. */
static rnl_targets gather(training *t, uint64_t iteration, size_t rows, rnl_net_input *in)
{
    const size_t outputs = rnl_net_outputs(t->net);
    const rnl_range mine = rnl_my_rows(rows);
    size_t *index = t->index + rnl_team_rank() * t->sampler.batch;
    rnl_sampler_draw(&t->sampler, iteration, 0, rows, index);
    *in = rnl_batch_gather(&t->batch, index, 0, rows);
    for (size_t i = mine.begin; i < mine.end; i++)
        t->classes[i] = t->train->classes[index[i]];
    if (!t->rows)
        return rnl_targets_classes(t->classes, rows);

    rnl_matrix one_hot = rnl_matrix_view(t->rows, rows, outputs, t->net->dtype);
    for (size_t i = mine.begin; i < mine.end; i++)
        for (size_t k = 0; k < outputs; k++)
            rnl_matrix_set(&one_hot, i, k, (size_t)t->classes[i] == k);
    return rnl_targets_rows(one_hot);
}

/* Thread 0, before the barrier that ends an update: the loss, and whether to go on. */
static void account(training *t, size_t rows)
{
    t->last_loss = rnl_mean(t->ws->losses, rows);
    t->history->losses[t->done] = (float)t->last_loss;
    t->history->iterations = ++t->done;
    t->diverged = !isfinite(t->last_loss);
    t->pause = t->diverged || (t->config->callback && now() - t->reported >= REPORT_SECONDS);
}

static void updates(training *t)
{
    const rnl_gradient_use step = {.arena = t->net->values, .alpha = -t->config->lr, .add = true};
    bool pause = false;
    for (uint64_t i = t->done, end = t->stretch_end; i < end && !pause; i++) {
        const size_t rows = rnl_sampler_rows(&t->sampler, i);
        rnl_net_input in;
        const rnl_targets targets = gather(t, i, rows, &in);
        const rnl_mode mode = {.training = true, .seed = t->config->seed, .iteration = i};
        rnl_net_step(t->net, t->ws, &in, &targets, &mode, &step);
        rnl_net_track(t->net, t->ws, rows);
        if (rnl_team_rank() == 0)
            account(t, rows);
        rnl_team_barrier(); /* all parameters are updated */
        pause = t->pause;
    }
}

/* ---- between updates, by thread 0 ---------------------------------------------------------------------- */

static bool report(training *t, rnl_event_kind kind, const rnl_evaluation *e)
{
    if (!t->config->callback)
        return true;
    t->reported = now();
    const rnl_train_event event = {.kind = kind,
                                   .iteration = t->done,
                                   .iterations = t->iterations,
                                   .seconds = t->reported - t->began,
                                   .loss = t->done ? t->last_loss : NAN,
                                   .train_accuracy = e ? e->train_accuracy : NAN,
                                   .test_accuracy = e ? e->test_accuracy : NAN};
    return t->config->callback(&event, t->config->user);
}

static rnl_status fail_diverged(training *t)
{
    const rnl_history *h = t->history;
    memcpy(t->net->values, t->good, rnl_net_bytes(t->net));
    const uint64_t kept =
        h->evaluation_count ? h->evaluations[h->evaluation_count - 1].iteration : 0;
    return rnl_fail(
        RNL_ERR_DIVERGED,
        "training diverged: the loss became %s at iteration %llu with learning rate %g; "
        "try a learning rate of %g or less. The parameters are those of iteration %llu",
        isnan(t->last_loss) ? "NaN" : "infinite", (unsigned long long)t->done, t->config->lr,
        t->config->lr / 10, (unsigned long long)kept);
}

/* Where the next stretch of updates ends: at an evaluation, or where the sampler needs a new order. */
static rnl_status plan_stretch(training *t)
{
    const uint64_t until_eval = t->eval_every - t->done % t->eval_every;
    const uint64_t until_order = rnl_sampler_prepare(&t->sampler, t->done);
    uint64_t length = t->iterations - t->done;
    length = until_eval < length ? until_eval : length;
    length = until_order < length ? until_order : length;
    t->stretch_end = t->done + length;
    return rnl_history_reserve(t->history, t->stretch_end);
}

/* A last update can break the parameters without any loss having shown it. */
static bool parameters_finite(const rnl_net *net)
{
    rnl_matrix all = rnl_matrix_view(net->values, 1, net->arena_size, net->dtype);
    double sum = 0; /* of 0 * w, which is 0 for finite numbers and NaN for others */
    for (size_t i = 0; i < all.cols; i++)
        sum += 0 * rnl_matrix_get(&all, 0, i);
    return sum == 0;
}

/* Returns whether to go on. */
static bool between(training *t)
{
    if ((t->evaluate || t->done == t->iterations) && !parameters_finite(t->net)) {
        t->diverged = true;
        t->last_loss = NAN;
    }
    if (t->diverged) {
        t->status = fail_diverged(t);
        return false;
    }
    rnl_history *h = t->history;
    bool wanted = true;
    if (t->evaluate) {
        rnl_evaluation *e = &h->evaluations[h->evaluation_count++];
        *e = (rnl_evaluation){.iteration = t->done,
                              .train_accuracy = rnl_evaluator_accuracy(&t->on_train),
                              .test_accuracy =
                                  t->on_test.set ? rnl_evaluator_accuracy(&t->on_test) : NAN};
        memcpy(t->good, t->net->values, rnl_net_bytes(t->net));
        wanted = report(t, RNL_EVENT_EVALUATED, e);
    } else if (t->pause) {
        wanted = report(t, RNL_EVENT_PROGRESS, NULL);
    }
    t->pause = false;
    if (t->done == t->iterations)
        return false;
    if (!wanted) {
        t->status =
            rnl_fail(RNL_ERR_INTERRUPTED, "training was stopped after %llu of %llu iterations",
                     (unsigned long long)t->done, (unsigned long long)t->iterations);
        return false;
    }
    t->status = plan_stretch(t);
    return t->status == RNL_OK;
}

static void walk(void *arg)
{
    training *t = arg;
    for (;;) {
        if (t->evaluate) {
            rnl_evaluator_walk(&t->on_train);
            if (t->on_test.set)
                rnl_evaluator_walk(&t->on_test);
        }
        if (rnl_team_rank() == 0) {
            const rnl_team_member member = rnl_team_enter_alone();
            t->finished = !between(t);
            rnl_team_leave(member);
        }
        rnl_team_barrier();
        if (t->finished)
            return;
        updates(t);
        if (rnl_team_rank() == 0)
            t->evaluate = !t->diverged && t->eval_every != RNL_NEVER &&
                          (t->done % t->eval_every == 0 || t->done == t->iterations);
        rnl_team_barrier();
    }
}

/* ---- before and after ------------------------------------------------------------------------------------ */

rnl_train_config rnl_train_config_default(void)
{
    return (rnl_train_config){
        .batch = 100, .iterations = 10000, .lr = 0.1, .sampling = RNL_WITH_REPLACEMENT, .seed = 1};
}

static rnl_status check_config(const rnl_train_config *c)
{
    RNL_FAIL_IF(!(c->lr > 0) || isinf(c->lr), RNL_ERR_USAGE,
                "the learning rate is %g; it must be above 0, and finite", c->lr);
    RNL_FAIL_IF(c->iterations == 0 && (!(c->epochs > 0) || isinf(c->epochs)), RNL_ERR_USAGE,
                "%g epochs; there must be more than 0, and finitely many", c->epochs);
    RNL_FAIL_IF(c->sampling != RNL_WITH_REPLACEMENT && c->sampling != RNL_SHUFFLED_EPOCHS,
                RNL_ERR_USAGE, "sampling %d is not known", (int)c->sampling);
    return RNL_OK;
}

static void hand_out(training *t)
{
    const size_t number = rnl_dtype_size(t->net->dtype), batch = t->sampler.batch;
    t->index = rnl_arena_take(&t->arena, t->threads, batch * sizeof *t->index);
    rnl_batch_plan(&t->batch, &t->arena, t->net, t->train, batch);
    t->classes = rnl_arena_take(&t->arena, batch, sizeof *t->classes);
    t->good = rnl_arena_take(&t->arena, 1, rnl_net_bytes(t->net));
    if (t->train->info.one_hot)
        t->rows = rnl_arena_take(&t->arena, batch, rnl_net_outputs(t->net) * number);
}

static rnl_status note_input(rnl_net *net, const rnl_dataset_info *info)
{
    rnl_text shape = {0};
    char scale[32], shift[32];
    rnl_text_add(&shape, "%zux%zux%zu", info->channels, info->height, info->width);
    rnl_format_number(scale, sizeof scale, info->scale, 17);
    rnl_format_number(shift, sizeof shift, info->shift, 17);
    rnl_status status =
        shape.failed ? RNL_ERR_MEMORY : rnl_net_set_note(net, "runnel.input.shape", shape.at);
    if (status == RNL_OK)
        status = rnl_net_set_note(net, "runnel.input.scale", scale);
    if (status == RNL_OK)
        status = rnl_net_set_note(net, "runnel.input.shift", shift);
    rnl_free(shape.at);
    return status;
}

static rnl_status check_batch(const rnl_net *net, size_t batch)
{
    for (size_t i = 0; i < net->layers; i++)
        RNL_FAIL_IF(batch == 1 && net->layer[i].type->needs_batch, RNL_ERR_USAGE,
                    "%s learns nothing from batches of one sample", net->layer[i].type->name);
    return RNL_OK;
}

static rnl_status prepare(training *t, const rnl_dataset *test)
{
    const rnl_train_config *c = t->config;
    RNL_TRY(check_config(c));
    RNL_TRY(check_batch(t->net, c->batch));
    RNL_FAIL_IF(t->net->blocks == 0, RNL_ERR_USAGE, "\"%s\" has no parameters to train",
                t->net->description);
    RNL_TRY(rnl_check_set(t->net, t->train, "the training set"));
    if (test)
        RNL_TRY(rnl_check_set(t->net, test, "the test set"));
    RNL_TRY(rnl_sampler_init(&t->sampler, t->train->info.n, c->batch, c->sampling, c->seed));
    const double wanted = ceil(c->epochs * (double)t->sampler.per_epoch);
    RNL_FAIL_IF(c->iterations == 0 && wanted > 1e15, RNL_ERR_USAGE, "%g epochs are too many",
                c->epochs);
    t->iterations = c->iterations ? c->iterations : (uint64_t)wanted;
    t->eval_every = c->eval_every ? c->eval_every : t->sampler.per_epoch;

    hand_out(t);
    RNL_TRY(rnl_arena_make(&t->arena));
    hand_out(t);
    RNL_TRY(rnl_workspace_plan(&t->ws, t->net, c->batch, RNL_FOR_TRAINING));
    memcpy(t->good, t->net->values, rnl_net_bytes(t->net));
    t->evaluate = t->eval_every != RNL_NEVER;
    if (t->evaluate)
        RNL_TRY(rnl_evaluator_init(&t->on_train, t->net, t->train, false));
    if (t->evaluate && test)
        RNL_TRY(rnl_evaluator_init(&t->on_test, t->net, test, false));
    t->history = rnl_alloc(1, sizeof *t->history);
    if (!t->history)
        return RNL_ERR_MEMORY;
    RNL_TRY(rnl_history_reserve(t->history, 1));
    return note_input(t->net, &t->train->info);
}

rnl_status rnl_train(rnl_net *net, const rnl_dataset *train, const rnl_dataset *test,
                     const rnl_train_config *config, rnl_history **history)
{
    if (history)
        *history = NULL;
    training t = {
        .net = net, .config = config, .train = train, .threads = rnl_team_wanted(config->threads)};
    rnl_status status = prepare(&t, test);
    if (status == RNL_OK) {
        t.began = t.reported = now();
        status = rnl_team_run(t.threads, walk, &t);
    }
    if (status == RNL_OK)
        status = t.status;
    if (history &&
        (status == RNL_OK || status == RNL_ERR_DIVERGED || status == RNL_ERR_INTERRUPTED)) {
        *history = t.history;
        t.history = NULL;
    }
    rnl_history_free(&t.history);
    rnl_evaluator_free(&t.on_train);
    rnl_evaluator_free(&t.on_test);
    rnl_workspace_free(&t.ws);
    rnl_arena_free(&t.arena);
    rnl_sampler_free(&t.sampler);
    return status;
}

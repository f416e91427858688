/* train.c - training a network: a run is prepared, walked by a team (loop.c), and taken apart */
#include "train/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One number for all features, or each feature's own, with single spaces between. */
static rnl_status note_numbers(rnl_net *net, const char *key, double one, const double *each,
                               size_t n)
{
    rnl_text text = {0};
    for (size_t j = 0; j < (each ? n : 1); j++)
        rnl_text_add_number(&text, each ? each[j] : one);
    const rnl_status status = text.failed
                                  ? RNL_ERR_MEMORY
                                  : rnl_net_set_note(net, key, text.at + 1); /* without the blank */
    rnl_free(text.at);
    return status;
}

/* How to feed the network, and what its answers are called. */
static rnl_status note_input(rnl_net *net, const rnl_dataset *set)
{
    const rnl_dataset_info *info = &set->info;
    char shape[3 * 24];
    snprintf(shape, sizeof shape, "%zux%zux%zu", info->channels, info->height, info->width);
    RNL_TRY(rnl_net_set_note(net, "runnel.input.shape", shape));
    RNL_TRY(
        note_numbers(net, "runnel.input.scale", info->scale, set->scaling.scale, info->features));
    RNL_TRY(
        note_numbers(net, "runnel.input.shift", info->shift, set->scaling.shift, info->features));
    static const char *const first_index[] = {NULL, "0", "1"}; /* by rnl_first_index */
    RNL_TRY(rnl_net_set_note(net, "runnel.input.first_index", first_index[info->first_index]));
    return rnl_net_set_note(net, "runnel.classes", set->class_names);
}

/* Iterations, and the sizes of updates. */
static rnl_status plan_length(rnl_run *t)
{
    const rnl_train_config *c = t->config;
    const size_t passes = c->accumulate > 1 ? c->accumulate : 1;
    RNL_TRY(
        rnl_sampler_init(&t->sampler, t->train->info.n, c->batch * passes, c->sampling, c->seed));
    const double share = 1 - 1e-12; /* 1.1 * 100 is a little more than 110 */
    const double wanted = ceil(c->epochs * (double)t->sampler.per_epoch * share);
    RNL_FAIL_IF(c->iterations == 0 && wanted > 1e15, RNL_ERR_USAGE, "%g epochs are too many",
                c->epochs);
    t->pass = c->batch;
    t->iterations = c->iterations ? c->iterations : (uint64_t)wanted;
    t->eval_every = c->eval_every ? c->eval_every : t->sampler.per_epoch;
    t->checkpoint_every = c->checkpoint_every ? c->checkpoint_every : t->sampler.per_epoch;
    if (!c->checkpoint)
        t->checkpoint_every = RNL_NEVER;
    RNL_TRY(rnl_augment_parse(&t->augment, c->augment));
    RNL_TRY(rnl_augment_check(&t->augment, t->train));
    return rnl_schedule_parse(&t->schedule, c->schedule, t->iterations);
}

static rnl_status plan_steps(rnl_run *t)
{
    const rnl_train_config *c = t->config;
    const rnl_optimizer_config rule = {
        .rule = c->optimizer, .l2 = c->l2, .weight_decay = c->weight_decay, .clip = c->clip};
    RNL_TRY(rnl_optimizer_new(&t->optimizer, t->net, &rule));
    RNL_TRY(rnl_optimizer_check_rate(t->optimizer, c->lr));
    t->folded = rnl_optimizer_is_plain(t->optimizer) && t->sampler.batch == t->pass;
    return RNL_OK;
}

static void hand_out(rnl_run *t)
{
    rnl_arena *arena = &t->arena;
    const size_t numbers = rnl_net_bytes(t->net),
                 parameters = t->net->arena_size * rnl_dtype_size(t->net->dtype);
    t->index = rnl_arena_take(arena, t->threads, t->sampler.batch * sizeof *t->index);
    if (t->batch.augmenter)
        rnl_augmenter_plan(&t->augmenter, arena, &t->augment, t->train, t->config->seed,
                           t->threads);
    rnl_batch_plan(&t->batch, arena, t->pass);
    t->good = rnl_arena_take(arena, 1, numbers);
    if (t->config->keep_best)
        t->best = rnl_arena_take(arena, 1, numbers);
    if (t->config->ema > 0)
        t->average = rnl_arena_take(arena, 1, numbers);
    if (t->train->fill && t->net->state_size > 0 && t->sampler.batch != t->pass)
        t->state = rnl_arena_take(arena, t->net->state_size, rnl_dtype_size(t->net->dtype));
    if (!t->folded)
        t->gradients = rnl_arena_take(arena, 1, parameters);
}

static rnl_status plan_evaluations(rnl_run *t)
{
    t->seen = *t->net;
    if (t->average)
        t->seen.values = t->average;
    t->evaluate = t->eval_every != RNL_NEVER;
    if (!t->evaluate)
        return RNL_OK;
    if (!t->config->skip_train_accuracy)
        RNL_TRY(rnl_evaluator_init(&t->on_train, &t->seen, t->train, t->threads, 0));
    if (t->config->validation)
        RNL_TRY(rnl_evaluator_init(&t->on_validation, &t->seen, t->config->validation, t->threads,
                                   RNL_WITH_LOSSES));
    if (t->test)
        RNL_TRY(rnl_evaluator_init(&t->on_test, &t->seen, t->test, t->threads, 0));
    return RNL_OK;
}

static rnl_status prepare(rnl_run *t)
{
    const rnl_train_config *c = t->config;
    RNL_TRY(rnl_run_check_settings(t->net, t->train, t->test, c));
    /* a checkpoint gives it other numbers */
    if (!c->resume && rnl_net_check_numbers(t->net, "trained") != RNL_OK)
        return rnl_fail_prefix(RNL_ERR_USAGE, "the network, before the first update");
    RNL_TRY(plan_length(t));
    RNL_TRY(plan_steps(t));
    t->batch = (rnl_batch){.net = t->net, .set = t->train, .missing = &t->missing};
    if (rnl_augment_does_anything(&t->augment))
        t->batch.augmenter = &t->augmenter;
    hand_out(t);
    RNL_TRY(rnl_arena_make(&t->arena));
    hand_out(t);
    RNL_TRY(rnl_workspace_plan(&t->ws, t->net, t->pass, RNL_FOR_TRAINING));
    RNL_TRY(plan_evaluations(t));
    memcpy(t->good, t->net->values, rnl_net_bytes(t->net));
    if (t->average)
        memcpy(t->average, t->net->values, rnl_net_bytes(t->net));

    t->history = rnl_alloc(1, sizeof *t->history);
    if (!t->history)
        return RNL_ERR_MEMORY;
    t->history->task = rnl_net_task(t->net);
    t->history->lr = c->lr;
    t->history->schedule = t->schedule;
    RNL_TRY(rnl_history_reserve(t->history, 1, 1));
    if (c->checkpoint || c->resume)
        RNL_TRY(rnl_run_describe(t, &t->settings));
    if (c->resume)
        RNL_TRY(rnl_checkpoint_read(t, c->resume));
    t->pause = c->resume != NULL; /* it is told where the run goes on */
    return note_input(t->net, t->train);
}

static void release(rnl_run *t)
{
    rnl_history_free(&t->history);
    rnl_evaluator_free(&t->on_train);
    rnl_evaluator_free(&t->on_validation);
    rnl_evaluator_free(&t->on_test);
    rnl_workspace_free(&t->ws);
    rnl_optimizer_free(&t->optimizer);
    rnl_arena_free(&t->arena);
    rnl_sampler_free(&t->sampler);
    rnl_free(t->settings);
}

rnl_status rnl_train(rnl_net *net, const rnl_dataset *train, const rnl_dataset *test,
                     const rnl_train_config *config, rnl_history **history)
{
    if (history)
        *history = NULL;
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(train, "the training set is");
    RNL_REFUSE_NULL(config, "the configuration is");
    rnl_run t = {.net = net,
                 .config = config,
                 .train = train,
                 .test = test,
                 .threads = rnl_team_wanted(config->threads)};
    rnl_status status = prepare(&t);
    if (status == RNL_OK) {
        rnl_pace_init(&t.pace, t.threads);
        t.began = t.reported = rnl_run_seconds();
        status = rnl_team_run(t.threads, rnl_run_walk, &t);
    }
    if (status == RNL_OK) { /* it began */
        status = t.status;
        if (history && status != RNL_ERR_MEMORY) {
            *history = t.history;
            t.history = NULL;
        }
    }
    release(&t);
    return status;
}

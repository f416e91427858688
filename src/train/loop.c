/* loop.c - what every thread of a training team walks
 *
 *     gather batch -> forward -> losses -> backward -> step
 *
 * Plain SGD is folded into the last product of backward, which adds -lr times the gradient to the
 * parameters; other rules have the gradient in an arena of its own first. Where an update has several
 * passes, their gradients add up there, each counting by its share of the samples.
 *
 * Every thread owns some rows of the batch and, after a barrier, some part of all parameters. Between two
 * updates, at an evaluation, a checkpoint or when a tenth of a second has passed, all wait while thread 0,
 * which is the caller's, does what between.c says; and every few milliseconds it looks whether as many threads
 * should take part (pace.c). Where these pauses fall, and who takes part, changes no number. */
#include "train/run.h"

#include <math.h>
#include <string.h>

static const double REPORT_SECONDS = 0.1;

/* The samples of a pass, as they go into the network. */
typedef struct pass_input {
    rnl_net_input in;
    rnl_targets targets;
} pass_input;

/* One pass of an update: the samples index[0 .. rows-1]. False where they are not all there. */
static bool pass(rnl_run *t, const size_t *index, size_t rows, uint64_t number,
                 const rnl_gradient_use *use, pass_input *p)
{
    const rnl_mode mode = {.training = true, .seed = t->config->seed, .iteration = number};
    p->in = t->batch.augmenter ? rnl_batch_augment(&t->batch, index, rows, number)
                               : rnl_batch_gather(&t->batch, index, 0, rows);
    if (!rnl_batch_is_complete(&t->batch))
        return false;
    p->targets = rnl_batch_targets(&t->batch, index, 0, rows);
    p->targets.class_weights = t->config->class_weights;
    rnl_net_step(t->net, t->ws, &p->in, &p->targets, &mode, use);
    rnl_net_track(t->net, t->ws, rows);
    return true;
}

/* The losses of the samples once more, now that all threads have done their part of the update. */
static void losses_again(rnl_run *t, const pass_input *p)
{
    rnl_team_barrier();
    rnl_matrix y = rnl_workspace_output(t->ws, p->in.x.rows);
    rnl_net_forward(t->net, t->ws, &p->in, &y, NULL);
    rnl_net_losses(t->net, t->ws->losses, NULL, &y, &p->targets);
    rnl_team_barrier();
}

/* The running statistics, which each pass of an update moves: back to where they were before it, or kept for that.
 * By thread 0; only where samples of a later pass can be missing. */
static void keep_state(rnl_run *t, bool back)
{
    const rnl_net *net = t->net;
    const size_t number = rnl_dtype_size(net->dtype), bytes = net->state_size * number;
    char *state = (char *)net->values + net->arena_size * number;
    if (t->state && rnl_team_rank() == 0)
        memcpy(back ? state : t->state, back ? t->state : state, bytes);
}

/* Update number i, from 0. False: samples are missing, and the network stays as it was. */
static bool update(rnl_run *t, uint64_t i)
{
    const size_t samples = rnl_sampler_rows(&t->sampler, i),
                 passes = (t->sampler.batch + t->pass - 1) / t->pass;
    const double lr = rnl_schedule_rate(&t->schedule, t->config->lr, i);
    size_t *index = t->index + rnl_team_rank() * t->sampler.batch;
    pass_input p;
    rnl_sampler_draw(&t->sampler, i, 0, samples, index);
    keep_state(t, false); /* a batch that can be incomplete has a barrier before anything moves */
    for (size_t first = 0, k = 0; first < samples; first += t->pass, k++) {
        const size_t rows = samples - first < t->pass ? samples - first : t->pass;
        rnl_gradient_use use = {.arena = t->net->values, .alpha = -lr, .add = true};
        if (!t->folded)
            use = (rnl_gradient_use){
                .arena = t->gradients, .alpha = (double)rows / (double)samples, .add = first > 0};
        if (!pass(t, index + first, rows, i * passes + k, &use, &p)) {
            keep_state(t, true);
            return false;
        }
        if (rnl_team_rank() == 0 && !t->config->loss_after_update)
            t->loss_sum += rnl_mean(t->ws->losses, rows) * ((double)rows / (double)samples);
        if (first + rows < samples)
            rnl_team_barrier(); /* all are done with the samples of this pass */
    }
    if (!t->folded)
        rnl_optimizer_walk(t->optimizer, t->net->values, t->gradients, lr, i + 1);
    if (t->config->loss_after_update) {
        losses_again(t, &p);
        if (rnl_team_rank() == 0)
            t->loss_sum = rnl_mean(t->ws->losses, samples);
    }
    return true;
}

/* Thread 0, before the barrier that ends an update: the loss, and whether to go on. */
static void account(rnl_run *t)
{
    t->last_loss = t->loss_sum;
    t->loss_sum = 0;
    t->history->losses[t->done] = (float)t->last_loss;
    t->history->iterations = ++t->done;
    t->diverged = !isfinite(t->last_loss);
    const double now = rnl_run_seconds();
    t->pause = t->diverged || (t->config->callback && now - t->reported >= REPORT_SECONDS);
    t->breathe = t->pause || now - t->pace.began >= rnl_pace_seconds(&t->pace);
}

/* mean = mean + a (w - mean) with a = (1 - d) / (1 - d^n) after update number n: the average of all w so
 * far in which each counts d times as much as the next, and the first one is no exception. */
static void average(rnl_run *t, uint64_t n)
{
    const double d = t->config->ema;
    t->net->kernels->average(t->average, t->net->values, (1 - d) / (1 - pow(d, (double)n)),
                             t->net->arena_size + t->net->state_size);
}

/* Updates until the next breath, by the threads that take part. */
static void updates(void *run)
{
    rnl_run *t = run;
    bool breathe = false;
    for (uint64_t i = t->done, end = t->stretch_end; i < end && !breathe; i++) {
        if (!update(t, i)) {
            if (rnl_team_rank() == 0)
                t->incomplete = t->pause = true;
            return;
        }
        if (rnl_team_rank() == 0)
            account(t);
        if (t->average)
            average(t, i + 1); /* begins with a barrier */
        else
            rnl_team_barrier();
        breathe = t->breathe; /* and all numbers are updated */
    }
}

/* Updates until the stretch ends or a pause is due. */
static void stretch(rnl_run *t)
{
    bool more = true;
    while (more) {
        const uint64_t done = t->done;
        if (rnl_team_rank() == 0)
            rnl_pace_begin(&t->pace, rnl_run_seconds());
        rnl_team_run_part(rnl_pace_threads(&t->pace), updates, t);
        more = t->done < t->stretch_end && !t->pause;
        rnl_team_barrier(); /* all have seen that, and which threads took part */
        if (rnl_team_rank() == 0)
            rnl_pace_end(&t->pace, t->done - done, rnl_run_seconds());
        rnl_team_barrier();
    }
}

void rnl_run_walk(void *run)
{
    rnl_run *t = run;
    for (;;) {
        rnl_evaluator *const sets[] = {&t->on_train, &t->on_validation, &t->on_test};
        const bool evaluate = t->evaluate;
        for (size_t k = 0; k < 3 && evaluate; k++)
            if (sets[k]->set)
                rnl_evaluator_walk(sets[k]);
        if (rnl_team_rank() == 0) {
            const rnl_team_member member = rnl_team_enter_alone();
            t->finished = !rnl_run_between(t);
            rnl_team_leave(member);
        }
        rnl_team_barrier();
        if (t->finished)
            return;
        const double began = rnl_team_rank() == 0 ? rnl_run_seconds() : 0;
        stretch(t);
        if (rnl_team_rank() == 0) {
            t->updating += rnl_run_seconds() - began;
            t->evaluate = rnl_run_evaluates(t);
        }
        rnl_team_barrier();
    }
}

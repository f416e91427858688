/* sweep_run.c - the runs of a sweep, side by side: each thread takes the next one that nobody has taken */
#include "sweep.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct crew {
    cli_sweep_plan *sweep;
    pthread_mutex_t lock; /* of all below, of the runs, and of what is said */
    size_t done, wanted;  /* in this session */
    bool stop;
    int end; /* how the program ends; -1: all is well */
    double began;
} crew;

static bool go_on(const rnl_train_event *event, void *user)
{
    crew *c = user;
    (void)event;
    return !cli_interrupted() && !__atomic_load_n(&c->stop, __ATOMIC_RELAXED);
}

/* What of a history stands in the table. */
static void take_scores(cli_run *r, rnl_status status, const rnl_history *history)
{
    const rnl_evaluation e = cli_kept_evaluation(history);
    r->accuracy = e.validation_accuracy;
    r->loss = e.validation_loss;
    r->iterations = rnl_history_iterations(history);
    r->kept = rnl_history_kept(history);
    r->diverged = status == RNL_ERR_DIVERGED || isnan(e.validation_accuracy);
    if (r->diverged)
        r->accuracy = r->loss = NAN;
    r->done = true;
}

/* Trains; the result goes into *r. Returns -1, or how the program ends. Under the lock, which it leaves while
 * the updates are made. */
static int train(crew *c, cli_run *r)
{
    const cli_sweep_plan *s = c->sweep;
    cli_train_settings *t = cli_alloc(1, sizeof *t); /* a thread's stack may be small */
    rnl_net *net = NULL;
    double *weights = NULL;
    rnl_history *history = NULL;
    int end = cli_sweep_settings(s, s->value + r->trial * s->dimensions, &r->seed, t);
    if (end < 0)
        end = cli_train_net(t, &s->data, &net, &weights);
    if (end < 0) {
        const double began = cli_seconds();
        t->train.callback = go_on;
        t->train.user = c;
        pthread_mutex_unlock(&c->lock);
        const rnl_status status = rnl_train(net, s->data.train, NULL, &t->train, &history);
        r->seconds = cli_seconds() - began;
        pthread_mutex_lock(&c->lock);
        if (status == RNL_OK || (status == RNL_ERR_DIVERGED && history))
            take_scores(r, status, history);
        else if (status != RNL_ERR_INTERRUPTED && c->end < 0) /* one error is enough */
            end = cli_library_error(status, r->command);
    }
    rnl_history_free(&history);
    free(weights);
    rnl_net_free(&net);
    free(t);
    return end;
}

static void show_progress(const crew *c)
{
    if (!cli_progress_due())
        return;
    const cli_sweep_plan *s = c->sweep;
    double best = NAN;
    for (size_t i = 0; i < s->runs; i++)
        if (s->run[i].done && !s->run[i].diverged && !(s->run[i].accuracy <= best))
            best = s->run[i].accuracy;
    const double spent = cli_seconds() - c->began,
                 left = spent / (double)c->done * (double)(c->wanted - c->done);
    const unsigned long long seconds = (unsigned long long)(left + 0.5);
    char shown[24] = "-";
    if (!isnan(best))
        snprintf(shown, sizeof shown, s->regression ? "%.4f" : "%.2f %%",
                 s->regression ? best : 100 * best);
    cli_progress("%9zu of %zu runs, best %s, %llu:%02llu left", c->done + s->reused, s->runs, shown,
                 seconds / 60, seconds % 60);
}

/* Under the lock: the run's result is everybody's from now on. */
static void settle(crew *c, cli_run *r, const cli_run *result, int end)
{
    if (end >= 0 && c->end < 0)
        c->end = end;
    if (end >= 0)
        __atomic_store_n(&c->stop, true, __ATOMIC_RELAXED);
    if (!result->done)
        return;
    *r = *result;
    c->done++;
    if (!cli_sweep_write_table(c->sweep)) {
        c->end = CLI_FAILED;
        __atomic_store_n(&c->stop, true, __ATOMIC_RELAXED);
    }
    if (c->sweep->base.json) {
        cli_print_json(cli_sweep_json(c->sweep, r));
        cli_flush();
    }
    show_progress(c);
}

static void *work(void *arg)
{
    crew *c = arg;
    cli_sweep_plan *s = c->sweep;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < s->runs && !c->stop && !cli_interrupted(); i++) {
        cli_run *r = &s->run[i];
        if (r->done || r->taken)
            continue;
        r->taken = true;
        cli_run result = *r;
        result.input = s->input;
        const int end = train(c, &result);
        settle(c, r, &result, end);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static void run_all(crew *c, size_t threads)
{
    pthread_t *thread = cli_alloc(threads, sizeof *thread);
    size_t started = 1; /* this one */
    while (started < threads && pthread_create(&thread[started], NULL, work, c) == 0)
        started++;
    work(c);
    for (size_t k = 1; k < started; k++)
        pthread_join(thread[k], NULL);
    free(thread);
}

int cli_sweep_run(cli_sweep_plan *s)
{
    crew c = {.sweep = s, .wanted = s->runs - s->reused, .end = -1, .began = cli_seconds()};
    size_t threads = s->options.threads ? (size_t)s->options.threads : (size_t)rnl_processors();
    char some[24];
    snprintf(some, sizeof some, "%zu", s->reused);
    if (threads > c.wanted)
        threads = c.wanted > 0 ? c.wanted : 1;
    const rnl_dataset_info train = rnl_dataset_describe(s->data.train),
                           validation = rnl_dataset_describe(s->data.validation);
    cli_message("data     %s: %zu samples to train, %zu to validate", s->base.data.data, train.n,
                validation.n);
    cli_message("sweep    %zu trial%s, %zu seed%s: %zu run%s, %zu at a time", s->trials,
                s->trials == 1 ? "" : "s", s->options.seeds, s->options.seeds == 1 ? "" : "s",
                s->runs, s->runs == 1 ? "" : "s", threads);
    if (s->reused)
        cli_message("found    %s of them in %s", c.wanted ? some : "all", s->options.out);
    cli_catch_signals();
    pthread_mutex_init(&c.lock, NULL);
    run_all(&c, threads);
    pthread_mutex_destroy(&c.lock);
    cli_progress_clear();
    if (c.end >= 0)
        return c.end;
    const bool interrupted = c.done < c.wanted;
    cli_message("%s %zu run%s in %.*f s", interrupted ? "interrupted after" : "done:", c.done,
                c.done == 1 ? "" : "s", cli_seconds() - c.began < 10 ? 2 : 0,
                cli_seconds() - c.began);
    if (c.done || s->reused)
        cli_message("table    %s%s", s->options.out,
                    interrupted ? "; the same command goes on from there" : "");
    cli_sweep_tell(s);
    return interrupted ? CLI_INTERRUPTED : CLI_OK;
}

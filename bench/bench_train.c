/* bench_train.c - the worker that trains with runnel, over runnel.h alone
 *
 *   train        updates without evaluation, timed between two progress events of rnl_train
 *   guard        exactly `iterations` updates, and the test accuracy after them; and a hash of the
 *                parameters, which must not depend on the number of threads
 *   default_run  loss=before: rnl_train with its defaults, as `runnel train` calls it. loss=after: with
 *                the loss again after every update, as the book's program does it
 *   first        from nothing to the first update, in C calls */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- train ---------------------------------------------------------------------------------------- */

/* The clock runs from the first progress event, a tenth of a second after the first update. */
typedef struct stretch {
    uint64_t wanted, begin, end; /* updates */
    double begin_seconds, end_seconds;
} stretch;

static bool watch(const rnl_train_event *event, void *user)
{
    stretch *s = user;
    if (event->kind != RNL_EVENT_PROGRESS)
        return true;
    if (s->begin == 0) {
        s->begin = event->iteration;
        s->begin_seconds = event->seconds;
        return true;
    }
    s->end = event->iteration;
    s->end_seconds = event->seconds;
    return s->end - s->begin < s->wanted;
}

static void train(const bench_job *job)
{
    const rnl_dataset *set = bench_train_set();
    rnl_net *net = set ? bench_net(job) : NULL;
    if (!net)
        return;
    stretch s = {.wanted = job->iterations};
    /* far more than wanted: watch ends it */
    rnl_train_config config = bench_train_config(job, 100 * job->iterations + 100000);
    config.eval_every = config.iterations;
    config.callback = watch;
    config.user = &s;
    const rnl_status status = rnl_train(net, set, NULL, &config, NULL);
    if (status != RNL_ERR_INTERRUPTED)
        printf("error %s", status == RNL_OK ? "training ended too early" : rnl_error_text());
    else
        printf("seconds=%.9f done=%llu", s.end_seconds - s.begin_seconds,
               (unsigned long long)(s.end - s.begin));
    rnl_net_free(&net);
}

/* ---- guard ---------------------------------------------------------------------------------------- */

/* FNV-1a over the parameters' bytes. */
static uint64_t hash_of(const rnl_net *net)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        const rnl_matrix value = rnl_net_parameter(net, i).value;
        for (size_t r = 0; r < value.rows; r++) {
            const unsigned char *row =
                (const unsigned char *)((const float *)value.data + r * value.ld);
            for (size_t k = 0; k < value.cols * sizeof(float); k++)
                hash = (hash ^ row[k]) * 1099511628211U;
        }
    }
    return hash;
}

/* The job's network, and both sets; NULL after an error has been said. */
static rnl_net *net_and_sets(const bench_job *job, const rnl_dataset **train_set,
                             const rnl_dataset **test_set)
{
    *train_set = bench_train_set();
    *test_set = *train_set ? bench_test_set() : NULL;
    return *test_set ? bench_net(job) : NULL;
}

static void guard(const bench_job *job)
{
    const rnl_dataset *train_set, *test_set;
    rnl_net *net = net_and_sets(job, &train_set, &test_set);
    if (!net)
        return;
    rnl_train_config config = bench_train_config(job, job->iterations);
    config.eval_every = config.iterations;
    rnl_score score;
    if (bench_ok(rnl_train(net, train_set, NULL, &config, NULL)) &&
        bench_ok(rnl_evaluate(net, test_set, job->threads, &score, NULL)))
        printf("accuracy=%.6f bits=%016llx", score.accuracy, (unsigned long long)hash_of(net));
    rnl_net_free(&net);
}

/* ---- the default run ---------------------------------------------------------------------------------- */

/* The mean of the last hundred. */
static double mean_of_last(const float *losses, size_t n)
{
    const size_t count = n < 100 ? n : 100;
    double sum = 0;
    for (size_t i = n - count; i < n; i++)
        sum += (double)losses[i];
    return sum / (double)count;
}

static void default_run(const bench_job *job)
{
    const rnl_dataset *train_set, *test_set;
    rnl_net *net = net_and_sets(job, &train_set, &test_set);
    if (!net)
        return;
    rnl_train_config config = bench_train_config(job, job->iterations);
    config.loss_after_update = strcmp(job->loss, "after") == 0;
    rnl_history *history = NULL;
    const double begin = bench_now();
    const rnl_status status = rnl_train(net, train_set, test_set, &config, &history);
    const double seconds = bench_now() - begin;
    if (bench_ok(status)) {
        const size_t last = rnl_history_evaluation_count(history) - 1;
        printf("seconds=%.9f accuracy=%.6f loss=%.6f peak_kb=%ld", seconds,
               rnl_history_evaluation(history, last).test_accuracy,
               mean_of_last(rnl_history_losses(history), rnl_history_iterations(history)),
               bench_peak_kb());
    }
    rnl_history_free(&history);
    rnl_net_free(&net);
}

/* ---- the first batch -------------------------------------------------------------------------------------- */

/* What an update in C calls needs. */
typedef struct book {
    rnl_net *net;
    const rnl_dataset *set;
    rnl_workspace *ws;
    rnl_gradients *g;
    size_t *index;
    float *x;
    int32_t *classes;
    size_t batch, n, features;
    uint64_t random;
} book;

static bool book_open(book *b, const bench_job *job, rnl_net *net, const rnl_dataset *set)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    *b = (book){.net = net,
                .set = set,
                .batch = job->batch,
                .n = info.n,
                .features = info.features,
                .random = job->seed};
    b->index = calloc(b->batch, sizeof *b->index);
    b->x = calloc(b->batch * b->features, sizeof *b->x);
    b->classes = calloc(b->batch, sizeof *b->classes);
    return b->index && b->x && b->classes && bench_ok(rnl_workspace_new(&b->ws, net, b->batch)) &&
           bench_ok(rnl_gradients_new(&b->g, net));
}

static void book_close(book *b)
{
    free(b->index);
    free(b->x);
    free(b->classes);
    rnl_workspace_free(&b->ws);
    rnl_gradients_free(&b->g);
}

/* Draws a batch and makes one update; the batch stays in b. */
static rnl_status book_update(book *b, double lr)
{
    for (size_t i = 0; i < b->batch; i++) {
        b->random = b->random * 6364136223846793005U + 1442695040888963407U;
        b->index[i] = (size_t)((b->random >> 32) * b->n >> 32);
        b->classes[i] = rnl_dataset_classes(b->set)[b->index[i]];
    }
    const rnl_matrix x = rnl_matrix_f32(b->x, b->batch, b->features);
    rnl_status status = rnl_dataset_gather(b->set, b->index, 0, x);
    if (status == RNL_OK)
        status = rnl_net_gradient(b->net, b->ws, x, rnl_targets_classes(b->classes, b->batch), b->g,
                                  NULL);
    return status == RNL_OK ? rnl_net_sgd_step(b->net, b->g, lr) : status;
}

static void first(const bench_job *job)
{
    const rnl_dataset *set = bench_train_set();
    rnl_net *net = set ? bench_net(job) : NULL;
    book b;
    if (net && book_open(&b, job, net, set)) {
        if (bench_ok(book_update(&b, job->lr)))
            printf("at=%.9f", bench_now());
        book_close(&b);
    }
    rnl_net_free(&net);
}

static bool load(const char *folder, bool quiet)
{
    bench_set_folder(folder);
    if (!quiet)
        printf(" version=%s processors=%d", rnl_version(), rnl_processors());
    return true;
}

int main(int argc, char **argv)
{
    static const bench_verb verbs[] = {
        {"train", train}, {"guard", guard}, {"default_run", default_run},
        {"first", first}, {NULL, NULL},
    };
    return bench_serve(argc, argv, load, verbs);
}

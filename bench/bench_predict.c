/* bench_predict.c - the worker that predicts with runnel, over runnel.h alone, on the calling thread
 *
 *   predict_one    one sample a call, from its 784 numbers to its class
 *   predict_batch  `batch` samples a call */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 10, LESSON = 1200 /* updates, so that the answers can be checked */ };

/* The whole test part as numbers, which is what a caller has. */
static float *pixels;
static const int32_t *classes;
static size_t sample_count, features;

static rnl_net *trained;
static bench_job trained_for;

static bool same_net(const bench_job *a, const bench_job *b)
{
    return a->width_count == b->width_count && strcmp(a->backend, b->backend) == 0 &&
           memcmp(a->widths, b->widths, a->width_count * sizeof a->widths[0]) == 0;
}

static bool prepare(const bench_job *job)
{
    if (!pixels) {
        const rnl_dataset *set = bench_test_set();
        if (!set)
            return false;
        const rnl_dataset_info info = rnl_dataset_describe(set);
        pixels = malloc(info.n * info.features * sizeof *pixels);
        if (!pixels || !bench_ok(rnl_dataset_gather(set, NULL, 0,
                                                    rnl_matrix_f32(pixels, info.n, info.features))))
            return false;
        classes = rnl_dataset_classes(set);
        sample_count = info.n;
        features = info.features;
    }
    if (trained && same_net(job, &trained_for))
        return true;
    rnl_net_free(&trained);
    const rnl_dataset *set = bench_train_set();
    trained = set ? bench_net(job) : NULL;
    if (!trained)
        return false;
    bench_job lesson = *job;
    lesson.batch = 100;
    rnl_train_config config = bench_train_config(&lesson, LESSON);
    config.eval_every = LESSON;
    trained_for = *job;
    return bench_ok(rnl_train(trained, set, NULL, &config, NULL));
}

static size_t right_ones(const float *y, const int32_t *t, size_t n)
{
    size_t right = 0;
    for (size_t i = 0; i < n; i++, y += CLASSES) {
        int best = 0;
        for (int k = 1; k < CLASSES; k++)
            if (y[k] > y[best])
                best = k;
        right += best == t[i];
    }
    return right;
}

static void predict(const bench_job *job, size_t batch, size_t samples)
{
    rnl_workspace *ws = NULL;
    float *y = malloc(batch * CLASSES * sizeof *y);
    if (!y || !prepare(job) || !bench_ok(rnl_workspace_new(&ws, trained, batch))) {
        free(y);
        return;
    }
    if (samples > sample_count)
        samples = sample_count;
    const rnl_matrix out = rnl_matrix_f32(y, batch, CLASSES);
    size_t right = 0, done = 0, row = 0;
    rnl_status status = RNL_OK;
    const double begin = bench_now();
    while (status == RNL_OK && done < job->count) {
        if (row + batch > samples)
            row = 0;
        status = rnl_net_predict(trained, ws,
                                 rnl_matrix_f32(pixels + row * features, batch, features), out);
        right += right_ones(y, classes + row, batch);
        done += batch;
        row += batch;
    }
    const double seconds = bench_now() - begin;
    if (bench_ok(status))
        printf("seconds=%.9f accuracy=%.6f done=%zu", seconds, (double)right / (double)done, done);
    rnl_workspace_free(&ws);
    free(y);
}

static void predict_one(const bench_job *job)
{
    predict(job, 1, job->samples);
}

static void predict_batch(const bench_job *job)
{
    predict(job, job->batch, SIZE_MAX);
}

static bool load(const char *folder, bool quiet)
{
    bench_set_folder(folder);
    if (!quiet)
        printf(" version=%s", rnl_version());
    return true;
}

int main(int argc, char **argv)
{
    static const bench_verb verbs[] = {
        {"predict_one", predict_one},
        {"predict_batch", predict_batch},
        {NULL, NULL},
    };
    return bench_serve(argc, argv, load, verbs);
}

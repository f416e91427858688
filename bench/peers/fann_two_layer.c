/* fann_two_layer.c - the same training in FANN 2.2 (libfloatfann)
 *
 * FANN has neither ReLU nor softmax with cross-entropy: its sigmoid stands in the hidden layers, and
 * its squared error with a sigmoid at the end. The multiply-adds, which are nearly all of the work,
 * are the same. Two programs:
 *
 *   incremental   an update after every sample, as fann_train does
 *   batch         an update after every batch, as fann_train_epoch does
 *
 * FANN in Debian has no threads. */
#include "protocol.h"

#include <floatfann.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEATURES = 784, CLASSES = 10, HEADER_IMAGES = 16, HEADER_LABELS = 8 };

typedef struct part {
    float *x, *t; /* [n, FEATURES], [n, CLASSES] */
    unsigned char *classes;
    size_t n;
} part;

static part train_part, test_part;

/* An uncompressed IDX file's bytes after its header; the bench has made the file itself. */
static unsigned char *read_bytes(const char *folder, const char *name, size_t header, size_t *size)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    *size = (size_t)ftell(file) - header;
    unsigned char *bytes = malloc(*size);
    fseek(file, (long)header, SEEK_SET);
    if (!bytes || fread(bytes, 1, *size, file) != *size) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    return bytes;
}

static part read_part(const char *folder, const char *images, const char *labels)
{
    size_t pixels;
    part p = {0};
    unsigned char *bytes = read_bytes(folder, images, HEADER_IMAGES, &pixels);
    p.classes = read_bytes(folder, labels, HEADER_LABELS, &p.n);
    p.x = malloc(pixels * sizeof *p.x);
    p.t = calloc(p.n * CLASSES, sizeof *p.t);
    if (!p.x || !p.t || pixels != p.n * FEATURES)
        exit(1);
    for (size_t i = 0; i < pixels; i++)
        p.x[i] = (float)bytes[i] / 255;
    for (size_t i = 0; i < p.n; i++)
        p.t[i * CLASSES + p.classes[i]] = 1;
    free(bytes);
    return p;
}

static struct fann *network(const bench_job *job)
{
    unsigned int widths[BENCH_WIDTHS_MAX];
    for (size_t i = 0; i < job->width_count; i++)
        widths[i] = (unsigned int)job->widths[i];
    struct fann *ann = fann_create_standard_array((unsigned int)job->width_count, widths);
    const bool batch = strcmp(job->program, "batch") == 0;
    fann_set_activation_function_hidden(ann, FANN_SIGMOID_SYMMETRIC_STEPWISE);
    fann_set_activation_function_output(ann, FANN_SIGMOID_STEPWISE);
    fann_set_activation_steepness_hidden(ann, 0.5F);
    fann_set_training_algorithm(ann, batch ? FANN_TRAIN_BATCH : FANN_TRAIN_INCREMENTAL);
    /* squared error behind sigmoids needs larger steps of whole batches than cross-entropy */
    fann_set_learning_rate(ann, batch ? 4.0F : 0.02F);
    fann_randomize_weights(ann, -0.05F, 0.05F);
    return ann;
}

static int class_of(const float *y)
{
    int best = 0;
    for (int k = 1; k < CLASSES; k++)
        if (y[k] > y[best])
            best = k;
    return best;
}

static double accuracy(struct fann *ann)
{
    size_t right = 0;
    for (size_t i = 0; i < test_part.n; i++)
        right += class_of(fann_run(ann, test_part.x + i * FEATURES)) == test_part.classes[i];
    return (double)right / (double)test_part.n;
}

static void updates(struct fann *ann, const bench_job *job, size_t count, uint64_t *state)
{
    float **x = malloc(job->batch * sizeof *x), **t = malloc(job->batch * sizeof *t);
    struct fann_train_data data = {.num_data = (unsigned int)job->batch,
                                   .num_input = FEATURES,
                                   .num_output = CLASSES,
                                   .input = x,
                                   .output = t};
    for (size_t k = 0; x && t && k < count; k++) {
        for (size_t i = 0; i < job->batch; i++) {
            *state = *state * 6364136223846793005U + 1442695040888963407U;
            const size_t sample = (size_t)((*state >> 33) % train_part.n);
            x[i] = train_part.x + sample * FEATURES;
            t[i] = train_part.t + sample * CLASSES;
        }
        fann_train_epoch(ann, &data);
    }
    free(x);
    free(t);
}

static void train(const bench_job *job)
{
    struct fann *ann = network(job);
    uint64_t state = job->seed;
    updates(ann, job, job->warmup, &state);
    const double begin = bench_now();
    updates(ann, job, job->iterations, &state);
    const double seconds = bench_now() - begin;
    printf("seconds=%.9f accuracy=%.6f", seconds, job->check ? accuracy(ann) : 0);
    fann_destroy(ann);
}

static void predict_one(const bench_job *job)
{
    static struct fann *trained;
    if (!trained) {
        bench_job lesson = *job;
        snprintf(lesson.program, sizeof lesson.program, "incremental");
        lesson.batch = 100;
        uint64_t state = 1;
        trained = network(&lesson);
        updates(trained, &lesson, 600, &state);
    }
    size_t right = 0;
    const double begin = bench_now();
    for (size_t i = 0; i < job->count; i++) {
        const size_t row = i % job->samples;
        right +=
            class_of(fann_run(trained, test_part.x + row * FEATURES)) == test_part.classes[row];
    }
    const double seconds = bench_now() - begin;
    printf("seconds=%.9f accuracy=%.6f done=%zu", seconds, (double)right / (double)job->count,
           job->count);
}

static bool load(const char *folder, bool quiet)
{
    train_part = read_part(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
    test_part = read_part(folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    if (!quiet)
        printf(" version=2.2");
    return true;
}

int main(int argc, char **argv)
{
    static const bench_verb verbs[] = {
        {"train", train},
        {"predict_one", predict_one},
        {"predict_batch", predict_one}, /* FANN knows one sample at a time only */
        {NULL, NULL},
    };
    return bench_serve(argc, argv, load, verbs);
}

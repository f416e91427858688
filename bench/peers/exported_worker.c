/* exported_worker.c - the worker that predicts with digits.c, which runnel export wrote: see exported.py
 *
 *   predict_one    one sample a call, from its 784 pixels to its class; net=784-50-10 alone */
#include "digits.h"
#include "protocol.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEST = 10000, PICTURES_HEAD = 16, CLASSES_HEAD = 8 }; /* of MNIST's files */

/* As floats, which is what a caller has. */
static float pixels[TEST][DIGITS_INPUTS];
static unsigned char classes[TEST];

static bool read_file(const char *folder, const char *name, long head, void *bytes, size_t size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    const bool good =
        file && fseek(file, head, SEEK_SET) == 0 && fread(bytes, 1, size, file) == size;
    if (!good)
        fprintf(stderr, "%s: cannot be read\n", path);
    if (file)
        fclose(file);
    return good;
}

static bool load(const char *folder, bool quiet)
{
    const size_t size = sizeof pixels / sizeof pixels[0][0];
    unsigned char *bytes = malloc(size);
    const bool good =
        bytes && read_file(folder, "t10k-images-idx3-ubyte", PICTURES_HEAD, bytes, size) &&
        read_file(folder, "t10k-labels-idx1-ubyte", CLASSES_HEAD, classes, sizeof classes);
    for (size_t i = 0; good && i < size; i++)
        pixels[i / DIGITS_INPUTS][i % DIGITS_INPUTS] = bytes[i];
    free(bytes);
    if (good && !quiet)
        printf(" compiled=%s", "-O3");
    return good;
}

static void predict_one(const bench_job *job)
{
    static digits_workspace workspace;
    const size_t samples = job->samples < TEST ? job->samples : TEST;
    size_t right = 0;
    float y[DIGITS_OUTPUTS];
    const double begin = bench_now();
    for (size_t i = 0; i < job->count; i++) {
        const size_t row = i % samples;
        digits_predict(pixels[row], y, &workspace);
        right += digits_class(y) == classes[row];
    }
    const double seconds = bench_now() - begin;
    printf("seconds=%.9f accuracy=%.6f done=%zu", seconds, (double)right / (double)job->count,
           job->count);
}

int main(int argc, char **argv)
{
    static const bench_verb verbs[] = {{"predict_one", predict_one}, {NULL, NULL}};
    return bench_serve(argc, argv, load, verbs);
}

/* dump.c - trains a network in f64 and writes down all that went in and came out
 *
 *   dump FILE NET classes|rows STD RATE      STD: of the initial weights, RATE: of learning
 *
 * FILE is a series of arrays, each a line "name type rows cols" (type f64 or i32) and then its bytes.
 * compare.py gives the same to an independent program and compares. Over runnel.h alone. */
#include "runnel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 600, BATCH = 100, ITERATIONS = 200, CLASSES = 10 };

static void must(rnl_status status)
{
    if (status != RNL_OK) {
        fprintf(stderr, "dump: %s\n", rnl_error_text());
        exit(1);
    }
}

static void *array(size_t count, size_t size)
{
    void *block = calloc(count, size);
    if (!block)
        exit(1);
    return block;
}

static void write_numbers(FILE *out, const void *numbers, size_t size, size_t count)
{
    if (fwrite(numbers, size, count, out) != count)
        exit(1);
}

static void write_array(FILE *out, const char *name, const char *type, const void *data,
                        size_t rows, size_t cols)
{
    const size_t size = strcmp(type, "f64") == 0 ? sizeof(double) : sizeof(int32_t);
    fprintf(out, "%s %s %zu %zu\n", name, type, rows, cols);
    write_numbers(out, data, size, rows * cols);
}

static void write_matrix(FILE *out, const char *name, rnl_matrix m)
{
    fprintf(out, "%s f64 %zu %zu\n", name, m.rows, m.cols);
    for (size_t i = 0; i < m.rows; i++)
        write_numbers(out, (const double *)m.data + i * m.ld, sizeof(double), m.cols);
}

static void write_parameters(FILE *out, const char *prefix, const rnl_net *net)
{
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        const rnl_parameter p = rnl_net_parameter(net, i);
        char name[64];
        snprintf(name, sizeof name, "%s.%s", prefix, p.name);
        write_matrix(out, name, p.value);
    }
}

static void write_gradients(FILE *out, const rnl_net *net, const rnl_gradients *g)
{
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        const rnl_matrix block = rnl_gradients_block(g, i);
        char name[64];
        snprintf(name, sizeof name, "gradient.%s", rnl_net_parameter(net, i).name);
        write_matrix(out, name, block);
    }
}

/* Which sample is the k-th of iteration i: some, again and again, in no order. */
static size_t drawn(size_t i, size_t k)
{
    const uint64_t z = (i * BATCH + k + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)((z ^ z >> 31) * UINT64_C(0xbf58476d1ce4e5b9) >> 40) % SAMPLES;
}

/* Probabilities that favour class c: three quarters for it, the rest for its neighbours. */
static void soften(double *row, int32_t c)
{
    row[c] = 0.75;
    row[(c + 1) % CLASSES] = 0.1875;
    row[(c + CLASSES - 1) % CLASSES] = 0.0625;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: dump FILE NET classes|rows STD RATE\n");
        return 2;
    }
    const bool by_rows = strcmp(argv[3], "rows") == 0;
    const double rate = strtod(argv[5], NULL);
    FILE *out = fopen(argv[1], "wb");
    if (!out)
        return 1;

    rnl_dataset *set;
    must(rnl_dataset_strokes(&set, SAMPLES, 1, NULL));
    const size_t inputs = rnl_dataset_describe(set).features;
    double *x = array(SAMPLES * inputs, sizeof *x), *soft = array(SAMPLES * CLASSES, sizeof *soft);
    must(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f64(x, SAMPLES, inputs)));
    const int32_t *classes = rnl_dataset_classes(set);
    for (size_t i = 0; i < SAMPLES; i++)
        soften(soft + i * CLASSES, classes[i]);

    rnl_net_config config = rnl_net_config_default();
    config.inputs = inputs;
    config.outputs = CLASSES;
    config.dtype = RNL_F64;
    config.weight_init_std = strtod(argv[4], NULL);
    rnl_net *net;
    rnl_workspace *ws;
    rnl_gradients *g;
    must(rnl_net_new(&net, argv[2], &config));
    must(rnl_workspace_new(&ws, net, BATCH));
    must(rnl_gradients_new(&g, net));
    write_array(out, "x", "f64", x, SAMPLES, inputs);
    if (by_rows)
        write_array(out, "t", "f64", soft, SAMPLES, CLASSES);
    else
        write_array(out, "t", "i32", classes, 1, SAMPLES);
    write_array(out, "rate", "f64", &rate, 1, 1);
    write_parameters(out, "first", net);

    static int32_t index[ITERATIONS][BATCH], classes_b[BATCH];
    static double losses[ITERATIONS], soft_b[BATCH][CLASSES];
    double *x_b = array(BATCH * inputs, sizeof *x_b);
    for (size_t i = 0; i < ITERATIONS; i++) {
        for (size_t k = 0; k < BATCH; k++) {
            const size_t s = drawn(i, k);
            index[i][k] = (int32_t)s;
            classes_b[k] = classes[s];
            memcpy(x_b + k * inputs, x + s * inputs, inputs * sizeof *x);
            memcpy(soft_b[k], soft + s * CLASSES, sizeof soft_b[k]);
        }
        const rnl_targets t = by_rows ? rnl_targets_rows(rnl_matrix_f64(soft_b[0], BATCH, CLASSES))
                                      : rnl_targets_classes(classes_b, BATCH);
        must(rnl_net_gradient(net, ws, rnl_matrix_f64(x_b, BATCH, inputs), t, g, &losses[i]));
        if (i == 0)
            write_gradients(out, net, g);
        must(rnl_net_sgd_step(net, g, rate));
    }
    write_array(out, "index", "i32", index, ITERATIONS, BATCH);
    write_array(out, "losses", "f64", losses, 1, ITERATIONS);
    write_parameters(out, "last", net);

    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
    free(x);
    free(soft);
    free(x_b);
    return fclose(out) == 0 ? 0 : 1;
}

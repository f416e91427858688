/* onnx_peer.c - runnel's side of onnx_oracle.py
 *
 *     onnx_peer answer MODEL X N Y logits|probabilities
 *     onnx_peer train MODEL X CLASSES N OUT      some epochs; prints the loss before and after; saves to OUT
 *
 * X: [N, inputs] floats as they are stored, scaled as the model's notes say; Y: [N, outputs] floats; CLASSES: N
 * numbers of 32 bits. */
#include "model/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(rnl_status status)
{
    if (status == RNL_OK)
        return;
    printf("%s: %s\n", rnl_status_name(status), rnl_error_text());
    exit(status == RNL_ERR_UNSUPPORTED ? 3 : 1);
}

static void *read_file(const char *path, size_t size)
{
    void *bytes = malloc(size ? size : 1);
    FILE *f = fopen(path, "rb");
    if (!bytes || !f || fread(bytes, 1, size, f) != size || fgetc(f) != EOF) {
        printf("%s does not have %zu bytes\n", path, size);
        exit(1);
    }
    fclose(f);
    return bytes;
}

static float *read_input(const rnl_net *net, const char *path, size_t n)
{
    const size_t width = rnl_net_inputs(net);
    float *x = read_file(path, n * width * sizeof *x);
    rnl_input_notes notes;
    must(rnl_input_notes_read(&notes, net));
    for (size_t i = 0; i < n * width; i++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&notes, i % width);
        x[i] = (float)((double)x[i] * s.scale + s.shift);
    }
    rnl_input_notes_free(&notes);
    return x;
}

static void answer(rnl_net *net, char **argv)
{
    const size_t n = strtoul(argv[4], NULL, 10), outputs = rnl_net_outputs(net);
    float *x = read_input(net, argv[3], n), *y = malloc(n * outputs * sizeof *y);
    const rnl_matrix in = rnl_matrix_f32(x, n, rnl_net_inputs(net)),
                     out = rnl_matrix_f32(y, n, outputs);
    rnl_workspace *ws;
    must(rnl_workspace_new(&ws, net, n));
    if (strcmp(argv[6], "probabilities") == 0)
        must(rnl_net_probabilities(net, ws, in, out));
    else
        must(rnl_net_predict(net, ws, in, out));
    FILE *f = fopen(argv[5], "wb");
    if (!f || fwrite(y, sizeof *y, n * outputs, f) != n * outputs || fclose(f) != 0)
        exit(1);
    rnl_workspace_free(&ws);
    free(x);
    free(y);
}

static double loss(const rnl_net *net, const float *x, const int32_t *classes, size_t n)
{
    rnl_workspace *ws;
    double found;
    must(rnl_workspace_new(&ws, net, n));
    must(rnl_net_loss(net, ws, rnl_matrix_f32(x, n, rnl_net_inputs(net)),
                      rnl_targets_classes(classes, n), &found));
    rnl_workspace_free(&ws);
    return found;
}

static void train(rnl_net *net, char **argv)
{
    const size_t n = strtoul(argv[5], NULL, 10);
    float *x = read_input(net, argv[3], n);
    int32_t *classes = read_file(argv[4], n * sizeof *classes);
    rnl_dataset *set;
    rnl_history *history;
    rnl_train_config config = rnl_train_config_default();
    config.batch = 16;
    config.epochs = 20;
    config.threads = 1;
    must(rnl_dataset_from_floats(&set, x, n, rnl_net_inputs(net), classes, rnl_net_outputs(net),
                                 false));
    printf("%.9g ", loss(net, x, classes, n));
    must(rnl_train(net, set, NULL, &config, &history));
    printf("%.9g\n", loss(net, x, classes, n));
    must(rnl_net_save(net, argv[6]));
    rnl_history_free(&history);
    rnl_dataset_free(&set);
    free(x);
    free(classes);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    rnl_net *net;
    must(rnl_net_load(&net, argv[2], NULL, NULL));
    (strcmp(argv[1], "train") == 0 ? train : answer)(net, argv);
    rnl_net_free(&net);
    return 0;
}

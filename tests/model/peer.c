/* peer.c - runnel's side of oracle.py: saves and answers what it is told to
 *
 *     peer save f32|f64 DESCRIPTION INPUTS MODEL [KEY VALUE]...    a network with random weights and biases,
 *                                                   and these notes
 *     peer logits MODEL PICTURES FILE [DESCRIPTION] the logits of an IDX file's pictures, f32
 *     peer answer MODEL DESCRIPTION|- ROWS          the logits of ROWS known samples, a line each
 */
#include "runnel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(void)
{
    fprintf(stderr, "peer: %s\n", rnl_error_text());
    return 1;
}

static int save(const char *dtype, const char *description, const char *inputs, const char *path,
                char **notes)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = (size_t)atol(inputs);
    config.outputs = 0;
    config.dtype = strcmp(dtype, "f64") == 0 ? RNL_F64 : RNL_F32;
    config.weight_init_std = 0.5;
    config.seed = 7;
    rnl_net *net;
    if (rnl_net_new(&net, description, &config) != RNL_OK)
        return fail();
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        rnl_matrix value = rnl_net_parameter(net, i).value;
        for (size_t c = 0; value.rows == 1 && c < value.cols; c++) { /* a bias, else all zero */
            double number = ((double)(c % 11) - 5) / 7;
            if (value.dtype == RNL_F64)
                ((double *)value.data)[c] = number;
            else
                ((float *)value.data)[c] = (float)number;
        }
    }
    for (size_t i = 0; i < rnl_net_state_count(net); i++) { /* running means, then variances */
        rnl_matrix value = rnl_net_state(net, i).value;
        for (size_t c = 0; c < value.cols; c++) {
            double number = i % 2 ? 0.5 + (double)(c % 5) / 3 : ((double)(c % 7) - 3) / 5;
            if (value.dtype == RNL_F64)
                ((double *)value.data)[c] = number;
            else
                ((float *)value.data)[c] = (float)number;
        }
    }
    rnl_status status = RNL_OK;
    for (; status == RNL_OK && notes[0] && notes[1]; notes += 2)
        status = rnl_net_set_note(net, notes[0], notes[1]);
    if (status == RNL_OK)
        status = rnl_net_save(net, path);
    rnl_net_free(&net);
    return status == RNL_OK ? 0 : fail();
}

/* x[i, j] = ((31 i + 17 j) mod 13 - 6) / 8, as in oracle.py; logits follow x in memory */
static int answer(const char *path, const char *description, const char *rows)
{
    rnl_net *net = NULL;
    rnl_workspace *ws = NULL;
    size_t n = (size_t)atol(rows);
    if (rnl_net_load(&net, path, strcmp(description, "-") == 0 ? NULL : description, NULL) !=
        RNL_OK)
        return fail();
    size_t in = rnl_net_inputs(net), out = rnl_net_outputs(net);
    bool f64 = rnl_net_dtype(net) == RNL_F64;
    double *x = calloc(n * (in + out), sizeof *x);
    float *x32 = calloc(n * (in + out), sizeof *x32);
    if (!x || !x32 || rnl_workspace_new(&ws, net, n) != RNL_OK)
        return fail();
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < in; j++) {
            x[i * in + j] = ((double)((31 * i + 17 * j) % 13) - 6) / 8;
            x32[i * in + j] = (float)x[i * in + j];
        }
    double *y = x + n * in;
    float *y32 = x32 + n * in;
    if (rnl_net_predict(net, ws, f64 ? rnl_matrix_f64(x, n, in) : rnl_matrix_f32(x32, n, in),
                        f64 ? rnl_matrix_f64(y, n, out) : rnl_matrix_f32(y32, n, out)) != RNL_OK)
        return fail();
    for (size_t i = 0; i < n * out; i++)
        printf("%.17g%c", f64 ? y[i] : (double)y32[i], i % out + 1 < out ? ' ' : '\n');
    free(x);
    free(x32);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
    return 0;
}

/* Pixels are divided by 255, as runnel train does. */
static int logits(const char *path, const char *pictures, const char *out, const char *description)
{
    rnl_net *net = NULL;
    rnl_workspace *ws = NULL;
    rnl_dataset *set = NULL;
    const rnl_data_options options = rnl_data_options_default();
    if (rnl_net_load(&net, path, description, NULL) != RNL_OK ||
        rnl_dataset_read_idx(&set, pictures, NULL, &options) != RNL_OK)
        return fail();
    const size_t n = rnl_dataset_describe(set).n, m = rnl_net_inputs(net), k = rnl_net_outputs(net);
    float *x = calloc(n * m, sizeof *x), *y = calloc(n * k, sizeof *y);
    if (!x || !y || rnl_workspace_new(&ws, net, n) != RNL_OK ||
        rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x, n, m)) != RNL_OK ||
        rnl_net_predict(net, ws, rnl_matrix_f32(x, n, m), rnl_matrix_f32(y, n, k)) != RNL_OK)
        return fail();
    FILE *file = fopen(out, "wb");
    if (!file || fwrite(y, sizeof *y, n * k, file) != n * k || fclose(file) != 0) {
        perror(out);
        return 1;
    }
    free(x);
    free(y);
    rnl_workspace_free(&ws);
    rnl_dataset_free(&set);
    rnl_net_free(&net);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 6 && strcmp(argv[1], "save") == 0)
        return save(argv[2], argv[3], argv[4], argv[5], argv + 6);
    if (argc >= 5 && strcmp(argv[1], "logits") == 0)
        return logits(argv[2], argv[3], argv[4],
                      argv[5] && strcmp(argv[5], "-") != 0 ? argv[5] : NULL);
    if (argc == 5 && strcmp(argv[1], "answer") == 0)
        return answer(argv[2], argv[3], argv[4]);
    fprintf(stderr, "peer: see the comment on top of peer.c\n");
    return 2;
}

/* peer.c - runnel's side of oracle.py: saves and answers what it is told to
 *
 *     peer save f32|f64 DESCRIPTION INPUTS MODEL    a network with random weights and biases
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

static int save(const char *dtype, const char *description, const char *inputs, const char *path)
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
    rnl_status status = rnl_net_save(net, path);
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

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "save") == 0)
        return save(argv[2], argv[3], argv[4], argv[5]);
    if (argc == 5 && strcmp(argv[1], "answer") == 0)
        return answer(argv[2], argv[3], argv[4]);
    fprintf(stderr, "peer: see the comment on top of peer.c\n");
    return 2;
}

/* peer.c - a network for another program to compare with: oracle.py drives it
 *
 *     peer layers TRAINING ROWS INPUTS DESCRIPTION      TRAINING: how many batches to pass in training mode
 *     peer loss WEIGHTED CLASSES ROWS INPUTS DESCRIPTION
 *
 * Reads doubles from standard input and writes doubles to standard output, all dense and row-major.
 *
 *   layers  in: all parameters, all state, x, dy     out: y, dx, all gradients, all state, of the last batch;
 *           where TRAINING is 0, one pass that predicts
 *   loss    in: all parameters, x, targets (rows, or as many class numbers as there are rows), and, where
 *           WEIGHTED is 1, a weight for each class   out: loss, all gradients */
#include "base/matrix.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(call)                                                                                 \
    do {                                                                                           \
        if ((call) != RNL_OK) {                                                                    \
            fprintf(stderr, "peer: %s\n", rnl_error_text());                                       \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static void read_doubles(double *to, size_t count)
{
    if (fread(to, sizeof *to, count, stdin) != count) {
        fprintf(stderr, "peer: the input ends too early\n");
        exit(1);
    }
}

static void write_doubles(const double *from, size_t count)
{
    fwrite(from, sizeof *from, count, stdout);
}

static rnl_matrix new_matrix(size_t rows, size_t cols)
{
    double *data = calloc(rows * cols, sizeof *data);
    if (!data)
        exit(1);
    return rnl_matrix_f64(data, rows, cols);
}

static rnl_matrix read_matrix(size_t rows, size_t cols)
{
    const rnl_matrix m = new_matrix(rows, cols);
    read_doubles(m.data, rows * cols);
    return m;
}

static rnl_net *read_net(const char *description, size_t inputs)
{
    const rnl_net_config config = {.inputs = inputs, .dtype = RNL_F64};
    rnl_net *net;
    MUST(rnl_net_new(&net, description, &config));
    for (size_t k = 0; k < rnl_net_parameter_count(net); k++) {
        const rnl_matrix m = rnl_net_parameter(net, k).value;
        for (size_t i = 0; i < m.rows; i++)
            read_doubles((double *)m.data + i * m.ld, m.cols);
    }
    return net;
}

static void write_gradients(const rnl_net *net, const rnl_gradients *g)
{
    for (size_t k = 0; k < rnl_net_parameter_count(net); k++) {
        const rnl_matrix m = rnl_gradients_block(g, k);
        for (size_t i = 0; i < m.rows; i++)
            write_doubles((const double *)m.data + i * m.ld, m.cols);
    }
}

static void layers(size_t batches, size_t rows, size_t inputs, const char *description)
{
    rnl_net *net = read_net(description, inputs);
    for (size_t k = 0; k < rnl_net_state_count(net); k++)
        read_doubles(rnl_net_state(net, k).value.data, rnl_net_state(net, k).value.cols);
    rnl_workspace *ws;
    rnl_gradients *g;
    MUST(rnl_workspace_new(&ws, net, rows));
    MUST(rnl_gradients_new(&g, net));
    rnl_workspace_set_mode(ws, (rnl_mode){.training = batches > 0});
    rnl_matrix x = read_matrix(rows, inputs), dy = read_matrix(rows, rnl_net_outputs(net)),
               y = new_matrix(rows, dy.cols), dx = new_matrix(rows, inputs);
    for (size_t batch = 0; batch < (batches ? batches : 1); batch++) {
        MUST(rnl_net_predict(net, ws, x, y));
        if (batches)
            MUST(rnl_net_update_state(net, ws));
    }
    MUST(rnl_net_backward(net, ws, y, dy, g, &dx));
    write_doubles(y.data, rows * y.cols);
    write_doubles(dx.data, rows * inputs);
    write_gradients(net, g);
    for (size_t k = 0; k < rnl_net_state_count(net); k++)
        write_doubles(rnl_net_state(net, k).value.data, rnl_net_state(net, k).value.cols);

    free(x.data);
    free(dy.data);
    free(y.data);
    free(dx.data);
    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

static void loss(bool weighted, bool by_class, size_t rows, size_t inputs, const char *description)
{
    rnl_net *net = read_net(description, inputs);
    rnl_workspace *ws;
    rnl_gradients *g;
    MUST(rnl_workspace_new(&ws, net, rows));
    MUST(rnl_gradients_new(&g, net));
    const size_t outputs = rnl_net_outputs(net);
    const rnl_matrix x = read_matrix(rows, inputs), t = read_matrix(rows, by_class ? 1 : outputs);
    int32_t *classes = calloc(rows, sizeof *classes);
    if (!classes)
        exit(1);
    for (size_t i = 0; i < rows; i++)
        classes[i] = (int32_t)rnl_matrix_get(&t, i, 0);
    rnl_targets targets = by_class ? rnl_targets_classes(classes, rows) : rnl_targets_rows(t);
    rnl_matrix weights = {0};
    if (weighted)
        weights = read_matrix(1, outputs);
    targets.class_weights = weights.data;
    double value;
    MUST(rnl_net_gradient(net, ws, x, targets, g, &value));
    write_doubles(&value, 1);
    write_gradients(net, g);

    free(weights.data);
    free(classes);
    free(t.data);
    free(x.data);
    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "layers") == 0)
        layers(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
               argv[5]);
    else if (argc == 7 && strcmp(argv[1], "loss") == 0)
        loss(argv[2][0] == '1', argv[3][0] == '1', strtoul(argv[4], NULL, 10),
             strtoul(argv[5], NULL, 10), argv[6]);
    else
        return 2;
    return fflush(stdout) == 0 ? 0 : 1;
}

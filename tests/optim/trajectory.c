/* trajectory.c - the program that torch_rules.py compares with PyTorch: a network in f64, some steps
 *
 *     trajectory STEPS RULE L2 DECAY CLIP LR SCHEDULE
 *
 * DECAY "own": the rule's. Writes doubles: the samples x [N, INPUTS], their classes [N], then, before the
 * first step and after each, the rate of the next step (0 after the last) and all parameters, block after
 * block. */
#include "base/random.h"
#include "runnel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 20, INPUTS = 6, HIDDEN = 7, OUTPUTS = 3 };

static void must(rnl_status status)
{
    if (status == RNL_OK)
        return;
    fprintf(stderr, "trajectory: %s\n", rnl_error_text());
    exit(1);
}

static void put(const double *numbers, size_t count)
{
    if (fwrite(numbers, sizeof *numbers, count, stdout) != count)
        exit(1);
}

static void put_state(const rnl_net *net, double rate)
{
    put(&rate, 1);
    for (size_t p = 0; p < rnl_net_parameter_count(net); p++) {
        const rnl_matrix block = rnl_net_parameter(net, p).value;
        for (size_t i = 0; i < block.rows; i++)
            put((const double *)block.data + i * block.ld, block.cols);
    }
}

int main(int argc, char **argv)
{
    if (argc != 8)
        return 2;
    const uint64_t steps = strtoull(argv[1], NULL, 10);
    const rnl_optimizer_config config = {
        .rule = argv[2],
        .l2 = atof(argv[3]),
        .weight_decay = strcmp(argv[4], "own") == 0 ? (double)NAN : atof(argv[4]),
        .clip = atof(argv[5])};
    const double lr = atof(argv[6]);

    double x[N * INPUTS], classes[N];
    int32_t targets[N];
    rnl_random r = rnl_random_new(11, 500);
    for (size_t i = 0; i < N * INPUTS; i++)
        x[i] = i % INPUTS == 2 ? 0 : 2 * rnl_random_normal(&r); /* an input that is always 0 */
    for (size_t i = 0; i < N; i++)
        classes[i] = targets[i] = (int32_t)rnl_bounded(rnl_random_u64(&r), OUTPUTS);
    put(x, N * INPUTS);
    put(classes, N);

    rnl_net_config net_config = rnl_net_config_default();
    net_config.inputs = INPUTS;
    net_config.outputs = OUTPUTS;
    net_config.dtype = RNL_F64;
    net_config.weight_init_std = 0.5;
    rnl_net *net;
    rnl_workspace *ws;
    rnl_gradients *g;
    rnl_optimizer *optimizer;
    must(rnl_net_new(&net, "affine 7, sigmoid, affine", &net_config));
    must(rnl_workspace_new(&ws, net, N));
    must(rnl_gradients_new(&g, net));
    must(rnl_optimizer_new(&optimizer, net, &config));
    for (uint64_t step = 0; step <= steps; step++) {
        double rate = 0;
        if (step < steps)
            must(rnl_learning_rate(argv[7], lr, steps, step, &rate));
        put_state(net, rate);
        if (step == steps)
            break;
        must(rnl_net_gradient(net, ws, rnl_matrix_f64(x, N, INPUTS),
                              rnl_targets_classes(targets, N), g, NULL));
        must(rnl_optimizer_step(optimizer, net, g, rate));
    }
    rnl_optimizer_free(&optimizer);
    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
    return fflush(stdout) != 0;
}

/* two_layer_net.c - the two-layer network learns handwritten digits, over runnel.h alone
 *
 *   two_layer_net [FOLDER]      FOLDER: the four MNIST files; without it, the built-in digits
 *
 * Built against an installed runnel, as C11 or as C++:
 *
 *   cc -std=c11 two_layer_net.c $(pkg-config --cflags --libs runnel) -o two_layer_net */
#include <runnel.h>

#include <stdio.h>
#include <stdlib.h>

enum { INPUTS = 784, HIDDEN = 50, OUTPUTS = 10, BATCH = 100, ITERATIONS = 10000, EPOCH = 600 };

static void must(rnl_status status)
{
    if (status == RNL_OK)
        return;
    fprintf(stderr, "two_layer_net: %s\n", rnl_error_text());
    exit(EXIT_FAILURE);
}

/* A number from 0 to n - 1 (n below 2^31), by the upper bits of a linear congruential generator. */
static size_t random_below(size_t n)
{
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((state >> 33) * n >> 31);
}

static double accuracy(const rnl_net *net, const rnl_dataset *set)
{
    rnl_score score;
    must(rnl_evaluate(net, set, 0, &score, NULL));
    return score.accuracy;
}

int main(int argc, char **argv)
{
    static float x[BATCH * INPUTS], losses[ITERATIONS];
    static int32_t t[BATCH];
    static size_t mask[BATCH];
    const rnl_data_options options = rnl_data_options_default();
    const double learning_rate = 0.1;
    rnl_dataset *train = NULL, *test = NULL;
    rnl_net *net = NULL;
    rnl_workspace *workspace = NULL;
    rnl_gradients *gradients = NULL;

    if (argc > 1) {
        must(rnl_dataset_read_mnist(&train, argv[1], true, &options));
        must(rnl_dataset_read_mnist(&test, argv[1], false, &options));
    } else {
        must(rnl_dataset_strokes(&train, 60000, 1, &options));
        must(rnl_dataset_strokes(&test, 10000, 2, &options));
    }
    const size_t train_size = rnl_dataset_describe(train).n;
    const int32_t *classes = rnl_dataset_classes(train);
    const rnl_matrix x_batch = rnl_matrix_f32(x, BATCH, INPUTS);

    must(rnl_two_layer_net(&net, INPUTS, HIDDEN, OUTPUTS, 0.01, 1));
    must(rnl_workspace_new(&workspace, net, BATCH));
    must(rnl_gradients_new(&gradients, net));

    for (int i = 0; i < ITERATIONS; i++) {
        double loss;

        /* a batch, drawn with replacement */
        for (int r = 0; r < BATCH; r++) {
            mask[r] = random_below(train_size);
            t[r] = classes[mask[r]];
        }
        must(rnl_dataset_gather(train, mask, 0, x_batch));

        /* its gradient, by backpropagation */
        must(rnl_net_gradient(net, workspace, x_batch, rnl_targets_classes(t, BATCH), gradients,
                              &loss));

        /* a step downhill */
        must(rnl_net_sgd_step(net, gradients, learning_rate));

        losses[i] = (float)loss;
        if (i % EPOCH == 0)
            printf("iteration %5d   loss %.4f   train accuracy %.4f   test accuracy %.4f\n", i,
                   losses[i], accuracy(net, train), accuracy(net, test));
    }
    printf("test accuracy after %d iterations: %.4f\n", ITERATIONS, accuracy(net, test));

    rnl_gradients_free(&gradients);
    rnl_workspace_free(&workspace);
    rnl_net_free(&net);
    rnl_dataset_free(&test);
    rnl_dataset_free(&train);
    return EXIT_SUCCESS;
}

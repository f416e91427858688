/* spirals.c - samples that a callback makes when they are needed: two spirals, wound into each other
 *
 *   spirals
 *
 * A hundred thousand points, of which none is stored. Built as two_layer_net.c says, and with -lm. */
#include <runnel.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 100000, TURNS = 2 };

static void must(rnl_status status)
{
    if (status == RNL_OK)
        return;
    fprintf(stderr, "spirals: %s\n", rnl_error_text());
    exit(EXIT_FAILURE);
}

/* A number from 0 to 1 that hangs on k alone (splitmix64): the same sample is the same each time. */
static double chance(uint64_t k)
{
    k = (k + 1) * 0x9e3779b97f4a7c15u;
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    k = (k ^ k >> 27) * 0x94d049bb133111ebu;
    return (double)(k >> 33) / (double)(1u << 31);
}

/* Several threads call it at once: it writes to nothing but row. */
static const char *point(void *user, size_t sample, float *row)
{
    const double *noise = (const double *)user;
    const double along = sqrt(chance(3 * sample)), half_turns = sample % 2 ? 1 : 0;
    const double angle = 3.14159265358979 * (2 * TURNS * along + half_turns);
    row[0] = (float)(along * cos(angle) + *noise * (chance(3 * sample + 1) - 0.5));
    row[1] = (float)(along * sin(angle) + *noise * (chance(3 * sample + 2) - 0.5));
    return NULL; /* or a sentence that says why there is no such sample */
}

int main(void)
{
    static int32_t classes[SAMPLES];
    double noise = 0.1;
    rnl_net_config net_config = rnl_net_config_default();
    rnl_train_config config = rnl_train_config_default();
    rnl_dataset *all = NULL, *train = NULL, *test = NULL;
    rnl_net *net = NULL;
    rnl_score score;

    for (size_t i = 0; i < SAMPLES; i++)
        classes[i] = (int32_t)(i % 2);
    must(rnl_dataset_from_callback(&all, point, &noise, SAMPLES, 2, classes, 2, false));
    must(rnl_dataset_split(all, 0.1, 1, &train, &test));

    net_config.inputs = 2;
    net_config.outputs = 2;
    net_config.init = "he";
    must(rnl_net_new(&net, "affine 32, relu, affine 32, relu, affine", &net_config));
    config.optimizer = "adam";
    config.lr = 0.01;
    config.iterations = 3000;
    config.eval_every = RNL_NEVER;
    must(rnl_train(net, train, NULL, &config, NULL));
    must(rnl_evaluate(net, test, 0, &score, NULL));
    printf("test accuracy: %.4f (without noise it would be 1)\n", score.accuracy);

    rnl_net_free(&net);
    rnl_dataset_free(&test);
    rnl_dataset_free(&train);
    rnl_dataset_free(&all);
    return score.accuracy > 0.95 ? EXIT_SUCCESS : EXIT_FAILURE;
}

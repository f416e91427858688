/* train_setup.c - the data, the network and the class weights of a training run, from its options */
#include "train_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the draw of the validation samples. Always the same one, so that runs with other seeds are compared
 * on the same samples. */
enum { SPLIT_SEED = 1 };

int cli_train_open(cli_train_data *data, const cli_train_settings *s, unsigned parts)
{
    *data = (cli_train_data){0};
    const int end = cli_data_open(&data->opened, &s->data, parts, true);
    if (end >= 0)
        return end;
    data->train = data->opened.train;
    if (!(s->validation > 0))
        return -1;
    const rnl_status status = rnl_dataset_split(data->opened.train, s->validation, SPLIT_SEED,
                                                &data->rest, &data->validation);
    if (status != RNL_OK) {
        cli_train_close(data);
        return cli_library_error(status, "--validation");
    }
    data->train = data->rest;
    return -1;
}

void cli_train_close(cli_train_data *data)
{
    rnl_dataset_free(&data->rest);
    rnl_dataset_free(&data->validation);
    cli_data_free(&data->opened);
    data->train = NULL;
}

static int refuse_weights(const char *text, const char *found)
{
    cli_error("--class-weights %s: expected balanced, or a number for each class, 0 or more, with "
              "commas between them; found %s",
              text, found);
    return CLI_WRONG_USAGE;
}

int cli_read_weights(const char *text, double *weights, size_t most, size_t *count)
{
    *count = 0;
    for (const char *at = text;; at++) {
        char *end, found[64];
        const size_t length = strcspn(at, ",");
        snprintf(found, sizeof found, "'%.*s'", (int)length, at);
        const bool plain = length > 0 && strspn(at, "+-.0123456789eE") >= length;
        const double weight = plain ? strtod(at, &end) : NAN;
        if (!plain || end != at + length || !isfinite(weight) || weight < 0)
            return refuse_weights(text, found);
        if (*count < most)
            weights[*count] = weight;
        ++*count;
        at += length;
        if (!*at)
            return -1;
    }
}

static int make_weights(const cli_train_settings *s, const cli_train_data *data, double *weights)
{
    const size_t classes = rnl_dataset_describe(data->train).class_count;
    if (strcmp(s->class_weights, "balanced") == 0) {
        const rnl_status status = rnl_dataset_balanced_weights(data->train, weights);
        return status == RNL_OK ? -1 : cli_library_error(status, "--class-weights");
    }
    size_t count;
    char found[80];
    const int end = cli_read_weights(s->class_weights, weights, classes, &count);
    if (end >= 0 || count == classes)
        return end;
    snprintf(found, sizeof found, "%zu, but there are %zu classes", count, classes);
    return refuse_weights(s->class_weights, found);
}

int cli_train_net(cli_train_settings *s, const cli_train_data *data, rnl_net **net,
                  double **class_weights)
{
    const rnl_dataset_info info = rnl_dataset_describe(data->train);
    int end = CLI_WRONG_USAGE;
    *net = NULL;
    *class_weights = NULL;
    if (s->train.batch > info.n) {
        cli_error("--batch %zu: the training set has only %zu samples", s->train.batch, info.n);
        return end;
    }
    s->net.inputs = info.features;
    s->net.outputs = info.class_count;
    s->train.validation = data->validation;
    const rnl_status made = rnl_net_new(net, s->description, &s->net);
    if (made != RNL_OK) {
        cli_error_of_net(made);
        return end;
    }
    if (!s->class_weights)
        return -1;
    const size_t outputs = rnl_net_outputs(*net);
    double *weights =
        cli_alloc(outputs > info.class_count ? outputs : info.class_count, sizeof *weights);
    for (size_t k = info.class_count; k < outputs; k++)
        weights[k] = 1; /* outputs for which there are no samples */
    end = make_weights(s, data, weights);
    if (end >= 0) {
        free(weights);
        rnl_net_free(net);
        return end;
    }
    s->train.class_weights = *class_weights = weights;
    return -1;
}

rnl_evaluation cli_kept_evaluation(const rnl_history *history)
{
    const uint64_t kept = rnl_history_kept(history);
    for (size_t i = rnl_history_evaluation_count(history); i > 0; i--) {
        const rnl_evaluation e = rnl_history_evaluation(history, i - 1);
        if (e.iteration == kept)
            return e;
    }
    return (rnl_evaluation){kept, NAN, NAN, NAN, NAN};
}

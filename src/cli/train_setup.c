/* train_setup.c - the data, the network and the class weights of a training run, from its options */
#include "data_table.h"
#include "model_data.h"
#include "train_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the draw of the validation samples. Always the same one, so that runs with other seeds are compared
 * on the same samples. */
enum { SPLIT_SEED = 1 };

/* Can the last layer of the network take back a scaling of this many targets? */
static bool folds_scaling(const rnl_net *net, size_t width)
{
    const rnl_layer_info last = rnl_net_layer(net, rnl_net_layer_count(net) - 1);
    return rnl_net_task(net) == RNL_TASK_REGRESSION && strcmp(last.type, "affine") == 0 &&
           rnl_net_outputs(net) == width;
}

/* Numbers to predict are brought to mean 0 and variance 1 while they are learnt, where the last layer can
 * take that back in the end. */
static rnl_status scale_targets(cli_train_data *data, cli_train_settings *s)
{
    const size_t width = rnl_dataset_describe(data->train).target_width;
    rnl_net *net = NULL;
    if (width == 0 ||
        (!s->from && cli_new_net(&net, s->description, &s->net, data->train) != RNL_OK))
        return RNL_OK; /* what is wrong is told later */
    const bool folds = folds_scaling(s->from ? data->from.net : net, width);
    rnl_net_free(&net);
    if (!folds)
        return RNL_OK;
    data->target_scale = cli_alloc(width, sizeof *data->target_scale);
    data->target_shift = cli_alloc(width, sizeof *data->target_shift);
    rnl_status status =
        rnl_dataset_target_scaling(data->train, data->target_scale, data->target_shift);
    rnl_dataset *const sets[] = {data->rest ? data->rest : data->opened.train, data->validation,
                                 data->opened.test};
    for (size_t i = 0; status == RNL_OK && i < 3; i++)
        if (sets[i])
            status = rnl_dataset_scale_targets(sets[i], data->target_scale, data->target_shift);
    return status;
}

/* The default learning rate is one for classes: squares have steeper slopes than probabilities. */
static void settle_rate(const cli_train_data *data, cli_train_settings *s)
{
    const bool learns_as_told = cli_given(&s->usage, "lr") || cli_given(&s->usage, "optimizer");
    if (!learns_as_told && rnl_dataset_describe(data->train).target_width)
        s->train.lr = 0.01;
}

void cli_train_fit_batch(cli_train_settings *s, const cli_train_data *data)
{
    const size_t n = rnl_dataset_describe(data->train).n;
    if (!s->batch_given && s->train.batch > n)
        s->train.batch = n;
}

static uint64_t updates_an_epoch(const cli_train_settings *s, size_t n)
{
    const size_t passes = n / s->train.batch + (n % s->train.batch > 0);
    return passes / s->train.accumulate + (passes % s->train.accumulate > 0);
}

/* The defaults of a run are those for pictures of digits. Tables are smaller, and their columns are prepared:
 * what was not given is as the help of `runnel train` tells. So it is with data of the user's own. */
static void settle_defaults(const cli_train_data *data, cli_train_settings *s)
{
    enum { PASSES = 100, LEAST = 1000, MOST = 10000, LOOKS = 20 };
    const rnl_dataset_info info = rnl_dataset_describe(data->train);
    const cli_usage *u = &s->usage;
    if (!s->net.init && !cli_given(u, "weight-init-std"))
        s->net.init = "auto";
    if (!cli_given(u, "iterations") && !cli_given(u, "epochs")) {
        const uint64_t wanted = PASSES * ((info.n + s->train.batch - 1) / s->train.batch);
        s->train.iterations = wanted < LEAST ? LEAST : wanted > MOST ? MOST : wanted;
    }
    const double updates = s->train.iterations
                               ? (double)s->train.iterations
                               : ceil(s->train.epochs * (double)updates_an_epoch(s, info.n));
    if (!cli_given(u, "eval-every") && updates >= LOOKS && updates < 1e15)
        s->train.eval_every = (uint64_t)updates / LOOKS;
}

/* What the validation samples are is not learnt from, either. */
static rnl_status settle_table(cli_train_data *data)
{
    const rnl_prepare how =
        data->opened.table ? rnl_table_prepared(data->opened.table) : data->opened.prepared;
    if (!data->rest || (!data->opened.table && how == RNL_PREPARE_NONE))
        return RNL_OK;
    rnl_status status = rnl_dataset_prepare(data->rest, how, NULL);
    rnl_dataset *const others[] = {data->validation, data->opened.test};
    for (size_t i = 0; status == RNL_OK && i < 2; i++)
        if (others[i])
            status = rnl_dataset_set_scaling(others[i], rnl_dataset_scales(data->rest),
                                             rnl_dataset_shifts(data->rest));
    return status;
}

/* The data for a network that has learnt before: its classes, columns and scaling hold, where its notes tell them and
 * nothing else was asked for. */
static int open_for(cli_train_data *data, cli_train_settings *s, unsigned parts)
{
    const cli_model *m = &data->from;
    const char *layers = cli_given(&s->usage, "net") ? s->description : NULL;
    int end = cli_model_open(&data->from, s->from, layers, NULL);
    if (end >= 0)
        return end;
    const char *noted = rnl_net_note(m->net, "runnel.data");
    if (!cli_given(&s->usage, "data") && noted && strcmp(noted, "mnist") != 0) {
        cli_error("--from %s: which data? It was trained on --data %s", m->path, noted);
        return CLI_WRONG_USAGE;
    }
    if (m->columns && cli_is_table(s->data.data))
        return cli_model_table(&data->opened, &s->data, m);
    cli_data_choice choice = s->data;
    const bool asked = choice.raw_pixels || choice.table.prepare;
    cli_model_expect(m, &choice);
    if (asked) {
        choice.raw_pixels = s->data.raw_pixels;
        choice.as_stored = false;
    }
    end = cli_data_open(&data->opened, &choice, parts, true);
    if (end < 0 && !asked)
        end = cli_model_scale_parts(m, &data->opened, &choice);
    if (end < 0 && !asked && !m->scaling_told && data->opened.own)
        cli_message("inputs   as they are stored: %s does not tell how they were prepared; "
                    "--prepare standard prepares them anew",
                    m->path);
    s->data.dark_on_light = choice.dark_on_light && cli_data_is_pictures(choice.data);
    return end;
}

int cli_train_open(cli_train_data *data, cli_train_settings *s, unsigned parts)
{
    *data = (cli_train_data){0};
    s->data.threads = s->train.threads;
    const int end =
        s->from ? open_for(data, s, parts) : cli_data_open(&data->opened, &s->data, parts, true);
    if (end >= 0) {
        cli_train_close(data);
        return end;
    }
    data->train = data->opened.train;
    rnl_status status = RNL_OK;
    if (s->validation > 0) {
        status = rnl_dataset_split(data->opened.train, s->validation, SPLIT_SEED, &data->rest,
                                   &data->validation);
        data->train = data->rest;
    }
    const char *about = status == RNL_OK ? NULL : "--validation";
    if (status == RNL_OK && (data->opened.table || data->opened.own))
        status = settle_table(data);
    if (status == RNL_OK)
        status = scale_targets(data, s);
    if (status == RNL_OK)
        return -1;
    cli_train_close(data);
    return cli_library_error(status, about);
}

void cli_train_close(cli_train_data *data)
{
    rnl_dataset_free(&data->rest);
    rnl_dataset_free(&data->validation);
    cli_data_free(&data->opened);
    cli_model_free(&data->from);
    free(data->target_scale);
    free(data->target_shift);
    *data = (cli_train_data){0};
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
    double sum = 0;
    for (size_t k = 0; end < 0 && k < count && k < classes; k++)
        sum += weights[k];
    if (end < 0 && sum == 0)
        return refuse_weights(s->class_weights, "nothing to learn from: all are 0");
    if (end >= 0 || count == classes)
        return end;
    snprintf(found, sizeof found, "%zu, but there are %zu classes", count, classes);
    return refuse_weights(s->class_weights, found);
}

/* Outputs become (y - shift) / scale, as the targets that are learnt. */
static rnl_status scale_outputs(rnl_net *net, const cli_train_data *data)
{
    const size_t width = rnl_net_outputs(net);
    double *scale = cli_alloc(width, 2 * sizeof *scale), *shift = scale + width;
    for (size_t k = 0; k < width; k++) {
        scale[k] = 1 / data->target_scale[k];
        shift[k] = -data->target_shift[k] / data->target_scale[k];
    }
    const rnl_status status = rnl_net_scale_outputs(net, scale, shift);
    free(scale);
    return status;
}

/* The network of a model file, in its own type of numbers unless another was asked for; without the notes of its own
 * making: this run writes others. */
static int load_net(const cli_train_settings *s, const cli_train_data *data, rnl_net **net)
{
    const char *layers = cli_given(&s->usage, "net") ? s->description : NULL;
    rnl_net_config config = s->net;
    if (!cli_given(&s->usage, "dtype"))
        config.dtype = rnl_net_dtype(data->from.net);
    rnl_status status = rnl_net_load(net, s->from, layers, &config);
    for (size_t i = status == RNL_OK ? rnl_net_note_count(*net) : 0; i > 0; i--) {
        const char *key, *value;
        rnl_net_note_at(*net, i - 1, &key, &value);
        if (strncmp(key, "runnel.", 7) == 0 && strcmp(key, "runnel.classes") != 0)
            status = status ? status : rnl_net_set_note(*net, key, NULL);
    }
    if (status == RNL_OK && data->target_scale)
        status = scale_outputs(*net, data);
    return status == RNL_OK ? -1 : cli_error_of_model(status, "--from");
}

static int make_net(cli_train_settings *s, const cli_train_data *data, rnl_net **net)
{
    if (s->from)
        return load_net(s, data, net);
    const rnl_status made = cli_new_net(net, s->description, &s->net, data->train);
    if (made == RNL_OK)
        return -1;
    cli_error_of_net(made);
    return CLI_WRONG_USAGE;
}

/* The targets are as the network of the settings that opened the data learns them: in a sweep, the first one. */
static int check_scaling(const cli_train_settings *s, const cli_train_data *data,
                         const rnl_net *net)
{
    const size_t width = rnl_dataset_describe(data->train).target_width;
    const bool folds = width && folds_scaling(net, width);
    if (folds == (data->target_scale != NULL))
        return -1;
    cli_error("--net '%s': %s in an affine layer, and the sweep's first network %s: the one kind "
              "learns targets at mean 0 and variance 1, the other as they are, so each needs a "
              "sweep of its own",
              s->description, folds ? "ends" : "does not end", folds ? "does not" : "does");
    return CLI_WRONG_USAGE;
}

int cli_train_net(cli_train_settings *s, const cli_train_data *data, rnl_net **net,
                  double **class_weights)
{
    const rnl_dataset_info info = rnl_dataset_describe(data->train);
    int end = CLI_WRONG_USAGE;
    *net = NULL;
    *class_weights = NULL;
    settle_rate(data, s);
    cli_train_fit_batch(s, data);
    if (data->opened.table || data->opened.own)
        settle_defaults(data, s);
    if (s->train.batch > info.n) {
        cli_error("--batch %zu: the training set has only %zu sample%s", s->train.batch, info.n,
                  info.n == 1 ? "" : "s");
        return end;
    }
    const uint64_t epoch = updates_an_epoch(s, info.n), most = RNL_NEVER - 1;
    if (s->eval_epochs > 0)
        s->train.eval_every = s->eval_epochs > most / epoch ? most : s->eval_epochs * epoch;
    s->train.validation = data->validation;
    end = make_net(s, data, net);
    if (end < 0)
        end = check_scaling(s, data, *net);
    if (end >= 0) {
        rnl_net_free(net);
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

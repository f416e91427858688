/* train.c - runnel train */
#include "data_source.h"
#include "folders.h"
#include "train_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char about[] =
    "Trains a network by mini-batch stochastic gradient descent and saves it. With no option at "
    "all: MNIST, a hidden layer of 50, 10000 updates, about 97 % of the test digits right.\n\n"
    "Ctrl-C ends the training early and saves what was reached. The same command gives the same "
    "model, byte for byte, on any number of threads.";

typedef struct settings {
    rnl_net_config net;
    rnl_train_config train;
    cli_data_choice data;
    const char *description, *dtype, *sampling;
    uint64_t seed;
    const char *out, *history;
    char *history_made; /* from the name of out */
    bool json, quiet;
} settings;

static bool is_none(const char *path)
{
    return strcmp(path, "none") == 0;
}

/* model.safetensors -> model.history.csv */
static char *history_beside(const char *out)
{
    const char *end = strstr(out, ".safetensors");
    bool cut = end && end[strlen(".safetensors")] == '\0';
    return cli_text("%.*s.history.csv", cut ? (int)(end - out) : (int)strlen(out), out);
}

/* Is this a rule for the first weights? A network of one number tells. */
static bool init_is_known(const char *init)
{
    rnl_net *net;
    rnl_net_config config = {.inputs = 1, .init = init};
    const bool known = rnl_net_new(&net, "affine 1", &config) == RNL_OK;
    rnl_net_free(&net);
    return known;
}

/* What no table of options can check. */
static int check(settings *s, const cli_usage *usage)
{
    if (cli_given(usage, "iterations") && cli_given(usage, "epochs")) {
        cli_error("--iterations and --epochs both say how long to train: give one of them");
        return CLI_WRONG_USAGE;
    }
    if (cli_given(usage, "init") && cli_given(usage, "weight-init-std")) {
        cli_error("--init and --weight-init-std both say how the weights begin: give one of them");
        return CLI_WRONG_USAGE;
    }
    if (s->net.init && !init_is_known(s->net.init)) {
        cli_error("--init: %s", rnl_error_text());
        return CLI_WRONG_USAGE;
    }
    if (cli_given(usage, "epochs"))
        s->train.iterations = 0;
    s->train.seed = s->net.seed = s->seed;
    s->train.sampling =
        strcmp(s->sampling, "shuffled") == 0 ? RNL_SHUFFLED_EPOCHS : RNL_WITH_REPLACEMENT;
    s->net.dtype = strcmp(s->dtype, "f64") == 0 ? RNL_F64 : RNL_F32;
    if (!s->history)
        s->history = is_none(s->out) ? "none" : (s->history_made = history_beside(s->out));
    if (!is_none(s->out) && strcmp(s->out, s->history) == 0) {
        cli_error("--out and --history name the same file, %s", s->out);
        return CLI_WRONG_USAGE;
    }
    if (!is_none(s->out) && !cli_can_write("out", s->out))
        return CLI_FAILED;
    if (!is_none(s->history) && !cli_can_write("history", s->history))
        return CLI_FAILED;
    return -1;
}

/* ---- what the model file tells about its making ------------------------------------------------------ */

static rnl_status note(rnl_net *net, const char *key, char *value)
{
    rnl_status status = rnl_net_set_note(net, key, value);
    free(value);
    return status;
}

/* No date and no number of threads: the same command makes the same file. */
static rnl_status note_provenance(rnl_net *net, const settings *s, const cli_usage *usage,
                                  const rnl_history *history, bool diverged)
{
    char lr[CLI_NUMBER], std[CLI_NUMBER];
    cli_number(s->train.lr, lr);
    cli_number(s->net.weight_init_std, std);
    size_t evaluations = rnl_history_evaluation_count(history);
    rnl_evaluation last = {0};
    if (evaluations)
        last = rnl_history_evaluation(history, evaluations - 1);
    /* diverged: the network is the one of the last evaluation again */
    uint64_t done = diverged ? last.iteration : rnl_history_iterations(history);
    rnl_status status = note(net, "runnel.command", cli_command(usage));
#define NOTE(key, ...) (status = status ? status : note(net, "runnel." key, cli_text(__VA_ARGS__)))
    NOTE("data", "%s", s->data.data);
    if (s->data.labels)
        NOTE("labels", "%s", s->data.labels);
    if (s->data.test) {
        NOTE("test", "%s", s->data.test);
        NOTE("test_labels", "%s", s->data.test_labels);
    }
    NOTE("seed", "%llu", (unsigned long long)s->seed);
    if (s->net.init)
        NOTE("init", "%s", s->net.init);
    else
        NOTE("weight_init_std", "%s", std);
    NOTE("lr", "%s", lr);
    NOTE("batch", "%zu", s->train.batch);
    NOTE("sampling", "%s", s->sampling);
    NOTE("iterations", "%llu", (unsigned long long)done);
    if (evaluations && last.iteration == done) {
        if (last.train_accuracy == last.train_accuracy)
            NOTE("train_accuracy", "%.6f", last.train_accuracy);
        if (last.test_accuracy == last.test_accuracy)
            NOTE("test_accuracy", "%.6f", last.test_accuracy);
    }
#undef NOTE
    return status;
}

/* ---- training -------------------------------------------------------------------------------------------- */

/* Saves what there is to save; false when that failed. saved: the files, for the report. */
static bool save(const settings *s, const cli_usage *usage, rnl_net *net,
                 const rnl_history *history, rnl_status ended, cli_saved *saved)
{
    bool good = true, diverged = ended == RNL_ERR_DIVERGED;
    size_t evaluations = rnl_history_evaluation_count(history);
    /* Diverged or interrupted before anything was learnt: there is no last good model. */
    uint64_t learnt = rnl_history_iterations(history);
    if (diverged)
        learnt = evaluations ? rnl_history_evaluation(history, evaluations - 1).iteration : 0;
    bool worth = ended == RNL_OK || learnt > 0;
    saved->nothing_learnt = !worth;
    if (worth && !is_none(s->out)) {
        rnl_status status = note_provenance(net, s, usage, history, diverged);
        status = status ? status : rnl_net_save(net, s->out);
        good = status == RNL_OK;
        if (good)
            saved->model = s->out;
        else
            cli_library_error(status, "the model could not be saved");
    }
    if (!is_none(s->history)) {
        rnl_status status = rnl_history_save(history, s->history);
        if (status == RNL_OK)
            saved->history = s->history;
        else
            cli_library_error(status, "the history could not be saved");
        good = good && status == RNL_OK;
    }
    return good;
}

static int train_and_save(settings *s, const cli_usage *usage, rnl_net *net, const cli_data *data)
{
    rnl_history *history = NULL;
    cli_saved saved = {0};
    cli_report report;
    cli_report_begin(&report, net, data, s->data.data, &s->train, s->json);
    s->train.callback = cli_report_event;
    s->train.user = &report;
    cli_catch_signals();
    rnl_status status = rnl_train(net, data->train, data->test, &s->train, &history);
    cli_progress_clear();
    if (!history)
        return cli_library_error(status, NULL);

    int end = CLI_OK;
    if (status == RNL_ERR_INTERRUPTED)
        end = CLI_INTERRUPTED;
    else if (status != RNL_OK)
        end = cli_library_error(status, NULL);
    if (!save(s, usage, net, history, status, &saved))
        end = CLI_FAILED;
    cli_report_end(&report, status, history, &saved);
    rnl_history_free(&history);
    return end;
}

static int prepare_and_train(settings *s, const cli_usage *usage)
{
    cli_data data = {0};
    rnl_net *net = NULL;
    int end = cli_data_open(&data, &s->data, CLI_TRAIN_PART | CLI_TEST_PART, true);
    if (end >= 0)
        return end;
    rnl_dataset_info info = rnl_dataset_describe(data.train);
    s->net.inputs = info.features;
    s->net.outputs = info.class_count;
    end = CLI_WRONG_USAGE;
    if (s->train.batch > info.n) {
        cli_error("--batch %zu: the training set has only %zu samples", s->train.batch, info.n);
        goto done;
    }
    if (rnl_net_new(&net, s->description, &s->net) != RNL_OK) {
        cli_error("--net: %s", rnl_error_text());
        goto done;
    }
    end = cli_interrupted() ? CLI_INTERRUPTED : train_and_save(s, usage, net, &data);
done:
    rnl_net_free(&net);
    cli_data_free(&data);
    return end;
}

int cli_train(int argc, char **argv)
{
    static const char *const dtypes[] = {"f32", "f64", NULL};
    static const char *const samplings[] = {"replacement", "shuffled", NULL};
    const char *backends[CLI_BACKENDS + 1];
    cli_backends(backends);
    settings s = {.net = rnl_net_config_default(),
                  .train = rnl_train_config_default(),
                  .data = {.data = "mnist"},
                  .description = "affine 50, relu, affine",
                  .dtype = "f32",
                  .out = "model.safetensors"};
    s.seed = s.train.seed;
    s.sampling = samplings[s.train.sampling == RNL_SHUFFLED_EPOCHS];
    int words;
    /* clang-format off */
    cli_option options[] = {
        {.name = "net", .kind = CLI_TEXT, .value = &s.description, .argument = "LAYERS",
         .shapes_result = true, .also = "network layers model arch",
         .help = "The layers: affine N, relu, sigmoid. The last affine may leave out N: as many "
                 "outputs as there are classes"},
        CLI_OPTION_DATA(&s.data, NULL),
        CLI_OPTION_LABELS(&s.data),
        {.name = "test", .kind = CLI_TEXT, .value = &s.data.test, .argument = "FILE",
         .shapes_result = true, .also = "test-data validation",
         .help = "IDX file of pictures to test with, where --data is one"},
        {.name = "test-labels", .kind = CLI_TEXT, .value = &s.data.test_labels, .argument = "FILE",
         .shapes_result = true, .help = "IDX file with their classes"},
        CLI_OPTION_LIMIT(&s.data, "Train on the first N samples only"),
        {.name = "test-limit", .kind = CLI_SIZE, .value = &s.data.test_limit, .argument = "N",
         .least = 1, .when_absent = "all", .shapes_result = true,
         .help = "Test on the first N samples only"},
        {.name = "raw-pixels", .kind = CLI_FLAG, .value = &s.data.raw_pixels,
         .shapes_result = true, .also = "no-normalize",
         .help = "Leave pixels at 0 to 255 in place of scaling them to 0 to 1"},
        {.name = "lr", .kind = CLI_REAL, .value = &s.train.lr, .argument = "NUMBER",
         .positive = true, .shapes_result = true, .also = "learning-rate learningrate rate eta",
         .help = "Learning rate: how far each update goes"},
        {.name = "batch", .kind = CLI_SIZE, .value = &s.train.batch, .argument = "N", .least = 1,
         .shapes_result = true, .also = "batch-size minibatch mini-batch bs",
         .help = "Samples an update"},
        {.name = "iterations", .kind = CLI_U64, .value = &s.train.iterations, .argument = "N",
         .least = 1, .shapes_result = true, .also = "steps updates iters", .help = "Updates"},
        {.name = "epochs", .kind = CLI_REAL, .value = &s.train.epochs, .argument = "NUMBER",
         .positive = true, .when_absent = "", .shapes_result = true, .also = "passes",
         .help = "In place of --iterations: as many updates as make the training set's size, "
                 "times NUMBER"},
        {.name = "sampling", .kind = CLI_CHOICE, .value = &s.sampling, .choices = samplings,
         .shapes_result = true, .also = "shuffle order",
         .help = "Each batch drawn from all samples anew, or every sample once an epoch"},
        {.name = "seed", .kind = CLI_U64, .value = &s.seed, .argument = "N",
         .shapes_result = true, .also = "random-seed rng",
         .help = "Of the first weights and of the batches"},
        {.name = "weight-init-std", .kind = CLI_REAL, .value = &s.net.weight_init_std,
         .argument = "NUMBER", .shapes_result = true, .also = "std init-std weight-std",
         .help = "Standard deviation of the first weights, which are drawn from a normal "
                 "distribution; biases begin at 0"},
        {.name = "init", .kind = CLI_TEXT, .value = &s.net.init, .argument = "RULE",
         .when_absent = "", .shapes_result = true, .also = "initialization initialisation weight-init",
         .help = "In place of --weight-init-std, how the first weights are drawn: normal STD, he, "
                 "xavier, he_uniform, xavier_uniform; auto: he before relu and its like, xavier "
                 "elsewhere"},
        {.name = "dtype", .kind = CLI_CHOICE, .value = &s.dtype, .choices = dtypes,
         .shapes_result = true, .also = "precision type",
         .help = "Numbers of single or double precision"},
        {.name = "backend", .kind = CLI_CHOICE, .value = &s.net.backend, .choices = backends,
         .when_absent = backends[0], .shapes_result = true, .help = "What computes"},
        {.name = "threads", .kind = CLI_INT, .value = &s.train.threads, .argument = "N",
         .most = CLI_THREADS_MOST, .also = "jobs cores cpus workers",
         .help = "Threads to compute with; 0 means as many as this process may use"},
        {.name = "eval-every", .kind = CLI_U64, .value = &s.train.eval_every, .argument = "N",
         .shapes_result = true, .also = "evaluate-every eval log-every",
         .help = "Updates between two looks at the accuracy; 0 means an epoch's worth"},
        {.name = "out", .kind = CLI_TEXT, .value = &s.out, .argument = "FILE",
         .also = "output save model-file",
         .help = "Where the model goes (safetensors); none: nowhere"},
        {.name = "history", .kind = CLI_TEXT, .value = &s.history, .argument = "FILE",
         .when_absent = "beside the model, .history.csv", .also = "csv log",
         .help = "Where the loss of every update and the accuracies go (CSV); none: nowhere"},
        {.name = "json", .kind = CLI_FLAG, .value = &s.json,
         .help = "Print one JSON object a line"},
        {.name = "quiet", .kind = CLI_FLAG, .value = &s.quiet, .also = "silent",
         .help = "No messages and no progress; results and errors only"},
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "[OPTION...]",
                       .about = about,
                       .options = options,
                       .count = sizeof options / sizeof options[0]};
    int end = cli_parse(&usage, argc, argv, &words);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    end = check(&s, &usage);
    if (end < 0)
        end = prepare_and_train(&s, &usage);
    free(s.history_made);
    return end;
}

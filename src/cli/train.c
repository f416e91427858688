/* train.c - runnel train */
#include "checkpoint.h"
#include "folders.h"
#include "net_digest.h"
#include "reads.h"
#include "train_report.h"
#include "train_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char about[] =
    "Trains a network by mini-batch stochastic gradient descent and saves it. With no option at "
    "all: MNIST, a hidden layer of 50, 10000 updates, about 97 % of the test digits right.\n\n"
    "With --data TABLE and nothing else: the last column is the target; weights begin by --init "
    "auto; 100 epochs, but 1000 to 10000 updates, and 20 looks at the accuracy; where numbers "
    "are to be predicted, the learning rate is 0.01.\n\n"
    "Ctrl-C ends the training early and saves what was reached. The same command gives the same "
    "model, byte for byte, on any number of threads; also where it was interrupted and goes on "
    "from a checkpoint.";

/* Where things go, once that is settled. */
typedef struct places {
    const char *out, *history;
    char *history_made; /* from the name of out */
} places;

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

static bool ends_in(const char *path, const char *end)
{
    const size_t n = strlen(path), m = strlen(end);
    return n > m && strcmp(path + n - m, end) == 0;
}

/* A file that the run writes: the option that names it, and the path; NULL: none. */
typedef struct output {
    const char *option, *path;
} output;

enum { OUTPUTS = 4, READS = CLI_DATA_READS + 2 };

/* Is anything that is read, or another output, lost by one of them? A model may go on in its own file, as a
 * checkpoint does. */
static int check_outputs(const output out[OUTPUTS], const cli_train_settings *s)
{
    cli_read reads[READS] = {{"--from", s->from, false}, {"--resume", s->train.resume, false}};
    cli_data_reads(&s->data, "--data", reads + 2);
    for (size_t i = 0; i < OUTPUTS; i++) {
        if (!out[i].path)
            continue;
        char *option = cli_text("--%s", out[i].option);
        const bool model = strcmp(out[i].option, "out") == 0;
        const char *from = reads[0].path, *resume = reads[1].path;
        reads[0].path = model ? NULL : from;
        reads[1].path = out[i].path == s->train.checkpoint ? NULL : resume;
        int end = cli_spare_reads(option, out[i].path, reads, READS);
        reads[0].path = from;
        reads[1].path = resume;
        free(option);
        for (size_t k = 0; k < i && end < 0; k++)
            if (out[k].path && cli_same_file(out[k].path, out[i].path)) {
                cli_error("--%s and --%s name the same file, %s", out[k].option, out[i].option,
                          out[i].path);
                end = CLI_WRONG_USAGE;
            }
        if (end >= 0)
            return end;
    }
    return -1;
}

/* Can all be written in the end? */
static int settle_places(places *p, const cli_train_settings *s)
{
    const char *checkpoint = s->train.checkpoint;
    p->out = s->out;
    p->history = s->history;
    if (!p->history)
        p->history = is_none(p->out) ? "none" : (p->history_made = history_beside(p->out));
    if (ends_in(p->history, ".json")) {
        cli_error("--history %s: CSV or JSON lines are written: expected a name that ends in .csv "
                  "or .jsonl",
                  p->history);
        return CLI_WRONG_USAGE;
    }
    const output out[OUTPUTS] = {
        {checkpoint == s->train.resume ? "resume" : "checkpoint", checkpoint},
        {"out", is_none(p->out) ? NULL : p->out},
        {"history", is_none(p->history) ? NULL : p->history},
        {"show-augmented", s->show_augmented}};
    const int end = check_outputs(out, s);
    if (end >= 0)
        return end;
    for (size_t i = 0; i < OUTPUTS; i++)
        if (out[i].path && !cli_can_write(out[i].option, out[i].path))
            return CLI_FAILED;
    if (s->show_augmented && !cli_can_replace_png("show-augmented", s->show_augmented))
        return CLI_FAILED;
    return -1;
}

/* ---- what the model file tells about its making ------------------------------------------------------ */

/* A path need not be UTF-8, and a note is. */
static rnl_status note(rnl_net *net, const char *key, char *value)
{
    json_t *text = cli_json_text(value);
    const rnl_status status = rnl_net_set_note(net, key, text ? json_string_value(text) : value);
    json_decref(text);
    free(value);
    return status;
}

/* No date and no number of threads: the same command makes the same file. */
static rnl_status note_provenance(rnl_net *net, const cli_train_settings *s,
                                  const rnl_columns *columns, const rnl_history *history)
{
    char lr[CLI_NUMBER], std[CLI_NUMBER];
    cli_number(s->train.lr, lr);
    cli_number(s->net.weight_init_std, std);
    const rnl_evaluation e = cli_kept_evaluation(history);
    rnl_status status = note(net, "runnel.command", cli_command(&s->usage, cli_verb_name()));
#define NOTE(key, ...) (status = status ? status : note(net, "runnel." key, cli_text(__VA_ARGS__)))
    NOTE("data", "%s", s->data.data);
    if (s->data.labels)
        NOTE("labels", "%s", s->data.labels);
    if (s->data.test) {
        NOTE("test", "%s", s->data.test);
        if (s->data.test_labels)
            NOTE("test_labels", "%s", s->data.test_labels);
    }
    if (s->data.dark_on_light)
        NOTE("dark_on_light", "true");
    if (s->data.table.test_share > 0) {
        char share[CLI_NUMBER];
        NOTE("test_share", "%s", cli_number(s->data.table.test_share, share));
        NOTE("split_seed", "%llu", (unsigned long long)s->data.table.split_seed);
        if (s->data.limit)
            NOTE("limit", "%zu", s->data.limit);
    }
    if (columns)
        NOTE("input.columns", "%s", rnl_columns_text(columns));
    NOTE("seed", "%llu", (unsigned long long)s->seed);
    if (s->from)
        NOTE("from", "%s", s->from);
    else if (s->net.init)
        NOTE("init", "%s", s->net.init);
    else
        NOTE("weight_init_std", "%s", std);
    NOTE("lr", "%s", lr);
    NOTE("batch", "%zu", s->train.batch);
    NOTE("sampling", "%s", s->sampling);
    NOTE("iterations", "%llu", (unsigned long long)rnl_history_kept(history));
    if (e.train_accuracy == e.train_accuracy)
        NOTE("train_accuracy", "%.6f", e.train_accuracy);
    if (e.validation_accuracy == e.validation_accuracy)
        NOTE("validation_accuracy", "%.6f", e.validation_accuracy);
    if (e.test_accuracy == e.test_accuracy)
        NOTE("test_accuracy", "%.6f", e.test_accuracy);
#undef NOTE
    return status;
}

/* ---- training -------------------------------------------------------------------------------------------- */

/* Saves what there is to save; false when that failed. saved: the files, for the report. */
static bool save(const cli_train_settings *s, const places *p, rnl_net *net,
                 const cli_train_data *data, const rnl_history *history, rnl_status ended,
                 cli_saved *saved)
{
    bool good = true;
    /* Diverged or interrupted before anything was learnt: there is no last good model. */
    const bool worth = ended == RNL_OK || rnl_history_kept(history) > 0;
    saved->nothing_learnt = !worth;
    if (worth && !is_none(p->out)) {
        rnl_status status = note_provenance(net, s, data->opened.columns, history);
        if (status == RNL_OK && data->target_scale)
            status = rnl_net_scale_outputs(net, data->target_scale, data->target_shift);
        status = status ? status : rnl_net_save(net, p->out);
        good = status == RNL_OK;
        if (good)
            saved->model = p->out;
        else
            cli_library_error(status, "the model could not be saved");
    }
    if (!is_none(p->history)) {
        const rnl_status status = ends_in(p->history, ".jsonl")
                                      ? rnl_history_save_json(history, p->history)
                                      : rnl_history_save(history, p->history);
        if (status == RNL_OK)
            saved->history = p->history;
        else
            cli_library_error(status, "the history could not be saved");
        good = good && status == RNL_OK;
    }
    return good;
}

/* For the checkpoint, which cuts off what is long; to be freed. */
static char *origin_of(const cli_train_settings *s, const rnl_net *net)
{
    char std[CLI_NUMBER];
    const unsigned long long digest = cli_net_digest(0, net);
    return s->from       ? cli_text("digest %016llx, --from %s", digest, s->from)
           : s->net.init ? cli_text("digest %016llx, --init '%s'", digest, s->net.init)
                         : cli_text("digest %016llx, --weight-init-std %s", digest,
                                    cli_number(s->net.weight_init_std, std));
}

static int train_and_save(cli_train_settings *s, const places *p, rnl_net *net,
                          const cli_train_data *data)
{
    rnl_history *history = NULL;
    cli_saved saved = {.checkpoint = s->train.checkpoint};
    cli_report report;
    cli_report_begin(&report, net, data, s);
    s->train.callback = cli_report_event;
    s->train.user = &report;
    cli_catch_signals();
    char *origin = origin_of(s, net), *options = cli_checkpoint_note(s);
    s->train.origin = origin;
    s->train.note = options;
    rnl_status status = rnl_train(net, data->train, data->opened.test, &s->train, &history);
    free(origin);
    free(options);
    cli_progress_clear();
    if (!history)
        return cli_library_error(status, NULL);

    int end = CLI_OK;
    if (status == RNL_ERR_INTERRUPTED)
        end = CLI_INTERRUPTED;
    else if (status != RNL_OK)
        end = cli_library_error(status, NULL);
    if (!save(s, p, net, data, history, status, &saved))
        end = CLI_FAILED;
    cli_report_end(&report, status, history, &saved);
    rnl_history_free(&history);
    return end;
}

static int prepare_and_train(cli_train_settings *s, const places *p)
{
    cli_train_data data = {0};
    rnl_net *net = NULL;
    double *class_weights = NULL;
    int end = cli_train_open(&data, s, CLI_TRAIN_PART | CLI_TEST_PART);
    if (end < 0 && s->show_augmented)
        end = cli_show_augmented(s, data.train);
    if (end < 0)
        end = cli_train_net(s, &data, &net, &class_weights);
    if (end < 0)
        end = cli_interrupted() ? CLI_INTERRUPTED : train_and_save(s, p, net, &data);
    free(class_weights);
    rnl_net_free(&net);
    cli_train_close(&data);
    return end;
}

int cli_train(int argc, char **argv)
{
    cli_train_settings s;
    places p = {0};
    cli_train_options(&s);
    s.usage.about = about;
    int end = cli_parse(&s.usage, argc, argv);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    end = cli_train_check(&s);
    if (end < 0)
        end = settle_places(&p, &s);
    if (end < 0)
        end = prepare_and_train(&s, &p);
    free(p.history_made);
    json_decref(s.resumed);
    return end;
}

/* train_report.c - the table of accuracies, the progress line, the last words */
#include "train_report.h"

#include <math.h>
#include <stdio.h>

void cli_report_begin(cli_report *r, const rnl_net *net, const cli_data *data, const char *name,
                      const rnl_train_config *config, bool json)
{
    rnl_dataset_info info = rnl_dataset_describe(data->train);
    size_t tests = data->test ? rnl_dataset_describe(data->test).n : 0;
    const char *dtype = rnl_net_dtype(net) == RNL_F64 ? "f64" : "f32";
    int threads = config->threads ? config->threads : rnl_processors();
    char shape[80];
    cli_shape_text(&info, shape, sizeof shape);
    *r = (cli_report){.json = json, .batch = config->batch, .began = cli_seconds()};
    if (json)
        cli_print_json(json_pack("{ss so sI sI ss sI ss ss si}", "event", "start", "data",
                                 cli_json_text(name), "train_samples", (json_int_t)info.n,
                                 "test_samples", (json_int_t)tests, "net", rnl_net_description(net),
                                 "parameters", (json_int_t)rnl_net_size(net), "dtype", dtype,
                                 "backend", rnl_net_backend(net), "threads", threads));
    cli_message("data     %s: %zu samples to train, %zu to test, %s, %zu classes", name, info.n,
                tests, shape, info.class_count);
    cli_message("network  %s: %zu parameters, %s, %s, %d thread%s", rnl_net_description(net),
                rnl_net_size(net), dtype, rnl_net_backend(net), threads, threads == 1 ? "" : "s");
}

/* "97.01", or "-" where nothing was measured */
static const char *percent(double share, char text[16])
{
    if (isnan(share))
        snprintf(text, 16, "-");
    else
        snprintf(text, 16, "%.2f", 100 * share);
    return text;
}

static void print_evaluation(cli_report *r, const rnl_train_event *e)
{
    char loss[16] = "-", train[16], test[16];
    if (r->json) {
        cli_print_json(json_pack("{ss sI so so so}", "event", "evaluation", "iteration",
                                 (json_int_t)e->iteration, "loss", cli_json_real(e->loss),
                                 "train_accuracy", cli_json_real(e->train_accuracy),
                                 "test_accuracy", cli_json_real(e->test_accuracy)));
    } else {
        if (!r->header_printed)
            cli_print("iteration      loss   train %%    test %%\n");
        r->header_printed = true;
        if (!isnan(e->loss))
            snprintf(loss, sizeof loss, e->loss < 1000 ? "%.4f" : "%.2e", e->loss);
        cli_print("%9llu %9s %9s %9s\n", (unsigned long long)e->iteration, loss,
                  percent(e->train_accuracy, train), percent(e->test_accuracy, test));
    }
    cli_flush(); /* who reads a pipe sees each as it comes */
}

static void show_progress(const cli_report *r, const rnl_train_event *e)
{
    if (e->seconds <= 0 || e->iteration == 0)
        return;
    double updates = (double)e->iteration / e->seconds;
    double rate = updates * (double)r->batch,
           left = (double)(e->iterations - e->iteration) / updates;
    unsigned long long s = (unsigned long long)(left + 0.5);
    char time[32];
    if (s >= 48 * 3600)
        snprintf(time, sizeof time, "%llu days", s / (24 * 3600));
    else if (s >= 3600)
        snprintf(time, sizeof time, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(time, sizeof time, "%llu:%02llu", s / 60, s % 60);
    const char *unit = rate >= 1e6 ? "M" : rate >= 1e4 ? "k" : "";
    double shown = rate >= 1e6 ? rate / 1e6 : rate >= 1e4 ? rate / 1e3 : rate;
    cli_progress("%9llu of %llu, loss %.4f, %.*f%s samples/s, %s left",
                 (unsigned long long)e->iteration, (unsigned long long)e->iterations, e->loss,
                 rate >= 1e6 ? 2 : 0, shown, unit, time);
}

bool cli_report_event(const rnl_train_event *event, void *user)
{
    cli_report *r = user;
    if (event->kind == RNL_EVENT_EVALUATED)
        print_evaluation(r, event);
    else if (cli_progress_due())
        show_progress(r, event);
    return !cli_interrupted();
}

void cli_report_end(cli_report *r, rnl_status status, const rnl_history *history,
                    const cli_saved *saved)
{
    double seconds = cli_seconds() - r->began;
    unsigned long long done = rnl_history_iterations(history);
    size_t evaluations = rnl_history_evaluation_count(history);
    const char *how = status == RNL_ERR_INTERRUPTED ? "interrupted after"
                      : status == RNL_OK            ? "done:"
                                                    : "stopped after";
    if (r->json) {
        rnl_evaluation last = {0};
        if (evaluations)
            last = rnl_history_evaluation(history, evaluations - 1);
        if (!evaluations || last.iteration != done) /* not of the network as it is now */
            last = (rnl_evaluation){.train_accuracy = NAN, .test_accuracy = NAN};
        cli_print_json(json_pack(
            "{ss ss sI so so so so* so*}", "event", "end", "status", rnl_status_name(status),
            "iterations", (json_int_t)done, "train_accuracy", cli_json_real(last.train_accuracy),
            "test_accuracy", cli_json_real(last.test_accuracy), "seconds", cli_json_real(seconds),
            "model", saved->model ? cli_json_text(saved->model) : NULL, "history",
            saved->history ? cli_json_text(saved->history) : NULL));
    }
    cli_message("%s %llu update%s in %.*f s", how, done, done == 1 ? "" : "s", seconds < 10 ? 2 : 0,
                seconds);
    if (saved->model && saved->history)
        cli_message("saved    %s, %s", saved->model, saved->history);
    else if (saved->model || saved->history)
        cli_message("saved    %s", saved->model ? saved->model : saved->history);
    if (saved->nothing_learnt)
        cli_message("no model was saved: nothing was learnt");
}

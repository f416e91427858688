/* train_report.c - the table of accuracies, the progress line, the last words */
#include "train_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the beginning -------------------------------------------------------------------------------------- */

static size_t size_of(const rnl_dataset *set)
{
    return set ? rnl_dataset_describe(set).n : 0;
}

static void begin_json(const rnl_net *net, const cli_train_data *data, const cli_train_settings *s,
                       int threads)
{
    json_t *o = json_pack("{ss so sI}", "event", "start", "data", cli_json_text(s->data.data),
                          "train_samples", (json_int_t)size_of(data->train));
    if (data->validation)
        json_object_set_new(o, "validation_samples",
                            json_integer((json_int_t)size_of(data->validation)));
    json_t *rest = json_pack(
        "{sI ss sI ss ss si}", "test_samples", (json_int_t)size_of(data->opened.test), "net",
        rnl_net_description(net), "parameters", (json_int_t)rnl_net_size(net), "dtype",
        cli_dtype_name(net), "backend", rnl_net_backend(net), "threads", threads);
    json_object_update(o, rest);
    json_decref(rest);
    cli_print_json(o);
}

static bool all_of_one_class(const rnl_dataset *set)
{
    const int32_t *classes = rnl_dataset_classes(set);
    const size_t n = rnl_dataset_describe(set).n;
    size_t i = 1;
    while (classes && i < n && classes[i] == classes[0])
        i++;
    return classes && i >= n;
}

void cli_report_begin(cli_report *r, const rnl_net *net, const cli_train_data *data,
                      const cli_train_settings *s)
{
    const rnl_dataset_info info = rnl_dataset_describe(data->train);
    const int threads = s->train.threads ? s->train.threads : rnl_processors();
    char shape[80], validation[48] = "";
    cli_shape_text(&info, shape, sizeof shape);
    *r = (cli_report){.json = s->json,
                      .resumed = s->train.resume,
                      .regression = rnl_net_task(net) == RNL_TASK_REGRESSION,
                      .validates = data->validation != NULL,
                      .samples = s->train.batch * s->train.accumulate,
                      .guessing = NAN,
                      .began = cli_seconds()};
    if (rnl_net_task(net) == RNL_TASK_CLASSES && !s->class_weights)
        r->guessing = log((double)rnl_net_outputs(net));
    if (s->json)
        begin_json(net, data, s, threads);
    if (data->validation)
        snprintf(validation, sizeof validation, ", %zu to validate", size_of(data->validation));
    char targets[48] = "";
    if (info.class_count)
        snprintf(targets, sizeof targets, ", %zu class%s", info.class_count,
                 info.class_count == 1 ? "" : "es");
    cli_message("data     %s: %zu sample%s to train%s, %zu to test, %s%s", s->data.data, info.n,
                info.n == 1 ? "" : "s", validation, size_of(data->opened.test), shape, targets);
    if (all_of_one_class(data->train))
        cli_message("warning  all samples to train are of one class: a network that always answers "
                    "with it is right, and nothing else can be learnt from them");
    for (size_t k = 0; data->target_scale && k < info.target_width && k < 1; k++)
        cli_message(
            "learnt   (target - %.4g) / %.4g: mean 0 and variance 1; answers are as in the table",
            data->target_shift[k], data->target_scale[k]);
    cli_message("network  %s: %zu parameters", rnl_net_description(net), rnl_net_size(net));
    cli_message("computes in %s, with %s, on %d thread%s", cli_dtype_name(net),
                rnl_net_backend(net), threads, threads == 1 ? "" : "s");
    if (s->recipe) {
        char *command = cli_command(&s->usage, "runnel train");
        cli_message("recipe   %s: %s", s->recipe, command);
        free(command);
    }
}

/* ---- evaluations ---------------------------------------------------------------------------------------- */

/* "97.01", of regression "0.9701"; or "-" where nothing was measured */
static const char *score(const cli_report *r, double share, char text[16])
{
    if (isnan(share))
        snprintf(text, 16, "-");
    else
        snprintf(text, 16, r->regression ? "%.4f" : "%.2f", r->regression ? share : 100 * share);
    return text;
}

/* Sets the key, of regression ..._r2 in place of ..._accuracy. */
static void set_score(const cli_report *r, json_t *o, const char *set, double share)
{
    char key[32];
    snprintf(key, sizeof key, "%s_%s", set, r->regression ? "r2" : "accuracy");
    json_object_set_new(o, key, cli_json_real(share));
}

static void set_scores(const cli_report *r, json_t *o, const rnl_evaluation *e)
{
    set_score(r, o, "train", e->train_accuracy);
    if (r->validates) {
        json_object_set_new(o, "validation_loss", cli_json_real(e->validation_loss));
        set_score(r, o, "validation", e->validation_accuracy);
    }
    set_score(r, o, "test", e->test_accuracy);
}

static void print_header(cli_report *r)
{
    const char *unit = r->regression ? "R2" : "%";
    char train[16], valid[16], test[16];
    snprintf(train, sizeof train, "train %s", unit);
    snprintf(valid, sizeof valid, "valid %s", unit);
    snprintf(test, sizeof test, "test %s", unit);
    cli_print("iteration %9s %9s", "loss", train);
    if (r->validates)
        cli_print(" %9s", valid);
    cli_print(" %9s\n", test);
    r->header_printed = true;
}

static void print_evaluation(cli_report *r, const rnl_train_event *e)
{
    char loss[16] = "-", train[16], valid[16], test[16];
    if (r->json) {
        const rnl_evaluation scores = {e->iteration, e->train_accuracy, e->test_accuracy,
                                       e->validation_accuracy, e->validation_loss};
        json_t *o = json_pack("{ss sI so so}", "event", "evaluation", "iteration",
                              (json_int_t)e->iteration, "training_seconds",
                              cli_json_real(e->training_seconds), "loss", cli_json_real(e->loss));
        set_scores(r, o, &scores);
        if (r->validates)
            json_object_set_new(o, "best", json_boolean(e->best));
        cli_print_json(o);
    } else {
        if (!r->header_printed)
            print_header(r);
        if (!isnan(e->loss))
            snprintf(loss, sizeof loss, e->loss < 1000 ? "%.4f" : "%.2e", e->loss);
        cli_print("%9llu %9s %9s", (unsigned long long)e->iteration, loss,
                  score(r, e->train_accuracy, train));
        if (r->validates)
            cli_print(" %9s", score(r, e->validation_accuracy, valid));
        cli_print(" %9s\n", score(r, e->test_accuracy, test));
    }
    cli_flush(); /* who reads a pipe sees each as it comes */
}

static void show_progress(const cli_report *r, const rnl_train_event *e)
{
    if (e->seconds <= 0 || e->iteration <= r->first)
        return;
    double updates = (double)(e->iteration - r->first) / e->seconds;
    double rate = updates * (double)r->samples,
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
    if (!r->begun) {
        r->first = event->iteration;
        const unsigned long long done = r->first;
        if (r->resumed && done == event->iterations)
            cli_message("resumed  %s: all %llu updates are done (more --iterations or --epochs "
                        "make the run longer)",
                        r->resumed, done);
        else if (r->resumed)
            cli_message("resumed  %s: goes on with update %llu", r->resumed, done + 1);
    }
    r->begun = true;
    if (event->kind == RNL_EVENT_EVALUATED)
        print_evaluation(r, event);
    else if (cli_progress_due())
        show_progress(r, event);
    return !cli_interrupted();
}

/* ---- the end -------------------------------------------------------------------------------------------- */

/* The mean loss of the last updates, a quarter of all at most, where it is no better than that of a guess: nothing was
 * learnt, though no loss was infinite. Else NaN; a run of a few updates has not had its chance. */
static double useless_loss(const cli_report *r, const rnl_history *history)
{
    enum { ENOUGH = 100, LAST = 100 };
    const uint64_t done = rnl_history_iterations(history), last = done / 4 < LAST ? done / 4 : LAST;
    double sum = 0;
    for (uint64_t i = done - last; i < done; i++)
        sum += (double)rnl_history_losses(history)[i] / (double)last;
    return done >= ENOUGH && sum > r->guessing ? sum : NAN;
}

static void end_json(const cli_report *r, rnl_status status, const rnl_history *history,
                     const cli_saved *saved, double useless)
{
    const uint64_t done = rnl_history_iterations(history), kept = rnl_history_kept(history);
    const rnl_evaluation e = cli_kept_evaluation(history);
    json_t *o = json_pack("{ss ss sI}", "event", "end", "status", rnl_status_name(status),
                          "iterations", (json_int_t)done);
    if (kept != done)
        json_object_set_new(o, "kept", json_integer((json_int_t)kept));
    if (rnl_history_ended_early(history))
        json_object_set_new(o, "ended_early", json_true());
    set_scores(r, o, &e);
    json_object_set_new(o, "seconds", cli_json_real(cli_seconds() - r->began));
    if (!isnan(useless))
        json_object_set_new(o, "no_better_than_guessing", json_true());
    if (saved->model)
        json_object_set_new(o, "model", cli_json_text(saved->model));
    if (saved->history)
        json_object_set_new(o, "history", cli_json_text(saved->history));
    if (saved->checkpoint)
        json_object_set_new(o, "checkpoint", cli_json_text(saved->checkpoint));
    cli_print_json(o);
}

static void tell_what_was_kept(const cli_report *r, const rnl_history *history)
{
    char text[16];
    const rnl_evaluation e = cli_kept_evaluation(history);
    if (!r->validates || isnan(e.validation_accuracy))
        return;
    cli_message("kept     the parameters of iteration %llu: validation %s%s",
                (unsigned long long)e.iteration, score(r, e.validation_accuracy, text),
                r->regression ? " R2" : " %");
}

void cli_report_end(cli_report *r, rnl_status status, const rnl_history *history,
                    const cli_saved *saved)
{
    const double seconds = cli_seconds() - r->began, useless = useless_loss(r, history);
    const unsigned long long done = rnl_history_iterations(history);
    const char *how = status == RNL_ERR_INTERRUPTED      ? "interrupted after"
                      : status != RNL_OK                 ? "stopped after"
                      : rnl_history_ended_early(history) ? "ended early, no better any more:"
                                                         : "done:";
    if (r->json)
        end_json(r, status, history, saved, useless);
    char *here = r->resumed && r->begun ? cli_text(", %llu of them since the checkpoint,",
                                                   done - (unsigned long long)r->first)
                                        : cli_text("%s", "");
    cli_message("%s %llu update%s%s in %.*f s", how, done, done == 1 ? "" : "s", here,
                seconds < 10 ? 2 : 0, seconds);
    free(here);
    tell_what_was_kept(r, history);
    if (!isnan(useless))
        cli_message("warning  the loss ended at %.4g, no better than a guess (%.4g): nothing was "
                    "learnt; the learning rate may be too high",
                    useless, r->guessing);
    if (saved->model && saved->history)
        cli_message("saved    %s, %s", saved->model, saved->history);
    else if (saved->model || saved->history)
        cli_message("saved    %s", saved->model ? saved->model : saved->history);
    if (saved->nothing_learnt)
        cli_message("no model was saved: nothing was learnt");
    if (saved->checkpoint && status == RNL_ERR_INTERRUPTED) {
        char *file = cli_quoted(saved->checkpoint);
        cli_message("runnel train --resume %s goes on from here", file);
        free(file);
    }
}

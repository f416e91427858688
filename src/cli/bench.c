/* bench.c - runnel bench */
#include "bench_measure.h"
#include "data_files.h"
#include "model.h"

#include <stdio.h>
#include <stdlib.h>

static const char about[] =
    "Measures how fast this machine trains, evaluates and predicts: with a network of your own "
    "(--net, or a model file), on your own data. Every line is measured once a round, all lines "
    "in turns; the median of the rounds counts. Nothing is written, and a model file stays as "
    "it is. Other programs that run meanwhile show in the numbers.\n\n"
    "Training and evaluating are measured on 1, 2, 4, ... threads up to --threads, predicting "
    "with one call after the other from a single thread.";

typedef struct settings {
    rnl_net_config net;
    cli_data_choice data;
    const char *description, *model, *model_net;
    size_t batch;
    bool batch_given;
    int threads, rounds;
    double seconds;
    bool json, quiet;
} settings;

enum { LINES_MOST = 64, ROWS_MOST = 1000 };

typedef struct bench {
    cli_bench_what what;
    cli_bench_line lines[LINES_MOST];
    size_t count;
} bench;

static const char *const kinds[] = {[CLI_BENCH_TRAIN] = "train",
                                    [CLI_BENCH_EVALUATE] = "evaluate",
                                    [CLI_BENCH_PREDICT] = "predict"};

/* ---- what is measured ------------------------------------------------------------------------------ */

static void add_line(bench *b, cli_bench_kind kind, int threads, size_t batch)
{
    if (b->count < LINES_MOST)
        b->lines[b->count++] = (cli_bench_line){.kind = kind, .threads = threads, .batch = batch};
}

static void add_lines(bench *b, const settings *s)
{
    const int most = s->threads ? s->threads : rnl_processors();
    for (int kind = CLI_BENCH_TRAIN; kind <= CLI_BENCH_EVALUATE; kind++) {
        for (int threads = 1; threads < most; threads *= 2)
            add_line(b, (cli_bench_kind)kind, threads, kind == CLI_BENCH_TRAIN ? s->batch : 0);
        add_line(b, (cli_bench_kind)kind, most, kind == CLI_BENCH_TRAIN ? s->batch : 0);
    }
    for (size_t batch = 1; batch <= b->what.rows.rows; batch *= 10)
        add_line(b, CLI_BENCH_PREDICT, 1, batch);
}

static int measure(bench *b, const settings *s)
{
    for (int round = 0; round < s->rounds; round++) {
        for (size_t i = 0; i < b->count; i++) {
            cli_bench_line *line = &b->lines[i];
            if (cli_progress_due())
                cli_progress("round %d of %d: %s, line %zu of %zu", round + 1, s->rounds,
                             kinds[line->kind], i + 1, b->count);
            const rnl_status status = cli_bench_measure(&b->what, line);
            if (cli_interrupted()) {
                cli_progress_clear();
                return CLI_INTERRUPTED;
            }
            if (status != RNL_OK) {
                cli_progress_clear();
                return cli_library_error(status, NULL);
            }
        }
    }
    cli_progress_clear();
    for (size_t i = 0; i < b->count; i++)
        cli_bench_sort(&b->lines[i]);
    return CLI_OK;
}

/* ---- what is shown ----------------------------------------------------------------------------------- */

/* 1234567 -> "1,234,567", of three digits that count. */
static const char *rate_text(double rate, char text[CLI_NUMBER])
{
    double unit = 1;
    while (rate / unit >= 1000)
        unit *= 10;
    char digits[CLI_NUMBER];
    const int n = snprintf(digits, sizeof digits, rate < 100 ? "%.1f" : "%.0f",
                           unit * (double)(long)(rate / unit + 0.5));
    if (rate < 100) {
        snprintf(text, CLI_NUMBER, "%.1f", rate);
        return text;
    }
    size_t used = 0;
    for (int i = 0; i < n && used + 2 < CLI_NUMBER; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

static void call_text(double seconds, char *text, size_t size)
{
    if (seconds < 1e-3)
        snprintf(text, size, "%.3g us a call", 1e6 * seconds);
    else
        snprintf(text, size, "%.3g ms a call", 1e3 * seconds);
}

static void print_line(const cli_bench_line *line, double one_thread)
{
    char what[64], median[CLI_NUMBER], least[CLI_NUMBER], most[CLI_NUMBER], more[48] = "";
    const double rate = cli_bench_median(line);
    if (line->kind == CLI_BENCH_PREDICT)
        snprintf(what, sizeof what, "predict, %zu a call", line->batch);
    else
        snprintf(what, sizeof what, "%s, %d thread%s", kinds[line->kind], line->threads,
                 line->threads == 1 ? "" : "s");
    if (line->kind == CLI_BENCH_PREDICT)
        call_text((double)line->batch / rate, more, sizeof more);
    else if (line->threads > 1)
        snprintf(more, sizeof more, "%.2f times 1 thread", rate / one_thread);
    cli_print("%-22s %12s %12s %12s", what, rate_text(rate, median),
              rate_text(line->rate[0], least), rate_text(line->rate[line->count - 1], most));
    cli_print(more[0] ? "   %s\n" : "\n", more);
}

static void print_json(const cli_bench_line *line)
{
    cli_print_json(json_pack(
        "{ss si so so so so sI}", "what", kinds[line->kind], "threads", line->threads, "batch",
        line->batch ? json_integer((json_int_t)line->batch) : json_null(), "samples_per_second",
        cli_json_real(cli_bench_median(line)), "least", cli_json_real(line->rate[0]), "most",
        cli_json_real(line->rate[line->count - 1]), "rounds", (json_int_t)line->count));
}

static void print_all(const bench *b, const settings *s)
{
    double one_thread = 0;
    if (s->json)
        cli_print_json(json_pack("{ss ss so sI si ss}", "net", rnl_net_description(b->what.net),
                                 "backend", rnl_net_backend(b->what.net), "data",
                                 cli_json_text(s->data.data), "samples",
                                 (json_int_t)rnl_dataset_describe(b->what.set).n, "processors",
                                 rnl_processors(), "version", rnl_version()));
    else
        cli_print("samples a second             median        least         most\n");
    for (size_t i = 0; i < b->count; i++) {
        const cli_bench_line *line = &b->lines[i];
        if (line->threads == 1)
            one_thread = cli_bench_median(line);
        if (s->json)
            print_json(line);
        else
            print_line(line, one_thread);
    }
}

/* ---- the network and the data ---------------------------------------------------------------------------- */

static int bench_on(settings *s, bench *b, const rnl_net *net, const rnl_dataset *set)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    if (!s->batch_given && s->batch > info.n)
        s->batch = info.n;
    if (s->batch > info.n) {
        cli_error("--batch %zu: the data set has only %zu samples", s->batch, info.n);
        return CLI_WRONG_USAGE;
    }
    const size_t rows = info.n < ROWS_MOST ? info.n : ROWS_MOST;
    double *numbers = cli_alloc(rows * info.features, sizeof *numbers); /* room for either type */
    rnl_matrix x = rnl_matrix_f64(numbers, rows, info.features);
    x.dtype = rnl_net_dtype(net);
    b->what = (cli_bench_what){.net = net,
                               .description = rnl_net_description(net),
                               .config = s->net,
                               .set = set,
                               .rows = x,
                               .seconds = s->seconds};
    cli_message("%s: %zu inputs, %zu parameters, %s; %s, %zu samples; batch %zu; runnel %s",
                rnl_net_description(net), rnl_net_inputs(net), rnl_net_size(net),
                rnl_net_backend(net), s->data.data, info.n, s->batch, rnl_version());
    int end = CLI_OK;
    const rnl_status status = rnl_dataset_gather(set, NULL, 0, x);
    if (status != RNL_OK)
        end = cli_library_error(status, NULL);
    if (end == CLI_OK) {
        add_lines(b, s);
        cli_catch_signals();
        end = measure(b, s);
    }
    if (end == CLI_OK)
        print_all(b, s);
    free(numbers);
    return end;
}

static int open_and_bench(settings *s)
{
    cli_data data = {0};
    cli_model model = {0};
    rnl_net *own = NULL;
    bench *b = cli_alloc(1, sizeof *b);
    s->data.threads = s->threads;
    int end = cli_data_open(&data, &s->data, CLI_TRAIN_PART, false);
    if (end >= 0)
        goto done;
    if (s->model) {
        end = cli_model_open(&model, s->model, s->model_net, s->net.backend);
        if (end >= 0)
            goto done;
        s->net.inputs = rnl_net_inputs(model.net);
        s->net.outputs = rnl_net_outputs(model.net);
        s->net.dtype = rnl_net_dtype(model.net);
        const size_t features = rnl_dataset_describe(data.train).features;
        if (features != s->net.inputs) {
            cli_error("%s takes %zu inputs, but %s has %zu: --data names other data", s->model,
                      s->net.inputs, s->data.data, features);
            end = CLI_FAILED;
            goto done;
        }
    } else {
        const rnl_status made = cli_new_net(&own, s->description, &s->net, data.train);
        if (made != RNL_OK) {
            cli_error_of_net(made);
            end = CLI_WRONG_USAGE;
            goto done;
        }
    }
    end = cli_scale_targets(data.train, own ? own : model.net);
    if (end < 0)
        end = bench_on(s, b, own ? own : model.net, data.train);
done:
    free(b);
    rnl_net_free(&own);
    cli_model_free(&model);
    cli_data_free(&data);
    return end;
}

int cli_bench(int argc, char **argv)
{
    const char *backends[CLI_NAMES + 1];
    cli_names(backends, rnl_backend_name);
    settings s = {.net = rnl_net_config_default(),
                  .description = "affine 50, relu, affine",
                  .batch = rnl_train_config_default().batch,
                  .rounds = 5,
                  .seconds = 0.3};
    /* clang-format off */
    cli_option options[] = {
        {.name = "net", .kind = CLI_TEXT, .value = &s.description, .argument = "LAYERS",
         .also = "network layers model arch hidden hidden-size activation",
         .help = "The layers, as in runnel train. A model file has its own: this is for one that "
                 "does not tell them (PyTorch's)"},
        CLI_OPTION_DATA(&s.data, "mnist if it is on this machine, else strokes"),
        CLI_OPTION_LABELS(&s.data),
        CLI_OPTION_LIMIT(&s.data, "The first N samples only"),
        {.name = "batch", .kind = CLI_SIZE, .value = &s.batch, .argument = "N", .least = 1,
         .also = "batch-size minibatch mini-batch bs", .help = "Samples an update"},
        CLI_OPTION_BACKEND(&s.net.backend, backends),
        {.name = "threads", .kind = CLI_INT, .value = &s.threads, .argument = "N",
         .most = CLI_THREADS_MOST, .also = "jobs cores cpus workers",
         .help = "The most threads to try; 0 means as many as this process may use"},
        {.name = "rounds", .kind = CLI_INT, .value = &s.rounds, .argument = "N", .least = 1,
         .most = CLI_ROUNDS_MOST, .also = "repeat repeats runs", .help = "How often each line is measured"},
        {.name = "seconds", .kind = CLI_REAL, .value = &s.seconds, .argument = "NUMBER",
         .positive = true, .also = "time duration", .help = "How long a measurement takes, about"},
        CLI_OPTION_JSON(&s.json),
        CLI_OPTION_QUIET(&s.quiet),
        CLI_OPTIONS_PICTURES(&s.data),
    };
    /* clang-format on */
    cli_usage usage = {
        .synopsis = "[MODEL] [OPTION...]", .about = about, CLI_TABLE(options), .words_most = 1};
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    s.model = usage.words == 1 ? argv[0] : NULL;
    s.batch_given = cli_given(&usage, "batch");
    s.model_net = cli_given(&usage, "net") ? s.description : NULL;
    s.data.missing_otherwise = RNL_MISSING_MEAN;
    if (!s.data.data)
        s.data.data = cli_have_mnist() ? "mnist" : "strokes";
    return open_and_bench(&s);
}

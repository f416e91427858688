/* bench_measure.c - the clocks of runnel bench */
#include "bench_measure.h"

#include <stdlib.h>

/* ---- training ------------------------------------------------------------------------------------ */

/* The clock runs from the first progress event, a tenth of a second after the first update, to the
 * first one that is late enough. No evaluation lies between. */
typedef struct stretch {
    double wanted;       /* seconds */
    uint64_t begin, end; /* updates */
    double begin_seconds, end_seconds;
} stretch;

static bool watch(const rnl_train_event *event, void *user)
{
    stretch *s = user;
    if (cli_interrupted())
        return false;
    if (event->kind != RNL_EVENT_PROGRESS)
        return true;
    if (s->begin == 0) {
        s->begin = event->iteration;
        s->begin_seconds = event->seconds;
        return true;
    }
    s->end = event->iteration;
    s->end_seconds = event->seconds;
    return s->end_seconds - s->begin_seconds < s->wanted;
}

static rnl_status train(const cli_bench_what *what, const cli_bench_line *line, double *rate)
{
    enum { MORE_THAN_ENOUGH = 20000000 }; /* updates: watch ends it */
    stretch s = {.wanted = what->seconds};
    rnl_net *net;
    rnl_status status = rnl_net_new(&net, what->description, &what->config);
    if (status != RNL_OK)
        return status;
    rnl_train_config config = rnl_train_config_default();
    config.batch = line->batch;
    config.iterations = config.eval_every = MORE_THAN_ENOUGH;
    config.lr = 1e-3; /* nothing diverges, however long it runs */
    config.threads = line->threads;
    config.callback = watch;
    config.user = &s;
    status = rnl_train(net, what->set, NULL, &config, NULL);
    rnl_net_free(&net);
    if (status == RNL_ERR_INTERRUPTED && s.end > s.begin && !cli_interrupted()) {
        *rate = (double)((s.end - s.begin) * line->batch) / (s.end_seconds - s.begin_seconds);
        return RNL_OK;
    }
    return status;
}

/* ---- evaluating and predicting --------------------------------------------------------------------- */

static rnl_status evaluate(const cli_bench_what *what, const cli_bench_line *line, double *rate)
{
    rnl_score score;
    size_t samples = 0;
    const double begin = cli_seconds();
    double seconds = 0;
    while (seconds < what->seconds) {
        const rnl_status status = rnl_evaluate(what->net, what->set, line->threads, &score, NULL);
        if (status != RNL_OK)
            return status;
        if (cli_interrupted())
            return RNL_ERR_INTERRUPTED;
        samples += score.n;
        seconds = cli_seconds() - begin;
    }
    *rate = (double)samples / seconds;
    return RNL_OK;
}

/* `calls` calls, from one end of the rows to the other and again. */
static rnl_status predict_calls(const cli_bench_what *what, rnl_workspace *ws, rnl_matrix out,
                                size_t calls)
{
    const size_t size = what->rows.dtype == RNL_F64 ? sizeof(double) : sizeof(float);
    rnl_matrix x = what->rows;
    x.rows = out.rows;
    size_t first = 0;
    for (size_t i = 0; i < calls; i++, first += x.rows) {
        if (first + x.rows > what->rows.rows)
            first = 0;
        x.data = (char *)what->rows.data + first * x.ld * size;
        const rnl_status status = rnl_net_predict(what->net, ws, x, out);
        if (status != RNL_OK)
            return status;
    }
    return RNL_OK;
}

/* Asks for more and more calls until they fill the time; the last time counts. */
static rnl_status predict(const cli_bench_what *what, const cli_bench_line *line, double *rate)
{
    rnl_workspace *ws;
    rnl_status status = rnl_workspace_new(&ws, what->net, line->batch);
    if (status != RNL_OK)
        return status;
    const size_t outputs = rnl_net_outputs(what->net);
    double *numbers = cli_alloc(line->batch * outputs, sizeof *numbers); /* room for either type */
    rnl_matrix out = rnl_matrix_f64(numbers, line->batch, outputs);
    out.dtype = what->rows.dtype;
    double seconds = 0;
    size_t calls = 4;
    for (;; calls *= 2) {
        const double begin = cli_seconds();
        status = predict_calls(what, ws, out, calls);
        seconds = cli_seconds() - begin;
        if (status == RNL_OK && cli_interrupted())
            status = RNL_ERR_INTERRUPTED;
        if (status != RNL_OK || seconds > what->seconds / 2)
            break;
    }
    if (status == RNL_OK)
        *rate = (double)(calls * line->batch) / seconds;
    free(numbers);
    rnl_workspace_free(&ws);
    return status;
}

/* ---- a line ------------------------------------------------------------------------------------------ */

rnl_status cli_bench_measure(const cli_bench_what *what, cli_bench_line *line)
{
    static rnl_status (*const clocks[])(const cli_bench_what *, const cli_bench_line *,
                                        double *) = {
        [CLI_BENCH_TRAIN] = train, [CLI_BENCH_EVALUATE] = evaluate, [CLI_BENCH_PREDICT] = predict};
    const rnl_status status = clocks[line->kind](what, line, &line->rate[line->count]);
    line->count += status == RNL_OK;
    return status;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void cli_bench_sort(cli_bench_line *line)
{
    qsort(line->rate, line->count, sizeof line->rate[0], ascending);
}

double cli_bench_median(const cli_bench_line *line)
{
    const size_t n = line->count;
    return n % 2 ? line->rate[n / 2] : (line->rate[n / 2 - 1] + line->rate[n / 2]) / 2;
}

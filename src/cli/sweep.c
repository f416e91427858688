/* sweep.c - runnel sweep: the verb */
#include "sweep.h"

#include "folders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char about[] =
    "Trains with many settings, several runs side by side, and tells which did best on samples "
    "that none of them was trained on. The test samples are not looked at.\n\n"
    "--try \"lr=log 0.01..1\" draws from a range, evenly in the logarithm; --try "
    "\"ema=0..0.99\" evenly; --try \"batch=50 | 100\" tries each. Lists alone make a grid: all "
    "their combinations are tried. With a range, or with --trials, as many as that are drawn.\n\n"
    "The options of runnel train that shape its result can be given too, for all runs. Those that "
    "tell how it learns can be tried; the data and --from are the same for all. The same command "
    "after an interruption goes on where the table ends.";

/* ---- the table of options: its own, and those of train that make sense here ----------------------------- */

static const char *const not_here[] = {"out",        "history",        "checkpoint", "every",
                                       "resume",     "threads",        "test",       "test-labels",
                                       "test-limit", "show-augmented", NULL};

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static void make_options(cli_train_settings *t, cli_sweep_options *s)
{
    cli_train_options(t);
    *s = (cli_sweep_options){.trials = 20, .seeds = 1, .out = "sweep.csv"};
    /* clang-format off */
    const cli_option own[] = {
        {.name = "try", .kind = CLI_WORDS, .value = &s->tries, .argument = "NAME=VALUES",
         .also = "param parameter grid search",
         .help = "What to try for an option of train: LOW..HIGH, log LOW..HIGH, or A | B | C; can "
                 "be given several times"},
        {.name = "trials", .kind = CLI_SIZE, .value = &s->trials, .argument = "N", .least = 1,
         .most = 1000000, .when_absent = "20, or the whole grid",
         .also = "samples runs max-trials", .help = "How many combinations to try"},
        {.name = "seeds", .kind = CLI_SIZE, .value = &s->seeds, .argument = "N", .least = 1,
         .most = 1000, .also = "repeat repeats",
         .help = "Runs of each, with the seeds --seed, --seed + 1, ...; their mean counts"},
        {.name = "out", .kind = CLI_TEXT, .value = &s->out, .argument = "FILE",
         .also = "output table csv",
         .help = "The table: a row for each run (CSV). Where it is there, what stands in it is not "
                 "run again"},
        {.name = "threads", .kind = CLI_INT, .value = &s->threads, .argument = "N",
         .most = CLI_THREADS_MOST, .also = "jobs parallel cores cpus workers",
         .help = "Runs side by side, each on one thread; 0 means as many as this process may use"},
    };
    /* clang-format on */
    const size_t owns = sizeof own / sizeof own[0];
    size_t kept = 0;
    cli_option of_train[CLI_TRAIN_OPTIONS] = {{0}};
    for (size_t i = 0; i < t->usage.count; i++) {
        cli_option o = t->options[i];
        if (is_one_of(o.name, not_here))
            continue;
        if (strcmp(o.name, "validation") == 0)
            o.when_absent = "0.1";
        if (kept == 0)
            o.group = "For all runs";
        of_train[kept++] = o;
    }
    memcpy(t->options, own, sizeof own);
    memcpy(t->options + owns, of_train, kept * sizeof *of_train);
    t->usage.count = owns + kept;
    t->usage.about = about;
}

/* ---- the settings of a run -------------------------------------------------------------------------------- */

static int parse(int argc, char **argv, cli_train_settings *t, cli_sweep_options *s)
{
    char **copy = cli_alloc((size_t)argc + 1, sizeof *copy); /* the order of the words may change */
    int count = 0;
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--") != 0) /* `sweep ... -- options of train`: they are one list */
            copy[count++] = argv[i];
    make_options(t, s);
    const int end = cli_parse(&t->usage, count, copy);
    free(copy);
    return end;
}

int cli_sweep_settings(const cli_sweep_plan *s, char *const *values, const uint64_t *seed,
                       cli_train_settings *t)
{
    cli_sweep_options same;
    char text[24];
    int end = parse(s->argc, s->argv, t, &same);
    for (size_t k = 0; k < s->dimensions && end < 0; k++)
        end = cli_set(&t->usage, s->dimension[k].name, values[k]);
    if (end < 0 && seed) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)*seed);
        end = cli_set(&t->usage, "seed", text);
    }
    if (end < 0 && !cli_given(&t->usage, "validation"))
        end = cli_set(&t->usage, "validation", "0.1");
    if (end < 0)
        end = cli_train_check(t);
    t->train.threads = 1;
    t->train.skip_train_accuracy = true;
    return end;
}

/* ---- before any run ---------------------------------------------------------------------------------------- */

/* With the data open: a batch that a recipe says is no larger. */
static int make_runs(cli_sweep_plan *s)
{
    const size_t seeds = s->options.seeds;
    s->run = cli_alloc(s->trials * seeds, sizeof *s->run); /* both have their limits */
    for (s->runs = 0; s->runs < s->trials * seeds; s->runs++) {
        cli_run *r = &s->run[s->runs];
        r->trial = s->runs / seeds;
        r->seed = s->base.seed + s->runs % seeds;
        cli_train_settings t;
        const int end = cli_sweep_settings(s, s->value + r->trial * s->dimensions, &r->seed, &t);
        if (end >= 0)
            return end;
        cli_train_fit_batch(&t, &s->data);
        r->command = cli_command(&t.usage, "runnel train");
    }
    return -1;
}

static int check_one(cli_sweep_plan *s, char *const *values)
{
    cli_train_settings t;
    rnl_net *net;
    double *weights;
    int end = cli_sweep_settings(s, values, NULL, &t);
    if (end < 0)
        end = cli_train_net(&t, &s->data, &net, &weights);
    if (end >= 0)
        return end;
    s->regression = rnl_net_task(net) == RNL_TASK_REGRESSION;
    free(weights);
    rnl_net_free(&net);
    return -1;
}

/* Every value that stands in a list is good for a network on this data. */
static int check_with_data(cli_sweep_plan *s)
{
    char **values = cli_alloc(s->dimensions, sizeof *values);
    int end = check_one(s, s->value); /* the first trial */
    for (size_t k = 0; k < s->dimensions; k++) {
        memcpy(values, s->value, s->dimensions * sizeof *values);
        for (size_t c = 0; c < s->dimension[k].choices && end < 0; c++) {
            values[k] = s->dimension[k].choice[c];
            end = check_one(s, values);
        }
    }
    free(values);
    return end;
}

static int sweep(cli_sweep_plan *s)
{
    int end = cli_sweep_read_tries(s);
    if (end < 0)
        end = cli_sweep_make_trials(s);
    if (end < 0 && !cli_can_write("out", s->options.out))
        end = CLI_FAILED;
    if (end < 0)
        end = cli_sweep_lock(s);
    if (end < 0)
        end = cli_sweep_open(s);
    if (end < 0)
        end = make_runs(s);
    if (end < 0)
        end = cli_sweep_read_table(s);
    if (end < 0)
        end = check_with_data(s);
    if (end < 0)
        end = cli_sweep_run(s);
    return end;
}

int cli_sweep(int argc, char **argv)
{
    cli_sweep_plan s = {.argc = argc, .argv = argv, .lock = -1};
    int end = parse(argc, argv, &s.base, &s.options);
    if (end >= 0)
        return end;
    cli_be_quiet(s.base.quiet);
    end = sweep(&s);
    cli_sweep_unlock(&s);
    for (size_t i = 0; s.run && i < s.runs; i++)
        free(s.run[i].command);
    free(s.run);
    cli_sweep_free_space(&s);
    cli_train_close(&s.data);
    return end;
}

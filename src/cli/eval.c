/* eval.c - runnel eval */
#include "data_table.h"
#include "eval_report.h"
#include "model_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char about[] =
    "Loss, accuracy, precision and recall of each class and the confusion matrix of a saved "
    "network on a data set; of one that predicts numbers, R2 and the errors. The inputs are "
    "prepared as they were for training; the model file tells how.";

typedef struct settings {
    cli_data_choice data;
    const char *part, *net, *backend;
    size_t top; /* 0: not asked for */
    int threads;
    bool json, quiet;
} settings;

/* The data that the notes tell. Returns -1, or how the program ends. */
static int data_as_trained(const cli_model *m, cli_data_choice *data, bool test)
{
    const char *noted = rnl_net_note(m->net, "runnel.data"), *labels;
    const char *test_noted = test ? rnl_net_note(m->net, "runnel.test") : NULL;
    labels = rnl_net_note(m->net, test_noted ? "runnel.test_labels" : "runnel.labels");
    data->data = test_noted ? test_noted : noted ? noted : "mnist";
    if (!data->labels)
        data->labels = labels;
    if (cli_data_is_built_in(data->data) || access(data->data, F_OK) == 0)
        return -1;
    cli_error("%s was made with %s, which is not here; --data names another", m->path, data->data);
    return CLI_FAILED;
}

/* The share of the samples that was set aside to test with, and of how many, as the notes tell. Returns -1, or how the
 * program ends. */
static int share_as_trained(const cli_model *m, cli_data_choice *data)
{
    const char *share = rnl_net_note(m->net, "runnel.test_share"),
               *seed = rnl_net_note(m->net, "runnel.split_seed"),
               *limit = rnl_net_note(m->net, "runnel.limit");
    if (!share)
        return -1;
    if (data->limit) {
        cli_error("--limit would change which samples were set aside: --data %s with it takes the "
                  "first of all",
                  data->data);
        return CLI_WRONG_USAGE;
    }
    data->table.test_share = strtod(share, NULL);
    data->table.split_seed = seed ? strtoull(seed, NULL, 10) : 1;
    data->limit = limit ? strtoull(limit, NULL, 10) : 0;
    return -1;
}

static void tell_of_training_samples(void)
{
    cli_message("these are the samples that it was trained on: no others were set aside");
}

/* A table, read as the model's columns tell. Where it is the one that the model was trained on and a share of
 * it was set aside, the wanted part of it; that may look into *whole. */
static int open_table(const settings *s, const cli_model *m, bool as_trained, bool test,
                      rnl_dataset **whole, rnl_dataset **set)
{
    const bool share = s->data.table.test_share > 0;
    if (as_trained && !share && !rnl_net_note(m->net, "runnel.test"))
        tell_of_training_samples();
    if (!cli_data_is_file(s->data.data) && access(s->data.data, F_OK) != 0) {
        cli_error(cli_data_is_built_in(s->data.data)
                      ? "%s was trained on a table, and --data %s is none"
                      : "%s was trained on a table, but there is no file %s",
                  m->path, s->data.data);
        return CLI_FAILED;
    }
    rnl_status status = cli_read_known_table(set, s->data.data, m->columns, s->data.limit);
    if (status != RNL_OK)
        return cli_library_error(status, NULL);
    int end = cli_model_scale(m, *set);
    if (end >= 0 || !share)
        return end;
    rnl_dataset *rest = NULL, *part = NULL;
    *whole = *set;
    *set = NULL;
    status =
        rnl_dataset_split(*whole, s->data.table.test_share, s->data.table.split_seed, &rest, &part);
    if (status != RNL_OK)
        return cli_library_error(status, s->data.data);
    *set = test ? part : rest;
    rnl_dataset_free(test ? &rest : &part);
    return -1;
}

static int report(const settings *s, const cli_model *m, const rnl_dataset *set, const char *part)
{
    cli_eval_report r = {.model = m, .data = s->data.data, .part = part};
    r.classes = rnl_dataset_describe(set).class_count ? rnl_net_class_count(m->net) : 0;
    uint64_t *confusion = cli_alloc(r.classes * r.classes, sizeof *confusion);
    double *top =
        s->top && s->top <= rnl_net_outputs(m->net) ? cli_alloc(s->top, sizeof *top) : NULL;
    rnl_status status = rnl_evaluate(m->net, set, s->threads, &r.score, confusion);
    if (status == RNL_OK && s->top)
        status = rnl_evaluate_top(m->net, set, s->threads, s->top, top);
    r.confusion = confusion;
    r.top = top;
    r.tops = s->top;
    if (status == RNL_OK) {
        if (part)
            cli_message("%s on %s, the %s part", m->path, s->data.data, part);
        else
            cli_message("%s on %s", m->path, s->data.data);
        (s->json ? cli_eval_print_json : cli_eval_print)(&r);
    }
    free(top);
    free(confusion);
    if (status != RNL_OK)
        return cli_library_error(status, m->path);
    if (isfinite(r.score.loss))
        return CLI_OK;
    cli_error(
        "%s: the loss is %s, so the numbers above are no measure of the network: it gives NaN or "
        "infinity, as it does where a sample has them",
        s->data.data, isnan(r.score.loss) ? "NaN" : "infinite");
    return CLI_FAILED;
}

static int evaluate(settings *s, const cli_model *m)
{
    cli_data data = {0};
    rnl_dataset *whole = NULL, *table = NULL;
    bool test = strcmp(s->part, "test") == 0, as_trained = !s->data.data;
    s->data.threads = s->threads;
    int end = as_trained ? data_as_trained(m, &s->data, test) : -1;
    if (end < 0 && as_trained)
        end = share_as_trained(m, &s->data);
    s->data.test_limit = s->data.limit;
    if (end < 0 && m->columns) {
        end = open_table(s, m, as_trained, test, &whole, &table);
    } else if (end < 0) {
        cli_model_expect(m, &s->data);
        /* a file that was named with --test was read as one that has a single part */
        const bool other = as_trained && test && rnl_net_note(m->net, "runnel.test");
        end = cli_data_open(&data, &s->data, test && !other ? CLI_TEST_PART : CLI_TRAIN_PART, true);
    }
    if (data.one_part && as_trained && !rnl_net_note(m->net, "runnel.test"))
        tell_of_training_samples();
    /* a table of which no share was set aside has all its rows in one part */
    rnl_dataset *set = table ? table : test && data.test ? data.test : data.train;
    if (end < 0 && !m->columns)
        end = cli_model_scale_parts(m, &data, &s->data);
    if (end < 0) {
        /* a file has parts where a share of it was set aside, or where it has arrays for both */
        const bool parted =
            !data.one_part && (whole || data.whole || data.test || !cli_data_is_file(s->data.data));
        end = report(s, m, set, parted ? s->part : NULL);
    }
    cli_data_free(&data);
    rnl_dataset_free(&table);
    rnl_dataset_free(&whole);
    return end;
}

int cli_eval(int argc, char **argv)
{
    static const char *const parts[] = {"test", "train", NULL};
    const char *backends[CLI_NAMES + 1];
    cli_names(backends, rnl_backend_name);
    settings s = {.part = "test"};
    cli_model model = {0};
    /* clang-format off */
    cli_option options[] = {
        CLI_OPTION_DATA(&s.data, "what the model was trained on"),
        CLI_OPTION_LABELS(&s.data),
        {.name = "part", .kind = CLI_CHOICE, .value = &s.part, .choices = parts,
         .also = "split test train",
         .help = "Which part of mnist, strokes, a folder, or of the table that the model was trained "
                 "on"},
        CLI_OPTION_LIMIT(&s.data, "The first N samples only"),
        {.name = "dark-on-light", .kind = CLI_FLAG, .value = &s.data.dark_on_light, .also = "invert",
         .help = "Of a folder of pictures: they have dark strokes on a light ground, for a network that knows light "
                 "ones on a dark ground"},
        {.name = "top-k", .kind = CLI_SIZE, .value = &s.top, .argument = "K", .least = 1,
         .when_absent = "", .also = "top topk top5",
         .help = "Also the share of samples whose class is among the 2, 3, ... K most probable"},
        CLI_OPTION_NET(&s.net),
        CLI_OPTION_BACKEND(&s.backend, backends),
        CLI_OPTION_THREADS(&s.threads),
        CLI_OPTION_JSON(&s.json),
        CLI_OPTION_QUIET(&s.quiet),
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "MODEL [OPTION...]",
                       .about = about,
                       CLI_TABLE(options),
                       CLI_ONE_WORD("which model? runnel eval model.safetensors")};
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    end = cli_model_open(&model, argv[0], s.net, s.backend);
    if (end < 0)
        end = evaluate(&s, &model);
    cli_model_free(&model);
    return end;
}

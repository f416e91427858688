/* eval.c - runnel eval */
#include "data_source.h"
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char about[] =
    "Loss, accuracy and confusion matrix of a saved network on a data set. The inputs are scaled "
    "as they were for training; the model file tells how.";

typedef struct settings {
    cli_data_choice data;
    const char *part, *net, *backend;
    int threads;
    bool json, quiet;
} settings;

/* The readers make x of a byte either as it is, or / 255. */
static int scale_as_trained(const cli_model *m, cli_data_choice *data)
{
    bool noted = rnl_net_note(m->net, "runnel.input.scale") != NULL;
    data->raw_pixels = noted && m->scale == 1;
    bool normal = fabs(m->scale * 255 - 1) < 1e-9;
    if (m->shift == 0 && (!noted || data->raw_pixels || normal))
        return -1;
    cli_error("%s wants its inputs as pixel * %g + %g, but data sets come as they are or / 255",
              m->path, m->scale, m->shift);
    return CLI_FAILED;
}

/* The data that the notes tell. Returns -1, or how the program ends. */
static int data_as_trained(const cli_model *m, cli_data_choice *data, bool test)
{
    const char *noted = rnl_net_note(m->net, "runnel.data"), *labels;
    const char *test_noted = test ? rnl_net_note(m->net, "runnel.test") : NULL;
    labels = rnl_net_note(m->net, test_noted ? "runnel.test_labels" : "runnel.labels");
    data->data = test_noted ? test_noted : noted ? noted : "mnist";
    if (!data->labels)
        data->labels = labels;
    bool built_in = strcmp(data->data, "mnist") == 0 || strcmp(data->data, "strokes") == 0;
    if (built_in || access(data->data, F_OK) == 0)
        return -1;
    cli_error("%s was made with %s, which is not here; --data names another", m->path, data->data);
    return CLI_FAILED;
}

static void print_confusion(const uint64_t *count, size_t classes)
{
    uint64_t most = 0;
    char text[32];
    for (size_t i = 0; i < classes * classes; i++)
        most = count[i] > most ? count[i] : most;
    int width = snprintf(text, sizeof text, "%llu", (unsigned long long)most) + 1;
    int class_width = snprintf(text, sizeof text, "%zu", classes - 1);
    width = width > class_width + 1 ? width : class_width + 1;
    cli_print("\nrows: the true class; columns: the answer; right: %% of the row\n\n%*s ",
              class_width, "");
    for (size_t j = 0; j < classes; j++)
        cli_print("%*zu", width, j);
    cli_print("    right\n");
    for (size_t i = 0; i < classes; i++) {
        const uint64_t *row = count + i * classes;
        double sum = 0;
        cli_print("%*zu ", class_width, i);
        for (size_t j = 0; j < classes; j++) {
            sum += (double)row[j];
            cli_print("%*llu", width, (unsigned long long)row[j]);
        }
        if (sum > 0)
            cli_print("  %7.2f\n", 100 * (double)row[i] / sum);
        else
            cli_print("  %7s\n", "-");
    }
}

static void print_json(const settings *s, const rnl_score *score, const uint64_t *count,
                       size_t classes)
{
    json_t *matrix = json_array();
    for (size_t i = 0; i < classes; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < classes; j++)
            json_array_append_new(row, json_integer((json_int_t)count[i * classes + j]));
        json_array_append_new(matrix, row);
    }
    cli_print_json(json_pack("{so so* sI so so so}", "data", cli_json_text(s->data.data), "part",
                             cli_data_is_file(s->data.data) ? NULL : json_string(s->part),
                             "samples", (json_int_t)score->n, "loss", cli_json_real(score->loss),
                             "accuracy", cli_json_real(score->accuracy), "confusion", matrix));
}

static int evaluate(settings *s, const cli_model *m)
{
    cli_data data = {0};
    bool test = strcmp(s->part, "test") == 0;
    s->data.test_limit = s->data.limit;
    int end = s->data.data ? -1 : data_as_trained(m, &s->data, test);
    if (end < 0)
        end = scale_as_trained(m, &s->data);
    if (end < 0)
        end = cli_data_open(&data, &s->data, test ? CLI_TEST_PART : CLI_TRAIN_PART, true);
    if (end >= 0)
        return end;

    const rnl_dataset *set = test ? data.test : data.train;
    size_t classes = rnl_dataset_describe(set).class_count;
    uint64_t *confusion = cli_alloc(classes * classes, sizeof *confusion);
    rnl_score score;
    rnl_status status = rnl_evaluate(m->net, set, s->threads, &score, confusion);
    if (status != RNL_OK) {
        end = cli_library_error(status, m->path);
    } else {
        end = CLI_OK;
        if (cli_data_is_file(s->data.data))
            cli_message("%s on %s", m->path, s->data.data);
        else
            cli_message("%s on %s, the %s part", m->path, s->data.data, s->part);
        if (s->json) {
            print_json(s, &score, confusion, classes);
        } else {
            cli_print("samples   %zu\nloss      %.6f\naccuracy  %.2f %%\n", score.n, score.loss,
                      100 * score.accuracy);
            print_confusion(confusion, classes);
        }
    }
    free(confusion);
    cli_data_free(&data);
    return end;
}

int cli_eval(int argc, char **argv)
{
    static const char *const parts[] = {"test", "train", NULL};
    const char *backends[CLI_BACKENDS + 1];
    cli_backends(backends);
    settings s = {.part = "test"};
    cli_model model = {0};
    int words;
    /* clang-format off */
    cli_option options[] = {
        CLI_OPTION_DATA(&s.data, "what the model was trained on"),
        CLI_OPTION_LABELS(&s.data),
        {.name = "part", .kind = CLI_CHOICE, .value = &s.part, .choices = parts,
         .also = "split test train", .help = "Which part of mnist, strokes or a folder"},
        CLI_OPTION_LIMIT(&s.data, "The first N samples only"),
        CLI_OPTION_NET(&s.net),
        CLI_OPTION_BACKEND(&s.backend, backends),
        CLI_OPTION_THREADS(&s.threads),
        CLI_OPTION_JSON(&s.json),
        CLI_OPTION_QUIET(&s.quiet),
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "MODEL [OPTION...]",
                       .about = about,
                       .options = options,
                       .count = sizeof options / sizeof options[0],
                       .words_least = 1,
                       .words_most = 1,
                       .missing_word = "which model? runnel eval model.safetensors"};
    int end = cli_parse(&usage, argc, argv, &words);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    end = cli_model_open(&model, argv[0], s.net, s.backend);
    if (end < 0)
        end = evaluate(&s, &model);
    cli_model_free(&model);
    return end;
}

/* predict.c - runnel predict */
#include "model.h"
#include "data_table.h"
#include "folders.h"
#include "predict_answer.h"
#include "predict_input.h"
#include "predict_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char about[] =
    "Class and probabilities for pictures: PNG and JPEG files of any size, which are brought to "
    "the size that the model takes, and for the samples of an IDX, npy, npz or svmlight file, "
    "which are numbered; or the numbers that a model predicts. A folder stands for the pictures in "
    "it, in the order of their names. - is standard input. A file that cannot be read is told and "
    "passed over; the exit status is 1 then.\n\n"
    "For tables: each row as it came, with the class and the probabilities, or the number, "
    "behind it; as soon as it has come, so that an endless pipe is answered row by row. Columns "
    "are found by their names where both this table and the one of the training have a header.";

enum { CHUNK = 256 }; /* samples at a time */

typedef struct settings {
    const char *net, *backend, *shape, *header;
    bool dark, light, raw_pixels, json, quiet;
    size_t limit;
    bool hint_given;
} settings;

typedef struct predictor {
    cli_model *model;
    rnl_workspace *ws;
    rnl_matrix x, p; /* [CHUNK, inputs], [CHUNK, outputs], of the network's dtype */
    bool unanswered; /* a sample whose answer is NaN or infinite */
} predictor;

/* Input i as the network wants it. */
static double scaled(const cli_model *m, size_t i, double stored)
{
    return m->scales ? stored * m->scales[i] + m->shifts[i] : stored * m->scale + m->shift;
}

/* ---- output ------------------------------------------------------------------------------------------- */

/* index: of a sample in a file of them; SIZE_MAX for a picture */
static void print_answer(const predictor *pr, size_t row, const char *name, size_t index, bool json)
{
    char text[CLI_NUMBER];
    if (json) {
        json_t *o = json_pack("{so}", "file", cli_json_text(name));
        if (index != SIZE_MAX)
            json_object_set_new(o, "sample", json_integer((json_int_t)index));
        cli_answer_print_json(o, pr->model, &pr->p, row);
        return;
    }
    cli_print_safely(name);
    if (index == SIZE_MAX)
        cli_print(":");
    else
        cli_print("[%zu]:", index);
    if (!cli_answers_numbers(pr->model)) {
        cli_print(" ");
        cli_print_safely(
            cli_is_answer(&pr->p, row)
                ? cli_class_name(pr->model, cli_answer_class(pr->model, &pr->p, row), text)
                : "-");
        cli_print("  ");
    }
    for (size_t k = 0; k < pr->p.cols; k++) {
        if (cli_answers_numbers(pr->model))
            cli_print(" %s", cli_answer_text(&pr->p, row, k, text));
        else
            cli_print(" %.4f", cli_answer_at(&pr->p, row, k));
    }
    cli_print("\n");
}

/* Says it where the numbers that were printed are no answer. */
static void check_answer(predictor *pr, size_t row, const char *name, size_t index)
{
    char sample[32] = "";
    if (cli_is_answer(&pr->p, row))
        return;
    if (index != SIZE_MAX)
        snprintf(sample, sizeof sample, "[%zu]", index);
    cli_error(
        "%s%s: no answer: the network gives NaN or infinity, as it does where a sample has them",
        name, sample);
    pr->unanswered = true;
}

/* The answers to the first n rows of x. False after an error. */
static bool answer(predictor *pr, size_t n, const char *name, size_t first, bool json)
{
    rnl_matrix x = pr->x, p = pr->p;
    x.rows = p.rows = n;
    rnl_status status = cli_answer(pr->model, pr->ws, x, p);
    if (status != RNL_OK) {
        cli_library_error(status, name);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t index = first == SIZE_MAX ? SIZE_MAX : first + i;
        print_answer(pr, i, name, index, json);
        check_answer(pr, i, name, index);
    }
    return true;
}

/* ---- pictures -------------------------------------------------------------------------------------------- */

/* Strokes cover a fifth of a picture or so; where most is light, it is paper. */
static void hint_at_paper(settings *s, const cli_model *m, const uint8_t *pixels, const char *name)
{
    size_t light = 0, n = m->height * m->width;
    for (size_t i = 0; i < n; i++)
        light += pixels[i] > 127;
    /* (names of classes come from folders: the model has seen what its pictures look like) */
    if (s->hint_given || s->dark || s->light || m->class_names || 5 * light < 2 * n)
        return;
    s->hint_given = true;
    cli_message("%s looks dark on light, but light on dark was assumed, as in MNIST: "
                "--dark-on-light or --light-on-dark says it",
                name);
}

static bool predict_picture(settings *s, predictor *pr, const cli_input *in)
{
    const cli_model *m = pr->model;
    size_t n = m->channels * m->height * m->width;
    if (m->channels != 1 && m->channels != 3) {
        cli_error(
            "%s: pictures are read in grey or three colours, but the model takes %zu channels",
            in->name, m->channels);
        return false;
    }
    uint8_t *pixels = cli_alloc(n, 1);
    rnl_status status =
        in->bytes ? rnl_decode_picture(in->bytes, in->size, in->name, m->channels, m->height,
                                       m->width, s->dark, pixels)
                  : rnl_read_picture(in->name, m->channels, m->height, m->width, s->dark, pixels);
    bool good = status == RNL_OK;
    if (good) {
        hint_at_paper(s, m, pixels, in->name);
        for (size_t i = 0; i < n; i++) {
            double x = scaled(m, i, pixels[i]);
            if (pr->x.dtype == RNL_F64)
                ((double *)pr->x.data)[i] = x;
            else
                ((float *)pr->x.data)[i] = (float)x;
        }
        good = answer(pr, 1, in->name, SIZE_MAX, s->json);
    } else {
        cli_library_error(status, NULL);
    }
    free(pixels);
    return good;
}

static bool predict_samples(const settings *s, predictor *pr, const cli_input *in)
{
    const cli_model *m = pr->model;
    rnl_dataset *set = NULL;
    rnl_data_options options = rnl_data_options_default();
    options.limit = s->limit;
    options.normalize = !m->scaling_told && !s->raw_pixels;
    options.features = pr->x.cols;
    options.first_index = m->first_index;
    rnl_status status = in->bytes
                            ? rnl_dataset_decode(&set, in->bytes, in->size, in->name, &options)
                            : rnl_dataset_read(&set, in->name, NULL, RNL_PART_TRAIN, &options);
    bool good = status == RNL_OK;
    if (!good) {
        cli_library_error(status, NULL);
        return false;
    }
    rnl_dataset_info info = rnl_dataset_describe(set);
    if (info.features != pr->x.cols) {
        cli_error("%s: its samples have %zu numbers, but the model takes %zu", in->name,
                  info.features, pr->x.cols);
        good = false;
    }
    for (size_t first = 0, n; good && first < info.n; first += n) {
        n = info.n - first < CHUNK ? info.n - first : CHUNK;
        rnl_matrix x = pr->x;
        x.rows = n;
        status = rnl_dataset_gather(set, NULL, first, x);
        for (size_t i = 0; m->scaling_told && status == RNL_OK && i < n * x.cols; i++) {
            if (x.dtype == RNL_F64)
                ((double *)x.data)[i] = scaled(m, i % x.cols, ((double *)x.data)[i]);
            else
                ((float *)x.data)[i] = (float)scaled(m, i % x.cols, (double)((float *)x.data)[i]);
        }
        if (status != RNL_OK)
            cli_library_error(status, in->name);
        good = status == RNL_OK && answer(pr, n, in->name, first, s->json) && cli_flush();
    }
    rnl_dataset_free(&set);
    return good;
}

/* ---- the verb -------------------------------------------------------------------------------------------- */

/* "28x28" or "1x28x28" from --shape */
static int set_shape(cli_model *m, const char *text)
{
    unsigned c = 1, h = 0, w = 0;
    int used = 0;
    bool read = sscanf(text, "%5ux%5u%n", &h, &w, &used) == 2 && text[used] == '\0';
    if (!read)
        read = sscanf(text, "%5ux%5ux%5u%n", &c, &h, &w, &used) == 3 && text[used] == '\0';
    size_t inputs = rnl_net_inputs(m->net);
    if (!read || (size_t)c * h * w != inputs) {
        cli_error("--shape %s: expected HEIGHTxWIDTH of %zu inputs, such as 28x28", text, inputs);
        return CLI_WRONG_USAGE;
    }
    m->channels = c;
    m->height = h;
    m->width = w;
    m->has_shape = true;
    return -1;
}

static int prepare(settings *s, predictor *pr)
{
    cli_model *m = pr->model;
    int end = s->shape ? set_shape(m, s->shape) : -1;
    if (end >= 0)
        return end;
    if (!m->scaling_told)
        m->scale = s->raw_pixels ? 1 : 1.0 / 255;
    else if (s->raw_pixels && m->scale != 1) {
        cli_error("--raw-pixels: but %s says that its pixels are scaled by %g", m->path, m->scale);
        return CLI_WRONG_USAGE;
    }
    rnl_status status = rnl_workspace_new(&pr->ws, m->net, CHUNK);
    if (status != RNL_OK)
        return cli_library_error(status, NULL);
    size_t inputs = rnl_net_inputs(m->net), outputs = rnl_net_outputs(m->net);
    if (rnl_net_dtype(m->net) == RNL_F64) {
        pr->x = rnl_matrix_f64(cli_alloc(inputs, CHUNK * sizeof(double)), CHUNK, inputs);
        pr->p = rnl_matrix_f64(cli_alloc(outputs, CHUNK * sizeof(double)), CHUNK, outputs);
    } else {
        pr->x = rnl_matrix_f32(cli_alloc(inputs, CHUNK * sizeof(float)), CHUNK, inputs);
        pr->p = rnl_matrix_f32(cli_alloc(outputs, CHUNK * sizeof(float)), CHUNK, outputs);
    }
    return -1;
}

static bool looks_like_table(const cli_model *m, const char *path)
{
    bool picture;
    if (cli_input_may_be_text(path, &picture))
        return true; /* what is wrong with it is told when it is read */
    const char *what = picture ? "a picture" : "no table";
    if (m->columns)
        cli_error("%s is %s, but %s was trained on a table: expected rows of one", path, what,
                  m->path);
    else
        cli_error("%s is %s, though it is named like one", path, what);
    return false;
}

static bool predict_file(settings *s, predictor *pr, const char *path)
{
    cli_input in;
    if (cli_predicts_table(pr->model, path)) {
        const int header = !s->header ? 0 : strcmp(s->header, "yes") == 0 ? 1 : -1;
        return looks_like_table(pr->model, path) &&
               cli_predict_table(pr->model, pr->ws, pr->x, pr->p, path, header, s->limit, s->json);
    }
    bool good = cli_input_open(&in, path);
    if (good && in.kind == CLI_INPUT_SAMPLES) {
        good = predict_samples(s, pr, &in);
    } else if (good && !pr->model->has_shape) {
        cli_error("%s does not tell the shape of its input: --shape HEIGHTxWIDTH does",
                  pr->model->path);
        good = false;
    } else if (good) {
        good = predict_picture(s, pr, &in);
    }
    cli_input_close(&in);
    return good;
}

/* A folder stands for the pictures in it. */
static bool predict_folder(settings *s, predictor *pr, const char *path)
{
    cli_files files;
    size_t pictures = 0;
    const char *stray = NULL; /* the first that is no picture */
    bool good = cli_list_files(&files, path);
    if (!good)
        cli_error("%s: %s", path, strerror(errno));
    for (size_t i = 0; i < files.count && (good || cli_flush()); i++) {
        bool picture;
        cli_input_may_be_text(files.path[i], &picture);
        pictures += picture;
        if (!picture)
            stray = stray ? stray : files.path[i];
        else if (!predict_file(s, pr, files.path[i]))
            good = false;
    }
    if (stray)
        cli_error("%s: %zu of the files in this folder are pictures; %s is none", path, pictures,
                  stray);
    if (files.folders)
        cli_error("%s: the folders in it are not looked into: name them too, as %s%s* does", path,
                  path, path[strlen(path) - 1] == '/' ? "" : "/");
    if (good && files.count == 0 && !files.folders)
        cli_error("%s: there are no files in this folder; expected pictures", path);
    good = good && pictures > 0 && !stray && !files.folders;
    cli_free_files(&files);
    return good;
}

/* A picture or a table where the model belongs, and the model behind it? */
static bool wrong_order(const settings *s, char **word, size_t words)
{
    rnl_net *net = NULL;
    bool picture;
    cli_input_may_be_text(word[0], &picture);
    if (words < 2 || (!picture && !cli_is_named_table(word[0])) ||
        rnl_net_load(&net, word[words - 1], s->net, NULL) != RNL_OK)
        return false;
    rnl_net_free(&net);
    cli_error("%s is %s, and %s a model: the model comes first", word[0],
              picture ? "a picture" : "a table", word[words - 1]);
    return true;
}

int cli_predict(int argc, char **argv)
{
    const char *backends[CLI_NAMES + 1];
    cli_names(backends, rnl_backend_name);
    settings s = {0};
    cli_model model = {0};
    predictor pr = {.model = &model};
    /* clang-format off */
    cli_option options[] = {
        {.name = "dark-on-light", .kind = CLI_FLAG, .value = &s.dark, .also = "invert paper",
         .help = "The pictures have dark strokes on a light ground"},
        {.name = "light-on-dark", .kind = CLI_FLAG, .value = &s.light,
         .help = "The pictures have light strokes on a dark ground, as in MNIST; this is what is "
                 "assumed"},
        {.name = "limit", .kind = CLI_SIZE, .value = &s.limit, .argument = "N", .least = 1,
         .when_absent = "all", .help = "The first N samples of a file, or rows of a table, only"},
        {.name = "header", .kind = CLI_CHOICE, .value = &s.header, .choices = cli_headers,
         .when_absent = "found", .help = "Does the first row of a table hold the columns' names?"},
        {.name = "shape", .kind = CLI_TEXT, .value = &s.shape, .argument = "HEIGHTxWIDTH",
         .also = "size", .help = "The input's shape, for a model file that does not tell it"},
        {.name = "raw-pixels", .kind = CLI_FLAG, .value = &s.raw_pixels, .also = "no-normalize",
         .help = "The model takes pixels from 0 to 255, where its file does not tell; otherwise "
                 "from 0 to 1"},
        CLI_OPTION_NET(&s.net),
        CLI_OPTION_BACKEND(&s.backend, backends),
        CLI_OPTION_JSON(&s.json),
        CLI_OPTION_QUIET(&s.quiet),
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "MODEL FILE... [OPTION...]",
                       .about = about,
                       CLI_TABLE(options),
                       .words_least = 2,
                       .words_most = SIZE_MAX,
                       .missing_word = "expected a model and pictures or a table: runnel predict "
                                       "model.safetensors three.png"};
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    if (s.dark && s.light) {
        cli_error("--dark-on-light and --light-on-dark exclude each other");
        return CLI_WRONG_USAGE;
    }
    if (wrong_order(&s, argv, usage.words))
        return CLI_WRONG_USAGE;
    end = cli_model_open(&model, argv[0], s.net, s.backend);
    if (end < 0 && !s.light && rnl_net_note(model.net, "runnel.dark_on_light"))
        s.dark = true;
    if (end < 0)
        end = prepare(&s, &pr);
    if (end < 0) {
        end = CLI_OK;
        for (size_t i = 1; i < usage.words && (end == CLI_OK || cli_flush()); i++)
            if (!(cli_is_folder(argv[i]) ? predict_folder : predict_file)(&s, &pr, argv[i]) ||
                pr.unanswered)
                end = CLI_FAILED;
    }
    free(pr.x.data);
    free(pr.p.data);
    rnl_workspace_free(&pr.ws);
    cli_model_free(&model);
    return end;
}

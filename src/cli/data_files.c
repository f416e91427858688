/* data_files.c - data of the user's own that is no table: IDX, npy, npz, svmlight, folders of pictures */
#include "data_files.h"

#include "data_table.h"
#include "folders.h"

#include <stdlib.h>
#include <string.h>

bool cli_parse_size(const char *text, size_t *height, size_t *width)
{
    char *end;
    if (*text < '1' || *text > '9')
        return false;
    *height = strtoul(text, &end, 10);
    if (*end != 'x' || end[1] < '1' || end[1] > '9')
        return false;
    *width = strtoul(end + 1, &end, 10);
    return *end == '\0' && *height <= 65535 && *width <= 65535;
}

static int read_options(rnl_data_options *options, const cli_data_choice *c)
{
    *options = rnl_data_options_default();
    options->normalize = !c->raw_pixels;
    options->channels = c->colour ? 3 : c->channels;
    options->height = c->height;
    options->width = c->width;
    options->features = c->features;
    options->first_index = c->first_index;
    options->class_names = c->class_names;
    options->class_count = c->class_count;
    options->dark_on_light = c->dark_on_light;
    options->threads = c->threads;
    if (c->table.task)
        options->labels =
            strcmp(c->table.task, "classes") == 0 ? RNL_LABELS_CLASSES : RNL_LABELS_NUMBERS;
    if (c->size && !cli_parse_size(c->size, &options->height, &options->width)) {
        cli_error("--size %s: expected height x width, such as 28x28", c->size);
        return CLI_WRONG_USAGE;
    }
    return -1;
}

/* Reading failed. Of pictures the option is told that helps. */
static int cannot_read(rnl_status status, const cli_data_choice *c)
{
    if (status != RNL_ERR_SHAPE || c->size || !cli_data_is_pictures(c->data))
        return cli_library_error(status, NULL);
    cli_error("%s: --size HEIGHTxWIDTH brings them all to one size, as --size 28x28",
              rnl_error_text());
    return CLI_FAILED;
}

static bool has_targets(const rnl_dataset *set)
{
    return rnl_dataset_classes(set) || rnl_dataset_targets(set);
}

/* What the training part has settled holds for the other. */
static void follow(rnl_data_options *options, const rnl_dataset *train)
{
    const rnl_dataset_info info = rnl_dataset_describe(train);
    options->class_names = rnl_dataset_class_names(train);
    options->class_count = info.class_count;
    options->features = info.features;
    options->first_index = info.first_index;
    options->channels = info.channels;
    options->height = info.height;
    options->width = info.width;
    if (info.target_width)
        options->labels = RNL_LABELS_NUMBERS;
}

/* A table has columns, which nothing says of these. */
static int refuse_table(const cli_data_choice *c)
{
    if (!c->test || !cli_is_table(c->test))
        return -1;
    cli_error("--test %s is a table, but --data %s is none", c->test, c->data);
    return CLI_WRONG_USAGE;
}

static rnl_status read_test(cli_data *data, const cli_data_choice *c, rnl_data_options options)
{
    options.limit = c->test_limit;
    if (c->test)
        return rnl_dataset_read(&data->test, c->test, c->test_labels, RNL_PART_TRAIN, &options);
    return rnl_dataset_read(&data->test, c->data, NULL, RNL_PART_TEST, &options);
}

/* Floats are standardised, bytes left alone, unless --prepare says otherwise. */
static rnl_status prepare(cli_data *data, const cli_data_choice *c)
{
    static const struct {
        const char *name;
        rnl_prepare how;
    } known[] = {{"none", RNL_PREPARE_NONE},
                 {"standard", RNL_PREPARE_STANDARD},
                 {"minmax", RNL_PREPARE_MINMAX}};
    rnl_prepare how = RNL_PREPARE_AUTO, used;
    for (size_t k = 0; c->table.prepare && k < sizeof known / sizeof known[0]; k++)
        if (strcmp(c->table.prepare, known[k].name) == 0)
            how = known[k].how;
    data->prepared = RNL_PREPARE_NONE;
    if (how == RNL_PREPARE_NONE) /* of pixels it is said with --raw-pixels */
        return RNL_OK;
    rnl_status status = rnl_dataset_prepare(data->train, how, &used);
    if (status != RNL_OK || used == RNL_PREPARE_NONE)
        return status;
    data->prepared = used;
    cli_say_prepared(used, "data");
    return data->test ? rnl_dataset_set_scaling(data->test, rnl_dataset_scales(data->train),
                                                rnl_dataset_shifts(data->train))
                      : RNL_OK;
}

int cli_data_prepare(cli_data *data, const cli_data_choice *c)
{
    const rnl_status status = prepare(data, c);
    return status == RNL_OK ? -1 : cli_library_error(status, c->data);
}

static int needs_labels(const char *path, const char *option)
{
    cli_error("--%s %s: these samples need their classes or targets: --%s FILE", option, path,
              strcmp(option, "test") == 0 ? "test-labels" : "labels");
    return CLI_WRONG_USAGE;
}

bool cli_is_scaled(const rnl_dataset *set, const char *path)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    float *x = cli_alloc(info.features, sizeof *x);
    bool scaled = info.scale == 1;
    for (size_t i = 0; scaled && i < info.n; i++) {
        scaled = rnl_dataset_gather(set, NULL, i, rnl_matrix_f32(x, 1, info.features)) == RNL_OK;
        for (size_t j = 0; scaled && j < info.features; j++)
            scaled = x[j] >= 0 && x[j] <= 1;
    }
    free(x);
    if (scaled)
        cli_message(
            "%s: no number is above 1, so they are taken for pixels that are scaled already", path);
    return scaled;
}

/* Bytes become 0 to 1, unless they shall stay as they are, and numbers of other kinds do not: the second file may be
 * of another kind than the first. */
static rnl_status scale_alike(const cli_data *data, const cli_data_choice *c)
{
    const rnl_dataset_info train = rnl_dataset_describe(data->train);
    if (!data->test || !c->test)
        return RNL_OK;
    const double test_scale = rnl_dataset_describe(data->test).scale;
    if (test_scale == train.scale || (train.scale != 1 && cli_is_scaled(data->test, c->test)) ||
        (test_scale != 1 && cli_is_scaled(data->train, c->data)))
        return RNL_OK;
    const size_t m = train.features;
    double *scale = cli_alloc(m, 2 * sizeof *scale), *shift = scale + m;
    for (size_t j = 0; j < m; j++)
        scale[j] = train.scale;
    const rnl_status status = rnl_dataset_set_scaling(data->test, scale, shift);
    free(scale);
    return status;
}

/* A folder or file with a part to test with needs no share of the other. */
static int check_share(const cli_data_choice *c, rnl_data_options options)
{
    rnl_dataset *test = NULL;
    options.limit = 1;
    const rnl_status status = rnl_dataset_read(&test, c->data, NULL, RNL_PART_TEST, &options);
    const bool is_there = test != NULL;
    rnl_dataset_free(&test);
    if (status != RNL_OK)
        return cli_library_error(status, NULL);
    if (!is_there)
        return -1;
    cli_error("--test-share: --data %s has a part of its own to test with", c->data);
    return CLI_WRONG_USAGE;
}

static int open_train(cli_data *data, const cli_data_choice *c, unsigned parts,
                      rnl_data_options options)
{
    options.limit = c->limit;
    if (!c->test && c->for_training)
        cli_say_not_read(c->data, "; --test FOLDER tests with another one, --validation 0.1 sets a "
                                  "part of train aside");
    rnl_status status =
        rnl_dataset_read(&data->train, c->data, c->labels, RNL_PART_TRAIN, &options);
    if (status != RNL_OK)
        return cannot_read(status, c);
    if (!has_targets(data->train))
        return c->just_look ? -1 : needs_labels(c->data, "data");
    if (c->table.test_share > 0 && !c->labels && c->for_training) {
        const int end = check_share(c, options);
        if (end >= 0)
            return end;
    }
    if (c->table.test_share > 0) {
        data->whole = data->train;
        data->train = NULL;
        status = rnl_dataset_split(data->whole, c->table.test_share, c->table.split_seed,
                                   &data->train, &data->test);
    } else if (parts & CLI_TEST_PART) {
        follow(&options, data->train);
        status = read_test(data, c, options);
        if (status == RNL_OK && data->test && !has_targets(data->test))
            return needs_labels(c->test ? c->test : c->data, c->test ? "test" : "data");
        if (status == RNL_OK)
            status = scale_alike(data, c);
    }
    if (status != RNL_OK)
        return cli_library_error(status, NULL);
    if (!c->as_stored)
        return cli_data_prepare(data, c);
    data->prepared = RNL_PREPARE_NONE;
    return -1;
}

/* Options of tables, which have columns; of pictures, the folder is the class. */
static int refuse_columns(const cli_data_choice *c, bool pictures)
{
    const char *given = cli_columns_option_given(&c->table);
    if (pictures && c->table.task && !c->as_stored && strcmp(c->table.task, "regression") == 0) {
        cli_error("--task regression: of pictures in folders, the folder is the class");
        return CLI_WRONG_USAGE;
    }
    if (!given || c->just_look)
        return -1;
    cli_error("--%s belongs to a table, but --data %s is none", given, c->data);
    return CLI_WRONG_USAGE;
}

int cli_files_open(cli_data *data, const cli_data_choice *c, unsigned parts, bool pictures)
{
    rnl_data_options options;
    int end = read_options(&options, c);
    if (end < 0)
        end = refuse_columns(c, pictures);
    if (end < 0)
        end = cli_parts_check(c);
    if (end < 0)
        end = refuse_table(c);
    if (end >= 0)
        return end;
    if (c->test_labels && !c->test) {
        cli_error("--test-labels belongs to --test: samples and their classes");
        return CLI_WRONG_USAGE;
    }
    if (parts & CLI_TRAIN_PART)
        return open_train(data, c, parts, options);
    options.limit = c->test_limit;
    /* a share that was set aside is one of the training part, also where the data has another for tests */
    rnl_status status = c->labels || c->table.test_share > 0
                            ? RNL_OK
                            : rnl_dataset_read(&data->test, c->data, NULL, RNL_PART_TEST, &options);
    data->one_part = status == RNL_OK && !data->test && c->table.test_share == 0;
    if (status == RNL_OK && !data->test)
        status = rnl_dataset_read(&data->test, c->data, c->labels, RNL_PART_TRAIN, &options);
    if (status == RNL_OK && !has_targets(data->test))
        return needs_labels(c->data, "data");
    if (status == RNL_OK && c->table.test_share > 0) { /* as it was drawn in training */
        rnl_dataset *rest = NULL;
        data->whole = data->test;
        data->test = NULL;
        status = rnl_dataset_split(data->whole, c->table.test_share, c->table.split_seed, &rest,
                                   &data->test);
        rnl_dataset_free(&rest);
    }
    return status == RNL_OK ? -1 : cli_library_error(status, NULL);
}

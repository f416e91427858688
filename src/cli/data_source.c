/* data_source.c - from --data to data sets */
#include "data_source.h"

#include "data_files.h"
#include "data_table.h"
#include "fetch.h"
#include "folders.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The built-in digits: as many as MNIST has, and no picture in both parts. */
enum { STROKES_TRAIN = 60000, STROKES_TEST = 10000, SEED_TRAIN = 1, SEED_TEST = 2 };

static const char *const built_in[] = {"mnist", "strokes", NULL};

/* ---- finding MNIST ----------------------------------------------------------------------------------- */

/* NAME-idx3-ubyte, in one of its four spellings. */
static bool has_file(const char *folder, const char *name, char rank)
{
    static const char *const packing[] = {"", ".gz"};
    for (size_t i = 0; i < 4; i++) {
        char *path = cli_text("%s/%s%cidx%c-ubyte%s", folder, name, i & 1 ? '.' : '-', rank,
                              packing[i >> 1]);
        bool there = access(path, F_OK) == 0;
        free(path);
        if (there)
            return true;
    }
    return false;
}

static bool has_parts(const char *folder, unsigned parts)
{
    bool train = !(parts & CLI_TRAIN_PART) ||
                 (has_file(folder, "train-images", '3') && has_file(folder, "train-labels", '1'));
    bool test = !(parts & CLI_TEST_PART) ||
                (has_file(folder, "t10k-images", '3') && has_file(folder, "t10k-labels", '1'));
    return train && test;
}

/* $RUNNEL_DATA, a folder mnist in it, the cache folder: the first that has the files, to be freed;
 * or NULL. */
char *cli_find_mnist(unsigned parts)
{
    const char *own = getenv("RUNNEL_DATA");
    char *places[3] = {NULL, NULL, cli_cache_folder("mnist")}, *found = NULL;
    if (own && *own) {
        places[0] = cli_text("%s", own);
        places[1] = cli_text("%s/mnist", own);
    }
    for (size_t i = 0; i < 3; i++) {
        if (!found && places[i] && has_parts(places[i], parts))
            found = places[i];
        else
            free(places[i]);
    }
    return found;
}

bool cli_have_mnist(void)
{
    char *folder = cli_find_mnist(CLI_TRAIN_PART | CLI_TEST_PART);
    bool have = folder != NULL;
    free(folder);
    return have;
}

static void tell_what_to_do(void)
{
    cli_message("  runnel fetch mnist     %s", cli_can_fetch()
                                                   ? "downloads it once (11 MB)"
                                                   : "tells what to download and where to put it");
    cli_message("  RUNNEL_DATA=FOLDER     tells where its four files are, if you have them");
    cli_message("  --data strokes         needs no download: digits that runnel draws itself");
}

/* Returns the folder, to be freed; or NULL, with *end set. */
static char *need_mnist(unsigned parts, bool download, int *end)
{
    char *folder = cli_find_mnist(parts), *cache = NULL;
    const char *own = getenv("RUNNEL_DATA");
    if (folder)
        return folder;
    *end = CLI_FAILED;
    if (own && *own)
        cli_message("$RUNNEL_DATA is %s, but the MNIST files are not there", own);
    cache = cli_cache_folder("mnist");
    if (download && cache && cli_can_fetch()) {
        char *shown = cli_tilde(cache);
        cli_message("MNIST is not on this machine yet: downloading it to %s (11 MB)", shown);
        free(shown);
        cli_fetch_options options = cli_fetch_options_default();
        options.folder = cache;
        options.replace = true;
        cli_catch_signals();
        *end = cli_fetch_files(&cli_mnist, &options);
        cli_release_signals();
        if (*end == CLI_OK)
            return cache;
    } else {
        cli_error("MNIST is not on this machine");
    }
    free(cache);
    if (*end == CLI_FAILED)
        tell_what_to_do();
    return NULL;
}

/* ---- opening --------------------------------------------------------------------------------------------- */

static rnl_data_options part_options(const cli_data_choice *c, size_t limit)
{
    rnl_data_options options = rnl_data_options_default();
    options.normalize = !c->raw_pixels;
    options.limit = limit;
    return options;
}

static int open_strokes(cli_data *data, const cli_data_choice *c, unsigned parts)
{
    const rnl_data_options train = part_options(c, c->limit), test = part_options(c, c->test_limit);
    rnl_status status = RNL_OK;
    if (parts & CLI_TRAIN_PART)
        status = rnl_dataset_strokes(&data->train, STROKES_TRAIN, SEED_TRAIN, &train);
    if (status == RNL_OK && (parts & CLI_TEST_PART))
        status = rnl_dataset_strokes(&data->test, STROKES_TEST, SEED_TEST, &test);
    return status == RNL_OK ? -1 : cli_library_error(status, NULL);
}

static int open_folder(cli_data *data, const cli_data_choice *c, unsigned parts, const char *folder)
{
    const rnl_data_options train = part_options(c, c->limit), test = part_options(c, c->test_limit);
    rnl_status status = RNL_OK;
    if (parts & CLI_TRAIN_PART)
        status = rnl_dataset_read_mnist(&data->train, folder, true, &train);
    if (status == RNL_OK && (parts & CLI_TEST_PART))
        status = rnl_dataset_read_mnist(&data->test, folder, false, &test);
    return status == RNL_OK ? -1 : cli_library_error(status, NULL);
}

static int no_such_data(const cli_data_choice *c)
{
    const char *near = cli_nearest(c->data, built_in), *option = c->just_look ? "" : "--data ";
    if (errno != ENOENT)
        cli_error("%s%s: %s", option, c->data, strerror(errno));
    else if (near)
        cli_error("%s%s: no such file or folder; did you mean %s?", option, c->data, near);
    else
        cli_error("%s%s: no such file or folder; expected mnist, strokes, or a path", option,
                  c->data);
    return CLI_FAILED;
}

bool cli_data_is_built_in(const char *name)
{
    return strcmp(name, "mnist") == 0 || strcmp(name, "strokes") == 0;
}

bool cli_data_is_pictures(const char *name)
{
    rnl_data_format format;
    return !cli_data_is_built_in(name) && rnl_data_recognise(name, &format) == RNL_OK &&
           format == RNL_FORMAT_PICTURES;
}

bool cli_data_is_file(const char *name)
{
    struct stat info;
    if (strcmp(name, "-") == 0)
        return true;
    return !cli_data_is_built_in(name) && stat(name, &info) == 0 && !S_ISDIR(info.st_mode);
}

/* Options for pictures, where there are none. */
static int refuse_picture_options(const cli_data_choice *c)
{
    const char *given = c->size                                   ? "size"
                        : c->colour                               ? "colour"
                        : c->dark_on_light && !c->dark_as_trained ? "dark-on-light"
                                                                  : NULL;
    if (!given || cli_data_is_pictures(c->data))
        return -1;
    cli_error("--%s belongs to a folder of pictures, but --data %s is none", given, c->data);
    return CLI_WRONG_USAGE;
}

int cli_data_open(cli_data *data, const cli_data_choice *c, unsigned parts, bool download)
{
    int end = -1;
    bool mnist = strcmp(c->data, "mnist") == 0, strokes = strcmp(c->data, "strokes") == 0;
    const char *tables_only = cli_table_option_given(&c->table);
    if (!mnist && !strokes && strcmp(c->data, "-") != 0 && access(c->data, F_OK) != 0)
        return no_such_data(c);
    rnl_data_format format = RNL_FORMAT_MNIST;
    end = refuse_picture_options(c);
    if (end >= 0)
        return end;
    bool whole = !cli_data_is_file(c->data);
    if (!whole && cli_is_table(c->data))
        return cli_table_open(data, c);
    if (!mnist && !strokes && rnl_data_recognise(c->data, &format) != RNL_OK)
        return cli_library_error(RNL_ERR_IO, NULL);
    if (format != RNL_FORMAT_MNIST) {
        data->own = format != RNL_FORMAT_IDX;
        end = cli_files_open(data, c, parts, format == RNL_FORMAT_PICTURES);
        if (end >= 0)
            cli_data_free(data);
        return end;
    }
    if (tables_only && (c->for_training || !c->as_stored)) {
        cli_error("--%s belongs to a table, but --data %s is none", tables_only, c->data);
        return CLI_WRONG_USAGE;
    }
    if (c->labels || c->test || c->test_labels) {
        cli_error("--%s belongs to a file of samples, but --data is %s",
                  c->labels ? "labels"
                  : c->test ? "test"
                            : "test-labels",
                  c->data);
        return CLI_WRONG_USAGE;
    }
    if (strokes) {
        end = open_strokes(data, c, parts);
    } else if (mnist) {
        char *folder = need_mnist(parts, download, &end);
        if (folder)
            end = open_folder(data, c, parts, folder);
        free(folder);
    } else {
        end = open_folder(data, c, parts, c->data);
    }
    if (end >= 0)
        cli_data_free(data);
    return end;
}

void cli_data_free(cli_data *data)
{
    if (data->table) /* they are its own */
        data->train = data->test = NULL;
    rnl_table_free(&data->table);
    rnl_dataset_free(&data->train);
    rnl_dataset_free(&data->test);
    rnl_dataset_free(&data->whole);
}

int cli_scale_targets(rnl_dataset *set, const rnl_net *net)
{
    const size_t width = rnl_dataset_describe(set).target_width;
    if (width == 0 || rnl_net_task(net) != RNL_TASK_REGRESSION)
        return -1;
    double *scale = cli_alloc(width, 2 * sizeof *scale), *shift = scale + width;
    rnl_status status = rnl_dataset_target_scaling(set, scale, shift);
    status = status ? status : rnl_dataset_scale_targets(set, scale, shift);
    free(scale);
    return status == RNL_OK ? -1 : cli_library_error(status, NULL);
}

void cli_shape_text(const rnl_dataset_info *info, char *text, size_t size)
{
    if (info->channels > 1)
        snprintf(text, size, "%zux%zux%zu", info->channels, info->height, info->width);
    else if (info->height > 1)
        snprintf(text, size, "%zux%zu", info->height, info->width);
    else
        snprintf(text, size, "%zu number%s", info->features, info->features == 1 ? "" : "s");
}

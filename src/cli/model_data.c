/* model_data.c - data for a network that has learnt before: read as its notes tell */
#include "model_data.h"

#include "data_files.h"
#include "data_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- samples --------------------------------------------------------------------------------------------- */

/* The readers make x of a byte either as it is, or / 255; of other numbers, x is as it is. */
static bool is_as_read(const cli_model *m, const rnl_dataset *set, const char *path)
{
    const double scale = rnl_dataset_describe(set).scale;
    if (m->scales || m->shift != 0 || rnl_dataset_scales(set))
        return false;
    return fabs(m->scale / scale - 1) < 1e-9 ||
           (fabs(m->scale * 255 - 1) < 1e-9 && cli_is_scaled(set, path));
}

void cli_model_expect(const cli_model *m, cli_data_choice *data)
{
    const bool regression = rnl_net_task(m->net) == RNL_TASK_REGRESSION;
    data->class_names = rnl_net_note(m->net, "runnel.classes");
    data->class_count = regression ? 0 : rnl_net_class_count(m->net);
    data->features = rnl_net_inputs(m->net);
    data->first_index = m->first_index;
    if (regression && !data->table.task)
        data->table.task = "regression";
    if (rnl_net_note(m->net, "runnel.dark_on_light"))
        data->dark_on_light = data->dark_as_trained = true;
    if (m->has_shape) {
        data->channels = m->channels;
        data->height = m->height;
        data->width = m->width;
    }
    data->as_stored = true;
    data->raw_pixels = m->scaling_told && m->scale == 1 && m->shift == 0 && !m->scales;
}

int cli_model_scale_parts(const cli_model *m, cli_data *data, const cli_data_choice *c)
{
    const char *const paths[] = {c->data, c->test ? c->test : c->data};
    rnl_dataset *const parts[] = {data->train, data->test};
    int end = -1;
    for (size_t i = 0; end < 0 && i < 2; i++)
        if (parts[i] && m->scaling_told && !is_as_read(m, parts[i], paths[i]))
            end = cli_model_scale(m, parts[i]);
    return end;
}

/* ---- tables ---------------------------------------------------------------------------------------------- */

/* The target is the model's: named again, or not at all. */
static int check_target(const cli_data_choice *c, const cli_model *m)
{
    const size_t target = rnl_columns_describe(m->columns).target;
    const char *wanted = c->table.target;
    if (!wanted || target == SIZE_MAX)
        return -1;
    const char *name = rnl_columns_at(m->columns, target).name;
    char *end;
    const unsigned long number = strtoul(wanted, &end, 10);
    if ((name && strcmp(name, wanted) == 0) || (*end == '\0' && number == target + 1))
        return -1;
    cli_error("--target %s: %s has learnt to predict another column%s%s", wanted, m->path,
              name ? ", " : "", name ? name : "");
    return CLI_WRONG_USAGE;
}

static rnl_status read_parts(cli_data *data, const cli_data_choice *c, const cli_model *m)
{
    const rnl_status status = cli_read_known_table(&data->train, c->data, m->columns, c->limit);
    if (status != RNL_OK)
        return status;
    if (c->test)
        return cli_read_known_table(&data->test, c->test, m->columns, c->test_limit);
    if (c->table.test_share == 0)
        return RNL_OK;
    data->whole = data->train;
    data->train = NULL;
    return rnl_dataset_split(data->whole, c->table.test_share, c->table.split_seed, &data->train,
                             &data->test);
}

int cli_model_table(cli_data *data, const cli_data_choice *c, const cli_model *m)
{
    *data = (cli_data){.own = true, .columns = m->columns, .prepared = RNL_PREPARE_NONE};
    int end = cli_table_check(c);
    if (end < 0)
        end = check_target(c, m);
    if (end >= 0)
        return end;
    const rnl_status status = read_parts(data, c, m);
    end = status == RNL_OK ? -1 : cli_library_error(status, NULL);
    if (end < 0)
        end = c->table.prepare ? cli_data_prepare(data, c) : cli_model_scale_parts(m, data, c);
    if (end >= 0) {
        cli_data_free(data);
        return end;
    }
    const size_t inputs = rnl_net_inputs(m->net);
    cli_message("table    its columns as %s knows them: %zu input%s%s", m->path, inputs,
                inputs == 1 ? "" : "s", c->table.prepare ? "" : ", prepared as they were");
    cli_table_choice others = c->table;
    others.target = others.prepare = NULL;
    others.test_share = 0;
    const char *idle = cli_table_option_given(&others);
    if (idle)
        cli_message("         which --%s does not change", idle);
    cli_say_target(m->columns);
    return -1;
}

/* model.c - opening a model file, and what its notes say about the input; a new network for some data */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "1x28x28" */
static bool read_shape(const char *text, size_t dims[3])
{
    for (size_t i = 0; i < 3; i++) {
        char *end;
        if (*text < '0' || *text > '9')
            return false;
        unsigned long n = strtoul(text, &end, 10);
        if (n == 0 || n > 1u << 20 || *end != (i < 2 ? 'x' : '\0'))
            return false;
        dims[i] = n;
        text = end + 1;
    }
    return true;
}

/* In *scale and *shift where all inputs have the same; in *scales and *shifts else. */
static int read_scaling(cli_model *m)
{
    const size_t inputs = rnl_net_inputs(m->net);
    m->scaling_told =
        rnl_net_note(m->net, "runnel.input.scale") || rnl_net_note(m->net, "runnel.input.shift");
    m->scale = 1;
    if (!m->scaling_told)
        return -1;
    m->scales = cli_alloc(inputs, sizeof *m->scales);
    m->shifts = cli_alloc(inputs, sizeof *m->shifts);
    const rnl_status status = rnl_net_input_scaling(m->net, m->scales, m->shifts);
    if (status != RNL_OK)
        return cli_library_error(status, m->path);
    m->scale = m->scales[0];
    m->shift = m->shifts[0];
    for (size_t j = 1; j < inputs; j++)
        if (m->scales[j] != m->scale || m->shifts[j] != m->shift)
            return -1;
    free(m->scales);
    free(m->shifts);
    m->scales = m->shifts = NULL;
    return -1;
}

static int read_classes(cli_model *m)
{
    const size_t count = rnl_net_class_count(m->net);
    if (!count || !rnl_net_note(m->net, "runnel.classes"))
        return -1;
    const char **name = cli_alloc(count, sizeof *name);
    size_t *length = cli_alloc(count, sizeof *length);
    const rnl_status status = rnl_net_class_names(m->net, name, length);
    if (status == RNL_OK) {
        m->class_count = count;
        m->class_names = cli_alloc(count, sizeof *m->class_names);
        for (size_t k = 0; k < count; k++)
            m->class_names[k] =
                name[k] ? cli_text("%.*s", (int)length[k], name[k]) : cli_text("%zu", k);
    }
    free(name);
    free(length);
    return status == RNL_OK ? -1 : cli_library_error(status, m->path);
}

static int read_columns(cli_model *m)
{
    const char *text = rnl_net_note(m->net, "runnel.input.columns");
    if (!text)
        return -1;
    const rnl_status status = rnl_columns_from_text(&m->columns, text);
    if (status != RNL_OK)
        return cli_library_error(status, m->path);
    const size_t inputs = rnl_columns_describe(m->columns).inputs;
    if (inputs == rnl_net_inputs(m->net))
        return -1;
    cli_error("%s: its note runnel.input.columns tells of %zu inputs, but the network has %zu",
              m->path, inputs, rnl_net_inputs(m->net));
    return CLI_FAILED;
}

static int read_first_index(cli_model *m)
{
    static const char key[] = "runnel.input.first_index";
    const char *text = rnl_net_note(m->net, key);
    if (!text)
        return -1;
    if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0) {
        cli_error("%s: its note %s is '%.60s', expected 0 or 1", m->path, key, text);
        return CLI_FAILED;
    }
    m->first_index = *text == '0' ? RNL_FIRST_INDEX_0 : RNL_FIRST_INDEX_1;
    return -1;
}

static int read_notes(cli_model *m)
{
    const char *shape = rnl_net_note(m->net, "runnel.input.shape");
    size_t inputs = rnl_net_inputs(m->net), dims[3] = {1, 1, inputs};
    m->has_shape = shape != NULL;
    if (shape && (!read_shape(shape, dims) || dims[0] * dims[1] * dims[2] != inputs)) {
        cli_error("%s: its note runnel.input.shape is '%.60s', expected channels x height x width "
                  "of %zu inputs",
                  m->path, shape, inputs);
        return CLI_FAILED;
    }
    m->channels = dims[0];
    m->height = dims[1];
    m->width = dims[2];
    int end = read_scaling(m);
    end = end < 0 ? read_first_index(m) : end;
    end = end < 0 ? read_classes(m) : end;
    return end < 0 ? read_columns(m) : end;
}

int cli_model_open(cli_model *m, const char *path, const char *description, const char *backend)
{
    *m = (cli_model){.path = path};
    rnl_status status = rnl_net_load(&m->net, path, description, NULL);
    if (status == RNL_OK && backend) { /* once more: the file tells the type of the numbers */
        rnl_net_config config = rnl_net_config_default();
        config.dtype = rnl_net_dtype(m->net);
        config.backend = backend;
        rnl_net_free(&m->net);
        status = rnl_net_load(&m->net, path, description, &config);
    }
    if (status != RNL_OK)
        return cli_error_of_model(status, NULL);
    int end = read_notes(m);
    if (end >= 0)
        cli_model_free(m);
    return end;
}

void cli_model_free(cli_model *m)
{
    for (size_t k = 0; m->class_names && k < m->class_count; k++)
        free(m->class_names[k]);
    free(m->class_names);
    free(m->scales);
    free(m->shifts);
    m->class_names = NULL;
    m->scales = m->shifts = NULL;
    rnl_columns_free(&m->columns);
    rnl_net_free(&m->net);
}

rnl_status cli_new_net(rnl_net **net, const char *description, rnl_net_config *config,
                       const rnl_dataset *set)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    config->inputs = info.features;
    config->outputs = info.class_count ? info.class_count : info.target_width;
    if (!info.class_count && info.target_width) {
        char *with_loss = cli_text("%s, mse", description);
        const rnl_status status = rnl_net_new(net, with_loss, config);
        free(with_loss);
        if (status == RNL_OK)
            return status;
    }
    const rnl_status status = rnl_net_new(net, description, config);
    if (status != RNL_ERR_SHAPE || info.class_count != 2)
        return status;
    config->outputs = 0; /* yes and no may be told by one output */
    if (rnl_net_new(net, description, config) == RNL_OK && rnl_net_outputs(*net) == 1 &&
        rnl_net_task(*net) == RNL_TASK_LABELS)
        return RNL_OK;
    rnl_net_free(net);
    config->outputs = info.class_count;
    return rnl_net_new(net, description, config); /* for its sentence */
}

double *cli_model_scaling(const cli_model *m, const double **scale, const double **shift)
{
    const size_t inputs = rnl_net_inputs(m->net);
    *scale = m->scales;
    *shift = m->shifts;
    if (m->scales || !m->scaling_told || (m->scale == 1 && m->shift == 0))
        return NULL;
    double *all = cli_alloc(inputs, 2 * sizeof *all);
    for (size_t i = 0; i < inputs; i++) {
        all[i] = m->scale;
        all[inputs + i] = m->shift;
    }
    *scale = all;
    *shift = all + inputs;
    return all;
}

int cli_model_scale(const cli_model *m, rnl_dataset *set)
{
    const double *scale, *shift;
    double *made = cli_model_scaling(m, &scale, &shift);
    const rnl_status status = rnl_dataset_set_scaling(set, scale, shift);
    free(made);
    return status == RNL_OK ? -1 : cli_library_error(status, NULL);
}

const char *cli_dtype_name(const rnl_net *net)
{
    return rnl_net_dtype(net) == RNL_F64 ? "f64" : "f32";
}

const char *cli_class_name(const cli_model *m, size_t k, char text[CLI_NUMBER])
{
    if (k < m->class_count)
        return m->class_names[k];
    snprintf(text, CLI_NUMBER, "%zu", k);
    return text;
}

/* model.c - opening a model file, and what its notes say about the input */
#include "model.h"

#include <math.h>
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

static bool read_number(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

static int bad_note(const cli_model *m, const char *key, const char *value, const char *expected)
{
    cli_error("%s: its note %s is '%.60s', expected %s", m->path, key, value, expected);
    return CLI_FAILED;
}

static int read_notes(cli_model *m)
{
    const char *shape = rnl_net_note(m->net, "runnel.input.shape");
    const char *scale = rnl_net_note(m->net, "runnel.input.scale");
    const char *shift = rnl_net_note(m->net, "runnel.input.shift");
    size_t inputs = rnl_net_inputs(m->net), dims[3] = {1, 1, inputs};
    m->has_shape = shape != NULL;
    if (shape && (!read_shape(shape, dims) || dims[0] * dims[1] * dims[2] != inputs)) {
        char expected[80];
        snprintf(expected, sizeof expected, "channels x height x width of %zu inputs", inputs);
        return bad_note(m, "runnel.input.shape", shape, expected);
    }
    m->channels = dims[0];
    m->height = dims[1];
    m->width = dims[2];
    m->scale = 1;
    m->shift = 0;
    if (scale && (!read_number(scale, &m->scale) || m->scale == 0))
        return bad_note(m, "runnel.input.scale", scale, "a number that is not 0");
    if (shift && !read_number(shift, &m->shift))
        return bad_note(m, "runnel.input.shift", shift, "a number");
    return -1;
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
        return cli_library_error(status, NULL);
    int end = read_notes(m);
    if (end >= 0)
        cli_model_free(m);
    return end;
}

void cli_model_free(cli_model *m)
{
    rnl_net_free(&m->net);
}

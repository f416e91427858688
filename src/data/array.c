/* array.c - a data set from an array of any shape, kind and order, which stays where it lies if it can */
#include "data/array.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

const char *rnl_array_dims(const rnl_array *array, char text[RNL_DIMS_SHOWN])
{
    size_t at = 0;
    strcpy(text, array->rank ? "" : "one number");
    for (size_t k = 0; k < array->rank; k++)
        at += (size_t)snprintf(text + at, RNL_DIMS_SHOWN - at, "%s%zu", k ? " x " : "",
                               array->dims[k]);
    return text;
}

void rnl_backing_free(rnl_backing *backing)
{
    rnl_input_close(&backing->input);
    rnl_free(backing->block);
    backing->block = NULL;
}

/* ---- shapes ------------------------------------------------------------------------------------------- */

static bool is_channels(size_t dim)
{
    return dim == 1 || dim == 3 || dim == 4;
}

/* Does x: [n, a, b, c] have its channels last? */
static bool channels_last(const rnl_array *x)
{
    return x->rank == 4 && is_channels(x->dims[3]) && !is_channels(x->dims[1]);
}

static rnl_status read_shape(rnl_dataset_info *info, const rnl_array *x,
                             const rnl_data_options *options)
{
    char text[RNL_DIMS_SHOWN];
    RNL_FAIL_IF(
        x->rank < 1 || x->rank > 4, RNL_ERR_SHAPE,
        "%s: an array of %s, expected 2 dimensions (samples and features), or 3 or 4 for pictures",
        x->name, rnl_array_dims(x, text));
    RNL_FAIL_IF(x->count == 0, RNL_ERR_FORMAT, "%s: no data: the array is %s", x->name,
                rnl_array_dims(x, text));
    const bool last = channels_last(x);
    info->n = options->limit && options->limit < x->dims[0] ? options->limit : x->dims[0];
    info->features = x->count / x->dims[0];
    info->channels = x->rank < 4 ? 1 : x->dims[last ? 3 : 1];
    info->height = x->rank < 3 ? 1 : x->dims[last ? 1 : x->rank - 2];
    info->width = x->rank < 2 ? 1 : x->dims[last ? 2 : x->rank - 1];
    if (options->flatten) {
        info->channels = info->height = 1;
        info->width = info->features;
    }
    return RNL_OK;
}

/* ---- orders ------------------------------------------------------------------------------------------- */

static bool in_order(const rnl_array *x)
{
    size_t long_dims = 0;
    for (size_t k = 0; k < x->rank; k++)
        long_dims += x->dims[k] > 1;
    return !channels_last(x) && (!x->fortran || long_dims < 2);
}

/* How far apart in x, in elements, neighbours along each of the dimensions of the copy lie. */
static void find_steps(const rnl_array *x, size_t dims[4], size_t steps[4])
{
    size_t step[4] = {0}, next = 1;
    for (size_t k = 0; k < x->rank; k++) {
        const size_t d = x->fortran ? k : x->rank - 1 - k;
        step[d] = next;
        next *= x->dims[d];
    }
    static const size_t as_it_is[] = {0, 1, 2, 3}, channels_first[] = {0, 3, 1, 2};
    const size_t *from = channels_last(x) ? channels_first : as_it_is;
    for (size_t k = 0; k < 4; k++) {
        const bool there = from[k] < x->rank;
        dims[k] = there ? x->dims[from[k]] : 1;
        steps[k] = there ? step[from[k]] : 0;
    }
}

/* Sample by sample with the last index fastest, channels first. */
static rnl_status reorder(void **block, const rnl_array *x)
{
    const size_t size = rnl_element_size(x->element);
    size_t dims[4], steps[4];
    uint8_t *to = *block = rnl_alloc(x->count, size);
    if (!to)
        return rnl_fail_prefix(RNL_ERR_MEMORY, x->name);
    find_steps(x, dims, steps);
    for (size_t a = 0; a < dims[0]; a++)
        for (size_t b = 0; b < dims[1]; b++)
            for (size_t c = 0; c < dims[2]; c++) {
                const uint8_t *from =
                    x->bytes + (a * steps[0] + b * steps[1] + c * steps[2]) * size;
                for (size_t d = 0; d < dims[3]; d++, to += size, from += steps[3] * size)
                    memcpy(to, from, size);
            }
    return RNL_OK;
}

/* ---- the set ------------------------------------------------------------------------------------------ */

static void lend_rows(rnl_dataset *set, const rnl_array *x, const uint8_t *rows)
{
    if (x->element.kind == RNL_U8) {
        set->bytes = rows;
    } else if (x->element.kind == RNL_FLOAT && !x->element.swapped &&
               (uintptr_t)rows % sizeof(float) == 0) {
        set->floats = (const float *)(const void *)rows;
    } else {
        set->raw = rows;
        set->element = x->element;
    }
}

static rnl_status fill(rnl_dataset *set, const rnl_array *x, const rnl_array *y,
                       const rnl_data_options *options)
{
    RNL_TRY(read_shape(&set->info, x, options));
    if (y)
        RNL_FAIL_IF(y->rank < 1 || y->dims[0] != x->dims[0], RNL_ERR_SHAPE,
                    "%s has %zu samples, but %s has %zu", y->name, y->rank ? y->dims[0] : 1,
                    x->name, x->dims[0]);
    set->info.scale = options->normalize && x->element.kind == RNL_U8 ? 1.0 / 255 : 1;
    if (!in_order(x))
        RNL_TRY(reorder(&set->owned[0], x));
    lend_rows(set, x, set->owned[0] ? set->owned[0] : x->bytes);
    return y ? rnl_dataset_set_labels(set, y, options) : RNL_OK;
}

rnl_status rnl_dataset_from_array(rnl_dataset **set, const rnl_array *x, rnl_backing *backing,
                                  const rnl_array *y, const rnl_data_options *options)
{
    const rnl_data_options standard = rnl_data_options_default();
    options = options ? options : &standard;
    RNL_TRY(rnl_dataset_new(set));
    rnl_status status = fill(*set, x, y, options);
    if (status != RNL_OK) {
        rnl_dataset_free(set);
        return status;
    }
    if ((*set)->owned[0]) { /* a copy: what it was made from can go */
        rnl_backing_free(backing);
    } else {
        status = rnl_dataset_take_input(*set, &backing->input);
        if (status != RNL_OK) {
            rnl_dataset_free(set);
            return status;
        }
        (*set)->owned[0] = backing->block;
    }
    *backing = (rnl_backing){0};
    return RNL_OK;
}

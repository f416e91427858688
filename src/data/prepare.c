/* prepare.c - scale and shift of each feature, learnt from a data set; names of its classes
 *
 *     standard   x = (v - mean) / deviation       deviation with divisor n, as scikit-learn has it
 *     min-max    x = (v - min) / (max - min)
 *
 * kept as x = v * scale + shift. A feature that is only ever 0 and 1 (yes and no, or one of the columns of a
 * text) stays as it is: standardising it would make of a rare 1 a huge number. A constant one has no
 * deviation and no range: it becomes 0, and its scale is 1; of a pixel 1/255, for a pixel that is black in all pictures
 * of the training is not so in others, nor where augmentation moves them, and must not enter as 255 then. */
#include "data/dataset.h"

#include "base/memory.h"
#include "data/words.h"

#include <math.h>
#include <string.h>

enum { OWNED_SCALING = 3, OWNED_NAMES = 4, OWNED_TARGETS = 5 };

rnl_status rnl_dataset_set_scaling(rnl_dataset *set, const double *scale, const double *shift)
{
    RNL_REFUSE_NULL(set, "the data set is");
    const size_t m = set->info.features;
    RNL_FAIL_IF(!scale != !shift, RNL_ERR_USAGE,
                "the scaling of a data set: expected both scales and shifts, or neither");
    for (size_t j = 0; scale && j < m; j++)
        RNL_FAIL_IF(!isfinite(scale[j]) || !isfinite(shift[j]), RNL_ERR_USAGE,
                    "the scaling of a data set: that of feature %zu (counted from 0) is not finite",
                    j);
    double *block = NULL;
    if (scale) {
        block = rnl_alloc(m, 2 * sizeof(double) + 2 * sizeof(float));
        if (!block)
            return RNL_ERR_MEMORY;
        float *f32 = (void *)(block + 2 * m);
        memcpy(block, scale, m * sizeof *scale);
        memcpy(block + m, shift, m * sizeof *shift);
        for (size_t j = 0; j < 2 * m; j++)
            f32[j] = (float)block[j];
        set->scaling = (rnl_scaling){block, block + m, f32, f32 + m};
    } else {
        set->scaling = (rnl_scaling){0};
    }
    set->info.scale = 1;
    set->info.shift = 0;
    rnl_free(set->owned[OWNED_SCALING]); /* scale and shift may lie in it */
    set->owned[OWNED_SCALING] = block;
    return RNL_OK;
}

const double *rnl_dataset_scales(const rnl_dataset *set)
{
    return set->scaling.scale;
}

const double *rnl_dataset_shifts(const rnl_dataset *set)
{
    return set->scaling.shift;
}

/* ---- learning --------------------------------------------------------------------------------------- */

static rnl_status check_finite(const rnl_dataset *set, size_t i, const double *row, bool single)
{
    for (size_t j = 0; j < set->info.features; j++) {
        RNL_FAIL_IF(!isfinite(row[j]), RNL_ERR_FORMAT,
                    "feature %zu of sample %zu (both counted from 0) is %s: expected finite "
                    "numbers",
                    j, rnl_dataset_stored(set, i), isnan(row[j]) ? "NaN" : "infinite");
        RNL_FAIL_IF(single && !isfinite((float)row[j]), RNL_ERR_FORMAT,
                    "feature %zu of sample %zu (both counted from 0) is %g, more than single "
                    "precision holds",
                    j, rnl_dataset_stored(set, i), row[j]);
    }
    return RNL_OK;
}

rnl_status rnl_dataset_check_finite(const rnl_dataset *set, rnl_dtype dtype)
{
    if (set->bytes)
        return RNL_OK;
    double *row = rnl_alloc(set->info.features, sizeof *row);
    rnl_status status = row ? RNL_OK : RNL_ERR_MEMORY;
    for (size_t i = 0; i < set->info.n && status == RNL_OK; i++) {
        rnl_dataset_touch(set, 1, false);
        status = rnl_dataset_stored_row(set, i, row);
        if (status == RNL_OK)
            status = check_finite(set, i, row, dtype == RNL_F32);
    }
    rnl_free(row);
    return status;
}

typedef struct seen {
    double min, max, mean, squares; /* squares: sum of (v - mean)^2 */
    bool binary;                    /* nothing but 0 and 1 */
} seen;

/* By Welford's method, row by row as they lie in memory. row: [features], room for one. */
static rnl_status look(const rnl_dataset *set, seen *f, double *row)
{
    const size_t m = set->info.features;
    for (size_t j = 0; j < m; j++)
        f[j] = (seen){.min = INFINITY, .max = -INFINITY, .binary = true};
    for (size_t i = 0; i < set->info.n; i++) {
        const double weight = 1 / (double)(i + 1);
        rnl_dataset_touch(set, 1, false);
        RNL_TRY(rnl_dataset_stored_row(set, i, row));
        RNL_TRY(check_finite(set, i, row, false));
        for (size_t j = 0; j < m; j++) {
            const double v = row[j], off = v - f[j].mean;
            f[j].min = v < f[j].min ? v : f[j].min;
            f[j].max = v > f[j].max ? v : f[j].max;
            f[j].binary &= v == 0 || v == 1;
            f[j].mean += off * weight;
            f[j].squares += off * (v - f[j].mean);
        }
    }
    return RNL_OK;
}

/* otherwise: the scale of a constant feature. */
static void scale_feature(const seen *f, size_t n, rnl_prepare how, double otherwise, double *scale,
                          double *shift)
{
    const double range = f->max - f->min, deviation = sqrt(f->squares / (double)n);
    const double zero = how == RNL_PREPARE_MINMAX ? f->min : f->mean;
    const double size = how == RNL_PREPARE_MINMAX ? range : deviation;
    *scale = range > 0 ? 1 : otherwise;
    *shift = 0;
    if (range > 0 && f->binary)
        return;
    if (range > 0 && size > 0 && isfinite(1 / size))
        *scale = 1 / size;
    *shift = 0 - (range > 0 ? zero : f->min) * *scale;
}

rnl_status rnl_dataset_prepare(rnl_dataset *set, rnl_prepare how, rnl_prepare *used)
{
    RNL_REFUSE_NULL(set, "the data set is");
    const size_t n = set->info.n, m = set->info.features;
    if (how == RNL_PREPARE_AUTO && set->bytes) { /* as the reader scaled them */
        if (used)
            *used = RNL_PREPARE_NONE;
        return RNL_OK;
    }
    if (how == RNL_PREPARE_AUTO)
        how = RNL_PREPARE_STANDARD;
    RNL_FAIL_IF(how < RNL_PREPARE_AUTO || how > RNL_PREPARE_MINMAX, RNL_ERR_USAGE,
                "preparing a data set in manner %d: there is no such", (int)how);
    if (used)
        *used = how;
    if (how == RNL_PREPARE_NONE)
        return rnl_dataset_set_scaling(set, NULL, NULL);
    seen *f = rnl_alloc(m, sizeof *f);
    double *scale = rnl_alloc(m, 3 * sizeof *scale), *shift = scale ? scale + m : NULL;
    rnl_status status = f && scale ? RNL_OK : RNL_ERR_MEMORY;
    if (status == RNL_OK)
        status = look(set, f, shift + m);
    if (status == RNL_OK) {
        for (size_t j = 0; j < m; j++)
            scale_feature(&f[j], n, how, set->bytes ? 1.0 / 255 : 1, &scale[j], &shift[j]);
        status = rnl_dataset_set_scaling(set, scale, shift);
    }
    rnl_free(f);
    rnl_free(scale);
    return status;
}

/* ---- rows of targets ------------------------------------------------------------------------------------ */

static rnl_status check_targets(const rnl_dataset *set)
{
    RNL_FAIL_IF(!set->targets, RNL_ERR_USAGE,
                "the scaling of targets: the data set has no rows of targets");
    return RNL_OK;
}

rnl_status rnl_dataset_target_scaling(const rnl_dataset *set, double *scale, double *shift)
{
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_REFUSE_NULL(scale, "the place for the scales is");
    RNL_REFUSE_NULL(shift, "the place for the shifts is");
    RNL_TRY(check_targets(set));
    const size_t width = set->info.target_width;
    for (size_t k = 0; k < width; k++) {
        double mean = 0, squares = 0;
        for (size_t i = 0; i < set->info.n; i++) {
            const double t = (double)set->targets[i * width + k], off = t - mean;
            mean += off / (double)(i + 1);
            squares += off * (t - mean);
        }
        const double deviation = sqrt(squares / (double)set->info.n);
        scale[k] = deviation > 0 && isfinite(1 / deviation) ? deviation : 1;
        shift[k] = mean;
    }
    return RNL_OK;
}

rnl_status rnl_dataset_scale_targets(rnl_dataset *set, const double *scale, const double *shift)
{
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_REFUSE_NULL(scale, "the array of scales is");
    RNL_REFUSE_NULL(shift, "the array of shifts is");
    RNL_TRY(check_targets(set));
    const size_t width = set->info.target_width;
    for (size_t k = 0; k < width; k++)
        RNL_FAIL_IF(!isfinite(shift[k]) || !isfinite(1 / scale[k]), RNL_ERR_USAGE,
                    "the scaling of targets: expected finite numbers, and scales that are not 0");
    float *scaled = rnl_alloc(set->info.n, width * sizeof *scaled);
    if (!scaled)
        return RNL_ERR_MEMORY;
    for (size_t i = 0; i < set->info.n * width; i++)
        scaled[i] = (float)(((double)set->targets[i] - shift[i % width]) / scale[i % width]);
    for (size_t k = 0; k < OWNED_SCALING; k++) {
        if (set->owned[k] == set->targets) {
            rnl_free(set->owned[k]);
            set->owned[k] = NULL;
        }
    }
    rnl_free(set->owned[OWNED_TARGETS]);
    set->owned[OWNED_TARGETS] = scaled;
    set->targets = scaled;
    return RNL_OK;
}

/* ---- names of classes ------------------------------------------------------------------------------- */

static rnl_status check_characters(const char *names, size_t class_count)
{
    size_t lines = 1;
    for (const char *c = names; *c; c++) {
        const bool control = (unsigned char)*c < 0x20 || *c == 0x7f;
        RNL_FAIL_IF(control && *c != '\n', RNL_ERR_USAGE,
                    "the names of classes: the name of class %zu (counted from 0) has the control "
                    "character %02X",
                    lines - 1, (unsigned)(unsigned char)*c);
        lines += *c == '\n';
    }
    RNL_FAIL_IF(lines != class_count, RNL_ERR_USAGE,
                "%zu names of classes, but the data set has %zu classes", lines, class_count);
    return RNL_OK;
}

/* None is empty, and none comes twice. */
static rnl_status check_different(const char *names, size_t class_count)
{
    rnl_words known = {0};
    rnl_status status = RNL_OK;
    for (size_t k = 0; k < class_count && status == RNL_OK; k++) {
        const size_t length = strcspn(names, "\n");
        size_t at = k;
        if (length == 0)
            status = rnl_fail(
                RNL_ERR_USAGE,
                "the names of classes: the name of class %zu (counted from 0) is empty", k);
        else
            status = rnl_words_add(&known, names, length, &at);
        if (status == RNL_OK && at < k)
            status = rnl_fail(RNL_ERR_USAGE,
                              "the names of classes: those of the classes %zu and %zu (counted "
                              "from 0) are the same",
                              at, k);
        names += length + 1;
    }
    rnl_words_free(&known);
    return status;
}

rnl_status rnl_dataset_set_class_names(rnl_dataset *set, const char *names)
{
    RNL_REFUSE_NULL(set, "the data set is");
    char *copy = NULL;
    if (names) {
        RNL_TRY(check_characters(names, set->info.class_count));
        RNL_TRY(check_different(names, set->info.class_count));
        copy = rnl_strdup(names);
        if (!copy)
            return RNL_ERR_MEMORY;
    }
    rnl_free(set->owned[OWNED_NAMES]);
    set->owned[OWNED_NAMES] = copy;
    set->class_names = copy;
    return RNL_OK;
}

const char *rnl_dataset_class_names(const rnl_dataset *set)
{
    return set->class_names;
}

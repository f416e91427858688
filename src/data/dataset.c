/* dataset.c - a data set: making one from arrays or a callback, describing it, its targets
 *
 * A reader fills the struct that rnl_dataset_new gives, hands over what it allocated or mapped, and
 * calls rnl_dataset_free where it fails. Whatever else a sample may carry one day (names of features
 * and classes) is one more field beside `classes` and one more block in `owned`. */
#include "data/dataset.h"

#include "base/matrix.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

rnl_data_options rnl_data_options_default(void)
{
    return (rnl_data_options){.normalize = true};
}

rnl_status rnl_dataset_new(rnl_dataset **set)
{
    *set = rnl_alloc(1, sizeof **set);
    if (!*set)
        return RNL_ERR_MEMORY;
    (*set)->info.scale = 1;
    return RNL_OK;
}

void rnl_dataset_free(rnl_dataset **set)
{
    if (!set || !*set)
        return;
    for (size_t i = 0; i < sizeof(*set)->owned / sizeof(*set)->owned[0]; i++)
        rnl_free((*set)->owned[i]);
    rnl_free((*set)->owned_pages);
    rnl_input_close(&(*set)->input);
    rnl_free(*set);
    *set = NULL;
}

rnl_dataset_info rnl_dataset_describe(const rnl_dataset *set)
{
    return set->info;
}

const int32_t *rnl_dataset_classes(const rnl_dataset *set)
{
    return set->classes;
}

const float *rnl_dataset_targets(const rnl_dataset *set)
{
    return set->targets;
}

rnl_status rnl_dataset_check_classes(const int32_t *classes, size_t n, size_t class_count,
                                     const char *source)
{
    for (size_t i = 0; i < n; i++)
        RNL_FAIL_IF(classes[i] < 0 || (size_t)classes[i] >= class_count, RNL_ERR_FORMAT,
                    "%s: the class of sample %zu (counted from 0) is %d, expected 0 to %zu", source,
                    i, (int)classes[i], class_count - 1);
    return RNL_OK;
}

static const char from_floats[] = "a data set from floats",
                  from_callback[] = "a data set from a callback";

static rnl_status check_size(size_t n, size_t features)
{
    size_t numbers;
    RNL_FAIL_IF(n == 0 || features == 0, RNL_ERR_USAGE,
                "a data set of %zu samples with %zu features: expected at least one of each", n,
                features);
    RNL_FAIL_IF(!rnl_mul_size(n, features, &numbers) ||
                    !rnl_mul_size(numbers, sizeof(float), &numbers),
                RNL_ERR_USAGE,
                "a data set of %zu samples with %zu features is more than this machine can address",
                n, features);
    return RNL_OK;
}

static rnl_status check_class_array(const int32_t *classes, size_t n, size_t class_count,
                                    const char *source)
{
    RNL_FAIL_IF(classes && class_count == 0, RNL_ERR_USAGE,
                "a data set with classes: class_count is 0, expected at least 1");
    RNL_FAIL_IF(class_count > INT32_MAX, RNL_ERR_USAGE,
                "a data set with %zu classes: expected at most %d", class_count, INT32_MAX);
    return classes ? rnl_dataset_check_classes(classes, n, class_count, source) : RNL_OK;
}

rnl_status rnl_check_target_range(double least, double most, double steps, const char *name)
{
    RNL_FAIL_IF(
        rnl_are_too_near(least, most, steps), RNL_ERR_FORMAT,
        "%s: the numbers of its target, %.17g to %.17g, are too near to each other for single "
        "precision: something like the first should be subtracted from them",
        name, least, most);
    return RNL_OK;
}

static rnl_status check_target_array(const float *targets, size_t n, size_t width,
                                     const char *source)
{
    size_t bytes;
    RNL_FAIL_IF(width == 0, RNL_ERR_USAGE, "a data set with rows of targets: there are none");
    RNL_FAIL_IF(!rnl_mul_size(n, width, &bytes) || !rnl_mul_size(bytes, sizeof(float), &bytes),
                RNL_ERR_USAGE, "%zu rows of %zu targets are more than this machine can address", n,
                width);
    for (size_t i = 0; i < n * width; i++)
        RNL_FAIL_IF(!isfinite(targets[i]), RNL_ERR_FORMAT,
                    "%s: target %zu of sample %zu (counted from 0) is not finite", source,
                    i % width, i / width);
    return RNL_OK;
}

/* The bytes at *from as the set's own block; false where memory is short. */
static bool own(rnl_dataset *set, size_t block, const void **from, size_t size)
{
    set->owned[block] = rnl_alloc(size, 1);
    if (!set->owned[block])
        return false;
    memcpy(set->owned[block], *from, size);
    *from = set->owned[block];
    return true;
}

/* x, or NULL where a callback gives the inputs; classes or targets, or neither; all of them checked. */
static rnl_status from_arrays(rnl_dataset **set, const float *x, size_t n, size_t features,
                              const int32_t *classes, size_t class_count, const float *targets,
                              size_t target_width, bool copy)
{
    const void *array[] = {x, classes, targets};
    const size_t size[] = {n * features * sizeof *x, n * sizeof *classes,
                           n * target_width * sizeof *targets};
    RNL_TRY(rnl_dataset_new(set));
    for (size_t k = 0; copy && k < 3; k++)
        if (array[k] && !own(*set, k, &array[k], size[k])) {
            rnl_dataset_free(set);
            return RNL_ERR_MEMORY;
        }
    rnl_dataset *s = *set;
    s->floats = array[0];
    s->classes = array[1];
    s->targets = array[2];
    s->info.n = n;
    s->info.features = s->info.width = features;
    s->info.channels = s->info.height = 1;
    s->info.class_count = classes ? class_count : 0;
    s->info.target_width = targets ? target_width : 0;
    return RNL_OK;
}

rnl_status rnl_dataset_from_floats(rnl_dataset **set, const float *x, size_t n, size_t features,
                                   const int32_t *classes, size_t class_count, bool copy)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(x, "the array of inputs is");
    RNL_TRY(check_size(n, features));
    RNL_TRY(check_class_array(classes, n, class_count, from_floats));
    return from_arrays(set, x, n, features, classes, class_count, NULL, 0, copy);
}

rnl_status rnl_dataset_from_rows(rnl_dataset **set, const float *x, size_t n, size_t features,
                                 const float *targets, size_t target_width, bool copy)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(x, "the array of inputs is");
    RNL_REFUSE_NULL(targets, "the array of targets is");
    RNL_TRY(check_size(n, features));
    RNL_TRY(check_target_array(targets, n, target_width, from_floats));
    return from_arrays(set, x, n, features, NULL, 0, targets, target_width, copy);
}

rnl_status rnl_dataset_from_callback(rnl_dataset **set, rnl_fill fill, void *user, size_t n,
                                     size_t features, const int32_t *classes, size_t class_count,
                                     bool copy)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(fill, "the callback is");
    RNL_TRY(check_size(n, features));
    RNL_TRY(check_class_array(classes, n, class_count, from_callback));
    RNL_TRY(from_arrays(set, NULL, n, features, classes, class_count, NULL, 0, copy));
    (*set)->fill = fill;
    (*set)->user = user;
    return RNL_OK;
}

rnl_status rnl_dataset_rows_from_callback(rnl_dataset **set, rnl_fill fill, void *user, size_t n,
                                          size_t features, const float *targets,
                                          size_t target_width, bool copy)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(fill, "the callback is");
    RNL_REFUSE_NULL(targets, "the array of targets is");
    RNL_TRY(check_size(n, features));
    RNL_TRY(check_target_array(targets, n, target_width, from_callback));
    RNL_TRY(from_arrays(set, NULL, n, features, NULL, 0, targets, target_width, copy));
    (*set)->fill = fill;
    (*set)->user = user;
    return RNL_OK;
}

rnl_status rnl_dataset_set_shape(rnl_dataset *set, size_t channels, size_t height, size_t width)
{
    RNL_REFUSE_NULL(set, "the data set is");
    size_t numbers;
    RNL_FAIL_IF(!rnl_mul_size(channels, height, &numbers) ||
                    !rnl_mul_size(numbers, width, &numbers) || numbers != set->info.features,
                RNL_ERR_SHAPE, "samples of %zu features cannot be pictures of %zux%zux%zu",
                set->info.features, channels, height, width);
    set->info.channels = channels;
    set->info.height = height;
    set->info.width = width;
    return RNL_OK;
}

rnl_status rnl_dataset_check_rows(const rnl_dataset *set, const size_t *index, size_t first,
                                  size_t rows)
{
    size_t n = set->info.n;
    RNL_FAIL_IF(!index && (first > n || rows > n - first), RNL_ERR_SHAPE,
                "%zu samples from number %zu on were asked for, the data set has %zu", rows, first,
                n);
    for (size_t i = 0; index && i < rows; i++)
        RNL_FAIL_IF(index[i] >= n, RNL_ERR_SHAPE,
                    "sample number %zu was asked for, the data set has %zu (counted from 0)",
                    index[i], n);
    return RNL_OK;
}

rnl_status rnl_dataset_one_hot(const rnl_dataset *set, const size_t *index, size_t first,
                               rnl_matrix t)
{
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_FAIL_IF(!set->classes, RNL_ERR_USAGE, "rows of 0 and 1: the data set has no classes");
    RNL_TRY(rnl_check_matrix(&t, "t"));
    RNL_FAIL_IF(t.cols != set->info.class_count || t.ld < t.cols, RNL_ERR_SHAPE,
                "rows of 0 and 1: room for %zu columns (ld %zu), the data set has %zu classes",
                t.cols, t.ld, set->info.class_count);
    RNL_TRY(rnl_dataset_check_rows(set, index, first, t.rows));
    for (size_t i = 0; i < t.rows; i++) {
        size_t hot = (size_t)set->classes[index ? index[i] : first + i];
        for (size_t k = 0; k < t.cols; k++)
            rnl_matrix_set(&t, i, k, k == hot ? 1 : 0);
    }
    return RNL_OK;
}

/* labels.c - what belongs to the samples, as numbers in a file: classes, or rows of targets
 *
 * Whole numbers, one for each sample, are classes, unless the options say that they are numbers. Numbers from
 * 0 on are the classes' own (0 ... largest); where one is negative, or the largest would make more classes
 * than there are samples and 1000 besides, the different numbers that occur are the classes, in
 * their order, and their names. The options may name the classes there are to be: the numbers then stand for the class
 * of that name, and others are an error. They may say how many there are: the numbers are then the classes' own in any
 * case, and others an error, because how many samples a part has says nothing of the classes of the whole.
 *
 * All else is a row of targets. They are finite, or refused. */
#include "data/array.h"
#include "data/class_list.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>

/* Refused are only targets of which single precision would leave little: this may be a set to test with, of a few
 * samples that are near to each other. What differs by less than NOISE of its size is one number. */
static rnl_status read_targets(rnl_dataset *set, const rnl_array *y, size_t width)
{
    enum { STEPS = 64 };
    const double NOISE = 0x1p-40;
    const size_t n = set->info.n;
    float *targets = set->owned[2] = rnl_alloc(n, width * sizeof *targets);
    if (!targets)
        return rnl_fail_prefix(RNL_ERR_MEMORY, y->name);
    const size_t size = rnl_element_size(y->element);
    for (size_t k = 0; k < width; k++) {
        double least = INFINITY, most = -INFINITY;
        bool exact = true;
        for (size_t i = 0; i < n; i++) {
            const size_t at = y->fortran ? i + k * y->dims[0] : i * width + k;
            double number;
            rnl_elements_f64(&number, y->element, y->bytes + at * size, 1);
            rnl_elements_f32(&targets[i * width + k], y->element, y->bytes + at * size, 1);
            RNL_FAIL_IF(!isfinite(targets[i * width + k]), RNL_ERR_FORMAT,
                        "%s: target %zu of sample %zu (both counted from 0) is not finite", y->name,
                        k, i);
            least = fmin(least, number);
            most = fmax(most, number);
            exact = exact && (double)targets[i * width + k] == number;
        }
        if (!exact && most - least > NOISE * fmax(fabs(least), fabs(most)))
            RNL_TRY(rnl_check_target_range(least, most, STEPS, y->name));
    }
    set->targets = targets;
    set->info.target_width = width;
    return RNL_OK;
}

/* Whole, and small enough to be exact; *whole says whether all are. */
static rnl_status read_numbers(double **numbers, const rnl_array *y, bool *whole)
{
    const size_t n = y->dims[0];
    *whole = true;
    *numbers = rnl_alloc(n, sizeof **numbers);
    if (!*numbers)
        return rnl_fail_prefix(RNL_ERR_MEMORY, y->name);
    rnl_elements_f64(*numbers, y->element, y->bytes, n);
    for (size_t i = 0; i < n && *whole; i++)
        *whole = fabs((*numbers)[i]) <= 2147483647 && (*numbers)[i] == floor((*numbers)[i]);
    return RNL_OK;
}

rnl_status rnl_dataset_set_labels(rnl_dataset *set, const rnl_array *y,
                                  const rnl_data_options *options)
{
    char text[RNL_DIMS_SHOWN];
    const size_t n = y->dims[0], width = n ? y->count / n : 0;
    RNL_FAIL_IF(
        y->rank > 2 || width == 0, RNL_ERR_SHAPE,
        "%s: labels of the shape %s, expected one number or one row of numbers for each sample",
        y->name, rnl_array_dims(y, text));
    if (width > 1 || options->labels == RNL_LABELS_NUMBERS ||
        (options->labels == RNL_LABELS_AUTO && !rnl_element_is_integer(y->element)))
        return read_targets(set, y, width);
    double *numbers;
    bool whole;
    RNL_TRY(read_numbers(&numbers, y, &whole));
    rnl_status status = RNL_ERR_FORMAT;
    if (whole)
        status = rnl_dataset_number_classes(set, numbers, n, y->name, options);
    else
        rnl_fail(RNL_ERR_FORMAT, "%s: the classes are not all whole numbers of 32 bits", y->name);
    rnl_free(numbers);
    return status;
}

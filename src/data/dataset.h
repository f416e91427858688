/* dataset.h - a data set in memory, and the gather that turns rows of it into a batch */
#ifndef RNL_DATA_DATASET_H
#define RNL_DATA_DATASET_H

#include "base/status.h"
#include "base/team.h"
#include "data/element.h"
#include "data/input.h"

#include <math.h>

/* x[j] = stored[j] * scale[j] + shift[j], in both precisions; [features] each. */
typedef struct rnl_scaling {
    const double *scale, *shift;
    const float *scale_f32, *shift_f32;
} rnl_scaling;

struct rnl_dataset {
    rnl_dataset_info info;
    /* rows of features; exactly one of the four is not NULL */
    const uint8_t *bytes;
    const float *floats;
    const uint8_t *raw; /* as a file stores them: numbers of the kind `element` */
    rnl_element element;
    rnl_fill fill; /* makes the floats of a row; it gets user */
    void *user;
    const int32_t *classes;  /* [n], or NULL */
    const float *targets;    /* [n, target_width], or NULL */
    const size_t *index;     /* a part of another set: where sample i is stored; NULL: at i */
    rnl_scaling scaling;     /* of each feature; all NULL: info.scale and info.shift are for all */
    const char *class_names; /* one a line; or NULL */
    /* what rnl_dataset_free releases */
    /* blocks from rnl_alloc; the last three: scaling, names of classes, scaled targets */
    void *owned[6];
    rnl_input input;                       /* that rows point into; or all zero */
    struct rnl_pages *pages, *owned_pages; /* of a large mapping that rows lie in; or NULL */
};

/* Of a mapping, so many bytes may stay resident: see pages.c. */
enum { RNL_RESIDENT_MOST = 256 << 20 };

/* The set's rows lie in the input, which goes over to it; *input is zero then. */
rnl_status rnl_dataset_take_input(rnl_dataset *set, rnl_input *input);
/* So many rows, in their order or scattered over the set, are being read. From any thread. */
void rnl_dataset_touch(const rnl_dataset *set, size_t rows, bool scattered);

/* Which row of bytes or floats sample i is. classes and targets are always in the set's own order. */
static inline size_t rnl_dataset_stored(const rnl_dataset *set, size_t i)
{
    return set->index ? set->index[i] : i;
}

/* The bytes that sample i is stored in, and how many; not of a set with a callback. */
const void *rnl_dataset_row_at(const rnl_dataset *set, size_t i, size_t *size);
/* Sample i as it is stored, without scale and shift; row: [features]. Here and below, only a callback
 * can fail. */
rnl_status rnl_dataset_stored_row(const rnl_dataset *set, size_t i, double *row);
rnl_status rnl_dataset_stored_floats(const rnl_dataset *set, size_t i, float *row);

/* Has a float fewer steps between the least and the most of some numbers? */
enum { RNL_STEPS_LEAST = 4096 };
static inline bool rnl_are_too_near(double least, double most, double steps)
{
    return most > least && most - least < steps * 0x1p-24 * fmax(fabs(least), fabs(most));
}
/* RNL_ERR_FORMAT where that is so of numbers to be predicted, which are stored in single precision. */
rnl_status rnl_check_target_range(double least, double most, double steps, const char *name);

/* RNL_ERR_FORMAT where a stored number is NaN, infinite, or more than the dtype holds; the text names the first
 * one's feature and sample, the latter by its number in the set that this one may be a part of. */
rnl_status rnl_dataset_check_finite(const rnl_dataset *set, rnl_dtype dtype);

/* For readers: an empty set with scale 1 and shift 0, to be filled. */
rnl_status rnl_dataset_new(rnl_dataset **set);

/* RNL_ERR_FORMAT unless all n classes lie in 0 .. class_count - 1; the text names `source` and the
 * first that does not. */
rnl_status rnl_dataset_check_classes(const int32_t *classes, size_t n, size_t class_count,
                                     const char *source);

/* RNL_ERR_SHAPE unless the set has the samples index[0 .. rows-1] (NULL: first .. first+rows-1). */
rnl_status rnl_dataset_check_rows(const rnl_dataset *set, const size_t *index, size_t first,
                                  size_t rows);

/* Row i of x becomes sample index[i] of the set, as stored * scale + shift, for i in rows, up to the
 * first that fails. Called by each thread of a team for its own rows; checks nothing. x is f32 or f64. */
rnl_status rnl_gather_rows(const rnl_dataset *set, const size_t *index, rnl_range rows,
                           rnl_matrix *x);

/* Row i of x becomes sample number `sample`. */
rnl_status rnl_gather_row(const rnl_dataset *set, size_t sample, size_t i, rnl_matrix *x);
/* Row i of x becomes these numbers, [features], which stand for stored ones. */
void rnl_gather_floats(const rnl_dataset *set, const float *stored, size_t i, rnl_matrix *x);

/* The same without an index: row i of x becomes sample first + i. */
rnl_status rnl_gather_range(const rnl_dataset *set, size_t first, rnl_range rows, rnl_matrix *x);

#endif

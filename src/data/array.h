/* array.h - arrays from files (npy, npz, IDX of any type), and the sets that they make */
#ifndef RNL_DATA_ARRAY_H
#define RNL_DATA_ARRAY_H

#include "data/dataset.h"

enum { RNL_RANK_MAX = 8 };

typedef struct rnl_array {
    const char *name; /* for error texts; borrowed */
    rnl_element element;
    size_t rank, dims[RNL_RANK_MAX];
    size_t count;         /* their product; 1 of rank 0 */
    bool fortran;         /* the first index runs fastest */
    const uint8_t *bytes; /* not aligned */
} rnl_array;

/* "60000 x 28 x 28". Returns text. */
enum { RNL_DIMS_SHOWN = RNL_RANK_MAX * 24 };
const char *rnl_array_dims(const rnl_array *array, char text[RNL_DIMS_SHOWN]);

/* What an array lies in: an input that is mapped or lent, or a block from rnl_alloc. */
typedef struct rnl_backing {
    rnl_input input;
    void *block;
} rnl_backing;

void rnl_backing_free(rnl_backing *backing);

/* A set from inputs x and, unless NULL, what belongs to them, y.
 *
 *   x    [n]                      one feature
 *        [n, features]
 *        [n, height, width]
 *        [n, channels, height, width], or [n, height, width, channels] where only the last is 1, 3 or 4
 *   y    [n] or [n, 1] integers   classes
 *        [n] or [n, k] numbers    rows of targets
 *
 * Bytes (u8) count as pixels and are scaled to 0 ... 1 where the options say so. x stays where it is, in
 * the kind of its elements; it is copied only to bring another order of the indices into ours. On success
 * what x lies in goes over to the set, and *backing is zero. Memory: that copy, and 8 bytes for each element
 * of y. */
rnl_status rnl_dataset_from_array(rnl_dataset **set, const rnl_array *x, rnl_backing *backing,
                                  const rnl_array *y, const rnl_data_options *options);

/* Gives set what the n numbers of y are: classes, or rows of targets. See labels.c. */
rnl_status rnl_dataset_set_labels(rnl_dataset *set, const rnl_array *y,
                                  const rnl_data_options *options);

#endif

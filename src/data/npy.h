/* npy.h - arrays in numpy's files: .npy, one array, and .npz, several by name */
#ifndef RNL_DATA_NPY_H
#define RNL_DATA_NPY_H

#include "data/array.h"

bool rnl_input_is_npy(const rnl_input *input);
bool rnl_input_is_zip(const rnl_input *input);

/* The array in an input, whose bytes it borrows. */
rnl_status rnl_npy_parse(rnl_array *array, const rnl_input *input);

/* A set from an .npy file of inputs and one of what belongs to them (NULL: nothing). On success x goes over
 * to the set, unless it is lent. */
rnl_status rnl_npy_decode(rnl_dataset **set, rnl_input *x, const rnl_input *y,
                          const rnl_data_options *options);

/* A set from an .npz file: the training part or all, or (test) the test part; RNL_OK and *set NULL where it
 * has none. On success the input may go over to the set. */
rnl_status rnl_npz_decode(rnl_dataset **set, rnl_input *input, bool test,
                          const rnl_data_options *options);

#endif

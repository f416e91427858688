/* svmlight.h - sparse rows in text, as libsvm and svmlight write them */
#ifndef RNL_DATA_SVMLIGHT_H
#define RNL_DATA_SVMLIGHT_H

#include "data/dataset.h"

/* Does the text look so: is its first line that says something a label and index:value pairs? */
bool rnl_input_is_svmlight(const rnl_input *input);

/* A set from memory. */
rnl_status rnl_svmlight_decode(rnl_dataset **set, const rnl_input *input,
                               const rnl_data_options *options);

#endif

/* read.h - data of any kind, told apart by what is in it */
#ifndef RNL_DATA_READ_H
#define RNL_DATA_READ_H

#include "data/dataset.h"

/* By the first bytes, or for text by its first line and the name's ending; the input is not compressed. */
rnl_data_format rnl_input_recognise(const rnl_input *input, const char *path);

/* Replaces a compressed input by what came out of it, in memory of its own. */
rnl_status rnl_input_unpack(rnl_input *input);

/* The folder's sub-folders are the classes; src/data/pictures.c. */
rnl_status rnl_dataset_read_pictures(rnl_dataset **set, const char *path, bool test,
                                     const rnl_data_options *options);

#endif

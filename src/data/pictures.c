/* pictures.c - a folder with a sub-folder of pictures for each class */
#include "data/read.h"
rnl_status rnl_dataset_read_pictures(rnl_dataset **set, const char *folder, bool test,
                                     const rnl_data_options *options)
{
    (void)set;
    (void)test;
    (void)options;
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s: a folder without the four files of MNIST", folder);
}

/* idx.h - IDX files, from files or from memory */
#ifndef RNL_DATA_IDX_H
#define RNL_DATA_IDX_H

#include "data/dataset.h"

/* A set from an images file and a labels file (NULL: no classes), plain or gzip. options NULL: the
 * default. On success a plain images file that owns its bytes (mapped or read) goes over to the set and
 * *images is zero; if the bytes are merely lent, they must outlive the set. */
rnl_status rnl_idx_decode(rnl_dataset **set, rnl_input *images, const rnl_input *labels,
                          const rnl_data_options *options);

#endif

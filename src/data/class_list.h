/* class_list.h - classes that files give as numbers or names, as the numbers 0, 1, 2, ... of a set */
#ifndef RNL_DATA_CLASS_LIST_H
#define RNL_DATA_CLASS_LIST_H

#include "data/dataset.h"

/* The classes of a set from n whole numbers, of which the first set->info.n are its samples'; names in error
 * texts: `source`. labels.c says which class a number is. Takes 16 bytes a number for some time. */
rnl_status rnl_dataset_number_classes(rnl_dataset *set, const double *numbers, size_t n,
                                      const char *source, const rnl_data_options *options);

/* Which line of names (one a line) is the text; SIZE_MAX: none. */
size_t rnl_class_find(const char *names, const char *text, size_t length);
size_t rnl_class_count(const char *names);
/* "a, b, c, ...", for messages. Returns text. */
enum { RNL_CLASSES_SHOWN = 160 };
const char *rnl_classes_show(const char *names, char text[RNL_CLASSES_SHOWN]);

#endif

/* class_list.c - classes that files give as numbers or names, as the numbers 0, 1, 2, ... of a set */
#include "data/class_list.h"

#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPARE_CLASSES = 1000 };

/* ---- names, one a line ---------------------------------------------------------------------------------- */

size_t rnl_class_count(const char *names)
{
    size_t count = 1;
    for (; *names; names++)
        count += *names == '\n';
    return count;
}

size_t rnl_class_find(const char *names, const char *text, size_t length)
{
    for (size_t k = 0;; k++) {
        const size_t line = strcspn(names, "\n");
        if (line == length && memcmp(names, text, length) == 0)
            return k;
        if (names[line] == '\0')
            return SIZE_MAX;
        names += line + 1;
    }
}

const char *rnl_classes_show(const char *names, char text[RNL_CLASSES_SHOWN])
{
    size_t at = 0;
    for (;; names++) {
        const size_t line = strcspn(names, "\n");
        if (at + line + sizeof ", ..." >= RNL_CLASSES_SHOWN) {
            strcpy(text + at, "...");
            return text;
        }
        at += (size_t)sprintf(text + at, "%.*s%s", (int)line, names, names[line] ? ", " : "");
        names += line;
        if (!*names)
            return text;
    }
}

/* ---- numbers -------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Sorts the numbers and leaves each once; returns how many. */
static size_t unique(double *numbers, size_t n)
{
    size_t count = 0;
    qsort(numbers, n, sizeof *numbers, by_value);
    for (size_t i = 0; i < n; i++)
        if (count == 0 || numbers[count - 1] != numbers[i])
            numbers[count++] = numbers[i];
    return count;
}

static rnl_status name_numbers(rnl_dataset *set, const double *distinct, size_t count)
{
    enum { LONGEST = 12 };
    char *names = rnl_alloc(count, LONGEST), *at = names;
    if (!names)
        return RNL_ERR_MEMORY;
    for (size_t k = 0; k < count; k++)
        at += sprintf(at, "%s%" PRId32, k ? "\n" : "", (int32_t)distinct[k]);
    set->info.class_count = count;
    const rnl_status status = rnl_dataset_set_class_names(set, names);
    rnl_free(names);
    return status;
}

/* The different numbers are the classes. */
static rnl_status by_rank(rnl_dataset *set, const double *numbers, size_t n, int32_t *classes)
{
    double *distinct = rnl_alloc(n, sizeof *distinct);
    if (!distinct)
        return RNL_ERR_MEMORY;
    memcpy(distinct, numbers, n * sizeof *distinct);
    const size_t count = unique(distinct, n);
    for (size_t i = 0; i < n; i++) {
        const double *found = bsearch(&numbers[i], distinct, count, sizeof *distinct, by_value);
        classes[i] = (int32_t)(found - distinct);
    }
    const rnl_status status = name_numbers(set, distinct, count);
    rnl_free(distinct);
    return status;
}

static rnl_status by_name(rnl_dataset *set, const double *numbers, size_t n, const char *source,
                          const char *names, int32_t *classes)
{
    char text[16], shown[RNL_CLASSES_SHOWN];
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && numbers[i] == numbers[i - 1]) {
            classes[i] = classes[i - 1];
            continue;
        }
        const int length = snprintf(text, sizeof text, "%" PRId32, (int32_t)numbers[i]);
        const size_t found = rnl_class_find(names, text, (size_t)length);
        RNL_FAIL_IF(found == SIZE_MAX, RNL_ERR_FORMAT,
                    "%s: the class of sample %zu (counted from 0) is %s, expected one of %s",
                    source, i, text, rnl_classes_show(names, shown));
        classes[i] = (int32_t)found;
    }
    set->info.class_count = rnl_class_count(names);
    return rnl_dataset_set_class_names(set, names);
}

/* The numbers are the classes' own. */
static rnl_status as_they_are(rnl_dataset *set, const double *numbers, size_t n, const char *source,
                              size_t class_count, int32_t *classes)
{
    for (size_t i = 0; i < n; i++)
        classes[i] = (int32_t)numbers[i];
    set->info.class_count = class_count;
    return rnl_dataset_check_classes(classes, n, class_count, source);
}

rnl_status rnl_dataset_number_classes(rnl_dataset *set, const double *numbers, size_t n,
                                      const char *source, const rnl_data_options *options)
{
    int32_t *classes = set->owned[1] = rnl_alloc(n, sizeof *classes);
    if (!classes)
        return rnl_fail_prefix(RNL_ERR_MEMORY, source);
    double least = numbers[0], largest = numbers[0];
    for (size_t i = 1; i < n; i++) {
        least = numbers[i] < least ? numbers[i] : least;
        largest = numbers[i] > largest ? numbers[i] : largest;
    }
    rnl_status status;
    if (options->class_names)
        status = by_name(set, numbers, n, source, options->class_names, classes);
    else if (options->class_count)
        status = as_they_are(set, numbers, n, source, options->class_count, classes);
    else if (least < 0 || largest >= (double)(n + SPARE_CLASSES))
        status = by_rank(set, numbers, n, classes);
    else
        status = as_they_are(set, numbers, n, source, (size_t)largest + 1, classes);
    set->classes = classes;
    set->info.one_hot = options->one_hot;
    return status;
}

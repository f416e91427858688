/* tables.h - tables that stand in a test as text */
#ifndef RNL_TESTS_DATA_TABLES_H
#define RNL_TESTS_DATA_TABLES_H

#include "data/table.h"
#include "../folder.h"

#include <math.h>

static inline rnl_input text_input(const char *text)
{
    return (rnl_input){.name = "x.csv", .bytes = (const uint8_t *)text, .size = strlen(text)};
}

static inline rnl_status decode(rnl_table **t, const char *text, const rnl_table_options *options)
{
    const rnl_input input = text_input(text);
    const rnl_table_options none = {.prepare = RNL_PREPARE_NONE};
    return rnl_table_decode(t, &input, options ? options : &none);
}

static inline rnl_table *must(const char *text, const rnl_table_options *options)
{
    rnl_table *t;
    assert_error(decode(&t, text, options), RNL_OK, "");
    return t;
}

static inline void assert_inputs(const rnl_dataset *set, const double *expected)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    double *x = test_malloc(info.n * info.features * sizeof *x);
    const rnl_matrix all = rnl_matrix_f64(x, info.n, info.features);
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, all), RNL_OK);
    for (size_t i = 0; i < info.n * info.features; i++)
        if (isnan(x[i]) != isnan(expected[i]) || fabs(x[i] - expected[i]) > 1e-6)
            fail_msg("number %zu is %g, expected %g", i, x[i], expected[i]);
    test_free(x);
}

#endif

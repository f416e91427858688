/* test_table_numbers.c - numbers of a table that are large, or near to each other, and what stands in for missing ones */
#include "tables.h"

#include "base/text.h"
#include "data/element.h"

static const char keys[] = "time,x,key\n"
                           "1700000473,1,100000001\n"
                           "1700000511,2,100000002\n"
                           "1700000473.5,3,100000003\n"
                           "\"1700000001\",1,100000001\n"
                           "1700000002,2,100000002\n"
                           "1700000003,3,100000003\n"
                           "1700000004,1,100000001\n"
                           "1700000005,2,100000002\n"
                           "1700000999,3,100000003\n";

/* Offsets are there, and no scaling is. */
static const rnl_table_options just_look = {.prepare = RNL_PREPARE_NONE,
                                            .missing = RNL_MISSING_KEEP};

/* A float holds every 128th number there, and every eighth of the keys. */
static void large_numbers_are_told_apart(void **state)
{
    (void)state;
    rnl_table *t = must(keys, &just_look);
    const rnl_dataset *set = rnl_table_train(t);
    assert_string_equal(rnl_dataset_class_names(set), "100000001\n100000002\n100000003");
    assert_true(rnl_columns_at(rnl_table_columns(t), 0).offset == 1700000000);
    assert_true(rnl_columns_at(rnl_table_columns(t), 1).offset == 0);
    assert_inputs(set,
                  (const double[]){473, 1, 511, 2, 473.5, 3, 1, 1, 2, 2, 3, 3, 4, 1, 5, 2, 999, 3});

    /* another table is read with the offset of the first, and its keys are found by their numbers */
    rnl_columns *again;
    assert_error(rnl_columns_from_text(&again, rnl_columns_text(rnl_table_columns(t))), RNL_OK, "");
    const rnl_input other = text_input("x,key,time\n1,100000003.0,1699999999\n");
    rnl_dataset *one;
    assert_error(rnl_table_decode_as(&one, &other, again, 0), RNL_OK, "");
    assert_inputs(one, (const double[]){-1, 1});
    assert_int_equal(rnl_dataset_classes(one)[0], 2);
    rnl_dataset_free(&one);
    rnl_columns_free(&again);
    rnl_table_free(&t);
}

static void names_of_numbers_give_them_back(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *name;
    } cases[] = {{"20240101", "20240101"},
                 {"9007199254740991", "9007199254740991"},
                 {"-16777217", "-16777217"},
                 {"1.0", "1"},
                 {"0.10", "0.1"},
                 {"1e20", "1e+20"},
                 {"0.3333333333333333", "0.3333333333333333"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[80];
        rnl_table *t;
        const rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .task = RNL_TABLE_CLASSES};
        snprintf(text, sizeof text, "x,y\n1,%s\n2,0\n", cases[i].cell);
        t = must(text, &o);
        if (!strstr(rnl_dataset_class_names(rnl_table_train(t)), cases[i].name))
            fail_msg("%s became %s", cases[i].cell, rnl_dataset_class_names(rnl_table_train(t)));
        rnl_table_free(&t);
    }
}

static void offsets_only_where_they_help(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double offset;
    } cases[] = {
        {"1990\n2024\n", 0},
        {"2020\n2021\n", 0},
        {"0.1\n0.1\n", 0},
        {"10001\n99999\n", 0},
        {"-1e9\n1e9\n", 0},
        {"5e8\n5e8\n", 5e8},
        {"-1700000002\n-1700000001\n", -1700000002},
        {"1e30\n1e30\n", 1e30},
        {"16777217\n16777217\n", 16777217},
        {"1000000.5\n1000001\n", 1000000.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[80];
        const char *second = strchr(cases[i].text, '\n') + 1;
        snprintf(text, sizeof text, "%.*s,a\n%.*s,b\n", (int)(second - cases[i].text - 1),
                 cases[i].text, (int)strcspn(second, "\n"), second);
        rnl_table *t = must(text, &just_look);
        const double offset = rnl_columns_at(rnl_table_columns(t), 0).offset;
        if (fabs(offset - cases[i].offset) > 1e-9 * fabs(offset))
            fail_msg("%s: offset %.17g, expected %.17g", cases[i].text, offset, cases[i].offset);
        rnl_table_free(&t);
    }
}

static void numbers_to_predict_must_be_told_apart(void **state)
{
    (void)state;
    rnl_table *t;
    const rnl_table_options o = {.task = RNL_TABLE_NUMBERS};
    assert_error(decode(&t, "x,y\n1,1700000000.5\n2,1700000301\n", &o), RNL_ERR_FORMAT,
                 "too near to each other for single precision");
    assert_null(t);
    t = must("x,y\n1,1700000000\n2,1700000000\n", &o); /* constant */
    rnl_table_free(&t);
    t = must("x,y\n1,1000000\n2,1000500\n", &o);
    rnl_table_free(&t);
    assert_error(decode(&t, "x,y\n1,1e39\n2,1\n", &o), RNL_ERR_FORMAT,
                 "expected a number of single precision");
}

/* The mean is learnt although nothing was missing in training: it can be in another table. */
static void the_mean_is_known_without_a_missing_cell(void **state)
{
    (void)state;
    const rnl_table_options o = {.prepare = RNL_PREPARE_STANDARD, .missing = RNL_MISSING_MEAN};
    rnl_table *t = must("time,x,k\n1700000001,5,a\n1700000003,7,b\n", &o);
    assert_true(rnl_columns_at(rnl_table_columns(t), 0).offset == 1700000001);
    assert_true(rnl_columns_at(rnl_table_columns(t), 0).fill == 1700000002);
    assert_true(rnl_columns_at(rnl_table_columns(t), 1).fill == 6);
    rnl_dataset *one;
    const rnl_input other = text_input("time,x,k\n,,a\n");
    assert_error(rnl_table_decode_as(&one, &other, rnl_table_columns(t), 0), RNL_OK, "");
    assert_inputs(one, (const double[]){1, 6});
    rnl_dataset_free(&one);
    rnl_table_free(&t);
}

/* Where inputs stay as they are, nothing is subtracted: a network from elsewhere wants them so. */
static void inputs_that_stay_have_no_offset(void **state)
{
    (void)state;
    rnl_table *t = must(keys, NULL);
    assert_true(rnl_columns_at(rnl_table_columns(t), 0).offset == 0);
    rnl_table_free(&t);
}

/* What the first rows lack cannot tell how large it is. */
static void columns_without_a_number_have_no_offset(void **state)
{
    (void)state;
    enum { ROWS = 1100 };
    static char text[ROWS * 8 + 100] = "a,b,k\n";
    for (size_t i = 0; i < ROWS; i++)
        strcat(text + 6 + i * 5, i % 2 ? ",5,a\n" : ",7,b\n");
    strcat(text, "1700000000,7,b\n");
    for (int k = 0; k < 2; k++) {
        const rnl_table_options o = {.missing = k ? RNL_MISSING_ZERO : RNL_MISSING_MEAN};
        rnl_table *t = must(text, &o);
        const rnl_column_info a = rnl_columns_at(rnl_table_columns(t), 0);
        assert_int_equal(a.kind, RNL_COLUMN_NUMBER);
        assert_true(a.offset == 0);
        rnl_table_free(&t);
    }
}

/* There is nothing to learn from it, and no mean of it. */
static void a_column_without_any_number_is_left_out(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        const rnl_table_options o = {.missing = k ? RNL_MISSING_ZERO : RNL_MISSING_MEAN};
        rnl_table *t = must("a,b,k\n,5,a\n,7,b\n", &o);
        const rnl_column_info a = rnl_columns_at(rnl_table_columns(t), 0);
        assert_int_equal(a.kind, RNL_COLUMN_LEFT_OUT);
        assert_true(a.empty);
        assert_inputs(rnl_table_train(t), (const double[]){-1, 1});
        rnl_table_free(&t);
    }
}

static void an_offset_leads_to_no_infinity(void **state)
{
    (void)state;
    const rnl_table_options o = {.prepare = RNL_PREPARE_STANDARD};
    rnl_table *t = must("x,k\n-2.9e38,a\n-2.9e38,b\n", &o);
    rnl_dataset *one;
    const rnl_input other = text_input("x,k\n3e38,a\n");
    assert_error(rnl_table_decode_as(&one, &other, rnl_table_columns(t), 0), RNL_ERR_FORMAT,
                 "expected a number of single precision");
    rnl_table_free(&t);
    assert_error(decode(&t, "x,k\n1e300,a\n1e300,b\n", &o), RNL_ERR_FORMAT,
                 "expected a number of single precision");
}

/* Numbers of 32 bits and more are scaled before they are rounded to floats. */
static void wide_numbers_of_arrays_are_scaled_in_double(void **state)
{
    (void)state;
    enum { N = 5, M = 300 };
    static double x[N][M];
    static int32_t classes[N];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < M; j++)
            x[i][j] = 1.7e9 + (double)(i * (j + 1));
    rnl_dataset *set;
    float row[M];
    struct rnl_dataset wide = {.info = {.n = N, .features = M, .scale = 1},
                               .raw = (const uint8_t *)x,
                               .element = {.kind = RNL_DOUBLE},
                               .classes = classes};
    set = &wide;
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_STANDARD, NULL), RNL_OK);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(rnl_dataset_gather(set, NULL, i, rnl_matrix_f32(row, 1, M)), RNL_OK);
        for (size_t j = 0; j < M; j++)
            assert_true(fabs((double)row[j] - ((double)i - 2) / sqrt(2)) < 1e-5);
    }
    assert_int_equal(rnl_dataset_set_scaling(set, NULL, NULL), RNL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_numbers_are_told_apart),
        cmocka_unit_test(names_of_numbers_give_them_back),
        cmocka_unit_test(offsets_only_where_they_help),
        cmocka_unit_test(numbers_to_predict_must_be_told_apart),
        cmocka_unit_test(the_mean_is_known_without_a_missing_cell),
        cmocka_unit_test(inputs_that_stay_have_no_offset),
        cmocka_unit_test(columns_without_a_number_have_no_offset),
        cmocka_unit_test(a_column_without_any_number_is_left_out),
        cmocka_unit_test(an_offset_leads_to_no_infinity),
        cmocka_unit_test(wide_numbers_of_arrays_are_scaled_in_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

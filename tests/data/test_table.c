/* test_table.c - tables: columns, targets, missing values, other tables with the same columns, rows of a pipe */
#include "in_use.h"
#include "tables.h"

static const char flowers[] = "length,colour,width,kind\n"
                              "1.5,red,2,rose\n"
                              "2.5,white,3,lily\n"
                              "3.5,\"red\",4,rose\n"
                              "4.5,blue,5,aster\n";

static void finds_out_what_columns_are(void **state)
{
    (void)state;
    rnl_table *t = must(flowers, NULL);
    const rnl_columns *c = rnl_table_columns(t);
    const rnl_columns_info about = rnl_columns_describe(c);
    assert_int_equal(about.separator, ',');
    assert_true(about.header && about.classes);
    assert_int_equal(about.target, 3);
    assert_int_equal(about.inputs, 5);
    const rnl_column_info colour = rnl_columns_at(c, 1);
    assert_int_equal(colour.kind, RNL_COLUMN_TEXT);
    assert_int_equal(colour.value_count, 3);
    assert_string_equal(colour.values[0], "blue");
    const rnl_dataset *set = rnl_table_train(t);
    assert_null(rnl_table_test(t));
    assert_inputs(
        set, (const double[]){1.5, 0, 1, 0, 2, 2.5, 0, 0, 1, 3, 3.5, 0, 1, 0, 4, 4.5, 1, 0, 0, 5});
    assert_string_equal(rnl_dataset_class_names(set), "aster\nlily\nrose");
    assert_memory_equal(rnl_dataset_classes(set), ((const int32_t[]){2, 1, 2, 0}), 16);
    rnl_table_free(&t);
    rnl_table_free(&t);
}

static void separators_and_headers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
        bool header;
        size_t columns;
    } cases[] = {
        {"1,2\n3,4\n", ',', false, 2},        {"a;b\n1;2\n", ';', true, 2},
        {"a\tb,c\n1\t2\n", '\t', true, 2},    {"1|2|3\n4|5|6\n", '|', false, 3},
        {"a,b\nx,y\nz,y\n", ',', true, 2},    {"x,y\nx,y\n", ',', true, 2},
        {"5,4,x\n5,4,y\n", ',', false, 3},    {"name,2019,v\nx,3,1\ny,4,2\n", ',', true, 3},
        {"a;b,c;d\n1;2,5;3\n", ';', true, 3}, {"a,\"b;c\"\n1,2\n", ',', true, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rnl_table *t;
        rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .as_text = i == 8 ? "2" : NULL};
        if (decode(&t, cases[i].text, &o) != RNL_OK)
            fail_msg("case %zu: %s", i, rnl_error_text());
        const rnl_columns_info about = rnl_columns_describe(rnl_table_columns(t));
        if (about.separator != cases[i].separator || about.header != cases[i].header ||
            rnl_columns_count(rnl_table_columns(t)) != cases[i].columns)
            fail_msg("case %zu: separator %c, header %d, %zu columns", i, about.separator,
                     about.header, rnl_columns_count(rnl_table_columns(t)));
        rnl_table_free(&t);
    }
}

static void options_choose(void **state)
{
    (void)state;
    rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .target = "length", .leave_out = "kind, 2"};
    rnl_table *t = must(flowers, &o);
    assert_inputs(rnl_table_train(t), (const double[]){2, 3, 4, 5});
    assert_non_null(rnl_dataset_targets(rnl_table_train(t)));
    assert_true((double)rnl_dataset_targets(rnl_table_train(t))[3] == 4.5);
    rnl_table_free(&t);

    o = (rnl_table_options){
        .prepare = RNL_PREPARE_NONE, .target = "width", .task = RNL_TABLE_CLASSES};
    t = must(flowers, &o);
    assert_string_equal(rnl_dataset_class_names(rnl_table_train(t)), "2\n3\n4\n5");
    rnl_table_free(&t);

    o = (rnl_table_options){
        .prepare = RNL_PREPARE_NONE, .header = -1, .limit = 2, .as_text = "1,3"};
    t = must("1,2,3,0.5\n2,4,6,1\n3,5,7,1\n", &o);
    assert_inputs(rnl_table_train(t), (const double[]){1, 0, 2, 1, 0, 0, 1, 4, 0, 1});
    rnl_table_free(&t);
}

static void whole_numbers_are_classes_where_they_repeat(void **state)
{
    (void)state;
    rnl_table *t = must("x,y\n1,2\n2,-1\n3,2.0\n4,-1\n5,2\n6,-1\n", NULL);
    assert_string_equal(rnl_dataset_class_names(rnl_table_train(t)), "-1\n2");
    assert_memory_equal(rnl_dataset_classes(rnl_table_train(t)),
                        ((const int32_t[]){1, 0, 1, 0, 1, 0}), 24);
    rnl_table_free(&t);
    t = must("x,y\n1,2\n2,1\n3,2\n4,1\n5,3\n6,1\n", NULL); /* twice each */
    assert_null(rnl_dataset_classes(rnl_table_train(t)));
    rnl_table_free(&t);
    t = must("x,y\n1,0.5\n2,1\n3,1\n4,1\n5,1\n6,1\n", NULL);
    assert_int_equal(rnl_dataset_describe(rnl_table_train(t)).target_width, 1);
    rnl_table_free(&t);
}

/* ---- what is wrong ------------------------------------------------------------------------------------ */

static void says_where_and_what(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        rnl_table_options options;
        const char *says;
    } cases[] = {
        {"", {0}, "x.csv has no rows"},
        {"\n\n", {0}, "x.csv has no rows"},
        {"a,b\n", {.header = 1}, "has a header and no rows"},
        {"a;b\n1,5;2\n2,5;3\n",
         {.decimal = '.'},
         "x.csv, line 2, column 1 (a): found '1,5', expected a number with a point for the decimal "
         "sign: 1.5"},
        {"a,b\n1,2\nx,3\n4,5\n5,6\n",
         {0},
         "x.csv, line 3, column 1 (a): found 'x', expected a number, as most cells of this column "
         "are"},
        {"a,b\n1,2\n3\n", {0}, "x.csv, line 3: found 1 cell, expected 2 as in line 1"},
        {"a,b\n1,2\n3,4,5\n", {0}, "x.csv, line 3: found 3 cells, expected 2 as in line 1"},
        {"a,b\n1,2\n,4\n",
         {0},
         "x.csv, line 3, column 1 (a): found nothing, expected a number: a missing value is "
         "refused"},
        {"a,b\n1,2\n2,NA\n",
         {.missing = RNL_MISSING_ZERO},
         "line 3, column 2 (b): found 'NA', expected a number: the target may not be missing"},
        {"a,b\n1,2\ninf,4\n1,3\n", {0}, "found 'inf', expected a number"},
        {"a,b\n1,2\n1e39,4\n", {0}, "found '1e39', expected a number of single precision"},
        {"a,a\n1,2\n", {0}, "columns 1 and 2 are both called \"a\""},
        {"a,b\n1,2\n", {.target = "c"}, "x.csv has no column \"c\"; its columns are: a, b"},
        {"1,2\n1,2\n",
         {.leave_out = "3"},
         "it has no header, and its columns are numbered from 1 to 2"},
        {"a,b\n1,2\n", {.leave_out = "a"}, "no column beside the target"},
        {"a,b\n1,2\n", {.leave_out = "b", .target = "b"}, "is the target and is left out"},
        {"a\n1\n2\n", {0}, "no column beside the target (1 in all)"},
        {"a\xff,b\n1,2\n", {0}, "column 1 in its header is no UTF-8 (iconv -f CP949"},
        {"a,b\nx,2\ny\x01,3\n", {0}, "line 3, column 1 (a): found a text that has a control"},
        {"a,b,c\n1,,2\n1,?,2\n",
         {.as_text = "b", .missing = RNL_MISSING_ZERO},
         "all cells of column 2, a text, are missing"},
        {"a,b\n1,2\n", {.separator = '.'}, "a separator of tables is one of , ; tab |"},
        {"a,b\n1,2\n", {.decimal = ';'}, "a decimal sign of tables is one of . and ,"},
        {"a,b\n1,2\n3,4\n", {.test_share = 1}, "a share of 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rnl_table *t;
        const rnl_status status = decode(&t, cases[i].text, &cases[i].options);
        assert_null(t);
        if (status == RNL_OK || !strstr(rnl_error_text(), cases[i].says))
            fail_msg("case %zu: \"%s\" does not contain \"%s\"", i, rnl_error_text(),
                     cases[i].says);
    }
}

/* Text that makes far more inputs than the table has bytes. */
static void does_not_swell(void **state)
{
    (void)state;
    const size_t rows = 9000, size = rows * 16;
    char *text = malloc(size), *p = text;
    assert_non_null(text);
    for (size_t i = 0; i < rows; i++)
        p += sprintf(p, "n%zu,%zu\n", i, i % 7);
    rnl_table *t;
    assert_error(decode(&t, text, NULL), RNL_ERR_USAGE, "more than 8 times the table's size");
    free(text);
}

/* ---- missing values ------------------------------------------------------------------------------------ */

static void fills_in(void **state)
{
    (void)state;
    static const char text[] = "a,b,c\n1,x,0.5\nNA,y,1\n3,,2\n?,x,3\n";
    rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .missing = RNL_MISSING_MEAN};
    rnl_table *t = must(text, &o);
    assert_inputs(rnl_table_train(t), (const double[]){1, 1, 0, 2, 0, 1, 3, 0, 0, 2, 1, 0});
    assert_int_equal(rnl_table_missing(t), 3);
    /* another table gets the same mean, and a text that nobody knows is missing */
    rnl_dataset *set;
    const rnl_input other = text_input("c,b,a\n1,z,\n");
    assert_int_equal(rnl_table_decode_as(&set, &other, rnl_table_columns(t), 0), RNL_OK);
    assert_inputs(set, (const double[]){2, 0, 0});
    rnl_dataset_free(&set);
    rnl_table_free(&t);
    o.missing = RNL_MISSING_ZERO;
    t = must(text, &o);
    assert_inputs(rnl_table_train(t), (const double[]){1, 1, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0});
    rnl_table_free(&t);
}

/* What is missing stays so, also where the columns went through text. */
static void keeps_what_is_missing(void **state)
{
    (void)state;
    const rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .missing = RNL_MISSING_KEEP};
    const rnl_input other = text_input("c,b,a\n1,x,\n");
    rnl_columns *columns;
    rnl_dataset *set;
    rnl_table *t = must("a,b,c\n1,x,0.5\nNA,y,1\n3,,2\n", &o);
    const char *as_text = rnl_columns_text(rnl_table_columns(t));
    assert_inputs(rnl_table_train(t), (const double[]){1, 1, 0, NAN, 0, 1, 3, 0, 0});
    assert_int_equal(rnl_columns_from_text(&columns, as_text), RNL_OK);
    assert_int_equal(rnl_table_decode_as(&set, &other, columns, 0), RNL_OK);
    assert_inputs(set, (const double[]){NAN, 1, 0});
    rnl_dataset_free(&set);
    rnl_columns_free(&columns);
    rnl_table_free(&t);
}

/* The mean and the scales are those of the training part. */
static void learns_from_the_training_part_alone(void **state)
{
    (void)state;
    char text[2000] = "a,b\n", *p = text + 4;
    for (int i = 0; i < 60; i++)
        p += i % 10 == 3 ? sprintf(p, ",%d.5\n", i) : sprintf(p, "%d,%d.5\n", i * i, i);
    const rnl_table_options o = {.missing = RNL_MISSING_MEAN, .test_share = 0.25, .seed = 4};
    rnl_table *t = must(text, &o);
    const rnl_dataset *train = rnl_table_train(t), *test = rnl_table_test(t);
    assert_int_equal(rnl_table_prepared(t), RNL_PREPARE_STANDARD);
    assert_int_equal(rnl_dataset_describe(train).n, 45);
    assert_int_equal(rnl_dataset_describe(test).n, 15);
    float x[45];
    double sum = 0;
    assert_int_equal(rnl_dataset_gather(train, NULL, 0, rnl_matrix_f32(x, 45, 1)), RNL_OK);
    for (int i = 0; i < 45; i++) {
        const int row = (int)rnl_dataset_targets(train)[i];
        sum += (double)x[i];
        if (row % 10 == 3 && fabs((double)x[i]) > 1e-5)
            fail_msg("row %d was missing and is %g, not the mean", row, (double)x[i]);
    }
    assert_true(fabs(sum) < 1e-4);
    assert_true(rnl_dataset_scales(test)[0] == rnl_dataset_scales(train)[0]);
    rnl_table_free(&t);
}

/* ---- columns as text ---------------------------------------------------------------------------------- */

static void columns_survive_as_text(void **state)
{
    (void)state;
    const rnl_table_options o = {.missing = RNL_MISSING_MEAN, .leave_out = "width"};
    rnl_table *t = must(flowers, &o);
    const char *text = rnl_columns_text(rnl_table_columns(t));
    assert_string_equal(
        text, "{\"separator\":\",\",\"header\":true,\"missing\":\"mean\",\"task\":\"classes\","
              "\"columns\":[{\"name\":\"length\",\"kind\":\"number\",\"fill\":3.0},"
              "{\"name\":\"colour\",\"kind\":\"text\",\"values\":[\"blue\",\"red\",\"white\"]},"
              "{\"name\":\"width\",\"kind\":\"left out\"},{\"name\":\"kind\",\"kind\":"
              "\"target\",\"values\":[\"aster\",\"lily\",\"rose\"]}]}");
    rnl_columns *again;
    assert_int_equal(rnl_columns_from_text(&again, text), RNL_OK);
    assert_string_equal(rnl_columns_text(again), text);
    rnl_columns_free(&again);
    /* every beginning of it, and every byte changed: an error or columns, and no crash */
    char *copy = strdup(text);
    assert_non_null(copy);
    for (size_t i = 0; i < strlen(text); i++) {
        char kept = copy[i];
        copy[i] = '\0';
        assert_int_not_equal(rnl_columns_from_text(&again, copy), RNL_OK);
        copy[i] = kept == '"' ? 'x' : '"';
        if (rnl_columns_from_text(&again, copy) == RNL_OK)
            rnl_columns_free(&again);
        assert_null(again);
        copy[i] = kept;
    }
    free(copy);
    rnl_table_free(&t);
}

static void other_tables(void **state)
{
    (void)state;
    rnl_table *t = must(flowers, NULL);
    const rnl_columns *c = rnl_table_columns(t);
    static const struct {
        const char *text, *says; /* NULL: it is read */
    } cases[] = {
        {"kind,width,colour,length\nlily,2,red,1\n", NULL},
        {"kind;width;colour;length\nlily;2;red;1\n", NULL},
        {"1,red,2,lily\n", NULL},
        {"1\tred\t2\tlily\n", NULL},
        {"length,colour,width,kind\n1,red,2,tulip\n",
         "line 2, column 4 (kind): found 'tulip', expected one of the classes: aster, lily, rose"},
        {"length,colour,width,kind\n1,pink,2,lily\n",
         "line 2, column 2 (colour): found 'pink', expected a value that training met: blue, red, "
         "white"},
        {"lenght,colour,width,kind\n1,red,2,lily\n", "missing: \"length\"; not known: \"lenght\""},
        {"length,colour,width,kind,id\n1,red,2,lily,1\n", NULL},
        {"length,colour,width,kind,id,id\n1,red,2,lily,1,2\n", NULL},
        {"length,colour,width\n1,red,2\n", "trained with: missing: \"kind\""},
        {"1,red,2\n", "found 3 columns, expected 4"},
        {"a,b,c,d\n1,red,2,lily\n",
         "missing: \"length\", \"colour\", \"width\", \"kind\"; not known: \"a\""},
        {"length,length,width,kind\n", "column 2 (length): another column has the same name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rnl_input input = text_input(cases[i].text);
        rnl_dataset *set;
        const rnl_status status = rnl_table_decode_as(&set, &input, c, 0);
        if (!cases[i].says) {
            if (status != RNL_OK)
                fail_msg("case %zu: %s", i, rnl_error_text());
            assert_inputs(set, (const double[]){1, 0, 1, 0, 2});
            assert_int_equal(rnl_dataset_classes(set)[0], 1);
            rnl_dataset_free(&set);
        } else if (status == RNL_OK || !strstr(rnl_error_text(), cases[i].says)) {
            fail_msg("case %zu: \"%s\" does not contain \"%s\"", i, rnl_error_text(),
                     cases[i].says);
        }
        assert_null(set);
    }
    rnl_table_free(&t);
}

static void classes_that_are_numbers(void **state)
{
    (void)state;
    const rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .task = RNL_TABLE_CLASSES};
    rnl_table *t = must("a,b\n1,10\n2,9\n3,0.5\n", &o);
    assert_string_equal(rnl_dataset_class_names(rnl_table_train(t)), "0.5\n9\n10");
    rnl_dataset *set;
    const rnl_input other = text_input("a,b\n1,10.0\n2, .5\n");
    assert_int_equal(rnl_table_decode_as(&set, &other, rnl_table_columns(t), 0), RNL_OK);
    assert_memory_equal(rnl_dataset_classes(set), ((const int32_t[]){2, 0}), 8);
    rnl_dataset_free(&set);
    rnl_table_free(&t);
}

/* ---- rows --------------------------------------------------------------------------------------------- */

/* Of an open pipe: each row as soon as it is there. */
static void rows_of_a_pipe(void **state)
{
    (void)state;
    rnl_table *t = must(flowers, NULL);
    int ends[2];
    const int kept = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    const double scale[5] = {2, 1, 1, 1, 1}, shift[5] = {1, 0, 0, 0, 0};
    double x[10 * 5];
    size_t n, length;
    rnl_rows *rows;
    const char first[] = "width,colour,length\n5,blue,1\n6,r";
    assert_int_equal(write(ends[1], first, strlen(first)), strlen(first));
    assert_int_equal(rnl_rows_open(&rows, "-", rnl_table_columns(t), 0, scale, shift), RNL_OK);
    assert_memory_equal(rnl_rows_header(rows, &length), "width,colour,length", 19);
    assert_int_equal(length, 19);
    assert_int_equal(rnl_rows_next(rows, rnl_matrix_f64(x, 10, 5), &n), RNL_OK);
    assert_int_equal(n, 1);
    assert_memory_equal(x, ((const double[]){3, 1, 0, 0, 5}), 5 * sizeof(double));
    assert_int_equal(write(ends[1], "ed,2\n7,white,x\n", 15), 15);
    assert_error(rnl_rows_next(rows, rnl_matrix_f64(x, 10, 5), &n), RNL_ERR_FORMAT,
                 "standard input, line 4, column 3 (length): found 'x', expected a number");
    assert_int_equal(n, 1); /* the row before it is good */
    assert_memory_equal(x, ((const double[]){5, 0, 1, 0, 6}), 5 * sizeof(double));
    assert_memory_equal(rnl_rows_line(rows, 0, &length), "6,red,2", 7);
    assert_int_equal(length, 7);
    close(ends[1]);
    assert_int_equal(rnl_rows_next(rows, rnl_matrix_f64(x, 10, 5), &n), RNL_OK);
    assert_int_equal(n, 0);
    rnl_rows_free(&rows);
    close(ends[0]);
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    rnl_table_free(&t);
}

/* A table is cut anywhere: an error, or rows that are a beginning of the rows. */
static void cut_anywhere(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf"
                               "a;\"b \"\"x\"\"\";c\r\n1;\"u\nv\";2.25\r\n3;w;4.5\r\n5;w;6.75\r\n";
    float whole[3] = {2.25f, 4.5f, 6.75f};
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = malloc(n + 1); /* so that a sanitizer sees one byte too many */
        assert_non_null(copy);
        memcpy(copy, text, n);
        const rnl_input input = {.name = "cut", .bytes = (const uint8_t *)copy, .size = n};
        const rnl_table_options o = {.prepare = RNL_PREPARE_NONE, .task = RNL_TABLE_NUMBERS};
        rnl_table *t;
        if (rnl_table_decode(&t, &input, &o) == RNL_OK && rnl_table_columns(t)) {
            const rnl_dataset *set = rnl_table_train(t);
            const size_t rows = rnl_dataset_describe(set).n;
            assert_true(rows <= 3);
            for (size_t i = 0; i + 1 < rows; i++)
                assert_true(rnl_dataset_targets(set)[i] == whole[i]);
        }
        rnl_table_free(&t);
        free(copy);
    }
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    const rnl_table_options o = {.missing = RNL_MISSING_MEAN, .test_share = 0.5};
    for (long n = 1;; n++) {
        rnl_table *t;
        assert_true(n < 500);
        rnl_alloc_fail_after(n);
        const rnl_status status = decode(&t, flowers, &o);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK) {
            rnl_table_free(&t);
            break;
        }
        assert_int_equal(status, RNL_ERR_MEMORY);
        assert_null(t);
    }
    rnl_table *t = must(flowers, NULL);
    const char *path = write_in_folder("x.csv", flowers, sizeof flowers - 1);
    for (long n = 1;; n++) {
        rnl_rows *rows = NULL;
        rnl_columns *columns = NULL;
        float x[5 * 5];
        size_t got = 0;
        assert_true(n < 500);
        rnl_alloc_fail_after(n);
        rnl_status status = rnl_columns_from_text(&columns, rnl_columns_text(rnl_table_columns(t)));
        if (status == RNL_OK)
            status = rnl_rows_open(&rows, path, columns, 0, NULL, NULL);
        if (status == RNL_OK)
            status = rnl_rows_next(rows, rnl_matrix_f32(x, 5, 5), &got);
        rnl_alloc_fail_after(0);
        rnl_rows_free(&rows);
        rnl_columns_free(&columns);
        if (status == RNL_OK) {
            assert_int_equal(got, 4);
            break;
        }
        assert_int_equal(status, RNL_ERR_MEMORY);
    }
    rnl_table_free(&t);
    assert_int_equal(files_in_use(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_out_what_columns_are),
        cmocka_unit_test(separators_and_headers),
        cmocka_unit_test(options_choose),
        cmocka_unit_test(whole_numbers_are_classes_where_they_repeat),
        cmocka_unit_test(says_where_and_what),
        cmocka_unit_test(does_not_swell),
        cmocka_unit_test(fills_in),
        cmocka_unit_test(keeps_what_is_missing),
        cmocka_unit_test(learns_from_the_training_part_alone),
        cmocka_unit_test(columns_survive_as_text),
        cmocka_unit_test(other_tables),
        cmocka_unit_test(classes_that_are_numbers),
        cmocka_unit_test(rows_of_a_pipe),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

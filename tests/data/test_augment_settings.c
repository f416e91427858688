/* test_augment_settings.c - augmentation as text: in full, what is refused, which sets it is for */
#include "pictures.h"

static void settings_in_full(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"none", "none"},
        {"  none ", "none"},
        {"shift 0", "none"},
        {"elastic 34", "elastic 34 4"},
        {"noise 0.05,rotate 10 , shift 2", "shift 2, rotate 10, noise 0.05"},
        {EVERYTHING, EVERYTHING}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        rnl_augment a;
        rnl_text text = {0};
        assert_int_equal(rnl_augment_parse(&a, cases[k][0]), RNL_OK);
        rnl_augment_describe(&a, &text);
        assert_string_equal(text.at, cases[k][1]);
        rnl_free(text.at);
    }
    size_t lines = 0;
    while (rnl_augment_help(lines))
        assert_non_null(strstr(rnl_augment_help(lines++), ": "));
    assert_int_equal(lines, 6);
}

static void bad_settings_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"shift", "the number of pixels is missing"},
        {"shift -1", "the number of pixels of shift is a number from 0 to 1000, not \"-1\""},
        {"shift 2 2", "shift takes one number, but \"2\" follows"},
        {"rotate 181", "the angle of rotate is a number from 0 to 180, not \"181\""},
        {"scale 1", "the share of scale is a number from 0 to 0.9, not \"1\""},
        {"elastic 34 0.1", "the smoothness of elastic is a number from 0.5 to 50, not \"0.1\""},
        {"noise nan", "not \"nan\""},
        {"shift 1, shift 2", "shift stands there twice"},
        {"shift 1,", "unknown word \"\""},
        {"", "unknown word \"\"; known are shift, rotate, scale, shear, elastic, noise"},
        {"none, shift 1", "unknown word \"none\""},
        {"turn 3", "augment \"turn 3\": unknown word \"turn\""}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        rnl_augment a;
        assert_int_equal(rnl_augment_parse(&a, cases[k][0]), RNL_ERR_USAGE);
        if (!strstr(rnl_error_text(), cases[k][1]))
            fail_msg("\"%s\" does not contain \"%s\"", rnl_error_text(), cases[k][1]);
    }
}

static void only_pictures_are_moved(void **state)
{
    (void)state;
    rnl_dataset *set = pictures(3, 1, 1, 4, false, 1);
    float x[12];
    rnl_matrix view = rnl_matrix_view(x, 3, 4, RNL_F32);
    assert_int_equal(rnl_dataset_augment(set, "rotate 3", 1, 0, NULL, 0, view), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "rotate is for pictures, but the samples are 1x1x4"));
    assert_int_equal(rnl_dataset_augment(set, "noise 3", 1, 0, NULL, 0, view), RNL_OK);
    assert_int_equal(rnl_dataset_augment(set, "noise 3", 1, 0, NULL, 1, view), RNL_ERR_SHAPE);
    view.cols = 3;
    assert_int_equal(rnl_dataset_augment(set, "noise 3", 1, 0, NULL, 0, view), RNL_ERR_SHAPE);
    rnl_dataset_free(&set);
}

static void memory_may_be_short(void **state)
{
    (void)state;
    rnl_dataset *set = pictures(1, 1, 5, 5, true, 1);
    float x[25];
    const rnl_matrix view = rnl_matrix_view(x, 1, 25, RNL_F32);
    rnl_alloc_fail_after(1);
    assert_int_equal(rnl_dataset_augment(set, EVERYTHING, 1, 0, NULL, 0, view), RNL_ERR_MEMORY);
    rnl_alloc_fail_after(0);
    assert_int_equal(rnl_dataset_augment(set, EVERYTHING, 1, 0, NULL, 0, view), RNL_OK);
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_in_full),
        cmocka_unit_test(bad_settings_are_refused),
        cmocka_unit_test(only_pictures_are_moved),
        cmocka_unit_test(memory_may_be_short),
    };
    return cmocka_run_group_tests_name("augment settings", tests, NULL, NULL);
}

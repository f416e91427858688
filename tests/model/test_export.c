/* test_export.c - rnl_net_export: names, options, files that are there whole or not at all; numbers that C reads back */
#include "nets.h"

#include "model/export.h"
#include "model/export_c.h"

#include <float.h>
#include <math.h>

static rnl_status export_as(const rnl_net *net, const char *name, rnl_export_options o)
{
    o.name = name;
    return rnl_net_export(net, "c", folder, &o);
}

static bool is_there(const char *name)
{
    return access(in_folder(name), F_OK) == 0;
}

static void the_same_network_makes_the_same_files(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 4, sigmoid, affine 2", 3, RNL_F32);
    rnl_bytes first, second;
    const rnl_export_options o = {.test_vectors = 2};
    assert_int_equal(export_as(net, "same", o), RNL_OK);
    assert_int_equal(rnl_file_read(&first, in_folder("same.c")), RNL_OK);
    assert_int_equal(export_as(net, "same", o), RNL_OK);
    assert_int_equal(rnl_file_read(&second, in_folder("same.c")), RNL_OK);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    assert_true(is_there("same.h") && is_there("same_test.c"));
    rnl_bytes_free(&first);
    rnl_bytes_free(&second);
    rnl_net_free(&net);
}

static void what_is_refused(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 2, mse", 3, RNL_F32);
    static const char *const names[] = {"",    "2d",  "_d",       "d__e", "d_",
                                        "a-b", "a/b", "\xc3\xbc", "a b"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(export_as(net, names[i], (rnl_export_options){0}), RNL_ERR_USAGE);
        expect_text("expected a letter, then letters, digits and _, which is not last and does not "
                    "come twice in a row; 64 at most");
    }
    assert_int_equal(rnl_net_export(net, "d", folder, NULL), RNL_ERR_USAGE);
    expect_text("the format \"d\" is not known; known are c, onnx");
    assert_int_equal(rnl_net_export(net, NULL, folder, NULL), RNL_ERR_USAGE);
    assert_int_equal(export_as(net, "p", (rnl_export_options){.probabilities = true}),
                     RNL_ERR_USAGE);
    assert_int_equal(rnl_net_export(net, "c", in_folder("no/folder"), NULL), RNL_ERR_IO);
    expect_text("model.h");
    rnl_matrix b = rnl_net_parameter(net, 1).value;
    rnl_matrix_set(&b, 0, 1, (double)NAN);
    assert_int_equal(export_as(net, "nan", (rnl_export_options){0}), RNL_ERR_USAGE);
    expect_text("b1[0, 1] is nan: a network with such numbers is not exported");
    rnl_net_free(&net);
    assert_false(is_there("p.h") || is_there("nan.h"));
}

static void sums_of_8_bits_must_fit(void **state)
{
    (void)state;
    rnl_net_config config = rnl_net_config_default();
    config.inputs = 133145; /* * 127 * 127 > 2^31 - 1 */
    config.outputs = 1;
    rnl_net *net;
    assert_int_equal(rnl_net_new(&net, "affine 1", &config), RNL_OK);
    assert_int_equal(export_as(net, "wide", (rnl_export_options){.int8 = true}),
                     RNL_ERR_UNSUPPORTED);
    expect_text("133145 inputs");
    assert_false(is_there("wide.h"));
    rnl_net_free(&net);
}

/* One of the files cannot be written: none of the others is there either, and the old ones are as they were. */
static void whole_or_not_at_all(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 4, relu, affine 2", 3, RNL_F32);
    char command[600];
    snprintf(command, sizeof command, "mkdir '%s/half.c'", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(export_as(net, "half", (rnl_export_options){0}), RNL_ERR_IO);
    assert_false(is_there("half.h"));
    rnl_net_free(&net);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 2, layernorm, softplus, affine 2", 3, RNL_F32);
    rnl_net_set_note(net, "runnel.input.scale", "1 2 3");
    rnl_net_set_note(net, "runnel.classes", "a\nb");
    for (int int8 = 0; int8 < 2; int8++) {
        const rnl_export_options o = {.int8 = int8, .test_vectors = 1};
        rnl_status status = RNL_ERR_MEMORY;
        long n = 1;
        for (; status == RNL_ERR_MEMORY; n++) {
            assert_false(is_there(int8 ? "b.h" : "a.h"));
            rnl_alloc_fail_after(n);
            status = export_as(net, int8 ? "b" : "a", o);
            rnl_alloc_fail_after(0);
        }
        assert_int_equal(status, RNL_OK);
        assert_true(is_there(int8 ? "b.h" : "a.h"));
        assert_true(n > 20);
    }
    rnl_net_free(&net);
}

static void expect_read_back(float number)
{
    char text[RNL_C_NUMBER];
    rnl_c_number(text, number);
    const float read = strtof(text, NULL); /* rounds once, as a compiler does */
    if (memcmp(&read, &number, sizeof read) != 0)
        fail_msg("%a is written as %s, which is %a", (double)number, text, (double)read);
    assert_true(strpbrk(text, ".e") && text[strlen(text) - 1] == 'f');
}

static void numbers_are_read_back(void **state)
{
    (void)state;
    const float known[] = {0,        -0.0f,   1,       -1,      0.1f,      1.0f / 3,
                           16777216, FLT_MAX, FLT_MIN, 1e-45f,  -1e-40f,   0.5f,
                           1e10f,    1e22f,   123456,  1234567, 9.99999e9f};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        expect_read_back(known[i]);
    uint32_t bits = 1;
    for (size_t i = 0; i < 20000; i++) {
        bits = bits * 1664525u + 1013904223u;
        float number;
        memcpy(&number, &bits, sizeof number);
        if (isfinite(number))
            expect_read_back(number);
    }
    char text[RNL_C_NUMBER];
    assert_string_equal(rnl_c_number(text, 0.1f), "0.1f");
    assert_string_equal(rnl_c_number(text, -3), "-3.0f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_network_makes_the_same_files),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(sums_of_8_bits_must_fit),
        cmocka_unit_test(whole_or_not_at_all),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(numbers_are_read_back),
    };
    return cmocka_run_group_tests_name("export", tests, folder_make, folder_remove);
}

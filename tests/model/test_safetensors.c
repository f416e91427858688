/* test_safetensors.c - the format: what is read, and how messages show it */
#include "blob.h"

#include <math.h>

static void reads_every_part(void **state)
{
    (void)state;
    rnl_tensor_file file;
    blob b = known_blob();
    assert_int_equal(parse(&file, b), RNL_OK);
    assert_int_equal(file.count, 4);
    expect_tensor(&file.tensors[0], "a", "F32", 1, 3, 12);
    expect_tensor(&file.tensors[1], "none", "I64", 3, 0, 0);
    expect_tensor(&file.tensors[2], "b", "F64", 2, 2, 16);
    expect_tensor(&file.tensors[3], "one", "BF16", 0, 1, 2);
    assert_int_equal(file.tensors[0].shape[0], 3);
    assert_int_equal(file.tensors[1].shape[0], 2);
    assert_int_equal(file.tensors[1].shape[1], 0);
    assert_int_equal(file.tensors[1].shape[2], 3);
    assert_int_equal(file.tensors[2].shape[0], 1);
    assert_int_equal(file.tensors[2].shape[1], 2);
    assert_ptr_equal(rnl_tensor_find(&file, "b"), &file.tensors[2]);
    assert_null(rnl_tensor_find(&file, "c"));
    assert_int_equal(file.note_count, 2);
    assert_string_equal(rnl_tensor_file_note(&file, "format"), "pt");
    assert_string_equal(rnl_tensor_file_note(&file, "who"), "\xc3\xbc \"{[\\ ");
    assert_null(rnl_tensor_file_note(&file, "a"));
    double numbers[3];
    rnl_tensor_read(&file.tensors[0], 0, 3, numbers);
    assert_true(numbers[0] == 1 && numbers[1] == -2 && numbers[2] == 0x1p-149);
    rnl_tensor_read(&file.tensors[0], 1, 1, numbers);
    assert_true(numbers[0] == -2);
    rnl_tensor_read(&file.tensors[2], 0, 2, numbers);
    assert_true(numbers[0] == 0 && signbit(numbers[0]) && numbers[1] == 10);
    assert_false(rnl_tensor_readable(&file.tensors[1]));
    assert_true(rnl_tensor_readable(&file.tensors[3]));
    rnl_tensor_read(&file.tensors[3], 0, 1, numbers);
    assert_true(numbers[0] == 8);
    rnl_tensor_file_free(&file);
    rnl_tensor_file_free(&file);
    free(b.bytes);
}

static void a_file_may_hold_nothing(void **state)
{
    (void)state;
    const char *headers[] = {"{}", "{ }", "{\"__metadata__\":{}}", "{}\n\t  "};
    for (size_t i = 0; i < 4; i++) {
        rnl_tensor_file file;
        blob b = make_blob(strlen(headers[i]), headers[i], NULL, 0);
        assert_int_equal(parse(&file, b), RNL_OK);
        assert_int_equal(file.count, 0);
        assert_int_equal(file.note_count, 0);
        rnl_tensor_file_free(&file);
        free(b.bytes);
    }
}

static void knows_every_type(void **state)
{
    (void)state;
    const struct {
        const char *name;
        unsigned bits;
    } types[] = {{"BOOL", 8},    {"F4", 4},          {"F6_E2M3", 6},     {"F6_E3M2", 6},
                 {"U8", 8},      {"I8", 8},          {"F8_E5M2", 8},     {"F8_E4M3", 8},
                 {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"I16", 16},
                 {"U16", 16},    {"F16", 16},        {"BF16", 16},       {"I32", 32},
                 {"U32", 32},    {"F32", 32},        {"C64", 64},        {"F64", 64},
                 {"I64", 64},    {"U64", 64}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (unsigned count = 4; count < 9; count += 4) {
            char header[200];
            unsigned bytes = count * types[i].bits / 8;
            snprintf(header, sizeof header,
                     "{\"x\":{\"dtype\":\"%s\",\"shape\":[%u],\"data_offsets\":[0,%u]}}",
                     types[i].name, count, bytes);
            rnl_tensor_file file;
            blob b = make_blob(strlen(header), header, NULL, bytes);
            assert_int_equal(parse(&file, b), RNL_OK);
            expect_tensor(&file.tensors[0], "x", types[i].name, 1, count, bytes);
            rnl_tensor_file_free(&file);
            free(b.bytes);
        }
}

/* All 65536 of each: in order, evenly spaced between powers of two, with the ends where they belong. */
static void half_precision_numbers(void **state)
{
    (void)state;
    unsigned char bytes[2];
    const rnl_tensor f16 = {.dtype = "F16", .data = bytes}, bf16 = {.dtype = "BF16", .data = bytes};
    double before = -1, last;
    for (unsigned bits = 0; bits < 0x8000; bits++) {
        double number, minus;
        bytes[0] = (unsigned char)bits;
        bytes[1] = (unsigned char)(bits >> 8);
        rnl_tensor_read(&f16, 0, 1, &number);
        bytes[1] |= 0x80;
        rnl_tensor_read(&f16, 0, 1, &minus);
        if (bits > 0x7c00) {
            assert_true(isnan(number) && isnan(minus));
            continue;
        }
        assert_true(number > before && minus == -number && !signbit(number) && signbit(minus));
        if (bits > 0 && bits < 0x7c00) /* 2^-24 up to 2^-13, twice that up to 2^-12, ... */
            assert_true(number - before ==
                        (bits < 0x800 ? 0x1p-24 : ldexp(1, (int)(bits - 1) / 1024 - 25)));
        before = number;
        last = number;
    }
    assert_true(isinf(last));
    const struct {
        unsigned bits;
        double number;
    } known[] = {
        {0x3c00, 1}, {0x7bff, 65504}, {0x0400, 0x1p-14}, {0x0001, 0x1p-24}, {0x3555, 0x555p-12}};
    for (size_t i = 0; i < 5; i++) {
        double number;
        bytes[0] = (unsigned char)known[i].bits;
        bytes[1] = (unsigned char)(known[i].bits >> 8);
        rnl_tensor_read(&f16, 0, 1, &number);
        assert_true(number == known[i].number);
    }
    for (unsigned bits = 0; bits < 0x10000; bits++) {
        uint32_t word = bits << 16;
        float expected;
        double number;
        memcpy(&expected, &word, sizeof expected);
        bytes[0] = (unsigned char)bits;
        bytes[1] = (unsigned char)(bits >> 8);
        rnl_tensor_read(&bf16, 0, 1, &number);
        assert_true(number == (double)expected || (isnan(number) && isnan(expected)));
    }
}

/* ---- messages ----------------------------------------------------------------------------------------- */

static void shows_names_safely(void **state)
{
    (void)state;
    assert_string_equal(rnl_show_name("0.weight").text, "\"0.weight\"");
    assert_string_equal(rnl_show_name("").text, "\"\"");
    assert_string_equal(rnl_show_name("a\x1b[31m\n\x7f\xc2\x9b").text, "\"a?[31m???\"");
    assert_string_equal(rnl_show_name("\xc3\xbc\xe2\x82\xac").text, "\"\xc3\xbc\xe2\x82\xac\"");
    char name[200];
    for (size_t shift = 0; shift < 4; shift++) { /* a cut never falls inside a character */
        memset(name, 'x', sizeof name);
        for (size_t i = shift; i + 3 < sizeof name; i += 3)
            memcpy(name + i, "\xe2\x82\xac", 3);
        name[sizeof name - 1] = '\0';
        rnl_shown shown = rnl_show_name(name);
        size_t length = strlen(shown.text);
        assert_true(length > 70 && length < sizeof shown.text);
        assert_string_equal(shown.text + length - 4, "...\"");
        assert_int_equal((length - 5 - shift) % 3, 0);
    }
}

static void shows_shapes(void **state)
{
    (void)state;
    const size_t shape[9] = {50, 784, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, 1, 2, 3};
    assert_string_equal(rnl_show_shape(0, NULL).text, "[]");
    assert_string_equal(rnl_show_shape(1, shape).text, "[50]");
    assert_string_equal(rnl_show_shape(2, shape).text, "[50, 784]");
    rnl_shown shown = rnl_show_shape(9, shape);
    assert_string_equal(shown.text + strlen(shown.text) - 6, ", ...]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_part),   cmocka_unit_test(a_file_may_hold_nothing),
        cmocka_unit_test(knows_every_type),   cmocka_unit_test(half_precision_numbers),
        cmocka_unit_test(shows_names_safely), cmocka_unit_test(shows_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

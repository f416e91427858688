/* test_safetensors_write.c - the format: what is written, to the byte */
#include "blob.h"
#include "written.h"

static void writes_these_bytes(void **state)
{
    (void)state;
    static const char expected[] =
        "\x20\x01\0\0\0\0\0\0"
        "{\"__metadata__\":{\"a\":\"\",\"b\":\"\xe2\x82\xac\",\"z\":\"\\n/\"},"
        "\"2.b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
        "\"\\\"\\\\\\u0001\xc3\xbc\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]},"
        "\"c\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[16,16]}}";
    static const unsigned char data[] = {0xcd, 0xcc, 0xcc, 0x3d, 0,    0,    0,    0xc0,
                                         0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f};
    rnl_bytes bytes;
    assert_int_equal(write_known(written, 3, written_notes, 3), RNL_OK);
    assert_int_equal(rnl_file_read(&bytes, path), RNL_OK);
    size_t length = sizeof expected - 1, padded = (length + 7) / 8 * 8;
    assert_int_equal(bytes.data[0] + 256 * bytes.data[1], padded - 8);
    assert_memory_equal(bytes.data + 2, expected + 2, length - 2);
    for (size_t i = length; i < padded; i++)
        assert_int_equal(bytes.data[i], ' ');
    assert_int_equal(bytes.size, padded + sizeof data);
    assert_memory_equal(bytes.data + padded, data, sizeof data);
    rnl_tensor_file file;
    assert_int_equal(rnl_tensor_file_parse(&file, bytes.data, bytes.size), RNL_OK);
    assert_int_equal(file.count, 3);
    for (size_t i = 0; i < file.count; i++) { /* "c" is empty and lies where the data ends */
        expect_tensor(&file.tensors[i], written[i].name, written[i].dtype, written[i].rank,
                      written[i].count, written[i].bytes);
    }
    assert_string_equal(rnl_tensor_file_note(&file, "z"), "\n/");
    rnl_tensor_file_free(&file);
    rnl_bytes_free(&bytes);
}

static void the_order_of_notes_does_not_matter(void **state)
{
    (void)state;
    rnl_tensor_note turned[3] = {written_notes[2], written_notes[0], written_notes[1]};
    rnl_bytes a, b;
    assert_int_equal(write_known(written, 3, written_notes, 3), RNL_OK);
    assert_int_equal(rnl_file_read(&a, path), RNL_OK);
    assert_int_equal(write_known(written, 3, turned, 3), RNL_OK);
    assert_int_equal(rnl_file_read(&b, path), RNL_OK);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    rnl_bytes_free(&a);
    rnl_bytes_free(&b);
}

static void refuses_to_write_what_cannot_be_read(void **state)
{
    (void)state;
    const rnl_tensor twice[] = {written[0], written[1], written[0]};
    assert_int_equal(write_known(twice, 3, NULL, 0), RNL_ERR_USAGE);
    expect_text("the tensor \"2.b\" is there twice");
    const rnl_tensor_note same[] = {{"a", "1"}, {"a", "2"}};
    assert_int_equal(write_known(written, 3, same, 2), RNL_ERR_USAGE);
    expect_text("the note \"a\" is there twice");
    const rnl_tensor_note bad_value[] = {{"a", "\xff"}}, bad_key[] = {{"a\xff", "1"}};
    assert_int_equal(write_known(written, 3, bad_value, 1), RNL_ERR_USAGE);
    expect_text("the value of the note \"a\" cannot be saved: it is no valid UTF-8");
    assert_int_equal(write_known(written, 3, bad_key, 1), RNL_ERR_USAGE);
    expect_text("cannot be saved: it is no valid UTF-8");
    rnl_tensor metadata = written[0];
    metadata.name = "__metadata__";
    assert_int_equal(write_known(&metadata, 1, written_notes, 3), RNL_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_these_bytes),
        cmocka_unit_test(the_order_of_notes_does_not_matter),
        cmocka_unit_test(refuses_to_write_what_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}

/* test_safetensors_bad.c - the format: what is refused, and why it says so */
#include "blob.h"

#define F32(shape, begin, end)                                                                     \
    "{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"

static const struct refusal {
    const char *header;
    size_t data;
    rnl_status status;
    const char *words;
} refusals[] = {
    {"", 0, RNL_ERR_FORMAT, "does not begin with {"},
    {" {}", 0, RNL_ERR_FORMAT, "does not begin with {"},
    {"[]", 0, RNL_ERR_FORMAT, "does not begin with {"},
    {"{", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{}x", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{}{}", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{]", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{\"", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{\"\\", 0, RNL_ERR_FORMAT, "no valid JSON: it ends too early"},
    {"{\"a\xff\":0}", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{\"a\\u0000b\":0}", 0, RNL_ERR_FORMAT,
     "no valid JSON: the character \\u0000 in a text at its byte"},
    {"{\"a\x1b[31m", 0, RNL_ERR_FORMAT, "no valid JSON"},
    {"{\"a\":" F32("[1]", 0, 4) ",\"a\":" F32("[1]", 4, 8) "}", 8, RNL_ERR_FORMAT,
     "stands there twice"},
    {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0, RNL_ERR_FORMAT, "stands there twice"},
    {"{\"__metadata__\":{\"a\":\"b\",\"a\":\"b\"}}", 0, RNL_ERR_FORMAT, "stands there twice"},
    {"{\"__metadata__\":{\"a\":1}}", 0, RNL_ERR_FORMAT, "the value of \"a\" is no text"},
    {"{\"__metadata__\":null}", 0, RNL_ERR_FORMAT, "no object of texts"},
    {"{\"__metadata__\":\"x\"}", 0, RNL_ERR_FORMAT, "no object of texts"},
    {"{\"__metadata__\":{\"a\":{}}}", 0, RNL_ERR_FORMAT, "a { at byte 21"},
    {"{\"a\":[]}", 0, RNL_ERR_FORMAT, "a [ at byte 5"},
    {"{\"a\":{\"b\":[[]]}}", 0, RNL_ERR_FORMAT, "a [ at byte 11"},
    {"{\"a\":{\"b\":[{}]}}", 0, RNL_ERR_FORMAT, "a { at byte 11"},
    {"{\"a\":1}", 0, RNL_ERR_FORMAT, "expected a dtype, a shape"},
    {"{\"a\":{}}", 0, RNL_ERR_FORMAT, "expected a dtype, a shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, RNL_ERR_FORMAT, "expected a dtype, a shape"},
    {"{\"a\":{\"dtype\":32,\"shape\":[],\"data_offsets\":[0,4]}}", 4, RNL_ERR_FORMAT, "expected"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", 4, RNL_ERR_FORMAT,
     "expected"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4,4]}}", 4, RNL_ERR_FORMAT,
     "two data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"strides\":[]}}", 4,
     RNL_ERR_FORMAT, "nothing else"},
    {"{\"a\":{\"dtype\":\"F7\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, RNL_ERR_UNSUPPORTED,
     "\"a\" is of the type \"F7\""},
    {"{\"a\":{\"dtype\":\"f32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, RNL_ERR_UNSUPPORTED,
     "f32"},
    {"{\"a\":" F32("[-1]", 0, 4) "}", 4, RNL_ERR_FORMAT, "dimension 0 of its shape"},
    {"{\"a\":" F32("[1,1.0]", 0, 4) "}", 4, RNL_ERR_FORMAT, "dimension 1 of its shape"},
    {"{\"a\":" F32("[\"1\"]", 0, 4) "}", 4, RNL_ERR_FORMAT, "dimension 0 of its shape"},
    {"{\"a\":" F32("[1e0]", 0, 4) "}", 4, RNL_ERR_FORMAT, "dimension 0 of its shape"},
    {"{\"a\":" F32("[99999999999999999999]", 0, 4) "}", 4, RNL_ERR_FORMAT, "no valid JSON"},
    {"{\"a\":" F32("[1]", -4, 0) "}", 4, RNL_ERR_FORMAT, "whole numbers from 0 on, in order"},
    {"{\"a\":" F32("[1]", 4, 0) "}", 4, RNL_ERR_FORMAT, "whole numbers from 0 on, in order"},
    {"{\"a\":" F32("[1]", 0, 4.0) "}", 4, RNL_ERR_FORMAT, "whole numbers from 0 on, in order"},
    {"{\"a\":" F32("[1]", 0, 8) "}", 4, RNL_ERR_FORMAT, "should end at byte 8, and the file has 4"},
    {"{\"a\":" F32("[1]", 0, 9223372036854775807) "}", 4, RNL_ERR_FORMAT, "should end at byte"},
    {"{\"a\":" F32("[2]", 0, 4) "}", 4, RNL_ERR_FORMAT,
     "a shape [2] of F32 takes 8 bytes, and its data_offsets span 4"},
    {"{\"a\":" F32("[0]", 0, 4) "}", 4, RNL_ERR_FORMAT, "takes 0 bytes"},
    {"{\"a\":" F32("[4294967296,4294967297]", 0, 4) "}", 4, RNL_ERR_FORMAT, "is too large"},
    {"{\"a\":" F32("[4611686018427387905]", 0, 4) "}", 4, RNL_ERR_FORMAT, "is too large"},
    {"{\"a\":" F32("[1152921504606846976,4]", 0, 4) "}", 4, RNL_ERR_FORMAT, "is too large"},
    {"{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,1]}}", 1, RNL_ERR_FORMAT,
     "no whole bytes"},
    {"{\"a\":" F32("[1]", 4, 8) "}", 8, RNL_ERR_FORMAT, "\"a\" begins at byte 4"},
    {"{\"a\":" F32("[1]", 0, 4) ",\"b\":" F32("[1]", 0, 4) "}", 4, RNL_ERR_FORMAT,
     "\"b\" begins at byte 0 of the data, and the one before it ends at 4"},
    {"{\"a\":" F32("[1]", 0, 4) ",\"b\":" F32("[1]", 8, 12) "}", 12, RNL_ERR_FORMAT,
     "\"b\" begins at byte 8"},
    {"{\"a\":" F32("[2]", 0, 8) ",\"b\":" F32("[0]", 4, 4) "}", 8, RNL_ERR_FORMAT,
     "begins at byte 4"},
    {"{\"a\":" F32("[1]", 0, 4) "}", 5, RNL_ERR_FORMAT,
     "speaks of 4 bytes of data, and the file has 5"},
    {"{}", 1, RNL_ERR_FORMAT, "speaks of 0 bytes of data, and the file has 1"},
};

static void refuses_with_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *r = &refusals[i];
        rnl_tensor_file file;
        blob b = make_blob(strlen(r->header), r->header, NULL, r->data);
        rnl_status status = parse(&file, b);
        if (status != r->status || !strstr(rnl_error_text(), r->words))
            fail_msg("%s gave %s: %s", r->header, rnl_status_name(status), rnl_error_text());
        assert_null(file.tensors);
        assert_null(file.json);
        for (const char *c = rnl_error_text(); *c; c++)
            assert_false((unsigned char)*c < 0x20); /* a file must not speak to the terminal */
        free(b.bytes);
    }
}

static void refuses_lengths_that_lie(void **state)
{
    (void)state;
    const struct {
        uint64_t length;
        const char *words;
    } lies[] = {
        {1, "no valid JSON"},
        {4, "is cut off"},
        {99999999, "should be 99999999 bytes long, and 3"},
        {100000000, "is cut off"},
        {100000001, "no model file: it begins with the bytes 01 E1 F5 05 00 00 00 00"},
        {UINT64_C(1) << 63, "no model file"},
        {UINT64_MAX, "no model file"},
        {UINT64_MAX - 7, "no model file"},
        {UINT64_C(1) << 32 | 2, "no model file"},
        {UINT64_C(0xf9469cfc6c0a8a02) << 8 | 0x80, "a pickle, as old versions of torch.save"},
        {UINT64_C(0x6567612c656d616e), "it begins with \"name,age\", as neither"},
        {UINT64_C(0x6567610a0d656d61), "it begins with \"ame\""}};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        rnl_tensor_file file;
        blob b = make_blob(lies[i].length, "{} ", NULL, 0);
        assert_int_equal(parse(&file, b), RNL_ERR_FORMAT);
        expect_text(lies[i].words);
        free(b.bytes);
    }
    rnl_tensor_file file;
    blob zip = make_blob(0x04034b50 | UINT64_C(1) << 40, "some zip archive", NULL, 0);
    assert_int_equal(parse(&file, zip), RNL_ERR_FORMAT);
    expect_text("zip archive, as torch.save writes");
    free(zip.bytes);
}

static void refuses_a_file_cut_anywhere(void **state)
{
    (void)state;
    blob whole = known_blob();
    for (size_t size = 0; size < whole.size; size++) {
        rnl_tensor_file file;
        blob b = cut_blob(whole, size);
        assert_int_equal(parse(&file, b), RNL_ERR_FORMAT);
        assert_null(file.tensors);
        free(b.bytes);
    }
    free(whole.bytes);
}

/* Whatever is read from a changed file, it lies in the file and holds together. */
static void survives_any_changed_byte(void **state)
{
    (void)state;
    const unsigned char values[] = {0, 1, '"', ',', '0', '9', '[', ']', '{', '}', '\\', 0x80, 0xff};
    blob whole = known_blob();
    unsigned accepted = 0, refused = 0;
    for (size_t i = 0; i < whole.size; i++)
        for (size_t k = 0; k < sizeof values; k++) {
            rnl_tensor_file file;
            blob b = cut_blob(whole, whole.size);
            b.bytes[i] = values[k];
            if (parse(&file, b) == RNL_OK) {
                size_t bytes = 0;
                for (size_t t = 0; t < file.count; t++) {
                    bytes += file.tensors[t].bytes;
                    assert_true(file.tensors[t].data + file.tensors[t].bytes <= b.bytes + b.size);
                }
                assert_true(bytes == sizeof known_data);
                accepted++;
            } else {
                assert_null(file.tensors);
                refused++;
            }
            rnl_tensor_file_free(&file);
            free(b.bytes);
        }
    assert_true(accepted > 100 && refused > 1000); /* both happen: names and data may change */
    free(whole.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_a_reason),
        cmocka_unit_test(refuses_lengths_that_lie),
        cmocka_unit_test(refuses_a_file_cut_anywhere),
        cmocka_unit_test(survives_any_changed_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

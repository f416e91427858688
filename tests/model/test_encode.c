/* test_encode.c - networks to bytes in memory and back: the file's bytes, and the file reader's checks */
#include "nets.h"

#include <math.h>

static const char *const descriptions[] = {
    "affine 5, relu, affine 3", "relu",                                     /* no numbers at all */
    "batchnorm 0.3 1e-3, elu, affine 200, layernorm, affine 301, logistic", /* beyond one buffer */
};
enum { DESCRIPTIONS = sizeof descriptions / sizeof descriptions[0], INPUTS = 4 };

static rnl_net *noted_net(size_t i, rnl_dtype dtype)
{
    rnl_net *net = make_net(descriptions[i], INPUTS, dtype);
    assert_int_equal(rnl_net_set_note(net, "runnel.classes", "even\n\xc3\xbcneven"), RNL_OK);
    return net;
}

static blob encoded(const rnl_net *net)
{
    blob b = {0};
    if (rnl_net_encode(net, &b.bytes, &b.size) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    return b;
}

static void the_bytes_are_the_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < DESCRIPTIONS; i++)
        for (int dtype = 0; dtype < 2; dtype++) {
            rnl_net *net = noted_net(i, (rnl_dtype)dtype);
            blob b = encoded(net);
            rnl_bytes file;
            assert_int_equal(rnl_net_save(net, in_folder("file")), RNL_OK);
            assert_int_equal(rnl_file_read(&file, in_folder("file")), RNL_OK);
            assert_int_equal(b.size, file.size);
            assert_memory_equal(b.bytes, file.data, file.size);
            rnl_bytes_free(&file);
            rnl_encoded_free(&b.bytes);
            assert_null(b.bytes);
            rnl_encoded_free(&b.bytes);
            rnl_encoded_free(NULL);
            rnl_net_free(&net);
        }
}

/* At each of eight places beside a multiple of 8; the bytes are gone before the network is looked at. */
static void bytes_at_any_address_give_the_network(void **state)
{
    (void)state;
    for (size_t i = 0; i < DESCRIPTIONS; i++)
        for (size_t shift = 0; shift < 8; shift++) {
            rnl_net *net = noted_net(i, shift % 2 ? RNL_F64 : RNL_F32), *again;
            blob b = encoded(net);
            unsigned char *moved = malloc(shift + b.size);
            assert_non_null(moved);
            memcpy(moved + shift, b.bytes, b.size);
            if (rnl_net_decode(&again, moved + shift, b.size, "asset", NULL, NULL) != RNL_OK)
                fail_msg("%s", rnl_error_text());
            memset(moved, 0xaa, shift + b.size);
            free(moved);
            expect_same_numbers(net, again);
            assert_string_equal(rnl_net_description(again), rnl_net_description(net));
            assert_string_equal(rnl_net_format(again), "safetensors, layout 1 of runnel");
            assert_string_equal(rnl_net_note(again, "runnel.classes"), "even\n\xc3\xbcneven");
            rnl_encoded_free(&b.bytes);
            rnl_net_free(&again);
            rnl_net_free(&net);
        }
}

static void old_files_are_decoded(void **state)
{
    (void)state;
    static const char *const paths[] = {GOLDEN "/golden-v1.safetensors", GOLDEN "/golden-v1.onnx"};
    for (size_t i = 0; i < 2; i++) {
        rnl_bytes file;
        rnl_net *net, *again;
        assert_int_equal(rnl_file_read(&file, paths[i]), RNL_OK);
        const rnl_status status = rnl_net_load(&net, paths[i], NULL, NULL);
        assert_int_equal(rnl_net_decode(&again, file.data, file.size, "blob", NULL, NULL), status);
        if (status == RNL_OK) {
            expect_same_numbers(net, again);
            assert_string_equal(rnl_net_format(again), rnl_net_format(net));
        } else { /* a build without ONNX */
            assert_int_equal(status, RNL_ERR_UNSUPPORTED);
            assert_int_equal(strncmp(rnl_error_text(), "blob: ", 6), 0);
        }
        rnl_net_free(&again);
        rnl_net_free(&net);
        rnl_bytes_free(&file);
    }
}

/* Nothing at all included. Blobs end where the heap block does, so that a sanitizer sees a byte too many. */
static void bytes_cut_anywhere_are_refused(void **state)
{
    (void)state;
    rnl_net *net = noted_net(0, RNL_F32), *none;
    blob whole = encoded(net);
    for (size_t size = 0; size < whole.size; size++) {
        blob b = cut_blob(whole, size);
        none = net;
        assert_int_equal(rnl_net_decode(&none, b.bytes, size, "row 7 of models", NULL, NULL),
                         RNL_ERR_FORMAT);
        assert_null(none);
        assert_int_equal(strncmp(rnl_error_text(), "row 7 of models: ", 17), 0);
        free(b.bytes);
    }
    rnl_encoded_free(&whole.bytes);
    rnl_net_free(&net);
}

static void sizes_that_lie_are_refused(void **state)
{
    (void)state;
    static const char huge[] = "{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],"
                               "\"data_offsets\":[0,8]}}";
    static const uint64_t lengths[] = {sizeof huge, (uint64_t)1 << 32, INT64_MAX, UINT64_MAX};
    rnl_net *none;
    for (size_t i = 0; i <= sizeof lengths / sizeof lengths[0]; i++) {
        blob b = make_blob(i ? lengths[i - 1] : sizeof huge - 1, huge, NULL, i ? 0 : 8);
        assert_int_equal(rnl_net_decode(&none, b.bytes, b.size, "blob", "affine 4", NULL),
                         RNL_ERR_FORMAT);
        assert_null(none);
        expect_text(i ? (i == 1 ? "cut off" : "is no model file") : "is too large");
        free(b.bytes);
    }
}

static void what_a_file_may_not_hold_is_not_encoded(void **state)
{
    (void)state;
    rnl_net *net = noted_net(0, RNL_F32);
    uint8_t *bytes = (uint8_t *)net;
    size_t size = 77;
    rnl_matrix W1 = rnl_net_parameter(net, 0).value;
    rnl_matrix_set(&W1, 1, 2, (double)NAN);
    assert_int_equal(rnl_net_encode(net, &bytes, &size), RNL_ERR_USAGE);
    expect_text("W1[1, 2] is nan");
    assert_null(bytes);
    assert_int_equal(size, 77);
    rnl_net_free(&net);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    rnl_net *net = noted_net(2, RNL_F64), *again;
    blob b;
    long n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        rnl_alloc_fail_after(n);
        status = rnl_net_encode(net, &b.bytes, &b.size);
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        assert_true((status == RNL_OK) == (b.bytes != NULL));
        assert_true(status == RNL_OK || strstr(rnl_error_text(), "no memory"));
    }
    assert_true(n > 12); /* the memory has grown several times */
    n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        rnl_alloc_fail_after(n);
        status = rnl_net_decode(&again, b.bytes, b.size, "blob", NULL, NULL);
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        assert_true((status == RNL_OK) == (again != NULL));
    }
    assert_true(n > 10);
    expect_same_numbers(net, again);
    rnl_encoded_free(&b.bytes);
    rnl_net_free(&again);
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_the_files),
        cmocka_unit_test(bytes_at_any_address_give_the_network),
        cmocka_unit_test(old_files_are_decoded),
        cmocka_unit_test(bytes_cut_anywhere_are_refused),
        cmocka_unit_test(sizes_that_lie_are_refused),
        cmocka_unit_test(what_a_file_may_not_hold_is_not_encoded),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

/* test_onnx_write.c - networks as ONNX files, and back; memory that runs out; a file that must always load */
#include "nets.h"

#include "model/export.h"

/* Every kind of number. GOLDEN/golden-v1.onnx was written from it by version 0.1.0, and is never written again. */
static rnl_net *known_net(rnl_dtype dtype)
{
    rnl_net *net = make_net("affine 5, batchnorm 0.3 0.01, gelu, dropout 0.2, affine 4, "
                            "layernorm 1e-6, leaky_relu 0.3, affine 3, silu, affine 2, softmax 0.1",
                            6, dtype);
    assert_int_equal(rnl_net_set_note(net, "runnel.input.scale", "0.1 0.2 0.3 0.4 0.5 0.6"),
                     RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "runnel.input.shift", "-0.7"), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "runnel.classes", "no\nyes"), RNL_OK);
    return net;
}

static const rnl_export_options options = {.name = "net"};

/* To f32, everything comes back as it was, the state and the notes too. */
static void expect_same(const rnl_net *net, const rnl_net *back)
{
    assert_string_equal(rnl_net_description(net), rnl_net_description(back));
    assert_int_equal(rnl_net_note_count(net), rnl_net_note_count(back));
    for (size_t i = 0; i < rnl_net_note_count(net); i++) {
        const char *key, *value;
        rnl_net_note_at(net, i, &key, &value);
        const char *found = rnl_net_note(back, key);
        assert_string_equal(found ? found : "", value);
    }
    for (size_t i = 0; i < rnl_stored_count(net); i++) {
        const rnl_matrix m = rnl_stored_block(net, i).value, n = rnl_stored_block(back, i).value;
        for (size_t r = 0; r < m.rows; r++)
            for (size_t c = 0; c < m.cols; c++)
                assert_true((float)rnl_matrix_get(&m, r, c) == (float)rnl_matrix_get(&n, r, c));
    }
}

static void there_and_back(void **state)
{
    (void)state;
    for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
        rnl_net *net = known_net((rnl_dtype)dtype), *back;
        assert_int_equal(rnl_net_export(net, "onnx", folder, &options), RNL_OK);
        if (rnl_net_load(&back, in_folder("net.onnx"), NULL, NULL) != RNL_OK)
            fail_msg("%s", rnl_error_text());
        assert_int_equal(rnl_net_dtype(back), RNL_F32);
        expect_same(net, back);
        rnl_net_free(&net);
        rnl_net_free(&back);
    }
}

/* The graph inverts the pixels, and the notes still say that training did: who reads both inverts once. */
static void pictures_dark_on_light(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 2", 3, RNL_F32), *back;
    rnl_input_notes ours, theirs;
    assert_int_equal(rnl_net_set_note(net, "runnel.input.scale", "0.00392156862745098"), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "runnel.input.shift", "0"), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "runnel.dark_on_light", "true"), RNL_OK);
    assert_int_equal(rnl_net_export(net, "onnx", folder, &options), RNL_OK);
    assert_int_equal(rnl_net_load(&back, in_folder("net.onnx"), NULL, NULL), RNL_OK);
    expect_same(net, back);
    assert_int_equal(rnl_input_notes_read(&ours, net), RNL_OK);
    assert_int_equal(rnl_input_notes_read(&theirs, back), RNL_OK);
    assert_true(ours.scale[0] == -1 / 255.0 && ours.shift[0] == 1);
    assert_true(theirs.scale[0] == ours.scale[0] && theirs.shift[0] == ours.shift[0]);
    rnl_input_notes_free(&ours);
    rnl_input_notes_free(&theirs);
    rnl_net_free(&net);
    rnl_net_free(&back);
}

static void memory_runs_out(void **state)
{
    (void)state;
    remove(in_folder("net.onnx"));
    rnl_net *net = known_net(RNL_F32);
    size_t failed = 0;
    for (long n = 1; n < 60; n++) { /* more than are made */
        rnl_alloc_fail_after(n);
        const rnl_status status = rnl_net_export(net, "onnx", folder, &options);
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        assert_int_equal(files_in(folder), status == RNL_OK);
        failed += status != RNL_OK;
        remove(in_folder("net.onnx"));
    }
    assert_true(failed > 10 && failed < 50);
    rnl_net_free(&net);
}

static void what_cannot_be_written(void **state)
{
    (void)state;
    rnl_net *net = known_net(RNL_F32);
    rnl_export_options wrong = options;
    wrong.int8 = true;
    assert_int_equal(rnl_net_export(net, "onnx", folder, &wrong), RNL_ERR_USAGE);
    assert_int_equal(rnl_net_export(net, "onnx", "/nowhere/at/all", &options), RNL_ERR_IO);
    ((float *)rnl_net_parameter(net, 0).value.data)[3] = 0.0f / 0.0f;
    assert_int_equal(rnl_net_export(net, "onnx", folder, &options), RNL_ERR_USAGE);
    rnl_net_free(&net);

    /* gamma / sqrt(var) fits in f32, and gamma alone does not */
    rnl_net_config config = rnl_net_config_default();
    config.inputs = config.outputs = 2;
    config.dtype = RNL_F64;
    assert_int_equal(rnl_net_new(&net, "batchnorm, affine 2", &config), RNL_OK);
    ((double *)rnl_net_parameter(net, 0).value.data)[1] = 1e39;
    ((double *)rnl_net_state(net, 1).value.data)[1] = 1e10;
    assert_int_equal(rnl_net_export(net, "onnx", folder, &options), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), "gamma1[1] is 1e+39, more than f32 can hold");
    rnl_net_free(&net);
}

static void the_first_version_loads_for_ever(void **state)
{
    (void)state;
    rnl_net *net, *golden;
    if (rnl_net_load(&golden, GOLDEN "/golden-v1.onnx", NULL, NULL) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    net = known_net(RNL_F32);
    expect_same(net, golden);
    rnl_net_free(&net);
    rnl_net_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(pictures_dark_on_light),
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(what_cannot_be_written),
        cmocka_unit_test(the_first_version_loads_for_ever),
    };
    return cmocka_run_group_tests_name("onnx_write", tests, folder_make, folder_remove);
}

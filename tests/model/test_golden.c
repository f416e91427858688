/* test_golden.c - files that version 1 of the layout wrote: every later version must load them
 *
 * They were written by rnl_net_save from golden_net and are never written again; a new version of
 * the layout gets new files beside them. GOLDEN is their folder. */
#include "nets.h"

#include "model/safetensors.h"

static const char *const names[2] = {GOLDEN "/golden-v1.safetensors",
                                     GOLDEN "/golden-v1-f64.safetensors"};

static rnl_net *golden_net(rnl_dtype dtype)
{
    rnl_net *net = make_net("affine 3, relu, affine 5, sigmoid, affine 2", 4, dtype);
    assert_int_equal(rnl_net_set_note(net, "runnel.input.shape", "1x2x2"), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "classes", "gr\xc3\xbcn,\"rot\""), RNL_OK);
    return net;
}

static void a_golden_file_loads(void **state)
{
    (void)state;
    for (int dtype = 0; dtype < 2; dtype++) {
        rnl_net *expected = golden_net((rnl_dtype)dtype), *net;
        if (rnl_net_load(&net, names[dtype], NULL, NULL) != RNL_OK)
            fail_msg("%s", rnl_error_text());
        assert_int_equal(rnl_net_dtype(net), dtype);
        assert_int_equal(rnl_net_inputs(net), 4);
        assert_string_equal(rnl_net_description(net), rnl_net_description(expected));
        expect_same_numbers(net, expected);
        assert_int_equal(rnl_net_note_count(net), 2);
        assert_string_equal(rnl_net_note(net, "runnel.input.shape"), "1x2x2");
        assert_string_equal(rnl_net_note(net, "classes"), "gr\xc3\xbcn,\"rot\"");
        rnl_net_free(&net);
        rnl_net_free(&expected);
    }
}

/* As long as the layout is version 1, what is written now differs in the library's version alone. */
static void the_layout_has_not_moved(void **state)
{
    (void)state;
    for (int dtype = 0; dtype < 2; dtype++) {
        rnl_net *net = golden_net((rnl_dtype)dtype);
        rnl_bytes then, now;
        rnl_tensor_file a, b;
        assert_int_equal(rnl_net_save(net, in_folder("now")), RNL_OK);
        assert_int_equal(rnl_file_read(&then, names[dtype]), RNL_OK);
        assert_int_equal(rnl_file_read(&now, in_folder("now")), RNL_OK);
        assert_int_equal(rnl_tensor_file_parse(&a, then.data, then.size), RNL_OK);
        assert_int_equal(rnl_tensor_file_parse(&b, now.data, now.size), RNL_OK);
        assert_int_equal(a.note_count, b.note_count);
        for (size_t i = 0; i < a.note_count; i++) {
            assert_string_equal(a.notes[i].key, b.notes[i].key);
            if (strcmp(a.notes[i].key, "runnel.version") != 0)
                assert_string_equal(a.notes[i].value, b.notes[i].value);
        }
        assert_int_equal(a.count, b.count);
        for (size_t i = 0; i < a.count; i++) {
            const rnl_tensor *s = &a.tensors[i], *t = &b.tensors[i];
            assert_string_equal(s->name, t->name);
            assert_string_equal(s->dtype, t->dtype);
            assert_int_equal(s->rank, t->rank);
            assert_memory_equal(s->shape, t->shape, s->rank * sizeof *s->shape);
            assert_int_equal(s->bytes, t->bytes);
            assert_memory_equal(s->data, t->data, s->bytes);
        }
        rnl_tensor_file_free(&a);
        rnl_tensor_file_free(&b);
        rnl_bytes_free(&then);
        rnl_bytes_free(&now);
        rnl_net_free(&net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_golden_file_loads),
        cmocka_unit_test(the_layout_has_not_moved),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

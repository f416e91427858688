/* test_model.c - networks to files and back: same bytes, same numbers, same notes */
#include "nets.h"

#include "net/net.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* ---- round trips ---------------------------------------------------------------------------------- */

static const char *const descriptions[] = {
    "affine 1",
    "affine 5, relu, affine 3",
    "affine 17, sigmoid, affine 16, relu, affine 15, affine 33, softmax",
    "relu",
    "sigmoid, affine 40",
    "affine 5, batchnorm, leaky_relu 0.2, dropout 0.3, affine 3, layernorm, tanh, mse",
    "batchnorm 0.3 1e-3, elu, gelu, silu, softplus, affine 1, logistic",
    "layernorm, affine 2, batchnorm, batchnorm, huber 0.7",
    "affine 3, softmax 0.1",
    "flatten, affine 3, flatten",
};

static void a_file_gives_back_what_was_saved(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++)
        for (int dtype = 0; dtype < 2; dtype++)
            for (size_t inputs = 1; inputs < 40; inputs += 37) {
                rnl_net *net = make_net(descriptions[i], inputs, (rnl_dtype)dtype), *again;
                rnl_net_set_note(net, "classes", "a,b,\xc3\xbc");
                rnl_net_set_note(net, "runnel.input.scale", "0.00392156862745098");
                rnl_net_set_note(net, "empty", "");
                assert_int_equal(rnl_net_save(net, in_folder("one")), RNL_OK);
                assert_int_equal(rnl_net_load(&again, in_folder("one"), NULL, NULL), RNL_OK);
                const bool numbers = rnl_net_parameter_count(net) > 0; /* else it has no type */
                assert_int_equal(rnl_net_dtype(again), numbers ? dtype : RNL_F32);
                assert_int_equal(rnl_net_inputs(again), inputs);
                assert_string_equal(rnl_net_description(again), rnl_net_description(net));
                expect_same_numbers(net, again);
                assert_int_equal(rnl_net_note_count(again), 3);
                assert_string_equal(rnl_net_note(again, "classes"), "a,b,\xc3\xbc");
                assert_string_equal(rnl_net_note(again, "runnel.input.scale"),
                                    "0.00392156862745098");
                assert_string_equal(rnl_net_note(again, "empty"), "");
                assert_int_equal(rnl_net_save(again, in_folder("two")), RNL_OK);
                expect_same_files(in_folder("one"), in_folder("two"));
                rnl_net_free(&net);
                rnl_net_free(&again);
            }
}

/* The file's description is the text in full, which names the loss too. */
static void the_longest_network_comes_back(void **state)
{
    (void)state;
    enum { LAYERS = 1000 };
    static char text[LAYERS * 10 + 10];
    for (int i = 0; i < LAYERS; i++)
        strcat(text, i ? ",affine 2" : "affine 2");
    rnl_net *net = make_net(text, 2, RNL_F32), *again;
    assert_int_equal(rnl_net_save(net, in_folder("long")), RNL_OK);
    if (rnl_net_load(&again, in_folder("long"), NULL, NULL) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    expect_same_numbers(net, again);
    rnl_net_free(&net);
    rnl_net_free(&again);
    strcat(text, ",affine 2");
    rnl_net_config config = rnl_net_config_default();
    config.outputs = 0;
    assert_int_equal(rnl_net_new(&net, text, &config), RNL_ERR_USAGE);
    expect_text("1001 layers; at most 1000");
}

static void special_numbers_survive(void **state)
{
    (void)state;
    const double numbers[] = {0, -0.0, 0x1p-149, -0x1p-126, 0x1.fffffep127, 0x1.000002p0};
    for (int dtype = 0; dtype < 2; dtype++) {
        rnl_net *net = make_net("affine 2", 2, (rnl_dtype)dtype), *again;
        for (size_t i = 0; i < 6; i++) {
            rnl_matrix value = rnl_net_parameter(net, i / 4).value;
            rnl_matrix_set(&value, i / 4 ? 0 : i / 2, i % 2, numbers[i]);
        }
        assert_int_equal(rnl_net_save(net, in_folder("special")), RNL_OK);
        assert_int_equal(rnl_net_load(&again, in_folder("special"), NULL, NULL), RNL_OK);
        for (size_t i = 0; i < 6; i++) {
            rnl_matrix value = rnl_net_parameter(again, i / 4).value;
            double number = rnl_matrix_get(&value, i / 4 ? 0 : i / 2, i % 2);
            assert_true(number == numbers[i] && signbit(number) == signbit(numbers[i]));
        }
        rnl_net_free(&net);
        rnl_net_free(&again);
    }
}

static void equal_networks_make_equal_files(void **state)
{
    (void)state;
    rnl_net *a = make_net("affine 5,relu,affine 3", 4, RNL_F32),
            *b = make_net("  affine 5, relu, affine 3, softmax", 4, RNL_F32);
    rnl_net_set_note(a, "x", "1");
    rnl_net_set_note(a, "b", "2");
    rnl_net_set_note(b, "b", "2");
    rnl_net_set_note(b, "x", "1");
    assert_int_equal(rnl_net_save(a, in_folder("a")), RNL_OK);
    assert_int_equal(rnl_net_save(b, in_folder("b")), RNL_OK);
    expect_same_files(in_folder("a"), in_folder("b"));
    rnl_net_free(&a);
    rnl_net_free(&b);
}

static void there_is_an_end_of_notes(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 2", 3, RNL_F32);
    char key[16];
    for (int i = 0; i < RNL_NOTES_MOST; i++) {
        snprintf(key, sizeof key, "%d", i);
        assert_int_equal(rnl_net_set_note(net, key, "1"), RNL_OK);
    }
    assert_int_equal(rnl_net_set_note(net, "more", "1"), RNL_ERR_UNSUPPORTED);
    assert_string_equal(rnl_error_text(), "a network has at most 1000 notes");
    assert_int_equal(rnl_net_set_note(net, "7", "2"), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "8", NULL), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "more", "1"), RNL_OK);
    rnl_net_free(&net);
}

static void the_file_looks_like_this(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 2", 3, RNL_F32);
    rnl_net_set_note(net, "note", "text");
    assert_int_equal(rnl_net_save(net, in_folder("look")), RNL_OK);
    rnl_bytes bytes;
    assert_int_equal(rnl_file_read(&bytes, in_folder("look")), RNL_OK);
    char expected[512];
    snprintf(
        expected, sizeof expected,
        "{\"__metadata__\":{\"format\":\"pt\",\"note\":\"text\",\"runnel.format\":\"1\","
        "\"runnel.inputs\":\"3\",\"runnel.net\":\"affine 2, softmax\",\"runnel.version\":\"%s\"},"
        "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
        "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}",
        rnl_version());
    assert_memory_equal(bytes.data + 8, expected, strlen(expected));
    size_t begin = 8 + (strlen(expected) + 7) / 8 * 8;
    assert_int_equal(bytes.size, begin + 32);
    for (size_t o = 0; o < 2; o++) /* [out, in]: our W, turned */
        for (size_t i = 0; i < 3; i++) {
            float number;
            memcpy(&number, bytes.data + begin + 4 * (o * 3 + i), sizeof number);
            assert_true(number == (float)known_number(0, i, o));
        }
    rnl_bytes_free(&bytes);
    rnl_net_free(&net);
}

/* ---- other types, other programs ------------------------------------------------------------------ */

static void the_type_may_be_chosen(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 5, relu, affine 3", 4, RNL_F64), *narrow, *wide;
    assert_int_equal(rnl_net_save(net, in_folder("f64")), RNL_OK);
    rnl_net_config config = rnl_net_config_default();
    config.dtype = RNL_F32;
    config.backend = "portable";
    config.inputs = 99; /* the file knows better */
    assert_int_equal(rnl_net_load(&narrow, in_folder("f64"), NULL, &config), RNL_OK);
    assert_int_equal(rnl_net_dtype(narrow), RNL_F32);
    assert_string_equal(rnl_net_backend(narrow), "portable");
    assert_int_equal(rnl_net_inputs(narrow), 4);
    for (size_t i = 0; i < 4; i++) {
        rnl_matrix a = rnl_net_parameter(net, i).value, b = rnl_net_parameter(narrow, i).value;
        for (size_t r = 0; r < a.rows; r++)
            for (size_t c = 0; c < a.cols; c++)
                assert_true((float)rnl_matrix_get(&a, r, c) == (float)rnl_matrix_get(&b, r, c));
    }
    config.dtype = RNL_F64;
    assert_int_equal(rnl_net_save(narrow, in_folder("f32")), RNL_OK);
    assert_int_equal(rnl_net_load(&wide, in_folder("f32"), NULL, &config), RNL_OK);
    assert_int_equal(rnl_net_dtype(wide), RNL_F64);
    expect_same_numbers(narrow, wide);
    config.backend = "abacus";
    rnl_net *none;
    assert_int_equal(rnl_net_load(&none, in_folder("f32"), NULL, &config), RNL_ERR_UNSUPPORTED);
    assert_null(none);
    expect_text("abacus");
    config.dtype = (rnl_dtype)7;
    assert_int_equal(rnl_net_load(&none, in_folder("f32"), NULL, &config), RNL_ERR_USAGE);
    rnl_net_free(&net);
    rnl_net_free(&narrow);
    rnl_net_free(&wide);
}

/* nn.Sequential in a module, whose name stands before all keys; layers that were made without a bias have 0. */
static void keys_with_a_prefix_and_no_bias(void **state)
{
    (void)state;
    rnl_net *net;
    blob b = make_model("{" TENSOR("module.net.0.weight", "[4,3]", 0, 48) "," TENSOR(
                            "module.net.2.bias", "[2]", 48, 56) "," TENSOR("module.net.2.weight",
                                                                           "[2,4]", 56, 88) "}",
                        22);
    if (decode(&net, b, "affine 4, relu, affine", NULL) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    const rnl_matrix W1 = rnl_net_parameter(net, 0).value, b1 = rnl_net_parameter(net, 1).value,
                     b2 = rnl_net_parameter(net, 3).value;
    assert_true(rnl_matrix_get(&W1, 1, 0) == 1 && rnl_matrix_get(&b2, 0, 1) == 13);
    for (size_t o = 0; o < 4; o++)
        assert_true(rnl_matrix_get(&b1, 0, o) == 0);
    rnl_net_free(&net);
    free(b.bytes);
    b = make_model(
        "{" TENSOR("a.0.weight", "[4,3]", 0, 48) "," TENSOR("b.2.weight", "[2,4]", 48, 80) "}", 20);
    assert_int_equal(decode(&net, b, "affine 4, relu, affine", NULL), RNL_ERR_FORMAT);
    expect_text("its keys do not begin with the number of the layer");
    free(b.bytes);
    b = make_model(
        "{\"__metadata__\":{\"runnel.format\":\"1\",\"runnel.net\":\"affine 4\"}," TENSOR(
            "0.weight", "[4,3]", 0, 48) "}",
        12);
    assert_int_equal(decode(&net, b, NULL, NULL), RNL_ERR_SHAPE); /* our own has all */
    expect_text("\"0.bias\" [4] is missing");
    free(b.bytes);
}

/* As safetensors.torch.save_file writes the state_dict of nn.Sequential(Linear, ReLU, Linear). */
static void a_state_dict_loads_with_a_description(void **state)
{
    (void)state;
    const char *texts[] = {"affine 4, relu, affine 2", "affine 4, sigmoid, affine 2, softmax",
                           "affine 4, relu, affine"};
    blob b = make_model("{" PYTORCH_TENSORS "}", PYTORCH_NUMBERS);
    for (size_t k = 0; k < 3; k++) {
        rnl_net *net;
        assert_int_equal(decode(&net, b, texts[k], NULL), RNL_OK);
        assert_int_equal(rnl_net_inputs(net), 3);
        assert_int_equal(rnl_net_outputs(net), 2);
        assert_int_equal(rnl_net_dtype(net), RNL_F32);
        assert_int_equal(rnl_net_note_count(net), 0);
        rnl_matrix W1 = rnl_net_parameter(net, 0).value, b1 = rnl_net_parameter(net, 1).value,
                   W2 = rnl_net_parameter(net, 2).value, b2 = rnl_net_parameter(net, 3).value;
        for (size_t o = 0; o < 4; o++) {
            assert_true(rnl_matrix_get(&b1, 0, o) == (double)o);
            for (size_t i = 0; i < 3; i++)
                assert_true(rnl_matrix_get(&W1, i, o) == (double)(4 + o * 3 + i));
        }
        for (size_t o = 0; o < 2; o++) {
            assert_true(rnl_matrix_get(&b2, 0, o) == (double)(16 + o));
            for (size_t i = 0; i < 4; i++)
                assert_true(rnl_matrix_get(&W2, i, o) == (double)(18 + o * 4 + i));
        }
        rnl_net_free(&net);
    }
    free(b.bytes);
    rnl_net *net;
    b = make_model(
        "{\"__metadata__\":{\"format\":\"pt\",\"epoch\":\"3\",\"\":\"x\"}," PYTORCH_TENSORS "}",
        PYTORCH_NUMBERS);
    assert_int_equal(decode(&net, b, texts[0], NULL), RNL_OK);
    assert_int_equal(rnl_net_note_count(net), 1);
    assert_string_equal(rnl_net_note(net, "epoch"), "3");
    const char *key, *value;
    rnl_net_note_at(net, 0, &key, &value);
    assert_string_equal(key, "epoch");
    assert_string_equal(value, "3");
    for (size_t i = 1; i < 1000000; i *= 10) {
        rnl_net_note_at(net, i, &key, &value);
        assert_true(key == NULL && value == NULL);
    }
    rnl_net_free(&net);
    free(b.bytes);
}

static void half_precision_files_load_as_f32(void **state)
{
    (void)state;
    static const char header[] =
        "{\"0.weight\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[0,4]},"
        "\"0.bias\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[4,6]}}";
    blob b = make_blob(sizeof header - 1, header, "\x00\x3c\x55\xb5\xc0\x3f", 6);
    rnl_net *net;
    assert_int_equal(decode(&net, b, "affine 1", NULL), RNL_OK);
    assert_int_equal(rnl_net_dtype(net), RNL_F32);
    rnl_matrix W = rnl_net_parameter(net, 0).value, bias = rnl_net_parameter(net, 1).value;
    assert_true(rnl_matrix_get(&W, 0, 0) == 1);
    assert_true(rnl_matrix_get(&W, 1, 0) == -0x555p-12);
    assert_true(rnl_matrix_get(&bias, 0, 0) == 1.5);
    rnl_net_free(&net);
    free(b.bytes);
}

/* A description that says the same in other words is welcome beside the file's own. */
static void a_description_may_be_given_twice(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 5, relu, affine 3", 4, RNL_F32), *again;
    assert_int_equal(rnl_net_save(net, in_folder("twice")), RNL_OK);
    assert_int_equal(rnl_net_load(&again, in_folder("twice"), "affine 5,relu,affine", NULL),
                     RNL_OK);
    expect_same_numbers(net, again);
    rnl_net_free(&again);
    assert_int_equal(rnl_net_load(&again, in_folder("twice"), "affine 5, sigmoid, affine 3", NULL),
                     RNL_ERR_USAGE);
    expect_text("twice: holds the network \"affine 5, relu, affine 3, softmax\", and "
                "\"affine 5, sigmoid, affine 3, softmax\" was asked for");
    rnl_net_free(&net);
}

/* ---- saving fails --------------------------------------------------------------------------------- */

static void numbers_that_are_none_are_not_saved(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 5, relu, affine 3", 4, RNL_F32);
    assert_int_equal(rnl_net_save(net, in_folder("good")), RNL_OK);
    assert_int_equal(rnl_net_save(net, in_folder("kept")), RNL_OK);
    rnl_matrix W2 = rnl_net_parameter(net, 2).value;
    rnl_matrix_set(&W2, 4, 1, (double)NAN);
    assert_int_equal(rnl_net_save(net, in_folder("kept")), RNL_ERR_USAGE);
    expect_text("W2[4, 1] is nan");
    rnl_matrix_set(&W2, 4, 1, (double)-INFINITY);
    assert_int_equal(rnl_net_save(net, in_folder("kept")), RNL_ERR_USAGE);
    expect_text("W2[4, 1] is infinite");
    expect_same_files(in_folder("good"), in_folder("kept"));
    rnl_net_free(&net);
}

/* What no file can hold is refused at once, and the network can still be saved. */
static void the_files_own_notes_are_no_notes(void **state)
{
    (void)state;
    const char *keys[] = {"format", "runnel.format", "runnel.version", "runnel.net",
                          "runnel.inputs"};
    const char *no_utf8[] = {"\xfc", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                             "\x80"};
    rnl_net *net = make_net("affine 1", 1, RNL_F32);
    assert_int_equal(rnl_net_set_note(net, "mine", "\xf0\x9f\x90\x8e \xc3\xbc"), RNL_OK);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rnl_net_set_note(net, keys[i], "mine"), RNL_ERR_USAGE);
        expect_text(keys[i]);
        assert_int_equal(rnl_net_set_note(net, keys[i], NULL), RNL_OK);
    }
    for (size_t i = 0; i < sizeof no_utf8 / sizeof no_utf8[0]; i++) {
        assert_int_equal(rnl_net_set_note(net, "mine", no_utf8[i]), RNL_ERR_USAGE);
        expect_text("the value of the note \"mine\" is no valid UTF-8");
        assert_int_equal(rnl_net_set_note(net, no_utf8[i], "value"), RNL_ERR_USAGE);
        expect_text("is no valid UTF-8");
    }
    assert_int_equal(rnl_net_note_count(net), 1);
    assert_string_equal(rnl_net_note(net, "mine"), "\xf0\x9f\x90\x8e \xc3\xbc");
    assert_int_equal(rnl_net_save(net, in_folder("notes")), RNL_OK);
    rnl_net_free(&net);
    assert_int_equal(rnl_net_load(&net, in_folder("notes"), NULL, NULL), RNL_OK);
    assert_int_equal(rnl_net_note_count(net), 1);
    rnl_net_free(&net);
}

static void a_full_disk_leaves_the_old_model(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 50, relu, affine 10", 784, RNL_F32);
    assert_int_equal(rnl_net_save(net, in_folder("model")), RNL_OK);
    assert_int_equal(rnl_net_save(net, in_folder("same")), RNL_OK);
    rnl_matrix W = rnl_net_parameter(net, 0).value;
    rnl_matrix_set(&W, 0, 0, 12345);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (limit = before, limit.rlim_cur = 0; limit.rlim_cur < 160000; limit.rlim_cur += 53000) {
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        assert_int_equal(rnl_net_save(net, in_folder("model")), RNL_ERR_IO);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        expect_text("/model: cannot write: File too large; what was there before is untouched");
        expect_same_files(in_folder("model"), in_folder("same"));
    }
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(rnl_net_save(net, in_folder("no folder/model")), RNL_ERR_IO);
    expect_text("there is no folder");
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_gives_back_what_was_saved),
        cmocka_unit_test(the_longest_network_comes_back),
        cmocka_unit_test(special_numbers_survive),
        cmocka_unit_test(equal_networks_make_equal_files),
        cmocka_unit_test(there_is_an_end_of_notes),
        cmocka_unit_test(the_file_looks_like_this),
        cmocka_unit_test(the_type_may_be_chosen),
        cmocka_unit_test(a_state_dict_loads_with_a_description),
        cmocka_unit_test(keys_with_a_prefix_and_no_bias),
        cmocka_unit_test(half_precision_files_load_as_f32),
        cmocka_unit_test(a_description_may_be_given_twice),
        cmocka_unit_test(numbers_that_are_none_are_not_saved),
        cmocka_unit_test(the_files_own_notes_are_no_notes),
        cmocka_unit_test(a_full_disk_leaves_the_old_model),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

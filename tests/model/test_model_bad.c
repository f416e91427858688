/* test_model_bad.c - model files that do not fit their network, lie, or end early */
#include "nets.h"

#include <math.h>
#include <sys/resource.h>

#define NET(description) "{\"__metadata__\":{\"runnel.net\":\"" description "\"},"
#define NET_AND(description, more)                                                                 \
    "{\"__metadata__\":{\"runnel.net\":\"" description "\"," more "},"

static const struct misfit {
    const char *header;
    size_t numbers;
    const char *description;
    rnl_status status;
    const char *words[3];
} misfits[] = {
    /* which network is it? */
    {"{" PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_USAGE,
     {"does not say which network it holds", "name the layers", "\"0.weight\" [4, 3]"}},
    {"{}", 0, NULL, RNL_ERR_USAGE, {"does not say", "name the layers", "no tensor"}},
    {"{}",
     0,
     "relu",
     RNL_ERR_FORMAT,
     {"number of inputs is not known", "\"0.weight\"", "no tensor"}},
    {"{" TENSOR("fc1.weight", "[4,3]", 0, 48) "}",
     12,
     "affine 4",
     RNL_ERR_FORMAT,
     {"its keys do not begin with the number of the layer", "docs/pytorch.md",
      "the file has \"fc1.weight\" [4, 3]"}},
    {"{" TENSOR("0.weight", "[4,0]", 0, 0) "}",
     0,
     "affine 4",
     RNL_ERR_FORMAT,
     {"inputs", "[4, 0]", ""}},
    {"{" PYTORCH_TENSORS "}", 26, "affine 4, rleu, affine 2", RNL_ERR_USAGE, {"rleu", "relu", ""}},
    {"{" PYTORCH_TENSORS "}", 26, "", RNL_ERR_USAGE, {"no layer", "", ""}},
    {NET("affine 4, rleu, affine 2") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_FORMAT,
     {"runnel.net: ", "\"rleu\"", "did you mean relu?"}},
    {NET("affine 4\\u001b[31m") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_FORMAT,
     {"control character", "", ""}},
    {NET_AND("affine 4, relu, affine 2", "\"runnel.inputs\":\"0\"") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_FORMAT,
     {"runnel.inputs is \"0\"", "number from 1 on", ""}},
    {NET_AND("affine 4, relu, affine 2", "\"runnel.inputs\":\"3 \"") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_FORMAT,
     {"runnel.inputs is \"3 \"", "", ""}},
    {NET_AND("affine 4, relu, affine 2", "\"runnel.inputs\":\"99999999999999999999\"")
         PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_FORMAT,
     {"runnel.inputs is", "", ""}},
    {NET_AND("affine 4, relu, affine 2", "\"runnel.format\":\"2\",\"runnel.version\":\"9.1\"")
         PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_UNSUPPORTED,
     {"written by runnel \"9.1\"", "format \"2\"", "this is runnel"}},
    /* do the tensors fit it? */
    {NET("affine 4, relu, affine 2, relu, affine 2") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_SHAPE,
     {"\"4.weight\" [2, 2] is missing", "\"affine 4, relu, affine 2, relu, affine 2, softmax\"",
      "the file has \"0.bias\" [4], \"0.weight\" [4, 3]"}},
    {"{" PYTORCH_TENSORS "}",
     26,
     "affine 4",
     RNL_ERR_SHAPE,
     {"\"2.bias\" [2] has no place in the network \"affine 4, softmax\"",
      "which has \"0.weight\" [4, 3], \"0.bias\" [4]", ""}},
    {"{" TENSOR("1.bias", "[4]", 0, 16) "," TENSOR("1.weight", "[4,3]", 16, 64) "}",
     16,
     "affine 4",
     RNL_ERR_SHAPE,
     {"\"1.bias\" [4] has no place", "which has \"0.weight\" [4, 3]", ""}},
    {NET("affine 5, relu, affine 2") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_SHAPE,
     {"\"0.weight\" has the shape [4, 3]", "needs [5, 3]", ""}},
    {"{" TENSOR("0.weight", "[3,4]", 0, 48) "," TENSOR("0.bias", "[4]", 48, 64) "}",
     16,
     "affine 4",
     RNL_ERR_SHAPE,
     {"\"0.weight\" has the shape [3, 4] and looks transposed", "[outputs, inputs]",
      "has 4 outputs"}},
    {"{" PYTORCH_TENSORS "}",
     26,
     "affine 4, relu, affine 4",
     RNL_ERR_SHAPE,
     {"\"2.weight\" has the shape [2, 4]", "needs [4, 4]", ""}},
    {"{" TENSOR("0.weight", "[4,3]", 0, 48) "," TENSOR("0.bias", "[4]", 48, 64) "," TENSOR(
         "2.weight", "[4,2]", 64, 96) "," TENSOR("2.bias", "[2]", 96, 104) "}",
     26,
     "affine 4, relu, affine 2",
     RNL_ERR_SHAPE,
     {"\"2.weight\" has the shape [4, 2] and looks transposed", "has 2 outputs", ""}},
    {NET_AND("affine 4, relu, affine 2", "\"runnel.inputs\":\"5\"") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_SHAPE,
     {"\"0.weight\" has the shape [4, 3]", "needs [4, 5]", ""}},
    {NET("affine 2") TENSOR("0.weight", "[2,2]", 0, 16) "," TENSOR("0.bias", "[1,2]", 16, 24) "}",
     6,
     NULL,
     RNL_ERR_SHAPE,
     {"\"0.bias\" has the shape [1, 2]", "needs [2]", ""}},
    {NET("affine 2") TENSOR("0.weight", "[4]", 0, 16) "," TENSOR("0.bias", "[2]", 16, 24) "}",
     6,
     NULL,
     RNL_ERR_SHAPE,
     {"\"0.weight\" has the shape [4]", "needs [2, 4]", ""}},
    {NET("affine 2") TENSOR("0.weight", "[2,2]", 0, 16) "," TENSOR("0.bias", "[]", 16, 20) "}",
     5,
     NULL,
     RNL_ERR_SHAPE,
     {"\"0.bias\" has the shape []", "needs [2]", ""}},
    {NET("affine 1")
         TENSOR("0.weight", "[1,1]", 0,
                4) ",\"0.bias\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
     2,
     NULL,
     RNL_ERR_UNSUPPORTED,
     {"\"0.bias\" holds numbers of the type I32", "F16 and BF16 can be loaded", ""}},
    /* a description that would take 2^48 numbers, from a file of 26 */
    {NET("affine 16777216, relu, affine 16777216") PYTORCH_TENSORS "}",
     26,
     NULL,
     RNL_ERR_SHAPE,
     {"needs [16777216, 3]", "", ""}},
};

static void refuses_with_names_and_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        const struct misfit *m = &misfits[i];
        blob b = make_model(m->header, m->numbers);
        rnl_net *net;
        rnl_status status = decode(&net, b, m->description, NULL);
        assert_null(net);
        for (size_t k = 0; k < 3; k++)
            if (status != m->status || !strstr(rnl_error_text(), m->words[k]))
                fail_msg("%s\ngave %s: %s\nwithout %s", m->header, rnl_status_name(status),
                         rnl_error_text(), m->words[k]);
        free(b.bytes);
    }
}

static void the_text_begins_with_the_path(void **state)
{
    (void)state;
    rnl_net *net;
    assert_int_equal(rnl_net_load(&net, in_folder("nothing"), NULL, NULL), RNL_ERR_IO);
    assert_null(net);
    assert_int_equal(
        strncmp(rnl_error_text(), in_folder("nothing: "), strlen(in_folder("nothing: "))), 0);
    FILE *f = fopen(in_folder("text"), "w");
    assert_non_null(f);
    fprintf(f, "sepal,petal\n");
    fclose(f);
    assert_int_equal(rnl_net_load(&net, in_folder("text"), NULL, NULL), RNL_ERR_FORMAT);
    assert_int_equal(
        strncmp(rnl_error_text(), in_folder("text: is no "), strlen(in_folder("text: is no "))), 0);
}

static void numbers_that_are_none_are_not_loaded(void **state)
{
    (void)state;
    const struct {
        double number;
        rnl_dtype dtype;
        const char *words;
    } cases[] = {
        {(double)NAN, RNL_F32, "\"0.weight\"[1, 2] is nan"},
        {-(double)NAN, RNL_F64, "\"0.weight\"[1, 2] is nan"},
        {(double)-INFINITY, RNL_F32, "\"0.weight\"[1, 2] is -inf"},
        {1e300, RNL_F32, "\"0.weight\"[1, 2] is 1e+300, more than f32 can hold"},
        {1e300, RNL_F64, NULL},
        {3.4028235677973366e38, RNL_F32, "more than f32"}, /* the first to be rounded up */
        {3.4028235677973362e38, RNL_F32, NULL},            /* the last to be rounded down */
    };
    static const char header[] =
        NET("affine 2") "\"0.weight\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]},"
                        "\"0.bias\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[48,64]}}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double numbers[8] = {0};
        numbers[5] = cases[i].number;
        blob b = make_blob(sizeof header - 1, header, numbers, sizeof numbers);
        rnl_net_config config = rnl_net_config_default();
        config.dtype = cases[i].dtype;
        rnl_net *net;
        rnl_status status = decode(&net, b, NULL, &config);
        if (cases[i].words) {
            assert_int_equal(status, RNL_ERR_FORMAT);
            expect_text(cases[i].words);
            assert_null(net);
        } else {
            assert_int_equal(status, RNL_OK);
        }
        rnl_net_free(&net);
        free(b.bytes);
    }
}

static blob saved_blob(void)
{
    rnl_net *net = make_net("affine 3, relu, affine 2", 2, RNL_F32);
    rnl_net_set_note(net, "classes", "even,odd");
    rnl_bytes bytes;
    assert_int_equal(rnl_net_save(net, in_folder("model")), RNL_OK);
    assert_int_equal(rnl_file_read(&bytes, in_folder("model")), RNL_OK);
    const blob whole = {bytes.data, bytes.size};
    const blob b = cut_blob(whole, whole.size);
    rnl_bytes_free(&bytes);
    rnl_net_free(&net);
    return b;
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    blob whole = saved_blob();
    rnl_net *net;
    for (size_t size = 0; size < whole.size; size++) {
        blob b = cut_blob(whole, size);
        assert_int_equal(decode(&net, b, NULL, NULL), RNL_ERR_FORMAT);
        assert_null(net);
        free(b.bytes);
    }
    assert_int_equal(decode(&net, whole, NULL, NULL), RNL_OK);
    rnl_net_free(&net);
    free(whole.bytes);
}

/* A changed byte gives an error, or a network of the same form, or notes that differ; no more. */
static void any_changed_byte_is_survived(void **state)
{
    (void)state;
    blob whole = saved_blob();
    unsigned loaded = 0, refused = 0;
    for (size_t i = 0; i < whole.size; i++)
        for (unsigned flip = 1; flip < 256; flip *= 2) {
            blob b = cut_blob(whole, whole.size);
            b.bytes[i] = (unsigned char)(b.bytes[i] ^ flip);
            rnl_net *net;
            if (decode(&net, b, NULL, NULL) == RNL_OK) {
                assert_int_equal(rnl_net_size(net), 17);
                loaded++;
            } else {
                assert_null(net);
                refused++;
            }
            rnl_net_free(&net);
            free(b.bytes);
        }
    assert_true(loaded > 300 && refused > 1000);
    free(whole.bytes);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 3, relu, affine 2", 2, RNL_F32), *again;
    rnl_net_set_note(net, "classes", "even,odd");
    assert_int_equal(rnl_net_save(net, in_folder("good")), RNL_OK);
    assert_int_equal(rnl_net_save(net, in_folder("kept")), RNL_OK);
    long n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        rnl_alloc_fail_after(n);
        status = rnl_net_save(net, in_folder("kept"));
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        expect_same_files(in_folder("kept"), in_folder("good"));
    }
    assert_true(n > 8);
    n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        rnl_alloc_fail_after(n);
        status = rnl_net_load(&again, in_folder("good"), "affine 3, relu, affine", NULL);
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        assert_true((status == RNL_OK) == (again != NULL));
    }
    assert_true(n > 20);
    expect_same_numbers(net, again);
    rnl_net_free(&again);
    rnl_net_free(&net);
    const struct { /* the sentences that list tensors take memory too */
        const char *header, *description;
        rnl_status status;
    } lists[] = {{"{" PYTORCH_TENSORS "}", NULL, RNL_ERR_USAGE},
                 {"{" PYTORCH_TENSORS "}", "affine 4", RNL_ERR_SHAPE}};
    for (size_t i = 0; i < 2; i++) {
        blob b = make_model(lists[i].header, PYTORCH_NUMBERS);
        n = 1;
        for (rnl_status status = RNL_ERR_MEMORY; status == RNL_ERR_MEMORY; n++) {
            rnl_alloc_fail_after(n);
            status = decode(&again, b, lists[i].description, NULL);
            rnl_alloc_fail_after(0);
            assert_true(status == lists[i].status || status == RNL_ERR_MEMORY);
            assert_null(again);
        }
        free(b.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_names_and_shapes),
        cmocka_unit_test(the_text_begins_with_the_path),
        cmocka_unit_test(numbers_that_are_none_are_not_loaded),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(any_changed_byte_is_survived),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

/* test_onnx.c - graphs that are networks: which layers they become, and with what numbers */
#include "onnx_files.h"

#include "base/matrix.h"

static void expect_net(rnl_net *net, const char *description)
{
    assert_string_equal(rnl_net_description(net), description);
    rnl_net_free(&net);
}

static void expect_number(const rnl_net *net, size_t block, size_t r, size_t c, double expected)
{
    const rnl_matrix m = rnl_net_parameter(net, block).value;
    const double found = rnl_matrix_get(&m, r, c);
    if (!(found - expected < 1e-6 && expected - found < 1e-6))
        fail_msg("%s[%zu, %zu] is %g, not %g", rnl_net_parameter(net, block).name, r, c, found,
                 expected);
}

/* W[j, k] = alpha B[k, j], b = beta C. B: 0.25, 0.5, ... */
static void gemm_with_all_its_attributes(void **state)
{
    (void)state;
    onnx_begin("N 2", 13);
    onnx_node("Gemm", "x B C", "y");
    onnx_int("transB", 1);
    onnx_int("transA", 0);
    onnx_float("alpha", 2);
    onnx_float("beta", 0.5f);
    onnx_floats("B", "3x2", NULL);
    onnx_floats("C", "3", NULL);
    rnl_net *net = onnx_net("y", NULL);
    for (size_t j = 0; j < 2; j++)
        for (size_t k = 0; k < 3; k++)
            expect_number(net, 0, j, k, 2 * (double)(k * 2 + j + 1) / 4);
    for (size_t k = 0; k < 3; k++)
        expect_number(net, 1, 0, k, 0.5 * (double)(k + 1) / 4);
    expect_net(net, "affine 3, softmax");

    onnx_begin("N 2", 13); /* a bias of one number, and none */
    onnx_node("Gemm", "x B C", "h");
    onnx_node("Gemm", "h D", "y");
    onnx_floats("B", "2x3", NULL);
    onnx_floats("C", "1x1", NULL);
    onnx_floats("D", "3x2", NULL);
    net = onnx_net("y", NULL);
    expect_number(net, 0, 1, 0, 1);
    expect_number(net, 1, 0, 2, 0.25);
    expect_number(net, 3, 0, 1, 0);
    expect_net(net, "affine 3, affine 2, softmax");
}

/* y = ((x W + b) * 2 - 1) / 4, in whatever order the operands stand */
static void constants_behind_a_layer_become_its_own(void **state)
{
    (void)state;
    onnx_begin("N 2", 13);
    onnx_node("MatMul", "x W", "a");
    onnx_node("Add", "b a", "c");
    onnx_node("Mul", "c two", "d");
    onnx_node("Sub", "d one", "e");
    onnx_node("Div", "e four", "f");
    onnx_node("Sub", "one f", "y");
    onnx_floats("W", "2x2", NULL);
    onnx_floats("b", "2", NULL);
    onnx_floats("one", "", &(float){1});
    onnx_floats("two", "1", &(float){2});
    onnx_floats("four", "1x1", &(float){4});
    rnl_net *net = onnx_net("y", NULL);
    expect_number(net, 0, 0, 1, -0.5 / 2);
    expect_number(net, 0, 1, 0, -0.75 / 2);
    expect_number(net, 1, 0, 0, 1 - (0.25 * 2 - 1) / 4);
    expect_number(net, 1, 0, 1, 1 - (0.5 * 2 - 1) / 4);
    expect_net(net, "affine 2, softmax");
}

static void each_activation(void **state)
{
    (void)state;
    onnx_begin("N 3", 20);
    onnx_node("Relu", "x", "a");
    onnx_node("Sigmoid", "a", "b");
    onnx_node("Tanh", "b", "c");
    onnx_node("Softplus", "c", "d");
    onnx_node("LeakyRelu", "d", "e");
    onnx_node("LeakyRelu", "e", "f");
    onnx_float("alpha", 0.2f);
    onnx_node("Elu", "f", "g");
    onnx_node("Elu", "g", "h");
    onnx_float("alpha", 0.7f);
    onnx_node("Gelu", "h", "i");
    onnx_node("Identity", "i", "j");
    onnx_node("Sigmoid", "j", "k");
    onnx_node("Mul", "k j", "l"); /* silu */
    onnx_node("Mul", "l half", "m");
    onnx_node("Mul", "l rate", "n");
    onnx_node("Erf", "n", "o");
    onnx_node("Add", "one o", "p");
    onnx_node("Mul", "p m", "y"); /* gelu */
    onnx_floats("half", "", &(float){0.5f});
    onnx_floats("rate", "", &(float){0.70710678f});
    onnx_floats("one", "", &(float){1});
    expect_net(onnx_net("y", NULL), "relu, sigmoid, tanh, softplus, leaky_relu 0.01, leaky_relu "
                                    "0.2, elu 1, elu 0.7, gelu, silu, gelu, softmax");
}

static void norms(const char *square)
{
    onnx_begin("5 2", 17);
    onnx_node("BatchNormalization", "x g b m v", "a");
    onnx_float("momentum", 0.8f);
    onnx_float("epsilon", 1e-3f);
    onnx_node("LayerNormalization", "a g b", "c");
    onnx_node("LayerNormalization", "c g", "d");
    onnx_int("axis", 1);
    onnx_float("epsilon", 0.01f);
    onnx_node("ReduceMean", "d", "e");
    RnlOnnx__AttributeProto *axes =
        onnx_attribute("axes", RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    axes->n_ints = 1;
    axes->ints = &(int64_t){-1};
    onnx_node("Sub", "d e", "f");
    onnx_node(strcmp(square, "f two") == 0 ? "Pow" : "Mul", square, "h");
    onnx_node("ReduceMean", "h last", "i");
    onnx_node("Add", "i eps", "j");
    onnx_node("Sqrt", "j", "k");
    onnx_node("Div", "f k", "l");
    onnx_node("Mul", "l g", "n");
    onnx_node("Add", "n b", "y");
    onnx_floats("g", "2", NULL);
    onnx_floats("b", "2", (const float[]){5, 6});
    onnx_floats("m", "2", (const float[]){7, 8});
    onnx_floats("v", "2", (const float[]){9, 10});
    onnx_floats("two", "", &(float){2});
    onnx_floats("eps", "", &(float){1e-6f});
    RnlOnnx__TensorProto *last = onnx_tensor("last", "1", RNL_ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
    last->n_int64_data = 1;
    last->int64_data = &(int64_t){1};
    file.tensors[file.graph.n_initializer++] = last;
    rnl_net *net = onnx_net("y", NULL);
    const rnl_matrix mean = rnl_net_state(net, 0).value, var = rnl_net_state(net, 1).value;
    assert_true(rnl_matrix_get(&mean, 0, 0) == 7 && rnl_matrix_get(&var, 0, 1) == 10);
    for (size_t i = 0; i < 8; i += 2) {
        expect_number(net, i, 0, 1, 0.5);
        expect_number(net, i + 1, 0, 1, i == 4 ? 0 : 6);
    }
    expect_net(net, "batchnorm 0.2 0.001, layernorm 1e-5, layernorm 0.01, layernorm 1e-6, softmax");
}

static void normalisation(void **state)
{
    (void)state;
    norms("f two");
    norms("f f");
}

static void expect_scaling(const char *scale, const char *shift)
{
    rnl_net *net = onnx_net("y", NULL);
    const char *found = rnl_net_note(net, "runnel.input.scale");
    assert_string_equal(found ? found : "", scale);
    found = rnl_net_note(net, "runnel.input.shift");
    assert_string_equal(found ? found : "", shift);
    rnl_net_free(&net);
}

static void constants_at_the_input_become_its_scaling(void **state)
{
    (void)state;
    onnx_begin("N 2", 13);
    onnx_node("Div", "x full", "a");
    onnx_node("Relu", "a", "y");
    onnx_floats("full", "", &(float){4});
    expect_scaling("0.25", "");

    onnx_begin("N 2", 13); /* (x - [0.25, 0.5]) / [0.25, 0.5] */
    onnx_node("Sub", "x m", "a");
    onnx_node("Div", "a m", "b");
    onnx_node("Relu", "b", "y");
    onnx_floats("m", "2", NULL);
    expect_scaling("4 2", "-1");

    onnx_begin("N 2x2x1", 13); /* a number for each channel, then one for all */
    onnx_node("Mul", "m x", "a");
    onnx_node("Add", "a one", "b");
    onnx_node("Flatten", "b", "c");
    onnx_node("Sub", "one c", "d");
    onnx_node("Relu", "d", "y");
    onnx_floats("m", "1x2x1x1", NULL);
    onnx_floats("one", "", &(float){1});
    expect_scaling("-0.25 -0.25 -0.5 -0.5", "");

    onnx_begin("N 2", 13); /* what was meant before it was rounded to f32 */
    onnx_node("Sub", "x m", "a");
    onnx_node("Mul", "a s", "b");
    onnx_node("Relu", "b", "y");
    onnx_floats("s", "", &(float){1.0f / 255});
    onnx_floats("m", "2", (const float[]){0, 51});
    expect_scaling("0.00392156862745098", "0 -0.2");

    onnx_begin("N 2", 13); /* the note that the graph's number was rounded from */
    onnx_node("Mul", "x s", "a");
    onnx_node("Add", "a t", "b");
    onnx_node("Relu", "b", "y");
    onnx_floats("s", "", &(float){1.0f / 255});
    onnx_floats("t", "2", (const float[]){0.1f, 0.2f});
    onnx_note("runnel.input.scale", "0.00392156862745098 0.00392156862745098");
    onnx_note("runnel.input.shift", "0.1 0.3");
    expect_scaling("0.00392156862745098", "0.1 0.2");
}

/* A network without a scale takes bytes for pixels from 0 to 1: where it is known to be 1, that is told. */
static void a_scaling_that_does_nothing_is_told_where_it_is_known(void **state)
{
    (void)state;
    onnx_begin("N 2", 13);
    onnx_node("Relu", "x", "y");
    expect_scaling("", "");

    onnx_begin("N 2", 13);
    onnx_node("Relu", "x", "y");
    onnx_note("runnel.input.scale", "1");
    onnx_note("runnel.input.shift", "0");
    expect_scaling("1", "0");

    onnx_begin("N 2", 13); /* the graph is right, and the note is not */
    onnx_node("Relu", "x", "y");
    onnx_note("runnel.input.scale", "0.5 0.5");
    expect_scaling("1", "");

    onnx_begin("N 2", 13);
    onnx_node("Sub", "x m", "a");
    onnx_node("Relu", "a", "y");
    onnx_floats("m", "2", NULL);
    expect_scaling("1", "-0.25 -0.5");
}

static void shapes_that_leave_the_samples_apart(void **state)
{
    (void)state;
    static const int64_t shapes[][3] = {{-1, 4}, {0, 4}, {0, -1}, {7, -1}, {-1, 2, 2}, {0, 0, 0}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        onnx_begin(i == 3 ? "7 2x2" : "N 2x2", 13);
        onnx_node("Constant", "", "s");
        RnlOnnx__AttributeProto *a =
            onnx_attribute("value", RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
        a->t = onnx_tensor("", i < 4 ? "2" : "3", RNL_ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
        a->t->has_raw_data = true;
        a->t->raw_data.data = (uint8_t *)(uintptr_t)shapes[i];
        a->t->raw_data.len = (i < 4 ? 2 : 3) * sizeof(int64_t);
        onnx_node("Reshape", "x s", "f");
        onnx_node(i < 4 ? "Identity" : "Flatten", "f", "h");
        onnx_node("MatMul", "h W", "y");
        onnx_floats("W", "4x3", NULL);
        rnl_net *net = onnx_net("y", NULL);
        assert_string_equal(rnl_net_note(net, "runnel.input.shape"), "1x2x2");
        expect_net(net, "affine 3, softmax");
    }
}

static void integer(const char *name, const char *dims, int64_t *number)
{
    RnlOnnx__TensorProto *t = onnx_tensor(name, dims, RNL_ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
    file.tensors[file.graph.n_initializer++] = t;
    t->int64_data = number;
    t->n_int64_data = 1;
}

/* x.view(x.size(0), features): dimension 0 of the shape, joined with the features. */
static void view(int64_t dimension, int64_t features)
{
    static int64_t numbers[3];
    numbers[0] = dimension;
    numbers[2] = features;
    onnx_begin("N 2x2", 13);
    onnx_node("Shape", "x", "s");
    onnx_node("Gather", "s zero", "n");
    onnx_node("Unsqueeze", "n axis", "u");
    onnx_node("Concat", "u rest", "r");
    onnx_node("Reshape", "x r", "f");
    onnx_node("MatMul", "f W", "y");
    onnx_floats("W", "4x3", NULL);
    integer("zero", "", &numbers[0]);
    integer("axis", "1", &numbers[1]);
    integer("rest", "1", &numbers[2]);
}

static void a_view_by_the_number_of_samples(void **state)
{
    (void)state;
    view(0, -1);
    expect_net(onnx_net("y", NULL), "affine 3, softmax");
    view(0, 4);
    expect_net(onnx_net("y", NULL), "affine 3, softmax");
    for (int wrong = 0; wrong < 4; wrong++) {
        view(wrong == 0, wrong == 1 ? 2 : -1);
        if (wrong == 2)
            file.node[3].n_input = 1;
        if (wrong == 3)
            file.node[4].input[0] = onnx_keep("s", 1);
        size_t size;
        uint8_t *bytes = onnx_end("y", &size);
        rnl_net *net;
        assert_int_not_equal(rnl_onnx_decode(&net, bytes, size, NULL, NULL), RNL_OK);
        free(bytes);
    }
}

/* x W -> dropout -> sigmoid */
static void labels(const char *output)
{
    onnx_begin("N 2", 13);
    onnx_node("MatMul", "x W", "a");
    onnx_node("Dropout", "a ratio", "b mask");
    onnx_node("Sigmoid", "b", "c");
    onnx_node("LogSoftmax", "b", "d");
    file.graph.n_node -= strcmp(output, "c") == 0;
    if (strcmp(output, "d") == 0)
        file.nodes[2] = file.nodes[3], file.graph.n_node--;
    onnx_floats("W", "2x3", NULL);
    onnx_floats("ratio", "", &(float){0.3f});
}

static void the_loss_and_what_only_learning_needs(void **state)
{
    (void)state;
    labels("c");
    expect_net(onnx_net("c", NULL), "affine 3, dropout 0.3, logistic");
    labels("d");
    expect_net(onnx_net("d", NULL), "affine 3, dropout 0.3, softmax");
    labels("c");
    expect_net(onnx_net("c", "affine, sigmoid, mse"), "affine 3, sigmoid, mse");
    labels("c");
    expect_net(onnx_net("c", "dropout 0.1, affine, flatten, logistic"),
               "dropout 0.1, affine 3, flatten, logistic");
    labels("c");
    onnx_note("runnel.net", "affine 3, sigmoid, dropout 0.9, huber");
    expect_net(onnx_net("c", NULL), "affine 3, sigmoid, dropout 0.9, huber 1");
    labels("c");
    onnx_note("runnel.net", "affine 4, sigmoid, huber"); /* not this graph: passed over */
    onnx_note("author", "somebody");
    rnl_net *net = onnx_net("c", NULL);
    assert_string_equal(rnl_net_note(net, "author"), "somebody");
    assert_int_equal(rnl_net_note_count(net), 1);
    expect_net(net, "affine 3, dropout 0.3, logistic");

    onnx_begin("N 2", 13);
    onnx_node("MatMul", "x W", "y");
    onnx_floats("W", "2x1", NULL);
    expect_net(onnx_net("y", NULL), "affine 1, mse");

    rnl_net *none;
    labels("d");
    assert_int_equal(onnx_decode(&none, "d", "affine 3, mse"), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(),
                           "holds the network \"affine 3, dropout 0.3, softmax\", "
                           "and \"affine 3, mse\" was asked for"));
    labels("c");
    assert_int_equal(onnx_decode(&none, "c", "affine 3, relu"), RNL_ERR_USAGE);
    assert_null(none);
}

/* PyTorch writes equal tensors once, and Identity for the others; old files list tensors as inputs too. */
static void constants_in_all_their_forms(void **state)
{
    (void)state;
    onnx_begin("N 2", 13);
    onnx_node("Identity", "b", "c");
    onnx_node("Identity", "c", "d");
    onnx_node("Constant", "", "k");
    RnlOnnx__AttributeProto *a =
        onnx_attribute("value_floats", RNL_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);
    a->floats = (float[]){3, 4};
    a->n_floats = 2;
    onnx_node("Gemm", "x W d", "h");
    onnx_node("Add", "h k", "y");
    onnx_floats("W", "2x2", NULL);
    RnlOnnx__TensorProto *b = onnx_tensor("b", "2", RNL_ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE);
    b->double_data = (double[]){0.1, 0.2};
    b->n_double_data = 2;
    file.tensors[file.graph.n_initializer++] = b;
    RnlOnnx__ValueInfoProto also = file.ends[0], *both[] = {&also, &file.ends[0]};
    also.name = b->name;
    file.graph.input = both;
    file.graph.n_input = 2;
    rnl_net *net = onnx_net("y", NULL);
    assert_int_equal(rnl_net_dtype(net), RNL_F64);
    const rnl_matrix found = rnl_net_parameter(net, 1).value;
    assert_true(rnl_matrix_get(&found, 0, 0) == 0.1 + 3 && rnl_matrix_get(&found, 0, 1) == 0.2 + 4);
    expect_net(net, "affine 2, softmax");
}

static void which_bytes_are_onnx(void **state)
{
    (void)state;
    size_t size;
    onnx_begin("N 2", 13);
    uint8_t *bytes = onnx_end("x", &size);
    assert_true(rnl_onnx_is(bytes, size));
    free(bytes);
    assert_false(rnl_onnx_is("\x08\x01\0\0\0\0\0\0{}", 10)); /* a header of 264 bytes */
    assert_false(rnl_onnx_is("", 0));
    assert_false(rnl_onnx_is("\x08", 1));
    assert_false(rnl_onnx_is("PK\3\4", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemm_with_all_its_attributes),
        cmocka_unit_test(constants_behind_a_layer_become_its_own),
        cmocka_unit_test(each_activation),
        cmocka_unit_test(normalisation),
        cmocka_unit_test(constants_at_the_input_become_its_scaling),
        cmocka_unit_test(a_scaling_that_does_nothing_is_told_where_it_is_known),
        cmocka_unit_test(shapes_that_leave_the_samples_apart),
        cmocka_unit_test(a_view_by_the_number_of_samples),
        cmocka_unit_test(the_loss_and_what_only_learning_needs),
        cmocka_unit_test(constants_in_all_their_forms),
        cmocka_unit_test(which_bytes_are_onnx),
    };
    return cmocka_run_group_tests_name("onnx", tests, NULL, NULL);
}

/* test_onnx_bad.c - files that are no ONNX, graphs that are no networks, and memory that runs out */
#include "onnx_files.h"

/* x -> Gemm -> Relu -> Gemm -> y */
static void good(void)
{
    onnx_begin("N 2", 13);
    onnx_node("Gemm", "x W b", "h")->name = onnx_keep("first", 5);
    onnx_node("Relu", "h", "r");
    onnx_node("Gemm", "r V c", "y");
    onnx_int("transB", 1);
    onnx_floats("W", "2x3", NULL);
    onnx_floats("b", "3", NULL);
    onnx_floats("V", "2x3", NULL);
    onnx_floats("c", "2", NULL);
    onnx_note("runnel.classes", "a\nb");
}

static void expect_refused(rnl_status expected, const char *words)
{
    rnl_net *net;
    const rnl_status status = onnx_decode(&net, "y", NULL);
    if (status != expected || net || !strstr(rnl_error_text(), words))
        fail_msg("%s: %s\nexpected was: %s", rnl_status_name(status), rnl_error_text(), words);
}

/* ---- bytes ------------------------------------------------------------------------------------------ */

static void cut_off_anywhere(void **state)
{
    (void)state;
    size_t size;
    good();
    uint8_t *bytes = onnx_end("y", &size);
    rnl_net *net;
    assert_int_equal(rnl_onnx_decode(&net, bytes, size, NULL, NULL), RNL_OK);
    rnl_net_free(&net);
    for (size_t cut = 0; cut < size; cut++) { /* a copy of its own, for memory checkers */
        uint8_t *part = malloc(cut ? cut : 1);
        assert_non_null(part);
        memcpy(part, bytes, cut);
        const rnl_status status = rnl_onnx_decode(&net, part, cut, NULL, NULL);
        free(part);
        if (status == RNL_OK) { /* at the end of the graph and the opset, only notes are lost */
            assert_true(cut > size / 2);
            rnl_net_free(&net);
        } else if (status != RNL_ERR_FORMAT)
            fail_msg("cut at %zu: %s: %s", cut, rnl_status_name(status), rnl_error_text());
    }
    free(bytes);
}

static void decode_bytes(const uint8_t *bytes, size_t size, const char *words)
{
    rnl_net *net;
    assert_int_equal(rnl_onnx_decode(&net, bytes, size, NULL, NULL), RNL_ERR_FORMAT);
    assert_null(net);
    if (!strstr(rnl_error_text(), words))
        fail_msg("%s", rnl_error_text());
}

/* Attribute in graph in attribute in graph ...; and empty messages, which take memory and no bytes. */
static void lying_messages(void **state)
{
    (void)state;
    enum { LEVELS = 300 };
    uint8_t deep[16 * LEVELS];
    size_t at = sizeof deep;
    static const uint8_t tags[] = {0x0a, 0x2a, 0x32}; /* graph.node, node.attribute, attribute.g */
    for (int i = 0; i < LEVELS; i++) {
        const size_t length = sizeof deep - at;
        const bool is_long = length >= 128;
        if (is_long)
            deep[--at] = (uint8_t)(length >> 7);
        deep[--at] = (uint8_t)((length & 127) | (is_long ? 128u : 0));
        deep[--at] = i + 1 == LEVELS ? 0x3a : tags[(LEVELS - 2 - i) % 3];
    }
    decode_bytes(deep + at, sizeof deep - at, "lie in each other more than 16 deep");

    enum { EMPTY = 40000 };
    uint8_t *many = malloc(2 * EMPTY + 4);
    assert_non_null(many);
    memcpy(many, "\x3a\x80\xf1\x04", 4); /* a graph of 80,000 bytes: */
    for (size_t i = 0; i < EMPTY; i++)
        memcpy(many + 4 + 2 * i, "\x2a\0", 2); /* tensors without anything */
    decode_bytes(many, 2 * EMPTY + 4, "more than 64 times its size in memory");
    free(many);
    decode_bytes((const uint8_t *)"\x08\x07", 2, "which version of ONNX's operators");
    decode_bytes((const uint8_t *)"", 0, "which version of ONNX's operators");
    decode_bytes((const uint8_t *)"\x08\x07{\"json\": true}", 16, "no protobuf message");
}

/* Layers may share a matrix, and a small file can tell of many layers that do. */
static void swells(void **state)
{
    (void)state;
    enum { SIDE = 60, LAYERS = 60 };
    char from[8] = "x", to[8], inputs[16];
    onnx_begin("N 60", 13);
    onnx_floats("W", "60x60", NULL);
    for (int i = 0; i < LAYERS; i++, memcpy(from, to, sizeof from)) {
        snprintf(to, sizeof to, "h%d", i);
        snprintf(inputs, sizeof inputs, "%s W", from);
        onnx_node("MatMul", inputs, to);
    }
    size_t size;
    rnl_net *net = NULL;
    uint8_t *bytes = onnx_end(from, &size);
    assert_true((size_t)SIDE * SIDE * LAYERS > 4 * size + (1 << 14));
    assert_int_equal(rnl_onnx_decode(&net, bytes, size, NULL, NULL), RNL_ERR_UNSUPPORTED);
    assert_non_null(strstr(rnl_error_text(), "more numbers than a file of"));
    assert_null(net);
    free(bytes);
}

static void memory_runs_out(void **state)
{
    (void)state;
    size_t size;
    rnl_net *net = NULL;
    good();
    onnx_node("Sigmoid", "y", "s");
    onnx_node("Mul", "s y", "z");
    file.node[0].input[0] = onnx_keep("scaled", 6);
    RnlOnnx__NodeProto *scale = onnx_node("Sub", "x c", "scaled");
    memmove(file.nodes + 1, file.nodes, 5 * sizeof *file.nodes);
    file.nodes[0] = scale;
    onnx_note("runnel.net", "affine 3, relu, dropout 0.5, affine 2, silu");
    uint8_t *bytes = onnx_end("z", &size);
    rnl_status status = RNL_ERR_MEMORY;
    long n = 1;
    for (; status == RNL_ERR_MEMORY; n++) {
        rnl_alloc_fail_after(n);
        status = rnl_onnx_decode(&net, bytes, size, NULL, NULL);
        rnl_alloc_fail_after(0);
        assert_true((status == RNL_OK) == (net != NULL));
    }
    free(bytes);
    if (status != RNL_OK)
        fail_msg("allocation %ld: %s", n - 1, rnl_error_text());
    assert_true(n > 100);
    assert_string_equal(rnl_net_description(net),
                        "affine 3, relu, dropout 0.5, affine 2, silu, softmax");
    assert_string_equal(rnl_net_note(net, "runnel.input.shift"), "-0.25 -0.5");
    rnl_net_free(&net);
}

/* ---- graphs ----------------------------------------------------------------------------------------- */

static void names_that_do_not_fit_together(void **state)
{
    (void)state;
    good();
    file.graph.n_initializer = 3;
    expect_refused(RNL_ERR_FORMAT, "node \"y\" (\"Gemm\"): its input \"c\" is missing");
    good();
    file.tensor[1].name = file.tensor[0].name;
    expect_refused(RNL_ERR_FORMAT, "the name \"W\" stands for two things");
    good();
    file.node[1].output[0] = file.node[0].output[0];
    expect_refused(RNL_ERR_FORMAT, "the name \"h\" stands for two things");
    good();
    file.nodes[0] = &file.node[1];
    file.nodes[1] = &file.node[0];
    expect_refused(RNL_ERR_FORMAT, "the nodes are not in order, or go round in a circle");
    good();
    file.node[0].input[0] = file.node[2].output[0];
    expect_refused(RNL_ERR_FORMAT,
                   "node \"first\" (\"Gemm\"): its input \"y\" is made by a later node");
    good();
    file.node[1].input[0] = file.node[1].output[0];
    expect_refused(RNL_ERR_FORMAT, "its input \"r\" is made by a later node or by itself");
    good();
    file.graph.n_output = 0;
    expect_refused(RNL_ERR_UNSUPPORTED, "its graph has 0 outputs");
    good();
    file.graph.n_input = 0;
    expect_refused(RNL_ERR_FORMAT, "its graph has no input");
    good();
    RnlOnnx__ValueInfoProto second = file.ends[0], *both[] = {&file.ends[0], &second};
    second.name = onnx_keep("x2\n", 3);
    file.graph.input = both;
    file.graph.n_input = 2;
    expect_refused(RNL_ERR_UNSUPPORTED, "its graph has the inputs \"x\" and \"x2?\"");
    good();
    file.node[2].output[0] = onnx_keep("z", 1);
    expect_refused(RNL_ERR_FORMAT, "its output \"y\" is made by no node");
    good();
    file.model.graph = NULL;
    expect_refused(RNL_ERR_FORMAT, "has no graph");
}

static void tensors_that_lie(void **state)
{
    (void)state;
    good();
    file.dims[0][1] = 4;
    expect_refused(RNL_ERR_FORMAT, "\"W\" has the shape [2, 4], 32 bytes, but 24 bytes of data");
    good();
    file.dims[0][1] = -3;
    expect_refused(RNL_ERR_FORMAT, "\"W\" has an impossible shape");
    good();
    file.dims[0][0] = file.dims[0][1] = (int64_t)1 << 40;
    expect_refused(RNL_ERR_FORMAT, "\"W\" has an impossible shape");
    good();
    file.tensor[0].has_raw_data = false;
    expect_refused(RNL_ERR_FORMAT, "\"W\" has the shape [2, 3], 6 numbers, but 0 numbers of data");
    good();
    file.tensor[0].data_type = RNL_ONNX__TENSOR_PROTO__DATA_TYPE__INT8;
    expect_refused(RNL_ERR_UNSUPPORTED, "\"W\" have ONNX's type 3");
    good();
    file.tensor[0].has_data_location = true;
    file.tensor[0].data_location = RNL_ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    expect_refused(
        RNL_ERR_UNSUPPORTED,
        "the numbers of the tensor \"W\" lie in another file; save the model as one file: "
        "torch.onnx.export does so with dynamo=False, or external_data=False");
    good();
    file.numbers[4] = 1.0f / 0.0f;
    expect_refused(RNL_ERR_FORMAT, "number 4 of the tensor \"W\" is infinite");
    good();
    file.tensor[3].n_dims = 0;
    file.tensor[3].raw_data.len = 0;
    expect_refused(RNL_ERR_FORMAT, "\"c\" has the shape [], 4 bytes, but 0 bytes");
    good();
    file.dims[2][0] = 3;
    file.dims[2][1] = 2;
    expect_refused(RNL_ERR_FORMAT,
                   "its matrix \"V\" has the shape [3, 2], transposed, and 3 numbers");
    good();
    file.dims[1][0] = 1;
    file.tensor[1].raw_data.len = 4;
    file.dims[3][0] = 1;
    file.dims[3][1] = 2;
    file.tensor[3].n_dims = 2;
    onnx_dims("N 3");
    expect_refused(RNL_ERR_FORMAT, "its matrix \"W\" has the shape [2, 3], and 3 numbers come in");
    good();
    file.note[0].value[0] = (char)0xff;
    expect_refused(RNL_ERR_FORMAT, "its metadata \"runnel.classes\" are no valid UTF-8");
}

static void inputs_that_are_no_samples(void **state)
{
    (void)state;
    static const struct {
        const char *dims, *words;
    } cases[] = {
        {"5", "its input \"x\" has 1 dimensions"},
        {"N M", "dimension 2 of its input \"x\" has no fixed size"},
        {"N 0", "dimension 2 of its input \"x\" has no fixed size"},
        {"N 2x1", "its samples have the shape [2, 1]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        good();
        onnx_dims(cases[i].dims);
        expect_refused(RNL_ERR_UNSUPPORTED, cases[i].words);
    }
    good();
    onnx_dims("N 4294967296x4294967296x4294967296");
    expect_refused(RNL_ERR_FORMAT, "its input \"x\" has an impossible shape");
    good();
    file.end_tensors[0].elem_type = RNL_ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
    expect_refused(RNL_ERR_UNSUPPORTED, "its input \"x\" has numbers of ONNX's type 2");
    good();
    file.end_tensors[0].shape = NULL;
    expect_refused(RNL_ERR_UNSUPPORTED, "its input \"x\" does not tell its shape");
    good();
    file.opset.version = 6;
    expect_refused(RNL_ERR_UNSUPPORTED, "uses version 6 of ONNX's operators");
    good();
    file.opset.domain = onnx_keep("com.microsoft", 13);
    expect_refused(RNL_ERR_FORMAT, "does not say which version of ONNX's operators");
}

/* One node between the two affine layers is another one. */
static void expect_node_refused(const char *op, const char *inputs, const char *words)
{
    good();
    RnlOnnx__NodeProto *n = onnx_node(op, inputs, "r");
    file.graph.n_node = 3;
    file.nodes[1] = n;
    n->name = onnx_keep("inner", 5);
    expect_refused(RNL_ERR_UNSUPPORTED, words);
}

static void operators_that_no_layer_has(void **state)
{
    (void)state;
    expect_node_refused("Conv", "h W",
                        "node \"inner\" (\"Conv\"): networks here have no such operator");
    expect_node_refused("PRelu", "h b", "node \"inner\" (\"PRelu\"): networks here have no");
    expect_node_refused("Softmax", "h", "node \"inner\" (\"Softmax\"): it stands in the middle");
    expect_node_refused("MatMul", "W h", "its first input is not what the network computes");
    expect_node_refused("MatMul", "h h", "is used 2 times, and these nodes together are no layer");
    expect_node_refused("Div", "b h", "it divides by what the network computes");
    expect_node_refused("Dropout", "h  c", "it is told whether the network learns");
    expect_node_refused("Reshape", "h W", "its new shape has 6 dimensions");
    expect_node_refused("Relu", "b", "\"h\" leads to no output");
    good();
    onnx_node("Tanh", "h", "t");
    expect_refused(RNL_ERR_UNSUPPORTED, "\"h\" is used 2 times");
    good();
    onnx_node("Tanh", "y", "t");
    expect_refused(RNL_ERR_UNSUPPORTED, "its output \"y\" is also used");
    good();
    onnx_node("Tanh", "b", "t");
    expect_refused(RNL_ERR_UNSUPPORTED, "node \"t\" (\"Tanh\"): it does not lie on the way");
    good();
    file.node[1].domain = onnx_keep("mine", 4);
    expect_refused(RNL_ERR_UNSUPPORTED, "node \"r\" (\"Relu\"): networks here have no such");
    good();
    file.node[1].op_type = onnx_keep("Mul", 3);
    file.node[1].n_input = 2;
    file.node[1].input[1] = onnx_keep("c", 1);
    expect_refused(RNL_ERR_UNSUPPORTED, "its constant has the shape [2], and 3 numbers come in");
}

static void attributes_that_change_the_layer(void **state)
{
    (void)state;
    good();
    onnx_int("transA", 1);
    expect_refused(RNL_ERR_UNSUPPORTED, "node \"y\" (\"Gemm\"): its transA turns");
    good();
    onnx_int("broadcast", 1);
    expect_refused(RNL_ERR_UNSUPPORTED, "its attribute \"broadcast\" is not known");
    good();
    onnx_int("transB", 1);
    expect_refused(RNL_ERR_FORMAT, "its attribute transB stands there twice");
    good();
    onnx_int("alpha", 1);
    expect_refused(RNL_ERR_FORMAT, "its attribute alpha is no number");
    good();
    file.node[1].op_type = onnx_keep("LeakyRelu", 9);
    file.graph.n_node = 2;
    onnx_float("alpha", 2);
    file.graph.n_node = 3;
    expect_refused(RNL_ERR_UNSUPPORTED, "slope");
    good();
    file.graph.n_node = 1;
    onnx_floats("var", "3", (const float[]){1, -1, 1});
    onnx_node("BatchNormalization", "h b b b var", "y");
    expect_refused(RNL_ERR_FORMAT, "variance 1 is -1, and a variance is 0 or more");
    good();
    file.graph.n_node = 1;
    onnx_node("BatchNormalization", "h b b b b", "y");
    onnx_int("training_mode", 1);
    expect_refused(RNL_ERR_UNSUPPORTED, "it is one that learns");
    good(); /* as versions 7 to 13 of the operators say it */
    file.graph.n_node = 1;
    onnx_node("BatchNormalization", "h b b b b", "y mean variance");
    expect_refused(RNL_ERR_UNSUPPORTED, "it is one that learns");
    good();
    file.graph.n_node = 1;
    onnx_node("LayerNormalization", "h c", "y");
    expect_refused(RNL_ERR_FORMAT, "its scale \"c\" has the shape [2], and [3] is expected");
    good();
    file.graph.n_node = 1;
    onnx_node("Flatten", "h", "y");
    onnx_int("axis", 0);
    expect_refused(RNL_ERR_UNSUPPORTED, "its axis is 0; only 1 leaves the samples apart");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(lying_messages),
        cmocka_unit_test(swells),
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(names_that_do_not_fit_together),
        cmocka_unit_test(tensors_that_lie),
        cmocka_unit_test(inputs_that_are_no_samples),
        cmocka_unit_test(operators_that_no_layer_has),
        cmocka_unit_test(attributes_that_change_the_layer),
    };
    return cmocka_run_group_tests_name("onnx_bad", tests, NULL, NULL);
}

/* test_export_plan.c - the list of operations that exporters write down: it computes what the network predicts */
#include "nets.h"

#include "base/random.h"
#include "layers/layer.h"
#include "model/export.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- the list, computed by its own words ------------------------------------------------------------ */

static double number_of(const float *numbers, size_t count, size_t j, double absent)
{
    return count == 0 ? absent : (double)numbers[count == 1 ? 0 : j];
}

static void affine(const rnl_export_op *op, double *v)
{
    double y[64];
    assert_true(op->outputs <= COUNT(y));
    assert_int_equal(op->weights, op->inputs * op->outputs);
    assert_int_equal(op->biases, op->outputs);
    for (size_t k = 0; k < op->outputs; k++) {
        y[k] = (double)op->bias[k];
        for (size_t j = 0; j < op->inputs; j++)
            y[k] += v[j] * (double)op->weight[j * op->outputs + k];
    }
    memcpy(v, y, op->outputs * sizeof *v);
}

static void layernorm(const rnl_export_op *op, double *v)
{
    const double n = (double)op->inputs;
    double mean = 0, var = 0;
    for (size_t j = 0; j < op->inputs; j++)
        mean += v[j] / n;
    for (size_t j = 0; j < op->inputs; j++)
        var += (v[j] - mean) * (v[j] - mean) / n;
    for (size_t j = 0; j < op->inputs; j++)
        v[j] =
            (v[j] - mean) / sqrt(var + op->argument) * (double)op->weight[j] + (double)op->bias[j];
}

static void softmax(const rnl_export_op *op, double *v)
{
    double sum = 0;
    for (size_t j = 0; j < op->inputs; j++)
        sum += v[j] = exp(v[j]);
    for (size_t j = 0; j < op->inputs; j++)
        v[j] /= sum;
}

static double activation(const rnl_export_op *op, double x)
{
    switch (op->kind) {
    case RNL_EXPORT_RELU: return x > 0 ? x : 0;
    case RNL_EXPORT_LEAKY_RELU: return x > 0 ? x : op->argument * x;
    case RNL_EXPORT_ELU: return x > 0 ? x : op->argument * (exp(x) - 1);
    case RNL_EXPORT_SIGMOID: return 1 / (1 + exp(-x));
    case RNL_EXPORT_TANH: return tanh(x);
    case RNL_EXPORT_GELU: return x * (1 + erf(x / sqrt(2))) / 2;
    case RNL_EXPORT_SILU: return x / (1 + exp(-x));
    case RNL_EXPORT_SOFTPLUS: return log(1 + exp(x));
    default: fail_msg("kind %d", (int)op->kind); return 0;
    }
}

static void compute(const rnl_export_plan *plan, double *v)
{
    size_t width = plan->inputs;
    for (size_t i = 0; i < plan->ops; i++) {
        const rnl_export_op *op = &plan->op[i];
        assert_int_equal(op->inputs, width);
        width = op->outputs;
        assert_true(width <= plan->widest);
        for (size_t j = 0; j < op->inputs; j++)
            if (op->kind == RNL_EXPORT_SCALE)
                v[j] = (v[j] - (op->center ? (double)op->center[j] : 0)) *
                           number_of(op->weight, op->weights, j, 1) +
                       number_of(op->bias, op->biases, j, 0);
            else if (op->kind != RNL_EXPORT_AFFINE && op->kind != RNL_EXPORT_LAYERNORM &&
                     op->kind != RNL_EXPORT_SOFTMAX)
                v[j] = activation(op, v[j]);
        if (op->kind == RNL_EXPORT_AFFINE)
            affine(op, v);
        if (op->kind == RNL_EXPORT_LAYERNORM)
            layernorm(op, v);
        if (op->kind == RNL_EXPORT_SOFTMAX)
            softmax(op, v);
    }
    assert_int_equal(width, plan->outputs);
}

/* ---- cases ------------------------------------------------------------------------------------------ */

static rnl_net *random_net(const char *description, size_t inputs, rnl_dtype dtype)
{
    rnl_net *net = make_net(description, inputs, dtype);
    rnl_random r = rnl_random_new(5, 600);
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        rnl_matrix value = rnl_net_parameter(net, i).value;
        for (size_t k = 0; k < value.rows; k++)
            for (size_t c = 0; c < value.cols; c++)
                rnl_matrix_set(&value, k, c, 0.5 * rnl_random_normal(&r));
    }
    return net;
}

static void expect_equal_rows(const rnl_net *net, bool probabilities, double *x, size_t inputs)
{
    enum { WIDEST = 64 };
    float x32[WIDEST], y32[WIDEST];
    double y64[WIDEST], v[WIDEST];
    const bool f64 = rnl_net_dtype(net) == RNL_F64;
    const size_t outputs = rnl_net_outputs(net);
    rnl_export_plan plan;
    rnl_workspace *ws;
    if (rnl_export_plan_make(&plan, net, probabilities) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    assert_int_equal(rnl_workspace_new(&ws, net, 1), RNL_OK);
    memcpy(v, x, inputs * sizeof *v);
    compute(&plan, v);
    /* the network takes scaled numbers */
    for (size_t j = 0; j < inputs; j++) {
        const rnl_input_notes *n = &plan.notes;
        x[j] = x[j] * (n->scales ? n->scale[n->scales == 1 ? 0 : j] : 1) +
               (n->shifts ? n->shift[n->shifts == 1 ? 0 : j] : 0);
        x32[j] = (float)x[j];
    }
    rnl_matrix in = f64 ? rnl_matrix_f64(x, 1, inputs) : rnl_matrix_f32(x32, 1, inputs);
    rnl_matrix out = f64 ? rnl_matrix_f64(y64, 1, outputs) : rnl_matrix_f32(y32, 1, outputs);
    assert_int_equal(probabilities ? rnl_net_probabilities(net, ws, in, out)
                                   : rnl_net_predict(net, ws, in, out),
                     RNL_OK);
    for (size_t j = 0; j < outputs; j++) {
        const double y = f64 ? y64[j] : (double)y32[j];
        if (fabs(v[j] - y) > 1e-5 * (1 + fabs(y)))
            fail_msg("\"%s\", output %zu: %.9g, and the list gives %.9g", rnl_net_description(net),
                     j, y, v[j]);
    }
    rnl_workspace_free(&ws);
    rnl_export_plan_free(&plan);
}

static const struct {
    const char *description;
    bool probabilities;
} nets[] = {
    {"affine 7, relu, affine 4", true},
    {"flatten, affine 9, sigmoid, dropout 0.5, affine 3, logistic", true},
    {"batchnorm, affine 8, batchnorm 0.2 0.01, leaky_relu 0.2, affine 6, layernorm 0.01, tanh, mse",
     false},
    {"elu 0.7, gelu, affine 5, silu, softplus, layernorm", false},
    {"affine 1, logistic", true},
};

static void the_list_computes_what_the_network_predicts(void **state)
{
    (void)state;
    static const char *const scales[] = {NULL, "0.00392156862745098", "0.5 -1.25 3 0.1 1e-3"},
                             *const shifts[] = {NULL, "-0.5", "1 2 -3 0.25 0"};
    enum { INPUTS = 5 };
    rnl_random r = rnl_random_new(6, 601);
    for (size_t i = 0; i < COUNT(nets); i++)
        for (size_t k = 0; k < 9; k++)
            for (int dtype = 0; dtype < 2; dtype++) {
                rnl_net *net = random_net(nets[i].description, INPUTS, (rnl_dtype)dtype);
                rnl_net_set_note(net, "runnel.input.scale", scales[k % 3]);
                rnl_net_set_note(net, "runnel.input.shift", shifts[k / 3]);
                for (int p = 0; p <= nets[i].probabilities; p++) {
                    double x[INPUTS];
                    for (size_t j = 0; j < INPUTS; j++)
                        x[j] = 2 * rnl_random_normal(&r);
                    expect_equal_rows(net, p, x, INPUTS);
                }
                rnl_net_free(&net);
            }
}

/* Stored v gives what 255 - v gives a network that was trained on pixels as they were. */
static void what_training_inverted_is_inverted(void **state)
{
    (void)state;
    enum { INPUTS = 3, WIDEST = 4 };
    static const char *const scales[] = {NULL, "0.00392156862745098", "0.5 -1.25 3"},
                             *const shifts[] = {NULL, "-0.5", "1 2 -3"};
    for (size_t k = 0; k < 9; k++) {
        double x[WIDEST] = {0, 250, 17}, inverted[WIDEST];
        rnl_net *net = random_net("affine 4, tanh, affine 2", INPUTS, RNL_F32);
        rnl_export_plan plain, dark;
        rnl_net_set_note(net, "runnel.input.scale", scales[k % 3]);
        rnl_net_set_note(net, "runnel.input.shift", shifts[k / 3]);
        assert_int_equal(rnl_export_plan_make(&plain, net, false), RNL_OK);
        rnl_net_set_note(net, "runnel.dark_on_light", "true");
        assert_int_equal(rnl_export_plan_make(&dark, net, false), RNL_OK);
        for (size_t j = 0; j < INPUTS; j++)
            inverted[j] = 255 - x[j];
        compute(&plain, inverted);
        compute(&dark, x);
        for (size_t j = 0; j < 2; j++)
            assert_true(fabs(x[j] - inverted[j]) <= 1e-5 * (1 + fabs(x[j])));
        rnl_export_plan_free(&plain);
        rnl_export_plan_free(&dark);
        rnl_net_free(&net);
    }
}

static void every_layer_can_be_exported(void **state)
{
    (void)state;
    for (size_t i = 0; rnl_layer_type_at(i); i++) {
        const char *name = rnl_layer_type_at(i)->name;
        rnl_net *net = make_net(strcmp(name, "affine") == 0    ? "affine 2"
                                : strcmp(name, "dropout") == 0 ? "dropout 0.5"
                                                               : name,
                                3, RNL_F32);
        rnl_export_plan plan;
        if (rnl_export_plan_make(&plan, net, false) != RNL_OK)
            fail_msg("%s: %s", name, rnl_error_text());
        rnl_export_plan_free(&plan);
        rnl_net_free(&net);
    }
}

static void scaling_that_does_nothing_is_left_out(void **state)
{
    (void)state;
    rnl_net *net = make_net("dropout 0.5, flatten, affine 2", 3, RNL_F32);
    rnl_export_plan plan;
    rnl_net_set_note(net, "runnel.input.scale", "1");
    rnl_net_set_note(net, "runnel.input.shift", "0");
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    assert_int_equal(plan.ops, 1);
    assert_int_equal(plan.op[0].layer, 2);
    assert_ptr_equal(plan.op[0].weight, rnl_net_parameter(net, 0).value.data);
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
}

static void notes_that_make_no_sense(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *words;
    } bad[] = {
        {"runnel.input.scale", "1 2", "has 2 numbers; one is expected, or one for each of the 3"},
        {"runnel.input.scale", "", "number 1 of its note runnel.input.scale is no number: \"\""},
        {"runnel.input.shift", "1 2 x", "number 3 of its note runnel.input.shift is no number"},
        {"runnel.input.shift", "1  2", "number 2 of its note runnel.input.shift is no number"},
        {"runnel.input.scale", "1e60", "more than f32 can hold"},
        {"runnel.input.scale", "0", "its note runnel.input.scale is 0: nothing of a sample"},
        {"runnel.input.scale", "0 0 1e-400", "its note runnel.input.scale is 0: nothing of a"},
        {"runnel.input.scale", "0x10", "number 1 of its note runnel.input.scale is no number"},
        {"runnel.classes", "a\nb\nc", "names 3 classes, and the network tells 2 apart"},
        {"runnel.input.columns", "{", "the description of a table's columns is no JSON"},
        {"runnel.input.columns",
         "{\"separator\":\",\",\"header\":false,\"missing\":\"zero\",\"task\":\"classes\","
         "\"columns\":[{\"kind\":\"number\"},{\"kind\":\"number\"}]}",
         "tells of 2 inputs, and the network has 3"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        rnl_net *net = make_net("affine 2", 3, RNL_F32);
        rnl_export_plan plan;
        rnl_net_set_note(net, bad[i].key, bad[i].value);
        assert_true(rnl_export_plan_make(&plan, net, false) != RNL_OK);
        expect_text(bad[i].words);
        rnl_net_free(&net);
    }
}

static void classes_are_named(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 1, logistic", 3, RNL_F32);
    rnl_export_plan plan;
    rnl_net_set_note(net, "runnel.classes", "no\nyes, \xc3\xbc");
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    assert_int_equal(plan.notes.classes, 2);
    assert_string_equal(plan.notes.class_name[0], "no");
    assert_string_equal(plan.notes.class_name[1], "yes, \xc3\xbc");
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
    net = make_net("affine 3", 3, RNL_F32); /* more outputs than classes that occurred */
    rnl_net_set_note(net, "runnel.classes", "no\nyes");
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    assert_int_equal(plan.notes.classes, 3);
    assert_string_equal(plan.notes.class_name[1], "yes");
    assert_string_equal(plan.notes.class_name[2], "2");
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
}

static void a_regression_has_no_classes(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 2, mse", 3, RNL_F32);
    rnl_export_plan plan;
    rnl_net_set_note(net, "runnel.classes", "a\nb");
    assert_int_equal(rnl_net_class_count(net), 0);
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    assert_int_equal(plan.notes.classes, 0);
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
}

static void a_regression_has_no_probabilities(void **state)
{
    (void)state;
    rnl_net *net = make_net("affine 1, mse", 3, RNL_F32);
    rnl_export_plan plan;
    assert_int_equal(rnl_export_plan_make(&plan, net, true), RNL_ERR_USAGE);
    expect_text("learnt numbers");
    rnl_net_free(&net);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    rnl_net *net = make_net("batchnorm, affine 2, layernorm, logistic", 3, RNL_F64);
    rnl_net_set_note(net, "runnel.input.scale", "1 2 3");
    rnl_net_set_note(net, "runnel.input.shift", "1");
    rnl_net_set_note(net, "runnel.classes", "a\nb");
    rnl_net_set_note(
        net, "runnel.input.columns",
        "{\"separator\":\",\",\"header\":false,\"missing\":\"zero\",\"task\":\"classes\","
        "\"columns\":[{\"kind\":\"number\"},{\"kind\":\"text\",\"values\":[\"a\",\"b\"]}]}");
    rnl_status status = RNL_ERR_MEMORY;
    long n = 1;
    for (; status == RNL_ERR_MEMORY; n++) {
        rnl_export_plan plan;
        rnl_alloc_fail_after(n);
        status = rnl_export_plan_make(&plan, net, true);
        rnl_alloc_fail_after(0);
        rnl_export_plan_free(&plan);
    }
    assert_int_equal(status, RNL_OK);
    assert_true(n > 8);
    rnl_net_free(&net);
}

/* Batch normalisation of numbers that lie near to each other and far from 0: as runnel's own, to the digits of f32, which
 * x s + (beta - mean s) would lose in its difference. */
static void batchnorm_far_from_zero(void **state)
{
    (void)state;
    enum { INPUTS = 2, SAMPLES = 50 };
    rnl_net *net = make_net("batchnorm, mse", INPUTS, RNL_F32);
    rnl_matrix mean = rnl_net_state(net, 0).value;
    rnl_matrix_set(&mean, 0, 1, 1e5);
    rnl_export_plan plan;
    rnl_workspace *ws;
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    assert_int_equal(rnl_workspace_new(&ws, net, 1), RNL_OK);
    rnl_random r = rnl_random_new(6, 601);
    for (size_t i = 0; i < SAMPLES; i++) {
        float x[INPUTS] = {(float)rnl_random_normal(&r), 1e5f + (float)rnl_random_normal(&r)};
        float y[INPUTS], ours[INPUTS];
        assert_int_equal(rnl_export_run(&plan, NULL, x, y), RNL_OK);
        assert_int_equal(
            rnl_net_predict(net, ws, rnl_matrix_f32(x, 1, INPUTS), rnl_matrix_f32(ours, 1, INPUTS)),
            RNL_OK);
        for (size_t j = 0; j < INPUTS; j++)
            if (fabsf(y[j] - ours[j]) > 1e-6f)
                fail_msg("output %zu: %.9g, and the list gives %.9g", j, (double)ours[j],
                         (double)y[j]);
    }
    rnl_workspace_free(&ws);
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
}

/* ---- weights of 8 bits ------------------------------------------------------------------------------ */

/* An input of large numbers has small weights, one of small numbers large ones: neither is lost beside the other. */
static void large_and_small_inputs_share_8_bits(void **state)
{
    (void)state;
    enum { INPUTS = 4, SAMPLES = 200 };
    static const double size[INPUTS] = {1e6, 1, 1e-4, 30};
    rnl_net *net = random_net("affine 6, relu, affine 2, mse", INPUTS, RNL_F32);
    rnl_matrix W = rnl_net_parameter(net, 0).value;
    for (size_t j = 0; j < INPUTS; j++)
        for (size_t k = 0; k < W.cols; k++)
            rnl_matrix_set(&W, j, k, rnl_matrix_get(&W, j, k) / size[j]);
    rnl_export_plan exact, small;
    assert_int_equal(rnl_export_plan_make(&exact, net, false), RNL_OK);
    assert_int_equal(rnl_export_plan_make(&small, net, false), RNL_OK);
    assert_int_equal(rnl_export_quantize(&small), RNL_OK);
    rnl_random r = rnl_random_new(6, 601);
    double error = 0, all = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        float x[INPUTS], y[2], y8[2];
        for (size_t j = 0; j < INPUTS; j++)
            x[j] = (float)(size[j] * rnl_random_normal(&r));
        assert_int_equal(rnl_export_run(&exact, NULL, x, y), RNL_OK);
        assert_int_equal(rnl_export_run(&small, NULL, x, y8), RNL_OK);
        for (size_t k = 0; k < 2; k++) {
            error += pow((double)(y8[k] - y[k]), 2);
            all += pow((double)y[k], 2);
        }
    }
    if (sqrt(error / all) > 0.02)
        fail_msg("weights of 8 bits are %.2g of the answers off", sqrt(error / all));
    rnl_export_plan_free(&small);
    rnl_export_plan_free(&exact);
    rnl_net_free(&net);
}

/* What was NaN on the way is NaN in the end, as in runnel's own layers. */
static void nan_passes_all_activations(void **state)
{
    (void)state;
    rnl_net *net =
        make_net("elu, gelu, silu, softplus, tanh, sigmoid, relu, leaky_relu, mse", 1, RNL_F32);
    rnl_export_plan plan;
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    float x = NAN, y = 0;
    assert_int_equal(rnl_export_run(&plan, NULL, &x, &y), RNL_OK);
    assert_true(isnan(y));
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
}

/* Inputs and outputs whose weights are all 0; inputs that are 0, tiny, NaN and infinite. */
static void weights_of_8_bits_at_the_edges(void **state)
{
    (void)state;
    enum { INPUTS = 3, OUTPUTS = 2 };
    static const float W[INPUTS][OUTPUTS] = {{0, 0}, {2, 0}, {-1, 0}};
    static const float x[][INPUTS] = {{0, 0, 0},      {5, 0, 0},   {1e30f, 1, 1},
                                      {0, 1e-40f, 0}, {0, NAN, 1}, {INFINITY, 1, 1}};
    static const float y[] = {0.5f, 0.5f, 0.5f,
                              0.5f, NAN,  NAN}; /* of output 0, whose bias is 0.5 */
    rnl_net *net = make_net("affine 2, mse", INPUTS, RNL_F32);
    rnl_matrix weight = rnl_net_parameter(net, 0).value, bias = rnl_net_parameter(net, 1).value;
    for (size_t j = 0; j < INPUTS; j++)
        for (size_t k = 0; k < OUTPUTS; k++)
            rnl_matrix_set(&weight, j, k, (double)W[j][k]);
    rnl_matrix_set(&bias, 0, 0, 0.5);
    rnl_export_plan plan;
    assert_int_equal(rnl_export_plan_make(&plan, net, false), RNL_OK);
    assert_int_equal(rnl_export_quantize(&plan), RNL_OK);
    for (size_t i = 0; i < COUNT(x); i++) {
        float got[OUTPUTS];
        assert_int_equal(rnl_export_run(&plan, NULL, x[i], got), RNL_OK);
        if (isnan(y[i]) ? !isnan(got[0]) : fabsf(got[0] - y[i]) > 1e-6f)
            fail_msg("sample %zu: %g", i, (double)got[0]);
    }
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_computes_what_the_network_predicts),
        cmocka_unit_test(what_training_inverted_is_inverted),
        cmocka_unit_test(every_layer_can_be_exported),
        cmocka_unit_test(scaling_that_does_nothing_is_left_out),
        cmocka_unit_test(notes_that_make_no_sense),
        cmocka_unit_test(classes_are_named),
        cmocka_unit_test(a_regression_has_no_classes),
        cmocka_unit_test(a_regression_has_no_probabilities),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(batchnorm_far_from_zero),
        cmocka_unit_test(large_and_small_inputs_share_8_bits),
        cmocka_unit_test(nan_passes_all_activations),
        cmocka_unit_test(weights_of_8_bits_at_the_edges),
    };
    return cmocka_run_group_tests_name("export_plan", tests, NULL, NULL);
}

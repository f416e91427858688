/* test_run.c - what the calls that run a network refuse, and with which sentence */
#include "runnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { INPUTS = 3, OUTPUTS = 2, N = 2 };

static void expect(rnl_status status, const char *sentence)
{
    assert_int_equal(status, RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), sentence);
}

static void refuses_what_does_not_belong_together(void **state)
{
    (void)state;
    const rnl_net_config config = {.inputs = INPUTS, .outputs = OUTPUTS};
    const int32_t classes[N] = {0, 1};
    float in[N * INPUTS] = {0}, out[N * OUTPUTS];
    double number;
    rnl_net *nets[2];
    rnl_workspace *ws;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(rnl_net_new(&nets[i], "affine", &config), RNL_OK);
    assert_int_equal(rnl_workspace_new(&ws, nets[0], N), RNL_OK);
    static const char other[] = "the workspace was planned for another network";
    const rnl_matrix x = rnl_matrix_f32(in, N, INPUTS), y = rnl_matrix_f32(out, N, OUTPUTS);
    const rnl_targets t = rnl_targets_classes(classes, N);
    rnl_gradients *g;
    assert_int_equal(rnl_gradients_new(&g, nets[0]), RNL_OK);
    ((float *)rnl_net_parameter(nets[0], 0).value.data)[0] = 1;
    expect(rnl_net_numerical_gradient(nets[0], NULL, x, t, 1e-12, 1, g),
           "h is 1e-12: too small beside a parameter for the precision of the network");
    rnl_gradients_free(&g);
    expect(rnl_net_predict(nets[1], ws, x, y), other);
    expect(rnl_net_probabilities(nets[1], ws, x, y), other);
    expect(rnl_net_loss(nets[1], ws, x, t, &number), other);
    expect(rnl_net_accuracy(nets[1], ws, x, t, &number), other);
    assert_int_equal(rnl_net_predict(nets[0], ws, x, y), RNL_OK);
    rnl_matrix strange = x;
    strange.dtype = (rnl_dtype)2;
    expect(rnl_net_predict(nets[0], ws, strange, y), "x: dtype 2 is neither RNL_F32 nor RNL_F64");
    rnl_workspace_free(&ws);
    rnl_net_free(&nets[0]);
    rnl_net_free(&nets[1]);
}

/* A new network often gets the address of one that was freed. */
static void refuses_what_was_made_for_a_freed_network(void **state)
{
    (void)state;
    const rnl_net_config config = {.inputs = INPUTS, .outputs = OUTPUTS};
    const int32_t classes[N] = {0, 1};
    float in[N * INPUTS] = {0}, out[N * OUTPUTS] = {0};
    const rnl_matrix x = rnl_matrix_f32(in, N, INPUTS), y = rnl_matrix_f32(out, N, OUTPUTS);
    const rnl_targets t = rnl_targets_classes(classes, N);
    static const char workspace[] = "the workspace was planned for another network",
                      gradients[] = "the gradients were made for another network";
    for (int round = 0; round < 8; round++) {
        rnl_net *net;
        rnl_workspace *old_ws, *ws;
        rnl_gradients *old_g, *g;
        rnl_optimizer *old_o;
        double loss;
        assert_int_equal(rnl_net_new(&net, "affine", &config), RNL_OK);
        assert_int_equal(rnl_workspace_new(&old_ws, net, N), RNL_OK);
        assert_int_equal(rnl_gradients_new(&old_g, net), RNL_OK);
        assert_int_equal(rnl_optimizer_new(&old_o, net, NULL), RNL_OK);
        rnl_net_free(&net);
        assert_int_equal(rnl_net_new(&net, "affine 70, batchnorm, relu, affine", &config), RNL_OK);
        assert_int_equal(rnl_workspace_new(&ws, net, N), RNL_OK);
        assert_int_equal(rnl_gradients_new(&g, net), RNL_OK);
        expect(rnl_net_predict(net, old_ws, x, y), workspace);
        expect(rnl_net_loss(net, old_ws, x, t, &loss), workspace);
        expect(rnl_net_gradient(net, old_ws, x, t, g, &loss), workspace);
        expect(rnl_net_update_state(net, old_ws), workspace);
        expect(rnl_net_gradient(net, ws, x, t, old_g, &loss), gradients);
        assert_int_equal(rnl_net_predict(net, ws, x, y), RNL_OK);
        expect(rnl_net_backward(net, ws, y, y, old_g, NULL), gradients);
        expect(rnl_net_numerical_gradient(net, NULL, x, t, 1e-3, 1, old_g), gradients);
        expect(rnl_net_sgd_step(net, old_g, 0.1), gradients);
        expect(rnl_optimizer_step(old_o, net, g, 0.1),
               "the optimizer was made for another network");
        rnl_optimizer_free(&old_o);
        rnl_gradients_free(&old_g);
        rnl_gradients_free(&g);
        rnl_workspace_free(&old_ws);
        rnl_workspace_free(&ws);
        rnl_net_free(&net);
    }
}

/* Another pass leaves its own numbers in the workspace: gradients from them would be those of its batch. */
static void backward_goes_on_from_predict_alone(void **state)
{
    (void)state;
    const rnl_net_config config = {.inputs = INPUTS, .outputs = OUTPUTS, .weight_init_std = 1};
    const int32_t classes[N] = {0, 1};
    float in[N * INPUTS] = {1, 2, 3, 4, 5, 6}, out[N * OUTPUTS], p[N * OUTPUTS];
    const rnl_matrix x = rnl_matrix_f32(in, N, INPUTS), y = rnl_matrix_f32(out, N, OUTPUTS);
    const rnl_targets t = rnl_targets_classes(classes, N);
    rnl_net *net;
    rnl_workspace *ws;
    rnl_gradients *g;
    double number;
    assert_int_equal(rnl_net_new(&net, "affine 4, relu, affine", &config), RNL_OK);
    assert_int_equal(rnl_workspace_new(&ws, net, N), RNL_OK);
    assert_int_equal(rnl_gradients_new(&g, net), RNL_OK);
    for (int other = 0; other < 5; other++) {
        assert_int_equal(rnl_net_predict(net, ws, x, y), RNL_OK);
        switch (other) {
        case 0: break;
        case 1: rnl_net_loss(net, ws, x, t, &number); break;
        case 2: rnl_net_accuracy(net, ws, x, t, &number); break;
        case 3: rnl_net_probabilities(net, ws, x, rnl_matrix_f32(p, N, OUTPUTS)); break;
        default: rnl_net_gradient(net, ws, x, t, g, &number); break;
        }
        if (other == 0)
            assert_int_equal(rnl_net_backward(net, ws, y, y, g, NULL), RNL_OK);
        else
            expect(rnl_net_backward(net, ws, y, y, g, NULL),
                   "backward needs the workspace that this network has just predicted with");
    }
    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

/* A copy has all that the network has, and nothing in common with it. */
static void copies(void **state)
{
    (void)state;
    const rnl_net_config config = {.inputs = INPUTS, .outputs = OUTPUTS, .weight_init_std = 1};
    float in[N * INPUTS] = {1, 2, 3, 4, 5, 6}, out[N * OUTPUTS], again[N * OUTPUTS];
    const rnl_matrix x = rnl_matrix_f32(in, N, INPUTS);
    rnl_net *net, *copy;
    rnl_workspace *ws;
    assert_int_equal(rnl_net_new(&net, "affine 4, batchnorm, relu, affine, mse", &config), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "one", "1"), RNL_OK);
    assert_int_equal(rnl_net_set_note(net, "two", ""), RNL_OK);
    ((float *)rnl_net_state(net, 0).value.data)[0] = 0.5f;
    assert_int_equal(rnl_workspace_new(&ws, net, N), RNL_OK);
    assert_int_equal(rnl_net_predict(net, ws, x, rnl_matrix_f32(out, N, OUTPUTS)), RNL_OK);
    assert_int_equal(rnl_net_copy(&copy, net), RNL_OK);
    expect(rnl_net_predict(copy, ws, x, rnl_matrix_f32(again, N, OUTPUTS)),
           "the workspace was planned for another network");
    rnl_workspace_free(&ws);
    assert_string_equal(rnl_net_description(copy), rnl_net_description(net));
    rnl_net_free(&net);
    assert_int_equal(rnl_workspace_new(&ws, copy, N), RNL_OK);
    assert_int_equal(rnl_net_predict(copy, ws, x, rnl_matrix_f32(again, N, OUTPUTS)), RNL_OK);
    assert_memory_equal(out, again, sizeof out);
    assert_int_equal(rnl_net_note_count(copy), 2);
    assert_string_equal(rnl_net_note(copy, "one"), "1");
    assert_string_equal(rnl_net_note(copy, "two"), "");
    rnl_workspace_free(&ws);
    rnl_net_free(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refuses_what_does_not_belong_together),
                                       cmocka_unit_test(refuses_what_was_made_for_a_freed_network),
                                       cmocka_unit_test(backward_goes_on_from_predict_alone),
                                       cmocka_unit_test(copies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_files.c - files that earlier versions wrote: they load, and say what they said then
 *
 * files/NAME.safetensors was written by rnl_net_save, files/NAME.txt holds its answers to known samples (peer.c
 * made both: "save" and "answer"). They are never written again: a new layer or a new version of the layout gets new files
 * beside them, and a line here. GOLDEN is the folder above. */
#include "nets.h"

#include "layers/layer.h"

#include <math.h>

static const struct {
    const char *name, *description, *scale;
    rnl_dtype dtype;
} files[] = {
    {"v1-affine", "affine 7, relu, affine 5, sigmoid, affine 3, softmax", "0.00392156862745098",
     RNL_F32},
    {"v1-activations",
     "affine 8, tanh, affine 7, leaky_relu 0.2, affine 6, elu 0.5, affine 7, gelu, affine 8, silu, "
     "affine 6, softplus, affine 4, logistic",
     NULL, RNL_F32},
    {"v1-normal",
     "flatten, batchnorm 0.2 0.001, affine 9, layernorm 0.01, dropout 0.4, affine 4, "
     "batchnorm 0.1 1e-5, affine 2, mse",
     "1 2 0.5 0.25 1e-3 -4", RNL_F32},
    {"v1-double",
     "affine 6, batchnorm 0.1 1e-5, relu, dropout 0.5, affine 5, gelu, layernorm 1e-5, affine 3, "
     "huber 0.5",
     NULL, RNL_F64},
    {"v1-smooth", "affine 3, softmax 0.1", NULL, RNL_F32},
};
enum { FILES = sizeof files / sizeof files[0], ROWS = 9, WIDEST = 8 };

static const char *path_of(size_t i, const char *ending)
{
    static char path[512];
    snprintf(path, sizeof path, GOLDEN "/files/%s%s", files[i].name, ending);
    return path;
}

/* As in peer.c. */
static double sample(size_t i, size_t j)
{
    return ((double)((31 * i + 17 * j) % 13) - 6) / 8;
}

static void predict(const rnl_net *net, rnl_matrix *y)
{
    double numbers[WIDEST];
    float numbers32[WIDEST];
    rnl_workspace *ws;
    assert_int_equal(rnl_workspace_new(&ws, net, 1), RNL_OK);
    const size_t inputs = rnl_net_inputs(net);
    const bool f64 = rnl_net_dtype(net) == RNL_F64;
    const rnl_matrix x =
        f64 ? rnl_matrix_f64(numbers, 1, inputs) : rnl_matrix_f32(numbers32, 1, inputs);
    assert_true(inputs <= WIDEST);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < inputs; j++) {
            numbers[j] = sample(i, j);
            numbers32[j] = (float)numbers[j];
        }
        const rnl_matrix y_i = {.data = (char *)y->data + i * y->ld * (f64 ? 8 : 4),
                                .rows = 1,
                                .cols = y->cols,
                                .ld = y->ld,
                                .dtype = y->dtype};
        assert_int_equal(rnl_net_predict(net, ws, x, y_i), RNL_OK);
    }
    rnl_workspace_free(&ws);
}

static void old_files_say_what_they_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++) {
        rnl_net *net;
        if (rnl_net_load(&net, path_of(i, ".safetensors"), NULL, NULL) != RNL_OK)
            fail_msg("%s", rnl_error_text());
        assert_string_equal(rnl_net_description(net), files[i].description);
        assert_string_equal(rnl_net_format(net), "safetensors, layout 1 of runnel");
        assert_int_equal(rnl_net_dtype(net), files[i].dtype);
        const char *scale = rnl_net_note(net, "runnel.input.scale");
        if (files[i].scale)
            assert_string_equal(scale, files[i].scale);
        else
            assert_null(scale);
        const bool f64 = files[i].dtype == RNL_F64;
        const size_t outputs = rnl_net_outputs(net);
        float y32[ROWS * WIDEST];
        double y64[ROWS * WIDEST];
        rnl_matrix y =
            f64 ? rnl_matrix_f64(y64, ROWS, outputs) : rnl_matrix_f32(y32, ROWS, outputs);
        predict(net, &y);
        FILE *then = fopen(path_of(i, ".txt"), "r");
        assert_non_null(then);
        for (size_t k = 0; k < ROWS * outputs; k++) {
            char word[64];
            assert_int_equal(fscanf(then, "%63s", word), 1);
            const double expected = strtod(word, NULL),
                         found = rnl_matrix_get(&y, k / outputs, k % outputs);
            if (!(fabs(found - expected) <= (f64 ? 1e-12 : 2e-6) * (1 + fabs(expected))))
                fail_msg("%s: answer %zu is %.17g, and was %.17g", files[i].name, k, found,
                         expected);
        }
        fclose(then);
        rnl_net_free(&net);
    }
}

/* A new layer wants a file too, written by the first version that has it. */
static void every_layer_and_loss_is_in_a_file(void **state)
{
    (void)state;
    char all[2048] = ", ";
    for (size_t i = 0; i < FILES; i++) {
        strcat(all, files[i].description);
        strcat(all, ", ");
    }
    for (size_t k = 0; rnl_layer_type_at(k) || rnl_loss_type_at(k); k++)
        for (int loss = 0; loss < 2; loss++) {
            char plain[64], number[64];
            if (loss ? !rnl_loss_type_at(k) : !rnl_layer_type_at(k))
                continue;
            const char *name = loss ? rnl_loss_type_at(k)->name : rnl_layer_type_at(k)->name;
            snprintf(plain, sizeof plain, ", %s,", name);
            snprintf(number, sizeof number, ", %s ", name);
            if (!strstr(all, plain) && !strstr(all, number))
                fail_msg("%s is in no file", name);
        }
}

static void names_of_classes_are_kept(void **state)
{
    (void)state;
    rnl_net *net;
    assert_int_equal(rnl_net_load(&net, path_of(0, ".safetensors"), NULL, NULL), RNL_OK);
    assert_string_equal(rnl_net_note(net, "runnel.classes"), "null\neins, \xc3\xa4\n\"zwei\"");
    assert_string_equal(rnl_net_note(net, "runnel.input.shape"), "1x2x3");
    assert_string_equal(rnl_net_note(net, "runnel.input.shift"), "-0.5");
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_files_say_what_they_said),
        cmocka_unit_test(every_layer_and_loss_is_in_a_file),
        cmocka_unit_test(names_of_classes_are_kept),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}

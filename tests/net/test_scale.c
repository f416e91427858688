/* test_scale.c - outputs in other units, where the numbers do not get too large */
#include "runnel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { INPUTS = 3, OUTPUTS = 2 };

static rnl_net *a_net(rnl_dtype dtype)
{
    const rnl_net_config config = {
        .inputs = INPUTS, .outputs = OUTPUTS, .dtype = dtype, .weight_init_std = 1};
    rnl_net *net;
    assert_int_equal(rnl_net_new(&net, "affine, mse", &config), RNL_OK);
    return net;
}

/* Refused, or done, and W is as it was, or not. */
static void scaled(rnl_dtype dtype, double scale, double shift, bool fits)
{
    rnl_net *net = a_net(dtype);
    const rnl_matrix w = rnl_net_parameter(net, 0).value;
    const size_t size = (INPUTS - 1) * w.ld + OUTPUTS;
    const size_t bytes = size * (dtype == RNL_F64 ? sizeof(double) : sizeof(float));
    void *before = malloc(bytes);
    assert_non_null(before);
    memcpy(before, w.data, bytes);
    const double scales[OUTPUTS] = {2, scale}, shifts[OUTPUTS] = {0, shift};
    assert_int_equal(rnl_net_scale_outputs(net, scales, shifts), fits ? RNL_OK : RNL_ERR_USAGE);
    assert_int_equal(memcmp(before, w.data, bytes) == 0, !fits);
    if (!fits && isfinite(scale) && isfinite(shift))
        assert_non_null(strstr(rnl_error_text(), dtype == RNL_F64 ? "f64 holds" : "f32 holds"));
    free(before);
    rnl_net_free(&net);
}

static void refuses_what_would_not_be_finite(void **state)
{
    (void)state;
    scaled(RNL_F32, 1e30, 1e30, true);
    scaled(RNL_F32, 1e300, 0, false);
    scaled(RNL_F32, 1, 1e39, false);
    scaled(RNL_F64, 1e300, 1e39, true);
    scaled(RNL_F64, 1.7e308, 1.7e308, false);
    scaled(RNL_F64, 1, INFINITY, false);
    scaled(RNL_F64, NAN, 0, false);
}

static void refuses_a_network_with_nan(void **state)
{
    (void)state;
    rnl_net *net = a_net(RNL_F32);
    const double scales[OUTPUTS] = {2, 2}, shifts[OUTPUTS] = {0};
    float *w = rnl_net_parameter(net, 0).value.data;
    const float first = w[0];
    w[1] = NAN;
    assert_int_equal(rnl_net_scale_outputs(net, scales, shifts), RNL_ERR_USAGE);
    assert_true(w[0] == first);
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refuses_what_would_not_be_finite),
                                       cmocka_unit_test(refuses_a_network_with_nan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

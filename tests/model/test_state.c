/* test_state.c - running statistics in files of other programs: what PyTorch adds, what makes no sense */
#include "nets.h"

/* nn.Sequential(BatchNorm1d(2), Tanh()); the counter is a 64-bit 0. */
#define COUNTER(name, begin, end)                                                                  \
    "\"" name "\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[" #begin "," #end "]}"
#define STATISTICS                                                                                 \
    TENSOR("0.bias", "[2]", 8, 16)                                                                 \
    "," TENSOR("0.running_mean", "[2]", 16, 24) "," TENSOR(                                        \
        "0.running_var", "[2]", 24, 32) "," TENSOR("0.weight", "[2]", 32, 40)

static blob statistics(const char *members, double var)
{
    float numbers[10] = {0, 0, 1, 2, 3, 4, 5, (float)var, 7, 8};
    return make_blob(strlen(members), members, numbers, sizeof numbers);
}

static void the_counter_of_batches_is_passed_over(void **state)
{
    (void)state;
    blob b = statistics("{" COUNTER("0.num_batches_tracked", 0, 8) "," STATISTICS "}", 6);
    rnl_net *net;
    if (decode(&net, b, "batchnorm, tanh", NULL) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    for (size_t k = 0; k < 2; k++) {
        const rnl_matrix mean = rnl_net_state(net, 0).value, var = rnl_net_state(net, 1).value;
        const rnl_matrix gamma = rnl_net_parameter(net, 0).value,
                         beta = rnl_net_parameter(net, 1).value;
        assert_true(rnl_matrix_get(&beta, 0, k) == 1 + (double)k);
        assert_true(rnl_matrix_get(&mean, 0, k) == 3 + (double)k);
        assert_true(rnl_matrix_get(&var, 0, k) == 5 + (double)k);
        assert_true(rnl_matrix_get(&gamma, 0, k) == 7 + (double)k);
    }
    rnl_net_free(&net);
    free(b.bytes);
}

static void expect_refused(blob b, const char *description, rnl_status status, const char *words)
{
    rnl_net *net;
    assert_int_equal(decode(&net, b, description, NULL), status);
    assert_null(net);
    expect_text(words);
    free(b.bytes);
}

static void what_does_not_fit(void **state)
{
    (void)state;
    expect_refused(statistics("{" COUNTER("1.num_batches_tracked", 0, 8) "," STATISTICS "}", 6),
                   "batchnorm, tanh", RNL_ERR_SHAPE,
                   "\"1.num_batches_tracked\" [] has no place in the network");
    expect_refused(statistics("{" COUNTER("0.num_batches_tracked", 0, 8) "," STATISTICS "}", 6),
                   "layernorm, tanh", RNL_ERR_SHAPE, "has no place in the network");
    expect_refused(statistics("{" COUNTER("0.num_batches_tracked", 0, 8) "," STATISTICS "}", -6),
                   "batchnorm, tanh", RNL_ERR_FORMAT,
                   "\"0.running_var\"[1] is -6, and a variance is 0 or more");
    expect_refused(
        make_model("{" TENSOR("0.bias", "[2]", 0, 8) "," TENSOR("0.weight", "[2]", 8, 16) "}", 4),
        "batchnorm, tanh", RNL_ERR_SHAPE, "\"0.running_mean\" [2] is missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counter_of_batches_is_passed_over),
        cmocka_unit_test(what_does_not_fit),
    };
    return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}

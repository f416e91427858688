/* test_same_update.c - the same update however it is computed: on any number of threads, in one pass or several */
#include "variants.h"

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    for (size_t k = 0; k < VARIANTS; k++)
        for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++)
            for (size_t accumulate = 1; accumulate <= 3; accumulate += 2) {
                rnl_train_config c = variant(k);
                c.batch = accumulate > 1 ? 17 : BATCH;
                c.accumulate = accumulate;
                rnl_net *one = trained(&c, (rnl_dtype)dtype);
                for (c.threads = 2; c.threads <= 4; c.threads++) {
                    rnl_net *net = trained(&c, (rnl_dtype)dtype);
                    assert_same_parameters(one, net);
                    rnl_net_free(&net);
                }
                rnl_net_free(&one);
            }
}

/* k passes of b samples are the update of a batch of k b, also at the ragged end of an epoch. */
static void passes_add_up_to_a_batch(void **state)
{
    (void)state;
    static const size_t cases[][2] = {{25, 2}, {7, 5}, {1, 30}, {101, 2}, {203, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        for (int plain = 0; plain < 2; plain++) {
            rnl_train_config c = small_config();
            c.optimizer = plain ? "sgd" : "adam";
            c.lr = plain ? 0.1 : 0.01;
            c.batch = cases[k][0];
            c.accumulate = cases[k][1];
            rnl_history *h, *h_whole;
            rnl_net *net = blob_net(RNL_F64, NULL), *whole = blob_net(RNL_F64, NULL);
            assert_ok(rnl_train(net, train_set, NULL, &c, &h));
            c.batch *= c.accumulate;
            c.accumulate = 0;
            assert_ok(rnl_train(whole, train_set, NULL, &c, &h_whole));
            assert_close_parameters(net, whole, 1e-10);
            assert_int_equal(rnl_history_iterations(h), ITERATIONS);
            for (size_t i = 0; i < ITERATIONS; i++)
                assert_true(fabsf(rnl_history_losses(h)[i] - rnl_history_losses(h_whole)[i]) <
                            1e-6f);
            assert_int_equal(rnl_history_evaluation_count(h),
                             rnl_history_evaluation_count(h_whole));
            rnl_history_free(&h);
            rnl_history_free(&h_whole);
            rnl_net_free(&net);
            rnl_net_free(&whole);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(passes_add_up_to_a_batch),
    };
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

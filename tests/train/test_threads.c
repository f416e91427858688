/* test_threads.c - the same bits on any number of threads, however an update is made */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

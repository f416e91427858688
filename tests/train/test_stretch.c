/* test_stretch.c - a run is planned 65,536 updates at a time: no memory for the next stretch */
#include "sets.h"

#include "base/memory.h"

/* The plan is the only allocation between two updates. */
static void no_memory_gives_back_the_average(void **state)
{
    (void)state;
    rnl_train_config c = rnl_train_config_default();
    c.batch = 1;
    c.threads = 1;
    c.lr = 0.01;
    c.eval_every = RNL_NEVER;
    c.iterations = 65536;
    c.ema = 0.999;
    rnl_net *until_then = blob_net(RNL_F32, NULL), *fresh = blob_net(RNL_F32, NULL);
    assert_int_equal(rnl_train(until_then, train_set, NULL, &c, NULL), RNL_OK);
    const rnl_parameter wanted = rnl_net_parameter(until_then, 0),
                        before = rnl_net_parameter(fresh, 0);
    const size_t size = wanted.value.cols * sizeof(float);
    c.iterations *= 2;
    bool met = false;
    for (long n = 1; !met; n++) {
        assert_true(n < 10000);
        rnl_net *net = blob_net(RNL_F32, NULL);
        rnl_alloc_fail_after(n);
        assert_int_equal(rnl_train(net, train_set, NULL, &c, NULL), RNL_ERR_MEMORY);
        rnl_alloc_fail_after(0);
        const void *W = rnl_net_parameter(net, 0).value.data;
        met = memcmp(W, before.value.data, size) != 0;
        if (met)
            assert_memory_equal(W, wanted.value.data, size);
        rnl_net_free(&net);
    }
    rnl_net_free(&until_then);
    rnl_net_free(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_memory_gives_back_the_average)};
    return cmocka_run_group_tests(tests, make_sets, free_sets);
}

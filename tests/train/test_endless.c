/* test_endless.c - runs that end when the callback says so: any length may be asked for, and changes no bit */
#include "blobs.h"

/* Past the point to which the history grows at first. */
enum { ENOUGH = 70000 };

static bool until_enough(const rnl_train_event *event, void *user)
{
    *(uint64_t *)user = event->iterations;
    return event->iteration < ENOUGH;
}

static rnl_train_config settings(uint64_t iterations)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 1;
    c.lr = 0.001;
    c.threads = 1;
    c.eval_every = RNL_NEVER;
    c.iterations = iterations;
    return c;
}

static rnl_net *a_net(void)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = BLOB_CLASSES;
    rnl_net *net;
    assert_ok(rnl_net_new(&net, "affine", &config));
    return net;
}

static void check_stopped(uint64_t iterations, const char *sentence)
{
    rnl_dataset *set = blobs(203, 1);
    rnl_net *stopped = a_net(), *planned = a_net();
    rnl_history *h, *whole;
    rnl_train_config c = settings(iterations);
    uint64_t seen = 0;
    c.callback = until_enough;
    c.user = &seen;
    assert_error(rnl_train(stopped, set, NULL, &c, &h), RNL_ERR_INTERRUPTED, sentence);
    const uint64_t done = rnl_history_iterations(h);
    assert_true(done >= ENOUGH);
    assert_int_equal(rnl_history_kept(h), done);
    assert_true(seen == iterations);

    c = settings(done);
    assert_ok(rnl_train(planned, set, NULL, &c, &whole));
    assert_same_parameters(stopped, planned);
    assert_memory_equal(rnl_history_losses(h), rnl_history_losses(whole), done * sizeof(float));
    rnl_history_free(&h);
    rnl_history_free(&whole);
    rnl_net_free(&stopped);
    rnl_net_free(&planned);
    rnl_dataset_free(&set);
}

static void ends_when_it_is_told(void **state)
{
    (void)state;
    check_stopped(RNL_NEVER, " iterations");
    assert_null(strstr(rnl_error_text(), " of "));
    check_stopped(100000000000, " of 100000000000 iterations");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_when_it_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_strokes_learned.c - the built-in digits are worth learning: not too hard and not too easy */
#include "runnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* The default run. Much more than 99.5 % would be too easy to tell anything, and less than 95 %
 * would look like a fault of the trainer. */
static void the_default_network_learns_them_but_not_all(void **state)
{
    (void)state;
    rnl_dataset *train, *test;
    assert_int_equal(rnl_dataset_strokes(&train, 60000, 1, NULL), RNL_OK);
    assert_int_equal(rnl_dataset_strokes(&test, 10000, 2, NULL), RNL_OK);
    rnl_net *net;
    rnl_score score;
    rnl_train_config config = rnl_train_config_default();
    config.eval_every = config.iterations;
    assert_int_equal(rnl_two_layer_net(&net, 784, 50, 10, 0.01, 1), RNL_OK);
    assert_int_equal(rnl_train(net, train, NULL, &config, NULL), RNL_OK);
    assert_int_equal(rnl_evaluate(net, test, 0, &score, NULL), RNL_OK);
    print_message("accuracy on 10,000 new digits: %.4f\n", score.accuracy);
    assert_true(score.accuracy >= 0.95 && score.accuracy <= 0.995);
    rnl_net_free(&net);
    rnl_dataset_free(&train);
    rnl_dataset_free(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_network_learns_them_but_not_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

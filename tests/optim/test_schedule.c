/* test_schedule.c - learning-rate schedules: known values, what all have in common, what is refused
 * (they are compared with PyTorch's by torch_rules.py) */
#include "base/memory.h"
#include "optim/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static double rate_of(const char *schedule, uint64_t iterations, uint64_t iteration)
{
    double rate = -1;
    if (rnl_learning_rate(schedule, 0.5, iterations, iteration, &rate) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    return rate / 0.5;
}

static void known_values(void **state)
{
    (void)state;
    static const struct {
        const char *schedule;
        uint64_t iterations, iteration;
        double share;
    } cases[] = {
        {NULL, 100, 0, 1},
        {NULL, 100, 99, 1},
        {"constant", 100, 50, 1},
        {"step 0.1 30", 100, 29, 1},
        {"step 0.1 30", 100, 30, 0.1},
        {"step 0.1 30", 100, 90, 0.001},
        {"step 0.5 25%", 100, 24, 1},
        {"step 0.5 25%", 100, 50, 0.25},
        {"exponential 0.25 10", 100, 10, 0.25},
        {"exponential 0.25 10", 100, 5, 0.5},
        {"linear", 100, 0, 1},
        {"linear", 100, 75, 0.25},
        {"linear 0.5", 100, 50, 0.75},
        {"cosine", 100, 0, 1},
        {"cosine", 100, 50, 0.5},
        {"cosine 0.2", 100, 50, 0.6},
        {"onecycle", 100, 0, 0.04},
        {"onecycle", 100, 29, 1},
        {"onecycle", 100, 99, 0.04e-4},
        {"onecycle 0.5 10 10", 101, 0, 0.1},
        {"onecycle 0.5 10 10", 101, 100, 0.01},
        {"warmup 4", 100, 0, 0.25},
        {"warmup 4", 100, 3, 1},
        {"warmup 4", 100, 50, 1},
        {" warmup  4 , cosine 0.5 ", 104, 0, 0.25},
        {"warmup 4, cosine", 104, 4, 1},
        {"warmup 4, cosine", 104, 54, 0.5},
        {"warmup 10%, linear", 100, 9, 1},
        {"warmup 10%, linear", 100, 55, 0.5},
        {"warmup 0.001%, linear", 100, 0, 1}, /* one iteration at least */
        {"warmup 4, constant", 5, 4, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double share = rate_of(cases[i].schedule, cases[i].iterations, cases[i].iteration);
        if (!(fabs(share - cases[i].share) < 1e-14))
            fail_msg("%s, iteration %llu: %.17g, expected %.17g", cases[i].schedule,
                     (unsigned long long)cases[i].iteration, share, cases[i].share);
    }
}

static void rates_are_above_0_and_at_most_the_highest(void **state)
{
    (void)state;
    static const char *const schedules[] = {"constant",
                                            "step 0.1 7",
                                            "exponential 0.5 3",
                                            "linear",
                                            "cosine",
                                            "onecycle",
                                            "onecycle 0.9 2 2",
                                            "warmup 5, cosine 0.1",
                                            "warmup 5, linear",
                                            "warmup 5, step 0.3 4"};
    static const uint64_t lengths[] = {10, 11, 100, 1237};
    for (size_t k = 0; k < sizeof schedules / sizeof schedules[0]; k++)
        for (size_t n = 0; n < 4; n++) {
            bool fell = false;
            double highest = 0, before = 0;
            for (uint64_t i = 0; i < lengths[n]; i++) {
                const double rate = rate_of(schedules[k], lengths[n], i);
                assert_true(rate > 0 && rate <= 1 + 1e-15);
                fell |= rate < before;
                assert_false(fell && rate > before); /* up at first, then down, and no more up */
                highest = fmax(highest, rate);
                before = rate;
            }
            assert_true(highest > 0.8);
        }
}

static void the_same_in_any_order(void **state)
{
    (void)state;
    rnl_schedule s;
    double forward[200];
    assert_int_equal(rnl_schedule_parse(&s, "warmup 20, cosine", 200), RNL_OK);
    for (uint64_t i = 0; i < 200; i++)
        forward[i] = rnl_schedule_rate(&s, 0.1, i);
    for (uint64_t i = 200; i-- > 0;)
        assert_true(rnl_schedule_rate(&s, 0.1, i) == forward[i]);
}

static void writes_itself_in_full(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{NULL, "constant"},
                                           {"warmup 10%", "warmup 100, constant"},
                                           {"cosine", "cosine 0"},
                                           {"onecycle 0.2", "onecycle 0.2 25 10000"},
                                           {"step 0.1 5%", "step 0.1 50"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rnl_schedule s;
        rnl_text text = {0};
        assert_int_equal(rnl_schedule_parse(&s, cases[i][0], 1000), RNL_OK);
        rnl_schedule_describe(&s, &text);
        assert_string_equal(text.at, cases[i][1]);
        assert_int_equal(rnl_schedule_parse(&s, text.at, 1000), RNL_OK);
        rnl_free(text.at);
    }
    size_t count = 0;
    while (rnl_schedule_help(count))
        count++;
    assert_int_equal(count, 7);
}

static void refused(const char *schedule, uint64_t iterations, const char *sentence)
{
    double rate = 7;
    assert_int_equal(rnl_learning_rate(schedule, 0.1, iterations, 0, &rate), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), sentence);
    assert_true(rate == 7);
}

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    refused(
        "cosin", 100,
        "schedule \"cosin\": unknown schedule \"cosin\"; known are constant, step, exponential, "
        "linear, cosine, onecycle, and warmup before another");
    refused(
        "warmup 500, cosine", 100,
        "schedule \"warmup 500, cosine\": a warm-up of 500 iterations leaves nothing of a run of "
        "100");
    refused("warmup 100", 100,
            "schedule \"warmup 100\": a warm-up of 100 iterations leaves nothing of a run of 100");
    refused("warmup, cosine", 100,
            "schedule \"warmup, cosine\": the number of iterations is missing (warmup N, ...: from "
            "1/N of the rate to all of it in N iterations, then another one)");
    refused("warmup 5, onecycle", 100,
            "schedule \"warmup 5, onecycle\": onecycle has its own warm-up: leave out the other");
    refused("step 0.1 200", 100,
            "schedule \"step 0.1 200\": the first step comes after 200 iterations, but there are "
            "only 100");
    refused("warmup 50, step 0.1 50", 100,
            "schedule \"warmup 50, step 0.1 50\": the first step comes after 50 iterations, but "
            "there are only 50");
    refused("step 0.1", 100,
            "schedule \"step 0.1\": the number of iterations is missing (step F N: times F after "
            "every N iterations)");
    refused(
        "step 1.5 10", 100,
        "schedule \"step 1.5 10\": the factor of step is a number from 1e-12 to 1, not \"1.5\"");
    refused("step 0.5 0", 100,
            "schedule \"step 0.5 0\": the number of iterations of step is a whole number from 1 to "
            "1e+15, not \"0\"");
    refused("step 0.5 120%", 100,
            "schedule \"step 0.5 120%\": the number of iterations of step is a whole number from 1 "
            "to 1e+15, not \"120%\"");
    refused("cosine 2", 100,
            "schedule \"cosine 2\": the final share of cosine is a number from 0 to 1, not \"2\"");
    refused("cosine 0.1 0.2", 100, "schedule \"cosine 0.1 0.2\": \"0.2\" is too much for cosine");
    refused("cosine, warmup 5", 100,
            "schedule \"cosine, warmup 5\": nothing can follow cosine but its numbers");
    refused("cosine", RNL_NEVER,
            "schedule \"cosine\": cosine is drawn over the whole run, and this one has no end");
    refused("warmup 5, linear 0.1", RNL_NEVER,
            "schedule \"warmup 5, linear 0.1\": linear is drawn over the whole run, and this one "
            "has no end");
    refused("onecycle", RNL_NEVER,
            "schedule \"onecycle\": onecycle is drawn over the whole run, and this one has no end");
    refused("warmup 5%", RNL_NEVER, "schedule \"warmup 5%\": a run without an end has no shares");
    refused("onecycle 0.005", 100,
            "schedule \"onecycle 0.005\": a rise in 0.005 of 100 iterations ends before it starts");
    refused(
        "onecycle 1", 100,
        "schedule \"onecycle 1\": the share of the way up of onecycle is a number from 1e-06 to "
        "below 1, not \"1\"");
    double rate;
    assert_int_equal(rnl_learning_rate(NULL, 0.1, 10, 10, &rate), RNL_ERR_USAGE);
    static const double bad[] = {-0.1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(rnl_learning_rate("cosine", bad[i], 10, 0, &rate), RNL_ERR_USAGE);
        assert_non_null(strstr(rnl_error_text(), "it must be 0 or more, and finite"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(rates_are_above_0_and_at_most_the_highest),
        cmocka_unit_test(the_same_in_any_order),
        cmocka_unit_test(writes_itself_in_full),
        cmocka_unit_test(refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

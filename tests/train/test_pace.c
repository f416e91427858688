/* test_pace.c - how many threads walk the updates: trials on machines that are made up */
#include "train/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <cmocka.h>

enum { BREATH = 100 }; /* updates */

/* A breath of the number of threads that p wants, on a machine where `rate(threads)` is 10,000 updates a
 * second and a team of more than `cores` threads loses the processor once an update. Returns the threads. */
static size_t breathe(rnl_pace *p, double (*rate)(size_t threads), size_t cores)
{
    const size_t threads = rnl_pace_threads(p);
    rnl_pace_measure(p, BREATH, BREATH / (1e4 * rate(threads)), threads > cores ? BREATH : 0);
    return threads;
}

static double every_thread_helps(size_t threads)
{
    return (double)threads;
}

static double one_core_is_taken(size_t threads)
{
    return threads > 3 ? 1.5 : (double)threads;
}

static double alone_is_best(size_t threads)
{
    return 1 / (double)threads;
}

/* How many of `breaths` had this many threads. */
static size_t count(rnl_pace *p, double (*rate)(size_t), size_t cores, size_t breaths,
                    size_t threads)
{
    size_t n = 0;
    for (size_t k = 0; k < breaths; k++)
        n += breathe(p, rate, cores) == threads;
    return n;
}

static void a_free_machine_sees_the_whole_team(void **state)
{
    (void)state;
    for (size_t threads = 2; threads <= 9; threads++) {
        rnl_pace p;
        rnl_pace_init(&p, threads);
        assert_int_equal(count(&p, every_thread_helps, threads, 1000, threads), 1000);
    }
}

/* Somebody takes the processor for moments, and yet the whole team is the fastest. */
static void preemptions_alone_cost_little(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 2);
    assert_in_range(count(&p, every_thread_helps, 1, 1000, 2), 990, 999);
}

static void the_fastest_is_found_and_kept(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 4);
    count(&p, one_core_is_taken, 3, 10, 0);
    assert_in_range(count(&p, one_core_is_taken, 3, 1000, 3), 980, 999);
    rnl_pace_init(&p, 8);
    count(&p, alone_is_best, 1, 10, 0);
    assert_in_range(count(&p, alone_is_best, 1, 1000, 1), 980, 999);
}

static void the_team_comes_back(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 4);
    count(&p, alone_is_best, 1, 100, 0);
    assert_int_equal(rnl_pace_threads(&p), 1);
    count(&p, every_thread_helps, 4, 100, 0); /* the others are gone */
    assert_int_equal(count(&p, every_thread_helps, 4, 100, 4), 100);
}

static void choices(void **state)
{
    (void)state;
    static const size_t want[][RNL_PACE_CHOICES + 1] = {
        {1, 1}, {2, 2, 1}, {3, 3, 2, 1}, {4, 4, 3, 2, 1}, {16, 16, 15, 8, 1}};
    for (size_t t = 0; t < sizeof want / sizeof want[0]; t++) {
        rnl_pace p;
        rnl_pace_init(&p, want[t][0]);
        for (size_t k = 0; k < p.count; k++)
            assert_int_equal(p.size[k], want[t][k + 1]);
        assert_true(p.count == RNL_PACE_CHOICES || want[t][p.count + 1] == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_free_machine_sees_the_whole_team),
                                       cmocka_unit_test(preemptions_alone_cost_little),
                                       cmocka_unit_test(the_fastest_is_found_and_kept),
                                       cmocka_unit_test(the_team_comes_back),
                                       cmocka_unit_test(choices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_pace.c - how many threads walk the updates: trials on machines that are made up */
#include "train/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <cmocka.h>

enum { BREATH = 100 }; /* updates */

/* Updates a second of one thread where rate(1) is 1: of a network that is worth a team, and of one so small that
 * barriers count. */
static const double LONG = 100, SHORT = 1e6;
static double speed;

static int long_updates(void **state)
{
    (void)state;
    speed = LONG;
    return 0;
}

static int short_updates(void **state)
{
    (void)state;
    speed = SHORT;
    return 0;
}

/* A breath of the number of threads that p wants, on a machine where a team of more than `cores` threads loses
 * the processor a thousand times a second. Returns the threads. */
static size_t breathe(rnl_pace *p, double (*rate)(size_t threads), size_t cores)
{
    const size_t threads = rnl_pace_threads(p);
    const double seconds = BREATH / (speed * rate(threads));
    rnl_pace_measure(p, BREATH, seconds, threads > cores ? (uint64_t)(1000 * seconds) + 1 : 0);
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

/* No core is wanted by others, but every further thread makes the barriers longer. */
static double barriers_cost(size_t threads)
{
    return 1 / (1 / (double)threads + 0.02 * (double)threads);
}

static void short_updates_find_their_team(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 64);
    count(&p, barriers_cost, 64, 20, 0);
    assert_in_range(count(&p, barriers_cost, 64, 1000, 8), 950, 990);
    rnl_pace_init(&p, 2);
    count(&p, alone_is_best, 2, 4, 0);
    assert_in_range(count(&p, alone_is_best, 2, 1000, 1), 970, 990);
    rnl_pace_init(&p, 2);
    count(&p, every_thread_helps, 2, 4, 0);
    assert_in_range(count(&p, every_thread_helps, 2, 1000, 2), 970, 990);
}

/* Memory that nobody touched yet, sleeping cores: the whole team does not lose by its first breath. */
static void the_first_breath_does_not_count(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 4);
    rnl_pace_measure(&p, 1, 0.02, 0);
    assert_int_equal(rnl_pace_threads(&p), 4);
    count(&p, every_thread_helps, 4, 4, 0);
    assert_in_range(count(&p, every_thread_helps, 4, 100, 4), 90, 100);
}

/* A larger team that is as fast as a smaller one only takes the processor away from others. */
static double no_thread_helps(size_t threads)
{
    return threads > 1 ? 1.01 : 1;
}

static void of_teams_alike_the_smallest_is_taken(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 8);
    count(&p, no_thread_helps, 8, 6, 0);
    assert_in_range(count(&p, no_thread_helps, 8, 1000, 1), 950, 990);
}

/* Somebody takes the processor for moments, and yet the whole team is the fastest. */
static void preemptions_alone_cost_little(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 2);
    assert_in_range(count(&p, every_thread_helps, 1, 1000, 2), 975, 999);
}

static void the_fastest_is_found_and_kept(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 4);
    count(&p, one_core_is_taken, 3, 10, 0);
    assert_in_range(count(&p, one_core_is_taken, 3, 1000, 3), 975, 999);
    rnl_pace_init(&p, 8);
    count(&p, alone_is_best, 1, 10, 0);
    assert_in_range(count(&p, alone_is_best, 1, 1000, 1), 975, 999);
}

static void the_team_comes_back(void **state)
{
    (void)state;
    rnl_pace p;
    rnl_pace_init(&p, 4);
    count(&p, alone_is_best, 1, 100, 0);
    assert_int_equal(rnl_pace_threads(&p), 1);
    count(&p, every_thread_helps, 4, speed == LONG ? 100 : 300, 0); /* the others are gone */
    assert_in_range(count(&p, every_thread_helps, 4, 100, 4), speed == LONG ? 100 : 95, 100);
}

static void choices(void **state)
{
    (void)state;
    static const size_t want[][RNL_PACE_CHOICES + 1] = {
        {1, 1},
        {2, 2, 1},
        {3, 3, 2, 1},
        {4, 4, 3, 2, 1},
        {16, 16, 15, 8, 4, 2, 1},
        {4096, 4096, 4095, 2048, 1024, 512, 256, 128, 64, 32, 1}};
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
#define LONG_UPDATES(test)  cmocka_unit_test_setup(test, long_updates)
#define SHORT_UPDATES(test) cmocka_unit_test_setup(test, short_updates)
    const struct CMUnitTest tests[] = {LONG_UPDATES(a_free_machine_sees_the_whole_team),
                                       SHORT_UPDATES(short_updates_find_their_team),
                                       SHORT_UPDATES(the_first_breath_does_not_count),
                                       SHORT_UPDATES(of_teams_alike_the_smallest_is_taken),
                                       LONG_UPDATES(preemptions_alone_cost_little),
                                       LONG_UPDATES(the_fastest_is_found_and_kept),
                                       LONG_UPDATES(the_team_comes_back),
                                       SHORT_UPDATES(the_team_comes_back),
                                       cmocka_unit_test(choices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_team.c - teams, and parts of a team that are teams of their own */
#include "base/team.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <cmocka.h>

enum { MOST = 5, ROUNDS = 200 };

typedef struct parts {
    size_t threads;             /* of the team that came about */
    atomic_size_t present, sum; /* in the part that runs */
    size_t seen[MOST + 1];      /* by size of a part: how many calls had it */
    size_t wrong;
} parts;

static parts p;

/* Each thread of a part adds its rank; after a barrier every one of them sees the whole sum. */
static void add_rank(void *arg)
{
    const size_t size = *(size_t *)arg;
    if (rnl_team_size() != size || rnl_team_rank() >= size)
        p.wrong++;
    atomic_fetch_add(&p.sum, rnl_team_rank());
    atomic_fetch_add(&p.present, 1);
    rnl_team_barrier();
    if (atomic_load(&p.sum) != size * (size - 1) / 2 || atomic_load(&p.present) != size)
        p.wrong++;
    if (rnl_team_rank() == 0)
        p.seen[size]++;
}

static void in_parts(void *arg)
{
    (void)arg;
    const size_t threads = rnl_team_size();
    if (rnl_team_rank() == 0)
        p.threads = threads;
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t size = 1 + round % threads;
        rnl_team_run_part(size, add_rank, &size);
        if (rnl_team_size() != threads || atomic_load(&p.present) != size)
            p.wrong++;
        rnl_team_barrier();
        if (rnl_team_rank() == 0) {
            atomic_store(&p.sum, 0);
            atomic_store(&p.present, 0);
        }
        rnl_team_barrier();
    }
}

static void parts_are_teams(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= MOST; threads++) {
        p = (parts){0};
        assert_int_equal(rnl_team_run(threads, in_parts, NULL), RNL_OK);
        assert_int_equal(p.wrong, 0);
        assert_in_range(p.threads, 1, threads);
        size_t calls = 0;
        for (size_t size = 1; size <= p.threads; size++) {
            assert_in_range(p.seen[size], ROUNDS / p.threads, ROUNDS / p.threads + 1);
            calls += p.seen[size];
        }
        assert_int_equal(calls, ROUNDS);
    }
}

static void outside_is_a_team_of_one(void **state)
{
    (void)state;
    p = (parts){0};
    size_t size = 1;
    rnl_team_run_part(1, add_rank, &size);
    assert_int_equal(p.wrong, 0);
    assert_int_equal(p.seen[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_teams),
                                       cmocka_unit_test(outside_is_a_team_of_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

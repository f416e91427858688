/* test_sampler.c - which samples make a batch: repeatable, random access, every sample once */
#include "base/memory.h"
#include "data/sampler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 1003, BATCH = 100, PER_EPOCH = 11 };

/* The batches of iterations from .. to-1, one after the other, drawn in two pieces each. */
static size_t draw(rnl_sampling sampling, uint64_t seed, uint64_t from, uint64_t to, size_t *index)
{
    rnl_sampler s;
    size_t count = 0;
    assert_int_equal(rnl_sampler_init(&s, N, BATCH, sampling, seed), RNL_OK);
    for (uint64_t i = from; i < to; i++) {
        assert_true(rnl_sampler_prepare(&s, i) >= 1);
        size_t rows = rnl_sampler_rows(&s, i), half = rows / 3;
        size_t batch[BATCH];
        rnl_sampler_draw(&s, i, half, rows, batch);
        rnl_sampler_draw(&s, i, 0, half, batch);
        memcpy(index + count, batch, rows * sizeof *index);
        count += rows;
    }
    rnl_sampler_free(&s);
    rnl_sampler_free(&s);
    return count;
}

static void same_seed_same_batches(void **state)
{
    (void)state;
    static size_t a[3 * N], b[3 * N], c[3 * N];
    for (int sampling = 0; sampling < 2; sampling++) {
        size_t count = draw((rnl_sampling)sampling, 7, 0, 25, a);
        assert_int_equal(draw((rnl_sampling)sampling, 7, 0, 25, b), count);
        assert_memory_equal(a, b, count * sizeof *a);
        draw((rnl_sampling)sampling, 8, 0, 25, c);
        assert_memory_not_equal(a, c, count * sizeof *a);
    }
}

static void goes_on_at_any_iteration(void **state)
{
    (void)state;
    static size_t whole[3 * N], part[3 * N];
    for (int sampling = 0; sampling < 2; sampling++) {
        size_t count = draw((rnl_sampling)sampling, 7, 0, 25, whole);
        size_t later = draw((rnl_sampling)sampling, 7, 17, 25, part);
        assert_memory_equal(whole + count - later, part, later * sizeof *part);
    }
}

static void an_epoch_holds_every_sample_once(void **state)
{
    (void)state;
    static size_t index[3 * N];
    assert_int_equal(draw(RNL_SHUFFLED_EPOCHS, 3, 0, 3 * PER_EPOCH, index), 3 * N);
    for (size_t epoch = 0; epoch < 3; epoch++) {
        char seen[N] = {0};
        for (size_t i = 0; i < N; i++) {
            assert_true(index[epoch * N + i] < N);
            seen[index[epoch * N + i]]++;
        }
        for (size_t i = 0; i < N; i++)
            assert_int_equal(seen[i], 1);
    }
    assert_memory_not_equal(index, index + N, N * sizeof *index);
}

static void says_how_long_an_order_holds(void **state)
{
    (void)state;
    rnl_sampler s;
    assert_int_equal(rnl_sampler_init(&s, N, BATCH, RNL_SHUFFLED_EPOCHS, 1), RNL_OK);
    assert_int_equal(s.per_epoch, PER_EPOCH);
    assert_int_equal(rnl_sampler_prepare(&s, 0), PER_EPOCH);
    assert_int_equal(rnl_sampler_prepare(&s, 10), 1);
    assert_int_equal(rnl_sampler_prepare(&s, 11), PER_EPOCH);
    assert_int_equal(rnl_sampler_rows(&s, 11), BATCH);
    assert_int_equal(rnl_sampler_rows(&s, 10),
                     3); /* the last batch of an epoch: 1003 = 10 * 100 + 3 */
    rnl_sampler_free(&s);
    assert_int_equal(rnl_sampler_init(&s, N, N, RNL_SHUFFLED_EPOCHS, 1), RNL_OK);
    assert_int_equal(s.per_epoch, 1);
    assert_int_equal(rnl_sampler_prepare(&s, 5), 1);
    assert_int_equal(rnl_sampler_rows(&s, 5), N);
    rnl_sampler_free(&s);
}

/* 1,000 batches of 100 from 1,003 samples: a sample is drawn about 99.7 times (standard deviation
 * 10); and some sample occurs twice in most batches, which a shuffle would never show. */
static void with_replacement_is_even(void **state)
{
    (void)state;
    static size_t index[1000 * BATCH], times[N];
    size_t count = draw(RNL_WITH_REPLACEMENT, 5, 0, 1000, index), repeats = 0;
    assert_int_equal(count, 1000 * BATCH);
    for (size_t i = 0; i < count; i++) {
        assert_true(index[i] < N);
        times[index[i]]++;
        if (i % BATCH > 0 && index[i] == index[i - 1])
            repeats++;
    }
    double chi2 = 0, mean = (double)count / N;
    for (size_t i = 0; i < N; i++)
        chi2 += ((double)times[i] - mean) * ((double)times[i] - mean) / mean;
    assert_true(chi2 > 800 && chi2 < 1220);     /* 1002 degrees of freedom, standard deviation 45 */
    assert_true(repeats > 50 && repeats < 160); /* about 99 neighbours are equal by chance */
}

/* The first place of an epoch's order over many epochs is even too. */
static void shuffles_are_even(void **state)
{
    (void)state;
    rnl_sampler s;
    size_t times[5][5] = {{0}};
    assert_int_equal(rnl_sampler_init(&s, 5, 5, RNL_SHUFFLED_EPOCHS, 11), RNL_OK);
    for (uint64_t i = 0; i < 5000; i++) {
        size_t index[5];
        rnl_sampler_prepare(&s, i);
        rnl_sampler_draw(&s, i, 0, 5, index);
        for (size_t k = 0; k < 5; k++)
            times[k][index[k]]++;
    }
    rnl_sampler_free(&s);
    for (size_t k = 0; k < 5; k++)
        for (size_t v = 0; v < 5; v++)
            assert_in_range(times[k][v], 850, 1150); /* 1000, standard deviation 28 */
}

static void refuses_impossible_batches(void **state)
{
    (void)state;
    rnl_sampler s;
    assert_int_equal(rnl_sampler_init(&s, 10, 0, RNL_WITH_REPLACEMENT, 1), RNL_ERR_USAGE);
    assert_int_equal(rnl_sampler_init(&s, 10, 11, RNL_WITH_REPLACEMENT, 1), RNL_ERR_USAGE);
    assert_non_null(strstr(rnl_error_text(), "11"));
    assert_non_null(strstr(rnl_error_text(), "10"));
    assert_int_equal(rnl_sampler_init(&s, 0, 1, RNL_SHUFFLED_EPOCHS, 1), RNL_ERR_USAGE);
    assert_int_equal(rnl_sampler_init(&s, 10, 5, (rnl_sampling)9, 1), RNL_ERR_USAGE);
    rnl_alloc_fail_after(1);
    assert_int_equal(rnl_sampler_init(&s, 10, 5, RNL_SHUFFLED_EPOCHS, 1), RNL_ERR_MEMORY);
    rnl_alloc_fail_after(0);
    rnl_sampler_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_batches),
        cmocka_unit_test(goes_on_at_any_iteration),
        cmocka_unit_test(an_epoch_holds_every_sample_once),
        cmocka_unit_test(says_how_long_an_order_holds),
        cmocka_unit_test(with_replacement_is_even),
        cmocka_unit_test(shuffles_are_even),
        cmocka_unit_test(refuses_impossible_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_split.c - parts of a data set: who is in them, what they show; sets with rows of targets */
#include "in_use.h"

#include "base/matrix.h"
#include "base/random.h"
#include "data/dataset.h"

#include <math.h>

enum { N = 1000, FEATURES = 3, CLASSES = 5, WIDTH = 2 };

static float x[N * FEATURES], targets[N * WIDTH];
static int32_t classes[N];

static int fill(void **state)
{
    (void)state;
    rnl_random r = rnl_random_new(3, 400);
    for (size_t i = 0; i < N; i++) {
        const uint64_t draw = rnl_bounded(rnl_random_u64(&r), 100);
        classes[i] = draw < 60 ? 0 : (draw < 90 ? 1 : (draw < 99 ? 2 : 4)); /* none of class 3 */
        for (size_t j = 0; j < FEATURES; j++)
            x[i * FEATURES + j] = (float)(i * 10 + j);
        for (size_t j = 0; j < WIDTH; j++)
            targets[i * WIDTH + j] = (float)(i * 10 + j) + 0.5f;
    }
    return 0;
}

static rnl_dataset *with_classes(void)
{
    rnl_dataset *set;
    assert_int_equal(rnl_dataset_from_floats(&set, x, N, FEATURES, classes, CLASSES, false),
                     RNL_OK);
    return set;
}

/* The stored row of sample i, as its first input tells. */
static size_t row_of(const rnl_dataset *set, size_t i)
{
    double row[FEATURES];
    assert_int_equal(rnl_dataset_gather(set, NULL, i, rnl_matrix_f64(row, 1, FEATURES)), RNL_OK);
    for (size_t j = 0; j < FEATURES; j++)
        assert_true(row[j] == row[0] + (double)j);
    return (size_t)row[0] / 10;
}

static void every_sample_is_in_one_part(void **state)
{
    (void)state;
    static const double shares[] = {0.1, 0.25, 0.5, 0.999, 1e-9, 1 - 1e-16};
    static const size_t sizes[] = {100, 250, 500, 999, 1, 999};
    rnl_dataset *set = with_classes(), *rest, *part;
    for (size_t k = 0; k < 6; k++) {
        int seen[N] = {0};
        assert_int_equal(rnl_dataset_split(set, shares[k], 1, &rest, &part), RNL_OK);
        assert_int_equal(rnl_dataset_describe(part).n, sizes[k]);
        assert_int_equal(rnl_dataset_describe(rest).n, N - sizes[k]);
        assert_int_equal(rnl_dataset_describe(part).class_count, CLASSES);
        for (int which = 0; which < 2; which++) {
            const rnl_dataset *s = which ? rest : part;
            size_t before = 0;
            for (size_t i = 0; i < rnl_dataset_describe(s).n; i++) {
                const size_t row = row_of(s, i);
                seen[row]++;
                assert_int_equal(rnl_dataset_classes(s)[i], classes[row]);
                assert_true(i == 0 || row > before); /* the order of the set */
                before = row;
            }
        }
        for (size_t i = 0; i < N; i++)
            assert_int_equal(seen[i], 1);
        rnl_dataset_free(&rest);
        rnl_dataset_free(&part);
    }
    rnl_dataset_free(&set);
}

static void each_class_is_shared_out(void **state)
{
    (void)state;
    rnl_dataset *set = with_classes(), *rest, *part;
    double count[CLASSES] = {0};
    for (size_t i = 0; i < N; i++)
        count[classes[i]]++;
    for (int percent = 1; percent < 100; percent++) {
        double in_part[CLASSES] = {0};
        assert_int_equal(rnl_dataset_split(set, percent / 100.0, 7, &rest, &part), RNL_OK);
        for (size_t i = 0; i < rnl_dataset_describe(part).n; i++)
            in_part[rnl_dataset_classes(part)[i]]++;
        for (size_t k = 0; k < CLASSES; k++)
            assert_true(fabs(in_part[k] - percent / 100.0 * count[k]) < 1);
        rnl_dataset_free(&rest);
        rnl_dataset_free(&part);
    }
    rnl_dataset_free(&set);
}

/* Rounding takes from a class that has more. */
static void the_only_one_stays(void **state)
{
    (void)state;
    enum { LARGE = 40, RARE = 3, ALL = LARGE + RARE };
    static float row[ALL];
    static int32_t of[ALL];
    for (int32_t k = 0; k < RARE; k++)
        of[LARGE + k] = 1 + k;
    rnl_dataset *set, *rest, *part;
    assert_int_equal(rnl_dataset_from_floats(&set, row, ALL, 1, of, 1 + RARE, false), RNL_OK);
    assert_int_equal(rnl_dataset_split(set, 0.2, 1, &rest, &part), RNL_OK);
    assert_int_equal(rnl_dataset_describe(part).n, 9);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(rnl_dataset_classes(part)[i], 0);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&part);
    rnl_dataset_free(&set);
}

static size_t in_common(uint64_t seed, uint64_t other_seed)
{
    rnl_dataset *set = with_classes(), *rest, *part, *other_rest, *other;
    bool in_part[N] = {false};
    size_t common = 0;
    assert_int_equal(rnl_dataset_split(set, 0.2, seed, &rest, &part), RNL_OK);
    assert_int_equal(rnl_dataset_split(set, 0.2, other_seed, &other_rest, &other), RNL_OK);
    for (size_t i = 0; i < rnl_dataset_describe(part).n; i++)
        in_part[row_of(part, i)] = true;
    for (size_t i = 0; i < rnl_dataset_describe(other).n; i++)
        common += in_part[row_of(other, i)];
    rnl_dataset_free(&rest);
    rnl_dataset_free(&part);
    rnl_dataset_free(&other_rest);
    rnl_dataset_free(&other);
    rnl_dataset_free(&set);
    return common;
}

static void the_seed_draws(void **state)
{
    (void)state;
    assert_int_equal(in_common(5, 5), 200);
    const size_t chance = in_common(5, 6);
    assert_true(chance > 15 && chance < 70); /* 40 by chance */
}

static void a_part_can_be_split_again(void **state)
{
    (void)state;
    rnl_dataset *set = with_classes(), *rest, *part, *rest_of_part, *part_of_part;
    assert_int_equal(rnl_dataset_split(set, 0.5, 1, &rest, &part), RNL_OK);
    assert_int_equal(rnl_dataset_split(part, 0.5, 2, &rest_of_part, &part_of_part), RNL_OK);
    bool in_part[N] = {false};
    for (size_t i = 0; i < 500; i++)
        in_part[row_of(part, i)] = true;
    for (size_t i = 0; i < 250; i++) {
        assert_true(in_part[row_of(part_of_part, i)]);
        assert_int_equal(rnl_dataset_classes(part_of_part)[i], classes[row_of(part_of_part, i)]);
    }
    const size_t index[2] = {249, 0};
    float row[2 * FEATURES];
    assert_int_equal(rnl_dataset_gather(part_of_part, index, 0, rnl_matrix_f32(row, 2, FEATURES)),
                     RNL_OK);
    assert_int_equal((size_t)row[0] / 10, row_of(part_of_part, 249));
    assert_error(rnl_dataset_gather(part_of_part, NULL, 250, rnl_matrix_f32(row, 1, FEATURES)),
                 RNL_ERR_SHAPE, "the data set has 250");
    rnl_dataset_free(&part_of_part);
    rnl_dataset_free(&rest_of_part);
    rnl_dataset_free(&part);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&set);
}

/* What the set is given afterwards replaces its own, and not what the parts have. */
static void parts_keep_their_scaling_and_names(void **state)
{
    (void)state;
    rnl_dataset *set = with_classes(), *rest, *part;
    assert_int_equal(rnl_dataset_set_class_names(set, "a\nb\nc\nd\ne"), RNL_OK);
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_STANDARD, NULL), RNL_OK);
    assert_int_equal(rnl_dataset_split(set, 0.5, 1, &rest, &part), RNL_OK);
    float before[FEATURES], after[FEATURES];
    assert_int_equal(rnl_dataset_gather(part, NULL, 7, rnl_matrix_f32(before, 1, FEATURES)),
                     RNL_OK);
    assert_int_equal(rnl_dataset_prepare(set, RNL_PREPARE_NONE, NULL), RNL_OK);
    assert_int_equal(rnl_dataset_set_class_names(set, NULL), RNL_OK);
    assert_int_equal(rnl_dataset_gather(part, NULL, 7, rnl_matrix_f32(after, 1, FEATURES)), RNL_OK);
    assert_memory_equal(before, after, sizeof before);
    assert_string_equal(rnl_dataset_class_names(part), "a\nb\nc\nd\ne");
    assert_string_equal(rnl_dataset_class_names(rest), "a\nb\nc\nd\ne");
    rnl_dataset_free(&part);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&set);
}

static void rows_of_targets_go_along(void **state)
{
    (void)state;
    rnl_dataset *set, *rest, *part;
    assert_int_equal(rnl_dataset_from_rows(&set, x, N, FEATURES, targets, WIDTH, true), RNL_OK);
    const rnl_dataset_info info = rnl_dataset_describe(set);
    assert_int_equal(info.target_width, WIDTH);
    assert_int_equal(info.class_count, 0);
    assert_null(rnl_dataset_classes(set));
    assert_memory_equal(rnl_dataset_targets(set), targets, sizeof targets);
    assert_int_equal(rnl_dataset_split(set, 0.3, 1, &rest, &part), RNL_OK);
    for (size_t i = 0; i < 300; i++)
        for (size_t j = 0; j < WIDTH; j++)
            assert_true(rnl_dataset_targets(part)[i * WIDTH + j] ==
                        targets[row_of(part, i) * WIDTH + j]);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&part);
    rnl_dataset_free(&set);
    set = with_classes();
    assert_null(rnl_dataset_targets(set));
    rnl_dataset_free(&set);
}

static void weights_balance(void **state)
{
    (void)state;
    rnl_dataset *set = with_classes();
    double weights[CLASSES], sum[CLASSES] = {0};
    assert_int_equal(rnl_dataset_balanced_weights(set, weights), RNL_OK);
    for (size_t i = 0; i < N; i++)
        sum[classes[i]] += weights[classes[i]];
    for (size_t k = 0; k < CLASSES; k++)
        assert_true(fabs(sum[k] - (k == 3 ? 0 : N / 4.0)) < 1e-9);
    assert_true(weights[3] == 1);
    rnl_dataset_free(&set);
    assert_int_equal(rnl_dataset_from_rows(&set, x, N, FEATURES, targets, WIDTH, false), RNL_OK);
    assert_error(rnl_dataset_balanced_weights(set, weights), RNL_ERR_USAGE, "has no classes");
    rnl_dataset_free(&set);
}

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    rnl_dataset *set = with_classes(), *rest = set, *part = set;
    static const double bad[] = {0, 1, -0.1, 1.5, NAN, INFINITY};
    for (size_t k = 0; k < 6; k++) {
        assert_error(rnl_dataset_split(set, bad[k], 1, &rest, &part), RNL_ERR_USAGE,
                     "expected a number above 0 and below 1");
        assert_null(rest);
        assert_null(part);
    }
    rnl_dataset_free(&set);
    assert_int_equal(rnl_dataset_from_floats(&set, x, 1, FEATURES, NULL, 0, false), RNL_OK);
    assert_error(rnl_dataset_split(set, 0.5, 1, &rest, &part), RNL_ERR_USAGE, "cannot be split");
    rnl_dataset_free(&set);
    assert_error(rnl_dataset_from_rows(&set, x, N, FEATURES, targets, 0, true), RNL_ERR_USAGE,
                 "rows of targets");
    assert_error(rnl_dataset_from_rows(&set, x, N, FEATURES, NULL, 1, true), RNL_ERR_USAGE,
                 "the array of targets is NULL");
    targets[7] = NAN;
    assert_error(rnl_dataset_from_rows(&set, x, N, FEATURES, targets, WIDTH, true), RNL_ERR_FORMAT,
                 "target 1 of sample 3 (counted from 0) is not finite");
    targets[7] = 0;
}

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    rnl_dataset *set = with_classes(), *rest, *part;
    long nth = 1;
    for (;; nth++) {
        rnl_alloc_fail_after(nth);
        const rnl_status status = rnl_dataset_split(set, 0.5, 1, &rest, &part);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK)
            break;
        assert_int_equal(status, RNL_ERR_MEMORY);
        assert_null(rest);
        assert_null(part);
    }
    assert_int_equal(nth, 10);
    rnl_dataset_free(&rest);
    rnl_dataset_free(&part);
    rnl_dataset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_is_in_one_part),
        cmocka_unit_test(each_class_is_shared_out),
        cmocka_unit_test(the_only_one_stays),
        cmocka_unit_test(the_seed_draws),
        cmocka_unit_test(a_part_can_be_split_again),
        cmocka_unit_test(parts_keep_their_scaling_and_names),
        cmocka_unit_test(rows_of_targets_go_along),
        cmocka_unit_test(weights_balance),
        cmocka_unit_test(failing_allocations_leave_nothing),
        cmocka_unit_test(refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}

/* test_check.c - the harness of check.h can fail: kernels that are wrong in one way each are caught
 *
 * Each mutant stands in for one slot of the portable table; the case that goes with it must fail with a
 * sentence that says where, and pass with the true kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "check.h"

#include <string.h>

static const rnl_kernels *truth; /* portable, f32 */

static float *at(const rnl_matrix *m, size_t i, size_t j)
{
    return (float *)m->data + i * m->ld + j;
}

static bool leads(void)
{
    return rnl_team_rank() == 0;
}

/* ---- the mutants ---------------------------------------------------------------------------------------- */

static void zeros(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W, const rnl_matrix *b,
                  rnl_activation act)
{
    truth->affine_forward(y, x, W, b, act);
    const rnl_range mine = rnl_my_rows(y->rows);
    for (size_t i = mine.begin; i < mine.end; i++)
        memset(at(y, i, 0), 0, y->cols * sizeof(float));
}

static void no_bias(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W, const rnl_matrix *b,
                    rnl_activation act)
{
    float zero[64] = {0};
    rnl_matrix none = *b;
    none.data = zero;
    truth->affine_forward(y, x, W, &none, act);
}

static void last_column_forgotten(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                                  const rnl_matrix *b, rnl_activation act)
{
    rnl_matrix narrow = *y;
    narrow.cols--;
    truth->affine_forward(&narrow, x, W, b, act);
}

static void writes_beside(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                          const rnl_matrix *b, rnl_activation act)
{
    truth->affine_forward(y, x, W, b, act);
    if (leads())
        *at(y, y->rows - 1, y->cols) = 0;
}

static void writes_into_input(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                              const rnl_matrix *b, rnl_activation act)
{
    truth->affine_forward(y, x, W, b, act);
    const rnl_range mine = rnl_my_rows(y->rows);
    for (size_t i = mine.begin; i < mine.end; i++)
        *at(x, i, 0) += 1;
}

static void wrong_in_a_team(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                            const rnl_matrix *b, rnl_activation act)
{
    truth->affine_forward(y, x, W, b, act);
    if (rnl_team_size() == 3 && leads())
        *at(y, 0, 0) *= 1 + 0x1p-23f;
}

static void forty_roundings_off(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                                const rnl_matrix *b, rnl_activation act)
{
    truth->affine_forward(y, x, W, b, act);
    const rnl_range mine = rnl_my_rows(y->rows);
    for (size_t i = mine.begin; i < mine.end; i++)
        *at(y, i, 0) *= 1 + 40 * 0x1p-24f;
}

static void transposed(rnl_matrix *dx, const rnl_matrix *dy, const rnl_matrix *W)
{
    float flipped[40 * 40];
    for (size_t i = 0; i < W->rows; i++)
        for (size_t j = 0; j < W->rows; j++)
            flipped[j * W->rows + i] = *at(W, i, j);
    const rnl_matrix turned = rnl_matrix_view(flipped, W->rows, W->cols, RNL_F32);
    truth->affine_backward_input(dx, dy, &turned);
}

static void always_overwrites(rnl_matrix *dW, rnl_matrix *db, const rnl_matrix *x,
                              const rnl_matrix *dy, double alpha, bool add)
{
    (void)add;
    truth->affine_backward_params(dW, db, x, dy, alpha, false);
}

static void hides_nan(rnl_matrix *y, const rnl_matrix *x)
{
    const rnl_range mine = rnl_my_rows(y->rows);
    for (size_t i = mine.begin; i < mine.end; i++)
        for (size_t j = 0; j < y->cols; j++)
            *at(y, i, j) = *at(x, i, j) > 0 ? *at(x, i, j) : 0;
}

static void last_of_ties(int32_t *best, const rnl_matrix *x)
{
    const rnl_range mine = rnl_my_rows(x->rows);
    for (size_t i = mine.begin; i < mine.end; i++) {
        size_t k = 0;
        for (size_t j = 1; j < x->cols; j++)
            k = *at(x, i, j) >= *at(x, i, k) ? j : k;
        best[i] = (int32_t)k;
    }
}

static void mean_forgotten(double *losses, rnl_matrix *dx, const rnl_matrix *x,
                           const rnl_targets *t)
{
    truth->softmax_loss(losses, dx, x, t);
    const rnl_range mine = rnl_my_rows(x->rows);
    for (size_t i = mine.begin; dx && i < mine.end; i++)
        for (size_t j = 0; j < dx->cols; j++)
            *at(dx, i, j) *= (float)dx->rows;
}

/* The loss as the book computes it, -log(y + 1e-7): wrong where the answer is far off. */
static void loss_is_capped(double *losses, rnl_matrix *dx, const rnl_matrix *x,
                           const rnl_targets *t)
{
    truth->softmax_loss(losses, dx, x, t);
    const rnl_range mine = rnl_my_rows(x->rows);
    for (size_t i = mine.begin; losses && i < mine.end; i++)
        losses[i] = losses[i] > 16 ? 16.118 : losses[i];
}

/* ---- each is caught ----------------------------------------------------------------------------------------- */

#define AFFINE "affine_forward/portable/f32 n=27 in=33 out=10 gap=3 act=none fill=plain seed=12"
#define PLAIN  " fill=plain seed=3"

static const struct {
    rnl_kernels wrong; /* the one slot that differs */
    const char *text, *says;
} mutants[] = {
    {{.affine_forward = zeros}, AFFINE, "is 0 and should be"},
    {{.affine_forward = no_bias}, AFFINE, "and should be"},
    {{.affine_forward = last_column_forgotten}, AFFINE, "[0, 9] is"},
    {{.affine_forward = writes_beside}, AFFINE, "around output 0"},
    {{.affine_forward = writes_into_input}, AFFINE, "input 1"},
    {{.affine_forward = wrong_in_a_team}, AFFINE, "by a team of 3"},
    {{.affine_forward = forty_roundings_off},
     "affine_forward/portable/f32 n=60 in=1 out=3 gap=3 act=none fill=plain seed=12",
     "and should be"},
    {{.affine_backward_input = transposed},
     "affine_backward_input/portable/f32 n=4 in=12 out=12 gap=0" PLAIN,
     "and should be"},
    {{.affine_backward_params = always_overwrites},
     "affine_backward_params/portable/f32 n=6 in=7 out=5 gap=2 add=yes alpha=-0.1" PLAIN,
     "and should be"},
    {{.relu_forward = hides_nan},
     "relu_forward/portable/f32 n=9 cols=19 gap=1 inplace=no fill=special seed=1",
     "should be"},
    {{.argmax = last_of_ties},
     "argmax/portable/f32 n=20 cols=10 gap=1 fill=ties seed=1",
     "and should be"},
    {{.softmax_loss = mean_forgotten},
     "softmax_loss/portable/f32 n=20 cols=10 gap=1 inplace=no targets=rows give=both" PLAIN,
     "and should be"},
    {{.softmax_loss = loss_is_capped},
     "softmax_loss/portable/f32 n=60 cols=10 gap=1 inplace=no targets=classes give=losses "
     "fill=special seed=3",
     "is 16.118 and should be"},
};

static rnl_kernels table_with(const rnl_kernels *wrong)
{
    rnl_kernels k = *truth;
    k.affine_forward = wrong->affine_forward ? wrong->affine_forward : k.affine_forward;
    k.affine_backward_input =
        wrong->affine_backward_input ? wrong->affine_backward_input : k.affine_backward_input;
    k.affine_backward_params =
        wrong->affine_backward_params ? wrong->affine_backward_params : k.affine_backward_params;
    k.relu_forward = wrong->relu_forward ? wrong->relu_forward : k.relu_forward;
    k.argmax = wrong->argmax ? wrong->argmax : k.argmax;
    k.softmax_loss = wrong->softmax_loss ? wrong->softmax_loss : k.softmax_loss;
    return k;
}

static void test_mutants_are_caught(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof mutants / sizeof mutants[0]; m++) {
        if (mutants[m].wrong.affine_forward == wrong_in_a_team && rnl_team_wanted(3) < 3)
            continue; /* a build without threads has no teams to be wrong in */
        const rnl_kernels table = table_with(&mutants[m].wrong);
        check_case c;
        char why[CHECK_TEXT] = "";
        if (!check_parse(&c, mutants[m].text, why))
            fail_msg("mutant %zu: %s", m, why);
        if (check_run(&c, 1, truth, why) != 1)
            fail_msg("mutant %zu: the true kernel fails: %s", m, why);
        if (check_run(&c, 1, &table, why) == 1)
            fail_msg("mutant %zu was not caught by %s", m, mutants[m].text);
        if (!strstr(why, mutants[m].says))
            fail_msg("mutant %zu: \"%s\" does not say \"%s\"", m, why, mutants[m].says);
    }
}

/* ---- a case as text -------------------------------------------------------------------------------------------- */

static void test_text_and_back(void **state)
{
    (void)state;
    check_case c;
    char text[CHECK_TEXT], why[CHECK_TEXT];
    const char *all = "softmax_loss/avx2/f64 n=20 cols=10 gap=1 targets=rows give=both inplace=yes "
                      "fill=ties seed=9";
    assert_true(check_parse(&c, all, why));
    check_print(&c, text);
    assert_string_equal(text, all);
}

static void test_text_that_is_no_case(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"argmax", "begins with"},
        {"armax/avx2/f32 n=1", "no kernel armax"},
        {"argmax/avx2/f16 n=1", "no kernel argmax for f16"},
        {"argmax/avx2/f32 n=1 cols=10 gap=1 seed=1", "fill=... is missing"},
        {"argmax/avx2/f32 n=1 cols=10 gap=1 fill=odd seed=1", "takes no \"fill=odd\""},
        {"argmax/avx2/f32 n=1x cols=10 gap=1 fill=ties seed=1", "takes no \"n=1x\""},
        {"argmax/avx2/f32 n=-1 cols=10 gap=1 fill=ties seed=1", "takes no \"n=-1\""},
        {"argmax/avx2/f32 n=1 cols=10 gap=1 fill=ties seed=1 in=3", "takes no \"in=3\""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_case c;
        char why[CHECK_TEXT];
        assert_false(check_parse(&c, texts[i][0], why));
        if (!strstr(why, texts[i][1]))
            fail_msg("%s: \"%s\" does not say \"%s\"", texts[i][0], why, texts[i][1]);
    }
}

int main(void)
{
    truth = rnl_portable()->of[RNL_F32];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutants_are_caught),
        cmocka_unit_test(test_text_and_back),
        cmocka_unit_test(test_text_that_is_no_case),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}

/* check_sparse.c - the affine layer on inputs that are mostly zero: cases and what they should give
 *
 * What is passed over are the products with zero, so that 0 * inf counts as 0. A case makes x sparse
 * with the table's own kernels first, each thread its share, as training does. */
#include "check.h"

#include <math.h>
#include <stdlib.h>

/* ---- compress_row, compress_bytes: what comes back is what went in ---------------------------------------- */

/* The sparse form has room for more rows than there are: a batch may be smaller than planned. */
static void make_room(check_test *t, size_t rows, size_t cols, size_t outputs)
{
    const size_t room = rows + 1 + rnl_random_u64(&t->random) % 3;
    rnl_sparse_hand_out(&t->sparse, &t->arena, room, cols, outputs, t->c->dtype);
    if (rnl_arena_make(&t->arena) != RNL_OK)
        abort();
    rnl_sparse_hand_out(&t->sparse, &t->arena, room, cols, outputs, t->c->dtype);
}

static void compress_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, OUTPUT, TYPE_REAL, n, cols, FILL_PLAIN);
    check_matrix(t, INPUT, TYPE_REAL, n, cols, (check_fill)check_size(t, F_FILL));
    make_room(t, n, cols, 1);
}

static void bytes_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, OUTPUT, TYPE_REAL, n, cols, FILL_PLAIN);
    check_buffer *bytes = check_matrix(t, INPUT, TYPE_U8, n, cols, FILL_PLAIN);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < cols; j++) {
            const uint64_t bits = rnl_random_u64(&t->random);
            check_set(bytes, i, j, bits % 5 ? 0 : (double)(bits >> 56));
        }
    }
    make_room(t, n, cols, 1);
}

/* Row i of a half back to a dense one; -1e30 all over where the form breaks its rules: columns in order,
 * each in its group and its mask, no number 0, everything in its half. */
static void expand(rnl_matrix *y, const rnl_sparse_half *s, size_t i)
{
    const uint16_t *start = s->start + i * (s->groups + 1);
    const uint32_t *column = s->column + i * s->stride;
    const rnl_matrix value = rnl_matrix_view(s->value, 1, s->stride, y->dtype);
    const rnl_matrix value_i = rnl_matrix_rows(value, i, 1);
    bool right = start[0] == 0;
    for (size_t j = s->first_group * RNL_SPARSE_GROUP; j < s->end; j++)
        rnl_matrix_set(y, i, j, 0);
    for (size_t g = 0; g < s->groups; g++) {
        const size_t first = (s->first_group + g) * RNL_SPARSE_GROUP,
                     last = first + RNL_SPARSE_GROUP;
        right &= start[g] <= start[g + 1] && start[g + 1] <= s->stride;
        unsigned mask = 0;
        for (size_t p = start[g]; right && p < start[g + 1]; p++) {
            const double x = rnl_matrix_get(&value_i, 0, p);
            right &= column[p] >= first && column[p] < last && column[p] < s->end && x != 0;
            right &= p == 0 || column[p] > column[p - 1];
            if (right)
                rnl_matrix_set(y, i, column[p], x);
            mask |= 1u << (column[p] - first);
        }
        right &= s->mask[g * s->rows + i] == mask;
    }
    for (size_t j = s->first_group * RNL_SPARSE_GROUP; j < s->end && !right; j++)
        rnl_matrix_set(y, i, j, -1e30);
}

/* This thread's share of x, from bytes or from numbers; and back, where y is given. */
static void compress(check_test *t, const rnl_kernels *k, const check_buffer *x, rnl_matrix *y)
{
    for (size_t h = 0; h < 2; h++) {
        rnl_sparse_half *half = &t->sparse.half[h];
        const rnl_range mine = rnl_sparse_share(x->m.rows, h);
        for (size_t i = mine.begin; i < mine.end; i++) {
            const char *row = (const char *)x->m.data + i * x->m.ld * x->element;
            if (x->element == 1)
                k->compress_bytes(half, i, (const uint8_t *)row, t->c->field[F_ALPHA]);
            else
                k->compress_row(half, i, row);
            if (y)
                expand(y, half, i);
        }
    }
}

static void compress_call(check_test *t, const rnl_kernels *k)
{
    compress(t, k, &t->buffer[1], &t->buffer[0].m);
}

static void compress_row_expect(check_test *t)
{
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++)
        for (size_t j = 0; j < y->m.cols; j++)
            check_want(y, i, j, check_before(&t->buffer[1], i, j), 0);
}

/* Two roundings: of the scale, of the product. */
static void compress_bytes_expect(check_test *t)
{
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++) {
        for (size_t j = 0; j < y->m.cols; j++) {
            const long double want = check_before(&t->buffer[1], i, j) * t->c->field[F_ALPHA];
            check_want(y, i, j, want, 2.01L * t->u * fabsl(want));
        }
    }
}

/* ---- sparse_forward: y = act(x W + b) -------------------------------------------------------------------------- */

static void forward_setup(check_test *t)
{
    check_affine_forward_setup(t);
    make_room(t, check_size(t, F_N), check_size(t, F_IN), check_size(t, F_OUT));
}

static void forward_call(check_test *t, const rnl_kernels *k)
{
    compress(t, k, &t->buffer[1], NULL);
    k->sparse_forward(&t->buffer[0].m, &t->sparse, &t->buffer[2].m, &t->buffer[3].m,
                      (rnl_activation)check_size(t, F_ACT));
}

static void forward_expect(check_test *t)
{
    t->passes_over_zeros = true;
    check_affine_forward_expect(t);
}

/* ---- sparse_backward_params: dW = alpha x^T dy, db = alpha sum_i dy[i, :] ------------------------------------------ */

static void params_setup(check_test *t)
{
    check_affine_params_setup(t);
    make_room(t, check_size(t, F_N), check_size(t, F_IN), check_size(t, F_OUT));
}

static void params_call(check_test *t, const rnl_kernels *k)
{
    compress(t, k, &t->buffer[2], NULL);
    k->sparse_backward_params(&t->buffer[0].m, &t->buffer[1].m, &t->sparse, &t->buffer[3].m,
                              t->c->field[F_ALPHA], check_size(t, F_ADD));
}

static void params_expect(check_test *t)
{
    t->passes_over_zeros = true;
    check_affine_params_expect(t);
}

#define ROWS (CHECK_BIT(F_N) | CHECK_BIT(F_COLS) | CHECK_BIT(F_GAP) | CHECK_BIT(F_SEED))
#define AFFINE                                                                                     \
    (CHECK_BIT(F_N) | CHECK_BIT(F_IN) | CHECK_BIT(F_OUT) | CHECK_BIT(F_GAP) | CHECK_BIT(F_FILL) |  \
     CHECK_BIT(F_SEED))

const check_kernel check_sparse_kernels[] = {
    {"compress_row", ROWS | CHECK_BIT(F_FILL), compress_setup, compress_call, compress_row_expect},
    {"compress_bytes", ROWS | CHECK_BIT(F_ALPHA), bytes_setup, compress_call,
     compress_bytes_expect},
    {"sparse_forward", AFFINE | CHECK_BIT(F_ACT), forward_setup, forward_call, forward_expect},
    {"sparse_backward_params", AFFINE | CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA), params_setup,
     params_call, params_expect},
    {NULL, 0, NULL, NULL, NULL},
};

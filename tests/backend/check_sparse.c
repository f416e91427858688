/* check_sparse.c - the affine layer on inputs that are mostly zero: cases and what they should give
 *
 * Products with zero may be passed over, so that 0 * inf may count as 0. A case makes x sparse
 * with the table's own kernels first, each thread its share, as training does. */
#include "check.h"

#include <math.h>
#include <stdlib.h>

/* ---- sparse_numbers, sparse_bytes: what comes back is what went in ---------------------------------------- */

/* The sparse form has room for more rows than there are: a batch may be smaller than planned. */
static void make_room(check_test *t, size_t rows, size_t cols, size_t outputs,
                      rnl_sparse_source source)
{
    const size_t room = rows + 1 + rnl_random_u64(&t->random) % 3;
    rnl_sparse_hand_out(&t->sparse, &t->arena, room, cols, outputs, t->c->dtype, source);
    if (rnl_arena_make(&t->arena) != RNL_OK)
        abort();
    rnl_sparse_hand_out(&t->sparse, &t->arena, room, cols, outputs, t->c->dtype, source);
}

static void numbers_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, OUTPUT, TYPE_REAL, n, cols, FILL_PLAIN);
    check_matrix(t, INPUT, TYPE_REAL, n, cols, (check_fill)check_size(t, F_FILL));
    make_room(t, n, cols, 1, RNL_SPARSE_NUMBERS);
}

/* A matrix of bytes, most of them 0, that stand for bytes * scale, which goes into x unless it is NULL; and room
 * for their sparse form. */
static void bytes_input(check_test *t, size_t n, size_t cols, size_t outputs, double scale,
                        check_buffer *x)
{
    check_buffer *bytes = check_matrix(t, INPUT, TYPE_U8, n, cols, FILL_PLAIN);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < cols; j++) {
            const uint64_t bits = rnl_random_u64(&t->random);
            const unsigned byte = bits % 5 ? 0 : (unsigned)(bits >> 56);
            check_set(bytes, i, j, byte);
            if (x)
                check_set(x, i, j,
                          t->c->dtype == RNL_F64 ? byte * scale : (float)byte * (float)scale);
        }
    }
    const bool copied = rnl_random_u64(&t->random) % 2;
    make_room(t, n, cols, outputs, copied ? RNL_SPARSE_COPIED_BYTES : RNL_SPARSE_BYTES);
    rnl_sparse_set_scale(&t->sparse, scale);
}

static void bytes_setup(check_test *t)
{
    const size_t n = check_size(t, F_N), cols = check_size(t, F_COLS);
    check_matrix(t, OUTPUT, TYPE_REAL, n, cols, FILL_PLAIN);
    bytes_input(t, n, cols, 1, t->c->field[F_ALPHA], NULL);
}

/* The same for the layer's x, which has been made and is buffer number `at`. */
static void layer_bytes(check_test *t, size_t at)
{
    bytes_input(t, check_size(t, F_N), check_size(t, F_IN), check_size(t, F_OUT), 1.0 / 255,
                &t->buffer[at]);
}

/* Row i of a half back to a dense one; -1e30 where the mask does not say what is zero. */
static void expand(rnl_matrix *y, const rnl_sparse *s, const rnl_sparse_half *half, size_t i)
{
    const bool bytes = s->table;
    const rnl_matrix table = rnl_matrix_view(s->table, 1, 256, s->dtype);
    const rnl_matrix numbers =
        rnl_matrix_view((void *)half->numbers, half->rows, half->stride, s->dtype);
    for (size_t w = 0; w < half->words; w++) {
        const uint64_t mask = half->mask[w * half->rows + i];
        for (size_t l = 0; l < RNL_SPARSE_WORD; l++) {
            const size_t k = w * RNL_SPARSE_WORD + l, j = half->begin + k;
            const bool there = mask >> l & 1;
            if (j >= half->end) {
                if (there) /* a bit behind the last column */
                    rnl_matrix_set(y, i, half->end - 1, -1e30);
                continue;
            }
            const unsigned byte =
                bytes ? ((const uint8_t *)half->numbers)[i * half->stride + k] : 0;
            const double x =
                bytes ? rnl_matrix_get(&table, 0, byte) : rnl_matrix_get(&numbers, i, k);
            rnl_matrix_set(y, i, j, there == (bytes ? byte != 0 : x != 0) ? x : -1e30);
        }
    }
}

/* This thread's share of x, from bytes or from numbers; and back, where y is given. */
static void take_in(check_test *t, const rnl_kernels *k, const check_buffer *x, rnl_matrix *y)
{
    if (rnl_team_rank() == 0 && !t->sparse.half[0].bytes)
        rnl_sparse_set_place(&t->sparse, x->m.data, x->m.ld);
    rnl_team_barrier();
    for (size_t h = 0; h < 2; h++) {
        rnl_sparse_half *half = &t->sparse.half[h];
        const rnl_range mine = rnl_sparse_share(x->m.rows, h);
        for (size_t i = mine.begin; i < mine.end; i++) {
            const char *row = (const char *)x->m.data + i * x->m.ld * x->element;
            if (x->element == 1)
                k->sparse_bytes(half, i, (const uint8_t *)row);
            else
                k->sparse_numbers(half, i, row);
            if (y)
                expand(y, &t->sparse, half, i);
        }
    }
}

static void take_in_call(check_test *t, const rnl_kernels *k)
{
    take_in(t, k, &t->buffer[1], &t->buffer[0].m);
}

static void numbers_expect(check_test *t)
{
    check_buffer *y = &t->buffer[0];
    for (size_t i = 0; i < y->m.rows; i++)
        for (size_t j = 0; j < y->m.cols; j++)
            check_want(y, i, j, check_before(&t->buffer[1], i, j), 0);
}

/* Two roundings: of the scale, of the product. */
static void bytes_expect(check_test *t)
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
    make_room(t, check_size(t, F_N), check_size(t, F_IN), check_size(t, F_OUT), RNL_SPARSE_NUMBERS);
}

static void forward_call(check_test *t, const rnl_kernels *k)
{
    take_in(t, k, &t->buffer[t->sparse.table ? 4 : 1], NULL);
    k->sparse_forward(&t->buffer[0].m, &t->sparse, &t->buffer[2].m, &t->buffer[3].m,
                      (rnl_activation)check_size(t, F_ACT));
}

static void forward_bytes_setup(check_test *t)
{
    check_affine_forward_setup(t);
    layer_bytes(t, 1);
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
    make_room(t, check_size(t, F_N), check_size(t, F_IN), check_size(t, F_OUT), RNL_SPARSE_NUMBERS);
}

static void params_call(check_test *t, const rnl_kernels *k)
{
    take_in(t, k, &t->buffer[t->sparse.table ? 4 : 2], NULL);
    rnl_team_barrier();
    k->sparse_backward_params(&t->buffer[0].m, &t->buffer[1].m, &t->sparse, &t->buffer[3].m,
                              t->c->field[F_ALPHA], check_size(t, F_ADD));
}

static void params_bytes_setup(check_test *t)
{
    check_affine_params_setup(t);
    layer_bytes(t, 2);
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
    {"sparse_numbers", ROWS | CHECK_BIT(F_FILL), numbers_setup, take_in_call, numbers_expect},
    {"sparse_bytes", ROWS | CHECK_BIT(F_ALPHA), bytes_setup, take_in_call, bytes_expect},
    {"sparse_forward", AFFINE | CHECK_BIT(F_ACT), forward_setup, forward_call, forward_expect},
    {"sparse_forward_bytes", AFFINE | CHECK_BIT(F_ACT), forward_bytes_setup, forward_call,
     forward_expect},
    {"sparse_backward_params", AFFINE | CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA), params_setup,
     params_call, params_expect},
    {"sparse_backward_params_bytes", AFFINE | CHECK_BIT(F_ADD) | CHECK_BIT(F_ALPHA),
     params_bytes_setup, params_call, params_expect},
    {NULL, 0, NULL, NULL, NULL},
};

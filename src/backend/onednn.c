/* onednn.c - matrix products by oneDNN's dnnl_sgemm, f32; everything else is the portable set's
 *
 * dnnl_sgemm forks an OpenMP region over all cores for every product, however small. The team shares
 * the rows itself, so every product is told to stay on its thread; the setting is the calling thread's
 * own, and what it was before is put back.
 *
 * Its last bits depend on the number of rows (and columns) of a call. Each call therefore covers a
 * tile whose size comes from the shapes alone (base/team.h), however many threads there are. */
#include "backend/backend.h"

#include <oneapi/dnnl/dnnl.h>

#include <omp.h>
#include <pthread.h>
#include <string.h>

/* Products of fewer multiply-adds than this are not worth oneDNN's own preparations. */
enum { SMALL_PRODUCT = 100 * 50 * 784 };

static const rnl_kernels *portable;

/* C = alpha op(A) op(B) + beta C, row-major, on the calling thread. */
static void product(char trans_a, char trans_b, size_t rows, size_t cols, size_t depth, float alpha,
                    const float *a, size_t a_ld, const float *b, size_t b_ld, float beta, float *c,
                    size_t c_ld)
{
    const int threads = omp_get_max_threads();
    if (threads != 1)
        omp_set_num_threads(1);
    dnnl_sgemm(trans_a, trans_b, (dnnl_dim_t)rows, (dnnl_dim_t)cols, (dnnl_dim_t)depth, alpha, a,
               (dnnl_dim_t)a_ld, b, (dnnl_dim_t)b_ld, beta, c, (dnnl_dim_t)c_ld);
    if (threads != 1)
        omp_set_num_threads(threads);
}

static float *row(const rnl_matrix *m, size_t i)
{
    return (float *)m->data + i * m->ld;
}

static bool small(size_t rows, size_t cols, size_t depth)
{
    return depth == 0 || cols == 0 || (double)rows * (double)cols * (double)depth <= SMALL_PRODUCT;
}

static void affine_forward(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                           const rnl_matrix *b, rnl_activation act)
{
    if (small(x->rows, y->cols, x->cols)) {
        portable->affine_forward(y, x, W, b, act);
        return;
    }
    const rnl_range tiles = rnl_my_tiles(x->rows);
    for (size_t t = tiles.begin; t < tiles.end; t++) {
        const rnl_range tile = rnl_tile(x->rows, t);
        /* y = x W + b: b is laid into y first, and the product added to it */
        for (size_t i = tile.begin; i < tile.end; i++)
            memcpy(row(y, i), b->data, y->cols * sizeof(float));
        product('N', 'N', tile.end - tile.begin, y->cols, x->cols, 1, row(x, tile.begin), x->ld,
                W->data, W->ld, 1, row(y, tile.begin), y->ld);
    }
    switch (act) {
    case RNL_ACT_NONE: break;
    case RNL_ACT_RELU: portable->relu_forward(y, y); break;
    case RNL_ACT_SIGMOID: portable->sigmoid_forward(y, y); break;
    }
}

static void affine_backward_input(rnl_matrix *dx, const rnl_matrix *dy, const rnl_matrix *W)
{
    if (small(dx->rows, dx->cols, dy->cols)) {
        portable->affine_backward_input(dx, dy, W);
        return;
    }
    const rnl_range tiles = rnl_my_tiles(dy->rows);
    for (size_t t = tiles.begin; t < tiles.end; t++) {
        const rnl_range tile = rnl_tile(dy->rows, t);
        /* dx = dy W^T */
        product('N', 'T', tile.end - tile.begin, dx->cols, dy->cols, 1, row(dy, tile.begin), dy->ld,
                W->data, W->ld, 0, row(dx, tile.begin), dx->ld);
    }
}

static void affine_backward_params(rnl_matrix *dW, rnl_matrix *db, const rnl_matrix *x,
                                   const rnl_matrix *dy, double alpha, bool add)
{
    if (small(dW->rows, dW->cols, x->rows)) {
        portable->affine_backward_params(dW, db, x, dy, alpha, add);
        return;
    }
    rnl_team_barrier(); /* all rows of x and dy are there */
    const rnl_range tiles = rnl_my_tiles(dW->rows);
    for (size_t t = tiles.begin; t < tiles.end; t++) {
        const rnl_range tile = rnl_tile(dW->rows, t);
        /* dW = alpha x^T dy, rows of dW: columns of x */
        product('T', 'N', tile.end - tile.begin, dW->cols, x->rows, (float)alpha,
                row(x, 0) + tile.begin, x->ld, dy->data, dy->ld, add ? 1 : 0, row(dW, tile.begin),
                dW->ld);
    }
    portable->column_sums(db, dy, alpha, add);
}

static rnl_kernels kernels_f32;
static rnl_kernel_set kernel_set;

static void fill(void)
{
    const rnl_kernel_set *base = rnl_portable();
    portable = base->of[RNL_F32];
    kernels_f32 = *portable;
    kernels_f32.affine_forward = affine_forward;
    kernels_f32.affine_backward_input = affine_backward_input;
    kernels_f32.affine_backward_params = affine_backward_params;
    kernel_set = (rnl_kernel_set){.of = {[RNL_F32] = &kernels_f32, [RNL_F64] = base->of[RNL_F64]}};
}

const rnl_kernel_set *rnl_onednn(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill);
    return &kernel_set;
}

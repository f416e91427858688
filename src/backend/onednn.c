/* onednn.c - matrix products by oneDNN's dnnl_sgemm, f32; everything else is the portable set's
 *
 * dnnl_sgemm forks an OpenMP region over all cores for every product, however small. The team shares
 * the rows itself, so every product is told to stay on its thread; the setting is the calling thread's
 * own, and what it was before is put back.
 *
 * Its last bits depend on the number of rows and columns of a call. Each call therefore covers a tile
 * of a grid (backend/grid.h), which does not depend on the number of threads. */
#include "backend/backend.h"
#include "backend/grid.h"

#include <oneapi/dnnl/dnnl.h>

#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

static const rnl_kernels *portable;

/* ---- a product ----------------------------------------------------------------------------------------- */

/* dnnl_sgemm moves the stack pointer into memory that it has allocated. The frame of a signal's handler, some kilobytes
 * that the kernel lays below it, would destroy what is there ("corrupted size vs. prev_size"). So handlers wait on this
 * thread until its products are done. */
static sigset_t deferrable; /* all but the signals of faults */

static void hold_signals(sigset_t *before)
{
    pthread_sigmask(SIG_BLOCK, &deferrable, before);
}

static void let_signals(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* C = alpha op(A) op(B) + beta C, row-major, on the calling thread, whose signals are held. */
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

/* ---- the kernels ------------------------------------------------------------------------------------- */

/* y = act(y) on a tile, while it is in the cache. */
static void activate(rnl_matrix *y, rnl_activation act)
{
    const rnl_team_member member = rnl_team_enter_alone();
    switch (act) {
    case RNL_ACT_NONE: break;
    case RNL_ACT_RELU: portable->relu_forward(y, y); break;
    case RNL_ACT_SIGMOID: portable->sigmoid_forward(y, y); break;
    }
    rnl_team_leave(member);
}

static void affine_forward(rnl_matrix *y, const rnl_matrix *x, const rnl_matrix *W,
                           const rnl_matrix *b, rnl_activation act)
{
    if (rnl_is_small_product(x->rows, y->cols, x->cols)) {
        portable->affine_forward(y, x, W, b, act);
        return;
    }
    const rnl_grid g = rnl_grid_of_batch(x->rows, y->cols);
    const rnl_range mine = rnl_grid_mine(&g);
    sigset_t before;
    rnl_team_barrier(); /* all rows of x are there, and nobody reads y any more */
    hold_signals(&before);
    for (size_t k = mine.begin; k < mine.end; k++) {
        const rnl_grid_tile t = rnl_grid_tile_at(&g, k);
        rnl_matrix y_t = rnl_grid_view(y, &t);
        /* y = x W + b: b is laid into y first, and the product added to it */
        for (size_t i = 0; i < y_t.rows; i++)
            memcpy(row(&y_t, i), row(b, 0) + t.cols.begin, y_t.cols * sizeof(float));
        product('N', 'N', y_t.rows, y_t.cols, x->cols, 1, row(x, t.rows.begin), x->ld,
                row(W, 0) + t.cols.begin, W->ld, 1, y_t.data, y_t.ld);
        activate(&y_t, act);
    }
    let_signals(&before);
    rnl_team_barrier(); /* all of y is there */
}

static void affine_backward_input(rnl_matrix *dx, const rnl_matrix *dy, const rnl_matrix *W)
{
    if (rnl_is_small_product(dx->rows, dx->cols, dy->cols)) {
        portable->affine_backward_input(dx, dy, W);
        return;
    }
    const rnl_grid g = rnl_grid_of_batch(dx->rows, dx->cols);
    const rnl_range mine = rnl_grid_mine(&g);
    sigset_t before;
    rnl_team_barrier(); /* all rows of dy are there, and nobody reads dx any more */
    hold_signals(&before);
    for (size_t k = mine.begin; k < mine.end; k++) {
        const rnl_grid_tile t = rnl_grid_tile_at(&g, k);
        const rnl_matrix dx_t = rnl_grid_view(dx, &t);
        /* dx = dy W^T: columns of dx are rows of W */
        product('N', 'T', dx_t.rows, dx_t.cols, dy->cols, 1, row(dy, t.rows.begin), dy->ld,
                row(W, t.cols.begin), W->ld, 0, dx_t.data, dx_t.ld);
    }
    let_signals(&before);
    rnl_team_barrier(); /* all of dx is there */
}

static void affine_backward_params(rnl_matrix *dW, rnl_matrix *db, const rnl_matrix *x,
                                   const rnl_matrix *dy, double alpha, bool add)
{
    if (rnl_is_small_product(dW->rows, dW->cols, x->rows)) {
        portable->affine_backward_params(dW, db, x, dy, alpha, add);
        return;
    }
    const rnl_grid g = rnl_grid_of_params(dW->rows, dW->cols);
    const rnl_range mine = rnl_grid_mine(&g);
    sigset_t before;
    hold_signals(&before);
    for (size_t k = mine.begin; k < mine.end; k++) {
        const rnl_grid_tile t = rnl_grid_tile_at(&g, k);
        const rnl_matrix dW_t = rnl_grid_view(dW, &t);
        /* dW = alpha x^T dy: rows of dW are columns of x */
        product('T', 'N', dW_t.rows, dW_t.cols, x->rows, (float)alpha, row(x, 0) + t.rows.begin,
                x->ld, row(dy, 0) + t.cols.begin, dy->ld, add ? 1 : 0, dW_t.data, dW_t.ld);
    }
    let_signals(&before);
    portable->column_sums(db, dy, alpha, add);
}

static rnl_kernels kernels_f32;
static rnl_kernel_set kernel_set;

static void fill(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    sigfillset(&deferrable);
    for (size_t k = 0; k < sizeof faults / sizeof faults[0]; k++)
        sigdelset(&deferrable, faults[k]);
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

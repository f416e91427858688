/* bench_kernels.c - the worker that times single kernels, each called by a team as in training
 *
 *   peak     GFLOP/s of oneDNN's product of two large squares, whose rows `threads` threads share: what the
 *            processor can do in practice, and what the products below are compared with
 *   list     the names of the kernels
 *   kernel   program=NAME, net=IN-OUT, batch=N, backend, threads: GFLOP/s for the products, GB/s for
 *            the rest (what the kernel must read and write, once); same=1 where the backend's kernel is
 *            the portable one
 *
 * The median of many short stretches; every stretch begins where the last one ended, so small
 * matrices lie in the cache, as they do in training. */
#include "backend/backend.h"
#include "base/memory.h"
#include "base/random.h"
#include "protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef RNL_HAVE_ONEDNN
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#endif

/* The matrices that the kernels work on: x: [n, in], y, dy and z: [n, out], W: [in, out]. */
typedef struct scene {
    const rnl_kernels *k;
    rnl_matrix x, dx, W, dW, b, db, y, dy, z;
    rnl_targets t;
    double *losses;
    int32_t *best;
} scene;

typedef struct kernel {
    const char *name;
    bool product; /* GFLOP/s, else GB/s */
    void (*call)(scene *s);
    /* bytes that it must read and write, in numbers; products: multiply-adds */
    double (*work)(const scene *s);
    size_t slot; /* in rnl_kernels */
} kernel;

/* ---- one call of each --------------------------------------------------------------------------------- */

static void affine_forward(scene *s)
{
    s->k->affine_forward(&s->y, &s->x, &s->W, &s->b, RNL_ACT_RELU);
}

static void affine_backward_input(scene *s)
{
    s->k->affine_backward_input(&s->dx, &s->dy, &s->W);
}

/* As training calls it: a step of SGD, here of length almost 0. */
static void affine_backward_params(scene *s)
{
    s->k->affine_backward_params(&s->dW, &s->db, &s->x, &s->dy, -1e-9, true);
}

static void column_sums(scene *s)
{
    s->k->column_sums(&s->db, &s->dy, 1, false);
}

static void relu_forward(scene *s)
{
    s->k->relu_forward(&s->y, &s->dy);
}

static void relu_backward(scene *s)
{
    s->k->relu_backward(&s->z, &s->dy, &s->y);
}

static void sigmoid_forward(scene *s)
{
    s->k->sigmoid_forward(&s->y, &s->dy);
}

static void sigmoid_backward(scene *s)
{
    s->k->sigmoid_backward(&s->z, &s->dy, &s->y);
}

static void softmax(scene *s)
{
    s->k->softmax(&s->y, &s->dy);
}

static void softmax_loss(scene *s)
{
    s->k->softmax_loss(s->losses, &s->y, &s->dy, &s->t);
}

static void argmax(scene *s)
{
    s->k->argmax(s->best, &s->dy);
}

static void sgd_step(scene *s)
{
    s->k->sgd_step(s->W.data, s->dW.data, 1e-9, s->W.rows * s->W.cols);
}

/* ---- how much work each is ------------------------------------------------------------------------------ */

static double multiply_adds(const scene *s)
{
    return (double)s->x.rows * (double)s->W.rows * (double)s->W.cols;
}

static double outputs(const scene *s)
{
    return (double)s->y.rows * (double)s->y.cols;
}

static double two_outputs(const scene *s)
{
    return 2 * outputs(s);
}

static double three_outputs(const scene *s)
{
    return 3 * outputs(s);
}

static double three_weights(const scene *s)
{
    return 3 * (double)s->W.rows * (double)s->W.cols;
}

static const kernel kernels[] = {
    {"affine_forward", true, affine_forward, multiply_adds, offsetof(rnl_kernels, affine_forward)},
    {"affine_backward_input", true, affine_backward_input, multiply_adds,
     offsetof(rnl_kernels, affine_backward_input)},
    {"affine_backward_params", true, affine_backward_params, multiply_adds,
     offsetof(rnl_kernels, affine_backward_params)},
    {"column_sums", false, column_sums, outputs, offsetof(rnl_kernels, column_sums)},
    {"relu_forward", false, relu_forward, two_outputs, offsetof(rnl_kernels, relu_forward)},
    {"relu_backward", false, relu_backward, three_outputs, offsetof(rnl_kernels, relu_backward)},
    {"sigmoid_forward", false, sigmoid_forward, two_outputs,
     offsetof(rnl_kernels, sigmoid_forward)},
    {"sigmoid_backward", false, sigmoid_backward, three_outputs,
     offsetof(rnl_kernels, sigmoid_backward)},
    {"softmax", false, softmax, two_outputs, offsetof(rnl_kernels, softmax)},
    {"softmax_loss", false, softmax_loss, two_outputs, offsetof(rnl_kernels, softmax_loss)},
    {"argmax", false, argmax, outputs, offsetof(rnl_kernels, argmax)},
    {"sgd_step", false, sgd_step, three_weights, offsetof(rnl_kernels, sgd_step)},
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

/* ---- timing ----------------------------------------------------------------------------------------------- */

enum { STRETCHES = 31 };

typedef struct timing {
    scene *scene;
    const kernel *kernel;
    double seconds; /* wanted, in all */
    size_t calls;   /* a stretch */
    double stretch[STRETCHES];
} timing;

/* By every thread; only rank 0 writes. */
static double stretch_seconds(timing *t, size_t calls)
{
    rnl_team_barrier();
    const double begin = bench_now();
    for (size_t i = 0; i < calls; i++)
        t->kernel->call(t->scene);
    rnl_team_barrier();
    return bench_now() - begin;
}

static void walk(void *arg)
{
    timing *t = arg;
    stretch_seconds(t, 3);
    for (size_t calls = 1;; calls *= 2) { /* how many calls fill a stretch */
        const double seconds = stretch_seconds(t, calls);
        if (rnl_team_rank() == 0)
            t->calls =
                seconds * STRETCHES > t->seconds / 2 || calls > ((size_t)1 << 30) ? calls : 0;
        rnl_team_barrier();
        if (t->calls)
            break;
    }
    for (size_t i = 0; i < STRETCHES; i++) {
        const double seconds = stretch_seconds(t, t->calls);
        if (rnl_team_rank() == 0)
            t->stretch[i] = seconds / (double)t->calls;
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return values[n / 2];
}

/* ---- the verbs ---------------------------------------------------------------------------------------------- */

static rnl_matrix numbers(rnl_arena *arena, rnl_random *r, size_t rows, size_t cols)
{
    float *data = rnl_arena_take(arena, rows * cols, sizeof *data);
    for (size_t i = 0; data && i < rows * cols; i++)
        data[i] = (float)rnl_random_normal(r);
    return rnl_matrix_view(data, rows, cols, RNL_F32);
}

static void set_scene(scene *s, rnl_arena *arena, const bench_job *job)
{
    const size_t n = job->batch, in = job->widths[0], out = job->widths[1];
    rnl_random r = rnl_random_new(1, 0);
    s->x = numbers(arena, &r, n, in);
    s->dx = numbers(arena, &r, n, in);
    s->W = numbers(arena, &r, in, out);
    s->dW = numbers(arena, &r, in, out);
    s->b = numbers(arena, &r, 1, out);
    s->db = numbers(arena, &r, 1, out);
    s->y = numbers(arena, &r, n, out);
    s->dy = numbers(arena, &r, n, out);
    s->z = numbers(arena, &r, n, out);
    s->losses = rnl_arena_take(arena, n, sizeof *s->losses);
    s->best = rnl_arena_take(arena, n, sizeof *s->best);
    int32_t *classes = rnl_arena_take(arena, n, sizeof *classes);
    for (size_t i = 0; classes && i < n; i++)
        classes[i] = (int32_t)(i % out);
    s->t = rnl_targets_classes(classes, n);
}

/* Is the wanted kernel of the backend `name` the portable backend's own? */
static bool is_portable(const timing *t, const char *name)
{
    rnl_map_fn *own, *portable; /* any function's address has this size */
    memcpy(&own, (const char *)t->scene->k + t->kernel->slot, sizeof own);
    memcpy(&portable, (const char *)rnl_portable()->of[RNL_F32] + t->kernel->slot, sizeof portable);
    return strcmp(name, "portable") != 0 && own == portable;
}

static void kernel_verb(const bench_job *job)
{
    scene s = {0};
    timing t = {.scene = &s, .seconds = job->seconds};
    for (size_t i = 0; i < KERNELS; i++)
        if (strcmp(kernels[i].name, job->program) == 0)
            t.kernel = &kernels[i];
    const char *name;
    if (!t.kernel || job->width_count != 2) {
        printf("error kernel program=NAME net=IN-OUT batch=N; list tells the names");
        return;
    }
    const char *backend = job->backend[0] ? job->backend : NULL;
    if (rnl_backend_find(backend, RNL_F32, &name, &s.k) != RNL_OK) {
        printf("error %s", rnl_error_text());
        return;
    }
    if (is_portable(&t, name)) {
        printf("same=1");
        return;
    }
    rnl_arena arena = {0};
    set_scene(&s, &arena, job);
    if (rnl_arena_make(&arena) == RNL_OK) {
        set_scene(&s, &arena, job);
        if (rnl_team_run(rnl_team_wanted(job->threads), walk, &t) == RNL_OK) {
            const double seconds = median(t.stretch, STRETCHES);
            const double work = t.kernel->work(&s) * (t.kernel->product ? 2 : sizeof(float));
            printf("seconds=%.9f best=%.9f %s=%.3f", seconds, t.stretch[0],
                   t.kernel->product ? "gflops" : "gbytes", work / seconds * 1e-9);
            rnl_arena_free(&arena);
            return;
        }
    }
    printf("error %s", rnl_error_text());
    rnl_arena_free(&arena);
}

static void list_verb(const bench_job *job)
{
    (void)job;
    for (size_t i = 0; i < KERNELS; i++)
        printf("%s%s=%s", i ? " " : "", kernels[i].name, kernels[i].product ? "gflops" : "gbytes");
}

#ifdef RNL_HAVE_ONEDNN

/* Not a power of two, nor three of them: rows that are whole pages apart, or halves, fall on the same lines of a
 * cache, and take a third to a half of the product's speed. */
enum { SIDE = 1000 };

/* c = a b, all [SIDE, SIDE]. */
typedef struct yardstick {
    float *a, *b, *c;
    double seconds, times[STRETCHES];
    size_t count;
    bool enough;
} yardstick;

/* Each thread its rows of c, so that the library's own sharing out is not in the measure. */
static void multiply(void *arg)
{
    yardstick *s = arg;
    const rnl_range mine = rnl_part(SIDE, rnl_team_rank(), rnl_team_size());
    const dnnl_dim_t rows = (dnnl_dim_t)(mine.end - mine.begin);
    const double begin = bench_now();
    omp_set_num_threads(1);
    do {
        rnl_team_barrier();
        const double from = bench_now();
        dnnl_sgemm('N', 'N', rows, SIDE, SIDE, 1, s->a + mine.begin * SIDE, SIDE, s->b, SIDE, 0,
                   s->c + mine.begin * SIDE, SIDE);
        rnl_team_barrier();
        if (rnl_team_rank() == 0) {
            s->times[s->count++] = bench_now() - from;
            s->enough =
                s->count >= 5 && (s->count == STRETCHES || bench_now() - begin >= s->seconds);
        }
        rnl_team_barrier();
    } while (!s->enough);
}

static void peak_verb(const bench_job *job)
{
    rnl_arena arena = {0};
    yardstick s = {.seconds = job->seconds};
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1 && rnl_arena_make(&arena) != RNL_OK)
            break;
        s.a = rnl_arena_take(&arena, SIDE * SIDE, sizeof *s.a);
        s.b = rnl_arena_take(&arena, SIDE * SIDE, sizeof *s.b);
        s.c = rnl_arena_take(&arena, SIDE * SIDE, sizeof *s.c);
    }
    for (size_t i = 0; s.a && i < SIDE * SIDE; i++) {
        s.a[i] = (float)(i % 7) - 3;
        s.b[i] = (float)(i % 5) - 2;
    }
    if (s.a && rnl_team_run(rnl_team_wanted(job->threads), multiply, &s) == RNL_OK)
        printf("gflops=%.3f", 2.0 * SIDE * SIDE * SIDE / median(s.times, s.count) * 1e-9);
    else
        printf("error %s", rnl_error_text());
    rnl_arena_free(&arena);
}

#else

static void peak_verb(const bench_job *job)
{
    (void)job;
    printf("error this build has no oneDNN, whose product is the yardstick");
}

#endif

static bool load(const char *folder, bool quiet)
{
    (void)folder;
    if (!quiet)
        for (size_t i = 0; rnl_backend_name(i); i++)
            printf(" backend%zu=%s", i, rnl_backend_name(i));
    return true;
}

int main(int argc, char **argv)
{
    static const bench_verb verbs[] = {
        {"peak", peak_verb}, {"list", list_verb}, {"kernel", kernel_verb}, {NULL, NULL}};
    return bench_serve(argc, argv, load, verbs);
}

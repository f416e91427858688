/* test_kernels.c - every kernel of every backend on random legal shapes (see check.h)
 *
 *   test_kernels                          the quick suite
 *   test_kernels --cases 500 --seed 7     more, and others
 *   test_kernels "relu_forward/avx2/f64 n=3 cols=17 gap=1 inplace=no fill=plain seed=5"    one again */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "check.h"

#include "backend/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- random legal cases ------------------------------------------------------------------------------ */

static size_t between(rnl_random *r, size_t least, size_t most)
{
    return least + (size_t)rnl_bounded(rnl_random_u64(r), most - least + 1);
}

/* Around the widths of vectors (2 to 16 numbers), of register tiles (1 to 4 vectors), of panels (256), and pictures. */
static size_t draw_width(rnl_random *r)
{
    static const size_t edges[] = {8, 16, 32, 48, 50, 64, 80, 96, 128};
    switch (between(r, 0, 9)) {
    case 0: return 1;
    case 1: return 10;
    case 2:
    case 3:
    case 4: return edges[between(r, 0, sizeof edges / sizeof edges[0] - 1)] + between(r, 0, 2) - 1;
    case 5: return between(r, 0, 3) ? between(r, 250, 262) : between(r, 760, 800);
    default: return between(r, 1, 40);
    }
}

/* Around the heights of register tiles and of the team's tiles. */
static size_t draw_rows(rnl_random *r)
{
    static const size_t edges[] = {6, 8, 12, 14, 24, 25, 48, 50, 75, 100, 125, 175};
    switch (between(r, 0, 9)) {
    case 0: return between(r, 0, 15) ? 1 : 0;
    case 1: return between(r, 1, 200);
    case 2:
    case 3:
    case 4: return edges[between(r, 0, sizeof edges / sizeof edges[0] - 1)] + between(r, 0, 2) - 1;
    default: return between(r, 1, 30);
    }
}

/* Small enough for the naive reference; or cut by a grid (backend/grid.h); or of more samples than a panel has rows
 * (backend/portable_matmul.inc). */
typedef enum product_size { SMALL, LARGE, DEEP } product_size;

enum { MULTIPLY_ADDS = 150000 };

static void draw_product(check_case *c, rnl_random *r, product_size kind)
{
    double size;
    do {
        c->field[F_N] = (double)(kind == SMALL   ? draw_rows(r)
                                 : kind == LARGE ? between(r, 26, 160)
                                                 : between(r, 250, 300));
        c->field[F_IN] = (double)(kind == SMALL   ? draw_width(r)
                                  : kind == LARGE ? between(r, 100, 800)
                                                  : between(r, 120, 300));
        c->field[F_OUT] = (double)(kind == SMALL   ? draw_width(r)
                                   : kind == LARGE ? between(r, 200, 800)
                                                   : between(r, 30, 70));
        size = c->field[F_N] * c->field[F_IN] * c->field[F_OUT];
    } while (kind == SMALL
                 ? size > MULTIPLY_ADDS
                 : size > 1.2 * RNL_SMALL_PRODUCT || (kind == LARGE && size <= RNL_SMALL_PRODUCT));
}

static check_case draw_case(const check_kernel *kernel, const char *backend, rnl_dtype dtype,
                            rnl_random *r, product_size kind)
{
    static const double alphas[] = {1, -0.1, 0.5, -1, 1e-3}, args[] = {0, 0.01, 0.3, 0.9};
    check_case c = {.kernel = kernel, .dtype = dtype};
    snprintf(c.backend, sizeof c.backend, "%s", backend);
    const double cols = (double)draw_width(r), rows = (double)draw_rows(r);
    const bool flat = !(kernel->fields & 1u << F_N), product = kernel->fields & 1u << F_IN;
    c.field[F_N] = rows;
    c.field[F_COLS] = flat ? cols * (1 + (double)between(r, 0, 20)) : cols;
    if (product)
        draw_product(&c, r, kind);
    c.field[F_GAP] = between(r, 0, 2) ? (double)between(r, 0, 40) : 0;
    c.field[F_ACT] = (double)between(r, 0, 2);
    c.field[F_ADD] = (double)between(r, 0, 1);
    c.field[F_ALPHA] = alphas[between(r, 0, 4)];
    c.field[F_ARG] = args[between(r, 0, 3)];
    c.field[F_TARGETS] = (double)between(r, 0, 1);
    c.field[F_GIVE] = (double)between(r, 0, 2);
    c.field[F_INPLACE] = c.field[F_GIVE] == 1 ? 0 : (double)between(r, 0, 1);
    c.field[F_FILL] = (double)between(r, 0, FILLS - 1);
    c.field[F_SEED] = (double)(rnl_random_u64(r) >> 40);
    return c;
}

/* ---- the suite -------------------------------------------------------------------------------------------- */

typedef struct group {
    char name[64];
    const check_kernel *kernel;
    const check_backend *backend;
    rnl_dtype dtype;
} group;

enum { TOGETHER = 32 };

static size_t cases_each = 32;
static uint64_t seed_of_all = 1;

static void test_group(void **state)
{
    const group *g = *state;
    rnl_random r = {0};
    for (const char *at = g->name; *at; at++)
        r.state = rnl_hash64(r.state + (uint64_t)*at + seed_of_all);
    const bool product = g->kernel->fields & 1u << F_IN;
    for (size_t done = 0; done < cases_each;) {
        check_case cases[TOGETHER];
        size_t n = 0;
        for (; n < TOGETHER && done < cases_each; n++, done++) {
            const product_size kind = !product || done % 16 != 0 ? SMALL
                                      : done % 32 == 0           ? LARGE
                                                                 : DEEP;
            cases[n] = draw_case(g->kernel, g->backend->name, g->dtype, &r, kind);
        }
        char why[CHECK_TEXT], text[CHECK_TEXT];
        const size_t wrong = check_run(cases, n, g->backend->kernels->of[g->dtype], why);
        if (wrong == n)
            continue;
        check_print(&cases[wrong], text);
        fail_msg("%s\nagain: test_kernels \"%s\"", why, text);
    }
}

static int run_suite(void)
{
    enum { MOST = 512 };
    static group groups[MOST];
    static struct CMUnitTest tests[MOST];
    size_t n = 0;
    for (const check_backend *b = check_backends(); b->name; b++) {
        for (size_t i = 0; check_kernel_at(i); i++) {
            for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
                if (n == MOST)
                    abort(); /* no kernel goes untested */
                group *g = &groups[n];
                *g = (group){.kernel = check_kernel_at(i), .backend = b, .dtype = (rnl_dtype)dtype};
                snprintf(g->name, sizeof g->name, "%s/%s/%s", g->kernel->name, b->name,
                         dtype == RNL_F64 ? "f64" : "f32");
                tests[n++] = (struct CMUnitTest){g->name, test_group, NULL, NULL, g};
            }
        }
    }
    return _cmocka_run_group_tests("kernels", tests, n, NULL, NULL);
}

/* ---- one case again ------------------------------------------------------------------------------------------ */

static int run_again(const char *text)
{
    check_case c;
    char why[CHECK_TEXT];
    if (!check_parse(&c, text, why)) {
        fprintf(stderr, "test_kernels: \"%s\": %s\n", text, why);
        return 2;
    }
    for (const check_backend *b = check_backends(); b->name; b++) {
        if (strcmp(b->name, c.backend) != 0)
            continue;
        const bool right = check_run(&c, 1, b->kernels->of[c.dtype], why) == 1;
        printf("%s: %s\n", text, right ? "right" : why);
        return right ? 0 : 1;
    }
    fprintf(stderr, "test_kernels: this build on this processor has no backend \"%s\"\n",
            c.backend);
    return 2;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--cases") == 0 && i + 1 < argc)
            cases_each = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed_of_all = strtoull(argv[++i], NULL, 10);
        else
            return run_again(argv[i]);
    }
    return run_suite();
}

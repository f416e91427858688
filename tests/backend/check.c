/* check.c - runs one case of one kernel: matrices, teams, comparison (see check.h) */
#include "check.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GUARD = 32, /* numbers before a matrix, and behind one that is written */
    TEAM_MOST = 4
};

static void *must(void *block)
{
    if (!block) {
        fprintf(stderr, "check: no memory\n");
        abort();
    }
    return block;
}

/* ---- matrices ------------------------------------------------------------------------------------- */

static char *element(const check_buffer *b, const char *block, size_t i, size_t j)
{
    const size_t at = (size_t)((char *)b->m.data - b->block) + (i * b->m.ld + j) * b->element;
    return (char *)(uintptr_t)block + at;
}

static long double get(const check_buffer *b, const char *block, size_t i, size_t j)
{
    const char *from = element(b, block, i, j);
    float f32;
    double f64;
    int32_t i32;
    if (b->element == 1)
        return (long double)*(const uint8_t *)from;
    if (b->whole)
        return (long double)*(int32_t *)memcpy(&i32, from, sizeof i32);
    if (b->element == sizeof f32)
        return (long double)*(float *)memcpy(&f32, from, sizeof f32);
    return (long double)*(double *)memcpy(&f64, from, sizeof f64);
}

long double check_before(const check_buffer *b, size_t i, size_t j)
{
    return get(b, b->before ? b->before : b->block, i, j);
}

static void put(const check_buffer *b, char *to, double value)
{
    const float f32 = (float)value;
    if (b->element == 1) {
        *(uint8_t *)to = (uint8_t)value;
    } else if (b->whole) {
        const int32_t i32 = (int32_t)value;
        memcpy(to, &i32, sizeof i32);
    } else if (b->element == sizeof f32) {
        memcpy(to, &f32, sizeof f32);
    } else {
        memcpy(to, &value, sizeof value);
    }
}

void check_set(check_buffer *b, size_t i, size_t j, double value)
{
    put(b, element(b, b->block, i, j), value);
}

void check_want(check_buffer *b, size_t i, size_t j, long double want, long double bound)
{
    b->want[i * b->m.cols + j] = want;
    b->bound[i * b->m.cols + j] = isfinite(want) ? (double)bound : 0;
}

void check_want_nothing(check_buffer *b, size_t i, size_t j)
{
    b->want[i * b->m.cols + j] = 0;
    b->bound[i * b->m.cols + j] = INFINITY;
}

static double draw(check_test *t, check_fill fill)
{
    static const double special[] = {NAN,   INFINITY, -INFINITY, 0,      -0.0,   1e-30, -1e-42,
                                     87.4,  -87.4,    -104,      89,     -745.2, 710,   1e30,
                                     -1e30, 0x1p-126, -0x1p-149, 30.125, -17,    1};
    const uint64_t bits = rnl_random_u64(&t->random);
    switch (fill) {
    case FILL_TIES: return (double)(bits % 5) - 2;
    case FILL_SPARSE:
        if (bits % 5 < 4)
            return 0;
        break;
    case FILL_SPECIAL:
        if (bits % 4 == 0)
            return special[bits / 4 % (sizeof special / sizeof special[0])];
        break;
    default: break;
    }
    return rnl_random_normal(&t->random) * (bits & 1024 ? 1 : 4);
}

check_buffer *check_matrix(check_test *t, check_role role, check_type type, size_t rows,
                           size_t cols, check_fill fill)
{
    check_buffer *b = &t->buffer[t->buffers++];
    const size_t real = rnl_dtype_size(t->c->dtype), gap = check_size(t, F_GAP);
    const size_t sizes[] = {[TYPE_REAL] = real,
                            [TYPE_F64] = sizeof(double),
                            [TYPE_I32] = sizeof(int32_t),
                            [TYPE_U8] = 1,
                            [TYPE_LINES] = real};
    *b = (check_buffer){
        .role = role, .element = sizes[type], .whole = type == TYPE_I32 || type == TYPE_U8};
    b->m = (rnl_matrix){.rows = rows, .cols = cols, .ld = cols, .dtype = t->c->dtype};
    const size_t line = RNL_ALIGN / b->element;
    if (rows > 1)
        b->m.ld += rnl_random_u64(&t->random) % (gap + 1);
    /* An input ends where its last number does, so that AddressSanitizer sees who reads on. */
    size_t front = 1 + rnl_random_u64(&t->random) % GUARD;
    size_t span = rows ? (rows - 1) * b->m.ld + cols : 0;
    if (type == TYPE_LINES) {
        b->m.ld += (line - b->m.ld % line) % line;
        span = rows * b->m.ld;
        front = line;
    } else if (b->m.ld % line == 0) {
        front |= 1; /* its rows do not begin with lines */
    }
    const size_t numbers = front + span + (role == INPUT ? 0 : GUARD);
    b->bytes = numbers * b->element;
    void *block = NULL;
    must(posix_memalign(&block, RNL_ALIGN, b->bytes) == 0 ? block : NULL);
    b->block = block;
    b->m.data = b->block + front * b->element;

    const double poison = rnl_random_u64(&t->random) % 2 ? (double)NAN : -1.375;
    for (size_t k = 0; k < numbers; k++)
        put(b, b->block + k * b->element, b->whole ? 7 : poison);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            if (role != OUTPUT)
                check_set(b, i, j, b->whole ? 0 : draw(t, fill));
    if (role != INPUT) {
        b->want = must(malloc((rows * cols + 1) * sizeof *b->want));
        b->bound = must(malloc((rows * cols + 1) * sizeof *b->bound));
        for (size_t k = 0; k < rows * cols; k++) {
            b->want[k] = 0;
            b->bound[k] = -1; /* an element that nobody described fails */
        }
    }
    return b;
}

/* ---- teams ---------------------------------------------------------------------------------------- */

typedef struct walk {
    check_test *tests;
    size_t count;
    const rnl_kernels *table;
} walk;

static void walk_call(void *arg)
{
    const walk *w = arg;
    for (size_t k = 0; k < w->count; k++)
        w->tests[k].c->kernel->call(&w->tests[k], w->table);
}

/* One case after the other, as serial code (team 0), or by one team. */
static void call(check_test *tests, size_t count, const rnl_kernels *table, size_t team)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tests[i].buffers; k++) {
            const check_buffer *b = &tests[i].buffer[k];
            memcpy(b->block, b->before, b->bytes);
        }
    walk w = {tests, count, table};
    if (team == 0)
        walk_call(&w);
    else if (rnl_team_run(team, walk_call, &w) != RNL_OK)
        abort();
}

/* ---- comparison ----------------------------------------------------------------------------------- */

static bool inside(const check_buffer *b, size_t byte)
{
    const size_t front = (size_t)((char *)b->m.data - b->block);
    if (b->role == INPUT || byte < front || b->m.rows == 0)
        return false;
    const size_t at = (byte - front) / b->element;
    return at / b->m.ld < b->m.rows && at % b->m.ld < b->m.cols;
}

static bool untouched(const check_test *t, size_t team, char why[CHECK_TEXT])
{
    for (size_t k = 0; k < t->buffers; k++) {
        const check_buffer *b = &t->buffer[k];
        for (size_t at = 0; at < b->bytes; at++) {
            if (b->block[at] == b->before[at] || inside(b, at))
                continue;
            const long where = (long)at - (long)((char *)b->m.data - b->block);
            snprintf(why, CHECK_TEXT,
                     "%s %zu [%zu, %zu] ld %zu: number %ld was written (team of %zu)",
                     b->role == INPUT ? "input" : "around output", k, b->m.rows, b->m.cols, b->m.ld,
                     where / (long)b->element, team);
            return false;
        }
    }
    return true;
}

/* Bit for bit, but any NaN is as good as another. */
static bool same_as_first(const check_test *t, size_t team, char why[CHECK_TEXT])
{
    for (size_t k = 0; k < t->buffers; k++) {
        const check_buffer *b = &t->buffer[k];
        for (size_t i = 0; b->role != INPUT && i < b->m.rows; i++) {
            for (size_t j = 0; j < b->m.cols; j++) {
                const long double now = get(b, b->block, i, j), first = get(b, b->first, i, j);
                if (memcmp(element(b, b->block, i, j), element(b, b->first, i, j), b->element) ==
                        0 ||
                    (isnan(now) && isnan(first)))
                    continue;
                snprintf(why, CHECK_TEXT,
                         "output %zu [%zu, %zu]: %.9Lg by a team of %zu, %.9Lg serial", k, i, j,
                         now, team, first);
                return false;
            }
        }
    }
    return true;
}

static bool as_wanted(const check_test *t, char why[CHECK_TEXT])
{
    for (size_t k = 0; k < t->buffers; k++) {
        const check_buffer *b = &t->buffer[k];
        for (size_t i = 0; b->role != INPUT && i < b->m.rows; i++) {
            for (size_t j = 0; j < b->m.cols; j++) {
                const long double got = get(b, b->block, i, j), want = b->want[i * b->m.cols + j];
                const double bound = b->bound[i * b->m.cols + j];
                const bool right = bound < 0      ? false
                                   : isinf(bound) ? true
                                   : isnan(want)  ? isnan(got)
                                   : isinf(want)  ? got == want
                                                  : fabsl(got - want) <= (long double)bound;
                if (right)
                    continue;
                snprintf(why, CHECK_TEXT,
                         "output %zu [%zu, %zu] is %.9Lg and should be %.9Lg +- %.3g", k, i, j, got,
                         want, bound);
                return false;
            }
        }
    }
    return true;
}

/* Whether all of it came out as the first time, poison and all: then there is nothing to look at. */
static bool all_as_first(const check_test *t)
{
    for (size_t k = 0; k < t->buffers; k++)
        if (memcmp(t->buffer[k].block, t->buffer[k].first, t->buffer[k].bytes) != 0)
            return false;
    return true;
}

/* What a team left of a case. */
static bool came_out_right(check_test *t, size_t team, char why[CHECK_TEXT])
{
    if (team > 0)
        return all_as_first(t) || (untouched(t, team, why) && same_as_first(t, team, why));
    if (!untouched(t, team, why) || !as_wanted(t, why))
        return false;
    for (size_t k = 0; k < t->buffers; k++)
        memcpy(t->buffer[k].first, t->buffer[k].block, t->buffer[k].bytes);
    return true;
}

static size_t run_teams(check_test *tests, size_t count, const rnl_kernels *table,
                        char why[CHECK_TEXT])
{
    for (size_t team = 0; team <= TEAM_MOST; team++) {
        call(tests, count, table, team);
        for (size_t i = 0; i < count; i++)
            if (!came_out_right(&tests[i], team, why))
                return i;
    }
    return count;
}

static void set_up(check_test *t, const check_case *c)
{
    *t = (check_test){.c = c, .random = rnl_random_new((uint64_t)c->field[F_SEED], 77)};
    t->u = c->dtype == RNL_F64 ? DBL_EPSILON / 2 : (double)FLT_EPSILON / 2;
    t->tiny = c->dtype == RNL_F64 ? 0x1p-1074 : 0x1p-149;
    c->kernel->setup(t);
    for (size_t k = 0; k < t->buffers; k++) {
        check_buffer *b = &t->buffer[k];
        b->before = must(malloc(b->bytes));
        b->first = must(malloc(b->bytes));
        memcpy(b->before, b->block, b->bytes);
    }
    c->kernel->expect(t);
}

size_t check_run(const check_case *cases, size_t count, const rnl_kernels *table,
                 char why[CHECK_TEXT])
{
    check_test *tests = must(calloc(count + 1, sizeof *tests));
    for (size_t i = 0; i < count; i++)
        set_up(&tests[i], &cases[i]);
    const size_t right = run_teams(tests, count, table, why);
    for (size_t i = 0; i < count; i++) {
        rnl_arena_free(&tests[i].arena);
        for (size_t k = 0; k < tests[i].buffers; k++) {
            free(tests[i].buffer[k].block);
            free(tests[i].buffer[k].before);
            free(tests[i].buffer[k].first);
            free(tests[i].buffer[k].want);
            free(tests[i].buffer[k].bound);
        }
    }
    free(tests);
    return right;
}

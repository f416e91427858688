/* export_c_test.c - NAME_test.c: does the exported network compute what it should on this machine?
 *
 * Some inputs and what comes out of them, and a main that compares. The answers come from the network itself, by
 * rnl_net_predict or rnl_net_probabilities; those of an export with weights of 8 bits, which differ, from
 * rnl_export_run. The inputs are drawn so that the network sees numbers from -1 to 1; the first is all zero.
 *
 * How far two right programs may differ is not the same for each input. Where all features are alike, as those of
 * zeros are, layernorm divides what rounding left of them by sqrt(eps), and the next one does it again; and whether
 * a * b + c is rounded once or twice is the compiler's choice (-ffp-contract). So each input is tried out first, with
 * all numbers on the way moved by about a rounding. One whose answer moves by more than a quarter of the limit, or
 * is another by as much where the list of operations is computed in another order than the network, tells little, and
 * another is drawn in its place. Where none of many is better, the limit is four times what the best one moves by. */
#include "model/export_c.h"

#include "base/random.h"
#include "net/net.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* In shares of the largest number of an answer (at least 1): for numbers of 32 bits; for weights of 8 bits, where a
 * number that just misses being rounded the same way moves the result. */
static const float least_limit = 1e-5f, least_limit_int8 = 2e-2f;
enum { SAFETY = 4, SHAKES = 3, DRAWS = 16 };

/* Draw 0 of sample 0 is what the network sees as zeros. */
static void draw_input(const rnl_export_plan *plan, uint64_t sample, uint64_t draw, float *x)
{
    const rnl_random seeded = rnl_random_new(1 + draw, RNL_STREAM_WEIGHTS);
    for (size_t j = 0; j < plan->inputs; j++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&plan->notes, j);
        const uint64_t bits = rnl_random_at(&seeded, sample * plan->inputs + j);
        const bool zero = sample == 0 && draw == 0;
        const double seen = zero ? 0 : (double)(bits >> 11) / (double)(1ull << 52) - 1;
        x[j] = s.scale != 0 ? (float)((seen - s.shift) / s.scale) : 0;
    }
}

/* As the test that is written compares. */
static float difference(const float *y, const float *expected, size_t outputs)
{
    float largest = 1, most = 0;
    for (size_t k = 0; k < outputs; k++) {
        largest = fmaxf(largest, fabsf(expected[k]));
        most = fmaxf(most, fabsf(y[k] - expected[k]));
    }
    return most / largest;
}

typedef struct rehearsal {
    const rnl_export_plan *plan;
    rnl_workspace *ws;
    bool probabilities, int8;
    double *scaled;         /* an input as the network takes it, and its answer */
    float *listed, *shaken; /* answers of the list of operations */
    float limit;
} rehearsal;

/* y: what the network itself says of x, in its own precision. */
static rnl_status ask_network(const rehearsal *r, const float *x, float *y)
{
    const rnl_export_plan *plan = r->plan;
    const rnl_net *net = plan->net;
    const bool f64 = rnl_net_dtype(net) == RNL_F64;
    double *answer = r->scaled + plan->inputs;
    rnl_matrix in = rnl_matrix_view(r->scaled, 1, plan->inputs, rnl_net_dtype(net));
    rnl_matrix out = rnl_matrix_view(answer, 1, plan->outputs, rnl_net_dtype(net));
    for (size_t j = 0; j < plan->inputs; j++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&plan->notes, j);
        if (f64)
            r->scaled[j] = (double)x[j] * s.scale + s.shift;
        else
            ((float *)in.data)[j] = x[j] * (float)s.scale + (float)s.shift;
    }
    RNL_TRY(r->probabilities ? rnl_net_probabilities(net, r->ws, in, out)
                             : rnl_net_predict(net, r->ws, in, out));
    for (size_t k = 0; k < plan->outputs; k++)
        y[k] = f64 ? (float)answer[k] : ((float *)out.data)[k];
    return RNL_OK;
}

/* y: the answer to x that the test expects. *apart: from that of the list of operations; *moved: how far rounding
 * moves the latter. */
static rnl_status try_out(const rehearsal *r, const float *x, float *y, float *apart, float *moved)
{
    const size_t outputs = r->plan->outputs;
    rnl_random shake = rnl_random_new(1, RNL_STREAM_SHUFFLE);
    *moved = 0;
    RNL_TRY(rnl_export_run(r->plan, NULL, x, r->listed));
    for (int i = 0; i < SHAKES; i++) {
        RNL_TRY(rnl_export_run(r->plan, &shake, x, r->shaken));
        *moved = fmaxf(*moved, difference(r->shaken, r->listed, outputs));
    }
    if (r->int8)
        memcpy(y, r->listed, outputs * sizeof *y);
    else
        RNL_TRY(ask_network(r, x, y));
    *apart = difference(r->listed, y, outputs);
    return RNL_OK;
}

/* The first input that rounding moves little, or else that which it moves least. The limit counts with the moves
 * alone: what lies between the network and the list may be a mistake, which the test is there to find. */
static rnl_status choose_input(rehearsal *r, uint64_t sample, float *x, float *y)
{
    const float enough = (r->int8 ? least_limit_int8 : least_limit) / SAFETY;
    float least = INFINITY, apart, moved = 0;
    uint64_t best = 0, draw = 0;
    for (; draw < DRAWS && least > enough; draw++) {
        draw_input(r->plan, sample, draw, x);
        RNL_TRY(try_out(r, x, y, &apart, &moved));
        if (fmaxf(apart, moved) < least) {
            least = fmaxf(apart, moved);
            best = draw;
        }
    }
    if (best + 1 < draw) {
        draw_input(r->plan, sample, best, x);
        RNL_TRY(try_out(r, x, y, &apart, &moved));
    }
    r->limit = fmaxf(r->limit, fminf(SAFETY * moved, FLT_MAX));
    return RNL_OK;
}

static const char main_code[] =
    "/* How far two numbers lie apart, in shares of the largest that is expected (at least 1). */\n"
    "static float @_difference(const float *y, const float *expected)\n"
    "{\n"
    "    float largest = 1.0f, most = 0.0f;\n"
    "    for (int k = 0; k < $_OUTPUTS; k++) {\n"
    "        const float e = expected[k] < 0.0f ? -expected[k] : expected[k];\n"
    "        const float d = y[k] < expected[k] ? expected[k] - y[k] : y[k] - expected[k];\n"
    "        largest = e > largest ? e : largest;\n"
    "        most = d > most || d != d ? d : most; /* NaN stays */\n"
    "    }\n"
    "    return most / largest;\n"
    "}\n\n"
    "int main(void)\n"
    "{\n"
    "    static @_workspace workspace;\n"
    "    float y[$_OUTPUTS], most = 0.0f;\n"
    "    for (int i = 0; i < SAMPLES; i++) {\n"
    "        @_predict(@_x[i], y, &workspace);\n"
    "        const float d = @_difference(y, @_y[i]);\n"
    "        most = d <= most ? most : d;\n"
    "        if (!(d <= LIMIT)) {\n"
    "            printf(\"@: sample %d differs by %g, and at most %g is right\\n\", i, (double)d, "
    "(double)LIMIT);\n"
    "            return 1;\n"
    "        }\n"
    "    }\n"
    "    printf(\"@: %d samples agree, the largest difference is %g\\n\", SAMPLES, (double)most);\n"
    "    return 0;\n"
    "}\n";

static void put_rows(const rnl_c_writer *w, const char *name, const char *width, const float *rows,
                     size_t count, size_t cols)
{
    rnl_c_code(w, "static const float @_%s[SAMPLES][$_%s] = {\n", name, width);
    for (size_t i = 0; i < count; i++) {
        rnl_c_put(w, "    {\n");
        rnl_c_floats(w, rows + i * cols, cols, 8);
        rnl_c_put(w, i + 1 < count ? "    },\n" : "    }\n");
    }
    rnl_c_put(w, "};\n\n");
}

static void write_test(const rnl_c_writer *w, const float *x, const float *y, float limit)
{
    char number[RNL_C_NUMBER];
    const size_t count = w->options->test_vectors;
    rnl_c_put(w, "/* @_test.c - does @.c compute what it should on this machine?\n"
                 " *\n"
                 " *     cc -std=c99 @_test.c @.c && ./a.out\n"
                 " *\n");
    rnl_c_put(w,
              w->options->int8
                  ? " * x: inputs; y: what weights of 8 bits make of them, computed where they "
                    "were exported. A\n"
                    " * number that just misses being rounded the same way moves the result a "
                    "little. */\n"
                  : " * x: inputs; y: what the network made of them where it was exported. */\n");
    rnl_c_code(w,
               "#include \"@.h\"\n\n#include <stdio.h>\n\n"
               "#define SAMPLES %zu\n#define LIMIT %s\n\n",
               count, rnl_c_number(number, limit));
    put_rows(w, "x", "INPUTS", x, count, w->plan->inputs);
    put_rows(w, "y", "OUTPUTS", y, count, w->plan->outputs);
    rnl_c_put(w, main_code);
}

static rnl_status compute(rehearsal *r, size_t count, float *x, float *y)
{
    const rnl_export_plan *plan = r->plan;
    r->limit = r->int8 ? least_limit_int8 : least_limit;
    for (size_t i = 0; i < count; i++) {
        float *y_i = y + i * plan->outputs;
        RNL_TRY(choose_input(r, i, x + i * plan->inputs, y_i));
        for (size_t k = 0; k < plan->outputs; k++)
            RNL_FAIL_IF(
                !isfinite(y_i[k]), RNL_ERR_USAGE,
                "output %zu of the network is %s for numbers from -1 to 1: no test is made of that",
                k, isnan(y_i[k]) ? "nan" : "infinite");
    }
    return RNL_OK;
}

rnl_status rnl_c_test(const rnl_c_writer *w)
{
    const rnl_export_plan *plan = w->plan;
    const size_t count = w->options->test_vectors;
    rehearsal r = {
        .plan = plan, .probabilities = w->options->probabilities, .int8 = w->options->int8};
    rnl_status status = rnl_workspace_new(&r.ws, plan->net, 1);
    float *x = NULL, *y = NULL;
    if (status == RNL_OK) {
        x = rnl_alloc(count, plan->inputs * sizeof *x);
        y = rnl_alloc(count + 2, plan->outputs * sizeof *y);
        r.scaled = rnl_alloc(plan->inputs + plan->outputs, sizeof *r.scaled);
        status = x && y && r.scaled ? RNL_OK : RNL_ERR_MEMORY;
    }
    if (status == RNL_OK) {
        r.listed = y + count * plan->outputs;
        r.shaken = r.listed + plan->outputs;
        status = compute(&r, count, x, y);
    }
    if (status == RNL_OK)
        write_test(w, x, y, r.limit);
    rnl_free(x);
    rnl_free(y);
    rnl_free(r.scaled);
    rnl_workspace_free(&r.ws);
    return status;
}

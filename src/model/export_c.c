/* export_c.c - a network as C source: NAME.h and NAME.c, which need nothing else
 *
 * C99 that is C++ too; no memory taken, no libc, nothing global but constants. What the caller sees stands in
 * the header that is written. In the source, each affine layer is a function of its own with its sizes as
 * constants: so compilers make vector instructions of its inner loop, also without -ffast-math. */
#include "model/export_c.h"

#include "model/model.h"
#include "net/net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers ---------------------------------------------------------------------------------------- */

/* A row of numbers by the name that the format makes. */
static void put_vector(const rnl_c_writer *w, const char *name, int layer, const float *numbers,
                       size_t count)
{
    rnl_c_code(w, "static const float @_%s", name);
    if (layer != RNL_NO_LAYER)
        rnl_c_code(w, "%d", layer);
    rnl_c_code(w, "[%zu] = {\n", count);
    rnl_c_floats(w, numbers, count, 4);
    rnl_c_put(w, "};\n\n");
}

/* W[j] are the weights of input j. */
static void put_weights(const rnl_c_writer *w, const rnl_export_op *op)
{
    rnl_c_code(w, "static const float @_W%d[%zu][%zu] = {\n", op->layer, op->inputs, op->outputs);
    for (size_t j = 0; j < op->inputs; j++) {
        rnl_c_put(w, "    {\n");
        rnl_c_floats(w, op->weight + j * op->outputs, op->outputs, 8);
        rnl_c_put(w, j + 1 < op->inputs ? "    },\n" : "    }\n");
    }
    rnl_c_put(w, "};\n\n");
}

/* Those of output k are W[k * inputs], W[k * inputs + 1], ..., times scale[k], and times share[j]. */
static void put_weights_int8(const rnl_c_writer *w, const rnl_export_op *op)
{
    rnl_c_code(w, "static const int8_t @_W%d[%zu] = {\n", op->layer, op->weights);
    rnl_c_bytes(w, op->q, op->weights, 4);
    rnl_c_put(w, "};\n\n");
    put_vector(w, "scale", op->layer, op->scale, op->outputs);
    put_vector(w, "share", op->layer, op->share, op->inputs);
}

static void write_numbers(const rnl_c_writer *w)
{
    for (size_t i = 0; i < w->plan->ops; i++) {
        const rnl_export_op *op = &w->plan->op[i];
        const bool of_input = op->layer == RNL_NO_LAYER;
        if (op->weights + op->biases > 2 && !of_input)
            rnl_c_code(w, "/* layer %d: %s */\n", op->layer,
                       w->plan->net->layer[op->layer].type->name);
        if (op->kind == RNL_EXPORT_AFFINE) {
            if (op->q)
                put_weights_int8(w, op);
            else
                put_weights(w, op);
            put_vector(w, "b", op->layer, op->bias, op->biases);
            continue;
        }
        if (op->center)
            put_vector(w, "mean", op->layer, op->center, op->inputs);
        if (op->weights > 0 && (op->weights > 1 || !of_input))
            put_vector(w, of_input ? "input_scale" : "gamma", op->layer, op->weight, op->weights);
        if (op->biases > 0 && (op->biases > 1 || !of_input))
            put_vector(w, of_input ? "input_shift" : "beta", op->layer, op->bias, op->biases);
    }
}

/* ---- affine layers ---------------------------------------------------------------------------------- */

enum {
    TOGETHER = 4
}; /* inputs whose rows of W are added in one go, and numbers of a vector register */

/* y[k] += term for all k: those that fill vector registers first, so that a compiler may use them. */
static void put_outputs(const rnl_c_writer *w, size_t outputs, const char *term)
{
    const size_t whole = outputs / TOGETHER * TOGETHER;
    if (whole > 0)
        rnl_c_code(w, "        for (int k = 0; k < %zu; k++)\n            y[k] += %s;\n", whole,
                   term);
    if (whole < outputs)
        rnl_c_code(w, "        for (int k = %zu; k < %zu; k++)\n            y[k] += %s;\n", whole,
                   outputs, term);
}

static void write_affine(const rnl_c_writer *w, const rnl_export_op *op)
{
    const size_t whole = op->inputs / TOGETHER * TOGETHER;
    rnl_c_code(w,
               "/* layer %d: y = x W + b, four inputs at a time; those that are 0 add nothing */\n"
               "static void @_affine%d(float *$_RESTRICT y, const float *$_RESTRICT x)\n"
               "{\n"
               "    for (int k = 0; k < %zu; k++)\n"
               "        y[k] = @_b%d[k];\n",
               op->layer, op->layer, op->outputs, op->layer);
    if (whole > 0) {
        rnl_c_code(w,
                   "    for (int j = 0; j < %zu; j += 4) {\n"
                   "        const float x0 = x[j], x1 = x[j + 1], x2 = x[j + 2], x3 = x[j + 3];\n"
                   "        const float (*W)[%zu] = &@_W%d[j];\n"
                   "        if (x0 == 0.0f && x1 == 0.0f && x2 == 0.0f && x3 == 0.0f)\n"
                   "            continue;\n",
                   whole, op->outputs, op->layer);
        put_outputs(w, op->outputs, "x0 * W[0][k] + x1 * W[1][k] + x2 * W[2][k] + x3 * W[3][k]");
        rnl_c_put(w, "    }\n");
    }
    if (whole < op->inputs) {
        rnl_c_code(w,
                   "    for (int j = %zu; j < %zu; j++) {\n"
                   "        const float x_j = x[j], *W = @_W%d[j];\n",
                   whole, op->inputs, op->layer);
        put_outputs(w, op->outputs, "x_j * W[k]");
        rnl_c_put(w, "    }\n");
    }
    rnl_c_put(w, "}\n\n");
}

/* ---- the function that computes --------------------------------------------------------------------- */

/* Where the numbers are: x and y are the caller's, a and b lie in the workspace. */
typedef enum place { X, Y, A, B } place;
static const char *const place_name[] = {"x", "y", "a", "b"};

static bool moves(const rnl_export_plan *plan, size_t i)
{
    return i == 0 || plan->op[i].kind == RNL_EXPORT_AFFINE;
}

/* Where operation i writes to, which reads from `from`: the last that moves the numbers writes to y, and what comes
 * after it stays there. */
static place target(const rnl_export_plan *plan, size_t i, place from)
{
    if (!moves(plan, i))
        return from;
    for (size_t k = i + 1; k < plan->ops; k++)
        if (moves(plan, k))
            return from == A ? B : A;
    return Y;
}

static rnl_c_buffers plan_buffers(const rnl_export_plan *plan, bool int8)
{
    rnl_c_buffers room = {0};
    place at = X;
    for (size_t i = 0; i < plan->ops; i++) {
        const rnl_export_op *op = &plan->op[i];
        at = target(plan, i, at);
        if (at == A && op->outputs > room.a)
            room.a = op->outputs;
        if (at == B && op->outputs > room.b)
            room.b = op->outputs;
        if (int8 && op->kind == RNL_EXPORT_AFFINE && op->inputs > room.q)
            room.q = op->inputs;
    }
    return room;
}

/* to[j] = (from[j] - mean) * scale + shift */
static void put_scale(const rnl_c_writer *w, const rnl_export_op *op, const char *to,
                      const char *from)
{
    const bool of_input = op->layer == RNL_NO_LAYER;
    char number[RNL_C_NUMBER], layer[16] = "";
    if (!of_input)
        snprintf(layer, sizeof layer, "%d", op->layer);
    rnl_c_code(w, "    for (int j = 0; j < %zu; j++)\n        %s[j] = ", op->outputs, to);
    if (op->center)
        rnl_c_code(w, "(%s[j] - @_mean%d[j])", from, op->layer);
    else
        rnl_c_code(w, "%s[j]", from);
    if (op->weights == 1 && of_input)
        rnl_c_code(w, " * %s", rnl_c_number(number, op->weight[0]));
    else if (op->weights > 0)
        rnl_c_code(w, " * @_%s%s[j]", of_input ? "input_scale" : "gamma", layer);
    if (op->biases == 1 && of_input && op->bias[0] != 0)
        rnl_c_code(w, " %c %s", op->bias[0] < 0 ? '-' : '+',
                   rnl_c_number(number, fabsf(op->bias[0])));
    else if (op->biases > 1 || (op->biases == 1 && !of_input))
        rnl_c_code(w, " + @_%s%s[j]", of_input ? "input_shift" : "beta", layer);
    rnl_c_put(w, ";\n");
}

static void put_op(const rnl_c_writer *w, const rnl_export_op *op, const char *to, const char *from)
{
    char term[160], number[RNL_C_NUMBER], x[8];
    if (op->layer == RNL_NO_LAYER)
        rnl_c_code(w, "    /* %s */\n",
                   op->kind == RNL_EXPORT_SCALE ? "the input's scaling" : "probabilities");
    else
        rnl_c_code(w, "    /* layer %d: %s */\n", op->layer,
                   w->plan->net->layer[op->layer].type->name);
    snprintf(x, sizeof x, "%s[j]", from);
    if (op->kind == RNL_EXPORT_AFFINE && w->options->int8)
        rnl_c_code(
            w,
            "    @_affine(%s, %s, workspace->q, @_W%d, @_scale%d, @_share%d, @_b%d, %zu, %zu);\n",
            to, from, op->layer, op->layer, op->layer, op->layer, op->inputs, op->outputs);
    else if (op->kind == RNL_EXPORT_AFFINE)
        rnl_c_code(w, "    @_affine%d(%s, %s);\n", op->layer, to, from);
    else if (op->kind == RNL_EXPORT_SCALE)
        put_scale(w, op, to, from);
    else if (op->kind == RNL_EXPORT_LAYERNORM)
        rnl_c_code(w, "    @_layernorm(%s, %s, @_gamma%d, @_beta%d, %s, %zu);\n", to, from,
                   op->layer, op->layer, rnl_c_number(number, (float)op->argument), op->outputs);
    else if (op->kind == RNL_EXPORT_SOFTMAX)
        rnl_c_code(w, "    @_softmax(%s, %s, %zu);\n", to, from, op->outputs);
    else if (rnl_c_activation(term, sizeof term, op, x))
        rnl_c_code(w, "    for (int j = 0; j < %zu; j++)\n        %s[j] = %s;\n", op->outputs, to,
                   term);
}

static void write_predict(const rnl_c_writer *w, const rnl_c_buffers *room)
{
    rnl_c_put(
        w,
        "void @_predict(const float x[$_INPUTS], float y[$_OUTPUTS], @_workspace *workspace)\n{\n");
    if (room->a)
        rnl_c_put(w, "    float *const a = workspace->a;\n");
    if (room->b)
        rnl_c_put(w, "    float *const b = workspace->b;\n");
    if (room->a + room->b + room->q == 0)
        rnl_c_put(w, "    (void)workspace;\n");
    place at = X;
    for (size_t i = 0; i < w->plan->ops; i++) {
        const place from = at;
        at = target(w->plan, i, at);
        put_op(w, &w->plan->op[i], place_name[at], place_name[from]);
    }
    if (at == X)
        rnl_c_put(w, "    for (int j = 0; j < $_OUTPUTS; j++)\n        y[j] = x[j];\n");
    rnl_c_put(w, "}\n");
}

static void write_class(const rnl_c_writer *w)
{
    const bool yes_or_no = rnl_net_task(w->plan->net) == RNL_TASK_LABELS && w->plan->outputs == 1;
    rnl_c_put(w, "\nint @_class(const float y[$_OUTPUTS])\n{\n");
    if (yes_or_no)
        rnl_c_code(w, "    return y[0] > %s;\n}\n", w->options->probabilities ? "0.5f" : "0.0f");
    else
        rnl_c_put(w, "    int best = 0;\n"
                     "    for (int k = 1; k < $_OUTPUTS; k++)\n"
                     "        if (y[k] > y[best])\n"
                     "            best = k;\n"
                     "    return best;\n"
                     "}\n");
}

/* A table of characters, not of pointers: those would have to be filled in where a program is loaded. */
static void write_class_name(const rnl_c_writer *w)
{
    const rnl_input_notes *notes = &w->plan->notes;
    size_t longest = 0;
    for (size_t i = 0; i < notes->classes; i++)
        if (strlen(notes->class_name[i]) > longest)
            longest = strlen(notes->class_name[i]);
    rnl_c_code(w,
               "\nconst char *@_class_name(int c)\n{\n"
               "    static const char names[%zu][%zu] = {\n",
               notes->classes, longest + 1);
    for (size_t i = 0; i < notes->classes; i++) {
        rnl_c_put(w, "        \"");
        rnl_c_string(w, notes->class_name[i]);
        rnl_c_put(w, i + 1 < notes->classes ? "\",\n" : "\"\n");
    }
    rnl_c_put(w, "    };\n    return names[c];\n}\n");
}

static void write_affines(const rnl_c_writer *w)
{
    bool first = true;
    for (size_t i = 0; i < w->plan->ops; i++) {
        if (w->plan->op[i].kind != RNL_EXPORT_AFFINE)
            continue;
        if (first)
            rnl_c_put(w, "#ifdef __cplusplus\n#define $_RESTRICT\n#else\n#define $_RESTRICT "
                         "restrict /* y is "
                         "nothing else: helps compilers */\n#endif\n\n");
        first = false;
        write_affine(w, &w->plan->op[i]);
    }
}

static void write_source(const rnl_c_writer *w, const rnl_c_buffers *room)
{
    rnl_c_code(w,
               "/* @.c - see @.h. Written by runnel %s: not to be edited, but exported again */\n"
               "#include \"@.h\"\n\n",
               rnl_version());
    write_numbers(w);
    rnl_c_functions(w);
    if (!w->options->int8)
        write_affines(w);
    write_predict(w, room);
    if (rnl_c_has_classes(w))
        write_class(w);
    if (w->plan->notes.classes)
        write_class_name(w);
}

/* ---- the files -------------------------------------------------------------------------------------- */

enum { HEADER, SOURCE, TEST, FILES };
static const char *const endings[FILES] = {".h", ".c", "_test.c"};

static rnl_status open_file(rnl_output **out, const char *folder, const char *name, size_t i)
{
    char *path;
    RNL_TRY(rnl_export_path(&path, folder, name, endings[i]));
    const rnl_status status = rnl_output_open(out, path);
    rnl_free(path);
    return status;
}

static rnl_status write_all(rnl_c_writer *w, rnl_output **out, const char *folder, size_t count)
{
    const rnl_c_buffers room = plan_buffers(w->plan, w->options->int8);
    for (size_t i = 0; i < count; i++)
        RNL_TRY(open_file(&out[i], folder, w->options->name, i));
    w->out = out[HEADER];
    rnl_c_header(w, &room);
    w->out = out[SOURCE];
    write_source(w, &room);
    if (count > TEST) {
        w->out = out[TEST];
        RNL_TRY(rnl_c_test(w));
    }
    for (size_t i = 0; i < count; i++)
        RNL_TRY(rnl_output_settle(out[i]));
    for (size_t i = 0; i < count; i++)
        RNL_TRY(rnl_output_finish(&out[i]));
    return RNL_OK;
}

/* 127 times 127 for each input must fit into 32 bits. */
static rnl_status check_sums(const rnl_export_plan *plan)
{
    enum { MOST = INT32_MAX / (127 * 127) };
    for (size_t i = 0; i < plan->ops; i++)
        RNL_FAIL_IF(plan->op[i].kind == RNL_EXPORT_AFFINE && plan->op[i].inputs > MOST,
                    RNL_ERR_UNSUPPORTED,
                    "layer %d has %zu inputs; weights of 8 bits are summed in 32 bits, and %d fit",
                    plan->op[i].layer, plan->op[i].inputs, MOST);
    return RNL_OK;
}

rnl_status rnl_export_write_c(const rnl_export_plan *plan, const char *folder,
                              const rnl_export_options *options)
{
    rnl_c_writer w = {.plan = plan, .options = options};
    rnl_output *out[FILES] = {NULL};
    for (size_t i = 0; options->name[i] && i + 1 < sizeof w.upper; i++)
        w.upper[i] = options->name[i] >= 'a' && options->name[i] <= 'z'
                         ? (char)(options->name[i] - 'a' + 'A')
                         : options->name[i];
    if (options->int8)
        RNL_TRY(check_sums(plan));
    const rnl_status status = write_all(&w, out, folder, options->test_vectors ? FILES : TEST);
    for (size_t i = 0; i < FILES; i++)
        rnl_output_discard(&out[i]);
    return status;
}

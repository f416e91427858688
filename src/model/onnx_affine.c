/* onnx_affine.c - the nodes with numbers of their own
 *
 *   Gemm                  y = alpha A B' + beta C      A: the data; B' = B, or B^T; C spread over the samples
 *   MatMul                y = A B                      a bias may follow, as Add
 *   BatchNormalization    y = scale (x - mean) / sqrt(var + epsilon) + B
 *   LayerNormalization    the same by rows
 *   Add, Sub, Mul, Div    with a constant, number by number or spread over the samples: of the input, its
 *                         scaling; behind a layer that has a scale or a bias itself, part of these
 */
#include "model/onnx_graph.h"

#include "model/safetensors.h"

#include <math.h>
#include <string.h>

enum { WEIGHT, BIAS, MEAN, VAR }; /* of an item's numbers; gamma and beta are weight and bias too */

/* ---- affine ----------------------------------------------------------------------------------------- */

/* W[j, k] = alpha B[j, k], or alpha B[k, j]. */
static rnl_status read_weights(rnl_onnx_chain *c, rnl_onnx_item *item, const rnl_onnx_tensor *B,
                               bool transposed, double alpha)
{
    RNL_TRY(rnl_onnx_add_numbers(c, item, WEIGHT, B->count));
    RNL_TRY(rnl_onnx_add_numbers(c, item, BIAS, item->outputs));
    double *W = item->number[WEIGHT];
    for (size_t r = 0; r < B->dim[0]; r++)
        for (size_t k = 0; k < B->dim[1]; k++) {
            double *W_rk = transposed ? &W[k * B->dim[0] + r] : &W[r * B->dim[1] + k];
            RNL_TRY(rnl_onnx_number(B, r * B->dim[1] + k, W_rk));
            *W_rk *= alpha;
        }
    return RNL_OK;
}

static rnl_status affine(rnl_onnx_chain *c, size_t node, bool transposed, double alpha,
                         rnl_onnx_item **item)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    const rnl_onnx_tensor *B;
    RNL_TRY(rnl_onnx_check_flat(c, n));
    RNL_TRY(rnl_onnx_numbers(c, n, 1, "matrix", &B));
    RNL_NODE_FAIL_IF(B->rank != 2 || B->dim[transposed] != c->width || B->count == 0,
                     RNL_ERR_FORMAT, n, "its matrix %s has the shape %s%s, and %zu numbers come in",
                     rnl_show_name(B->name).text, rnl_show_shape(B->rank, B->dim).text,
                     transposed ? ", transposed" : "", c->width);
    RNL_TRY(rnl_onnx_add_item(c, "affine", B->dim[!transposed], item));
    const rnl_status status = read_weights(c, *item, B, transposed, alpha);
    return status == RNL_OK ? status : rnl_onnx_fail_node(status, n);
}

rnl_status rnl_onnx_gemm(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    int64_t transA, transB;
    float alpha, beta;
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_check_attributes(n, "alpha beta transA transB"));
    RNL_TRY(rnl_onnx_int(n, "transA", 0, &transA));
    RNL_TRY(rnl_onnx_int(n, "transB", 0, &transB));
    RNL_TRY(rnl_onnx_float(n, "alpha", 1, &alpha));
    RNL_TRY(rnl_onnx_float(n, "beta", 1, &beta));
    RNL_NODE_FAIL_IF(transA, RNL_ERR_UNSUPPORTED, n,
                     "its transA turns the samples into features; only 0 is read");
    RNL_TRY(affine(c, node, transB != 0, rnl_onnx_plain(alpha), &item));
    if (*rnl_onnx_input(n, 2)) {
        const rnl_onnx_tensor *C;
        RNL_TRY(rnl_onnx_numbers(c, n, 2, "bias", &C));
        for (size_t k = 0; k < item->outputs; k++) {
            size_t at;
            double number;
            RNL_NODE_FAIL_IF(
                !rnl_onnx_spread(C, &item->outputs, 2, k, &at), RNL_ERR_UNSUPPORTED, n,
                "its bias %s has the shape %s; the same [%zu] for all samples is expected",
                rnl_show_name(C->name).text, rnl_show_shape(C->rank, C->dim).text, item->outputs);
            RNL_TRY(rnl_onnx_number(C, at, &number));
            item->number[BIAS][k] = rnl_onnx_plain(beta) * number;
        }
    }
    return rnl_onnx_go_on(c, node);
}

rnl_status rnl_onnx_matmul(rnl_onnx_chain *c, size_t node)
{
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_check_attributes(rnl_onnx_node(c, node), ""));
    RNL_TRY(affine(c, node, false, 1, &item));
    return rnl_onnx_go_on(c, node);
}

/* ---- normalisation ---------------------------------------------------------------------------------- */

/* One number for each feature: input i of the node. */
static rnl_status read_row(rnl_onnx_chain *c, const RnlOnnx__NodeProto *n, size_t i,
                           const char *what, rnl_onnx_item *item, size_t k)
{
    const rnl_onnx_tensor *t;
    RNL_TRY(rnl_onnx_numbers(c, n, i, what, &t));
    RNL_NODE_FAIL_IF(t->rank != 1 || t->count != c->width, RNL_ERR_FORMAT, n,
                     "its %s %s has the shape %s, and [%zu] is expected", what,
                     rnl_show_name(t->name).text, rnl_show_shape(t->rank, t->dim).text, c->width);
    RNL_TRY(rnl_onnx_add_numbers(c, item, k, t->count));
    for (size_t j = 0; j < t->count; j++)
        RNL_TRY(rnl_onnx_number(t, j, &item->number[k][j]));
    return RNL_OK;
}

static rnl_status check_epsilon(const RnlOnnx__NodeProto *n, float epsilon)
{
    RNL_NODE_FAIL_IF(!(epsilon >= 1e-12f && epsilon <= 1), RNL_ERR_UNSUPPORTED, n,
                     "its epsilon is %g; 1e-12 to 1 can be", (double)epsilon);
    return RNL_OK;
}

/* ONNX keeps so much of the old mean as we take in of the new. */
static double our_momentum(float momentum)
{
    const double ours = rnl_onnx_plain((float)(round((1 - (double)momentum) * 1e6) / 1e6));
    return ours >= 1e-6 && ours <= 1 ? ours : ours > 1 ? 1 : 1e-6;
}

/* Until version 13 of the operators, further outputs say it: the means and variances that were learnt. */
static bool learns(const RnlOnnx__NodeProto *n, int64_t training_mode)
{
    bool outputs = false;
    for (size_t k = 1; k < n->n_output; k++)
        outputs = outputs || *rnl_onnx_output(n, k);
    return training_mode || outputs;
}

rnl_status rnl_onnx_batchnorm(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    int64_t training, spatial;
    float epsilon, momentum;
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_check_attributes(n, "epsilon momentum training_mode spatial"));
    RNL_TRY(rnl_onnx_int(n, "training_mode", 0, &training));
    RNL_TRY(rnl_onnx_int(n, "spatial", 1, &spatial)); /* with one dimension, both are the same */
    RNL_TRY(rnl_onnx_float(n, "epsilon", 1e-5f, &epsilon));
    RNL_TRY(rnl_onnx_float(n, "momentum", 0.9f, &momentum));
    RNL_NODE_FAIL_IF(learns(n, training), RNL_ERR_UNSUPPORTED, n,
                     "it is one that learns; export the network for predicting");
    RNL_TRY(check_epsilon(n, epsilon));
    RNL_NODE_FAIL_IF(!isfinite(momentum), RNL_ERR_FORMAT, n, "its momentum is no number");
    RNL_TRY(rnl_onnx_check_flat(c, n));
    RNL_TRY(rnl_onnx_add_item(c, "batchnorm", c->width, &item));
    item->args = 2;
    item->arg[0] = our_momentum(momentum);
    item->arg[1] = rnl_onnx_plain(epsilon);
    RNL_TRY(read_row(c, n, 1, "scale", item, WEIGHT));
    RNL_TRY(read_row(c, n, 2, "bias", item, BIAS));
    RNL_TRY(read_row(c, n, 3, "mean", item, MEAN));
    RNL_TRY(read_row(c, n, 4, "variance", item, VAR));
    for (size_t j = 0; j < c->width; j++)
        RNL_NODE_FAIL_IF(item->number[VAR][j] < 0, RNL_ERR_FORMAT, n,
                         "variance %zu is %g, and a variance is 0 or more", j,
                         item->number[VAR][j]);
    return rnl_onnx_go_on(c, node);
}

rnl_status rnl_onnx_layernorm(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    int64_t axis, stash;
    float epsilon;
    rnl_onnx_item *item;
    RNL_TRY(rnl_onnx_check_attributes(n, "axis epsilon stash_type"));
    RNL_TRY(rnl_onnx_int(n, "axis", -1, &axis));
    RNL_TRY(
        rnl_onnx_int(n, "stash_type", 1, &stash)); /* how exactly it is computed: float, at least */
    RNL_TRY(rnl_onnx_float(n, "epsilon", 1e-5f, &epsilon));
    RNL_TRY(rnl_onnx_check_flat(c, n));
    RNL_NODE_FAIL_IF(axis != 1 && axis != -1, RNL_ERR_UNSUPPORTED, n,
                     "its axis is %lld; only 1, over the features, is read", (long long)axis);
    RNL_TRY(check_epsilon(n, epsilon));
    RNL_TRY(rnl_onnx_add_item(c, "layernorm", c->width, &item));
    item->args = 1;
    item->arg[0] = rnl_onnx_plain(epsilon);
    RNL_TRY(read_row(c, n, 1, "scale", item, WEIGHT));
    if (*rnl_onnx_input(n, 2))
        RNL_TRY(read_row(c, n, 2, "bias", item, BIAS));
    else
        RNL_TRY(rnl_onnx_add_numbers(c, item, BIAS, c->width));
    return rnl_onnx_go_on(c, node);
}

/* ---- a constant that is added or multiplied ------------------------------------------------------------ */

/* y = x * times + plus, one of both the constant's number. */
typedef struct scaling {
    const RnlOnnx__NodeProto *node;
    const rnl_onnx_tensor *t;
    char op;       /* '+', '-', 'r' (constant - x), '*', '/' */
    bool of_input; /* the constants were rounded from what somebody meant */
} scaling;

/* What a float was rounded from: 1/255, 0.1307. The same to f32; the program compares it with how data are scaled. */
static double meant(double number)
{
    const double whole = round(1 / number);
    if (fabs(whole) <= 65536 && (float)(1 / whole) == (float)number)
        return 1 / whole;
    return rnl_onnx_plain((float)number);
}

static rnl_status scaling_at(const scaling *s, size_t i, double *times, double *plus)
{
    double number;
    RNL_TRY(rnl_onnx_number(s->t, i, &number));
    if (s->of_input && s->t->type == RNL_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
        number = meant(number);
    *times = 1;
    *plus = 0;
    switch (s->op) {
    case '+': *plus = number; break;
    case '-': *plus = -number; break;
    case 'r': *times = -1, *plus = number; break;
    case '*': *times = number; break;
    default: *times = 1 / number;
    }
    RNL_NODE_FAIL_IF(!isfinite(*times), RNL_ERR_FORMAT, s->node, "divides by %g", number);
    return RNL_OK;
}

/* Makes *numbers of one number `width` equal ones. */
static rnl_status widen(double **numbers, size_t width)
{
    double *wide = rnl_alloc(width, sizeof *wide);
    if (!wide)
        return RNL_ERR_MEMORY;
    for (size_t j = 0; j < width; j++)
        wide[j] = **numbers;
    rnl_free(*numbers);
    *numbers = wide;
    return RNL_OK;
}

static rnl_status reserve_scales(rnl_onnx_chain *c, const scaling *s)
{
    if (c->scales == 0) {
        c->scale = rnl_alloc(1, sizeof *c->scale);
        c->shift = rnl_alloc(1, sizeof *c->shift);
        if (!c->scale || !c->shift)
            return RNL_ERR_MEMORY;
        c->scales = 1;
        c->scale[0] = 1;
    }
    if (s->t->count == 1 || c->scales == c->width)
        return RNL_OK;
    RNL_NODE_FAIL_IF(c->width > c->file_size, RNL_ERR_UNSUPPORTED, s->node,
                     "it spreads over %zu numbers, more than the file has bytes", c->width);
    RNL_TRY(widen(&c->scale, c->width));
    RNL_TRY(widen(&c->shift, c->width));
    c->scales = c->width;
    return RNL_OK;
}

/* x = stored * scale + shift */
static rnl_status scale_input(rnl_onnx_chain *c, const scaling *s)
{
    RNL_TRY(reserve_scales(c, s));
    bool some = false;
    for (size_t j = 0; j < c->scales; j++) {
        size_t at;
        double times, plus;
        RNL_NODE_FAIL_IF(!rnl_onnx_spread(s->t, c->dim, c->rank, j, &at), RNL_ERR_UNSUPPORTED,
                         s->node, "its constant has the shape %s, and samples have %s",
                         rnl_show_shape(s->t->rank, s->t->dim).text,
                         rnl_show_shape(c->rank - 1, c->dim).text);
        RNL_TRY(scaling_at(s, at, &times, &plus));
        c->scale[j] *= times;
        c->shift[j] = c->shift[j] * times + plus;
        some = some || c->scale[j] != 0;
        RNL_NODE_FAIL_IF(!isfinite(c->scale[j]) || !isfinite(c->shift[j]), RNL_ERR_UNSUPPORTED,
                         s->node, "with it, input %zu is scaled by %g and %g added", j, c->scale[j],
                         c->shift[j]);
    }
    RNL_NODE_FAIL_IF(!some, RNL_ERR_UNSUPPORTED, s->node, "it scales all inputs by 0");
    return RNL_OK;
}

/* Of an affine layer, its columns are scaled; of a norm, gamma. */
static rnl_status scale_layer(rnl_onnx_chain *c, rnl_onnx_item *item, const scaling *s)
{
    const size_t rows = strcmp(item->type, "affine") == 0 ? item->inputs : 1;
    for (size_t k = 0; k < item->outputs; k++) {
        size_t at;
        double times, plus;
        RNL_NODE_FAIL_IF(!rnl_onnx_spread(s->t, c->dim, c->rank, k, &at), RNL_ERR_UNSUPPORTED,
                         s->node, "its constant has the shape %s, and %zu numbers come in",
                         rnl_show_shape(s->t->rank, s->t->dim).text, item->outputs);
        RNL_TRY(scaling_at(s, at, &times, &plus));
        for (size_t j = 0; times != 1 && j < rows; j++)
            item->number[WEIGHT][j * item->outputs + k] *= times;
        item->number[BIAS][k] = item->number[BIAS][k] * times + plus;
    }
    return RNL_OK;
}

rnl_status rnl_onnx_scale(rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    RNL_TRY(rnl_onnx_check_attributes(n, ""));
    const bool second = strcmp(rnl_onnx_input(n, 1), c->at->name) == 0;
    scaling s = {.node = n};
    RNL_TRY(rnl_onnx_numbers(c, n, !second, "other operand", &s.t));
    s.op = rnl_onnx_op_is(n, "Add")   ? '+'
           : rnl_onnx_op_is(n, "Mul") ? '*'
           : rnl_onnx_op_is(n, "Div") ? '/'
           : second                   ? 'r'
                                      : '-';
    RNL_NODE_FAIL_IF(second && s.op == '/', RNL_ERR_UNSUPPORTED, n,
                     "it divides by what the network computes");
    RNL_NODE_FAIL_IF(s.t->count == 0, RNL_ERR_FORMAT, n, "its constant has no number");
    rnl_onnx_item *last = c->items ? &c->item[c->items - 1] : NULL;
    RNL_NODE_FAIL_IF(last && !last->number[BIAS], RNL_ERR_UNSUPPORTED, n,
                     "behind %s, no layer of ours does this", last->type);
    s.of_input = !last;
    RNL_TRY(last ? scale_layer(c, last, &s) : scale_input(c, &s));
    return rnl_onnx_go_on(c, node);
}

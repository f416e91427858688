/* onnx_pattern.c - layers that ONNX writes as several nodes
 *
 *   flatten     Reshape(x, Concat(Unsqueeze(Gather(Shape(x), 0)), -1))    x.view(x.size(0), -1); or the width for -1
 *   silu        x * Sigmoid(x)
 *   gelu        x * (Erf(x / sqrt(2)) + 1) * 0.5                    the factors in any order
 *   layernorm   d / Sqrt(ReduceMean(d^2) + epsilon)                 d = x - ReduceMean(x); times gamma, plus beta
 *
 * Each begins with a value that several nodes use. */
#include "model/onnx_graph.h"

#include "model/safetensors.h"

#include <math.h>
#include <string.h>

typedef struct rnl_onnx_value value;

/* ---- looking around --------------------------------------------------------------------------------- */

/* Which of v's users is this operator? */
static size_t find_user(const rnl_onnx_chain *c, const value *v, const char *op)
{
    for (size_t i = 0; i < v->uses && i < RNL_ONNX_USERS; i++)
        if (rnl_onnx_op_is(rnl_onnx_node(c, v->user[i]), op))
            return v->user[i];
    return RNL_ONNX_NONE;
}

static const value *made_by(const rnl_onnx_chain *c, size_t node)
{
    return rnl_onnx_find(c->graph, rnl_onnx_output(rnl_onnx_node(c, node), 0));
}

/* The one node that uses v, if it is this operator and v no output of the graph. */
static size_t only_user(const rnl_onnx_chain *c, const value *v, const char *op)
{
    return v->uses == 1 && v != c->graph->output ? find_user(c, v, op) : RNL_ONNX_NONE;
}

/* Is the node a product (or so) of these two, in any order? */
static bool joins(const rnl_onnx_chain *c, size_t node, const value *a, const value *b)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    const char *first = rnl_onnx_input(n, 0), *second = rnl_onnx_input(n, 1);
    return n->n_input == 2 && ((strcmp(first, a->name) == 0 && strcmp(second, b->name) == 0) ||
                               (strcmp(first, b->name) == 0 && strcmp(second, a->name) == 0));
}

/* Does the node join v and the constant, to f32? Of Div, the constant is the second. */
static bool joins_number(const rnl_onnx_chain *c, size_t node, const value *v, double number)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    const bool second = strcmp(rnl_onnx_input(n, 1), v->name) == 0;
    const value *other = rnl_onnx_find(c->graph, rnl_onnx_input(n, !second));
    double found;
    return n->n_input == 2 && other && other->is_constant && other->tensor.count == 1 &&
           !(second && (rnl_onnx_op_is(n, "Div") || rnl_onnx_op_is(n, "Pow"))) &&
           rnl_onnx_number(&other->tensor, 0, &found) == RNL_OK &&
           fabs(found - number) <= 1e-6 * fabs(number);
}

/* v's user that joins it with the number by this operator; of many users, one of the first. */
static size_t find_number(const rnl_onnx_chain *c, const value *v, const char *op, double number)
{
    for (size_t i = 0; i < v->uses && i < RNL_ONNX_USERS; i++)
        if (rnl_onnx_op_is(rnl_onnx_node(c, v->user[i]), op) &&
            joins_number(c, v->user[i], v, number))
            return v->user[i];
    return RNL_ONNX_NONE;
}

static void visit(rnl_onnx_chain *c, const size_t *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (nodes[i] != RNL_ONNX_NONE)
            c->visited[nodes[i]] = true;
}

/* ---- the patterns: false where it is another one ------------------------------------------------------ */

/* Is the node's input i one whole number? */
static bool is_integer(const rnl_onnx_chain *c, size_t node, size_t i, int64_t *number)
{
    const value *v = rnl_onnx_find(c->graph, rnl_onnx_input(rnl_onnx_node(c, node), i));
    return v && v->is_constant && v->tensor.count == 1 &&
           rnl_onnx_integer(&v->tensor, 0, number) == RNL_OK;
}

/* The node, if it is this operator, that alone uses what `node` makes, as its input i. */
static size_t next_node(const rnl_onnx_chain *c, size_t node, const char *op, size_t i)
{
    const value *made = node == RNL_ONNX_NONE ? NULL : made_by(c, node);
    const size_t next = made ? only_user(c, made, op) : RNL_ONNX_NONE;
    return next != RNL_ONNX_NONE &&
                   strcmp(rnl_onnx_input(rnl_onnx_node(c, next), i), made->name) == 0
               ? next
               : RNL_ONNX_NONE;
}

static bool find_flatten(rnl_onnx_chain *c, size_t *last)
{
    const size_t shape = find_user(c, c->at, "Shape");
    if (c->at->uses != 2 || shape == RNL_ONNX_NONE || rnl_onnx_node(c, shape)->n_attribute)
        return false;
    const size_t gather = next_node(c, shape, "Gather", 0);
    const size_t samples = next_node(c, gather, "Unsqueeze", 0);
    const size_t concat = next_node(c, samples, "Concat", 0);
    const size_t reshape = next_node(c, concat, "Reshape", 1);
    int64_t dimension, features;
    if (reshape == RNL_ONNX_NONE || reshape != find_user(c, c->at, "Reshape") ||
        !is_integer(c, gather, 1, &dimension) || dimension != 0 ||
        rnl_onnx_node(c, concat)->n_input != 2 || !is_integer(c, concat, 1, &features) ||
        (features != -1 && (uint64_t)features != c->width))
        return false;
    visit(c, (const size_t[]){shape, gather, samples, concat}, 4);
    *last = reshape;
    return true;
}

static bool find_silu(rnl_onnx_chain *c, size_t *last)
{
    const size_t sigmoid = find_user(c, c->at, "Sigmoid"), mul = find_user(c, c->at, "Mul");
    if (c->at->uses != 2 || sigmoid == RNL_ONNX_NONE || mul == RNL_ONNX_NONE)
        return false;
    const value *s = made_by(c, sigmoid);
    if (!s || only_user(c, s, "Mul") != mul || !joins(c, mul, c->at, s))
        return false;
    visit(c, &sigmoid, 1);
    *last = mul;
    return true;
}

/* v times 0.5, if that follows; node: that one, or RNL_ONNX_NONE. */
static const value *halve(const rnl_onnx_chain *c, const value *v, size_t *node)
{
    *node = v->uses == 1 && v != c->graph->output ? find_number(c, v, "Mul", 0.5) : RNL_ONNX_NONE;
    const value *half = *node == RNL_ONNX_NONE ? NULL : made_by(c, *node);
    return half ? half : v;
}

/* Erf(x / sqrt(2)) + 1, where x is c->at; nodes: the three. */
static const value *find_erf(const rnl_onnx_chain *c, size_t nodes[3])
{
    nodes[0] = find_number(c, c->at, "Div", sqrt(2));
    if (nodes[0] == RNL_ONNX_NONE)
        nodes[0] = find_number(c, c->at, "Mul", sqrt(0.5));
    const value *v = nodes[0] == RNL_ONNX_NONE ? NULL : made_by(c, nodes[0]);
    nodes[1] = v ? only_user(c, v, "Erf") : RNL_ONNX_NONE;
    v = nodes[1] == RNL_ONNX_NONE ? NULL : made_by(c, nodes[1]);
    nodes[2] = v && v->uses == 1 ? find_number(c, v, "Add", 1) : RNL_ONNX_NONE;
    return nodes[2] == RNL_ONNX_NONE ? NULL : made_by(c, nodes[2]);
}

static bool find_gelu(rnl_onnx_chain *c, size_t *last)
{
    size_t nodes[7] = {RNL_ONNX_NONE, RNL_ONNX_NONE, RNL_ONNX_NONE, RNL_ONNX_NONE,
                       RNL_ONNX_NONE, RNL_ONNX_NONE, RNL_ONNX_NONE};
    const value *x = c->at, *e = find_erf(c, nodes);
    if (x->uses != 2 || !e)
        return false;
    e = halve(c, e, &nodes[3]); /* x * (0.5 * e) */
    const size_t half = find_number(c, x, "Mul", 0.5);
    if (half != RNL_ONNX_NONE && half != nodes[0]) { /* (0.5 * x) * e */
        nodes[4] = half;
        x = made_by(c, half);
        if (!x || x->uses != 1)
            return false;
    }
    nodes[5] = e->uses == 1 ? find_user(c, e, "Mul") : RNL_ONNX_NONE;
    if (nodes[5] == RNL_ONNX_NONE || !joins(c, nodes[5], x, e))
        return false;
    *last = nodes[5];
    const bool halved = nodes[3] != RNL_ONNX_NONE || nodes[4] != RNL_ONNX_NONE;
    if (nodes[3] != RNL_ONNX_NONE && nodes[4] != RNL_ONNX_NONE)
        return false; /* a quarter */
    if (!halved) {    /* 0.5 * (x * e) */
        const value *product = made_by(c, nodes[5]);
        if (!product)
            return false;
        halve(c, product, &nodes[6]);
        *last = nodes[6];
    }
    if (*last == RNL_ONNX_NONE)
        return false;
    visit(c, nodes, 7);
    return true;
}

/* The mean of each row, which stays a column. */
static bool is_row_mean(const rnl_onnx_chain *c, size_t node)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, node);
    int64_t keep, axis = 0;
    if (rnl_onnx_int(n, "keepdims", 1, &keep) != RNL_OK || keep != 1)
        return false;
    const RnlOnnx__AttributeProto *axes = rnl_onnx_attribute(n, "axes");
    const value *input = rnl_onnx_find(c->graph, rnl_onnx_input(n, 1));
    if (axes && axes->n_ints == 1)
        axis = axes->ints[0];
    else if (!axes && input && input->is_constant && input->tensor.count == 1 &&
             rnl_onnx_integer(&input->tensor, 0, &axis) != RNL_OK)
        return false;
    return axis == 1 || axis == -1;
}

/* d^2: Pow(d, 2) or d * d. */
static size_t find_square(const rnl_onnx_chain *c, const value *d)
{
    const size_t pow2 = find_number(c, d, "Pow", 2), mul = find_user(c, d, "Mul");
    if (pow2 != RNL_ONNX_NONE)
        return pow2;
    return mul != RNL_ONNX_NONE && joins(c, mul, d, d) ? mul : RNL_ONNX_NONE;
}

/* The number that is added to v, as layernorm's epsilon. */
static bool find_epsilon(const rnl_onnx_chain *c, size_t add, const value *v, double *epsilon)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, add);
    const bool second = strcmp(rnl_onnx_input(n, 1), v->name) == 0;
    const value *other = rnl_onnx_find(c->graph, rnl_onnx_input(n, !second));
    return other && other->is_constant && other->tensor.count == 1 &&
           rnl_onnx_number(&other->tensor, 0, epsilon) == RNL_OK;
}

static bool find_layernorm(rnl_onnx_chain *c, size_t *last, double *epsilon)
{
    const value *x = c->at;
    const size_t mean = find_user(c, x, "ReduceMean"), sub = find_user(c, x, "Sub");
    if (x->uses != 2 || c->rank != 2 || mean == RNL_ONNX_NONE || sub == RNL_ONNX_NONE ||
        !is_row_mean(c, mean))
        return false;
    const value *m = made_by(c, mean), *d = made_by(c, sub);
    if (!m || !d || only_user(c, m, "Sub") != sub || !joins(c, sub, x, m) ||
        strcmp(rnl_onnx_input(rnl_onnx_node(c, sub), 0), x->name) != 0)
        return false;
    const size_t square = find_square(c, d), div = find_user(c, d, "Div");
    if (square == RNL_ONNX_NONE || div == RNL_ONNX_NONE || d == c->graph->output ||
        d->uses != (rnl_onnx_op_is(rnl_onnx_node(c, square), "Pow") ? 2 : 3))
        return false;
    const value *v = made_by(c, square);
    const size_t var = v ? only_user(c, v, "ReduceMean") : RNL_ONNX_NONE;
    v = var != RNL_ONNX_NONE && is_row_mean(c, var) ? made_by(c, var) : NULL;
    const size_t add = v ? only_user(c, v, "Add") : RNL_ONNX_NONE;
    if (add == RNL_ONNX_NONE || !find_epsilon(c, add, v, epsilon))
        return false;
    v = made_by(c, add);
    const size_t root = v ? only_user(c, v, "Sqrt") : RNL_ONNX_NONE;
    v = root == RNL_ONNX_NONE ? NULL : made_by(c, root);
    if (!v || only_user(c, v, "Div") != div || !joins(c, div, d, v) ||
        strcmp(rnl_onnx_input(rnl_onnx_node(c, div), 0), d->name) != 0)
        return false;
    visit(c, (const size_t[]){mean, sub, square, var, add, root}, 6);
    *last = div;
    return true;
}

/* ---- all of them ------------------------------------------------------------------------------------ */

/* gamma = 1, beta = 0; what follows may multiply and add. */
static rnl_status add_layernorm(rnl_onnx_chain *c, size_t last, double epsilon)
{
    const RnlOnnx__NodeProto *n = rnl_onnx_node(c, last);
    rnl_onnx_item *item;
    RNL_NODE_FAIL_IF(!(epsilon >= 1e-12 && epsilon <= 1), RNL_ERR_UNSUPPORTED, n,
                     "its epsilon is %g; 1e-12 to 1 can be", epsilon);
    RNL_NODE_FAIL_IF(c->width > c->file_size, RNL_ERR_UNSUPPORTED, n,
                     "it goes over %zu numbers, more than the file has bytes", c->width);
    RNL_TRY(rnl_onnx_add_item(c, "layernorm", c->width, &item));
    item->args = 1;
    item->arg[0] = rnl_onnx_plain((float)epsilon);
    RNL_TRY(rnl_onnx_add_numbers(c, item, 0, c->width));
    RNL_TRY(rnl_onnx_add_numbers(c, item, 1, c->width));
    for (size_t j = 0; j < c->width; j++)
        item->number[0][j] = 1;
    return rnl_onnx_go_on(c, last);
}

rnl_status rnl_onnx_pattern(rnl_onnx_chain *c)
{
    size_t last = RNL_ONNX_NONE;
    double epsilon = 0;
    rnl_onnx_item *item;
    if (find_flatten(c, &last)) {
        c->rank = 2;
        c->dim[0] = c->width;
        return rnl_onnx_go_on(c, last);
    }
    if (find_layernorm(c, &last, &epsilon))
        return add_layernorm(c, last, epsilon);
    const char *type = find_silu(c, &last) ? "silu" : find_gelu(c, &last) ? "gelu" : NULL;
    const RnlOnnx__NodeProto *first = rnl_onnx_node(c, c->at->user[0]);
    RNL_NODE_FAIL_IF(!type, RNL_ERR_UNSUPPORTED, first,
                     "its input %s is used %zu times, and these nodes together are no layer that "
                     "is known here",
                     rnl_show_name(c->at->name).text, c->at->uses);
    RNL_TRY(rnl_onnx_add_item(c, type, c->width, &item));
    return rnl_onnx_go_on(c, last);
}

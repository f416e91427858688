/* pass.c - one batch through the network, forward and backward; walked by every thread of a team */
#include "net/net.h"

/* The first n rows of layer l's output; the last layer's, and what shares its buffer, is `y_last`. */
static rnl_matrix output_of(const rnl_net *net, const rnl_workspace *ws, size_t l, size_t n,
                            const rnl_matrix *y_last)
{
    const size_t last = net->layers - 1;
    if (ws->y[l] == ws->y[last]) {
        rnl_matrix y = *y_last;
        y.rows = n;
        return y;
    }
    return rnl_matrix_view(ws->y[l], n, net->layer[l].outputs, net->dtype);
}

/* What the pass p shows layer i of the network: its parameters, its state, what it keeps. */
static void set_layer(rnl_pass *p, const rnl_net *net, const rnl_workspace *ws, size_t i, size_t n)
{
    const rnl_layer *l = &net->layer[i];
    p->layer = i;
    for (size_t k = 0; k < l->blocks; k++)
        p->value[k] = rnl_block_view(net, &l->block[k], net->values);
    for (size_t k = 0; k < l->states; k++)
        p->state[k] = rnl_state_view(net, &l->state[k]);
    if (l->kept_cols)
        p->kept = rnl_matrix_view(ws->kept[i], rnl_kept_rows(l, n), l->kept_cols, net->dtype);
}

static const rnl_mode predicting = {0};

bool rnl_net_takes_sparse(const rnl_net *net)
{
    return net->layer[0].type->takes_sparse;
}

/* Where row i of x is not zero, in both halves of s. */
static void mask_row(const rnl_kernels *kernels, rnl_sparse *s, size_t i, const rnl_matrix *x)
{
    const rnl_matrix x_i = rnl_matrix_rows(*x, i, 1);
    for (size_t h = 0; h < 2; h++)
        kernels->sparse_numbers(&s->half[h], i, x_i.data);
}

/* The first layer on a dense input, some rows at a time: as a sparse one where the first of these rows
 * is mostly zero. A team does not come here: it has better ways of its own (train/batch.c). Returns whether
 * s now holds all of them. */
static bool first_layer(const rnl_layer *l, rnl_pass *p, rnl_sparse *s)
{
    const rnl_matrix x = p->x, y = p->y;
    for (size_t first = 0; first < x.rows; first += s->rows) {
        const size_t rows = x.rows - first < s->rows ? x.rows - first : s->rows;
        p->x = rnl_matrix_rows(x, first, rows);
        p->y = rnl_matrix_rows(y, first, rows);
        mask_row(p->kernels, s, 0, &p->x);
        p->sparse = NULL;
        if ((double)rnl_sparse_count(s, 0) < RNL_SPARSE_BELOW * (double)x.cols) {
            for (size_t i = 1; i < rows; i++)
                mask_row(p->kernels, s, i, &p->x);
            rnl_sparse_set_place(s, p->x.data, p->x.ld);
            p->sparse = s;
        }
        l->type->forward(l, p);
    }
    p->x = x;
    p->y = y;
    return p->sparse && x.rows <= s->rows;
}

void rnl_net_forward(const rnl_net *net, rnl_workspace *ws, const rnl_net_input *in, rnl_matrix *y,
                     const rnl_mode *mode)
{
    rnl_pass p = {.kernels = net->kernels,
                  .x = in->x,
                  .sparse = in->sparse,
                  .mode = mode ? mode : &predicting};
    for (size_t i = 0; i < net->layers; i++) {
        const rnl_layer *l = &net->layer[i];
        p.y = output_of(net, ws, i, in->x.rows, y);
        set_layer(&p, net, ws, i, in->x.rows);
        if (i == 0 && !in->sparse && ws->zeros.rows)
            ws->all_sparse = first_layer(l, &p, &ws->zeros);
        else if (!l->folded)
            l->type->forward(l, &p);
        p.x = p.y;
        p.sparse = NULL;
    }
}

/* What the pass p, which goes backward, shows layer i: also x, y, dy, and where its gradients go. */
static void set_backward(rnl_pass *p, const rnl_net *net, const rnl_workspace *ws, size_t i,
                         const rnl_net_input *in, const rnl_matrix *y, const rnl_matrix *dy,
                         void *gradients)
{
    const size_t n = dy->rows;
    const rnl_layer *l = &net->layer[i];
    p->y = output_of(net, ws, i, n, y);
    p->x = i > 0 ? output_of(net, ws, i - 1, n, y) : in->x;
    p->sparse = i > 0 ? NULL : ws->all_sparse ? &ws->zeros : in->sparse;
    p->dy = i + 1 < net->layers ? rnl_matrix_view(ws->dy[i], n, l->outputs, net->dtype) : *dy;
    set_layer(p, net, ws, i, n);
    for (size_t k = 0; k < l->blocks; k++)
        p->gradient[k] = rnl_block_view(net, &l->block[k], gradients);
}

void rnl_net_backward_pass(const rnl_net *net, rnl_workspace *ws, const rnl_net_input *in,
                           const rnl_matrix *y, const rnl_matrix *dy, const rnl_mode *mode,
                           const rnl_gradient_use *use, rnl_matrix *dx)
{
    rnl_pass p = {.kernels = net->kernels,
                  .alpha = use->alpha,
                  .add = use->add,
                  .mode = mode ? mode : &predicting};
    /* First all dx, which need the parameters as they were: a gradient can be a step of SGD that is added to
     * them. */
    for (size_t i = net->layers; i-- > 0;) {
        const rnl_layer *l = &net->layer[i];
        set_backward(&p, net, ws, i, in, y, dy, use->arena);
        p.dx = (rnl_matrix){0};
        if (i > 0)
            p.dx = rnl_matrix_view(ws->dy[i - 1], dy->rows, l->inputs, net->dtype);
        else if (dx)
            p.dx = *dx;
        l->type->backward(l, &p);
    }
    rnl_team_barrier(); /* all rows of all dy are there */
    p.dx = (rnl_matrix){0};
    for (size_t i = net->layers; i-- > 0;) {
        const rnl_layer *l = &net->layer[i];
        if (!l->type->gradients)
            continue;
        set_backward(&p, net, ws, i, in, y, dy, use->arena);
        l->type->gradients(l, &p);
    }
}

void rnl_net_step(const rnl_net *net, rnl_workspace *ws, const rnl_net_input *in,
                  const rnl_targets *t, const rnl_mode *mode, const rnl_gradient_use *use)
{
    rnl_matrix y = rnl_workspace_output(ws, in->x.rows);
    rnl_matrix dy = y;
    dy.data = ws->dy[net->layers - 1];
    rnl_net_forward(net, ws, in, &y, mode);
    rnl_net_losses(net, ws->losses, &dy, &y, t);
    rnl_net_backward_pass(net, ws, in, &y, &dy, mode, use, NULL);
}

void rnl_net_track(rnl_net *net, const rnl_workspace *ws, size_t n)
{
    if (net->states == 0)
        return;
    const rnl_mode training = {.training = true};
    rnl_pass p = {.kernels = net->kernels, .mode = &training};
    for (size_t i = 0; i < net->layers; i++) {
        const rnl_layer *l = &net->layer[i];
        set_layer(&p, net, ws, i, n);
        p.x.rows = n;
        if (l->type->track)
            l->type->track(l, &p);
    }
}

void rnl_net_answers(const rnl_net *net, int32_t *answers, const rnl_matrix *y)
{
    if (net->loss.type->task == RNL_TASK_CLASSES || y->cols > 1) {
        net->kernels->argmax(answers, y);
        return;
    }
    const rnl_range mine = rnl_my_rows(y->rows);
    for (size_t i = mine.begin; i < mine.end; i++) {
        const double y_i = rnl_matrix_get(y, i, 0);
        answers[i] = y_i > 0 ? 1 : (y_i <= 0 ? 0 : -1); /* NaN says nothing */
    }
}

size_t rnl_right_labels(const rnl_matrix *y, size_t i, const rnl_matrix *t, size_t j)
{
    size_t right = 0;
    for (size_t k = 0; k < y->cols; k++) {
        const double logit = rnl_matrix_get(y, i, k);
        right += rnl_matrix_get(t, j, k) > 0.5 ? logit > 0 : logit <= 0;
    }
    return right;
}

double rnl_mean(const double *losses, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += losses[i];
    return sum / (double)n;
}

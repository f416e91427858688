/* gradient.c - gradients by backpropagation, and by numerical differentiation to check them */
#include "net/net.h"

#include <math.h>

rnl_status rnl_gradients_new(rnl_gradients **out, const rnl_net *net)
{
    RNL_REFUSE_NULL(out, "the place for the gradients is");
    *out = NULL;
    RNL_REFUSE_NULL(net, "the network is");
    rnl_gradients *g = rnl_alloc(1, sizeof *g);
    if (!g)
        return RNL_ERR_MEMORY;
    g->net = net;
    g->serial = net->serial;
    g->values = rnl_alloc(net->arena_size, rnl_dtype_size(net->dtype));
    if (!g->values) {
        rnl_gradients_free(&g);
        return RNL_ERR_MEMORY;
    }
    *out = g;
    return RNL_OK;
}

rnl_status rnl_check_gradients(const rnl_net *net, const rnl_gradients *g)
{
    RNL_FAIL_IF(g->serial != net->serial, RNL_ERR_USAGE,
                "the gradients were made for another network");
    return RNL_OK;
}

void rnl_gradients_free(rnl_gradients **g)
{
    if (!g || !*g)
        return;
    rnl_free((*g)->values);
    rnl_free(*g);
    *g = NULL;
}

rnl_matrix rnl_gradients_block(const rnl_gradients *g, size_t i)
{
    const rnl_net_block *b = &g->net->block[i];
    return rnl_block_view(g->net, &g->net->layer[b->layer].block[b->block], g->values);
}

/* ---- backpropagation -------------------------------------------------------------------------------- */

rnl_status rnl_net_gradient(const rnl_net *net, rnl_workspace *ws, rnl_matrix x, rnl_targets t,
                            rnl_gradients *g, double *loss)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_REFUSE_NULL(g, "the gradients are");
    RNL_TRY(rnl_check_input(net, ws, &x));
    RNL_TRY(rnl_check_targets(net, &t, x.rows));
    RNL_TRY(rnl_check_gradients(net, g));
    const rnl_gradient_use use = {.arena = g->values, .alpha = 1};
    const rnl_team_member member = rnl_team_enter_alone();
    rnl_net_step(net, ws, &(rnl_net_input){.x = x}, &t, &ws->mode, &use);
    rnl_workspace_passed(ws, x.rows);
    if (loss)
        *loss = rnl_mean(ws->losses, x.rows);
    rnl_team_leave(member);
    return RNL_OK;
}

/* ---- numerical differentiation ------------------------------------------------------------------------ */

/* A thread differentiates its share of every block on a copy of the network. */
typedef struct worker {
    rnl_net *net;
    rnl_workspace *ws;
} worker;

typedef struct differentiation {
    worker *workers;
    rnl_matrix x;
    rnl_targets t;
    double h;
    rnl_gradients *g;
} differentiation;

/* (loss(w + h) - loss(w - h)) / 2h, w put back bit for bit. */
static double difference(worker *k, const differentiation *d, rnl_matrix *block, size_t i, size_t j)
{
    const double w = rnl_matrix_get(block, i, j);
    double above = 0, below = 0;
    rnl_matrix_set(block, i, j, w + d->h);
    const double w_above = rnl_matrix_get(block, i, j);
    rnl_net_loss(k->net, k->ws, d->x, d->t, &above);
    rnl_matrix_set(block, i, j, w - d->h);
    const double w_below = rnl_matrix_get(block, i, j);
    rnl_net_loss(k->net, k->ws, d->x, d->t, &below);
    rnl_matrix_set(block, i, j, w);
    /* the step that was really taken: w + h is rounded */
    return (above - below) / (w_above - w_below);
}

/* Is h so small beside a parameter that nothing is left of it? */
static bool is_lost(const rnl_net *net, double h)
{
    for (size_t p = 0; p < net->blocks; p++) {
        const rnl_matrix block = rnl_net_parameter(net, p).value;
        for (size_t at = 0; at < block.rows * block.cols; at++) {
            const double w = rnl_matrix_get(&block, at / block.cols, at % block.cols);
            if (net->dtype == RNL_F64 ? w + h == w - h : (float)(w + h) == (float)(w - h))
                return true;
        }
    }
    return false;
}

static void differentiate(void *arg)
{
    differentiation *d = arg;
    worker *k = &d->workers[rnl_team_rank()];
    for (size_t p = 0; p < k->net->blocks; p++) {
        rnl_matrix block = rnl_net_parameter(k->net, p).value, out = rnl_gradients_block(d->g, p);
        const size_t size = block.rows * block.cols;
        const rnl_range mine = rnl_part(size, rnl_team_rank(), rnl_team_size());
        for (size_t at = mine.begin; at < mine.end; at++) {
            const size_t i = at / block.cols, j = at % block.cols;
            rnl_matrix_set(&out, i, j, difference(k, d, &block, i, j));
        }
    }
}

rnl_status rnl_net_numerical_gradient(const rnl_net *net, const rnl_mode *mode, rnl_matrix x,
                                      rnl_targets t, double h, int threads, rnl_gradients *g)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(g, "the gradients are");
    RNL_FAIL_IF(!(h > 0) || isinf(h), RNL_ERR_USAGE, "h is %g; it must be above 0, and finite", h);
    RNL_TRY(rnl_check_gradients(net, g));
    RNL_TRY(rnl_net_check_numbers(net, "differentiated"));
    RNL_FAIL_IF(is_lost(net, h), RNL_ERR_USAGE,
                "h is %g: too small beside a parameter for the precision of the network", h);
    const size_t team = rnl_team_wanted(threads);
    differentiation d = {.x = x, .t = t, .h = h, .g = g};
    d.workers = rnl_alloc(team, sizeof *d.workers);
    rnl_status status = d.workers ? RNL_OK : RNL_ERR_MEMORY;
    for (size_t k = 0; k < team && status == RNL_OK; k++) {
        status = rnl_net_copy(&d.workers[k].net, net);
        if (status == RNL_OK)
            status = rnl_workspace_plan(&d.workers[k].ws, d.workers[k].net, x.rows ? x.rows : 1,
                                        RNL_FOR_EVALUATION);
        if (status == RNL_OK && mode)
            rnl_workspace_set_mode(d.workers[k].ws, *mode);
    }
    if (status == RNL_OK)
        status = rnl_check_input(d.workers[0].net, d.workers[0].ws, &x);
    if (status == RNL_OK)
        status = rnl_check_targets(net, &t, x.rows);
    if (status == RNL_OK)
        status = rnl_team_run(team, differentiate, &d);
    for (size_t k = 0; d.workers && k < team; k++) {
        rnl_workspace_free(&d.workers[k].ws);
        rnl_net_free(&d.workers[k].net);
    }
    rnl_free(d.workers);
    return status;
}

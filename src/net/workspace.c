/* workspace.c - what a pass leaves behind, planned once for the largest batch */
#include "net/net.h"

/* Layer l's output may lie over its input: nobody needs the input any more. Where no gradients are
 * wanted, nobody does in any case. */
static bool shares_y(const rnl_net *net, size_t l, bool with_gradients)
{
    if (l == 0 || !net->layer[l].type->y_over_x)
        return false;
    return !with_gradients || (!net->layer[l].type->needs_x && !net->layer[l - 1].type->needs_y);
}

/* The gradient with respect to layer l's output may be overwritten by the one with respect to its
 * input; not in the last layer, whose upstream gradient can be the caller's. */
static bool shares_dy(const rnl_net *net, size_t l)
{
    return l + 1 < net->layers && net->layer[l].type->dx_over_dy;
}

/* Rows of a dense input that are made sparse at a time: enough to read a part of W once for many. */
enum { SPARSE_ROWS = 128 };

/* Walked twice: with an empty arena to count, then to hand out. */
static void hand_out(rnl_workspace *ws, const rnl_net *net, rnl_workspace_use use)
{
    const bool with_gradients = use != RNL_FOR_EVALUATION;
    const size_t number = rnl_dtype_size(net->dtype);
    ws->y = rnl_arena_take(&ws->arena, net->layers, sizeof *ws->y);
    ws->dy = rnl_arena_take(&ws->arena, net->layers, sizeof *ws->dy);
    ws->kept = rnl_arena_take(&ws->arena, net->layers, sizeof *ws->kept);
    ws->losses = rnl_arena_take(&ws->arena, ws->max_batch, sizeof *ws->losses);
    ws->answers = rnl_arena_take(&ws->arena, ws->max_batch, sizeof *ws->answers);
    const bool planning = !ws->arena.block;
    for (size_t l = 0; l < net->layers; l++) {
        const rnl_layer *layer = &net->layer[l];
        size_t row;
        if (!rnl_mul_size(layer->outputs, number, &row))
            ws->arena.overflow = true;
        const bool shared = shares_y(net, l, with_gradients);
        void *y = shared ? NULL : rnl_arena_take(&ws->arena, ws->max_batch, row);
        void *kept = NULL;
        if (layer->kept_cols && (with_gradients || !layer->kept_tiles))
            kept = rnl_arena_take(&ws->arena, rnl_kept_rows(layer, ws->max_batch),
                                  layer->kept_cols * number);
        if (!planning) {
            ws->y[l] = shared ? ws->y[l - 1] : y;
            ws->kept[l] = kept;
        }
    }
    for (size_t l = net->layers; with_gradients && l-- > 0;) {
        /* dy[l] is what layer l + 1 writes as its dx */
        const bool shared = l + 1 < net->layers && shares_dy(net, l + 1);
        void *dy = shared
                       ? NULL
                       : rnl_arena_take(&ws->arena, ws->max_batch, net->layer[l].outputs * number);
        if (!planning)
            ws->dy[l] = shared ? ws->dy[l + 1] : dy;
    }
    if (!with_gradients)
        ws->dy = NULL;
    if (use == RNL_FOR_CALLS && rnl_net_takes_sparse(net)) {
        const size_t rows = ws->max_batch < SPARSE_ROWS ? ws->max_batch : SPARSE_ROWS;
        rnl_sparse_hand_out(&ws->zeros, &ws->arena, rows, rnl_net_inputs(net),
                            net->layer[0].outputs, net->dtype, RNL_SPARSE_NUMBERS);
    }
}

rnl_status rnl_workspace_plan(rnl_workspace **out, const rnl_net *net, size_t max_batch,
                              rnl_workspace_use use)
{
    *out = NULL;
    RNL_FAIL_IF(max_batch == 0, RNL_ERR_USAGE, "a workspace needs room for at least one sample");
    rnl_workspace *ws = rnl_alloc(1, sizeof *ws);
    if (!ws)
        return RNL_ERR_MEMORY;
    ws->net = net;
    ws->serial = net->serial;
    ws->max_batch = max_batch;
    hand_out(ws, net, use);
    if (rnl_arena_make(&ws->arena) != RNL_OK) {
        rnl_workspace_free(&ws);
        return RNL_ERR_MEMORY;
    }
    hand_out(ws, net, use);
    *out = ws;
    return RNL_OK;
}

rnl_status rnl_workspace_new(rnl_workspace **ws, const rnl_net *net, size_t max_batch)
{
    RNL_REFUSE_NULL(ws, "the place for the workspace is");
    *ws = NULL;
    RNL_REFUSE_NULL(net, "the network is");
    return rnl_workspace_plan(ws, net, max_batch, RNL_FOR_CALLS);
}

rnl_status rnl_check_workspace(const rnl_net *net, const rnl_workspace *ws)
{
    RNL_FAIL_IF(ws->serial != net->serial, RNL_ERR_USAGE,
                "the workspace was planned for another network");
    return RNL_OK;
}

void rnl_workspace_free(rnl_workspace **ws)
{
    if (!ws || !*ws)
        return;
    rnl_arena_free(&(*ws)->arena);
    rnl_free(*ws);
    *ws = NULL;
}

void rnl_workspace_set_mode(rnl_workspace *ws, rnl_mode mode)
{
    ws->mode = mode;
    ws->x = (rnl_matrix){0}; /* what was passed before was passed in another mode */
    ws->trained = 0;
}

void rnl_workspace_passed(rnl_workspace *ws, size_t n)
{
    ws->x = (rnl_matrix){0};
    ws->trained = ws->mode.training ? n : 0;
}

size_t rnl_workspace_bytes(const rnl_workspace *ws)
{
    return sizeof *ws + ws->arena.size;
}

rnl_matrix rnl_workspace_output(const rnl_workspace *ws, size_t n)
{
    const rnl_net *net = ws->net;
    const size_t last = net->layers - 1;
    return rnl_matrix_view(ws->y[last], n, net->layer[last].outputs, net->dtype);
}

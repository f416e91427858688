/* net.h - a network, a workspace and gradients, for the inside
 *
 * All parameters lie in one block, all gradients in another of the same layout; every rnl_block
 * says where it begins in either. */
#ifndef RNL_NET_NET_H
#define RNL_NET_NET_H

#include "base/memory.h"
#include "layers/layer.h"

/* Blocks begin at multiples of this many numbers; what lies between is zero and stays so. */
enum { RNL_BLOCK_ALIGN = 16, RNL_NAME_SIZE = 32 };

typedef struct rnl_net_block {
    size_t layer, block; /* which of which layer */
    char name[RNL_NAME_SIZE], key[RNL_NAME_SIZE];
} rnl_net_block;

typedef struct rnl_note {
    char *key, *value;
} rnl_note;

struct rnl_net {
    rnl_dtype dtype;
    const char *backend;
    const rnl_kernels *kernels;
    rnl_layer *layer;
    size_t layers;
    const rnl_loss_type *loss;
    rnl_net_block *block;
    size_t blocks;
    void *values;      /* the arena of parameters */
    size_t arena_size; /* its numbers, with what lies between blocks */
    char *description;
    rnl_note *note;
    size_t notes, notes_capacity;
};

/* describe.c: text -> net->layer, net->layers, net->loss, with widths and blocks (offsets still 0);
 * and back. */
rnl_status rnl_net_parse(rnl_net *net, const char *description, const rnl_net_config *config);
rnl_status rnl_net_write_description(rnl_net *net);

void rnl_net_free_notes(rnl_net *net);
rnl_status rnl_net_copy(rnl_net **copy, const rnl_net *net); /* without notes */

/* The view of a block in an arena of the network's layout and dtype. */
static inline rnl_matrix rnl_block_view(const rnl_net *net, const rnl_block *b, void *arena)
{
    return rnl_matrix_view((char *)arena + b->offset * rnl_dtype_size(net->dtype), b->rows, b->cols,
                           net->dtype);
}

struct rnl_gradients {
    const rnl_net *net;
    void *values; /* the arena */
};

/* What one pass leaves behind. y[l] is layer l's output, dy[l] the gradient with respect to it;
 * elementwise layers share their predecessor's buffers. */
struct rnl_workspace {
    const rnl_net *net;
    size_t max_batch;
    rnl_arena arena;
    void **y, **dy;   /* [layers]; dy NULL: planned for prediction only */
    double *losses;   /* [max_batch] */
    int32_t *answers; /* [max_batch] */
    rnl_matrix x;     /* the input of the last rnl_net_predict, for rnl_net_backward */
};

rnl_status rnl_workspace_plan(rnl_workspace **ws, const rnl_net *net, size_t max_batch,
                              bool with_gradients);
/* The first n rows of what the last layer wrote there. */
rnl_matrix rnl_workspace_output(const rnl_workspace *ws, size_t n);

/* What a pass backward does with the gradients: arena = alpha g, or arena += alpha g. */
typedef struct rnl_gradient_use {
    void *arena;
    double alpha;
    bool add;
} rnl_gradient_use;

/* Walked by every thread of a team; they check nothing. forward: x through all layers, the last
 * writing to y. backward: from dy, the gradient with respect to y, after forward in the same
 * workspace; dx NULL: nobody asks. Threads that read what others wrote (parameters, losses) call
 * rnl_team_barrier first. */
void rnl_net_forward(const rnl_net *net, rnl_workspace *ws, const rnl_matrix *x, rnl_matrix *y);
void rnl_net_backward_pass(const rnl_net *net, rnl_workspace *ws, const rnl_matrix *x,
                           const rnl_matrix *y, const rnl_matrix *dy, const rnl_gradient_use *use,
                           rnl_matrix *dx);
/* The whole of it for one batch: forward, losses into ws->losses, backward. */
void rnl_net_step(const rnl_net *net, rnl_workspace *ws, const rnl_matrix *x, const rnl_targets *t,
                  const rnl_gradient_use *use);

/* Shapes, dtypes and classes of one call; the sentence names both sides. */
rnl_status rnl_check_input(const rnl_net *net, const rnl_workspace *ws, const rnl_matrix *x);
rnl_status rnl_check_targets(const rnl_net *net, const rnl_targets *t, size_t n);

/* (losses[0] + losses[1] + ...) / n, in that order. */
double rnl_mean(const double *losses, size_t n);

#endif

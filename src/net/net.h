/* net.h - a network, a workspace and gradients, for the inside
 *
 * All parameters lie in one block, all gradients in another of the same layout; every rnl_block
 * says where it begins in either. State lies behind the parameters in their block, so that one copy
 * keeps both; what goes over `arena_size` numbers, like an update rule, does not reach it. */
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
    /* Which network it is. What was made for a network knows it by this: the address may have been another one's. */
    size_t serial;
    rnl_dtype dtype;
    const char *backend;
    const rnl_kernels *kernels;
    rnl_layer *layer;
    size_t layers;
    rnl_loss loss;
    rnl_net_block *block; /* [blocks], then [states] */
    size_t blocks, states;
    void *values;      /* the arena of parameters, and behind it the state */
    size_t arena_size; /* numbers of the parameters, with what lies between blocks */
    size_t state_size; /* and of the state */
    char *description;
    const char *format; /* of the file that it was loaded from, or NULL; of static duration */
    rnl_note *note;
    size_t notes, notes_capacity;
};

/* describe.c: text -> net->layer, net->layers, net->loss, with widths and blocks (offsets still 0);
 * and back. */
rnl_status rnl_net_parse(rnl_net *net, const char *description, const rnl_net_config *config);
rnl_status rnl_net_write_description(rnl_net *net);

/* net.c: a network in all but its numbers (rnl_net_parameter gives shapes and names, data NULL), so
 * that a model file can be compared with it before memory is taken for what the file says; then
 * room for the numbers, all zero. */
rnl_status rnl_net_plan(rnl_net **net, const char *description, const rnl_net_config *config);
rnl_status rnl_net_allocate(rnl_net *net);

void rnl_net_free_notes(rnl_net *net);
/* The keys that rnl_net_save makes, which are no notes. */
enum { RNL_FILE_NOTES = 5, RNL_NOTES_MOST = 1000, RNL_OWN_NOTES_MOST = 100 };
extern const char *const rnl_file_notes[RNL_FILE_NOTES];
bool rnl_is_file_note(const char *key);

/* The view of a block in an arena of the network's layout and dtype; arena NULL: its shape alone. */
static inline rnl_matrix rnl_block_view(const rnl_net *net, const rnl_block *b, void *arena)
{
    char *data = arena ? (char *)arena + b->offset * rnl_dtype_size(net->dtype) : NULL;
    return (rnl_matrix){data, b->rows, b->cols, b->ld, net->dtype};
}

static inline rnl_matrix rnl_state_view(const rnl_net *net, const rnl_block *b)
{
    char *arena = net->values;
    if (arena)
        arena += net->arena_size * rnl_dtype_size(net->dtype);
    return rnl_block_view(net, b, arena);
}

/* Bytes at net->values: all that training changes. */
static inline size_t rnl_net_bytes(const rnl_net *net)
{
    return (net->arena_size + net->state_size) * rnl_dtype_size(net->dtype);
}

/* By rows: the losses of a batch and their gradient, as loss->forward_backward. */
static inline void rnl_net_losses(const rnl_net *net, double *losses, rnl_matrix *dx,
                                  const rnl_matrix *x, const rnl_targets *t)
{
    net->loss.type->forward_backward(&net->loss, net->kernels, losses, dx, x, t);
}

struct rnl_gradients {
    const rnl_net *net;
    size_t serial; /* of net */
    void *values;  /* the arena */
};

/* What one pass leaves behind. y[l] is layer l's output, dy[l] the gradient with respect to it;
 * layers share their predecessor's buffers where they can. */
struct rnl_workspace {
    const rnl_net *net;
    size_t serial; /* of net */
    size_t max_batch;
    rnl_arena arena;
    void **y, **dy;   /* [layers]; dy NULL: planned for prediction only */
    void **kept;      /* [layers]; NULL where a layer keeps nothing */
    double *losses;   /* [max_batch] */
    int32_t *answers; /* [max_batch] */
    rnl_mode mode;    /* of the checked calls */
    rnl_sparse zeros; /* some rows of a dense input, sparse; zeros.rows 0: never tried */
    bool all_sparse;  /* that is all of the last input */
    rnl_matrix
        x; /* the input of the last pass if that was rnl_net_predict's, for rnl_net_backward */
    size_t trained; /* rows of the last batch of a checked call in training mode; 0: none */
};

typedef enum rnl_workspace_use {
    RNL_FOR_CALLS,     /* gradients, and dense inputs may turn out to be mostly zero */
    RNL_FOR_TRAINING,  /* gradients; the trainer brings sparse inputs itself */
    RNL_FOR_EVALUATION /* neither */
} rnl_workspace_use;

rnl_status rnl_workspace_plan(rnl_workspace **ws, const rnl_net *net, size_t max_batch,
                              rnl_workspace_use use);
/* A checked call has passed a batch of n rows: what was there before is gone. */
void rnl_workspace_passed(rnl_workspace *ws, size_t n);
/* The first n rows of what the last layer wrote there. */
rnl_matrix rnl_workspace_output(const rnl_workspace *ws, size_t n);

/* What a pass backward does with the gradients: arena = alpha g, or arena += alpha g. */
typedef struct rnl_gradient_use {
    void *arena;
    double alpha;
    bool add;
} rnl_gradient_use;

/* A batch on its way in: dense, or in sparse form and x only its shape. */
typedef struct rnl_net_input {
    rnl_matrix x;
    const rnl_sparse *sparse;
} rnl_net_input;

/* Whether the first layer takes sparse batches of this network's inputs. */
bool rnl_net_takes_sparse(const rnl_net *net);

/* Walked by every thread of a team; they check nothing. forward: the input through all layers, the last
 * writing to y. backward: from dy, the gradient with respect to y, after forward in the same
 * workspace and mode; dx NULL: nobody asks. Threads that read what others wrote (parameters, losses)
 * call rnl_team_barrier first. Mode NULL: predicting. */
void rnl_net_forward(const rnl_net *net, rnl_workspace *ws, const rnl_net_input *in, rnl_matrix *y,
                     const rnl_mode *mode);
void rnl_net_backward_pass(const rnl_net *net, rnl_workspace *ws, const rnl_net_input *in,
                           const rnl_matrix *y, const rnl_matrix *dy, const rnl_mode *mode,
                           const rnl_gradient_use *use, rnl_matrix *dx);
/* The whole of it for one batch: forward, losses into ws->losses, backward. */
void rnl_net_step(const rnl_net *net, rnl_workspace *ws, const rnl_net_input *in,
                  const rnl_targets *t, const rnl_mode *mode, const rnl_gradient_use *use);
/* After forward in training mode: the state takes in that batch of n rows. Other threads see it after
 * their next barrier. */
void rnl_net_track(rnl_net *net, const rnl_workspace *ws, size_t n);

/* By rows: answers[i] = the class that row i of the last layer's output y says. */
void rnl_net_answers(const rnl_net *net, int32_t *answers, const rnl_matrix *y);
/* How many labels of row j of t stand on the same side of 1/2 as the answers of row i of y do; a logit of
 * 0 is 1/2. */
size_t rnl_right_labels(const rnl_matrix *y, size_t i, const rnl_matrix *t, size_t j);

/* RNL_ERR_USAGE where a parameter or a number of the state is NaN or infinite: "W1[0, 3] is nan: a network with such
 * numbers is not saved", or what else it is not. */
rnl_status rnl_net_check_numbers(const rnl_net *net, const char *not_done);
/* Shapes, dtypes and classes of one call; the sentence names both sides. */
rnl_status rnl_check_input(const rnl_net *net, const rnl_workspace *ws, const rnl_matrix *x);
rnl_status rnl_check_targets(const rnl_net *net, const rnl_targets *t, size_t n);
/* They were made for this network. */
rnl_status rnl_check_workspace(const rnl_net *net, const rnl_workspace *ws);
rnl_status rnl_check_gradients(const rnl_net *net, const rnl_gradients *g);

/* (losses[0] + losses[1] + ...) / n, in that order. */
double rnl_mean(const double *losses, size_t n);

#endif

/* layer.h - what a layer is: one file per layer, all with the same skeleton, one line in registry.c
 *
 * A layer is described once (arguments, widths, blocks of parameters) and never changes afterwards.
 * All that flows through it comes in a pass, so one layer serves any number of threads and both
 * precisions. forward and backward are walked by every thread of the team (base/team.h). */
#ifndef RNL_LAYERS_LAYER_H
#define RNL_LAYERS_LAYER_H

#include "backend/backend.h"
#include "base/phrase.h"
#include "base/random.h"

enum { RNL_LAYER_ARGS = 2, RNL_LAYER_BLOCKS = 2, RNL_LAYER_STATES = 2 };

/* A block of numbers that a layer learns, or keeps from batch to batch. */
typedef struct rnl_block {
    const char *symbol; /* "W": the network calls it W1, W2, ... */
    const char *role;   /* "weight": PyTorch's word, its key is "0.weight" */
    size_t rows, cols;
    size_t ld;     /* from row to row, in numbers; those between are zero and stay so */
    size_t offset; /* where it begins in the arena of parameters, or of state, in numbers */
} rnl_block;

typedef struct rnl_layer_type rnl_layer_type;

/* How the first weights are drawn: init.c. */
typedef struct rnl_init {
    enum { RNL_INIT_NORMAL, RNL_INIT_HE, RNL_INIT_XAVIER, RNL_INIT_AUTO } rule;
    bool uniform;
    double std; /* of RNL_INIT_NORMAL */
} rnl_init;

typedef struct rnl_layer {
    const rnl_layer_type *type;
    size_t inputs, outputs; /* features of a sample */
    double arg[RNL_LAYER_ARGS];
    size_t args; /* how many were given; the others have their defaults */
    rnl_block block[RNL_LAYER_BLOCKS];
    size_t blocks; /* of parameters */
    rnl_block state[RNL_LAYER_STATES];
    size_t states; /* of numbers that training moves, but no gradient: running means */
    /* What a pass keeps for later beside x and y; 0 rows and some columns: a row for each sample, or for each
     * tile of them (rnl_tile), of which prediction needs none. */
    size_t kept_rows, kept_cols;
    bool kept_tiles;
    rnl_activation fused; /* affine: computes the next layer's activation too, in its epilogue */
    bool folded;          /* an activation: the affine layer before it computes it */
} rnl_layer;

/* How many rows a layer keeps of a pass of n samples. */
static inline size_t rnl_kept_rows(const rnl_layer *l, size_t n)
{
    return l->kept_rows ? l->kept_rows : l->kept_tiles ? rnl_tile_count(n) : n;
}

/* What one layer sees of one pass. Views; the layer keeps none of them. */
typedef struct rnl_pass {
    const rnl_kernels *kernels;
    rnl_matrix x, y;                       /* input [n, inputs], output [n, outputs] */
    const rnl_sparse *sparse;              /* the input in this form, and x.data NULL; or NULL */
    rnl_matrix dy;                         /* upstream gradient [n, outputs]; stays as it was */
    rnl_matrix dx;                         /* [n, inputs]; data NULL: nobody asks for it */
    rnl_matrix value[RNL_LAYER_BLOCKS];    /* the parameters */
    rnl_matrix gradient[RNL_LAYER_BLOCKS]; /* where their gradients go: ... */
    double alpha;                          /* ... alpha times the gradient, */
    bool add;                              /* ... added to what is there, or overwriting it */
    rnl_matrix state[RNL_LAYER_STATES];    /* written by track alone */
    rnl_matrix kept;
    const rnl_mode *mode; /* does this pass train, and what dropout draws from */
    size_t layer;         /* index in the network: dropout draws from that too */
} rnl_pass;

struct rnl_layer_type {
    const char *name; /* as in descriptions */
    size_t max_args;
    rnl_arg arg[RNL_LAYER_ARGS];
    /* From inputs and arguments: outputs and blocks. `outputs_wanted` is the width of the data's
     * targets if this is the last layer that has a width, else 0. NULL: as many outputs as inputs,
     * and no blocks. */
    rnl_status (*shape)(rnl_layer *l, size_t outputs_wanted);
    /* Fills the blocks with their first values; NULL where there are none. activation: the one that
     * follows before the next weights, or NULL. */
    void (*init)(const rnl_layer *l, rnl_matrix *value, const rnl_init *how,
                 const rnl_layer *activation, rnl_random *random);
    void (*init_state)(const rnl_layer *l, rnl_matrix *state);
    void (*forward)(const rnl_layer *l, rnl_pass *p);
    void (*backward)(const rnl_layer *l, rnl_pass *p);
    /* The gradients of the parameters, where backward leaves them for later: when all layers have their dy, and
     * a barrier has seen to it that all rows of x and dy are there. NULL: backward does all of it. */
    void (*gradients)(const rnl_layer *l, rnl_pass *p);
    /* The state takes in what forward has just seen of the batch in p->x; NULL where there is none. */
    void (*track)(const rnl_layer *l, rnl_pass *p);
    /* Writes the arguments, with a blank before each; NULL: all of them. */
    void (*describe)(const rnl_layer *l, rnl_text *text);
    /* Of an activation that mostly lets one side through: the variance, times their inputs, of the
     * weights before it, by He's rule. NULL: another rule suits it. */
    double (*he_variance)(const rnl_layer *l);
    rnl_activation activation; /* what an affine layer before it can compute in its stead */
    bool needs_x, needs_y;     /* what backward reads of forward */
    bool y_over_x, dx_over_dy; /* these may be one buffer, where nobody needs what is overwritten */
    bool takes_sparse;         /* its input may come as rnl_pass.sparse */
    bool is_activation;        /* applies one function to every number */
    bool has_width;            /* takes its outputs from an argument */
    bool needs_batch;          /* learns nothing from a batch of one sample */
};

typedef struct rnl_loss_type rnl_loss_type;

/* A loss ends the network. */
typedef struct rnl_loss {
    const rnl_loss_type *type;
    double arg[RNL_LAYER_ARGS];
} rnl_loss;

struct rnl_loss_type {
    const char *name;
    size_t max_args;
    rnl_arg arg[RNL_LAYER_ARGS];
    rnl_task task;
    /* Can these be the targets of a network with so many outputs? Rows have the right shape. */
    rnl_status (*check)(const rnl_targets *t, size_t outputs);
    /* losses[i]: the loss of sample i; dx = d mean(losses) / dx. x: [n, outputs]. Both outputs may be
     * NULL; by rows. */
    void (*forward_backward)(const rnl_loss *loss, const rnl_kernels *kernels, double *losses,
                             rnl_matrix *dx, const rnl_matrix *x, const rnl_targets *t);
    /* Probabilities from the last layer's output; y may be x. NULL where there are none. */
    void (*probabilities)(const rnl_kernels *kernels, rnl_matrix *y, const rnl_matrix *x);
    /* Is it described by its name alone? NULL: no, by name and arguments. */
    bool (*plain)(const rnl_loss *loss);
};

/* By the `length` bytes of a name; NULL where there is none. */
const rnl_layer_type *rnl_layer_type_find(const char *name, size_t length);
const rnl_loss_type *rnl_loss_type_find(const char *name, size_t length);
/* The i-th; NULL after the last. */
const rnl_layer_type *rnl_layer_type_at(size_t i);
const rnl_loss_type *rnl_loss_type_at(size_t i);

/* For shape: a further block of parameters, or of state. */
void rnl_layer_add_block(rnl_layer *l, const char *symbol, const char *role, size_t rows,
                         size_t cols);
void rnl_layer_add_state(rnl_layer *l, const char *symbol, const char *role, size_t rows,
                         size_t cols);

/* "he", "normal 0.01", ...; and weights drawn so, as a layer's init does it. */
rnl_status rnl_init_parse(rnl_init *init, const char *text);
void rnl_init_weights(const rnl_init *init, const rnl_layer *activation, rnl_matrix *W,
                      rnl_random *random);
double rnl_he_variance(const rnl_layer *l); /* 2 */
/* What batchnorm and layernorm share: the parameters gamma and beta, [1, inputs] each, which begin as 1 and 0. */
enum { RNL_NORM_GAMMA, RNL_NORM_BETA };
void rnl_norm_add_blocks(rnl_layer *l);
void rnl_norm_init(const rnl_layer *l, rnl_matrix *value, const rnl_init *how,
                   const rnl_layer *activation, rnl_random *random);

/* For a loss's check: class numbers below `classes`; rows of finite numbers. */
rnl_status rnl_check_classes(const rnl_targets *t, size_t classes, size_t outputs);
rnl_status rnl_check_numbers(const rnl_targets *t, size_t outputs, const char *loss);

#endif

/* affine.c - the affine layer
 *
 *   forward    y  = x W + b         x: [n, in]  W: [in, out]  b: [1, out]  y: [n, out]
 *   backward   dx = dy W^T          not computed where nobody asks for it
 *              dW = x^T dy
 *              db = sum_i dy[i, :]
 */
#include "layers/layer.h"

enum { W, b };

/* Up to so many parameters, their gradients are computed tile by tile: rnl_affine_tile_params_fn. */
enum { SMALL = 2048 };

static rnl_status shape(rnl_layer *l, size_t outputs_wanted)
{
    if (l->args == 2)
        RNL_FAIL_IF((size_t)l->arg[0] != l->inputs, RNL_ERR_SHAPE,
                    "\"affine %zu %zu\" takes %zu inputs, but %zu come from before it",
                    (size_t)l->arg[0], (size_t)l->arg[1], (size_t)l->arg[0], l->inputs);
    l->outputs = l->args > 0 ? (size_t)l->arg[l->args - 1] : outputs_wanted;
    RNL_FAIL_IF(l->outputs == 0, RNL_ERR_USAGE,
                "affine: the number of outputs is missing (write \"affine 50\")");
    rnl_layer_add_block(l, "W", "weight", l->inputs, l->outputs);
    rnl_layer_add_block(l, "b", "bias", 1, l->outputs);
    if (l->inputs < SMALL / l->outputs) {
        l->kept_tiles = true;
        l->kept_cols = (l->inputs + 1) * l->outputs;
    }
    return RNL_OK;
}

/* W as the rule says, b = 0 */
static void init(const rnl_layer *l, rnl_matrix *value, const rnl_init *how,
                 const rnl_layer *activation, rnl_random *random)
{
    rnl_init_weights(how, activation, &value[W], random);
    for (size_t j = 0; j < l->outputs; j++)
        rnl_matrix_set(&value[b], 0, j, 0);
}

static void forward(const rnl_layer *l, rnl_pass *p)
{
    /* y = x W + b */
    if (p->sparse)
        p->kernels->sparse_forward(&p->y, p->sparse, &p->value[W], &p->value[b], l->fused);
    else
        p->kernels->affine_forward(&p->y, &p->x, &p->value[W], &p->value[b], l->fused);
}

static void backward(const rnl_layer *l, rnl_pass *p)
{
    /* dx = dy W^T */
    if (p->dx.data)
        p->kernels->affine_backward_input(&p->dx, &p->dy, &p->value[W]);
    if (l->kept_tiles && !p->sparse)
        p->kernels->affine_tile_params(&p->kept, &p->x, &p->dy);
}

static void gradients(const rnl_layer *l, rnl_pass *p)
{
    /* dW = x^T dy, db = sum_i dy[i, :] */
    rnl_matrix *dW = &p->gradient[W], *db = &p->gradient[b];
    if (p->sparse)
        p->kernels->sparse_backward_params(dW, db, p->sparse, &p->dy, p->alpha, p->add);
    else if (l->kept_tiles)
        p->kernels->affine_sum_tiles(dW, db, &p->kept, p->alpha, p->add);
    else
        p->kernels->affine_backward_params(dW, db, &p->x, &p->dy, p->alpha, p->add);
}

static void describe(const rnl_layer *l, rnl_text *text)
{
    rnl_text_add(text, " %zu", l->outputs);
}

const rnl_layer_type rnl_affine = {
    .name = "affine",
    .max_args = 2,
    .arg = {{.name = "width", .min = 1, .max = 1 << 24, .integer = true},
            {.name = "width", .min = 1, .max = 1 << 24, .integer = true}},
    .shape = shape,
    .init = init,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .describe = describe,
    .needs_x = true,
    .has_width = true,
    .takes_sparse = true,
};

/* registry.c - all layers and losses, a line each */
#include "layers/layer.h"

#include <string.h>

extern const rnl_layer_type rnl_affine, rnl_relu, rnl_sigmoid, rnl_tanh, rnl_leaky_relu, rnl_elu,
    rnl_gelu, rnl_silu, rnl_softplus, rnl_dropout, rnl_batchnorm, rnl_layernorm, rnl_flatten;
extern const rnl_loss_type rnl_softmax_loss, rnl_logistic_loss, rnl_mse_loss, rnl_huber_loss;

static const rnl_layer_type *const layers[] = {
    &rnl_affine,    &rnl_relu,      &rnl_sigmoid, &rnl_tanh,     &rnl_leaky_relu,
    &rnl_elu,       &rnl_gelu,      &rnl_silu,    &rnl_softplus, &rnl_dropout,
    &rnl_batchnorm, &rnl_layernorm, &rnl_flatten,
};

/* The first is what is meant where no loss is named. */
static const rnl_loss_type *const losses[] = {
    &rnl_softmax_loss,
    &rnl_logistic_loss,
    &rnl_mse_loss,
    &rnl_huber_loss,
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static bool same(const char *known, const char *name, size_t length)
{
    return strlen(known) == length && memcmp(known, name, length) == 0;
}

const rnl_layer_type *rnl_layer_type_at(size_t i)
{
    return i < COUNT(layers) ? layers[i] : NULL;
}

const rnl_loss_type *rnl_loss_type_at(size_t i)
{
    return i < COUNT(losses) ? losses[i] : NULL;
}

const rnl_layer_type *rnl_layer_type_find(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT(layers); i++)
        if (same(layers[i]->name, name, length))
            return layers[i];
    return NULL;
}

const rnl_loss_type *rnl_loss_type_find(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT(losses); i++)
        if (same(losses[i]->name, name, length))
            return losses[i];
    return NULL;
}

void rnl_layer_add_block(rnl_layer *l, const char *symbol, const char *role, size_t rows,
                         size_t cols)
{
    l->block[l->blocks++] = (rnl_block){.symbol = symbol, .role = role, .rows = rows, .cols = cols};
}

void rnl_layer_add_state(rnl_layer *l, const char *symbol, const char *role, size_t rows,
                         size_t cols)
{
    l->state[l->states++] = (rnl_block){.symbol = symbol, .role = role, .rows = rows, .cols = cols};
}

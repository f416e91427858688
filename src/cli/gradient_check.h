/* gradient_check.h - is a gradient the one that numerical differentiation finds? */
#ifndef RNL_CLI_GRADIENT_CHECK_H
#define RNL_CLI_GRADIENT_CHECK_H

#include "runnel.h"

/* What is compared, number by number. net, ws, x, t: where the loss is looked at again; ws is in the mode that both
 * gradients were taken in. */
typedef struct cli_gradient_check {
    rnl_net *net;
    rnl_workspace *ws;
    rnl_matrix x;
    rnl_targets t;
    const rnl_gradients *back, *numerical; /* the latter with h */
    double h, bound;
    /* These will be looked at closer; may be NULL. */
    void (*before_closer)(void *user, size_t numbers);
    void *user;
} cli_gradient_check;

typedef struct cli_comparison {
    size_t size, finer; /* finer: numbers that agree when they are looked at closer only */
    double mean_absolute, largest_relative, largest; /* largest: |gradient| */
} cli_comparison;

/* of: room for one comparison a block of parameters. The parameters are as they were afterwards. */
rnl_status cli_check_gradients(const cli_gradient_check *c, cli_comparison *of);

#endif

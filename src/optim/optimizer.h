/* optimizer.h - an update rule at work on one network, for the inside */
#ifndef RNL_OPTIM_OPTIMIZER_H
#define RNL_OPTIM_OPTIMIZER_H

#include "net/net.h"
#include "optim/rule.h"

struct rnl_optimizer {
    const rnl_net *net; /* whose layout the state has */
    size_t serial;      /* of net */
    const rnl_rule *rule;
    double arg[RNL_RULE_ARGS];
    double l2, decay, clip;
    void *state; /* s, then v, of those that the rule has: each of the layout of the parameters */
    size_t state_bytes;
    double *sums;   /* [rnl_sum_tiles(arena_size)]; NULL where nothing is clipped */
    uint64_t steps; /* taken by rnl_optimizer_step */
    char *text;     /* the rule in full */
};

/* w = w - lr g and nothing else: what can be folded into the product that computes g. */
bool rnl_optimizer_is_plain(const rnl_optimizer *o);

/* Step number t (from 1) of the parameters w along the gradients g, arenas of the network's layout.
 * Walked by every thread of a team; begins with a barrier and ends without one. */
void rnl_optimizer_walk(rnl_optimizer *o, void *w, const void *g, double lr, uint64_t t);

/* A learning rate that makes the weight decay turn w around is refused. */
rnl_status rnl_optimizer_check_rate(const rnl_optimizer *o, double lr);

#endif

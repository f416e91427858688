/* rule.h - what an update rule is: one file per rule, all with the same skeleton, one line in registry.c
 *
 * A rule turns the gradient g of every parameter w into a step. All of them are PyTorch's (torch.optim),
 * number by number, and are tested against it. The arithmetic is a kernel (backend/backend.h); a rule
 * says which, and with which numbers. */
#ifndef RNL_OPTIM_RULE_H
#define RNL_OPTIM_RULE_H

#include "backend/backend.h"
#include "base/phrase.h"

enum { RNL_RULE_ARGS = 3 };

typedef struct rnl_rule rnl_rule;

struct rnl_rule {
    const char *name; /* as in "momentum 0.9" */
    const char *help;
    size_t max_args;
    rnl_arg arg[RNL_RULE_ARGS];
    bool has_s, has_v; /* what it remembers for each parameter: rnl_update.s, .v; both begin as 0 */
    double decay;      /* decoupled weight decay where nobody says how much */
    /* Step number `t`, from 1. Everything in u is set but the numbers of the rule: a, b, epsilon, root.
     * Called by every thread of the team. */
    void (*step)(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u);
};

/* By name; NULL where there is none. */
const rnl_rule *rnl_rule_find(rnl_piece name);
/* The i-th; NULL after the last. The first is what is meant where no rule is named. */
const rnl_rule *rnl_rule_at(size_t i);

/* adam.c; adamw is the same step with another weight decay. */
void rnl_adam_step(const rnl_kernels *kernels, const double *arg, uint64_t t, rnl_update *u);

#endif

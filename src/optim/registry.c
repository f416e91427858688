/* registry.c - all update rules, a line each */
#include "optim/rule.h"

extern const rnl_rule rnl_sgd, rnl_momentum, rnl_nesterov, rnl_adagrad, rnl_rmsprop, rnl_adam,
    rnl_adamw;

static const rnl_rule *const rules[] = {
    &rnl_sgd, &rnl_momentum, &rnl_nesterov, &rnl_adagrad, &rnl_rmsprop, &rnl_adam, &rnl_adamw,
};

const rnl_rule *rnl_rule_at(size_t i)
{
    return i < sizeof rules / sizeof rules[0] ? rules[i] : NULL;
}

const rnl_rule *rnl_rule_find(rnl_piece name)
{
    for (size_t i = 0; rnl_rule_at(i); i++)
        if (rnl_piece_is(name, rnl_rule_at(i)->name))
            return rnl_rule_at(i);
    return NULL;
}

/* optimizer.c - an update rule at work: made from its text, with its state, weight decay and clipping
 *
 * Each step is one pass over the parameters, shared out among the threads. Before the rule sees it, the
 * gradient is clipped and has the slope of the penalty l2/2 w^2 added to it:
 *
 *     c = min(1, clip / (|g| + 1e-6))     |g|: the norm over all parameters  (Pascanu, Mikolov and Bengio,
 *     g = c g + l2 w                      On the difficulty of training recurrent neural networks, 2012;
 *     w = (1 - lr decay) w                torch.nn.utils.clip_grad_norm_)
 */
#include "optim/optimizer.h"

#include "optim/schedule.h"

#include <math.h>
#include <string.h>

rnl_optimizer_config rnl_optimizer_config_default(void)
{
    return (rnl_optimizer_config){.weight_decay = NAN};
}

const char *rnl_optimizer_help(size_t i)
{
    return rnl_rule_at(i) ? rnl_rule_at(i)->help : NULL;
}

static rnl_status fail_unknown(rnl_piece name)
{
    rnl_text known = {0};
    char shown[RNL_PIECE_SHOWN];
    for (size_t i = 0; rnl_rule_at(i); i++)
        rnl_text_add(&known, "%s%s", i ? ", " : "", rnl_rule_at(i)->name);
    rnl_fail(RNL_ERR_USAGE, "unknown update rule \"%s\"; known are %s", rnl_piece_show(name, shown),
             known.at ? known.at : "");
    rnl_free(known.at);
    return RNL_ERR_USAGE;
}

static rnl_status write_text(rnl_optimizer *o)
{
    rnl_text text = {0};
    rnl_text_add(&text, "%s", o->rule->name);
    for (size_t k = 0; k < o->rule->max_args; k++)
        rnl_text_add_number(&text, o->arg[k]);
    o->text = text.at;
    return text.failed ? RNL_ERR_MEMORY : RNL_OK;
}

static rnl_status parse(rnl_optimizer *o, const char *text)
{
    if (!text)
        text = rnl_rule_at(0)->name;
    rnl_piece rest = rnl_piece_trim((rnl_piece){text, strlen(text)});
    const rnl_piece name = rnl_piece_cut(&rest, ' ');
    o->rule = rnl_rule_find(name);
    if (!o->rule)
        return fail_unknown(name);
    size_t given;
    RNL_TRY(
        rnl_parse_args(rest, "", o->rule->name, o->rule->arg, o->rule->max_args, o->arg, &given));
    return write_text(o);
}

/* A number that is 0 or more; 0 means none. */
static rnl_status check_amount(const char *what, double amount)
{
    RNL_FAIL_IF(!(amount >= 0) || isinf(amount), RNL_ERR_USAGE,
                "%s is %g; it must be 0 (none) or more, and finite", what, amount);
    return RNL_OK;
}

static rnl_status fill(rnl_optimizer *o, const rnl_optimizer_config *config)
{
    RNL_TRY(parse(o, config->rule));
    o->l2 = config->l2;
    o->clip = config->clip;
    o->decay = isnan(config->weight_decay) ? o->rule->decay : config->weight_decay;
    RNL_TRY(check_amount("the penalty l2", o->l2));
    RNL_TRY(check_amount("the weight decay", o->decay));
    RNL_TRY(check_amount("the norm to clip gradients at", o->clip));
    const size_t n = o->net->arena_size, states = (size_t)o->rule->has_s + o->rule->has_v;
    if (states) {
        size_t bytes;
        RNL_FAIL_IF(!rnl_mul_size(n, states * rnl_dtype_size(o->net->dtype), &bytes),
                    RNL_ERR_MEMORY, "%zu parameters are too many for memory", n);
        o->state = rnl_alloc(bytes, 1);
        if (!o->state)
            return RNL_ERR_MEMORY;
        o->state_bytes = bytes;
    }
    if (o->clip > 0) {
        o->sums = rnl_alloc(rnl_sum_tiles(n), sizeof *o->sums);
        if (!o->sums)
            return RNL_ERR_MEMORY;
    }
    return RNL_OK;
}

rnl_status rnl_optimizer_new(rnl_optimizer **out, const rnl_net *net,
                             const rnl_optimizer_config *config)
{
    RNL_REFUSE_NULL(out, "the place for the optimizer is");
    *out = NULL;
    RNL_REFUSE_NULL(net, "the network is");
    const rnl_optimizer_config otherwise = rnl_optimizer_config_default();
    rnl_optimizer *o = rnl_alloc(1, sizeof *o);
    if (!o)
        return RNL_ERR_MEMORY;
    o->net = net;
    o->serial = net->serial;
    const rnl_status status = fill(o, config ? config : &otherwise);
    if (status != RNL_OK) {
        rnl_optimizer_free(&o);
        return status;
    }
    *out = o;
    return RNL_OK;
}

void rnl_optimizer_free(rnl_optimizer **o)
{
    if (!o || !*o)
        return;
    rnl_free((*o)->state);
    rnl_free((*o)->sums);
    rnl_free((*o)->text);
    rnl_free(*o);
    *o = NULL;
}

const char *rnl_optimizer_description(const rnl_optimizer *o)
{
    return o->text;
}

/* ---- steps ---------------------------------------------------------------------------------------- */

bool rnl_optimizer_is_plain(const rnl_optimizer *o)
{
    return o->rule == rnl_rule_at(0) && o->l2 == 0 && o->decay == 0 && o->clip == 0;
}

rnl_status rnl_optimizer_check_rate(const rnl_optimizer *o, double lr)
{
    RNL_TRY(rnl_check_rate(lr));
    RNL_FAIL_IF(lr * o->decay >= 1, RNL_ERR_USAGE,
                "a weight decay of %g with a learning rate of %g: their product is %g; it must be "
                "below 1",
                o->decay, lr, lr * o->decay);
    return RNL_OK;
}

/* What clipping multiplies g with. Every thread adds up all tiles, in the same order. */
static double clip_scale(rnl_optimizer *o, const void *g)
{
    const size_t n = o->net->arena_size;
    o->net->kernels->sum_squares(o->sums, g, n);
    rnl_team_barrier();
    double sum = 0;
    for (size_t t = 0; t < rnl_sum_tiles(n); t++)
        sum += o->sums[t];
    const double scale = o->clip / (sqrt(sum) + 1e-6);
    return scale > 1 ? 1 : scale; /* NaN stays: a run that is broken shows it */
}

void rnl_optimizer_walk(rnl_optimizer *o, void *w, const void *g, double lr, uint64_t t)
{
    const size_t n = o->net->arena_size;
    char *second = (char *)o->state + (o->rule->has_s ? n * rnl_dtype_size(o->net->dtype) : 0);
    rnl_update u = {.w = w,
                    .g = g,
                    .s = o->rule->has_s ? o->state : NULL,
                    .v = o->rule->has_v ? second : NULL,
                    .n = n,
                    .scale = 1,
                    .l2 = o->l2,
                    .keep = 1 - lr * o->decay,
                    .lr = lr};
    if (o->clip > 0)
        u.scale = clip_scale(o, g);
    o->rule->step(o->net->kernels, o->arg, t, &u);
}

rnl_status rnl_optimizer_step(rnl_optimizer *o, rnl_net *net, const rnl_gradients *g, double lr)
{
    RNL_REFUSE_NULL(o, "the optimizer is");
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(g, "the gradients are");
    RNL_FAIL_IF(o->serial != net->serial, RNL_ERR_USAGE,
                "the optimizer was made for another network");
    RNL_TRY(rnl_check_gradients(net, g));
    RNL_TRY(rnl_optimizer_check_rate(o, lr));
    const rnl_team_member member = rnl_team_enter_alone();
    rnl_optimizer_walk(o, net->values, g->values, lr, ++o->steps);
    rnl_team_leave(member);
    return RNL_OK;
}

rnl_status rnl_net_sgd_step(rnl_net *net, const rnl_gradients *g, double lr)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(g, "the gradients are");
    RNL_TRY(rnl_check_gradients(net, g));
    RNL_TRY(rnl_check_rate(lr));
    const rnl_team_member member = rnl_team_enter_alone();
    net->kernels->sgd_step(net->values, g->values, lr, net->arena_size);
    rnl_team_leave(member);
    return RNL_OK;
}

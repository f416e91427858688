/* settings.c - the settings of a run: their defaults, which make sense, all that shapes a run as text */
#include "train/run.h"

#include <math.h>

rnl_train_config rnl_train_config_default(void)
{
    return (rnl_train_config){.batch = 100,
                              .iterations = 10000,
                              .lr = 0.1,
                              .sampling = RNL_WITH_REPLACEMENT,
                              .seed = 1,
                              .weight_decay = NAN};
}

/* ---- which make sense ----------------------------------------------------------------------------------- */

static rnl_status check_numbers(const rnl_train_config *c)
{
    RNL_FAIL_IF(!(c->lr > 0) || isinf(c->lr), RNL_ERR_USAGE,
                "the learning rate is %g; it must be above 0, and finite", c->lr);
    RNL_FAIL_IF(c->iterations == 0 && (!(c->epochs > 0) || isinf(c->epochs)), RNL_ERR_USAGE,
                "%g epochs; there must be more than 0, and finitely many", c->epochs);
    RNL_FAIL_IF(c->sampling != RNL_WITH_REPLACEMENT && c->sampling != RNL_SHUFFLED_EPOCHS,
                RNL_ERR_USAGE, "sampling %d is not known", (int)c->sampling);
    RNL_FAIL_IF(
        !(c->ema >= 0 && c->ema < 1), RNL_ERR_USAGE,
        "the average of the parameters keeps %g of itself; it must be from 0 (none) to below 1",
        c->ema);
    return RNL_OK;
}

static rnl_status check_batch(const rnl_net *net, size_t n, const rnl_train_config *c)
{
    size_t update;
    for (size_t i = 0; i < net->layers; i++)
        RNL_FAIL_IF(c->batch == 1 && net->layer[i].type->needs_batch, RNL_ERR_USAGE,
                    "%s learns nothing from batches of one sample", net->layer[i].type->name);
    RNL_FAIL_IF(
        c->accumulate > 1 && (!rnl_mul_size(c->batch, c->accumulate, &update) || update > n),
        RNL_ERR_USAGE, "%zu passes of %zu samples an update: more than the %zu of the data set",
        c->accumulate, c->batch, n);
    RNL_FAIL_IF(c->accumulate > 1 && c->loss_after_update, RNL_ERR_USAGE,
                "the loss after an update is computed from its samples, but of %zu passes only the "
                "last one's are still there",
                c->accumulate);
    return RNL_OK;
}

/* What compares evaluations of the validation set. */
static rnl_status check_keeping(const rnl_train_config *c)
{
    const char *what = c->patience ? "early stopping" : (c->keep_best ? "keeping the best" : NULL);
    RNL_FAIL_IF(what && !c->validation, RNL_ERR_USAGE, "%s needs a validation set", what);
    RNL_FAIL_IF(what && c->eval_every == RNL_NEVER, RNL_ERR_USAGE,
                "%s needs evaluations, but there are none", what);
    return RNL_OK;
}

rnl_status rnl_run_check_settings(const rnl_net *net, const rnl_dataset *train,
                                  const rnl_dataset *test, const rnl_train_config *c)
{
    RNL_TRY(check_numbers(c));
    RNL_FAIL_IF(net->blocks == 0, RNL_ERR_USAGE, "\"%s\" has no parameters to train",
                net->description);
    RNL_TRY(rnl_check_set(net, train, "the training set"));
    if (test)
        RNL_TRY(rnl_check_set(net, test, "the test set"));
    if (c->validation)
        RNL_TRY(rnl_check_set(net, c->validation, "the validation set"));
    RNL_TRY(check_batch(net, train->info.n, c));
    if (c->class_weights) {
        const rnl_targets none = {.kind = train->classes ? RNL_TARGET_CLASSES : RNL_TARGET_ROWS,
                                  .classes = train->classes,
                                  .class_weights = c->class_weights};
        RNL_TRY(net->loss.type->check(&none, rnl_net_outputs(net)));
    }
    return check_keeping(c);
}

/* ---- as text ----------------------------------------------------------------------------------------------- */

static rnl_status add_set(rnl_text *text, const char *name, const rnl_dataset *set)
{
    uint64_t of_set = 0;
    if (!set) {
        rnl_text_add(text, "%s none\n", name);
        return RNL_OK;
    }
    RNL_TRY(rnl_dataset_digest(set, &of_set));
    rnl_text_add(text, "%s %zu samples, digest %016llx\n", name, set->info.n,
                 (unsigned long long)of_set);
    return RNL_OK;
}

static rnl_status add_sets(rnl_text *text, const rnl_run *t)
{
    RNL_TRY(add_set(text, "training-set", t->train));
    RNL_TRY(add_set(text, "validation-set", t->config->validation));
    return add_set(text, "test-set", t->test);
}

static void add_number(rnl_text *text, const char *name, double number)
{
    rnl_text_add(text, "%s", name);
    rnl_text_add_number(text, number);
    rnl_text_add(text, "\n");
}

static void add_count(rnl_text *text, const char *name, uint64_t count)
{
    rnl_text_add(text, "%s %llu\n", name, (unsigned long long)count);
}

/* Words that people know from the options; checkpoint.c shows the first line that differs. How long the run is and its
 * patience shape no number, only where it ends: a checkpoint goes on to another end. */
rnl_status rnl_run_describe(const rnl_run *t, char **out)
{
    const rnl_train_config *c = t->config;
    rnl_text text = {0};
    rnl_text_add(&text, "version %s\nnetwork %s\nnumbers %s\nbackend %s\n", rnl_version(),
                 t->net->description, t->net->dtype == RNL_F64 ? "f64" : "f32", t->net->backend);
    const rnl_status sets = add_sets(&text, t);
    add_count(&text, "batch", c->batch);
    add_count(&text, "accumulate", c->accumulate > 1 ? c->accumulate : 1);
    add_count(&text, "eval-every", t->eval_every);
    rnl_text_add(&text, "sampling %s\n",
                 c->sampling == RNL_SHUFFLED_EPOCHS ? "shuffled" : "replacement");
    add_count(&text, "seed", c->seed);
    rnl_text_add(&text, "loss-after-update %s\n", c->loss_after_update ? "yes" : "no");
    char origin[160];
    rnl_text_clean(origin, sizeof origin, c->origin ? c->origin : "not told");
    rnl_text_add(&text, "origin %s\n", origin);
    rnl_text_add(&text, "optimizer %s\n", rnl_optimizer_description(t->optimizer));
    add_number(&text, "lr", c->lr);
    rnl_text_add(&text, "schedule ");
    rnl_schedule_describe(&t->schedule, &text);
    if (rnl_schedule_is_of_the_end(&t->schedule))
        rnl_text_add(&text, " over %llu iterations", (unsigned long long)t->iterations);
    rnl_text_add(&text, "\n");
    add_number(&text, "l2", t->optimizer->l2);
    add_number(&text, "weight-decay", t->optimizer->decay);
    add_number(&text, "clip", t->optimizer->clip);
    add_number(&text, "ema", c->ema);
    rnl_text_add(&text, "augment ");
    rnl_augment_describe(&t->augment, &text);
    rnl_text_add(&text, "\nclass-weights");
    for (size_t k = 0; c->class_weights && k < rnl_net_outputs(t->net); k++)
        rnl_text_add_number(&text, c->class_weights[k]);
    rnl_text_add(&text, "%s\n", c->class_weights ? "" : " none");
    rnl_text_add(&text, "keep-best %s\ntrain-accuracy %s\n", c->keep_best ? "yes" : "no",
                 c->skip_train_accuracy ? "no" : "yes");
    if (text.failed || sets != RNL_OK) {
        rnl_free(text.at);
        return sets != RNL_OK ? sets : RNL_ERR_MEMORY;
    }
    *out = text.at;
    return RNL_OK;
}

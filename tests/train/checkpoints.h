/* checkpoints.h - for tests of checkpoints: a run with everything that leaves something behind from one update to the next,
 * and what it ends in */
#ifndef RNL_TESTS_TRAIN_CHECKPOINTS_H
#define RNL_TESTS_TRAIN_CHECKPOINTS_H

#include "sets.h"

enum { ITERATIONS = 60 };

static inline int set_up(void **state)
{
    make_sets(state);
    return folder_make(state);
}

static inline int tear_down(void **state)
{
    free_sets(state);
    return folder_remove(state);
}

/* State, and draws of its own. */
static inline rnl_net *a_net(void)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = BLOB_CLASSES;
    config.weight_init_std = 0.3;
    rnl_net *net;
    assert_ok(rnl_net_new(
        &net, "affine 24, batchnorm, relu, dropout 0.2, affine 12, sigmoid, affine", &config));
    return net;
}

static const double weights[BLOB_CLASSES] = {1, 0.5, 2, 1};

/* Everything that leaves something behind from one update to the next. */
static inline rnl_train_config full_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 20;
    c.accumulate = 2;
    c.iterations = ITERATIONS;
    c.threads = 2;
    c.seed = 9;
    c.sampling = RNL_SHUFFLED_EPOCHS;
    c.eval_every = 7;
    c.optimizer = "adamw";
    c.lr = 0.02;
    c.weight_decay = NAN;
    c.schedule = "warmup 5, cosine";
    c.clip = 2;
    c.l2 = 0.001;
    c.ema = 0.9;
    c.class_weights = weights;
    c.validation = validation_set;
    c.patience = 1000;
    c.keep_best = true;
    return c;
}

/* ---- what a run ends in ------------------------------------------------------------------------------------ */

typedef struct result {
    rnl_net *net;
    rnl_bytes csv;
} result;

static inline result result_of(rnl_net *net, const rnl_history *h)
{
    result r = {.net = net};
    assert_ok(rnl_history_save(h, in_folder("history.csv")));
    assert_ok(rnl_file_read(&r.csv, in_folder("history.csv")));
    return r;
}

static inline void free_result(result *r)
{
    rnl_net_free(&r->net);
    rnl_bytes_free(&r->csv);
}

static inline void assert_same_result(const result *a, const result *b)
{
    assert_int_equal(rnl_net_bytes(a->net), rnl_net_bytes(b->net));
    assert_memory_equal(a->net->values, b->net->values, rnl_net_bytes(a->net)); /* state too */
    assert_int_equal(a->csv.size, b->csv.size);
    assert_memory_equal(a->csv.data, b->csv.data, a->csv.size);
}

static inline result run(const rnl_train_config *c, rnl_status expected)
{
    rnl_net *net = a_net();
    rnl_history *h;
    const rnl_status status = rnl_train(net, train_set, test_set, c, &h);
    if (status != expected)
        fail_msg("%s: %s", rnl_status_name(status), rnl_error_text());
    result r = result_of(net, h);
    rnl_history_free(&h);
    return r;
}

#endif

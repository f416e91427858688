/* test_checkpoint.c - a run that was stopped and goes on from its checkpoint ends in the same bytes as one that
 * was never stopped; what does not fit or is damaged is refused */
#include "checkpoints.h"

#include "train/train.h"

#include <time.h>

static rnl_train_config plain_config(void)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = 30;
    c.iterations = ITERATIONS;
    c.threads = 2;
    c.eval_every = 11;
    return c;
}

/* ---- stopped ------------------------------------------------------------------------------------------------- */

/* Stops after `at` updates, an evaluation or one more. */
static bool stop(const rnl_train_event *event, void *user)
{
    const struct timespec until_next_look = {.tv_nsec = 101000000};
    const uint64_t at = *(const uint64_t *)user;
    if (event->iteration + 1 >= at && event->iteration < at)
        nanosleep(&until_next_look, NULL);
    return event->iteration < at;
}

/* The first event tells where the run goes on. */
static bool keep_first(const rnl_train_event *event, void *user)
{
    uint64_t *first = user;
    if (*first == RNL_NEVER)
        *first = event->iteration;
    return true;
}

static void check_stop(rnl_train_config c, uint64_t every, uint64_t at)
{
    result whole = run(&c, RNL_OK);
    c.checkpoint = in_folder("stopped.ckpt");
    c.checkpoint_every = every;
    c.callback = stop;
    c.user = &at;
    result r = run(&c, RNL_ERR_INTERRUPTED);
    assert_non_null(strstr(rnl_error_text(), "training was stopped after "));
    assert_int_equal(strtoull(strstr(rnl_error_text(), "after ") + 6, NULL, 10), at);
    free_result(&r);
    uint64_t first = RNL_NEVER;
    c.callback = keep_first;
    c.user = &first;
    c.resume = c.checkpoint;
    c.threads = 3;
    r = run(&c, RNL_OK);
    assert_int_equal(first, at);
    assert_same_result(&r, &whole);
    free_result(&r);
    /* and once more from the checkpoint of a complete run */
    r = run(&c, RNL_OK);
    assert_same_result(&r, &whole);
    free_result(&r);
    free_result(&whole);
}

static void a_stopped_run_goes_on(void **state)
{
    (void)state;
    const rnl_train_config configs[] = {full_config(), plain_config()};
    for (size_t k = 0; k < 2; k++)
        for (uint64_t evaluations = 0; evaluations < 6; evaluations += evaluations ? 4 : 1)
            for (uint64_t more = 0; more < 2; more++)
                check_stop(configs[k], 1000, evaluations * configs[k].eval_every + more);
    check_stop(full_config(), 1, 36);
}

static void writing_checkpoints_changes_nothing(void **state)
{
    (void)state;
    static const uint64_t every[] = {1, 7, 26, 0};
    rnl_train_config c = full_config();
    result whole = run(&c, RNL_OK);
    c.checkpoint = in_folder("every.ckpt");
    for (size_t k = 0; k < 4; k++) {
        c.checkpoint_every = every[k];
        result r = run(&c, RNL_OK);
        assert_same_result(&r, &whole);
        free_result(&r);
    }
    free_result(&whole);
}

static void patience_goes_on_too(void **state)
{
    (void)state;
    rnl_train_config c = full_config();
    c.patience = 2;
    c.eval_every = 2;
    c.lr = 0.3;
    rnl_net *net = a_net();
    rnl_history *h;
    assert_ok(rnl_train(net, train_set, test_set, &c, &h));
    assert_true(rnl_history_ended_early(h) && rnl_history_iterations(h) > 4);
    rnl_net_free(&net);
    const uint64_t middle = rnl_history_iterations(h) / 4 * 2;
    rnl_history_free(&h);
    check_stop(c, 1000, middle);
}

/* Ten updates of c, left in a checkpoint. */
static void leave_checkpoint(rnl_train_config c, const char *path)
{
    const uint64_t at = c.eval_every + 1;
    c.checkpoint = path;
    c.checkpoint_every = 1;
    c.callback = stop;
    c.user = (void *)&at;
    result r = run(&c, RNL_ERR_INTERRUPTED);
    free_result(&r);
}

static void refused(const rnl_dataset *set, const rnl_train_config *c, rnl_status status,
                    const char *text)
{
    rnl_net *net = a_net(), *fresh = a_net();
    rnl_history *h;
    assert_error(rnl_train(net, set, test_set, c, &h), status, text);
    assert_null(h);
    assert_memory_equal(net->values, fresh->values, rnl_net_bytes(net));
    rnl_net_free(&net);
    rnl_net_free(&fresh);
}

/* ---- to another end ----------------------------------------------------------------------------------------------- */

/* A run of c's iterations, from a checkpoint that a complete run of `before` left, or one stopped there. */
static void check_other_end(rnl_train_config c, uint64_t before, bool complete)
{
    result whole = run(&c, RNL_OK);
    rnl_train_config first = c;
    first.checkpoint = in_folder("end.ckpt");
    first.checkpoint_every = 10;
    if (complete) {
        first.iterations = before;
    } else {
        first.callback = stop;
        first.user = &before;
        first.iterations = 2 * c.iterations;
    }
    result r = run(&first, complete ? RNL_OK : RNL_ERR_INTERRUPTED);
    free_result(&r);
    c.resume = c.checkpoint = first.checkpoint;
    for (size_t again = 0; again < 2; again++) {
        r = run(&c, RNL_OK);
        assert_same_result(&r, &whole);
        free_result(&r);
    }
    free_result(&whole);
}

/* An evaluation at the end alone, better than those before, must not be the best of the longer run either. */
static void a_complete_run_goes_on_to_a_later_end(void **state)
{
    (void)state;
    rnl_train_config full = full_config(), plain = plain_config();
    full.schedule = "warmup 5, exponential 0.5 20";
    static const uint64_t ends[] = {1, 7, 11, 25, 33, 59};
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        check_other_end(full, ends[k] > 5 ? ends[k] : 6, true); /* longer than the warm-up */
        check_other_end(plain, ends[k], true);
    }
    check_other_end(full, 36, false);
    check_other_end(plain, 44, false);
    plain.eval_every = RNL_NEVER;
    check_other_end(plain, 25, true);
}

static void more_patience_goes_on_too(void **state)
{
    (void)state;
    rnl_train_config c = full_config();
    c.patience = 2;
    c.eval_every = 2;
    c.lr = 0.3;
    c.schedule = "constant";
    c.checkpoint = in_folder("patience.ckpt");
    result r = run(&c, RNL_OK);
    c.resume = c.checkpoint;
    result again = run(&c, RNL_OK); /* it ends where it ended */
    assert_same_result(&r, &again);
    free_result(&again);
    free_result(&r);

    rnl_train_config more = c;
    more.patience = 6;
    more.resume = more.checkpoint = NULL;
    result whole = run(&more, RNL_OK);
    more.resume = more.checkpoint = c.checkpoint;
    r = run(&more, RNL_OK);
    assert_same_result(&r, &whole);
    free_result(&r);
    free_result(&whole);
    refused(
        train_set, &c, RNL_ERR_USAGE,
        "patience.ckpt: comes from a run that went on where a patience of 2 would have ended it");
}

/* ---- what it tells ------------------------------------------------------------------------------------------------ */

static bool keep_seconds(const rnl_train_event *event, void *user)
{
    double *seconds = user; /* the first, and the last */
    if (seconds[0] < 0)
        seconds[0] = event->training_seconds;
    seconds[1] = event->training_seconds;
    return true;
}

static void a_checkpoint_tells_of_its_run(void **state)
{
    (void)state;
    const char *path = in_folder("told.ckpt");
    rnl_train_config c = full_config();
    double before[2] = {-1, 0}, after[2] = {-1, 0};
    c.schedule = "constant";
    c.iterations = 14;
    c.checkpoint = path;
    c.note = "a line\nand another";
    c.callback = keep_seconds;
    c.user = before;
    result r = run(&c, RNL_OK);
    free_result(&r);
    rnl_checkpoint *told;
    assert_ok(rnl_checkpoint_open(&told, path));
    assert_int_equal(rnl_checkpoint_iterations(told), 14);
    assert_string_equal(rnl_checkpoint_note(told), "a line\nand another");
    assert_non_null(strstr(rnl_checkpoint_settings(told), "\nbatch 20\naccumulate 2\n"));
    const rnl_evaluation *e = rnl_checkpoint_evaluation(told);
    assert_int_equal(e->iteration, 14);
    assert_true(e->validation_accuracy >= 0 && e->validation_accuracy <= 1);
    rnl_checkpoint_free(&told);
    assert_null(told);

    c.iterations = 20; /* the time that went into updates counts on */
    c.resume = path;
    c.user = after;
    c.note = NULL;
    r = run(&c, RNL_OK);
    free_result(&r);
    assert_true(before[1] > 0 && after[0] >= before[1] && after[1] > after[0]);
    assert_ok(rnl_checkpoint_open(&told, path));
    assert_string_equal(rnl_checkpoint_note(told), "");
    assert_int_equal(rnl_checkpoint_evaluation(told)->iteration, 14); /* that of 20 is of the end */
    rnl_checkpoint_free(&told);

    rnl_train_config bare = plain_config();
    bare.eval_every = RNL_NEVER;
    bare.checkpoint = path;
    r = run(&bare, RNL_OK);
    free_result(&r);
    assert_ok(rnl_checkpoint_open(&told, path));
    assert_null(rnl_checkpoint_evaluation(told));
    rnl_checkpoint_free(&told);

    assert_error(rnl_checkpoint_open(&told, in_folder("none.ckpt")), RNL_ERR_IO, "none.ckpt");
    assert_null(told);
    assert_error(rnl_checkpoint_open(&told, in_folder("history.csv")), RNL_ERR_FORMAT,
                 "history.csv: is no checkpoint of runnel");
    assert_null(told);
    for (long nth = 1; nth < 4; nth++) {
        rnl_alloc_fail_after(nth);
        assert_int_equal(rnl_checkpoint_open(&told, path), RNL_ERR_MEMORY);
        rnl_alloc_fail_after(0);
        assert_null(told);
    }
}

/* ---- refused ----------------------------------------------------------------------------------------------------- */

static void other_settings_are_refused(void **state)
{
    (void)state;
    const char *path = in_folder("settings.ckpt");
    rnl_train_config c = full_config();
    leave_checkpoint(c, path);
#define REFUSED(field, value, text)                                                                \
    c = full_config();                                                                             \
    c.resume = path;                                                                               \
    c.field = value;                                                                               \
    refused(train_set, &c, RNL_ERR_USAGE, text)
    REFUSED(lr, 0.03,
            "settings.ckpt: comes from a run with \"lr 0.02\", but this one has \"lr 0.03\": "
            "resume with the settings of that run");
    REFUSED(batch, 21, "\"batch 20\", but this one has \"batch 21\"");
    REFUSED(accumulate, 3, "\"accumulate 2\", but");
    REFUSED(
        iterations, 61,
        "\"schedule warmup 5, cosine 0 over 60 iterations\", but this one has \"schedule warmup "
        "5, cosine 0 over 61 iterations\"");
    REFUSED(sampling, RNL_WITH_REPLACEMENT, "\"sampling shuffled\", but");
    REFUSED(seed, 10, "\"seed 9\", but this one has \"seed 10\"");
    REFUSED(eval_every, 8, "\"eval-every 7\", but");
    REFUSED(optimizer, "adam",
            "\"optimizer adamw 0.9 0.999 1e-8\", but this one has \"optimizer adam ");
    REFUSED(
        schedule, "cosine",
        "\"schedule warmup 5, cosine 0 over 60 iterations\", but this one has \"schedule cosine 0 "
        "over 60 iterations\"");
    REFUSED(clip, 3, "\"clip 2\", but");
    REFUSED(l2, 0, "\"l2 0.001\", but this one has \"l2 0\"");
    REFUSED(weight_decay, 0.02, "\"weight-decay 0.01\", but");
    REFUSED(ema, 0, "\"ema 0.9\", but");
    REFUSED(class_weights, NULL,
            "\"class-weights 1 0.5 2 1\", but this one has \"class-weights none\"");
    REFUSED(keep_best, false, "\"keep-best yes\", but");
    REFUSED(origin, "zeros\nand ones", "\"origin not told\", but this one has \"origin zeros");
    REFUSED(validation, test_set, "\"validation-set 70 samples, digest ");
    c = full_config();
    c.resume = path;
    refused(test_set, &c, RNL_ERR_USAGE, "\"training-set 203 samples, digest ");
    rnl_dataset *other = blobs(N, 77);
    refused(other, &c, RNL_ERR_USAGE, "\"training-set 203 samples, digest ");
    rnl_dataset_free(&other);
    other = blobs(N, 1); /* the same, but for what its features are multiplied with */
    double scale[BLOB_FEATURES], shift[BLOB_FEATURES] = {0};
    for (size_t j = 0; j < BLOB_FEATURES; j++)
        scale[j] = j ? 1 : 0.5;
    assert_ok(rnl_dataset_set_scaling(other, scale, shift));
    refused(other, &c, RNL_ERR_USAGE, "\"training-set 203 samples, digest ");
    rnl_dataset_free(&other);

    c = plain_config();
    leave_checkpoint(c, path);
    c.resume = path;
    c.iterations = 11;
    refused(train_set, &c, RNL_ERR_USAGE,
            "settings.ckpt: is from after 12 updates, but this run ends after 11");
    c = full_config();
    leave_checkpoint(c, path);
    c.resume = path;

    rnl_net *net = blob_net(RNL_F32, NULL);
    assert_error(rnl_train(net, train_set, test_set, &c, NULL), RNL_ERR_USAGE,
                 "comes from a run with \"network affine 24, batchnorm");
    rnl_net_free(&net);
    c.threads = 1; /* does not matter */
    result r = run(&c, RNL_OK);
    free_result(&r);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    const char *good = in_folder("good.ckpt"), *bad = in_folder("bad.ckpt");
    rnl_train_config c = plain_config();
    leave_checkpoint(c, good);
    rnl_bytes bytes;
    assert_ok(rnl_file_read(&bytes, good));
    rnl_random r = rnl_random_new(3, 5);
    c.resume = bad;
    for (size_t k = 0; k < 400; k++) {
        /* cut short at any place at first, then a bit turned */
        const bool cut = k < 200;
        size_t size = bytes.size;
        if (cut)
            size = k < 64 ? k : (size_t)rnl_bounded(rnl_random_u64(&r), bytes.size);
        const size_t at = (size_t)rnl_bounded(rnl_random_u64(&r), bytes.size);
        const unsigned char before = bytes.data[at];
        if (!cut)
            bytes.data[at] ^= (unsigned char)(1u << (k % 8));
        FILE *f = fopen(bad, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(bytes.data, 1, size, f), size);
        fclose(f);
        bytes.data[at] = before;
        rnl_net *net = a_net(), *fresh = a_net();
        const rnl_status status = rnl_train(net, train_set, test_set, &c, NULL);
        assert_true(status == RNL_ERR_FORMAT || status == RNL_ERR_UNSUPPORTED);
        assert_non_null(strstr(rnl_error_text(), "bad.ckpt: "));
        assert_memory_equal(net->values, fresh->values, rnl_net_bytes(net));
        rnl_net_free(&net);
        rnl_net_free(&fresh);
    }
    rnl_bytes_free(&bytes);
    c.resume = in_folder("none.ckpt");
    refused(train_set, &c, RNL_ERR_IO, "none.ckpt: cannot open");
    FILE *f = fopen(bad, "wb");
    fputs("iteration,loss,lr,train_accuracy\n", f);
    fclose(f);
    c.resume = bad;
    refused(train_set, &c, RNL_ERR_FORMAT, "bad.ckpt: is no checkpoint of runnel");
    f = fopen(bad, "wb");
    fputs("RNLCKPT1 and so on", f);
    fclose(f);
    refused(train_set, &c, RNL_ERR_UNSUPPORTED,
            "bad.ckpt: is a checkpoint of another version of runnel");
}

/* The first one is written before the first update, so that nobody trains for an hour in vain. */
static void a_place_that_cannot_be_written_is_told_at_once(void **state)
{
    (void)state;
    rnl_train_config c = plain_config();
    c.checkpoint = in_folder("no/such/folder.ckpt");
    rnl_net *net = a_net();
    rnl_history *h;
    assert_error(rnl_train(net, train_set, test_set, &c, &h), RNL_ERR_IO, "no/such/folder.ckpt");
    assert_non_null(h);
    assert_int_equal(rnl_history_iterations(h), 0);
    rnl_history_free(&h);
    rnl_net_free(&net);
}

static void failing_allocations_are_clean(void **state)
{
    (void)state;
    const char *path = in_folder("memory.ckpt");
    leave_checkpoint(full_config(), path);
    rnl_train_config c = full_config();
    c.resume = path;
    c.checkpoint = in_folder("memory-after.ckpt");
    long nth = 1;
    for (;; nth++) {
        rnl_net *net = a_net();
        rnl_history *h = NULL;
        rnl_alloc_fail_after(nth);
        const rnl_status status = rnl_train(net, train_set, test_set, &c, &h);
        rnl_alloc_fail_after(0);
        rnl_net_free(&net);
        rnl_history_free(&h);
        if (status == RNL_OK)
            break;
        assert_int_equal(status, RNL_ERR_MEMORY);
    }
    assert_true(nth > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_run_goes_on),
        cmocka_unit_test(writing_checkpoints_changes_nothing),
        cmocka_unit_test(patience_goes_on_too),
        cmocka_unit_test(a_complete_run_goes_on_to_a_later_end),
        cmocka_unit_test(more_patience_goes_on_too),
        cmocka_unit_test(a_checkpoint_tells_of_its_run),
        cmocka_unit_test(other_settings_are_refused),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(a_place_that_cannot_be_written_is_told_at_once),
        cmocka_unit_test(failing_allocations_are_clean),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

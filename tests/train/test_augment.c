/* test_augment.c - training on augmented pictures: the same bits on any number of threads and after a resume,
 * and the pictures are those that rnl_dataset_augment shows */
#include "blobs.h"

#include "data/sampler.h"

static const char AUGMENT[] = "shift 2, rotate 10, scale 0.1, shear 0.1, elastic 34 4";
static const char NOISY[] = "shift 2, elastic 34 4, noise 0.05";

enum { N = 72, BATCH = 24 };

/* Bytes, mostly zero: the network takes them in sparse form. */
static rnl_dataset *digits(void)
{
    rnl_dataset *set;
    assert_ok(rnl_dataset_strokes(&set, N, 1, NULL));
    return set;
}

/* The same as floats, which stay dense. */
static rnl_dataset *float_digits(void)
{
    rnl_dataset *bytes = digits(), *set;
    const rnl_dataset_info info = rnl_dataset_describe(bytes);
    float *x = calloc(N * info.features, sizeof *x);
    assert_ok(rnl_dataset_gather(bytes, NULL, 0, rnl_matrix_view(x, N, info.features, RNL_F32)));
    assert_ok(
        rnl_dataset_from_floats(&set, x, N, info.features, rnl_dataset_classes(bytes), 10, true));
    set->info.height = info.height;
    set->info.width = info.width;
    free(x);
    rnl_dataset_free(&bytes);
    return set;
}

static rnl_net *a_net(rnl_dtype dtype)
{
    rnl_net_config config = rnl_net_config_default();
    config.init = "auto";
    config.dtype = dtype;
    rnl_net *net;
    assert_ok(rnl_net_new(&net, "affine 24, batchnorm, relu, affine 10", &config));
    return net;
}

static rnl_train_config a_config(const char *augment)
{
    rnl_train_config c = rnl_train_config_default();
    c.batch = BATCH;
    c.accumulate = 2;
    c.iterations = 9;
    c.eval_every = 5;
    c.threads = 1;
    c.augment = augment;
    return c;
}

static rnl_net *run(const rnl_dataset *set, const rnl_train_config *c, rnl_dtype dtype,
                    rnl_status expected, rnl_history **h)
{
    rnl_net *net = a_net(dtype);
    const rnl_status status = rnl_train(net, set, NULL, c, h);
    if (status != expected)
        fail_msg("%s: %s", rnl_status_name(status), rnl_error_text());
    return net;
}

static void same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    static const char *const texts[] = {AUGMENT, NOISY};
    for (int kind = 0; kind < 2; kind++) {
        rnl_dataset *set = kind ? float_digits() : digits();
        for (size_t k = 0; k < 2; k++) {
            rnl_train_config c = a_config(texts[k]);
            rnl_net *one = run(set, &c, RNL_F32, RNL_OK, NULL);
            for (c.threads = 2; c.threads <= 3; c.threads++) {
                rnl_net *many = run(set, &c, RNL_F32, RNL_OK, NULL);
                assert_same_parameters(one, many);
                rnl_net_free(&many);
            }
            rnl_net_free(&one);
        }
        rnl_dataset_free(&set);
    }
}

static void augmentation_matters_and_its_seed_too(void **state)
{
    (void)state;
    rnl_dataset *set = digits();
    static const char *const texts[] = {NULL, AUGMENT, NOISY, "shift 1"};
    rnl_net *net[4];
    for (size_t k = 0; k < 4; k++) {
        const rnl_train_config c = a_config(texts[k]);
        net[k] = run(set, &c, RNL_F32, RNL_OK, NULL);
        for (size_t j = 0; j < k; j++)
            assert_false(same_parameters(net[j], net[k]));
    }
    static const char *const nothing[] = {"none", "shift 0, noise 0"};
    for (size_t k = 0; k < 2; k++) {
        const rnl_train_config c = a_config(nothing[k]);
        rnl_net *same = run(set, &c, RNL_F32, RNL_OK, NULL);
        assert_same_parameters(net[0], same);
        rnl_net_free(&same);
    }
    for (size_t k = 0; k < 4; k++)
        rnl_net_free(&net[k]);
    rnl_dataset_free(&set);
}

/* The losses of a run that learns nothing, and those of the batches that the public functions make. */
static void the_loop_sees_what_one_can_look_at(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        rnl_dataset *set = kind ? float_digits() : digits();
        rnl_train_config c = a_config(kind ? NOISY : AUGMENT);
        c.accumulate = 0;
        c.iterations = 3;
        c.lr = 1e-100;
        c.eval_every = RNL_NEVER;
        rnl_history *h;
        rnl_net *net = run(set, &c, RNL_F64, RNL_OK, &h), *judge = a_net(RNL_F64);
        const size_t m = rnl_net_inputs(net);
        rnl_workspace *ws;
        assert_ok(rnl_workspace_new(&ws, judge, BATCH));
        double *x = calloc(BATCH * m, sizeof *x);
        rnl_sampler sampler;
        assert_ok(rnl_sampler_init(&sampler, N, BATCH, c.sampling, c.seed));
        for (uint64_t i = 0; i < c.iterations; i++) {
            size_t index[BATCH];
            int32_t classes[BATCH];
            rnl_sampler_draw(&sampler, i, 0, BATCH, index);
            for (size_t r = 0; r < BATCH; r++)
                classes[r] = rnl_dataset_classes(set)[index[r]];
            const rnl_matrix view = rnl_matrix_view(x, BATCH, m, RNL_F64);
            assert_ok(rnl_dataset_augment(set, c.augment, c.seed, i, index, 0, view));
            double loss;
            const rnl_mode mode = {.training = true, .seed = c.seed, .iteration = i};
            const rnl_targets targets = rnl_targets_classes(classes, BATCH);
            rnl_workspace_set_mode(ws, mode);
            assert_ok(rnl_net_loss(judge, ws, view, targets, &loss));
            assert_true(fabs(loss - (double)rnl_history_losses(h)[i]) < 1e-6 * loss);
            assert_true(i == 0 || fabs(loss - (double)rnl_history_losses(h)[i - 1]) > 1e-4 * loss);
        }
        rnl_sampler_free(&sampler);
        free(x);
        rnl_workspace_free(&ws);
        rnl_history_free(&h);
        rnl_net_free(&net);
        rnl_net_free(&judge);
        rnl_dataset_free(&set);
    }
}

static bool until_update_7(const rnl_train_event *event, void *user)
{
    (void)user;
    return event->iteration < 7;
}

static void resumes_to_the_same_bits(void **state)
{
    (void)state;
    rnl_dataset *set = digits();
    rnl_train_config c = a_config(AUGMENT);
    c.eval_every = 1;
    c.threads = 2;
    rnl_net *whole = run(set, &c, RNL_F32, RNL_OK, NULL);
    c.checkpoint = in_folder("augmented.checkpoint");
    c.callback = until_update_7;
    rnl_net *part = run(set, &c, RNL_F32, RNL_ERR_INTERRUPTED, NULL);
    assert_false(same_parameters(whole, part));
    c.callback = NULL;
    c.resume = c.checkpoint;
    c.checkpoint = NULL;
    rnl_net *resumed = run(set, &c, RNL_F32, RNL_OK, NULL);
    assert_same_parameters(whole, resumed);
    c.augment = "shift 2";
    rnl_net_free(&part);
    part = run(set, &c, RNL_F32, RNL_ERR_USAGE, NULL);
    assert_error(RNL_ERR_USAGE, RNL_ERR_USAGE, "\"augment shift 2\"");
    rnl_net_free(&whole);
    rnl_net_free(&part);
    rnl_net_free(&resumed);
    rnl_dataset_free(&set);
}

static void bad_settings_are_refused(void **state)
{
    (void)state;
    rnl_dataset *set = digits(), *points = blobs(50, 1);
    rnl_net *net = a_net(RNL_F32), *other = blob_net(RNL_F32, NULL);
    rnl_train_config c = a_config("elastic 34 0");
    assert_error(rnl_train(net, set, NULL, &c, NULL), RNL_ERR_USAGE,
                 "the smoothness of elastic is a number from 0.5 to 50, not \"0\"");
    c.augment = "shift 1";
    c.batch = 10;
    assert_error(rnl_train(other, points, NULL, &c, NULL), RNL_ERR_USAGE,
                 "shift is for pictures, but the samples are 1x1x37 numbers");
    rnl_net_free(&net);
    rnl_net_free(&other);
    rnl_dataset_free(&set);
    rnl_dataset_free(&points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_on_any_number_of_threads),
        cmocka_unit_test(augmentation_matters_and_its_seed_too),
        cmocka_unit_test(the_loop_sees_what_one_can_look_at),
        cmocka_unit_test(resumes_to_the_same_bits),
        cmocka_unit_test(bad_settings_are_refused),
    };
    return cmocka_run_group_tests_name("train augment", tests, folder_make, folder_remove);
}

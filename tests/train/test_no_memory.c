/* test_no_memory.c - allocation 1, 2, 3, ... fails, from the file to the answer, until none does */
#include "base/memory.h"
#include "runnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { N = 6, FEATURES = 3 };

static char folder[64], model[128], svm[128], npy[128], labels[128];

static void put(char *path, const char *name, const void *bytes, size_t size)
{
    snprintf(path, 128, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

static void put_npy(char *path, const char *name, const char *descr, const char *shape,
                    const void *data, size_t size)
{
    char file[512];
    const int length = snprintf(
        file + 10, 200, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", descr, shape);
    memcpy(file, "\x93NUMPY\1", 8);
    file[8] = (char)length;
    file[9] = 0;
    memcpy(file + 10 + length, data, size);
    put(path, name, file, (size_t)length + 10 + size);
}

static int make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/runnel-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    const char rows[] = "0 1:1\n1 2:1\n0 1:1 3:1\n1 2:2\n0 1:3\n1 3:1\n";
    const double numbers[N * FEATURES] = {1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 1};
    const uint8_t classes[N] = {0, 1, 0, 1, 0, 1};
    put(svm, "rows.svm", rows, strlen(rows));
    put_npy(npy, "x.npy", "<f8", "(6, 3)", numbers, sizeof numbers);
    put_npy(labels, "y.npy", "|u1", "(6,)", classes, sizeof classes);
    snprintf(model, sizeof model, "%s/model.safetensors", folder);
    return 0;
}

static int clean(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

typedef struct chain {
    rnl_dataset *set, *rest, *part;
    rnl_net *net, *loaded;
    rnl_workspace *ws;
} chain;

static rnl_status run(chain *c, const char *path, const char *of)
{
    rnl_net_config of_net = rnl_net_config_default();
    rnl_train_config config = rnl_train_config_default();
    float x[FEATURES] = {0}, y[2] = {0};
    of_net.inputs = FEATURES;
    of_net.outputs = 2;
    config.iterations = 2;
    config.batch = 2;
    config.threads = 1;
    config.eval_every = 1;
    rnl_status status = rnl_dataset_read(&c->set, path, of, RNL_PART_TRAIN, NULL);
    if (status == RNL_OK)
        status = rnl_dataset_split(c->set, 0.5, 1, &c->rest, &c->part);
    if (status == RNL_OK)
        status = rnl_dataset_prepare(c->rest, RNL_PREPARE_MINMAX, NULL);
    if (status == RNL_OK)
        status = rnl_net_new(&c->net, "affine 4, batchnorm, relu, affine 2", &of_net);
    if (status == RNL_OK)
        status = rnl_train(c->net, c->rest, c->part, &config, NULL);
    if (status == RNL_OK)
        status = rnl_net_save(c->net, model);
    if (status == RNL_OK)
        status = rnl_net_load(&c->loaded, model, NULL, NULL);
    if (status == RNL_OK)
        status = rnl_workspace_new(&c->ws, c->loaded, 1);
    if (status == RNL_OK)
        status = rnl_net_predict(c->loaded, c->ws, rnl_matrix_f32(x, 1, FEATURES),
                                 rnl_matrix_f32(y, 1, 2));
    rnl_workspace_free(&c->ws);
    rnl_net_free(&c->net);
    rnl_net_free(&c->loaded);
    rnl_dataset_free(&c->part);
    rnl_dataset_free(&c->rest);
    rnl_dataset_free(&c->set);
    return status;
}

static long fail_each(const char *path, const char *of)
{
    for (long nth = 1;; nth++) {
        chain c = {0};
        rnl_alloc_fail_after(nth);
        const rnl_status status = run(&c, path, of);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK)
            return nth - 1;
        if (status != RNL_ERR_MEMORY)
            fail_msg("allocation %ld of %s: %s", nth, path, rnl_error_text());
        assert_true(strlen(rnl_error_text()) > 5);
    }
}

static void from_the_file_to_the_answer(void **state)
{
    (void)state;
    unlink(model);
    assert_true(fail_each(svm, NULL) > 20);
    assert_true(fail_each(npy, labels) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(from_the_file_to_the_answer)};
    return cmocka_run_group_tests(tests, make, clean);
}

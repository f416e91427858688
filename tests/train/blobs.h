/* blobs.h - for tests of training: a data set of four clouds of points, networks, assertions */
#ifndef RNL_TESTS_TRAIN_BLOBS_H
#define RNL_TESTS_TRAIN_BLOBS_H

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset.h"
#include "net/net.h"
#include "runnel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { BLOB_FEATURES = 37, BLOB_CLASSES = 4 };

/* n points around four centres; the clouds overlap a little, so that there is something to learn
 * and something to get wrong. */
static inline rnl_dataset *blobs(size_t n, uint64_t seed)
{
    rnl_random centres = rnl_random_new(99, 1000), r = rnl_random_new(seed, 1001);
    float centre[BLOB_CLASSES][BLOB_FEATURES];
    for (size_t k = 0; k < BLOB_CLASSES; k++)
        for (size_t j = 0; j < BLOB_FEATURES; j++)
            centre[k][j] = (float)rnl_random_uniform(&centres);
    float *x = calloc(n * BLOB_FEATURES, sizeof *x);
    int32_t *classes = calloc(n, sizeof *classes);
    assert_non_null(x);
    assert_non_null(classes);
    for (size_t i = 0; i < n; i++) {
        classes[i] = (int32_t)rnl_bounded(rnl_random_u64(&r), BLOB_CLASSES);
        for (size_t j = 0; j < BLOB_FEATURES; j++)
            x[i * BLOB_FEATURES + j] = centre[classes[i]][j] + 0.6f * (float)rnl_random_normal(&r);
    }
    rnl_dataset *set;
    assert_int_equal(
        rnl_dataset_from_floats(&set, x, n, BLOB_FEATURES, classes, BLOB_CLASSES, true), RNL_OK);
    free(x);
    free(classes);
    return set;
}

/* A network for the blobs: three affine layers, both activations. */
static inline rnl_net *blob_net(rnl_dtype dtype, const char *backend)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = BLOB_CLASSES;
    config.dtype = dtype;
    config.backend = backend;
    config.weight_init_std = 0.3;
    rnl_net *net;
    assert_int_equal(rnl_net_new(&net, "affine 30, sigmoid, affine 20, relu, affine", &config),
                     RNL_OK);
    return net;
}

static inline size_t net_bytes(const rnl_net *net)
{
    return net->arena_size * rnl_dtype_size(net->dtype);
}

static inline void assert_same_parameters(const rnl_net *a, const rnl_net *b)
{
    assert_int_equal(net_bytes(a), net_bytes(b));
    assert_memory_equal(a->values, b->values, net_bytes(a));
}

static inline bool same_parameters(const rnl_net *a, const rnl_net *b)
{
    return net_bytes(a) == net_bytes(b) && memcmp(a->values, b->values, net_bytes(a)) == 0;
}

static inline void assert_error(rnl_status got, rnl_status expected, const char *text)
{
    if (got != expected)
        fail_msg("status %s, expected %s; the text is \"%s\"", rnl_status_name(got),
                 rnl_status_name(expected), rnl_error_text());
    if (!strstr(rnl_error_text(), text))
        fail_msg("\"%s\" does not contain \"%s\"", rnl_error_text(), text);
}

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        if ((call) != RNL_OK)                                                                      \
            fail_msg("%s: %s", #call, rnl_error_text());                                           \
    } while (0)

/* A folder of the test's own. */
static char blob_folder[64];

/* In memory where there is such a place: a disk that others keep busy takes seconds to sync a file, and
 * these tests write hundreds. */
static inline int folder_make(void **state)
{
    (void)state;
    strcpy(blob_folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/runnel-test-XXXXXX"
                                                      : "/tmp/runnel-test-XXXXXX");
    return mkdtemp(blob_folder) ? 0 : -1;
}

static inline int folder_remove(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", blob_folder);
    return system(command);
}

/* The path of a file in the folder; the same one for the same name. */
static inline const char *in_folder(const char *name)
{
    enum { MOST = 32 };
    static char paths[MOST][160];
    char path[160];
    snprintf(path, sizeof path, "%s/%s", blob_folder, name);
    for (size_t k = 0; k < MOST; k++) {
        if (!*paths[k])
            strcpy(paths[k], path);
        if (strcmp(paths[k], path) == 0)
            return paths[k];
    }
    fail_msg("more than %d names of files", MOST);
    return NULL;
}

#endif

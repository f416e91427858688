/* blobs.h - for tests of training: a data set of four clouds of points, networks, assertions */
#ifndef RNL_TESTS_TRAIN_BLOBS_H
#define RNL_TESTS_TRAIN_BLOBS_H

#include "../folder.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset.h"
#include "net/net.h"

#include <math.h>

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
static inline rnl_net *blob_net_of(const char *description, rnl_dtype dtype, const char *backend)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = BLOB_FEATURES;
    config.outputs = BLOB_CLASSES;
    config.dtype = dtype;
    config.backend = backend;
    config.weight_init_std = 0.3;
    rnl_net *net;
    assert_int_equal(rnl_net_new(&net, description, &config), RNL_OK);
    return net;
}

static inline rnl_net *blob_net(rnl_dtype dtype, const char *backend)
{
    return blob_net_of("affine 30, sigmoid, affine 20, relu, affine", dtype, backend);
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

#endif

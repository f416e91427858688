/* written.h - a small file that the tests write */
#ifndef RNL_TESTS_MODEL_WRITTEN_H
#define RNL_TESTS_MODEL_WRITTEN_H

#include "model/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/runnel-test-safetensors-XXXXXX";

static inline int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd >= 0 ? close(fd) : -1;
}

static inline int remove_path(void **state)
{
    (void)state;
    return remove(path);
}

static const size_t shape_a[] = {2, 1}, shape_c[] = {0};
static const rnl_tensor written[] = {
    {.name = "2.b", .dtype = "F32", .rank = 2, .shape = shape_a, .count = 2, .bytes = 8},
    {.name = "\"\\\x01\xc3\xbc", .dtype = "F64", .rank = 0, .count = 1, .bytes = 8},
    {.name = "c", .dtype = "F32", .rank = 1, .shape = shape_c, .count = 0, .bytes = 0},
};
static const rnl_tensor_note written_notes[] = {{"z", "\n/"}, {"a", ""}, {"b", "\xe2\x82\xac"}};

static inline rnl_status write_known(const rnl_tensor *tensors, size_t count,
                                     const rnl_tensor_note *notes, size_t note_count)
{
    const double numbers[] = {0.1, -2, 0.1};
    rnl_output *out;
    RNL_TRY(rnl_output_open(&out, path));
    rnl_status status = rnl_tensor_write_header(out, tensors, count, notes, note_count);
    if (status == RNL_OK)
        status = rnl_tensor_write(out, RNL_F32, numbers, 2);
    if (status == RNL_OK)
        status = rnl_tensor_write(out, RNL_F64, numbers + 2, 1);
    if (status == RNL_OK)
        status = rnl_output_finish(&out);
    rnl_output_discard(&out);
    return status;
}

#endif

/* nets.h - networks with known numbers, and model files made by hand */
#ifndef RNL_TESTS_MODEL_NETS_H
#define RNL_TESTS_MODEL_NETS_H

#include "../folder.h"
#include "base/matrix.h"
#include "blob.h"
#include "model/model.h"

/* Numbers that differ from each other, and that f32 has to round. */
static inline double known_number(size_t block, size_t r, size_t c)
{
    return ((double)(block + 1) * 100 + (double)r * 10 + (double)c) / (r + c + block == 7 ? 3 : -7);
}

static inline rnl_net *make_net(const char *description, size_t inputs, rnl_dtype dtype)
{
    rnl_net_config config = rnl_net_config_default();
    config.inputs = inputs;
    config.outputs = 0;
    config.dtype = dtype;
    rnl_net *net;
    if (rnl_net_new(&net, description, &config) != RNL_OK)
        fail_msg("%s", rnl_error_text());
    for (size_t i = 0; i < rnl_net_parameter_count(net); i++) {
        rnl_matrix value = rnl_net_parameter(net, i).value;
        for (size_t r = 0; r < value.rows; r++)
            for (size_t c = 0; c < value.cols; c++)
                rnl_matrix_set(&value, r, c, known_number(i, r, c));
    }
    for (size_t i = 0; i < rnl_net_state_count(net); i++) { /* variances among them: above 0 */
        rnl_matrix value = rnl_net_state(net, i).value;
        for (size_t c = 0; c < value.cols; c++)
            rnl_matrix_set(&value, 0, c, 0.1 + (double)(i + 1) / (double)(c + 3));
    }
    return net;
}

static inline void expect_same_block(rnl_parameter p, rnl_parameter q)
{
    assert_string_equal(p.key, q.key);
    assert_int_equal(p.value.rows, q.value.rows);
    assert_int_equal(p.value.cols, q.value.cols);
    for (size_t r = 0; r < p.value.rows; r++)
        for (size_t c = 0; c < p.value.cols; c++)
            assert_true(rnl_matrix_get(&p.value, r, c) == rnl_matrix_get(&q.value, r, c));
}

static inline void expect_same_numbers(const rnl_net *a, const rnl_net *b)
{
    assert_int_equal(rnl_net_parameter_count(a), rnl_net_parameter_count(b));
    assert_int_equal(rnl_net_state_count(a), rnl_net_state_count(b));
    for (size_t i = 0; i < rnl_net_parameter_count(a); i++)
        expect_same_block(rnl_net_parameter(a, i), rnl_net_parameter(b, i));
    for (size_t i = 0; i < rnl_net_state_count(a); i++)
        expect_same_block(rnl_net_state(a, i), rnl_net_state(b, i));
}

static inline void expect_same_files(const char *a, const char *b)
{
    rnl_bytes x, y;
    assert_int_equal(rnl_file_read(&x, a), RNL_OK);
    assert_int_equal(rnl_file_read(&y, b), RNL_OK);
    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.data, y.data, x.size);
    rnl_bytes_free(&x);
    rnl_bytes_free(&y);
}

/* A file with these members in its header, and `count` numbers 0, 1, 2, ... of type F32. */
static inline blob make_model(const char *members, size_t count)
{
    float *numbers = malloc((count ? count : 1) * sizeof *numbers);
    assert_non_null(numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (float)i;
    blob b = make_blob(strlen(members), members, numbers, count * sizeof *numbers);
    free(numbers);
    return b;
}

#define TENSOR(name, shape, begin, end)                                                            \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"
/* 3 inputs, 4 hidden, 2 outputs: 26 numbers */
#define PYTORCH_TENSORS                                                                            \
    TENSOR("0.bias", "[4]", 0, 16)                                                                 \
    "," TENSOR("0.weight", "[4,3]", 16,                                                            \
               64) "," TENSOR("2.bias", "[2]", 64, 72) "," TENSOR("2.weight", "[2,4]", 72, 104)
enum { PYTORCH_NUMBERS = 26 };

static inline rnl_status decode(rnl_net **net, blob b, const char *description,
                                const rnl_net_config *config)
{
    return rnl_model_decode(net, b.bytes, b.size, description, config);
}

#endif

/* element.c - numbers as files store them: every width, both orders of bytes, at any address */
#include "data/element.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t size;
    bool integer;
} kinds[RNL_ELEMENT_KINDS] = {
    [RNL_BOOL] = {"bool", 1, true},  [RNL_U8] = {"u8", 1, true},
    [RNL_I8] = {"i8", 1, true},      [RNL_U16] = {"u16", 2, true},
    [RNL_I16] = {"i16", 2, true},    [RNL_U32] = {"u32", 4, true},
    [RNL_I32] = {"i32", 4, true},    [RNL_U64] = {"u64", 8, true},
    [RNL_I64] = {"i64", 8, true},    [RNL_HALF] = {"f16", 2, false},
    [RNL_FLOAT] = {"f32", 4, false}, [RNL_DOUBLE] = {"f64", 8, false},
};

size_t rnl_element_size(rnl_element e)
{
    return kinds[e.kind].size;
}

bool rnl_element_is_integer(rnl_element e)
{
    return kinds[e.kind].integer;
}

const char *rnl_element_name(rnl_element e)
{
    return kinds[e.kind].name;
}

/* ---- one number --------------------------------------------------------------------------------------- */

static uint16_t load16(const uint8_t *from, bool swapped)
{
    uint16_t bits;
    memcpy(&bits, from, sizeof bits);
    return swapped ? __builtin_bswap16(bits) : bits;
}

static uint32_t load32(const uint8_t *from, bool swapped)
{
    uint32_t bits;
    memcpy(&bits, from, sizeof bits);
    return swapped ? __builtin_bswap32(bits) : bits;
}

static uint64_t load64(const uint8_t *from, bool swapped)
{
    uint64_t bits;
    memcpy(&bits, from, sizeof bits);
    return swapped ? __builtin_bswap64(bits) : bits;
}

/* 1 bit of sign, 5 of the exponent, 10 of the fraction; exact as a float. */
static float half_value(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    float value = exponent == 31  ? (fraction ? NAN : INFINITY)
                  : exponent == 0 ? ldexpf((float)fraction, -24)
                                  : ldexpf((float)(fraction + 1024), exponent - 25);
    return bits & 0x8000 ? -value : value;
}

static float float_value(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double double_value(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- rows of them ------------------------------------------------------------------------------------- */

/* The loop stands once for each kind, so that the compiler makes one of vectors where it can. */
#define EACH(number, type)                                                                         \
    for (size_t i = 0; i < n; i++)                                                                 \
    to[i] = (type)(number)

#define CONVERT(name, type)                                                                        \
    void name(type *restrict to, rnl_element e, const void *from, size_t n)                        \
    {                                                                                              \
        const uint8_t *at = from;                                                                  \
        const bool swap = e.swapped;                                                               \
        switch (e.kind) {                                                                          \
        case RNL_BOOL: EACH(at[i] != 0, type); break;                                              \
        case RNL_U8: EACH(at[i], type); break;                                                     \
        case RNL_I8: EACH((int8_t)at[i], type); break;                                             \
        case RNL_U16: EACH(load16(at + 2 * i, swap), type); break;                                 \
        case RNL_I16: EACH((int16_t)load16(at + 2 * i, swap), type); break;                        \
        case RNL_U32: EACH(load32(at + 4 * i, swap), type); break;                                 \
        case RNL_I32: EACH((int32_t)load32(at + 4 * i, swap), type); break;                        \
        case RNL_U64: EACH(load64(at + 8 * i, swap), type); break;                                 \
        case RNL_I64: EACH((int64_t)load64(at + 8 * i, swap), type); break;                        \
        case RNL_HALF: EACH(half_value(load16(at + 2 * i, swap)), type); break;                    \
        case RNL_FLOAT: EACH(float_value(load32(at + 4 * i, swap)), type); break;                  \
        case RNL_DOUBLE: EACH(double_value(load64(at + 8 * i, swap)), type); break;                \
        default: EACH(0, type);                                                                    \
        }                                                                                          \
    }

CONVERT(rnl_elements_f32, float)
CONVERT(rnl_elements_f64, double)

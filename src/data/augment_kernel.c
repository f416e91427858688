/* augment_kernel.c - the loops of the augmentation, compiled once per level of processor
 *
 * RNL_LEVEL names the level. Sums are written out in their order and nothing is contracted
 * (-ffp-contract=off), so that the width of a register changes no bit. */
#include "data/augment_kernel.h"

#include "base/random.h"

#ifndef RNL_LEVEL
#error "RNL_LEVEL: baseline, avx2 or avx512"
#endif

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX2__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

/* A register of numbers. */
typedef float lanes
    __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

static inline uint64_t bits_at(uint64_t stream, size_t k)
{
    return rnl_random_at(&(rnl_random){stream}, k);
}

/* The four quarters of 64 random bits go to the four quarters of out, so that each is written in order. */
static void chance(float *restrict out, size_t count, uint64_t stream)
{
    const size_t part = count / 4;
    float *restrict a = out, *restrict b = a + part, *restrict c = b + part, *restrict d = c + part;
    for (size_t k = 0; k < part; k++) {
        const uint64_t bits = bits_at(stream, k);
        a[k] = (float)((int32_t)(bits & 0xffff) * 2 - 65535);
        b[k] = (float)((int32_t)(bits >> 16 & 0xffff) * 2 - 65535);
        c[k] = (float)((int32_t)(bits >> 32 & 0xffff) * 2 - 65535);
        d[k] = (float)((int32_t)(bits >> 48) * 2 - 65535);
    }
}

/* The Gaussian is the same on both sides: weight[0] in[0] + sum over t > 0 of weight[t] (in[-t] + in[t]),
 * where t steps over `step` numbers. */
static inline void smooth(float *out, const float *in, size_t step, const float *weight,
                          size_t radius)
{
    lanes sum = *(const lanes *)in * weight[0];
    for (size_t t = 1; t <= radius; t++)
        sum += (*(const lanes *)(in - t * step) + *(const lanes *)(in + t * step)) * weight[t];
    *(lanes *)out = sum;
}

static void smooth_down(float *out, const float *in, size_t rows, size_t pitch, const float *weight,
                        size_t radius)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < pitch; j += LANES)
            smooth(out + i * pitch + j, in + (i + radius) * pitch + j, pitch, weight, radius);
}

static void smooth_across(float *out, size_t pitch, const float *in, size_t in_pitch, size_t rows,
                          const float *weight, size_t radius)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < pitch; j += LANES)
            smooth(out + i * pitch + j, in + i * in_pitch + radius + j, 1, weight, radius);
}

static inline float limit(float v, float most)
{
    v = v > 0 ? v : 0;
    return v < most ? v : most;
}

/* One row: where each pixel comes from, then its four neighbours there. at: the upper left one. */
enum { AT_ONCE = 64 };

typedef struct places {
    int32_t at[AT_ONCE];
    float right[AT_ONCE], down[AT_ONCE];
} places;

static inline void find(places *restrict p, const rnl_augment_sampling *s, size_t y, size_t begin,
                        size_t count)
{
    const float middle = (float)(s->width - 1) / 2, v = (float)y - (float)(s->height - 1) / 2;
    const float most_x = (float)(s->width + 1), most_y = (float)(s->height + 1);
    const float x0 = s->xy * v + s->x0, y0 = s->yy * v + s->y0, xx = s->xx, yx = s->yx;
    const int32_t pitch = (int32_t)s->width + 3;
    const float *restrict dx = s->dx ? s->dx + y * s->pitch + begin : NULL;
    const float *restrict dy = s->dx ? s->dy + y * s->pitch + begin : NULL;
    float *restrict from_x = p->right, *restrict from_y = p->down;
    for (size_t j = 0; j < count; j++) {
        const float u = (float)(int32_t)(begin + j) - middle;
        from_x[j] = xx * u + x0;
        from_y[j] = yx * u + y0;
    }
    for (size_t j = 0; dx && j < count; j++) {
        from_x[j] += dx[j];
        from_y[j] += dy[j];
    }
    for (size_t j = 0; j < count; j++) {
        const float x = limit(from_x[j], most_x), yy = limit(from_y[j], most_y);
        const int32_t column = (int32_t)x, row = (int32_t)yy;
        p->at[j] = row * pitch + column;
        p->right[j] = x - (float)column;
        p->down[j] = yy - (float)row;
    }
}

static inline void look(float *restrict out, const float *restrict source, const places *restrict p,
                        size_t pitch, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        const float *restrict above = source + p->at[j], *restrict below = above + pitch;
        const float a = above[0] + p->right[j] * (above[1] - above[0]);
        const float b = below[0] + p->right[j] * (below[1] - below[0]);
        out[j] = a + p->down[j] * (b - a);
    }
}

static void sample(float *out, const float *source, const rnl_augment_sampling *s)
{
    const size_t pitch = s->width + 3, plane = (s->height + 3) * pitch;
    places p;
    for (size_t y = 0; y < s->height; y++)
        for (size_t begin = 0; begin < s->width; begin += AT_ONCE) {
            const size_t count = s->width - begin < AT_ONCE ? s->width - begin : AT_ONCE;
            find(&p, s, y, begin, count);
            for (size_t c = 0; c < s->channels; c++)
                look(out + (c * s->height + y) * s->width + begin, source + c * plane, &p, pitch,
                     count);
        }
}

/* The sum of the eight bytes: mean 1020, variance 8 (256^2 - 1) / 12. */
static inline int32_t sum_of_bytes(uint64_t bits)
{
    const uint64_t even = 0x00ff00ff00ff00ffu;
    const uint64_t four = (bits & even) + (bits >> 8 & even);
    return (int32_t)(four * 0x0001000100010001u >> 48);
}

static void noise(void *x, rnl_dtype dtype, size_t n, double deviation, uint64_t stream)
{
    const double unit = deviation / 209.02153;
    if (dtype == RNL_F64) {
        double *restrict d = x;
        for (size_t j = 0; j < n; j++)
            d[j] += unit * (double)(sum_of_bytes(bits_at(stream, j)) - 1020);
    } else {
        float *restrict f = x;
        const float unit_f = (float)unit;
        for (size_t j = 0; j < n; j++)
            f[j] += unit_f * (float)(sum_of_bytes(bits_at(stream, j)) - 1020);
    }
}

#define NAME_(level) rnl_augment_kernels_##level
#define NAME(level)  NAME_(level)
const rnl_augment_kernels NAME(RNL_LEVEL) = {.chance = chance,
                                             .smooth_down = smooth_down,
                                             .smooth_across = smooth_across,
                                             .sample = sample,
                                             .noise = noise};

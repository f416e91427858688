/* augment_kernel.h - the loops of the augmentation, compiled once per level of processor
 *
 * All of them round each operation once, in the order that the formula says, so that every level gives
 * the same bits. */
#ifndef RNL_DATA_AUGMENT_KERNEL_H
#define RNL_DATA_AUGMENT_KERNEL_H

#include "base/matrix.h"

enum { RNL_AUGMENT_LANES = 16 }; /* rows of fields are multiples of so many numbers */

/* The map of a picture whose source has a border of one pixel to the left and above: pixel (x, y) of
 * the result, counted from the middle, comes from (xx x + xy y + x0, ...), counted from the border. */
typedef struct rnl_augment_sampling {
    size_t channels, height, width;
    float xx, xy, x0, yx, yy, y0;
    const float *dx, *dy; /* [height, pitch], added to that; NULL: nothing is */
    size_t pitch;
} rnl_augment_sampling;

typedef struct rnl_augment_kernels {
    /* out[0 .. count-1]: whole numbers from -65535 to 65535, the odd ones, all as likely; count is a
     * multiple of 4 * RNL_AUGMENT_LANES. */
    void (*chance)(float *out, size_t count, uint64_t stream);
    /* out[i, j] = sum over t of weight[|t|] in[i + radius + t, j], |t| <= radius    out: [rows, pitch] */
    void (*smooth_down)(float *out, const float *in, size_t rows, size_t pitch, const float *weight,
                        size_t radius);
    /* out[i, j] = sum over t of weight[|t|] in[i, j + radius + t]    out: [rows, pitch]  in: [rows, in_pitch] */
    void (*smooth_across)(float *out, size_t pitch, const float *in, size_t in_pitch, size_t rows,
                          const float *weight, size_t radius);
    /* Bilinear. source: [channels, height + 3, width + 3] with zeros around the picture; what lies farther
     * outside is zero too. out: [channels, height, width] */
    void (*sample)(float *out, const float *source, const rnl_augment_sampling *s);
    /* x[j] += deviation g_j, g_j nearly normal: the sum of eight uniform bytes. x: [n], of either dtype */
    void (*noise)(void *x, rnl_dtype dtype, size_t n, double deviation, uint64_t stream);
} rnl_augment_kernels;

extern const rnl_augment_kernels rnl_augment_kernels_baseline;
#ifdef RNL_HAVE_X86_LEVELS
extern const rnl_augment_kernels rnl_augment_kernels_avx2;
extern const rnl_augment_kernels rnl_augment_kernels_avx512;
#endif

#endif

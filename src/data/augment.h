/* augment.h - pictures moved, turned, stretched and bent at random while a batch is gathered
 *
 *   augment.c          the settings as text, and which make sense for a data set
 *   augmenter.c        what happens to one picture: drawing, the map, one sampling, noise
 *   augment_kernel.c   the loops of it, compiled once per level of processor
 *
 * What happens to a picture is a function of (seed, number of the pass, row of the batch) alone, in
 * the same bits on every processor, on any number of threads, from any point of a run on. */
#ifndef RNL_DATA_AUGMENT_H
#define RNL_DATA_AUGMENT_H

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "data/augment_kernel.h"
#include "data/dataset.h"

/* The settings: how far each thing goes at most. All zero: nothing happens. */
typedef struct rnl_augment {
    double shift;        /* pixels */
    double rotate;       /* degrees */
    double scale, shear; /* shares */
    double alpha, sigma; /* of the elastic field; pixels */
    double noise;        /* standard deviation, of what the network gets */
} rnl_augment;

/* From text (NULL: nothing happens). */
rnl_status rnl_augment_parse(rnl_augment *a, const char *text);
/* The settings in full, added to text, in a fixed order; "none" where nothing happens. */
void rnl_augment_describe(const rnl_augment *a, rnl_text *text);
/* RNL_ERR_USAGE where the set has no pictures that this could be done to. */
rnl_status rnl_augment_check(const rnl_augment *a, const rnl_dataset *set);

static inline bool rnl_augment_moves(const rnl_augment *a)
{
    return a->shift > 0 || a->rotate > 0 || a->scale > 0 || a->shear > 0 || a->alpha > 0;
}

static inline bool rnl_augment_does_anything(const rnl_augment *a)
{
    return rnl_augment_moves(a) || a->noise > 0;
}

/* ---- at work ----------------------------------------------------------------------------------------- */

/* One thread's room. */
typedef struct rnl_augment_scratch {
    float *source;  /* [channels, height + 3, width + 3]: the picture with zeros around it */
    float *chance;  /* [field_rows, field_pitch]: random numbers, to be smoothed */
    float *half;    /* [height, field_pitch]: smoothed downwards */
    float *dx, *dy; /* [height, pitch]: the displacement; NULL where there is none */
    float *moved;   /* [features]: the result, on the scale of the stored numbers */
} rnl_augment_scratch;

/* The map from a pixel (x, y) of the result to where it comes from in the stored picture, both counted
 * from the middle of the picture: (xx x + xy y + x0, yx x + yy y + y0), without the elastic part. */
typedef struct rnl_augment_map {
    double xx, xy, x0, yx, yy, y0;
} rnl_augment_map;

typedef struct rnl_augmenter {
    rnl_augment settings;
    const rnl_dataset *set;
    const rnl_augment_kernels *kernels;
    bool moves;
    rnl_random stream;
    size_t radius; /* of the Gaussian: its weights reach so far */
    float *weight; /* [radius + 1], from the middle on */
    size_t pitch, field_rows, field_pitch;
    rnl_augment_scratch *scratch; /* [threads] */
} rnl_augmenter;

/* Room for a team, from an arena; to be called in both of its passes. settings have been checked. */
void rnl_augmenter_plan(rnl_augmenter *a, rnl_arena *arena, const rnl_augment *settings,
                        const rnl_dataset *set, uint64_t seed, size_t threads);

/* Row i of x becomes sample index[i], as rnl_gather_rows does it, augmented as the row of this pass, for
 * i in rows. Called by each thread of a team for its own rows; checks nothing. */
rnl_status rnl_augmenter_gather(const rnl_augmenter *a, const size_t *index, rnl_range rows,
                                uint64_t pass, rnl_matrix *x);

/* For the tests: a stored picture through a map and the displacement that lies in scratch (none where
 * elastic is false), into scratch->moved. */
rnl_status rnl_augmenter_move(const rnl_augmenter *a, rnl_augment_scratch *scratch, size_t sample,
                              const rnl_augment_map *map, bool elastic);
/* One displacement field, [height, pitch], from its own stream. */
void rnl_augmenter_field(const rnl_augmenter *a, rnl_augment_scratch *scratch, uint64_t stream,
                         float *field);
/* The map of six numbers from -1 to 1: shift x, y, rotation, scale x, y, shear. */
rnl_augment_map rnl_augment_draw(const rnl_augment *a, const double chance[6]);

#endif

/* data.h - the part of runnel.h on data sets: where samples come from, what is known of them, pictures. Include
 * runnel.h, which includes this; what it says on top holds here too. */
#ifndef RUNNEL_DATA_H
#define RUNNEL_DATA_H

#ifndef RUNNEL_H
#error "include runnel.h"
#endif

/* n samples: their inputs, kept as bytes or floats, and their classes. Read-only once made. */
typedef struct rnl_dataset rnl_dataset;

/* What the reader makes of the bytes: x = byte * scale + shift. */
typedef struct rnl_data_options {
    bool normalize; /* scale 1/255; otherwise bytes stay 0 ... 255 */
    bool flatten;   /* describe a sample as 1 x 1 x features; otherwise its channels, height and
                     * width are kept. The rows of a batch are flat either way. */
    bool one_hot;   /* train and evaluate with rows of 0 and 1; otherwise with class numbers */
    size_t limit;   /* take the first `limit` samples only; 0: all */
} rnl_data_options;

RNL_API rnl_data_options rnl_data_options_default(void); /* normalize; shapes, class numbers, all */

/* IDX files, plain (memory-mapped) or .gz. labels_path may be NULL: no classes then. */
RNL_API rnl_status rnl_dataset_read_idx(rnl_dataset **set, const char *images_path,
                                        const char *labels_path, const rnl_data_options *options);
/* The four MNIST files in a folder, by their usual names (-idx3- or .idx3-, plain or .gz); plain
 * ones are preferred. train false: the test part. */
RNL_API rnl_status rnl_dataset_read_mnist(rnl_dataset **set, const char *folder, bool train,
                                          const rnl_data_options *options);
/* The built-in digits: n pictures 28 x 28 in ten classes, drawn from strokes; the same seed and n
 * give the same bytes on every machine. */
RNL_API rnl_status rnl_dataset_strokes(rnl_dataset **set, size_t n, uint64_t seed,
                                       const rnl_data_options *options);
/* From arrays: x: n rows of f32 [n, features]; classes: n numbers below `class_count`, or NULL.
 * copy false: borrowed, and must outlive the set. */
RNL_API rnl_status rnl_dataset_from_floats(rnl_dataset **set, const float *x, size_t n,
                                           size_t features, const int32_t *classes,
                                           size_t class_count, bool copy);
/* The same with rows of numbers in place of classes, for regression and for several labels at once:
 * targets: [n, target_width]. */
RNL_API rnl_status rnl_dataset_from_rows(rnl_dataset **set, const float *x, size_t n,
                                         size_t features, const float *targets, size_t target_width,
                                         bool copy);
/* How the features of a set are brought to a size that networks learn from. */
typedef enum rnl_prepare {
    RNL_PREPARE_AUTO = 0,     /* bytes stay as they are, floats are standardised */
    RNL_PREPARE_NONE = 1,     /* x = stored */
    RNL_PREPARE_STANDARD = 2, /* each feature gets mean 0 and variance 1 */
    RNL_PREPARE_MINMAX = 3    /* each feature gets the range from 0 to 1 */
} rnl_prepare;

/* Learns scales and shifts from the set's own samples and gives them to it; what was used before is
 * forgotten. A feature that is only ever 0 and 1 stays so, and a constant one becomes 0. *used (may be
 * NULL): what AUTO turned out to be. Learn on the training part alone, then hand on to the others:
 *     rnl_dataset_set_scaling(test, rnl_dataset_scales(train), rnl_dataset_shifts(train)) */
RNL_API rnl_status rnl_dataset_prepare(rnl_dataset *set, rnl_prepare how, rnl_prepare *used);
/* x = stored * scale[j] + shift[j] for feature j; both [features], or both NULL: x = stored. Copied.
 * Parts that were split off before keep what they had. */
RNL_API rnl_status rnl_dataset_set_scaling(rnl_dataset *set, const double *scale,
                                           const double *shift);
/* [features], or NULL where one scale and shift (rnl_dataset_describe) are for all. Borrowed until they
 * change. */
RNL_API const double *rnl_dataset_scales(const rnl_dataset *set);
RNL_API const double *rnl_dataset_shifts(const rnl_dataset *set);

/* Names of the classes, in their order, one a line ("setosa\nversicolor\nvirginica"); UTF-8 without
 * other control characters. NULL: the classes are numbers. Copied; borrowed until they change. */
RNL_API rnl_status rnl_dataset_set_class_names(rnl_dataset *set, const char *names);
RNL_API const char *rnl_dataset_class_names(const rnl_dataset *set);

/* Two parts of a set that share its samples' inputs without copying them: the set must outlive both.
 * *part gets `share` of the samples (0 < share < 1, rounded; at least one, and not all), as nearly as can
 * be the same share of each class; drawn by seed. Both keep the order of the set. */
RNL_API rnl_status rnl_dataset_split(const rnl_dataset *set, double share, uint64_t seed,
                                     rnl_dataset **rest, rnl_dataset **part);
RNL_API void rnl_dataset_free(rnl_dataset **set);

typedef struct rnl_dataset_info {
    size_t n, features;             /* features = channels * height * width */
    size_t channels, height, width; /* tables: 1, 1, features */
    size_t class_count;             /* 0: no classes */
    size_t target_width;            /* numbers in a row of targets; 0: no such rows */
    double scale, shift; /* x = stored * scale + shift, unless each feature has its own */
    bool one_hot;        /* targets are rows, not class numbers */
} rnl_dataset_info;

RNL_API rnl_dataset_info rnl_dataset_describe(const rnl_dataset *set);
/* n numbers, or NULL where the set has no classes. Borrowed until the set is freed. */
RNL_API const int32_t *rnl_dataset_classes(const rnl_dataset *set);
/* [n, target_width], or NULL where the set has no such rows. Borrowed likewise. */
RNL_API const float *rnl_dataset_targets(const rnl_dataset *set);
/* Weights for rnl_train_config.class_weights that make each class count the same: n / (classes that
 * occur * samples of class k); 1 for a class that does not occur. weights: [class_count]. */
RNL_API rnl_status rnl_dataset_balanced_weights(const rnl_dataset *set, double *weights);
/* Rows index[0 .. n-1] (NULL: the rows first, first + 1, ...) as scaled numbers into
 * x: [n, features], of either dtype. */
RNL_API rnl_status rnl_dataset_gather(const rnl_dataset *set, const size_t *index, size_t first,
                                      rnl_matrix x);
/* Augmentation: pictures moved, turned, stretched and bent at random, anew each time they come by.
 * Written as text, each word at most once, "none" for nothing:
 *
 *     shift N        by up to N pixels, fractions too, left or right and up or down
 *     rotate D       by up to D degrees in either direction
 *     scale S        1 - S to 1 + S times as wide, and as high
 *     shear S        slanted: each row by up to S times its distance from the middle
 *     elastic A 4    pixels displaced by smoothed random fields (Simard, Steinkraus, Platt 2003):
 *                    how strongly, and the standard deviation of the Gaussian in pixels
 *     noise S        to each number that the network gets, one of standard deviation S is added
 *
 * Here x: [n, features] becomes the samples that rnl_dataset_gather would give, as pass number `pass`
 * (from 0) of a run with this augmentation and seed makes them of such a batch. A row hangs on its
 * sample, its number, the pass and the seed alone. Formulas stand in docs/training.md. */
RNL_API rnl_status rnl_dataset_augment(const rnl_dataset *set, const char *augmentation,
                                       uint64_t seed, uint64_t pass, const size_t *index,
                                       size_t first, rnl_matrix x);
/* A line on the i-th word; NULL after the last. Borrowed for ever. */
RNL_API const char *rnl_augment_help(size_t i);
/* The class numbers of the samples index[0 .. t.rows-1] (NULL: from `first` on) as rows of 0 and 1
 * into t: [n, class_count], of either dtype. */
RNL_API rnl_status rnl_dataset_one_hot(const rnl_dataset *set, const size_t *index, size_t first,
                                       rnl_matrix t);

/* A PNG of any size and depth as [height, width] grey bytes: alpha over white, colour to luma,
 * resized by area. dark_on_light true: inverted, so that the strokes are light as in MNIST.
 * The picture keeps its proportions: it is made as large as fits, centred, and what it does not
 * cover is 0. A grey picture of the wanted size comes out as it is. At most 65,535 pixels a side
 * and 100 million in all. */
RNL_API rnl_status rnl_read_png(const char *path, size_t height, size_t width, bool dark_on_light,
                                uint8_t *pixels);
/* The same from a PNG file's bytes; name stands in error texts. */
RNL_API rnl_status rnl_decode_png(const void *bytes, size_t size, const char *name, size_t height,
                                  size_t width, bool dark_on_light, uint8_t *pixels);

#endif

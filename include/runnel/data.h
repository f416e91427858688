/* data.h - the part of runnel.h on data sets: where samples come from, what is known of them, pictures. Include
 * runnel.h, which includes this; what it says on top holds here too. */
#ifndef RUNNEL_DATA_H
#define RUNNEL_DATA_H

#ifndef RUNNEL_H
#error "include runnel.h"
#endif

/* n samples: their inputs, kept as bytes or floats, and their classes. Read-only once made, but for the scaling,
 * the shape and the names that the functions below give to it; then any number of threads, trainings and
 * evaluations may use it at once. */
typedef struct rnl_dataset rnl_dataset;

/* What the numbers that belong to the samples are, where a file does not say. */
typedef enum rnl_labels {
    /* classes if they are integers, one a sample; in svmlight files, if all are whole */
    RNL_LABELS_AUTO = 0,
    RNL_LABELS_CLASSES = 1, /* classes */
    RNL_LABELS_NUMBERS = 2  /* rows of targets */
} rnl_labels;

/* Which index the first feature of an svmlight file has. */
typedef enum rnl_first_index {
    RNL_FIRST_INDEX_AUTO = 0, /* 0 if the file has an index 0, otherwise 1 */
    RNL_FIRST_INDEX_0 = 1,
    RNL_FIRST_INDEX_1 = 2 /* an index 0 is RNL_ERR_FORMAT then */
} rnl_first_index;

/* What the reader makes of the bytes: x = byte * scale + shift. */
typedef struct rnl_data_options {
    bool normalize; /* scale 1/255; otherwise bytes stay 0 ... 255 */
    bool flatten;   /* describe a sample as 1 x 1 x features; otherwise its channels, height and
                     * width are kept. The rows of a batch are flat either way. */
    bool one_hot;   /* train and evaluate with rows of 0 and 1; otherwise with class numbers */
    size_t limit;   /* take the first `limit` samples only; 0: all */
    /* for files that can be read in more than one way; zero or NULL: the default */
    rnl_labels labels;
    /* the classes to expect, one a line (rnl_dataset_class_names of the training part); NULL: those
     * that occur */
    const char *class_names;
    size_t features; /* of svmlight files; 0: the largest index */
    /* of pictures in folders: 1 grey or 3 colours, and the size they are brought to; 0: grey, and the
     * size of the first */
    size_t channels, height, width;
    bool dark_on_light; /* of pictures in folders: invert them */
    int threads;        /* that read pictures in folders; 0: as many as this process may use */
    /* of svmlight files; of a later one what rnl_dataset_info tells of the training part: the later one need not
     * have an index 0 where the features are counted from 0 */
    rnl_first_index first_index;
    /* of labels that are integers, where class_names is NULL: they are the classes 0 ... class_count - 1, as those of
     * a training part or of a network are known, and others RNL_ERR_FORMAT; 0: the classes that occur. So with
     * sub-folders of pictures whose names are such numbers; of other names there must be as many as classes */
    size_t class_count;
} rnl_data_options;

/* normalize; shapes, class numbers, all: what options NULL means below, too. */
RNL_API rnl_data_options rnl_data_options_default(void);

/* IDX files, plain (memory-mapped) or .gz. labels_path may be NULL: no classes then. */
RNL_API rnl_status rnl_dataset_read_idx(rnl_dataset **set, const char *images_path,
                                        const char *labels_path, const rnl_data_options *options);
/* The four MNIST files in a folder, by their usual names (-idx3- or .idx3-, plain or .gz); plain
 * ones are preferred. train false: the test part. */
RNL_API rnl_status rnl_dataset_read_mnist(rnl_dataset **set, const char *folder, bool train,
                                          const rnl_data_options *options);
/* What kind of data lies at a path, by its content. */
typedef enum rnl_data_format {
    RNL_FORMAT_UNKNOWN = 0,
    RNL_FORMAT_TABLE = 1, /* text: CSV and its like; also what is no regular file, as a pipe */
    RNL_FORMAT_IDX = 2,
    RNL_FORMAT_NPY = 3,      /* numpy: one array */
    RNL_FORMAT_NPZ = 4,      /* numpy: several arrays by name */
    RNL_FORMAT_SVMLIGHT = 5, /* text: label index:value ... */
    RNL_FORMAT_MNIST = 6,    /* a folder with MNIST's four files */
    RNL_FORMAT_PICTURES = 7, /* another folder: with a sub-folder of pictures for each class */
    RNL_FORMAT_PICTURE = 8   /* one picture */
} rnl_data_format;

RNL_API rnl_status rnl_data_recognise(const char *path, rnl_data_format *format);

typedef enum rnl_data_part {
    RNL_PART_TRAIN = 0, /* the training part; the whole where the data is not divided */
    RNL_PART_TEST = 1
} rnl_data_part;

/* Data of any of these kinds but tables, plain or .gz. labels_path: the labels of an IDX or npy file, in
 * the same format, or NULL. Asked for the test part of data that has none: RNL_OK and *set NULL. Parts are
 * MNIST's; of .npz the arrays x_train, y_train, x_test, y_test in place of x, y; of pictures the folders
 * train and test. docs/data.md describes the formats.
 *
 * Plain IDX and npy files, and what is stored in an .npz, stay mapped and are not read whole: they may be
 * larger than memory. The resident pages of a mapping are let go of when they come to 256 MiB. Such a file must not
 * become shorter while the set is there: what is read behind its end is SIGBUS. */
RNL_API rnl_status rnl_dataset_read(rnl_dataset **set, const char *path, const char *labels_path,
                                    rnl_data_part part, const rnl_data_options *options);
/* The same from a file's bytes, which must outlive the set: its training part, without labels of another file. name
 * stands in error texts. */
RNL_API rnl_status rnl_dataset_decode(rnl_dataset **set, const void *bytes, size_t size,
                                      const char *name, const rnl_data_options *options);
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
/* From a function of the caller's, which makes samples when they are needed: out of a database, files of
 * a kind of their own, a simulation. It writes the features of sample number `sample` to row and returns
 * NULL, or a sentence that says why it cannot; the sentence is copied at once, may be rnl_error_text(), and
 * comes back from what asked for the sample (rnl_train, say) with RNL_ERR_IO.
 *
 * rnl_train and rnl_evaluate call it from all of their threads, several at once, each time that a sample is
 * needed; a sample must have the same numbers each time, or runs cannot be repeated. It may call runnel. It has to
 * return: no longjmp and no C++ exception out of it. */
typedef const char *(*rnl_fill)(void *user, size_t sample, float *row);

/* fill is handed user, which must outlive the set; the rest is as above. */
RNL_API rnl_status rnl_dataset_from_callback(rnl_dataset **set, rnl_fill fill, void *user, size_t n,
                                             size_t features, const int32_t *classes,
                                             size_t class_count, bool copy);
RNL_API rnl_status rnl_dataset_rows_from_callback(rnl_dataset **set, rnl_fill fill, void *user,
                                                  size_t n, size_t features, const float *targets,
                                                  size_t target_width, bool copy);
/* Says that samples are pictures; from arrays and callbacks they are 1 x 1 x features until then. */
RNL_API rnl_status rnl_dataset_set_shape(rnl_dataset *set, size_t channels, size_t height,
                                         size_t width);
/* How the features of a set are brought to a size that networks learn from. */
typedef enum rnl_prepare {
    RNL_PREPARE_AUTO = 0,     /* bytes stay as they are, floats are standardised */
    RNL_PREPARE_NONE = 1,     /* x = stored */
    RNL_PREPARE_STANDARD = 2, /* each feature, but those of 0 and 1, gets mean 0 and variance 1 */
    RNL_PREPARE_MINMAX = 3    /* each feature gets the range from 0 to 1 */
} rnl_prepare;

/* Learns scales and shifts from the set's own samples and gives them to it; what was used before is
 * forgotten. A feature that is only ever 0 and 1 stays so, and a constant one becomes 0. *used (may be
 * NULL): what AUTO turned out to be. Learn on the training part alone, then hand on to the others:
 *     rnl_dataset_set_scaling(test, rnl_dataset_scales(train), rnl_dataset_shifts(train))
 * RNL_ERR_FORMAT where a number is NaN or infinite; the sentence names its feature and sample. */
RNL_API rnl_status rnl_dataset_prepare(rnl_dataset *set, rnl_prepare how, rnl_prepare *used);
/* x = stored * scale[j] + shift[j] for feature j; both [features], or both NULL: x = stored. Copied.
 * Parts that were split off before keep what they had. */
RNL_API rnl_status rnl_dataset_set_scaling(rnl_dataset *set, const double *scale,
                                           const double *shift);
/* [features], or NULL where one scale and shift (rnl_dataset_describe) are for all. Borrowed until they
 * change. */
RNL_API const double *rnl_dataset_scales(const rnl_dataset *set);
RNL_API const double *rnl_dataset_shifts(const rnl_dataset *set);

/* Rows of targets learn best when they have mean 0 and variance 1. The first call learns that of a set:
 * scale and shift: [target_width], target = learnt * scale + shift; of a constant target the scale is 1. The
 * second makes of each target t that a set has now (t - shift) / scale, for training: twice is twice, and 1 / scale
 * with -shift / scale takes it back. Parts that were split off before keep theirs. rnl_net_scale_outputs then has the
 * trained network answer with targets as they were. */
RNL_API rnl_status rnl_dataset_target_scaling(const rnl_dataset *set, double *scale, double *shift);
RNL_API rnl_status rnl_dataset_scale_targets(rnl_dataset *set, const double *scale,
                                             const double *shift);

/* Names of the classes, in their order, one a line ("setosa\nversicolor\nvirginica"); UTF-8 without
 * other control characters; none empty, and none twice. NULL: the classes are numbers. What is set is
 * copied, what is asked for borrowed until the names change. */
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
    double scale, shift;         /* x = stored * scale + shift, unless each feature has its own */
    bool one_hot;                /* targets are rows, not class numbers */
    rnl_first_index first_index; /* of an svmlight file, never AUTO; AUTO: of anything else */
    /* of rnl_dataset_read_table: cells that were missing, and texts that training did not meet and that
     * counted as missing */
    size_t missing_cells, unknown_cells;
} rnl_dataset_info;

RNL_API rnl_dataset_info rnl_dataset_describe(const rnl_dataset *set);
/* A number that tells sets apart: a hash of the sizes, the scaling, all targets and the samples as they are
 * stored; of a set of more than 64 MiB, and of a callback's, of 256 samples from the first to the last. For
 * comparison with another of this version of runnel, on this kind of machine. */
RNL_API rnl_status rnl_dataset_digest(const rnl_dataset *set, uint64_t *digest);
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

/* ---- tables: CSV and its like ----
 *
 * Text in UTF-8, plain or .gz: one row a line, cells separated by , ; tab or |, quotes and line ends of any
 * kind. A column is numbers (one input), text (as many inputs as it has different values, 1 for its own), the
 * target, or left out. Columns are numbers where most cells of the first 1000 rows are. docs/data.md tells more.
 * A path "-" is standard input. Reading takes at most 20 times the file's size in memory, or of .gz of what
 * came out of it, and 16 MB; texts that would need more inputs than that are refused. */

typedef enum rnl_column_kind {
    RNL_COLUMN_NUMBER = 0,
    RNL_COLUMN_TEXT = 1,
    RNL_COLUMN_TARGET = 2,
    RNL_COLUMN_LEFT_OUT = 3
} rnl_column_kind;

/* What happens to a cell that is empty, NA, <NA>, N/A, n/a, #N/A, nan, null or ?. Of a text
 * all inputs are 0 then. */
typedef enum rnl_missing {
    RNL_MISSING_REFUSE = 0, /* an error */
    RNL_MISSING_MEAN = 1,   /* the mean of its column in the training part */
    RNL_MISSING_ZERO = 2,
    RNL_MISSING_KEEP = 3 /* it stays missing, as NaN: to look at a table, not to learn from it */
} rnl_missing;

/* What the columns of a table are: learnt once, kept with the model, applied to other tables. Columns are
 * found by their names where both tables have a header, by their places otherwise. */
typedef struct rnl_columns rnl_columns;

/* As text (JSON), for the note "runnel.input.columns"; borrowed. docs/data.md has the format. */
RNL_API const char *rnl_columns_text(const rnl_columns *columns);
RNL_API rnl_status rnl_columns_from_text(rnl_columns **columns, const char *text);
RNL_API void rnl_columns_free(rnl_columns **columns);

typedef struct rnl_columns_info {
    size_t inputs;
    char separator; /* , ; tab | */
    bool header;
    rnl_missing missing;
    size_t target; /* which column; SIZE_MAX: none */
    bool classes;  /* the target is classes, not a number */
} rnl_columns_info;

typedef struct rnl_column_info {
    const char *name; /* NULL where there is no header; borrowed, like values */
    rnl_column_kind kind;
    size_t inputs, first_input;
    size_t value_count; /* of a text, and of a target that is classes */
    const char *const *values;
    double fill; /* of a number: what stands in for a missing one; NaN: nothing does */
    /* of a number: the input is the number less the offset, which leaves of large numbers that are near to each
     * other (times, keys) what single precision can hold; mostly 0 */
    double offset;
    /* how numbers are written in this column: 3,14 and not 3.14; with a percent sign (12.3% is the number 12.3) */
    bool decimal_comma, percent;
    /* left out because no row had a value in it, as it was found; a model does not keep that */
    bool empty;
} rnl_column_info;

RNL_API rnl_columns_info rnl_columns_describe(const rnl_columns *columns);
RNL_API size_t rnl_columns_count(const rnl_columns *columns);
/* i < rnl_columns_count. */
RNL_API rnl_column_info rnl_columns_at(const rnl_columns *columns, size_t i);

typedef enum rnl_table_task {
    /* classes if the target is text, or at most 20 whole numbers that come three times each on the
     * average */
    RNL_TABLE_TASK_AUTO = 0,
    RNL_TABLE_CLASSES = 1,
    RNL_TABLE_NUMBERS = 2 /* regression: a row of one target */
} rnl_table_task;

/* All that is zero or NULL means: found, none, the default. */
typedef struct rnl_table_options {
    char separator;        /* , ; tab | */
    char decimal;          /* the decimal sign of all numbers: . or , */
    int header;            /* 1 yes, -1 no, 0 found */
    const char *target;    /* a column's name, or its number from 1; NULL: the last */
    const char *leave_out; /* names or numbers, with commas between */
    const char *as_text;   /* likewise: columns that are text, whatever they look like */
    rnl_missing missing;
    rnl_table_task task;
    rnl_prepare prepare;
    size_t limit, test_limit; /* the first so many rows */
    const char *test;         /* the path of a second table to test on; or */
    double test_share;        /* this share of the rows, as rnl_dataset_split draws it by `seed` */
    uint64_t seed;
    /* What a network has learnt to tell apart, for a table that it is to be used on: its classes, one a line, in the
     * order of their numbers; another one is an error then. Or how many: a target of numbers is meant as it is, from
     * 0 to class_count - 1, whichever of them the table has; texts must be as many. NULL, 0: nothing is known. */
    const char *class_names;
    size_t class_count;
} rnl_table_options;

/* A table that has been read, in its parts. What can be learnt of it (means, scales) was learnt from the
 * training part alone. options may be NULL. The parts, the columns: borrowed until the table is freed. */
typedef struct rnl_table rnl_table;

RNL_API rnl_status rnl_table_read(rnl_table **table, const char *path,
                                  const rnl_table_options *options);
RNL_API void rnl_table_free(rnl_table **table);
RNL_API rnl_dataset *rnl_table_train(const rnl_table *table);
RNL_API rnl_dataset *rnl_table_test(const rnl_table *table); /* NULL: there is none */
RNL_API const rnl_columns *rnl_table_columns(const rnl_table *table);
RNL_API rnl_prepare rnl_table_prepared(const rnl_table *table); /* never AUTO */
RNL_API size_t rnl_table_missing(const rnl_table *table);       /* cells that were filled in */

/* Another table with a target, as these columns tell; without a scaling. limit 0: all rows. */
RNL_API rnl_status rnl_dataset_read_table(rnl_dataset **set, const char *path,
                                          const rnl_columns *columns, size_t limit);

/* The rows of a table one after the other, as inputs; the target may be missing. Of a pipe each row is
 * given as soon as it has come. Takes memory for the rows of one call and for what a read brings,
 * however long the table is. */
typedef struct rnl_rows rnl_rows;

/* header: 1 yes, -1 no, 0 found. columns: borrowed; scale and shift: [inputs] or NULL, copied. */
RNL_API rnl_status rnl_rows_open(rnl_rows **rows, const char *path, const rnl_columns *columns,
                                 int header, const double *scale, const double *shift);
RNL_API void rnl_rows_free(rnl_rows **rows);
/* x: [room, inputs], of either dtype. *n rows came, at least one unless the table has ended: *n is 0 then.
 * Does not wait for more where one has come. After a failure the *n rows before it are good. */
RNL_API rnl_status rnl_rows_next(rnl_rows *rows, rnl_matrix x, size_t *n);
/* Row i of the last call as it stood in the table, without its line end; i < *n. And the header, NULL where
 * the table has none. Borrowed until the next call. */
RNL_API const char *rnl_rows_line(const rnl_rows *rows, size_t i, size_t *length);
RNL_API const char *rnl_rows_header(const rnl_rows *rows, size_t *length);
RNL_API char rnl_rows_separator(const rnl_rows *rows);
/* So far: cells that were missing, and texts that training did not meet and that counted as missing. */
RNL_API size_t rnl_rows_missing(const rnl_rows *rows);
RNL_API size_t rnl_rows_unknown(const rnl_rows *rows);

/* A PNG or JPEG picture of any size and depth as [channels, height, width] bytes, channels 1 (grey) or 3
 * (colours): upright, as Exif in a JPEG says; CMYK to RGB without a profile; alpha over white, colour to luma for
 * grey, resized by area. dark_on_light true: inverted, so that the strokes are light as in MNIST. The picture keeps
 * its proportions: it is made as large as fits, centred, and what it does not cover is 0. A picture of the wanted
 * size comes out as it is. At most 65,535 pixels a side and 100 million in all. */
RNL_API rnl_status rnl_read_picture(const char *path, size_t channels, size_t height, size_t width,
                                    bool dark_on_light, uint8_t *pixels);
/* The same from a file's bytes; name stands in error texts. */
RNL_API rnl_status rnl_decode_picture(const void *bytes, size_t size, const char *name,
                                      size_t channels, size_t height, size_t width,
                                      bool dark_on_light, uint8_t *pixels);
/* The same of PNG alone, and grey. */
RNL_API rnl_status rnl_read_png(const char *path, size_t height, size_t width, bool dark_on_light,
                                uint8_t *pixels);
RNL_API rnl_status rnl_decode_png(const void *bytes, size_t size, const char *name, size_t height,
                                  size_t width, bool dark_on_light, uint8_t *pixels);
/* [channels, height, width] bytes as a PNG file, of 1 channel (grey) or 3 (colours); written whole or not at all. */
RNL_API rnl_status rnl_write_picture(const char *path, size_t channels, size_t height, size_t width,
                                     const uint8_t *pixels);
/* The same of grey. */
RNL_API rnl_status rnl_write_png(const char *path, size_t height, size_t width,
                                 const uint8_t *pixels);

#endif

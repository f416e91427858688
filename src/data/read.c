/* read.c - data of any kind, told apart by what is in it
 *
 *   folder    with train-images... of MNIST's four files      MNIST
 *             with sub-folders                                pictures: idx.c, pictures.c
 *   93 NUMPY                                                  npy.c
 *   PK 03 04                                                  npz.c
 *   00 00 type rank                                           idx.c
 *   89 PNG, FF D8 FF                                          one picture: no data set
 *   text      whose first line is label index:value ...       svmlight.c
 *             other                                           a table
 *
 * gzip around any file is undone first. Names do not count, but where a text has no line that tells: .svm,
 * .svmlight and .libsvm. */
#include "data/read.h"

#include "base/memory.h"
#include "data/idx.h"
#include "data/npy.h"
#include "data/stream.h"
#include "data/svmlight.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), end = strlen(ending);
    return length > end && strcmp(path + length - end, ending) == 0;
}

static bool begins(const rnl_input *input, const char *bytes, size_t n)
{
    return input->size >= n && memcmp(input->bytes, bytes, n) == 0;
}

rnl_data_format rnl_input_recognise(const rnl_input *input, const char *path)
{
    if (rnl_input_is_npy(input))
        return RNL_FORMAT_NPY;
    if (rnl_input_is_zip(input) || begins(input, "PK\5\6", 4))
        return RNL_FORMAT_NPZ;
    if (begins(input, "\x89PNG", 4) || begins(input, "\xff\xd8\xff", 3))
        return RNL_FORMAT_PICTURE;
    if (begins(input, "\0", 2)) /* no text */
        return RNL_FORMAT_IDX;
    if (rnl_input_is_svmlight(input) || ends_in(path, ".svm") || ends_in(path, ".svmlight") ||
        ends_in(path, ".libsvm"))
        return RNL_FORMAT_SVMLIGHT;
    if (begins(input, "\xff\xfe", 2) ||
        begins(input, "\xfe\xff", 2)) /* UTF-16: its reader says so */
        return RNL_FORMAT_TABLE;
    const size_t look = input->size < 4096 ? input->size : 4096;
    return memchr(input->bytes, 0, look) ? RNL_FORMAT_UNKNOWN : RNL_FORMAT_TABLE;
}

rnl_status rnl_input_unpack(rnl_input *input)
{
    rnl_stream stream;
    void *block = NULL;
    size_t got = 0;
    rnl_status status = rnl_stream_open(&stream, input);
    if (status == RNL_OK)
        status = rnl_stream_read_growing(&stream, SIZE_MAX, &block, &got);
    rnl_stream_close(&stream);
    if (status == RNL_OK && got == 0)
        status = rnl_fail(RNL_ERR_FORMAT, "%s: nothing is in the compressed file", input->name);
    if (status != RNL_OK) {
        rnl_free(block);
        return status;
    }
    const char *name = input->name;
    rnl_input_close(input);
    *input = (rnl_input){.name = name, .bytes = block, .size = got, .block = block};
    return RNL_OK;
}

/* ---- recognising what lies at a path -------------------------------------------------------------------- */

static bool is_mnist(const char *folder)
{
    static const char *const names[] = {"train-images-idx3-ubyte", "train-images.idx3-ubyte",
                                        "t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"};
    char path[4096];
    for (size_t k = 0; k < 8; k++) {
        const int length =
            snprintf(path, sizeof path, "%s/%s%s", folder, names[k / 2], k % 2 ? ".gz" : "");
        if (length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* By the first bytes, decompressed. */
static rnl_status recognise(const rnl_input *input, rnl_data_format *format)
{
    uint8_t front[8192];
    size_t got = 0;
    rnl_stream stream;
    rnl_status status = rnl_stream_open(&stream, input);
    if (status == RNL_OK)
        status = rnl_stream_read(&stream, front, sizeof front, &got);
    rnl_stream_close(&stream);
    RNL_TRY(status);
    const rnl_input begin = {.name = input->name, .bytes = front, .size = got};
    *format = rnl_input_recognise(&begin, input->name);
    return RNL_OK;
}

rnl_status rnl_data_recognise(const char *path, rnl_data_format *format)
{
    RNL_REFUSE_NULL(format, "the place for the format is");
    *format = RNL_FORMAT_UNKNOWN;
    RNL_REFUSE_NULL(path, "the path is");
    struct stat about;
    rnl_input input;
    RNL_FAIL_IF(stat(path, &about) != 0, RNL_ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode)) {
        *format = is_mnist(path) ? RNL_FORMAT_MNIST : RNL_FORMAT_PICTURES;
        return RNL_OK;
    }
    if (!S_ISREG(about.st_mode)) { /* a pipe can be read once only: tables alone come through one */
        *format = RNL_FORMAT_TABLE;
        return RNL_OK;
    }
    RNL_TRY(rnl_input_open(&input, path, true));
    const rnl_status status = recognise(&input, format);
    rnl_input_close(&input);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------------------- */

/* IDX tells its size first, and is unpacked as it is read; what else is compressed is unpacked here. */
static rnl_status prepare(rnl_input *input, rnl_data_format *format)
{
    if (rnl_input_is_gzip(input)) {
        RNL_TRY(recognise(input, format));
        if (*format == RNL_FORMAT_IDX)
            return RNL_OK;
        RNL_TRY(rnl_input_unpack(input));
    }
    *format = rnl_input_recognise(input, input->name);
    return RNL_OK;
}

/* y: labels, or empty. */
static rnl_status decode(rnl_dataset **set, rnl_input *x, rnl_input *y, rnl_data_part part,
                         const rnl_data_options *options)
{
    rnl_data_format format, format_y = RNL_FORMAT_UNKNOWN;
    const bool with = y->size > 0;
    RNL_TRY(prepare(x, &format));
    RNL_FAIL_IF(with && format != RNL_FORMAT_NPY && format != RNL_FORMAT_IDX, RNL_ERR_USAGE,
                "%s: a file of labels goes with an IDX or npy file, but %s is none", y->name,
                x->name);
    if (with)
        RNL_TRY(prepare(y, &format_y));
    RNL_FAIL_IF(with && format_y != format, RNL_ERR_FORMAT,
                "%s: expected labels in the same format as %s: %s", y->name, x->name,
                format == RNL_FORMAT_NPY ? "npy" : "IDX");
    if (part == RNL_PART_TEST && format != RNL_FORMAT_NPZ)
        return RNL_OK;
    switch (format) {
    case RNL_FORMAT_NPY: return rnl_npy_decode(set, x, with ? y : NULL, options);
    case RNL_FORMAT_NPZ: return rnl_npz_decode(set, x, part == RNL_PART_TEST, options);
    case RNL_FORMAT_IDX: return rnl_idx_decode(set, x, with ? y : NULL, options);
    case RNL_FORMAT_SVMLIGHT: return rnl_svmlight_decode(set, x, options);
    case RNL_FORMAT_PICTURE:
        return rnl_fail(
            RNL_ERR_FORMAT,
            "%s is one picture, expected a folder with a sub-folder of pictures for each class",
            x->name);
    case RNL_FORMAT_TABLE:
        return rnl_fail(RNL_ERR_FORMAT, "%s is a table: rnl_table_read reads it", x->name);
    default:
        return rnl_fail(
            RNL_ERR_FORMAT,
            "%s: no data set that is known here: expected IDX, npy, npz, svmlight or a table",
            x->name);
    }
}

rnl_status rnl_dataset_read(rnl_dataset **set, const char *path, const char *labels_path,
                            rnl_data_part part, const rnl_data_options *options)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(path, "the path is");
    struct stat about;
    rnl_input x = {0}, y = {0};
    RNL_FAIL_IF(stat(path, &about) != 0, RNL_ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode)) {
        RNL_FAIL_IF(labels_path, RNL_ERR_USAGE, "%s: a folder has its labels in it", path);
        return is_mnist(path)
                   ? rnl_dataset_read_mnist(set, path, part == RNL_PART_TRAIN, options)
                   : rnl_dataset_read_pictures(set, path, part == RNL_PART_TEST, options);
    }
    rnl_status status = rnl_input_open(&x, path, true);
    if (status == RNL_OK && labels_path)
        status = rnl_input_open(&y, labels_path, true);
    if (status == RNL_OK)
        status = decode(set, &x, &y, part, options);
    rnl_input_close(&x);
    rnl_input_close(&y);
    if (status != RNL_OK)
        rnl_dataset_free(set);
    return status;
}

rnl_status rnl_dataset_decode(rnl_dataset **set, const void *bytes, size_t size, const char *name,
                              const rnl_data_options *options)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(bytes, "the array of bytes is");
    RNL_REFUSE_NULL(name, "the name is");
    rnl_input x = {.name = name, .bytes = bytes, .size = size}, none = {0};
    const rnl_status status = decode(set, &x, &none, RNL_PART_TRAIN, options);
    rnl_input_close(&x);
    return status;
}

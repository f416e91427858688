/* idx.c - IDX files, the format of MNIST, and with numbers of any kind
 *
 *   file   = 00 00 type rank dim{rank} element{dim * ... * dim}
 *   type   = 08 u8 | 09 s8 | 0B s16 | 0C s32 | 0D f32 | 0E f64     one byte
 *   rank   = 1 ...                                                 one byte
 *   dim    = u32
 *   u32 and elements are big-endian; the last dimension runs fastest; nothing follows.
 *
 * Inputs: rank 2 [n, features], 3 [n, height, width] or 4 [n, channels, height, width].
 * Labels: rank 1 [n]; see labels.c. The whole may be compressed with gzip.
 *
 * A plain file must be as long as its header says before anything is allocated. A compressed one
 * does not tell its length truly, so memory for it grows with the data that do come out: whatever
 * the header claims, it takes at most 8 times the file's size or 3 times what came out of it. */
#include "data/idx.h"

#include "base/memory.h"
#include "data/array.h"
#include "data/class_list.h"
#include "data/stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RANK_MAX = 4 };

typedef struct idx {
    rnl_stream stream; /* stands behind the header */
    rnl_element element;
    size_t rank, dims[RANK_MAX];
    size_t size; /* bytes that follow the header */
} idx;

/* ---- the header ----------------------------------------------------------------------------------- */

/* "60000 x 28 x 28" */
static const char *dims_text(const idx *f, char text[RANK_MAX * 24])
{
    size_t at = 0;
    for (size_t k = 0; k < f->rank; k++)
        at += (size_t)snprintf(text + at, RANK_MAX * 24 - at, "%s%zu", k ? " x " : "", f->dims[k]);
    return text;
}

/* n bytes of the header. */
static rnl_status read_header(idx *f, uint8_t *to, size_t n)
{
    size_t got;
    RNL_TRY(rnl_stream_read(&f->stream, to, n, &got));
    RNL_FAIL_IF(got < n, RNL_ERR_FORMAT, "%s: the data end after %zu bytes, inside the IDX header",
                f->stream.input->name, f->stream.at);
    return RNL_OK;
}

static rnl_element element_of(uint8_t type)
{
    static const rnl_element_kind kinds[] = {
        [0x08] = RNL_U8,  [0x09] = RNL_I8,    [0x0a] = RNL_ELEMENT_KINDS, [0x0b] = RNL_I16,
        [0x0c] = RNL_I32, [0x0d] = RNL_FLOAT, [0x0e] = RNL_DOUBLE};
    const bool known = type >= 0x08 && type < sizeof kinds / sizeof kinds[0];
    return (rnl_element){known ? kinds[type] : RNL_ELEMENT_KINDS,
                         type > 0x09 && rnl_little_endian()};
}

static rnl_status check_magic(const idx *f, const uint8_t magic[4], size_t rank_min,
                              size_t rank_max)
{
    const char *name = f->stream.input->name;
    RNL_FAIL_IF(magic[0] != 0 || magic[1] != 0 || element_of(magic[2]).kind == RNL_ELEMENT_KINDS,
                RNL_ERR_FORMAT,
                "%s is no IDX file: it begins with the bytes %02X %02X %02X %02X, expected %s",
                name, magic[0], magic[1], magic[2], magic[3],
                rank_max == 1 ? "00 00 08 01 (labels)" : "00 00 08 03 (images)");
    RNL_FAIL_IF(magic[3] < rank_min || magic[3] > rank_max, RNL_ERR_FORMAT,
                "%s: an IDX file with %d dimension%s, expected %s%s", name, magic[3],
                magic[3] == 1 ? "" : "s", rank_max == 1 ? "1 for labels" : "2 to 4 for images",
                magic[3] == 1 ? " (1 is for labels)" : "");
    return RNL_OK;
}

/* Opens the stream and reads the header; the caller closes the stream in any case. */
static rnl_status open_idx(idx *f, const rnl_input *input, size_t rank_min, size_t rank_max)
{
    uint8_t magic[4], raw[4 * RANK_MAX];
    char text[RANK_MAX * 24];
    RNL_TRY(rnl_stream_open(&f->stream, input));
    RNL_TRY(read_header(f, magic, sizeof magic));
    RNL_TRY(check_magic(f, magic, rank_min, rank_max));
    f->rank = magic[3];
    f->element = element_of(magic[2]);
    RNL_TRY(read_header(f, raw, 4 * f->rank));
    f->size = rnl_element_size(f->element);
    bool fits = true, none = false;
    for (size_t k = 0; k < f->rank; k++) {
        const uint8_t *d = raw + 4 * k;
        f->dims[k] = (size_t)d[0] << 24 | (size_t)d[1] << 16 | (size_t)d[2] << 8 | d[3];
        none |= f->dims[k] == 0;
        fits = fits && rnl_mul_size(f->size, f->dims[k], &f->size);
    }
    RNL_FAIL_IF(none, RNL_ERR_FORMAT, "%s: no data: the header says %s", input->name,
                dims_text(f, text));
    RNL_FAIL_IF(!fits || f->size > SIZE_MAX / 8, RNL_ERR_FORMAT,
                "%s: the header says %s, more than this machine can address", input->name,
                dims_text(f, text));
    size_t left = input->size - f->stream.at; /* of a plain file */
    RNL_FAIL_IF(!f->stream.gzip && left != f->size, RNL_ERR_FORMAT,
                "%s: the header says %s, %zu bytes, but %zu bytes follow it", input->name,
                dims_text(f, text), f->size, left);
    return RNL_OK;
}

/* ---- the elements ------------------------------------------------------------------------------------ */

/* Reads on to the end, keeping nothing: n bytes must come, and no more. `before` came already. */
static rnl_status read_rest(idx *f, size_t before)
{
    uint8_t scratch[16384];
    char text[RANK_MAX * 24];
    size_t some, total = before;
    do {
        RNL_TRY(rnl_stream_read(&f->stream, scratch, sizeof scratch, &some));
        total += some;
    } while (some == sizeof scratch && total <= f->size);
    RNL_FAIL_IF(total < f->size, RNL_ERR_FORMAT,
                "%s: the header says %s, %zu bytes, but the decompressed data end after %zu",
                f->stream.input->name, dims_text(f, text), f->size, total);
    RNL_FAIL_IF(total > f->size, RNL_ERR_FORMAT,
                "%s: the header says %s, %zu bytes, but the decompressed data go on behind them",
                f->stream.input->name, dims_text(f, text), f->size);
    return RNL_OK;
}

/* The first n elements into a new block, the others looked at and left. */
static rnl_status read_elements(idx *f, size_t n, void **block)
{
    size_t got;
    RNL_TRY(rnl_stream_read_growing(&f->stream, n, block, &got));
    return read_rest(f, got);
}

/* ---- the two files of a set ---------------------------------------------------------------------------- */

static size_t limited(size_t n, const rnl_data_options *options)
{
    return options->limit && options->limit < n ? options->limit : n;
}

static rnl_status read_images(rnl_dataset *set, idx *f, rnl_input *input,
                              const rnl_data_options *options)
{
    RNL_TRY(open_idx(f, input, 2, RANK_MAX));
    rnl_dataset_info *info = &set->info;
    const size_t *last = f->dims + f->rank - 1;
    const size_t row = f->size / f->dims[0], size = rnl_element_size(f->element);
    info->n = limited(f->dims[0], options);
    info->features = row / size;
    info->width = options->flatten ? info->features : last[0];
    info->height = options->flatten || f->rank < 3 ? 1 : last[-1];
    info->channels = options->flatten || f->rank < 4 ? 1 : last[-2];
    const uint8_t *stored = input->bytes + f->stream.at;
    if (f->stream.gzip) {
        RNL_TRY(read_elements(f, info->n * row, &set->owned[0]));
        stored = set->owned[0];
    }
    if (f->element.kind == RNL_U8) {
        set->bytes = stored;
        info->scale = options->normalize ? 1.0 / 255 : 1;
    } else {
        set->raw = stored;
        set->element = f->element;
    }
    return RNL_OK;
}

/* All labels of the file, though the set may be limited: what is wrong behind the limit is wrong. */
static rnl_status read_labels(rnl_dataset *set, idx *f, const rnl_input *input, size_t images,
                              const char *images_name, const rnl_data_options *options, void **raw)
{
    RNL_TRY(open_idx(f, input, 1, 1));
    size_t n = f->dims[0];
    RNL_FAIL_IF(n != images, RNL_ERR_FORMAT, "%s has %zu labels, but %s has %zu images",
                input->name, n, images_name, images);
    RNL_TRY(read_elements(f, f->size, raw));
    const rnl_array y = {.name = input->name,
                         .element = f->element,
                         .rank = 1,
                         .dims = {n},
                         .count = n,
                         .bytes = *raw};
    return rnl_dataset_set_labels(set, &y, options);
}

rnl_status rnl_idx_decode(rnl_dataset **set, rnl_input *images, const rnl_input *labels,
                          const rnl_data_options *options)
{
    rnl_data_options standard = rnl_data_options_default();
    idx x = {0}, t = {0};
    void *raw = NULL;
    options = options ? options : &standard;
    RNL_TRY(rnl_dataset_new(set));
    rnl_status status = read_images(*set, &x, images, options);
    if (status == RNL_OK && labels)
        status = read_labels(*set, &t, labels, x.dims[0], images->name, options, &raw);
    rnl_free(raw);
    rnl_stream_close(&x.stream);
    rnl_stream_close(&t.stream);
    if (status != RNL_OK) {
        rnl_dataset_free(set);
        return status;
    }
    (*set)->info.one_hot = options->one_hot && (*set)->classes;
    if (!(*set)->owned[0])
        status = rnl_dataset_take_input(*set, images);
    if (status != RNL_OK)
        rnl_dataset_free(set);
    return status;
}

static rnl_status read_files(rnl_dataset **set, const char *images_path, const char *labels_path,
                             const rnl_data_options *options)
{
    rnl_input images = {0}, labels = {0};
    rnl_status status = rnl_input_open(&images, images_path, true);
    if (status == RNL_OK && labels_path)
        status = rnl_input_open(&labels, labels_path, false);
    if (status == RNL_OK)
        status = rnl_idx_decode(set, &images, labels_path ? &labels : NULL, options);
    rnl_input_close(&images);
    rnl_input_close(&labels);
    return status;
}

rnl_status rnl_dataset_read_idx(rnl_dataset **set, const char *images_path, const char *labels_path,
                                const rnl_data_options *options)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(images_path, "the path of the images is");
    return read_files(set, images_path, labels_path, options);
}

/* ---- MNIST's folder ---------------------------------------------------------------------------------------- */

/* The path of the first of the usual names that exists, from rnl_alloc. */
static rnl_status find_mnist(char **path, const char *folder, bool train, const char *kind,
                             int rank)
{
    static const char *const names[] = {"-", "", ".", "", "-", ".gz", ".", ".gz"};
    const char *part = train ? "train" : "t10k";
    size_t room = strlen(folder) + 48;
    *path = rnl_alloc(room, 1);
    if (!*path)
        return RNL_ERR_MEMORY;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k += 2) {
        snprintf(*path, room, "%s/%s-%s%sidx%d-ubyte%s", folder, part, kind, names[k], rank,
                 names[k + 1]);
        if (access(*path, F_OK) == 0)
            return RNL_OK;
    }
    return rnl_fail(RNL_ERR_IO, "%s: no file %s-%s-idx%d-ubyte, plain or .gz, in this folder",
                    folder, part, kind, rank);
}

rnl_status rnl_dataset_read_mnist(rnl_dataset **set, const char *folder, bool train,
                                  const rnl_data_options *options)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    RNL_REFUSE_NULL(folder, "the path of the folder is");
    RNL_FAIL_IF(access(folder, F_OK) != 0, RNL_ERR_IO, "%s: %s", folder, strerror(errno));
    rnl_data_options ten = options ? *options : rnl_data_options_default();
    ten.class_count = 10;
    char *images = NULL, *labels = NULL;
    rnl_status status = find_mnist(&images, folder, train, "images", 3);
    if (status == RNL_OK)
        status = find_mnist(&labels, folder, train, "labels", 1);
    if (status == RNL_OK)
        status = read_files(set, images, labels, &ten);
    rnl_free(images);
    rnl_free(labels);
    return status;
}

/* safetensors.h - tensors in a file, by name; knows nothing of networks
 *
 *     file     = length header data
 *     length   = the header's length in bytes: 64 bits, little-endian, at most 100,000,000
 *     header   = a JSON object, one member per tensor and perhaps "__metadata__"; may end in blanks
 *     tensor   = "<name>": {"dtype": "F32", "shape": [50, 784], "data_offsets": [begin, end]}
 *     metadata = "__metadata__": {"<key>": "<text>", ...}
 *     data     = the tensors' numbers, row-major, little-endian; begin and end count from its start
 *
 * The tensors fill the data without holes or overlap, and each is as long as its shape says. A shape
 * [] is a single number, a dimension 0 is legal. NaN and infinities are legal here.
 *
 * Stricter than the reference in one point: members of a tensor other than these three are refused,
 * as they could only mean something that we would not heed.
 *
 * Memory: the lists come from rnl_alloc, the JSON tree from jansson, which takes it from malloc; its
 * allocator belongs to the whole process, so a library leaves it alone. All of it together is at most
 * 64 times the header's length, whatever the header says. */
#ifndef RNL_MODEL_SAFETENSORS_H
#define RNL_MODEL_SAFETENSORS_H

#include "base/file.h"

typedef struct rnl_tensor {
    const char *name;
    const char *dtype;         /* "F32"; one of the format's names */
    size_t rank;               /* 0: a single number */
    const size_t *shape;       /* [rank] */
    size_t count, bytes;       /* numbers, and bytes they take */
    const unsigned char *data; /* not aligned */
} rnl_tensor;

typedef struct rnl_tensor_note {
    const char *key, *value;
} rnl_tensor_note;

typedef struct rnl_tensor_file {
    rnl_tensor *tensors; /* in the order of their data */
    size_t count;
    rnl_tensor_note *notes; /* "__metadata__", in the file's order */
    size_t note_count;
    /* what the above borrows from */
    struct json_t *json;
    size_t *shapes;
} rnl_tensor_file;

/* From a whole file in memory, which is borrowed: it must outlive the result. All names and texts are
 * valid UTF-8. Error texts come without the file's name: see rnl_fail_prefix. */
rnl_status rnl_tensor_file_parse(rnl_tensor_file *file, const void *bytes, size_t size);
void rnl_tensor_file_free(rnl_tensor_file *file);

/* NULL where there is none. */
const rnl_tensor *rnl_tensor_find(const rnl_tensor_file *file, const char *name);
const char *rnl_tensor_file_note(const rnl_tensor_file *file, const char *key);

/* Can rnl_tensor_read read it? F64, F32, F16 and BF16, that is. */
bool rnl_tensor_readable(const rnl_tensor *tensor);
/* numbers: [count], the elements first, first + 1, ... as they are: double holds each type exactly. */
void rnl_tensor_read(const rnl_tensor *tensor, size_t first, size_t count, double *numbers);

/* For messages: a shape as "[50, 784]"; a name from a file in double quotes, without control
 * characters, cut where it is long. */
typedef struct rnl_shown {
    char text[80];
} rnl_shown;

rnl_shown rnl_show_shape(size_t rank, const size_t *shape);
rnl_shown rnl_show_name(const char *name);

/* Everything before the data. The tensors (name, dtype, rank and shape count) lie in the data in the
 * order given; the notes are sorted by key: the same content makes the same bytes. The header is
 * padded so that the data begins at a multiple of 8. RNL_ERR_USAGE: names or keys that are given
 * twice, text that is no UTF-8. */
rnl_status rnl_tensor_write_header(rnl_output *out, const rnl_tensor *tensors, size_t count,
                                   const rnl_tensor_note *notes, size_t note_count);
/* The next numbers of the data, as F32 (rounded) or F64. */
rnl_status rnl_tensor_write(rnl_output *out, rnl_dtype dtype, const double *numbers, size_t count);

#endif

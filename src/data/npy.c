/* npy.c - numpy's files of one array
 *
 *   file    = 93 "NUMPY" version length header data
 *   version = 01 00 | 02 00 | 03 00
 *   length  = u16 for version 1, u32 for the others, little-endian: of the header
 *   header  = a Python dictionary as numpy writes it, in ASCII (version 3: UTF-8), blanks, '\n':
 *             { 'descr': descr, 'fortran_order': True | False, 'shape': shape [,] }      in any order
 *   descr   = a text in quotes: order kind size      order < > | =   kind b i u f   size 1 2 4 8
 *   shape   = () | ( number , ) | ( number { , number } [,] )
 *   data    = the elements, as long as descr and shape say; nothing follows
 *
 * Other kinds are refused by name: complex numbers, texts, dates, records, and Python's objects ('|O'),
 * which are programs to run and no numbers to read. Takes no memory. */
#include "data/npy.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MAGIC = 6, NAME_MAX_SHOWN = 48 };

bool rnl_input_is_npy(const rnl_input *input)
{
    return input->size >= MAGIC && memcmp(input->bytes, "\x93NUMPY", MAGIC) == 0;
}

/* ---- the header's dictionary ------------------------------------------------------------------------- */

typedef struct scan {
    const char *name;
    const char *begin, *at, *end;
} scan;

static rnl_status unexpected(const scan *s, const char *expected)
{
    return rnl_fail(RNL_ERR_FORMAT,
                    "%s: the npy header is not as numpy writes it: expected %s at its byte %zu",
                    s->name, expected, (size_t)(s->at - s->begin));
}

static void skip_blanks(scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t'))
        s->at++;
}

/* Takes c, with blanks before it. */
static bool take(scan *s, char c)
{
    skip_blanks(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool take_word(scan *s, const char *word)
{
    const size_t length = strlen(word);
    skip_blanks(s);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
        return false;
    s->at += length;
    return true;
}

/* 'text' or "text", without escapes, which numpy never needs. */
static rnl_status take_text(scan *s, const char **text, size_t *length)
{
    skip_blanks(s);
    if (s->at == s->end || (*s->at != '\'' && *s->at != '"'))
        return unexpected(s, "a text in quotes");
    const char quote = *s->at++;
    const char *close = memchr(s->at, quote, (size_t)(s->end - s->at));
    if (!close)
        return unexpected(s, "a text that ends");
    *text = s->at;
    *length = (size_t)(close - s->at);
    s->at = close + 1;
    return RNL_OK;
}

static rnl_status take_size(scan *s, size_t *size)
{
    skip_blanks(s);
    if (s->at == s->end || *s->at < '0' || *s->at > '9')
        return unexpected(s, "a number");
    for (*size = 0; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++)
        RNL_FAIL_IF(
            !rnl_mul_size(*size, 10, size) || !rnl_add_size(*size, (size_t)(*s->at - '0'), size),
            RNL_ERR_FORMAT, "%s: a dimension is more than this machine can address", s->name);
    if (s->at < s->end && *s->at == 'L') /* of Python 2 */
        s->at++;
    return RNL_OK;
}

static rnl_status take_shape(scan *s, rnl_array *array)
{
    if (!take(s, '('))
        return unexpected(s, "a shape in parentheses");
    array->rank = 0;
    while (!take(s, ')')) {
        RNL_FAIL_IF(array->rank == RNL_RANK_MAX, RNL_ERR_UNSUPPORTED,
                    "%s: an array of more than %d dimensions", s->name, RNL_RANK_MAX);
        RNL_TRY(take_size(s, &array->dims[array->rank++]));
        if (!take(s, ',')) {
            if (array->rank < 2 || !take(s, ')'))
                return unexpected(s, "a comma");
            break;
        }
    }
    return RNL_OK;
}

static rnl_status read_descr(rnl_array *array, const char *text, size_t length)
{
    static const struct {
        char kind, size;
        rnl_element_kind element;
    } known[] = {
        {'b', '1', RNL_BOOL}, {'u', '1', RNL_U8},   {'i', '1', RNL_I8},    {'u', '2', RNL_U16},
        {'i', '2', RNL_I16},  {'u', '4', RNL_U32},  {'i', '4', RNL_I32},   {'u', '8', RNL_U64},
        {'i', '8', RNL_I64},  {'f', '2', RNL_HALF}, {'f', '4', RNL_FLOAT}, {'f', '8', RNL_DOUBLE},
    };
    char shown[NAME_MAX_SHOWN];
    snprintf(shown, sizeof shown, "%.*s", (int)(length < 40 ? length : 40), text);
    rnl_text_clean(shown, sizeof shown, shown);
    RNL_FAIL_IF(length >= 2 && memchr("<>|=", text[0], 4) && text[1] == 'O', RNL_ERR_UNSUPPORTED,
                "%s: an array of Python objects, expected numbers: save it with a type, "
                "x.astype('float32')",
                array->name);
    for (size_t k = 0; length == 3 && k < sizeof known / sizeof known[0]; k++) {
        if (text[1] != known[k].kind || text[2] != known[k].size)
            continue;
        array->element.kind = known[k].element;
        array->element.swapped = text[0] == (rnl_little_endian() ? '>' : '<') && text[2] != '1';
        if (memchr("<>=", text[0], 3) || (text[0] == '|' && text[2] == '1'))
            return RNL_OK;
    }
    return rnl_fail(
        RNL_ERR_UNSUPPORTED,
        "%s: elements of the type '%s', expected numbers: bool, integers of 8 to 64 bits, "
        "floats of 16 to 64",
        array->name, shown);
}

static rnl_status read_dictionary(scan *s, rnl_array *array)
{
    enum { DESCR = 1, ORDER = 2, SHAPE = 4, ALL = 7 };
    unsigned seen = 0;
    if (!take(s, '{'))
        return unexpected(s, "{");
    while (!take(s, '}')) {
        const char *key, *text;
        size_t length, text_length;
        RNL_TRY(take_text(s, &key, &length));
        const unsigned which = length == 5 && memcmp(key, "descr", 5) == 0             ? DESCR
                               : length == 13 && memcmp(key, "fortran_order", 13) == 0 ? ORDER
                               : length == 5 && memcmp(key, "shape", 5) == 0           ? SHAPE
                                                                                       : 0;
        if (!which || seen & which) {
            s->at = key - 1; /* its quote */
            return unexpected(s, "'descr', 'fortran_order' or 'shape', each once,");
        }
        seen |= which;
        if (!take(s, ':'))
            return unexpected(s, ":");
        skip_blanks(s);
        if (which == DESCR) {
            RNL_FAIL_IF(s->at < s->end && *s->at == '[', RNL_ERR_UNSUPPORTED,
                        "%s: an array of records, expected an array of numbers", s->name);
            RNL_TRY(take_text(s, &text, &text_length));
            RNL_TRY(read_descr(array, text, text_length));
        } else if (which == SHAPE) {
            RNL_TRY(take_shape(s, array));
        } else {
            array->fortran = take_word(s, "True");
            if (!array->fortran && !take_word(s, "False"))
                return unexpected(s, "True or False");
        }
        if (!take(s, ',')) {
            if (!take(s, '}'))
                return unexpected(s, "a comma or }");
            break;
        }
    }
    skip_blanks(s);
    if (s->at != s->end || seen != ALL)
        return unexpected(s, "'descr', 'fortran_order', 'shape' and nothing else");
    return RNL_OK;
}

/* ---- the file ----------------------------------------------------------------------------------------- */

static rnl_status check_size(const rnl_array *array, size_t left)
{
    char text[RNL_DIMS_SHOWN];
    size_t size;
    RNL_FAIL_IF(!rnl_mul_size(array->count, rnl_element_size(array->element), &size) ||
                    size != left,
                RNL_ERR_FORMAT, "%s: the header says %s of the type %s, but %zu bytes follow it",
                array->name, rnl_array_dims(array, text), rnl_element_name(array->element), left);
    return RNL_OK;
}

rnl_status rnl_npy_parse(rnl_array *array, const rnl_input *input)
{
    const uint8_t *b = input->bytes;
    *array = (rnl_array){.name = input->name, .count = 1};
    RNL_FAIL_IF(!rnl_input_is_npy(input), RNL_ERR_FORMAT, "%s is no npy file", input->name);
    RNL_FAIL_IF(input->size < MAGIC + 4, RNL_ERR_FORMAT,
                "%s: the file ends after %zu bytes, in front of the npy header", input->name,
                input->size);
    RNL_FAIL_IF(b[6] < 1 || b[6] > 3 || b[7] != 0, RNL_ERR_UNSUPPORTED,
                "%s: an npy file of version %d.%d, expected 1.0, 2.0 or 3.0", input->name, b[6],
                b[7]);
    const size_t front = b[6] == 1 ? MAGIC + 4 : MAGIC + 6;
    size_t length = b[8] | (size_t)b[9] << 8;
    if (b[6] > 1 && input->size >= front)
        length |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
    RNL_FAIL_IF(input->size < front || length > input->size - front, RNL_ERR_FORMAT,
                "%s: the file ends after %zu bytes, inside the npy header", input->name,
                input->size);
    const char *text = (const char *)b + front;
    scan s = {input->name, text, text, text + length};
    RNL_TRY(read_dictionary(&s, array));
    for (size_t k = 0; k < array->rank; k++) {
        char dims[RNL_DIMS_SHOWN];
        RNL_FAIL_IF(!rnl_mul_size(array->count, array->dims[k], &array->count), RNL_ERR_FORMAT,
                    "%s: the header says %s, more than this machine can address", input->name,
                    rnl_array_dims(array, dims));
    }
    array->bytes = b + front + length;
    return check_size(array, input->size - front - length);
}

rnl_status rnl_npy_decode(rnl_dataset **set, rnl_input *x, const rnl_input *y,
                          const rnl_data_options *options)
{
    rnl_array inputs, labels;
    *set = NULL;
    RNL_TRY(rnl_npy_parse(&inputs, x));
    if (y)
        RNL_TRY(rnl_npy_parse(&labels, y));
    rnl_backing backing = {.input = *x};
    RNL_TRY(rnl_dataset_from_array(set, &inputs, &backing, y ? &labels : NULL, options));
    *x = (rnl_input){0};
    return RNL_OK;
}

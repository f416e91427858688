/* load.c - a network from a model file: everything is compared before memory is taken for it */
#include "model/model.h"

#include "base/matrix.h"
#include "base/text.h"
#include "model/safetensors.h"
#include "net/net.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LISTED = 8 };

/* ---- for messages ----------------------------------------------------------------------------------- */

static rnl_shown show_net(const rnl_net *net)
{
    return rnl_show_name(rnl_net_description(net));
}

static void list_one(rnl_text *text, size_t i, size_t count, const char *name, size_t rank,
                     const size_t *shape)
{
    if (i < LISTED)
        rnl_text_add(text, "%s%s %s", i ? ", " : "", rnl_show_name(name).text,
                     rnl_show_shape(rank, shape).text);
    else if (i == LISTED)
        rnl_text_add(text, ", ... (%zu in all)", count);
}

/* The sentence, with what the file or the network holds at its end. */
static rnl_status fail_listing(rnl_status status, const rnl_text *sentence, const rnl_text *list)
{
    if (sentence->failed || list->failed)
        return RNL_ERR_MEMORY;
    return rnl_fail(status, "%s%s", sentence->at, list->at ? list->at : "no tensor");
}

static rnl_status fail_with_tensors_of_file(rnl_status status, rnl_text *sentence,
                                            const rnl_tensor_file *file)
{
    rnl_text list = {0};
    for (size_t i = 0; i < file->count && i <= LISTED; i++)
        list_one(&list, i, file->count, file->tensors[i].name, file->tensors[i].rank,
                 file->tensors[i].shape);
    status = fail_listing(status, sentence, &list);
    rnl_free(list.at);
    rnl_free(sentence->at);
    return status;
}

static rnl_status fail_with_tensors_of_net(rnl_status status, rnl_text *sentence,
                                           const rnl_net *net)
{
    rnl_text list = {0};
    const size_t count = rnl_stored_count(net);
    for (size_t i = 0; i < count && i <= LISTED; i++) {
        const rnl_stored s = rnl_stored_block(net, i);
        list_one(&list, i, count, s.key, s.rank, s.shape);
    }
    status = fail_listing(status, sentence, &list);
    rnl_free(list.at);
    rnl_free(sentence->at);
    return status;
}

/* ---- which network the file holds ------------------------------------------------------------------- */

/* Digits alone, at least 1. */
static bool parse_count(const char *text, size_t *count)
{
    *count = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' || !rnl_mul_size(*count, 10, count) ||
            !rnl_add_size(*count, (size_t)(*text - '0'), count))
            return false;
    return *count > 0;
}

/* "<number>.weight" -> the number; false for every other name. */
static bool weight_index(const char *name, size_t *index)
{
    char digits[16];
    const char *dot = strchr(name, '.');
    if (!dot || strcmp(dot, ".weight") != 0 || (size_t)(dot - name) >= sizeof digits)
        return false;
    memcpy(digits, name, (size_t)(dot - name));
    digits[dot - name] = '\0';
    return parse_count(digits, index) || strcmp(digits, "0") == 0;
}

/* The weights of the first and of the last layer that has any; NULL where there is none. */
static void find_ends(const rnl_tensor_file *file, const rnl_tensor **first,
                      const rnl_tensor **last)
{
    size_t lowest = 0, highest = 0;
    *first = *last = NULL;
    for (size_t i = 0; i < file->count; i++) {
        const rnl_tensor *t = &file->tensors[i];
        size_t index;
        if (t->rank == 0 || t->rank > 2 || !weight_index(t->name, &index))
            continue;
        if (!*first || index < lowest)
            *first = t, lowest = index;
        if (!*last || index > highest)
            *last = t, highest = index;
    }
}

/* A file of another program tells its widths by its weights: [out, in], or [width]. */
static rnl_status read_widths(const rnl_tensor_file *file, size_t *inputs, size_t *outputs)
{
    const char *note = rnl_tensor_file_note(file, "runnel.inputs");
    const rnl_tensor *first, *last;
    find_ends(file, &first, &last);
    *outputs = last ? last->shape[0] : 0;
    if (note) {
        RNL_FAIL_IF(!parse_count(note, inputs), RNL_ERR_FORMAT,
                    "runnel.inputs is %s, and no number from 1 on", rnl_show_name(note).text);
        return RNL_OK;
    }
    *inputs = first ? first->shape[first->rank - 1] : 0;
    if (*inputs > 0)
        return RNL_OK;
    rnl_text sentence = {0};
    rnl_text_add(&sentence, "the number of inputs is not known: \"0.weight\", or the weight of the "
                            "first layer that has one, would tell it; the file has ");
    return fail_with_tensors_of_file(RNL_ERR_FORMAT, &sentence, file);
}

static rnl_dtype widest(const rnl_tensor_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].dtype, "F64") == 0)
            return RNL_F64;
    return RNL_F32;
}

/* The network that the file's own description speaks of. */
static rnl_status plan_own(rnl_net **net, const char *description, const rnl_net_config *config)
{
    for (const char *c = description; *c; c++)
        RNL_FAIL_IF((unsigned char)*c < ' ' || *c == 0x7f, RNL_ERR_FORMAT,
                    "runnel.net has a control character");
    const rnl_status status = rnl_net_plan(net, description, config);
    if (status != RNL_ERR_USAGE && status != RNL_ERR_SHAPE)
        return status;
    return rnl_fail_prefix(RNL_ERR_FORMAT, "runnel.net");
}

/* The network that the caller speaks of; a last affine layer may leave its width to the file. */
static rnl_status plan_wanted(rnl_net **net, const char *description, rnl_net_config config,
                              size_t outputs)
{
    rnl_status status = rnl_net_plan(net, description, &config);
    if (status == RNL_ERR_USAGE && outputs > 0) {
        config.outputs = outputs;
        status = rnl_net_plan(net, description, &config);
    }
    return status;
}

static rnl_status check_same(const rnl_net *net, const char *own, const rnl_net_config *config)
{
    rnl_net *other;
    RNL_TRY(plan_own(&other, own, config));
    rnl_status status = RNL_OK;
    if (strcmp(rnl_net_description(net), rnl_net_description(other)) != 0)
        status = rnl_fail(RNL_ERR_USAGE, "holds the network %s, and %s was asked for",
                          show_net(other).text, show_net(net).text);
    rnl_net_free(&other);
    return status;
}

static rnl_status plan(rnl_net **net, const rnl_tensor_file *file, const char *wanted,
                       const rnl_net_config *config)
{
    const char *own = rnl_tensor_file_note(file, "runnel.net");
    if (!own && !wanted) {
        rnl_text sentence = {0};
        rnl_text_add(&sentence,
                     "does not say which network it holds, as PyTorch's files do not: name the "
                     "layers (for example \"affine 50, relu, affine 10\"); the file has ");
        return fail_with_tensors_of_file(RNL_ERR_USAGE, &sentence, file);
    }
    size_t outputs;
    rnl_net_config c = {.dtype = config ? config->dtype : widest(file),
                        .backend = config ? config->backend : NULL};
    RNL_TRY(read_widths(file, &c.inputs, &outputs));
    RNL_TRY(wanted ? plan_wanted(net, wanted, c, outputs) : plan_own(net, own, &c));
    return wanted && own ? check_same(*net, own, &c) : RNL_OK;
}

/* ---- its tensors ------------------------------------------------------------------------------------ */

static bool has_block(const rnl_net *net, const char *key)
{
    for (size_t i = 0; i < rnl_stored_count(net); i++)
        if (strcmp(rnl_stored_block(net, i).key, key) == 0)
            return true;
    return false;
}

static rnl_status check_block(const rnl_net *net, const rnl_stored *s, const rnl_tensor_file *file)
{
    const rnl_tensor *t = rnl_tensor_find(file, s->key);
    if (!t) {
        rnl_text sentence = {0};
        rnl_text_add(&sentence, "\"%s\" %s is missing: the network %s needs it; the file has ",
                     s->key, rnl_show_shape(s->rank, s->shape).text, show_net(net).text);
        return fail_with_tensors_of_file(RNL_ERR_SHAPE, &sentence, file);
    }
    RNL_FAIL_IF(t->rank != s->rank || memcmp(t->shape, s->shape, s->rank * sizeof *s->shape) != 0,
                RNL_ERR_SHAPE, "\"%s\" has the shape %s, and the network %s needs %s", s->key,
                rnl_show_shape(t->rank, t->shape).text, show_net(net).text,
                rnl_show_shape(s->rank, s->shape).text);
    RNL_FAIL_IF(!rnl_tensor_readable(t), RNL_ERR_UNSUPPORTED,
                "\"%s\" holds numbers of the type %s; F64, F32, F16 and BF16 can be loaded", s->key,
                t->dtype);
    return RNL_OK;
}

/* PyTorch counts the batches that a batchnorm has seen, for those that have no momentum. Ours have. */
static bool is_batch_counter(const rnl_net *net, const char *name)
{
    char key[64];
    for (size_t i = 0; i < rnl_net_layer_count(net); i++) {
        snprintf(key, sizeof key, "%zu.num_batches_tracked", i);
        if (strcmp(key, name) == 0)
            return strcmp(rnl_net_layer(net, i).type, "batchnorm") == 0;
    }
    return false;
}

/* What does not belong is looked for first: with none of it, there are few tensors to search. */
static rnl_status check_tensors(const rnl_net *net, const rnl_tensor_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (!has_block(net, file->tensors[i].name) &&
            !is_batch_counter(net, file->tensors[i].name)) {
            const rnl_tensor *t = &file->tensors[i];
            rnl_text sentence = {0};
            rnl_text_add(&sentence, "%s %s has no place in the network %s, which has ",
                         rnl_show_name(t->name).text, rnl_show_shape(t->rank, t->shape).text,
                         show_net(net).text);
            return fail_with_tensors_of_net(RNL_ERR_SHAPE, &sentence, net);
        }
    for (size_t i = 0; i < rnl_stored_count(net); i++) {
        const rnl_stored s = rnl_stored_block(net, i);
        RNL_TRY(check_block(net, &s, file));
    }
    return RNL_OK;
}

static rnl_status fail_number(const rnl_stored *s, size_t r, size_t c, double number)
{
    char text[32];
    rnl_format_number(text, sizeof text, isnan(number) ? fabs(number) : number, 9);
    const rnl_shown at = rnl_show_shape(s->rank, s->rank == 2 ? (const size_t[]){r, c} : &c);
    RNL_FAIL_IF(isfinite(number), RNL_ERR_FORMAT,
                "\"%s\"%s is %s, more than f32 can hold: load it as f64", s->key, at.text, text);
    return rnl_fail(RNL_ERR_FORMAT, "\"%s\"%s is %s: a network with such numbers is not loaded",
                    s->key, at.text, text);
}

static rnl_status read_piece(rnl_stored *s, const rnl_tensor *t, size_t r, size_t first, size_t n)
{
    double numbers[RNL_STORED_COLS];
    rnl_tensor_read(t, r * s->cols + first, n, numbers);
    for (size_t c = first; c < first + n; c++) {
        const double number = numbers[c - first];
        if (!isfinite(number) || (s->value.dtype == RNL_F32 && !isfinite((float)number)))
            return fail_number(s, r, c, number);
        if (s->transposed)
            rnl_matrix_set(&s->value, c, r, number);
        else
            rnl_matrix_set(&s->value, r, c, number);
    }
    return RNL_OK;
}

/* By tiles, see RNL_STORED_ROWS. */
static rnl_status read_block(rnl_stored *s, const rnl_tensor *t)
{
    for (size_t row = 0; row < s->rows; row += RNL_STORED_ROWS)
        for (size_t col = 0; col < s->cols; col += RNL_STORED_COLS)
            for (size_t r = row; r < s->rows && r < row + RNL_STORED_ROWS; r++) {
                const size_t left = s->cols - col;
                RNL_TRY(read_piece(s, t, r, col, left < RNL_STORED_COLS ? left : RNL_STORED_COLS));
            }
    return RNL_OK;
}

static rnl_status read_blocks(const rnl_net *net, const rnl_tensor_file *file)
{
    for (size_t i = 0; i < rnl_stored_count(net); i++) {
        rnl_stored s = rnl_stored_block(net, i);
        RNL_TRY(read_block(&s, rnl_tensor_find(file, s.key)));
    }
    return RNL_OK;
}

/* Of a negative one, the root that predictions divide by would be NaN. */
static rnl_status check_variances(const rnl_net *net)
{
    for (size_t i = 0; i < rnl_net_state_count(net); i++) {
        const rnl_parameter s = rnl_net_state(net, i);
        if (strncmp(s.name, "running_var", strlen("running_var")) != 0)
            continue;
        for (size_t j = 0; j < s.value.cols; j++) {
            char text[32];
            rnl_format_number(text, sizeof text, rnl_matrix_get(&s.value, 0, j), 9);
            RNL_FAIL_IF(rnl_matrix_get(&s.value, 0, j) < 0, RNL_ERR_FORMAT,
                        "\"%s\"[%zu] is %s, and a variance is 0 or more", s.key, j, text);
        }
    }
    return RNL_OK;
}

static rnl_status take_notes(rnl_net *net, const rnl_tensor_file *file)
{
    for (size_t i = 0; i < file->note_count; i++) {
        const rnl_tensor_note *note = &file->notes[i];
        if (!rnl_model_owns_note(note->key) && *note->key) /* a note needs a key */
            RNL_TRY(rnl_net_set_note(net, note->key, note->value));
    }
    return RNL_OK;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static rnl_status check_format(const rnl_tensor_file *file)
{
    const char *format = rnl_tensor_file_note(file, "runnel.format");
    const char *version = rnl_tensor_file_note(file, "runnel.version");
    RNL_FAIL_IF(format && strcmp(format, RNL_MODEL_FORMAT) != 0, RNL_ERR_UNSUPPORTED,
                "was written by runnel %s in the format %s; this is runnel %s, which knows the "
                "format " RNL_MODEL_FORMAT,
                version ? rnl_show_name(version).text : "of an unknown version",
                rnl_show_name(format).text, rnl_version());
    return RNL_OK;
}

static rnl_status make(rnl_net **net, const rnl_tensor_file *file, const char *description,
                       const rnl_net_config *config)
{
    RNL_TRY(check_format(file));
    RNL_TRY(plan(net, file, description, config));
    RNL_TRY(check_tensors(*net, file));
    RNL_TRY(rnl_net_allocate(*net));
    RNL_TRY(read_blocks(*net, file));
    RNL_TRY(check_variances(*net));
    return take_notes(*net, file);
}

rnl_status rnl_model_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                            const rnl_net_config *config)
{
    *net = NULL;
    RNL_FAIL_IF(config && config->dtype != RNL_F32 && config->dtype != RNL_F64, RNL_ERR_USAGE,
                "dtype %d is neither RNL_F32 nor RNL_F64", (int)config->dtype);
    rnl_tensor_file file;
    RNL_TRY(rnl_tensor_file_parse(&file, bytes, size));
    const rnl_status status = make(net, &file, description, config);
    rnl_tensor_file_free(&file);
    if (status != RNL_OK)
        rnl_net_free(net);
    return status;
}

rnl_status rnl_net_load(rnl_net **net, const char *path, const char *description,
                        const rnl_net_config *config)
{
    *net = NULL;
    rnl_bytes bytes;
    RNL_TRY(rnl_file_read(&bytes, path));
    rnl_status status = rnl_model_decode(net, bytes.data, bytes.size, description, config);
    if (status != RNL_OK)
        rnl_fail_prefix(status, path);
    rnl_bytes_free(&bytes);
    return status;
}

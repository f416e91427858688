/* build.c - a network from tensors that somebody names: everything is compared before memory is taken for it */
#include "model/model.h"

#include "base/matrix.h"
#include "net/net.h"

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

rnl_status rnl_fail_with_tensors(rnl_status status, rnl_text *sentence, const rnl_tensor_file *file)
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

/* ---- its tensors ------------------------------------------------------------------------------------ */

static bool has_block(const rnl_net *net, const char *key)
{
    for (size_t i = 0; i < rnl_stored_count(net); i++)
        if (strcmp(rnl_stored_block(net, i).key, key) == 0)
            return true;
    return false;
}

/* Is it W in the file of somebody who keeps it as [inputs, outputs]? Of the first weight, the file's own inputs have been
 * taken from it, and may be the outputs. */
static bool looks_transposed(const rnl_stored *s, const rnl_tensor *t, bool first)
{
    return s->transposed && t->rank == 2 && t->shape[1] == s->rows && t->shape[0] != s->rows &&
           (t->shape[0] == s->cols || (first && s->cols == s->rows));
}

static bool is_bias(const rnl_stored *s)
{
    const char *name = strrchr(s->key, '.');
    return name && strcmp(name, ".bias") == 0;
}

static rnl_status check_block(const rnl_net *net, size_t i, const rnl_tensor_file *file,
                              bool foreign)
{
    const rnl_stored stored = rnl_stored_block(net, i), *s = &stored;
    const rnl_tensor *t = rnl_tensor_find(file, s->key);
    if (!t && foreign && is_bias(s))
        return RNL_OK;
    if (!t) {
        rnl_text sentence = {0};
        rnl_text_add(&sentence, "\"%s\" %s is missing: the network %s needs it; the file has ",
                     s->key, rnl_show_shape(s->rank, s->shape).text, show_net(net).text);
        return rnl_fail_with_tensors(RNL_ERR_SHAPE, &sentence, file);
    }
    RNL_FAIL_IF(
        looks_transposed(s, t, i == 0), RNL_ERR_SHAPE,
        "\"%s\" has the shape %s and looks transposed: nn.Linear has [outputs, inputs], and "
        "in the network %s this layer has %zu outputs",
        s->key, rnl_show_shape(t->rank, t->shape).text, show_net(net).text, s->rows);
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
static rnl_status check_tensors(const rnl_net *net, const rnl_tensor_file *file, bool foreign)
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
    for (size_t i = 0; i < rnl_stored_count(net); i++)
        RNL_TRY(check_block(net, i, file, foreign));
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
        const rnl_tensor *t = rnl_tensor_find(file, s.key);
        if (t) /* a bias that is not there is 0, as all is in the beginning */
            RNL_TRY(read_block(&s, t));
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
        if (!rnl_is_file_note(note->key) && *note->key) /* a note needs a key */
            RNL_TRY(rnl_net_set_note(net, note->key, note->value));
    }
    return RNL_OK;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

rnl_status rnl_model_fill(rnl_net *net, const rnl_tensor_file *tensors, bool foreign)
{
    RNL_TRY(check_tensors(net, tensors, foreign));
    RNL_TRY(rnl_net_allocate(net));
    RNL_TRY(read_blocks(net, tensors));
    RNL_TRY(check_variances(net));
    return take_notes(net, tensors);
}

rnl_status rnl_model_build(rnl_net **net, const char *description, const rnl_net_config *config,
                           const rnl_tensor_file *tensors)
{
    RNL_TRY(rnl_net_plan(net, description, config));
    const rnl_status status = rnl_model_fill(*net, tensors, false);
    if (status != RNL_OK)
        rnl_net_free(net);
    return status;
}

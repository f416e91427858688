/* model.c - what a model file holds, and saving one */
#include "model/model.h"

#include "base/matrix.h"
#include "model/safetensors.h"
#include "net/net.h"

#include <stdio.h>
#include <string.h>

/* W of an affine layer? */
static bool is_transposed(const rnl_net *net, size_t i)
{
    const rnl_net_block *b = &net->block[i];
    return i < net->blocks && b->block == 0 &&
           strcmp(net->layer[b->layer].type->name, "affine") == 0;
}

size_t rnl_stored_count(const rnl_net *net)
{
    return rnl_net_parameter_count(net) + rnl_net_state_count(net);
}

rnl_stored rnl_stored_block(const rnl_net *net, size_t i)
{
    const size_t parameters = rnl_net_parameter_count(net);
    const rnl_parameter p =
        i < parameters ? rnl_net_parameter(net, i) : rnl_net_state(net, i - parameters);
    rnl_stored s = {.key = p.key, .value = p.value, .rows = p.value.rows, .cols = p.value.cols};
    s.transposed = is_transposed(net, i);
    if (s.transposed) {
        s.rows = p.value.cols;
        s.cols = p.value.rows;
    }
    s.rank = s.transposed || s.rows > 1 ? 2 : 1;
    s.shape[0] = s.rank == 2 ? s.rows : s.cols;
    s.shape[1] = s.cols;
    return s;
}

/* What goes into the header: all but the numbers. */
typedef struct header {
    rnl_stored *blocks;
    rnl_tensor *tensors; /* of the blocks */
    size_t count, most_cols;
    rnl_tensor_note *notes;
    size_t note_count;
    char inputs[32];
} header;

static void free_header(header *h)
{
    rnl_free(h->blocks);
    rnl_free(h->tensors);
    rnl_free(h->notes);
}

static rnl_status collect_notes(header *h, const rnl_net *net)
{
    size_t count = rnl_net_note_count(net);
    h->notes = rnl_alloc(RNL_FILE_NOTES + count, sizeof *h->notes);
    if (!h->notes)
        return RNL_ERR_MEMORY;
    snprintf(h->inputs, sizeof h->inputs, "%zu", rnl_net_inputs(net));
    const char *const values[RNL_FILE_NOTES] = {"pt", RNL_MODEL_FORMAT, rnl_version(),
                                                rnl_net_description(net), h->inputs};
    for (size_t i = 0; i < RNL_FILE_NOTES; i++)
        h->notes[h->note_count++] = (rnl_tensor_note){rnl_file_notes[i], values[i]};
    for (size_t i = 0; i < count; i++) {
        rnl_tensor_note *note = &h->notes[h->note_count++];
        rnl_net_note_at(net, i, &note->key, &note->value);
    }
    return RNL_OK;
}

static rnl_status collect(header *h, const rnl_net *net)
{
    const rnl_dtype dtype = rnl_net_dtype(net);
    h->count = rnl_stored_count(net);
    h->blocks = rnl_alloc(h->count, sizeof *h->blocks);
    h->tensors = rnl_alloc(h->count, sizeof *h->tensors);
    if (!h->blocks || !h->tensors)
        return RNL_ERR_MEMORY;
    for (size_t i = 0; i < h->count; i++) {
        rnl_stored *s = &h->blocks[i];
        *s = rnl_stored_block(net, i);
        const size_t count = s->rows * s->cols;
        h->tensors[i] = (rnl_tensor){.name = s->key,
                                     .dtype = dtype == RNL_F64 ? "F64" : "F32",
                                     .rank = s->rank,
                                     .shape = s->shape,
                                     .count = count,
                                     .bytes = count * rnl_dtype_size(dtype)};
        if (s->cols > h->most_cols)
            h->most_cols = s->cols;
    }
    return collect_notes(h, net);
}

/* buffer: [RNL_STORED_ROWS, cols], filled by tiles, as the file wants whole rows. */
static rnl_status write_block(rnl_output *out, const rnl_stored *s, double *buffer)
{
    for (size_t row = 0; row < s->rows; row += RNL_STORED_ROWS) {
        const size_t left = s->rows - row, n = left < RNL_STORED_ROWS ? left : RNL_STORED_ROWS;
        for (size_t col = 0; col < s->cols; col += RNL_STORED_COLS)
            for (size_t r = row; r < row + n; r++)
                for (size_t c = col; c < s->cols && c < col + RNL_STORED_COLS; c++)
                    buffer[(r - row) * s->cols + c] = s->transposed
                                                          ? rnl_matrix_get(&s->value, c, r)
                                                          : rnl_matrix_get(&s->value, r, c);
        RNL_TRY(rnl_tensor_write(out, s->value.dtype, buffer, n * s->cols));
    }
    return RNL_OK;
}

static rnl_status write_all(rnl_output *out, const header *h)
{
    RNL_TRY(rnl_tensor_write_header(out, h->tensors, h->count, h->notes, h->note_count));
    double *buffer = rnl_alloc(h->most_cols, RNL_STORED_ROWS * sizeof *buffer);
    rnl_status status = buffer ? RNL_OK : RNL_ERR_MEMORY;
    for (size_t i = 0; i < h->count && status == RNL_OK; i++)
        status = write_block(out, &h->blocks[i], buffer);
    rnl_free(buffer);
    return status;
}

static rnl_status write_model(rnl_output *out, const rnl_net *net)
{
    header h = {0};
    rnl_status status = collect(&h, net);
    if (status == RNL_OK)
        status = write_all(out, &h);
    free_header(&h);
    return status;
}

rnl_status rnl_net_save(const rnl_net *net, const char *path)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(path, "the path is");
    RNL_TRY(rnl_net_check_numbers(net, "saved"));
    rnl_output *out;
    RNL_TRY(rnl_output_open(&out, path));
    rnl_status status = write_model(out, net);
    if (status == RNL_OK)
        status = rnl_output_finish(&out);
    rnl_output_discard(&out);
    return status;
}

rnl_status rnl_net_encode(const rnl_net *net, uint8_t **bytes, size_t *size)
{
    RNL_REFUSE_NULL(bytes, "the place for the bytes is");
    *bytes = NULL;
    RNL_REFUSE_NULL(size, "the place for the size is");
    RNL_REFUSE_NULL(net, "the network is");
    RNL_TRY(rnl_net_check_numbers(net, "saved"));
    rnl_output *out;
    rnl_bytes all = {0};
    RNL_TRY(rnl_output_open_memory(&out));
    rnl_status status = write_model(out, net);
    if (status == RNL_OK)
        status = rnl_output_finish_memory(&out, &all);
    rnl_output_discard(&out);
    *bytes = all.data;
    if (status == RNL_OK)
        *size = all.size;
    return status;
}

void rnl_encoded_free(uint8_t **bytes)
{
    if (!bytes)
        return;
    rnl_free(*bytes);
    *bytes = NULL;
}

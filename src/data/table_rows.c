/* table_rows.c - the rows of a table while they are read: arrays that grow
 *
 * A row of c cells takes at least c bytes of text, so that a plain file tells how many rows it can have at
 * most; of one that is decompressed on the way nobody knows, and the arrays double. */
#include "data/table_rows.h"

#include <string.h>

enum { LEAST = 1024, SPARE = 8 << 20, MULTIPLE = 8 };

void rnl_table_rows_free(rnl_table_rows *rows)
{
    rnl_free(rows->x);
    rnl_free(rows->targets);
    *rows = (rnl_table_rows){0};
}

/* Bytes of text: all of a plain file, or what came out of a compressed one so far. */
static size_t text_size(const rnl_csv *csv, const rnl_input *input)
{
    return rnl_input_is_gzip(input) ? csv->stream.at : input->size;
}

rnl_status rnl_table_check_size(const rnl_csv *csv, const rnl_input *input, size_t rows,
                                size_t inputs)
{
    size_t bytes;
    const size_t text = text_size(csv, input);
    const size_t most = text > (SIZE_MAX - SPARE) / MULTIPLE ? SIZE_MAX : MULTIPLE * text + SPARE;
    RNL_FAIL_IF(
        !rnl_mul_size(rows, inputs, &bytes) || !rnl_mul_size(bytes, sizeof(float), &bytes) ||
            bytes > most,
        RNL_ERR_USAGE,
        "%s: the texts in its columns make %zu inputs of a row, which is more than %d times "
        "the table's size: columns of names and numbers of things should be left out",
        csv->name, inputs, MULTIPLE);
    return RNL_OK;
}

static size_t count_lines(const rnl_input *input)
{
    size_t lines = 1;
    for (size_t i = 0; i < input->size; i++)
        lines += input->bytes[i] == '\n';
    return lines;
}

static rnl_status grow(rnl_table_rows *rows, const rnl_csv *csv, size_t capacity)
{
    size_t numbers;
    RNL_FAIL_IF(!rnl_mul_size(capacity, rows->width, &numbers), RNL_ERR_MEMORY,
                "%s: more rows than this machine can address", csv->name);
    float *x = rnl_alloc(numbers ? numbers : 1, sizeof *x);
    rnl_row_target *targets = x ? rnl_alloc(capacity, sizeof *targets) : NULL;
    if (!targets) {
        rnl_free(x);
        return rnl_fail_prefix(RNL_ERR_MEMORY, csv->name);
    }
    if (rows->n) {
        memcpy(x, rows->x, rows->n * rows->width * sizeof *x);
        memcpy(targets, rows->targets, rows->n * sizeof *targets);
    }
    rnl_free(rows->x);
    rnl_free(rows->targets);
    rows->x = x;
    rows->targets = targets;
    rows->capacity = capacity;
    return RNL_OK;
}

/* Room for the rows that the file may have. */
static rnl_status reserve(rnl_table_rows *rows, const rnl_row_reader *reader,
                          const rnl_input *input, size_t limit)
{
    size_t capacity = LEAST;
    if (!rnl_input_is_gzip(input)) {
        const size_t lines = count_lines(input), most = input->size / reader->cells + 1;
        capacity = lines < most ? lines : most;
        /* texts make many inputs of a cell */
        if (rnl_table_check_size(reader->csv, input, capacity, rows->width) != RNL_OK)
            capacity = LEAST;
    }
    capacity = limit && limit < capacity ? limit : capacity;
    return grow(rows, reader->csv, capacity);
}

rnl_status rnl_table_rows_read(rnl_table_rows *rows, rnl_row_reader *reader, const rnl_input *input,
                               rnl_record pending, size_t limit)
{
    rnl_csv *csv = reader->csv;
    size_t words = 0;
    RNL_TRY(reserve(rows, reader, input, limit));
    while (!limit || rows->n < limit) {
        rnl_record record = pending;
        pending.at = NULL;
        if (!record.at)
            RNL_TRY(rnl_csv_next(csv, &record));
        if (!record.at)
            break;
        if (rows->n == rows->capacity) {
            RNL_TRY(rnl_table_check_size(csv, input, rows->n, rows->width));
            RNL_TRY(grow(rows, csv, 2 * rows->capacity));
        }
        RNL_TRY(rnl_row_read(reader, &record, rows->x + rows->n * rows->width,
                             &rows->targets[rows->n]));
        rows->n++;
        if (reader->new_words != words) {
            words = reader->new_words;
            RNL_TRY(rnl_table_check_size(csv, input, rows->n, words));
        }
    }
    RNL_FAIL_IF(rows->n == 0, RNL_ERR_FORMAT, "%s has no rows", csv->name);
    return RNL_OK;
}

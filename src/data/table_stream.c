/* table_stream.c - the rows of a table one after the other, as they come */
#define _GNU_SOURCE
#include "base/matrix.h"
#include "data/csv_row.h"
#include "data/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct rnl_rows {
    int fd; /* to be closed, or -1 */
    char *name;
    rnl_csv csv;
    rnl_row_reader reader;
    rnl_dataset *set;   /* one row: its gather scales it */
    float *x;           /* that row */
    rnl_record pending; /* the first record, where it is a row */
    char *header;
    size_t header_length;
    /* the lines of the last call, one after the other */
    char *lines;
    size_t lines_used, lines_size;
    size_t *line_end; /* [line_capacity] */
    size_t line_count, line_capacity;
};

void rnl_rows_free(rnl_rows **rows)
{
    if (!rows || !*rows)
        return;
    rnl_rows *r = *rows;
    rnl_csv_close(&r->csv);
    rnl_row_reader_free(&r->reader);
    rnl_dataset_free(&r->set);
    if (r->fd > STDIN_FILENO)
        close(r->fd);
    rnl_free(r->x);
    rnl_free(r->name);
    rnl_free(r->header);
    rnl_free(r->lines);
    rnl_free(r->line_end);
    rnl_free(r);
    *rows = NULL;
}

/* ---- opening ------------------------------------------------------------------------------------------ */

/* A file could be mapped, but then one that grows is read to where it ended when it was opened: it is read as
 * a pipe is. */
static rnl_status open_bytes(rnl_rows *r, const char *path, char separator)
{
    const bool standard = strcmp(path, "-") == 0;
    if (!(r->name = rnl_strdup(standard ? "standard input" : path)))
        return RNL_ERR_MEMORY;
    r->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    RNL_FAIL_IF(r->fd < 0, RNL_ERR_IO, "%s: %s", path, strerror(errno));
    return rnl_csv_open_fd(&r->csv, r->fd, r->name, separator);
}

static rnl_status make_row(rnl_rows *r, const rnl_columns *columns, const double *scale,
                           const double *shift)
{
    r->x = rnl_alloc(columns->inputs, sizeof *r->x);
    if (!r->x)
        return RNL_ERR_MEMORY;
    RNL_TRY(rnl_dataset_from_floats(&r->set, r->x, 1, columns->inputs, NULL, 0, false));
    return rnl_dataset_set_scaling(r->set, scale, shift);
}

static rnl_status keep_header(rnl_rows *r, const rnl_record *first)
{
    r->header_length = (size_t)(first->end - first->at);
    r->header = rnl_alloc(r->header_length + 1, 1);
    if (!r->header)
        return RNL_ERR_MEMORY;
    memcpy(r->header, first->at, r->header_length);
    return RNL_OK;
}

static rnl_status open_rows(rnl_rows *r, const char *path, const rnl_columns *columns, int header,
                            const double *scale, const double *shift)
{
    rnl_record first;
    bool is_header;
    RNL_TRY(make_row(r, columns, scale, shift));
    RNL_TRY(open_bytes(r, path, columns->separator));
    RNL_TRY(rnl_csv_next(&r->csv, &first));
    RNL_FAIL_IF(!first.at, RNL_ERR_FORMAT, "%s has no rows", r->name);
    RNL_TRY(rnl_row_reader_match(&r->reader, &r->csv, columns, &first, header, false, &is_header));
    if (is_header)
        return keep_header(r, &first);
    r->pending = first;
    return RNL_OK;
}

rnl_status rnl_rows_open(rnl_rows **rows, const char *path, const rnl_columns *columns, int header,
                         const double *scale, const double *shift)
{
    RNL_REFUSE_NULL(rows, "the place for the rows is");
    *rows = NULL;
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(columns, "the columns are");
    *rows = rnl_alloc(1, sizeof **rows);
    if (!*rows)
        return RNL_ERR_MEMORY;
    (*rows)->fd = (*rows)->csv.fd = -1;
    const rnl_status status = open_rows(*rows, path, columns, header, scale, shift);
    if (status != RNL_OK)
        rnl_rows_free(rows);
    return status;
}

size_t rnl_rows_missing(const rnl_rows *rows)
{
    return rows->reader.filled;
}

size_t rnl_rows_unknown(const rnl_rows *rows)
{
    return rows->reader.unknown;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static rnl_status larger(void **block, size_t used, size_t wanted)
{
    void *grown = rnl_alloc(wanted, 1);
    if (!grown)
        return RNL_ERR_MEMORY;
    if (used)
        memcpy(grown, *block, used);
    rnl_free(*block);
    *block = grown;
    return RNL_OK;
}

static rnl_status keep_line(rnl_rows *r, const rnl_record *record)
{
    const size_t length = (size_t)(record->end - record->at);
    if (r->lines_used + length > r->lines_size) {
        const size_t size = 2 * (r->lines_used + length) + 4096;
        void *lines = r->lines;
        RNL_TRY(larger(&lines, r->lines_used, size));
        r->lines = lines;
        r->lines_size = size;
    }
    memcpy(r->lines + r->lines_used, record->at, length);
    r->lines_used += length;
    r->line_end[r->line_count++] = r->lines_used;
    return RNL_OK;
}

static rnl_status reserve_lines(rnl_rows *r, size_t count)
{
    r->line_count = r->lines_used = 0;
    if (count <= r->line_capacity)
        return RNL_OK;
    void *ends = r->line_end;
    RNL_TRY(larger(&ends, 0, count * sizeof *r->line_end));
    r->line_end = ends;
    r->line_capacity = count;
    return RNL_OK;
}

rnl_status rnl_rows_next(rnl_rows *r, rnl_matrix x, size_t *n)
{
    RNL_REFUSE_NULL(r, "the table is");
    RNL_REFUSE_NULL(n, "the place for the number of rows is");
    *n = 0;
    RNL_TRY(rnl_check_matrix(&x, "x"));
    RNL_FAIL_IF(x.cols != r->set->info.features || x.ld < x.cols || x.rows == 0, RNL_ERR_SHAPE,
                "room for %zu rows of %zu inputs (ld %zu): the table has %zu inputs a row", x.rows,
                x.cols, x.ld, r->set->info.features);
    RNL_TRY(reserve_lines(r, x.rows));
    while (*n < x.rows && (*n == 0 || rnl_csv_has_next(&r->csv))) {
        rnl_record record = r->pending;
        r->pending.at = NULL;
        if (!record.at)
            RNL_TRY(rnl_csv_next(&r->csv, &record));
        if (!record.at)
            return RNL_OK;
        rnl_row_target nothing;
        RNL_TRY(rnl_row_read(&r->reader, &record, r->x, &nothing));
        RNL_TRY(keep_line(r, &record));
        rnl_matrix x_n = rnl_matrix_rows(x, *n, 1);
        RNL_TRY(rnl_gather_range(r->set, 0, (rnl_range){0, 1}, &x_n));
        ++*n;
    }
    return RNL_OK;
}

const char *rnl_rows_line(const rnl_rows *r, size_t i, size_t *length)
{
    const size_t begin = i ? r->line_end[i - 1] : 0;
    *length = r->line_end[i] - begin;
    return r->lines + begin;
}

const char *rnl_rows_header(const rnl_rows *r, size_t *length)
{
    *length = r->header_length;
    return r->header;
}

char rnl_rows_separator(const rnl_rows *r)
{
    return r->csv.separator;
}

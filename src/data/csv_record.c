/* csv_record.c - where the records of a table's text begin and end */
#include "data/csv.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 1 << 16 };

const char rnl_separators[] = "\t;|,";

/* ---- the window --------------------------------------------------------------------------------------- */

/* Is there a CR with something behind it, outside of quotes? */
static bool has_lone_cr(const char *from, const char *end)
{
    bool quoted = false;
    while (end > from && end[-1] == '\r')
        end--;
    if (!memchr(from, '\r', (size_t)(end - from)))
        return false;
    for (; from < end && (quoted || *from != '\r'); from++)
        quoted ^= *from == '"';
    return from < end;
}

/* The text begins with a record that goes on to its end, or on and on: do its lines end in CR? */
static rnl_status check_line_ends(const rnl_csv *c, const char *end)
{
    RNL_FAIL_IF(
        c->next_line == 1 && has_lone_cr(c->at, end), RNL_ERR_UNSUPPORTED,
        "%s: its lines end in CR alone, as on old Macs, expected LF or CR LF (tr '\\r' '\\n' "
        "makes it so)",
        c->name);
    return RNL_OK;
}

/* Fails: the record at the front of the window does not end. */
static rnl_status too_long(const rnl_csv *c)
{
    RNL_TRY(check_line_ends(c, c->at + RNL_CSV_LONGEST));
    return rnl_fail(
        RNL_ERR_FORMAT,
        "%s, line %llu: more than %d MB without an end; is it a table, and are its quotes closed?",
        c->name, (unsigned long long)c->next_line, RNL_CSV_LONGEST >> 20);
}

/* Room for more bytes behind the window, which moves to the front of the buffer. One byte stays free, for
 * the line end that a last record may lack. */
static rnl_status make_room(rnl_csv *c)
{
    const size_t kept = (size_t)(c->end - c->at);
    if (kept + FIRST_CAPACITY / 2 >= c->capacity) {
        if (kept > RNL_CSV_LONGEST)
            return too_long(c);
        const size_t capacity = c->capacity ? 2 * c->capacity : FIRST_CAPACITY;
        char *larger = rnl_alloc(capacity, 1);
        if (!larger)
            return rnl_fail_prefix(RNL_ERR_MEMORY, c->name);
        if (kept)
            memcpy(larger, c->at, kept);
        rnl_free(c->buffer);
        c->buffer = larger;
        c->capacity = capacity;
    } else if (kept) {
        memmove(c->buffer, c->at, kept);
    }
    c->at = c->buffer;
    c->end = c->buffer + kept;
    return RNL_OK;
}

static rnl_status read_fd(rnl_csv *c, char *to, size_t room, size_t *got)
{
    ssize_t n;
    do
        n = read(c->fd, to, room);
    while (n < 0 && errno == EINTR);
    RNL_FAIL_IF(n < 0, RNL_ERR_IO, "%s: %s", c->name, strerror(errno));
    *got = (size_t)n;
    c->ended = n == 0;
    return RNL_OK;
}

static rnl_status refill(rnl_csv *c)
{
    RNL_TRY(make_room(c));
    char *to = c->buffer + (c->end - c->at);
    const size_t room = c->capacity - 1 - (size_t)(to - c->buffer);
    size_t got;
    if (c->fd >= 0 && c->stream.gzip) {
        RNL_TRY(rnl_stream_read_some(&c->stream, to, room, &got));
        c->ended = got == 0;
    } else if (c->fd >= 0) {
        RNL_TRY(read_fd(c, to, room, &got));
    } else {
        RNL_TRY(rnl_stream_read(&c->stream, to, room, &got));
        c->ended = got < room;
    }
    c->end = to + got;
    return RNL_OK;
}

/* ---- opening ------------------------------------------------------------------------------------------ */

static rnl_status look_at_front(rnl_csv *c)
{
    const unsigned char *b = (const unsigned char *)c->at;
    const size_t n = (size_t)(c->end - c->at);
    RNL_FAIL_IF(n >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff)),
                RNL_ERR_UNSUPPORTED,
                "%s is text in UTF-16, expected UTF-8 (iconv -f UTF-16 -t UTF-8 makes it so)",
                c->name);
    if (n >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf)
        c->at += 3;
    return RNL_OK;
}

rnl_status rnl_csv_open(rnl_csv *c, const rnl_input *input, char separator)
{
    *c = (rnl_csv){.name = input->name, .separator = separator, .next_line = 1, .fd = -1};
    if (rnl_input_is_gzip(input)) {
        c->streaming = true;
        RNL_TRY(rnl_stream_open(&c->stream, input));
        RNL_TRY(refill(c));
    } else {
        c->at = (const char *)input->bytes;
        c->end = c->at + input->size;
        c->ended = true;
    }
    return look_at_front(c);
}

/* Enough bytes to know a byte order mark or gzip, where it may be one. */
static rnl_status read_front(rnl_csv *c)
{
    unsigned char first;
    do {
        RNL_TRY(refill(c));
        first = c->at < c->end ? (unsigned char)c->at[0] : 0;
    } while (c->end - c->at < 3 && !c->ended && (first >= 0x80 || first == 0x1f));
    return RNL_OK;
}

rnl_status rnl_csv_open_fd(rnl_csv *c, int fd, const char *name, char separator)
{
    *c = (rnl_csv){
        .name = name, .separator = separator, .next_line = 1, .fd = fd, .streaming = true};
    RNL_TRY(read_front(c));
    const rnl_input front = {.bytes = (const uint8_t *)c->at, .size = (size_t)(c->end - c->at)};
    if (rnl_input_is_gzip(&front)) {
        RNL_TRY(rnl_stream_open_fd(&c->stream, fd, name, front.bytes, front.size));
        c->end = c->at;
        c->ended = false;
        RNL_TRY(read_front(c));
    }
    return look_at_front(c);
}

void rnl_csv_close(rnl_csv *c)
{
    rnl_stream_close(&c->stream);
    rnl_free(c->buffer);
    rnl_free(c->scratch);
    *c = (rnl_csv){.fd = -1};
}

/* ---- records ------------------------------------------------------------------------------------------ */

/* Is this place, which holds a quote, at the front of a cell of the record that begins at `from`? */
static bool opens_cell(const rnl_csv *c, const char *from, const char *quote)
{
    const char *p = quote;
    while (p > from && (p[-1] == ' ' || (p[-1] == '\t' && c->separator != '\t')))
        p--;
    return p == from || p[-1] == c->separator;
}

/* The LF that ends the record at c->at, whose first LF is `lf`; NULL: it has not come yet. */
static const char *end_of_record(rnl_csv *c, const char *lf, bool *has_quotes, uint64_t *lines)
{
    const char *p = c->at;
    *lines = 1;
    for (;;) {
        const char *quote = memchr(p, '"', (size_t)(lf - p));
        if (!quote)
            return lf;
        *has_quotes = true;
        p = quote + 1;
        if (!opens_cell(c, c->at, quote))
            continue;
        for (;;) { /* to the quote that closes the cell */
            const char *close = memchr(p, '"', (size_t)(c->end - p));
            if (!close || (close + 1 == c->end && !c->ended))
                return NULL;
            p = close + 1;
            if (p == c->end || *p != '"')
                break;
            p++;
        }
        while (lf && lf < p) {
            lf = memchr(lf + 1, '\n', (size_t)(c->end - lf - 1));
            ++*lines;
        }
        if (!lf)
            return NULL;
    }
}

/* The last record lacks its LF: it gets one, in memory of our own. */
static rnl_status end_last_line(rnl_csv *c)
{
    const size_t size = (size_t)(c->end - c->at);
    if (!c->streaming) {
        if (size > RNL_CSV_LONGEST)
            return too_long(c);
        c->buffer = rnl_alloc(size + 1, 1);
        if (!c->buffer)
            return rnl_fail_prefix(RNL_ERR_MEMORY, c->name);
        memcpy(c->buffer, c->at, size);
        c->capacity = size + 1;
        c->streaming = true;
        c->at = c->buffer;
    }
    c->buffer[c->at - c->buffer + (ptrdiff_t)size] = '\n';
    c->end = c->at + size + 1;
    return RNL_OK;
}

/* The record at the front of the window, or at NULL. */
static rnl_status find_record(rnl_csv *c, rnl_record *r, const char **after, uint64_t *lines)
{
    *r = (rnl_record){0};
    const char *lf = memchr(c->at, '\n', (size_t)(c->end - c->at));
    const char *end = lf ? end_of_record(c, lf, &r->has_quotes, lines) : NULL;
    if ((end ? end : c->end) - c->at > RNL_CSV_LONGEST)
        return too_long(c);
    RNL_FAIL_IF(lf && !end && c->ended && c->end[-1] == '\n', RNL_ERR_FORMAT,
                "%s, line %llu: a quote opens a cell in this record and nothing closes it", c->name,
                (unsigned long long)c->next_line);
    if (end) {
        if (c->ended && end + 1 == c->end)
            RNL_TRY(check_line_ends(c, end));
        r->at = c->at;
        r->end = end > c->at && end[-1] == '\r' ? end - 1 : end;
        *after = end + 1;
    }
    return RNL_OK;
}

static bool is_blank_line(const rnl_csv *c, const rnl_record *r)
{
    const char *p = r->at;
    while (p < r->end && (*p == ' ' || (*p == '\t' && c->separator != '\t')))
        p++;
    return p == r->end;
}

/* Is the record sep=; or the like? */
static rnl_status read_stated(rnl_csv *c, const rnl_record *r)
{
    const char *p = r->at, *end = r->end;
    if (end - p == 7 && *p == '"' && end[-1] == '"') {
        p++;
        end--;
    }
    if (end - p != 5 || strncasecmp(p, "sep=", 4) != 0)
        return RNL_OK;
    char shown[RNL_CELL_SHOWN];
    RNL_FAIL_IF(!p[4] || !strchr(rnl_separators, p[4]), RNL_ERR_UNSUPPORTED,
                "%s, line %llu: sep= states that %s separates cells, expected one of , ; tab |",
                c->name, (unsigned long long)c->line,
                rnl_cell_show(&(rnl_cell){p + 4, 1, false}, shown));
    c->stated = p[4];
    return RNL_OK;
}

rnl_status rnl_csv_next(rnl_csv *c, rnl_record *r)
{
    for (;;) {
        const char *after;
        uint64_t lines;
        *r = (rnl_record){0};
        if (c->at < c->end)
            RNL_TRY(find_record(c, r, &after, &lines));
        if (r->at) {
            c->at = after;
            c->line = c->next_line;
            c->next_line += lines;
            if (is_blank_line(c, r))
                continue;
            if (c->line == 1)
                RNL_TRY(read_stated(c, r));
            if (c->line == 1 && c->stated)
                continue;
            return RNL_OK;
        }
        if (!c->ended)
            RNL_TRY(refill(c));
        else if (c->at == c->end)
            return RNL_OK;
        else
            RNL_TRY(end_last_line(c));
    }
}

bool rnl_csv_has_next(rnl_csv *c)
{
    rnl_record r;
    const char *after;
    uint64_t lines;
    return c->ended || (c->at < c->end && (find_record(c, &r, &after, &lines) != RNL_OK || r.at));
}

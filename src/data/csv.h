/* csv.h - the text of tables: records, cells, numbers
 *
 *   file    = [ EF BB BF ] [ stated ] { record }
 *   stated  = "sep=" separator ( LF | CR LF )                                 in quotes or not, as Excel writes it
 *   record  = cell { separator cell } ( LF | CR LF | end of the file )        lines without a cell are skipped
 *   cell    = { blank } ( quoted | plain ) { blank }
 *   quoted  = '"' { any byte but '"' | '""' } '"'                             may hold separators and LF
 *   plain   = { any byte but separator, LF }                                  quotes inside are themselves
 *   blank   = ' ' | TAB                                                       TAB unless it separates
 *
 * UTF-8, no byte 00. A record is at most RNL_CSV_LONGEST bytes long. CR alone ends no record; a text whose lines all
 * end so, which is a single one, is refused.
 *
 * Works on memory, on memory that is decompressed on the way, and on a file descriptor; takes memory
 * for the last two as long as twice the longest record, and none for the first. A table's text does not say
 * where it ends: of a file that is cut between two records nobody can tell. */
#ifndef RNL_DATA_CSV_H
#define RNL_DATA_CSV_H

#include "base/memory.h"
#include "data/stream.h"

enum { RNL_CSV_LONGEST = 16 << 20 };

/* The separators, the ones that texts hold least first; '\0' after the last. */
extern const char rnl_separators[];

typedef struct rnl_csv {
    const char *name; /* for error texts; borrowed */
    char separator;
    char stated;   /* the separator that the first line states; '\0': it states none */
    uint64_t line; /* of the record that was handed out last, from 1 */
    /* the window: bytes that were read and not handed out */
    const char *at, *end;
    bool ended; /* nothing comes after `end` */
    uint64_t next_line;
    rnl_stream stream; /* where bytes come from; or */
    int fd;            /* from here; or -1 */
    bool streaming;    /* from one of the two; otherwise the window is all */
    char *buffer;      /* that the window lies in, unless it is lent */
    size_t capacity;
    char *scratch; /* a cell without its doubled quotes */
    size_t scratch_capacity;
} rnl_csv;

/* From its first byte. The input must outlive it. Close it in any case. */
rnl_status rnl_csv_open(rnl_csv *csv, const rnl_input *input, char separator);
/* Reads as much as there is and no more: a record is handed out as soon as its end has come, of gzip as soon
 * as the bytes have come that it can be told from. */
rnl_status rnl_csv_open_fd(rnl_csv *csv, int fd, const char *name, char separator);
void rnl_csv_close(rnl_csv *csv);

/* Bytes between two places; *end is readable and no digit. Valid until the next call. */
typedef struct rnl_record {
    const char *at, *end; /* at NULL: there is none */
    bool has_quotes;
} rnl_record;

/* The next record that is not empty, and does not state the separator: `separator` stays what it is. */
rnl_status rnl_csv_next(rnl_csv *csv, rnl_record *record);
/* Whether rnl_csv_next will not have to wait for more bytes. */
bool rnl_csv_has_next(rnl_csv *csv);

typedef struct rnl_cell {
    const char *at; /* without quotes and blanks around it */
    size_t length;
    bool quoted;
} rnl_cell;

/* The cell that begins at *p; moves *p to the separator behind it, or to the record's end. column: from 0,
 * for error texts. */
rnl_status rnl_csv_cell(rnl_csv *csv, const rnl_record *record, size_t column, const char **p,
                        rnl_cell *cell);

/* How many cells the record has. */
rnl_status rnl_csv_count(rnl_csv *csv, const rnl_record *record, size_t *cells);

/* Empty, NA, <NA>, N/A, n/a, #N/A, nan, null or ?. */
bool rnl_cell_is_missing(const rnl_cell *cell);
bool rnl_cell_is(const rnl_cell *cell, const char *text);

/* The number that begins at p, rounded to the nearest float, ends at the returned place; NULL where
 * there is none. What is too large for a float is infinite. The bytes end in one that is no part of
 * a number. */
const char *rnl_csv_number(const char *p, float *number);
/* The same, to the nearest double. */
const char *rnl_csv_double(const char *p, double *number);
/* The same for a whole cell; false where it is no number. */
bool rnl_cell_number(const rnl_cell *cell, float *number);
bool rnl_cell_double(const rnl_cell *cell, double *number);

enum { RNL_CELL_SHOWN = 60 };
/* A number with commas, as it should be written. 1,5 and 1.234,5 are 1.5 and 1234.5; 1,234,567 is 1234567; 2,288 may
 * be either. */
typedef struct rnl_comma_number {
    char decimal[RNL_CELL_SHOWN]; /* "" where the comma cannot be the decimal sign */
    char grouped[RNL_CELL_SHOWN]; /* "" where commas cannot stand between thousands */
} rnl_comma_number;
bool rnl_cell_comma_number(const rnl_cell *cell, rnl_comma_number *readings);
/* A number, or one with commas or a percent sign, so that these are told and not taken for texts. */
bool rnl_cell_means_number(const rnl_cell *cell);
/* 12 % becomes 12; false where there is no such sign. */
bool rnl_cell_drop_percent(rnl_cell *cell);

/* What a number tells of its decimal sign: 12 and 1.234 nothing (that point may stand between thousands), 2,288 only
 * that there is a comma. *number: the likeliest. */
typedef enum rnl_decimal_sign {
    RNL_SIGN_NO_NUMBER,
    RNL_SIGN_EITHER,
    RNL_SIGN_POINT,
    RNL_SIGN_COMMA,
    RNL_SIGN_UNCLEAR
} rnl_decimal_sign;
rnl_decimal_sign rnl_cell_decimal_sign(const rnl_cell *cell, double *number);

/* How all numbers of a column are written. */
typedef struct rnl_written {
    bool comma;   /* for the decimal sign */
    bool percent; /* a percent sign behind each */
} rnl_written;
static inline bool rnl_written_plainly(rnl_written how)
{
    return !how.comma && !how.percent;
}
/* The number as rnl_cell_number and rnl_cell_double read it, which may lie in `room`; false: it is written otherwise. */
bool rnl_cell_plain(const rnl_cell *cell, rnl_written how, rnl_comma_number *room, rnl_cell *plain);

/* 'what a message may show of it', or "nothing". Returns text. */
const char *rnl_cell_show(const rnl_cell *cell, char text[RNL_CELL_SHOWN]);

/* "x.csv, line 7, column 3 (width)" + the sentence; heading NULL: the column has none. */
rnl_status rnl_csv_fail(const rnl_csv *csv, size_t column, const char *heading, const char *format,
                        ...) RNL_PRINTF(4, 5);

#endif

/* svmlight.c - sparse rows in text
 *
 *   file    = { line }
 *   line    = [ label { blank qid } { blank index ':' value } ] [ '#' comment ] ( LF | CR LF | end of the file )
 *   label   = number                   "+1", "-1", "0", "3", "2.5"
 *   qid     = "qid:" number            of rankings; not used
 *   index   = 0 | 1 | 2 ...            from 1, as libsvm has it, or from 0; rising within a line
 *   value   = number                   what is left out is 0
 *   blank   = ' ' | TAB                one or more
 *
 * Labels that are all whole are classes, else targets (rnl_data_options.labels says otherwise; labels.c says
 * which class a number is). A file does not say how many features there are: it is its largest index, or
 * rnl_data_options.features, which must not be less; nor whether indices begin at 0: they do where one is 0, if
 * rnl_data_options.first_index does not say it. A set to test on must be told what the training part has.
 *
 * The rows become dense. Memory: n * features floats, which a hostile line "1 999999999:1" could make of nothing; so
 * it is refused where that is more than 1024 times the file's size and 16 MB. Besides, 24 bytes for each line. */
#include "data/svmlight.h"

#include "base/memory.h"
#include "base/phrase.h"
#include "data/array.h"

#include <stdio.h>
#include <string.h>

enum { INDEX_MAX = 1 << 30, SHOWN = 40, DENSE_TIMES = 1024, DENSE_LEAST = 16 << 20 };

typedef struct place {
    const char *name;
    size_t line;
    const char *begin; /* of the line */
} place;

typedef struct counts {
    size_t rows, largest, least;
    bool pairs;
} counts;

/* ---- one line ------------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line, without the blanks around it; empty at its end. */
static rnl_piece next_word(rnl_piece *line)
{
    while (line->length > 0 && is_blank(*line->at)) {
        line->at++;
        line->length--;
    }
    rnl_piece word = {line->at, 0};
    while (word.length < line->length && !is_blank(line->at[word.length]))
        word.length++;
    line->at += word.length;
    line->length -= word.length;
    return word;
}

/* Cuts the next line off the text, without its comment. */
static rnl_piece next_line(rnl_piece *text)
{
    const char *end = memchr(text->at, '\n', text->length);
    const size_t length = end ? (size_t)(end - text->at) : text->length;
    const char *hash = memchr(text->at, '#', length);
    const rnl_piece line = {text->at, hash ? (size_t)(hash - text->at) : length};
    text->at += length + (end != NULL);
    text->length -= length + (end != NULL);
    return line;
}

static rnl_status wrong(const place *p, rnl_piece word, const char *expected)
{
    char shown[RNL_PIECE_SHOWN];
    return rnl_fail(RNL_ERR_FORMAT, "%s, line %zu, column %zu: found '%s', expected %s", p->name,
                    p->line, (size_t)(word.at - p->begin) + 1, rnl_piece_show(word, shown),
                    expected);
}

/* "12:0.5" */
static rnl_status read_pair(const place *p, rnl_piece word, size_t *index, double *value)
{
    const char *colon = memchr(word.at, ':', word.length);
    size_t k = 0;
    for (*index = 0; colon && word.at + k < colon; k++) {
        if (word.at[k] < '0' || word.at[k] > '9')
            break;
        *index = *index * 10 + (size_t)(word.at[k] - '0');
        RNL_FAIL_IF(*index > INDEX_MAX, RNL_ERR_FORMAT,
                    "%s, line %zu, column %zu: an index above %d", p->name, p->line,
                    (size_t)(word.at - p->begin) + 1, INDEX_MAX);
    }
    if (!colon || k == 0 || word.at + k != colon)
        return wrong(p, word, "index:value, such as 3:0.5");
    if (!rnl_parse_number(colon + 1, word.length - k - 1, value))
        return wrong(p, word, "a number behind the colon");
    return RNL_OK;
}

static bool is_qid(rnl_piece word)
{
    return word.length > 4 && memcmp(word.at, "qid:", 4) == 0;
}

bool rnl_input_is_svmlight(const rnl_input *input)
{
    enum { LOOK_AT = 65536 };
    rnl_piece text = {(const char *)input->bytes, input->size < LOOK_AT ? input->size : LOOK_AT};
    while (text.length > 0) {
        rnl_piece line = next_line(&text), label = next_word(&line), pair = next_word(&line);
        const place p = {input->name, 1, label.at};
        double number, value;
        size_t index;
        if (label.length == 0)
            continue;
        if (pair.length == 0 || !rnl_parse_number(label.at, label.length, &number))
            return false;
        return is_qid(pair) || read_pair(&p, pair, &index, &value) == RNL_OK;
    }
    return false;
}

/* ---- all lines ----------------------------------------------------------------------------------------- */

/* Where the numbers go; all NULL in the first reading, which counts. */
typedef struct room {
    double *labels;        /* [counted] */
    float *rows;           /* [limit, features] */
    size_t counted;        /* rows in the first reading */
    size_t features, base; /* base: what the first index is called */
    size_t limit;          /* rows beyond it are read and left */
} room;

/* The second reading found other bytes than the first: a mapped file shows what is written into it meanwhile. */
static rnl_status changed(const char *name)
{
    return rnl_fail(RNL_ERR_IO, "%s: the file changed while it was read", name);
}

static rnl_status read_line(const place *p, rnl_piece line, const room *to, counts *c)
{
    rnl_piece word = next_word(&line);
    double number;
    if (word.length == 0)
        return RNL_OK;
    if (!rnl_parse_number(word.at, word.length, &number))
        return wrong(p, word, "a label: a number");
    if (to->labels && c->rows >= to->counted)
        return changed(p->name);
    if (to->labels)
        to->labels[c->rows] = number;
    bool first = true;
    for (size_t before = 0; (word = next_word(&line)).length > 0;) {
        size_t index;
        if (first && is_qid(word))
            continue;
        RNL_TRY(read_pair(p, word, &index, &number));
        RNL_FAIL_IF(!first && index <= before, RNL_ERR_FORMAT,
                    "%s, line %zu, column %zu: index %zu behind %zu, expected rising indices",
                    p->name, p->line, (size_t)(word.at - p->begin) + 1, index, before);
        RNL_FAIL_IF(!to->rows && index < to->base, RNL_ERR_FORMAT,
                    "%s, line %zu, column %zu: found index 0, expected indices from 1 on, as the "
                    "data that was learnt from has them",
                    p->name, p->line, (size_t)(word.at - p->begin) + 1);
        if (to->rows && (index < to->base || index - to->base >= to->features))
            return changed(p->name);
        if (to->rows && c->rows < to->limit)
            to->rows[c->rows * to->features + index - to->base] = (float)number;
        c->least = !c->pairs || index < c->least ? index : c->least;
        c->largest = index > c->largest ? index : c->largest;
        c->pairs = true;
        before = index;
        first = false;
    }
    c->rows++;
    return RNL_OK;
}

static rnl_status read_lines(const rnl_input *input, const room *to, counts *c)
{
    rnl_piece text = {(const char *)input->bytes, input->size};
    place p = {.name = input->name};
    *c = (counts){0};
    while (text.length > 0) {
        p.line++;
        p.begin = text.at;
        RNL_TRY(read_line(&p, next_line(&text), to, c));
    }
    return RNL_OK;
}

/* How many features there are, and what the first index is called. */
static rnl_status find_features(room *to, const rnl_input *input, const counts *c,
                                const rnl_data_options *options)
{
    const size_t wanted = options->features;
    if (options->first_index == RNL_FIRST_INDEX_AUTO)
        to->base = c->pairs && c->least == 0 ? 0 : 1;
    to->features = wanted;
    const size_t found = c->pairs ? c->largest + 1 - to->base : 0;
    if (wanted == 0)
        to->features = found;
    RNL_FAIL_IF(to->features == 0, RNL_ERR_FORMAT, "%s: no line has an index:value pair",
                input->name);
    RNL_FAIL_IF(found > to->features, RNL_ERR_SHAPE,
                "%s: the largest index is %zu, but the data has %zu features, counted from %zu",
                input->name, c->largest, to->features, to->base);
    return RNL_OK;
}

static rnl_status take_rows(rnl_dataset *set, const rnl_input *input, room *to, const counts *c,
                            const rnl_data_options *options)
{
    size_t numbers, bytes, most;
    to->limit = options->limit && options->limit < c->rows ? options->limit : c->rows;
    if (!rnl_mul_size(input->size, DENSE_TIMES, &most) || most < DENSE_LEAST)
        most = most < DENSE_LEAST ? DENSE_LEAST : SIZE_MAX;
    RNL_FAIL_IF(
        !rnl_mul_size(to->limit, to->features, &numbers) ||
            !rnl_mul_size(numbers, sizeof(float), &bytes) || bytes > most,
        RNL_ERR_UNSUPPORTED,
        "%s: %zu rows of %zu features are more than %d times as large as the file: too sparse for "
        "dense rows",
        input->name, to->limit, to->features, DENSE_TIMES);
    to->rows = set->owned[0] = rnl_alloc(numbers, sizeof(float));
    if (!to->rows)
        return rnl_fail_prefix(RNL_ERR_MEMORY, input->name);
    counts again;
    RNL_TRY(read_lines(input, to, &again));
    if (again.rows != c->rows)
        return changed(input->name);
    set->floats = to->rows;
    set->info.n = to->limit;
    set->info.features = set->info.width = to->features;
    set->info.channels = set->info.height = 1;
    set->info.first_index = to->base == 0 ? RNL_FIRST_INDEX_0 : RNL_FIRST_INDEX_1;
    return RNL_OK;
}

static rnl_status take_labels(rnl_dataset *set, const rnl_input *input, const double *labels,
                              size_t n, const rnl_data_options *options)
{
    rnl_data_options with = *options;
    bool whole = true;
    for (size_t i = 0; i < n && whole; i++)
        whole = labels[i] >= -INT32_MAX && labels[i] <= INT32_MAX &&
                labels[i] == (double)(int32_t)labels[i];
    if (options->labels == RNL_LABELS_AUTO)
        with.labels = whole ? RNL_LABELS_CLASSES : RNL_LABELS_NUMBERS;
    const rnl_array y = {.name = input->name,
                         .element = {.kind = RNL_DOUBLE},
                         .rank = 1,
                         .dims = {n},
                         .count = n,
                         .bytes = (const uint8_t *)labels};
    return rnl_dataset_set_labels(set, &y, &with);
}

static rnl_status fill(rnl_dataset *set, const rnl_input *input, double **labels,
                       const rnl_data_options *options)
{
    room to = {.base = options->first_index == RNL_FIRST_INDEX_1};
    counts c;
    RNL_TRY(read_lines(input, &to, &c));
    RNL_FAIL_IF(c.rows == 0, RNL_ERR_FORMAT, "%s: no data: no line has a label", input->name);
    RNL_TRY(find_features(&to, input, &c, options));
    to.counted = c.rows;
    to.labels = *labels = rnl_alloc(c.rows, sizeof **labels);
    if (!*labels)
        return rnl_fail_prefix(RNL_ERR_MEMORY, input->name);
    RNL_TRY(take_rows(set, input, &to, &c, options));
    return take_labels(set, input, *labels, c.rows, options);
}

rnl_status rnl_svmlight_decode(rnl_dataset **set, const rnl_input *input,
                               const rnl_data_options *options)
{
    const rnl_data_options standard = rnl_data_options_default();
    double *labels = NULL;
    RNL_TRY(rnl_dataset_new(set));
    const rnl_status status = fill(*set, input, &labels, options ? options : &standard);
    rnl_free(labels);
    if (status != RNL_OK)
        rnl_dataset_free(set);
    return status;
}

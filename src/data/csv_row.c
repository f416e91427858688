/* csv_row.c - a record of a table becomes a row of numbers */
#include "data/csv_row.h"

#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MOST = 10000 }; /* different texts in a column, or classes */

void rnl_row_reader_free(rnl_row_reader *r)
{
    rnl_free(r->plan);
    *r = (rnl_row_reader){0};
}

void rnl_number_name(double number, char text[RNL_NUMBER_NAME])
{
    enum { DIGITS = 17 }; /* of a double */
    const bool whole = floor(number) == number && fabs(number) <= 0x1p53;
    for (int digits = whole ? DIGITS : 1; digits <= DIGITS; digits++) {
        double again;
        rnl_format_number(text, RNL_NUMBER_NAME, number, digits);
        if (rnl_parse_number(text, strlen(text), &again) && again == number)
            return;
    }
}

bool rnl_words_are_numbers(const rnl_words *words)
{
    double number;
    for (size_t i = 0; i < words->count; i++)
        if (!rnl_parse_number(words->word[i], strlen(words->word[i]), &number))
            return false;
    return words->count > 0;
}

/* ---- what is wrong with a cell ------------------------------------------------------------------------ */

static rnl_status no_number(const rnl_row_reader *r, size_t j, const rnl_cell *cell)
{
    char shown[RNL_CELL_SHOWN];
    rnl_comma_number better;
    const char *heading = r->plan[j].column->name, *why = "";
    const rnl_written written = r->plan[j].column->written;
    rnl_cell bare = *cell;
    rnl_cell_show(cell, shown);
    if (rnl_cell_means_number(cell) && rnl_cell_drop_percent(&bare) != written.percent)
        return rnl_csv_fail(r->csv, j, heading, "found %s, expected a number %s a percent sign%s",
                            shown, written.percent ? "with" : "without",
                            r->learning ? ", as most cells of this column are" : "");
    if (written.comma && rnl_cell_means_number(cell))
        return rnl_csv_fail(r->csv, j, heading,
                            "found %s, expected a number with a comma for the decimal sign, and "
                            "without a point",
                            shown);
    if (rnl_cell_comma_number(&bare, &better)) {
        if (!*better.grouped)
            return rnl_csv_fail(r->csv, j, heading,
                                "found %s, expected a number with a point for the decimal sign: %s",
                                shown, better.decimal);
        if (!*better.decimal)
            return rnl_csv_fail(r->csv, j, heading,
                                "found %s, expected a number without commas between thousands: %s",
                                shown, better.grouped);
        return rnl_csv_fail(r->csv, j, heading,
                            "found %s, expected a number without a comma: %s if it separates "
                            "thousands, %s if it is the decimal sign",
                            shown, better.grouped, better.decimal);
    }
    if (r->learning)
        why = r->plan[j].use != RNL_CELL_TARGET ? ", as most cells of this column are"
              : r->text_target ? " to predict, but the target holds texts, which are classes"
                               : ", as most cells of the target are";
    return rnl_csv_fail(r->csv, j, heading, "found %s, expected a number%s", shown, why);
}

static rnl_status is_missing(rnl_row_reader *r, size_t j, const rnl_cell *cell)
{
    char shown[RNL_CELL_SHOWN];
    const rnl_column *column = r->plan[j].column;
    const bool target = column->kind == RNL_COLUMN_TARGET;
    if (target || r->missing == RNL_MISSING_REFUSE)
        return rnl_csv_fail(
            r->csv, j, column->name, "found %s, expected %s: %s", rnl_cell_show(cell, shown),
            column->kind == RNL_COLUMN_TEXT || r->plan[j].use == RNL_CELL_CLASS ? "a text"
                                                                                : "a number",
            target ? "the target may not be missing"
                   : "a missing value is refused unless it is said what it counts as, "
                     "mean or zero");
    r->filled++;
    return RNL_OK;
}

static rnl_status unknown_value(const rnl_row_reader *r, size_t j, const rnl_cell *cell)
{
    char shown[RNL_CELL_SHOWN], values[RNL_WORDS_SHOWN];
    const rnl_column *column = r->plan[j].column;
    return rnl_csv_fail(
        r->csv, j, column->name, "found %s, expected %s: %s", rnl_cell_show(cell, shown),
        r->plan[j].use == RNL_CELL_CLASS ? "one of the classes" : "a value that training met",
        rnl_words_show(&column->values, values));
}

/* ---- cells -------------------------------------------------------------------------------------------- */

static rnl_status add_value(rnl_row_reader *r, size_t j, const rnl_cell *cell, size_t *which)
{
    rnl_column *column = r->plan[j].column;
    const size_t before = column->values.count;
    *which = rnl_words_find(&column->values, cell->at, cell->length);
    if (*which != SIZE_MAX)
        return RNL_OK;
    const char *fault = rnl_name_fault(cell->at, cell->length);
    if (fault)
        return rnl_csv_fail(r->csv, j, column->name, "found a %s that %s",
                            r->plan[j].use == RNL_CELL_CLASS ? "class" : "text", fault);
    if (before == VALUES_MOST)
        return rnl_csv_fail(
            r->csv, j, column->name, "more than %d different texts in this column: %s", VALUES_MOST,
            r->plan[j].use == RNL_CELL_CLASS ? "is it the target?" : "it should be left out");
    RNL_TRY(rnl_words_add(&column->values, cell->at, cell->length, which));
    r->new_words++;
    return RNL_OK;
}

static rnl_status text_cell(rnl_row_reader *r, size_t j, const rnl_cell *cell, float *x)
{
    const rnl_cell_plan *plan = &r->plan[j];
    size_t which = SIZE_MAX;
    const bool missing = rnl_cell_is_missing(cell);
    if (missing)
        RNL_TRY(is_missing(r, j, cell));
    else if (r->learning)
        RNL_TRY(add_value(r, j, cell, &which));
    else
        which = rnl_words_find(&plan->column->values, cell->at, cell->length);
    if (r->learning) {
        x[plan->to] = which == SIZE_MAX ? -1 : (float)which;
        return RNL_OK;
    }
    memset(x + plan->to, 0, plan->column->values.count * sizeof *x);
    if (which != SIZE_MAX)
        x[plan->to + which] = 1;
    else if (!missing && r->missing == RNL_MISSING_REFUSE)
        return unknown_value(r, j, cell);
    else
        r->unknown += !missing;
    return RNL_OK;
}

static bool read_number(const rnl_column *column, const rnl_cell *cell, double *number)
{
    rnl_comma_number room;
    rnl_cell plain;
    return rnl_cell_plain(cell, column->written, &room, &plain) && rnl_cell_double(&plain, number);
}

static rnl_status class_cell(rnl_row_reader *r, size_t j, const rnl_cell *cell, int32_t *class)
{
    const rnl_column *column = r->plan[j].column;
    size_t which = SIZE_MAX;
    double number;
    if (rnl_cell_is_missing(cell))
        return is_missing(r, j, cell);
    if (r->learning && !r->known_classes) {
        RNL_TRY(add_value(r, j, cell, &which));
    } else {
        which = rnl_words_find(&column->values, cell->at, cell->length);
    }
    if (which == SIZE_MAX && r->numeric_classes && read_number(column, cell, &number)) {
        char name[RNL_NUMBER_NAME];
        rnl_number_name(number, name);
        which = rnl_words_find(&column->values, name, strlen(name));
    }
    if (which == SIZE_MAX)
        return unknown_value(r, j, cell);
    *class = (int32_t)which;
    return RNL_OK;
}

/* A number that a float can at least come near to, also when it is less the column's offset. */
static rnl_status number_cell(rnl_row_reader *r, size_t j, const rnl_cell *cell, double *number)
{
    char shown[RNL_CELL_SHOWN];
    if (!read_number(r->plan[j].column, cell, number))
        return no_number(r, j, cell);
    if (!isfinite((float)(*number - r->plan[j].column->offset)))
        return rnl_csv_fail(r->csv, j, r->plan[j].column->name,
                            "found %s, expected a number of single precision, which end at 3.4e38",
                            rnl_cell_show(cell, shown));
    return RNL_OK;
}

/* An input that is quoted, missing, none, to be moved, or not written plainly. */
static rnl_status input_cell(rnl_row_reader *r, size_t j, const rnl_cell *cell, float *x)
{
    const rnl_column *column = r->plan[j].column;
    double number;
    rnl_comma_number room;
    rnl_cell plain;
    if (rnl_cell_is_missing(cell)) {
        *x = r->learning ? NAN : (float)(column->fill - column->offset);
        return is_missing(r, j, cell);
    }
    RNL_TRY(number_cell(r, j, cell, &number));
    if (r->plan[j].use == RNL_CELL_OFFSET)
        *x = (float)(number - column->offset);
    else if (rnl_cell_plain(cell, column->written, &room, &plain))
        rnl_cell_number(&plain, x); /* rounded once */
    return RNL_OK;
}

static rnl_status other_cell(rnl_row_reader *r, const rnl_record *record, size_t j, const char **p,
                             float *x, rnl_row_target *target)
{
    rnl_cell cell;
    RNL_TRY(rnl_csv_cell(r->csv, record, j, p, &cell));
    switch (r->plan[j].use) {
    case RNL_CELL_SKIPPED: break;
    case RNL_CELL_NUMBER:
    case RNL_CELL_OFFSET: return input_cell(r, j, &cell, &x[r->plan[j].to]);
    case RNL_CELL_TEXT: return text_cell(r, j, &cell, x);
    case RNL_CELL_CLASS: return class_cell(r, j, &cell, &target->class);
    case RNL_CELL_TARGET:
        return rnl_cell_is_missing(&cell) ? is_missing(r, j, &cell)
                                          : number_cell(r, j, &cell, &target->number);
    }
    return RNL_OK;
}

static rnl_status wrong_count(const rnl_row_reader *r, const rnl_record *record)
{
    size_t cells = 0;
    RNL_TRY(rnl_csv_count(r->csv, record, &cells));
    return rnl_fail(RNL_ERR_FORMAT, "%s, line %llu: found %zu cell%s, expected %zu as in line %llu",
                    r->csv->name, (unsigned long long)r->csv->line, cells, cells == 1 ? "" : "s",
                    r->cells, (unsigned long long)r->first_line);
}

rnl_status rnl_row_read(rnl_row_reader *r, const rnl_record *record, float *x,
                        rnl_row_target *target)
{
    const char *p = record->at, *const end = record->end;
    const char separator = r->csv->separator;
    const size_t last = r->cells - 1;
    for (size_t j = 0;; j++, p++) {
        const rnl_cell_plan *plan = &r->plan[j];
        const bool is_target = plan->use == RNL_CELL_TARGET,
                   is_offset = plan->use == RNL_CELL_OFFSET,
                   is_number =
                       plan->plain && (plan->use == RNL_CELL_NUMBER || is_target || is_offset);
        float number = 0;
        double precise = 0;
        while (is_number && *p == ' ')
            p++;
        const char *after = !is_number               ? NULL
                            : is_target || is_offset ? rnl_csv_double(p, &precise)
                                                     : rnl_csv_number(p, &number);
        if (is_offset)
            number = (float)(precise - plan->column->offset);
        if (after && (*after == separator || after == end) && fabsf(number) <= FLT_MAX &&
            fabs(precise) <= (double)FLT_MAX) {
            if (is_target)
                target->number = precise;
            else
                x[plan->to] = number;
            p = after;
        } else {
            RNL_TRY(other_cell(r, record, j, &p, x, target));
        }
        if ((p == end) != (j == last))
            return wrong_count(r, record);
        if (j == last)
            return RNL_OK;
    }
}

/* ---- plans -------------------------------------------------------------------------------------------- */

rnl_cell_use rnl_cell_use_of(const rnl_columns *c, const rnl_column *column)
{
    switch (column->kind) {
    case RNL_COLUMN_NUMBER: return column->offset != 0 ? RNL_CELL_OFFSET : RNL_CELL_NUMBER;
    case RNL_COLUMN_TEXT: return RNL_CELL_TEXT;
    case RNL_COLUMN_TARGET: return c->classes ? RNL_CELL_CLASS : RNL_CELL_TARGET;
    case RNL_COLUMN_LEFT_OUT: break;
    }
    return RNL_CELL_SKIPPED;
}

rnl_status rnl_row_reader_learn(rnl_row_reader *r, rnl_csv *csv, rnl_columns *c)
{
    *r = (rnl_row_reader){.csv = csv,
                          .cells = c->count,
                          .learning = true,
                          .missing = c->missing,
                          .first_line = csv->line,
                          .text_target = c->text_target};
    r->plan = rnl_alloc(c->count, sizeof *r->plan);
    if (!r->plan)
        return RNL_ERR_MEMORY;
    if (c->target != SIZE_MAX) {
        const rnl_words *classes = &c->column[c->target].values;
        r->known_classes = classes->count > 0;
        r->numeric_classes = rnl_words_are_numbers(classes);
    }
    size_t to = 0;
    for (size_t j = 0; j < c->count; j++) {
        rnl_column *column = &c->column[j];
        r->plan[j] = (rnl_cell_plan){.use = rnl_cell_use_of(c, column),
                                     .plain = rnl_written_plainly(column->written),
                                     .to = to,
                                     .column = column};
        to += column->kind == RNL_COLUMN_NUMBER || column->kind == RNL_COLUMN_TEXT;
    }
    return RNL_OK;
}

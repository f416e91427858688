/* csv_look.c - what a table seems to be: separator, header, which columns are numbers
 *
 *   separator   the one that a first line `sep=` states; or the first of tab ; | , that cuts the first 20 records
 *               into the same number of cells, 2 at least; if none does, the one that cuts the first into most
 *   numbers     a column is numbers if more of its cells are than are texts, the first record aside; 1,5
 *               and 1,234 and 12% count as numbers, so that they are told and not taken for texts
 *   decimal     a comma is the decimal sign where it cannot be another: 1,5 in a table that ; separates
 *   percent     a column whose numbers all have a percent sign is the numbers before it
 *   left out    a column without a value in any row: it is neither, and has no mean
 *   header      the first record is one if it has a text above a column of numbers; where no column is numbers,
 *               if all its cells are texts and different
 *   offset      a column of large numbers that are near to each other has one, a little below them, where inputs
 *               are prepared (or only looked at); otherwise they stay as they are
 */
#include "data/csv_look.h"

#include "base/phrase.h"
#include "data/dataset.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SEPARATOR_ROWS = 20, LOOK_ROWS = 1000 };

typedef struct seen {
    size_t numbers, texts;           /* in all records but the first */
    double least, most;              /* of those numbers */
    size_t commas, points, percents; /* of those that tell: see rnl_decimal_sign */
    bool first_number, first_missing;
    rnl_decimal_sign first_sign;
    bool first_percent;
    double first_value;
    char *first; /* its cell in the first record */
} seen;

typedef struct look {
    const rnl_input *input;
    size_t cells;
    seen *column; /* [cells] */
    size_t rows;  /* looked at, the first aside */
    char separator;
} look;

static void free_look(look *l)
{
    for (size_t j = 0; l->column && j < l->cells; j++)
        rnl_free(l->column[j].first);
    rnl_free(l->column);
}

/* ---- the separator ------------------------------------------------------------------------------------ */

/* Of the records behind the first `skip`: *first: cells of the first one; *same: whether so many in the others, too;
 * *stated: as in csv.h. */
static rnl_status try_separator(const rnl_input *input, char separator, size_t skip, size_t *first,
                                bool *same, char *stated)
{
    rnl_csv csv;
    *first = 0;
    *same = true;
    rnl_status status = rnl_csv_open(&csv, input, separator);
    for (size_t i = 0; status == RNL_OK && i < SEPARATOR_ROWS; i++) {
        rnl_record r;
        size_t cells = 0;
        status = rnl_csv_next(&csv, &r);
        if (status != RNL_OK || !r.at)
            break;
        if (i < skip)
            continue;
        if (rnl_csv_count(&csv, &r, &cells) != RNL_OK)
            *same = false; /* not with this one: quotes in the middle of cells */
        *first = i == skip ? cells : *first;
        *same = *same && cells == *first;
    }
    *stated = csv.stated;
    rnl_csv_close(&csv);
    return status;
}

static rnl_status find_separator(look *l)
{
    size_t most = 0;
    for (const char *s = rnl_separators; *s; s++) {
        size_t cells;
        bool same;
        char stated;
        RNL_TRY(try_separator(l->input, *s, 0, &cells, &same, &stated));
        if (stated || (same && cells >= 2)) {
            l->separator = stated ? stated : *s;
            return RNL_OK;
        }
        if (cells >= most) { /* the last one, a comma, where none separates */
            most = cells;
            l->separator = *s;
        }
    }
    return RNL_OK;
}

/* ---- the cells ---------------------------------------------------------------------------------------- */

static rnl_status look_at_first(look *l, rnl_csv *csv, const rnl_record *r)
{
    const char *p = r->at;
    RNL_TRY(rnl_csv_count(csv, r, &l->cells));
    l->column = rnl_alloc(l->cells, sizeof *l->column);
    if (!l->column)
        return RNL_ERR_MEMORY;
    for (size_t j = 0; j < l->cells; j++, p++) {
        rnl_cell cell;
        RNL_TRY(rnl_csv_cell(csv, r, j, &p, &cell));
        seen *s = &l->column[j];
        s->least = INFINITY;
        s->most = -INFINITY;
        s->first_value = NAN;
        s->first_missing = rnl_cell_is_missing(&cell);
        s->first = rnl_alloc(cell.length + 1, 1);
        if (!s->first)
            return RNL_ERR_MEMORY;
        memcpy(s->first, cell.at, cell.length);
        s->first_percent = rnl_cell_drop_percent(&cell);
        s->first_sign = rnl_cell_decimal_sign(&cell, &s->first_value);
    }
    return RNL_OK;
}

static void count(seen *s, rnl_decimal_sign sign, bool percent, double number)
{
    if (sign == RNL_SIGN_NO_NUMBER) {
        s->texts++;
        return;
    }
    s->numbers++;
    s->percents += percent;
    s->commas += sign == RNL_SIGN_COMMA;
    s->points += sign == RNL_SIGN_POINT;
    s->least = fmin(s->least, number);
    s->most = fmax(s->most, number);
}

static bool has_values(const seen *s)
{
    return s->numbers + s->texts > 0;
}

/* more: only columns that have no values yet are looked at. */
static rnl_status look_at_row(look *l, rnl_csv *csv, const rnl_record *r, bool more)
{
    const char *p = r->at;
    for (size_t j = 0; j < l->cells; j++, p++) {
        rnl_cell cell;
        double number = NAN;
        RNL_TRY(rnl_csv_cell(csv, r, j, &p, &cell));
        if (!rnl_cell_is_missing(&cell) && !(more && has_values(&l->column[j]))) {
            const bool percent = rnl_cell_drop_percent(&cell);
            const rnl_decimal_sign sign = rnl_cell_decimal_sign(&cell, &number);
            count(&l->column[j], sign, percent, more ? NAN : number); /* one tells no range */
        }
        if (p == r->end)
            break; /* too few, or too many: told when the table is read */
    }
    l->rows++;
    return RNL_OK;
}

static bool all_have_values(const look *l)
{
    for (size_t j = 0; j < l->cells; j++)
        if (!has_values(&l->column[j]))
            return false;
    return true;
}

static rnl_status look_at_rows(look *l)
{
    rnl_csv csv;
    rnl_record r;
    rnl_status status = rnl_csv_open(&csv, l->input, l->separator);
    for (size_t i = 0; status == RNL_OK && (i <= LOOK_ROWS || !all_have_values(l)); i++) {
        status = rnl_csv_next(&csv, &r);
        if (status != RNL_OK || !r.at)
            break;
        status = i == 0 ? look_at_first(l, &csv, &r) : look_at_row(l, &csv, &r, i > LOOK_ROWS);
    }
    rnl_csv_close(&csv);
    RNL_FAIL_IF(status == RNL_OK && !l->column, RNL_ERR_FORMAT, "%s has no rows", l->input->name);
    return status;
}

static bool seems_headed(const look *l)
{
    bool has_numbers = false;
    for (size_t j = 0; j < l->cells; j++) {
        const seen *s = &l->column[j];
        if (s->numbers > s->texts && s->first_sign == RNL_SIGN_NO_NUMBER && !s->first_missing)
            return true;
        has_numbers |= s->numbers > s->texts;
        has_numbers |= s->first_sign != RNL_SIGN_NO_NUMBER;
    }
    if (has_numbers)
        return false;
    enum { COMPARED = 1000 };
    for (size_t j = 0; j < l->cells; j++) {
        if (l->column[j].first_missing)
            return false;
        for (size_t i = 0; i < j && j < COMPARED; i++)
            if (strcmp(l->column[i].first, l->column[j].first) == 0)
                return false;
    }
    return true;
}

/* A line of text above the table: one cell, where the rows have more (with whatever separates them), or the only one
 * of three and more that is not empty. */
static rnl_status refuse_title(const look *l)
{
    size_t cells = l->cells, filled = 0, first;
    bool same;
    char stated;
    for (size_t j = 0; j < l->cells; j++)
        filled += !l->column[j].first_missing;
    bool found = cells >= 3 && filled == 1 && l->rows > 0;
    RNL_TRY(try_separator(l->input, l->separator, 0, &first, &same, &stated));
    for (const char *s = rnl_separators; *s && !(same && first >= 2) && !found; s++) {
        size_t below;
        RNL_TRY(try_separator(l->input, *s, 0, &first, &same, &stated));
        RNL_TRY(try_separator(l->input, *s, 1, &below, &found, &stated));
        found = found && first == 1 && below >= 2;
        cells = found ? below : cells;
    }
    RNL_FAIL_IF(found && !l->column[0].first_missing &&
                    l->column[0].first_sign == RNL_SIGN_NO_NUMBER,
                RNL_ERR_FORMAT,
                "%s: line 1 is one cell alone, and the lines below it have %zu: a title? Take away "
                "what stands above the table, as tail -n +2 does",
                l->input->name, cells);
    return RNL_OK;
}

/* ---- columns ------------------------------------------------------------------------------------------ */

static rnl_status name_columns(rnl_columns *c, const look *l)
{
    for (size_t j = 0, had; j < c->count; j++) {
        const char *name = l->column[j].first;
        char made[32], shown[RNL_COLUMN_SHOWN];
        const char *fault = rnl_name_fault(name, strlen(name));
        RNL_FAIL_IF(fault, RNL_ERR_FORMAT, "%s: the name of column %zu in its header %s",
                    l->input->name, j + 1, fault);
        if (!*name) { /* such as the row numbers that pandas writes */
            snprintf(made, sizeof made, "column %zu", j + 1);
            c->column[j].kind = RNL_COLUMN_LEFT_OUT;
            name = made;
        }
        RNL_TRY(rnl_columns_add_name(c, name, &had));
        RNL_FAIL_IF(
            had != j, RNL_ERR_FORMAT,
            "%s: columns %zu and %zu are both called \"%s\", expected another name for each",
            l->input->name, had + 1, j + 1, rnl_column_show(c, had, shown));
    }
    return RNL_OK;
}

static rnl_status no_such_column(const rnl_columns *c, const look *l, rnl_piece what)
{
    char shown[RNL_PIECE_SHOWN], names[RNL_WORDS_SHOWN];
    if (c->header)
        return rnl_fail(RNL_ERR_USAGE, "%s has no column \"%s\"; its columns are: %s",
                        l->input->name, rnl_piece_show(what, shown), rnl_columns_show(c, names));
    return rnl_fail(
        RNL_ERR_USAGE,
        "%s has no column \"%s\": it has no header, and its columns are numbered from 1 to "
        "%zu",
        l->input->name, rnl_piece_show(what, shown), c->count);
}

/* As somebody wants it, whatever was found. */
static void set_kind(rnl_column *column, rnl_column_kind kind)
{
    column->kind = kind;
    column->empty = false;
}

/* The columns in a list get this kind. */
static rnl_status set_kinds(rnl_columns *c, const look *l, const char *list, rnl_column_kind kind)
{
    rnl_piece rest = {list, list ? strlen(list) : 0};
    size_t whole = list ? rnl_columns_find(c, list, rest.length) : SIZE_MAX;
    if (whole != SIZE_MAX) { /* a name may hold a comma */
        set_kind(&c->column[whole], kind);
        return RNL_OK;
    }
    while (list && rest.at) {
        const rnl_piece name = rnl_piece_trim(rnl_piece_cut(&rest, ','));
        const size_t j = rnl_columns_find(c, name.at, name.length);
        if (j == SIZE_MAX)
            return no_such_column(c, l, name);
        set_kind(&c->column[j], kind);
        if (rest.length == 0)
            break;
    }
    return RNL_OK;
}

/* The classes that the target has, whichever of them the table shows. */
static rnl_status take_classes(rnl_columns *c, const look *l, const rnl_table_options *o)
{
    const char *name = o->class_names;
    RNL_FAIL_IF(o->task == RNL_TABLE_NUMBERS, RNL_ERR_USAGE,
                "%s: its target cannot be numbers to predict and have classes, too",
                l->input->name);
    for (size_t k = 0, at;; k++, name++) {
        const size_t length = strcspn(name, "\n");
        RNL_TRY(rnl_words_add(&c->column[c->target].values, name, length, &at));
        RNL_FAIL_IF(at != k, RNL_ERR_USAGE, "two classes are both called \"%.*s\"", (int)length,
                    name);
        name += length;
        if (!*name)
            return RNL_OK;
    }
}

static rnl_status choose_target(rnl_columns *c, const look *l, const rnl_table_options *o)
{
    char shown[RNL_COLUMN_SHOWN];
    if (o->target) {
        c->target = rnl_columns_find(c, o->target, strlen(o->target));
        if (c->target == SIZE_MAX)
            return no_such_column(c, l, (rnl_piece){o->target, strlen(o->target)});
        RNL_FAIL_IF(c->column[c->target].empty, RNL_ERR_FORMAT,
                    "%s: column %zu is the target, and has no value in any row", l->input->name,
                    c->target + 1);
        RNL_FAIL_IF(c->column[c->target].kind == RNL_COLUMN_LEFT_OUT, RNL_ERR_USAGE,
                    "%s: column %zu is the target and is left out, too", l->input->name,
                    c->target + 1);
    } else {
        for (size_t j = c->count; j-- > 0 && c->target == SIZE_MAX;) {
            RNL_FAIL_IF(c->column[j].empty && c->header && *l->column[j].first, RNL_ERR_FORMAT,
                        "%s: the last column, \"%s\", would be the target, and has no value in any "
                        "row",
                        l->input->name, rnl_column_show(c, j, shown));
            if (c->column[j].kind != RNL_COLUMN_LEFT_OUT)
                c->target = j;
        }
        RNL_FAIL_IF(c->target == SIZE_MAX, RNL_ERR_USAGE, "%s: all columns are left out",
                    l->input->name);
    }
    if (o->class_names)
        RNL_TRY(take_classes(c, l, o));
    const bool text = c->column[c->target].kind == RNL_COLUMN_TEXT || o->class_names;
    const seen *cells = &l->column[c->target];
    c->classes = text && o->task != RNL_TABLE_NUMBERS;
    c->text_target = !c->classes && cells->texts > 0 && cells->texts >= cells->numbers;
    c->column[c->target].kind = RNL_COLUMN_TARGET;
    return RNL_OK;
}

/* Where a float would not tell them apart. None seen: infinite. */
static double offset_of(double least, double most)
{
    const double size = fmax(fabs(least), fabs(most)), range = most - least;
    if (!(least <= most) || size > (double)FLT_MAX ||
        (range > 0 ? !rnl_are_too_near(least, most, RNL_STEPS_LEAST) : size < 0x1p24))
        return 0;
    const double unit = range > 0 ? pow(10, floor(log10(range))) : size;
    return floor(least / unit) * unit;
}

/* The decimal sign is a comma where it is stated; and, where commas do not separate, in a column with numbers that
 * cannot be read otherwise, and in all others too if no column has numbers with a point. */
static void find_written(rnl_columns *c, const look *l, char decimal)
{
    bool commas = false, points = false;
    for (size_t j = 0; j < c->count; j++) {
        const seen *s = &l->column[j];
        commas |= s->numbers > s->texts && s->commas > 0;
        points |= s->numbers > s->texts && s->points > 0;
    }
    for (size_t j = 0; j < c->count; j++) {
        const seen *s = &l->column[j];
        if (c->column[j].kind != RNL_COLUMN_NUMBER)
            continue;
        const bool found =
            l->separator != ',' && s->points == 0 && (s->commas > 0 || (commas && !points));
        c->column[j].written =
            (rnl_written){.comma = decimal ? decimal == ',' : found,
                          .percent = s->percents > 0 && s->percents == s->numbers};
    }
}

static rnl_status make_columns(rnl_columns **columns, look *l, const rnl_table_options *o)
{
    RNL_TRY(rnl_columns_new(columns, l->cells));
    rnl_columns *c = *columns;
    c->separator = l->separator;
    c->missing = o->missing;
    c->header = o->header ? o->header > 0 : seems_headed(l);
    if (!o->header)
        RNL_TRY(refuse_title(l));
    for (size_t j = 0; j < c->count; j++) {
        seen *s = &l->column[j];
        if (!c->header && !s->first_missing)
            count(s, s->first_sign, s->first_percent, s->first_value);
        const bool text = s->texts > 0 && s->texts >= s->numbers;
        c->column[j].empty = !has_values(s);
        c->column[j].kind = c->column[j].empty ? RNL_COLUMN_LEFT_OUT
                            : text             ? RNL_COLUMN_TEXT
                                               : RNL_COLUMN_NUMBER;
    }
    if (c->header)
        RNL_TRY(name_columns(c, l));
    RNL_FAIL_IF(c->header && l->rows == 0, RNL_ERR_FORMAT, "%s has a header and no rows",
                l->input->name);
    RNL_TRY(set_kinds(c, l, o->as_text, RNL_COLUMN_TEXT));
    RNL_TRY(set_kinds(c, l, o->leave_out, RNL_COLUMN_LEFT_OUT));
    find_written(c, l, o->decimal);
    RNL_TRY(choose_target(c, l, o));
    size_t inputs = 0;
    for (size_t j = 0; j < c->count; j++) {
        rnl_column *column = &c->column[j];
        inputs += column->kind == RNL_COLUMN_NUMBER || column->kind == RNL_COLUMN_TEXT;
        if (column->kind == RNL_COLUMN_NUMBER &&
            (o->prepare != RNL_PREPARE_NONE || o->missing == RNL_MISSING_KEEP))
            column->offset = offset_of(l->column[j].least, l->column[j].most);
    }
    RNL_FAIL_IF(inputs == 0 && c->count > 1, RNL_ERR_FORMAT,
                "%s has no column beside the target that is not left out: nothing to learn from",
                l->input->name);
    RNL_FAIL_IF(
        inputs == 0, RNL_ERR_FORMAT,
        "%s has no column beside the target (%zu in all): nothing to learn from; is '%s' what "
        "separates its cells?",
        l->input->name, c->count, c->separator == '\t' ? "tab" : (char[]){c->separator, 0});
    return RNL_OK;
}

rnl_status rnl_table_look(rnl_columns **columns, const rnl_input *input, const rnl_table_options *o)
{
    look l = {.input = input, .separator = o->separator};
    *columns = NULL;
    RNL_FAIL_IF(o->separator && !strchr(rnl_separators, o->separator), RNL_ERR_USAGE,
                "a separator of tables is one of , ; tab |");
    RNL_FAIL_IF(o->decimal && o->decimal != '.' && o->decimal != ',', RNL_ERR_USAGE,
                "a decimal sign of tables is one of . and ,");
    rnl_status status = l.separator ? RNL_OK : find_separator(&l);
    if (status == RNL_OK)
        status = look_at_rows(&l);
    if (status == RNL_OK)
        status = make_columns(columns, &l, o);
    free_look(&l);
    if (status != RNL_OK)
        rnl_columns_free(columns);
    return status;
}

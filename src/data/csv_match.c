/* csv_match.c - finds the columns that are known in another table
 *
 * By name, where both tables have a header: every input must be there; the target (unless it is needed) and what
 * was left out may be there or not, what is not known is left out, and the order does not matter.
 * By place otherwise: the table has all columns, or all but the target, or the inputs alone. */
#include "data/csv_look.h"
#include "data/csv_row.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool is_input(const rnl_column *column)
{
    return column->kind == RNL_COLUMN_NUMBER || column->kind == RNL_COLUMN_TEXT;
}

/* Is this column in a table of so many cells, where columns are found by place? */
static bool has_place(const rnl_columns *c, size_t j, size_t cells, size_t inputs)
{
    if (cells == c->count)
        return true;
    if (cells == c->count - 1 && c->target != SIZE_MAX)
        return j != c->target;
    return cells == inputs && is_input(&c->column[j]);
}

static size_t count_inputs(const rnl_columns *c)
{
    size_t inputs = 0;
    for (size_t j = 0; j < c->count; j++)
        inputs += is_input(&c->column[j]);
    return inputs;
}

static bool fits(const rnl_columns *c, size_t cells, bool need_target)
{
    return cells == c->count ||
           (!need_target &&
            (cells == count_inputs(c) || (cells == c->count - 1 && c->target != SIZE_MAX)));
}

/* The separator that the table states, or that of the training table, unless this one clearly has another. */
static rnl_status choose_separator(rnl_csv *csv, const rnl_columns *c, const rnl_record *first,
                                   bool need_target, size_t *cells)
{
    csv->separator = csv->stated ? csv->stated : c->separator;
    const rnl_status status = rnl_csv_count(csv, first, cells);
    if (csv->stated || (status == RNL_OK && fits(c, *cells, need_target)))
        return status;
    for (const char *s = rnl_separators; *s; s++) {
        size_t others;
        csv->separator = *s;
        if (rnl_csv_count(csv, first, &others) == RNL_OK && others > 1 &&
            (fits(c, others, need_target) || *cells == 1)) {
            *cells = others;
            return RNL_OK;
        }
    }
    csv->separator = c->separator;
    return rnl_csv_count(csv, first, cells);
}

/* ---- the header --------------------------------------------------------------------------------------- */

/* Does the first record hold names that are known, or a text where a number must be? */
static rnl_status seems_headed(rnl_csv *csv, const rnl_columns *c, const rnl_record *first,
                               size_t cells, bool *headed)
{
    const size_t inputs = count_inputs(c);
    const char *p = first->at;
    *headed = false;
    for (size_t i = 0, j = 0; i < cells && !*headed; i++, j++, p++) {
        rnl_cell cell;
        RNL_TRY(rnl_csv_cell(csv, first, i, &p, &cell));
        if (rnl_words_find(&c->names, cell.at, cell.length) != SIZE_MAX)
            *headed = true;
        while (fits(c, cells, false) && j < c->count && !has_place(c, j, cells, inputs))
            j++;
        if (fits(c, cells, false) && j < c->count && c->column[j].kind == RNL_COLUMN_NUMBER &&
            !rnl_cell_is_missing(&cell) && !rnl_cell_means_number(&cell))
            *headed = true;
    }
    return RNL_OK;
}

static void list(char *text, size_t size, const char *name)
{
    char shown[RNL_COLUMN_SHOWN];
    const size_t used = strlen(text);
    rnl_text_clean(shown, sizeof shown, name);
    if (used + strlen(shown) + 12 < size)
        snprintf(text + used, size - used, "%s\"%s\"", used ? ", " : "", shown);
    else if (used + 6 < size && strcmp(text + used - 3, "...") != 0)
        strcpy(text + used, ", ...");
}

/* Lacks the table columns? Those that nobody knows may be these under other names. */
static rnl_status compare_names(const rnl_row_reader *r, const rnl_columns *c,
                                const rnl_words *found, bool need_target)
{
    char lacks[200] = "", unknown[200] = "";
    for (size_t j = 0; j < c->count; j++) {
        const char *name = c->column[j].name;
        const bool needed = is_input(&c->column[j]) || (need_target && j == c->target);
        if (needed && rnl_words_find(found, name, strlen(name)) == SIZE_MAX)
            list(lacks, sizeof lacks, name);
    }
    for (size_t i = 0; i < found->count; i++)
        if (rnl_words_find(&c->names, found->word[i], strlen(found->word[i])) == SIZE_MAX)
            list(unknown, sizeof unknown, found->word[i]);
    RNL_FAIL_IF(*lacks, RNL_ERR_FORMAT,
                "%s: its columns are not those that the model was trained with: missing: %s%s%s",
                r->csv->name, lacks, *unknown ? "; not known: " : "", unknown);
    return RNL_OK;
}

static rnl_status match_names(rnl_row_reader *r, const rnl_columns *c, const rnl_record *first,
                              bool need_target)
{
    rnl_words found = {0};
    rnl_status status = RNL_OK;
    const char *p = first->at;
    for (size_t i = 0, at, before = 0; status == RNL_OK && i < r->cells; i++, p++) {
        rnl_cell cell;
        status = rnl_csv_cell(r->csv, first, i, &p, &cell);
        if (status == RNL_OK && cell.length == 0)
            continue; /* without a name, it is left out */
        if (status == RNL_OK)
            status = rnl_words_add(&found, cell.at, cell.length, &at);
        const bool known =
            status == RNL_OK && rnl_words_find(&c->names, cell.at, cell.length) != SIZE_MAX;
        if (known && found.count == before)
            status = rnl_csv_fail(r->csv, i, found.word[at], "another column has the same name");
        before = found.count;
        if (status != RNL_OK)
            break;
        const size_t j = rnl_words_find(&c->names, cell.at, cell.length);
        if (j != SIZE_MAX)
            r->plan[i].column = &c->column[j];
    }
    if (status == RNL_OK)
        status = compare_names(r, c, &found, need_target);
    rnl_words_free(&found);
    return status;
}

static rnl_status match_places(rnl_row_reader *r, const rnl_columns *c, bool need_target)
{
    const size_t inputs = count_inputs(c);
    char name[RNL_COLUMN_SHOWN];
    if (!fits(c, r->cells, need_target)) {
        if (need_target || c->target == SIZE_MAX)
            return rnl_fail(RNL_ERR_FORMAT, "%s, line %llu: found %zu column%s, expected %zu",
                            r->csv->name, (unsigned long long)r->csv->line, r->cells,
                            r->cells == 1 ? "" : "s", c->count);
        return rnl_fail(
            RNL_ERR_FORMAT,
            "%s, line %llu: found %zu column%s, expected %zu, or %zu without the target, %s",
            r->csv->name, (unsigned long long)r->csv->line, r->cells, r->cells == 1 ? "" : "s",
            c->count, c->count - 1, rnl_column_show(c, c->target, name));
    }
    for (size_t i = 0, j = 0; j < c->count; j++)
        if (has_place(c, j, r->cells, inputs))
            r->plan[i++].column = &c->column[j];
    return RNL_OK;
}

rnl_status rnl_row_reader_match(rnl_row_reader *r, rnl_csv *csv, const rnl_columns *c,
                                const rnl_record *first, int header, bool need_target,
                                bool *is_header)
{
    *r = (rnl_row_reader){.csv = csv, .missing = c->missing, .first_line = csv->line};
    RNL_FAIL_IF(need_target && c->target == SIZE_MAX, RNL_ERR_USAGE,
                "%s: the columns of the model have no target", csv->name);
    RNL_TRY(choose_separator(csv, c, first, need_target, &r->cells));
    r->plan = rnl_alloc(r->cells, sizeof *r->plan);
    if (!r->plan)
        return RNL_ERR_MEMORY;
    *is_header = header > 0;
    if (header == 0)
        RNL_TRY(seems_headed(csv, c, first, r->cells, is_header));
    RNL_TRY(*is_header && c->header ? match_names(r, c, first, need_target)
                                    : match_places(r, c, need_target));
    for (size_t i = 0; i < r->cells; i++) {
        rnl_cell_plan *plan = &r->plan[i];
        if (!plan->column || plan->column->kind == RNL_COLUMN_LEFT_OUT ||
            (plan->column->kind == RNL_COLUMN_TARGET && !need_target))
            continue;
        plan->to = plan->column->input;
        plan->plain = rnl_written_plainly(plan->column->written);
        plan->use = rnl_cell_use_of(c, plan->column);
    }
    if (need_target)
        r->numeric_classes = rnl_words_are_numbers(&c->column[c->target].values);
    return RNL_OK;
}

/* predict_answer.c - what a network answers to a sample: a class with probabilities, or numbers */
#include "predict_answer.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool cli_answers_numbers(const cli_model *m)
{
    return rnl_net_task(m->net) == RNL_TASK_REGRESSION;
}

rnl_status cli_answer(const cli_model *m, rnl_workspace *ws, rnl_matrix x, rnl_matrix y)
{
    return cli_answers_numbers(m) ? rnl_net_predict(m->net, ws, x, y)
                                  : rnl_net_probabilities(m->net, ws, x, y);
}

double cli_answer_at(const rnl_matrix *y, size_t i, size_t j)
{
    const size_t at = i * y->ld + j;
    return y->dtype == RNL_F64 ? ((const double *)y->data)[at]
                               : (double)((const float *)y->data)[at];
}

const char *cli_answer_text(const rnl_matrix *y, size_t i, size_t j, char text[CLI_NUMBER])
{
    const double value = cli_answer_at(y, i, j);
    if (y->dtype == RNL_F64)
        return cli_number(value, text);
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, CLI_NUMBER, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value)
            break;
    }
    return text;
}

bool cli_answers_yes_or_no(const cli_model *m)
{
    return rnl_net_outputs(m->net) == 1 && rnl_net_class_count(m->net) == 2;
}

size_t cli_answer_class(const cli_model *m, const rnl_matrix *y, size_t i)
{
    size_t best = 0;
    if (cli_answers_yes_or_no(m))
        return cli_answer_at(y, i, 0) > 0.5;
    for (size_t k = 1; k < y->cols; k++)
        if (cli_answer_at(y, i, k) > cli_answer_at(y, i, best))
            best = k;
    return best;
}

bool cli_is_answer(const rnl_matrix *y, size_t i)
{
    bool finite = true;
    for (size_t k = 0; k < y->cols; k++)
        finite = finite && isfinite(cli_answer_at(y, i, k));
    return finite;
}

/* "class" (null where there is no answer) and "probabilities", or "values". */
static void add_answer(json_t *o, const cli_model *m, const rnl_matrix *y, size_t i)
{
    char text[CLI_NUMBER];
    json_t *all = json_array();
    for (size_t k = 0; k < y->cols; k++)
        json_array_append_new(all, cli_json_real(cli_answer_at(y, i, k)));
    if (cli_answers_numbers(m)) {
        json_object_set_new(o, "values", all);
        return;
    }
    const size_t class = cli_answer_class(m, y, i);
    json_object_set_new(o, "class",
                        !cli_is_answer(y, i) ? json_null()
                        : m->class_names     ? cli_json_text(cli_class_name(m, class, text))
                                             : json_integer((json_int_t) class));
    json_object_set_new(o, "probabilities", all);
}

void cli_answer_print_json(json_t *o, const cli_model *m, const rnl_matrix *y, size_t i)
{
    add_answer(o, m, y, i);
    if (y->dtype == RNL_F64)
        cli_print_json_digits(o, DBL_DECIMAL_DIG);
    else
        cli_print_json(o);
}

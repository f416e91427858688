/* predict_answer.h - what a network answers to a sample: a class with probabilities, or numbers */
#ifndef RNL_CLI_PREDICT_ANSWER_H
#define RNL_CLI_PREDICT_ANSWER_H

#include "model.h"

/* Does it predict numbers? */
bool cli_answers_numbers(const cli_model *model);
/* Is its only output the probability of yes, which is class 1 of two? */
bool cli_answers_yes_or_no(const cli_model *model);

/* x: [n, inputs] -> y: [n, outputs], overwritten: probabilities, or numbers. */
rnl_status cli_answer(const cli_model *model, rnl_workspace *ws, rnl_matrix x, rnl_matrix y);

double cli_answer_at(const rnl_matrix *y, size_t i, size_t j);
/* The same as the shortest text that reads back as the same number of this type. */
const char *cli_answer_text(const rnl_matrix *y, size_t i, size_t j, char text[CLI_NUMBER]);
/* The class that row i says. */
size_t cli_answer_class(const cli_model *model, const rnl_matrix *y, size_t i);

/* Are all numbers of row i finite? Otherwise it is no answer. */
bool cli_is_answer(const rnl_matrix *y, size_t i);

/* Prints the object with the answer of row i added, in as many digits as tell the network's numbers apart. Takes it
 * over. */
void cli_answer_print_json(json_t *object, const cli_model *model, const rnl_matrix *y, size_t i);

#endif

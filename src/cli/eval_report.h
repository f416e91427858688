/* eval_report.h - what runnel eval prints */
#ifndef RNL_CLI_EVAL_REPORT_H
#define RNL_CLI_EVAL_REPORT_H

#include "model.h"

typedef struct cli_eval_report {
    const cli_model *model;
    const char *data, *part; /* part NULL: the data has none */
    rnl_score score;
    size_t classes; /* of the network; 0: numbers were predicted, or the data have no classes */
    const uint64_t *confusion;
    const double *top; /* [tops], as of rnl_evaluate_top */
    size_t tops;       /* 0: nobody asked */
} cli_eval_report;

void cli_eval_print(const cli_eval_report *r);
void cli_eval_print_json(const cli_eval_report *r);

#endif

/* train_report.h - what a training run shows while it goes on */
#ifndef RNL_CLI_TRAIN_REPORT_H
#define RNL_CLI_TRAIN_REPORT_H

#include "train_options.h"

typedef struct cli_report {
    bool json, regression;
    bool validates; /* there is a validation set */
    bool header_printed;
    const char *resumed; /* the checkpoint that it goes on from; or NULL */
    size_t samples;      /* an update */
    uint64_t first;      /* updates that a resumed run had done before */
    bool begun;
    double guessing; /* the loss of an even guess; NaN where that is not known */
    double began;    /* cli_seconds */
} cli_report;

typedef struct cli_saved {
    const char *model, *history, *checkpoint; /* NULL: not written */
    bool nothing_learnt;                      /* so there was no model to save */
} cli_saved;

/* Says what is about to happen. */
void cli_report_begin(cli_report *r, const rnl_net *net, const cli_train_data *data,
                      const cli_train_settings *s);
/* An rnl_train_callback; user is the report. Asks to stop after Ctrl-C. */
bool cli_report_event(const rnl_train_event *event, void *user);
/* Says how it ended and what was saved. */
void cli_report_end(cli_report *r, rnl_status status, const rnl_history *history,
                    const cli_saved *saved);

#endif

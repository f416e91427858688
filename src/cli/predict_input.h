/* predict_input.h - a file, standard input or another pipe that predict reads */
#ifndef RNL_CLI_PREDICT_INPUT_H
#define RNL_CLI_PREDICT_INPUT_H

#include "cli.h"

typedef enum cli_input_kind { CLI_INPUT_PICTURE, CLI_INPUT_SAMPLES } cli_input_kind;

typedef struct cli_input {
    cli_input_kind kind; /* as its first bytes say */
    const char *name;    /* the file's, or "standard input" */
    void *bytes;         /* all of standard input or another pipe; NULL of a file */
    size_t size;
} cli_input;

/* Can it be text, a table perhaps? Looks at the first bytes of a regular file; what cannot be looked at, or is
 * compressed, can be anything. *picture: it is none, but a picture. */
bool cli_input_may_be_text(const char *path, bool *picture);

/* path "-": standard input. False after an error has been said. Close it in any case. */
bool cli_input_open(cli_input *in, const char *path);
void cli_input_close(cli_input *in);

#endif

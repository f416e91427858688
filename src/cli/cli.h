/* cli.h - what the verbs of the program share
 *
 * The program stands over runnel.h alone. Its symbols that cross files start with cli_, so that
 * they never meet the library's. Results go to standard output (cli_print), messages, progress and
 * errors to standard error (cli_message, cli_progress, cli_error). */
#ifndef RNL_CLI_H
#define RNL_CLI_H

#include "runnel.h"

#include <jansson.h>

/* How the program ends. */
enum {
    CLI_OK = 0,
    CLI_FAILED = 1,
    CLI_WRONG_USAGE = 2,
    CLI_INTERRUPTED = 130 /* as shells report a program that Ctrl-C ended */
};

typedef struct cli_verb {
    const char *name, *summary;
    int (*run)(int argc, char **argv); /* the words after the verb -> how the program ends */
} cli_verb;

int cli_train(int argc, char **argv);
int cli_sweep(int argc, char **argv);
int cli_eval(int argc, char **argv);
int cli_predict(int argc, char **argv);
int cli_gradcheck(int argc, char **argv);
int cli_inspect(int argc, char **argv);
int cli_look(int argc, char **argv);
int cli_export(int argc, char **argv);
int cli_fetch(int argc, char **argv);
int cli_bench(int argc, char **argv);

/* ---- say.c: what a person or a pipe gets to see -------------------------------------------------- */

/* The name that errors begin with ("runnel train"); borrowed for ever. */
void cli_say_as(const char *verb);
const char *cli_verb_name(void);
/* Quiet: no messages and no progress; errors are still said. */
void cli_be_quiet(bool quiet);

/* One sentence, without the full stop and the line's end. */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Why rnl_net_new failed: what --net says, or something else. */
void cli_error_of_net(rnl_status status);
void cli_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Why rnl_net_load failed, likewise; and where the file does not tell its layers, what does. */
int cli_error_of_model(rnl_status status, const char *about);
/* Says rnl_error_text(), with "about: " in front where about is not NULL; returns how the program
 * ends after this status. */
int cli_library_error(rnl_status status, const char *about);

/* The shortest text that reads back as the same number. */
enum { CLI_NUMBER = 32 };
const char *cli_number(double value, char text[CLI_NUMBER]);

/* Results, as they are (with their line ends). */
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Text from a file, or a file's name, which may want to play tricks on the terminal: control
 * characters as \xNN. Messages and errors are printed so too. */
void cli_print_safely(const char *text);
/* One JSON object on a line of its own; takes the object over. NULL is out of memory. */
void cli_print_json(json_t *object);
/* The same with up to so many significant digits; it is 9 there. */
void cli_print_json_digits(json_t *object, size_t digits);
/* A number for JSON, which has no NaN and no infinity: null there. */
json_t *cli_json_real(double value);
/* A text for JSON, such as a file's name, which need not be UTF-8: what is not becomes U+FFFD. */
json_t *cli_json_text(const char *text);
/* Hands to the reader what was printed so far. False, and once an error, when it cannot be
 * written; nothing is said where the reader has just gone (`| head`). */
bool cli_flush(void);

/* A line on the terminal that the next one overwrites. Drawn only when standard error is a
 * terminal, and at most six times a second: cli_progress_due tells. */
bool cli_progress_due(void);
void cli_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_progress_clear(void);

/* Seconds of a clock that never goes back. */
double cli_seconds(void);

/* ---- memory: the program ends with an error when there is none ------------------------------------- */

/* count * size zeroed bytes; hand to free(). */
void *cli_alloc(size_t count, size_t size);
/* Printed text in memory of its own; hand to free(). */
char *cli_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- signals.c: Ctrl-C, and files that are cut off ---------------------------------------------------- */

/* From now on the first SIGINT, SIGTERM or SIGHUP is only noted; a second one ends the program at once. Signals
 * that were ignored stay so. */
void cli_catch_signals(void);
/* From now on they end the program again. */
void cli_release_signals(void);
bool cli_interrupted(void);
/* A mapped file that becomes shorter while it is in use is then told in a sentence: the kernel knows of nothing but
 * SIGBUS. */
void cli_catch_cut_off_files(void);

#endif

/* say.c - standard output, standard error, and the progress line */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static struct {
    const char *verb;
    bool quiet;
    bool progress_shown;
    double progress_at; /* when it was drawn last */
    bool write_failed;  /* and said so */
} say = {.verb = "runnel", .progress_at = -1};

void cli_say_as(const char *verb)
{
    say.verb = verb;
}

const char *cli_verb_name(void)
{
    return say.verb;
}

void cli_be_quiet(bool quiet)
{
    say.quiet = quiet;
}

void cli_error(const char *format, ...)
{
    va_list args;
    cli_progress_clear();
    fflush(stdout); /* what came before the error stands before it */
    fprintf(stderr, "%s: ", say.verb);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void cli_message(const char *format, ...)
{
    va_list args;
    if (say.quiet)
        return;
    cli_progress_clear();
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

int cli_library_error(rnl_status status, const char *about)
{
    cli_error("%s%s%s", about ? about : "", about ? ": " : "", rnl_error_text());
    return status == RNL_ERR_USAGE ? CLI_WRONG_USAGE : CLI_FAILED;
}

void cli_print(const char *format, ...)
{
    va_list args;
    cli_progress_clear();
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

void cli_print_json(json_t *object)
{
    char *line = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    if (!line) {
        cli_error("out of memory");
        exit(CLI_FAILED);
    }
    cli_print("%s\n", line);
    free(line);
    json_decref(object);
}

json_t *cli_json_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

bool cli_flush(void)
{
    errno = 0;
    bool failed = fflush(stdout) != 0 || ferror(stdout);
    if (failed && !say.write_failed) {
        say.write_failed = true;
        if (errno != EPIPE)
            cli_error("standard output cannot be written%s%s", errno ? ": " : "",
                      errno ? strerror(errno) : "");
    }
    return !failed && !say.write_failed;
}

double cli_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool cli_progress_due(void)
{
    static int on_terminal = -1;
    if (on_terminal < 0)
        on_terminal = isatty(STDERR_FILENO);
    return on_terminal && !say.quiet && cli_seconds() - say.progress_at >= 1.0 / 6;
}

static size_t terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

void cli_progress(const char *format, ...)
{
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    /* cut to the terminal's width: a line that wraps cannot be overwritten */
    size_t width = terminal_width();
    if (strlen(line) >= width)
        line[width - 1] = '\0';
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
    say.progress_shown = true;
    say.progress_at = cli_seconds();
}

void cli_progress_clear(void)
{
    if (say.progress_shown)
        fputs("\r\033[K", stderr);
    say.progress_shown = false;
}

static _Noreturn void no_memory(void)
{
    cli_error("out of memory");
    exit(CLI_FAILED);
}

void *cli_alloc(size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size);
    if (!block)
        no_memory();
    return block;
}

char *cli_text(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        no_memory();
    char *text = cli_alloc((size_t)n + 1, 1);
    va_start(args, format);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    return text;
}

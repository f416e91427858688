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

/* U+202A to U+202E and U+2066 to U+2069 in UTF-8: text that comes after them may run backwards. */
static bool turns_text(const unsigned char *c)
{
    return c[0] == 0xe2 && ((c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae) ||
                            (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9));
}

/* Control characters, U+0000 to U+001F (a line's end in a name too: what follows would look like a line of the
 * program's own) and U+007F to U+009F, as \xNN; what turns text as \uNNNN. */
static void put_safely(FILE *f, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool c1 = c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0; /* in UTF-8 */
        if (*c < 0x20 || *c == 0x7f || c1)
            fprintf(f, "\\x%02x", c1 ? *++c : *c);
        else if (turns_text(c)) {
            fprintf(f, "\\u20%02x", (c[1] & 1u) << 6 | (c[2] & 0x3fu));
            c += 2;
        } else
            fputc(*c, f);
    }
}

static void say_line(const char *format, va_list args)
{
    char text[2048], *longer = NULL;
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(text, sizeof text, format, args);
    if (length >= (int)sizeof text && (longer = malloc((size_t)length + 1)) != NULL)
        vsnprintf(longer, (size_t)length + 1, format, again);
    va_end(again);
    put_safely(stderr, longer ? longer : text); /* cut where there is no memory for it */
    fputc('\n', stderr);
    free(longer);
}

void cli_error(const char *format, ...)
{
    va_list args;
    cli_progress_clear();
    fflush(stdout); /* what came before the error stands before it */
    fprintf(stderr, "%s: ", say.verb);
    va_start(args, format);
    say_line(format, args);
    va_end(args);
}

void cli_error_of_net(rnl_status status)
{
    const bool said_wrong = status == RNL_ERR_USAGE || status == RNL_ERR_SHAPE;
    cli_error("%s%s", said_wrong ? "--net: " : "", rnl_error_text());
}

int cli_error_of_model(rnl_status status, const char *about)
{
    const bool untold = strstr(rnl_error_text(), "does not say which network it holds") != NULL;
    const int end = cli_library_error(status, about);
    if (untold)
        cli_message("--net names them: --net \"affine 50, relu, affine 10\"");
    return end;
}

void cli_message(const char *format, ...)
{
    va_list args;
    if (say.quiet)
        return;
    cli_progress_clear();
    va_start(args, format);
    say_line(format, args);
    va_end(args);
}

void cli_print_safely(const char *text)
{
    cli_progress_clear();
    put_safely(stdout, text);
}

int cli_library_error(rnl_status status, const char *about)
{
    cli_error("%s%s%s", about ? about : "", about ? ": " : "", rnl_error_text());
    return status == RNL_ERR_USAGE ? CLI_WRONG_USAGE : CLI_FAILED;
}

const char *cli_number(double value, char text[CLI_NUMBER])
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, CLI_NUMBER, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *e = strchr(text, 'e'); /* 1e-05 -> 1e-5 */
    if (e && e[2] == '0')
        memmove(e + 2, e + 3, strlen(e + 3) + 1);
    return text;
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
    enum { DIGITS = 9 }; /* tell floats apart */
    cli_print_json_digits(object, DIGITS);
}

void cli_print_json_digits(json_t *object, size_t digits)
{
    char *line = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(digits)) : NULL;
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

json_t *cli_json_text(const char *text)
{
    json_t *whole = json_string(text); /* NULL: not UTF-8 */
    if (whole)
        return whole;
    size_t n = strlen(text), used = 0;
    char *clean = cli_alloc(n + 1, 3);
    for (size_t i = 0; i < n;) {
        size_t length = 4; /* of the character at i: the longest that JSON takes */
        json_t *one = NULL;
        for (; length > 0 && !one; length--)
            one = i + length <= n ? json_stringn(text + i, length) : NULL;
        length++;
        used += (size_t)sprintf(clean + used, "%.*s", one ? (int)length : 3,
                                one ? text + i : "\xef\xbf\xbd");
        i += one ? length : 1;
        json_decref(one);
    }
    whole = json_string(clean);
    free(clean);
    return whole;
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
    const char *kind = getenv("TERM");
    if (on_terminal < 0) /* a dumb one has no means to take a line back */
        on_terminal = isatty(STDERR_FILENO) && !(kind && strcmp(kind, "dumb") == 0);
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

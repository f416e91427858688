/* signals.c - the first Ctrl-C asks to stop, the second one stops; a mapped file that is cut off ends the program */
#define _GNU_SOURCE
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_bool interrupted; /* volatile is not enough: a sweep's threads ask, too */
static const int wanted[] = {SIGINT, SIGTERM, SIGHUP};

static void note(int signal_number)
{
    static const char text[] = "\nstopping; press Ctrl-C again to stop at once\n";
    const int before = errno; /* of what was going on */
    atomic_store(&interrupted, true);
    if (signal_number == SIGINT && isatty(STDERR_FILENO)) {
        ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
        (void)ignored;
    }
    errno = before;
}

void cli_catch_signals(void)
{
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct sigaction before, action = {.sa_handler = note};
        /* one note, then the default: a second one ends the program */
        action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
        sigemptyset(&action.sa_mask);
        if (sigaction(wanted[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(wanted[i], &action, NULL);
    }
}

void cli_release_signals(void)
{
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct sigaction now;
        if (sigaction(wanted[i], NULL, &now) == 0 && now.sa_handler == note)
            signal(wanted[i], SIG_DFL);
    }
}

bool cli_interrupted(void)
{
    return atomic_load(&interrupted);
}

static void put(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

/* Of a mapped file there is no other sign: it has no page where one is read. Several threads may read there at once:
 * the first one speaks, the others wait for the end. Any other SIGBUS comes again, and ends the program as it always
 * did. */
static void say_cut_off(int signal_number, siginfo_t *about, void *context)
{
    static atomic_flag said = ATOMIC_FLAG_INIT;
    (void)context;
    if (about->si_code != BUS_ADRERR) {
        signal(signal_number, SIG_DFL);
        return;
    }
    while (atomic_flag_test_and_set(&said))
        pause();
    if (isatty(STDERR_FILENO)) /* a progress line may stand there */
        put("\n");
    put(cli_verb_name());
    put(": a file of the data became shorter while it was in use, or cannot be read any more\n");
    _exit(CLI_FAILED);
}

void cli_catch_cut_off_files(void)
{
    struct sigaction action = {.sa_sigaction = say_cut_off};
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

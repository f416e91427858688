/* signals.c - the first Ctrl-C asks to stop, the second one stops */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
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

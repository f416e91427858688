/* sweep_lock.c - a table belongs to one sweep at a time
 *
 * The table is a new file after every run, so a lock on it would go with the old one. What is locked is an empty
 * file beside it, ".runnel-NAME.lock", which is gone when the sweep ends. A sweep that was killed leaves it there,
 * but not its lock: the next one takes it. */
#define _GNU_SOURCE
#include "sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever held the lock before has taken the file away by now, perhaps: then the name is another's, or nobody's. */
static bool is_name_of(const char *path, int fd)
{
    struct stat named, opened;
    return lstat(path, &named) == 0 && fstat(fd, &opened) == 0 && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

/* To be freed. One table has one, also where a link leads to it. */
static char *lock_path(const char *table)
{
    char *real = realpath(table, NULL);
    const char *path = real ? real : table, *slash = strrchr(path, '/');
    const int folder = slash ? (int)(slash + 1 - path) : 0;
    char *lock = cli_text("%.*s.runnel-%s.lock", folder, path, path + folder);
    free(real);
    return lock;
}

int cli_sweep_lock(cli_sweep_plan *s)
{
    s->lock_path = lock_path(s->options.out);
    for (;;) {
        s->lock = open(s->lock_path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (s->lock < 0) /* too long a name, say: there is no lock then */
            return -1;
        if (flock(s->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            cli_error("--out %s: another runnel sweep is writing this table; another: --out FILE",
                      s->options.out);
            close(s->lock);
            s->lock = -1;
            return CLI_FAILED;
        }
        if (is_name_of(s->lock_path, s->lock))
            return -1;
        close(s->lock);
    }
}

void cli_sweep_unlock(cli_sweep_plan *s)
{
    if (s->lock >= 0) {
        unlink(s->lock_path); /* while it is locked: after that, the name may be somebody else's */
        close(s->lock);
    }
    free(s->lock_path);
}

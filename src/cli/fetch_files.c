/* fetch_files.c - brings a set's files: what is there is kept, what comes is verified before it
 * gets its name, the next mirror is tried when one fails */
#define _GNU_SOURCE
#include "folders.h"
#include "unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file on its way. */
typedef struct arrival {
    const cli_fetch_set *set;
    const cli_fetch_options *options;
    const cli_fetch_file *file;
    char *label;   /* its name on the mirror */
    char *path;    /* where it goes */
    size_t mirror; /* to begin with */
} arrival;

bool cli_can_fetch(void)
{
    return true;
}

static const char *mirror_at(const arrival *a, size_t i)
{
    return a->options->mirror ? (i == 0 ? a->options->mirror : NULL) : a->set->mirrors[i];
}

static size_t mirror_count(const arrival *a)
{
    size_t n = 0;
    while (mirror_at(a, n))
        n++;
    return n;
}

/* Gives the verified temporary file its name: all bytes on the disk first. */
static bool settle(FILE *f, const char *temporary, const char *path)
{
    mode_t mask = umask(0);
    umask(mask);
    bool good = fflush(f) == 0 && fchmod(fileno(f), 0666 & ~mask) == 0 && fsync(fileno(f)) == 0;
    return good && rename(temporary, path) == 0;
}

static int cannot_write(const char *path, const char *why)
{
    cli_error("cannot write %s: %s", path, why);
    return CLI_FAILED;
}

/* One try with one mirror. *end tells what became of it; returns how the program ends, -1: go on. */
static int try_mirror(const arrival *a, const char *mirror, cli_download_end *end, char *reason,
                      size_t reason_size)
{
    int result = -1;
    size_t n = strlen(mirror);
    char *url = cli_text("%s%s%s", mirror, n && mirror[n - 1] == '/' ? "" : "/", a->label);
    char *temporary = cli_text("%s.XXXXXX", a->path);
    int fd = mkstemp(temporary);
    FILE *f = fd >= 0 ? fdopen(fd, "wb") : NULL;
    *end = CLI_DOWNLOAD_FAILED;
    if (!f) {
        result = cannot_write(a->path, strerror(errno));
        goto done;
    }
    bool keep_gz = a->options->keep_gz;
    cli_unpack *u = cli_unpack_new(a->file, true, keep_gz ? NULL : f, keep_gz ? f : NULL);
    *end = cli_download(url, a->label, a->options, u, reason, reason_size);
    if (*end == CLI_DOWNLOADED && !cli_unpack_finish(u)) {
        *end = CLI_DOWNLOAD_FAILED;
        snprintf(reason, reason_size, "%s", cli_unpack_reason(u));
    }
    if (*end == CLI_DOWNLOAD_STOPPED)
        result = CLI_INTERRUPTED;
    else if (cli_unpack_write_failed(u))
        result = cannot_write(a->path, cli_unpack_reason(u));
    else if (*end == CLI_DOWNLOADED && !settle(f, temporary, a->path))
        result = cannot_write(a->path, strerror(errno));
    cli_unpack_free(&u);
done:
    if (f)
        fclose(f);
    if (fd >= 0 && (result >= 0 || *end != CLI_DOWNLOADED))
        unlink(temporary);
    free(temporary);
    free(url);
    return result;
}

/* All mirrors in turn, from the one that worked last. */
static int bring(arrival *a)
{
    char reason[200];
    size_t count = mirror_count(a), offline = 0;
    for (size_t i = 0; i < count; i++) {
        const char *mirror = mirror_at(a, (a->mirror + i) % count);
        cli_download_end end;
        int result = try_mirror(a, mirror, &end, reason, sizeof reason);
        if (result >= 0)
            return result;
        if (end == CLI_DOWNLOADED) {
            a->mirror = (a->mirror + i) % count;
            cli_message("%s from %s: verified", a->label, mirror);
            return CLI_OK;
        }
        offline += end == CLI_DOWNLOAD_OFFLINE;
        if (end != CLI_DOWNLOAD_OFFLINE && i + 1 < count)
            cli_message("%s from %s: %s; trying the next mirror", a->label, mirror, reason);
        else if (end != CLI_DOWNLOAD_OFFLINE)
            cli_message("%s from %s: %s", a->label, mirror, reason);
    }
    if (offline < count)
        cli_error("%s could not be downloaded: no mirror has a good %s at the moment", a->set->name,
                  a->label);
    else if (count == 1)
        cli_error("%s could not be downloaded: %s cannot be reached (is this machine offline?)",
                  a->set->name, mirror_at(a, 0));
    else
        cli_error("%s could not be downloaded: none of its %zu mirrors can be reached (is this "
                  "machine offline?)",
                  a->set->name, count);
    return CLI_FAILED;
}

/* Is it there already? Returns -1: no, bring it; else how the program ends. */
static int look(const arrival *a, const char *plain, const char *packed)
{
    const char *reason, *wrong = NULL; /* wrong: a file of that name that is another one */
    if (cli_unpack_check(a->file, false, plain, &reason))
        return CLI_OK;
    if (reason)
        wrong = plain;
    else if (cli_unpack_check(a->file, true, packed, &reason))
        return CLI_OK;
    else if (reason)
        wrong = packed;
    if (!wrong)
        return -1;
    if (!a->options->replace) {
        cli_error("%s is not %s's: %s; nothing was changed (remove it, or choose another folder)",
                  wrong, a->set->name, reason);
        return CLI_FAILED;
    }
    cli_message("%s is not %s's: %s; replacing it", wrong, a->set->name, reason);
    unlink(wrong);
    return -1;
}

int cli_fetch_files(const cli_fetch_set *set, const cli_fetch_options *options)
{
    arrival a = {.set = set, .options = options};
    size_t there = 0;
    int end = CLI_OK;
    if (!cli_make_folder(options->folder))
        return cannot_write(options->folder, strerror(errno));
    for (size_t i = 0; i < set->count && end == CLI_OK; i++) {
        a.file = &set->files[i];
        char *plain = cli_text("%s/%s", options->folder, a.file->name);
        char *packed = cli_text("%s.gz", plain);
        a.label = cli_text("%s.gz", a.file->name);
        a.path = options->keep_gz ? packed : plain;
        end = cli_interrupted() ? CLI_INTERRUPTED : look(&a, plain, packed);
        there += end == CLI_OK;
        if (end < 0)
            end = bring(&a);
        free(a.label);
        free(packed);
        free(plain);
    }
    if (end == CLI_INTERRUPTED)
        cli_message("stopped; the files that had come are kept");
    else if (end == CLI_OK && there == set->count)
        cli_message("all %zu files were already there, and are what they should be", set->count);
    return end;
}

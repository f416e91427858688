/* folders.c - where downloaded data lives, making folders, and what lies in them */
#define _GNU_SOURCE
#include "folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *cli_cache_folder(const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/') /* the specification: relative paths are to be ignored */
        return cli_text("%s/runnel/%s", cache, name);
    if (home && home[0] == '/')
        return cli_text("%s/.cache/runnel/%s", home, name);
    return NULL;
}

bool cli_make_folder(const char *path)
{
    struct stat info;
    char *copy = cli_text("%s", path);
    bool made = true;
    for (char *at = copy + 1; made && *at; at++) {
        if (*at != '/' || at[-1] == '/')
            continue;
        *at = '\0';
        made = mkdir(copy, 0777) == 0 || errno == EEXIST;
        *at = '/';
    }
    made = made && (mkdir(copy, 0777) == 0 || errno == EEXIST);
    free(copy);
    if (!made || stat(path, &info) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(info.st_mode);
}

char *cli_tilde(const char *path)
{
    const char *home = getenv("HOME");
    size_t n = home ? strlen(home) : 0;
    if (n > 1 && strncmp(path, home, n) == 0 && path[n] == '/')
        return cli_text("~%s", path + n);
    return cli_text("%s", path);
}

bool cli_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* "/", unless the folder was given with one. */
static const char *slash_behind(const char *folder)
{
    const size_t length = strlen(folder);
    return length && folder[length - 1] == '/' ? "" : "/";
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* alphasort, whatever the locale */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

bool cli_list_files(cli_files *files, const char *folder)
{
    struct dirent **entry;
    *files = (cli_files){0};
    const int n = scandir(folder, &entry, is_shown, by_bytes);
    if (n < 0)
        return false;
    files->path = cli_alloc((size_t)n + 1, sizeof *files->path);
    for (int i = 0; i < n; i++) {
        struct stat about;
        char *path = cli_text("%s%s%s", folder, slash_behind(folder), entry[i]->d_name);
        const bool known =
            stat(path, &about) == 0; /* of a link that leads nowhere it is told later */
        files->folders |= known && S_ISDIR(about.st_mode);
        if (!known || S_ISREG(about.st_mode)) /* whoever opens a pipe waits for its writer */
            files->path[files->count++] = path;
        else
            free(path);
        free(entry[i]);
    }
    free(entry);
    return true;
}

void cli_free_files(cli_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->path[i]);
    free(files->path);
    *files = (cli_files){0};
}

/* The folders in a folder, as paths with commas between, but those of the two names; to be freed. */
static char *folders_in(const char *above, const char *but, const char *nor)
{
    char *text = cli_text("%s", "");
    const char *slash = slash_behind(above);
    DIR *open = opendir(above);
    for (struct dirent *entry; open && (entry = readdir(open)) != NULL;) {
        const char *name = entry->d_name;
        if (name[0] == '.' || strcmp(name, but) == 0 || strcmp(name, nor) == 0)
            continue;
        char *path = cli_text("%s%s%s", above, slash, name);
        if (cli_is_folder(path)) {
            char *longer = cli_text("%s%s%s", text, *text ? ", " : "", path);
            free(text);
            text = longer;
        }
        free(path);
    }
    if (open)
        closedir(open);
    return text;
}

void cli_say_not_read(const char *data, const char *hint)
{
    char *train = cli_text("%s/train", data);
    char *classes = folders_in(train, "", ""), *others = folders_in(data, "train", "test");
    if (*classes && *others)
        cli_message("not read %s: the parts are train and test%s", others, hint);
    free(train);
    free(classes);
    free(others);
}

/* A file that has no name, which a process that is killed cannot leave behind; -1 where there can be none. */
static int open_unnamed(const char *folder)
{
#ifdef O_TMPFILE
    return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
#else
    (void)folder;
    return -1;
#endif
}

/* The only way to know is to try: rights, full and read-only file systems all show. */
static bool can_make_file_beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    const int length = slash ? (int)(slash - path + 1) : 0;
    char *folder = cli_text("%.*s.", length, path);
    char *probe = cli_text("%.*s.runnel-XXXXXX", length, path);
    int fd = open_unnamed(folder);
    if (fd < 0) {
        fd = mkstemp(probe);
        if (fd >= 0)
            unlink(probe);
    }
    const int error = errno;
    if (fd >= 0)
        close(fd);
    free(folder);
    free(probe);
    errno = error;
    return fd >= 0;
}

/* Some file systems (proc) say that there is no such file where there can be none. */
static const char *why_no_file(const char *path, int error)
{
    struct stat info;
    const char *slash = strrchr(path, '/');
    char *folder = cli_text("%.*s.", slash ? (int)(slash - path + 1) : 0, path);
    const bool there = stat(folder, &info) == 0;
    free(folder);
    if (error != ENOENT)
        return strerror(error);
    return there ? "no file can be made in this folder" : "the folder does not exist";
}

/* The library writes on what is open there, in no new file. */
static bool names_a_descriptor(const char *path)
{
    return strncmp(path, "/dev/", strlen("/dev/")) == 0 ||
           strncmp(path, "/proc/self/fd/", strlen("/proc/self/fd/")) == 0;
}

bool cli_can_write(const char *option, const char *path)
{
    struct stat info;
    size_t n = strlen(path);
    const char *why = NULL;
    if (strcmp(path, "-") == 0)
        why = "standard output is for what is told, not for files (./- is a file of this name)";
    else if (n > 0 && path[n - 1] == '/')
        why = "is a folder, not a file";
    else if (stat(path, &info) != 0)
        why = errno == ENOENT || errno == ENOTDIR ? NULL : strerror(errno);
    else if (S_ISDIR(info.st_mode))
        why = "is a folder, not a file";
    else if (!S_ISREG(info.st_mode))
        why = "is not a regular file";
    else if (access(path, W_OK) != 0)
        why = "is write-protected";
    if (!why && !names_a_descriptor(path) && !can_make_file_beside(path))
        why = why_no_file(path, errno);
    if (why)
        cli_error("--%s %s: %s", option, path, why);
    return !why;
}

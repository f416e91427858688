/* folder.h - for tests: a folder of the test's own, and what a call must give or say */
#ifndef RNL_TESTS_FOLDER_H
#define RNL_TESTS_FOLDER_H

#include "runnel.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- what a call must give -------------------------------------------------------------------------- */

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        if ((call) != RNL_OK)                                                                      \
            fail_msg("%s: %s", #call, rnl_error_text());                                           \
    } while (0)

/* This status, and a sentence with this text in it. */
static inline void assert_error(rnl_status got, rnl_status expected, const char *text)
{
    if (got != expected)
        fail_msg("status %s, expected %s; the text is \"%s\"", rnl_status_name(got),
                 rnl_status_name(expected), rnl_error_text());
    if (!strstr(rnl_error_text(), text))
        fail_msg("\"%s\" does not contain \"%s\"", rnl_error_text(), text);
}

/* ---- the folder --------------------------------------------------------------------------------------- */

static char folder[64];

/* folder_make: in memory where there is such a place, because a disk that others keep busy takes seconds to
 * sync a file, and tests write hundreds. folder_make_on_disk: for what a file system in memory does not do, or
 * not with so much. Both are for cmocka's groups, as is folder_remove, which removes what is in it, too. */
static inline int folder_make_on_disk(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/runnel-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static inline int folder_make(void **state)
{
    if (access("/dev/shm", W_OK) != 0)
        return folder_make_on_disk(state);
    strcpy(folder, "/dev/shm/runnel-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static inline int folder_remove(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* The path of a file in the folder: the same one for the same name; those of the last 32 names stay valid. */
static inline const char *in_folder(const char *name)
{
    enum { NAMES = 32, LONGEST = 512 };
    static char paths[NAMES][LONGEST];
    static unsigned next;
    char path[LONGEST];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (size_t k = 0; k < NAMES; k++)
        if (strcmp(paths[k], path) == 0)
            return paths[k];
    return strcpy(paths[next++ % NAMES], path);
}

static inline size_t files_in(const char *path)
{
    size_t count = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return count;
}

/* A file in the folder, with these bytes. Returns its path. */
static inline const char *write_in_folder(const char *name, const void *bytes, size_t size)
{
    const char *path = in_folder(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
    return path;
}

#endif

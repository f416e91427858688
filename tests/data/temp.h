/* temp.h - for tests of readers: files in a folder of their own, and what an error must say */
#ifndef RNL_TESTS_DATA_TEMP_H
#define RNL_TESTS_DATA_TEMP_H

#include "base/memory.h"
#include "runnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char temp_folder[64];

static inline int temp_make(void **state)
{
    (void)state;
    strcpy(temp_folder, "/tmp/runnel-test-XXXXXX");
    return mkdtemp(temp_folder) ? 0 : -1;
}

static inline int temp_remove(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", temp_folder);
    return system(command);
}

/* The path of a file in the folder; the last 32 stay valid. */
static inline const char *temp_path(const char *name)
{
    static char paths[32][128];
    static unsigned next;
    char *path = paths[next++ % 32];
    snprintf(path, sizeof paths[0], "%s/%s", temp_folder, name);
    return path;
}

static inline const char *temp_write(const char *name, const void *bytes, size_t size)
{
    const char *path = temp_path(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
    return path;
}

static inline void assert_error(rnl_status got, rnl_status expected, const char *text)
{
    if (got != expected)
        fail_msg("status %s, expected %s; the text is \"%s\"", rnl_status_name(got),
                 rnl_status_name(expected), rnl_error_text());
    if (!strstr(rnl_error_text(), text))
        fail_msg("\"%s\" does not contain \"%s\"", rnl_error_text(), text);
}

/* Files that this process has open or mapped below the folder. */
static inline size_t temp_in_use(void)
{
    char line[512];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        count += strstr(line, temp_folder) != NULL;
    if (maps)
        fclose(maps);
    for (int fd = 0; fd < 64; fd++) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, line, sizeof line - 1);
        line[length > 0 ? length : 0] = '\0';
        count += strstr(line, temp_folder) != NULL;
    }
    return count;
}

#endif

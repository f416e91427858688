/* in_use.h - for tests of readers: which files of the test's folder are still open or mapped */
#ifndef RNL_TESTS_DATA_IN_USE_H
#define RNL_TESTS_DATA_IN_USE_H

#include "../folder.h"
#include "base/memory.h"

/* Files that this process has open or mapped below the folder. */
static inline size_t files_in_use(void)
{
    char line[512];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        count += strstr(line, folder) != NULL;
    if (maps)
        fclose(maps);
    for (int fd = 0; fd < 64; fd++) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, line, sizeof line - 1);
        line[length > 0 ? length : 0] = '\0';
        count += strstr(line, folder) != NULL;
    }
    return count;
}

#endif

/* replay.c - runs a fuzz target over known bytes, with any compiler and no fuzzer
 *
 *   replay_TARGET PATH...     files, and all files of folders
 *
 * Each file goes in as it is; cut off at each position (of a long one, at 2,000 of them); and with bytes
 * changed at places and in ways that are the same in every run. The target itself aborts on what is wrong. */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

enum { CUTS = 2000, CHANGES = 1000, LONGEST = 1 << 20 };

static size_t files;

/* A copy of its own, so that memory checkers see a step beyond its end. */
static void run(const uint8_t *bytes, size_t size)
{
    uint8_t *own = malloc(size ? size : 1);
    MUST(own);
    memcpy(own, bytes, size);
    LLVMFuzzerTestOneInput(own, size);
    free(own);
}

static uint32_t next(uint32_t *state) /* xorshift */
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void change(uint8_t *bytes, size_t size, uint32_t *state)
{
    static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '0', '-', ',', '\n', '"', '{', ' '};
    for (uint32_t k = next(state) % 3 + 1; k > 0; k--) {
        uint8_t *at = bytes + next(state) % size;
        switch (next(state) % 3) {
        case 0: *at ^= (uint8_t)(1u << next(state) % 8); break;
        case 1: *at = telling[next(state) % sizeof telling]; break;
        default: *at = (uint8_t)next(state);
        }
    }
}

static void replay_bytes(const uint8_t *bytes, size_t size)
{
    run(bytes, size);
    const size_t step = size / CUTS + 1;
    for (size_t cut = 0; cut < size; cut += step)
        run(bytes, cut);
    uint8_t *changed = malloc(size ? size : 1);
    MUST(changed);
    uint32_t state = 0x9e3779b9u;
    for (size_t k = 0; size > 0 && k < CHANGES; k++) {
        memcpy(changed, bytes, size);
        change(changed, size, &state);
        run(changed, size);
    }
    free(changed);
}

static void replay(const char *path)
{
    struct stat about;
    MUST(stat(path, &about) == 0);
    if (S_ISDIR(about.st_mode)) {
        DIR *folder = opendir(path);
        MUST(folder);
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char inner[4096];
            if (entry->d_name[0] != '.') {
                snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
                replay(inner);
            }
        }
        closedir(folder);
        return;
    }
    uint8_t *bytes = malloc(LONGEST);
    FILE *f = fopen(path, "rb");
    MUST(bytes && f);
    const size_t size = fread(bytes, 1, LONGEST, f);
    fclose(f);
    replay_bytes(bytes, size);
    free(bytes);
    files++;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%zu files\n", files);
    return files > 0 ? 0 : 1;
}

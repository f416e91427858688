/* input.c - the bytes that a reader works on: a mapped file, a file in memory, or lent memory */
#define _GNU_SOURCE
#include "data/input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Maps what can be mapped; leaves the input empty where that is not so, and says nothing: reading
 * the file then finds out why. Opens regular files only: a pipe must not be opened twice. */
static void try_to_map(rnl_input *input, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t front[2] = {0};
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
        (uintmax_t)about.st_size <= SIZE_MAX / 2 && pread(fd, front, sizeof front, 0) >= 0 &&
        !(front[0] == 0x1f && front[1] == 0x8b)) {
        void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at != MAP_FAILED) {
            input->bytes = input->mapping = at;
            input->size = (size_t)about.st_size;
        }
    }
    if (fd >= 0)
        close(fd);
}

rnl_status rnl_input_open(rnl_input *input, const char *path, bool may_map)
{
    *input = (rnl_input){.name = path};
    if (may_map)
        try_to_map(input, path);
    if (input->mapping)
        return RNL_OK;
    rnl_bytes read;
    RNL_TRY(rnl_file_read(&read, path));
    input->bytes = input->block = read.data;
    input->size = read.size;
    if (read.size == 0) {
        rnl_input_close(input);
        return rnl_fail(RNL_ERR_FORMAT, "%s is empty", path);
    }
    return RNL_OK;
}

void rnl_input_close(rnl_input *input)
{
    rnl_free(input->block);
    if (input->mapping)
        munmap(input->mapping, input->size);
    *input = (rnl_input){0};
}

bool rnl_input_is_gzip(const rnl_input *input)
{
    return input->size >= 2 && input->bytes[0] == 0x1f && input->bytes[1] == 0x8b;
}

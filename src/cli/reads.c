/* reads.c - the files that a verb reads, which it must not write over */
#define _GNU_SOURCE
#include "reads.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

void cli_data_reads(const cli_data_choice *c, const char *name, cli_read reads[CLI_DATA_READS])
{
    reads[0] = (cli_read){name, c->data, true};
    reads[1] = (cli_read){"--labels", c->labels, false};
    reads[2] = (cli_read){"--test", c->test, true};
    reads[3] = (cli_read){"--test-labels", c->test_labels, false};
}

/* The path without links, dots and repeated slashes, to be freed; the file itself need not be there. NULL where
 * its folder is not, either. */
static char *clean_path(const char *path)
{
    char *clean = realpath(path, NULL);
    if (clean || errno != ENOENT)
        return clean;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *above = cli_text("%.*s.", (int)(name - path), path), *folder = realpath(above, NULL);
    if (folder)
        clean = cli_text("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
    free(above);
    free(folder);
    return clean;
}

static bool look_at(const char *path, struct stat *about)
{
    if (strcmp(path, "-") == 0)
        return fstat(STDIN_FILENO, about) == 0 && S_ISREG(about->st_mode);
    return stat(path, about) == 0;
}

bool cli_same_file(const char *one, const char *other)
{
    struct stat a, b;
    if (look_at(one, &a) && look_at(other, &b))
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    char *clean = clean_path(one), *clean_other = clean_path(other);
    const bool same = clean && clean_other && strcmp(clean, clean_other) == 0;
    free(clean);
    free(clean_other);
    return same;
}

/* "a/0.png" for pics/a/0.png in pics, to be freed; NULL where it does not lie there. */
static char *path_inside(const char *path, const char *folder)
{
    char *clean = clean_path(path), *above = clean_path(folder), *inside = NULL;
    const size_t n = above ? strlen(above) : 0;
    if (clean && n && strncmp(clean, above, n) == 0 && clean[n] == '/')
        inside = cli_text("%s", clean + n + 1);
    free(clean);
    free(above);
    return inside;
}

/* Of a folder of pictures, the classes' folders are read; of one with MNIST's files, these. */
static bool spoils_folder(const char *inside, rnl_data_format format)
{
    static const char *const mnist[] = {"train-images", "train-labels", "t10k-images",
                                        "t10k-labels"};
    if (format == RNL_FORMAT_PICTURES)
        return inside[0] != '.' && strchr(inside, '/');
    for (size_t i = 0; i < 4 && format == RNL_FORMAT_MNIST; i++)
        if (strncmp(inside, mnist[i], strlen(mnist[i])) == 0 && !strchr(inside, '/'))
            return true;
    return false;
}

/* Is `path`, by another name or a link, one of the files that are read of this folder: of MNIST's, or, of pictures,
 * those in the folders in it? */
static bool is_one_of(const char *path, const char *folder, rnl_data_format format, bool is_class)
{
    struct stat output, about;
    const bool exists = look_at(path, &output);
    DIR *open = opendir(folder);
    bool found = false;
    for (struct dirent *entry; open && !found && (entry = readdir(open)) != NULL;) {
        if (entry->d_name[0] == '.' ||
            (entry->d_type == DT_REG && (!exists || entry->d_ino != output.st_ino)))
            continue;
        char *each = cli_text("%s/%s", folder, entry->d_name);
        if (format == RNL_FORMAT_PICTURES && !is_class) {
            char *inside =
                stat(each, &about) == 0 && S_ISDIR(about.st_mode) ? path_inside(path, each) : NULL;
            found = inside || is_one_of(path, each, format, true); /* the folder may be a link */
            free(inside);
        } else if (is_class || spoils_folder(entry->d_name, format)) {
            found = exists && cli_same_file(path, each);
        }
        free(each);
    }
    if (open)
        closedir(open);
    return found;
}

static bool spoils_data(const char *path, const char *data)
{
    struct stat about;
    rnl_data_format format;
    if (strcmp(data, "-") == 0 || stat(data, &about) != 0 || !S_ISDIR(about.st_mode) ||
        rnl_data_recognise(data, &format) != RNL_OK)
        return false;
    char *inside = path_inside(path, data);
    const bool spoils =
        (inside && spoils_folder(inside, format)) || is_one_of(path, data, format, false);
    free(inside);
    return spoils;
}

/* Where built-in data comes from, to be freed; NULL: no files, or what is not built in. */
static char *folder_of_built_in(const cli_read *r)
{
    return r->data && r->path && strcmp(r->path, "mnist") == 0 ? cli_find_mnist(CLI_TRAIN_PART)
                                                               : NULL;
}

int cli_spare_reads(const char *writer, const char *path, const cli_read *reads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const cli_read *r = &reads[i];
        char *folder = folder_of_built_in(r);
        const char *from = folder                                                ? folder
                           : r->data && r->path && cli_data_is_built_in(r->path) ? NULL
                                                                                 : r->path;
        const bool same = from && cli_same_file(from, path);
        const bool spoils = from && r->data && spoils_data(path, from);
        if (same)
            cli_error("%s and %s name the same file, %s", r->name, writer, path);
        else if (spoils)
            cli_error("%s %s: it lies among the files of %s %s", writer, path, r->name, r->path);
        free(folder);
        if (same || spoils)
            return CLI_WRONG_USAGE;
    }
    return -1;
}

bool cli_can_replace_png(const char *option, const char *path)
{
    static const char *const others[] = {"jpg", "jpeg", "gif", "webp", "bmp",
                                         "tif", "tiff", "svg", "pdf"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof others / sizeof others[0]; i++)
        if (strcasecmp(dot + 1, others[i]) == 0) {
            cli_error("--%s %s: a PNG picture is written: expected a name that ends in .png",
                      option, path);
            return false;
        }
    char head[4];
    FILE *f = fopen(path, "rb");
    if (!f)
        return true; /* what is wrong with it is told when it is written */
    const size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    const bool good = n == 0 || (n == sizeof head && memcmp(head, "\x89PNG", 4) == 0);
    if (!good)
        cli_error("--%s %s: the file is there and is no PNG picture, so it is not replaced", option,
                  path);
    return good;
}

/* pictures.c - a folder with a sub-folder of pictures for each class
 *
 *   folder  = class { class }                              one set
 *           | "train" { class } [ "test" { class } ]       and a test part
 *   class   = its name { picture }                         PNG or JPEG: .png .jpg .jpeg
 *
 * A folder "train" with pictures in it, among other classes, is one too: of trains.
 *
 * Classes are in the order of their names' bytes. Samples take turns: the first picture of each class, the
 * second of each, ...; so that the first so many are of all classes. Names that begin with a dot are passed over, as
 * are other files beside the classes' folders; what is no picture inside of one is an error, a folder too.
 *
 * Memory: channels * height * width bytes a picture; its path; besides what reading one takes, for each thread, that is
 * the picture's file, four bytes for each pixel of a row, and 8 for each byte that comes out. */
#include "data/read.h"

#include "base/failure.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/class_list.h"
#include "data/picture.h"
#include "data/words.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ---- lists of names ---------------------------------------------------------------------------------- */

typedef struct list {
    char **name; /* each from rnl_alloc */
    size_t count, room;
} list;

static void free_list(list *l)
{
    for (size_t i = 0; i < l->count; i++)
        rnl_free(l->name[i]);
    rnl_free(l->name);
    *l = (list){0};
}

static rnl_status add_name(list *l, const char *name)
{
    if (l->count == l->room) {
        const size_t room = 2 * l->room + 16;
        char **larger = rnl_alloc(room, sizeof *larger);
        if (!larger)
            return RNL_ERR_MEMORY;
        if (l->count)
            memcpy(larger, l->name, l->count * sizeof *larger);
        rnl_free(l->name);
        l->name = larger;
        l->room = room;
    }
    l->name[l->count] = rnl_strdup(name);
    if (!l->name[l->count])
        return RNL_ERR_MEMORY;
    l->count++;
    return RNL_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "/", unless the folder was given with one. */
static const char *slash_behind(const char *folder)
{
    const size_t length = strlen(folder);
    return length && folder[length - 1] == '/' ? "" : "/";
}

/* "folder/name", from rnl_alloc. */
static char *join(const char *folder, const char *name)
{
    rnl_text text = {0};
    rnl_text_add(&text, "%s%s%s", folder, slash_behind(folder), name);
    return text.failed ? NULL : text.at;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The names in a folder, sorted: all, or those of folders. */
static rnl_status list_folder(list *l, const char *folder, bool folders_only)
{
    DIR *open = opendir(folder);
    RNL_FAIL_IF(!open, RNL_ERR_IO, "%s: %s", folder, strerror(errno));
    rnl_status status = RNL_OK;
    for (struct dirent *entry; status == RNL_OK && (entry = readdir(open)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = folders_only ? join(folder, entry->d_name) : NULL;
        if (folders_only && !path)
            status = RNL_ERR_MEMORY;
        else if (!folders_only || is_folder(path))
            status = add_name(l, entry->d_name);
        rnl_free(path);
    }
    closedir(open);
    if (status == RNL_OK && l->count)
        qsort(l->name, l->count, sizeof *l->name, by_bytes);
    return status;
}

/* ---- the classes and their pictures ------------------------------------------------------------------- */

typedef struct folder {
    const char *path;
    list classes;
    list *pictures; /* [classes.count] */
    size_t count;   /* pictures in all */
    size_t channels, height, width;
} folder;

static void free_folder(folder *f)
{
    for (size_t k = 0; f->pictures && k < f->classes.count; k++)
        free_list(&f->pictures[k]);
    rnl_free(f->pictures);
    free_list(&f->classes);
}

static bool is_picture_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".png") == 0 || strcasecmp(dot, ".jpg") == 0 ||
                   strcasecmp(dot, ".jpeg") == 0);
}

/* What lies in the folder of a class and has not the name of a picture. */
static rnl_status refuse_stray(const char *class_path, const char *name)
{
    char shown[128], *path = join(class_path, name);
    if (!path)
        return RNL_ERR_MEMORY;
    const bool sub_folder = is_folder(path);
    rnl_free(path);
    rnl_text_clean(shown, sizeof shown, name);
    return sub_folder
               ? rnl_fail(RNL_ERR_FORMAT,
                          "%s/%s: a folder inside of that of a class, expected pictures alone "
                          "there; parts are called train and test",
                          class_path, shown)
               : rnl_fail(RNL_ERR_FORMAT, "%s/%s: expected a picture, .png, .jpg or .jpeg",
                          class_path, shown);
}

static rnl_status list_class(folder *f, size_t k, bool may_be_empty)
{
    const char *name = f->classes.name[k];
    char shown[128];
    rnl_text_clean(shown, sizeof shown, name);
    RNL_FAIL_IF(!rnl_is_name(name, strlen(name)), RNL_ERR_FORMAT,
                "%s: the name of the folder '%s' cannot be a class: it is no UTF-8, or has a "
                "control character",
                f->path, shown);
    char *path = join(f->path, name);
    if (!path)
        return RNL_ERR_MEMORY;
    list *l = &f->pictures[k];
    rnl_status status = list_folder(l, path, false);
    for (size_t i = 0; status == RNL_OK && i < l->count; i++)
        if (!is_picture_name(l->name[i]))
            status = refuse_stray(path, l->name[i]);
    if (status == RNL_OK && l->count == 0 && !may_be_empty)
        status = rnl_fail(RNL_ERR_FORMAT, "%s: no pictures in the folder of this class", path);
    f->count += l->count;
    rnl_free(path);
    return status;
}

static rnl_status list_all(folder *f, const rnl_data_options *options)
{
    RNL_TRY(list_folder(&f->classes, f->path, true));
    RNL_FAIL_IF(f->classes.count == 0, RNL_ERR_FORMAT,
                "%s: no sub-folders, expected one with pictures for each class, or MNIST's files",
                f->path);
    f->pictures = rnl_alloc(f->classes.count, sizeof *f->pictures);
    if (!f->pictures)
        return RNL_ERR_MEMORY;
    for (size_t k = 0; k < f->classes.count; k++)
        RNL_TRY(list_class(f, k, options->class_names || options->class_count));
    RNL_FAIL_IF(f->count == 0, RNL_ERR_FORMAT, "%s: no pictures", f->path);
    return RNL_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

/* Are the sub-folders called by numbers, as they are written: not 03? */
static bool are_numbers(const folder *f, int32_t *number)
{
    for (size_t k = 0; k < f->classes.count; k++) {
        const char *name = f->classes.name[k];
        const size_t length = strlen(name);
        if (length > 9 || name[strspn(name, "0123456789")] || (name[0] == '0' && length > 1))
            return false;
        number[k] = (int32_t)strtol(name, NULL, 10);
    }
    return true;
}

/* Classes without names, as many as a training part or a network has: those of the numbers, or all in order. */
static rnl_status match_numbers(rnl_dataset *set, const folder *f, size_t class_count,
                                int32_t *number, bool *matched)
{
    *matched = class_count && are_numbers(f, number);
    for (size_t k = 0; *matched && k < f->classes.count; k++)
        RNL_FAIL_IF((size_t)number[k] >= class_count, RNL_ERR_FORMAT,
                    "%s: the sub-folders are called by numbers, and %s is none of the classes 0 to "
                    "%zu",
                    f->path, f->classes.name[k], class_count - 1);
    if (*matched)
        set->info.class_count = class_count;
    RNL_FAIL_IF(class_count && !*matched && f->classes.count != class_count, RNL_ERR_FORMAT,
                "%s: %zu sub-folders, but there are %zu classes, and the sub-folders' names do not "
                "tell which: expected numbers from 0 to %zu, or a sub-folder for each class",
                f->path, f->classes.count, class_count, class_count - 1);
    return RNL_OK;
}

/* The place of each sub-folder among the classes. */
static rnl_status number_classes(rnl_dataset *set, const folder *f, const rnl_data_options *options,
                                 int32_t *number)
{
    const char *wanted = options->class_names;
    char shown[RNL_CLASSES_SHOWN];
    rnl_text names = {0};
    bool matched = false;
    if (!wanted)
        RNL_TRY(match_numbers(set, f, options->class_count, number, &matched));
    if (matched)
        return RNL_OK;
    for (size_t k = 0; k < f->classes.count; k++) {
        const char *name = f->classes.name[k];
        const size_t at = wanted ? rnl_class_find(wanted, name, strlen(name)) : k;
        if (at == SIZE_MAX) {
            rnl_free(names.at);
            return rnl_fail(RNL_ERR_FORMAT, "%s%s%s: no class of this name, expected one of %s",
                            f->path, slash_behind(f->path), name, rnl_classes_show(wanted, shown));
        }
        number[k] = (int32_t)at;
        rnl_text_add(&names, "%s%s", k ? "\n" : "", name);
    }
    rnl_status status = RNL_ERR_MEMORY;
    if (!names.failed) {
        set->info.class_count = wanted ? rnl_class_count(wanted) : f->classes.count;
        status = rnl_dataset_set_class_names(set, wanted ? wanted : names.at);
    }
    rnl_free(names.at);
    return status;
}

/* Whoever opens a pipe waits for its writer. */
static rnl_status open_picture(rnl_input *input, const char *path)
{
    struct stat about;
    *input = (rnl_input){0};
    RNL_FAIL_IF(stat(path, &about) == 0 && !S_ISREG(about.st_mode), RNL_ERR_IO,
                "%s: is no regular file, and a picture was expected", path);
    return rnl_input_open(input, path, false);
}

/* All the same size, where none is wished for. */
static rnl_status read_one(const folder *f, const char *path, bool sized, bool invert,
                           uint8_t *pixels)
{
    rnl_input input;
    size_t height, width;
    RNL_TRY(open_picture(&input, path));
    rnl_status status = sized ? RNL_OK : rnl_picture_size(&input, &height, &width);
    if (status == RNL_OK && !sized && (height != f->height || width != f->width))
        status = rnl_fail(RNL_ERR_SHAPE,
                          "%s is %zu x %zu pixels (height x width), but the pictures before it are "
                          "%zu x %zu",
                          path, height, width, f->height, f->width);
    if (status == RNL_OK)
        status = rnl_decode_picture(input.bytes, input.size, path, f->channels, f->height, f->width,
                                    invert, pixels);
    rnl_input_close(&input);
    return status;
}

static rnl_status path_of(char **path, const folder *f, size_t k, size_t i)
{
    rnl_text text = {0};
    rnl_text_add(&text, "%s%s%s/%s", f->path, slash_behind(f->path), f->classes.name[k],
                 f->pictures[k].name[i]);
    *path = text.at;
    return text.failed ? RNL_ERR_MEMORY : RNL_OK;
}

/* The wished size, or that of the first picture. */
static rnl_status find_size(folder *f, const rnl_data_options *options)
{
    f->channels = options->channels ? options->channels : 1;
    f->height = options->height;
    f->width = options->width;
    RNL_FAIL_IF(!options->height != !options->width, RNL_ERR_USAGE,
                "the size of pictures: %zu x %zu, expected both height and width or neither",
                options->height, options->width);
    size_t k = 0;
    while (f->pictures[k].count == 0)
        k++;
    if (f->height)
        return RNL_OK;
    char *path;
    rnl_input input = {0};
    rnl_status status = path_of(&path, f, k, 0);
    if (status == RNL_OK)
        status = open_picture(&input, path);
    if (status == RNL_OK)
        status = rnl_picture_size(&input, &f->height, &f->width);
    rnl_input_close(&input);
    rnl_free(path);
    return status;
}

/* Pictures come in very different sizes: each thread takes the next one that nobody has. */
typedef struct reading {
    const folder *f;
    const rnl_data_options *options;
    struct place {
        size_t class, picture;
    } * places; /* [n] */
    size_t n, size;
    uint8_t *bytes; /* [n, size] */
    atomic_size_t next;
    rnl_failure failure;
} reading;

static rnl_status read_sample(const reading *r, size_t i)
{
    const rnl_data_options *options = r->options;
    char *path;
    RNL_TRY(path_of(&path, r->f, r->places[i].class, r->places[i].picture));
    const rnl_status status =
        read_one(r->f, path, options->height > 0, options->dark_on_light, r->bytes + i * r->size);
    rnl_free(path);
    return status;
}

static void read_samples(void *arg)
{
    reading *r = arg;
    rnl_status status = RNL_OK;
    while (status == RNL_OK) {
        const size_t i = atomic_fetch_add(&r->next, 1);
        if (i >= r->n || rnl_failed_before(&r->failure, i))
            return;
        status = read_sample(r, i);
        if (status != RNL_OK)
            rnl_failure_note(&r->failure, i, status);
    }
}

/* A thread more for every so many pictures. */
enum { WORTH_A_THREAD = 100 };

static rnl_status read_by_team(reading *r)
{
    const size_t most = rnl_team_wanted(r->options->threads), worth = 1 + r->n / WORTH_A_THREAD;
    RNL_TRY(rnl_team_run(worth < most ? worth : most, read_samples, r));
    return rnl_failure_status(&r->failure);
}

static void list_places(reading *r, int32_t *classes, const int32_t *number)
{
    for (size_t i = 0, at = 0; at < r->n; i++)
        for (size_t k = 0; k < r->f->classes.count && at < r->n; k++)
            if (i < r->f->pictures[k].count) {
                classes[at] = number[k];
                r->places[at++] = (struct place){k, i};
            }
}

static rnl_status read_all(rnl_dataset *set, const folder *f, const int32_t *number,
                           const rnl_data_options *options)
{
    const size_t n = options->limit && options->limit < f->count ? options->limit : f->count;
    size_t size;
    RNL_FAIL_IF(
        !rnl_mul_size(f->height, f->width, &size) || !rnl_mul_size(size, f->channels, &size),
        RNL_ERR_USAGE, "pictures of %zu x %zu pixels are more than this machine can address",
        f->height, f->width);
    uint8_t *bytes = set->owned[0] = rnl_alloc(n, size);
    int32_t *classes = set->owned[1] = bytes ? rnl_alloc(n, sizeof *classes) : NULL;
    reading r = {.f = f, .options = options, .n = n, .size = size, .bytes = bytes};
    r.places = classes ? rnl_alloc(n, sizeof *r.places) : NULL;
    if (!r.places)
        return rnl_fail_prefix(RNL_ERR_MEMORY, f->path);
    list_places(&r, classes, number);
    const rnl_status status = read_by_team(&r);
    rnl_free(r.places);
    RNL_TRY(status);
    set->bytes = bytes;
    set->classes = classes;
    set->info.n = n;
    set->info.features = size;
    set->info.channels = options->flatten ? 1 : f->channels;
    set->info.height = options->flatten ? 1 : f->height;
    set->info.width = options->flatten ? size : f->width;
    set->info.scale = options->normalize ? 1.0 / 255 : 1;
    set->info.one_hot = options->one_hot;
    return RNL_OK;
}

static rnl_status read_folder(rnl_dataset **set, const char *path, const rnl_data_options *options)
{
    folder f = {.path = path};
    int32_t *number = NULL;
    RNL_TRY(rnl_dataset_new(set));
    rnl_status status = list_all(&f, options);
    if (status == RNL_OK)
        status = find_size(&f, options);
    if (status == RNL_OK && !(number = rnl_alloc(f.classes.count, sizeof *number)))
        status = RNL_ERR_MEMORY;
    if (status == RNL_OK)
        status = number_classes(*set, &f, options, number);
    if (status == RNL_OK)
        status = read_all(*set, &f, number, options);
    rnl_free(number);
    free_folder(&f);
    if (status != RNL_OK)
        rnl_dataset_free(set);
    return status;
}

/* Is the folder "train" the training part? Where it has folders in it, which are classes; and where nothing stands
 * beside it that is surely a class, so that what is missing in it is told. */
static rnl_status find_parts(const char *path, const char *train, bool *parts)
{
    static const char *const known[] = {"train", "test", "val", "valid", "validation"};
    list inside = {0}, beside = {0};
    size_t others = 0;
    rnl_status status = list_folder(&inside, train, true);
    if (status == RNL_OK)
        status = list_folder(&beside, path, true);
    for (size_t i = 0; i < beside.count; i++) {
        size_t k = 0;
        while (k < sizeof known / sizeof known[0] && strcmp(beside.name[i], known[k]) != 0)
            k++;
        others += k == sizeof known / sizeof known[0];
    }
    *parts = inside.count > 0 || others == 0;
    free_list(&inside);
    free_list(&beside);
    return status;
}

rnl_status rnl_dataset_read_pictures(rnl_dataset **set, const char *path, bool test,
                                     const rnl_data_options *options)
{
    const rnl_data_options standard = rnl_data_options_default();
    options = options ? options : &standard;
    char *train = join(path, "train"), *other = train ? join(path, "test") : NULL;
    bool parts = false;
    rnl_status status = other ? RNL_OK : RNL_ERR_MEMORY;
    if (other && is_folder(train))
        status = find_parts(path, train, &parts);
    *set = NULL;
    if (status == RNL_OK && (!test || (parts && is_folder(other))))
        status = read_folder(set, !parts ? path : test ? other : train, options);
    rnl_free(train);
    rnl_free(other);
    return status;
}

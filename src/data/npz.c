/* npz.c - numpy's files of several arrays: a zip archive of .npy files, each named after its array
 *
 *   np.savez("set.npz", x=..., y=...)                                        one set
 *   np.savez("set.npz", x_train=..., y_train=..., x_test=..., y_test=...)    and a test part
 *
 * An array may also bear another of the names in `names`; y may be missing. Other arrays are not looked at. */
#include "data/npy.h"
#include "data/zip.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { X, Y, X_TEST, Y_TEST, ROLES, NAMES = 6, LISTED = 200 };

/* The better known first; x_train stands before x, so that a file with both means the parts. */
static const char *const names[ROLES][NAMES] = {
    [X] = {"x_train", "train_x", "train_images", "x", "data", "images"},
    [Y] = {"y_train", "train_y", "train_labels", "y", "target", "labels"},
    [X_TEST] = {"x_test", "test_x", "test_images"},
    [Y_TEST] = {"y_test", "test_y", "test_labels"},
};

typedef struct choice {
    rnl_zip_entry entry;
    size_t rank; /* of its name; NAMES: none yet */
} choice;

bool rnl_input_is_zip(const rnl_input *input)
{
    return input->size >= 4 && memcmp(input->bytes, "PK\3\4", 4) == 0;
}

static bool is_named(const rnl_zip_entry *entry, const char *name)
{
    const size_t length = strlen(name);
    return entry->name_length == length + 4 && strncasecmp(entry->name, name, length) == 0 &&
           memcmp(entry->name + length, ".npy", 4) == 0;
}

/* Which array plays which part; what there is goes into listed, for an error text. */
static rnl_status choose(rnl_zip *zip, choice chosen[ROLES], char listed[LISTED])
{
    rnl_zip_entry entry;
    bool got;
    size_t at = 0;
    for (size_t r = 0; r < ROLES; r++)
        chosen[r].rank = NAMES;
    strcpy(listed, "");
    for (;;) {
        RNL_TRY(rnl_zip_next(zip, &entry, &got));
        if (!got)
            return RNL_OK;
        for (size_t r = 0; r < ROLES; r++)
            for (size_t k = 0; k < chosen[r].rank && names[r][k]; k++)
                if (is_named(&entry, names[r][k]))
                    chosen[r] = (choice){entry, k};
        const size_t length = entry.name_length < 32 ? entry.name_length : 32;
        if (at + length + 8 < LISTED)
            at += (size_t)snprintf(listed + at, LISTED - at, "%s%.*s", at ? ", " : "", (int)length,
                                   entry.name);
    }
}

/* A text that lives as long as the reading: "set.npz: x.npy". */
static rnl_status name_of(char **text, const rnl_zip *zip, const rnl_zip_entry *entry)
{
    char shown[64];
    rnl_text grown = {0};
    snprintf(shown, sizeof shown, "%.*s", (int)(entry->name_length < 60 ? entry->name_length : 60),
             entry->name);
    rnl_text_add(&grown, "%s: %s", zip->input->name, shown);
    *text = grown.at;
    return grown.failed ? RNL_ERR_MEMORY : RNL_OK;
}

typedef struct part {
    char *name;
    rnl_input file;
    void *block;
    rnl_array array;
} part;

static rnl_status read_part(part *p, const rnl_zip *zip, const rnl_zip_entry *entry)
{
    RNL_TRY(name_of(&p->name, zip, entry));
    RNL_TRY(rnl_zip_read(zip, entry, p->name, &p->file, &p->block));
    return rnl_npy_parse(&p->array, &p->file);
}

static rnl_status read_set(rnl_dataset **set, rnl_input *input, const rnl_zip *zip, const choice *x,
                           const choice *y, const rnl_data_options *options)
{
    part inputs = {0}, labels = {0};
    rnl_status status = read_part(&inputs, zip, &x->entry);
    if (status == RNL_OK && y->rank < NAMES)
        status = read_part(&labels, zip, &y->entry);
    if (status == RNL_OK) {
        const bool lies_in_archive = !inputs.block;
        rnl_backing backing = {.input = lies_in_archive ? *input : (rnl_input){0},
                               .block = inputs.block};
        status = rnl_dataset_from_array(set, &inputs.array, &backing,
                                        y->rank < NAMES ? &labels.array : NULL, options);
        if (status == RNL_OK) {
            inputs.block = NULL;
            if (lies_in_archive)
                *input = (rnl_input){0};
        }
    }
    rnl_free(inputs.block);
    rnl_free(labels.block);
    rnl_free(inputs.name);
    rnl_free(labels.name);
    return status;
}

rnl_status rnl_npz_decode(rnl_dataset **set, rnl_input *input, bool test,
                          const rnl_data_options *options)
{
    rnl_zip zip;
    choice chosen[ROLES];
    char listed[LISTED];
    const rnl_input archive = *input; /* names stay readable when the input has gone over */
    *set = NULL;
    RNL_TRY(rnl_zip_open(&zip, &archive));
    RNL_TRY(choose(&zip, chosen, listed));
    rnl_text_clean(listed, sizeof listed, listed);
    const choice *x = &chosen[test ? X_TEST : X], *y = &chosen[test ? Y_TEST : Y];
    if (test && x->rank == NAMES)
        return RNL_OK;
    RNL_FAIL_IF(x->rank == NAMES, RNL_ERR_FORMAT,
                "%s: no array named x or x_train; the archive has %s", archive.name,
                *listed ? listed : "no files");
    return read_set(set, input, &zip, x, y, options);
}

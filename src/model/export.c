/* export.c - rnl_net_export: the formats, and what holds for all of them */
#include "model/export.h"

#include "base/text.h"

#include <string.h>

enum { LONGEST_NAME = 64 };

/* A format, a line. */
static const struct {
    const char *name;
    rnl_status (*write)(const rnl_export_plan *plan, const char *folder,
                        const rnl_export_options *options);
    bool int8, test_vectors; /* does it know these options? */
} formats[] = {
    {"c", rnl_export_write_c, true, true},
    {"onnx", rnl_export_write_onnx, false, false},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

const char *rnl_export_format(size_t i)
{
    return i < FORMATS ? formats[i].name : NULL;
}

static rnl_status find_format(const char *name, size_t *found)
{
    rnl_text known = {0};
    *found = 0;
    for (size_t i = 0; i < FORMATS; i++) {
        if (name && strcmp(formats[i].name, name) == 0) {
            *found = i;
            rnl_free(known.at);
            return RNL_OK;
        }
        rnl_text_add(&known, "%s%s", i ? ", " : "", formats[i].name);
    }
    char shown[64];
    rnl_text_quote(shown, sizeof shown, "", name ? name : "");
    const rnl_status status = rnl_fail(RNL_ERR_USAGE, "the format %s is not known; known are %s",
                                       shown, known.at ? known.at : "");
    rnl_free(known.at);
    return status;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A C identifier, and not one of those that C and C++ keep for themselves. */
static rnl_status check_name(const char *name)
{
    const size_t length = strlen(name);
    bool fits = is_letter(*name) && length <= LONGEST_NAME && !strstr(name, "__") &&
                name[length - 1] != '_'; /* which would be "__" in "NAME_predict" */
    for (const char *c = name; *c; c++)
        fits = fits && (is_letter(*c) || (*c >= '0' && *c <= '9') || *c == '_');
    char shown[LONGEST_NAME + 16];
    rnl_text_quote(shown, sizeof shown, "", name);
    RNL_FAIL_IF(!fits, RNL_ERR_USAGE,
                "the name %s: expected a letter, then letters, digits and _, which is not last and "
                "does not "
                "come twice in a row; %d at most",
                shown, LONGEST_NAME);
    return RNL_OK;
}

rnl_status rnl_net_export(const rnl_net *net, const char *format, const char *folder,
                          const rnl_export_options *options)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(format, "the format is");
    rnl_export_options o = options ? *options : (rnl_export_options){0};
    size_t i;
    RNL_TRY(find_format(format, &i));
    if (!o.name)
        o.name = "model";
    RNL_TRY(check_name(o.name));
    RNL_FAIL_IF(o.int8 && !formats[i].int8, RNL_ERR_USAGE, "the format %s has no weights of 8 bits",
                formats[i].name);
    RNL_FAIL_IF(o.test_vectors && !formats[i].test_vectors, RNL_ERR_USAGE,
                "the format %s has no test of its own", formats[i].name);
    rnl_export_plan plan;
    RNL_TRY(rnl_export_plan_make(&plan, net, o.probabilities));
    rnl_status status = o.int8 ? rnl_export_quantize(&plan) : RNL_OK;
    if (status == RNL_OK)
        status = formats[i].write(&plan, folder ? folder : ".", &o);
    rnl_export_plan_free(&plan);
    return status;
}

rnl_status rnl_export_path(char **path, const char *folder, const char *name, const char *ending)
{
    rnl_text text = {0};
    if (strcmp(folder, ".") != 0 && *folder)
        rnl_text_add(&text, "%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/");
    rnl_text_add(&text, "%s%s", name, ending);
    *path = text.at;
    if (!text.failed)
        return RNL_OK;
    rnl_free(text.at);
    *path = NULL;
    return RNL_ERR_MEMORY;
}

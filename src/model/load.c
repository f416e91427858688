/* load.c - a network from a model file */
#include "model/model.h"

#include "base/matrix.h"
#include "model/onnx.h"
#include "net/net.h"

#include <string.h>

/* ---- which network the file holds ------------------------------------------------------------------- */

static rnl_shown show_net(const rnl_net *net)
{
    return rnl_show_name(rnl_net_description(net));
}

/* Digits alone, at least 1. */
static bool parse_count(const char *text, size_t *count)
{
    *count = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' || !rnl_mul_size(*count, 10, count) ||
            !rnl_add_size(*count, (size_t)(*text - '0'), count))
            return false;
    return *count > 0;
}

/* "<number>.weight" -> the number; false for every other name. */
static bool weight_index(const char *name, size_t *index)
{
    char digits[16];
    const char *dot = strchr(name, '.');
    if (!dot || strcmp(dot, ".weight") != 0 || (size_t)(dot - name) >= sizeof digits)
        return false;
    memcpy(digits, name, (size_t)(dot - name));
    digits[dot - name] = '\0';
    return parse_count(digits, index) || strcmp(digits, "0") == 0;
}

/* The weights of the first and of the last layer that has any; NULL where there is none. */
static void find_ends(const rnl_tensor_file *file, const rnl_tensor **first,
                      const rnl_tensor **last)
{
    size_t lowest = 0, highest = 0;
    *first = *last = NULL;
    for (size_t i = 0; i < file->count; i++) {
        const rnl_tensor *t = &file->tensors[i];
        size_t index;
        if (t->rank == 0 || t->rank > 2 || !weight_index(t->name, &index))
            continue;
        if (!*first || index < lowest)
            *first = t, lowest = index;
        if (!*last || index > highest)
            *last = t, highest = index;
    }
}

/* A file of another program tells its widths by its weights: [out, in], or [width]. */
static rnl_status read_widths(const rnl_tensor_file *file, size_t *inputs, size_t *outputs)
{
    const char *note = rnl_tensor_file_note(file, "runnel.inputs");
    const rnl_tensor *first, *last;
    find_ends(file, &first, &last);
    *outputs = last ? last->shape[0] : 0;
    if (note) {
        RNL_FAIL_IF(!parse_count(note, inputs), RNL_ERR_FORMAT,
                    "runnel.inputs is %s, and no number from 1 on", rnl_show_name(note).text);
        return RNL_OK;
    }
    *inputs = first ? first->shape[first->rank - 1] : 0;
    if (*inputs > 0)
        return RNL_OK;
    rnl_text sentence = {0};
    if (file->count && !rnl_foreign_has_numbered_key(file)) {
        rnl_text_add(&sentence, "its keys do not begin with the number of the layer, as those of "
                                "nn.Sequential do (\"0.weight\", \"0.bias\", \"2.weight\"): save "
                                "nn.Sequential(net.fc1, nn.ReLU(), net.fc2).state_dict(), the same "
                                "layers in their order, or rename them (docs/pytorch.md); the file "
                                "has ");
        return rnl_fail_with_tensors(RNL_ERR_FORMAT, &sentence, file);
    }
    rnl_text_add(&sentence, "the number of inputs is not known: \"0.weight\", or the weight of the "
                            "first layer that has one, would tell it; the file has ");
    return rnl_fail_with_tensors(RNL_ERR_FORMAT, &sentence, file);
}

static rnl_dtype widest(const rnl_tensor_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].dtype, "F64") == 0)
            return RNL_F64;
    return RNL_F32;
}

/* The network that the file's own description speaks of. */
static rnl_status plan_own(rnl_net **net, const char *description, const rnl_net_config *config)
{
    for (const char *c = description; *c; c++)
        RNL_FAIL_IF((unsigned char)*c < ' ' || *c == 0x7f, RNL_ERR_FORMAT,
                    "runnel.net has a control character");
    const rnl_status status = rnl_net_plan(net, description, config);
    if (status != RNL_ERR_USAGE && status != RNL_ERR_SHAPE)
        return status;
    return rnl_fail_prefix(RNL_ERR_FORMAT, "runnel.net");
}

/* The network that the caller speaks of; a last affine layer may leave its width to the file. */
static rnl_status plan_wanted(rnl_net **net, const char *description, rnl_net_config config,
                              size_t outputs)
{
    rnl_status status = rnl_net_plan(net, description, &config);
    if (status == RNL_ERR_USAGE && outputs > 0) {
        config.outputs = outputs;
        status = rnl_net_plan(net, description, &config);
    }
    return status;
}

static rnl_status check_same(const rnl_net *net, const char *own, const rnl_net_config *config)
{
    rnl_net *other;
    RNL_TRY(plan_own(&other, own, config));
    rnl_status status = RNL_OK;
    if (strcmp(rnl_net_description(net), rnl_net_description(other)) != 0)
        status = rnl_fail(RNL_ERR_USAGE, "holds the network %s, and %s was asked for",
                          show_net(other).text, show_net(net).text);
    rnl_net_free(&other);
    return status;
}

static rnl_status plan(rnl_net **net, const rnl_tensor_file *file, const char *wanted,
                       const rnl_net_config *config)
{
    const char *own = rnl_tensor_file_note(file, "runnel.net");
    if (!own && !wanted) {
        rnl_text sentence = {0};
        rnl_text_add(&sentence,
                     "does not say which network it holds, as PyTorch's files do not: name the "
                     "layers (for example \"affine 50, relu, affine 10\"); the file has ");
        return rnl_fail_with_tensors(RNL_ERR_USAGE, &sentence, file);
    }
    size_t outputs;
    rnl_net_config c = {.dtype = config ? config->dtype : widest(file),
                        .backend = config ? config->backend : NULL};
    RNL_TRY(read_widths(file, &c.inputs, &outputs));
    RNL_TRY(wanted ? plan_wanted(net, wanted, c, outputs) : plan_own(net, own, &c));
    return wanted && own ? check_same(*net, own, &c) : RNL_OK;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static rnl_status check_format(const rnl_tensor_file *file)
{
    const char *format = rnl_tensor_file_note(file, "runnel.format");
    const char *version = rnl_tensor_file_note(file, "runnel.version");
    RNL_FAIL_IF(format && strcmp(format, RNL_MODEL_FORMAT) != 0, RNL_ERR_UNSUPPORTED,
                "was written by runnel %s in the format %s; this is runnel %s, which knows the "
                "format " RNL_MODEL_FORMAT,
                version ? rnl_show_name(version).text : "of an unknown version",
                rnl_show_name(format).text, rnl_version());
    return RNL_OK;
}

static bool is_foreign(const rnl_tensor_file *file)
{
    return !rnl_tensor_file_note(file, "runnel.format");
}

static rnl_status make(rnl_net **net, const rnl_tensor_file *file, const char *description,
                       const rnl_net_config *config)
{
    RNL_TRY(check_format(file));
    RNL_TRY(plan(net, file, description, config));
    const bool foreign = is_foreign(file);
    (*net)->format = foreign ? "safetensors of another program"
                             : "safetensors, layout " RNL_MODEL_FORMAT " of runnel";
    return rnl_model_fill(*net, file, foreign);
}

rnl_status rnl_model_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                            const rnl_net_config *config)
{
    *net = NULL;
    if (config)
        RNL_TRY(rnl_check_dtype(config->dtype));
    rnl_tensor_file file;
    RNL_TRY(rnl_tensor_file_parse(&file, bytes, size));
    if (is_foreign(&file))
        rnl_foreign_strip_keys(&file);
    const rnl_status status = make(net, &file, description, config);
    rnl_tensor_file_free(&file);
    if (status != RNL_OK)
        rnl_net_free(net);
    return status;
}

/* What begins like ONNX is ONNX, the rest safetensors. */
static rnl_status decode(rnl_net **net, const void *bytes, size_t size, const char *name,
                         const char *description, const rnl_net_config *config)
{
    const bool onnx = rnl_onnx_is(bytes, size);
    const rnl_status status =
        (onnx ? rnl_onnx_decode : rnl_model_decode)(net, bytes, size, description, config);
    if (status != RNL_OK)
        return rnl_fail_prefix(status, name);
    if (onnx)
        (*net)->format = "ONNX";
    return RNL_OK;
}

rnl_status rnl_net_decode(rnl_net **net, const void *bytes, size_t size, const char *name,
                          const char *description, const rnl_net_config *config)
{
    RNL_REFUSE_NULL(net, "the place for the network is");
    *net = NULL;
    RNL_REFUSE_NULL(bytes, "the array of bytes is");
    RNL_REFUSE_NULL(name, "the name is");
    return decode(net, bytes, size, name, description, config);
}

rnl_status rnl_net_load(rnl_net **net, const char *path, const char *description,
                        const rnl_net_config *config)
{
    RNL_REFUSE_NULL(net, "the place for the network is");
    *net = NULL;
    RNL_REFUSE_NULL(path, "the path is");
    rnl_bytes bytes;
    RNL_TRY(rnl_file_read(&bytes, path));
    const rnl_status status = decode(net, bytes.data, bytes.size, path, description, config);
    rnl_bytes_free(&bytes);
    return status;
}

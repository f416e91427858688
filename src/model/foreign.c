/* foreign.c - the keys of a file that another program wrote
 *
 * Those of nn.Sequential are "<number of the layer>.<name>". Where it is part of another module, that one's name stands
 * before all of them: "net.0.weight", or "module.net.0.weight" of a network that was trained on several devices. */
#include "model/model.h"

#include <string.h>

/* What stands before "<number>.<name>" at the end of a key; SIZE_MAX: it does not end so. */
static size_t prefix_of(const char *key)
{
    const char *dot = strrchr(key, '.'), *number = dot;
    while (number && number > key && number[-1] >= '0' && number[-1] <= '9')
        number--;
    return !dot || number == dot || (number > key && number[-1] != '.') ? SIZE_MAX
                                                                        : (size_t)(number - key);
}

void rnl_foreign_strip_keys(rnl_tensor_file *file)
{
    const char *first = file->count ? file->tensors[0].name : "";
    const size_t prefix = prefix_of(first);
    for (size_t i = 0; i < file->count; i++)
        if (prefix_of(file->tensors[i].name) != prefix ||
            memcmp(file->tensors[i].name, first, prefix == SIZE_MAX ? 0 : prefix) != 0)
            return;
    for (size_t i = 0; i < file->count && prefix != SIZE_MAX; i++)
        file->tensors[i].name += prefix;
}

bool rnl_foreign_has_numbered_key(const rnl_tensor_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (prefix_of(file->tensors[i].name) == 0)
            return true;
    return false;
}

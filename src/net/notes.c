/* notes.c - the notes that travel with a network in its model file */
#include "net/net.h"

#include "base/text.h"

#include <string.h>

const char *const rnl_file_notes[RNL_FILE_NOTES] = {"format", "runnel.format", "runnel.version",
                                                    "runnel.net", "runnel.inputs"};

bool rnl_is_file_note(const char *key)
{
    for (size_t i = 0; i < RNL_FILE_NOTES; i++)
        if (strcmp(rnl_file_notes[i], key) == 0)
            return true;
    return false;
}

static rnl_note *find(const rnl_net *net, const char *key)
{
    for (size_t i = 0; i < net->notes; i++)
        if (strcmp(net->note[i].key, key) == 0)
            return &net->note[i];
    return NULL;
}

static void free_note(rnl_note *note)
{
    rnl_free(note->key);
    rnl_free(note->value);
}

/* Makes room for one more. There is a limit, as each new one is compared with all; runnel's own always have
 * room. */
static rnl_status reserve(rnl_net *net, const char *key)
{
    const size_t own = strncmp(key, "runnel.", strlen("runnel.")) == 0 ? RNL_OWN_NOTES_MOST : 0;
    RNL_FAIL_IF(net->notes >= RNL_NOTES_MOST + own, RNL_ERR_UNSUPPORTED,
                "a network has at most %d notes", RNL_NOTES_MOST);
    if (net->notes < net->notes_capacity)
        return RNL_OK;
    const size_t capacity = net->notes_capacity * 2 + 8;
    rnl_note *grown = rnl_alloc(capacity, sizeof *grown);
    if (!grown)
        return RNL_ERR_MEMORY;
    if (net->notes)
        memcpy(grown, net->note, net->notes * sizeof *grown);
    rnl_free(net->note);
    net->note = grown;
    net->notes_capacity = capacity;
    return RNL_OK;
}

/* A model file can hold it. */
static rnl_status check_note(const char *key, const char *value)
{
    char shown[64];
    rnl_text_quote(shown, sizeof shown, "", key);
    RNL_FAIL_IF(rnl_is_file_note(key), RNL_ERR_USAGE,
                "the note %s is made when a network is saved, and is not to be set", shown);
    RNL_FAIL_IF(!rnl_is_utf8(key), RNL_ERR_USAGE, "the key of the note %s is no valid UTF-8",
                shown);
    RNL_FAIL_IF(!rnl_is_utf8(value), RNL_ERR_USAGE, "the value of the note %s is no valid UTF-8",
                shown);
    return RNL_OK;
}

rnl_status rnl_net_set_note(rnl_net *net, const char *key, const char *value)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(key, "the key is");
    RNL_FAIL_IF(!*key, RNL_ERR_USAGE, "a note needs a key");
    if (value)
        RNL_TRY(check_note(key, value));
    rnl_note *old = find(net, key);
    if (!value) {
        if (old) {
            free_note(old);
            const size_t at = (size_t)(old - net->note);
            memmove(old, old + 1, (net->notes - at - 1) * sizeof *old);
            net->notes--;
        }
        return RNL_OK;
    }
    rnl_note note = {0};
    note.value = rnl_strdup(value);
    if (note.value && old) {
        rnl_free(old->value);
        old->value = note.value;
        return RNL_OK;
    }
    note.key = rnl_strdup(key);
    const rnl_status status = note.value && note.key ? reserve(net, key) : RNL_ERR_MEMORY;
    if (status != RNL_OK) {
        free_note(&note);
        return status;
    }
    net->note[net->notes++] = note;
    return RNL_OK;
}

const char *rnl_net_note(const rnl_net *net, const char *key)
{
    const rnl_note *note = find(net, key);
    return note ? note->value : NULL;
}

size_t rnl_net_note_count(const rnl_net *net)
{
    return net->notes;
}

void rnl_net_note_at(const rnl_net *net, size_t i, const char **key, const char **value)
{
    const rnl_note none = {0}, *note = i < net->notes ? &net->note[i] : &none;
    *key = note->key;
    *value = note->value;
}

void rnl_net_free_notes(rnl_net *net)
{
    for (size_t i = 0; i < net->notes; i++)
        free_note(&net->note[i]);
    rnl_free(net->note);
    net->note = NULL;
    net->notes = net->notes_capacity = 0;
}

/* notes.c - what a network's notes say of its input and its answers
 *
 *   runnel.input.scale, runnel.input.shift    = number { " " number }     one, or one for each feature
 *   runnel.dark_on_light                      there: of pixels v, 255 - v is what is scaled
 *   runnel.classes                            = name { "\n" name }
 *   runnel.input.columns                      JSON: docs/data.md
 *
 * In the C locale. They are written where a network is trained. */
#include "model/export.h"

#include "base/text.h"
#include "net/net.h"

#include <stdio.h>
#include <string.h>

static size_t count_char(const char *text, char c)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == c;
    return count;
}

/* A note's numbers: *numbers from rnl_alloc, *count 1 or `width`; none where there is no such note. */
static rnl_status read_numbers(const rnl_net *net, const char *key, double **numbers, size_t *count)
{
    const size_t width = rnl_net_inputs(net);
    const char *text = rnl_net_note(net, key);
    if (!text)
        return RNL_OK;
    const size_t found = count_char(text, ' ') + 1;
    RNL_FAIL_IF(found != 1 && found != width, RNL_ERR_FORMAT,
                "its note %s has %zu numbers; one is expected, or one for each of the %zu inputs",
                key, found, width);
    *numbers = rnl_alloc(found, sizeof **numbers);
    if (!*numbers)
        return RNL_ERR_MEMORY;
    *count = found;
    for (size_t i = 0; i < found; i++) {
        const size_t length = strcspn(text, " ");
        if (!rnl_parse_number(text, length, &(*numbers)[i])) {
            char shown[48];
            rnl_text_quote(shown, sizeof shown, "", text);
            return rnl_fail(RNL_ERR_FORMAT, "number %zu of its note %s is no number: %s", i + 1,
                            key, shown);
        }
        text += length + (i + 1 < found);
    }
    return RNL_OK;
}

/* Pixels that are turned over before they are scaled:  (255 - v) scale + shift = v (-scale) + (255 scale + shift) */
static rnl_status turn_over(rnl_input_notes *notes)
{
    const rnl_input_notes old = *notes;
    const size_t most = old.scales > old.shifts ? old.scales : old.shifts, count = most ? most : 1;
    notes->scale = rnl_alloc(count, sizeof *notes->scale);
    notes->shift = rnl_alloc(count, sizeof *notes->shift);
    notes->scales = notes->shifts = count;
    const rnl_status status = notes->scale && notes->shift ? RNL_OK : RNL_ERR_MEMORY;
    for (size_t j = 0; status == RNL_OK && j < count; j++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&old, j);
        notes->scale[j] = -s.scale;
        notes->shift[j] = 255 * s.scale + s.shift;
    }
    rnl_free(old.scale);
    rnl_free(old.shift);
    return status;
}

rnl_status rnl_net_class_names(const rnl_net *net, const char **name, size_t *length)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(name, "the array of names is");
    RNL_REFUSE_NULL(length, "the array of lengths is");
    const char *text = rnl_net_note(net, "runnel.classes");
    const size_t classes = rnl_net_class_count(net), names = text ? count_char(text, '\n') + 1 : 0;
    RNL_FAIL_IF(classes && names > classes, RNL_ERR_FORMAT,
                "its note runnel.classes names %zu classes, and the network tells %zu apart", names,
                classes);
    for (size_t k = 0; k < classes; k++) {
        const bool named = k < names;
        name[k] = named ? text : NULL;
        length[k] = named ? strcspn(text, "\n") : 0;
        if (named)
            text += length[k] + 1;
    }
    return RNL_OK;
}

/* All names as texts of their own: those of the note, and numbers where it has fewer. */
static rnl_status copy_names(rnl_input_notes *notes, const char *const *name, const size_t *length,
                             size_t classes)
{
    enum { NUMBER = 24 };
    size_t room = 0;
    for (size_t k = 0; k < classes; k++)
        room += name[k] ? length[k] + 1 : NUMBER;
    notes->text = rnl_alloc(room, 1);
    notes->class_name = rnl_alloc(classes, sizeof *notes->class_name);
    if (!notes->text || !notes->class_name)
        return RNL_ERR_MEMORY;
    char *at = notes->text;
    for (size_t k = 0; k < classes; k++) {
        notes->class_name[k] = at;
        if (name[k])
            memcpy(at, name[k], length[k]); /* rnl_alloc has ended it */
        else
            snprintf(at, NUMBER, "%zu", k);
        at += name[k] ? length[k] + 1 : NUMBER;
    }
    notes->classes = classes;
    return RNL_OK;
}

static rnl_status read_classes(rnl_input_notes *notes, const rnl_net *net)
{
    const size_t classes = rnl_net_class_count(net);
    if (!classes || !rnl_net_note(net, "runnel.classes"))
        return RNL_OK;
    const char **name = rnl_alloc(classes, sizeof *name);
    size_t *length = rnl_alloc(classes, sizeof *length);
    rnl_status status = name && length ? rnl_net_class_names(net, name, length) : RNL_ERR_MEMORY;
    if (status == RNL_OK)
        status = copy_names(notes, name, length, classes);
    rnl_free(name);
    rnl_free(length);
    return status;
}

static rnl_status read_columns(rnl_input_notes *notes, const rnl_net *net)
{
    const char *text = rnl_net_note(net, "runnel.input.columns");
    if (!text)
        return RNL_OK;
    RNL_TRY(rnl_columns_from_text(&notes->columns, text));
    const size_t inputs = rnl_columns_describe(notes->columns).inputs;
    RNL_FAIL_IF(inputs != rnl_net_inputs(net), RNL_ERR_FORMAT,
                "its note runnel.input.columns tells of %zu inputs, and the network has %zu",
                inputs, rnl_net_inputs(net));
    return RNL_OK;
}

/* As the notes have it. */
static rnl_status read_told_scaling(rnl_input_notes *notes, const rnl_net *net)
{
    RNL_TRY(read_numbers(net, "runnel.input.scale", &notes->scale, &notes->scales));
    bool nothing = notes->scales > 0;
    for (size_t j = 0; j < notes->scales; j++)
        nothing = nothing && notes->scale[j] == 0;
    RNL_FAIL_IF(nothing, RNL_ERR_FORMAT,
                "its note runnel.input.scale is 0: nothing of a sample would reach the network");
    return read_numbers(net, "runnel.input.shift", &notes->shift, &notes->shifts);
}

static rnl_status read_scaling(rnl_input_notes *notes, const rnl_net *net)
{
    RNL_TRY(read_told_scaling(notes, net));
    notes->dark_on_light = rnl_net_note(net, "runnel.dark_on_light") != NULL;
    return notes->dark_on_light ? turn_over(notes) : RNL_OK;
}

static rnl_status read_all(rnl_input_notes *notes, const rnl_net *net)
{
    RNL_TRY(read_scaling(notes, net));
    RNL_TRY(read_classes(notes, net));
    return read_columns(notes, net);
}

static rnl_status read(rnl_input_notes *notes, const rnl_net *net,
                       rnl_status (*part)(rnl_input_notes *, const rnl_net *))
{
    *notes = (rnl_input_notes){0};
    const rnl_status status = part(notes, net);
    if (status != RNL_OK)
        rnl_input_notes_free(notes);
    return status;
}

rnl_status rnl_input_notes_read(rnl_input_notes *notes, const rnl_net *net)
{
    return read(notes, net, read_all);
}

rnl_status rnl_input_notes_read_scaling(rnl_input_notes *notes, const rnl_net *net)
{
    return read(notes, net, read_scaling);
}

rnl_status rnl_net_input_scaling(const rnl_net *net, double *scale, double *shift)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(scale, "the array of scales is");
    RNL_REFUSE_NULL(shift, "the array of shifts is");
    rnl_input_notes notes;
    RNL_TRY(read(&notes, net, read_told_scaling));
    for (size_t j = 0; j < rnl_net_inputs(net); j++) {
        const rnl_scaling_of_input s = rnl_input_scaling(&notes, j);
        scale[j] = s.scale;
        shift[j] = s.shift;
    }
    rnl_input_notes_free(&notes);
    return RNL_OK;
}

rnl_scaling_of_input rnl_input_scaling(const rnl_input_notes *n, size_t j)
{
    return (rnl_scaling_of_input){.scale = n->scales ? n->scale[n->scales == 1 ? 0 : j] : 1,
                                  .shift = n->shifts ? n->shift[n->shifts == 1 ? 0 : j] : 0};
}

void rnl_input_notes_free(rnl_input_notes *notes)
{
    rnl_free(notes->scale);
    rnl_free(notes->shift);
    rnl_free(notes->class_name);
    rnl_free(notes->text);
    rnl_columns_free(&notes->columns);
    *notes = (rnl_input_notes){0};
}

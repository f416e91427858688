/* export_c_header.c - NAME.h: what a caller sees, and what the numbers mean that go in and come out */
#include "model/export_c.h"

#include "base/text.h"
#include "net/net.h"

#include <math.h>
#include <string.h>

/* The network's description, in lines of a comment. */
static void put_description(const rnl_c_writer *w)
{
    const char *text = rnl_net_description(w->plan->net);
    while (*text) {
        size_t length = strlen(text);
        if (length > 90)
            for (length = 90; length > 1 && text[length - 1] != ','; length--)
                ;
        rnl_output_write(w->out, " *     ", 7);
        rnl_output_write(w->out, text, length);
        rnl_output_write(w->out, "\n", 1);
        text += length;
        text += *text == ' ';
    }
}

bool rnl_c_has_classes(const rnl_c_writer *w)
{
    return rnl_net_task(w->plan->net) != RNL_TASK_REGRESSION;
}

static bool has_input_scaling(const rnl_c_writer *w)
{
    return w->plan->ops > 0 && w->plan->op[0].kind == RNL_EXPORT_SCALE &&
           w->plan->op[0].layer == RNL_NO_LAYER;
}

static const char *what_outputs_are(const rnl_c_writer *w)
{
    const rnl_task task = rnl_net_task(w->plan->net);
    if (w->options->probabilities)
        return task == RNL_TASK_CLASSES ? "the classes' probabilities" : "probabilities of yes";
    return task == RNL_TASK_CLASSES  ? "a number for each class; the largest is the answer"
           : task == RNL_TASK_LABELS ? "a number for each label; above 0 is yes"
                                     : "the answer";
}

/* "1x28x28", and nothing that could end a comment. */
static const char *shape_note(const rnl_c_writer *w)
{
    const char *shape = rnl_net_note(w->plan->net, "runnel.input.shape");
    return shape && strspn(shape, "0123456789x") == strlen(shape) && strlen(shape) < 40 ? shape
                                                                                        : NULL;
}

/* ---- the columns of a table -------------------------------------------------------------------------- */

/* A text from outside, which must neither end the comment that it stands in nor begin another; nor be a trigraph, as
 * ??/ is, the backslash that joins lines. */
static void put_in_comment(const rnl_c_writer *w, const char *text)
{
    for (char before = ' '; *text; before = *text++) {
        if ((before == '*' && *text == '/') || (before == '/' && *text == '*') ||
            (before == '?' && *text == '?'))
            rnl_output_write(w->out, " ", 1);
        rnl_output_write(w->out, text, 1);
    }
}

static void put_column_name(const rnl_c_writer *w, const rnl_column_info *column, size_t i)
{
    if (column->name)
        put_in_comment(w, column->name);
    else
        rnl_c_code(w, "column %zu", i + 1);
}

/* A line for each input: "x[3]  1 where city is "Paris", else 0". */
static void put_columns(const rnl_c_writer *w)
{
    const rnl_columns *columns = w->plan->notes.columns;
    for (size_t i = 0; i < rnl_columns_count(columns); i++) {
        const rnl_column_info column = rnl_columns_at(columns, i);
        for (size_t k = 0; column.kind == RNL_COLUMN_TEXT && k < column.inputs; k++) {
            rnl_c_code(w, " *     x[%zu]  1 where ", column.first_input + k);
            put_column_name(w, &column, i);
            rnl_c_put(w, " is \"");
            put_in_comment(w, column.values[k]);
            rnl_c_put(w, "\", else 0\n");
        }
        if (column.kind != RNL_COLUMN_NUMBER)
            continue;
        rnl_c_code(w, " *     x[%zu]  ", column.first_input);
        put_column_name(w, &column, i);
        char number[32];
        rnl_c_put(w, column.percent ? " in percent" : "");
        if (column.offset != 0) {
            rnl_format_number(number, sizeof number, column.offset, 17);
            rnl_c_code(w, " less %s", number);
        }
        if (!isnan(column.fill)) {
            rnl_format_number(number, sizeof number, column.fill - column.offset, 9);
            rnl_c_code(w, "; %s where it is missing", number);
        }
        rnl_c_put(w, "\n");
    }
}

static void put_input(const rnl_c_writer *w)
{
    const bool scaled = has_input_scaling(w);
    rnl_c_code(w, " * x: %zu finite numbers", w->plan->inputs);
    if (w->plan->notes.columns) {
        rnl_c_code(w, ", a row of a table%s:\n",
                   scaled ? " as it is stored (what training did to it is done inside)" : "");
        put_columns(w);
        return;
    }
    const char *shape = shape_note(w);
    rnl_c_code(w, "%s%s,\n *    %s.\n", shape ? ", channels x height x width " : "",
               shape ? shape : "",
               w->plan->notes.dark_on_light
                   ? "as they are stored, dark on light: what training did to them, inverting them "
                     "too, is done inside"
               : scaled ? "as they are stored: what training did to them is done inside"
                        : "as the network was trained on them");
}

static void put_output(const rnl_c_writer *w)
{
    const rnl_columns *columns = w->plan->notes.columns;
    const size_t target = columns ? rnl_columns_describe(columns).target : SIZE_MAX;
    rnl_c_code(w, " * y: %zu number%s, %s", w->plan->outputs, w->plan->outputs == 1 ? "" : "s",
               what_outputs_are(w));
    if (target != SIZE_MAX) {
        const rnl_column_info column = rnl_columns_at(columns, target);
        rnl_c_put(w, ". The target is ");
        put_column_name(w, &column, target);
    }
    rnl_c_put(w, ".\n");
}

/* ---- the file ---------------------------------------------------------------------------------------- */

void rnl_c_header(const rnl_c_writer *w, const rnl_c_buffers *room)
{
    const rnl_export_plan *plan = w->plan;
    rnl_c_code(w, "/* @.h - a neural network, written by runnel %s\n *\n", rnl_version());
    put_description(w);
    rnl_c_code(w, " *\n"
                  " *     static @_workspace workspace;\n"
                  " *     float y[$_OUTPUTS];\n"
                  " *     @_predict(x, y, &workspace);\n"
                  " *\n");
    put_input(w);
    put_output(w);
    rnl_c_put(w,
              " * All memory is the caller's; x, y and the workspace must not overlap. Any number "
              "of threads may\n"
              " * call at once, each with a workspace of its own. Needs no library; as in all C, "
              "compilers may call\n"
              " * memcpy. */\n"
              "#ifndef $_H\n#define $_H\n\n");
    if (w->options->int8)
        rnl_c_put(w, "#include <stdint.h>\n\n");
    rnl_c_put(w, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    rnl_c_code(w, "#define $_INPUTS %zu\n#define $_OUTPUTS %zu\n", plan->inputs, plan->outputs);
    rnl_c_put(w, "#define $_WORKSPACE sizeof(@_workspace) /* bytes */\n\n");
    rnl_c_put(w, "/* What happens between input and output; what is in it before and after means "
                 "nothing. */\n"
                 "typedef struct @_workspace {\n");
    if (room->a)
        rnl_c_code(w, "    float a[%zu];\n", room->a);
    if (room->b)
        rnl_c_code(w, "    float b[%zu];\n", room->b);
    if (room->q)
        rnl_c_code(w, "    int8_t q[%zu];\n", room->q);
    if (room->a + room->b + room->q == 0)
        rnl_c_put(w, "    char unused;\n");
    rnl_c_put(
        w,
        "} @_workspace;\n\n"
        "void @_predict(const float x[$_INPUTS], float y[$_OUTPUTS], @_workspace *workspace);\n");
    if (rnl_c_has_classes(w))
        rnl_c_put(w, "/* The class that y says, from 0 on. */\n"
                     "int @_class(const float y[$_OUTPUTS]);\n");
    if (plan->notes.classes)
        rnl_c_code(w,
                   "/* Its name, in UTF-8; c from 0 to %zu. */\n"
                   "const char *@_class_name(int c);\n",
                   plan->notes.classes - 1);
    rnl_c_put(w, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

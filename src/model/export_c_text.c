/* export_c_text.c - names, numbers and strings as C writes them */
#include "base/text.h"

#include "model/export_c.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void rnl_c_put(const rnl_c_writer *w, const char *text)
{
    while (*text) {
        const size_t plain = strcspn(text, "@$");
        rnl_output_write(w->out, text, plain);
        text += plain;
        if (!*text)
            break;
        const char *name = *text == '@' ? w->options->name : w->upper;
        rnl_output_write(w->out, name, strlen(name));
        text++;
    }
}

void rnl_c_code(const rnl_c_writer *w, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    rnl_c_put(w, text);
}

const char *rnl_c_number(char text[RNL_C_NUMBER], float number)
{
    enum { SHORT = 6, EXACT = 9 };
    double read;
    rnl_format_number(text, RNL_C_NUMBER - 4, (double)number, SHORT);
    /* a neighbour must give the same float too: the compiler reads without a double in between */
    const bool same = rnl_parse_number(text, strlen(text), &read) &&
                      (float)nextafter(read, INFINITY) == number &&
                      (float)nextafter(read, -INFINITY) == number;
    if (!same)
        rnl_format_number(text, RNL_C_NUMBER - 4, (double)number, EXACT);
    strcat(text, strpbrk(text, ".e") ? "f" : ".0f");
    return text;
}

void rnl_c_floats(const rnl_c_writer *w, const float *numbers, size_t count, int indent)
{
    char text[RNL_C_NUMBER];
    for (size_t i = 0; i < count; i++) {
        if (i % 8 == 0)
            rnl_output_printf(w->out, "%s%*s", i ? "\n" : "", indent, "");
        rnl_c_number(text, numbers[i]);
        rnl_output_write(w->out, text, strlen(text));
        if (i + 1 < count)
            rnl_output_write(w->out, ", ", i % 8 == 7 ? 1 : 2);
    }
    rnl_output_write(w->out, "\n", 1);
}

void rnl_c_bytes(const rnl_c_writer *w, const int8_t *numbers, size_t count, int indent)
{
    for (size_t i = 0; i < count; i++) {
        if (i % 24 == 0)
            rnl_output_printf(w->out, "%s%*s", i ? "\n" : "", indent, "");
        rnl_output_printf(w->out, "%d%s", numbers[i],
                          i + 1 == count ? ""
                          : i % 24 == 23 ? ","
                                         : ", ");
    }
    rnl_output_write(w->out, "\n", 1);
}

void rnl_c_string(const rnl_c_writer *w, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const bool plain = c >= ' ' && c < 0x7f && !strchr("\"\\?", c);
        rnl_output_printf(w->out, plain ? "%c" : "\\%03o", c);
    }
}

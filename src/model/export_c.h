/* export_c.h - C source that is being written: what the files of this writer share
 *
 *   export_c.c        the files, the function that computes
 *   export_c_header.c the header
 *   export_c_code.c   the functions that it calls, as text
 *   export_c_test.c   the program that tests the result
 *   export_c_text.c   names, numbers and strings as C writes them
 *
 * Text is written with "@" for the name that all symbols begin with, and "$" for the same in capitals. */
#ifndef RNL_MODEL_EXPORT_C_H
#define RNL_MODEL_EXPORT_C_H

#include "base/file.h"
#include "model/export.h"

typedef struct rnl_c_writer {
    rnl_output *out; /* which remembers a failure: looked at once, at the end */
    const rnl_export_plan *plan;
    const rnl_export_options *options;
    char upper[80]; /* the name in capitals */
} rnl_c_writer;

/* Floats of the two buffers that values go through. */
typedef struct rnl_c_buffers {
    size_t a, b, q; /* q: numbers of 8 bits */
} rnl_c_buffers;

/* Text as it is but for @ and $; any length. */
void rnl_c_put(const rnl_c_writer *w, const char *text);
/* The same with a format's arguments filled in first; at most 1 KB. */
void rnl_c_code(const rnl_c_writer *w, const char *format, ...) RNL_PRINTF(2, 3);

/* A constant of type float, which C and C++ read back as the same bits: "0.5f". Short where it can be. */
enum { RNL_C_NUMBER = 32 };
const char *rnl_c_number(char text[RNL_C_NUMBER], float number);
/* { ... } with numbers in lines, `indent` blanks before each. */
void rnl_c_floats(const rnl_c_writer *w, const float *numbers, size_t count, int indent);
void rnl_c_bytes(const rnl_c_writer *w, const int8_t *numbers, size_t count, int indent);
/* A text from outside as a C string, without the quotes: safe in any character set. */
void rnl_c_string(const rnl_c_writer *w, const char *text);

/* export_c_header.c: NAME.h. */
void rnl_c_header(const rnl_c_writer *w, const rnl_c_buffers *room);
/* Is there an answer that is a class, or yes and no? */
bool rnl_c_has_classes(const rnl_c_writer *w);

/* export_c_code.c: the static functions that the plan's operations need. */
void rnl_c_functions(const rnl_c_writer *w);
/* The expression for an activation of x; false: this kind is none. */
bool rnl_c_activation(char *text, size_t size, const rnl_export_op *op, const char *x);

/* export_c_test.c: NAME_test.c */
rnl_status rnl_c_test(const rnl_c_writer *w);

#endif

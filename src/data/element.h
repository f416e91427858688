/* element.h - numbers as files store them: every width, both orders of bytes, at any address */
#ifndef RNL_DATA_ELEMENT_H
#define RNL_DATA_ELEMENT_H

#include "base/status.h"

typedef enum rnl_element_kind {
    RNL_BOOL, /* 0 is 0, every other byte 1 */
    RNL_U8,
    RNL_I8,
    RNL_U16,
    RNL_I16,
    RNL_U32,
    RNL_I32,
    RNL_U64,
    RNL_I64,
    RNL_HALF,
    RNL_FLOAT,
    RNL_DOUBLE,
    RNL_ELEMENT_KINDS
} rnl_element_kind;

typedef struct rnl_element {
    rnl_element_kind kind;
    bool swapped; /* the other order of bytes than this machine's */
} rnl_element;

size_t rnl_element_size(rnl_element e);
bool rnl_element_is_integer(rnl_element e); /* bool too */
/* "f32", for messages. Borrowed for ever. */
const char *rnl_element_name(rnl_element e);
/* Is this machine's order the one where the lowest byte comes first? */
static inline bool rnl_little_endian(void)
{
    return (const union {
               uint16_t word;
               uint8_t byte;
           }){1}
               .byte == 1;
}

/* n elements from `from` on, rounded to the nearest float or double. Integers of 64 bits lose what a double
 * does not hold; what is beyond float becomes infinite. */
void rnl_elements_f32(float *restrict to, rnl_element e, const void *from, size_t n);
void rnl_elements_f64(double *restrict to, rnl_element e, const void *from, size_t n);

#endif

/* onnx.c - what an ONNX file looks like */
#include "model/onnx.h"

#include <string.h>

/* The first field, ir_version, is a number: 0x08 and a small byte; then come texts. In safetensors, a length of at
 * most 100,000,000 in 64 bits leaves these bytes zero. */
bool rnl_onnx_is(const void *bytes, size_t size)
{
    static const unsigned char zero[4] = {0};
    const unsigned char *b = bytes;
    return size >= 2 && b[0] == 0x08 && b[1] >= 1 && b[1] < 0x80 &&
           !(size >= 8 && memcmp(b + 4, zero, sizeof zero) == 0);
}

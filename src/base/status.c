/* status.c - statuses, the sentence for people that goes with a failure, and the version */
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char error_text[1024];

/* A sentence that is too long (for the path in it) loses what is in its middle: the reason stands at its end. */
static void cut_middle(char *text, const char *whole, size_t length)
{
    static const char gap[] = " ... ";
    const size_t room = sizeof error_text - sizeof gap;
    size_t front = room / 2, back = room - front;
    while (front > 0 && (whole[front] & 0xc0) == 0x80) /* not within a character of UTF-8 */
        front--;
    while (back > 0 && (whole[length - back] & 0xc0) == 0x80)
        back--;
    snprintf(text, sizeof error_text, "%.*s%s%s", (int)front, whole, gap, whole + length - back);
}

rnl_status rnl_fail(rnl_status status, const char *format, ...)
{
    char text[sizeof error_text], *whole = NULL; /* the last sentence may be part of this one */
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length >= (int)sizeof text)
        whole = rnl_alloc((size_t)length + 1, 1);
    if (whole) {
        va_start(args, format);
        vsnprintf(whole, (size_t)length + 1, format, args);
        va_end(args);
        cut_middle(text, whole, (size_t)length);
        rnl_free(whole);
    }
    memcpy(error_text, text, sizeof text);
    return status;
}

rnl_status rnl_fail_prefix(rnl_status status, const char *prefix)
{
    return rnl_fail(status, "%s: %s", prefix, error_text);
}

const char *rnl_error_text(void)
{
    return error_text;
}

const char *rnl_status_name(rnl_status status)
{
    switch (status) {
    case RNL_OK: return "ok";
    case RNL_ERR_MEMORY: return "memory";
    case RNL_ERR_USAGE: return "usage";
    case RNL_ERR_SHAPE: return "shape";
    case RNL_ERR_IO: return "io";
    case RNL_ERR_FORMAT: return "format";
    case RNL_ERR_DIVERGED: return "diverged";
    case RNL_ERR_INTERRUPTED: return "interrupted";
    case RNL_ERR_UNSUPPORTED: return "unsupported";
    }
    return "unknown";
}

const char *rnl_version(void)
{
    return RNL_VERSION;
}

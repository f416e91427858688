/* status.c - statuses, the sentence for people that goes with a failure, and the version */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char error_text[1024];

rnl_status rnl_fail(rnl_status status, const char *format, ...)
{
    char text[sizeof error_text]; /* the last sentence may be part of this one */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
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

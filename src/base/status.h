/* status.h - statuses, and the sentence for people that goes with a failure */
#ifndef RNL_BASE_STATUS_H
#define RNL_BASE_STATUS_H

#include "runnel.h"

#if defined(__GNUC__)
#define RNL_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#else
#define RNL_PRINTF(format_at, first_at)
#endif

/* Stores the sentence for this thread and returns status, so that a failure reads as one line. */
rnl_status rnl_fail(rnl_status status, const char *format, ...) RNL_PRINTF(2, 3);

/* Puts "prefix: " in front of the sentence stored last (a file's name, say); returns status. */
rnl_status rnl_fail_prefix(rnl_status status, const char *prefix);

/* Returns from the enclosing function where nothing has to be released. */
#define RNL_FAIL_IF(cond, status, ...)                                                             \
    do {                                                                                           \
        if (cond)                                                                                  \
            return rnl_fail(status, __VA_ARGS__);                                                  \
    } while (0)

/* For the first lines of a public function: its caller handed it a NULL where something has to be. what: the
 * argument and its verb, as in "rnl_train: the network is NULL". */
#define RNL_REFUSE_NULL(argument, what)                                                            \
    RNL_FAIL_IF(!(argument), RNL_ERR_USAGE, "%s: %s NULL", __func__, what)

#define RNL_TRY(call)                                                                              \
    do {                                                                                           \
        rnl_status try_status_ = (call);                                                           \
        if (try_status_ != RNL_OK)                                                                 \
            return try_status_;                                                                    \
    } while (0)

#endif

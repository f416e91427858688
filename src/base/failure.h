/* failure.h - of all that fails in the threads of a team, what comes first
 *
 * Work that has an order is shared out to threads, and any of them may fail. Whoever waits for them all
 * should hear of the failure that one thread alone would have met, with its sentence, which lies in the
 * thread that met it. So places are numbered, each thread goes through its own in their order, stops at a
 * failure and notes it; and it passes over what comes behind one that another has noted. */
#ifndef RNL_BASE_FAILURE_H
#define RNL_BASE_FAILURE_H

#include "base/status.h"

#include <stdatomic.h>

/* All zero: nothing has failed. */
typedef struct rnl_failure {
    atomic_size_t number; /* the place + 1; 0: none */
    atomic_bool busy;     /* a thread is writing */
    rnl_status status;
    char text[1024];
} rnl_failure;

/* Whether what failed comes before this place. From any thread. */
bool rnl_failed_before(const rnl_failure *f, size_t place);
/* What has just failed in this thread, unless something before this place has. */
void rnl_failure_note(rnl_failure *f, size_t place, rnl_status status);
/* RNL_OK, or what failed, with its sentence. For one thread, where the others are done. */
rnl_status rnl_failure_status(const rnl_failure *f);

#endif

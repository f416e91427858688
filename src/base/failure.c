/* failure.c - of all that fails in the threads of a team, what comes first */
#include "base/failure.h"

#include <stdio.h>

bool rnl_failed_before(const rnl_failure *f, size_t place)
{
    const size_t number = atomic_load(&f->number);
    return number && number <= place;
}

void rnl_failure_note(rnl_failure *f, size_t place, rnl_status status)
{
    while (atomic_exchange(&f->busy, true))
        continue;
    if (!rnl_failed_before(f, place)) {
        f->status = status;
        snprintf(f->text, sizeof f->text, "%s", rnl_error_text());
        atomic_store(&f->number, place + 1);
    }
    atomic_store(&f->busy, false);
}

rnl_status rnl_failure_status(const rnl_failure *f)
{
    RNL_FAIL_IF(atomic_load(&f->number), f->status, "%s", f->text);
    return RNL_OK;
}

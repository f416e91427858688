/* schedule.h - the learning rate over a run, for the inside */
#ifndef RNL_OPTIM_SCHEDULE_H
#define RNL_OPTIM_SCHEDULE_H

#include "base/phrase.h"

enum { RNL_SCHEDULE_ARGS = 3 };

typedef struct rnl_schedule_type rnl_schedule_type;

typedef struct rnl_schedule {
    const rnl_schedule_type *type;
    double arg[RNL_SCHEDULE_ARGS];
    double warmup;     /* iterations; 0: none */
    double iterations; /* of the whole run */
} rnl_schedule;

/* From text (NULL: "constant"), for a run of so many iterations. */
rnl_status rnl_schedule_parse(rnl_schedule *s, const char *text, uint64_t iterations);

/* Rates from 0 on, and finite ones. */
rnl_status rnl_check_rate(double lr);

/* The learning rate of an iteration, from 0; its highest is lr. */
double rnl_schedule_rate(const rnl_schedule *s, double lr, uint64_t iteration);

/* The schedule in full, added to text; shares of the run as numbers of iterations. */
void rnl_schedule_describe(const rnl_schedule *s, rnl_text *text);
/* Whether its rates follow from how long the run is. */
bool rnl_schedule_is_of_the_end(const rnl_schedule *s);

#endif

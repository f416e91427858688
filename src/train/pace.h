/* pace.h - how many threads of the team walk the updates
 *
 * A team waits at every barrier for its slowest thread, and what one thread wrote has to cross to the cores of
 * the others. Two things make fewer threads faster than all:
 *
 *   short updates       of a small network on many cores: the barriers cost more than another thread helps
 *   a busy machine      two threads that have a core and a half between them wait for each other; the one that
 *                       waits goes to sleep, and is woken into a queue. How many are the fastest then depends
 *                       on other programs and changes with them
 *
 * So it is tried out. Updates come in breaths of some milliseconds; where updates are short, or threads of the
 * whole team lose the processor again and again to others, some breaths are walked by fewer, and the fastest
 * number is kept until it has been looked at again. Numbers do not depend on the size of a team, so no bit
 * changes.
 *
 * Where updates are long and the machine is free, there is the whole team and no trial. */
#ifndef RNL_TRAIN_PACE_H
#define RNL_TRAIN_PACE_H

#include <stddef.h>
#include <stdint.h>

enum { RNL_PACE_CHOICES = 10 };

typedef struct rnl_pace {
    size_t count;
    size_t size[RNL_PACE_CHOICES]; /* of a team: all, one thread fewer, half, a quarter, ..., one */
    double rate[RNL_PACE_CHOICES]; /* updates a second when last tried; 0: unknown */
    size_t at;                     /* the choice of the breath to come */
    size_t best;                   /* of those that were tried */
    unsigned worried;              /* breaths of the whole team that gave a reason to try */
    unsigned breaths, patience;    /* since the last trial; until the next */
    size_t tried;                  /* the choice of the last trial */
    double began;                  /* seconds: the breath that is going on */
    uint64_t preemptions;          /* of this process until then */
} rnl_pace;

void rnl_pace_init(rnl_pace *p, size_t threads);

static inline size_t rnl_pace_threads(const rnl_pace *p)
{
    return p->size[p->at];
}

/* Of the breath that is going on. */
static inline double rnl_pace_seconds(const rnl_pace *p)
{
    return p->at == p->best ? 0.02 : 0.004;
}

/* Thread 0, before a breath and after it, with the time in seconds; updates > 0 were done in it. */
void rnl_pace_begin(rnl_pace *p, double now);
void rnl_pace_end(rnl_pace *p, uint64_t updates, double now);

/* What the end of a breath comes to: threads lost the processor to others `preemptions` times. */
void rnl_pace_measure(rnl_pace *p, uint64_t updates, double seconds, uint64_t preemptions);

#endif

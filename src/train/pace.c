/* pace.c - how many threads walk the updates, by trial */
#include "train/pace.h"

#include <stdbool.h>
#include <sys/resource.h>

/* Preemptions a second: a free machine has about 100, one busy process makes 1300 or more of them. */
enum { CALM = 300 };

/* Updates a second, each of a millisecond. A barrier costs 0.2 us with two threads, and some with dozens, and an update
 * has half a dozen of them; a line that changes hands costs 8 ns between near cores, 40 and more between those of
 * two chiplets, and an update has hundreds of them. */
enum { SHORT = 1000 };

enum {
    WORRY = 2, /* breaths before the first trial: the very first is slow for reasons of its own */
    PATIENCE_LEAST = 8, /* breaths between trials; twice as many after each that changed nothing */
    PATIENCE_MOST = 64
};

/* A larger team must be faster by more than that. */
static const double WORTH = 1.02;

static void add_size(rnl_pace *p, size_t threads)
{
    if (threads >= 1 && threads < p->size[p->count - 1] && p->count < RNL_PACE_CHOICES)
        p->size[p->count++] = threads;
}

void rnl_pace_init(rnl_pace *p, size_t threads)
{
    *p = (rnl_pace){.count = 1, .size = {threads}, .patience = PATIENCE_LEAST};
    add_size(p, threads - 1);
    for (size_t size = threads / 2; size > 1 && p->count + 1 < RNL_PACE_CHOICES; size /= 2)
        add_size(p, size);
    add_size(p, 1);
}

static void find_best(rnl_pace *p)
{
    double most = 0;
    for (size_t k = 0; k < p->count; k++)
        most = p->rate[k] > most ? p->rate[k] : most;
    for (size_t k = 0; k < p->count; k++)
        if (p->rate[k] * WORTH >= most)
            p->best = k;
}

/* The whole team, and nothing is known of the others. */
static void be_calm(rnl_pace *p)
{
    const rnl_pace before = *p;
    rnl_pace_init(p, before.size[0]);
    p->rate[0] = before.rate[0];
}

void rnl_pace_measure(rnl_pace *p, uint64_t updates, double seconds, uint64_t preemptions)
{
    const double rate = seconds > 0 ? (double)updates / seconds : 0;
    const bool settled = p->rate[p->at] > 0 && p->worried >= WORRY;
    p->rate[p->at] = settled ? (p->rate[p->at] + rate) / 2 : rate;
    if (p->at == 0 && rate < SHORT && (double)preemptions <= CALM * seconds) {
        be_calm(p);
        return;
    }
    if (p->at == 0 && p->worried < WORRY && ++p->worried < WORRY)
        return;
    for (size_t k = 0; k < p->count; k++) {
        if (p->rate[k] == 0) {
            p->at = k;
            return;
        }
    }
    const size_t before = p->best;
    find_best(p);
    if (p->best != before)
        p->patience = PATIENCE_LEAST;
    p->at = p->best;
    if (++p->breaths < p->patience)
        return;
    p->breaths = 0;
    p->patience = p->patience < PATIENCE_MOST ? 2 * p->patience : PATIENCE_MOST;
    do
        p->tried = (p->tried + 1) % p->count;
    while (p->tried == p->best);
    p->at = p->tried;
}

static uint64_t preemptions(void)
{
    struct rusage use;
    return getrusage(RUSAGE_SELF, &use) == 0 ? (uint64_t)use.ru_nivcsw : 0;
}

void rnl_pace_begin(rnl_pace *p, double now)
{
    p->began = now;
    p->preemptions = p->count > 1 ? preemptions() : 0;
}

void rnl_pace_end(rnl_pace *p, uint64_t updates, double now)
{
    if (p->count > 1)
        rnl_pace_measure(p, updates, now - p->began, preemptions() - p->preemptions);
}

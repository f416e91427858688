/* protocol.h - what the bench's C workers share: the line protocol of bench/run
 *
 * The same as bench/peers/worker.py: a worker loads its data once, prints "ready key=value ...", and
 * then answers one line for each line of standard input, with "key=value ..." or "error ...". It
 * times itself. With --once LINE it answers that one line and ends. */
#ifndef RNL_BENCH_PROTOCOL_H
#define RNL_BENCH_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_WIDTHS_MAX = 16, BENCH_WORD_MAX = 64 };

/* A line's arguments; what is not given has the default of worker.py. */
typedef struct bench_job {
    size_t widths[BENCH_WIDTHS_MAX], width_count; /* net=784-50-10 */
    size_t batch, iterations, warmup;
    size_t count, samples; /* predictions, and distinct samples taken in turn */
    size_t check;          /* 0: no test accuracy afterwards */
    double lr, std;
    double seconds; /* of a kernel's measurement */
    uint64_t seed;
    int threads;
    char program[BENCH_WORD_MAX], loss[BENCH_WORD_MAX], backend[BENCH_WORD_MAX];
} bench_job;

/* Prints its answer, without the end of the line. */
typedef void bench_verb_fn(const bench_job *job);

typedef struct bench_verb {
    const char *name; /* NULL after the last */
    bench_verb_fn *run;
} bench_verb;

/* load gets the data folder, and prints "key=value ..." about itself unless quiet; false: it has said why not.
 * Gives main's exit status. */
int bench_serve(int argc, char **argv, bool (*load)(const char *folder, bool quiet),
                const bench_verb *verbs);

/* Seconds of a clock that only goes forward. */
double bench_now(void);

#endif

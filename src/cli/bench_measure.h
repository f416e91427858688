/* bench_measure.h - the clocks of runnel bench, over runnel.h alone
 *
 * A measurement gives samples a second, and takes about as many seconds as it is told. Those that are
 * compared are made in turns, several rounds long, so that each meets the same moods of the machine. */
#ifndef RNL_CLI_BENCH_MEASURE_H
#define RNL_CLI_BENCH_MEASURE_H

#include "cli.h"

enum { CLI_ROUNDS_MOST = 99 };

typedef enum cli_bench_kind {
    CLI_BENCH_TRAIN,
    CLI_BENCH_EVALUATE,
    CLI_BENCH_PREDICT
} cli_bench_kind;

/* One line of the table: what is measured, and what it gave. */
typedef struct cli_bench_line {
    cli_bench_kind kind;
    int threads;
    size_t batch;                 /* samples an update, or a call; evaluating: 0 */
    size_t count;                 /* rounds */
    double rate[CLI_ROUNDS_MOST]; /* samples a second; sorted by cli_bench_sort */
} cli_bench_line;

typedef struct cli_bench_what {
    const rnl_net *net; /* stays as it is */
    const char *description;
    rnl_net_config config; /* of the networks that are made to be trained */
    const rnl_dataset *set;
    rnl_matrix rows; /* the first samples as numbers of the network's type */
    double seconds;  /* a measurement */
} cli_bench_what;

/* One more round of a line. RNL_ERR_INTERRUPTED after Ctrl-C. */
rnl_status cli_bench_measure(const cli_bench_what *what, cli_bench_line *line);

/* Sorts the rounds; the middle one is the median. */
void cli_bench_sort(cli_bench_line *line);
double cli_bench_median(const cli_bench_line *line);

#endif

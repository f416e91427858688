/* workload.h - what the workers over runnel.h share: the networks and MNIST */
#ifndef RNL_BENCH_WORKLOAD_H
#define RNL_BENCH_WORKLOAD_H

#include "protocol.h"
#include "runnel.h"

/* The folder that the worker was started with, and its sets; read when they are asked for first, so
 * that a first batch need not wait for the test part. NULL: an "error ..." was printed. */
void bench_set_folder(const char *folder);
const rnl_dataset *bench_train_set(void);
const rnl_dataset *bench_test_set(void);

/* The job's network, new; NULL: an "error ..." was printed. */
rnl_net *bench_net(const bench_job *job);

/* The job's settings of training, for `iterations` updates. */
rnl_train_config bench_train_config(const bench_job *job, uint64_t iterations);

/* Prints "error ..." unless status is RNL_OK, and tells whether it is. */
bool bench_ok(rnl_status status);

/* The most memory that this process has had resident, in KiB; 0 where it cannot be told. */
long bench_peak_kb(void);

#endif

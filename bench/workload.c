/* workload.c - the networks and MNIST, for the workers over runnel.h */
#include "workload.h"

#include <stdio.h>
#include <string.h>

static const char *data_folder;
static rnl_dataset *train_set, *test_set;

bool bench_ok(rnl_status status)
{
    if (status != RNL_OK)
        printf("error %s", rnl_error_text());
    return status == RNL_OK;
}

void bench_set_folder(const char *folder)
{
    data_folder = folder;
}

static const rnl_dataset *set(rnl_dataset **kept, bool train)
{
    if (!*kept && !bench_ok(rnl_dataset_read_mnist(kept, data_folder, train, NULL)))
        return NULL;
    return *kept;
}

const rnl_dataset *bench_train_set(void)
{
    return set(&train_set, true);
}

const rnl_dataset *bench_test_set(void)
{
    return set(&test_set, false);
}

rnl_net *bench_net(const bench_job *job)
{
    char text[512] = "";
    size_t used = 0;
    for (size_t i = 1; i < job->width_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%saffine %zu",
                                 i > 1 ? ", relu, " : "", job->widths[i]);
    rnl_net_config config = rnl_net_config_default();
    config.inputs = job->widths[0];
    config.weight_init_std = job->std;
    config.seed = job->seed;
    config.backend = job->backend[0] ? job->backend : NULL;
    rnl_net *net;
    return bench_ok(rnl_net_new(&net, text, &config)) ? net : NULL;
}

rnl_train_config bench_train_config(const bench_job *job, uint64_t iterations)
{
    rnl_train_config config = rnl_train_config_default();
    config.batch = job->batch;
    config.iterations = iterations;
    config.lr = job->lr;
    config.seed = job->seed;
    config.threads = job->threads;
    return config;
}

long bench_peak_kb(void)
{
    long peak = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status) && sscanf(line, "VmHWM: %ld", &peak) != 1)
        ;
    if (status)
        fclose(status);
    return peak;
}

/* processors.c - how many processors this process may use */
#define _GNU_SOURCE
#include "runnel.h"

#include <stdio.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

/* Processors' worth of time that the control group grants (cgroup 2, then 1); 0: no limit known. */
static double cgroup_quota(void)
{
    double quota = 0, period = 0;
    FILE *f = fopen("/sys/fs/cgroup/cpu.max", "r");
    if (f) {
        int found = fscanf(f, "%lf %lf", &quota, &period); /* "max 100000" reads no number */
        fclose(f);
        return found == 2 && period > 0 ? quota / period : 0;
    }
    FILE *q = fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "r");
    FILE *p = fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "r");
    int found = 0;
    if (q && p)
        found = fscanf(q, "%lf", &quota) + fscanf(p, "%lf", &period); /* -1: no limit */
    if (q)
        fclose(q);
    if (p)
        fclose(p);
    return found == 2 && quota > 0 && period > 0 ? quota / period : 0;
}

int rnl_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        n = CPU_COUNT(&set);
#endif
    double quota = cgroup_quota();
    if (quota > 0 && quota < (double)n)
        n = quota < 1 ? 1 : (long)quota;
    return n < 1 ? 1 : (int)n;
}

/* data_scan.c - what a data set holds, in numbers
 *
 * Equal samples are found by a hash of 64 bits of their inputs: two different ones in a set of a million have the same
 * with a probability of 3 in 100 million. */
#include "data_scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void begin(cli_feature *f)
{
    *f = (cli_feature){.least = INFINITY, .most = -INFINITY, .whole = true};
}

/* By Welford's method; deviation holds the sum of squares until end(). count: of finite values with this one. */
static void add(cli_feature *f, double v, size_t seen)
{
    if (!isfinite(v)) {
        f->not_finite++;
        return;
    }
    const double off = v - f->mean;
    f->least = fmin(f->least, v);
    f->most = fmax(f->most, v);
    f->whole &= v == floor(v);
    f->mean += off / (double)(seen - f->not_finite);
    f->deviation += off * (v - f->mean);
}

static void end(cli_feature *f, size_t seen)
{
    if (seen == f->not_finite)
        f->least = f->most = f->mean = f->deviation = NAN;
    else
        f->deviation = sqrt(f->deviation / (double)(seen - f->not_finite));
}

/* FNV-1a over numbers, stirred at the end (splitmix64). */
static uint64_t hash_row(const float *x, size_t m)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t j = 0; j < m; j++) {
        uint32_t bits;
        const float v = x[j] == 0 ? 0 : x[j]; /* -0 is 0 */
        memcpy(&bits, &v, sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3u;
        hash ^= hash >> 32;
    }
    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
    return hash ^ hash >> 31;
}

static int by_hash(const void *a, const void *b)
{
    const cli_row_hash *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->sample < y->sample ? -1 : x->sample > y->sample;
}

static void count_duplicates(cli_scan *s, const int32_t *classes)
{
    qsort(s->rows, s->info.n, sizeof *s->rows, by_hash);
    for (size_t i = 1, first = 0; i < s->info.n; i++) {
        if (s->rows[i].hash != s->rows[first].hash) {
            first = i;
            continue;
        }
        s->duplicates++;
        s->contradictions +=
            classes && classes[s->rows[i].sample] != classes[s->rows[first].sample];
    }
}

static void count_targets(cli_scan *s, const rnl_dataset *set)
{
    const int32_t *classes = rnl_dataset_classes(set);
    const float *targets = rnl_dataset_targets(set);
    const size_t numbers = targets ? s->info.n * s->info.target_width : 0;
    for (size_t i = 0; classes && i < s->info.n; i++)
        s->class_counts[classes[i]]++;
    begin(&s->target);
    for (size_t i = 0; i < numbers; i++)
        add(&s->target, (double)targets[i], i + 1);
    end(&s->target, numbers);
}

rnl_status cli_scan_set(cli_scan *s, const rnl_dataset *set, const double *offsets)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    const size_t m = info.features;
    *s = (cli_scan){.info = info};
    s->features = cli_alloc(m, sizeof *s->features);
    s->rows = cli_alloc(info.n, sizeof *s->rows);
    s->class_counts = cli_alloc(info.class_count + 1, sizeof *s->class_counts);
    float *x = cli_alloc(m, sizeof *x);
    for (size_t j = 0; j < m; j++)
        begin(&s->features[j]);
    rnl_status status = RNL_OK;
    for (size_t i = 0; i < info.n && status == RNL_OK; i++) {
        status = rnl_dataset_gather(set, NULL, i, rnl_matrix_f32(x, 1, m));
        for (size_t j = 0; j < m; j++)
            add(&s->features[j], (double)x[j] + (offsets ? offsets[j] : 0), i + 1);
        s->rows[i] = (cli_row_hash){hash_row(x, m), i};
    }
    free(x);
    begin(&s->all);
    for (size_t j = 0; j < m; j++) {
        cli_feature *f = &s->features[j];
        end(f, info.n);
        s->all.least = fmin(s->all.least, f->least);
        s->all.most = fmax(s->all.most, f->most);
        s->all.mean += f->mean / (double)m;
        s->all.not_finite += f->not_finite;
        s->all.whole &= f->whole;
        s->constant += f->least == f->most && f->not_finite == 0;
    }
    if (status == RNL_OK) {
        count_duplicates(s, rnl_dataset_classes(set));
        count_targets(s, set);
    }
    return status;
}

void cli_scan_free(cli_scan *s)
{
    free(s->features);
    free(s->rows);
    free(s->class_counts);
    *s = (cli_scan){0};
}

size_t cli_scan_shared(const cli_scan *train, const cli_scan *test)
{
    size_t shared = 0, at = 0;
    for (size_t i = 0; i < test->info.n; i++) {
        while (at < train->info.n && train->rows[at].hash < test->rows[i].hash)
            at++;
        shared += at < train->info.n && train->rows[at].hash == test->rows[i].hash;
    }
    return shared;
}

/* split.c - two parts of a data set, that look into it
 *
 * The part gets `share` of each class, rounded down; what is then missing of its share of all samples goes
 * to the classes that lost most by rounding. Which samples of a class it gets is drawn: all samples are
 * shuffled, and the first of each class are taken. Sets without classes are one class. */
#include "data/dataset.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

static size_t class_of(const rnl_dataset *set, size_t i)
{
    return set->classes ? (size_t)set->classes[i] : 0;
}

/* wanted[k]: how many samples of class k go into the part, `total` in all. */
static void share_out(size_t *wanted, const size_t *count, size_t classes, double share,
                      size_t total)
{
    size_t given = 0;
    for (size_t k = 0; k < classes; k++)
        given += wanted[k] = (size_t)floor(share * (double)count[k]);
    for (size_t k = 0; given > total; k = (k + 1) % classes) /* a share that rounds up to all */
        if (wanted[k] > 0)
            wanted[k]--, given--;
    for (; given < total; given++) {
        size_t most = 0;
        double loss = -INFINITY;
        for (size_t k = 0; k < classes; k++) {
            double lost = share * (double)count[k] - (double)wanted[k];
            if (count[k] == 1) /* nothing would be left to learn from */
                lost -= 2;
            if (wanted[k] < count[k] && lost > loss) {
                loss = lost;
                most = k;
            }
        }
        wanted[most]++;
    }
}

/* Marks the samples that go into the part. */
static void choose(bool *chosen, size_t *order, const rnl_dataset *set, size_t *wanted,
                   uint64_t seed)
{
    rnl_random r = rnl_random_new(seed, RNL_STREAM_SPLIT);
    for (size_t i = 0; i < set->info.n; i++)
        order[i] = i;
    for (size_t i = set->info.n; i > 0;
         i--) { /* Fisher-Yates, from the end; each is used at once */
        const size_t j = (size_t)rnl_bounded(rnl_random_u64(&r), i), sample = order[j];
        order[j] = order[i - 1];
        if (wanted[class_of(set, sample)] > 0) {
            wanted[class_of(set, sample)]--;
            chosen[sample] = true;
        }
    }
}

/* The samples whose mark is `mark`, n of them. */
static rnl_status make_part(rnl_dataset **out, const rnl_dataset *set, const bool *chosen,
                            bool mark, size_t n)
{
    const size_t width = set->info.target_width;
    RNL_TRY(rnl_dataset_new(out));
    rnl_dataset *part = *out;
    size_t *index = part->owned[0] = rnl_alloc(n, sizeof *index);
    int32_t *classes = NULL;
    float *targets = NULL;
    bool ok = index;
    if (ok && set->classes)
        ok = (classes = part->owned[1] = rnl_alloc(n, sizeof *classes)) != NULL;
    if (ok && set->targets)
        ok = (targets = part->owned[2] = rnl_alloc(n, width * sizeof *targets)) != NULL;
    if (!ok) {
        rnl_dataset_free(out);
        return RNL_ERR_MEMORY;
    }
    size_t at = 0;
    for (size_t i = 0; i < set->info.n; i++) {
        if (chosen[i] != mark)
            continue;
        index[at] = rnl_dataset_stored(set, i);
        if (classes)
            classes[at] = set->classes[i];
        if (targets)
            memcpy(targets + at * width, set->targets + i * width, width * sizeof *targets);
        at++;
    }
    part->info = set->info;
    part->info.n = n;
    part->bytes = set->bytes;
    part->floats = set->floats;
    part->raw = set->raw;
    part->fill = set->fill;
    part->user = set->user;
    part->element = set->element;
    part->pages = set->pages;
    part->index = index;
    part->classes = classes;
    part->targets = targets;
    /* copies, because the set may be given others */
    rnl_status status = rnl_dataset_set_class_names(part, set->class_names);
    if (status == RNL_OK && set->scaling.scale)
        status = rnl_dataset_set_scaling(part, set->scaling.scale, set->scaling.shift);
    if (status != RNL_OK)
        rnl_dataset_free(out);
    return status;
}

rnl_status rnl_dataset_split(const rnl_dataset *set, double share, uint64_t seed,
                             rnl_dataset **rest, rnl_dataset **part)
{
    RNL_REFUSE_NULL(rest, "the place for the rest is");
    RNL_REFUSE_NULL(part, "the place for the part is");
    *rest = *part = NULL;
    RNL_REFUSE_NULL(set, "the data set is");
    const size_t n = set->info.n, classes = set->classes ? set->info.class_count : 1;
    RNL_FAIL_IF(!(share > 0 && share < 1), RNL_ERR_USAGE,
                "a share of %g of a data set: expected a number above 0 and below 1", share);
    RNL_FAIL_IF(n < 2, RNL_ERR_USAGE, "a data set of %zu sample cannot be split", n);
    size_t total = (size_t)round(share * (double)n);
    total = total < 1 ? 1 : (total > n - 1 ? n - 1 : total);

    rnl_status status = RNL_ERR_MEMORY;
    size_t *count = rnl_alloc(2, classes * sizeof *count), *wanted = count ? count + classes : NULL;
    size_t *order = rnl_alloc(n, sizeof *order);
    bool *chosen = rnl_alloc(n, sizeof *chosen);
    if (!count || !order || !chosen)
        goto done;
    for (size_t i = 0; i < n; i++)
        count[class_of(set, i)]++;
    share_out(wanted, count, classes, share, total);
    choose(chosen, order, set, wanted, seed);
    status = make_part(part, set, chosen, true, total);
    if (status == RNL_OK)
        status = make_part(rest, set, chosen, false, n - total);
    if (status != RNL_OK)
        rnl_dataset_free(part);
done:
    rnl_free(count);
    rnl_free(order);
    rnl_free(chosen);
    return status;
}

rnl_status rnl_dataset_balanced_weights(const rnl_dataset *set, double *weights)
{
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_REFUSE_NULL(weights, "the place for the weights is");
    const size_t n = set->info.n, classes = set->info.class_count;
    RNL_FAIL_IF(!set->classes, RNL_ERR_USAGE, "weights of classes: the data set has no classes");
    size_t occurring = 0;
    for (size_t k = 0; k < classes; k++)
        weights[k] = 0;
    for (size_t i = 0; i < n; i++)
        weights[set->classes[i]]++;
    for (size_t k = 0; k < classes; k++)
        occurring += weights[k] > 0;
    for (size_t k = 0; k < classes; k++)
        weights[k] = weights[k] > 0 ? (double)n / ((double)occurring * weights[k]) : 1;
    return RNL_OK;
}

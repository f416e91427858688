/* batch.c - rows of a data set on their way into a network, dense or sparse */
#include "train/train.h"

static const uint8_t *bytes_of(const rnl_dataset *set, const size_t *index, size_t first, size_t i)
{
    return set->bytes + rnl_dataset_stored(set, index ? index[i] : first + i) * set->info.features;
}

/* The share of bytes that are not zero, in some rows spread over the set. */
static double density(const rnl_dataset *set)
{
    enum { LOOK_AT = 250 };
    const size_t n = set->info.n, m = set->info.features, rows = n < LOOK_AT ? n : LOOK_AT;
    size_t count = 0;
    for (size_t r = 0; r < rows; r++) {
        const uint8_t *row = bytes_of(set, NULL, 0, r * (n / rows));
        for (size_t j = 0; j < m; j++)
            count += row[j] != 0;
    }
    return (double)count / ((double)rows * (double)m);
}

static bool is_sparse(const rnl_batch *b)
{
    const rnl_dataset *set = b->set;
    return rnl_net_takes_sparse(b->net) && set->bytes && !set->scaling.scale &&
           set->info.shift == 0 && !(b->augmenter && b->augmenter->settings.noise > 0) &&
           density(set) < RNL_SPARSE_BELOW;
}

/* Rows that lie one behind the other in the set need not be copied. */
static rnl_sparse_source source_of(const rnl_batch *b)
{
    if (b->augmenter)
        return RNL_SPARSE_NUMBERS;
    return b->in_order && !b->set->index ? RNL_SPARSE_BYTES : RNL_SPARSE_COPIED_BYTES;
}

void rnl_batch_plan(rnl_batch *b, rnl_arena *arena, size_t rows)
{
    const bool planning = !arena->block;
    const rnl_net *net = b->net;
    const size_t inputs = rnl_net_inputs(net), number = rnl_dtype_size(net->dtype);
    if (planning)
        b->is_sparse = b->like ? b->like->is_sparse : is_sparse(b);
    b->classes = rnl_arena_take(arena, rows, sizeof *b->classes);
    b->targets = b->set->targets || b->set->info.one_hot
                     ? rnl_arena_take(arena, rows, rnl_net_outputs(net) * number)
                     : NULL;
    if (b->is_sparse)
        rnl_sparse_hand_out(&b->sparse, arena, rows, inputs, net->layer[0].outputs, net->dtype,
                            source_of(b));
    if (!b->is_sparse || b->augmenter)
        b->x = rnl_arena_take(arena, rows, inputs * number);
    if (planning || !b->is_sparse)
        return;
    if (b->augmenter)
        rnl_sparse_set_place(&b->sparse, b->x, inputs);
    else
        rnl_sparse_set_scale(&b->sparse, b->set->info.scale);
}

/* ---- rows that a callback does not give ------------------------------------------------------------------ */

bool rnl_batch_is_complete(const rnl_batch *b)
{
    if (!b->set->fill)
        return true;
    rnl_team_barrier();
    return !rnl_failed_before(b->missing, SIZE_MAX);
}

rnl_status rnl_batch_failure(const rnl_failure *missing, const char *set)
{
    const rnl_status status = rnl_failure_status(missing);
    return status == RNL_OK ? RNL_OK : rnl_fail_prefix(status, set);
}

/* ---- inputs ------------------------------------------------------------------------------------------- */

/* Samples lie anywhere in memory: asks for one that is needed soon. */
enum { AHEAD = 4, LINE = 64 };

static void fetch(const uint8_t *bytes, const rnl_sparse_half *half)
{
    for (size_t k = half->begin; k < half->end; k += LINE)
        __builtin_prefetch(bytes + k, 0, 2);
}

/* This thread's rows, unless what is missing comes before them. */
static void gather_dense(rnl_batch *b, const size_t *index, size_t first, rnl_range mine,
                         rnl_matrix *x)
{
    if (rnl_failed_before(b->missing, first + mine.begin))
        return;
    const rnl_status status =
        index ? rnl_gather_rows(b->set, index, mine, x) : rnl_gather_range(b->set, first, mine, x);
    if (status != RNL_OK)
        rnl_failure_note(b->missing, first + mine.begin, status);
}

rnl_net_input rnl_batch_gather(rnl_batch *b, const size_t *index, size_t first, size_t rows)
{
    const rnl_dataset *set = b->set;
    const rnl_range mine = rnl_my_rows(rows);
    rnl_net_input in = {.x = rnl_matrix_view(b->x, rows, set->info.features, b->net->dtype)};
    rnl_dataset_touch(set, mine.end - mine.begin, index != NULL || set->index);
    if (!b->is_sparse) {
        gather_dense(b, index, first, mine, &in.x);
        return in;
    }
    in.sparse = &b->sparse;
    if (!b->sparse.half[0].bytes)
        rnl_sparse_set_place(&b->sparse, bytes_of(set, NULL, first, 0), set->info.features);
    for (size_t h = 0; h < 2; h++) {
        rnl_sparse_half *half = &b->sparse.half[h];
        const rnl_range share = rnl_sparse_share(rows, h);
        for (size_t i = share.begin; i < share.end; i++) {
            if (i + AHEAD < share.end)
                fetch(bytes_of(set, index, first, i + AHEAD), half);
            b->net->kernels->sparse_bytes(half, i, bytes_of(set, index, first, i));
        }
    }
    return in;
}

rnl_net_input rnl_batch_augment(rnl_batch *b, const size_t *index, size_t rows, uint64_t pass)
{
    rnl_net_input in = {.x = rnl_matrix_view(b->x, rows, b->set->info.features, b->net->dtype)};
    const rnl_range mine = rnl_my_rows(rows);
    rnl_dataset_touch(b->set, mine.end - mine.begin, true);
    const rnl_status status = rnl_augmenter_gather(b->augmenter, index, mine, pass, &in.x);
    if (status != RNL_OK)
        rnl_failure_note(b->missing, mine.begin, status);
    if (!b->is_sparse)
        return in;
    in.sparse = &b->sparse;
    rnl_team_barrier(); /* a half takes a half of every row */
    for (size_t h = 0; h < 2; h++) {
        const rnl_range share = rnl_sparse_share(rows, h);
        for (size_t i = share.begin; i < share.end; i++)
            b->net->kernels->sparse_numbers(&b->sparse.half[h], i,
                                            rnl_matrix_rows(in.x, i, 1).data);
    }
    return in;
}

/* ---- targets -------------------------------------------------------------------------------------------- */

rnl_targets rnl_batch_targets(rnl_batch *b, const size_t *index, size_t first, size_t rows)
{
    const rnl_dataset *set = b->set;
    const size_t outputs = rnl_net_outputs(b->net);
    const rnl_range mine = rnl_my_rows(rows);
    rnl_matrix t = rnl_matrix_view(b->targets, rows, outputs, b->net->dtype);
    for (size_t i = mine.begin; i < mine.end; i++) {
        const size_t sample = index ? index[i] : first + i;
        if (set->classes)
            b->classes[i] = set->classes[sample];
        for (size_t k = 0; b->targets && k < outputs; k++)
            rnl_matrix_set(&t, i, k,
                           set->targets ? (double)set->targets[sample * outputs + k]
                                        : (double)((size_t)b->classes[i] == k));
    }
    return b->targets ? rnl_targets_rows(t) : rnl_targets_classes(b->classes, rows);
}

/* evaluate.c - a network's answers to a whole data set
 *
 * Parameters are only read here, so threads have nothing to tell each other: each takes a chunk of samples, walks
 * it as a team of one, and takes the next that nobody has. Which thread has which changes no number. */
#include "train/train.h"

#include <string.h>

enum { CHUNK = 128 };

/* Classes as targets. */
static rnl_status check_classes(const rnl_net *net, const rnl_dataset *set, const char *what)
{
    const rnl_dataset_info *info = &set->info;
    RNL_FAIL_IF(net->loss.type->task == RNL_TASK_REGRESSION, RNL_ERR_USAGE,
                "%s has classes, but \"%s\" answers with numbers", what, net->description);
    RNL_FAIL_IF(info->one_hot && info->class_count > rnl_net_outputs(net), RNL_ERR_SHAPE,
                "%s has one-hot rows of %zu classes, but the network has %zu outputs", what,
                info->class_count, rnl_net_outputs(net));
    RNL_FAIL_IF(info->class_count > rnl_net_class_count(net), RNL_ERR_SHAPE,
                "%s has %zu classes, but the network has %zu outputs", what, info->class_count,
                rnl_net_outputs(net));
    return RNL_OK;
}

/* Rows as targets: what the loss demands of them holds for every row. */
static rnl_status check_rows(const rnl_net *net, const rnl_dataset *set, const char *what)
{
    const size_t width = set->info.target_width;
    RNL_FAIL_IF(width != rnl_net_outputs(net), RNL_ERR_SHAPE,
                "%s has %zu targets a sample, but the network has %zu outputs", what, width,
                rnl_net_outputs(net));
    const rnl_targets t = rnl_targets_rows(rnl_matrix_f32(set->targets, set->info.n, width));
    const rnl_status status = net->loss.type->check(&t, width);
    return status == RNL_OK ? RNL_OK : rnl_fail_prefix(status, what);
}

rnl_status rnl_check_set(const rnl_net *net, const rnl_dataset *set, const char *what)
{
    const rnl_dataset_info *info = &set->info;
    RNL_FAIL_IF(info->n == 0, RNL_ERR_USAGE, "%s has no samples", what);
    RNL_FAIL_IF(info->features != rnl_net_inputs(net), RNL_ERR_SHAPE,
                "%s has %zu features a sample, but the network takes %zu inputs", what,
                info->features, rnl_net_inputs(net));
    RNL_FAIL_IF(!set->classes && !set->targets, RNL_ERR_USAGE, "%s has no %s", what,
                net->loss.type->task == RNL_TASK_REGRESSION ? "rows of targets" : "classes");
    return set->classes ? check_classes(net, set, what) : check_rows(net, set, what);
}

/* ---- the walk --------------------------------------------------------------------------------------- */

/* How many samples a thread takes at a time. */
static size_t chunk_of(const rnl_dataset *set)
{
    return set->info.n < CHUNK ? set->info.n : CHUNK;
}

static void hand_out(rnl_evaluator *e, unsigned with)
{
    const size_t n = e->set->info.n, outputs = rnl_net_outputs(e->net);
    const rnl_task task = e->net->loss.type->task;
    rnl_arena *arena = &e->arena;
    for (size_t k = 0; k < e->parts; k++)
        rnl_batch_plan(&e->part[k].batch, arena, chunk_of(e->set));
    if (with & RNL_WITH_LOSSES)
        e->losses = rnl_arena_take(arena, n, sizeof *e->losses);
    if (with & RNL_WITH_RANKS)
        e->ranks = rnl_arena_take(arena, n, sizeof *e->ranks);
    if (task == RNL_TASK_REGRESSION)
        e->outputs = rnl_arena_take(arena, n, outputs * sizeof *e->outputs);
    else
        e->answers = rnl_arena_take(arena, n, sizeof *e->answers);
    if (task == RNL_TASK_LABELS && e->set->targets)
        e->shares = rnl_arena_take(arena, n, sizeof *e->shares);
}

rnl_status rnl_evaluator_init(rnl_evaluator *e, const rnl_net *net, const rnl_dataset *set,
                              size_t threads, unsigned with)
{
    *e = (rnl_evaluator){.net = net, .set = set};
    const size_t chunks = (set->info.n + CHUNK - 1) / CHUNK,
                 parts = threads < chunks ? threads : chunks;
    e->part = rnl_alloc(parts, sizeof *e->part);
    if (!e->part)
        return RNL_ERR_MEMORY;
    for (; e->parts < parts; e->parts++) {
        rnl_evaluator_part *part = &e->part[e->parts];
        part->batch = (rnl_batch){.net = net,
                                  .set = set,
                                  .missing = &e->missing,
                                  .in_order = true,
                                  .like = e->parts ? &e->part[0].batch : NULL};
        RNL_TRY(rnl_workspace_plan(&part->ws, net, chunk_of(set), RNL_FOR_EVALUATION));
    }
    hand_out(e, with);
    RNL_TRY(rnl_arena_make(&e->arena));
    hand_out(e, with);
    return RNL_OK;
}

void rnl_evaluator_free(rnl_evaluator *e)
{
    for (size_t k = 0; k < e->parts; k++)
        rnl_workspace_free(&e->part[k].ws);
    rnl_free(e->part);
    rnl_arena_free(&e->arena);
}

/* How many outputs come before the class's own in the order of their size. Equal ones come in the order
 * of their columns, as argmax has it; where there is a NaN, all do. */
static uint32_t rank(const rnl_matrix *y, size_t i, size_t class)
{
    const double own = rnl_matrix_get(y, i, class);
    uint32_t before = 0;
    bool nan = false;
    for (size_t k = 0; k < y->cols; k++) {
        const double y_k = rnl_matrix_get(y, i, k);
        nan |= y_k != y_k;
        before += y_k > own || (y_k == own && k < class);
    }
    return nan ? UINT32_MAX : before;
}

/* y: the outputs for the samples from `first` on. */
static void take(rnl_evaluator *e, size_t first, const rnl_matrix *y)
{
    const rnl_dataset *set = e->set;
    const rnl_matrix targets = rnl_matrix_f32(set->targets, set->info.n, set->info.target_width);
    if (e->answers)
        rnl_net_answers(e->net, e->answers + first, y);
    for (size_t i = 0; i < y->rows; i++) {
        const size_t sample = first + i;
        if (e->ranks)
            e->ranks[sample] = rank(y, i, (size_t)set->classes[sample]);
        if (e->shares)
            e->shares[sample] = (double)rnl_right_labels(y, i, &targets, sample) / (double)y->cols;
        for (size_t k = 0; e->outputs && k < y->cols; k++)
            e->outputs[sample * y->cols + k] = rnl_matrix_get(y, i, k);
    }
}

static void chunk(rnl_evaluator *e, rnl_evaluator_part *part, size_t first, size_t rows)
{
    const rnl_dataset *set = e->set;
    const rnl_net_input in = rnl_batch_gather(&part->batch, NULL, first, rows);
    rnl_matrix y = rnl_workspace_output(part->ws, rows);
    rnl_net_forward(e->net, part->ws, &in, &y, NULL);
    take(e, first, &y);
    if (e->losses) {
        const rnl_targets t = set->classes ? rnl_targets_classes(set->classes + first, rows)
                                           : rnl_batch_targets(&part->batch, NULL, first, rows);
        rnl_net_losses(e->net, e->losses + first, NULL, &y, &t);
    }
}

void rnl_evaluator_walk(rnl_evaluator *e)
{
    const size_t n = e->set->info.n, rank = rnl_team_rank();
    if (rank == 0)
        atomic_store(&e->next, 0);
    rnl_team_barrier();
    if (rank < e->parts) {
        const rnl_team_member member = rnl_team_enter_alone();
        size_t first;
        while ((first = atomic_fetch_add(&e->next, CHUNK)) < n)
            chunk(e, &e->part[rank], first, n - first < CHUNK ? n - first : CHUNK);
        rnl_team_leave(member);
    }
    rnl_team_barrier();
}

static void walk(void *evaluator)
{
    rnl_evaluator_walk(evaluator);
}

/* ---- the calls -------------------------------------------------------------------------------------- */

static rnl_status run(rnl_evaluator *e, const rnl_net *net, const rnl_dataset *set, int threads,
                      unsigned with)
{
    RNL_TRY(rnl_evaluator_init(e, net, set, rnl_team_wanted(threads), with));
    RNL_TRY(rnl_team_run(e->parts, walk, e));
    return rnl_batch_failure(&e->missing, "the data set");
}

/* The set has no more classes than the network: rnl_check_set has seen to that. */
static void count_confusion(const rnl_evaluator *e, uint64_t *confusion)
{
    const size_t classes = rnl_net_class_count(e->net);
    memset(confusion, 0, classes * classes * sizeof *confusion);
    for (size_t i = 0; i < e->set->info.n; i++)
        if (e->answers[i] >= 0) /* NaN says nothing */
            confusion[(size_t)e->set->classes[i] * classes + (size_t)e->answers[i]]++;
}

rnl_status rnl_evaluate(const rnl_net *net, const rnl_dataset *set, int threads, rnl_score *score,
                        uint64_t *confusion)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_REFUSE_NULL(score, "the place for the score is");
    RNL_TRY(rnl_check_set(net, set, "the data set"));
    rnl_evaluator e;
    const rnl_status status = run(&e, net, set, threads, RNL_WITH_LOSSES);
    if (status == RNL_OK) {
        *score = rnl_evaluator_score(&e);
        if (confusion && set->classes)
            count_confusion(&e, confusion);
    }
    rnl_evaluator_free(&e);
    return status;
}

rnl_status rnl_evaluate_top(const rnl_net *net, const rnl_dataset *set, int threads, size_t k,
                            double *top)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(set, "the data set is");
    RNL_TRY(rnl_check_set(net, set, "the data set"));
    RNL_FAIL_IF(
        net->loss.type->task != RNL_TASK_CLASSES || !set->classes, RNL_ERR_USAGE,
        "the classes among the %zu largest outputs: only softmax and a data set with classes "
        "have them",
        k);
    RNL_FAIL_IF(k == 0 || k > rnl_net_outputs(net), RNL_ERR_USAGE,
                "the classes among the %zu largest outputs: expected 1 to %zu, the outputs of the "
                "network",
                k, rnl_net_outputs(net));
    RNL_REFUSE_NULL(top, "the place for the shares is");
    rnl_evaluator e;
    const rnl_status status = run(&e, net, set, threads, RNL_WITH_RANKS);
    for (size_t j = 0; j < k && status == RNL_OK; j++) {
        size_t right = 0;
        for (size_t i = 0; i < set->info.n; i++)
            right += e.ranks[i] <= j;
        top[j] = (double)right / (double)set->info.n;
    }
    rnl_evaluator_free(&e);
    return status;
}

/* evaluate.c - a network's answers to a whole data set, by the team, in chunks */
#include "train/train.h"

#include <string.h>

enum { CHUNK = 1000 };

rnl_status rnl_check_set(const rnl_net *net, const rnl_dataset *set, const char *what)
{
    const rnl_dataset_info *info = &set->info;
    RNL_FAIL_IF(info->n == 0, RNL_ERR_USAGE, "%s has no samples", what);
    RNL_FAIL_IF(info->features != rnl_net_inputs(net), RNL_ERR_SHAPE,
                "%s has %zu features a sample, but the network takes %zu inputs", what,
                info->features, rnl_net_inputs(net));
    RNL_FAIL_IF(!set->classes, RNL_ERR_USAGE, "%s has no classes", what);
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

static void hand_out(rnl_evaluator *e, bool with_losses)
{
    const size_t n = e->set->info.n;
    rnl_batch_plan(&e->batch, &e->arena, e->net, e->set, e->chunk);
    e->answers = rnl_arena_take(&e->arena, n, sizeof *e->answers);
    e->losses = with_losses ? rnl_arena_take(&e->arena, n, sizeof *e->losses) : NULL;
}

rnl_status rnl_evaluator_init(rnl_evaluator *e, const rnl_net *net, const rnl_dataset *set,
                              bool with_losses)
{
    *e = (rnl_evaluator){.net = net, .set = set};
    e->chunk = set->info.n < CHUNK ? set->info.n : CHUNK;
    hand_out(e, with_losses);
    RNL_TRY(rnl_arena_make(&e->arena));
    hand_out(e, with_losses);
    return rnl_workspace_plan(&e->ws, net, e->chunk, RNL_FOR_EVALUATION);
}

void rnl_evaluator_free(rnl_evaluator *e)
{
    rnl_workspace_free(&e->ws);
    rnl_arena_free(&e->arena);
}

void rnl_evaluator_walk(rnl_evaluator *e)
{
    const rnl_dataset *set = e->set;
    const size_t n = set->info.n;
    for (size_t first = 0; first < n; first += e->chunk) {
        const size_t rows = n - first < e->chunk ? n - first : e->chunk;
        if (rows != e->chunk || e->batch.is_sparse)
            rnl_team_barrier(); /* other rows are now a thread's own */
        const rnl_net_input in = rnl_batch_gather(&e->batch, NULL, first, rows);
        rnl_matrix y = rnl_workspace_output(e->ws, rows);
        rnl_net_forward(e->net, e->ws, &in, &y, NULL);
        rnl_net_answers(e->net, e->answers + first, &y);
        if (e->losses) {
            const rnl_targets t = rnl_targets_classes(set->classes + first, rows);
            rnl_net_losses(e->net, e->losses + first, NULL, &y, &t);
        }
    }
    rnl_team_barrier();
}

double rnl_evaluator_accuracy(const rnl_evaluator *e)
{
    const size_t n = e->set->info.n;
    size_t right = 0;
    for (size_t i = 0; i < n; i++)
        right += e->answers[i] == e->set->classes[i];
    return (double)right / (double)n;
}

static void walk(void *evaluator)
{
    rnl_evaluator_walk(evaluator);
}

rnl_status rnl_evaluate(const rnl_net *net, const rnl_dataset *set, int threads, rnl_score *score,
                        uint64_t *confusion)
{
    RNL_TRY(rnl_check_set(net, set, "the data set"));
    rnl_evaluator e;
    rnl_status status = rnl_evaluator_init(&e, net, set, true);
    if (status == RNL_OK)
        status = rnl_team_run(rnl_team_wanted(threads), walk, &e);
    if (status == RNL_OK) {
        const size_t n = set->info.n, classes = set->info.class_count;
        *score = (rnl_score){
            .n = n, .loss = rnl_mean(e.losses, n), .accuracy = rnl_evaluator_accuracy(&e)};
        if (confusion) {
            memset(confusion, 0, classes * classes * sizeof *confusion);
            for (size_t i = 0; i < n; i++)
                if (e.answers[i] >= 0 && (size_t)e.answers[i] < classes)
                    confusion[(size_t)set->classes[i] * classes + (size_t)e.answers[i]]++;
        }
    }
    rnl_evaluator_free(&e);
    return status;
}

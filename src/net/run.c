/* run.c - predict, loss and accuracy: the checked calls, in the calling thread */
#include "net/net.h"

#include "base/matrix.h"

static const char *dtype_name(rnl_dtype dtype)
{
    return dtype == RNL_F64 ? "f64" : "f32";
}

/* A matrix that the caller hands in: [rows, cols] of the network's dtype. */
static rnl_status check_matrix(const rnl_net *net, const rnl_matrix *m, const char *what,
                               size_t rows, size_t cols)
{
    RNL_TRY(rnl_check_matrix(m, what));
    RNL_FAIL_IF(m->dtype != net->dtype, RNL_ERR_SHAPE, "%s is %s, but the network is %s", what,
                dtype_name(m->dtype), dtype_name(net->dtype));
    RNL_FAIL_IF(m->rows != rows || m->cols != cols, RNL_ERR_SHAPE,
                "%s is [%zu, %zu], but [%zu, %zu] is needed", what, m->rows, m->cols, rows, cols);
    RNL_FAIL_IF(m->ld < m->cols, RNL_ERR_SHAPE, "%s has rows of %zu numbers, %zu apart", what,
                m->cols, m->ld);
    return RNL_OK;
}

rnl_status rnl_check_input(const rnl_net *net, const rnl_workspace *ws, const rnl_matrix *x)
{
    RNL_TRY(rnl_check_workspace(net, ws));
    RNL_FAIL_IF(x->rows == 0, RNL_ERR_SHAPE, "x has no rows");
    RNL_FAIL_IF(x->rows > ws->max_batch, RNL_ERR_SHAPE,
                "x has %zu rows, but the workspace was planned for %zu", x->rows, ws->max_batch);
    return check_matrix(net, x, "x", x->rows, rnl_net_inputs(net));
}

rnl_status rnl_check_targets(const rnl_net *net, const rnl_targets *t, size_t n)
{
    const size_t outputs = rnl_net_outputs(net);
    RNL_FAIL_IF(t->n != n, RNL_ERR_SHAPE, "%zu samples, but %zu targets", n, t->n);
    RNL_FAIL_IF(t->kind != RNL_TARGET_CLASSES && t->kind != RNL_TARGET_ROWS, RNL_ERR_USAGE,
                "targets of kind %d are neither classes nor rows", (int)t->kind);
    if (t->kind == RNL_TARGET_ROWS)
        RNL_TRY(check_matrix(net, &t->rows, "the matrix of targets", n, outputs));
    return net->loss.type->check(t, outputs);
}

/* x through the network, as the workspace's mode wants it. */
static void forward(const rnl_net *net, rnl_workspace *ws, const rnl_matrix *x, rnl_matrix *y)
{
    rnl_net_forward(net, ws, &(rnl_net_input){.x = *x}, y, &ws->mode);
    rnl_workspace_passed(ws, x->rows);
}

rnl_status rnl_net_predict(const rnl_net *net, rnl_workspace *ws, rnl_matrix x, rnl_matrix logits)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_TRY(rnl_check_input(net, ws, &x));
    RNL_TRY(check_matrix(net, &logits, "the matrix of logits", x.rows, rnl_net_outputs(net)));
    const rnl_team_member member = rnl_team_enter_alone();
    forward(net, ws, &x, &logits);
    ws->x = x;
    rnl_team_leave(member);
    return RNL_OK;
}

rnl_status rnl_net_probabilities(const rnl_net *net, rnl_workspace *ws, rnl_matrix x,
                                 rnl_matrix probabilities)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_FAIL_IF(!net->loss.type->probabilities, RNL_ERR_USAGE,
                "\"%s\" ends in numbers, not in probabilities", net->description);
    RNL_TRY(rnl_net_predict(net, ws, x, probabilities));
    const rnl_team_member member = rnl_team_enter_alone();
    net->loss.type->probabilities(net->kernels, &probabilities, &probabilities);
    ws->x = (rnl_matrix){0}; /* its output has been overwritten */
    rnl_team_leave(member);
    return RNL_OK;
}

rnl_status rnl_net_loss(const rnl_net *net, rnl_workspace *ws, rnl_matrix x, rnl_targets t,
                        double *loss)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_REFUSE_NULL(loss, "the place for the loss is");
    RNL_TRY(rnl_check_input(net, ws, &x));
    RNL_TRY(rnl_check_targets(net, &t, x.rows));
    const rnl_team_member member = rnl_team_enter_alone();
    rnl_matrix y = rnl_workspace_output(ws, x.rows);
    forward(net, ws, &x, &y);
    rnl_net_losses(net, ws->losses, NULL, &y, &t);
    *loss = rnl_mean(ws->losses, x.rows);
    rnl_team_leave(member);
    return RNL_OK;
}

/* The share of rows that are answered with the class of the largest target. */
static double share_of_classes(const rnl_net *net, rnl_workspace *ws, const rnl_matrix *y,
                               const rnl_targets *t)
{
    size_t right = 0;
    rnl_net_answers(net, ws->answers, y);
    for (size_t i = 0; i < y->rows; i++) {
        int32_t wanted;
        if (t->kind == RNL_TARGET_CLASSES) {
            wanted = t->classes[i];
        } else {
            const rnl_matrix t_i = rnl_matrix_rows(t->rows, i, 1);
            net->kernels->argmax(&wanted, &t_i);
        }
        right += ws->answers[i] == wanted;
    }
    return (double)right / (double)y->rows;
}

static double share_of_labels(const rnl_matrix *y, const rnl_matrix *t)
{
    size_t right = 0;
    for (size_t i = 0; i < y->rows; i++)
        right += rnl_right_labels(y, i, t, i);
    return (double)right / (double)y->rows / (double)y->cols;
}

rnl_status rnl_net_accuracy(const rnl_net *net, rnl_workspace *ws, rnl_matrix x, rnl_targets t,
                            double *accuracy)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_REFUSE_NULL(accuracy, "the place for the accuracy is");
    const rnl_task task = net->loss.type->task;
    RNL_FAIL_IF(task == RNL_TASK_REGRESSION, RNL_ERR_USAGE,
                "\"%s\" answers with numbers, which have no accuracy", net->description);
    RNL_TRY(rnl_check_input(net, ws, &x));
    RNL_TRY(rnl_check_targets(net, &t, x.rows));
    const rnl_team_member member = rnl_team_enter_alone();
    rnl_matrix y = rnl_workspace_output(ws, x.rows);
    forward(net, ws, &x, &y);
    if (task == RNL_TASK_LABELS && t.kind == RNL_TARGET_ROWS)
        *accuracy = share_of_labels(&y, &t.rows);
    else
        *accuracy = share_of_classes(net, ws, &y, &t);
    rnl_team_leave(member);
    return RNL_OK;
}

rnl_status rnl_net_backward(const rnl_net *net, rnl_workspace *ws, rnl_matrix y, rnl_matrix dy,
                            rnl_gradients *g, rnl_matrix *dx)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_REFUSE_NULL(g, "the gradients are");
    const size_t n = ws->x.rows;
    RNL_FAIL_IF(ws->serial != net->serial || !ws->x.data || !ws->dy, RNL_ERR_USAGE,
                "backward needs the workspace that this network has just predicted with");
    RNL_TRY(rnl_check_gradients(net, g));
    RNL_TRY(check_matrix(net, &y, "y", n, rnl_net_outputs(net)));
    RNL_TRY(check_matrix(net, &dy, "dy", n, rnl_net_outputs(net)));
    if (dx)
        RNL_TRY(check_matrix(net, dx, "dx", n, rnl_net_inputs(net)));
    const rnl_gradient_use use = {.arena = g->values, .alpha = 1};
    const rnl_team_member member = rnl_team_enter_alone();
    rnl_net_backward_pass(net, ws, &(rnl_net_input){.x = ws->x}, &y, &dy, &ws->mode, &use, dx);
    rnl_team_leave(member);
    return RNL_OK;
}

rnl_status rnl_net_update_state(rnl_net *net, const rnl_workspace *ws)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(ws, "the workspace is");
    RNL_TRY(rnl_check_workspace(net, ws));
    if (net->states == 0)
        return RNL_OK;
    RNL_FAIL_IF(ws->trained == 0, RNL_ERR_USAGE,
                "the workspace has not just passed a batch in training mode");
    const rnl_team_member member = rnl_team_enter_alone();
    rnl_net_track(net, ws, ws->trained);
    rnl_team_leave(member);
    return RNL_OK;
}

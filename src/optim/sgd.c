/* sgd.c - stochastic gradient descent:  w = w - lr dw */
#include "net/net.h"

#include <math.h>

rnl_status rnl_net_sgd_step(rnl_net *net, const rnl_gradients *g, double lr)
{
    RNL_FAIL_IF(g->net != net, RNL_ERR_USAGE, "the gradients were made for another network");
    RNL_FAIL_IF(!isfinite(lr), RNL_ERR_USAGE, "the learning rate is %g; it must be finite", lr);
    const rnl_team_member member = rnl_team_enter_alone();
    net->kernels->sgd_step(net->values, g->values, lr, net->arena_size);
    rnl_team_leave(member);
    return RNL_OK;
}

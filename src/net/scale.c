/* scale.c - outputs in other units, folded into the last layer
 *
 *     y scale + shift = (x W + b) scale + shift = x (W scale) + (b scale + shift)       by columns */
#include "base/matrix.h"
#include "net/net.h"

#include <math.h>
#include <string.h>

rnl_status rnl_net_scale_outputs(rnl_net *net, const double *scale, const double *shift)
{
    RNL_REFUSE_NULL(net, "the network is");
    RNL_REFUSE_NULL(scale, "the array of scales is");
    RNL_REFUSE_NULL(shift, "the array of shifts is");
    const size_t last = net->layers - 1, outputs = rnl_net_outputs(net);
    const rnl_layer_info info = rnl_net_layer(net, last);
    RNL_FAIL_IF(strcmp(info.type, "affine") != 0, RNL_ERR_USAGE,
                "outputs can be scaled where the last layer is affine, but \"%s\" ends in %s",
                net->description, info.type);
    for (size_t k = 0; k < outputs; k++)
        RNL_FAIL_IF(!isfinite(scale[k]) || !isfinite(shift[k]), RNL_ERR_USAGE,
                    "the scale or the shift of output %zu is not finite", k);
    rnl_matrix w = rnl_net_parameter(net, info.first_parameter).value;
    rnl_matrix b = rnl_net_parameter(net, info.first_parameter + 1).value;
    for (size_t k = 0; k < outputs; k++) {
        for (size_t i = 0; i < w.rows; i++)
            rnl_matrix_set(&w, i, k, rnl_matrix_get(&w, i, k) * scale[k]);
        rnl_matrix_set(&b, 0, k, rnl_matrix_get(&b, 0, k) * scale[k] + shift[k]);
    }
    return RNL_OK;
}

/* scale.c - outputs in other units, folded into the last layer
 *
 *     y scale + shift = (x W + b) scale + shift = x (W scale) + (b scale + shift)       by columns */
#include "base/matrix.h"
#include "net/net.h"

#include <math.h>
#include <string.h>

/* Column k of m becomes m scale + shift; `write` false: nothing is changed. False where a number is more than its
 * dtype holds, or none. */
static bool scale_column(rnl_matrix *m, size_t k, double scale, double shift, bool write)
{
    bool finite = true;
    for (size_t i = 0; i < m->rows; i++) {
        const double scaled = rnl_matrix_get(m, i, k) * scale + shift;
        finite = finite && isfinite(m->dtype == RNL_F32 ? (double)(float)scaled : scaled);
        if (write)
            rnl_matrix_set(m, i, k, scaled);
    }
    return finite;
}

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
    rnl_matrix w = rnl_net_parameter(net, info.first_parameter).value;
    rnl_matrix b = rnl_net_parameter(net, info.first_parameter + 1).value;
    const double nothing = -0.0; /* what is added leaves even a -0 as it is */
    for (size_t k = 0; k < outputs; k++) {
        RNL_FAIL_IF(!isfinite(scale[k]) || !isfinite(shift[k]), RNL_ERR_USAGE,
                    "the scale or the shift of output %zu is not finite", k);
        RNL_FAIL_IF(!scale_column(&w, k, scale[k], nothing, false) ||
                        !scale_column(&b, k, scale[k], shift[k], false),
                    RNL_ERR_USAGE,
                    "output %zu times %g plus %g: weights of the last layer would be more than %s "
                    "holds, or NaN",
                    k, scale[k], shift[k], net->dtype == RNL_F64 ? "f64" : "f32");
    }
    for (size_t k = 0; k < outputs; k++) {
        scale_column(&w, k, scale[k], nothing, true);
        scale_column(&b, k, scale[k], shift[k], true);
    }
    return RNL_OK;
}

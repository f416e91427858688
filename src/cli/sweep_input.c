/* sweep_input.c - what all runs of a sweep start from: the data, the network of --from; and a digest of it, by which
 * a table tells whether its runs started from the same */
#include "sweep.h"

#include <stdio.h>
#include <string.h>

static uint64_t mix_block(uint64_t hash, rnl_matrix block)
{
    for (size_t i = 0; i < block.rows; i++) {
        for (size_t j = 0; j < block.cols; j++) {
            const size_t at = i * block.ld + j;
            const double number = block.dtype == RNL_F64 ? ((const double *)block.data)[at]
                                                         : ((const float *)block.data)[at];
            uint64_t bits;
            memcpy(&bits, &number, sizeof bits);
            hash = cli_sweep_mix(hash ^ bits);
        }
    }
    return hash;
}

static uint64_t mix_net(uint64_t hash, const rnl_net *net)
{
    for (size_t k = 0; k < rnl_net_parameter_count(net); k++)
        hash = mix_block(hash, rnl_net_parameter(net, k).value);
    for (size_t k = 0; k < rnl_net_state_count(net); k++)
        hash = mix_block(hash, rnl_net_state(net, k).value);
    return hash;
}

static int digest(cli_sweep_plan *s)
{
    uint64_t train, validation;
    rnl_status status = rnl_dataset_digest(s->data.train, &train);
    status = status ? status : rnl_dataset_digest(s->data.validation, &validation);
    if (status != RNL_OK)
        return cli_library_error(status, s->base.data.data);
    uint64_t hash = cli_sweep_mix(train) + validation;
    if (s->data.from.net)
        hash = mix_net(hash, s->data.from.net);
    snprintf(s->input, sizeof s->input, "%016llx", (unsigned long long)hash);
    return -1;
}

/* With the settings of the first trial: what a recipe says of the data is among them. */
int cli_sweep_open(cli_sweep_plan *s)
{
    cli_train_settings first;
    int end = cli_sweep_settings(s, s->value, NULL, &first);
    if (end < 0)
        end = cli_train_open(&s->data, &first, CLI_TRAIN_PART);
    return end < 0 ? digest(s) : end;
}

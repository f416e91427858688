/* sweep_input.c - what all runs of a sweep start from: the data, the network of --from; and a digest of it, by which
 * a table tells whether its runs started from the same */
#include "net_digest.h"
#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digest(cli_sweep_plan *s)
{
    uint64_t train, validation;
    rnl_status status = rnl_dataset_digest(s->data.train, &train);
    status = status ? status : rnl_dataset_digest(s->data.validation, &validation);
    if (status != RNL_OK)
        return cli_library_error(status, s->base.data.data);
    uint64_t hash = cli_mix(train) + validation;
    if (s->data.from.net)
        hash = cli_net_digest(hash, s->data.from.net);
    snprintf(s->input, sizeof s->input, "%016llx", (unsigned long long)hash);
    return -1;
}

/* A batch of more samples than there are would end the sweep where it is drawn. */
static int check_batches(const cli_sweep_plan *s)
{
    const size_t n = rnl_dataset_describe(s->data.train).n;
    for (size_t i = 0; i < s->dimensions; i++) {
        const cli_dimension *d = &s->dimension[i];
        if (strcmp(d->name, "batch") != 0)
            continue;
        double most = d->choices ? 0 : d->high;
        for (size_t k = 0; k < d->choices; k++)
            most = fmax(most, strtod(d->choice[k], NULL));
        if (most > (double)n) {
            cli_error("--try batch: up to %.0f, and the training set has only %zu samples", most,
                      n);
            return CLI_WRONG_USAGE;
        }
    }
    return -1;
}

/* With the settings of the first trial: what a recipe says of the data is among them. */
int cli_sweep_open(cli_sweep_plan *s)
{
    cli_train_settings first;
    int end = cli_sweep_settings(s, s->value, NULL, &first);
    if (end < 0)
        end = cli_train_open(&s->data, &first, CLI_TRAIN_PART);
    if (end < 0)
        end = check_batches(s);
    return end < 0 ? digest(s) : end;
}

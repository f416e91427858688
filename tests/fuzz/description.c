/* description.c - networks in text: what is taken describes itself in a text that is taken as the same */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 4096)
        return 0;
    char *text = malloc(size + 1);
    MUST(text);
    memcpy(text, bytes, size);
    text[size] = '\0';

    rnl_net *net = NULL, *again = NULL;
    rnl_net_config config = rnl_net_config_default();
    config.backend = "portable";
    config.inputs = 12;
    config.outputs = 3;
    rnl_alloc_limit(
        (size_t)1 << 20); /* a large network is no fault; its initial weights take time */
    rnl_status status = rnl_net_new(&net, text, &config);
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK) {
        MUST(rnl_net_new(&again, rnl_net_description(net), &config) == RNL_OK);
        MUST(strcmp(rnl_net_description(net), rnl_net_description(again)) == 0);
        MUST(rnl_net_size(net) == rnl_net_size(again));
    } else if (status != RNL_ERR_MEMORY) {
        fuzz_check_failure(status);
    }
    rnl_net_free(&net);
    rnl_net_free(&again);
    free(text);
    return 0;
}

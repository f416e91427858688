/* notes.c - what a model file's notes say of input and classes, as exporters read it: a network's five notes, with a
 * byte 1 between them; a value that is no UTF-8 is refused when it is set */
#include "fuzz.h"
#include "model/export.h"
#include "net/net.h"

#include <math.h>

static void use_plan(const rnl_export_plan *plan)
{
    const float x[3] = {1, -2, 0.5f};
    float y[2];
    for (size_t i = 0; i < plan->ops; i++)
        for (size_t k = 0; k < plan->op[i].weights; k++)
            MUST(isfinite(plan->op[i].weight[k]));
    MUST(plan->notes.classes == 0 || plan->notes.classes == 2);
    for (size_t i = 0; i < plan->notes.classes; i++)
        MUST(!strchr(plan->notes.class_name[i], '\n'));
    MUST(rnl_export_run(plan, NULL, x, y) == RNL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const keys[] = {"runnel.input.scale", "runnel.input.shift", "runnel.classes",
                                       "runnel.input.columns", "runnel.dark_on_light"};
    char *text = malloc(size + 1), *rest = text;
    rnl_net *net = NULL;
    rnl_net_config config = rnl_net_config_default();
    config.backend = "portable";
    config.inputs = 3;
    config.outputs = 2;
    MUST(text && rnl_net_new(&net, "affine", &config) == RNL_OK);
    memcpy(text, bytes, size);
    text[size] = '\0';
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && *rest; i++) {
        const size_t length = strcspn(rest, "\1");
        const bool more = rest[length] != '\0';
        rest[length] = '\0';
        if (length > 0) {
            const rnl_status set = rnl_net_set_note(net, keys[i], rest);
            MUST(set == RNL_OK || (set == RNL_ERR_USAGE && !rnl_net_note(net, keys[i])));
        }
        rest += length + more;
    }
    rnl_export_plan plan;
    rnl_alloc_limit(64 * size + 4096);
    const rnl_status status = rnl_export_plan_make(&plan, net, false);
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK)
        use_plan(&plan);
    else
        fuzz_check_failure(status);
    rnl_export_plan_free(&plan);
    rnl_net_free(&net);
    free(text);
    return 0;
}

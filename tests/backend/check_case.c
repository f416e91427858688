/* check_case.c - a case as text, and the backends there are */
#include "check.h"

#include "backend/portable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    const char *values[5]; /* names of 0, 1, ...; none: a number */
    bool whole;
} fields[FIELDS] = {
    [F_N] = {"n", {NULL}, true},
    [F_IN] = {"in", {NULL}, true},
    [F_OUT] = {"out", {NULL}, true},
    [F_COLS] = {"cols", {NULL}, true},
    [F_GAP] = {"gap", {NULL}, true},
    [F_ACT] = {"act", {"none", "relu", "sigmoid"}, true},
    [F_ADD] = {"add", {"no", "yes"}, true},
    [F_ALPHA] = {"alpha", {NULL}, false},
    [F_ARG] = {"arg", {NULL}, false},
    [F_TARGETS] = {"targets", {"classes", "rows"}, true},
    [F_GIVE] = {"give", {"both", "losses", "dx"}, true},
    [F_INPLACE] = {"inplace", {"no", "yes"}, true},
    [F_FILL] = {"fill", {"plain", "special", "ties", "sparse"}, true},
    [F_SEED] = {"seed", {NULL}, true},
};

static const char *const dtypes[] = {"f32", "f64"};

const check_kernel *check_kernel_at(size_t i)
{
    const check_kernel *const lists[] = {
        check_affine_kernels, check_row_kernels,  check_sparse_kernels, check_activation_kernels,
        check_norm_kernels,   check_loss_kernels, check_update_kernels};
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++)
        for (const check_kernel *kernel = lists[k]; kernel->name; kernel++)
            if (i-- == 0)
                return kernel;
    return NULL;
}

void check_print(const check_case *c, char text[CHECK_TEXT])
{
    int at = snprintf(text, CHECK_TEXT, "%s/%s/%s", c->kernel->name, c->backend, dtypes[c->dtype]);
    for (size_t f = 0; f < FIELDS; f++) {
        if (!(c->kernel->fields & 1u << f))
            continue;
        const size_t room = CHECK_TEXT - (size_t)at;
        if (fields[f].values[0])
            at += snprintf(text + at, room, " %s=%s", fields[f].name,
                           fields[f].values[(size_t)c->field[f]]);
        else
            at += snprintf(text + at, room, " %s=%.12g", fields[f].name, c->field[f]);
    }
}

static bool parse_value(size_t f, const char *word, double *value)
{
    for (size_t v = 0; fields[f].values[0]; v++) {
        if (!fields[f].values[v])
            return false;
        *value = (double)v;
        if (strcmp(word, fields[f].values[v]) == 0)
            return true;
    }
    char *end;
    *value = strtod(word, &end);
    return end != word && *end == 0 && (!fields[f].whole || (*value >= 0 && *value <= 0x1p53));
}

bool check_parse(check_case *c, const char *text, char why[CHECK_TEXT])
{
    char copy[CHECK_TEXT], *rest;
    *c = (check_case){.kernel = NULL};
    snprintf(copy, sizeof copy, "%s", text);
    const char *kernel = strtok_r(copy, "/", &rest), *backend = strtok_r(NULL, "/", &rest),
               *dtype = strtok_r(NULL, " ", &rest);
    if (!kernel || !backend || !dtype) {
        snprintf(why, CHECK_TEXT, "a case begins with kernel/backend/dtype");
        return false;
    }
    for (size_t i = 0; check_kernel_at(i); i++)
        if (strcmp(kernel, check_kernel_at(i)->name) == 0)
            c->kernel = check_kernel_at(i);
    snprintf(c->backend, sizeof c->backend, "%s", backend);
    c->dtype = strcmp(dtype, "f64") == 0 ? RNL_F64 : RNL_F32;
    if (!c->kernel || strcmp(dtype, dtypes[c->dtype]) != 0) {
        snprintf(why, CHECK_TEXT, "there is no kernel %s for %s", kernel, dtype);
        return false;
    }
    unsigned missing = c->kernel->fields;
    for (const char *word; (word = strtok_r(NULL, " ", &rest));) {
        const char *equals = strchr(word, '=');
        size_t f = 0, length = equals ? (size_t)(equals - word) : strlen(word);
        while (f < FIELDS &&
               (strlen(fields[f].name) != length || strncmp(word, fields[f].name, length) != 0))
            f++;
        if (f == FIELDS || !equals || !(missing & 1u << f) ||
            !parse_value(f, equals + 1, &c->field[f])) {
            snprintf(why, CHECK_TEXT, "%s takes no \"%.60s\"", kernel, word);
            return false;
        }
        missing &= ~(1u << f);
    }
    for (size_t f = 0; f < FIELDS; f++) {
        if (missing & 1u << f) {
            snprintf(why, CHECK_TEXT, "%s=... is missing", fields[f].name);
            return false;
        }
    }
    return true;
}

const check_backend *check_backends(void)
{
    static check_backend found[5];
    size_t n = 0;
    found[n++] = (check_backend){"baseline", &rnl_portable_baseline};
#ifdef RNL_HAVE_X86_LEVELS
    const rnl_kernel_set *best = rnl_portable();
    if (best != &rnl_portable_baseline)
        found[n++] = (check_backend){"avx2", &rnl_portable_avx2};
    if (best == &rnl_portable_avx512)
        found[n++] = (check_backend){"avx512", &rnl_portable_avx512};
#endif
#ifdef RNL_HAVE_ONEDNN
    found[n++] = (check_backend){"onednn", rnl_onednn()};
#endif
    found[n] = (check_backend){NULL, NULL};
    return found;
}

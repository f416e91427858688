/* init.c - the first weights
 *
 *   normal STD         N(0, STD^2)
 *   he                 N(0, 2/in)             He et al. 2015: what suits relu, which lets half of the variance
 *                                             through; 2 / (1 + slope^2) for leaky_relu, in place of 2
 *   xavier             N(0, 2/(in + out))     Glorot, Bengio 2010: what suits a function that is steep and
 *                                             straight around 0
 *   he_uniform, xavier_uniform                the same variances, uniform between +-sqrt(3) deviations
 *   auto               he before relu, leaky_relu, elu, gelu, silu and softplus; xavier elsewhere
 *
 * "Before" looks past batchnorm, layernorm and dropout. Biases are 0. */
#include "layers/layer.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    rnl_init init;
} rules[] = {
    {"normal", {RNL_INIT_NORMAL, false, 0}}, {"he", {RNL_INIT_HE, false, 0}},
    {"xavier", {RNL_INIT_XAVIER, false, 0}}, {"he_uniform", {RNL_INIT_HE, true, 0}},
    {"auto", {RNL_INIT_AUTO, false, 0}},     {"xavier_uniform", {RNL_INIT_XAVIER, true, 0}},
};

/* The rule that others call so, or that is mistyped so; NULL where none is. */
static const char *meant(rnl_piece name)
{
    static const char *const others[][2] = {
        {"kaiming", "he"},           {"kaiming_normal", "he"},
        {"he_normal", "he"},         {"kaiming_uniform", "he_uniform"},
        {"glorot", "xavier"},        {"glorot_normal", "xavier"},
        {"xavier_normal", "xavier"}, {"glorot_uniform", "xavier_uniform"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (!rnl_piece_is(name, rules[i].name) && rnl_piece_nearly(name, rules[i].name))
            return rules[i].name;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (rnl_piece_nearly(name, others[i][0]))
            return others[i][1];
    return NULL;
}

rnl_status rnl_init_parse(rnl_init *init, const char *text)
{
    const size_t name = strcspn(text, " ");
    const char *number = text + name + strspn(text + name, " ");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (strlen(rules[i].name) != name || memcmp(rules[i].name, text, name) != 0)
            continue;
        *init = rules[i].init;
        const bool wanted = init->rule == RNL_INIT_NORMAL;
        if (wanted ? rnl_parse_number(number, strlen(number), &init->std) && init->std >= 0
                   : *number == '\0')
            return RNL_OK;
    }
    char quoted[96];
    rnl_text_quote(quoted, sizeof quoted, "", text);
    const char *near = meant((rnl_piece){text, name});
    if (near)
        return rnl_fail(RNL_ERR_USAGE, "initial weights %s: did you mean %s?", quoted, near);
    return rnl_fail(RNL_ERR_USAGE,
                    "initial weights %s: known are normal STD (0 or more), he, he_uniform, xavier, "
                    "xavier_uniform and auto",
                    quoted);
}

double rnl_he_variance(const rnl_layer *l)
{
    (void)l;
    return 2;
}

/* The deviation of weights [in, out] that `activation` (NULL: none) follows. */
static double deviation(const rnl_init *init, const rnl_layer *activation, double in, double out)
{
    const bool one_sided = activation && activation->type->he_variance;
    switch (init->rule) {
    case RNL_INIT_NORMAL: return init->std;
    case RNL_INIT_XAVIER: return sqrt(2 / (in + out));
    case RNL_INIT_HE: break;
    case RNL_INIT_AUTO:
        if (!one_sided)
            return sqrt(2 / (in + out));
        break;
    }
    return sqrt((one_sided ? activation->type->he_variance(activation) : 2) / in);
}

void rnl_init_weights(const rnl_init *init, const rnl_layer *activation, rnl_matrix *W,
                      rnl_random *random)
{
    const double std = deviation(init, activation, (double)W->rows, (double)W->cols);
    const double most = sqrt(3) * std;
    for (size_t i = 0; i < W->rows; i++)
        for (size_t j = 0; j < W->cols; j++)
            rnl_matrix_set(W, i, j,
                           init->uniform ? most * (2 * rnl_random_uniform(random) - 1)
                                         : std * rnl_random_normal(random));
}

void rnl_norm_add_blocks(rnl_layer *l)
{
    rnl_layer_add_block(l, "gamma", "weight", 1, l->inputs);
    rnl_layer_add_block(l, "beta", "bias", 1, l->inputs);
}

void rnl_norm_init(const rnl_layer *l, rnl_matrix *value, const rnl_init *how,
                   const rnl_layer *activation, rnl_random *random)
{
    (void)how;
    (void)activation;
    (void)random;
    for (size_t j = 0; j < l->inputs; j++) {
        rnl_matrix_set(&value[RNL_NORM_GAMMA], 0, j, 1);
        rnl_matrix_set(&value[RNL_NORM_BETA], 0, j, 0);
    }
}

/* test_stacks.c - random stacks of layers: every gradient against differences, element by element
 *
 *   test_stacks           40 stacks
 *   test_stacks SEED      the one of that seed
 *
 * Once with a random upstream gradient, once with the loss; and the library's own numerical gradient
 * against the same; some on inputs that are mostly zero. A relu whose input comes near its kink would make differences meaningless, so
 * numbers are drawn until none does. */
#include "../layers/nets.h"

typedef struct stack {
    char text[256];
    char item[8][16]; /* of the text, in order */
    size_t items, inputs, outputs, n;
} stack;

static size_t between(rnl_random *r, size_t least, size_t most)
{
    return least + (size_t)rnl_bounded(rnl_random_u64(r), most - least + 1);
}

/* One to four affine layers, up to two activations before, between and after them. */
static stack draw_stack(rnl_random *r)
{
    stack s = {.inputs = between(r, 1, 7), .n = between(r, 1, 5)};
    s.outputs = s.inputs;
    const size_t affines = between(r, 1, 4);
    for (size_t k = 0; k <= affines; k++) {
        for (size_t a = between(r, 0, 2); a > 0 && s.items < 7; a--)
            strcpy(s.item[s.items++], between(r, 0, 1) ? "relu" : "sigmoid");
        if (k == affines || s.items == 8)
            break;
        s.outputs = between(r, 2, 6);
        snprintf(s.item[s.items++], sizeof s.item[0], "affine %zu", s.outputs);
    }
    for (size_t k = 0; k < s.items; k++) {
        strcat(s.text, k ? ", " : "");
        strcat(s.text, s.item[k]);
    }
    return s;
}

/* Whether some relu's input is nearer to 0 than KINK. (One that is 0 itself comes from a relu, which
 * keeps it there.) The input of item k is the output of the network that ends before it. */
static bool near_kink(const probe *p, const stack *s)
{
    char prefix[256] = "";
    bool near = false;
    for (size_t k = 0; k < s->items && !near; k++) {
        if (strcmp(s->item[k], "relu") == 0) {
            rnl_matrix z = p->x;
            rnl_net *net = NULL;
            if (k > 0) {
                net = net_of(prefix, s->inputs, 0, RNL_F64, NULL);
                copy_parameters(net, p->net);
                rnl_workspace *ws = workspace_of(net, s->n);
                z = matrix_new(s->n, rnl_net_outputs(net), RNL_F64);
                must(rnl_net_predict(net, ws, p->x, z));
                rnl_workspace_free(&ws);
            }
            for (size_t i = 0; i < z.rows; i++)
                for (size_t j = 0; j < z.cols; j++)
                    near |= rnl_matrix_get(&z, i, j) != 0 && fabs(rnl_matrix_get(&z, i, j)) < KINK;
            if (net)
                matrix_free(&z);
            rnl_net_free(&net);
        }
        strcat(prefix, k ? ", " : "");
        strcat(prefix, s->item[k]);
    }
    return near;
}

/* A gradient that is zero all over tells nothing: all relus of a small network may be off. */
static bool gradient_lives(probe *p)
{
    rnl_gradients *g;
    must(rnl_gradients_new(&g, p->net));
    must(rnl_net_gradient(p->net, p->ws, p->x, p->t, g, NULL));
    bool lives = true;
    for (size_t i = 0; i < rnl_net_parameter_count(p->net); i++) {
        const rnl_matrix block = rnl_gradients_block(g, i);
        lives &= largest(&block) > 1e-4;
    }
    rnl_gradients_free(&g);
    return lives;
}

static void check_loss_gradient(probe *p)
{
    rnl_gradients *g, *numerical;
    must(rnl_gradients_new(&g, p->net));
    must(rnl_gradients_new(&numerical, p->net));
    must(rnl_net_gradient(p->net, p->ws, p->x, p->t, g, NULL));
    must(rnl_net_numerical_gradient(p->net, NULL, p->x, p->t, 1e-4, 2, numerical));
    for (size_t i = 0; i < rnl_net_parameter_count(p->net); i++) {
        rnl_parameter parameter = rnl_net_parameter(p->net, i);
        const rnl_matrix block = rnl_gradients_block(g, i),
                         other = rnl_gradients_block(numerical, i);
        check_gradient(p, parameter.name, &parameter.value, &block);
        for (size_t k = 0; k < block.rows; k++)
            for (size_t j = 0; j < block.cols; j++)
                assert_true(fabs(rnl_matrix_get(&block, k, j) - rnl_matrix_get(&other, k, j)) <=
                            1e-6 * largest(&block));
    }
    rnl_gradients_free(&g);
    rnl_gradients_free(&numerical);
}

static void fill_targets(rnl_matrix *rows, int32_t *classes, rnl_random *r)
{
    for (size_t i = 0; i < rows->rows; i++) {
        double sum = 0;
        classes[i] = (int32_t)rnl_bounded(rnl_random_u64(r), rows->cols);
        for (size_t pass = 0; pass < 2; pass++) {
            for (size_t k = 0; k < rows->cols; k++) {
                if (pass == 0) {
                    rnl_matrix_set(rows, i, k, 0.1 + rnl_random_uniform(r));
                    sum += rnl_matrix_get(rows, i, k);
                } else {
                    rnl_matrix_set(rows, i, k, rnl_matrix_get(rows, i, k) / sum);
                }
            }
        }
    }
}

/* Four of five numbers become 0. */
static void drop_most(rnl_matrix *x, rnl_random *r)
{
    for (size_t i = 0; i < x->rows; i++)
        for (size_t j = 0; j < x->cols; j++)
            if (rnl_bounded(rnl_random_u64(r), 5) != 0)
                rnl_matrix_set(x, i, j, 0);
}

/* false where no numbers were found that keep off the kinks. */
static bool check_stack(uint64_t seed)
{
    rnl_random r = rnl_random_new(seed, 300);
    const stack s = draw_stack(&r);
    int32_t classes[8];
    char name[320];
    snprintf(name, sizeof name, "seed %llu, %zu samples of %zu, \"%s\"", (unsigned long long)seed,
             s.n, s.inputs, s.text);
    probe p = {.name = name, .net = net_of(s.text, s.inputs, 0, RNL_F64, NULL)};
    assert_int_equal(rnl_net_outputs(p.net), s.outputs);
    p.ws = workspace_of(p.net, s.n);
    p.x = matrix_new(s.n, s.inputs, RNL_F64);
    p.y = matrix_new(s.n, s.outputs, RNL_F64);
    rnl_matrix rows = matrix_new(s.n, s.outputs, RNL_F64);
    fill_targets(&rows, classes, &r);
    p.t = seed % 2 ? rnl_targets_classes(classes, s.n) : rnl_targets_rows(rows);

    /* A first affine layer passes over zeros; a first relu has its kink there. */
    const bool mostly_zero = seed % 3 == 0 && strncmp(s.text, "affine", 6) == 0;
    bool good = false;
    for (int attempt = 0; attempt < 200 && !good; attempt++) {
        fill_parameters(p.net, &r, 0.9);
        fill_normal(&p.x, &r, 1.5);
        if (mostly_zero)
            drop_most(&p.x, &r);
        good = !near_kink(&p, &s) && gradient_lives(&p);
    }
    if (good) {
        check_loss_gradient(&p);
        check_backward(&p, &r);
    }
    matrix_free(&p.x);
    matrix_free(&p.y);
    matrix_free(&rows);
    rnl_workspace_free(&p.ws);
    rnl_net_free(&p.net);
    return good;
}

static uint64_t only; /* 0: all */

static void test_stacks(void **state)
{
    (void)state;
    enum { STACKS = 40 };
    size_t checked = 0;
    for (uint64_t seed = only ? only : 1; seed <= (only ? only : STACKS); seed++)
        checked += check_stack(seed);
    print_message("%zu stacks checked\n", checked);
    assert_true(checked >= (only ? 1 : STACKS * 3 / 4));
}

int main(int argc, char **argv)
{
    if (argc > 1)
        only = strtoull(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stacks)};
    return cmocka_run_group_tests_name("stacks", tests, NULL, NULL);
}

/* gradcheck.c - runnel gradcheck
 *
 * Backpropagation computes the gradient by the chain rule; numerical differentiation computes it by
 * (loss(w + h) - loss(w - h)) / 2h, slowly, and without knowing the chain rule. Where they agree,
 * backpropagation is right. How they are compared stands in gradient_check.c. */
#include "data_files.h"
#include "gradient_check.h"
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char about[] =
    "Checks backpropagation against numerical differentiation, (loss(w+h) - loss(w-h)) / 2h, "
    "for every single parameter of a fresh network, in double precision, on samples that are "
    "drawn from the training data, the same share of each class.\n\n"
    "The relative difference of two numbers is |a - b| / max(|a|, |b|, 1e-5). The check fails "
    "when the largest exceeds the bound. Next to a kink of relu, and where the loss bends too much "
    "for this h, the numerical side is wrong; numbers that disagree are therefore looked at "
    "closer, "
    "from below and from above, with smaller and smaller h until the slope of that side stays the "
    "same, and counted under \"finer h\" if they agree then.";

typedef struct settings {
    rnl_net_config net;
    cli_data_choice data;
    const char *description;
    size_t samples;
    double h, bound;
    int threads;
    bool json, quiet;
} settings;

typedef struct check {
    rnl_net *net;
    rnl_gradients *back, *numerical;
    cli_comparison *blocks; /* one a block of parameters */
} check;

static void print_block(const settings *s, const rnl_parameter *p, const cli_comparison *r)
{
    if (s->json)
        cli_print_json(json_pack(
            "{ss s[II] so so so sI}", "block", p->name, "shape", (json_int_t)p->value.rows,
            (json_int_t)p->value.cols, "mean_absolute_difference", cli_json_real(r->mean_absolute),
            "largest_relative_difference", cli_json_real(r->largest_relative), "largest_gradient",
            cli_json_real(r->largest), "finer_h", (json_int_t)r->finer));
    else
        cli_print("%-6s %8zu %9.2e %9.2e %9.2e %7zu\n", p->name, r->size, r->mean_absolute,
                  r->largest_relative, r->largest, r->finer);
}

/* Prints the table; how the program ends. */
static int report(const settings *s, const check *c, double loss)
{
    double worst = 0;
    if (!s->json)
        cli_print("%24s %9s %9s %7s\n%-6s %8s %9s %9s %9s %7s\n", "mean", "largest", "largest",
                  "finer", "block", "numbers", "abs diff", "rel diff", "gradient", "h");
    for (size_t k = 0; k < rnl_net_parameter_count(c->net); k++) {
        rnl_parameter p = rnl_net_parameter(c->net, k);
        const cli_comparison *r = &c->blocks[k];
        print_block(s, &p, r);
        worst = fmax(worst, r->largest_relative);
        if (r->largest == 0)
            cli_message("all gradients of %s are 0, which checks little", p.name);
    }
    bool right = worst <= s->bound;
    if (s->json)
        cli_print_json(json_pack("{ss so so so sb}", "net", rnl_net_description(c->net), "loss",
                                 cli_json_real(loss), "largest_relative_difference",
                                 cli_json_real(worst), "bound", cli_json_real(s->bound), "agree",
                                 right));
    else
        cli_print("\n%s: the largest relative difference is %.2e, the bound is %.2e\n",
                  right ? "they agree" : "THEY DISAGREE", worst, s->bound);
    return right ? CLI_OK : CLI_FAILED;
}

/* On a terminal: how long the numerical side will take, by the time of one pass. */
static void announce(const settings *s, const check *c, rnl_workspace *ws, rnl_matrix x,
                     rnl_targets t)
{
    double loss, least = INFINITY; /* the first passes are slower */
    if (!cli_progress_due())
        return;
    for (int k = 0; k < 4; k++) {
        const double began = cli_seconds();
        if (rnl_net_loss(c->net, ws, x, t, &loss) != RNL_OK)
            return; /* told when it counts */
        least = fmin(least, cli_seconds() - began);
    }
    const size_t passes = 2 * rnl_net_size(c->net);
    const double threads = s->threads ? s->threads : rnl_processors();
    cli_progress("h = %g: %zu passes forward, about %.0f s", s->h, passes,
                 ceil(least * (double)passes / threads));
}

static void announce_closer(void *user, size_t numbers)
{
    (void)user;
    if (cli_progress_due())
        cli_progress("%zu numbers are looked at closer", numbers);
}

/* Both gradients of the loss on x, as the network learns: with the same dropout for each pass, and
 * batchnorm by the samples at hand; and how they compare. */
static rnl_status differentiate(const settings *s, check *c, rnl_matrix x, rnl_targets t,
                                double *loss)
{
    rnl_workspace *ws = NULL;
    const rnl_mode mode = {.training = true, .seed = s->net.seed};
    rnl_status status = rnl_workspace_new(&ws, c->net, x.rows);
    status = status ? status : rnl_gradients_new(&c->back, c->net);
    if (status == RNL_OK)
        rnl_workspace_set_mode(ws, mode);
    status = status ? status : rnl_net_gradient(c->net, ws, x, t, c->back, loss);
    if (status == RNL_OK)
        announce(s, c, ws, x, t);
    status = status ? status : rnl_gradients_new(&c->numerical, c->net);
    if (status == RNL_OK)
        status = rnl_net_numerical_gradient(c->net, &mode, x, t, s->h, s->threads, c->numerical);
    const cli_gradient_check compared = {.net = c->net,
                                         .ws = ws,
                                         .x = x,
                                         .t = t,
                                         .back = c->back,
                                         .numerical = c->numerical,
                                         .h = s->h,
                                         .bound = s->bound,
                                         .before_closer = announce_closer};
    status = status ? status : cli_check_gradients(&compared, c->blocks);
    cli_progress_clear();
    rnl_workspace_free(&ws);
    return status;
}

/* What these samples should be answered with; rows of numbers, where there are no classes, into room. */
static rnl_targets targets_of(const rnl_dataset *set, double *room)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    const float *rows = rnl_dataset_targets(set);
    if (!rows)
        return rnl_targets_classes(rnl_dataset_classes(set), info.n);
    for (size_t k = 0; k < info.n * info.target_width; k++)
        room[k] = (double)rows[k];
    return rnl_targets_rows(rnl_matrix_f64(room, info.n, info.target_width));
}

/* All samples of the set. */
static int check_on(settings *s, const rnl_dataset *set)
{
    check c = {0};
    rnl_dataset_info info = rnl_dataset_describe(set);
    double loss = 0, *numbers = NULL, *targets = NULL;
    int end = CLI_WRONG_USAGE;
    s->net.dtype = RNL_F64;
    const rnl_status made = cli_new_net(&c.net, s->description, &s->net, set);
    if (made != RNL_OK) {
        cli_error_of_net(made);
        return end;
    }
    cli_message("%s: %zu parameters, f64, %s, %zu samples of %s, h = %g",
                rnl_net_description(c.net), rnl_net_size(c.net), rnl_net_backend(c.net), info.n,
                s->data.data, s->h);
    c.blocks = cli_alloc(rnl_net_parameter_count(c.net), sizeof *c.blocks);
    numbers = cli_alloc(info.n, info.features * sizeof *numbers);
    targets = cli_alloc(info.n, info.target_width * sizeof *targets);
    rnl_matrix x = rnl_matrix_f64(numbers, info.n, info.features);
    rnl_status status = rnl_dataset_gather(set, NULL, 0, x);
    if (status == RNL_OK)
        status = differentiate(s, &c, x, targets_of(set, targets), &loss);
    end = status == RNL_OK ? report(s, &c, loss) : cli_library_error(status, NULL);
    rnl_gradients_free(&c.back);
    rnl_gradients_free(&c.numerical);
    free(c.blocks);
    free(numbers);
    free(targets);
    rnl_net_free(&c.net);
    return end;
}

/* By all samples, of which some are taken. */
static int scale_targets(settings *s, rnl_dataset *set)
{
    rnl_net *net;
    if (rnl_dataset_describe(set).target_width == 0 ||
        cli_new_net(&net, s->description, &s->net, set) != RNL_OK)
        return -1; /* what is wrong is told later */
    const int end = cli_scale_targets(set, net);
    rnl_net_free(&net);
    return end;
}

/* So many samples, as they are drawn: the first ones of a file may all be of one class. */
static int check_some_of(settings *s, const rnl_dataset *set)
{
    const size_t n = rnl_dataset_describe(set).n;
    rnl_dataset *rest = NULL, *part = NULL;
    if (n < s->samples) {
        cli_error("--samples %zu: the data set has only %zu", s->samples, n);
        return CLI_WRONG_USAGE;
    }
    if (n == s->samples)
        return check_on(s, set);
    const rnl_status status =
        rnl_dataset_split(set, (double)s->samples / (double)n, s->net.seed, &rest, &part);
    const int end = status == RNL_OK ? check_on(s, part) : cli_library_error(status, NULL);
    rnl_dataset_free(&part);
    rnl_dataset_free(&rest);
    return end;
}

int cli_gradcheck(int argc, char **argv)
{
    const char *backends[CLI_NAMES + 1];
    cli_names(backends, rnl_backend_name);
    settings s = {.net = rnl_net_config_default(),
                  .description = "affine 50, relu, affine",
                  .samples = 3,
                  .h = 1e-4,
                  .bound = 1e-5};
    cli_data data = {0};
    /* clang-format off */
    cli_option options[] = {
        {.name = "net", .kind = CLI_TEXT, .value = &s.description, .argument = "LAYERS",
         .help = "The layers: affine N, relu, batchnorm, dropout P, sigmoid, tanh and more. "
                 "The last affine may leave out N"},
        CLI_OPTION_DATA(&s.data, "mnist if it is on this machine, else strokes"),
        CLI_OPTION_LABELS(&s.data),
        {.name = "samples", .kind = CLI_SIZE, .value = &s.samples, .argument = "N", .least = 1,
         .also = "batch limit", .help = "How many samples the loss is taken of"},
        {.name = "h", .kind = CLI_REAL, .value = &s.h, .argument = "NUMBER", .positive = true,
         .also = "eps epsilon delta step", .help = "How far each parameter is moved"},
        {.name = "bound", .kind = CLI_REAL, .value = &s.bound, .argument = "NUMBER",
         .also = "tolerance tol rtol", .help = "The largest relative difference that is accepted"},
        {.name = "seed", .kind = CLI_U64, .value = &s.net.seed, .argument = "N",
         .help = "Of the weights, and of which samples are drawn"},
        {.name = "weight-init-std", .kind = CLI_REAL, .value = &s.net.weight_init_std,
         .argument = "NUMBER", .help = "Standard deviation of the weights"},
        CLI_OPTION_BACKEND(&s.net.backend, backends),
        CLI_OPTION_THREADS(&s.threads),
        CLI_OPTION_JSON(&s.json),
        CLI_OPTION_QUIET(&s.quiet),
        CLI_OPTIONS_PICTURES(&s.data),
    };
    /* clang-format on */
    cli_usage usage = {.synopsis = "[OPTION...]", .about = about, CLI_TABLE(options)};
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        return end;
    cli_be_quiet(s.quiet);
    if (!s.data.data)
        s.data.data = cli_have_mnist() ? "mnist" : "strokes";
    s.data.missing_otherwise = RNL_MISSING_MEAN;
    s.data.threads = s.threads;
    if (strcmp(s.data.data, "strokes") == 0) /* come in no order, and need not all be drawn */
        s.data.limit = s.samples;
    end = cli_data_open(&data, &s.data, CLI_TRAIN_PART, false);
    if (end < 0)
        end = scale_targets(&s, data.train);
    if (end < 0)
        end = check_some_of(&s, data.train);
    cli_data_free(&data);
    return end;
}

/* gradient_check.c - is a gradient the one that numerical differentiation finds?
 *
 *   relative difference  |b - n| / max(|b|, |n|, FLOOR)
 *
 * FLOOR keeps numbers that are almost 0 from dividing rounding errors (about 1e-11) by nothing.
 *
 * n is the quotient (loss(w + h) - loss(w - h)) / 2h. It is not the gradient where relu has a kink between w - h and
 * w + h, nor where the loss bends so much that h is too large. So a number that disagrees is looked at closer: the slope
 * from below and that from above, each with steps that get smaller until it no longer changes (derivative.c).
 *
 *     one of them is known to within the bound      it counts: the other side has a kink close to w
 *     both are, and differ                          w stands on a kink: backpropagation gives one of them
 *     neither is, but they do not differ            there is no kink, and the quotient counts, with smaller steps
 *
 * What is known, and how well, is found out without a look at b. A wrong gradient agrees with none of them. */
#include "gradient_check.h"

#include "derivative.h"

#include <math.h>
#include <stdbool.h>

static const double FLOOR = 1e-5;

/* How much larger than h the steps of the closer look are at first: several are needed, and the larger they are, the
 * less rounded the differences. */
static const double WIDER = 8;

static double scale_of(double a, double b)
{
    return fmax(fmax(fabs(a), fabs(b)), FLOOR);
}

/* Infinite where one of them is no number. */
static double relative(double a, double b)
{
    const double r = fabs(a - b) / scale_of(a, b);
    return isnan(r) ? INFINITY : r;
}

/* One parameter, and the loss as a function of it. */
typedef struct probe {
    const cli_gradient_check *c;
    double *w;
    rnl_status status;
} probe;

static double loss_at(void *user, double w)
{
    probe *p = user;
    const cli_gradient_check *c = p->c;
    const double kept = *p->w;
    double loss = NAN;
    *p->w = w;
    const rnl_status status = rnl_net_loss(c->net, c->ws, c->x, c->t, &loss);
    p->status = p->status ? p->status : status;
    *p->w = kept;
    return loss;
}

/* The slope at w that counts: of several the nearest to b; *n is left alone where none is known well enough. */
static rnl_status look_closer(const cli_gradient_check *c, double *w, double b, double loss,
                              double *n)
{
    const double enough = c->bound * scale_of(b, 0), h = WIDER * c->h;
    probe p = {.c = c, .w = w};
    const cli_derivative below = cli_differentiate(loss_at, &p, *w, loss, CLI_FROM_BELOW, h,
                                                   enough / 10),
                         above = cli_differentiate(loss_at, &p, *w, loss, CLI_FROM_ABOVE, h,
                                                   enough / 10);
    cli_derivative known[3] = {below, above, {.error = INFINITY}};
    const double nearly = 10 * enough;
    if (below.error > enough && above.error > enough && below.error <= nearly &&
        above.error <= nearly && fabs(below.value - above.value) <= below.error + above.error)
        known[2] = cli_differentiate(loss_at, &p, *w, loss, CLI_FROM_BOTH, h, enough / 10);
    double nearest = INFINITY;
    for (size_t i = 0; i < 3; i++)
        if (known[i].error <= enough && relative(b, known[i].value) < nearest) {
            nearest = relative(b, known[i].value);
            *n = known[i].value;
        }
    return p.status;
}

static double *number(rnl_matrix m, size_t i, size_t j)
{
    return (double *)m.data + i * m.ld + j;
}

static rnl_status compare(const cli_gradient_check *c, size_t block, double loss,
                          cli_comparison *of)
{
    const rnl_matrix back = rnl_gradients_block(c->back, block),
                     numerical = rnl_gradients_block(c->numerical, block),
                     w = rnl_net_parameter(c->net, block).value;
    double sum = 0;
    *of = (cli_comparison){.size = back.rows * back.cols};
    for (size_t i = 0; i < back.rows; i++) {
        for (size_t j = 0; j < back.cols; j++) {
            const double b = *number(back, i, j), at_h = *number(numerical, i, j);
            double n = at_h;
            if (relative(b, at_h) > c->bound) {
                const rnl_status status = look_closer(c, number(w, i, j), b, loss, &n);
                if (status != RNL_OK)
                    return status;
                of->finer += relative(b, n) <= c->bound;
            }
            sum += fabs(b - n);
            of->largest_relative = fmax(of->largest_relative, relative(b, n));
            of->largest = fmax(of->largest, fabs(b));
        }
    }
    of->mean_absolute = sum / (double)of->size;
    return RNL_OK;
}

static size_t count_apart(const cli_gradient_check *c)
{
    size_t apart = 0;
    for (size_t k = 0; k < rnl_net_parameter_count(c->net); k++) {
        const rnl_matrix back = rnl_gradients_block(c->back, k),
                         numerical = rnl_gradients_block(c->numerical, k);
        for (size_t i = 0; i < back.rows; i++)
            for (size_t j = 0; j < back.cols; j++)
                apart += relative(*number(back, i, j), *number(numerical, i, j)) > c->bound;
    }
    return apart;
}

rnl_status cli_check_gradients(const cli_gradient_check *c, cli_comparison *of)
{
    double loss;
    const size_t apart = count_apart(c);
    if (apart && c->before_closer)
        c->before_closer(c->user, apart);
    rnl_status status = rnl_net_loss(c->net, c->ws, c->x, c->t, &loss);
    for (size_t k = 0; k < rnl_net_parameter_count(c->net) && status == RNL_OK; k++)
        status = compare(c, k, loss, &of[k]);
    return status;
}

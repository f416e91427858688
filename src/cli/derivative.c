/* derivative.c - the derivative of a function of one number, looked at closely
 *
 *     from above    D(h) = (f(w + h) - f(w)) / h           = f'(w) + c1 h   + c2 h^2 + ...
 *     from below    D(h) = (f(w) - f(w - h)) / h           = f'(w) - c1 h   + c2 h^2 - ...
 *     from both     D(h) = (f(w + h) - f(w - h)) / 2h      = f'(w) + c2 h^2 + c4 h^4 + ...
 *
 * D is taken at h, h/2, h/4, ... What is wrong in D by c1 h is halved with h, and so 2 D(h/2) - D(h) is wrong by
 * h^2 only; of two of these the next combination is free of h^2, and so on (Richardson, Neville), with r = 2, and of
 * both sides 4:
 *
 *     T[0] = D        T[k](h/2) = T[k-1](h/2) + (T[k-1](h/2) - T[k-1](h)) / (r^k - 1)
 *
 * Each T is compared with the two that it is made of: where they are close, f is smooth all over these steps. The closest
 * counts, and their distance is the error (Ridders 1982), but no less than what rounding makes of D: f is rounded to
 * some 1e-16 of itself, and with small steps D comes in stairs, on which it looks as if it did not change. Nothing is
 * known here of what the derivative should be, so nothing can be picked because it suits.
 *
 * One side at a time, because where relu has its kink, at some distance on one side of w, the other side knows nothing
 * of it, and has the slope that is right at w. */
#include "derivative.h"

#include <float.h>
#include <math.h>

enum { LEVELS = 14 };

cli_derivative cli_differentiate(cli_function f, void *user, double w, double f_w, cli_side side,
                                 double h, double enough)
{
    const double r = side == CLI_FROM_BOTH ? 4 : 2;
    double row[LEVELS], before[LEVELS];
    cli_derivative best = {.value = NAN, .error = INFINITY};
    for (int i = 0; i < LEVELS && best.error > enough; i++, h /= 2) {
        /* w + h is rounded: the step that is really taken is above - below */
        const double above = side == CLI_FROM_BELOW ? w : w + h,
                     below = side == CLI_FROM_ABOVE ? w : w - h;
        const double f_above = side == CLI_FROM_BELOW ? f_w : f(user, above),
                     f_below = side == CLI_FROM_ABOVE ? f_w : f(user, below);
        const double rounding =
            2 * DBL_EPSILON * fmax(fabs(f_above), fabs(f_below)) / (above - below);
        double rk = 1;
        row[0] = (f_above - f_below) / (above - below);
        for (int k = 1; k <= i; k++) {
            rk *= r;
            row[k] = row[k - 1] + (row[k - 1] - before[k - 1]) / (rk - 1);
            const double apart = fmax(fabs(row[k] - row[k - 1]), fabs(row[k] - before[k - 1]));
            const double error = fmax(apart, rounding);
            if (error < best.error)
                best = (cli_derivative){row[k], error};
        }
        for (int k = 0; k <= i; k++)
            before[k] = row[k];
    }
    return best;
}

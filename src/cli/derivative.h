/* derivative.h - the derivative of a function of one number, looked at closely */
#ifndef RNL_CLI_DERIVATIVE_H
#define RNL_CLI_DERIVATIVE_H

typedef double (*cli_function)(void *user, double w);

typedef enum cli_side { CLI_FROM_BELOW = -1, CLI_FROM_BOTH = 0, CLI_FROM_ABOVE = 1 } cli_side;

typedef struct cli_derivative {
    double value,
        error; /* error: how far off it may be, by its own account; infinite: nothing is known */
} cli_derivative;

/* At w, where f is f_w, by differences of at most h to the side, or to both. They get smaller until the error is
 * `enough`, or rounding has the last word. */
cli_derivative cli_differentiate(cli_function f, void *user, double w, double f_w, cli_side side,
                                 double h, double enough);

#endif

/* random.c - random numbers that are the same on every machine */
#include "base/random.h"

#include <math.h>

double rnl_random_normal(rnl_random *r)
{
    double u, v, s;
    do {
        u = 2 * rnl_random_uniform(r) - 1;
        v = 2 * rnl_random_uniform(r) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    return u * sqrt(-2 * log(s) / s);
}

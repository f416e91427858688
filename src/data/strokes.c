/* strokes.c - the built-in digits: 28 x 28 pictures drawn from strokes, so that everything works
 * with no file and no network
 *
 * A digit is written in one of a few styles: points that a pen goes through. For each picture the
 * points move a little, each by itself; the whole is scaled, slanted, turned and shifted; and a
 * round brush is stamped along the smooth curve through them. Light on dark, as in MNIST.
 *
 * The same seed gives the same bytes on every machine: all that decides them is done in integers,
 * and no two numbers are drawn in one expression, where C leaves the order to the compiler. Picture
 * i depends on (seed, i) alone. */
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset.h"

#include <string.h>

enum { SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10, STYLES = 4, POINTS_MAX = 16 };

/* ---- the styles --------------------------------------------------------------------------------------
 *
 * "x,y" are points in a box of about 100 x 100, x to the right, y down. The pen goes round at a
 * point; at one with '/' it turns; after one with '.' it is lifted. */

static const char *const styles[CLASSES][STYLES] = {
    {"50,0 20,18 10,50 20,82 50,100 80,82 90,50 80,18 50,0.",
     "64,5 36,4 18,38 26,84 52,99 78,72 82,30 62,3 46,9.",
     "58,2 30,12 20,50 30,90 54,98 74,84 80,48 72,12 54,3.",
     "50,0 20,18 10,50 20,82 50,100 80,82 90,50 80,18 58,8 44,10."},
    {"50,0 50,50 50,100.", "30,24 52,0/ 51,50 52,100.", "32,20 52,0/ 52,50 52,100. 26,100 78,99.",
     "56,0 52,40 46,100."},
    {"15,22 32,3 62,0 82,20 74,48 45,75 12,98/ 50,97 92,98.",
     "18,20 42,0 75,10 76,38 50,70 20,93 10,80 30,74 56,90 92,92.",
     "20,12 46,0 78,14 70,45 12,100/ 88,100.", "14,14 50,0 80,18 64,52 22,92/ 48,88 90,100."},
    {"15,12 45,0 78,14 72,38 42,48/ 78,58 84,82 55,100 12,90.",
     "18,3/ 82,2/ 45,40/ 78,52 84,80 52,100 12,88.",
     "20,8 58,0 78,22 54,45 36,47 48,41 74,56 80,82 48,100 14,90.",
     "18,8 52,0 74,20 60,42 34,46/ 66,48 80,72 60,96 16,98."},
    {"28,2 18,35 12,60/ 50,58 90,56. 66,18 64,60 62,100.", "62,100 62,50 64,0/ 10,68/ 50,67 92,68.",
     "20,5 14,38 30,54 60,47 78,6/ 75,50 70,100.", "34,0 12,52/ 86,50. 70,2 66,50 56,100."},
    {"80,2 28,3/ 22,45/ 52,36 82,54 80,84 48,100 14,90.",
     "30,5 24,44/ 56,38 82,60 72,90 40,100 12,90. 30,5 84,2.",
     "78,6 42,4 24,24 44,44 76,62 72,90 42,100 14,90.",
     "86,0 36,6/ 26,40 62,46 74,74 50,98 16,94."},
    {"68,0 36,22 16,60 24,92 52,100 80,82 74,58 46,52 20,74.",
     "54,0 26,48 18,80 40,100 72,90 76,66 52,54 22,74.",
     "80,8 48,4 20,36 14,72 38,100 76,88 80,58 50,46 18,66.",
     "60,0 30,40 22,78 44,98 70,84 58,66 34,72 24,84."},
    {"12,4 84,2/ 56,48 40,100.", "14,4 82,4/ 54,50 42,100. 30,50 76,48.",
     "12,22/ 14,4/ 86,4/ 52,52 44,100.", "10,14 30,4 60,10 86,2/ 60,44 46,100."},
    {"74,12 46,0 22,18 40,42 70,62 76,86 48,100 20,86 28,62 60,42 78,20 66,4.",
     "50,0 26,10 28,36 50,46 74,36 74,10 50,0. 50,46 20,60 20,90 50,100 80,90 80,60 50,46.",
     "76,8 44,2 24,22 50,48 78,74 52,100 22,78 50,48 80,18.",
     "60,0 34,14 44,40 60,62 52,98 30,84 44,54 66,24 56,2."},
    {"76,14 48,0 20,18 22,44 48,54 74,38 78,12/ 74,55 68,100.",
     "78,20 52,2 22,14 20,42 50,52 78,30 82,20 80,60 62,92 22,96.",
     "70,10 44,2 26,24 44,42 68,28 72,8/ 70,60 52,100.",
     "72,6 36,4 22,32 48,48 74,30 76,6/ 76,50 78,100."},
};

/* ---- numbers -------------------------------------------------------------------------------------------- */

typedef int64_t fix; /* 16 binary places; one pixel is ONE */

enum { ONE = 65536 };

static fix mul(fix a, fix b)
{
    return a * b / ONE;
}

/* A whole number from a to b. */
static fix between(rnl_random *r, fix a, fix b)
{
    return a + (fix)rnl_bounded(rnl_random_u64(r), (uint64_t)(b - a + 1));
}

/* Bell-shaped about 0 with standard deviation `deviation`, never beyond 3.47 of them: the sum of
 * four evenly spread numbers of 16 bits, whose standard deviation is 65536 / sqrt(3) = 37837. */
static fix bell(rnl_random *r, fix deviation)
{
    uint64_t bits = rnl_random_u64(r);
    fix sum = 0;
    for (int k = 0; k < 4; k++)
        sum += (fix)(bits >> (16 * k) & 0xffff) * 2 - 0xffff;
    return sum * deviation / (2 * 37837);
}

/* ---- the pen's way ------------------------------------------------------------------------------------------ */

typedef enum pen { SMOOTH, TURN, LIFT } pen;

typedef struct point {
    fix x, y;
} point;

typedef struct way {
    size_t count;
    point at[POINTS_MAX];
    pen pen[POINTS_MAX];
} way;

static fix parse_number(const char **text)
{
    fix number = 0;
    for (; **text >= '0' && **text <= '9'; ++*text)
        number = 10 * number + (**text - '0');
    return number;
}

static way parse_style(const char *text)
{
    way w = {0};
    while (*text && w.count < POINTS_MAX) {
        w.at[w.count].x = parse_number(&text) * ONE;
        text++; /* , */
        w.at[w.count].y = parse_number(&text) * ONE;
        w.pen[w.count] = *text == '/' ? TURN : *text == '.' ? LIFT : SMOOTH;
        text += strspn(text, "/. ");
        w.count++;
    }
    return w;
}

/* Moves each point by itself, then the whole: from the style's box to pixels. */
static void distort(way *w, rnl_random *r)
{
    fix jitter = between(r, ONE * 2, ONE * 8);                /* how shaky the hand is */
    fix scale = ONE / 5 + bell(r, ONE / 70);                  /* 100 units are about 20 pixels */
    fix narrow = mul(scale, ONE * 9 / 10 + bell(r, ONE / 8)); /* people differ more in width */
    fix slant = ONE / 10 + bell(r, ONE / 5);
    fix turn = bell(r, ONE / 8); /* radians, at most 0.44; sine and cosine by their series */
    fix turn2 = mul(turn, turn);
    fix sine = turn - mul(turn, turn2) / 6;
    fix cosine = ONE - turn2 / 2 + mul(turn2, turn2) / 24;
    point centre;
    centre.x = ONE * SIDE / 2 + bell(r, ONE * 5 / 4);
    centre.y = ONE * SIDE / 2 + bell(r, ONE * 5 / 4);
    for (size_t i = 0; i < w->count; i++) {
        fix x = mul(w->at[i].x - 50 * ONE + bell(r, jitter), narrow);
        fix y = mul(w->at[i].y - 50 * ONE + bell(r, jitter), scale);
        x -= mul(y, slant);
        w->at[i].x = centre.x + mul(cosine, x) - mul(sine, y);
        w->at[i].y = centre.y + mul(sine, x) + mul(cosine, y);
    }
}

/* ---- ink ------------------------------------------------------------------------------------------------------- */

typedef struct brush {
    fix reach;   /* radius + half a pixel: no ink beyond */
    fix reach2;  /* reach^2 */
    fix inverse; /* 1 / (reach^2 - (radius - half a pixel)^2) = 1 / (2 radius) */
    fix ink;     /* the brightest byte it gives */
} brush;

static brush brush_of(fix radius, fix ink)
{
    fix reach = radius + ONE / 2;
    return (brush){reach, mul(reach, reach), (fix)ONE * ONE / (2 * radius), ink};
}

static fix clamp(fix v, fix low, fix high)
{
    return v < low ? low : v > high ? high : v;
}

/* A round stamp: full ink up to half a pixel inside the edge, none from half a pixel outside on,
 * and linear in the squared distance between. Ink does not add up. */
static void stamp(uint8_t *pixels, point p, const brush *b)
{
    int x0 = (int)(clamp(p.x - b->reach, 0, SIDE * ONE) / ONE);
    int x1 = (int)(clamp(p.x + b->reach, 0, SIDE * ONE - 1) / ONE);
    int y0 = (int)(clamp(p.y - b->reach, 0, SIDE * ONE) / ONE);
    int y1 = (int)(clamp(p.y + b->reach, 0, SIDE * ONE - 1) / ONE);
    for (int y = y0; y <= y1; y++) {
        fix dy = y * ONE + ONE / 2 - p.y, dy2 = mul(dy, dy);
        for (int x = x0; x <= x1; x++) {
            fix dx = x * ONE + ONE / 2 - p.x;
            fix cover = clamp(mul(b->reach2 - mul(dx, dx) - dy2, b->inverse), 0, ONE);
            uint8_t ink = (uint8_t)(cover * b->ink / ONE), *pixel = pixels + y * SIDE + x;
            *pixel = ink > *pixel ? ink : *pixel;
        }
    }
}

/* Between q[1] and q[2] of a Catmull-Rom spline, t from 0 to 1:
 * ((2 t^3 - 3 t^2 + 1) q1 + (3 t^2 - 2 t^3) q2 + (t^3 - 2 t^2 + t) m1 + (t^3 - t^2) m2,
 * with the slopes m1 = (q2 - q0) / 2, m2 = (q3 - q1) / 2. */
static fix spline(fix q0, fix q1, fix q2, fix q3, fix t)
{
    fix t2 = mul(t, t), t3 = mul(t2, t);
    fix towards = 3 * t2 - 2 * t3;
    return mul(ONE - towards, q1) + mul(towards, q2) + mul(t3 - 2 * t2 + t, (q2 - q0) / 2) +
           mul(t3 - t2, (q3 - q1) / 2);
}

static fix distance_about(point a, point b)
{
    fix dx = a.x < b.x ? b.x - a.x : a.x - b.x, dy = a.y < b.y ? b.y - a.y : a.y - b.y;
    return dx > dy ? dx + dy / 2 : dy + dx / 2;
}

static void draw(uint8_t *pixels, const way *w, const brush *b)
{
    for (size_t i = 0; i + 1 < w->count; i++) {
        if (w->pen[i] == LIFT)
            continue;
        bool begins = i == 0 || w->pen[i - 1] == LIFT || w->pen[i] == TURN;
        point q1 = w->at[i], q2 = w->at[i + 1];
        point q0 = begins ? q1 : w->at[i - 1];
        point q3 = w->pen[i + 1] != SMOOTH ? q2 : w->at[i + 2];
        fix steps = distance_about(q1, q2) * 2 / ONE + 1; /* at least two stamps a pixel */
        for (fix k = 0; k <= steps; k++) {
            fix t = k * ONE / steps;
            point p = {spline(q0.x, q1.x, q2.x, q3.x, t), spline(q0.y, q1.y, q2.y, q3.y, t)};
            stamp(pixels, p, b);
        }
    }
}

/* Paper and pen are not even: the ink's strength varies, and here and there lies a speck. */
static void roughen(uint8_t *pixels, rnl_random *r)
{
    fix grain = between(r, 0, 96);
    uint64_t bits = 0;
    for (int i = 0; i < PIXELS; i++) {
        if (i % 8 == 0)
            bits = rnl_random_u64(r);
        fix strength = 256 - ((fix)(bits & 0xff) * grain >> 8);
        pixels[i] = (uint8_t)(pixels[i] * strength >> 8);
        bits >>= 8;
    }
    for (fix specks = between(r, 0, 4); specks > 0; specks--) {
        uint8_t *pixel = pixels + between(r, 0, PIXELS - 1);
        uint8_t speck = (uint8_t)between(r, 30, 160);
        *pixel = speck > *pixel ? speck : *pixel;
    }
}

/* ---- the set ---------------------------------------------------------------------------------------------------- */

static void draw_digit(uint8_t *pixels, const way *style, rnl_random *r)
{
    way w = *style;
    distort(&w, r);
    fix radius = between(r, ONE * 8 / 10, ONE * 18 / 10);
    brush b = brush_of(radius, between(r, 170, 255));
    draw(pixels, &w, &b);
    roughen(pixels, r);
}

rnl_status rnl_dataset_strokes(rnl_dataset **set, size_t n, uint64_t seed,
                               const rnl_data_options *options)
{
    RNL_REFUSE_NULL(set, "the place for the data set is");
    *set = NULL;
    rnl_data_options standard = rnl_data_options_default();
    size_t size;
    options = options ? options : &standard;
    n = options->limit && options->limit < n ? options->limit : n;
    RNL_FAIL_IF(n == 0, RNL_ERR_USAGE, "0 drawn digits were asked for, expected at least 1");
    RNL_FAIL_IF(!rnl_mul_size(n, PIXELS, &size), RNL_ERR_MEMORY,
                "%zu drawn digits are more than this machine can address", n);
    RNL_TRY(rnl_dataset_new(set));
    uint8_t *pixels = (*set)->owned[0] = rnl_alloc(size, 1);
    int32_t *classes = (*set)->owned[1] = pixels ? rnl_alloc(n, sizeof *classes) : NULL;
    if (!classes) {
        rnl_dataset_free(set);
        return RNL_ERR_MEMORY;
    }
    way ways[CLASSES][STYLES];
    for (size_t k = 0; k < CLASSES; k++)
        for (size_t s = 0; s < STYLES; s++)
            ways[k][s] = parse_style(styles[k][s]);
    rnl_random pictures = rnl_random_new(seed, RNL_STREAM_STROKES);
    for (size_t i = 0; i < n; i++) {
        rnl_random r = {rnl_random_at(&pictures, i)};
        classes[i] = (int32_t)between(&r, 0, CLASSES - 1);
        draw_digit(pixels + i * PIXELS, &ways[classes[i]][between(&r, 0, STYLES - 1)], &r);
    }
    (*set)->bytes = pixels;
    (*set)->classes = classes;
    (*set)->info = (rnl_dataset_info){.n = n,
                                      .features = PIXELS,
                                      .channels = 1,
                                      .height = options->flatten ? 1 : SIDE,
                                      .width = options->flatten ? PIXELS : SIDE,
                                      .class_count = CLASSES,
                                      .scale = options->normalize ? 1.0 / 255 : 1,
                                      .one_hot = options->one_hot};
    return RNL_OK;
}

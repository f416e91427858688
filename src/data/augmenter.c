/* augmenter.c - what happens to one picture
 *
 * All that moves pixels becomes one map from the result back to the stored picture, which is sampled
 * once, bilinearly; what lies outside the picture is a stored 0. Counted from the middle, where p is a
 * pixel of the result and q the place that it comes from,
 *
 *     q = S^-1 H^-1 R^-1 (p - t) + e(p)        R rotates by an angle, H = (1 h; 0 1) shears, S scales
 *                                              x and y, t shifts, e is the elastic displacement
 *
 * so that the picture is scaled, sheared, rotated and then shifted. e(p) is, for x and for y, a field of
 * uniform random numbers from -1 to 1, one a pixel, convolved with a Gaussian of standard deviation
 * sigma whose weights add up to 1 (cut off at 3 sigma), times alpha: Simard, Steinkraus and Platt 2003. The
 * random field goes on outside the picture, so that e has the same distribution everywhere. */
#include "data/augment.h"

#include "base/level.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
static const double CHANCE_MOST = 65535; /* of what the kernel `chance` makes */

static const rnl_augment_kernels *kernels(void)
{
#ifdef RNL_HAVE_X86_LEVELS
    static const rnl_augment_kernels *const levels[] = {
        &rnl_augment_kernels_baseline, &rnl_augment_kernels_avx2, &rnl_augment_kernels_avx512};
    return levels[rnl_processor_level()];
#else
    return &rnl_augment_kernels_baseline;
#endif
}

/* ---- planning ------------------------------------------------------------------------------------------ */

static size_t whole_lanes(size_t n)
{
    return (n + RNL_AUGMENT_LANES - 1) / RNL_AUGMENT_LANES * RNL_AUGMENT_LANES;
}

static void hand_out(const rnl_augmenter *a, rnl_arena *arena, rnl_augment_scratch *s)
{
    const rnl_dataset_info *info = &a->set->info;
    const size_t number = sizeof(float);
    *s = (rnl_augment_scratch){.moved = rnl_arena_take(arena, info->features, number)};
    if (!a->moves)
        return;
    s->source =
        rnl_arena_take(arena, info->channels * (info->height + 3), (info->width + 3) * number);
    if (!(a->settings.alpha > 0))
        return;
    s->chance = rnl_arena_take(arena, a->field_rows, a->field_pitch * number);
    s->half = rnl_arena_take(arena, info->height, a->field_pitch * number);
    s->dx = rnl_arena_take(arena, info->height, a->pitch * number);
    s->dy = rnl_arena_take(arena, info->height, a->pitch * number);
}

/* The Gaussian's weights, which add up to 1 over both sides, times `scale`. */
static void gaussian(float *weight, size_t radius, double sigma, double scale)
{
    double sum = 1;
    for (size_t t = 1; t <= radius; t++)
        sum += 2 * exp(-(double)(t * t) / (2 * sigma * sigma));
    for (size_t t = 0; t <= radius; t++)
        weight[t] = (float)(scale / sum * exp(-(double)(t * t) / (2 * sigma * sigma)));
}

void rnl_augmenter_plan(rnl_augmenter *a, rnl_arena *arena, const rnl_augment *settings,
                        const rnl_dataset *set, uint64_t seed, size_t threads)
{
    const bool planning = !arena->block;
    if (planning) {
        *a = (rnl_augmenter){.settings = *settings,
                             .set = set,
                             .kernels = kernels(),
                             .moves = rnl_augment_moves(settings),
                             .stream = rnl_random_new(seed, RNL_STREAM_AUGMENT)};
        if (settings->alpha > 0)
            a->radius = (size_t)ceil(3 * settings->sigma);
        a->pitch = whole_lanes(set->info.width);
        a->field_pitch = whole_lanes(a->pitch + 2 * a->radius);
        a->field_rows = (set->info.height + 2 * a->radius + 3) & ~(size_t)3;
    }
    a->scratch = rnl_arena_take(arena, threads, sizeof *a->scratch);
    a->weight = rnl_arena_take(arena, 2 * (a->radius + 1), sizeof *a->weight);
    for (size_t k = 0; k < threads; k++) {
        rnl_augment_scratch unused;
        hand_out(a, arena, planning ? &unused : &a->scratch[k]);
    }
    if (planning || !(settings->alpha > 0))
        return;
    gaussian(a->weight, a->radius, settings->sigma, 1);
    gaussian(a->weight + a->radius + 1, a->radius, settings->sigma, settings->alpha / CHANCE_MOST);
}

/* ---- one picture ----------------------------------------------------------------------------------------- */

rnl_augment_map rnl_augment_draw(const rnl_augment *a, const double chance[6])
{
    const double angle = a->rotate * chance[2] * PI / 180, c = cos(angle), s = sin(angle);
    const double grow_x = 1 + a->scale * chance[3], grow_y = 1 + a->scale * chance[4];
    const double h = a->shear * chance[5], tx = a->shift * chance[0], ty = a->shift * chance[1];
    /* H^-1 R^-1 = (1 -h; 0 1) (c s; -s c), and S^-1 divides its rows. */
    rnl_augment_map m = {.xx = (c + h * s) / grow_x,
                         .xy = (s - h * c) / grow_x,
                         .yx = -s / grow_y,
                         .yy = c / grow_y};
    m.x0 = -(m.xx * tx + m.xy * ty);
    m.y0 = -(m.yx * tx + m.yy * ty);
    return m;
}

void rnl_augmenter_field(const rnl_augmenter *a, rnl_augment_scratch *s, uint64_t stream,
                         float *field)
{
    const size_t height = a->set->info.height;
    a->kernels->chance(s->chance, a->field_rows * a->field_pitch, stream);
    a->kernels->smooth_down(s->half, s->chance, height, a->field_pitch, a->weight, a->radius);
    a->kernels->smooth_across(field, a->pitch, s->half, a->field_pitch, height,
                              a->weight + a->radius + 1, a->radius);
}

/* The picture into the middle of source, whose border stays zero; by way of moved, where it comes later. */
static rnl_status put(const rnl_augmenter *a, rnl_augment_scratch *s, size_t sample)
{
    const rnl_dataset_info *info = &a->set->info;
    const size_t pitch = info->width + 3;
    RNL_TRY(rnl_dataset_stored_floats(a->set, sample, s->moved));
    for (size_t c = 0; c < info->channels; c++)
        for (size_t y = 0; y < info->height; y++)
            memcpy(s->source + (c * (info->height + 3) + y + 1) * pitch + 1,
                   s->moved + (c * info->height + y) * info->width, info->width * sizeof *s->moved);
    return RNL_OK;
}

rnl_status rnl_augmenter_move(const rnl_augmenter *a, rnl_augment_scratch *s, size_t sample,
                              const rnl_augment_map *map, bool elastic)
{
    const rnl_dataset_info *info = &a->set->info;
    const rnl_augment_sampling sampling = {.channels = info->channels,
                                           .height = info->height,
                                           .width = info->width,
                                           .xx = (float)map->xx,
                                           .xy = (float)map->xy,
                                           .x0 = (float)(map->x0 + (double)(info->width + 1) / 2),
                                           .yx = (float)map->yx,
                                           .yy = (float)map->yy,
                                           .y0 = (float)(map->y0 + (double)(info->height + 1) / 2),
                                           .dx = elastic ? s->dx : NULL,
                                           .dy = elastic ? s->dy : NULL,
                                           .pitch = a->pitch};
    RNL_TRY(put(a, s, sample));
    a->kernels->sample(s->moved, s->source, &sampling);
    return RNL_OK;
}

/* Row i of x: sample number `sample` by the numbers of r. */
static rnl_status augment(const rnl_augmenter *a, rnl_augment_scratch *s, size_t sample,
                          rnl_random r, size_t i, rnl_matrix *x)
{
    double chance[6];
    for (size_t k = 0; k < 6; k++)
        chance[k] = 2 * rnl_random_uniform(&r) - 1;
    const uint64_t dx = rnl_random_u64(&r), dy = rnl_random_u64(&r), noise = rnl_random_u64(&r);
    if (a->moves) {
        const rnl_augment_map map = rnl_augment_draw(&a->settings, chance);
        const bool elastic = a->settings.alpha > 0;
        if (elastic) {
            rnl_augmenter_field(a, s, dx, s->dx);
            rnl_augmenter_field(a, s, dy, s->dy);
        }
        RNL_TRY(rnl_augmenter_move(a, s, sample, &map, elastic));
        rnl_gather_floats(a->set, s->moved, i, x);
    } else {
        RNL_TRY(rnl_gather_row(a->set, sample, i, x));
    }
    if (a->settings.noise > 0) {
        const rnl_matrix row = rnl_matrix_rows(*x, i, 1);
        a->kernels->noise(row.data, x->dtype, x->cols, a->settings.noise, noise);
    }
    return RNL_OK;
}

/* index NULL: the samples first, first + 1, ... */
static rnl_status gather(const rnl_augmenter *a, rnl_augment_scratch *s, const size_t *index,
                         size_t first, rnl_range rows, uint64_t pass, rnl_matrix *x)
{
    const rnl_random of_pass = {rnl_random_at(&a->stream, pass)};
    for (size_t i = rows.begin; i < rows.end; i++)
        RNL_TRY(augment(a, s, index ? index[i] : first + i,
                        (rnl_random){rnl_random_at(&of_pass, i)}, i, x));
    return RNL_OK;
}

rnl_status rnl_augmenter_gather(const rnl_augmenter *a, const size_t *index, rnl_range rows,
                                uint64_t pass, rnl_matrix *x)
{
    return gather(a, &a->scratch[rnl_team_rank()], index, 0, rows, pass, x);
}

rnl_status rnl_dataset_augment(const rnl_dataset *set, const char *augmentation, uint64_t seed,
                               uint64_t pass, const size_t *index, size_t first, rnl_matrix x)
{
    RNL_REFUSE_NULL(set, "the data set is");
    rnl_augment settings;
    RNL_TRY(rnl_augment_parse(&settings, augmentation));
    RNL_TRY(rnl_augment_check(&settings, set));
    RNL_TRY(rnl_dataset_gather(set, index, first, x)); /* which checks them all */
    if (!rnl_augment_does_anything(&settings))
        return RNL_OK;
    rnl_arena arena = {0};
    rnl_augmenter a;
    rnl_augmenter_plan(&a, &arena, &settings, set, seed, 1);
    RNL_TRY(rnl_arena_make(&arena));
    rnl_augmenter_plan(&a, &arena, &settings, set, seed, 1);
    const rnl_status status = gather(&a, a.scratch, index, first, (rnl_range){0, x.rows}, pass, &x);
    rnl_arena_free(&arena);
    return status;
}

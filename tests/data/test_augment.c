/* test_augment.c - augmentation: nothing at zero, exact moves, the map read off ramps, the fields' statistics */
#include "pictures.h"

#include "base/level.h"

#include <math.h>
#include <stdlib.h>

static float *floats(rnl_dataset *set)
{
    return set->owned[0];
}

/* An augmenter for one thread. */
typedef struct machine {
    rnl_arena arena;
    rnl_augmenter a;
} machine;

static rnl_augmenter *machine_make(machine *m, const char *text, const rnl_dataset *set,
                                   uint64_t seed)
{
    rnl_augment settings;
    assert_int_equal(rnl_augment_parse(&settings, text), RNL_OK);
    *m = (machine){0};
    rnl_augmenter_plan(&m->a, &m->arena, &settings, set, seed, 1);
    assert_int_equal(rnl_arena_make(&m->arena), RNL_OK);
    rnl_augmenter_plan(&m->a, &m->arena, &settings, set, seed, 1);
    return &m->a;
}

static void gather(const rnl_dataset *set, const char *text, uint64_t seed, uint64_t pass,
                   rnl_dtype dtype, void *x)
{
    const rnl_matrix m = rnl_matrix_view(x, set->info.n, set->info.features, dtype);
    assert_int_equal(rnl_dataset_augment(set, text, seed, pass, NULL, 0, m), RNL_OK);
}

/* ---- exact --------------------------------------------------------------------------------------------- */

static void zero_is_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, "none", "shift 0, elastic 0 7", "rotate 0, noise 0"};
    enum { N = 5, M = 2 * 9 * 13 };
    static double plain[N * M], augmented[N * M];
    for (int bytes = 0; bytes < 2; bytes++) {
        rnl_dataset *set = pictures(N, 2, 9, 13, bytes, 1);
        set->info.shift = 0.25;
        for (int dtype = RNL_F32; dtype <= RNL_F64; dtype++) {
            const size_t size = N * M * rnl_dtype_size((rnl_dtype)dtype);
            rnl_matrix x = rnl_matrix_view(plain, N, M, (rnl_dtype)dtype);
            assert_int_equal(rnl_dataset_gather(set, NULL, 0, x), RNL_OK);
            for (size_t k = 0; k < 4; k++) {
                memset(augmented, 1, sizeof augmented);
                gather(set, texts[k], 3, 4, (rnl_dtype)dtype, augmented);
                assert_memory_equal(plain, augmented, size);
            }
        }
        rnl_dataset_free(&set);
    }
}

/* Through the whole sampling, with an elastic field of zeros. */
static void standing_still_is_exact(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{28, 28}, {2, 2}, {9, 13}, {5, 70}, {17, 16}};
    for (size_t k = 0; k < 5; k++) {
        rnl_dataset *set = pictures(2, 3, sizes[k][0], sizes[k][1], false, 1 + k);
        machine m;
        rnl_augmenter *a = machine_make(&m, EVERYTHING, set, 1);
        const rnl_augment_map map = rnl_augment_draw(&a->settings, (double[6]){0});
        for (size_t sample = 0; sample < 2; sample++)
            for (int elastic = 0; elastic < 2; elastic++) {
                rnl_augmenter_move(a, a->scratch, sample, &map, elastic);
                assert_memory_equal(a->scratch->moved, floats(set) + sample * set->info.features,
                                    set->info.features * sizeof(float));
            }
        rnl_arena_free(&m.arena);
        rnl_dataset_free(&set);
    }
}

/* The picture's number at (x, y), 0 outside. */
static float pixel(const float *picture, long height, long width, long y, long x)
{
    return y < 0 || x < 0 || y >= height || x >= width ? 0 : picture[y * width + x];
}

static void whole_pixels_move_the_picture(void **state)
{
    (void)state;
    enum { H = 11, W = 17 };
    static const int moves[][2] = {{1, 0}, {0, 1}, {-3, 2}, {5, -10}, {16, 16}};
    rnl_dataset *set = pictures(1, 1, H, W, false, 5);
    machine m;
    rnl_augmenter *a = machine_make(&m, "shift 32", set, 1);
    for (size_t k = 0; k < sizeof moves / sizeof moves[0]; k++) {
        const double chance[6] = {moves[k][0] / 32.0, moves[k][1] / 32.0};
        const rnl_augment_map map = rnl_augment_draw(&a->settings, chance);
        rnl_augmenter_move(a, a->scratch, 0, &map, false);
        for (long y = 0; y < H; y++)
            for (long x = 0; x < W; x++)
                assert_true(a->scratch->moved[y * W + x] ==
                            pixel(floats(set), H, W, y - moves[k][1], x - moves[k][0]));
    }
    rnl_arena_free(&m.arena);
    rnl_dataset_free(&set);
}

static void quarter_turns(void **state)
{
    (void)state;
    enum { N = 12 };
    rnl_dataset *set = pictures(1, 1, N, N, false, 6);
    machine m;
    rnl_augmenter *a = machine_make(&m, "rotate 180", set, 1);
    const float *s = floats(set);
    for (int turn = -2; turn <= 2; turn++) {
        const double chance[6] = {0, 0, turn / 2.0};
        const rnl_augment_map map = rnl_augment_draw(&a->settings, chance);
        rnl_augmenter_move(a, a->scratch, 0, &map, false);
        for (long y = 0; y < N; y++)
            for (long x = 0; x < N; x++) {
                const float expected = turn == 0    ? s[y * N + x]
                                       : turn == 1  ? s[(N - 1 - x) * N + y] /* clockwise */
                                       : turn == -1 ? s[x * N + N - 1 - y]
                                                    : s[(N - 1 - y) * N + N - 1 - x];
                assert_true(fabsf(a->scratch->moved[y * N + x] - expected) < 1e-5f);
            }
    }
    rnl_arena_free(&m.arena);
    rnl_dataset_free(&set);
}

/* ---- the map --------------------------------------------------------------------------------------------- */

/* Two channels that hold their own x and y, so that the result says where each pixel came from; in a third
 * one stands 1, so that it says where the border had a part. */
static rnl_dataset *ramps(size_t height, size_t width)
{
    rnl_dataset *set = pictures(1, 3, height, width, false, 1);
    float *f = floats(set);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            f[y * width + x] = (float)x;
            f[(height + y) * width + x] = (float)y;
            f[(2 * height + y) * width + x] = 1;
        }
    return set;
}

/* Scaled, sheared, rotated, shifted, in this order, that place comes to lie at the pixel. */
static void the_map_is_the_inverse(void **state)
{
    (void)state;
    enum { H = 20, W = 31 };
    rnl_dataset *set = ramps(H, W);
    machine m;
    rnl_augmenter *a = machine_make(&m, "shift 3, rotate 40, scale 0.3, shear 0.4", set, 1);
    rnl_random r = rnl_random_new(11, 1000);
    size_t inside = 0;
    for (size_t k = 0; k < 50; k++) {
        double c[6];
        for (size_t j = 0; j < 6; j++)
            c[j] = 2 * rnl_random_uniform(&r) - 1;
        const rnl_augment_map map = rnl_augment_draw(&a->settings, c);
        rnl_augmenter_move(a, a->scratch, 0, &map, false);
        const double angle = 40 * c[2] * 3.14159265358979323846 / 180;
        for (size_t y = 0; y < H; y++)
            for (size_t x = 0; x < W; x++) {
                const float *moved = a->scratch->moved + y * W + x;
                if (moved[2 * H * W] != 1)
                    continue;
                inside++;
                double qx = (double)moved[0] - (W - 1) / 2.0,
                       qy = (double)moved[H * W] - (H - 1) / 2.0;
                qx *= 1 + 0.3 * c[3];
                qy *= 1 + 0.3 * c[4];
                qx += 0.4 * c[5] * qy;
                const double px = cos(angle) * qx - sin(angle) * qy + 3 * c[0] + (W - 1) / 2.0;
                const double py = sin(angle) * qx + cos(angle) * qy + 3 * c[1] + (H - 1) / 2.0;
                assert_true(fabs(px - (double)x) < 1e-4 && fabs(py - (double)y) < 1e-4);
            }
    }
    assert_true(inside > 50 * H * W / 2);
    rnl_arena_free(&m.arena);
    rnl_dataset_free(&set);
}

static void the_field_is_added_to_the_map(void **state)
{
    (void)state;
    enum { H = 28, W = 30 };
    rnl_dataset *set = ramps(H, W);
    machine m;
    rnl_augmenter *a = machine_make(&m, "elastic 34", set, 1);
    const rnl_augment_map still = rnl_augment_draw(&a->settings, (double[6]){0});
    rnl_augmenter_field(a, a->scratch, 5, a->scratch->dx);
    rnl_augmenter_field(a, a->scratch, 6, a->scratch->dy);
    rnl_augmenter_move(a, a->scratch, 0, &still, true);
    size_t inside = 0;
    for (size_t y = 0; y < H; y++)
        for (size_t x = 0; x < W; x++) {
            const float *moved = a->scratch->moved + y * W + x;
            if (moved[2 * H * W] != 1)
                continue;
            inside++;
            assert_true(fabsf(moved[0] - (float)x - a->scratch->dx[y * a->pitch + x]) < 1e-4f);
            assert_true(fabsf(moved[H * W] - (float)y - a->scratch->dy[y * a->pitch + x]) < 1e-4f);
        }
    assert_true(inside > H * W / 2);
    rnl_arena_free(&m.arena);
    rnl_dataset_free(&set);
}

/* The same draw on a u + b v is a times that on u plus b times that on v, in any channel. */
static void sampling_is_linear(void **state)
{
    (void)state;
    enum { P = 15 * 22, C = 3 };
    rnl_dataset *set = pictures(1, C, 15, 22, false, 8);
    float *f = floats(set);
    for (size_t j = 0; j < P; j++)
        f[2 * P + j] = 0.7f * f[j] - 1.3f * f[P + j];
    float moved[C * P];
    gather(set, "shift 3, rotate 30, scale 0.2, shear 0.2, elastic 40 3", 1, 2, RNL_F32, moved);
    double size = 0;
    for (size_t j = 0; j < P; j++) {
        size += fabs((double)moved[j]);
        assert_true(fabsf(moved[2 * P + j] - 0.7f * moved[j] + 1.3f * moved[P + j]) < 1e-5f);
    }
    assert_true(size > 0.1 * P);
    rnl_dataset_free(&set);
}

/* ---- chance ---------------------------------------------------------------------------------------------- */

/* Of a field of alpha and sigma: its mean is 0, its deviation alpha / sqrt(3) * (sum of the squares of the
 * Gaussian's weights), about alpha / sqrt(12 pi) / sigma, the same at the border as in the middle, and
 * the correlation over d pixels is exp(-d^2 / (4 sigma^2)). */
static void fields_have_the_right_statistics(void **state)
{
    (void)state;
    enum { N = 28, FIELDS = 3000 };
    static const struct {
        const char *text;
        double alpha, sigma;
    } cases[] = {{"elastic 34 4", 34, 4}, {"elastic 8 2", 8, 2}, {"elastic 10 1.3", 10, 1.3}};
    for (size_t k = 0; k < 3; k++) {
        rnl_dataset *set = pictures(1, 1, N, N, true, 1);
        machine m;
        rnl_augmenter *a = machine_make(&m, cases[k].text, set, 1);
        float *field = a->scratch->dx;
        double sum = 0, squares = 0, corner = 0, across = 0, down = 0;
        const size_t d = (size_t)cases[k].sigma;
        for (size_t i = 0; i < FIELDS; i++) {
            rnl_augmenter_field(a, a->scratch, rnl_hash64(i + 1), field);
            for (size_t y = 0; y < N; y++)
                for (size_t x = 0; x < N; x++) {
                    sum += (double)field[y * a->pitch + x];
                    squares += (double)field[y * a->pitch + x] * (double)field[y * a->pitch + x];
                }
            corner += (double)field[0] * (double)field[0];
            across += (double)field[3 * a->pitch + 3] * (double)field[3 * a->pitch + 3 + d];
            down += (double)field[3 * a->pitch + 3] * (double)field[(3 + d) * a->pitch + 3];
        }
        double weights = 0, weight_squares = 0;
        for (long t = -(long)a->radius; t <= (long)a->radius; t++) {
            const double g = exp(-(double)(t * t) / (2 * cases[k].sigma * cases[k].sigma));
            weights += g;
            weight_squares += g * g;
        }
        const double expected = cases[k].alpha / sqrt(3) * weight_squares / weights / weights;
        const double variance = squares / ((double)FIELDS * N * N);
        assert_true(fabs(expected / (cases[k].alpha / sqrt(12 * 3.14159265) / cases[k].sigma) - 1) <
                    0.01);
        assert_true(fabs(sqrt(variance) / expected - 1) < 0.02);
        assert_true(fabs(sum / ((double)FIELDS * N * N)) < 0.03 * expected);
        assert_true(fabs(corner / FIELDS / variance - 1) < 0.1);
        const double correlation = exp(-(double)(d * d) / (4 * cases[k].sigma * cases[k].sigma));
        assert_true(fabs(across / FIELDS / variance - correlation) < 0.08);
        assert_true(fabs(down / FIELDS / variance - correlation) < 0.08);
        rnl_arena_free(&m.arena);
        rnl_dataset_free(&set);
    }
}

static void noise_is_nearly_normal(void **state)
{
    (void)state;
    enum { N = 20, M = 100 * 100 };
    rnl_dataset *set = pictures(N, 1, 1, M, true, 3);
    double *x = calloc(N * M, sizeof *x), *plain = calloc(N * M, sizeof *x);
    gather(set, "noise 0.2", 1, 0, RNL_F64, x);
    gather(set, "none", 1, 0, RNL_F64, plain);
    double moment[5] = {0};
    for (size_t j = 0; j < N * M; j++)
        for (int k = 1; k <= 4; k++)
            moment[k] += pow((x[j] - plain[j]) / 0.2, k) / (N * M);
    assert_true(fabs(moment[1]) < 0.01);
    assert_true(fabs(moment[2] - 1) < 0.01);
    assert_true(fabs(moment[3]) < 0.03);
    assert_true(fabs(moment[4] - 2.85) < 0.05); /* 3 - 1.2 / 8: the sum of eight uniform numbers */
    free(x);
    free(plain);
    rnl_dataset_free(&set);
}

/* What is drawn lies in the whole of its range. */
static void ranges_are_used_up(void **state)
{
    (void)state;
    enum { N = 400, H = 16, W = 16 };
    rnl_dataset *set = pictures(N, 1, H, W, false, 3);
    memset(floats(set), 0, N * H * W * sizeof(float));
    for (size_t i = 0; i < N; i++)
        floats(set)[i * H * W + 8 * W + 8] = 1;
    static float x[N * H * W];
    gather(set, "shift 3", 1, 0, RNL_F32, x);
    double least[2] = {9, 9}, most[2] = {-9, -9};
    for (size_t i = 0; i < N; i++) { /* the centre of what is there moved by the shift */
        double centre[2] = {0, 0}, mass = 0;
        for (size_t j = 0; j < H * W; j++) {
            const double v = (double)x[i * H * W + j];
            mass += v;
            centre[0] += v * (double)(j % W);
            centre[1] += v * (double)(j / W);
        }
        assert_true(fabs(mass - 1) < 1e-5);
        for (size_t k = 0; k < 2; k++) {
            least[k] = fmin(least[k], centre[k] - 8);
            most[k] = fmax(most[k], centre[k] - 8);
        }
    }
    for (size_t k = 0; k < 2; k++) {
        assert_true(least[k] >= -3.0001 && least[k] < -2.9);
        assert_true(most[k] <= 3.0001 && most[k] > 2.9);
    }
    rnl_dataset_free(&set);
}

/* A row hangs on its sample, its number, the pass and the seed: on nothing else, and on each of these. */
static void rows_stand_alone(void **state)
{
    (void)state;
    enum { N = 7, M = 10 * 11 };
    rnl_dataset *set = pictures(N, 1, 10, 11, true, 9);
    float whole[N * M], x[N * M], other[N * M];
    const size_t index[N] = {0, 1, 2, 3, 4, 5, 6}, turned[N] = {0, 1, 2, 6, 4, 5, 3};
    gather(set, EVERYTHING, 1, 5, RNL_F32, whole);
    machine m;
    rnl_augmenter *a = machine_make(&m, EVERYTHING, set, 1);
    rnl_matrix view = rnl_matrix_view(x, N, M, RNL_F32);
    static const rnl_range parts[] = {{3, 7}, {0, 1}, {1, 3}};
    for (size_t k = 0; k < 3; k++)
        rnl_augmenter_gather(a, index, parts[k], 5, &view);
    assert_memory_equal(x, whole, sizeof whole);
    rnl_augmenter_gather(a, turned, (rnl_range){0, N}, 5, &view);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(memcmp(x + i * M, whole + i * M, M * sizeof *x) == 0, i != 3 && i != 6);
    rnl_augmenter_gather(a, index, (rnl_range){0, N}, 6, &view);
    gather(set, EVERYTHING, 2, 5, RNL_F32, other);
    for (size_t i = 0; i < N; i++) {
        assert_memory_not_equal(x + i * M, whole + i * M, M * sizeof *x);
        assert_memory_not_equal(other + i * M, whole + i * M, M * sizeof *x);
    }
    rnl_arena_free(&m.arena);
    rnl_dataset_free(&set);
}

static void every_level_gives_the_same_bits(void **state)
{
    (void)state;
#ifdef RNL_HAVE_X86_LEVELS
    static const rnl_augment_kernels *const levels[] = {
        &rnl_augment_kernels_baseline, &rnl_augment_kernels_avx2, &rnl_augment_kernels_avx512};
    static const size_t sizes[][3] = {{1, 28, 28}, {3, 7, 19}, {1, 2, 2}, {2, 33, 70}};
    for (size_t k = 0; k < 4; k++) {
        rnl_dataset *set = pictures(5, sizes[k][0], sizes[k][1], sizes[k][2], k % 2 == 0, 1 + k);
        const size_t bytes = 5 * set->info.features * sizeof(float), index[] = {4, 3, 2, 1, 0};
        float *first = malloc(bytes), *x = malloc(bytes);
        rnl_matrix view = rnl_matrix_view(x, 5, set->info.features, RNL_F32);
        machine m;
        rnl_augmenter *a = machine_make(&m, EVERYTHING, set, 1);
        for (rnl_level level = RNL_BASELINE; level <= rnl_processor_level(); level++) {
            a->kernels = levels[level];
            rnl_augmenter_gather(a, index, (rnl_range){0, 5}, 5, &view);
            if (level == RNL_BASELINE)
                memcpy(first, x, bytes);
            assert_memory_equal(x, first, bytes);
        }
        rnl_arena_free(&m.arena);
        free(first);
        free(x);
        rnl_dataset_free(&set);
    }
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_is_nothing),
        cmocka_unit_test(standing_still_is_exact),
        cmocka_unit_test(whole_pixels_move_the_picture),
        cmocka_unit_test(quarter_turns),
        cmocka_unit_test(the_map_is_the_inverse),
        cmocka_unit_test(the_field_is_added_to_the_map),
        cmocka_unit_test(sampling_is_linear),
        cmocka_unit_test(fields_have_the_right_statistics),
        cmocka_unit_test(noise_is_nearly_normal),
        cmocka_unit_test(ranges_are_used_up),
        cmocka_unit_test(rows_stand_alone),
        cmocka_unit_test(every_level_gives_the_same_bits),
    };
    return cmocka_run_group_tests_name("augment", tests, NULL, NULL);
}

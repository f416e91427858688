/* train_sheet.c - a PNG sheet that shows what --augment makes of pictures */
#include "train_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 10, COLUMNS = 16, GAP = 2, LEAST_SIDE = 56 };

/* A row for each class, the first sample of it; or for each of the first samples. Returns how many. */
static size_t choose(const rnl_dataset *set, size_t index[MOST_ROWS])
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    const int32_t *classes = rnl_dataset_classes(set);
    size_t rows = 0;
    if (classes)
        for (size_t k = 0; k < info.class_count && rows < MOST_ROWS; k++)
            for (size_t i = 0; i < info.n; i++)
                if (classes[i] == (int32_t)k) {
                    index[rows++] = i;
                    break;
                }
    for (size_t i = 0; !classes && i < info.n && rows < MOST_ROWS; i++)
        index[rows++] = i;
    return rows;
}

typedef struct sheet {
    rnl_dataset_info info;
    size_t rows, zoom, height, width;
    double least, most; /* black and white */
    uint8_t *pixels;    /* [height, width] */
} sheet;

/* x: [rows, features] into a column; the channels' mean where there are several. */
static void draw(sheet *s, const float *x, size_t column)
{
    const size_t h = s->info.height, w = s->info.width, side = w * s->zoom + GAP;
    for (size_t row = 0; row < s->rows; row++)
        for (size_t y = 0; y < h * s->zoom; y++)
            for (size_t z = 0; z < w * s->zoom; z++) {
                const float *at = x + row * s->info.features + y / s->zoom * w + z / s->zoom;
                double sum = 0;
                for (size_t c = 0; c < s->info.channels; c++)
                    sum += (double)at[c * h * w];
                const double share =
                    (sum / (double)s->info.channels - s->least) / (s->most - s->least);
                s->pixels[(GAP + row * (h * s->zoom + GAP) + y) * s->width + GAP + column * side +
                          z] = (uint8_t)lround(255 * fmin(fmax(share, 0), 1));
            }
}

static void plan(sheet *s, const rnl_dataset *set, size_t rows, const float *plain)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    const size_t side = info.width > info.height ? info.width : info.height;
    *s = (sheet){.info = info,
                 .rows = rows,
                 .zoom = side < LEAST_SIDE ? LEAST_SIDE / side : 1,
                 .least = INFINITY,
                 .most = -INFINITY};
    for (size_t j = 0; j < rows * info.features; j++) {
        s->least = fmin(s->least, (double)plain[j]);
        s->most = fmax(s->most, (double)plain[j]);
    }
    if (!(s->most > s->least))
        s->most = s->least + 1;
    s->height = GAP + rows * (info.height * s->zoom + GAP);
    s->width = GAP + COLUMNS * (info.width * s->zoom + GAP);
    s->pixels = cli_alloc(s->height, s->width);
    memset(s->pixels, 96, s->height * s->width);
}

int cli_show_augmented(const cli_train_settings *settings, const rnl_dataset *set)
{
    size_t index[MOST_ROWS];
    const size_t rows = choose(set, index), m = rnl_dataset_describe(set).features;
    float *x = cli_alloc(rows * m, sizeof *x);
    const rnl_matrix view = {.data = x, .rows = rows, .cols = m, .ld = m, .dtype = RNL_F32};
    sheet s = {.rows = rows};
    rnl_status status = rnl_dataset_gather(set, index, 0, view);
    if (status == RNL_OK)
        plan(&s, set, rows, x);
    for (size_t column = 0; column < COLUMNS && status == RNL_OK; column++) {
        if (column > 0)
            status = rnl_dataset_augment(set, settings->train.augment, settings->seed, column - 1,
                                         index, 0, view);
        if (status == RNL_OK)
            draw(&s, x, column);
    }
    if (status == RNL_OK)
        status = rnl_write_png(settings->show_augmented, s.height, s.width, s.pixels);
    if (status == RNL_OK)
        cli_message(
            "saved    %s: %zu pictures as they are, and beside each %d that training could see",
            settings->show_augmented, rows, COLUMNS - 1);
    free(s.pixels);
    free(x);
    return status == RNL_OK ? CLI_OK : cli_library_error(status, "show-augmented");
}

/* sheet.c - a PNG sheet with rows of samples that are pictures */
#include "sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, GROUND = 96 };

cli_sheet cli_sheet_new(const rnl_dataset_info *info, size_t rows, size_t columns, size_t zoom,
                        double least, double most)
{
    cli_sheet s = {.info = *info,
                   .zoom = zoom,
                   .channels = info->channels == 3 ? 3 : 1,
                   .height = GAP + rows * (info->height * zoom + GAP),
                   .width = GAP + columns * (info->width * zoom + GAP),
                   .least = least,
                   .most = most > least ? most : least + 1};
    s.pixels = cli_alloc(s.channels * s.height, s.width);
    memset(s.pixels, GROUND, s.channels * s.height * s.width);
    return s;
}

void cli_sheet_free(cli_sheet *s)
{
    free(s->pixels);
    *s = (cli_sheet){0};
}

/* Pixel i of a channel; of other numbers than 3 of channels their mean. */
static uint8_t level(const cli_sheet *s, size_t channel, const float *x, size_t i)
{
    const size_t size = s->info.height * s->info.width, first = s->channels == 3 ? channel : 0,
                 count = s->channels == 3 ? 1 : s->info.channels;
    double sum = 0;
    for (size_t c = first; c < first + count; c++)
        sum += (double)x[c * size + i];
    const double share = (sum / (double)count - s->least) / (s->most - s->least);
    return (uint8_t)lround(255 * fmin(fmax(share, 0), 1));
}

void cli_sheet_put(cli_sheet *s, size_t row, size_t column, const float *x)
{
    const size_t h = s->info.height * s->zoom, w = s->info.width * s->zoom;
    const size_t top = GAP + row * (h + GAP), left = GAP + column * (w + GAP);
    for (size_t c = 0; c < s->channels; c++)
        for (size_t y = 0; y < h; y++)
            for (size_t z = 0; z < w; z++)
                s->pixels[(c * s->height + top + y) * s->width + left + z] =
                    level(s, c, x, y / s->zoom * s->info.width + z / s->zoom);
}

rnl_status cli_sheet_save(const cli_sheet *s, const char *path)
{
    return rnl_write_picture(path, s->channels, s->height, s->width, s->pixels);
}

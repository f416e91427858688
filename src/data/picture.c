/* picture.c - pictures as the bytes that a network takes, whatever file they come from */
#include "data/picture.h"

#include <string.h>

/* ---- where a pixel falls ------------------------------------------------------------------------ */

typedef struct span {
    uint64_t begin, end;
} span;

static span pixel_span(const rnl_axis *a, int x)
{
    uint64_t begin = a->offset + a->pixel * (uint64_t)x;
    return (span){begin, begin + a->pixel};
}

/* How much of the span lies in cell c. */
static uint64_t overlap(const rnl_axis *a, span s, uint64_t c)
{
    uint64_t begin = c * a->cell, end = begin + a->cell;
    return (s.end < end ? s.end : end) - (s.begin > begin ? s.begin : begin);
}

/* ---- the canvas --------------------------------------------------------------------------------- */

enum { FULL = 255 * 255 }; /* white: levels times alpha levels */

rnl_status rnl_canvas_open(rnl_canvas *c, const char *name, uint64_t width, uint64_t height)
{
    RNL_FAIL_IF(width > RNL_SIDE_MAX || height > RNL_SIDE_MAX || width * height > RNL_PIXELS_MAX,
                RNL_ERR_UNSUPPORTED,
                "%s: a picture of %llu x %llu pixels, expected at most %d a side and %d in all",
                name, (unsigned long long)width, (unsigned long long)height, RNL_SIDE_MAX,
                RNL_PIXELS_MAX);
    RNL_FAIL_IF(width == 0 || height == 0, RNL_ERR_FORMAT, "%s: a picture without pixels", name);
    if (rnl_lies(c->orientation)) {
        const size_t upright = c->height;
        c->height = c->width;
        c->width = upright;
    }
    bool wide = width * c->height >= height * c->width; /* what limits the scale p / q */
    uint64_t p = wide ? c->width : c->height, q = wide ? width : height;
    c->x = (rnl_axis){2 * p, 2 * q, c->width * q - width * p};
    c->y = (rnl_axis){2 * p, 2 * q, c->height * q - height * p};
    c->row = rnl_alloc((size_t)width, 4);
    c->row_sums = c->row ? rnl_alloc(c->channels * c->width, sizeof *c->row_sums) : NULL;
    c->sums = c->row_sums ? rnl_alloc(c->channels * c->height * c->width, sizeof *c->sums) : NULL;
    return c->sums ? RNL_OK : rnl_fail_prefix(RNL_ERR_MEMORY, name);
}

/* 0 to FULL; the luma's weights add up to 65536, so that grey stays as it is. */
static uint64_t value_of(const uint8_t rgba[4], const rnl_canvas *c, size_t channel)
{
    uint32_t luma = (19595u * rgba[0] + 38470u * rgba[1] + 7471u * rgba[2] + 32768u) >> 16;
    uint32_t level = c->channels == 1 ? luma : rgba[channel];
    uint64_t over_white = level * rgba[3] + 255u * (255u - rgba[3]);
    return c->invert ? FULL - over_white : over_white;
}

static void add_channel(rnl_canvas *c, size_t channel, int y, int x0, int step, int count)
{
    uint64_t *row_sums = c->row_sums + channel * c->width;
    memset(row_sums, 0, c->width * sizeof *row_sums);
    for (int k = 0; k < count; k++) {
        uint64_t value = value_of(c->row + 4 * k, c, channel);
        span s = pixel_span(&c->x, x0 + k * step);
        for (uint64_t i = s.begin / c->x.cell; i * c->x.cell < s.end; i++)
            row_sums[i] += value * overlap(&c->x, s, i);
    }
    span s = pixel_span(&c->y, y);
    for (uint64_t i = s.begin / c->y.cell; i * c->y.cell < s.end; i++) {
        uint64_t share = overlap(&c->y, s, i);
        uint64_t *sums = c->sums + (channel * c->height + i) * c->width;
        for (size_t j = 0; j < c->width; j++)
            sums[j] += share * row_sums[j];
    }
}

void rnl_canvas_add(rnl_canvas *c, int y, int x0, int step, int count)
{
    for (size_t channel = 0; channel < c->channels; channel++)
        add_channel(c, channel, y, x0, step, count);
}

/* Where pixel (y, x) of the file's picture stands in the upright one. Of each orientation Exif says on which side of the
 * upright picture the file's first row is, and its first column. */
static size_t upright_place(const rnl_canvas *c, size_t y, size_t x)
{
    const size_t down = c->height - 1 - y,
                 right = c->width - 1 - x; /* counted from the other end */
    switch (c->orientation) {
    case 2: return y * c->width + right;     /* top, right */
    case 3: return down * c->width + right;  /* bottom, right */
    case 4: return down * c->width + x;      /* bottom, left */
    case 5: return x * c->height + y;        /* left, top */
    case 6: return x * c->height + down;     /* right, top */
    case 7: return right * c->height + down; /* right, bottom */
    case 8: return right * c->height + y;    /* left, bottom */
    default: return y * c->width + x;        /* top, left */
    }
}

/* Rounds the means. 65535 a side: the sums stay below 2^50. */
void rnl_canvas_write(const rnl_canvas *c, uint8_t *pixels)
{
    const uint64_t all = c->x.cell * c->y.cell * 255, *sums = c->sums;
    for (size_t channel = 0; channel < c->channels; channel++, pixels += c->height * c->width)
        for (size_t y = 0; y < c->height; y++)
            for (size_t x = 0; x < c->width; x++, sums++)
                pixels[upright_place(c, y, x)] = (uint8_t)((*sums + all / 2) / all);
}

void rnl_canvas_close(rnl_canvas *c)
{
    rnl_free(c->row);
    rnl_free(c->row_sums);
    rnl_free(c->sums);
    c->row = NULL;
    c->row_sums = c->sums = NULL;
}

/* ---- files -------------------------------------------------------------------------------------- */

bool rnl_input_is_png(const rnl_input *input)
{
    return input->size >= 8 && memcmp(input->bytes, "\x89PNG\r\n\x1a\n", 8) == 0;
}

bool rnl_input_is_jpeg(const rnl_input *input)
{
    return input->size >= 3 && memcmp(input->bytes, "\xff\xd8\xff", 3) == 0;
}

static size_t u16_at(const uint8_t *p)
{
    return (size_t)p[0] << 8 | p[1];
}

/* ", but HEIC or AVIF", as telephones make them, by the first bytes; else what is given. */
static const char *but_which(const rnl_input *input, const char *otherwise)
{
    static const struct {
        size_t at;
        const char *bytes, *text;
    } known[] = {
        {0, "GIF8", ", but GIF"},
        {8, "WEBP", ", but WebP"},
        {4, "ftyp", ", but HEIC or AVIF"},
        {0, "II*", ", but TIFF"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t n = strlen(known[i].bytes);
        if (input->size >= known[i].at + n &&
            memcmp(input->bytes + known[i].at, known[i].bytes, n) == 0)
            return known[i].text;
    }
    return otherwise;
}

rnl_status rnl_picture_size(const rnl_input *input, size_t *height, size_t *width)
{
    *height = *width = 0;
    if (rnl_input_is_png(input) && input->size >= 24 && memcmp(input->bytes + 12, "IHDR", 4) == 0) {
        *width = u16_at(input->bytes + 16) << 16 | u16_at(input->bytes + 18);
        *height = u16_at(input->bytes + 20) << 16 | u16_at(input->bytes + 22);
        return RNL_OK;
    }
    rnl_jpeg_header jpeg;
    if (rnl_input_is_jpeg(input) && rnl_jpeg_look(input, &jpeg)) {
        const bool lies = rnl_lies(jpeg.orientation);
        *height = lies ? jpeg.width : jpeg.height;
        *width = lies ? jpeg.height : jpeg.width;
        return RNL_OK;
    }
    return rnl_fail(RNL_ERR_FORMAT, "%s is no PNG or JPEG picture%s", input->name,
                    but_which(input, ", or is cut off"));
}

static rnl_status check_wish(const rnl_canvas *c)
{
    RNL_FAIL_IF(c->channels != 1 && c->channels != 3, RNL_ERR_USAGE,
                "reading a picture with %zu channels: expected 1 (grey) or 3 (colours)",
                c->channels);
    RNL_FAIL_IF(c->height == 0 || c->width == 0 || c->height > RNL_SIDE_MAX ||
                    c->width > RNL_SIDE_MAX,
                RNL_ERR_USAGE, "reading a picture as %zu x %zu pixels: expected 1 to %d each",
                c->height, c->width, RNL_SIDE_MAX);
    return RNL_OK;
}

static rnl_status draw(rnl_canvas *c, const rnl_input *input, bool png_only)
{
    RNL_FAIL_IF(input->size == 0, RNL_ERR_FORMAT, "%s is empty, expected a %s picture", input->name,
                png_only ? "PNG" : "PNG or JPEG");
    RNL_FAIL_IF(png_only && rnl_input_is_jpeg(input), RNL_ERR_FORMAT,
                "%s is a JPEG picture, expected PNG", input->name);
    if (rnl_input_is_jpeg(input))
        return rnl_jpeg_draw(c, input);
    RNL_FAIL_IF(!rnl_input_is_png(input), RNL_ERR_FORMAT, "%s is no PNG%s picture%s", input->name,
                png_only ? "" : " or JPEG", but_which(input, ""));
    return rnl_png_draw(c, input);
}

static rnl_status decode(const rnl_input *input, rnl_canvas *c, bool png_only, uint8_t *pixels)
{
    rnl_status status = draw(c, input, png_only);
    if (status == RNL_OK)
        rnl_canvas_write(c, pixels);
    rnl_canvas_close(c);
    return status;
}

static rnl_status decode_file(const char *path, rnl_canvas *c, bool png_only, uint8_t *pixels)
{
    rnl_input input;
    RNL_TRY(check_wish(c));
    RNL_TRY(rnl_input_open(&input, path, false));
    rnl_status status = decode(&input, c, png_only, pixels);
    rnl_input_close(&input);
    return status;
}

rnl_status rnl_decode_picture(const void *bytes, size_t size, const char *name, size_t channels,
                              size_t height, size_t width, bool dark_on_light, uint8_t *pixels)
{
    RNL_REFUSE_NULL(bytes, "the array of bytes is");
    RNL_REFUSE_NULL(name, "the name is");
    RNL_REFUSE_NULL(pixels, "the place for the pixels is");
    rnl_canvas c = {
        .channels = channels, .height = height, .width = width, .invert = dark_on_light};
    const rnl_input input = {.name = name, .bytes = bytes, .size = size};
    RNL_TRY(check_wish(&c));
    return decode(&input, &c, false, pixels);
}

rnl_status rnl_read_picture(const char *path, size_t channels, size_t height, size_t width,
                            bool dark_on_light, uint8_t *pixels)
{
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(pixels, "the place for the pixels is");
    rnl_canvas c = {
        .channels = channels, .height = height, .width = width, .invert = dark_on_light};
    return decode_file(path, &c, false, pixels);
}

rnl_status rnl_decode_png(const void *bytes, size_t size, const char *name, size_t height,
                          size_t width, bool dark_on_light, uint8_t *pixels)
{
    RNL_REFUSE_NULL(bytes, "the array of bytes is");
    RNL_REFUSE_NULL(name, "the name is");
    RNL_REFUSE_NULL(pixels, "the place for the pixels is");
    rnl_canvas c = {.channels = 1, .height = height, .width = width, .invert = dark_on_light};
    const rnl_input input = {.name = name, .bytes = bytes, .size = size};
    RNL_TRY(check_wish(&c));
    return decode(&input, &c, true, pixels);
}

rnl_status rnl_read_png(const char *path, size_t height, size_t width, bool dark_on_light,
                        uint8_t *pixels)
{
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(pixels, "the place for the pixels is");
    rnl_canvas c = {.channels = 1, .height = height, .width = width, .invert = dark_on_light};
    return decode_file(path, &c, true, pixels);
}

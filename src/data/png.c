/* png.c - a PNG picture as the grey bytes that a network takes
 *
 * Any depth, palette, transparency and interlacing, through libpng. Sample values count as they
 * stand in the file (no gamma, no colour profile): first alpha over white, then luma after
 * ITU-R BT.601, 0.299 red + 0.587 green + 0.114 blue, then, dark on light, the inverse.
 *
 * The picture keeps its proportions: it is made as large as fits, put in the middle, and what it
 * does not cover is 0, the background. Each byte is the mean of the area that it covers, computed
 * exactly and rounded once; so a picture of the wanted size comes out as it is. Nothing is cut off,
 * moved or stretched by what the picture shows: a network for digits wants them as its data had them
 * (MNIST: light on dark, 20 of 28 pixels high, the centre of mass in the middle), and only the user
 * knows what was drawn.
 *
 * A pixel is added to the places it falls on as soon as it comes, in any order; so memory is one row
 * of the picture and the result, and an interlaced picture needs no more. Larger pictures than
 * SIDE_MAX and PIXELS_MAX are refused by their header. */
#include "base/memory.h"
#include "data/input.h"

#include <string.h>

enum { SIDE_MAX = 65535, PIXELS_MAX = 100 * 1000 * 1000 };

static rnl_status check_wish(size_t height, size_t width, const uint8_t *pixels)
{
    RNL_FAIL_IF(!pixels, RNL_ERR_USAGE, "reading a PNG: the room for its pixels is NULL");
    RNL_FAIL_IF(height == 0 || width == 0 || height > SIDE_MAX || width > SIDE_MAX, RNL_ERR_USAGE,
                "reading a PNG as %zu x %zu pixels: expected 1 to %d each", height, width,
                SIDE_MAX);
    return RNL_OK;
}

#ifdef RNL_HAVE_PNG
#include <png.h>
#include <setjmp.h>

/* ---- where a pixel falls ------------------------------------------------------------------------
 *
 * Along one axis, in units of which a pixel of the result has 2 q and one of the picture 2 p, where
 * p / q is the scale of both axes: pixel x of the picture lies from offset + 2 p x on. */
typedef struct axis {
    uint64_t pixel, cell, offset; /* 2 p, 2 q, and (cells q - pixels p), which centres */
} axis;

typedef struct span {
    uint64_t begin, end;
} span;

static span pixel_span(const axis *a, int x)
{
    uint64_t begin = a->offset + a->pixel * (uint64_t)x;
    return (span){begin, begin + a->pixel};
}

/* How much of the span lies in cell c. */
static uint64_t overlap(const axis *a, span s, uint64_t c)
{
    uint64_t begin = c * a->cell, end = begin + a->cell;
    return (s.end < end ? s.end : end) - (s.begin > begin ? s.begin : begin);
}

/* ---- reading ------------------------------------------------------------------------------------- */

enum { FULL = 255 * 255 }; /* white: grey levels times alpha levels */

/* All of it lives outside the function that calls setjmp, so that nothing is lost by longjmp. */
typedef struct reader {
    const char *name;
    const uint8_t *next;
    size_t left;
    size_t height, width; /* wanted */
    bool invert;
    axis x, y;
    png_structp png;
    png_infop info;
    uint8_t *row;       /* RGBA */
    uint64_t *row_sums; /* [width]: of one row of the picture */
    uint64_t *sums;     /* [height, width] */
    bool no_memory;
} reader;

static void *take_memory(png_structp png, png_alloc_size_t size)
{
    reader *r = png_get_mem_ptr(png);
    void *block = rnl_alloc(size, 1);
    r->no_memory |= !block;
    return block;
}

static void give_memory(png_structp png, void *block)
{
    (void)png;
    rnl_free(block);
}

static void on_error(png_structp png, const char *text)
{
    reader *r = png_get_error_ptr(png);
    if (r->no_memory)
        rnl_fail(RNL_ERR_MEMORY, "%s: no memory for reading it", r->name);
    else
        rnl_fail(RNL_ERR_FORMAT, "%s: a damaged PNG picture: %s", r->name, text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, const char *text)
{
    (void)png; /* of chunks that the picture does not need */
    (void)text;
}

static void read_bytes(png_structp png, png_bytep to, size_t n)
{
    reader *r = png_get_io_ptr(png);
    if (n > r->left)
        png_error(png, "the file ends too early");
    memcpy(to, r->next, n);
    r->next += n;
    r->left -= n;
}

/* Texts, profiles and the like are passed over unread. */
static void ignore_other_chunks(png_structp png)
{
    static const png_byte names[] = "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0"
                                    "sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt";
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, names, sizeof names / 5);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
}

static rnl_status read_size(reader *r)
{
    png_read_info(r->png, r->info);
    uint64_t width = png_get_image_width(r->png, r->info);
    uint64_t height = png_get_image_height(r->png, r->info);
    RNL_FAIL_IF(
        width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX, RNL_ERR_UNSUPPORTED,
        "%s: a picture of %llu x %llu pixels, expected at most %d a side and %d in all", r->name,
        (unsigned long long)width, (unsigned long long)height, SIDE_MAX, PIXELS_MAX);
    bool wide = width * r->height >= height * r->width; /* what limits the scale p / q */
    uint64_t p = wide ? r->width : r->height, q = wide ? width : height;
    r->x = (axis){2 * p, 2 * q, r->width * q - width * p};
    r->y = (axis){2 * p, 2 * q, r->height * q - height * p};
    return RNL_OK;
}

/* Whatever the file has becomes RGBA of 8 bits each. */
static rnl_status prepare_rows(reader *r)
{
    png_set_expand(r->png);
    png_set_scale_16(r->png);
    png_set_gray_to_rgb(r->png);
    png_set_add_alpha(r->png, 255, PNG_FILLER_AFTER);
    png_read_update_info(r->png, r->info);
    size_t row_size = png_get_rowbytes(r->png, r->info);
    RNL_FAIL_IF(row_size != 4 * (size_t)png_get_image_width(r->png, r->info), RNL_ERR_FORMAT,
                "%s: a kind of PNG picture that libpng does not turn into colours", r->name);
    r->row = rnl_alloc(row_size, 1);
    r->row_sums = r->row ? rnl_alloc(r->width, sizeof *r->row_sums) : NULL;
    r->sums = r->row_sums ? rnl_alloc(r->height * r->width, sizeof *r->sums) : NULL;
    return r->sums ? RNL_OK : rnl_fail_prefix(RNL_ERR_MEMORY, r->name);
}

/* 0 to FULL; the luma's weights add up to 65536, so that grey stays as it is. */
static uint64_t value_of(const uint8_t rgba[4], bool invert)
{
    uint32_t luma = (19595u * rgba[0] + 38470u * rgba[1] + 7471u * rgba[2] + 32768u) >> 16;
    uint64_t over_white = luma * rgba[3] + 255u * (255u - rgba[3]);
    return invert ? FULL - over_white : over_white;
}

/* Row y of the picture, or the pixels x0, x0 + step, ... of it. */
static void add_row(reader *r, int y, int x0, int step, int count)
{
    memset(r->row_sums, 0, r->width * sizeof *r->row_sums);
    for (int k = 0; k < count; k++) {
        uint64_t value = value_of(r->row + 4 * k, r->invert);
        span s = pixel_span(&r->x, x0 + k * step);
        for (uint64_t c = s.begin / r->x.cell; c * r->x.cell < s.end; c++)
            r->row_sums[c] += value * overlap(&r->x, s, c);
    }
    span s = pixel_span(&r->y, y);
    for (uint64_t c = s.begin / r->y.cell; c * r->y.cell < s.end; c++) {
        uint64_t share = overlap(&r->y, s, c), *sums = r->sums + c * r->width;
        for (size_t j = 0; j < r->width; j++)
            sums[j] += share * r->row_sums[j];
    }
}

static void read_rows(reader *r)
{
    int height = (int)png_get_image_height(r->png, r->info); /* at most SIDE_MAX */
    int width = (int)png_get_image_width(r->png, r->info);
    if (png_get_interlace_type(r->png, r->info) == PNG_INTERLACE_NONE) {
        for (int y = 0; y < height; y++) {
            png_read_row(r->png, r->row, NULL);
            add_row(r, y, 0, 1, width);
        }
        return;
    }
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        int rows = PNG_PASS_ROWS(height, pass), columns = PNG_PASS_COLS(width, pass);
        for (int k = 0; k < rows && columns > 0; k++) {
            png_read_row(r->png, r->row, NULL);
            add_row(r, PNG_ROW_FROM_PASS_ROW(k, pass), PNG_PASS_START_COL(pass),
                    PNG_PASS_COL_OFFSET(pass), columns);
        }
    }
}

/* Everything that may leave by longjmp. */
static rnl_status read_picture(reader *r)
{
    png_set_read_fn(r->png, r, read_bytes);
    png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* read_size is stricter */
    ignore_other_chunks(r->png);
    RNL_TRY(read_size(r));
    RNL_TRY(prepare_rows(r));
    read_rows(r);
    png_read_end(r->png, NULL);
    return RNL_OK;
}

static rnl_status guarded_read(reader *r)
{
    r->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, r, on_error, on_warning, r,
                                      take_memory, give_memory);
    r->info = r->png ? png_create_info_struct(r->png) : NULL;
    RNL_FAIL_IF(!r->info, RNL_ERR_MEMORY, "%s: no memory for reading it", r->name);
    if (setjmp(png_jmpbuf(r->png)))
        return r->no_memory ? RNL_ERR_MEMORY : RNL_ERR_FORMAT; /* on_error wrote the text */
    return read_picture(r);
}

/* Rounds the means. 65535 a side: the sums stay below 2^50. */
static void write_pixels(const reader *r, uint8_t *pixels)
{
    uint64_t all = r->x.cell * r->y.cell * 255;
    for (size_t i = 0; i < r->height * r->width; i++)
        pixels[i] = (uint8_t)((r->sums[i] + all / 2) / all);
}

static rnl_status check_signature(const char *name, const uint8_t *bytes, size_t size)
{
    RNL_FAIL_IF(size == 0, RNL_ERR_FORMAT, "%s is empty, expected a PNG picture", name);
    RNL_FAIL_IF(size >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0, RNL_ERR_FORMAT,
                "%s is a JPEG picture, expected PNG", name);
    RNL_FAIL_IF(size < 8 || png_sig_cmp(bytes, 0, 8) != 0, RNL_ERR_FORMAT, "%s is no PNG picture",
                name);
    return RNL_OK;
}

rnl_status rnl_decode_png(const void *bytes, size_t size, const char *name, size_t height,
                          size_t width, bool dark_on_light, uint8_t *pixels)
{
    RNL_TRY(check_wish(height, width, pixels));
    RNL_TRY(check_signature(name, bytes, size));
    reader r = {.name = name,
                .next = bytes,
                .left = size,
                .height = height,
                .width = width,
                .invert = dark_on_light};
    rnl_status status = guarded_read(&r);
    if (status == RNL_OK)
        write_pixels(&r, pixels);
    png_destroy_read_struct(&r.png, &r.info, NULL);
    rnl_free(r.row);
    rnl_free(r.row_sums);
    rnl_free(r.sums);
    return status;
}

#else

rnl_status rnl_decode_png(const void *bytes, size_t size, const char *name, size_t height,
                          size_t width, bool dark_on_light, uint8_t *pixels)
{
    (void)bytes;
    (void)size;
    (void)dark_on_light;
    RNL_TRY(check_wish(height, width, pixels));
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s: this build reads no PNG pictures (no libpng)", name);
}

#endif

rnl_status rnl_read_png(const char *path, size_t height, size_t width, bool dark_on_light,
                        uint8_t *pixels)
{
    rnl_input input;
    RNL_TRY(check_wish(height, width, pixels));
    RNL_TRY(rnl_input_open(&input, path, false));
    rnl_status status =
        rnl_decode_png(input.bytes, input.size, path, height, width, dark_on_light, pixels);
    rnl_input_close(&input);
    return status;
}

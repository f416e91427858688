/* test_png.c - PNG pictures of every kind against their samples, resizing against its integral */
#include "in_use.h"

#include <math.h>

#ifdef RNL_HAVE_PNG
#include "base/random.h"

#include <png.h>

/* ---- pictures made with libpng ------------------------------------------------------------------------ */

typedef struct picture {
    int colour_type, depth, interlace;
    size_t height, width;
    bool transparent;       /* with a tRNS chunk: grey 1, red-green-blue 1 2 3, palette entry 1 */
    uint16_t samples[8192]; /* [height, width, channels], 0 to 2^depth - 1 */
} picture;

static uint8_t file[1 << 17];
static size_t file_size;

static const png_color palette[16] = {{0, 0, 0},     {255, 255, 255}, {255, 0, 0},   {0, 255, 0},
                                      {0, 0, 255},   {9, 99, 199},    {12, 34, 56},  {250, 200, 5},
                                      {1, 2, 3},     {77, 77, 77},    {130, 60, 20}, {60, 130, 20},
                                      {20, 60, 130}, {200, 200, 201}, {31, 41, 59},  {128, 0, 128}};
static const png_byte palette_alpha[2] = {255, 40};

static size_t channels_of(int colour_type)
{
    return (colour_type & PNG_COLOR_MASK_COLOR && colour_type != PNG_COLOR_TYPE_PALETTE ? 3u : 1u) +
           (colour_type & PNG_COLOR_MASK_ALPHA ? 1u : 0u);
}

static void append(png_structp png, png_bytep bytes, size_t n)
{
    (void)png;
    assert_true(file_size + n <= sizeof file);
    memcpy(file + file_size, bytes, n);
    file_size += n;
}

static void flush(png_structp png)
{
    (void)png;
}

/* Row i as it stands in the file: big-endian, packed. */
static void pack_row(const picture *p, size_t i, png_byte *row)
{
    size_t per_row = p->width * channels_of(p->colour_type);
    memset(row, 0, per_row * 2);
    for (size_t j = 0; j < per_row; j++) {
        unsigned v = p->samples[i * per_row + j];
        if (p->depth == 16) {
            row[2 * j] = (png_byte)(v >> 8);
            row[2 * j + 1] = (png_byte)v;
        } else {
            size_t bit = j * (size_t)p->depth;
            row[bit / 8] |= (png_byte)(v << (8 - (size_t)p->depth - bit % 8));
        }
    }
}

static void write_picture(const picture *p)
{
    static png_byte rows[64][2048];
    png_bytep pointers[64];
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    assert_true(p->height <= 64 && p->width * channels_of(p->colour_type) * 2 <= 2048);
    file_size = 0;
    png_set_write_fn(png, NULL, append, flush);
    png_set_IHDR(png, info, (png_uint_32)p->width, (png_uint_32)p->height, p->depth, p->colour_type,
                 p->interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (p->colour_type == PNG_COLOR_TYPE_PALETTE) {
        png_set_PLTE(png, info, palette, 1 << (p->depth < 4 ? p->depth : 4));
        if (p->transparent)
            png_set_tRNS(png, info, palette_alpha, 2, NULL);
    } else if (p->transparent) {
        png_color_16 colour = {.gray = 1, .red = 1, .green = 2, .blue = 3};
        png_set_tRNS(png, info, NULL, 0, &colour);
    }
    png_text text = {.compression = PNG_TEXT_COMPRESSION_zTXt,
                     .key = (char[]){"Comment"},
                     .text = (char[]){"passed over"},
                     .text_length = 11};
    png_set_text(png, info, &text, 1);
    png_set_gAMA(png, info, 0.45455);
    for (size_t i = 0; i < p->height; i++)
        pack_row(p, i, pointers[i] = rows[i]);
    png_write_info(png, info);
    png_write_image(png, pointers);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

static void fill(picture *p, uint64_t seed)
{
    rnl_random r = rnl_random_new(seed, 0);
    size_t count = p->height * p->width * channels_of(p->colour_type);
    uint64_t levels =
        p->colour_type == PNG_COLOR_TYPE_PALETTE && p->depth == 8 ? 16 : (uint64_t)1 << p->depth;
    assert_true(count <= 8192);
    for (size_t i = 0; i < count; i++)
        p->samples[i] =
            (uint16_t)(rnl_random_u64(&r) % 4 == 0 ? i % 4 % levels
                                                   : rnl_bounded(rnl_random_u64(&r), levels));
}

/* What pixel (i, j) must look like, 0 to 255, computed anew from the samples. */
static double grey_of(const picture *p, size_t i, size_t j)
{
    size_t channels = channels_of(p->colour_type);
    const uint16_t *s = p->samples + (i * p->width + j) * channels;
    double most = (1 << p->depth) - 1, red, green, blue, alpha = 1;
    if (p->colour_type == PNG_COLOR_TYPE_PALETTE) {
        red = palette[s[0]].red, green = palette[s[0]].green, blue = palette[s[0]].blue;
        if (p->transparent && s[0] < 2)
            alpha = palette_alpha[s[0]] / 255.0;
    } else {
        bool grey = channels < 3;
        red = s[0] * 255 / most, green = s[grey ? 0 : 1] * 255 / most,
        blue = s[grey ? 0 : 2] * 255 / most;
        if (channels == 2 || channels == 4)
            alpha = s[channels - 1] / most;
        if (p->transparent && (grey ? s[0] == 1 : s[0] == 1 && s[1] == 2 && s[2] == 3))
            alpha = 0;
    }
    return alpha * (0.299 * red + 0.587 * green + 0.114 * blue) + (1 - alpha) * 255;
}

/* ---- every kind --------------------------------------------------------------------------------------- */

static void check_kind(int colour_type, int depth, int interlace, bool transparent)
{
    static const size_t sizes[][2] = {{9, 13}, {1, 1}, {3, 2}, {28, 28}};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        static picture p;
        p = (picture){.colour_type = colour_type,
                      .depth = depth,
                      .interlace = interlace,
                      .height = sizes[k][0],
                      .width = sizes[k][1],
                      .transparent = transparent};
        uint8_t light[28 * 28], dark[28 * 28];
        fill(&p, k + 1);
        write_picture(&p);
        assert_int_equal(rnl_decode_png(file, file_size, "it", p.height, p.width, false, light),
                         RNL_OK);
        assert_int_equal(rnl_decode_png(file, file_size, "it", p.height, p.width, true, dark),
                         RNL_OK);
        for (size_t i = 0; i < p.height; i++)
            for (size_t j = 0; j < p.width; j++) {
                int got = light[i * p.width + j];
                /* three roundings at most: to 8 bits, of the luma, of the mean */
                if (fabs(got - grey_of(&p, i, j)) > 1.3)
                    fail_msg("colour type %d, depth %d, interlace %d, tRNS %d: pixel %zu, %zu is "
                             "%d, expected %.2f",
                             colour_type, depth, interlace, transparent, i, j, got,
                             grey_of(&p, i, j));
                assert_in_range(got + dark[i * p.width + j], 254, 256);
            }
    }
}

static void reads_every_kind(void **state)
{
    (void)state;
    static const struct {
        int colour_type, depths[6];
    } kinds[] = {{PNG_COLOR_TYPE_GRAY, {1, 2, 4, 8, 16}},
                 {PNG_COLOR_TYPE_PALETTE, {1, 2, 4, 8}},
                 {PNG_COLOR_TYPE_RGB, {8, 16}},
                 {PNG_COLOR_TYPE_GRAY_ALPHA, {8, 16}},
                 {PNG_COLOR_TYPE_RGB_ALPHA, {8, 16}}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (const int *depth = kinds[k].depths; *depth; depth++)
            for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7;
                 interlace++) {
                check_kind(kinds[k].colour_type, *depth, interlace, false);
                if (!(kinds[k].colour_type & PNG_COLOR_MASK_ALPHA))
                    check_kind(kinds[k].colour_type, *depth, interlace, true);
            }
}

/* MNIST's own pictures, saved as PNG, must come back bit for bit. */
static void grey_of_the_right_size_stays_as_it_is(void **state)
{
    (void)state;
    static picture p = {.colour_type = PNG_COLOR_TYPE_GRAY, .depth = 8, .height = 28, .width = 28};
    uint8_t pixels[28 * 28];
    fill(&p, 5);
    write_picture(&p);
    assert_int_equal(
        rnl_read_png(write_in_folder("it.png", file, file_size), 28, 28, false, pixels), RNL_OK);
    for (size_t i = 0; i < 28 * 28; i++)
        assert_int_equal(pixels[i], p.samples[i]);
    assert_int_equal(rnl_read_png(in_folder("it.png"), 28, 28, true, pixels), RNL_OK);
    for (size_t i = 0; i < 28 * 28; i++)
        assert_int_equal(pixels[i], 255 - p.samples[i]);
}

/* ---- resizing ----------------------------------------------------------------------------------------------- */

/* The integral over cell (i, j) of the picture, scaled to fit and centred, 0 around it. */
static double area_mean(const picture *p, size_t height, size_t width, size_t i, size_t j,
                        bool invert)
{
    double scale = fmin((double)height / (double)p->height, (double)width / (double)p->width);
    double top = ((double)height - scale * (double)p->height) / 2;
    double left = ((double)width - scale * (double)p->width) / 2;
    double sum = 0;
    for (size_t y = 0; y < p->height; y++)
        for (size_t x = 0; x < p->width; x++) {
            double y0 = top + scale * (double)y, x0 = left + scale * (double)x;
            double dy = fmin(y0 + scale, (double)i + 1) - fmax(y0, (double)i);
            double dx = fmin(x0 + scale, (double)j + 1) - fmax(x0, (double)j);
            double value = p->samples[y * p->width + x];
            if (dy > 0 && dx > 0)
                sum += dy * dx * (invert ? 255 - value : value);
        }
    return sum;
}

static void resizes_by_area(void **state)
{
    (void)state;
    static const size_t sizes[][4] = {
        {56, 56, 28, 28}, {50, 31, 28, 28}, {17, 60, 28, 28}, {5, 3, 28, 28}, {1, 1, 3, 5},
        {64, 1, 4, 4},    {1, 64, 7, 3},    {29, 28, 28, 28}, {30, 40, 1, 1}, {33, 47, 12, 9}};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
        for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++)
            for (int invert = 0; invert < 2; invert++) {
                size_t height = sizes[k][2], width = sizes[k][3];
                static picture p;
                p = (picture){.colour_type = PNG_COLOR_TYPE_GRAY,
                              .depth = 8,
                              .interlace = interlace,
                              .height = sizes[k][0],
                              .width = sizes[k][1]};
                uint8_t pixels[28 * 28 + 1] = {[28 * 28] = 77};
                fill(&p, k);
                write_picture(&p);
                assert_int_equal(
                    rnl_decode_png(file, file_size, "it", height, width, invert, pixels), RNL_OK);
                assert_int_equal(pixels[28 * 28], 77);
                for (size_t i = 0; i < height; i++)
                    for (size_t j = 0; j < width; j++) {
                        double want = area_mean(&p, height, width, i, j, invert);
                        if (fabs(pixels[i * width + j] - want) > 0.5 + 1e-6)
                            fail_msg("%zu x %zu as %zu x %zu: pixel %zu, %zu is %d, expected %.3f",
                                     p.height, p.width, height, width, i, j, pixels[i * width + j],
                                     want);
                    }
            }
}

/* A white page, twice as high as wide: the margins left and right are background, as the page is. */
static void what_is_not_covered_is_background(void **state)
{
    (void)state;
    static picture p = {.colour_type = PNG_COLOR_TYPE_GRAY, .depth = 1, .height = 8, .width = 4};
    uint8_t pixels[16];
    for (size_t i = 0; i < 32; i++)
        p.samples[i] = 1;
    write_picture(&p);
    assert_int_equal(rnl_decode_png(file, file_size, "it", 4, 4, true, pixels), RNL_OK);
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(pixels[i], 0);
    assert_int_equal(rnl_decode_png(file, file_size, "it", 4, 4, false, pixels), RNL_OK);
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(pixels[i], i % 4 == 1 || i % 4 == 2 ? 255 : 0);
}

/* ---- wrong files ---------------------------------------------------------------------------------------------- */

static void refuses(const void *bytes, size_t size, rnl_status status, const char *text)
{
    uint8_t pixels[4] = {7, 7, 7, 7};
    assert_error(rnl_decode_png(bytes, size, "it.png", 2, 2, false, pixels), status, text);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pixels[i], 7); /* untouched */
}

static void small_picture(void)
{
    static picture p = {.colour_type = PNG_COLOR_TYPE_RGB,
                        .depth = 8,
                        .height = 6,
                        .width = 5,
                        .interlace = PNG_INTERLACE_ADAM7};
    fill(&p, 9);
    write_picture(&p);
}

static void refuses_what_is_no_png(void **state)
{
    (void)state;
    uint8_t pixels[4];
    refuses("", 0, RNL_ERR_FORMAT, "it.png is empty");
    refuses("P5 2 2 255 abcd", 15, RNL_ERR_FORMAT, "it.png is no PNG picture");
    refuses("\xff\xd8\xff\xe0 JFIF", 9, RNL_ERR_FORMAT, "it.png is a JPEG picture, expected PNG");
    refuses("\x89PNG\r\n\x1a\n", 8, RNL_ERR_FORMAT, "ends too early");
    assert_error(rnl_read_png(in_folder("missing.png"), 2, 2, false, pixels), RNL_ERR_IO,
                 "missing.png");
    assert_error(rnl_read_png(folder, 2, 2, false, pixels), RNL_ERR_IO, "folder");
    assert_error(rnl_read_png(write_in_folder("empty.png", "", 0), 2, 2, false, pixels),
                 RNL_ERR_FORMAT, "empty.png is empty");
    assert_error(rnl_read_png(in_folder("missing.png"), 0, 2, false, pixels), RNL_ERR_USAGE,
                 "0 x 2");
    assert_error(rnl_read_png(in_folder("missing.png"), 2, 100000, false, pixels), RNL_ERR_USAGE,
                 "2 x 100000");
    assert_error(rnl_read_png(in_folder("missing.png"), 2, 2, false, NULL), RNL_ERR_USAGE, "NULL");
}

static void refuses_files_cut_at_any_byte(void **state)
{
    (void)state;
    small_picture();
    for (size_t size = 0; size < file_size; size++)
        refuses(file, size, RNL_ERR_FORMAT, "it.png");
    uint8_t pixels[4];
    assert_int_equal(rnl_decode_png(file, file_size, "it.png", 2, 2, false, pixels), RNL_OK);
}

/* Every single bit: an error, or a picture (where the damage lies in a text that is passed over). */
static void survives_any_flipped_bit(void **state)
{
    (void)state;
    small_picture();
    size_t refused = 0;
    for (size_t bit = 0; bit < file_size * 8; bit++) {
        uint8_t pixels[4];
        file[bit / 8] ^= (uint8_t)(1u << bit % 8);
        rnl_status status = rnl_decode_png(file, file_size, "it.png", 2, 2, false, pixels);
        file[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(status == RNL_OK || status == RNL_ERR_FORMAT || status == RNL_ERR_UNSUPPORTED);
        refused += status != RNL_OK;
    }
    assert_true(refused > file_size * 4);
}

/* A header that says width x height, and nothing behind it. */
static size_t claim(uint8_t *bytes, uint32_t width, uint32_t height)
{
    static const uint8_t head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    memcpy(bytes, head, 16);
    for (int k = 0; k < 4; k++) {
        bytes[16 + k] = (uint8_t)(width >> (24 - 8 * k));
        bytes[20 + k] = (uint8_t)(height >> (24 - 8 * k));
    }
    memcpy(bytes + 24, "\x08\0\0\0\0", 5); /* 8 bits, grey, not interlaced */
    uint32_t crc = 0xffffffffu;
    for (size_t i = 12; i < 29; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    for (int k = 0; k < 4; k++)
        bytes[29 + k] = (uint8_t)(~crc >> (24 - 8 * k));
    memcpy(bytes + 33, "\0\0\0\0IDAT\x35\xaf\x06\x1e", 12); /* empty */
    return 45;
}

static void refuses_huge_pictures_by_their_header(void **state)
{
    (void)state;
    uint8_t bytes[64];
    refuses(bytes, claim(bytes, 100000, 100000), RNL_ERR_UNSUPPORTED,
            "it.png: a picture of 100000 x 100000 pixels, expected at most 65535 a side and "
            "100000000 in all");
    refuses(bytes, claim(bytes, 65536, 1), RNL_ERR_UNSUPPORTED, "65536 x 1 pixels");
    refuses(bytes, claim(bytes, 10001, 10000), RNL_ERR_UNSUPPORTED, "10001 x 10000 pixels");
    refuses(bytes, claim(bytes, 0x7fffffff, 0x7fffffff), RNL_ERR_UNSUPPORTED,
            "2147483647 x 2147483647");
    refuses(bytes, claim(bytes, 10000, 10000), RNL_ERR_FORMAT, "it.png: a damaged PNG picture");
    refuses(bytes, claim(bytes, 65535, 1), RNL_ERR_FORMAT, "it.png: a damaged PNG picture");
    refuses(bytes, claim(bytes, 0, 5), RNL_ERR_FORMAT, "it.png: a damaged PNG picture");
}

static void failing_allocations_leave_nothing(void **state)
{
    (void)state;
    small_picture();
    const char *path = write_in_folder("it.png", file, file_size);
    for (long nth = 1;; nth++) {
        uint8_t pixels[4];
        rnl_alloc_fail_after(nth);
        rnl_status status = rnl_read_png(path, 2, 2, false, pixels);
        rnl_alloc_fail_after(0);
        if (status == RNL_OK) {
            assert_true(nth > 8);
            return;
        }
        assert_int_equal(status, RNL_ERR_MEMORY);
        if (!strstr(rnl_error_text(), "memory"))
            fail_msg("\"%s\"", rnl_error_text());
    }
}

#else

static void says_that_libpng_is_missing(void **state)
{
    (void)state;
    uint8_t pixels[4];
    static const char begin[] = "\x89PNG\r\n\x1a\n";
    assert_error(rnl_decode_png(begin, 8, "it.png", 2, 2, false, pixels), RNL_ERR_UNSUPPORTED,
                 "it.png: this build reads no PNG pictures");
    assert_error(rnl_read_png(write_in_folder("x.png", begin, 8), 2, 2, false, pixels),
                 RNL_ERR_UNSUPPORTED, "x.png: this build reads no PNG pictures");
    assert_error(rnl_decode_png("x", 1, "it.png", 2, 2, false, pixels), RNL_ERR_FORMAT,
                 "it.png is no PNG picture");
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef RNL_HAVE_PNG
        cmocka_unit_test(reads_every_kind),
        cmocka_unit_test(grey_of_the_right_size_stays_as_it_is),
        cmocka_unit_test(resizes_by_area),
        cmocka_unit_test(what_is_not_covered_is_background),
        cmocka_unit_test(refuses_what_is_no_png),
        cmocka_unit_test(refuses_files_cut_at_any_byte),
        cmocka_unit_test(survives_any_flipped_bit),
        cmocka_unit_test(refuses_huge_pictures_by_their_header),
        cmocka_unit_test(failing_allocations_leave_nothing),
#else
        cmocka_unit_test(says_that_libpng_is_missing),
#endif
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

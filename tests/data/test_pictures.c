/* test_pictures.c - a folder of pictures for each class; JPEG; colours */
#include "data/picture.h"
#include "in_use.h"

#include <sys/stat.h>

#if defined(RNL_HAVE_PNG) && defined(RNL_HAVE_JPEG)
#include <jpeglib.h>
#include <png.h>

enum { SIDE = 16 };

static void put_png(const char *name, size_t side, uint8_t level)
{
    uint8_t pixels[SIDE * SIDE];
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)side,
                       .height = (png_uint_32)side,
                       .format = PNG_FORMAT_GRAY};
    memset(pixels, level, sizeof pixels);
    pixels[0] = 255;
    assert_true(png_image_write_to_file(&image, in_folder(name), 0, pixels, 0, NULL));
}

/* A smooth picture: red grows to the right, green downwards. */
static size_t make_jpeg(uint8_t **bytes, int quality, bool progressive)
{
    struct jpeg_compress_struct j;
    struct jpeg_error_mgr errors;
    unsigned long size = 0;
    *bytes = NULL;
    j.err = jpeg_std_error(&errors);
    jpeg_create_compress(&j);
    jpeg_mem_dest(&j, bytes, &size);
    j.image_width = j.image_height = SIDE;
    j.input_components = 3;
    j.in_color_space = JCS_RGB;
    jpeg_set_defaults(&j);
    jpeg_set_quality(&j, quality, TRUE);
    for (int k = 0; k < 3; k++) /* colours as fine as grey */
        j.comp_info[k].h_samp_factor = j.comp_info[k].v_samp_factor = 1;
    if (progressive)
        jpeg_simple_progression(&j);
    jpeg_start_compress(&j, TRUE);
    for (uint8_t y = 0; y < SIDE; y++) {
        uint8_t row[3 * SIDE];
        for (uint8_t x = 0; x < SIDE; x++) {
            row[3 * x] = (uint8_t)(40 + 10 * x);
            row[3 * x + 1] = (uint8_t)(40 + 10 * y);
            row[3 * x + 2] = 77;
        }
        JSAMPROW at = row;
        jpeg_write_scanlines(&j, &at, 1);
    }
    jpeg_finish_compress(&j);
    jpeg_destroy_compress(&j);
    return size;
}

static void reads_jpeg_in_colour_and_grey(void **state)
{
    (void)state;
    for (int progressive = 0; progressive < 2; progressive++) {
        uint8_t *bytes, colour[3 * SIDE * SIDE], grey[SIDE * SIDE];
        const size_t size = make_jpeg(&bytes, 100, progressive);
        assert_int_equal(rnl_decode_picture(bytes, size, "j", 3, SIDE, SIDE, false, colour),
                         RNL_OK);
        assert_int_equal(rnl_decode_picture(bytes, size, "j", 1, SIDE, SIDE, true, grey), RNL_OK);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                const int rgb[] = {40 + 10 * x, 40 + 10 * y, 77};
                for (int c = 0; c < 3; c++)
                    assert_in_range(colour[(c * SIDE + y) * SIDE + x] + 6 - rgb[c], 0, 12);
                const double luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
                assert_in_range(grey[y * SIDE + x] + 6 - (255 - (int)luma), 0, 12);
            }
        size_t height, width;
        const rnl_input input = {.name = "j", .bytes = bytes, .size = size};
        assert_int_equal(rnl_picture_size(&input, &height, &width), RNL_OK);
        assert_true(height == SIDE && width == SIDE);
        for (size_t cut = 0; cut < size; cut++) { /* libjpeg would make up the rest */
            assert_int_equal(rnl_decode_picture(bytes, cut, "cut.jpg", 1, SIDE, SIDE, false, grey),
                             RNL_ERR_FORMAT);
            assert_non_null(strstr(rnl_error_text(), "cut.jpg"));
        }
        free(bytes);
    }
}

/* Four inks of any level, all over; inverted: as Adobe stores them. */
static size_t make_inks(uint8_t **bytes, const uint8_t ink[4], bool inverted, J_COLOR_SPACE space)
{
    struct jpeg_compress_struct j;
    struct jpeg_error_mgr errors;
    unsigned long size = 0;
    uint8_t row[4 * SIDE];
    for (size_t i = 0; i < sizeof row; i++)
        row[i] = inverted ? (uint8_t)(255 - ink[i % 4]) : ink[i % 4];
    *bytes = NULL;
    j.err = jpeg_std_error(&errors);
    jpeg_create_compress(&j);
    jpeg_mem_dest(&j, bytes, &size);
    j.image_width = j.image_height = SIDE;
    j.input_components = 4;
    j.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&j);
    jpeg_set_colorspace(&j, space);
    jpeg_set_quality(&j, 100, TRUE);
    j.write_Adobe_marker = inverted;
    jpeg_start_compress(&j, TRUE);
    for (int y = 0; y < SIDE; y++) {
        JSAMPROW at = row;
        jpeg_write_scanlines(&j, &at, 1);
    }
    jpeg_finish_compress(&j);
    jpeg_destroy_compress(&j);
    return size;
}

static void reads_inks(void **state)
{
    (void)state;
    static const uint8_t inks[][4] = {{0, 0, 0, 0}, {255, 0, 0, 0}, {20, 128, 250, 51}};
    for (size_t i = 0; i < sizeof inks / sizeof inks[0]; i++)
        for (int kind = 0; kind < 3; kind++) {
            uint8_t *bytes, colour[3 * SIDE * SIDE];
            const size_t size =
                make_inks(&bytes, inks[i], kind > 0, kind == 2 ? JCS_YCCK : JCS_CMYK);
            assert_int_equal(rnl_decode_picture(bytes, size, "j", 3, SIDE, SIDE, false, colour),
                             RNL_OK);
            for (int c = 0; c < 3; c++) {
                const int want = (255 - inks[i][c]) * (255 - inks[i][3]) / 255;
                assert_in_range(colour[c * SIDE * SIDE + 5] + 4 - want, 0, 8);
            }
            free(bytes);
        }
}

enum { EXIF = 44 };

/* A segment of Exif behind the two bytes that begin a picture. */
static size_t with_exif(const uint8_t *bytes, size_t size, const uint8_t exif[EXIF],
                        uint8_t *longer)
{
    memcpy(longer, bytes, 2);
    memcpy(longer + 2, exif, EXIF);
    memcpy(longer + 2 + EXIF, bytes + 2, size - 2);
    return size + EXIF;
}

/* An entry of another tag, and the orientation. */
static const uint8_t exif_low_first[EXIF] = "\xff\xe1\0\x2a"
                                            "Exif\0\0II\x2a\0\x08\0\0\0\x02\0"
                                            "\x0f\1\2\0\1\0\0\0\0\0\0\0\x12\1\3\0\1\0\0\0\6\0\0";
static const uint8_t exif_high_first[EXIF] = "\xff\xe1\0\x2a"
                                             "Exif\0\0MM\0\x2a\0\0\0\x08\0\x02"
                                             "\1\x0f\0\2\0\0\0\1\0\0\0\0\1\x12\0\3\0\0\0\1\0\6\0";
enum { VALUE_LOW = 40, VALUE_HIGH = 41 };

/* What the file's pixel (y, x) becomes, by a look at Exif's drawing of the eight. */
static size_t turned(int orientation, size_t y, size_t x, size_t height, size_t width)
{
    const bool lies = orientation > 4;
    static const bool from_below[] = {0, 0, 0, 1, 1, 0, 0, 1, 1},
                      from_right[] = {0, 0, 1, 1, 0, 0, 1, 1, 0};
    const size_t up = lies ? x : y, across = lies ? y : x;
    const size_t new_height = lies ? width : height, new_width = lies ? height : width;
    return (from_below[orientation] ? new_height - 1 - up : up) * new_width +
           (from_right[orientation] ? new_width - 1 - across : across);
}

/* A picture higher than wide, in room that fits neither; the same levels as when it was not turned, each elsewhere. */
static void turns_pictures_upright(void **state)
{
    (void)state;
    enum { HEIGHT = 11, WIDTH = 7 };
    uint8_t *bytes, plain[HEIGHT * WIDTH], upright[HEIGHT * WIDTH], exif[EXIF];
    const size_t size = make_jpeg(&bytes, 90, false);
    uint8_t *longer = malloc(size + EXIF);
    assert_int_equal(rnl_decode_picture(bytes, size, "j", 1, HEIGHT, WIDTH, false, plain), RNL_OK);
    for (int orientation = 0; orientation <= 9; orientation++)
        for (int high_first = 0; high_first < 2; high_first++) {
            memcpy(exif, high_first ? exif_high_first : exif_low_first, EXIF);
            exif[high_first ? VALUE_HIGH : VALUE_LOW] = (uint8_t)orientation;
            const size_t n = with_exif(bytes, size, exif, longer);
            const int told = orientation >= 1 && orientation <= 8 ? orientation : 1;
            const size_t h = told > 4 ? WIDTH : HEIGHT, w = told > 4 ? HEIGHT : WIDTH;
            assert_int_equal(rnl_decode_picture(longer, n, "j", 1, h, w, false, upright), RNL_OK);
            for (size_t y = 0; y < HEIGHT; y++)
                for (size_t x = 0; x < WIDTH; x++)
                    assert_int_equal(upright[turned(told, y, x, HEIGHT, WIDTH)],
                                     plain[y * WIDTH + x]);
        }
    /* a picture that lies is as wide as the file's is high */
    for (size_t at = 2; at + 9 < size; at++)
        if (bytes[at] == 0xff && bytes[at + 1] == 0xc0)
            bytes[at + 6] = SIDE / 2;
    const rnl_input input = {
        .name = "j", .bytes = longer, .size = with_exif(bytes, size, exif_low_first, longer)};
    size_t height, width;
    assert_int_equal(rnl_picture_size(&input, &height, &width), RNL_OK);
    assert_true(height == SIDE && width == SIDE / 2);
    free(longer);
    free(bytes);
}

/* Whatever stands in Exif: a picture, upright or not, and no byte beyond the segment's is looked at. */
static void bad_exif_is_no_exif(void **state)
{
    (void)state;
    uint8_t *bytes, pixels[SIDE * SIDE], exif[EXIF];
    const size_t size = make_jpeg(&bytes, 90, false);
    uint8_t *longer = malloc(size + EXIF);
    for (size_t at = 4; at < EXIF; at++)
        for (int level = 0; level < 256; level += level < 64 ? 1 : 17) {
            memcpy(exif, at % 2 ? exif_high_first : exif_low_first, EXIF);
            exif[at] = (uint8_t)level;
            const size_t n = with_exif(bytes, size, exif, longer);
            assert_int_equal(rnl_decode_picture(longer, n, "j", 1, SIDE, SIDE, false, pixels),
                             RNL_OK);
        }
    for (size_t cut = 2; cut < EXIF; cut++) { /* a block of its own, for the address sanitizer */
        rnl_jpeg_header header;
        uint8_t *part = malloc(2 + cut);
        memcpy(part, "\xff\xd8", 2);
        memcpy(part + 2, exif_low_first, cut);
        const rnl_input input = {.name = "cut", .bytes = part, .size = 2 + cut};
        assert_false(rnl_jpeg_look(&input, &header));
        if (cut > 4)
            part[5] = (uint8_t)(cut - 2); /* a segment that ends there */
        assert_false(rnl_jpeg_look(&input, &header));
        free(part);
    }
    free(longer);
    free(bytes);
}

static void refuses_lying_jpeg(void **state)
{
    (void)state;
    uint8_t *bytes, grey[SIDE * SIDE];
    const size_t size = make_jpeg(&bytes, 50, true);
    for (size_t at = 2; at + 9 < size; at++)
        if (bytes[at] == 0xff && bytes[at + 1] == 0xc2) {
            bytes[at + 5] = bytes[at + 7] = 0x20; /* 8208 x 8208 */
            break;
        }
    assert_error(rnl_decode_picture(bytes, size, "large.jpg", 1, SIDE, SIDE, false, grey),
                 RNL_ERR_FORMAT, "large.jpg: the JPEG header says 8208 x 8208 pixels, more than");
    assert_error(rnl_decode_png(bytes, size, "a.jpg", SIDE, SIDE, false, grey), RNL_ERR_FORMAT,
                 "a.jpg is a JPEG picture, expected PNG");
    assert_error(rnl_decode_picture("GIF89a....", 10, "a.gif", 1, SIDE, SIDE, false, grey),
                 RNL_ERR_FORMAT, "a.gif is no PNG or JPEG picture, but GIF");
    assert_error(rnl_decode_picture("\0\0\0\x18"
                                    "ftypheic",
                                    12, "a.jpg", 1, SIDE, SIDE, false, grey),
                 RNL_ERR_FORMAT, "a.jpg is no PNG or JPEG picture, but HEIC or AVIF");
    assert_error(rnl_decode_picture(bytes, size, "a.jpg", 2, SIDE, SIDE, false, grey),
                 RNL_ERR_USAGE, "2 channels");
    free(bytes);
}

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(in_folder(name), 0755), 0);
}

static void refuses(const rnl_data_options *options, rnl_status status, const char *text)
{
    rnl_dataset *set = (rnl_dataset *)folder;
    assert_error(rnl_dataset_read(&set, folder, NULL, RNL_PART_TRAIN, options), status, text);
    assert_null(set);
}

static void reads_a_folder_of_folders(void **state)
{
    (void)state;
    refuses(NULL, RNL_ERR_FORMAT, "no sub-folders, expected one with pictures for each class");
    make_folder("cat");
    make_folder("big dog");
    make_folder(".hidden");
    refuses(NULL, RNL_ERR_FORMAT, "big dog: no pictures in the folder of this class");
    put_png("cat/2.png", SIDE, 20);
    put_png("cat/1.PNG", SIDE, 10);
    put_png("cat/3.png", SIDE, 30);
    put_png("big dog/a.png", SIDE, 100);
    uint8_t *jpeg;
    const size_t size = make_jpeg(&jpeg, 90, false);
    write_in_folder("big dog/b.jpg", jpeg, size);
    write_in_folder("cat/.DS_Store", "x", 1);
    write_in_folder("README.txt", "x", 1);
    free(jpeg);

    rnl_data_options options = {.normalize = false};
    rnl_dataset *set;
    rnl_status status = RNL_ERR_MEMORY;
    for (long nth = 1; status == RNL_ERR_MEMORY; nth++) {
        rnl_alloc_fail_after(nth);
        status = rnl_dataset_read(&set, folder, NULL, RNL_PART_TRAIN, &options);
        rnl_alloc_fail_after(0);
    }
    assert_int_equal(status, RNL_OK);
    const rnl_dataset_info info = rnl_dataset_describe(set);
    assert_int_equal(info.n, 5);
    assert_true(info.channels == 1 && info.height == SIDE && info.width == SIDE);
    assert_int_equal(info.class_count, 2);
    assert_string_equal(rnl_dataset_class_names(set), "big dog\ncat");
    const int32_t classes[] = {0, 1, 0, 1, 1};
    const float level[] = {100, 10, -1, 20, 30};
    float x[5][SIDE * SIDE];
    assert_int_equal(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x[0], 5, SIDE * SIDE)),
                     RNL_OK);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rnl_dataset_classes(set)[i], classes[i]);
        assert_true(level[i] < 0 || (x[i][0] == 255 && x[i][1] == level[i]));
    }
    rnl_dataset_free(&set);
    assert_int_equal(rnl_dataset_read(&set, folder, NULL, RNL_PART_TEST, &options), RNL_OK);
    assert_null(set);

    options = (rnl_data_options){.normalize = true,
                                 .channels = 3,
                                 .height = 4,
                                 .width = 6,
                                 .limit = 2,
                                 .class_names = "bird\ncat\nbig dog"};
    assert_int_equal(rnl_dataset_read(&set, folder, NULL, RNL_PART_TRAIN, &options), RNL_OK);
    assert_int_equal(rnl_dataset_describe(set).features, 3 * 4 * 6);
    assert_int_equal(rnl_dataset_describe(set).class_count, 3);
    assert_int_equal(rnl_dataset_classes(set)[0], 2);
    assert_int_equal(rnl_dataset_classes(set)[1], 1);
    rnl_dataset_free(&set);
    options.class_names = "cat\nbird";
    refuses(&options, RNL_ERR_FORMAT, "big dog: no class of this name, expected one of cat, bird");
    put_png("cat/4.png", 8, 1);
    refuses(NULL, RNL_ERR_SHAPE,
            "cat/4.png is 8 x 8 pixels (height x width), but the pictures before it are 16 x 16");
    write_in_folder("cat/4.png", "no picture", 10);
    options.class_names = NULL;
    options.limit = 0;
    refuses(&options, RNL_ERR_FORMAT, "cat/4.png is no PNG or JPEG picture");
    write_in_folder("cat/notes.txt", "x", 1);
    refuses(NULL, RNL_ERR_FORMAT, "cat/notes.txt: expected a picture, .png, .jpg or .jpeg");
    make_folder("big dog/puppies");
    put_png("big dog/puppies/1.png", SIDE, 1);
    refuses(NULL, RNL_ERR_FORMAT, "big dog/puppies: a folder inside of that of a class, expected");
}

static void read_it(rnl_dataset **set, const char *name, rnl_data_part part)
{
    assert_int_equal(rnl_dataset_read(set, in_folder(name), NULL, part, NULL), RNL_OK);
}

static void reads_parts(void **state)
{
    (void)state;
    static const char *const folders[] = {"parts",         "parts/train", "parts/train/a",
                                          "parts/train/b", "parts/test",  "parts/test/b"};
    for (size_t k = 0; k < sizeof folders / sizeof folders[0]; k++)
        make_folder(folders[k]);
    put_png("parts/train/a/1.png", 2, 1);
    put_png("parts/train/b/1.png", 2, 2);
    put_png("parts/test/b/1.png", 2, 3);
    rnl_dataset *train, *test;
    assert_int_equal(rnl_dataset_read(&train, in_folder("parts"), NULL, RNL_PART_TRAIN, NULL),
                     RNL_OK);
    assert_int_equal(rnl_dataset_describe(train).n, 2);
    const rnl_data_options options = {
        .class_names = rnl_dataset_class_names(train), .height = 2, .width = 2};
    assert_int_equal(rnl_dataset_read(&test, in_folder("parts"), NULL, RNL_PART_TEST, &options),
                     RNL_OK);
    assert_int_equal(rnl_dataset_describe(test).n, 1);
    assert_int_equal(rnl_dataset_describe(test).class_count, 2);
    assert_int_equal(rnl_dataset_classes(test)[0], 1);
    rnl_dataset_free(&train);
    rnl_dataset_free(&test);
}

/* "train" is a class where pictures lie in it and another class stands beside it. */
static void trains_are_no_part(void **state)
{
    (void)state;
    rnl_dataset *set;
    make_folder("wheels");
    make_folder("wheels/train");
    make_folder("wheels/test");
    put_png("wheels/train/1.png", 2, 1);
    put_png("wheels/test/1.png", 2, 1);
    assert_error(rnl_dataset_read(&set, in_folder("wheels"), NULL, RNL_PART_TRAIN, NULL),
                 RNL_ERR_FORMAT, "wheels/train: no sub-folders, expected one with pictures");
    make_folder("wheels/bus");
    put_png("wheels/bus/1.png", 2, 1);
    read_it(&set, "wheels", RNL_PART_TRAIN);
    assert_string_equal(rnl_dataset_class_names(set), "bus\ntest\ntrain");
    rnl_dataset_free(&set);
    read_it(&set, "wheels", RNL_PART_TEST);
    assert_null(set);
    make_folder("wheels/train/steam");
    put_png("wheels/train/steam/1.png", 2, 1);
    read_it(&set, "wheels", RNL_PART_TRAIN);
    assert_string_equal(rnl_dataset_class_names(set), "steam");
    rnl_dataset_free(&set);
}

/* So many that threads share them: they come in their order, and the first bad one is named. */
static void many_are_shared_out(void **state)
{
    (void)state;
    enum { EACH = 200 };
    char name[32];
    make_folder("many");
    make_folder("many/a");
    make_folder("many/b");
    for (size_t i = 0; i < 2 * EACH; i++) {
        snprintf(name, sizeof name, "many/%c/%03zu.png", i % 2 ? 'b' : 'a', i / 2);
        put_png(name, 2, (uint8_t)(i / 2 + i % 2));
    }
    rnl_dataset *set;
    const char *path = in_folder("many");
    for (int threads = 0; threads <= 3; threads++) {
        const rnl_data_options options = {.normalize = false, .threads = threads};
        assert_int_equal(rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, &options), RNL_OK);
        assert_int_equal(rnl_dataset_describe(set).n, 2 * EACH);
        for (size_t i = 0; i < 2 * EACH; i++) {
            float x[4];
            assert_int_equal(rnl_dataset_gather(set, NULL, i, rnl_matrix_f32(x, 1, 4)), RNL_OK);
            assert_int_equal(rnl_dataset_classes(set)[i], i % 2);
            assert_true(x[0] == 255 && x[3] == (float)(i / 2 + i % 2));
        }
        rnl_dataset_free(&set);
    }
    write_in_folder("many/a/150.png", "bad", 3);
    write_in_folder("many/b/149.png", "bad", 3);
    write_in_folder("many/b/150.png", "bad", 3);
    for (int k = 0; k < 20; k++)
        assert_error(rnl_dataset_read(&set, path, NULL, RNL_PART_TRAIN, NULL), RNL_ERR_FORMAT,
                     "many/b/149.png is no PNG or JPEG picture");
    assert_null(set);
}

#else

static void says_what_is_missing(void **state)
{
    (void)state;
    uint8_t pixels[4];
#ifndef RNL_HAVE_JPEG
    assert_error(rnl_decode_picture("\xff\xd8\xff\xe0", 4, "a.jpg", 1, 2, 2, false, pixels),
                 RNL_ERR_UNSUPPORTED, "a.jpg: this build reads no JPEG pictures (no libjpeg)");
#endif
#ifndef RNL_HAVE_PNG
    assert_error(rnl_decode_picture("\x89PNG\r\n\x1a\n", 8, "a.png", 1, 2, 2, false, pixels),
                 RNL_ERR_UNSUPPORTED, "a.png: this build reads no PNG pictures (no libpng)");
#endif
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#if defined(RNL_HAVE_PNG) && defined(RNL_HAVE_JPEG)
        cmocka_unit_test(reads_jpeg_in_colour_and_grey),
        cmocka_unit_test(reads_inks),
        cmocka_unit_test(turns_pictures_upright),
        cmocka_unit_test(bad_exif_is_no_exif),
        cmocka_unit_test(refuses_lying_jpeg),
        cmocka_unit_test(reads_a_folder_of_folders),
        cmocka_unit_test(reads_parts),
        cmocka_unit_test(trains_are_no_part),
        cmocka_unit_test(many_are_shared_out),
#else
        cmocka_unit_test(says_what_is_missing),
#endif
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

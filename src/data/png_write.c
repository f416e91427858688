/* png_write.c - bytes, grey or in colours, as a PNG picture */
#include "base/memory.h"
#include "data/input.h"

#ifdef RNL_HAVE_PNG
#include <png.h>

enum { SIDE_MAX = 65535 };

static rnl_status write_rows(const char *path, png_image *image, const uint8_t *rows)
{
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(*image);
    uint8_t *bytes = rnl_alloc(size, 1);
    if (!bytes)
        return RNL_ERR_MEMORY;
    rnl_status status = png_image_write_to_memory(image, bytes, &size, 0, rows, 0, NULL)
                            ? RNL_OK
                            : rnl_fail(RNL_ERR_MEMORY, "%s: the picture could not be made: %s",
                                       path, image->message);
    if (status == RNL_OK)
        status = rnl_write_file(path, bytes, size);
    rnl_free(bytes);
    return status;
}

rnl_status rnl_write_picture(const char *path, size_t channels, size_t height, size_t width,
                             const uint8_t *pixels)
{
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(pixels, "the array of pixels is");
    RNL_FAIL_IF(height == 0 || width == 0 || height > SIDE_MAX || width > SIDE_MAX, RNL_ERR_USAGE,
                "%s: writing a PNG of %zu x %zu pixels: expected 1 to %d each", path, height, width,
                SIDE_MAX);
    RNL_FAIL_IF(channels != 1 && channels != 3, RNL_ERR_USAGE,
                "%s: writing a PNG of %zu channels: expected 1 (grey) or 3 (colours)", path,
                channels);
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .height = (png_uint_32)height,
                       .width = (png_uint_32)width,
                       .format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
    if (channels == 1)
        return write_rows(path, &image, pixels);
    const size_t size = height * width;
    uint8_t *rows = rnl_alloc(size, channels); /* the colours of a pixel side by side */
    if (!rows)
        return RNL_ERR_MEMORY;
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < size; i++)
            rows[i * channels + c] = pixels[c * size + i];
    const rnl_status status = write_rows(path, &image, rows);
    rnl_free(rows);
    return status;
}

#else

rnl_status rnl_write_picture(const char *path, size_t channels, size_t height, size_t width,
                             const uint8_t *pixels)
{
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(pixels, "the array of pixels is");
    (void)channels, (void)height, (void)width, (void)pixels;
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s: this build cannot write PNG pictures (no libpng)",
                    path);
}

#endif

rnl_status rnl_write_png(const char *path, size_t height, size_t width, const uint8_t *pixels)
{
    RNL_REFUSE_NULL(path, "the path is");
    RNL_REFUSE_NULL(pixels, "the array of pixels is");
    return rnl_write_picture(path, 1, height, width, pixels);
}

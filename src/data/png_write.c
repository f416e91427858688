/* png_write.c - grey bytes as a PNG picture */
#include "base/memory.h"
#include "data/input.h"

#ifdef RNL_HAVE_PNG
#include <png.h>

enum { SIDE_MAX = 65535 };

rnl_status rnl_write_png(const char *path, size_t height, size_t width, const uint8_t *pixels)
{
    RNL_FAIL_IF(height == 0 || width == 0 || height > SIDE_MAX || width > SIDE_MAX, RNL_ERR_USAGE,
                "%s: writing a PNG of %zu x %zu pixels: expected 1 to %d each", path, height, width,
                SIDE_MAX);
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .height = (png_uint_32)height,
                       .width = (png_uint_32)width,
                       .format = PNG_FORMAT_GRAY};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *bytes = rnl_alloc(size, 1);
    if (!bytes)
        return RNL_ERR_MEMORY;
    rnl_status status = png_image_write_to_memory(&image, bytes, &size, 0, pixels, 0, NULL)
                            ? RNL_OK
                            : rnl_fail(RNL_ERR_MEMORY, "%s: the picture could not be made: %s",
                                       path, image.message);
    if (status == RNL_OK)
        status = rnl_write_file(path, bytes, size);
    rnl_free(bytes);
    return status;
}

#else

rnl_status rnl_write_png(const char *path, size_t height, size_t width, const uint8_t *pixels)
{
    (void)height, (void)width, (void)pixels;
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s: this build cannot write PNG pictures (no libpng)",
                    path);
}

#endif

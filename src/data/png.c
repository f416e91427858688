/* png.c - PNG pictures, of any depth, palette, transparency and interlacing, through libpng */
#include "data/picture.h"

#include <string.h>

#ifdef RNL_HAVE_PNG
#include <png.h>
#include <setjmp.h>

/* All of it lives outside the function that calls setjmp, so that nothing is lost by longjmp. */
typedef struct reader {
    const char *name;
    const uint8_t *next;
    size_t left;
    rnl_canvas *canvas;
    png_structp png;
    png_infop info;
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

/* Whatever the file has becomes RGBA of 8 bits each. */
static rnl_status prepare_rows(reader *r)
{
    png_read_info(r->png, r->info);
    RNL_TRY(rnl_canvas_open(r->canvas, r->name, png_get_image_width(r->png, r->info),
                            png_get_image_height(r->png, r->info)));
    png_set_expand(r->png);
    png_set_scale_16(r->png);
    png_set_gray_to_rgb(r->png);
    png_set_add_alpha(r->png, 255, PNG_FILLER_AFTER);
    png_read_update_info(r->png, r->info);
    RNL_FAIL_IF(png_get_rowbytes(r->png, r->info) !=
                    4 * (size_t)png_get_image_width(r->png, r->info),
                RNL_ERR_FORMAT, "%s: a kind of PNG picture that libpng does not turn into colours",
                r->name);
    return RNL_OK;
}

static void read_rows(reader *r)
{
    int height = (int)png_get_image_height(r->png, r->info); /* at most RNL_SIDE_MAX */
    int width = (int)png_get_image_width(r->png, r->info);
    if (png_get_interlace_type(r->png, r->info) == PNG_INTERLACE_NONE) {
        for (int y = 0; y < height; y++) {
            png_read_row(r->png, r->canvas->row, NULL);
            rnl_canvas_add(r->canvas, y, 0, 1, width);
        }
        return;
    }
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        int rows = PNG_PASS_ROWS(height, pass), columns = PNG_PASS_COLS(width, pass);
        for (int k = 0; k < rows && columns > 0; k++) {
            png_read_row(r->png, r->canvas->row, NULL);
            rnl_canvas_add(r->canvas, PNG_ROW_FROM_PASS_ROW(k, pass), PNG_PASS_START_COL(pass),
                           PNG_PASS_COL_OFFSET(pass), columns);
        }
    }
}

/* Everything that may leave by longjmp. */
static rnl_status read_picture(reader *r)
{
    png_set_read_fn(r->png, r, read_bytes);
    png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* the canvas is stricter */
    ignore_other_chunks(r->png);
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

rnl_status rnl_png_draw(rnl_canvas *canvas, const rnl_input *input)
{
    reader r = {.name = input->name, .next = input->bytes, .left = input->size, .canvas = canvas};
    rnl_status status = guarded_read(&r);
    png_destroy_read_struct(&r.png, &r.info, NULL);
    return status;
}

#else

rnl_status rnl_png_draw(rnl_canvas *canvas, const rnl_input *input)
{
    (void)canvas;
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s: this build reads no PNG pictures (no libpng)",
                    input->name);
}

#endif

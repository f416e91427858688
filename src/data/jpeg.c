/* jpeg.c - JPEG pictures, through libjpeg
 *
 * Stricter than libjpeg: where the data are damaged or cut off it warns and makes up pixels; that is an error here.
 * CMYK is turned into RGB without a colour profile, each of red, green and blue by its ink and black: 255 (1 - ink)
 * (1 - black). Adobe's programs, which mark their files, store 1 - ink in place of ink.
 *
 * A progressive picture lies in memory whole, with 2 bytes for each pixel and colour, before its first row comes. A file
 * cannot hold more than about 340 pixels a byte, so one that claims more than 1024 is refused before. The memory
 * is libjpeg's own, from malloc. */
#include "data/picture.h"

#include <stdio.h>

#ifdef RNL_HAVE_JPEG
#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>

enum { PIXELS_PER_BYTE = 1024, SCANS_MAX = 200 };

/* All of it lives outside the function that calls setjmp, so that nothing is lost by longjmp. */
typedef struct reader {
    struct jpeg_error_mgr errors; /* first: libjpeg hands out its address */
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    const rnl_input *input;
    rnl_canvas *canvas;
    rnl_status status;
    jmp_buf out;
} reader;

static void on_error(j_common_ptr common)
{
    reader *r = (reader *)(void *)common->err;
    char text[JMSG_LENGTH_MAX];
    common->err->format_message(common, text);
    const bool memory = common->err->msg_code == JERR_OUT_OF_MEMORY;
    r->status =
        memory ? rnl_fail(RNL_ERR_MEMORY, "%s: no memory for reading it", r->input->name)
               : rnl_fail(RNL_ERR_FORMAT, "%s: a damaged JPEG picture: %s", r->input->name, text);
    longjmp(r->out, 1);
}

/* level -1: the data are damaged; others: for people who look for errors in libjpeg. */
static void on_message(j_common_ptr common, int level)
{
    if (level < 0)
        on_error(common);
}

static void on_output(j_common_ptr common)
{
    (void)common;
}

/* Many scans over a large picture take hours and few bytes. */
static void on_progress(j_common_ptr common)
{
    reader *r = (reader *)(void *)common->err;
    if (((j_decompress_ptr)common)->input_scan_number > SCANS_MAX) {
        r->status = rnl_fail(RNL_ERR_UNSUPPORTED, "%s: a JPEG picture of more than %d scans",
                             r->input->name, SCANS_MAX);
        longjmp(r->out, 1);
    }
}

/* RGB at the row's beginning becomes RGBA, from its end on. */
static void spread(uint8_t *row, size_t width)
{
    for (size_t x = width; x-- > 0;) {
        row[4 * x + 3] = 255;
        for (size_t k = 3; k-- > 0;)
            row[4 * x + k] = row[3 * x + k];
    }
}

/* CMYK at the row's beginning becomes RGBA. */
static void mix_inks(uint8_t *row, size_t width, bool stored_inverted)
{
    for (uint8_t *p = row; p < row + 4 * width; p += 4) {
        const unsigned mask = stored_inverted ? 0 : 255, light = p[3] ^ mask;
        for (size_t k = 0; k < 3; k++)
            p[k] = (uint8_t)(((p[k] ^ mask) * light + 127) / 255);
        p[3] = 255;
    }
}

/* Which of its outputs libjpeg is asked for. */
static rnl_status choose_colours(const reader *r, J_COLOR_SPACE *out)
{
    const J_COLOR_SPACE in = r->jpeg.jpeg_color_space;
    const bool inks = in == JCS_CMYK || in == JCS_YCCK;
    RNL_FAIL_IF(!inks && in != JCS_GRAYSCALE && in != JCS_RGB && in != JCS_YCbCr,
                RNL_ERR_UNSUPPORTED,
                "%s: a JPEG picture of %d channels whose colours are not known, expected grey, "
                "RGB, YCbCr or CMYK",
                r->input->name, r->jpeg.num_components);
    *out = inks ? JCS_CMYK : JCS_RGB;
    return RNL_OK;
}

/* Everything that may leave by longjmp. */
static rnl_status read_picture(reader *r)
{
    struct jpeg_decompress_struct *j = &r->jpeg;
    jpeg_create_decompress(j);
    r->progress.progress_monitor = on_progress;
    j->progress = &r->progress;
    jpeg_mem_src(j, (unsigned char *)(uintptr_t)r->input->bytes, (unsigned long)r->input->size);
    jpeg_read_header(j, TRUE);
    RNL_FAIL_IF((uint64_t)j->image_width * j->image_height / PIXELS_PER_BYTE > r->input->size,
                RNL_ERR_FORMAT,
                "%s: the JPEG header says %u x %u pixels, more than %zu bytes can hold",
                r->input->name, j->image_width, j->image_height, r->input->size);
    RNL_TRY(choose_colours(r, &j->out_color_space));
    RNL_TRY(rnl_canvas_open(r->canvas, r->input->name, j->image_width, j->image_height));
    j->dct_method = JDCT_ISLOW; /* the same bytes on every processor */
    jpeg_start_decompress(j);
    while (j->output_scanline < j->output_height) {
        const int y = (int)j->output_scanline;
        JSAMPROW row = r->canvas->row;
        jpeg_read_scanlines(j, &row, 1);
        if (j->out_color_space == JCS_CMYK)
            mix_inks(r->canvas->row, j->output_width, j->saw_Adobe_marker);
        else
            spread(r->canvas->row, j->output_width);
        rnl_canvas_add(r->canvas, y, 0, 1, (int)j->output_width);
    }
    jpeg_finish_decompress(j);
    return RNL_OK;
}

rnl_status rnl_jpeg_draw(rnl_canvas *canvas, const rnl_input *input)
{
    reader *r = rnl_alloc(1, sizeof *r);
    if (!r)
        return rnl_fail_prefix(RNL_ERR_MEMORY, input->name);
    r->input = input;
    r->canvas = canvas;
    rnl_jpeg_header header;
    rnl_jpeg_look(input, &header); /* what is damaged is told by libjpeg */
    canvas->orientation = header.orientation;
    r->jpeg.err = jpeg_std_error(&r->errors);
    r->errors.error_exit = on_error;
    r->errors.emit_message = on_message;
    r->errors.output_message = on_output;
    if (setjmp(r->out) == 0)
        r->status = read_picture(r);
    const rnl_status status = r->status;
    jpeg_destroy_decompress(&r->jpeg);
    rnl_free(r);
    return status;
}

#else

rnl_status rnl_jpeg_draw(rnl_canvas *canvas, const rnl_input *input)
{
    (void)canvas;
    return rnl_fail(RNL_ERR_UNSUPPORTED, "%s: this build reads no JPEG pictures (no libjpeg)",
                    input->name);
}

#endif

/* picture.h - pictures as the bytes that a network takes, whatever file they come from
 *
 * Sample values count as they stand in the file (no gamma, no colour profile): first alpha over white, then, for
 * grey, luma after ITU-R BT.601, 0.299 red + 0.587 green + 0.114 blue, then, dark on light, the inverse.
 *
 * The picture keeps its proportions: it is made as large as fits, put in the middle, and what it does not
 * cover is 0, the background. Each byte is the mean of the area that it covers, computed exactly and rounded
 * once; so a picture of the wanted size comes out as it is. Nothing is cut off, moved or stretched by what the
 * picture shows: a network for digits wants them as its data had them (MNIST: light on dark, 20 of 28 pixels
 * high, the centre of mass in the middle), and only the user knows what was drawn.
 *
 * A JPEG picture is turned upright, as its Exif orientation tells: the picture is put together as it lies in the file,
 * and turned when it is written, which comes to the same bytes.
 *
 * A pixel is added to the places it falls on as soon as it comes, in any order; so memory is one row of the
 * picture and the result. Larger pictures than RNL_SIDE_MAX and RNL_PIXELS_MAX are refused by their header. */
#ifndef RNL_DATA_PICTURE_H
#define RNL_DATA_PICTURE_H

#include "data/input.h"

enum { RNL_SIDE_MAX = 65535, RNL_PIXELS_MAX = 100 * 1000 * 1000 };

/* Along one axis, in units of which a pixel of the result has 2 q and one of the picture 2 p, where p / q is the
 * scale of both axes: pixel x of the picture lies from offset + 2 p x on. */
typedef struct rnl_axis {
    uint64_t pixel, cell, offset; /* 2 p, 2 q, and (cells q - pixels p), which centres */
} rnl_axis;

typedef struct rnl_canvas {
    size_t channels, height,
        width; /* wanted: 1 grey, 3 colours; as the picture lies once it is open */
    bool invert;
    int orientation; /* Exif's, 1 to 8, before it is opened; 0: upright */
    rnl_axis x, y;
    uint8_t *row;       /* room for a row of the picture: RGBA */
    uint64_t *row_sums; /* [channels, width]: of one row of the picture */
    uint64_t *sums;     /* [channels, height, width] */
} rnl_canvas;

/* Both are known now: what is wanted, and what the picture's header says. Close it in any case. */
rnl_status rnl_canvas_open(rnl_canvas *canvas, const char *name, uint64_t picture_width,
                           uint64_t picture_height);
/* The pixels x0, x0 + step, ... of row y of the picture; they stand in canvas->row. */
void rnl_canvas_add(rnl_canvas *canvas, int y, int x0, int step, int count);
/* pixels: [channels, height, width], as they were wanted */
void rnl_canvas_write(const rnl_canvas *canvas, uint8_t *pixels);
void rnl_canvas_close(rnl_canvas *canvas);

/* png.c, jpeg.c: the picture in the input onto the canvas. */
bool rnl_input_is_png(const rnl_input *input);
bool rnl_input_is_jpeg(const rnl_input *input);
rnl_status rnl_png_draw(rnl_canvas *canvas, const rnl_input *input);
rnl_status rnl_jpeg_draw(rnl_canvas *canvas, const rnl_input *input);

/* jpeg_header.c: false where no frame begins. */
typedef struct rnl_jpeg_header {
    size_t height, width; /* as the pixels lie in the file */
    int orientation;      /* 1 upright, to 8 */
} rnl_jpeg_header;
bool rnl_jpeg_look(const rnl_input *input, rnl_jpeg_header *header);

/* Is the picture of this orientation lying on its side? */
static inline bool rnl_lies(int orientation)
{
    return orientation >= 5;
}

/* How large the picture in an input is, by its header; upright. */
rnl_status rnl_picture_size(const rnl_input *input, size_t *height, size_t *width);

#endif

/* sheet.h - a PNG sheet with rows of samples that are pictures */
#ifndef RNL_CLI_SHEET_H
#define RNL_CLI_SHEET_H

#include "cli.h"

typedef struct cli_sheet {
    rnl_dataset_info info;          /* of the samples */
    size_t zoom;                    /* each of their pixels is so many wide and high */
    size_t channels, height, width; /* three channels stay colours, other numbers become grey */
    double least, most;             /* black and white */
    uint8_t *pixels;                /* [channels, height, width] */
} cli_sheet;

/* Room for rows x columns samples, on dark grey. */
cli_sheet cli_sheet_new(const rnl_dataset_info *info, size_t rows, size_t columns, size_t zoom,
                        double least, double most);
void cli_sheet_free(cli_sheet *sheet);
/* x: [features], one sample */
void cli_sheet_put(cli_sheet *sheet, size_t row, size_t column, const float *x);
rnl_status cli_sheet_save(const cli_sheet *sheet, const char *path);

#endif

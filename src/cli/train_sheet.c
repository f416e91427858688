/* train_sheet.c - a PNG sheet that shows what --augment makes of pictures */
#include "train_sheet.h"

#include "sheet.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ROWS = 10, COLUMNS = 16, LEAST_SIDE = 56 };

/* A row for each class, the first sample of it; or for each of the first samples. Returns how many. */
static size_t choose(const rnl_dataset *set, size_t index[MOST_ROWS])
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    const int32_t *classes = rnl_dataset_classes(set);
    size_t rows = 0;
    if (classes)
        for (size_t k = 0; k < info.class_count && rows < MOST_ROWS; k++)
            for (size_t i = 0; i < info.n; i++)
                if (classes[i] == (int32_t)k) {
                    index[rows++] = i;
                    break;
                }
    for (size_t i = 0; !classes && i < info.n && rows < MOST_ROWS; i++)
        index[rows++] = i;
    return rows;
}

/* Small pictures are shown larger. plain: [rows, features], as they are, which tell what is black and white. */
static cli_sheet plan(const rnl_dataset *set, size_t rows, const float *plain)
{
    const rnl_dataset_info info = rnl_dataset_describe(set);
    const size_t side = info.width > info.height ? info.width : info.height;
    double least = INFINITY, most = -INFINITY;
    for (size_t j = 0; j < rows * info.features; j++) {
        least = fmin(least, (double)plain[j]);
        most = fmax(most, (double)plain[j]);
    }
    return cli_sheet_new(&info, rows, COLUMNS, side < LEAST_SIDE ? LEAST_SIDE / side : 1, least,
                         most);
}

int cli_show_augmented(const cli_train_settings *settings, const rnl_dataset *set)
{
    size_t index[MOST_ROWS];
    const size_t rows = choose(set, index), m = rnl_dataset_describe(set).features;
    float *x = cli_alloc(rows * m, sizeof *x);
    const rnl_matrix view = {.data = x, .rows = rows, .cols = m, .ld = m, .dtype = RNL_F32};
    cli_sheet sheet = {0};
    rnl_status status = rnl_dataset_gather(set, index, 0, view);
    if (status == RNL_OK)
        sheet = plan(set, rows, x);
    for (size_t column = 0; column < COLUMNS && status == RNL_OK; column++) {
        if (column > 0)
            status = rnl_dataset_augment(set, settings->train.augment, settings->seed, column - 1,
                                         index, 0, view);
        for (size_t row = 0; row < rows && status == RNL_OK; row++)
            cli_sheet_put(&sheet, row, column, x + row * m);
    }
    if (status == RNL_OK)
        status = cli_sheet_save(&sheet, settings->show_augmented);
    if (status == RNL_OK)
        cli_message(
            "saved    %s: %zu pictures as they are, and beside each %d that training could see",
            settings->show_augmented, rows, COLUMNS - 1);
    cli_sheet_free(&sheet);
    free(x);
    return status == RNL_OK ? CLI_OK : cli_library_error(status, "show-augmented");
}

/* data_files.h - data of the user's own that is no table: IDX, npy, npz, svmlight, folders of pictures */
#ifndef RNL_CLI_DATA_FILES_H
#define RNL_CLI_DATA_FILES_H

#include "data_source.h"

/* The wanted parts. The test part comes from --test, from the data itself, or (--test-share) is drawn; it has
 * the training part's classes and scaling. pictures: a folder of them. Asked for the test part alone: that of the
 * data, or all of it. Returns -1, or how the program ends. */
int cli_files_open(cli_data *data, const cli_data_choice *choice, unsigned parts, bool pictures);

/* The inputs are prepared as --prepare says, the test part's as the training part's. Returns -1, or how the program
 * ends. */
int cli_data_prepare(cli_data *data, const cli_data_choice *choice);

/* Are these pixels that somebody has scaled already: no bytes, and all from 0 to 1? Says so. path: of the set. */
bool cli_is_scaled(const rnl_dataset *set, const char *path);

/* "28x28" as HEIGHTxWIDTH; false where it is none. */
bool cli_parse_size(const char *text, size_t *height, size_t *width);

/* clang-format off */
#define CLI_OPTIONS_PICTURES(c) \
    {.group = "Folders of pictures", \
     .name = "size", .kind = CLI_TEXT, .value = &(c)->size, .argument = "HxW", \
     .when_absent = "as they are", .shapes = CLI_INPUT, .also = "resize image-size height width", \
     .help = "Bring every picture to this height and width: 28x28"}, \
    {.name = "colour", .kind = CLI_FLAG, .value = &(c)->colour, .shapes = CLI_INPUT, \
     .also = "color rgb", .help = "Keep red, green and blue as three channels in place of grey"}, \
    {.name = "dark-on-light", .kind = CLI_FLAG, .value = &(c)->dark_on_light, .shapes = CLI_INPUT, \
     .also = "invert", .help = "Invert every picture, so that what is dark becomes light, as in MNIST"}
/* clang-format on */

#endif

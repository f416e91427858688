/* reads.h - the files that a verb reads, which it must not write over */
#ifndef RNL_CLI_READS_H
#define RNL_CLI_READS_H

#include "data_source.h"

/* What is read, by the name that it has on the command line ("--data", "MODEL"). path NULL: nothing. */
typedef struct cli_read {
    const char *name, *path;
    bool data; /* it may be a folder of pictures, or of MNIST's files, or built in */
} cli_read;

/* The files and the folder that data comes from; name: of c->data. */
enum { CLI_DATA_READS = 4 };
void cli_data_reads(const cli_data_choice *c, const char *name, cli_read reads[CLI_DATA_READS]);

/* One file, whatever the paths look like; of files that are not there yet, what they would be. "-" is standard
 * input. */
bool cli_same_file(const char *one, const char *other);

/* Can `path` be written, for the option `writer` ("--out"), without loss to what is read? -1, or how the
 * program ends, with the error said. */
int cli_spare_reads(const char *writer, const char *path, const cli_read *reads, size_t count);

/* Does the name not promise another kind of picture, and is there no such file, or a PNG picture that another may
 * replace? Says what is wrong if not. */
bool cli_can_replace_png(const char *option, const char *path);

#endif

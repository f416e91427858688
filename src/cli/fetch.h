/* fetch.h - data sets that can be downloaded */
#ifndef RNL_CLI_FETCH_H
#define RNL_CLI_FETCH_H

#include "cli.h"

typedef struct cli_fetch_file {
    const char *name;       /* without .gz; NAME.gz lies on the mirrors */
    uint64_t bytes;         /* decompressed */
    uint64_t gz_bytes_most; /* no honest mirror sends more */
    const char *sha256;     /* of the decompressed bytes */
} cli_fetch_file;

typedef struct cli_fetch_set {
    const char *name;
    const cli_fetch_file *files;
    size_t count;
    const char *const *mirrors; /* folders' addresses; NULL after the last */
} cli_fetch_set;

typedef struct cli_fetch_options {
    const char *folder; /* made where it is missing */
    const char *mirror; /* used in place of the set's; or NULL */
    bool keep_gz;       /* store NAME.gz as it came, not NAME */
    bool replace;       /* a file of that name with other content; otherwise that is an error */
    long connect_seconds, stall_seconds; /* patience */
} cli_fetch_options;

extern const cli_fetch_set cli_mnist;

cli_fetch_options cli_fetch_options_default(void);

/* Brings the files of the set that are missing from the folder, or are not what they should be.
 * Each is verified before it gets its name. Says what it does; how the program ends: CLI_OK,
 * CLI_FAILED or CLI_INTERRUPTED (catch the signals first). */
int cli_fetch_files(const cli_fetch_set *set, const cli_fetch_options *options);

/* Can this build download? */
bool cli_can_fetch(void);

/* ---- download.c: one file from one address, over HTTP ------------------------------------------------ */

typedef enum cli_download_end {
    CLI_DOWNLOADED,
    CLI_DOWNLOAD_FAILED,
    CLI_DOWNLOAD_OFFLINE, /* nobody was reached */
    CLI_DOWNLOAD_STOPPED  /* by Ctrl-C */
} cli_download_end;

struct cli_unpack;

/* Feeds what comes from url to u; what went wrong stands in reason. */
cli_download_end cli_download(const char *url, const char *label, const cli_fetch_options *options,
                              struct cli_unpack *u, char *reason, size_t reason_size);

#endif

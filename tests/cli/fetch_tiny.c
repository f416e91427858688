/* fetch_tiny.c - fetches a set of two small files whose digest the caller tells, so that fetching
 * can be tested against a server that the test runs itself
 *
 * fetch_tiny FOLDER SHA256 BYTES gz|plain replace|keep MIRROR... */
#include "cli/fetch.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 7)
        return 2;
    cli_fetch_file files[] = {
        {"one-ubyte", strtoull(argv[3], NULL, 10), 50000, argv[2]},
        {"two-ubyte", strtoull(argv[3], NULL, 10), 50000, argv[2]},
    };
    cli_fetch_set set = {
        .name = "TINY", .files = files, .count = 2, .mirrors = (const char *const *)(argv + 6)};
    cli_fetch_options options = {.folder = argv[1],
                                 .keep_gz = strcmp(argv[4], "gz") == 0,
                                 .replace = strcmp(argv[5], "replace") == 0,
                                 .connect_seconds = 5,
                                 .stall_seconds = 1};
    cli_say_as("fetch_tiny");
    cli_catch_signals();
    return cli_fetch_files(&set, &options);
}

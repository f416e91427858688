/* fetch_none.c - a build without libcurl, libcrypto or zlib: tells what to download */
#include "folders.h"
#include "fetch.h"

bool cli_can_fetch(void)
{
    return false;
}

int cli_fetch_files(const cli_fetch_set *set, const cli_fetch_options *options)
{
    cli_error("this build cannot download (it has no libcurl); put these files into %s yourself:",
              options->folder);
    for (size_t i = 0; i < set->count; i++)
        cli_message("  %s%s.gz", options->mirror ? options->mirror : set->mirrors[0],
                    set->files[i].name);
    return CLI_FAILED;
}

/* fetch.c - runnel fetch: downloads a data set into the cache folder */
#include "fetch.h"
#include "folders.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>

/* The MNIST database of handwritten digits (LeCun, Cortes, Burges). The original host refuses
 * downloads since about 2024; these mirrors are the ones that the field uses. */
static const cli_fetch_file mnist_files[] = {
    {"train-images-idx3-ubyte", 47040016, 16000000,
     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", 60008, 100000,
     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", 7840016, 3000000,
     "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", 10008, 20000,
     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
};
static const char *const mnist_mirrors[] = {
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    NULL,
};
const cli_fetch_set cli_mnist = {.name = "MNIST",
                                 .files = mnist_files,
                                 .count = sizeof mnist_files / sizeof mnist_files[0],
                                 .mirrors = mnist_mirrors};

cli_fetch_options cli_fetch_options_default(void)
{
    return (cli_fetch_options){.connect_seconds = 15, .stall_seconds = 30};
}

int cli_fetch(int argc, char **argv)
{
    static const char *const names[] = {"mnist", NULL};
    cli_fetch_options settings = cli_fetch_options_default();
    bool quiet = false;
    char *cache = cli_cache_folder("mnist"), *shown = cache ? cli_tilde(cache) : NULL;
    cli_option options[] = {
        {.name = "to",
         .kind = CLI_TEXT,
         .value = &settings.folder,
         .argument = "FOLDER",
         .when_absent = shown ? shown : "the cache folder, which HOME would tell",
         .also = "out output folder dir",
         .help = "Where the files go; files with the right content are kept"},
        {.name = "mirror",
         .kind = CLI_TEXT,
         .value = &settings.mirror,
         .argument = "URL",
         .also = "url from",
         .help = "Download from this address (http or https) in place of the known mirrors"},
        {.name = "compressed",
         .kind = CLI_FLAG,
         .value = &settings.keep_gz,
         .also = "keep gz compress",
         .help = "Keep the .gz files as they come: 11 MB in place of 55 MB, but reading them takes "
                 "longer, because plain files are mapped into memory as they are"},
        {.name = "quiet",
         .kind = CLI_FLAG,
         .value = &quiet,
         .help = "Say nothing but the folder and errors"},
    };
    cli_usage usage = {
        .synopsis = "mnist [OPTION...]",
        .about = "Downloads a data set, checks each file against the SHA-256 digest of the "
                 "original, and keeps the files where the other verbs look for them. Files that "
                 "are there already are not downloaded again.\n\n"
                 "mnist: handwritten digits, 60000 to train and 10000 to test, 28x28",
        CLI_TABLE(options),
        CLI_ONE_WORD("fetch what? runnel fetch mnist"),
    };
    int end = cli_parse(&usage, argc, argv);
    if (end >= 0)
        goto done;
    end = CLI_WRONG_USAGE;
    if (strcmp(argv[0], "mnist") != 0) {
        const char *near = cli_nearest(argv[0], names);
        cli_error("unknown data set %s; %s", argv[0],
                  near ? "did you mean mnist?" : "there is mnist");
        goto done;
    }
    if (settings.mirror && strncmp(settings.mirror, "http://", 7) != 0 &&
        strncmp(settings.mirror, "https://", 8) != 0) {
        cli_error("--mirror %s: expected an address that begins with http:// or https://",
                  settings.mirror);
        goto done;
    }
    cli_be_quiet(quiet);
    settings.replace = !settings.folder;
    settings.folder = settings.folder ? settings.folder : cache;
    end = CLI_FAILED;
    if (!settings.folder) {
        cli_error("there is no cache folder, because HOME is not set; choose one with --to");
        goto done;
    }
    cli_catch_signals();
    end = cli_fetch_files(&cli_mnist, &settings);
    if (end == CLI_OK)
        cli_print("%s\n", settings.folder);
done:
    free(shown);
    free(cache);
    return end;
}

/* main.c - the program runnel: one verb a file */
#define _GNU_SOURCE
#include "options.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const cli_verb verbs[] = {
    {"train", "train a network and save it", cli_train},
    {"sweep", "try settings of train side by side, and tell the best", cli_sweep},
    {"eval", "loss, accuracy and confusion matrix of a saved network", cli_eval},
    {"predict", "what a network says of pictures, tables, arrays", cli_predict},
    {"gradcheck", "check backpropagation against numerical differentiation", cli_gradcheck},
    {"inspect", "what a model file holds", cli_inspect},
    {"export", "write a saved network as C source or ONNX", cli_export},
    {"data", "look at data: ranges, missing values, classes, duplicates", cli_look},
    {"fetch", "download a data set", cli_fetch},
    {"bench", "how fast this machine trains and predicts", cli_bench},
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

static void print_overview(void)
{
    cli_print("runnel %s - neural networks, trained layer by layer with backpropagation\n\n"
              "usage: runnel VERB [OPTION...]\n\n",
              rnl_version());
    for (size_t i = 0; i < VERBS; i++)
        cli_print("  %-10s  %s\n", verbs[i].name, verbs[i].summary);
    cli_print("\nrunnel VERB --help lists the options of a verb and their defaults.\n"
              "Start with: runnel train\n");
}

static void print_version(void)
{
    cli_print("runnel %s (backends:", rnl_version());
    for (size_t i = 0; rnl_backend_name(i); i++)
        cli_print(" %s", rnl_backend_name(i));
    cli_print(")\n");
}

static const cli_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERBS; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static int unknown_verb(const char *word)
{
    static const char *const other_verbs[][2] = {
        {"evaluate", "eval"}, {"test", "eval"},       {"fit", "train"},
        {"learn", "train"},   {"check", "gradcheck"}, {"show", "inspect"},
        {"info", "inspect"},  {"download", "fetch"},  {"classify", "predict"},
        {"infer", "predict"}, {"run", "predict"},     {"benchmark", "bench"},
        {"speed", "bench"},   {"convert", "export"},  {"compile", "export"},
        {"deploy", "export"}, {"time", "bench"},      {"search", "sweep"},
        {"tune", "sweep"},    {"grid", "sweep"},      {"optimize", "sweep"},
    };
    const char *names[VERBS + 3] = {"help", "--version"}, *near = NULL;
    for (size_t i = 0; i < VERBS; i++)
        names[i + 2] = verbs[i].name;
    for (size_t i = 0; i < sizeof other_verbs / sizeof other_verbs[0]; i++)
        if (strcmp(word, other_verbs[i][0]) == 0)
            near = other_verbs[i][1];
    if (!near)
        near = cli_nearest(word, names);
    const char *kind = word[0] == '-' ? "option" : "verb";
    if (near)
        cli_error("unknown %s %s; did you mean %s?", kind, word, near);
    else
        cli_error("unknown %s %s; runnel --help lists the verbs", kind, *word ? word : "''");
    return CLI_WRONG_USAGE;
}

static int run_verb(const cli_verb *verb, int argc, char **argv)
{
    static char name[32];
    snprintf(name, sizeof name, "runnel %s", verb->name);
    cli_say_as(name);
    return verb->run(argc, argv);
}

static bool is_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int run(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (!word) {
        print_overview();
        return CLI_WRONG_USAGE;
    }
    if (strcmp(word, "--version") == 0) {
        print_version();
        return CLI_OK;
    }
    bool help = is_help(word);
    if (help && argc > 3) {
        cli_error("unexpected word '%s'; runnel help VERB explains one verb", argv[3]);
        return CLI_WRONG_USAGE;
    }
    if (help && (argc == 2 || is_help(argv[2]))) {
        print_overview();
        return CLI_OK;
    }
    const cli_verb *verb = find_verb(help ? argv[2] : word);
    if (!verb)
        return unknown_verb(help ? argv[2] : word);
    char *ask[] = {(char[]){"--help"}};
    return help ? run_verb(verb, 1, ask) : run_verb(verb, argc - 2, argv + 2);
}

/* A descriptor from 0 to 2 that is closed would be given to the next file that is opened, and what
 * is printed would land in that file. Open it here so that using it fails. */
static void occupy_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == 1 ? O_RDONLY : O_WRONLY);
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not stop a training run */
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like others */
    cli_catch_cut_off_files();
    int end = run(argc, argv);
    if (!cli_flush() && end == CLI_OK)
        end = CLI_FAILED;
    return end;
}

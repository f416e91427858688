/* options.h - the options of a verb as one table: parsing, help and errors all come from it */
#ifndef RNL_CLI_OPTIONS_H
#define RNL_CLI_OPTIONS_H

#include "cli.h"

typedef enum cli_option_kind {
    CLI_FLAG,   /* bool: no argument */
    CLI_TEXT,   /* const char *: borrowed from argv */
    CLI_CHOICE, /* const char *: one of choices */
    CLI_INT,    /* int: least .. most */
    CLI_SIZE,   /* size_t: least .. most */
    CLI_U64,    /* uint64_t: least .. most */
    CLI_REAL,   /* double: finite, >= 0, and > 0 where positive says so */
    CLI_WORDS   /* cli_words: may be given several times */
} cli_option_kind;

/* What of a run's result an option shapes. A model's provenance records all but the first. */
typedef enum cli_shapes {
    CLI_NOTHING, /* where it goes, on how many threads, what is told */
    CLI_INPUT,   /* what the run starts from: the samples, how they are prepared, a network */
    CLI_TRAINING /* what the run does with that; runnel sweep can try its values */
} cli_shapes;

enum { CLI_WORDS_MOST = 32 };

typedef struct cli_words {
    const char *at[CLI_WORDS_MOST]; /* borrowed from argv */
    size_t count;
} cli_words;

typedef struct cli_option {
    const char *group; /* a heading that help prints above this option; NULL: none */
    const char *name;  /* "lr": written --lr */
    cli_option_kind kind;
    void *value;             /* holds the default when the table is handed over; help prints that */
    const char *argument;    /* what help calls the argument: "FILE" */
    const char *help;        /* a sentence */
    const char *when_absent; /* what help says in place of the default, where that does not tell */
    const char *also;     /* other names that people try: "learning-rate step"; suggestions only */
    uint64_t least, most; /* of whole numbers; most 0: whatever fits */
    bool positive;        /* of CLI_REAL: 0 is refused too */
    double below;         /* of CLI_REAL: what it must stay below; 0: nothing */
    const char *const *choices; /* NULL after the last */
    bool or_whole;              /* of CLI_TEXT: a whole number, too, which a sweep may draw */
    bool is_list;               /* of CLI_TEXT: names with commas between; not to be given twice */
    cli_shapes shapes;
    bool given; /* was on the command line; set by cli_parse */
} cli_option;

typedef struct cli_usage {
    const char *synopsis; /* "MODEL [OPTION...]" */
    const char *about;    /* paragraphs; wrapped by help */
    cli_option *options;
    size_t count;
    size_t words_least, words_most; /* how many words that are no options */
    const char *missing_word;       /* what is said when there are fewer */
    size_t words;                   /* how many there were; set by cli_parse */
} cli_usage;

/* The fields options and count, of an array. */
#define CLI_TABLE(array) .options = (array), .count = sizeof(array) / sizeof((array)[0])
/* One word that is no option, and what is said where there is none. */
#define CLI_ONE_WORD(missing) .words_least = 1, .words_most = 1, .missing_word = (missing)

/* Parses the words after the verb. Words that are no options are moved to the front of argv and
 * counted in usage->words. Returns -1 to go on, else how the program ends: after --help, or an error. */
int cli_parse(cli_usage *usage, int argc, char **argv);

/* Was --name on the command line? The name must be in the table. */
bool cli_given(const cli_usage *usage, const char *name);

/* The option of this name; NULL where the table has none. */
const cli_option *cli_option_of(const cli_usage *usage, const char *name);

/* Gives the option of this name a value, as if it stood on the command line. Returns -1, or how the program
 * ends, with the error said. */
int cli_set(cli_usage *usage, const char *name, const char *value);

/* verb ("runnel train") and the given options that shape the result, in the table's order: the same
 * result has the same text, whatever the order, the threads and the files' names were. */
char *cli_command(const cli_usage *usage, const char *verb);
/* An option with its value, one word: "--lr=0.1"; of a flag its name alone. To be freed. */
char *cli_option_word(const cli_option *option);
/* A word as the shell wants it: in quotes where it must be. To be freed. */
char *cli_quoted(const char *word);

/* The candidate that `typed` was probably meant to be, or NULL. Candidates: NULL after the last. */
const char *cli_nearest(const char *typed, const char *const *candidates);

/* The names that rnl_backend_name or rnl_export_format gives, for a choice: NULL after the last. */
enum { CLI_NAMES = 8 };
void cli_names(const char *names[CLI_NAMES + 1], const char *(*name)(size_t));

/* The library takes no more, and would say nothing of a larger number. */
enum { CLI_THREADS_MOST = 1024 };

/* Prints text in lines of at most 80 columns, indented; the first line is already `column` wide. */
void cli_print_wrapped(const char *text, size_t indent, size_t column);

#endif

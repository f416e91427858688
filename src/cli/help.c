/* help.c - the help of a verb, with the defaults as the program really has them */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, HELP_COLUMN = 26 };

void cli_print_wrapped(const char *text, size_t indent, size_t column)
{
    while (*text) {
        if (*text == '\n') { /* a paragraph ends */
            cli_print("\n%*s", (int)indent, "");
            column = indent;
            text++;
            continue;
        }
        size_t space = strspn(text, " "), word = strcspn(text + space, " \n");
        if (word == 0)
            break;
        if (column + space + word > WIDTH && column > indent) {
            cli_print("\n%*s", (int)indent, "");
            column = indent;
            space = 0;
            text += strspn(text, " ");
        }
        cli_print("%.*s", (int)(space + word), text);
        column += space + word;
        text += space + word;
    }
    cli_print("\n");
}

/* " (default: 0.1)"; nothing where an option has no default. */
static char *default_text(const cli_option *o)
{
    char number[CLI_NUMBER];
    if (o->when_absent)
        return *o->when_absent ? cli_text(" (default: %s)", o->when_absent) : cli_text("%s", "");
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_WORDS: break;
    case CLI_INT: return cli_text(" (default: %d)", *(int *)o->value);
    case CLI_SIZE: return cli_text(" (default: %zu)", *(size_t *)o->value);
    case CLI_U64: return cli_text(" (default: %llu)", (unsigned long long)*(uint64_t *)o->value);
    case CLI_REAL: return cli_text(" (default: %s)", cli_number(*(double *)o->value, number));
    case CLI_CHOICE:
    case CLI_TEXT:
        if (*(const char **)o->value)
            return cli_text(" (default: %s)", *(const char **)o->value);
        break;
    }
    return cli_text("%s", "");
}

static void print_option(const char *name, const char *argument, const char *help,
                         const char *standard)
{
    char *left = cli_text("  --%s%s%s", name, argument ? " " : "", argument ? argument : "");
    char *right = cli_text("%s%s", help, standard);
    cli_print("%s", left);
    size_t column = strlen(left);
    if (column + 2 > HELP_COLUMN) {
        cli_print("\n");
        column = 0;
    }
    cli_print("%*s", (int)(HELP_COLUMN - column), "");
    cli_print_wrapped(right, HELP_COLUMN, HELP_COLUMN);
    free(left);
    free(right);
}

void cli_print_help(const cli_usage *usage)
{
    cli_print("usage: %s %s\n\n", cli_verb_name(), usage->synopsis);
    cli_print_wrapped(usage->about, 0, 0);
    cli_print("\n");
    for (size_t i = 0; i < usage->count; i++) {
        const cli_option *o = &usage->options[i];
        char *standard = default_text(o), *argument = NULL;
        if (o->group)
            cli_print("%s%s:\n\n", i ? "\n" : "", o->group);
        if (o->kind == CLI_CHOICE) { /* name the choices: "f32|f64" */
            argument = cli_text("%s", o->choices[0] ? o->choices[0] : "");
            for (size_t k = 1; o->choices[0] && o->choices[k]; k++) {
                char *longer = cli_text("%s|%s", argument, o->choices[k]);
                free(argument);
                argument = longer;
            }
        } else if (o->kind != CLI_FLAG) {
            argument = cli_text("%s", o->argument);
        }
        print_option(o->name, argument, o->help, standard);
        free(argument);
        free(standard);
    }
    print_option("help", NULL, "This text", "");
}

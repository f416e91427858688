/* recipes.c - named settings of `runnel train`: one table
 *
 * They were chosen on 10,000 of MNIST's 60,000 training digits, which were not trained on; nothing in them
 * knows MNIST. What they reach stands in docs/training.md. */
#include "recipes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct setting {
    const char *option, *value;
} setting;

enum { MOST_SETTINGS = 12 };

typedef struct recipe {
    const char *name, *about;
    setting settings[MOST_SETTINGS]; /* option NULL after the last */
} recipe;

static const recipe recipes[] = {
    {.name = "classic",
     .about = "The textbook's run, which is also what no recipe at all does",
     .settings = {{"net", "affine 50, relu, affine"},
                  {"lr", "0.1"},
                  {"batch", "100"},
                  {"iterations", "10000"},
                  {"sampling", "replacement"},
                  {"weight-init-std", "0.01"},
                  {"optimizer", "sgd"},
                  {"schedule", "constant"}}},
    {.name = "fast",
     .about = "A good network as soon as possible",
     .settings = {{"net", "affine 256, batchnorm, relu, affine"},
                  {"lr", "0.015"},
                  {"batch", "128"},
                  {"epochs", "4"},
                  {"sampling", "shuffled"},
                  {"init", "auto"},
                  {"optimizer", "adamw"},
                  {"schedule", "onecycle 0.2"}}},
    {.name = "simard",
     .about =
         "One hidden layer of 800 on pictures with elastic distortions, as in Simard, Steinkraus "
         "and Platt 2003, with today's update rule",
     .settings = {{"net", "affine 800, relu, affine"},
                  {"lr", "0.002"},
                  {"batch", "128"},
                  {"epochs", "100"},
                  {"sampling", "shuffled"},
                  {"init", "auto"},
                  {"optimizer", "adamw"},
                  {"schedule", "onecycle 0.2"},
                  {"augment", "shift 1, rotate 8, scale 0.1, shear 0.1, elastic 36 5"},
                  {"eval-every", "10 epochs"}}},
    {.name = "best",
     .about = "The most accurate plain network that a coffee's time allows",
     .settings = {{"net", "affine 1024, batchnorm, relu, affine 1024, batchnorm, relu, affine"},
                  {"lr", "0.003"},
                  {"batch", "256"},
                  {"epochs", "140"},
                  {"sampling", "shuffled"},
                  {"init", "auto"},
                  {"optimizer", "adamw"},
                  {"schedule", "onecycle 0.2"},
                  {"augment", "shift 1, rotate 8, scale 0.1, shear 0.1, elastic 36 5"},
                  {"eval-every", "10 epochs"}}},
};
enum { RECIPES = sizeof recipes / sizeof recipes[0] };

const char *const cli_recipe_names[CLI_RECIPES] = {"classic", "fast", "simard",
                                                   "best",    "list", NULL};

/* As one would type it. */
static char *words(const recipe *r)
{
    char *text = cli_text("%s", "");
    for (const setting *p = r->settings; p < r->settings + MOST_SETTINGS && p->option; p++) {
        const char *quote = strchr(p->value, ' ') ? "'" : "";
        char *longer =
            cli_text("%s%s--%s %s%s%s", text, *text ? " " : "", p->option, quote, p->value, quote);
        free(text);
        text = longer;
    }
    return text;
}

static int list(void)
{
    for (size_t i = 0; i < RECIPES; i++) {
        char *text = words(&recipes[i]);
        cli_print("%s%s\n    ", i ? "\n" : "", recipes[i].name);
        cli_print_wrapped(recipes[i].about, 4, 4);
        cli_print("    ");
        cli_print_wrapped(text, 4, 4);
        free(text);
    }
    return cli_flush() ? CLI_OK : CLI_FAILED;
}

int cli_recipe_apply(cli_train_settings *s)
{
    if (!s->recipe)
        return -1;
    if (strcmp(s->recipe, "list") == 0)
        return list();
    for (const recipe *r = recipes + 1; r < recipes + RECIPES; r++) {
        if (strcmp(s->recipe, r->name) != 0)
            continue;
        for (const setting *p = r->settings; p < r->settings + MOST_SETTINGS && p->option; p++) {
            const int end =
                cli_train_given(s, p->option) ? -1 : cli_set(&s->usage, p->option, p->value);
            if (end >= 0)
                return end;
        }
    }
    return -1;
}

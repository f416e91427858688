/* protocol.c - the line protocol of bench/run, for C workers */
#include "protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void set_widths(bench_job *job, const char *text)
{
    job->width_count = 0;
    while (*text && job->width_count < BENCH_WIDTHS_MAX) {
        char *end;
        job->widths[job->width_count++] = strtoul(text, &end, 10);
        text = *end == '-' ? end + 1 : "";
    }
}

static void set_word(char *word, const char *text)
{
    snprintf(word, BENCH_WORD_MAX, "%s", text);
}

static bool set(bench_job *job, const char *key, const char *value)
{
    const struct {
        const char *key;
        size_t *number;
    } sizes[] = {
        {"batch", &job->batch}, {"iterations", &job->iterations}, {"warmup", &job->warmup},
        {"count", &job->count}, {"samples", &job->samples},       {"check", &job->check},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (strcmp(key, sizes[i].key) == 0) {
            *sizes[i].number = strtoul(value, NULL, 10);
            return true;
        }
    }
    if (strcmp(key, "net") == 0)
        set_widths(job, value);
    else if (strcmp(key, "lr") == 0)
        job->lr = strtod(value, NULL);
    else if (strcmp(key, "std") == 0)
        job->std = strtod(value, NULL);
    else if (strcmp(key, "seconds") == 0)
        job->seconds = strtod(value, NULL);
    else if (strcmp(key, "seed") == 0)
        job->seed = strtoull(value, NULL, 10);
    else if (strcmp(key, "threads") == 0)
        job->threads = (int)strtol(value, NULL, 10);
    else if (strcmp(key, "program") == 0)
        set_word(job->program, value);
    else if (strcmp(key, "loss") == 0)
        set_word(job->loss, value);
    else if (strcmp(key, "backend") == 0)
        set_word(job->backend, value);
    else
        return false;
    return true;
}

static void answer(const bench_verb *verbs, char *line)
{
    bench_job job = {
        .widths = {784, 50, 10},
        .width_count = 3,
        .batch = 100,
        .iterations = 100,
        .count = 1000,
        .samples = 1000,
        .check = 1,
        .lr = 0.1,
        .std = 0.01,
        .seconds = 0.1,
        .seed = 1,
        .loss = "after",
    };
    char *rest = NULL;
    const char *name = strtok_r(line, " \n", &rest);
    while (name && verbs->name && strcmp(verbs->name, name) != 0)
        verbs++;
    if (!name || !verbs->name) {
        printf("error this worker knows no %s\n", name ? name : "empty line");
        return;
    }
    for (char *word; (word = strtok_r(NULL, " \n", &rest));) {
        char *value = strchr(word, '=');
        if (value)
            *value++ = '\0';
        if (!value || !set(&job, word, value)) {
            printf("error unknown argument %s\n", word);
            return;
        }
    }
    verbs->run(&job);
    printf("\n");
}

int bench_serve(int argc, char **argv, bool (*load)(const char *folder, bool quiet),
                const bench_verb *verbs)
{
    const bool once = argc == 4 && strcmp(argv[2], "--once") == 0;
    if (argc != 2 && !once) {
        fprintf(stderr, "usage: %s DATA-FOLDER [--once LINE]\n", argv[0]);
        return 2;
    }
    if (!once)
        printf("ready");
    if (!load(argv[1], once))
        return 1;
    if (once) {
        answer(verbs, argv[3]);
        return fflush(stdout) == 0 ? 0 : 1;
    }
    printf("\n");
    fflush(stdout);
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        answer(verbs, line);
        fflush(stdout);
    }
    free(line);
    return 0;
}

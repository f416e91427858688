/* eval_report.c - what runnel eval prints */
#include "eval_report.h"

#include "text_width.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- text ----------------------------------------------------------------------------------------------- */

/* "0.9700", or "-" where nothing can be said */
static const char *share(double value, char text[16])
{
    if (isnan(value))
        snprintf(text, 16, "-");
    else
        snprintf(text, 16, "%.4f", value);
    return text;
}

static void print_name(const cli_model *m, size_t k, size_t width)
{
    char number[CLI_NUMBER];
    cli_print_padded(cli_class_name(m, k, number), width);
}

/* Of the longest name. */
static size_t name_width(const cli_eval_report *r)
{
    enum { LEAST = 5, MOST = 32 };
    char number[CLI_NUMBER];
    size_t width = LEAST;
    for (size_t k = 0; k < r->classes; k++) {
        const size_t length = cli_text_width(cli_class_name(r->model, k, number));
        width = length > width ? length : width;
    }
    return width > MOST ? MOST : width;
}

static void print_classes(const cli_eval_report *r)
{
    const size_t width = name_width(r);
    rnl_class_score *scores = cli_alloc(r->classes, sizeof *scores);
    rnl_class_scores(r->confusion, r->classes, scores);
    cli_print("\n%-*s  precision   recall       F1  support\n", (int)width, "class");
    for (size_t k = 0; k < r->classes; k++) {
        char precision[16], recall[16], f1[16];
        print_name(r->model, k, width);
        cli_print("  %9s %8s %8s %8llu\n", share(scores[k].precision, precision),
                  share(scores[k].recall, recall), share(scores[k].f1, f1),
                  (unsigned long long)scores[k].support);
    }
    free(scores);
}

static void print_confusion(const cli_eval_report *r)
{
    const size_t classes = r->classes;
    const uint64_t *count = r->confusion;
    uint64_t most = 0;
    char text[32];
    for (size_t i = 0; i < classes * classes; i++)
        most = count[i] > most ? count[i] : most;
    int width = snprintf(text, sizeof text, "%llu", (unsigned long long)most) + 1;
    int class_width = snprintf(text, sizeof text, "%zu", classes - 1);
    width = width > class_width + 1 ? width : class_width + 1;
    cli_print("\nrows: the true class; columns: the answer; right: %% of the row\n\n%*s ",
              class_width, "");
    for (size_t j = 0; j < classes; j++)
        cli_print("%*zu", width, j);
    cli_print("    right\n");
    for (size_t i = 0; i < classes; i++) {
        const uint64_t *row = count + i * classes;
        double sum = 0;
        cli_print("%*zu ", class_width, i);
        for (size_t j = 0; j < classes; j++) {
            sum += (double)row[j];
            cli_print("%*llu", width, (unsigned long long)row[j]);
        }
        if (sum > 0)
            cli_print("  %7.2f", 100 * (double)row[i] / sum);
        else
            cli_print("  %7s", "-");
        if (r->model->class_names) {
            cli_print("  ");
            print_name(r->model, i, 0);
        }
        cli_print("\n");
    }
}

void cli_eval_print(const cli_eval_report *r)
{
    char number[CLI_NUMBER];
    cli_print("samples   %zu\nloss      %.6f\n", r->score.n, r->score.loss);
    if (!isnan(r->score.accuracy))
        cli_print("accuracy  %.2f %%\n", 100 * r->score.accuracy);
    for (size_t j = 1; j < r->tops; j++) /* the first is the accuracy */
        cli_print("top %-4zu  %.2f %%\n", j + 1, 100 * r->top[j]);
    if (!isnan(r->score.r2)) {
        cli_print("R2        %.4f\n", r->score.r2);
        snprintf(number, sizeof number, "%.6g", r->score.rmse);
        cli_print("RMSE      %s\n", number);
        snprintf(number, sizeof number, "%.6g", r->score.mae);
        cli_print("MAE       %s\n", number);
    }
    if (r->classes) {
        print_classes(r);
        print_confusion(r);
    }
}

/* ---- JSON ----------------------------------------------------------------------------------------------- */

static json_t *classes_json(const cli_eval_report *r)
{
    json_t *all = json_array();
    rnl_class_score *scores = cli_alloc(r->classes, sizeof *scores);
    rnl_class_scores(r->confusion, r->classes, scores);
    for (size_t k = 0; k < r->classes; k++) {
        char number[CLI_NUMBER];
        json_array_append_new(all, json_pack("{so so so so sI}", "class",
                                             cli_json_text(cli_class_name(r->model, k, number)),
                                             "precision", cli_json_real(scores[k].precision),
                                             "recall", cli_json_real(scores[k].recall), "f1",
                                             cli_json_real(scores[k].f1), "support",
                                             (json_int_t)scores[k].support));
    }
    free(scores);
    return all;
}

static json_t *confusion_json(const cli_eval_report *r)
{
    json_t *matrix = json_array();
    for (size_t i = 0; i < r->classes; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < r->classes; j++)
            json_array_append_new(row, json_integer((json_int_t)r->confusion[i * r->classes + j]));
        json_array_append_new(matrix, row);
    }
    return matrix;
}

void cli_eval_print_json(const cli_eval_report *r)
{
    json_t *o = json_pack("{so so* sI so}", "data", cli_json_text(r->data), "part",
                          r->part ? json_string(r->part) : NULL, "samples", (json_int_t)r->score.n,
                          "loss", cli_json_real(r->score.loss));
    if (!isnan(r->score.accuracy))
        json_object_set_new(o, "accuracy", cli_json_real(r->score.accuracy));
    json_t *top = r->tops ? json_array() : NULL;
    for (size_t j = 0; j < r->tops; j++)
        json_array_append_new(top, cli_json_real(r->top[j]));
    if (top)
        json_object_set_new(o, "top", top);
    if (!isnan(r->score.r2)) {
        json_object_set_new(o, "r2", cli_json_real(r->score.r2));
        json_object_set_new(o, "rmse", cli_json_real(r->score.rmse));
        json_object_set_new(o, "mae", cli_json_real(r->score.mae));
    }
    if (r->classes) {
        json_object_set_new(o, "classes", classes_json(r));
        json_object_set_new(o, "confusion", confusion_json(r));
    }
    cli_print_json(o);
}

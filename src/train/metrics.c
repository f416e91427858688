/* metrics.c - how good answers are: accuracy, R2 and errors, numbers for each class */
#include "train/train.h"

#include <math.h>

/* The class that a row of probabilities means most. */
static int32_t largest(const float *row, size_t cols)
{
    size_t best = 0;
    for (size_t k = 1; k < cols; k++)
        best = row[k] > row[best] ? k : best;
    return (int32_t)best;
}

static double share_right(const rnl_evaluator *e)
{
    const rnl_dataset *set = e->set;
    const size_t n = set->info.n, width = set->info.target_width;
    if (e->shares)
        return rnl_mean(e->shares, n);
    size_t right = 0;
    for (size_t i = 0; i < n; i++)
        right += e->answers[i] ==
                 (set->classes ? set->classes[i] : largest(set->targets + i * width, width));
    return (double)right / (double)n;
}

/* Of output k, with y what was answered and t what should have been:
 *     R2 = 1 - sum (y - t)^2 / sum (t - mean t)^2
 * Where t does not vary it is 1 for a perfect answer and 0 for all others, as in scikit-learn. */
static double r2_of(const rnl_evaluator *e, size_t k, double *squares, double *sizes)
{
    const size_t n = e->set->info.n, width = e->set->info.target_width;
    const double first = (double)e->set->targets[k];
    double mean = 0, variance = 0, error = 0;
    for (size_t i = 0; i < n; i++) /* by what they differ, which is exactly 0 where they do not */
        mean += (double)e->set->targets[i * width + k] - first;
    mean = first + mean / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double t = (double)e->set->targets[i * width + k], y = e->outputs[i * width + k];
        variance += (t - mean) * (t - mean);
        error += (y - t) * (y - t);
        *sizes += fabs(y - t);
    }
    *squares += error;
    return variance > 0 ? 1 - error / variance : (error == 0);
}

static void score_numbers(const rnl_evaluator *e, rnl_score *score)
{
    const size_t width = e->set->info.target_width;
    const double count = (double)e->set->info.n * (double)width;
    double squares = 0, sizes = 0, r2 = 0;
    for (size_t k = 0; k < width; k++)
        r2 += r2_of(e, k, &squares, &sizes);
    score->r2 = r2 / (double)width;
    score->rmse = sqrt(squares / count);
    score->mae = sizes / count;
}

rnl_score rnl_evaluator_score(const rnl_evaluator *e)
{
    const size_t n = e->set->info.n;
    rnl_score score = {.n = n, .loss = NAN, .accuracy = NAN, .r2 = NAN, .rmse = NAN, .mae = NAN};
    if (e->losses)
        score.loss = rnl_mean(e->losses, n);
    if (e->outputs)
        score_numbers(e, &score);
    else
        score.accuracy = share_right(e);
    return score;
}

double rnl_evaluator_accuracy(const rnl_evaluator *e)
{
    const rnl_score score = rnl_evaluator_score(e);
    return e->outputs ? score.r2 : score.accuracy;
}

bool rnl_evaluator_is_broken(const rnl_evaluator *e)
{
    const size_t n = e->set->info.n, outputs = e->outputs ? rnl_net_outputs(e->net) : 0;
    for (size_t i = 0; e->answers && i < n; i++)
        if (e->answers[i] < 0)
            return true;
    for (size_t i = 0; i < n * outputs; i++)
        if (!isfinite(e->outputs[i]))
            return true;
    return false;
}

void rnl_class_scores(const uint64_t *confusion, size_t class_count, rnl_class_score *scores)
{
    for (size_t k = 0; k < class_count; k++) {
        rnl_class_score s = {.right = confusion[k * class_count + k]};
        for (size_t j = 0; j < class_count; j++) {
            s.support += confusion[k * class_count + j];
            s.answered += confusion[j * class_count + k];
        }
        const double right = (double)s.right;
        s.precision = s.answered ? right / (double)s.answered : NAN;
        s.recall = s.support ? right / (double)s.support : NAN;
        s.f1 = s.answered + s.support ? 2 * right / (double)(s.answered + s.support) : NAN;
        scores[k] = s;
    }
}

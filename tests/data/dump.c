/* dump.c - prints a data set as text, for the oracle: a line "n channels height width classes targets", then a
 * line for each sample with its class or first target, and its numbers as they are stored
 *
 *   dump PATH [LABELS | --test] */
#include "runnel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    const bool test = argc > 2 && strcmp(argv[2], "--test") == 0;
    rnl_data_options options = rnl_data_options_default();
    options.normalize = false;
    rnl_dataset *set;
    rnl_status status = rnl_dataset_read(&set, argv[1], argc > 2 && !test ? argv[2] : NULL,
                                         test ? RNL_PART_TEST : RNL_PART_TRAIN, &options);
    if (status != RNL_OK || !set) {
        fprintf(stderr, "%s\n", status == RNL_OK ? "no test part" : rnl_error_text());
        return 1;
    }
    const rnl_dataset_info info = rnl_dataset_describe(set);
    double *x = malloc(info.features * sizeof *x);
    printf("%zu %zu %zu %zu %zu %zu\n", info.n, info.channels, info.height, info.width,
           info.class_count, info.target_width);
    for (size_t i = 0; x && i < info.n; i++) {
        if (rnl_dataset_gather(set, NULL, i, rnl_matrix_f64(x, 1, info.features)) != RNL_OK)
            return 1;
        printf("%.17g", rnl_dataset_classes(set) ? rnl_dataset_classes(set)[i]
                        : rnl_dataset_targets(set)
                            ? (double)rnl_dataset_targets(set)[i * info.target_width]
                            : 0);
        for (size_t j = 0; j < info.features; j++)
            printf(" %.17g", x[j]);
        printf("\n");
    }
    free(x);
    rnl_dataset_free(&set);
    return 0;
}

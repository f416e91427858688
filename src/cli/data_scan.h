/* data_scan.h - what a data set holds, in numbers */
#ifndef RNL_CLI_DATA_SCAN_H
#define RNL_CLI_DATA_SCAN_H

#include "cli.h"

typedef struct cli_feature {
    double least, most, mean, deviation; /* of the finite values; NaN where there is none */
    size_t not_finite;                   /* of a table: missing */
    bool whole;                          /* nothing but whole numbers */
} cli_feature;

/* A sample's inputs as 64 bits, and which it is. */
typedef struct cli_row_hash {
    uint64_t hash;
    size_t sample;
} cli_row_hash;

typedef struct cli_scan {
    rnl_dataset_info info;
    cli_feature *features; /* [features] */
    cli_feature all;       /* of all values together; its deviation is not computed */
    size_t constant;       /* features that never change */
    cli_row_hash *rows;    /* [n], sorted by hash */
    size_t duplicates;     /* samples whose inputs stand in the set before */
    size_t contradictions; /* of these, how many have another class */
    size_t *class_counts;  /* [class_count] */
    cli_feature target;    /* of all numbers in rows of targets */
} cli_scan;

/* One pass over the set. offsets: [features], to be added to the features, or NULL. Hand to cli_scan_free in any
 * case. */
rnl_status cli_scan_set(cli_scan *scan, const rnl_dataset *set, const double *offsets);
void cli_scan_free(cli_scan *scan);
/* Samples of test whose inputs stand in train, too. */
size_t cli_scan_shared(const cli_scan *train, const cli_scan *test);

#endif

/* csv.c - tables: the first two bytes are options, the rest is a table, whose columns must read it again; behind a
 * byte FF, which no text has, comes another table, to be read as the first one's columns tell */
#include "data/table.h"
#include "fuzz.h"

static void use_table(const rnl_table *t)
{
    rnl_dataset *const sets[] = {rnl_table_train(t), rnl_table_test(t)};
    for (size_t k = 0; k < 2 && sets[k]; k++) {
        const rnl_dataset_info info = rnl_dataset_describe(sets[k]);
        MUST(info.n > 0 && info.features == rnl_columns_describe(rnl_table_columns(t)).inputs);
        MUST(!info.class_count != !rnl_dataset_targets(sets[k]));
        double *x = malloc(info.features * sizeof *x);
        MUST(x);
        for (size_t i = 0; i < info.n; i += info.n / 64 + 1) {
            MUST(rnl_dataset_gather(sets[k], NULL, i, rnl_matrix_f64(x, 1, info.features)) ==
                 RNL_OK);
            for (size_t j = 0; j < info.features; j++)
                MUST(x[j] == x[j]); /* nothing is missing any more */
        }
        free(x);
    }
}

/* The same table by the columns that it gave, which went through their text. */
static void read_again(const rnl_table *t, const rnl_input *input, size_t size)
{
    rnl_columns *columns;
    rnl_dataset *set;
    MUST(rnl_columns_from_text(&columns, rnl_columns_text(rnl_table_columns(t))) == RNL_OK);
    MUST(strcmp(rnl_columns_text(columns), rnl_columns_text(rnl_table_columns(t))) == 0);
    rnl_alloc_limit(20 * size + (16 << 20));
    const rnl_status status = rnl_table_decode_as(&set, input, columns, 0);
    rnl_alloc_limit(SIZE_MAX);
    if (status == RNL_OK)
        fuzz_use_set(&set);
    else
        fuzz_check_failure(status);
    rnl_columns_free(&columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 3)
        return 0;
    const unsigned a = bytes[0], b = bytes[1];
    const uint8_t *cut = memchr(bytes + 2, 0xff, size - 2);
    rnl_input input = {.name = "table", .bytes = bytes + 2, .size = size - 2};
    if (cut)
        input.size = (size_t)(cut - input.bytes);
    const rnl_input other = {.name = "other",
                             .bytes = cut ? cut + 1 : input.bytes,
                             .size = cut ? size - 3 - input.size : 0};
    static const char separators[] = {'\0', ',', ';', '\t'};
    static const char *const targets[] = {NULL, "1", "a", "kind"};
    const rnl_table_options options = {.separator = a & 16 ? separators[a & 3] : '\0',
                                       .header = (a >> 2 & 3) == 1   ? 1
                                                 : (a >> 2 & 3) == 2 ? -1
                                                                     : 0,
                                       .missing = (rnl_missing)((a >> 5) % 3),
                                       .target = targets[b & 3],
                                       .task = (rnl_table_task)((b >> 2) % 3),
                                       .prepare = (rnl_prepare)(b >> 4 & 3),
                                       .test_share = b & 64 ? 0.5 : 0,
                                       .as_text = b & 128 ? "2" : NULL};
    rnl_table *t = NULL;
    rnl_alloc_limit(20 * size + (16 << 20));
    const rnl_status status = rnl_table_decode(&t, &input, &options);
    rnl_alloc_limit(SIZE_MAX);
    if (status != RNL_OK) {
        MUST(!t);
        fuzz_check_failure(status);
        return 0;
    }
    use_table(t);
    read_again(t, &input, size);
    if (cut)
        read_again(t, &other, size);
    rnl_table_free(&t);
    return 0;
}

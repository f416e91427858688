/* columns.c - the description of a table's columns that a model carries, as JSON */
#include "data/columns.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1);
    MUST(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    rnl_columns *columns = NULL, *again = NULL;
    const rnl_status status = rnl_columns_from_text(&columns, text);
    free(text);
    if (status != RNL_OK) {
        MUST(!columns);
        fuzz_check_failure(status);
        return 0;
    }
    MUST(rnl_columns_from_text(&again, rnl_columns_text(columns)) == RNL_OK);
    MUST(strcmp(rnl_columns_text(columns), rnl_columns_text(again)) == 0);
    const rnl_columns_info about = rnl_columns_describe(columns);
    size_t inputs = 0;
    for (size_t i = 0; i < rnl_columns_count(columns); i++)
        inputs += rnl_columns_at(columns, i).inputs;
    MUST(inputs == about.inputs && inputs > 0);
    rnl_columns_free(&columns);
    rnl_columns_free(&again);
    return 0;
}

/* test_json_memory.c - an allocation of the JSON library fails: the columns of a table are whole, or an error */
#include "tables.h"

#include <jansson.h>

static const char described[] =
    "{\"separator\":\",\",\"header\":true,\"missing\":\"mean\",\"task\":\"numbers\",\"columns\":["
    "{\"name\":\"age\",\"kind\":\"number\",\"fill\":2.25,\"offset\":0.5},"
    "{\"name\":\"city\",\"kind\":\"text\",\"values\":[\"a\",\"b\"]},"
    "{\"name\":\"y\",\"kind\":\"target\"}]}";

static long left; /* allocations until one fails; 0: none does */

static void *take(size_t size)
{
    return left > 0 && --left == 0 ? NULL : malloc(size);
}

static void columns_are_whole_or_an_error(void **state)
{
    (void)state;
    json_set_alloc_funcs(take, free);
    rnl_columns *columns;
    bool failed = true;
    for (long n = 1; failed; n++) {
        left = n;
        const rnl_status status = rnl_columns_from_text(&columns, described);
        failed = left == 0;
        left = 0;
        if (status == RNL_OK)
            assert_string_equal(rnl_columns_text(columns), described);
        assert_true(failed || status == RNL_OK);
        assert_true(n < 1000);
        if (status == RNL_OK)
            rnl_columns_free(&columns);
    }
    json_set_alloc_funcs(malloc, free);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns_are_whole_or_an_error)};
    return cmocka_run_group_tests_name("json_memory", tests, NULL, NULL);
}

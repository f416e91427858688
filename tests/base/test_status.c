/* test_status.c - the sentence of a failure: one that is too long keeps its end */
#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SENTENCE = 1023, PATH = 6000 };

static void keeps_both_ends_of_what_is_too_long(void **state)
{
    (void)state;
    char path[PATH + 1];
    memset(path, 'p', PATH);
    path[PATH] = '\0';
    assert_int_equal(rnl_fail(RNL_ERR_IO, "%s: cannot open: no such file", path), RNL_ERR_IO);
    const char *text = rnl_error_text();
    assert_int_equal(strlen(text), SENTENCE);
    assert_non_null(strstr(text, "ppp ... ppp"));
    assert_string_equal(strrchr(text, 'p') + 1, "en: no such file");
    rnl_fail_prefix(RNL_ERR_IO, path); /* the sentence is part of the next */
    assert_string_equal(strrchr(text, 'p') + 1, "en: no such file");
    assert_int_equal(strlen(text), SENTENCE);
}

static void cuts_between_characters(void **state)
{
    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        char path[3 * PATH + 1] = "";
        for (size_t i = 0; i < PATH; i++)
            memcpy(path + 3 * i, "\xea\xb0\x80", 4); /* U+AC00 */
        rnl_fail(RNL_ERR_IO, "%.*s%s", shift, "xx", path);
        const char *text = rnl_error_text(), *gap = strstr(text, " ... ");
        assert_true(strlen(text) <= SENTENCE && strlen(text) > SENTENCE - 8);
        assert_int_equal((gap - text - shift) % 3, 0);
        assert_int_equal(strlen(gap + 5) % 3, 0);
    }
}

static void keeps_what_fits(void **state)
{
    (void)state;
    char text[SENTENCE + 1];
    memset(text, 't', SENTENCE);
    text[SENTENCE] = '\0';
    rnl_fail(RNL_ERR_IO, "%s", text);
    assert_string_equal(rnl_error_text(), text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_both_ends_of_what_is_too_long),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(keeps_what_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

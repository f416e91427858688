/* test_phrase.c - settings in words: pieces of text, numbers behind a name, what is refused */
#include "base/memory.h"
#include "base/phrase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const rnl_arg args[] = {{"width", 1, 100, true, false, 7},
                               {"share", 0, 1, false, true, 0.25}};

static void cuts_and_trims(void **state)
{
    (void)state;
    rnl_piece rest = {" a b ,\tc,,d", 11};
    static const char *const want[] = {"a b", "c", "", "d", ""};
    for (size_t i = 0; i < 5; i++)
        assert_true(rnl_piece_is(rnl_piece_trim(rnl_piece_cut(&rest, ',')), want[i]));
    rest = (rnl_piece){"a\tb\nc d", 7};
    for (const char *letter = "abcd"; *letter; letter++) {
        const rnl_piece word = rnl_piece_cut(&rest, ' ');
        assert_int_equal(word.length, 1);
        assert_int_equal(*word.at, *letter);
    }
    assert_false(rnl_piece_is((rnl_piece){"ab", 2}, "abc"));
    assert_false(rnl_piece_is((rnl_piece){"abc", 3}, "ab"));
}

static void tells_a_slip_from_another_word(void **state)
{
    (void)state;
    static const char *const near[][2] = {
        {"relu", "relu"},       {"rellu", "relu"}, {"elu", "relu"},
        {"rleu", "relu"},       {"ReLu", "relu"},  {"affin", "affine"},
        {"softnax", "softmax"}, {"HE", "he"},      {"xaffine", "affine"}};
    static const char *const far[][2] = {{"rl", "relu"},   {"", "relu"},     {"h", "he"},
                                         {"hee", "he"},    {"eh", "he"},     {"rreluu", "relu"},
                                         {"ulre", "relu"}, {"erul", "relu"}, {"relumnop", "relu"}};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        assert_true(rnl_piece_nearly((rnl_piece){near[i][0], strlen(near[i][0])}, near[i][1]));
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        assert_false(rnl_piece_nearly((rnl_piece){far[i][0], strlen(far[i][0])}, far[i][1]));
}

static rnl_status parse(const char *text, size_t most, double *arg, size_t *given)
{
    return rnl_parse_args((rnl_piece){text, strlen(text)}, "item 2: ", "thing", args, most, arg,
                          given);
}

static void reads_numbers_and_fills_in_the_rest(void **state)
{
    (void)state;
    double arg[2];
    size_t given;
    assert_int_equal(parse("  12   0.5 ", 2, arg, &given), RNL_OK);
    assert_true(given == 2 && arg[0] == 12 && arg[1] == 0.5);
    assert_int_equal(parse("100", 2, arg, &given), RNL_OK);
    assert_true(given == 1 && arg[0] == 100 && arg[1] == 0.25);
    assert_int_equal(parse("", 2, arg, &given), RNL_OK);
    assert_true(given == 0 && arg[0] == 7 && arg[1] == 0.25);
}

static void refused(const char *text, size_t most, const char *sentence)
{
    double arg[2];
    size_t given;
    assert_int_equal(parse(text, most, arg, &given), RNL_ERR_USAGE);
    assert_string_equal(rnl_error_text(), sentence);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    refused("0", 2, "item 2: the width of thing is a whole number from 1 to 100, not \"0\"");
    refused("101", 2, "item 2: the width of thing is a whole number from 1 to 100, not \"101\"");
    refused("1.5", 2, "item 2: the width of thing is a whole number from 1 to 100, not \"1.5\"");
    refused("nan", 2, "item 2: the width of thing is a whole number from 1 to 100, not \"nan\"");
    refused("5 1", 2, "item 2: the share of thing is a number from 0 to below 1, not \"1\"");
    refused("5 -0.1", 2, "item 2: the share of thing is a number from 0 to below 1, not \"-0.1\"");
    refused("5 0.1 x", 2, "item 2: thing takes at most two numbers, but \"x\" follows");
    refused("5 6", 1, "item 2: thing takes one number, but \"6\" follows");
    refused("\x1b[2J", 0, "item 2: thing takes no numbers, but \"?[2J\" follows");
}

static void shows_long_pieces_cut(void **state)
{
    (void)state;
    char shown[RNL_PIECE_SHOWN], text[300];
    memset(text, 'x', sizeof text);
    rnl_piece_show((rnl_piece){text, sizeof text}, shown);
    assert_true(strlen(shown) < RNL_PIECE_SHOWN);
    assert_non_null(strstr(shown, "x..."));
    assert_string_equal(rnl_piece_show((rnl_piece){"abcdef", 3}, shown), "abc");
}

static void writes_the_shortest_number_that_comes_back(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } cases[] = {{0, " 0"},         {0.1, " 0.1"},       {1e-8, " 1e-8"},
                 {50, " 50"},       {12345, " 12345"},   {-3, " -3"},
                 {1e20, " 1e20"},   {1e-100, " 1e-100"}, {1.0 / 3, " 0.3333333333333333"},
                 {1.5e7, " 1.5e7"}, {0.05, " 0.05"},     {0.1 + 0.2, " 0.30000000000000004"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rnl_text text = {0};
        rnl_text_add_number(&text, cases[i].number);
        assert_string_equal(text.at, cases[i].text);
        double back;
        assert_true(rnl_parse_number(text.at + 1, text.length - 1, &back));
        assert_true(back == cases[i].number);
        rnl_free(text.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_and_trims),
        cmocka_unit_test(tells_a_slip_from_another_word),
        cmocka_unit_test(reads_numbers_and_fills_in_the_rest),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(shows_long_pieces_cut),
        cmocka_unit_test(writes_the_shortest_number_that_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

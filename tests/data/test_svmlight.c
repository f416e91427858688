/* test_svmlight.c - sparse rows in text: what is refused, cut off, changed while it is read */
#define _GNU_SOURCE
#include "data/svmlight.h"
#include "in_use.h"

#include <signal.h>
#include <sys/mman.h>

static void refuses_bad_svmlight(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"1 1:1\n2 2:1 1:1\n", "line 2, column 7: index 1 behind 2, expected rising indices"},
        {"1 1:1 1:2\n", "line 1, column 7: index 1 behind 1"},
        {"1 1:1\nx 1:1\n", "line 2, column 1: found 'x', expected a label: a number"},
        {"1 1:1\n2 1:1,5\n", "line 2, column 3: found '1:1,5', expected a number behind the colon"},
        {"1 1:nan\n", "found '1:nan'"},
        {"1 1:1 3\n", "column 7: found '3', expected index:value, such as 3:0.5"},
        {"1 1:1 :3\n", "found ':3'"},
        {"1 1:1 -2:3\n", "found '-2:3'"},
        {"1 99999999999:1\n", "an index above 1073741824"},
        {"# nothing\n\n", "no data: no line has a label"},
        {"1\n2\n", "no line has an index:value pair"},
        {"1 900000000:1\n2 1:1\n", "too sparse for dense rows"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        const rnl_input input = {
            .name = "rows.svm", .bytes = (const uint8_t *)bad[k][0], .size = strlen(bad[k][0])};
        rnl_dataset *set;
        const rnl_status status = rnl_svmlight_decode(&set, &input, NULL);
        assert_true(status == RNL_ERR_FORMAT || status == RNL_ERR_UNSUPPORTED);
        assert_error(status, status, bad[k][1]);
        assert_non_null(strstr(rnl_error_text(), "rows.svm"));
        assert_null(set);
    }
}

static void check_first_index(const char *text, rnl_first_index wanted, rnl_first_index found,
                              size_t features, float first)
{
    const rnl_input input = {
        .name = "rows.svm", .bytes = (const uint8_t *)text, .size = strlen(text)};
    const rnl_data_options options = {.first_index = wanted};
    rnl_dataset *set;
    float x[8];
    assert_ok(rnl_svmlight_decode(&set, &input, &options));
    assert_int_equal(rnl_dataset_describe(set).first_index, found);
    assert_int_equal(rnl_dataset_describe(set).features, features);
    assert_ok(rnl_dataset_gather(set, NULL, 0, rnl_matrix_f32(x, 1, features)));
    assert_true(x[0] == first);
    rnl_dataset_free(&set);
}

static void counts_features_from_the_first_index(void **state)
{
    (void)state;
    static const char with_0[] = "1 0:5 2:7\n", without_0[] = "1 1:6 2:7\n";
    check_first_index(with_0, RNL_FIRST_INDEX_AUTO, RNL_FIRST_INDEX_0, 3, 5);
    check_first_index(with_0, RNL_FIRST_INDEX_0, RNL_FIRST_INDEX_0, 3, 5);
    check_first_index(without_0, RNL_FIRST_INDEX_AUTO, RNL_FIRST_INDEX_1, 2, 6);
    check_first_index(without_0, RNL_FIRST_INDEX_1, RNL_FIRST_INDEX_1, 2, 6);
    check_first_index(without_0, RNL_FIRST_INDEX_0, RNL_FIRST_INDEX_0, 3, 0);
    const rnl_input input = {
        .name = "rows.svm", .bytes = (const uint8_t *)"1 1:1\n1 0:1\n", .size = 12};
    rnl_data_options options = {.first_index = RNL_FIRST_INDEX_1};
    rnl_dataset *set;
    assert_error(rnl_svmlight_decode(&set, &input, &options), RNL_ERR_FORMAT,
                 "rows.svm, line 2, column 3: found index 0, expected indices from 1 on");
    options = (rnl_data_options){.first_index = RNL_FIRST_INDEX_0, .features = 1};
    assert_error(rnl_svmlight_decode(&set, &input, &options), RNL_ERR_SHAPE,
                 "the largest index is 1, but the data has 1 features, counted from 0");
    assert_null(set);
}

/* A text does not say where it ends: what is cut off reads as fewer rows, or is an error. */
static void cut_svmlight_reads_as_its_beginning(void **state)
{
    (void)state;
    static const char text[] = "+1 1:0.5 3:-2\n-1 2:1\n+1 1:1 # one\n";
    for (size_t cut = 0; cut < strlen(text); cut++) {
        uint8_t *bytes =
            malloc(cut + 1); /* its own, so that a memory checker sees a step too far */
        memcpy(bytes, text, cut);
        const rnl_input input = {.name = "cut", .bytes = bytes, .size = cut};
        rnl_dataset *set;
        if (rnl_svmlight_decode(&set, &input, NULL) == RNL_OK) {
            assert_in_range(rnl_dataset_describe(set).n, 1, 3);
            rnl_dataset_free(&set);
        }
        assert_null(set);
        free(bytes);
    }
}

/* ---- a file that is written over between the two readings ---------------------------------------------------- */

/* A text of two pages. When the reader has gone on to the second, the first is closed to it; coming back for its second
 * reading it runs into that, and finds other rows there. */
static struct {
    char *first, *second;
    size_t page;
    const char *later; /* what the first page holds in the second reading */
} text;

static void fill_first(const char *rows)
{
    memset(text.first, '#', text.page);
    memcpy(text.first, rows, strlen(rows));
    text.first[text.page - 1] = '\n';
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    const char *at = info->si_addr;
    if (at >= text.second && at < text.second + text.page) {
        mprotect(text.second, text.page, PROT_READ);
        mprotect(text.first, text.page, PROT_NONE);
    } else if (at >= text.first && at < text.second) {
        mprotect(text.first, text.page, PROT_READ | PROT_WRITE);
        fill_first(text.later);
    } else {
        signal(number, SIG_DFL);
    }
}

static void tells_that_the_file_changed(void **state)
{
    (void)state;
    static const char *const later[] = {
        "1 1:1 900000:1\n-1 1:1\n", /* an index beyond the features that there is room for */
        "1 0:1\n-1 1:1\n",          /* one before the first */
        "1 1:1\n-1 1:1\n1 1:1\n",   /* more rows than there is room for */
        "1 1:1\n",                  /* fewer */
    };
    const struct sigaction handler = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    struct sigaction before;
    text.page = (size_t)sysconf(_SC_PAGESIZE);
    text.first =
        mmap(NULL, 2 * text.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(text.first, MAP_FAILED);
    text.second = text.first + text.page;
    strcpy(text.second, "1 2:1\n");
    const rnl_input input = {.name = "rows.svm",
                             .bytes = (const uint8_t *)text.first,
                             .size = text.page + strlen("1 2:1\n")};
    assert_int_equal(sigaction(SIGSEGV, &handler, &before), 0);
    for (size_t k = 0; k < sizeof later / sizeof later[0]; k++) {
        rnl_dataset *set;
        text.later = later[k];
        mprotect(text.first, text.page, PROT_READ | PROT_WRITE);
        fill_first("1 1:1\n-1 1:1\n");
        mprotect(text.second, text.page, PROT_NONE);
        assert_error(rnl_svmlight_decode(&set, &input, NULL), RNL_ERR_IO,
                     "rows.svm: the file changed while it was read");
        assert_null(set);
    }
    assert_int_equal(sigaction(SIGSEGV, &before, NULL), 0);
    munmap(text.first, 2 * text.page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_bad_svmlight),
        cmocka_unit_test(counts_features_from_the_first_index),
        cmocka_unit_test(cut_svmlight_reads_as_its_beginning),
        cmocka_unit_test(tells_that_the_file_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

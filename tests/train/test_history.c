/* test_history.c - the history as a file */
#include "blobs.h"

#include "train/train.h"

#include <locale.h>

static char *content(const char *path)
{
    rnl_bytes bytes;
    assert_ok(rnl_file_read(&bytes, path));
    char *text = calloc(bytes.size + 1, 1);
    assert_non_null(text);
    memcpy(text, bytes.data, bytes.size);
    rnl_bytes_free(&bytes);
    return text;
}

static void expect_csv(const rnl_history *h, const char *expected)
{
    assert_ok(rnl_history_save(h, in_folder("history.csv")));
    char *text = content(in_folder("history.csv"));
    assert_string_equal(text, expected);
    free(text);
}

static rnl_history a_history(float *losses, uint64_t iterations, rnl_evaluation *e, size_t count)
{
    rnl_history h = {.losses = losses,
                     .iterations = iterations,
                     .evaluations = e,
                     .evaluation_count = count,
                     .lr = 0.5};
    assert_ok(rnl_schedule_parse(&h.schedule, "linear", 4));
    return h;
}

static void writes_a_row_an_iteration(void **state)
{
    (void)state;
    float losses[] = {2.25f, 1.5f, 0.1f, 1e-20f};
    rnl_evaluation e[] = {
        {0, 0.09871667, 0.098, NAN, NAN}, {2, 0.5, NAN, 0.25, 1.75}, {4, 1, 0.97070001, NAN, NAN}};
    rnl_history h = a_history(losses, 4, e, 3);
    static const char expected[] =
        "iteration,loss,lr,train_accuracy,validation_loss,validation_accuracy,test_accuracy\n"
        "0,,,0.0987167,,,0.098\n"
        "1,2.25,0.5,,,,\n"
        "2,1.5,0.375,0.5,1.75,0.25,\n"
        "3,0.100000001,0.25,,,,\n"
        "4,9.99999968e-21,0.125,1,,,0.9707\n";
    expect_csv(&h, expected);

    char command[256];
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 '%.160s' >/dev/null 2>&1",
             in_folder("de_DE.UTF-8"));
    if (system(command) == 0)
        setenv("LOCPATH", folder, 1);
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        print_message(
            "         no locale with a decimal comma here: that is not put to the test\n");
    expect_csv(&h, expected);
    setlocale(LC_ALL, "C");
}

/* Every loss comes back from its nine digits. */
static void losses_survive_the_text(void **state)
{
    (void)state;
    rnl_dataset *set = blobs(203, 1);
    rnl_net *net = blob_net(RNL_F32, NULL);
    rnl_train_config c = rnl_train_config_default();
    c.batch = 50;
    c.iterations = 33;
    c.eval_every = 10;
    c.threads = 1;
    rnl_history *h;
    assert_ok(rnl_train(net, set, NULL, &c, &h));
    assert_ok(rnl_history_save(h, in_folder("run.csv")));
    char *text = content(in_folder("run.csv")), *line = strtok(text, "\n");
    assert_string_equal(
        line, "iteration,loss,lr,train_accuracy,validation_loss,validation_accuracy,test_accuracy");
    size_t evaluation = 0;
    for (uint64_t i = 0; i <= 33; i++) {
        line = strtok(NULL, "\n");
        assert_non_null(line);
        assert_int_equal(strtoull(line, &line, 10), i);
        assert_int_equal(*line++, ',');
        if (i > 0)
            assert_true(strtof(line, &line) == rnl_history_losses(h)[i - 1]);
        assert_int_equal(*line++, ',');
        if (i > 0)
            assert_true(strtod(line, &line) == 0.1);
        assert_int_equal(*line++, ',');
        if (i % 10 == 0 || i == 33) {
            const rnl_evaluation e = rnl_history_evaluation(h, evaluation++);
            assert_int_equal(e.iteration, i);
            assert_true(isnan(e.test_accuracy));
            assert_true(fabs(strtod(line, &line) - e.train_accuracy) < 1e-6);
        }
        assert_string_equal(line, ",,,"); /* no validation set, no test set */
    }
    assert_null(strtok(NULL, "\n"));
    assert_int_equal(rnl_history_evaluation_count(h), evaluation);
    free(text);
    rnl_history_free(&h);
    rnl_history_free(&h);
    rnl_history_free(NULL);
    rnl_net_free(&net);
    rnl_dataset_free(&set);
}

static void writes_json_lines_too(void **state)
{
    (void)state;
    float losses[] = {2.25f, 0.1f, INFINITY};
    rnl_evaluation e[] = {{0, 0.09871667, 0.098, NAN, NAN}, {2, 1, NAN, 0.25, 1.0 / 3}};
    rnl_history h = a_history(losses, 3, e, 2);
    static const char *const expected[] = {
        "{\"iteration\":0,\"train_accuracy\":0.0987167,\"test_accuracy\":0.098}\n"
        "{\"iteration\":1,\"loss\":2.25,\"lr\":0.5}\n"
        "{\"iteration\":2,\"loss\":0.100000001,\"lr\":0.375,\"train_accuracy\":1.0,"
        "\"validation_loss\":0.333333333,\"validation_accuracy\":0.25}\n"
        "{\"iteration\":3,\"lr\":0.25}\n",
        "{\"iteration\":0,\"train_r2\":0.0987167,\"test_r2\":0.098}\n"
        "{\"iteration\":1,\"loss\":2.25,\"lr\":0.5}\n"
        "{\"iteration\":2,\"loss\":0.100000001,\"lr\":0.375,\"train_r2\":1.0,"
        "\"validation_loss\":0.333333333,\"validation_r2\":0.25}\n"
        "{\"iteration\":3,\"lr\":0.25}\n"};
    for (size_t k = 0; k < 2; k++) {
        h.task = k ? RNL_TASK_REGRESSION : RNL_TASK_CLASSES;
        assert_ok(rnl_history_save_json(&h, in_folder("history.jsonl")));
        char *text = content(in_folder("history.jsonl"));
        assert_string_equal(text, expected[k]);
        free(text);
    }
    assert_error(rnl_history_save_json(&h, in_folder("none/h.jsonl")), RNL_ERR_IO, "none/h.jsonl");
}

static void an_unwritable_place_is_named(void **state)
{
    (void)state;
    const rnl_history h = {0};
    assert_error(rnl_history_save(&h, in_folder("none/h.csv")), RNL_ERR_IO, "none/h.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_row_an_iteration),
        cmocka_unit_test(losses_survive_the_text),
        cmocka_unit_test(writes_json_lines_too),
        cmocka_unit_test(an_unwritable_place_is_named),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

/* test_file_left.c - what a killed writer leaves behind of a file in the making, and under which name */
#define _GNU_SOURCE
#include "../folder.h"
#include "base/file.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Nothing is left in it. */
static int remove_empty_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Killed again and again: what it leaves behind does not grow, and goes with the next write. */
static void a_killed_writer_leaves_no_heap(void **state)
{
    (void)state;
    for (int k = 0; k < 5; k++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            rnl_output *out;
            if (rnl_output_open(&out, in_folder("x")) == RNL_OK &&
                rnl_output_printf(out, "half") == RNL_OK)
                kill(getpid(), SIGKILL);
            _exit(0);
        }
        int end;
        assert_int_equal(waitpid(child, &end, 0), child);
        assert_true(WIFSIGNALED(end));
        assert_int_equal(files_in(folder), 1);
    }
    rnl_output *out;
    assert_int_equal(rnl_output_open(&out, in_folder("x")), RNL_OK);
    assert_int_equal(rnl_output_printf(out, "whole"), RNL_OK);
    assert_int_equal(rnl_output_finish(&out), RNL_OK);
    assert_int_equal(files_in(folder), 1);
    rnl_bytes bytes;
    assert_int_equal(rnl_file_read(&bytes, in_folder("x")), RNL_OK);
    assert_int_equal(bytes.size, 5);
    assert_memory_equal(bytes.data, "whole", 5);
    rnl_bytes_free(&bytes);
    assert_int_equal(unlink(in_folder("x")), 0);
}

/* Names at and near the longest that a file may have. */
static void long_names_are_written(void **state)
{
    (void)state;
    for (int length = 240; length <= 255; length++) {
        char name[256];
        memset(name, 'a', sizeof name);
        name[length] = '\0';
        rnl_output *out;
        assert_int_equal(rnl_output_open(&out, in_folder(name)), RNL_OK);
        assert_int_equal(rnl_output_finish(&out), RNL_OK);
        assert_int_equal(unlink(in_folder(name)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_leaves_no_heap),
        cmocka_unit_test(long_names_are_written),
    };
    return cmocka_run_group_tests(tests, folder_make_on_disk, remove_empty_folder);
}

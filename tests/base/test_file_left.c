/* test_file_left.c - what a killed writer leaves behind of a file in the making, and under which name */
#define _GNU_SOURCE
#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/runnel-test-left-XXXXXX";

/* folder/name, in one of two buffers that are used in turn. */
static const char *at(const char *name)
{
    static char paths[2][512];
    static int turn;
    char *path = paths[turn++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static int files_in(const char *path)
{
    DIR *dir = opendir(path);
    assert_non_null(dir);
    int n = -2; /* . and .. */
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
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
            if (rnl_output_open(&out, at("x")) == RNL_OK &&
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
    assert_int_equal(rnl_output_open(&out, at("x")), RNL_OK);
    assert_int_equal(rnl_output_printf(out, "whole"), RNL_OK);
    assert_int_equal(rnl_output_finish(&out), RNL_OK);
    assert_int_equal(files_in(folder), 1);
    rnl_bytes bytes;
    assert_int_equal(rnl_file_read(&bytes, at("x")), RNL_OK);
    assert_int_equal(bytes.size, 5);
    assert_memory_equal(bytes.data, "whole", 5);
    rnl_bytes_free(&bytes);
    assert_int_equal(unlink(at("x")), 0);
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
        assert_int_equal(rnl_output_open(&out, at(name)), RNL_OK);
        assert_int_equal(rnl_output_finish(&out), RNL_OK);
        assert_int_equal(unlink(at(name)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_leaves_no_heap),
        cmocka_unit_test(long_names_are_written),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

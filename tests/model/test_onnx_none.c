/* test_onnx_none.c - a build without ONNX says so, and takes such a file for nothing else */
#include "model/onnx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void an_onnx_file_is_refused_with_a_reason(void **state)
{
    (void)state;
    char path[] = "/tmp/runnel-test-onnx-XXXXXX";
    static const char bytes[] = "\x08\x07\x12\x07pytorch";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    close(fd);
    rnl_net *net;
    const rnl_status status = rnl_net_load(&net, path, NULL, NULL);
    remove(path);
    assert_int_equal(status, RNL_ERR_UNSUPPORTED);
    assert_null(net);
    assert_non_null(strstr(rnl_error_text(), path));
    assert_non_null(strstr(rnl_error_text(), "this build of runnel has no ONNX"));
}

static void nothing_is_written_for_the_same_reason(void **state)
{
    (void)state;
    rnl_net *net;
    assert_int_equal(rnl_two_layer_net(&net, 2, 3, 2, 0.1, 1), RNL_OK);
    assert_int_equal(rnl_net_export(net, "onnx", "/tmp", NULL), RNL_ERR_UNSUPPORTED);
    assert_non_null(strstr(rnl_error_text(), "this build of runnel has no ONNX"));
    rnl_net_free(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_onnx_file_is_refused_with_a_reason),
                                       cmocka_unit_test(nothing_is_written_for_the_same_reason)};
    return cmocka_run_group_tests_name("onnx_none", tests, NULL, NULL);
}

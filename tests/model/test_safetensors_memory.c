/* test_safetensors_memory.c - every allocation may fail, and none is larger than the file allows */
#include "blob.h"
#include "written.h"

#include <jansson.h>

static size_t json_now, json_peak;
static long json_countdown; /* the nth allocation of jansson fails */
static bool json_exhausted; /* and all that follow */
static long json_failed;    /* how many did */

typedef union json_block {
    size_t size;
    max_align_t align;
} json_block;

static void *json_malloc_counted(size_t size)
{
    if (json_countdown > 0 && --json_countdown == 0) {
        json_countdown = json_exhausted ? 1 : 0;
        json_failed++;
        return NULL;
    }
    json_block *block = malloc(sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size + 16; /* what malloc adds */
    json_now += block->size;
    if (json_now > json_peak)
        json_peak = json_now;
    return block + 1;
}

static void json_free_counted(void *pointer)
{
    json_block *block = pointer;
    if (!block)
        return;
    json_now -= block[-1].size;
    free(block - 1);
}

static int count_json(void **state)
{
    (void)state;
    json_now = json_peak = 0;
    json_countdown = 0;
    json_set_alloc_funcs(json_malloc_counted, json_free_counted);
    return 0;
}

static int stop_counting(void **state)
{
    (void)state;
    json_set_alloc_funcs(malloc, free);
    return json_now == 0 ? 0 : -1;
}

static void every_allocation_of_a_parse_may_fail(void **state)
{
    (void)state;
    blob b = known_blob();
    rnl_tensor_file file;
    long n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        rnl_alloc_fail_after(n);
        status = parse(&file, b);
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        rnl_tensor_file_free(&file);
        assert_int_equal(json_now, 0);
    }
    assert_int_equal(n, 6); /* the text for jansson, tensors, shapes, notes; then it succeeds */
    free(b.bytes);
}

/* jansson may call it an invalid token; but a text that has lost a character is never taken. */
static void every_allocation_of_jansson_may_fail(void **state)
{
    (void)state;
    const char *header =
        "{\"__metadata__\":{\"a note with a long name\":\"and a value that is longer\"},"
        "\"012345678901234567890123456789\":"
        "{\"dtype\":\"F32\",\"shape\":[0,12345678901234567],\"data_offsets\":[0,0]}}";
    blob b = make_blob(strlen(header), header, NULL, 0);
    for (int exhausted = 0; exhausted < 2; exhausted++) {
        long n = 1;
        json_exhausted = exhausted;
        for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
            rnl_tensor_file file;
            json_countdown = n;
            json_failed = 0;
            status = parse(&file, b);
            json_countdown = 0;
            if (status == RNL_OK) {
                assert_int_equal(json_failed, 0);
                assert_string_equal(rnl_tensor_file_note(&file, "a note with a long name"),
                                    "and a value that is longer");
                assert_non_null(rnl_tensor_find(&file, "012345678901234567890123456789"));
                rnl_tensor_file_free(&file);
            } else {
                assert_true(status == RNL_ERR_MEMORY || strstr(rnl_error_text(), "no valid JSON"));
                assert_null(file.json);
            }
            assert_int_equal(json_now, 0);
        }
        assert_true(n > 40);
    }
    json_exhausted = false;
    free(b.bytes);
}

/* Headers made to cost: lists, and members, of the cheapest things to write. */
static void memory_is_bounded_by_the_header(void **state)
{
    (void)state;
    enum { SIZE = 1000000 };
    const char *list[] = {"0,", "\"\",", "{},", "[],"};
    const char *member[] = {"\"%x\":0,", "\"%x\":{},", "\"%x\":\"\",", "\"%x\":{\"\":[]},"};
    static char header[SIZE + 100];
    for (size_t i = 0; i < 8; i++) {
        size_t n = 0;
        n += (size_t)sprintf(header, "%s", i < 4 ? "{\"a\":{\"shape\":[" : "{");
        for (unsigned k = 0; n < SIZE; k++)
            n += i < 4 ? (size_t)sprintf(header + n, "%s", list[i])
                       : (size_t)sprintf(header + n, member[i - 4], k);
        sprintf(header + n - 1, "%s", i < 4 ? "]}}" : "}");
        rnl_tensor_file file;
        blob b = make_blob(strlen(header), header, NULL, 0);
        json_peak = 0;
        assert_int_equal(parse(&file, b), RNL_ERR_FORMAT);
        assert_true(json_peak < 40 * b.size); /* ours adds 64 bytes a member, 8 a dimension */
        free(b.bytes);
    }
}

static void every_allocation_of_a_write_may_fail(void **state)
{
    (void)state;
    assert_int_equal(write_known(written, 3, written_notes, 3), RNL_OK);
    rnl_bytes before, after;
    assert_int_equal(rnl_file_read(&before, path), RNL_OK);
    long n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        json_countdown = n;
        status = write_known(written, 3, written_notes, 3);
        json_countdown = 0;
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        assert_int_equal(json_now, 0);
        assert_int_equal(rnl_file_read(&after, path), RNL_OK);
        assert_int_equal(before.size, after.size);
        assert_memory_equal(before.data, after.data, before.size);
        rnl_bytes_free(&after);
    }
    assert_true(n > 50);
    n = 1;
    for (rnl_status status = RNL_ERR_MEMORY; status != RNL_OK; n++) {
        rnl_alloc_fail_after(n);
        status = write_known(written, 3, written_notes, 3);
        rnl_alloc_fail_after(0);
        assert_true(status == RNL_OK || status == RNL_ERR_MEMORY);
        assert_int_equal(json_now, 0);
    }
    assert_true(n > 5);
    rnl_bytes_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_of_a_parse_may_fail, count_json,
                                        stop_counting),
        cmocka_unit_test_setup_teardown(every_allocation_of_jansson_may_fail, count_json,
                                        stop_counting),
        cmocka_unit_test_setup_teardown(memory_is_bounded_by_the_header, count_json, stop_counting),
        cmocka_unit_test_setup_teardown(every_allocation_of_a_write_may_fail, count_json,
                                        stop_counting),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}

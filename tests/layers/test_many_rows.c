/* test_many_rows.c - gradients of stacks of layers that learn from more rows than a kernel takes at a time */
#include "stacks.h"

static void test_learning_from_many_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stacks); i++)
        check_stack(stacks[i].description, stacks[i].inputs, 60, &training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learning_from_many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

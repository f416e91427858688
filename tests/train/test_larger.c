/* test_larger.c - mapped data of 4 GB trains and evaluates within 1 GB of resident memory
 *
 * The files are sparse: all but their header and a few rows are holes, which take no room on the disk. */
#include "../folder.h"

#include <fcntl.h>

enum { FEATURES = 4096, ROWS = 1000000, LIMIT_MIB = 1024 };

static void write_sparse(const char *path, const void *head, size_t head_size, off_t size)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, head, head_size), (ssize_t)head_size);
    assert_int_equal(ftruncate(fd, (off_t)head_size + size), 0);
    close(fd);
}

static size_t npy_head(char *head, const char *descr, const char *shape)
{
    const int length =
        sprintf(head + 10, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }%24s\n", descr,
                shape, "");
    memcpy(head, "\x93NUMPY\1", 8);
    head[8] = (char)length;
    head[9] = 0;
    return (size_t)length + 10;
}

/* Resident memory at its highest, in MiB. */
static long peak(void)
{
    char line[256];
    long kib = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        sscanf(line, "VmHWM: %ld kB", &kib);
    if (f)
        fclose(f);
    return kib < 0 ? -1 : kib / 1024;
}

static void train_on(const char *net_text, rnl_dataset *set, size_t batch)
{
    rnl_net *net;
    rnl_net_config of_net = rnl_net_config_default();
    rnl_train_config config = rnl_train_config_default();
    rnl_score score;
    of_net.inputs = FEATURES;
    of_net.outputs = 2;
    config.iterations = 300;
    config.batch = batch;
    config.eval_every = RNL_NEVER;
    assert_int_equal(rnl_net_new(&net, net_text, &of_net), RNL_OK);
    rnl_status status = rnl_train(net, set, NULL, &config, NULL);
    if (status != RNL_OK)
        fail_msg("%s", rnl_error_text());
    assert_int_equal(rnl_evaluate(net, set, 0, &score, NULL), RNL_OK);
    assert_true(score.accuracy > 0.9);
    rnl_net_free(&net);
}

static void bytes_of_4_gb(void **state)
{
    (void)state;
    if (peak() < 0)
        skip();
    char head[256];
    rnl_dataset *set;
    const char *images = in_folder("x.npy"), *labels = in_folder("y.npy");
    size_t size = npy_head(head, "|u1", "(1000000, 4096)");
    write_sparse(images, head, size, (off_t)ROWS * FEATURES);
    size = npy_head(head, "|b1", "(1000000,)");
    write_sparse(labels, head, size, ROWS);
    const int fd = open(labels, O_WRONLY);
    assert_int_equal(pwrite(fd, "\1", 1, (off_t)size + 77), 1);
    close(fd);
    assert_int_equal(rnl_dataset_read(&set, images, labels, RNL_PART_TRAIN, NULL), RNL_OK);
    train_on("affine 2", set, 100);
    rnl_dataset_free(&set);
    printf("peak of resident memory: %ld MiB\n", peak());
    assert_in_range(peak(), 1, LIMIT_MIB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_of_4_gb)};
    return cmocka_run_group_tests(tests, folder_make_on_disk, folder_remove);
}

/* test_no_memory.c - allocation 1, 2, 3, ... fails, from the data to the answer, until none does */
#include "../data/small_files.h"

#include <sys/stat.h>

enum { N = 6, FEATURES = 4, SIDE = 2 };

static const uint8_t pixels[N][FEATURES] = {{1, 0, 0, 9}, {0, 1, 0, 9}, {1, 0, 1, 8},
                                            {0, 2, 0, 9}, {3, 0, 0, 7}, {0, 0, 1, 9}};
static const uint8_t labels[N] = {0, 1, 0, 1, 0, 1};

/* What the data comes as; all that a run makes of it. */
typedef struct chain {
    rnl_dataset *set, *rest, *part;
    rnl_table *table;
    rnl_dataset *train, *test; /* borrowed of those above */
    rnl_net *net, *loaded;
    rnl_workspace *ws;
    rnl_rows *rows;
} chain;

/* ---- sources ----------------------------------------------------------------------------------------------- */

static rnl_status share_out(chain *c)
{
    RNL_TRY(rnl_dataset_split(c->set, 0.5, 1, &c->rest, &c->part));
    RNL_TRY(rnl_dataset_prepare(c->rest, RNL_PREPARE_MINMAX, NULL));
    c->train = c->rest;
    c->test = c->part;
    return RNL_OK;
}

static rnl_status read_data(chain *c, const char *name, const char *of_labels)
{
    RNL_TRY(rnl_dataset_read(&c->set, in_folder(name), of_labels ? in_folder(of_labels) : NULL,
                             RNL_PART_TRAIN, NULL));
    return share_out(c);
}

static rnl_status svmlight(chain *c)
{
    return read_data(c, "rows.svm", NULL);
}

static rnl_status npy(chain *c)
{
    return read_data(c, "x.npy", "y.npy");
}

static rnl_status npz(chain *c)
{
    return read_data(c, "set.npz", NULL);
}

static rnl_status idx(chain *c)
{
    return read_data(c, "images.idx", "labels.idx");
}

static rnl_status folder_of_pictures(chain *c)
{
    return read_data(c, "pictures", NULL);
}

/* Learns what the columns are, and reads rows of another table by that. */
static rnl_status csv(chain *c)
{
    const rnl_table_options options = {
        .test_share = 0.5, .missing = RNL_MISSING_MEAN, .prepare = RNL_PREPARE_STANDARD};
    rnl_columns *columns = NULL;
    float x[FEATURES];
    size_t n;
    RNL_TRY(rnl_table_read(&c->table, in_folder("table.csv"), &options));
    c->train = rnl_table_train(c->table);
    c->test = rnl_table_test(c->table);
    RNL_TRY(rnl_columns_from_text(&columns, rnl_columns_text(rnl_table_columns(c->table))));
    rnl_status status = rnl_rows_open(&c->rows, in_folder("table.csv"), columns, 0, NULL, NULL);
    if (status == RNL_OK)
        status = rnl_rows_next(c->rows, rnl_matrix_f32(x, 1, FEATURES), &n);
    rnl_rows_free(&c->rows);
    rnl_columns_free(&columns);
    return status;
}

static const char *give(void *user, size_t sample, float *row)
{
    (void)user;
    for (size_t j = 0; j < FEATURES; j++)
        row[j] = pixels[sample][j];
    return NULL;
}

static rnl_status callback(chain *c)
{
    int32_t classes[N];
    for (size_t i = 0; i < N; i++)
        classes[i] = labels[i];
    RNL_TRY(rnl_dataset_from_callback(&c->set, give, NULL, N, FEATURES, classes, 2, true));
    return share_out(c);
}

static const struct {
    const char *name;
    rnl_status (*open)(chain *c);
} sources[] = {
    {"svmlight", svmlight},
    {"npy", npy},
    {"idx", idx},
    {"csv", csv},
    {"callback", callback},
#ifdef RNL_HAVE_ZLIB
    {"npz", npz},
#endif
#ifdef RNL_HAVE_PNG
    {"folder", folder_of_pictures},
#endif
};

/* ---- their files ------------------------------------------------------------------------------------------- */

static void write_npz(const file *x, const file *y)
{
#ifdef RNL_HAVE_ZLIB
    const entry entries[] = {{"x.npy", *x, 0}, {"y.npy", *y, 0}};
    const file zip = zip_file(entries, 2, 8);
    write_in_folder("set.npz", zip.bytes, zip.size);
#else
    (void)x, (void)y, (void)npz;
#endif
}

static void write_folder(void)
{
#ifdef RNL_HAVE_PNG
    mkdir(in_folder("pictures"), 0700);
    mkdir(in_folder("pictures/even"), 0700);
    mkdir(in_folder("pictures/odd"), 0700);
    for (size_t i = 0; i < N; i++) {
        char name[64];
        snprintf(name, sizeof name, "pictures/%s/%zu.png", labels[i] ? "odd" : "even", i);
        assert_int_equal(rnl_write_png(in_folder(name), SIDE, SIDE, pixels[i]), RNL_OK);
    }
#else
    (void)folder_of_pictures;
#endif
}

static void write_text(void)
{
    char svm[256] = "", csv_text[256] = "a,b,colour,class\n";
    for (size_t i = 0; i < N; i++) {
        char line[64];
        snprintf(line, sizeof line, "%d 1:%d 2:%d 4:%d\n", labels[i], pixels[i][0], pixels[i][1],
                 pixels[i][3]);
        strcat(svm, line);
        snprintf(line, sizeof line, "%d,%d.5,%s,%s\n", pixels[i][0], pixels[i][1],
                 i % 2 ? "red" : "blue", labels[i] ? "yes" : "no");
        strcat(csv_text, line);
    }
    write_in_folder("rows.svm", svm, strlen(svm));
    write_in_folder("table.csv", csv_text, strlen(csv_text));
}

static int make(void **state)
{
    if (folder_make(state) != 0)
        return -1;
    file x = {.size = 0}, y = {.size = 0}, images = {.size = 0}, of_images = {.size = 0};
    double numbers[N * FEATURES];
    for (size_t i = 0; i < N * FEATURES; i++)
        numbers[i] = pixels[i / FEATURES][i % FEATURES];
    add_npy(&x, "<f8", "(6, 4)", numbers, sizeof numbers);
    add_npy(&y, "|u1", "(6,)", labels, sizeof labels);
    add(&images, "\0\0\x8\x3\0\0\0\x6\0\0\0\x2\0\0\0\x2", 16);
    add(&images, pixels, sizeof pixels);
    add(&of_images, "\0\0\x8\x1\0\0\0\x6", 8);
    add(&of_images, labels, sizeof labels);
    write_in_folder("x.npy", x.bytes, x.size);
    write_in_folder("y.npy", y.bytes, y.size);
    write_in_folder("images.idx", images.bytes, images.size);
    write_in_folder("labels.idx", of_images.bytes, of_images.size);
    write_npz(&x, &y);
    write_folder();
    write_text();
    return 0;
}

/* ---- the chain ----------------------------------------------------------------------------------------------- */

static rnl_status run(chain *c, rnl_status (*open)(chain *c))
{
    rnl_net_config of_net = rnl_net_config_default();
    rnl_train_config config = rnl_train_config_default();
    const char *model = in_folder("model.safetensors");
    float x[FEATURES] = {0}, y[2] = {0};
    of_net.outputs = 2;
    config.iterations = 2;
    config.batch = 2;
    config.threads = 1;
    config.eval_every = 1;
    config.checkpoint = in_folder("checkpoint"); /* whose digest looks into the set */
    RNL_TRY(open(c));
    of_net.inputs = rnl_dataset_describe(c->train).features;
    assert_int_equal(of_net.inputs, FEATURES);
    RNL_TRY(rnl_net_new(&c->net, "affine 4, batchnorm, relu, affine 2", &of_net));
    RNL_TRY(rnl_train(c->net, c->train, c->test, &config, NULL));
    RNL_TRY(rnl_net_save(c->net, model));
    RNL_TRY(rnl_net_load(&c->loaded, model, NULL, NULL));
    RNL_TRY(rnl_workspace_new(&c->ws, c->loaded, 1));
    return rnl_net_predict(c->loaded, c->ws, rnl_matrix_f32(x, 1, FEATURES),
                           rnl_matrix_f32(y, 1, 2));
}

/* Leaks are the sanitizers' to find. */
static void release(chain *c)
{
    rnl_workspace_free(&c->ws);
    rnl_net_free(&c->net);
    rnl_net_free(&c->loaded);
    rnl_dataset_free(&c->part);
    rnl_dataset_free(&c->rest);
    rnl_dataset_free(&c->set);
    rnl_table_free(&c->table);
}

static long fail_each(size_t k)
{
    for (long nth = 1;; nth++) {
        chain c = {0};
        rnl_alloc_fail_after(nth);
        const rnl_status status = run(&c, sources[k].open);
        rnl_alloc_fail_after(0);
        release(&c);
        assert_int_equal(files_in_use(), 0);
        if (status == RNL_OK)
            return nth - 1;
        if (status != RNL_ERR_MEMORY)
            fail_msg("allocation %ld of %s: %s", nth, sources[k].name, rnl_error_text());
        assert_true(strlen(rnl_error_text()) > 5);
    }
}

static void from_the_data_to_the_answer(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof sources / sizeof sources[0]; k++) {
        const long failed = fail_each(k);
        print_message("%s: %ld allocations\n", sources[k].name, failed);
        assert_true(failed > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(from_the_data_to_the_answer)};
    return cmocka_run_group_tests(tests, make, folder_remove);
}

/* nulls.c - every public function that returns rnl_status refuses every NULL that it has no use for, with a
 * sentence that names the function and the argument
 *
 *     test_nulls HEADER...
 *
 * The functions that the headers declare are all tried here. */
#include "runnel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 4, INPUTS = 3, OUTPUTS = 2, MOST = 256, NAME = 64 };

static char tried[MOST][NAME];
static size_t tries, failures;

/* call: its text, "rnl_net_save(NULL, path)"; what: "the network is". */
static void refused(rnl_status status, const char *call, const char *what)
{
    char sentence[256];
    const int length = (int)strcspn(call, "(");
    snprintf(sentence, sizeof sentence, "%.*s: %s NULL", length, call, what);
    if (status != RNL_ERR_USAGE || strcmp(rnl_error_text(), sentence) != 0) {
        failures++;
        printf("%s\n    is \"%s\", with \"%s\"\n    wanted: \"%s\"\n", call,
               rnl_status_name(status), rnl_error_text(), sentence);
    }
    if (tries < MOST)
        snprintf(tried[tries++], NAME, "%.*s", length, call);
}

#define REFUSED(what, call) refused(call, #call, what)

static void must(rnl_status status)
{
    if (status == RNL_OK)
        return;
    printf("%s: %s\n", rnl_status_name(status), rnl_error_text());
    exit(1);
}

/* ---- what the other arguments are ------------------------------------------------------------------------- */

static float numbers[SAMPLES * INPUTS];
static const int32_t classes[SAMPLES] = {0, 1, 0, 1};
static double two[OUTPUTS], number;
static uint8_t pixels[4];
static size_t count;
static const char path[] = "nulls-not-written", text[] = "affine";
static rnl_matrix x, y;
static rnl_targets t;
static rnl_net_config config;
static rnl_net *net, *other;
static rnl_workspace *ws, *ws2;
static rnl_gradients *g, *g2;
static rnl_optimizer *o;
static rnl_dataset *set, *set2, *set3;
static rnl_history *history;

static const char *fill(void *user, size_t sample, float *row)
{
    (void)user, (void)sample, (void)row;
    return NULL;
}

static void set_up(void)
{
    config = rnl_net_config_default();
    config.inputs = INPUTS;
    config.outputs = OUTPUTS;
    x = rnl_matrix_f32(numbers, SAMPLES, INPUTS);
    y = rnl_matrix_f32(numbers, SAMPLES, OUTPUTS);
    t = rnl_targets_classes(classes, SAMPLES);
    must(rnl_net_new(&net, text, &config));
    must(rnl_workspace_new(&ws, net, SAMPLES));
    must(rnl_gradients_new(&g, net));
    must(rnl_optimizer_new(&o, net, NULL));
    must(rnl_dataset_from_floats(&set, numbers, SAMPLES, INPUTS, classes, OUTPUTS, true));
    rnl_train_config c = rnl_train_config_default();
    c.batch = SAMPLES;
    c.iterations = 1;
    must(rnl_train(net, set, NULL, &c, &history));
}

static void tear_down(void)
{
    rnl_history_free(&history);
    rnl_dataset_free(&set);
    rnl_optimizer_free(&o);
    rnl_gradients_free(&g);
    rnl_workspace_free(&ws);
    rnl_net_free(&net);
}

/* ---- the calls, in the headers' order ------------------------------------------------------------------------ */

static void networks(void)
{
    const rnl_layer_spec layers[] = {{"affine", OUTPUTS}};
    REFUSED("the place for the network is", rnl_net_new(NULL, text, &config));
    REFUSED("the description is", rnl_net_new(&other, NULL, &config));
    REFUSED("the configuration is", rnl_net_new(&other, text, NULL));
    REFUSED("the place for the network is", rnl_net_from_layers(NULL, layers, 1, &config));
    REFUSED("the list of layers is", rnl_net_from_layers(&other, NULL, 1, &config));
    REFUSED("the configuration is", rnl_net_from_layers(&other, layers, 1, NULL));
    REFUSED("the place for the network is", rnl_two_layer_net(NULL, 1, 1, 1, 1, 1));
    REFUSED("the place for the network is", rnl_net_copy(NULL, net));
    REFUSED("the network is", rnl_net_copy(&other, NULL));
    REFUSED("the network is", rnl_net_set_note(NULL, text, text));
    REFUSED("the key is", rnl_net_set_note(net, NULL, text));
    const char *name[8];
    size_t length[8];
    double scale[64], shift[64];
    REFUSED("the network is", rnl_net_input_scaling(NULL, scale, shift));
    REFUSED("the array of scales is", rnl_net_input_scaling(net, NULL, shift));
    REFUSED("the array of shifts is", rnl_net_input_scaling(net, scale, NULL));
    REFUSED("the network is", rnl_net_class_names(NULL, name, length));
    REFUSED("the array of names is", rnl_net_class_names(net, NULL, length));
    REFUSED("the array of lengths is", rnl_net_class_names(net, name, NULL));
}

static void running(void)
{
    REFUSED("the place for the workspace is", rnl_workspace_new(NULL, net, 1));
    REFUSED("the network is", rnl_workspace_new(&ws2, NULL, 1));
    REFUSED("the network is", rnl_net_predict(NULL, ws, x, y));
    REFUSED("the workspace is", rnl_net_predict(net, NULL, x, y));
    REFUSED("the network is", rnl_net_probabilities(NULL, ws, x, y));
    REFUSED("the workspace is", rnl_net_probabilities(net, NULL, x, y));
    REFUSED("the network is", rnl_net_loss(NULL, ws, x, t, &number));
    REFUSED("the workspace is", rnl_net_loss(net, NULL, x, t, &number));
    REFUSED("the place for the loss is", rnl_net_loss(net, ws, x, t, NULL));
    REFUSED("the network is", rnl_net_accuracy(NULL, ws, x, t, &number));
    REFUSED("the workspace is", rnl_net_accuracy(net, NULL, x, t, &number));
    REFUSED("the place for the accuracy is", rnl_net_accuracy(net, ws, x, t, NULL));
}

static void gradients(void)
{
    REFUSED("the place for the gradients is", rnl_gradients_new(NULL, net));
    REFUSED("the network is", rnl_gradients_new(&g2, NULL));
    REFUSED("the network is", rnl_net_gradient(NULL, ws, x, t, g, &number));
    REFUSED("the workspace is", rnl_net_gradient(net, NULL, x, t, g, &number));
    REFUSED("the gradients are", rnl_net_gradient(net, ws, x, t, NULL, &number));
    REFUSED("the network is", rnl_net_backward(NULL, ws, y, y, g, NULL));
    REFUSED("the workspace is", rnl_net_backward(net, NULL, y, y, g, NULL));
    REFUSED("the gradients are", rnl_net_backward(net, ws, y, y, NULL, NULL));
    REFUSED("the network is", rnl_net_numerical_gradient(NULL, NULL, x, t, 1e-3, 1, g));
    REFUSED("the gradients are", rnl_net_numerical_gradient(net, NULL, x, t, 1e-3, 1, NULL));
    REFUSED("the network is", rnl_net_update_state(NULL, ws));
    REFUSED("the workspace is", rnl_net_update_state(net, NULL));
    REFUSED("the network is", rnl_net_sgd_step(NULL, g, 1));
    REFUSED("the gradients are", rnl_net_sgd_step(net, NULL, 1));
    REFUSED("the network is", rnl_net_scale_outputs(NULL, two, two));
    REFUSED("the array of scales is", rnl_net_scale_outputs(net, NULL, two));
    REFUSED("the array of shifts is", rnl_net_scale_outputs(net, two, NULL));
}

static void reading(void)
{
    rnl_data_format format;
    REFUSED("the place for the data set is", rnl_dataset_read_idx(NULL, path, NULL, NULL));
    REFUSED("the path of the images is", rnl_dataset_read_idx(&set2, NULL, path, NULL));
    REFUSED("the place for the data set is", rnl_dataset_read_mnist(NULL, path, true, NULL));
    REFUSED("the path of the folder is", rnl_dataset_read_mnist(&set2, NULL, true, NULL));
    REFUSED("the path is", rnl_data_recognise(NULL, &format));
    REFUSED("the place for the format is", rnl_data_recognise(path, NULL));
    REFUSED("the place for the data set is",
            rnl_dataset_read(NULL, path, NULL, RNL_PART_TRAIN, NULL));
    REFUSED("the path is", rnl_dataset_read(&set2, NULL, NULL, RNL_PART_TRAIN, NULL));
    REFUSED("the place for the data set is", rnl_dataset_decode(NULL, "x", 1, text, NULL));
    REFUSED("the array of bytes is", rnl_dataset_decode(&set2, NULL, 1, text, NULL));
    REFUSED("the name is", rnl_dataset_decode(&set2, "x", 1, NULL, NULL));
    REFUSED("the place for the data set is", rnl_dataset_strokes(NULL, 1, 1, NULL));
}

static void sets_from_arrays(void)
{
    REFUSED("the place for the data set is",
            rnl_dataset_from_floats(NULL, numbers, 1, 1, NULL, 0, true));
    REFUSED("the array of inputs is", rnl_dataset_from_floats(&set2, NULL, 1, 1, NULL, 0, true));
    REFUSED("the place for the data set is",
            rnl_dataset_from_rows(NULL, numbers, 1, 1, numbers, 1, true));
    REFUSED("the array of inputs is", rnl_dataset_from_rows(&set2, NULL, 1, 1, numbers, 1, true));
    REFUSED("the array of targets is", rnl_dataset_from_rows(&set2, numbers, 1, 1, NULL, 1, true));
    REFUSED("the place for the data set is",
            rnl_dataset_from_callback(NULL, fill, NULL, 1, 1, NULL, 0, true));
    REFUSED("the callback is", rnl_dataset_from_callback(&set2, NULL, NULL, 1, 1, NULL, 0, true));
    REFUSED("the place for the data set is",
            rnl_dataset_rows_from_callback(NULL, fill, NULL, 1, 1, numbers, 1, true));
    REFUSED("the callback is",
            rnl_dataset_rows_from_callback(&set2, NULL, NULL, 1, 1, numbers, 1, true));
    REFUSED("the array of targets is",
            rnl_dataset_rows_from_callback(&set2, fill, NULL, 1, 1, NULL, 1, true));
}

static void sets(void)
{
    REFUSED("the data set is", rnl_dataset_set_shape(NULL, 1, 1, 1));
    REFUSED("the data set is", rnl_dataset_prepare(NULL, RNL_PREPARE_AUTO, NULL));
    REFUSED("the data set is", rnl_dataset_set_scaling(NULL, NULL, NULL));
    REFUSED("the data set is", rnl_dataset_target_scaling(NULL, two, two));
    REFUSED("the place for the scales is", rnl_dataset_target_scaling(set, NULL, two));
    REFUSED("the place for the shifts is", rnl_dataset_target_scaling(set, two, NULL));
    REFUSED("the data set is", rnl_dataset_scale_targets(NULL, two, two));
    REFUSED("the array of scales is", rnl_dataset_scale_targets(set, NULL, two));
    REFUSED("the array of shifts is", rnl_dataset_scale_targets(set, two, NULL));
    REFUSED("the data set is", rnl_dataset_set_class_names(NULL, text));
    uint64_t digest;
    REFUSED("the data set is", rnl_dataset_digest(NULL, &digest));
    REFUSED("the place for the digest is", rnl_dataset_digest(set, NULL));
    REFUSED("the data set is", rnl_dataset_split(NULL, 0.5, 1, &set2, &set3));
    REFUSED("the place for the rest is", rnl_dataset_split(set, 0.5, 1, NULL, &set3));
    REFUSED("the place for the part is", rnl_dataset_split(set, 0.5, 1, &set2, NULL));
    REFUSED("the data set is", rnl_dataset_balanced_weights(NULL, two));
    REFUSED("the place for the weights is", rnl_dataset_balanced_weights(set, NULL));
    REFUSED("the data set is", rnl_dataset_gather(NULL, NULL, 0, x));
    REFUSED("the data set is", rnl_dataset_augment(NULL, NULL, 1, 0, NULL, 0, x));
    REFUSED("the data set is", rnl_dataset_one_hot(NULL, NULL, 0, y));
}

static void tables(void)
{
    rnl_columns *no_columns;
    rnl_table *table = NULL, *no_table;
    rnl_rows *rows = NULL, *no_rows;
    FILE *f = fopen("nulls.csv", "w");
    if (!f || fputs("a,b\n1,2\n3,4\n5,6\n", f) < 0 || fclose(f) != 0)
        exit(1);
    must(rnl_table_read(&table, "nulls.csv", NULL));
    const rnl_columns *columns = rnl_table_columns(table);
    must(rnl_rows_open(&rows, "nulls.csv", columns, 0, NULL, NULL));
    REFUSED("the place for the columns is", rnl_columns_from_text(NULL, text));
    REFUSED("the text is", rnl_columns_from_text(&no_columns, NULL));
    REFUSED("the place for the table is", rnl_table_read(NULL, path, NULL));
    REFUSED("the path is", rnl_table_read(&no_table, NULL, NULL));
    REFUSED("the place for the data set is", rnl_dataset_read_table(NULL, path, columns, 0));
    REFUSED("the path is", rnl_dataset_read_table(&set2, NULL, columns, 0));
    REFUSED("the columns are", rnl_dataset_read_table(&set2, path, NULL, 0));
    REFUSED("the place for the rows is", rnl_rows_open(NULL, path, columns, 0, NULL, NULL));
    REFUSED("the path is", rnl_rows_open(&no_rows, NULL, columns, 0, NULL, NULL));
    REFUSED("the columns are", rnl_rows_open(&no_rows, path, NULL, 0, NULL, NULL));
    REFUSED("the table is", rnl_rows_next(NULL, x, &count));
    REFUSED("the place for the number of rows is", rnl_rows_next(rows, x, NULL));
    rnl_rows_free(&rows);
    rnl_table_free(&table);
    remove("nulls.csv");
}

static void pictures(void)
{
    REFUSED("the path is", rnl_read_picture(NULL, 1, 2, 2, false, pixels));
    REFUSED("the place for the pixels is", rnl_read_picture(path, 1, 2, 2, false, NULL));
    REFUSED("the array of bytes is", rnl_decode_picture(NULL, 1, text, 1, 2, 2, false, pixels));
    REFUSED("the name is", rnl_decode_picture("x", 1, NULL, 1, 2, 2, false, pixels));
    REFUSED("the place for the pixels is", rnl_decode_picture("x", 1, text, 1, 2, 2, false, NULL));
    REFUSED("the path is", rnl_read_png(NULL, 2, 2, false, pixels));
    REFUSED("the place for the pixels is", rnl_read_png(path, 2, 2, false, NULL));
    REFUSED("the array of bytes is", rnl_decode_png(NULL, 1, text, 2, 2, false, pixels));
    REFUSED("the name is", rnl_decode_png("x", 1, NULL, 2, 2, false, pixels));
    REFUSED("the place for the pixels is", rnl_decode_png("x", 1, text, 2, 2, false, NULL));
    REFUSED("the path is", rnl_write_png(NULL, 2, 2, pixels));
    REFUSED("the array of pixels is", rnl_write_png(path, 2, 2, NULL));
    REFUSED("the path is", rnl_write_picture(NULL, 1, 2, 2, pixels));
    REFUSED("the array of pixels is", rnl_write_picture(path, 1, 2, 2, NULL));
    REFUSED("the path is", rnl_write_file(NULL, "x", 1));
    REFUSED("the array of bytes is", rnl_write_file(path, NULL, 1));
}

static void training(void)
{
    const rnl_train_config c = rnl_train_config_default();
    rnl_optimizer *o2;
    rnl_score score;
    REFUSED("the place for the optimizer is", rnl_optimizer_new(NULL, net, NULL));
    REFUSED("the network is", rnl_optimizer_new(&o2, NULL, NULL));
    REFUSED("the optimizer is", rnl_optimizer_step(NULL, net, g, 1));
    REFUSED("the network is", rnl_optimizer_step(o, NULL, g, 1));
    REFUSED("the gradients are", rnl_optimizer_step(o, net, NULL, 1));
    REFUSED("the place for the rate is", rnl_learning_rate(NULL, 1, 1, 0, NULL));
    REFUSED("the network is", rnl_train(NULL, set, NULL, &c, NULL));
    REFUSED("the training set is", rnl_train(net, NULL, NULL, &c, NULL));
    REFUSED("the configuration is", rnl_train(net, set, NULL, NULL, NULL));
    REFUSED("the history is", rnl_history_save(NULL, path));
    REFUSED("the path is", rnl_history_save(history, NULL));
    REFUSED("the history is", rnl_history_save_json(NULL, path));
    REFUSED("the path is", rnl_history_save_json(history, NULL));
    rnl_checkpoint *checkpoint;
    REFUSED("the place for the checkpoint is", rnl_checkpoint_open(NULL, path));
    REFUSED("the path is", rnl_checkpoint_open(&checkpoint, NULL));
    REFUSED("the network is", rnl_evaluate(NULL, set, 1, &score, NULL));
    REFUSED("the data set is", rnl_evaluate(net, NULL, 1, &score, NULL));
    REFUSED("the place for the score is", rnl_evaluate(net, set, 1, NULL, NULL));
    REFUSED("the network is", rnl_evaluate_top(NULL, set, 1, 1, &number));
    REFUSED("the data set is", rnl_evaluate_top(net, NULL, 1, 1, &number));
    REFUSED("the place for the shares is", rnl_evaluate_top(net, set, 1, 1, NULL));
}

static void models(void)
{
    REFUSED("the network is", rnl_net_save(NULL, path));
    REFUSED("the path is", rnl_net_save(net, NULL));
    REFUSED("the place for the network is", rnl_net_load(NULL, path, NULL, NULL));
    REFUSED("the path is", rnl_net_load(&other, NULL, NULL, NULL));
    REFUSED("the place for the network is", rnl_net_decode(NULL, "x", 1, text, NULL, NULL));
    REFUSED("the array of bytes is", rnl_net_decode(&other, NULL, 1, text, NULL, NULL));
    REFUSED("the name is", rnl_net_decode(&other, "x", 1, NULL, NULL, NULL));
    uint8_t *bytes;
    REFUSED("the network is", rnl_net_encode(NULL, &bytes, &count));
    REFUSED("the place for the bytes is", rnl_net_encode(net, NULL, &count));
    REFUSED("the place for the size is", rnl_net_encode(net, &bytes, NULL));
    REFUSED("the network is", rnl_net_export(NULL, "c", path, NULL));
    REFUSED("the format is", rnl_net_export(net, NULL, path, NULL));
}

/* ---- whether that is all ------------------------------------------------------------------------------------- */

static void declared(const char *name)
{
    for (size_t i = 0; i < tries; i++)
        if (strcmp(tried[i], name) == 0)
            return;
    failures++;
    printf("%s is not tried here\n", name);
}

static size_t read_header(const char *header)
{
    char line[512], name[NAME];
    size_t found = 0;
    FILE *f = fopen(header, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "RNL_API rnl_status %63[a-z0-9_]", name) == 1) {
            declared(name);
            found++;
        }
    if (f)
        fclose(f);
    return found;
}

int main(int argc, char **argv)
{
    size_t found = 0;
    set_up();
    networks();
    running();
    gradients();
    reading();
    sets_from_arrays();
    sets();
    tables();
    pictures();
    training();
    models();
    tear_down();
    for (int i = 1; i < argc; i++)
        found += read_header(argv[i]);
    printf("%zu functions, %zu NULLs, %zu failures\n", found, tries, failures);
    return failures > 0 || found == 0;
}

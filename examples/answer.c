/* answer.c - a saved network answers rows of numbers: scaled as training scaled them, classes by their names
 *
 *     cc answer.c $(pkg-config --cflags --libs runnel) -o answer
 *     ./answer model.safetensors < rows.txt          a row a line, with blanks between its numbers
 *
 * The rows are as they are stored, pixels from 0 to 255 for example. Those of a table with texts or gaps are read by
 * rnl_rows_open, with the columns that the note "runnel.input.columns" keeps; here, columns are numbers alone. */
#include <runnel.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct model {
    rnl_net *net;
    rnl_workspace *ws;
    size_t inputs, outputs, classes; /* classes 0: it answers with numbers */
    double *scale, *shift;           /* [inputs]: x = (stored - offset) * scale + shift */
    double *offset;                  /* [inputs]: of a table's large numbers, mostly 0 */
    const char **name;               /* [classes]; NULL: goes by its number */
    size_t *length;
    float *x, *y; /* a row, and its answer */
} model;

static bool read_offsets(model *m)
{
    const char *note = rnl_net_note(m->net, "runnel.input.columns");
    rnl_columns *columns = NULL;
    if (!note)
        return true; /* no table */
    if (rnl_columns_from_text(&columns, note) != RNL_OK)
        return false;
    for (size_t i = 0; i < rnl_columns_count(columns); i++) {
        const rnl_column_info c = rnl_columns_at(columns, i);
        if (c.kind == RNL_COLUMN_NUMBER)
            m->offset[c.first_input] = c.offset;
    }
    rnl_columns_free(&columns);
    return true;
}

static bool load(model *m, const char *path)
{
    const rnl_net_config config = rnl_net_config_default(); /* f32, whatever the file has */
    if (rnl_net_load(&m->net, path, NULL, &config) != RNL_OK ||
        rnl_workspace_new(&m->ws, m->net, 1) != RNL_OK)
        return false;
    m->inputs = rnl_net_inputs(m->net);
    m->outputs = rnl_net_outputs(m->net);
    m->classes = rnl_net_task(m->net) == RNL_TASK_REGRESSION ? 0 : rnl_net_class_count(m->net);
    m->scale = malloc(m->inputs * sizeof *m->scale);
    m->shift = malloc(m->inputs * sizeof *m->shift);
    m->offset = calloc(m->inputs, sizeof *m->offset);
    m->name = malloc((m->classes + 1) * sizeof *m->name);
    m->length = malloc((m->classes + 1) * sizeof *m->length);
    m->x = malloc(m->inputs * sizeof *m->x);
    m->y = malloc(m->outputs * sizeof *m->y);
    return m->scale && m->shift && m->offset && m->name && m->length && m->x && m->y &&
           rnl_net_input_scaling(m->net, m->scale, m->shift) == RNL_OK && read_offsets(m) &&
           (!m->classes || rnl_net_class_names(m->net, m->name, m->length) == RNL_OK);
}

typedef enum row { ROW, NO_MORE, WRONG } row;

static row read_row(const model *m)
{
    for (size_t j = 0; j < m->inputs; j++) {
        double stored;
        const int read = scanf("%lf", &stored);
        if (read == EOF && j == 0)
            return NO_MORE;
        if (read != 1) {
            fprintf(stderr, "expected %zu numbers in each row, found %zu and then %s\n", m->inputs,
                    j, read == EOF ? "the end" : "something else");
            return WRONG;
        }
        m->x[j] = (float)((stored - m->offset[j]) * m->scale[j] + m->shift[j]);
    }
    return ROW;
}

static void print_answer(const model *m)
{
    size_t best = 0;
    if (!m->classes) {
        for (size_t k = 0; k < m->outputs; k++)
            printf("%g%c", (double)m->y[k], k + 1 < m->outputs ? ' ' : '\n');
        return;
    }
    for (size_t k = 1; k < m->outputs; k++)
        best = m->y[k] > m->y[best] ? k : best;
    const double probability = (double)m->y[best];
    if (m->outputs == 1) /* of yes, which is class 1 */
        best = probability > 0.5;
    if (m->name[best])
        printf("%.*s %.4f\n", (int)m->length[best], m->name[best], probability);
    else
        printf("%zu %.4f\n", best, probability);
}

static bool answer(const model *m)
{
    const rnl_matrix x = rnl_matrix_f32(m->x, 1, m->inputs),
                     y = rnl_matrix_f32(m->y, 1, m->outputs);
    row next;
    while ((next = read_row(m)) == ROW) {
        const rnl_status status = m->classes ? rnl_net_probabilities(m->net, m->ws, x, y)
                                             : rnl_net_predict(m->net, m->ws, x, y);
        if (status != RNL_OK) {
            fprintf(stderr, "%s\n", rnl_error_text());
            return false;
        }
        print_answer(m);
    }
    return next == NO_MORE;
}

int main(int argc, char **argv)
{
    model m = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: answer MODEL < rows\n");
        return 2;
    }
    const bool loaded = load(&m, argv[1]), good = loaded && answer(&m);
    if (!loaded)
        fprintf(stderr, "%s\n", rnl_error_text());
    free(m.scale);
    free(m.shift);
    free(m.offset);
    free(m.name);
    free(m.length);
    free(m.x);
    free(m.y);
    rnl_workspace_free(&m.ws);
    rnl_net_free(&m.net);
    return good ? 0 : 1;
}

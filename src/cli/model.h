/* model.h - opening a model file, and what its notes say about the input; a new network for some data */
#ifndef RNL_CLI_MODEL_H
#define RNL_CLI_MODEL_H

#include "options.h"

typedef struct cli_model {
    const char *path;
    rnl_net *net;
    bool has_shape; /* the notes tell what follows; otherwise it is one row of numbers, unscaled */
    size_t channels, height, width;
    bool scaling_told;           /* by the notes; where not, bytes are pixels, and x = byte / 255 */
    double scale, shift;         /* x = stored * scale + shift; or, for each input: */
    double *scales, *shifts;     /* [inputs]; NULL: all have the same */
    rnl_first_index first_index; /* of svmlight files */
    char **class_names;          /* [class_count]; NULL: they are numbers */
    size_t class_count;
    rnl_columns *columns; /* of the table that it was trained on; or NULL */
} cli_model;

/* description: for files that have none (PyTorch's), or NULL. backend: NULL for the fastest here. Says what
 * is wrong; returns -1, or how the program ends. */
int cli_model_open(cli_model *model, const char *path, const char *description,
                   const char *backend);
void cli_model_free(cli_model *model);

/* A new network for this data, of its inputs and outputs, which are set in *config. Where the targets are numbers and
 * no loss is named, mse is meant. Says nothing: cli_error_of_net does. */
rnl_status cli_new_net(rnl_net **net, const char *description, rnl_net_config *config,
                       const rnl_dataset *set);

/* Scales and shifts that the notes tell, [inputs] each; both NULL where inputs are as they are stored. Returns what
 * is to be freed afterwards, or NULL. */
double *cli_model_scaling(const cli_model *model, const double **scale, const double **shift);
/* The inputs of this data set are scaled as the model wants it. Returns -1, or how the program ends. */
int cli_model_scale(const cli_model *model, rnl_dataset *set);
/* Of its numbers: as --dtype names it. */
const char *cli_dtype_name(const rnl_net *net);
/* The class's name, or its number written into text. */
const char *cli_class_name(const cli_model *model, size_t k, char text[CLI_NUMBER]);

/* clang-format off */
#define CLI_OPTION_NET(text) \
    {.name = "net", .kind = CLI_TEXT, .value = text, .argument = "LAYERS", \
     .help = "The layers, for a model file that does not tell them (PyTorch's)"}
#define CLI_OPTION_BACKEND(text, names) \
    {.name = "backend", .kind = CLI_CHOICE, .value = text, .choices = names, \
     .when_absent = "the faster one here", .help = "What computes"}
#define CLI_OPTION_THREADS(number) \
    {.name = "threads", .kind = CLI_INT, .value = number, .argument = "N", \
     .most = CLI_THREADS_MOST, .also = "jobs cores cpus workers", \
     .help = "Threads to compute with; 0 means as many as this process may use"}
#define CLI_OPTION_JSON(flag) \
    {.name = "json", .kind = CLI_FLAG, .value = flag, .help = "Print one JSON object a line"}
#define CLI_OPTION_QUIET(flag) \
    {.name = "quiet", .kind = CLI_FLAG, .value = flag, .also = "silent", \
     .help = "No messages and no progress; results and errors only"}
/* clang-format on */

#endif

/* export.h - a network as others write it down: one flat list of operations
 *
 * rnl_net_export makes the list, and a writer for each format (export.c has the table) turns it into a
 * file. The list is the network as it predicts:
 *
 *     scaling of the input      x = stored * scale + shift, where the notes tell one; pixels that training
 *                               inverted are inverted by it
 *     the layers in order       batchnorm is a scaling too: its running statistics are constants;
 *                               dropout and flatten do nothing and are left out
 *     probabilities             what the loss makes of the outputs: softmax, or sigmoid; by choice
 *
 * All numbers are f32, also those of an f64 network. */
#ifndef RNL_MODEL_EXPORT_H
#define RNL_MODEL_EXPORT_H

#include "base/memory.h"
#include "base/random.h"

/* ---- notes.c: what the notes say of the input and the answers --------------------------------------- */

typedef struct rnl_input_notes {
    /* x = stored * scale + shift; one number for all features or one for each; 0 numbers: no note. Of pixels that
     * were inverted before, both do this too */
    double *scale, *shift;
    size_t scales, shifts;
    bool dark_on_light; /* they were */
    /* "runnel.classes": [classes] names, as many as the network tells apart, or 0. Classes that the note does not
     * name have their numbers */
    const char **class_name;
    size_t classes;
    char *text;           /* that the names lie in */
    rnl_columns *columns; /* of the table that the network learnt from; NULL: none */
} rnl_input_notes;

/* RNL_ERR_FORMAT where a note is not what it should be. */
rnl_status rnl_input_notes_read(rnl_input_notes *notes, const rnl_net *net);
/* The scaling alone. */
rnl_status rnl_input_notes_read_scaling(rnl_input_notes *notes, const rnl_net *net);
void rnl_input_notes_free(rnl_input_notes *notes);

typedef struct rnl_scaling_of_input {
    double scale, shift;
} rnl_scaling_of_input;

/* Of feature j; 1 and 0 where there is no note. */
rnl_scaling_of_input rnl_input_scaling(const rnl_input_notes *notes, size_t j);

/* ---- export_plan.c: the list ------------------------------------------------------------------------ */

typedef enum rnl_export_kind {
    RNL_EXPORT_SCALE,      /* y = (x - center) * weight + bias, number by number */
    RNL_EXPORT_AFFINE,     /* y = x W + b */
    RNL_EXPORT_LAYERNORM,  /* y = (x - mean) / sqrt(var + argument) * weight + bias */
    RNL_EXPORT_RELU,       /* max(x, 0) */
    RNL_EXPORT_LEAKY_RELU, /* x > 0 ? x : argument * x */
    RNL_EXPORT_ELU,        /* x > 0 ? x : argument * (exp(x) - 1) */
    RNL_EXPORT_SIGMOID,    /* 1 / (1 + exp(-x)) */
    RNL_EXPORT_TANH,
    RNL_EXPORT_GELU,     /* x (1 + erf(x / sqrt(2))) / 2 */
    RNL_EXPORT_SILU,     /* x / (1 + exp(-x)) */
    RNL_EXPORT_SOFTPLUS, /* log(1 + exp(x)) */
    RNL_EXPORT_SOFTMAX,  /* exp(x) / sum of exp(x) */
    RNL_EXPORT_KINDS
} rnl_export_kind;

enum { RNL_NO_LAYER = -1 };

typedef struct rnl_export_op {
    rnl_export_kind kind;
    int layer;              /* of the network, or RNL_NO_LAYER: input scaling, probabilities */
    size_t inputs, outputs; /* features */
    /* affine: W [inputs, outputs], row-major and dense, and b [outputs]; scale and layernorm: see above. NULL and
     * 0 numbers: times 1, plus 0. 1 number: the same for all features (scale alone). */
    const float *weight, *bias;
    size_t weights, biases; /* numbers */
    const float *center;    /* [inputs]; NULL: 0 */
    double argument;
    float *owned[3]; /* what of these the network does not hold itself */
    /* affine in 8 bits, else NULL: W[j, k] is about q[k, j] * scale[k] * share[j]. q: [outputs, inputs],
     * scale: [outputs], share: [inputs] */
    int8_t *q;
    float *scale, *share;
} rnl_export_op;

typedef struct rnl_export_plan {
    const rnl_net *net;
    rnl_export_op *op;
    size_t ops;
    size_t inputs, outputs, widest; /* widest: of all values on the way, with input and output */
    rnl_input_notes notes;
} rnl_export_plan;

/* The nearest number of f32. RNL_ERR_USAGE where that is not finite: it is number i of `what`. */
rnl_status rnl_export_round(float *to, double number, const char *what, size_t i);

/* The plan borrows from the network. RNL_ERR_UNSUPPORTED: a layer that is not in the list above.
 * RNL_ERR_USAGE: probabilities of a regression; numbers that are NaN or infinite. */
rnl_status rnl_export_plan_make(rnl_export_plan *plan, const rnl_net *net, bool probabilities);
void rnl_export_plan_free(rnl_export_plan *plan);

/* ---- export_run.c: the list, computed --------------------------------------------------------------- */

/* From now on affine operations have weights of 8 bits. */
rnl_status rnl_export_quantize(rnl_export_plan *plan);
/* x: [inputs], as stored -> y: [outputs], as the exported source computes it. shake: NULL, or where signs are drawn
 * from: x and each number on the way are moved by 2^-23 of themselves, up or down, so that what the result moves by
 * tells how much of it is rounding. */
rnl_status rnl_export_run(const rnl_export_plan *plan, rnl_random *shake, const float *x, float *y);

/* ---- writers: one for each format, a line each in export.c ------------------------------------------ */

/* folder + "/" + name + ending; from rnl_alloc. */
rnl_status rnl_export_path(char **path, const char *folder, const char *name, const char *ending);
rnl_status rnl_export_write_c(const rnl_export_plan *plan, const char *folder,
                              const rnl_export_options *options);
rnl_status rnl_export_write_onnx(const rnl_export_plan *plan, const char *folder,
                                 const rnl_export_options *options);

#endif

/* model.h - the part of runnel.h on model files. Include runnel.h, which includes this; what it says on top holds
 * here too. */
#ifndef RUNNEL_MODEL_H
#define RUNNEL_MODEL_H

#ifndef RUNNEL_H
#error "include runnel.h"
#endif

/* safetensors in the layout of PyTorch's nn.Sequential: "0.weight" [out, in], "0.bias" [out]; the
 * description and the notes stand in __metadata__. Equal networks make equal bytes. Written to a
 * temporary name, synced, renamed: whole or not at all. RNL_ERR_USAGE where a parameter is NaN or
 * infinite: such a network answers nothing, and would replace the last good file. */
RNL_API rnl_status rnl_net_save(const rnl_net *net, const char *path);
/* From safetensors, or from an ONNX file whose graph is such a network (docs/onnx.md); its content tells which.
 * config may be NULL: dtype as in the file, fastest backend. Otherwise its dtype and backend count.
 * A file without a description (PyTorch's) needs `description`, whose last affine may leave out its
 * width; with any other, it is NULL or says the same. Of an ONNX file, it may add the loss and dropout.
 * RNL_ERR_SHAPE: the tensors do not fit the network. RNL_ERR_FORMAT: also where a number is NaN,
 * infinite, or more than the dtype holds. RNL_ERR_UNSUPPORTED: ONNX with what no network here has; the
 * sentence names the node. */
RNL_API rnl_status rnl_net_load(rnl_net **net, const char *path, const char *description,
                                const rnl_net_config *config);
/* The same from a file's bytes, wherever they lie and however they are aligned: out of the program itself (xxd -i), an
 * app's assets, a database. They are not needed afterwards. name stands in error texts. */
RNL_API rnl_status rnl_net_decode(rnl_net **net, const void *bytes, size_t size, const char *name,
                                  const char *description, const rnl_net_config *config);
/* The bytes that rnl_net_save would write, for a place of the caller's own; rnl_encoded_free frees them. Takes at times
 * three times their size. RNL_ERR_USAGE as for rnl_net_save. */
RNL_API rnl_status rnl_net_encode(const rnl_net *net, uint8_t **bytes, size_t *size);
RNL_API void rnl_encoded_free(uint8_t **bytes);
/* What kind of file the network was loaded from: "safetensors, layout 1 of runnel", "safetensors of
 * another program", "ONNX"; NULL where it was not loaded. Borrowed for ever. */
RNL_API const char *rnl_net_format(const rnl_net *net);

/* ---- what the notes say of the input and the answers: docs/files.md -------------------------------------- */

/* The network takes x[j] = stored[j] * scale[j] + shift[j]. scale, shift: [inputs], overwritten; 1 and 0 where the
 * notes "runnel.input.scale" and "runnel.input.shift" tell nothing. Of pixels that training inverted (the note
 * "runnel.dark_on_light" is there), stored is 255 minus the pixel; of a table's column with an offset
 * (rnl_column_info), the number less that. RNL_ERR_FORMAT where a note is neither one number nor one for each
 * input, or all scales are 0. */
RNL_API rnl_status rnl_net_input_scaling(const rnl_net *net, double *scale, double *shift);
/* Where in the note "runnel.classes" the names of the classes stand. name, length: [rnl_net_class_count], overwritten;
 * NULL and 0 for a class that it does not name, which goes by its number. Borrowed until the note changes.
 * RNL_ERR_FORMAT where it names more. */
RNL_API rnl_status rnl_net_class_names(const rnl_net *net, const char **name, size_t *length);

/* ---- a network written down for others: docs/export.md ------------------------------------------------ */

typedef struct rnl_export_options {
    /* of files and symbols: a letter, then letters, digits and _, which is not last and does not
     * come twice in a row; 64 at most. NULL: "model" */
    const char *name;
    bool probabilities; /* the outputs are what rnl_net_probabilities gives; else rnl_net_predict */
    bool int8;          /* "c": the weights of affine layers in 8 bits */
    size_t test_vectors; /* "c": a program that checks itself on so many samples; 0: none */
} rnl_export_options;

/* The i-th format; NULL after the last. "c": NAME.h and NAME.c, which need nothing else. "onnx": NAME.onnx
 * (RNL_ERR_UNSUPPORTED in a build without ONNX). Borrowed for ever. */
RNL_API const char *rnl_export_format(size_t i);
/* Writes the network as it predicts into files in a folder (NULL: the current one), the scaling of the
 * input that its notes tell included; whole or not at all. options NULL: all zero. RNL_ERR_USAGE where a parameter
 * is NaN or infinite. */
RNL_API rnl_status rnl_net_export(const rnl_net *net, const char *format, const char *folder,
                                  const rnl_export_options *options);

#endif

/* model.h - networks in model files, for the inside
 *
 * A model file is a safetensors file (model/safetensors.h) whose tensors are those of PyTorch's
 * nn.Sequential, so that load_state_dict takes it, and a state_dict saved from there is taken here:
 *
 *     "<i>.weight"  of the affine layer i (all layers count, from 0): [out, in], our W transposed
 *     "<i>.bias"    [out]
 *     "<i>.weight", "<i>.bias"    gamma and beta of a batchnorm or layernorm layer: [width]
 *     "<i>.running_mean", "<i>.running_var"    of a batchnorm layer: [width]; PyTorch's
 *                   "<i>.num_batches_tracked" is passed over
 *
 * In a file of another program, all these may have the same prefix, and a "bias" may be missing.
 *
 * In "__metadata__":
 *
 *     "format"          "pt": what PyTorch's readers look for
 *     "runnel.format"   "1": the version of this layout; a file with another one is refused
 *     "runnel.version"  of the library that wrote the file; for people
 *     "runnel.net"      rnl_net_description
 *     "runnel.inputs"   rnl_net_inputs
 *     all others        the network's notes
 *
 * The numbers are F32 or F64, as the network's are; F16 and BF16 are read too. NaN and infinities
 * are neither saved nor loaded: such a network answers nothing, and saving it would replace the last
 * good file. What f32 cannot hold is not loaded as f32. */
#ifndef RNL_MODEL_MODEL_H
#define RNL_MODEL_MODEL_H

#include "base/text.h"
#include "model/safetensors.h"

#define RNL_MODEL_FORMAT "1"

/* rnl_net_decode of safetensors. Error texts come without a name. */
rnl_status rnl_model_decode(rnl_net **net, const void *bytes, size_t size, const char *description,
                            const rnl_net_config *config);

/* A network from a list of tensors, wherever they come from: named, laid out and typed as above; of a
 * rnl_tensor_file that no file is behind, only tensors, count, notes and note_count count. The notes
 * become the network's, but for those that rnl_net_save makes. */
rnl_status rnl_model_build(rnl_net **net, const char *description, const rnl_net_config *config,
                           const rnl_tensor_file *tensors);
/* The second half of that, for a network from rnl_net_plan; a failure leaves it to be freed. foreign: of another
 * program, whose layers may have been made without a bias; it is 0 then. */
rnl_status rnl_model_fill(rnl_net *planned, const rnl_tensor_file *tensors, bool foreign);

/* foreign.c: the keys of another program's file, as nn.Sequential has them: a prefix that all share ("net." of
 * "net.0.weight") is taken off. */
void rnl_foreign_strip_keys(rnl_tensor_file *file);
/* Is there a "<number>.<name>"? */
bool rnl_foreign_has_numbered_key(const rnl_tensor_file *file);
/* The sentence, which is freed, with what tensors there are at its end. */
rnl_status rnl_fail_with_tensors(rnl_status status, rnl_text *sentence,
                                 const rnl_tensor_file *tensors);

/* Numbers move in tiles of so many rows and columns of the file: the part of W that a tile touches
 * stays in the cache while its rows, which are columns of W, come by. */
enum { RNL_STORED_ROWS = 16, RNL_STORED_COLS = 64 };

/* How a block of parameters or of state lies in the file: row-major, [rows, cols]. Its shape there has one
 * dimension (cols) or two. */
typedef struct rnl_stored {
    const char *key;
    rnl_matrix value; /* the network's numbers */
    bool transposed;  /* (r, c) in the file is (c, r) in value */
    size_t rows, cols;
    size_t rank, shape[2];
} rnl_stored;

/* All parameters, then all state. */
size_t rnl_stored_count(const rnl_net *net);
rnl_stored rnl_stored_block(const rnl_net *net, size_t i);

#endif

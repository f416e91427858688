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
/* config may be NULL: dtype as in the file, best backend. Otherwise its dtype and backend count.
 * A file without a description (PyTorch's) needs `description`, whose last affine may leave out its
 * width; with any other, it is NULL or says the same. RNL_ERR_SHAPE: the tensors do not fit the
 * network. RNL_ERR_FORMAT: also where a number is NaN, infinite, or more than the dtype holds. */
RNL_API rnl_status rnl_net_load(rnl_net **net, const char *path, const char *description,
                                const rnl_net_config *config);

#endif

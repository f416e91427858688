/* onnx_graph.h - what the names in a graph stand for, and the chain of layers that its nodes make
 *
 *   onnx_graph.c     a list of all values: constants, the input, what each node makes; who uses them
 *   onnx_chain.c     from the input to the output, node by node: one item for each layer
 *   onnx_affine.c    the nodes with weights, and constants that are added or multiplied
 *   onnx_pattern.c   layers that ONNX writes as several nodes: flatten, silu, gelu, layernorm
 *   onnx_build.c     the network of these items */
#ifndef RNL_MODEL_ONNX_GRAPH_H
#define RNL_MODEL_ONNX_GRAPH_H

#include "layers/layer.h"
#include "model/onnx_parse.h"

/* ---- onnx_graph.c ----------------------------------------------------------------------------------- */

enum { RNL_ONNX_USERS = 3 }; /* of a value's users, so many are known by their number */

#define RNL_ONNX_NONE SIZE_MAX

typedef struct rnl_onnx_value {
    const char *name;
    size_t maker;     /* a node; RNL_ONNX_NONE: the file itself, or whoever runs the network */
    bool is_constant; /* tensor counts, not yet opened for what an initialiser or ... */
    rnl_onnx_tensor tensor; /* ... a Constant holds; also behind Identity */
    size_t uses;            /* as input of a node */
    size_t user[RNL_ONNX_USERS];
} rnl_onnx_value;

typedef struct rnl_onnx_graph {
    const RnlOnnx__GraphProto *proto;
    int64_t opset;
    rnl_onnx_value *value; /* [values], by name */
    size_t values;
    const rnl_onnx_value *input, *output;
    const RnlOnnx__ValueInfoProto *input_info;
} rnl_onnx_graph;

/* RNL_ERR_FORMAT: names that stand for two things or for none, nodes that are not in order or go round in a
 * circle. RNL_ERR_UNSUPPORTED: more than one input or output. */
rnl_status rnl_onnx_graph_make(rnl_onnx_graph *graph, const RnlOnnx__ModelProto *model);
void rnl_onnx_graph_free(rnl_onnx_graph *graph);
/* NULL where there is none. */
rnl_onnx_value *rnl_onnx_find(const rnl_onnx_graph *graph, const char *name);

/* ---- onnx_chain.c ----------------------------------------------------------------------------------- */

/* One layer. */
typedef struct rnl_onnx_item {
    const char *type;           /* "affine" */
    double arg[RNL_LAYER_ARGS]; /* as in a description; affine: none */
    size_t args;
    size_t inputs, outputs;
    double
        *number[4]; /* affine: W [inputs, outputs], b; norms: gamma, beta; batchnorm: mean, var */
} rnl_onnx_item;

/* Layers may share what the file has once, and norms without weights have numbers of their own; all layers together
 * have at most this many numbers for each byte of the file, and as many more. */
enum { RNL_ONNX_ITEMS = 1000, RNL_ONNX_NUMBERS = 4, RNL_ONNX_NUMBERS_LEAST = 1 << 14 };

typedef struct rnl_onnx_chain {
    const rnl_onnx_graph *graph;
    size_t file_size;
    size_t left;              /* numbers that its layers may have still */
    const rnl_onnx_value *at; /* where we are, and its shape: [n, dims] */
    size_t rank, dim[RNL_ONNX_RANK], width;
    int64_t batch; /* 0: any number of samples */
    size_t input_rank, input_dim[RNL_ONNX_RANK], inputs;
    rnl_onnx_item *item; /* [items] */
    size_t items;
    double *scale, *shift; /* of the input, [scales]: 1 number or `inputs` */
    size_t scales;
    bool softmax;  /* ends in it */
    bool *visited; /* [nodes] */
} rnl_onnx_chain;

rnl_status rnl_onnx_chain_make(rnl_onnx_chain *chain, const rnl_onnx_graph *graph,
                               size_t file_size);
void rnl_onnx_chain_free(rnl_onnx_chain *chain);

/* For the other files: */

/* The next layer, with its inputs and outputs; numbers are still missing. Borrowed until the next. */
rnl_status rnl_onnx_add_item(rnl_onnx_chain *chain, const char *type, size_t outputs,
                             rnl_onnx_item **item);
/* Room for one of its numbers: [count], all zero. RNL_ERR_UNSUPPORTED where the file is too small for so many. */
rnl_status rnl_onnx_add_numbers(rnl_onnx_chain *chain, rnl_onnx_item *item, size_t i, size_t count);
/* The chain goes on from what this node makes first; its other outputs must be used by nobody. */
rnl_status rnl_onnx_go_on(rnl_onnx_chain *chain, size_t node);
/* RNL_ERR_UNSUPPORTED where samples have more than one dimension. */
rnl_status rnl_onnx_check_flat(const rnl_onnx_chain *chain, const RnlOnnx__NodeProto *node);
/* The constant that is a node's input i; RNL_ERR_UNSUPPORTED where it is none. */
rnl_status rnl_onnx_constant(const rnl_onnx_chain *chain, const RnlOnnx__NodeProto *node, size_t i,
                             const char *what, const rnl_onnx_tensor **tensor);
/* The same, and its numbers are float or double. */
rnl_status rnl_onnx_numbers(const rnl_onnx_chain *chain, const RnlOnnx__NodeProto *node, size_t i,
                            const char *what, const rnl_onnx_tensor **tensor);
static inline const RnlOnnx__NodeProto *rnl_onnx_node(const rnl_onnx_chain *chain, size_t node)
{
    return chain->graph->proto->node[node];
}

/* ---- onnx_affine.c: each takes the node that the chain has come to ------------------------------------ */

rnl_status rnl_onnx_gemm(rnl_onnx_chain *chain, size_t node);
rnl_status rnl_onnx_matmul(rnl_onnx_chain *chain, size_t node);
rnl_status rnl_onnx_batchnorm(rnl_onnx_chain *chain, size_t node);
rnl_status rnl_onnx_layernorm(rnl_onnx_chain *chain, size_t node);
/* Add, Sub, Mul, Div with a constant. */
rnl_status rnl_onnx_scale(rnl_onnx_chain *chain, size_t node);

/* ---- onnx_pattern.c --------------------------------------------------------------------------------- */

/* Where several nodes use what the chain has come to. */
rnl_status rnl_onnx_pattern(rnl_onnx_chain *chain);

/* ---- onnx_build.c ----------------------------------------------------------------------------------- */

rnl_status rnl_onnx_build(rnl_net **net, rnl_onnx_chain *chain, const RnlOnnx__ModelProto *model,
                          const char *description, const rnl_net_config *config);

#endif

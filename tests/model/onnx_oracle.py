"""onnx_oracle.py - ONNX files against programs that are not ours

    onnx_oracle.py checker|numpy|nodes|torch|runtime|mnist RUNNEL PEER ONNX_PEER SOURCE

checker: the official package takes what runnel writes, shapes inferred and all. numpy: what runnel writes, computed node
by node as the operators' specification says, gives runnel's answers, for every layer. nodes: its own tests of the operators
that runnel reads; lists which pass, and which are outside of what networks here are, with the reason. torch: what
PyTorch's exporter wrote is read, answers the same, and is trained further. runtime: ONNX Runtime (npm's onnxruntime-web
in Node) answers the same of what runnel wrote, for every layer; mnist: for the 10,000 test pictures of MNIST.

RUNNEL is the program, PEER and ONNX_PEER those of peer.c and onnx_peer.c, SOURCE the source's root: ONNX Runtime lies in
its build-test/onnxruntime (scripts/test puts it there), or where RUNNEL_ONNXRUNTIME says. Exit status 77: what it needs is
not installed (the test counts as skipped).
"""
import importlib
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

UNSUPPORTED = 3  # onnx_peer's exit status
# layers, number of inputs, notes: every layer, every loss
NETWORKS = [
    ("affine 13, relu, affine 10", 30, {"runnel.input.scale": "0.00392156862745098", "runnel.input.shift": "-0.5"}),
    ("affine 7, sigmoid, dropout 0.5, affine 3", 5,
     {"runnel.input.scale": "0.5 -1.25 3 0.1 1e-3", "runnel.input.shift": "1 2 -3 0.25 0", "runnel.classes": "a\nb\nc"}),
    ("batchnorm, affine 8, batchnorm 0.2 0.01, leaky_relu 0.2, affine 6, layernorm 0.01, tanh, mse", 9, {}),
    ("affine 9, elu 0.7, affine 6, gelu, affine 5, silu, affine 4, softplus, gelu, layernorm, affine 3, logistic", 4, {}),
    ("elu, gelu, silu, softplus, tanh, sigmoid, relu, leaky_relu", 6, {}),
    ("dropout 0.25", 2, {}),
    ("flatten, affine 4, layernorm 1e-3, elu, affine 1, huber 0.5", 3, {"runnel.input.scale": "2", "runnel.input.shift": "3 0.5 -1"}),
    ("batchnorm, affine 1, logistic", 2, {"runnel.classes": "no\nyes"}),
    ("affine 3", 4, {"runnel.dark_on_light": "true", "runnel.input.scale": "0.00392156862745098", "runnel.input.shift": "0"}),
]
OPERATORS = ["Gemm", "MatMul", "Relu", "Sigmoid", "Tanh", "Softplus", "LeakyRelu", "Elu", "BatchNormalization",
             "LayerNormalization", "Dropout", "Flatten", "Reshape", "Identity", "Sub", "Div", "Mul", "Add", "Softmax",
             "LogSoftmax"]
# Those that are a layer by no means: no single one of them is a network.
NO_LAYER = {"Flatten", "Reshape", "Identity", "Sub", "Div", "Mul", "Add"}


class Tools:
    def __init__(self, words, folder):
        self.runnel, self.peer, self.onnx_peer, self.source = words
        self.folder = pathlib.Path(folder)

    def run(self, *words, **more):
        done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, **more)
        return done.returncode, done.stdout

    def must(self, *words, **more):
        status, printed = self.run(*words, **more)
        if status:
            sys.exit(f"{' '.join(map(str, words))}: exit status {status}\n{printed}")
        return printed

    def answers(self, model, x, kind="logits"):
        """(exit status, [n, outputs] or what was printed) of runnel"""
        x = np.ascontiguousarray(x, np.float32)
        x.tofile(self.folder / "x")
        status, printed = self.run(self.onnx_peer, "answer", model, self.folder / "x", len(x), self.folder / "y", kind)
        return status, printed if status else np.fromfile(self.folder / "y", np.float32).reshape(len(x), -1)

    def save(self, description, inputs, notes):
        """A network with weights at random, as safetensors; and its notes, which are put in by hand."""
        import json
        import struct
        path = self.folder / "net.safetensors"
        self.must(self.peer, "save", "f32", description, inputs, path)
        content = path.read_bytes()
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8:8 + length])
        header["__metadata__"].update(notes)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length:])
        return path

    def export(self, model, name, *options):
        self.must(self.runnel, "export", model, "--to", "onnx", "--name", name, "--folder", self.folder, *options)
        return self.folder / f"{name}.onnx"


def samples(n, inputs):
    i, j = np.mgrid[0:n, 0:inputs]
    return (((31 * i + 17 * j) % 13 - 6) / 4).astype(np.float32)


def close(ours, theirs, what, limit=1e-5):
    worst = np.abs(np.asarray(ours, np.float64) - theirs).max()
    assert ours.shape == theirs.shape and worst <= limit, f"{what}: differs by {worst:.3g}, allowed are {limit:g}"
    return worst


def ways_of(description):
    """(options of runnel export, what is asked of runnel, what the output is called)"""
    if description.split(", ")[-1].split()[0] in ("mse", "huber"):
        return [([], "logits", "output")]
    return [([], "logits", "logits"), (["--probabilities"], "probabilities", "probabilities")]


# ---- checker -------------------------------------------------------------------------------------------


def check_checker(t):
    for description, inputs, notes in NETWORKS:
        model = t.save(description, inputs, notes)
        for options, kind, _ in ways_of(description):
            path = t.export(model, "net", *options)
            loaded = onnx.load(str(path))
            onnx.checker.check_model(loaded, full_check=True)
            inferred = onnx.shape_inference.infer_shapes(loaded, strict_mode=True)
            x, y = inferred.graph.input[0], inferred.graph.output[0]
            dims = [x.type.tensor_type.shape.dim, y.type.tensor_type.shape.dim]
            assert [d[0].dim_param for d in dims] == ["N", "N"] and dims[0][1].dim_value == inputs
            found = {p.key: p.value for p in loaded.metadata_props}
            assert notes.items() <= found.items() and found["runnel.net"].startswith(description[:3]), found
            again = path.read_bytes()
            assert t.export(model, "net", *options).read_bytes() == again, "the same network, other bytes"
            print(f"{description}: opset {loaded.opset_import[0].version}, IR {loaded.ir_version}, {x.name} -> {y.name}")
            # and back: the same network, the same answers
            x = samples(9, inputs)
            (_, ours), (_, back) = t.answers(model, x, kind), t.answers(path, x, kind)
            close(back, ours, description, 1e-6)
            if " " not in notes.get("runnel.input.scale", ""):  # which the program shows for pictures alone
                told = [t.must(t.runnel, "inspect", p).split("\n", 1) for p in (path, model)]
                assert "ONNX" in told[0][0] and told[0][1] == told[1][1], told


# ---- computed node by node -----------------------------------------------------------------------------


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def layer_normalization(x, scale, shift, axis=-1, epsilon=1e-5):
    assert axis in (-1, 1)
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + epsilon) * scale + shift


def gemm(a, b, c, alpha=1.0, beta=1.0, transA=0, transB=0):
    return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c


# By the operators' specification, in double precision.
MEANING = {
    "Add": lambda a, b: a + b,
    "BatchNormalization": lambda x, scale, shift, mean, var, epsilon=1e-5, momentum=0.9:
        (x - mean) / np.sqrt(var + epsilon) * scale + shift,
    "Div": lambda a, b: a / b,
    "Elu": lambda x, alpha=1.0: np.where(x < 0, alpha * (np.exp(np.minimum(x, 0)) - 1), x),
    "Erf": np.vectorize(math.erf),
    "Gemm": gemm,
    "Identity": lambda x: x,
    "LayerNormalization": layer_normalization,
    "LeakyRelu": lambda x, alpha=0.01: np.where(x < 0, alpha * x, x),
    "Mul": lambda a, b: a * b,
    "Relu": lambda x: np.maximum(x, 0),
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "Softmax": lambda x, axis=-1: softmax(x),
    "Softplus": lambda x: np.log(1 + np.exp(x)),
    "Tanh": np.tanh,
}


def computed(path, x):
    """The answer of the graph to x, and its name."""
    graph = onnx.load(str(path)).graph
    value = {t.name: numpy_helper.to_array(t).astype(np.float64) for t in graph.initializer}
    value[graph.input[0].name] = x.astype(np.float64)
    for node in graph.node:
        arguments = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        value[node.output[0]] = MEANING[node.op_type](*(value[name] for name in node.input), **arguments)
    return value[graph.output[0].name], graph.output[0].name


def check_numpy(t):
    for description, inputs, notes in NETWORKS:
        model, x = t.save(description, inputs, notes), samples(50, inputs)
        for options, kind, name in ways_of(description):
            theirs, called = computed(t.export(model, "net", *options), x)
            assert called == name, called
            print(f"{description}: {name} differ by {close(t.answers(model, x, kind)[1], theirs, description):.2g}")


# ---- the official package's own tests ------------------------------------------------------------------

# Of version 1.12, which Debian 12 has; what other versions add is judged by its answers alone.
MUST_PASS = """
test_gemm_default_zero_bias test_gemm_default_no_bias test_gemm_default_scalar_bias
test_gemm_default_single_elem_vector_bias test_gemm_default_vector_bias test_gemm_transposeB test_gemm_alpha
test_gemm_beta test_matmul_2d test_relu test_sigmoid test_tanh test_softplus test_leakyrelu test_leakyrelu_default
test_elu test_elu_default test_layer_normalization_2d_axis1 test_layer_normalization_2d_axis_negative_1
test_dropout_default test_dropout_default_ratio test_dropout_default_mask test_dropout_default_mask_ratio
test_dropout_random_old test_flatten_axis1 test_flatten_default_axis test_flatten_negative_axis3
test_reshape_reordered_last_dims test_reshape_reduced_dims test_reshape_extended_dims test_reshape_negative_dim
test_reshape_zero_dim test_reshape_zero_and_negative_dim test_identity test_sub_bcast test_div_bcast test_mul_bcast
test_add_bcast test_softmax_example test_softmax_large_number test_logsoftmax_example_1 test_logsoftmax_large_number
""".split()


def node_model(case, arrays):
    """The test as a network: its first input stays one, all others become constants."""
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    graph = model.graph
    for value, array in list(zip(graph.input, arrays))[1:]:
        graph.initializer.append(numpy_helper.from_array(array, value.name))
    del graph.input[1:]
    del graph.output[1:]
    if model.opset_import[0].version < 7:  # Softplus and Elu: theirs are so old, and have not changed since
        assert {n.op_type for n in graph.node} <= {"Softplus", "Elu"}, case.name
        model.opset_import[0].version = 7
    if graph.node[-1].op_type in NO_LAYER:
        last = graph.output[0].name
        graph.node.append(helper.make_node("LeakyRelu", [last], ["end"], alpha=1.0))  # a layer that changes nothing
        graph.output[0].name = "end"
    return model


def check_nodes(t):
    from onnx.backend.test.case import node
    passed, outside = [], []
    for op in OPERATORS:
        name = {"BatchNormalization": "batchnorm"}.get(op, op.lower())
        importlib.import_module(f"onnx.backend.test.case.node.{name}")
    seen = set()
    for case in node._NodeTestCases:
        ops = {n.op_type for n in case.model.graph.node}
        if case.name in seen or not ops <= set(OPERATORS):
            continue
        seen.add(case.name)
        arrays, expected = case.data_sets[0]
        if not isinstance(arrays[0], np.ndarray) or arrays[0].size == 0:
            outside.append(case.name)
            print(f"outside  {case.name}: its input is no array of numbers, or has none")
            continue
        path = t.folder / "node.onnx"
        path.write_bytes(node_model(case, arrays).SerializeToString())
        ends = ops & {"Softmax", "LogSoftmax", "Sigmoid"}
        n = len(arrays[0]) if np.ndim(arrays[0]) else 1
        status, ours = t.answers(path, arrays[0].reshape(n, -1), "probabilities" if ends - {"Sigmoid"} else "logits")
        if status == UNSUPPORTED:
            outside.append(case.name)
            print(f"outside  {case.name}: {ours.strip().split(': ', 2)[-1]}")
            continue
        if status:
            sys.exit(f"{case.name}: {ours}")
        theirs = expected[0].reshape(ours.shape).astype(np.float64)
        if "LogSoftmax" in ends:
            ours = np.log(ours)
        assert np.allclose(ours, theirs, case.rtol, 1e-6), f"{case.name}: {ours} and not {theirs}"
        passed.append(case.name)
        print(f"passes   {case.name}")
    print(f"{len(passed)} pass, {len(outside)} are outside, none fails")
    missing = set(MUST_PASS) - set(passed)
    assert MUST_PASS and not missing, f"these no longer pass: {sorted(missing)}"


# ---- PyTorch -------------------------------------------------------------------------------------------


def check_torch(t):
    try:
        import torch
        from torch import nn
    except ImportError as missing:
        print("skipped:", missing)
        sys.exit(77)

    class Rows(nn.Module):
        def forward(self, x):
            return x.view(x.size(0), -1)

    torch.manual_seed(1)
    torch.set_num_threads(1)
    networks = [
        (nn.Sequential(nn.Flatten(), nn.Linear(12, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 8),
                       nn.BatchNorm1d(8, momentum=0.05), nn.Tanh(), nn.Linear(8, 3)), (1, 3, 4),
         "affine 16, batchnorm 0.1 1e-5, relu, affine 8, batchnorm 0.05 1e-5, tanh, affine 3, softmax"),
        (nn.Sequential(nn.Linear(12, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 7, bias=False), nn.SiLU(), nn.Linear(7, 5),
                       nn.Softplus(), nn.ELU(0.5), nn.LeakyReLU(0.2), nn.Sigmoid(), nn.Linear(5, 3), nn.Softmax(dim=1)), (12,),
         "affine 8, gelu, layernorm 1e-5, affine 7, silu, affine 5, softplus, elu 0.5, leaky_relu 0.2, sigmoid, affine 3, "
         "softmax"),
        (nn.Sequential(Rows(), nn.Linear(12, 9), nn.Tanh(), nn.Linear(9, 3)), (3, 2, 2), "affine 9, tanh, affine 3, softmax"),
    ]
    x = torch.randn(96, 12)
    classes = (x[:, :3] + 0.3 * x[:, 3:6]).argmax(dim=1)
    for model, shape, description in networks:
        model.train()  # so that the running statistics are not the first ones
        step = torch.optim.SGD(model.parameters(), 0.05)
        for _ in range(10):
            step.zero_grad()
            nn.functional.cross_entropy(model(x.reshape(-1, *shape)), classes).backward()
            step.step()
        model.eval()
        theirs = model(x.reshape(-1, *shape)).detach().numpy()
        for opset in 9, 13, 17:
            path = t.folder / "torch.onnx"
            torch.onnx.export(model, torch.zeros(2, *shape), str(path), opset_version=opset, input_names=["x"],
                              output_names=["y"], dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})
            assert description in t.must(t.runnel, "inspect", path)
            kind = "probabilities" if isinstance(model[-1], nn.Softmax) else "logits"
            status, ours = t.answers(path, x.numpy(), kind)
            assert status == 0, ours
            print(f"{description}, opset {opset}: differs by {close(ours, theirs, description):.2g}")
        x.numpy().astype(np.float32).tofile(t.folder / "x")
        classes.numpy().astype(np.int32).tofile(t.folder / "classes")
        before, after = map(float, t.must(t.onnx_peer, "train", path, t.folder / "x", t.folder / "classes", len(x),
                                          t.folder / "further.safetensors").split())
        print(f"trained further: loss {before:.4f} -> {after:.4f}")
        assert after < 0.7 * before
        with torch.no_grad():
            loss = float(nn.functional.cross_entropy(model[:-1](x) if kind == "probabilities" else model(x.reshape(-1, *shape)),
                                                     classes))
        assert abs(loss - before) < 1e-5, (loss, before)
        assert description in t.must(t.runnel, "inspect", t.folder / "further.safetensors")


# ---- ONNX Runtime --------------------------------------------------------------------------------------


def find_runtime(t):
    folder = pathlib.Path(os.environ.get("RUNNEL_ONNXRUNTIME") or pathlib.Path(t.source, "build-test/onnxruntime"))
    if not shutil.which("node") or not (folder / "node_modules/onnxruntime-web").is_dir():
        print(f"skipped: no Node, or no onnxruntime-web in {folder} (scripts/test installs it where there is npm)")
        sys.exit(77)
    return folder.resolve()


def runtime_answers(t, folder, runs):
    """Of (model, x): the names of input and output, and the answers; all by one process, which is slow to start."""
    files = []
    for i, (model, x) in enumerate(runs):
        np.ascontiguousarray(x, np.float32).tofile(t.folder / f"x{i}")
        files += [model, t.folder / f"x{i}", t.folder / f"y{i}"]
    names = t.must("node", pathlib.Path(t.source, "tests/model/onnxruntime/run.mjs"), folder, *files)
    return [(line.split(), np.fromfile(t.folder / f"y{i}", np.float32).reshape(len(runs[i][1]), -1))
            for i, line in enumerate(names.splitlines())]


def check_runtime(t):
    folder = find_runtime(t)
    runs, wanted = [], []
    for description, inputs, notes in NETWORKS:
        model, x = t.save(description, inputs, notes), samples(50, inputs)
        for options, kind, name in ways_of(description):
            runs.append((t.export(model, f"net{len(runs)}", *options), x))
            wanted.append((description, name, t.answers(model, x, kind)[1]))
    answers = runtime_answers(t, folder, runs)
    assert len(answers) == len(wanted)
    for (names, theirs), (description, name, ours) in zip(answers, wanted):
        assert names == ["input", name], names
        print(f"{description}: {name} differ by {close(ours, theirs, description):.2g}")


def check_mnist(t):
    folder = find_runtime(t)
    data = os.environ.get("RUNNEL_DATA")
    found = sorted(pathlib.Path(data).glob("t10k-images*idx3-ubyte*")) if data else []
    if not found:
        print("skipped: RUNNEL_DATA names no folder with MNIST")
        sys.exit(77)
    content = found[0].read_bytes()
    if found[0].suffix == ".gz":
        import gzip
        content = gzip.decompress(content)
    x = np.frombuffer(content, np.uint8)[16:].reshape(-1, 784).astype(np.float32)
    model = t.folder / "m.safetensors"
    t.must(t.runnel, "train", "--data", data, "--iterations", 1200, "--quiet", "--out", model, "--net",
           "affine 50, relu, affine 10", env=dict(os.environ, HOME=str(t.folder)))
    path = t.export(model, "m")
    ((_, theirs),) = runtime_answers(t, folder, [(path, x)])
    _, ours = t.answers(model, x)
    _, back = t.answers(path, x)
    assert len(ours) == 10000
    print(f"logits up to {np.abs(ours).max():.3g} of 10,000 pictures: ONNX Runtime differs by {close(ours, theirs, 'MNIST'):.2g}, "
          f"runnel with the ONNX file by {close(ours, back, 'and back'):.2g}")
    assert (ours.argmax(1) == theirs.argmax(1)).all()


if __name__ == "__main__":
    parts = {"checker": check_checker, "numpy": check_numpy, "nodes": check_nodes, "torch": check_torch, "runtime": check_runtime, "mnist": check_mnist}
    with tempfile.TemporaryDirectory() as temporary:
        parts[sys.argv[1]](Tools(sys.argv[2:], temporary))

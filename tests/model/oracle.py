"""oracle.py - model files against readers and writers that are not ours

    oracle.py numpy|torch PEER

numpy: the format by hand, the network by its formulas. torch: PyTorch's own nn.Sequential takes
our tensors by load_state_dict and gives the same answers, and the other way round. PEER is the
program of peer.c. Exit status 77: what it needs is not installed (the test counts as skipped).
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: numpy is not installed for", sys.executable)
    sys.exit(77)

ROWS = 9
TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64}
# layers as runnel names them, and the number of inputs
NETWORKS = [
    ("affine 50, relu, affine 10", 784),
    ("affine 17, sigmoid, affine 16, relu, affine 15, affine 3", 33),
    ("sigmoid, affine 2", 1),
]
# and those that only PyTorch is asked about
TORCH_NETWORKS = NETWORKS + [
    ("affine 20, batchnorm, leaky_relu 0.1, dropout 0.4, affine 15, layernorm, gelu, affine 6, elu, silu, batchnorm 0.2 0.001", 33),
    ("batchnorm, affine 9, tanh, affine 4, softplus, layernorm 0.01", 5),
    ("flatten, affine 9, relu, affine 4", 28),
]


def samples(inputs):
    i, j = np.mgrid[0:ROWS, 0:inputs]
    return ((31 * i + 17 * j) % 13 - 6) / 8


def read(path):
    """The tensors and the notes of a safetensors file."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert length % 8 == 0, "the data should begin at a multiple of 8"
    data = content[8 + length :]
    notes = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = np.dtype(TYPES[entry["dtype"]]).newbyteorder("<")
        tensors[name] = np.frombuffer(data[begin:end], dtype).reshape(entry["shape"])
    return tensors, notes


def write(path, tensors, dtype, notes=None):
    """As the reference does: by name, the header padded with blanks."""
    header, data = {}, b""
    if notes:
        header["__metadata__"] = notes
    for name, value in sorted(tensors.items()):
        value = np.ascontiguousarray(value)
        type_name = "I64" if value.dtype == np.int64 else dtype
        if type_name == "BF16":  # the upper halves of float32
            raw = (value.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
        else:
            raw = value.astype(np.dtype(TYPES[type_name]).newbyteorder("<")).tobytes()
        header[name] = {"dtype": type_name, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def as_stored(value, dtype):
    """value, rounded to what a file of that type holds."""
    if dtype == "BF16":
        return (value.astype(np.float32).view(np.uint32) & 0xFFFF0000).view(np.float32)
    return value.astype(TYPES[dtype])


def answer(tensors, description, x):
    """The network by its formulas, in float64."""
    for i, layer in enumerate(description.split(", ")):
        if layer.startswith("affine"):
            x = x @ tensors[f"{i}.weight"].astype(np.float64).T + tensors[f"{i}.bias"].astype(np.float64)
        elif layer == "relu":
            x = np.maximum(x, 0)
        elif layer == "sigmoid":
            x = 1 / (1 + np.exp(-x))
        else:
            raise ValueError(layer)
    return x


def random_tensors(description, inputs, seed):
    random = np.random.RandomState(seed)
    tensors = {}
    for i, layer in enumerate(description.split(", ")):
        if layer.startswith("affine"):
            outputs = int(layer.split()[1])
            tensors[f"{i}.weight"] = random.standard_normal((outputs, inputs)) / 4
            tensors[f"{i}.bias"] = random.standard_normal(outputs)
            inputs = outputs
    return tensors


class Peer:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"peer {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def save(self, dtype, description, inputs):
        path = os.path.join(self.folder, "saved.safetensors")
        self.run("save", dtype, description, inputs, path)
        return path

    def answer(self, path, description="-"):
        lines = self.run("answer", path, description, ROWS).splitlines()
        return np.array([[float(word) for word in line.split()] for line in lines])


def agree(what, ours, theirs, limit):
    difference = np.max(np.abs(ours - theirs))
    spread = np.max(np.abs(theirs))
    print(f"{what}: largest difference {difference:.2e} of {spread:.2e}")
    assert ours.shape == theirs.shape, f"{what}: {ours.shape} is not {theirs.shape}"
    assert spread > 0.1, f"{what}: the answers are too small to prove anything"
    assert difference <= limit * spread, f"{what}: they differ by more than {limit}"


def check_numpy(peer):
    for description, inputs in NETWORKS:
        x = samples(inputs)
        for dtype, limit in ("f32", 5e-6), ("f64", 1e-13):
            path = peer.save(dtype, description, inputs)
            tensors, notes = read(path)
            assert notes["format"] == "pt", notes
            assert notes["runnel.net"] == description + ", softmax", notes
            assert notes["runnel.inputs"] == str(inputs), notes
            assert all(t.dtype == TYPES[dtype.upper()] for t in tensors.values())
            agree(f"{description}, saved as {dtype}", peer.answer(path), answer(tensors, description, x), limit)
        for dtype, limit in ("F64", 1e-13), ("F32", 5e-6), ("F16", 5e-6), ("BF16", 5e-6):
            path = os.path.join(peer.folder, "made.safetensors")
            tensors = random_tensors(description, inputs, 5)
            write(path, tensors, dtype)
            stored = {name: as_stored(value, dtype) for name, value in tensors.items()}
            agree(f"{description}, made as {dtype}", peer.answer(path, description), answer(stored, description, x), limit)
    every_half(peer)


def every_half(peer):
    """All finite numbers of 16 bits, one by one: as the biases of a network whose weights are zero."""
    path = os.path.join(peer.folder, "half.safetensors")
    numbers = np.arange(65536, dtype=np.uint16).view(np.float16)
    numbers = numbers[np.isfinite(numbers)]
    write(path, {"0.weight": np.zeros((len(numbers), 1)), "0.bias": numbers}, "F16")
    ours = peer.answer(path, f"affine {len(numbers)}")
    assert (ours == numbers.astype(np.float64)).all()
    print(f"{len(numbers)} numbers of F16 are the same")


def torch_net(torch, description, inputs, dtype, fresh=False):
    """fresh: with PyTorch's own first parameters; else random ones everywhere"""
    nn, layers = torch.nn, []
    makers = {
        "affine": lambda outputs: nn.Linear(inputs, int(outputs)),
        "relu": nn.ReLU,
        "sigmoid": nn.Sigmoid,
        "tanh": nn.Tanh,
        "leaky_relu": lambda slope=0.01: nn.LeakyReLU(slope),
        "elu": lambda alpha=1.0: nn.ELU(alpha),
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "softplus": nn.Softplus,
        "dropout": nn.Dropout,
        "flatten": nn.Flatten,
        "batchnorm": lambda momentum=0.1, eps=1e-5: nn.BatchNorm1d(inputs, eps, momentum),
        "layernorm": lambda eps=1e-5: nn.LayerNorm(inputs, eps),
    }
    for item in description.split(", "):
        name, *numbers = item.split()
        layers.append(makers[name](*map(float, numbers)))
        if name == "affine":
            inputs = layers[-1].out_features
        if name == "batchnorm" and not fresh:
            layers[-1].running_mean.normal_()
            layers[-1].running_var.uniform_(0.5, 2)
            layers[-1].num_batches_tracked += 17
    net = nn.Sequential(*layers).to(dtype).eval()
    for parameter in net.parameters() if not fresh else []:
        nn.init.normal_(parameter, 0, 0.5)
    return net


def check_torch(peer):
    try:
        import torch
    except ImportError:
        print("skipped: PyTorch is not installed for", sys.executable)
        sys.exit(77)
    torch.manual_seed(3)
    for description, inputs in TORCH_NETWORKS:
        for dtype, limit in ("f32", 5e-6), ("f64", 1e-13):
            theirs = torch_net(torch, description, inputs, getattr(torch, "float" + dtype[1:]))
            x = torch.tensor(samples(inputs), dtype=getattr(torch, "float" + dtype[1:]))
            path = os.path.join(peer.folder, "torch.safetensors")
            write(path, {name: value.numpy() for name, value in theirs.state_dict().items()}, dtype.upper())
            agree(f"{description}, {dtype} from PyTorch", peer.answer(path, description), theirs(x).detach().numpy(), limit)
            path = peer.save(dtype, description, inputs)
            tensors, _ = read(path)
            theirs.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in tensors.items()})
            agree(f"{description}, {dtype} to PyTorch", peer.answer(path), theirs(x).detach().numpy(), limit)
    try:
        import safetensors.torch
    except ImportError:
        print("(the package safetensors is not installed: the files were read and written by hand)")
        return
    tensors = safetensors.torch.load_file(path)
    theirs.load_state_dict(tensors)
    safetensors.torch.save_file(theirs.state_dict(), path)
    agree("through the package safetensors", peer.answer(path, description), theirs(x).detach().numpy(), limit)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        {"numpy": check_numpy, "torch": check_torch}[sys.argv[1]](Peer(sys.argv[2], temporary))

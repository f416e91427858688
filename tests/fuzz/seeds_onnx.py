"""seeds_onnx.py - ONNX files to begin with: protobuf's wire format by hand, so that they need no package"""
import struct


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    """An int as a varint, a float as 4 bytes, anything else with its length in front."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def onnx_tensor(name, shape, numbers, raw=True, kind=1):
    code, slot = {1: ("f", 4), 7: ("q", 7), 11: ("d", 10)}[kind]
    data = struct.pack(f"<{len(numbers)}{code}", *numbers)
    if kind == 7 and not raw:
        data = b"".join(map(varint, numbers))
    return (b"".join(field(1, d) for d in shape) + field(2, kind) + field(8, name) + field(9 if raw else slot, data))


def onnx_node(op, inputs, output, **attributes):
    node = b"".join(field(1, i) for i in inputs) + field(2, output) + field(3, output + "_node") + field(4, op)
    for name, value in attributes.items():
        kind, slot = (1, 2) if isinstance(value, float) else (2, 3) if isinstance(value, int) else (4, 5)
        if isinstance(value, list):
            kind, slot = 7, 8
            body = b"".join(field(8, i) for i in value)
        else:
            body = field(slot, value)
        node += field(5, field(1, name) + body + field(20, kind))
    return node


def onnx_value(name, dims, kind=1):
    shape = b"".join(field(1, field(2, d) if isinstance(d, str) else field(1, d)) for d in dims)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def onnx_model(nodes, tensors, dims, output="y", opset=13, notes=None, kind=1):
    graph = (b"".join(field(1, n) for n in nodes) + field(2, "g") + b"".join(field(5, t) for t in tensors) +
             field(11, onnx_value("x", dims, kind)) + field(12, onnx_value(output, ["N", 2], kind)))
    return (field(1, 7) + field(2, "seeds") + field(7, graph) + field(8, field(1, "") + field(2, opset)) +
            b"".join(field(14, field(1, k) + field(2, v)) for k, v in (notes or {}).items()))


def numbers(n):
    return [k % 7 / 4 - 0.5 for k in range(n)]


def onnx():
    W, b = onnx_tensor("W", [2, 3], numbers(6)), onnx_tensor("b", [3], numbers(3), raw=False)
    V, c = onnx_tensor("V", [2, 3], numbers(6), raw=False), onnx_tensor("c", [1, 2], numbers(2))
    one, half = onnx_tensor("one", [], [1.0]), onnx_tensor("half", [1], [0.5], raw=False)
    root = onnx_tensor("root", [], [2 ** 0.5])
    yield onnx_model([onnx_node("Gemm", ["x", "W", "b"], "h"), onnx_node("Relu", ["h"], "r"),
                      onnx_node("Gemm", ["r", "V", "c"], "y", transB=1, alpha=0.5, beta=2.0)], [W, b, V, c], ["N", 2],
                     notes={"runnel.net": "affine 3, relu, dropout 0.5, affine 2", "runnel.classes": "no\nyes"})
    yield onnx_model([onnx_node("Sub", ["x", "half"], "s"), onnx_node("Div", ["s", "c"], "d"),
                      onnx_node("MatMul", ["d", "W"], "m"), onnx_node("Add", ["b", "m"], "a"),
                      onnx_node("Sigmoid", ["a"], "g"), onnx_node("Mul", ["a", "g"], "h"),
                      onnx_node("Softmax", ["h"], "y", axis=-1)], [W, b, half, c], ["N", 2],
                     notes={"runnel.input.scale": "1 2", "runnel.input.shift": "0.5"})
    norm = [onnx_tensor(n, [2], [0.5, 1.5]) for n in ("gamma", "beta", "mean", "var")]
    yield onnx_model([onnx_node("Flatten", ["x"], "f", axis=1), onnx_node("Identity", ["mean"], "m"),
                      onnx_node("BatchNormalization", ["f", "gamma", "beta", "m", "var"], "n", epsilon=1e-3, momentum=0.8),
                      onnx_node("LayerNormalization", ["n", "gamma", "beta"], "l", axis=-1),
                      onnx_node("Dropout", ["l"], "o"), onnx_node("LeakyRelu", ["o"], "y", alpha=0.25)],
                     norm, ["N", 1, 1, 2], opset=17)
    yield onnx_model([onnx_node("Constant", [], "k", value=onnx_tensor("", [2], [-1, 2], kind=7)),
                      onnx_node("Reshape", ["x", "k"], "f"), onnx_node("Div", ["f", "root"], "d"),
                      onnx_node("Erf", ["d"], "e"), onnx_node("Add", ["e", "one"], "a"),
                      onnx_node("Mul", ["f", "a"], "m"), onnx_node("Mul", ["m", "half"], "y")],
                     [one, half, root], [1, 2, 1])
    eps, two = onnx_tensor("eps", [], [1e-5]), onnx_tensor("two", [], [2.0])
    yield onnx_model([onnx_node("ReduceMean", ["x"], "u", axes=[-1]), onnx_node("Sub", ["x", "u"], "d"),
                      onnx_node("Pow", ["d", "two"], "p"), onnx_node("ReduceMean", ["p"], "v", axes=[-1]),
                      onnx_node("Add", ["v", "eps"], "w"), onnx_node("Sqrt", ["w"], "s"), onnx_node("Div", ["d", "s"], "n"),
                      onnx_node("Mul", ["n", "half"], "g"), onnx_node("Add", ["g", "one"], "h"),
                      onnx_node("Elu", ["h"], "i"), onnx_node("Softplus", ["i"], "j"), onnx_node("Tanh", ["j"], "k"),
                      onnx_node("Sigmoid", ["k"], "y")], [eps, two, half, one], ["N", 2])
    yield onnx_model([onnx_node("Gemm", ["x", "D", "e"], "y")],
                     [onnx_tensor("D", [2, 2], numbers(4), raw=False, kind=11), onnx_tensor("e", [], [0.5], kind=11)],
                     ["N", 2], kind=11)
    yield onnx_model([onnx_node("Gelu", ["x"], "h"), onnx_node("Conv", ["h", "W"], "y")], [W], ["N", 2], opset=20)

"""seeds.py - the bytes that fuzzers begin with: small files of every kind that a reader takes

    seeds.py TARGET FOLDER              writes them into FOLDER
    seeds.py TARGET --replay PROGRAM    into a folder of its own, and runs PROGRAM on it and on corpus/TARGET

One function a target, which yields bytes; nothing is drawn at random, so that every run has the same.
"""
import gzip
import io
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

import seeds_onnx

# ---- IDX, plain and compressed -------------------------------------------------------------------------


def idx_file(dims, data, kind=8):
    return struct.pack(">HBB", 0, kind, len(dims)) + b"".join(struct.pack(">I", d) for d in dims) + bytes(data)


def idx_pair(images, labels):
    return bytes([1 + len(images)]) + images + labels


def idx():
    images = idx_file([3, 4, 2], range(24))
    labels = idx_file([3], [2, 0, 1])
    yield idx_pair(images, labels)
    yield b"\0" + images
    yield b"\0" + idx_file([2, 5], range(10))
    yield b"\0" + idx_file([2, 3, 2, 2], range(24))
    yield idx_pair(gzip.compress(images, mtime=0), gzip.compress(labels, mtime=0))
    for kind, size in [(9, 1), (11, 2), (12, 4), (13, 4), (14, 8)]:
        yield b"\0" + idx_file([2, 3], bytes(range(64, 64 + 6 * size)), kind)


def gz():
    images = idx_file([3, 4, 2], range(24))
    packed = gzip.compress(images, mtime=0)
    yield b"\x02" + packed
    yield b"\x10" + packed + gzip.compress(b"", mtime=0) + packed
    yield b"\x04" + gzip.compress(bytes(5000), 1, mtime=0)
    yield b"\x04" + gzip.compress(bytes(range(256)) * 2, 0, mtime=0)
    yield b"\x01" + images
    yield b"\x01" + idx_file([30, 10], bytes(300))


# ---- numpy ---------------------------------------------------------------------------------------------


def npy_file(descr, shape, data, fortran=False, version=1):
    text = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    front = 10 if version == 1 else 12
    text += " " * (-(front + len(text) + 1) % 16) + "\n"
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode() + bytes(data)


def npy():
    for descr, size in [("|b1", 1), ("|u1", 1), ("<i2", 2), (">u4", 4), (">i8", 8), ("<f2", 2), ("<f4", 4), (">f8", 8)]:
        yield b"\0\0" + npy_file(descr, (3, 2), bytes(range(6 * size)))
    yield b"\0\0" + npy_file("<f4", (2, 3), bytes(24), True, 2)
    yield b"\0\0" + npy_file("|u1", (2, 3, 3, 3), range(54), False, 3)
    yield b"\0\0" + npy_file("<i2", (2, 1, 4), bytes(16), True)
    yield b"\0\0" + npy_file("|O", (2,), b"pickled")
    for labels in (npy_file("<i8", (3,), struct.pack("<3q", 0, 2, 1)), npy_file("<f8", (3, 2), bytes(48), True),
                   npy_file("|i1", (3, 1), b"\xff\x01\xff")):
        inputs = npy_file("<f4", (3, 2), bytes(24))
        yield struct.pack("<H", len(inputs)) + inputs + labels


def npz_file(arrays, method, comment=b""):
    where = io.BytesIO()
    with zipfile.ZipFile(where, "w", method) as archive:
        for name, data in arrays:
            with archive.open(zipfile.ZipInfo(name + ".npy"), "w", force_zip64=method == zipfile.ZIP_STORED) as f:
                f.write(data)
        archive.comment = comment
    return where.getvalue()


def npz():
    x, y = npy_file("|u1", (3, 4), range(12)), npy_file("<i4", (3,), struct.pack("<3i", 0, 1, 0))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield b"\0" + npz_file([("x", x), ("y", y)], method)
        yield b"\1" + npz_file([("x_train", x), ("x_test", x), ("y_test", y)], method, b"a comment")
    yield b"\0" + npz_file([("data", npy_file("<f4", (40, 5), bytes(800)))], zipfile.ZIP_DEFLATED)
    yield b"\0" + npz_file([("weights", y)], zipfile.ZIP_STORED)


def svmlight():
    yield b"\0+1 1:0.5 3:-2e-1\n-1 2:1 # a comment\n\n# another\r\n+1 qid:3 1:1\r\n"
    yield b"\0000 0:1 1:2\n2 1:3\n1\n"
    yield b"\0051.5 1:1\n-0.25 2:1"
    yield b"\0013 4:1 5:.5\n7 1:+1\n"


# ---- PNG -----------------------------------------------------------------------------------------------


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_file(width, height, depth, colour, interlace=0, extra=b""):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = (width * channels * depth + 7) // 8
    rows = b"".join(bytes([y % 5]) + bytes((7 * x + y) % (4 if colour == 3 else 256) for x in range(row))
                    for y in range(height))
    if interlace:
        rows = bytes(4 * len(rows) + 64)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + extra + png_chunk(b"IDAT", zlib.compress(rows)) +
            png_chunk(b"IEND", b""))


def png():
    palette = png_chunk(b"PLTE", bytes(range(12)))
    for depth in (1, 2, 4, 8, 16):
        yield png_file(9, 5, depth, 0)
    yield png_file(6, 4, 8, 2)
    yield png_file(6, 4, 16, 2, extra=png_chunk(b"tRNS", bytes(6)))
    yield png_file(8, 3, 2, 3, extra=palette + png_chunk(b"tRNS", b"\0\x80"))
    yield png_file(5, 5, 8, 4)
    yield png_file(5, 5, 16, 6)
    yield png_file(11, 7, 8, 0, interlace=1)
    yield png_file(28, 28, 8, 0, extra=png_chunk(b"tEXt", b"Title\0x") + png_chunk(b"gAMA", bytes(4)))


def jpeg():
    yield b"\xff\xd8\xff\xd9"  # none that Python can make: they lie in corpus/jpeg
# ---- tables --------------------------------------------------------------------------------------------


def csv():
    texts = [b"a,b,kind\n1,2,x\n3,4.5,y\n-1e3,.5,x\n", b"\xef\xbb\xbfa;b\r\n1,5;2\r\n", b"1\t2\n3\t4",
             b"name,size,price\n\"x,\"\"y\"\"\n\",1,2\nNA,?,3\n", b"1|2|0\n2|3|1\n3|4|0\n4|5|1\n5|6|0\n6|7|1\n",
             b"x,red,1\ny,blue,2\n,green,3\n", b",a,b\n0,1,2\n1,2,3\n", b"a,b\n0.1234567890123456789,1e-40\n"]
    for text in texts:
        for options in (b"\0\0", b"\x20\x40", b"\x44\x34", b"\x38\x80"):
            yield options + text
    yield b"\0\0" + texts[0] + b"\xff" + b"kind;b;a\ny;2;3\n"
    yield b"\x20\0" + texts[0] + b"\xff" + b"1,,x\n"
    yield b"\0\0" + texts[5] + b"\xff" + b"\"x\",pink,1\n"
    yield b"\0\0" + gzip.compress(texts[0], mtime=0)


def columns():
    yield (b'{"separator":",","header":true,"missing":"mean","task":"classes","columns":[{"name":"a","kind":"number",'
           b'"fill":0.5},{"name":"b","kind":"text","values":["x","y"]},{"name":"c","kind":"target","values":["0","1"]},'
           b'{"name":"d","kind":"left out"}]}')
    yield (b'{"separator":"\\t","header":false,"missing":"refuse","task":"numbers","columns":[{"kind":"number"},'
           b'{"kind":"target"}]}')


# ---- models --------------------------------------------------------------------------------------------


def tensors(blocks, notes=None):
    """blocks: [(name, dtype, shape, bytes)]"""
    header, at = {}, 0
    if notes:
        header["__metadata__"] = notes
    for name, dtype, shape, data in blocks:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(block[3] for block in blocks)


def safetensors():
    def f32(n):
        return struct.pack(f"<{n}f", *[k / 8 - 1 for k in range(n)])

    notes = {"format": "pt", "runnel.format": "1", "runnel.version": "0.1.0", "runnel.inputs": "2",
             "runnel.net": "affine 2 3, relu, affine 3 2, softmax", "runnel.input.shape": "1x1x2"}
    net = [("0.bias", "F32", [3], f32(3)), ("0.weight", "F32", [3, 2], f32(6)),
           ("2.bias", "F32", [2], f32(2)), ("2.weight", "F32", [2, 3], f32(6))]
    yield tensors(net, notes)
    yield tensors(net)
    yield tensors([("a", "F64", [], bytes(8)), ("b", "BF16", [2, 0, 3], b""), ("c", "F16", [3], bytes(6)),
                   ("d", "I8", [2], b"ab"), ("\u00e9\n", "BOOL", [1], b"\1")])
    yield tensors([], {"key": "value"})
    yield struct.pack("<Q", 2) + b"{}"


def description():
    for text in ("affine 50, relu, affine 10", "affine", "affine 12 4, sigmoid, affine 4 3, softmax",
                 "affine 6, batchnorm, leaky_relu 0.1, dropout 0.5, affine 3, logistic",
                 "affine 5,layernorm,gelu,affine 2,elu 1.5,silu,softplus,tanh,affine, huber 1e-1",
                 " affine  4 ,\trelu,affine 3 , mse "):
        yield text.encode()


COLUMNS = json.dumps({"separator": ",", "header": True, "missing": "mean", "task": "numbers", "columns": [
    {"name": "a", "kind": "number", "fill": 0.5}, {"name": "b", "kind": "text", "values": ["x", "y"]},
    {"name": "c", "kind": "target"}]})


def notes():
    for text in ("0.00392156862745098", "1 2 3\x010.5", "-1e-3 +2.5 3E2\x011 2 3\x01no\nyes", "\x01\x01a\nb", "1 2", "1  2",
                 "1e60", "nan", "\x01\x01a\nb\nc", "0x10", "\x01\x01\x01" + COLUMNS, "1,5", " 1", "1 2 3 4", "\x01\x01\n"):
        yield text.encode()


TARGETS = {
    "columns": columns, "csv": csv, "description": description, "gzip": gz, "idx": idx, "jpeg": jpeg, "npy": npy,
    "notes": notes, "npz": npz, "onnx": seeds_onnx.onnx, "png": png, "safetensors": safetensors, "svmlight": svmlight,
}


def write(target, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[target]()):
        (folder / f"seed-{number:02}").write_bytes(data)


def main(target, where, program=None):
    if where != "--replay":
        write(target, pathlib.Path(where))
        return 0
    corpus = pathlib.Path(__file__).parent / "corpus" / target
    with tempfile.TemporaryDirectory() as folder:
        write(target, pathlib.Path(folder))
        return subprocess.run([program, folder] + [str(corpus)] * corpus.is_dir(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

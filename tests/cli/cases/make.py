"""Files for the cases, made by the standard library alone.

make.py idx NAME N HEIGHT WIDTH     NAME-images.idx and NAME-labels.idx: N pictures of three classes;
                                    class k has a light bar in row k
make.py png NAME HEIGHT WIDTH ROW [dark]     a grey picture with a bar, as class 0, 1 or 2 of above
make.py npy IMAGES.idx NAME         the same pictures as an array of numpy
make.py floats NAME ROW...           numpy's doubles, a row of them an argument: "1 2 nan"
make.py kinds NAME                   of NAME-images.idx and NAME-labels.idx: NAME-doubles.npy, NAME-labels.npy, and both as
                                    a table, NAME.csv
make.py wholes NAME NUMBER...        numpy's whole numbers
make.py forget MODEL NAME [KEY|all]  a copy of the model without this note, of its table's columns otherwise; or without any
make.py note MODEL NAME KEY VALUE    a copy of the model with this note
"""

import json
import struct
import sys
import zlib


def bar(height, width, row, light=250, ground=5):
    return [bytes([light if y * 3 // height == row else ground] * width) for y in range(height)]


def write_idx(name, n, height, width):
    with open(name + "-images.idx", "wb") as f:
        f.write(struct.pack(">4B3I", 0, 0, 8, 3, n, height, width))
        for i in range(n):
            f.write(b"".join(bar(height, width, i % 3, light=200 + i % 50)))
    with open(name + "-labels.idx", "wb") as f:
        f.write(struct.pack(">4BI", 0, 0, 8, 1, n) + bytes(i % 3 for i in range(n)))


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def write_png(name, height, width, row, dark):
    rows = bar(height, width, row, *((5, 250) if dark else (250, 5)))
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" +
                chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress(b"".join(b"\0" + r for r in rows))) +
                chunk(b"IEND", b""))


def write_array(name, kind, shape, numbers):
    header = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    with open(name, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + numbers)


def write_npy(images, name):
    with open(images, "rb") as f:
        shape = struct.unpack(">4x3I", f.read(16))
        write_array(name, "|u1", shape, f.read())


def write_floats(name, rows):
    numbers = [[float(word) for word in row.split()] for row in rows]
    write_array(name, "<f8", (len(rows), len(numbers[0])),
                b"".join(struct.pack("<%dd" % len(row), *row) for row in numbers))


def write_wholes(name, numbers):
    write_array(name, "<i8", (len(numbers),), struct.pack("<%dq" % len(numbers), *map(int, numbers)))


def write_kinds(name):
    with open(name + "-images.idx", "rb") as f:
        n, height, width = struct.unpack(">4x3I", f.read(16))
        pixels = f.read()
    with open(name + "-labels.idx", "rb") as f:
        labels = f.read()[8:]
    m = height * width
    rows = [pixels[i * m:(i + 1) * m] for i in range(n)]
    write_floats(name + "-doubles.npy", [" ".join(map(str, row)) for row in rows])
    write_wholes(name + "-labels.npy", labels)
    with open(name + ".csv", "w") as f:
        for row, label in zip(rows, labels):
            print(*row, label, sep=",", file=f)


def change_notes(model, name, change):
    with open(model, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        numbers = f.read()
    change(header)
    packed = json.dumps(header).encode()
    packed += b" " * (-len(packed) % 8)
    with open(name, "wb") as f:
        f.write(struct.pack("<Q", len(packed)) + packed + numbers)


def forget(header, key="runnel.input.columns"):
    del header["__metadata__"][key]


def forget_all(header):
    del header["__metadata__"]


def hash64(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
    return z ^ z >> 31


def change_options(checkpoint, name, options):
    """A checkpoint with other options in it, and the check that fits (src/train/checkpoint.c)."""
    with open(checkpoint, "rb") as f:
        content = f.read()[:-8]
    note = 20 + struct.unpack_from("<Q", content, 12)[0]
    rest = note + 8 + struct.unpack_from("<Q", content, note)[0]
    text = json.dumps({"options": options}).encode()
    content = content[:note] + struct.pack("<Q", len(text)) + text + content[rest:]
    value, whole = 0, len(content) // 8 * 8
    for (word,) in struct.iter_unpack("<Q", content[:whole]):
        value = hash64((value + 0x9E3779B97F4A7C15) % 2**64) ^ word
    left = content[whole:]
    last = left + content[whole - 8 + len(left) : whole] if left else b""  # in the place of the word before
    check = hash64(hash64(value) ^ int.from_bytes(last, "little") ^ len(left))
    with open(name, "wb") as f:
        f.write(content + struct.pack("<Q", check))


if sys.argv[1] == "idx":
    write_idx(sys.argv[2], *map(int, sys.argv[3:6]))
elif sys.argv[1] == "npy":
    write_npy(*sys.argv[2:4])
elif sys.argv[1] == "floats":
    write_floats(sys.argv[2], sys.argv[3:])
elif sys.argv[1] == "wholes":
    write_wholes(sys.argv[2], sys.argv[3:])
elif sys.argv[1] == "kinds":
    write_kinds(sys.argv[2])
elif sys.argv[1] == "forget":
    keys = sys.argv[4:5]
    change_notes(*sys.argv[2:4], forget_all if keys == ["all"] else lambda header: forget(header, *keys))
elif sys.argv[1] == "options":
    change_options(*sys.argv[2:4], sys.argv[4:])
elif sys.argv[1] == "note":
    change_notes(*sys.argv[2:4], lambda header: header["__metadata__"].update([sys.argv[4:6]]))
else:
    write_png(sys.argv[2], *map(int, sys.argv[3:6]), dark="dark" in sys.argv)

"""Files for the cases, made by the standard library alone.

make.py idx NAME N HEIGHT WIDTH     NAME-images.idx and NAME-labels.idx: N pictures of three classes;
                                    class k has a light bar in row k
make.py png NAME HEIGHT WIDTH ROW [dark]     a grey picture with a bar, as class 0, 1 or 2 of above
"""

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


if sys.argv[1] == "idx":
    write_idx(sys.argv[2], *map(int, sys.argv[3:6]))
else:
    write_png(sys.argv[2], *map(int, sys.argv[3:6]), dark="dark" in sys.argv)

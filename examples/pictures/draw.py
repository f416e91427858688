"""draw.py - draws pictures of circles, squares and triangles into a folder with a sub-folder for each

    draw.py FOLDER [COUNT]      COUNT pictures of each (60), of 24 x 24 to 40 x 40 pixels, dark on light

The same pictures in every run. Needs nothing but Python.
"""
import math
import pathlib
import random
import struct
import sys
import zlib


def png(rows):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    data = b"".join(b"\0" + bytes(row) for row in rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def inside(shape, x, y):
    """Is the point in the shape of radius 1 around 0?"""
    if shape == "circle":
        return x * x + y * y <= 1
    if shape == "square":
        return max(abs(x), abs(y)) <= 0.8
    return y <= 0.6 and y >= 1.8 * abs(x) - 1


def draw(shape, r):
    side = r.randrange(24, 41)
    radius = side * r.uniform(0.28, 0.42)
    left, top = (r.uniform(radius, side - radius) for _ in range(2))
    turn = r.uniform(-0.3, 0.3)
    c, s = math.cos(turn) / radius, math.sin(turn) / radius
    ink, paper = r.randrange(0, 80), r.randrange(190, 256)
    rows = []
    for y in range(side):
        row = []
        for x in range(side):
            u, v = x + 0.5 - left, y + 0.5 - top
            level = ink if inside(shape, c * u + s * v, c * v - s * u) else paper
            row.append(max(0, min(255, level + r.randrange(-12, 13))))
        rows.append(row)
    return png(rows)


def main(folder, count=60):
    r = random.Random(1)
    for shape in ("circle", "square", "triangle"):
        where = pathlib.Path(folder, shape)
        where.mkdir(parents=True, exist_ok=True)
        for k in range(int(count)):
            (where / f"{k:03}.png").write_bytes(draw(shape, r))


if __name__ == "__main__":
    main(*sys.argv[1:])

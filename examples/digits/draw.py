"""draw.py - draws the ten pictures in this folder: a pen on paper, dark on light, 112 x 112

    python3 draw.py          (in this folder)
"""
import math
import struct
import zlib

SIZE, PEN, BLUR = 112, 4.6, 1.2

# Strokes as points (x, y) in a box 1 wide and 1 high, y downward; a smooth curve goes through them.
DIGITS = {
    0: [[(.52, .02), (.25, .13), (.14, .48), (.26, .87), (.52, .98), (.78, .82), (.86, .45), (.74, .12), (.50, .02)]],
    1: [[(.60, .02), (.55, .35), (.50, .68), (.46, .98)]],
    2: [[(.18, .24), (.34, .04), (.62, .03), (.78, .22), (.68, .50), (.40, .78), (.14, .95)], [(.14, .95), (.50, .93), (.88, .94)]],
    3: [[(.20, .10), (.46, .01), (.74, .12), (.72, .34), (.44, .47)], [(.44, .47), (.74, .56), (.82, .76), (.58, .97), (.18, .90)]],
    4: [[(.30, .02), (.22, .28), (.17, .55)], [(.17, .55), (.48, .54), (.86, .50)], [(.74, .06), (.70, .50), (.65, .98)]],
    5: [[(.80, .04), (.52, .05), (.28, .08)], [(.28, .08), (.24, .26), (.21, .43)], [(.21, .43), (.50, .38), (.78, .55), (.76, .80), (.50, .97), (.16, .90)]],
    6: [[(.68, .02), (.42, .20), (.24, .52), (.24, .80), (.46, .97), (.70, .86), (.72, .64), (.52, .54), (.28, .68)]],
    7: [[(.14, .10), (.48, .08), (.84, .06)], [(.84, .06), (.68, .36), (.54, .66), (.44, .98)]],
    8: [[(.74, .12), (.48, .02), (.28, .14), (.36, .36), (.60, .54), (.72, .76), (.50, .97), (.28, .82), (.36, .58), (.66, .32), (.74, .12)]],
    9: [[(.74, .20), (.52, .04), (.28, .16), (.26, .36), (.48, .46), (.70, .34), (.76, .16)], [(.76, .16), (.72, .50), (.60, .98)]],
}


def curve(points):
    """Catmull-Rom through the points"""
    ends = [points[0], *points, points[-1]]
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:]):
        for step in range(13):
            t = step / 12
            yield tuple(.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t
                              + (3 * q - p - 3 * r + s) * t ** 3) for p, q, r, s in zip(a, b, c, d))


def distance(x, y, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = max(0, min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy or 1)))
    return math.hypot(x - a[0] - t * dx, y - a[1] - t * dy)


def picture(strokes):
    box = SIZE * 20 / 28 - 2 * PEN  # as in MNIST, the digit fills 20 of 28 parts
    left = (SIZE - box) / 2
    lines = [[(left + box * (.1 + .8 * x), left + box * y) for x, y in curve(points)] for points in strokes]
    segments = [pair for line in lines for pair in zip(line, line[1:])]
    # as in MNIST too, its centre of mass lies in the middle
    length = [math.dist(a, b) for a, b in segments]
    off = [SIZE / 2 - sum(n * (a[k] + b[k]) / 2 for n, (a, b) in zip(length, segments)) / sum(length) for k in (0, 1)]
    segments = [[(x + off[0], y + off[1]) for x, y in ends] for ends in segments]
    for y in range(SIZE):
        row = bytearray()
        for x in range(SIZE):
            far = min(distance(x + .5, y + .5, a, b) for a, b in segments)
            ink = 1 / (1 + math.exp(min(50, (far - PEN) / BLUR * 2)))
            row.append(round(250 - 215 * ink))
        yield b"\0" + bytes(row)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


for digit, strokes in DIGITS.items():
    with open(f"{digit}.png", "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n"
                   + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(b"".join(picture(strokes)), 9)) + chunk(b"IEND", b""))

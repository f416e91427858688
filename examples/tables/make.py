"""make.py - draws the tables of these examples; the same ones each time

    make.py FOLDER

All are made up: their rules are known, so that it can be told how well they can be learnt at best.
"""
import math
import pathlib
import random
import sys


def rings(r):
    """Two classes that no straight line separates: the disc, and the ring around it."""
    yield "x,y,kind"
    for i in range(400):
        kind = i % 2
        radius = math.sqrt(r.uniform(0, 1)) if kind == 0 else r.uniform(1.3, 2)
        angle = r.uniform(0, 2 * math.pi)
        yield f"{radius * math.cos(angle):.3f},{radius * math.sin(angle):.3f},{['disc', 'ring'][kind]}"


def leaves(r):
    """Three kinds of tree, told by length and width, and a text that helps; some widths were not measured."""
    yield "number;length;width;edge;tree"
    trees = [("oak", 11, 6, "lobed"), ("beech", 8, 5.5, "smooth"), ("willow", 10, 1.5, "toothed")]
    for i in range(300):
        tree, length, width, edge = trees[i % 3]
        width = "" if r.random() < 0.05 else f"{abs(r.gauss(width, 0.8)):.1f}"
        edge = edge if r.random() < 0.9 else r.choice(["lobed", "smooth", "toothed"])
        yield f"{i + 1};{r.gauss(length, 1.2):.1f};{width};{edge};{tree}"


def flats(r):
    """Rents by rooms, area, age and quarter; about 25 of each rent is chance."""
    yield "area,rooms,year,quarter,rent"
    for _ in range(600):
        area = r.uniform(25, 140)
        rooms = max(1, round(area / 28 + r.gauss(0, 0.6)))
        year = r.randint(1900, 2024)
        quarter = r.choice(["harbour", "old town", "north", "hill"])
        factor = {"harbour": 1.2, "old town": 1.35, "north": 0.9, "hill": 1.1}[quarter]
        rent = factor * (180 + 9.5 * area + 20 * rooms + 0.02 * (year - 1950) ** 2) + r.gauss(0, 25)
        yield f"{area:.1f},{rooms},{year},{quarter},{rent:.2f}"


if __name__ == "__main__":
    for number, table in enumerate((rings, leaves, flats)):
        lines = "\n".join(table(random.Random(number))) + "\n"
        pathlib.Path(sys.argv[1], table.__name__ + ".csv").write_text(lines, encoding="ascii")

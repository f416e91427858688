"""lengths.py - no file longer than 500 lines: one that grows past it wants to become two rooms

    lengths.py SOURCE_ROOT
"""
import os
import pathlib
import sys

LIMIT = 500
KINDS = {".c", ".h", ".inc", ".py", ".sh", ".build", ".txt"}
ROOMS = ["include", "src", "tests", "bench", "examples", "scripts", ".ci"]


def sources(root):
    for room in ROOMS:
        for folder, _, names in os.walk(root / room):
            for name in names:
                path = pathlib.Path(folder, name)
                if path.suffix in KINDS or (path.suffix == "" and path.read_bytes()[:2] == b"#!"):
                    yield path


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    files = list(sources(root))
    long = [(len(path.read_bytes().splitlines()), path) for path in files]
    long = [f"{path.relative_to(root)}: {lines} lines, more than {LIMIT}" for lines, path in long if lines > LIMIT]
    if len(files) < 10:
        long.append(f"only {len(files)} sources found under {root}: is this the source root?")
    print("\n".join(long) or f"{len(files)} files, none longer than {LIMIT} lines")
    sys.exit(bool(long))

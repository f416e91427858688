"""oracle_arrays.py - files that numpy writes, of every kind, read as numpy holds them

    oracle_arrays.py PROGRAM

PROGRAM (dump.c) prints a data set as text. Exit status 77 where numpy is not installed.
"""
import gzip
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("no numpy")
    sys.exit(77)

DTYPES = ["?", "u1", "i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8", "<i8", ">i8",
          "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
failures = 0


def read(program, *args):
    done = subprocess.run([program, *map(str, args)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr.strip(), None, None
    lines = done.stdout.split("\n")
    head = lines[0].split()
    rows = [[float(v) for v in line.split()] for line in lines[1:] if line]
    return None, head, rows


def expect(what, good):
    global failures
    if not good:
        failures += 1
        print("FAILED:", what)


def same(program, x, path, *args, labels=None, shape=None, rows=None):
    error, head, got = read(program, path, *args)
    if error:
        expect(f"{path.name} {x.dtype} {x.shape}: {error}", False)
        return
    wanted = (x if rows is None else rows).reshape(len(x), -1).astype(np.float64)
    expect(f"{path.name} {x.dtype} {x.shape}: shape {head[:4]}",
           shape is None or head[1:4] == [str(s) for s in shape])
    expect(f"{path.name}: {len(got)} samples", len(got) == len(wanted) > 0)
    for i, row in enumerate(got):
        ok = np.array_equal(np.array(row[1:]), wanted[i], equal_nan=True)
        expect(f"{path.name} {x.dtype} {x.shape}: row {i} is {row[1:5]}, expected {wanted[i][:4]}", ok)
        if not ok:
            break
        if labels is not None:
            expect(f"{path.name}: label {i} is {row[0]}, expected {labels[i]}", row[0] == labels[i])


def numbers(dtype, shape):
    """Numbers that the type holds exactly, with its extremes among them."""
    kind = np.dtype(dtype)
    size = int(np.prod(shape))
    if kind.kind == "b":
        return (np.arange(size) % 3 == 0).reshape(shape)
    if kind.kind in "iu":
        info = np.iinfo(kind)
        values = np.array([info.min, info.max // 3, info.max, 0, 1, 7] * (size // 6 + 1), dtype=kind)[:size]
    else:
        values = np.array([0.5, -1.25, np.finfo(kind).max, np.finfo(kind).tiny, 0, 65504, 6e-8]
                          * (size // 7 + 1)).astype(kind)[:size]
    return values.reshape(shape).astype(kind)


def write_npy(path, x, version=None):
    with open(path, "wb") as f:
        np.lib.format.write_array(f, x, version=version)
    return path


def arrays(program, folder):
    for dtype in DTYPES:
        for order in "CF":
            x = np.asarray(numbers(dtype, (5, 7)), order=order)
            same(program, x, write_npy(folder / "x.npy", x), shape=(1, 1, 7))
    for version in [(1, 0), (2, 0), (3, 0)]:
        x = numbers("<f4", (4, 3))
        same(program, x, write_npy(folder / "v.npy", x, version))
    for order in "CF":
        x = np.asarray(numbers("<i2", (3, 4, 5)), order=order)
        same(program, x, write_npy(folder / "p.npy", x), shape=(1, 4, 5))
        x = np.asarray(numbers("u1", (3, 6, 5, 3)), order=order)
        same(program, x, write_npy(folder / "hwc.npy", x), shape=(3, 6, 5), rows=x.transpose(0, 3, 1, 2))
        x = np.asarray(numbers("<f8", (3, 3, 6, 5)), order=order)
        same(program, x, write_npy(folder / "chw.npy", x), shape=(3, 6, 5))
    x = numbers("<f8", (9,))
    same(program, x, write_npy(folder / "one.npy", x), shape=(1, 1, 1))
    packed = folder / "x.npy.gz"
    packed.write_bytes(gzip.compress((folder / "p.npy").read_bytes()))
    same(program, numbers("<i2", (3, 4, 5)), packed)


def labels(program, folder):
    x = write_npy(folder / "x.npy", numbers("<f4", (6, 2)))
    for dtype in DTYPES[:-6]:
        y = np.array([0, 1, 1, 0, 1, 0]).astype(dtype)
        same(program, np.load(x), x, write_npy(folder / "y.npy", y), labels=y.astype(int))
        same(program, np.load(x), x, write_npy(folder / "y.npy", y.reshape(6, 1)), labels=y.astype(int))
    y = np.array([-1, 1, 1, -1, 70000, 1])
    same(program, np.load(x), x, write_npy(folder / "y.npy", y), labels=[0, 1, 1, 0, 2, 1])
    y = np.array([0.5, 1, 2, 3, 4, 5.25], dtype=">f8")
    same(program, np.load(x), x, write_npy(folder / "y.npy", y), labels=y)
    y = np.asarray(np.arange(12).reshape(6, 2), order="F")
    same(program, np.load(x), x, write_npy(folder / "y.npy", y), labels=y[:, 0])


def archives(program, folder):
    x, y = numbers("<f4", (6, 4)), np.arange(6)
    test, test_y = numbers("u1", (2, 4)), np.array([1, 0], dtype=np.int8)
    for save in (np.savez, np.savez_compressed):
        path = folder / "set.npz"
        save(path, x=x, y=y, other=np.array([None]))
        same(program, x, path, labels=y)
        save(path, y_test=test_y, x_test=test, x_train=x, y_train=y)
        same(program, x, path, labels=y)
        same(program, test, path, "--test", labels=test_y)
        save(path, X=x)
        same(program, x, path)
        big = np.zeros((1000, 100), dtype=">i4")
        save(path, data=big, target=np.zeros(1000, dtype=int))
        same(program, big, path)


def refusals(program, folder):
    for x, text in [(np.array([1, "a", None], dtype=object), "Python objects"),
                    (np.zeros((2, 2), dtype="c8"), "type '<c8'"), (np.array(["a", "b"]), "type '<U1'"),
                    (np.zeros(3, dtype=[("a", "i4"), ("b", "f8")]), "array of records"),
                    (np.zeros((2, 2), dtype="M8[s]"), "type '<M8[s]'"), (np.zeros((0, 3)), "no data"),
                    (np.float64(3), "expected 2 dimensions"), (np.zeros((1, 1, 1, 1, 1)), "expected 2 dimensions")]:
        path = folder / "bad.npy"
        np.save(path, x, allow_pickle=True)
        error, _, _ = read(program, path)
        expect(f"{text}: {error}", error is not None and text in error and "bad.npy" in error)
    np.savez(folder / "bad.npz", a=np.zeros(3), b=np.zeros(4))
    error, _, _ = read(program, folder / "bad.npz")
    expect(f"names: {error}", error is not None and "the archive has a.npy, b.npy" in error)


with tempfile.TemporaryDirectory() as temp:
    for group in (arrays, labels, archives, refusals):
        group(sys.argv[1], pathlib.Path(temp))
print(failures, "failures")
sys.exit(failures > 0)

"""Compares runnel with two_layer_net.py on the same weights and batches.

    compare.py DUMP-PROGRAM relu|sigmoid classes|rows STD RATE

Gradients of the first batch agree to 1e-12 of the block's largest, the losses of all iterations to
1e-10, the weights after the last to 1e-10 of the block's largest. Exit status 77: there is no numpy.
"""

import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: this Python has no numpy (Debian: python3-numpy)")
    sys.exit(77)

import two_layer_net as book


def read_arrays(path):
    """name -> array, as dump.c writes them"""
    arrays = {}
    with open(path, "rb") as file:
        while line := file.readline():
            name, kind, rows, cols = line.decode().split()
            dtype = np.dtype({"f64": np.float64, "i32": np.int32}[kind])
            count = int(rows) * int(cols)
            numbers = np.frombuffer(file.read(count * dtype.itemsize), dtype)
            arrays[name] = numbers.reshape(int(rows), int(cols)).copy()
    return arrays


def check(what, got, want, bound):
    """got and want agree to `bound` of the largest number in want, which is not zero"""
    largest = np.max(np.abs(want))
    off = np.max(np.abs(got - want))
    print(f"{what:12} largest {largest:9.3g}   off by at most {off:9.3g}")
    if got.shape != want.shape or not largest > 0 or not off <= bound * largest:
        sys.exit(f"compare: {what} is off by {off:g}; allowed is {bound * largest:g}")


def main():
    program, activation, kind, std, rate = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "dump")
        net = f"affine 50, {activation}, affine 10"
        subprocess.run([program, path, net, kind, std, rate], check=True)
        run = read_arrays(path)

    x, t = run["x"], run["t"]
    if kind == "classes":
        t = np.eye(10)[t[0]]
    layer = {"relu": book.Relu, "sigmoid": book.Sigmoid}[activation]()
    names = ["W1", "b1", "W2", "b2"]
    net = book.TwoLayerNet({name: run["first." + name] for name in names}, layer)

    losses = []
    for iteration, index in enumerate(run["index"]):
        loss, gradient = net.gradient(x[index], t[index])
        if iteration == 0:
            for name in names:
                block = gradient[name].reshape(run["gradient." + name].shape)
                check("d" + name, run["gradient." + name], block, 1e-12)
        losses.append(loss)
        net.update(gradient, run["rate"].item())

    losses = np.array([losses])
    check("losses", run["losses"], losses, 1e-10 / np.max(losses))
    for name in names:
        check(name, run["last." + name], net.params[name], 1e-10)
    if not losses[0, -1] < losses[0, 0] - 0.2:
        sys.exit(f"compare: nothing was learnt, the loss went from {losses[0, 0]:g} to {losses[0, -1]:g}")


main()

"""worker.py - what the Python peers share: the line protocol of the bench, and the reading of MNIST

A worker is a program that bench/run keeps alive: it loads the data once, says "ready", and then
answers one line for each line that it is given.

    train   net=784-50-10 batch=100 iterations=5000   ->  seconds=0.61 accuracy=0.951
    answers begin with key=value, or with the word "error".

It times itself, around the work alone, so that neither the pipe nor the start-up is in a number.
Called with --once LINE it answers that one line and ends: so start-up and peak memory are measured.
"""
import os
import sys
import time
from functools import cached_property

import numpy as np


def read_idx(path):
    """An uncompressed IDX file of bytes."""
    raw = np.fromfile(path, dtype=np.uint8)
    if raw.size < 4 or raw[0] or raw[1] or raw[2] != 8:
        sys.exit(f"{path}: not an IDX file of bytes")
    rank = int(raw[3])
    shape = np.frombuffer(raw[4:4 + 4 * rank].tobytes(), dtype=">u4").astype(int)
    return raw[4 + 4 * rank:].reshape(shape)


class Mnist:
    """Pixels as float32 rows from 0 to 1, as every peer wants them; classes as int64. Each array is
    read when it is asked for first, so that a first batch need not wait for the test part, and goes
    through `convert` then."""

    def __init__(self, folder, convert=lambda array: array):
        self.folder, self.convert = folder, convert

    def images(self, part):
        pixels = read_idx(os.path.join(self.folder, f"{part}-images-idx3-ubyte"))
        rows = pixels.reshape(len(pixels), -1).astype(np.float32)
        rows *= np.float32(1 / 255)
        return self.convert(rows)

    def labels(self, part):
        classes = read_idx(os.path.join(self.folder, f"{part}-labels-idx1-ubyte"))
        return self.convert(classes.astype(np.int64))

    def read_all(self):
        """Before a clock runs."""
        return self.x_train, self.t_train, self.x_test, self.t_test

    @cached_property
    def x_train(self):
        return self.images("train")

    @cached_property
    def t_train(self):
        return self.labels("train")

    @cached_property
    def x_test(self):
        return self.images("t10k")

    @cached_property
    def t_test(self):
        return self.labels("t10k")


def one_hot(classes, count=10):
    rows = np.zeros((len(classes), count), dtype=np.float32)
    rows[np.arange(len(classes)), classes] = 1
    return rows


def widths(text):
    return [int(width) for width in text.split("-")]


class Job:
    """One line's arguments, with the defaults that all workers share."""

    def __init__(self, words):
        given = dict(word.split("=", 1) for word in words)
        self.net = widths(given.get("net", "784-50-10"))
        self.batch = int(given.get("batch", 100))
        self.iterations = int(given.get("iterations", 100))
        self.warmup = int(given.get("warmup", 0))
        self.lr = float(given.get("lr", 0.1))
        self.std = float(given.get("std", 0.01))
        self.seed = int(given.get("seed", 1))
        self.program = given.get("program", "")
        self.loss = given.get("loss", "after")      # of a default run: after or before the update
        self.count = int(given.get("count", 1000))  # predictions
        self.samples = int(given.get("samples", 1000))  # distinct ones, taken in turn
        self.check = given.get("check", "1") == "1"  # compute the test accuracy afterwards


class Clock:
    """with Clock() as clock: work - then clock.seconds, and clock.end on the machine's own clock,
    which the bench reads too: so the time from a process's start to its first update is known."""

    def __enter__(self):
        self.begin = time.monotonic()
        return self

    def __exit__(self, *failure):
        self.end = time.monotonic()
        self.seconds = self.end - self.begin


def trained(clock, accuracy):
    """What every train answers."""
    return {"seconds": clock.seconds, "accuracy": accuracy, "at": clock.end}


def peak_kb():
    """The most memory that this process has had resident."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def blas_about():
    """Which kernels OpenBLAS chose, and its number of threads."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "unknown", 0
    for pool in threadpool_info():
        if pool["user_api"] == "blas":
            name = f'{pool["internal_api"]}-{pool["version"]}-{pool.get("architecture")}'
            return name, pool["num_threads"]
    return "no-pool", 1


def answer(verbs, line):
    words = line.split()
    verb = verbs.get(words[0])
    if verb is None:
        return f"error this worker knows no {words[0]}"
    try:
        result = verb(Job(words[1:]))
    except Exception as failure:  # the bench prints it beside the contestant's name
        return "error " + " ".join(f"{type(failure).__name__}: {failure}".split())
    return " ".join(f"{key}={value}" for key, value in result.items())


def serve(make_verbs, about):
    """make_verbs(data folder) loads the data and gives {verb: function of a Job}."""
    arguments = sys.argv[1:]
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--once"):
        sys.exit(f"usage: {sys.argv[0]} DATA-FOLDER [--once LINE]")
    verbs = make_verbs(arguments[0])
    if len(arguments) == 3:
        print(answer(verbs, arguments[2]), flush=True)
        return
    print("ready " + " ".join(f"{key}={value}" for key, value in about().items()), flush=True)
    for line in sys.stdin:
        print(answer(verbs, line), flush=True)

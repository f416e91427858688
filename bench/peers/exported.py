#!/usr/bin/python3
"""exported.py - the worker of runnel's C export: trains a network, exports it, compiles it, and becomes that program

    exported.py BUILD DATA [--once LINE]

BUILD is a build folder of runnel; what is made lies in BUILD/bench/exported. The rest is exported_worker.c's.
"""
import os
import subprocess
import sys

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMPILER = os.environ.get("CC", "cc").split()


def main():
    build, data = sys.argv[1], sys.argv[2]
    folder = os.path.join(build, "bench", "exported")
    os.makedirs(folder, exist_ok=True)
    runnel = os.path.join(build, "src", "cli", "runnel")
    model, worker = os.path.join(folder, "model.safetensors"), os.path.join(folder, "worker")
    for command in (
        [runnel, "train", "--data", data, "--net", "affine 50, relu, affine", "--iterations", "1200",
         "--quiet", "--history", "none", "--out", model],
        [runnel, "export", model, "--to", "c", "--name", "digits", "--folder", folder],
        COMPILER + ["-O3", "-std=gnu11", "-I", folder, "-I", BENCH, "-o", worker,
                    os.path.join(BENCH, "peers", "exported_worker.c"), os.path.join(BENCH, "protocol.c"),
                    os.path.join(folder, "digits.c"), "-lm"]):
        subprocess.run(command, check=True, stdout=sys.stderr)
    os.execv(worker, [worker] + sys.argv[2:])


if __name__ == "__main__":
    main()

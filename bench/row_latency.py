"""row_latency.py - how long a row of a table waits for its answer

    row_latency.py RUNNEL

Trains on a table of its own, writes 1000 rows one by one into `runnel predict MODEL -`, and tells the time from
writing a row to having read its answer.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROWS = 1000


def answer(pipe, rest=b""):
    while b"\n" not in rest:
        rest += os.read(pipe.fileno(), 1 << 16)
    return rest.partition(b"\n")[2]


runnel = pathlib.Path(sys.argv[1]).resolve()
chance = random.Random(1)
rows = [f"{chance.gauss(k % 3, 1):.3f},{chance.gauss(-k % 3, 1):.3f},{'abc'[k % 3]}\n" for k in range(ROWS)]
with tempfile.TemporaryDirectory() as folder:
    table = pathlib.Path(folder, "table.csv")
    table.write_text("width,height,kind\n" + "".join(rows), encoding="utf-8")
    subprocess.run([runnel, "train", "--data", table, "--out", "model", "--quiet"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    seconds = []
    with subprocess.Popen([runnel, "predict", "model", "-"], cwd=folder, bufsize=0, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as predict:
        predict.stdin.write(b"width,height,kind\n" + rows[0].encode())
        rest = answer(predict.stdout, answer(predict.stdout))  # the header, the first row
        for row in rows:
            began = time.perf_counter()
            predict.stdin.write(row.encode())
            rest = answer(predict.stdout, rest)
            seconds.append(time.perf_counter() - began)
        predict.stdin.close()
seconds.sort()
print(f"{ROWS} rows: median {1e3 * seconds[ROWS // 2]:.3f} ms, 99 of 100 below {1e3 * seconds[ROWS * 99 // 100]:.3f} ms")

"""stages.py - what is not a race over one workload: start-up, scaling, single kernels, a busy machine"""
import statistics
import subprocess
import time

from . import machine
from .worker import WorkerFailed, once
from .workloads import ALL, LARGE, SMALL, timed


# ---- from the start of a process to its first update -----------------------------------------------------

FIRST = {"runnel": "first", "sklearn": "train iterations=0 check=0"}  # whose making trains one batch
FIRST_OF_OTHERS = "train iterations=1 check=0"


def start_up(pool, contestants, chosen, plan, say):
    """[{contestant, seconds of every round}]: from the call of the system to the first update done."""
    rows = [{"contestant": c.name, "key": c.key, "seconds": []} for c in contestants]
    for turn in range(plan.rounds):
        for contestant, row in zip(contestants, rows):
            say(f"Start to first batch: round {turn + 1}, {contestant.name}")
            choice = chosen[contestant.key]["train_small"]
            command, environment = pool.command_and_environment(contestant, "train_small",
                                                                choice.setting)
            line = FIRST.get(contestant.key, FIRST_OF_OTHERS)
            if choice.program and contestant.key not in FIRST:
                line += f" program={choice.program}"
            try:
                begin = time.monotonic()
                row["seconds"].append(once(command, environment, line)["at"] - begin)
            except (WorkerFailed, KeyError, subprocess.TimeoutExpired) as failure:
                row["failure"] = str(failure)
    return rows


# ---- threads, batch size, width ------------------------------------------------------------------------------

BATCHES = (1, 10, 32, 100, 320, 1000)
WIDTHS = (16, 50, 128, 512, 2048)


def _points(cores):
    """(axis, value, line of training without iterations, samples an update)"""
    for threads in range(1, cores + 1):
        yield "threads_small", threads, f"train net={SMALL} batch=100 threads={threads}", 100
    for threads in range(1, cores + 1):
        yield "threads_large", threads, f"train net={LARGE} std=0.03 batch=128 threads={threads}", 128
    for batch in BATCHES:
        yield "batch", batch, f"train net={SMALL} batch={batch}", batch
    for width in WIDTHS:
        yield "width", width, f"train net=784-{width}-10 batch=100", 100


def _rate(worker, line, batch, choice, plan):
    """One short measurement; the count is found on the way."""
    tail = "warmup=3 check=0" + (f" program={choice.program}" if choice.program else "")
    n = 3
    while True:
        answer = worker.ask(f"{line} {tail} {choice.setting.arguments} iterations={n}".strip())
        done = answer.get("done", n)
        took = answer["seconds"] * n / done
        if took > plan.seconds / 4 or n > 10**7:
            return batch * done / answer["seconds"]
        n = int(n * min(20, plan.seconds / 3 / max(took, 1e-6) + 1))


def scaling(pool, contestants, chosen, plan, cores, say):
    """[{contestant, axis, value, rates}]; the peers stay with their best setting of the default size."""
    rows = {}
    for turn in range(plan.scaling_rounds):
        for axis, value, line, batch in _points(cores):
            for contestant in contestants:
                if axis.startswith("threads") and not contestant.is_runnel:
                    continue
                say(f"Scaling: round {turn + 1}, {axis} {value}, {contestant.name}")
                choice = chosen[contestant.key]["train_small"]
                row = rows.setdefault((contestant.key, axis, value), {
                    "contestant": contestant.name, "key": contestant.key, "axis": axis,
                    "value": value, "rates": []})
                try:
                    worker = pool.get(contestant, "train_small", choice.setting)
                    row["rates"].append(_rate(worker, line, batch, choice, plan))
                except WorkerFailed as failure:
                    row["failure"] = str(failure)
    return list(rows.values())


def same_bits(pool, runnel, cores):
    """Hashes of the parameters after the same training on 1, 2, ... threads: all must be one."""
    worker = pool.get(runnel, "train_small", runnel.settings[0])
    return {threads: str(worker.ask(f"guard net={SMALL} iterations=500 threads={threads}")["bits"])
            for threads in range(1, max(4, cores) + 1)}


# ---- single kernels --------------------------------------------------------------------------------------------

PRODUCT_SHAPES = ((100, 784, 50), (100, 50, 10), (1, 784, 50), (128, 784, 1024), (128, 1024, 1024))
OTHER_SHAPES = ((100, 784, 50), (128, 784, 1024))
SOFTMAX_SHAPES = ((100, 50, 10), (1000, 50, 10))


def _shapes(name, kind):
    if kind == "gflops":
        return PRODUCT_SHAPES
    return SOFTMAX_SHAPES if name in ("softmax", "softmax_loss", "argmax") else OTHER_SHAPES


def kernels(worker, backends, plan, cores, say):
    """[{kernel, shape, backend, threads, gflops or gbytes, of_peak}]; the peak is measured before
    every kernel's lines, in the same run, and its median counts."""
    names = {key: kind for key, kind in worker.ask("list").items() if key != "others"}
    counts = [1, cores] if cores > 1 else [1]
    peaks = {threads: [] for threads in counts}
    rows = []

    def measure_peak():
        for threads in counts:
            try:
                peaks[threads].append(
                    worker.ask(f"peak threads={threads} seconds={plan.kernel_seconds}")["gflops"])
            except WorkerFailed:
                pass                                 # a build without oneDNN

    for name, kind in names.items():
        if kind == "gflops":
            measure_peak()
        for n, n_in, n_out in _shapes(name, kind):
            for backend in backends:
                for threads in counts:
                    say(f"Kernels: {name} {n}x{n_in}x{n_out}, {backend}, {threads} threads")
                    line = (f"kernel program={name} net={n_in}-{n_out} batch={n} backend={backend} "
                            f"threads={threads} seconds={plan.kernel_seconds}")
                    answer = worker.ask(line)
                    if answer.get("same"):
                        continue                     # the portable kernel itself
                    rows.append({"kernel": name, "n": n, "in": n_in, "out": n_out,
                                 "backend": backend, "threads": threads, "unit": kind,
                                 "value": answer[kind], "seconds": answer["seconds"]})
    peak = {threads: statistics.median(values) for threads, values in peaks.items() if values}
    for row in rows:
        if row["unit"] == "gflops" and row["threads"] in peak:
            row["of_peak"] = row["value"] / peak[row["threads"]]
    return rows, peak


# ---- beside other programs ---------------------------------------------------------------------------------------

class Busy:
    """with Busy(2): two processes that compute as much as they can"""

    def __init__(self, count):
        self.count = count

    def __enter__(self):
        self.burners = [subprocess.Popen(["sh", "-c", "while :; do :; done"],
                                         env=machine.clean_environment())
                        for _ in range(self.count)]
        time.sleep(0.3)
        return self

    def __exit__(self, *failure):
        for burner in self.burners:
            burner.kill()
            burner.wait()


def busy(pool, contestants, chosen, counts, plan, cores, say):
    """[{contestant, burners, rates}] of the small training, with 0, 1 and `cores` busy processes beside
    it, in turns. counts: {contestant's key: iterations}, the same beside all of them."""
    workload = ALL["train_small"]
    rows = {}
    for turn in range(plan.scaling_rounds):
        for burners in sorted({0, 1, cores}):
            for contestant in contestants:
                say(f"Busy machine: round {turn + 1}, {burners} busy processes, {contestant.name}")
                choice = chosen[contestant.key]["train_small"]
                row = rows.setdefault((contestant.key, burners), {
                    "contestant": contestant.name, "key": contestant.key, "burners": burners,
                    "rates": []})
                try:
                    worker = pool.get(contestant, "train_small", choice.setting)
                    with Busy(burners):
                        row["rates"].append(timed(worker, workload, choice, counts[contestant.key])[0])
                except WorkerFailed as failure:
                    row["failure"] = str(failure)
    return list(rows.values())


def peak_of(worker, cores, plan):
    """GFLOP/s of the large product on all cores."""
    return worker.ask(f"peak threads={cores} seconds={plan.kernel_seconds}")["gflops"]


"""workloads.py - what is measured, and how one answer of a worker becomes a rate"""
from dataclasses import dataclass, field
from typing import Callable


@dataclass(frozen=True)
class Guard:
    """The same work for everybody, and the least test accuracy that it must lead to."""
    iterations: int
    least: float


@dataclass(frozen=True)
class Workload:
    key: str
    title: str
    short: str                       # the same in a table's head
    line: str                        # with {n}, {batch}
    unit: str                        # of what is shown
    show: Callable[[float], float]   # a rate (samples, predictions or runs a second) -> that
    higher_is_better: bool
    first_n: int                     # how much is asked for first
    batches: tuple = (0,)            # tried; 0: the line says it
    per_n: int = 1                   # samples in one of n
    one_core: bool = False           # pinned to one core
    least_accuracy: float = 0.0      # of every timed answer, where the work is always the same
    guard: Guard = None              # otherwise: run once, apart
    guards: dict = field(default_factory=dict)  # contestant's key -> another guard, or None
    useful_flop: int = 0             # a sample, where it is compared with the peak


def layer_flop(widths, first_dx=False):
    """Operations a sample of training: forward, dW, and dx of all layers but the first."""
    flop = 0
    for k, (n_in, n_out) in enumerate(zip(widths, widths[1:])):
        flop += 2 * n_in * n_out * (3 if k or first_dx else 2)
    return flop


SMALL, LARGE = "784-50-10", "784-1024-1024-10"


def _flop(net):
    return layer_flop([int(width) for width in net.split("-")])


ALL = {w.key: w for w in (
    Workload("train_small", "Training 784-50-10, batch 100, without evaluation",
             "784-50-10, batch 100, samples/s",
             f"train net={SMALL} batch=100 warmup=10 check=0 iterations={{n}}", "samples/s",
             lambda rate: rate, True, 20, per_n=100, guard=Guard(3000, 0.94),
             guards={"fann": Guard(1000, 0.90)}, useful_flop=_flop(SMALL)),
    Workload("default_run", "The whole default run, the loss again after each update",
             "default run, loss after updates, s",
             "default_run loss=after iterations={n}", "s", lambda rate: 1 / rate, False, 10000,
             least_accuracy=0.963),
    Workload("default_run_before", "The whole default run, the loss of the forward pass",
             "default run, s",
             "default_run loss=before iterations={n}", "s", lambda rate: 1 / rate, False, 10000,
             least_accuracy=0.963),
    Workload("train_large", "Training 784-1024-1024-10, batch 128, without evaluation",
             "784-1024-1024-10, batch 128, samples/s",
             f"train net={LARGE} batch=128 std=0.03 warmup=2 check=0 iterations={{n}}", "samples/s",
             lambda rate: rate, True, 3, per_n=128, guard=Guard(469, 0.92), guards={"fann": None},
             useful_flop=_flop(LARGE)),
    Workload("predict_one", "One prediction, 784-50-10, one core",
             "one prediction, us",
             f"predict_one net={SMALL} count={{n}}", "us", lambda rate: 1e6 / rate, False, 2000,
             one_core=True, least_accuracy=0.90),
    Workload("predict_batch", "Predictions in batches, 784-50-10, one core",
             "predictions in batches, one core, samples/s",
             f"predict_batch net={SMALL} batch={{batch}} count={{n}}", "samples/s", lambda rate: rate,
             True, 10000, batches=(100, 1000), one_core=True, least_accuracy=0.90),
)}


@dataclass(frozen=True)
class Choice:
    """What a contestant runs a workload with."""
    setting: object
    program: str
    batch: int

    def label(self):
        parts = [self.setting.label]
        if self.program:
            parts.append(f"program {self.program}")
        if self.batch:
            parts.append(f"batch {self.batch}")
        return ", ".join(parts)


def line_for(workload, choice, n):
    line = workload.line.format(n=n, batch=choice.batch)
    if choice.program:
        line += f" program={choice.program}"
    return f"{line} {choice.setting.arguments}".strip()


def rate_of(workload, n, answer):
    """Samples, predictions or runs a second."""
    if workload.key.startswith("default_run"):
        return 1 / answer["seconds"]
    return workload.per_n * answer.get("done", n) / answer["seconds"]


def timed(worker, workload, choice, n, limit=120):
    answer = worker.ask(line_for(workload, choice, n), limit)
    return rate_of(workload, n, answer), answer


def count_for(worker, workload, choice, seconds, limit=120):
    """How many n fill about that many seconds; found by asking for more and more."""
    n = workload.first_n
    while True:
        _rate, answer = timed(worker, workload, choice, n, limit)
        took = max(answer["seconds"], 1e-6) * n / answer.get("done", n)
        if took > seconds / 4 or n > 10**8:
            return max(workload.first_n, int(n * seconds / took))
        n = int(n * min(20, 1.5 * seconds / 4 / took + 1))

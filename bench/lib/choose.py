"""choose.py - every contestant's best setting and program for every workload, found by trying them"""
import os

from .worker import Worker, WorkerFailed
from .workloads import ALL, Choice, count_for, timed


TRY_LIMIT = 20  # seconds for a word with a setting: one that takes longer is none of the best


class Pool:
    """The workers that are alive, each in its setting."""

    def __init__(self, data, environment, cores):
        self.data, self.environment, self.cores = data, environment, cores
        self.alive = {}

    def command_and_environment(self, contestant, workload, setting):
        command = contestant.command(workload) + [self.data]
        return command, self.environment | dict(setting.environment)

    def get(self, contestant, workload, setting):
        core = self.cores[-1] if workload in ALL and ALL[workload].one_core else None
        command, environment = self.command_and_environment(contestant, workload, setting)
        key = (tuple(command), setting.environment, core)
        if key not in self.alive:
            self.alive[key] = Worker(command, environment, core)
        return self.alive[key]

    def drop(self, worker):
        """One that failed is not asked again."""
        worker.close()
        self.alive = {key: w for key, w in self.alive.items() if w is not worker}

    def close(self):
        for worker in self.alive.values():
            worker.close()
        self.alive = {}


def fits(setting, workload):
    return setting.one_core or not workload.one_core


def _try(worker, contestant, workload, setting, seconds):
    """(rate, Choice) for each program and batch, best of two."""
    for program in contestant.programs_of(workload.key):
        for batch in workload.batches:
            choice = Choice(setting, program, batch)
            n = count_for(worker, workload, choice, seconds, TRY_LIMIT)
            yield max(timed(worker, workload, choice, n, TRY_LIMIT)[0] for _ in range(2)), choice


def _try_default_runs(pool, contestant, found, keys, complain):
    """The two best of training, and the best without settings, in a run of two evaluations."""
    trained = [choice for _rate, choice in found.get("train_small", [])]
    installed = [choice for choice in trained[2:] if choice.setting.as_installed]
    for key in keys:
        results = []
        for choice in trained[:2] + installed[:1]:
            try:
                worker = pool.get(contestant, key, choice.setting)
                results.append((timed(worker, ALL[key], choice, 1200)[0] * 1200 / 10000, choice))
            except WorkerFailed as failure:
                complain(f"{contestant.name}, {choice.label()}: {failure}")
        found[key] = sorted(results, key=lambda pair: -pair[0])


def choose(pool, contestant, wanted, seconds, complain):
    """{workload's key: [(rate, Choice), ...]}, the best first."""
    keys = [key for key in contestant.workloads if key in wanted and key in ALL]
    runs = [key for key in keys if key.startswith("default_run")]
    plain = [key for key in keys if key not in runs]
    if runs and "train_small" not in plain:
        plain.insert(0, "train_small")
    found = {key: [] for key in plain}
    for setting in contestant.settings:
        for key in plain:
            if not fits(setting, ALL[key]):
                continue
            try:
                worker = pool.get(contestant, key, setting)
            except (WorkerFailed, OSError) as failure:
                complain(f"{contestant.name}, {setting.label}: {failure}")
                break
            try:
                found[key].extend(_try(worker, contestant, ALL[key], setting, seconds))
            except WorkerFailed as failure:
                complain(f"{contestant.name}, {setting.label}, {key}: {failure}")
                pool.drop(worker)
        if len(pool.alive) > 2:
            pool.close()
    for results in found.values():
        results.sort(key=lambda pair: -pair[0])
    _try_default_runs(pool, contestant, found, runs, complain)
    pool.close()
    return found


def as_installed(results):
    """The best rate without any setting: what a user gets who knows nothing about all this."""
    rates = [rate for rate, choice in results if choice.setting.as_installed]
    return max(rates) if rates else None


def probe_coretypes(run_probe, flags):
    """{value of OPENBLAS_CORETYPE, "" for none: what blas_probe found}; slow and wrong ones too."""
    values = [""]
    if {"avx2", "fma"} <= flags:
        values += ["HASWELL", "ZEN"]
    if {"avx512f", "avx512dq", "avx512bw", "avx512vl"} <= flags:
        values.append("SKYLAKEX")
    if "avx512_bf16" in flags:
        values.append("COOPERLAKE")
    return {value: run_probe(value) for value in values}


def best_coretype(probes):
    right = [(found["gflops"], value) for value, found in probes.items() if found.get("right")]
    return max(right)[1] if right else ""


def probe_path():
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "blas_probe.py")

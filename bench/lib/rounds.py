"""rounds.py - the comparison itself: in turns, several rounds, each contestant with its best choice"""
import statistics
from dataclasses import dataclass, field

from .worker import WorkerFailed
from .workloads import ALL, count_for, timed

DISTURBED = 0.10  # cores used by others during a measurement that make it suspect


@dataclass
class Row:
    workload: str
    contestant: str
    key: str
    choice: str
    is_runnel: bool
    note: str = ""
    rates: list = field(default_factory=list)
    others: list = field(default_factory=list)  # cores used by other processes meanwhile
    accuracy: float = None
    least_accuracy: float = None
    installed_rate: float = None
    peak_kb: float = None
    bits: str = ""
    failure: str = ""

    @property
    def right(self):
        if self.failure:
            return False
        return self.accuracy is None or self.least_accuracy is None \
            or self.accuracy >= self.least_accuracy

    def median(self):
        return statistics.median(self.rates)


def spread(values):
    """Largest minus smallest, as a part of the median."""
    return (max(values) - min(values)) / statistics.median(values) if values else 0.0


def ratios(row, other):
    """How many times faster `row` was, round by round."""
    return [a / b for a, b in zip(row.rates, other.rates)]


def _guard(worker, contestant, workload, choice, row):
    guard = workload.guards.get(contestant.key, workload.guard)
    if guard is None:
        return
    line = workload.line.format(n=guard.iterations, batch=choice.batch).replace("check=0", "check=1")
    line = line.replace("warmup=10", "warmup=0").replace("warmup=2", "warmup=0")
    if contestant.is_runnel:
        line = line.replace("train ", "guard ", 1).replace(" check=1", "")
    if choice.program:
        line += f" program={choice.program}"
    answer = worker.ask(f"{line} {choice.setting.arguments}".strip(), limit=300)
    row.accuracy, row.least_accuracy = answer["accuracy"], guard.least
    row.bits = str(answer.get("bits", ""))


def _undisturbed(worker, workload, choice, n, patience):
    """Measured again, while there is patience, where other programs ran; whatever the number was."""
    while True:
        rate, answer = timed(worker, workload, choice, n)
        if answer["others"] <= DISTURBED or patience.left <= 0:
            return rate, answer
        patience.left -= answer["seconds"]
        patience.wait_until_quiet(DISTURBED)


def compare(pool, key, entries, plan, patience, say):
    """entries: (contestant, Choice, as-installed rate) -> rows with one rate a round."""
    workload = ALL[key]
    whole_run = key.startswith("default_run")
    rows, runners = [], []
    for contestant, choice, installed in entries:
        row = Row(key, contestant.name, contestant.key, choice.label(), contestant.is_runnel,
                  contestant.note, installed_rate=installed)
        rows.append(row)
        try:
            worker = pool.get(contestant, key, choice.setting)
            if workload.guard:
                _guard(worker, contestant, workload, choice, row)
            n = 10000 if whole_run else count_for(worker, workload, choice, plan.seconds)
            runners.append((row, worker, choice, n))
        except WorkerFailed as failure:
            row.failure = str(failure)
    for turn in range(plan.run_rounds if whole_run else plan.rounds):
        shift = turn % max(1, len(runners))
        for row, worker, choice, n in runners[shift:] + runners[:shift]:
            if row.failure:
                continue
            say(f"{workload.title}: round {turn + 1}, {row.contestant}")
            try:
                rate, answer = _undisturbed(worker, workload, choice, n, patience)
            except WorkerFailed as failure:
                row.failure = str(failure)
                continue
            row.rates.append(rate)
            row.others.append(answer["others"])
            if workload.least_accuracy:
                row.accuracy = min(answer["accuracy"], row.accuracy or 1.0)
                row.least_accuracy = workload.least_accuracy
            row.peak_kb = row.peak_kb or answer.get("peak_kb")
    return rows

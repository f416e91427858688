"""runnel sweep, killed or interrupted, goes on to the table of a sweep that was not; its command lines are true

    test_sweep.py RUNNEL resume|table

resume: the table is the same on any number of threads, and whatever killed the sweep in between, but for the column
of seconds. table: a row's command line, given to runnel train, comes to the validation score of the row; and how the
file is written.
"""
import csv
import fcntl
import json
import os
import pathlib
import random
import shlex
import signal
import subprocess
import sys
import tempfile
import time

# Long enough that a sweep is more than the start of the program, also on a fast machine: who is killed has come further.
SWEEP = ["sweep", "--data", "strokes", "--limit", "300", "--batch", "20", "--iterations", "1200", "--eval-every", "400",
         "--try", "lr=log 1e-3..1", "--try", "net=affine 20, relu, affine | affine", "--try", "ema=0..0.9", "--trials",
         "5", "--seeds", "2", "--keep-best"]


def table(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as f:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(f)]


def sweep(runnel, folder, name, *more):
    return subprocess.run([runnel, *SWEEP, "--out", name, *more], cwd=folder, check=True, capture_output=True, text=True)


def check_commands(runnel, folder, rows, scores=("validation_accuracy", "validation_loss")):
    for row in rows[::4]:
        words = shlex.split(row["command"])
        run = subprocess.run([runnel, *words[1:], "--out", "none", "--json", "--quiet"], cwd=folder, check=True,
                             capture_output=True, text=True)
        end = json.loads(run.stdout.splitlines()[-1])
        for key in scores:
            if abs(end[key] - float(row[key])) > 1e-8:  # JSON has nine digits
                sys.exit(f"{row['command']}: {key} is {end[key]}, but the table says {row[key]}")


def sweep_tables(runnel, folder):
    """Tables have defaults of their own, by their size, for each run; of numbers that are predicted R2 is compared."""
    random.seed(1)
    rows = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(200)]
    (folder / "numbers.csv").write_text("a,b,y\n" + "".join(f"{a:.4f},{b:.4f},{a * b + 2 * a:.4f}\n" for a, b in rows))
    (folder / "classes.csv").write_text("a,b,y\n" + "".join(f"{a:.4f},{b:.4f},{'in' if a * a + b * b < 0.5 else 'out'}\n"
                                                          for a, b in rows))
    tries = (["--try", "lr=log 0.003..0.1", "--try", "batch=10 | 20"],
             ["--try", "batch=10 | 20", "--try", "ema=0 | 0.9"])  # with the default learning rate
    for data, score in (("numbers", "validation_r2"), ("classes", "validation_accuracy")):
        for tried in tries:
            subprocess.run([runnel, "sweep", "--data", data + ".csv", "--target", "y", "--test-share", "0.2",
                            "--iterations", "60", *tried, "--trials", "4", "--out", "tables.csv", "--quiet"], cwd=folder,
                           check=True, stdout=subprocess.DEVNULL)
            found = table(folder, "tables.csv")
            if len(found) != 4 or any(row["status"] != "ok" for row in found):
                sys.exit(f"{data}: not four runs that are ok: {found}")
            check_commands(runnel, folder, found, [score])
            os.unlink(folder / "tables.csv")


def check_best(rows, out):
    best = out.strip().splitlines()[-1].strip()
    mean = {}
    for row in rows:
        mean.setdefault(row["trial"], []).append(float(row["validation_accuracy"]))
    score = {trial: sum(all) / len(all) for trial, all in mean.items()}
    told = [row for row in rows if row["command"] == best]
    if not told or told[0]["seed"] != "1" or score[told[0]["trial"]] < max(score.values()) - 1e-12:
        sys.exit(f"the best is said to be {best}, but the scores are {score}")


def kill_and_go_on(runnel, folder, whole):
    kills = 0
    began = time.monotonic()
    sweep(runnel, folder, "timed.csv", "--threads", "2")
    life = time.monotonic() - began
    for _ in range(200):
        run = subprocess.Popen([runnel, *SWEEP, "--out", "killed.csv", "--threads", "2"], cwd=folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(random.uniform(0, life / 2))
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
        kills += run.returncode == -signal.SIGKILL
        if run.returncode == 0:
            if table(folder, "killed.csv") != whole:
                sys.exit(f"after {kills} kills the table is another one")
            os.unlink(folder / "killed.csv")
            if kills >= 6:
                return kills
    sys.exit("it never came to its end")


def interrupt(runnel, folder):
    """Ctrl-C after the first run; far more are planned than can be done before the signal comes."""
    words = [runnel, *SWEEP, "--trials", "3000", "--out", "int.csv", "--json"]
    with subprocess.Popen(words, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.readline()
        run.send_signal(signal.SIGINT)
        words = run.communicate()[1]
    if run.returncode != 130 or "int.csv; the same command goes on from there" not in words:
        sys.exit(f"Ctrl-C: ended with {run.returncode}: {words}")
    if not 0 < len(table(folder, "int.csv")) < 6000:
        sys.exit("Ctrl-C: no table, or the whole one")


def write_as_others_do(runnel, folder, whole):
    """Links are followed, permissions kept, nothing else is touched."""
    (folder / "victim.txt").write_text("mine")
    (folder / "table.csv.part").symlink_to("victim.txt")
    (folder / "link.csv").symlink_to("table.csv")
    sweep(runnel, folder, "table.csv", "--seeds", "1")
    (folder / "table.csv").chmod(0o600)
    sweep(runnel, folder, "link.csv")
    if (folder / "victim.txt").read_text() != "mine":
        sys.exit("another file was written over")
    if not (folder / "link.csv").is_symlink() or table(folder, "table.csv") != whole:
        sys.exit("the link was not followed")
    if (folder / "table.csv").stat().st_mode & 0o777 != 0o600:
        sys.exit("the table's permissions are not what they were")


def one_at_a_time(runnel, folder, whole):
    """A second sweep with the same table is refused, by a link to it too; one that was killed stands in nobody's way."""
    (folder / "alias.csv").symlink_to("shared.csv")
    lock = folder / ".runnel-shared.csv.lock"
    (folder / "shared.csv").write_bytes((folder / "whole.csv").read_bytes())
    lock.touch()  # as a killed one leaves it
    with open(lock, "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for name in ("shared.csv", "./shared.csv", "alias.csv"):
            run = subprocess.run([runnel, *SWEEP, "--out", name], cwd=folder, capture_output=True, text=True, check=False)
            if run.returncode != 1 or "another runnel sweep is writing this table" not in run.stderr:
                sys.exit(f"{name}: a second sweep ended with {run.returncode}: {run.stderr}")
    sweep(runnel, folder, "shared.csv")
    os.unlink(folder / "shared.csv")
    runs = [subprocess.Popen([runnel, *SWEEP, "--out", "shared.csv"], cwd=folder, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ends = [(run.communicate()[1], run.returncode) for run in runs]
    if any(end and "another runnel sweep" not in words for words, end in ends) or all(end for _, end in ends):
        sys.exit(f"three sweeps with one table: {ends}")
    if table(folder, "shared.csv") != whole or list(folder.glob(".*")):
        sys.exit(f"three sweeps made another table than one, or left something behind: {os.listdir(folder)}")


def main():
    runnel, part = os.path.abspath(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        out = sweep(runnel, folder, "whole.csv", "--threads", "1").stdout
        whole = table(folder, "whole.csv")
        if len(whole) != 10 or [row["trial"] + row["seed"] for row in whole[:3]] != ["11", "12", "21"]:
            sys.exit(f"not the table of five trials with two seeds: {whole}")
        if part == "table":
            check_commands(runnel, folder, whole)
            check_best(whole, out)
            sweep_tables(runnel, folder)
            write_as_others_do(runnel, folder, whole)
            one_at_a_time(runnel, folder, whole)
            return
        sweep(runnel, folder, "three.csv", "--threads", "3")
        if table(folder, "three.csv") != whole:
            sys.exit("three threads made another table than one")
        kills = kill_and_go_on(runnel, folder, whole)
        interrupt(runnel, folder)
        print(f"{kills} kills, the same table")


main()

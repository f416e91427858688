"""runnel train, killed or interrupted, goes on from its checkpoint to the very bytes of a run that was not

    test_resume.py RUNNEL

A run with everything that leaves something behind from one update to the next (an update rule with a memory,
an average, running means, dropout, shuffled epochs, the best so far) is killed at random moments, at its start
and in the middle of a save too, and started again each time, until it has been killed 20 times and has come to
its end at least once. Model and history are compared with those of a run without checkpoints; nothing but the
files that were asked for is left in the folder.
"""
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

KILLS = 20
RUN = ["--data", "strokes", "--limit", "300", "--test-limit", "50", "--net", "affine 12, batchnorm, relu, dropout 0.2, affine",
       "--batch", "20", "--iterations", "150", "--eval-every", "17", "--sampling", "shuffled", "--optimizer", "adamw",
       "--lr", "0.01", "--schedule", "warmup 10, cosine", "--clip", "2", "--ema", "0.9", "--validation", "0.2",
       "--keep-best", "--augment", "shift 1, rotate 5, elastic 20 4", "--quiet"]


def start(runnel, folder, name, *more, **how):
    words = [runnel, "train", *RUN, "--out", name, "--history", name + ".csv", *more]
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, text=True, **how)


def finish(run, expected=0):
    words = run.communicate(timeout=100)[1]
    if run.returncode != expected:
        sys.exit(f"{run.args} ended with {run.returncode}: {words}")
    return words


def contents(folder, name):
    return [(folder / file).read_bytes() for file in (name, name + ".csv")]


def checkpointed(folder):
    return ["--checkpoint", "run.ckpt", "--every", "2", *(["--resume", "run.ckpt"] if (folder / "run.ckpt").exists() else [])]


def compare(folder, whole, when):
    if contents(folder, "killed") != whole:
        sys.exit(f"{when}: the model or the history is not that of a run that was never stopped")
    left = sorted(set(os.listdir(folder)) - {"whole", "whole.csv", "killed", "killed.csv", "run.ckpt"})
    if left:
        sys.exit(f"{when}: {left} was left behind")


def kill_and_resume(runnel, folder, whole):
    began = time.monotonic()
    finish(start(runnel, folder, "killed", *checkpointed(folder)))
    life = time.monotonic() - began
    compare(folder, whole, "checkpoints, and never stopped")
    finish(start(runnel, folder, "killed", *checkpointed(folder)))
    compare(folder, whole, "resumed at its end")
    (folder / "run.ckpt").unlink()
    kills = complete = 0
    while kills < KILLS or not complete:
        run = start(runnel, folder, "killed", *checkpointed(folder), stderr=subprocess.PIPE)
        try:
            run.wait(random.uniform(0, life * (0.8 + kills / KILLS)))
        except subprocess.TimeoutExpired:
            run.kill()
        run.communicate()
        if run.returncode == -signal.SIGKILL:
            kills += 1
            continue
        finish(run)
        complete += 1
        compare(folder, whole, f"after {kills} kills")
        for file in ("run.ckpt", "killed", "killed.csv"):
            (folder / file).unlink()
    return kills, complete


def interrupt_and_resume(runnel, folder):
    """Ctrl-C: what is printed fills a pipe that nobody reads, so that the run cannot come to its end before."""
    run = ["train", "--data", "strokes", "--limit", "60", "--test-limit", "20", "--net", "affine 2, relu, affine",
           "--batch", "10", "--iterations", "4000", "--eval-every", "1", "--out", "int.st",
           "--history", "int.st.csv"]
    with subprocess.Popen([runnel, *run, "--checkpoint", "int.ckpt"], cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as first:
        for _ in range(4):
            first.stdout.readline()
        first.send_signal(signal.SIGINT)
        words = first.communicate()[1]
    if first.returncode != 130 or "runnel train --resume int.ckpt goes on from here" not in words:
        sys.exit(f"Ctrl-C: ended with {first.returncode}: {words}")
    stopped = contents(folder, "int.st")
    resumed = subprocess.run([runnel, *run, "--resume", "int.ckpt"], cwd=folder, check=True, text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr
    if not re.search("^resumed  int.ckpt: goes on with update [0-9]+$", resumed, re.MULTILINE):
        sys.exit(f"Ctrl-C: it is not told where the run goes on: {resumed}")
    subprocess.run([runnel, *run, "--out", "direct.st", "--history", "direct.st.csv", "--quiet"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    if contents(folder, "int.st") != contents(folder, "direct.st") or contents(folder, "int.st") == stopped:
        sys.exit("Ctrl-C: what was resumed is not what would have been")
    other = subprocess.run([runnel, *run, "--resume", "int.ckpt", "--lr", "0.2", "--quiet"], cwd=folder, text=True,
                           capture_output=True)
    wanted = "int.ckpt: comes from a run with \"lr 0.1\", but this one has \"lr 0.2\""
    if other.returncode != 2 or wanted not in other.stderr:
        sys.exit(f"another learning rate: ended with {other.returncode}: {other.stderr}")


def main():
    runnel = os.path.abspath(sys.argv[1])
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a busy disk makes a save slow
    with tempfile.TemporaryDirectory(dir=memory) as made:
        folder = pathlib.Path(made)
        finish(start(runnel, folder, "whole"))
        kills, complete = kill_and_resume(runnel, folder, contents(folder, "whole"))
    with tempfile.TemporaryDirectory(dir=memory) as made:
        interrupt_and_resume(runnel, pathlib.Path(made))
    print(f"{kills} kills, {complete} runs came to their end: the same bytes")


main()

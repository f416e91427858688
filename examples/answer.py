"""answer.py - examples/answer.c gives the answers that `runnel predict` gives

    answer.py RUNNEL ANSWER TABLE       a table of numbers with a class at the end of each row
"""
import csv
import os
import subprocess
import sys
import tempfile


def check(folder, runnel, answer, table):
    def run(*command, **options):
        return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, **options).stdout

    run(runnel, "train", "--data", table, "--epochs", "20", "--quiet", "--out", "model.safetensors")
    wanted = list(csv.DictReader(run(runnel, "predict", "model.safetensors", table).splitlines()))
    inputs = list(wanted[0])[:list(wanted[0]).index("class") - 1]
    rows = "".join(" ".join(row[name] for name in inputs) + "\n" for row in wanted)
    answers = [line.rsplit(" ", 1) for line in run(answer, "model.safetensors", input=rows).splitlines()]
    assert len(answers) == len(wanted), f"{len(answers)} answers to {len(wanted)} rows"
    for (name, probability), row in zip(answers, wanted):
        assert name == row["class"], (name, row)
        assert abs(float(probability) - float(row["p_" + name])) < 1e-4, (probability, row)
    for text, expected in ("", None), ("1 x\n", "found 1 and then something else"), (rows + "1\n", "found 1 and then the end"):
        told = subprocess.run([answer, "model.safetensors"], cwd=folder, input=text, capture_output=True, text=True)
        assert told.returncode == (expected is not None), (text, told)
        assert (expected or "") in told.stderr, (text, told.stderr)
    print(f"{table}: {len(answers)} rows: the same answers")


with tempfile.TemporaryDirectory() as folder:
    times = os.path.join(folder, "times.csv")  # of which single precision holds every 128th second
    with open(times, "w", encoding="ascii") as f:
        f.write("time,x,kind\n" + "".join(f"{1700000000 + 7 * i},{i % 5},{'late' if i > 50 else 'early'}\n"
                                          for i in range(100)))
    programs = [os.path.abspath(path) for path in sys.argv[1:3]]
    check(folder, *programs, os.path.abspath(sys.argv[3]))
    check(folder, *programs, times)

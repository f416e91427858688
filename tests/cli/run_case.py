"""Golden tests of the command line: a case is a file that reads like a terminal.

      $ runnel fetsh
      runnel: unknown verb fetsh; did you mean fetch?
      [2]

Indented lines are a session: after "$ " (and "> ", its further lines) stands a command for sh, then
what it prints on standard output and standard error, then its exit status where that is not 0. A
line that ends in " (re)" is a regular expression. All else is a comment. The commands of a case
share an empty folder, which is their home as well; no network is reached from there.

    run_case.py RUNNEL CASE            does the program do what the case says?
    run_case.py RUNNEL CASE --update   writes down what it does now; then read the difference
"""

import difflib
import os
import re
import signal
import subprocess
import sys
import tempfile

PATIENCE = 100  # seconds
MARK = "--- end of command"


def read(path):
    """The case as a list of blocks: text, or (command lines, expected lines)."""
    blocks = []
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            if line.startswith("  $ "):
                blocks.append(([line[4:]], []))
            elif line.startswith("  > ") and blocks and isinstance(blocks[-1], tuple):
                blocks[-1][0].append(line[4:])
            elif line.startswith("  ") and blocks and isinstance(blocks[-1], tuple):
                blocks[-1][1].append(line[2:])
            else:
                blocks.append(line)
    return blocks


def run(runnel, path, commands):
    """What each command prints, then [status] where it is not 0."""
    script = "".join("%s\necho \"\n%s $?\"\n" % ("\n".join(c), MARK) for c in commands)
    with tempfile.TemporaryDirectory() as folder:
        keep = {k: os.environ[k] for k in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH",
                                           "LD_PRELOAD") if k in os.environ}
        nowhere = "http://127.0.0.1:9"  # a proxy that nobody runs
        env = dict(keep, HOME=folder, TMPDIR=folder, LC_ALL="C", http_proxy=nowhere,
                   https_proxy=nowhere, PYTHON=sys.executable, TERM="xterm",
                   CASES=os.path.dirname(os.path.abspath(path)),
                   PATH=os.path.dirname(os.path.abspath(runnel)) + ":" + os.environ["PATH"])
        with subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", errors="backslashreplace",
                              cwd=folder, env=env, start_new_session=True) as shell:
            try:
                out = shell.communicate(script, timeout=PATIENCE)[0]
            except subprocess.TimeoutExpired:
                os.killpg(shell.pid, signal.SIGKILL)  # what it started, too
                sys.exit("no end after %d s" % PATIENCE)
        out = out.replace(folder, "$HOME")
    results, lines = [], []
    for line in out.split("\n"):
        if not line.startswith(MARK):
            lines.append(line)
            continue
        status = line[len(MARK) + 1:]
        # the empty line before the mark ends an unfinished line, or is ours
        lines = lines[:-1] if lines and lines[-1] == "" else lines + ["(no line end)"]
        results.append(lines + (["[%s]" % status] if status != "0" else []))
        lines = []
    if len(results) < len(commands):
        sys.exit("the shell ended early:\n" + out)
    return results


def same(expected, found):
    return expected == found or (expected.endswith(" (re)") and
                                 re.fullmatch(expected[:-5], found) is not None)


def merge(expected, found):
    """The expected lines, but what was found where they differ."""
    if len(expected) == len(found):
        return [e if same(e, f) else f for e, f in zip(expected, found)]
    return found


def main():
    runnel, path = sys.argv[1:3]
    blocks = read(path)
    sessions = [b for b in blocks if isinstance(b, tuple)]
    results = run(runnel, path, [c for c, _ in sessions])
    want, got = [], []
    results.reverse()
    for block in blocks:
        if isinstance(block, str):
            want.append(block)
            got.append(block)
            continue
        command, expected = block
        lines = ["  $ " + command[0]] + ["  > " + c for c in command[1:]]
        want += lines + ["  " + e for e in expected]
        got += lines + ["  " + g for g in merge(expected, results.pop())]
    if want == got:
        return 0
    if "--update" in sys.argv:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(got) + "\n")
    print("\n".join(difflib.unified_diff(want, got, path + ": expected", "found", lineterm="")))
    return 1


# What is started in the background may find these ignored; the program keeps ignored signals so.
for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, signal.SIG_DFL)
sys.exit(main())

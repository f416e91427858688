"""Starts a training run whose standard error is a terminal, waits for the progress line, presses Ctrl-C,
and prints the first progress line and what, but for others of its kind, came after it.

terminal.py COMMAND...     ends as the command does
"""

import os
import pty
import re
import signal
import subprocess
import sys

PROGRESS = re.compile(r"\r\x1b\[K *(\d+ of \d+, loss [\d.]+, [\d.]+[kM]? samples/s, [\d:]+(?: days)? left)")

terminal, end = pty.openpty()
with subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=end) as run:
    os.close(end)
    seen, asked = "", False
    while True:
        try:
            seen += os.read(terminal, 4096).decode()
        except OSError:  # the other end is closed: the program has ended
            break
        if not asked and PROGRESS.search(seen):
            run.send_signal(signal.SIGINT)
            asked = True
lines = list(PROGRESS.finditer(seen))
print(lines[0][1])
# one more may be drawn before the signal is looked at
rest = PROGRESS.sub("", seen[lines[0].end():])
print(rest.replace("\r\n", "\n").replace("\r", "<return>").replace("\x1b[K", "<clear>"), end="")
sys.exit(run.returncode)

"""Starts a training run, waits until it has printed some accuracies, and sends it a signal.

interrupt.py SIGNAL COMMAND...     ends as the command does
"""

import signal
import subprocess
import sys

with subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, text=True) as run:
    for _ in range(4):
        run.stdout.readline()
    run.send_signal(getattr(signal, sys.argv[1]))
    run.stdout.read()
sys.exit(run.returncode)

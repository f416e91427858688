"""Starts a training run, waits until it has printed some accuracies, and sends it a signal: at once, or a little later, while it computes.

interrupt.py SIGNAL[+MILLISECONDS] COMMAND...     ends as the command does
"""

import signal
import subprocess
import sys
import time

with subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, text=True) as run:
    for _ in range(4):
        run.stdout.readline()
    name, _, later = sys.argv[1].partition("+")
    time.sleep(float(later or 0) / 1000)
    run.send_signal(getattr(signal, name))
    run.stdout.read()
sys.exit(run.returncode)

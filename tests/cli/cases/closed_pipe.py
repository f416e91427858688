"""Runs a program whose standard output is a pipe that nobody reads any more."""

import os
import subprocess
import sys

reading, writing = os.pipe()
os.close(reading)
sys.exit(subprocess.run(sys.argv[1:], stdout=writing).returncode)

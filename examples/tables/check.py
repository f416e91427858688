"""check.py - runs an example, and looks at what it reached

    check.py RUNNEL EXAMPLE.sh MEASURE LEAST        MEASURE of the test rows must be LEAST at least
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

runnel, example, measure, least = sys.argv[1:]
env = dict(os.environ, PATH=f"{pathlib.Path(runnel).resolve().parent}:{os.environ['PATH']}")
with tempfile.TemporaryDirectory() as folder:
    subprocess.run(["sh", os.path.abspath(example)], cwd=folder, env=env, check=True)
    model = next(pathlib.Path(folder).glob("*.safetensors"))
    score = json.loads(subprocess.run(["runnel", "eval", model, "--json", "--quiet"], cwd=folder, env=env, check=True,
                                      stdout=subprocess.PIPE).stdout)[measure]
print(f"{measure} {score:.4f}, expected {least} at least")
sys.exit(score < float(least))

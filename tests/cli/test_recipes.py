"""What the recipes reach on MNIST, where RUNNEL_DATA names its folder; short runs, the same on every machine.

test_recipes.py PATH-OF-runnel
"""
import json
import os
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop(1)
SKIPPED = 77


def evaluations(*options):
    """[(updates, test accuracy)]"""
    command = [PROGRAM, "train", "--json", "--quiet", "--out", "none", "--history", "none", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    events = map(json.loads, done.stdout.splitlines())
    return [(e["iteration"], e["test_accuracy"]) for e in events if e["event"] == "evaluation"]


class Recipes(unittest.TestCase):
    def test_fast_is_soon_good(self):
        found = evaluations("--recipe", "fast", "--eval-every", "400")
        self.assertGreater(max(accuracy for updates, accuracy in found if updates <= 1200), 0.97)
        self.assertGreater(found[-1][1], 0.98)

    def test_deformed_pictures_teach_what_the_others_are(self):
        found = evaluations("--recipe", "simard", "--epochs", "1")
        self.assertGreater(found[-1][1], 0.96)


if __name__ == "__main__":
    if not os.path.isfile(os.path.join(os.environ.get("RUNNEL_DATA", ""), "train-images-idx3-ubyte.gz")):
        print("RUNNEL_DATA names no folder with MNIST: skipped")
        sys.exit(SKIPPED)
    unittest.main()

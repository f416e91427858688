"""test_bench.py - the bench itself: its arithmetic, its judgement, and one short word with each worker

    test_bench.py [FOLDER OF BUILT WORKERS]

No test looks at a time; the data are a few random pictures in a folder of their own.
"""
import importlib.machinery
import importlib.util
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

from lib import choose, contestants, machine, report, rounds, worker, workloads  # noqa: E402

BUILT = sys.argv.pop(1) if len(sys.argv) > 1 else None
TRAIN_LARGE = workloads.ALL["train_large"]


def write_mnist(folder, train=300, test=1000):
    """Pictures whose class is where their bright stripe lies, with some noise."""
    noise = random.Random(1)
    for part, n in (("train", train), ("t10k", test)):
        classes = bytes(i % 10 for i in range(n))
        with open(os.path.join(folder, f"{part}-labels-idx1-ubyte"), "wb") as file:
            file.write(struct.pack(">ii", 0x801, n) + classes)
        with open(os.path.join(folder, f"{part}-images-idx3-ubyte"), "wb") as file:
            file.write(struct.pack(">iiii", 0x803, n, 28, 28))
            for k in classes:
                picture = bytearray(noise.randrange(40) for _ in range(784))
                picture[56 * k:56 * k + 56] = bytes([220]) * 56
                file.write(picture)


def row(key, rates, accuracy=None, workload="train_small", name=None):
    return rounds.Row(workload, name or key, key, "a setting", key.startswith("runnel"), rates=rates,
                      others=[0.0] * len(rates), accuracy=accuracy, least_accuracy=0.94)


class Arithmetic(unittest.TestCase):
    def test_answer_becomes_numbers_and_words(self):
        self.assertEqual(worker.parse("seconds=0.5 name=x=y"), {"seconds": 0.5, "name": "x=y"})

    def test_rate_counts_what_was_done(self):
        small, run = workloads.ALL["train_small"], workloads.ALL["default_run"]
        self.assertEqual(workloads.rate_of(small, 10, {"seconds": 2.0}), 500)
        self.assertEqual(workloads.rate_of(small, 10, {"seconds": 2.0, "done": 20}), 1000)
        self.assertEqual(run.show(workloads.rate_of(run, 10000, {"seconds": 4.0})), 4.0)

    def test_operations_of_a_sample(self):
        # forward and dW of both layers, dx of the second alone
        self.assertEqual(workloads.layer_flop([784, 50, 10]), 2 * (2 * 784 * 50 + 3 * 50 * 10))

    def test_ratio_is_of_the_same_round(self):
        self.assertEqual(rounds.ratios(row("a", [4, 9]), row("b", [2, 3])), [2, 3])

    def test_spread(self):
        self.assertAlmostEqual(rounds.spread([9, 10, 12]), 0.3)

    def test_threads_tried(self):
        self.assertEqual(contestants.thread_counts(1), [1])
        self.assertEqual(contestants.thread_counts(2), [1, 2])
        self.assertEqual(contestants.thread_counts(6), [1, 2, 4, 6])

    def test_every_setting_is_tried_once(self):
        for settings in (contestants.blas_settings(4, "SKYLAKEX"),
                         contestants.torch_settings(4, "SKYLAKEX", "x86_64")):
            labels = [s.label for s in settings]
            self.assertEqual(len(labels), len(set(labels)))
            self.assertTrue(any(s.one_core for s in settings))
            self.assertEqual(sum(s.as_installed for s in settings), 1)

    def test_wrong_kernels_are_not_chosen(self):
        probes = {"": {"gflops": 1.0, "right": True}, "FAST": {"gflops": 9.0, "right": False},
                  "GOOD": {"gflops": 5.0, "right": True}, "DEAD": {"failure": "x", "right": False}}
        self.assertEqual(choose.best_coretype(probes), "GOOD")
        self.assertEqual(choose.best_coretype({}), "")


class FakeWorker:
    """Takes `each` seconds for one of n."""

    def __init__(self, each):
        self.each, self.asked = each, []

    def ask(self, line, limit=120):
        self.asked.append(line)
        n = int(next(w for w in line.split() if w.startswith(("iterations=", "count="))).split("=")[1])
        return {"seconds": self.each * n, "others": 0.0, "accuracy": 0.97}


class FakePool:
    def __init__(self, each_of):
        self.each_of, self.alive = each_of, {}

    def get(self, _contestant, _workload, setting):
        return FakeWorker(self.each_of[setting.label])

    def drop(self, _worker):
        pass

    def close(self):
        pass


class Judgement(unittest.TestCase):
    def test_count_fills_the_wanted_time(self):
        choice = workloads.Choice(contestants.Setting("x"), "", 0)
        n = workloads.count_for(FakeWorker(1e-4), workloads.ALL["train_small"], choice, 0.5)
        self.assertAlmostEqual(n * 1e-4, 0.5, places=3)

    def test_slow_one_is_asked_once(self):
        slow = FakeWorker(10.0)
        choice = workloads.Choice(contestants.Setting("x"), "", 0)
        self.assertEqual(workloads.count_for(slow, TRAIN_LARGE, choice, 0.5), TRAIN_LARGE.first_n)
        self.assertEqual(len(slow.asked), 1)

    def test_the_fastest_setting_is_chosen(self):
        settings = [contestants.Setting("slow", as_installed=True), contestants.Setting("fast")]
        one = contestants.Contestant("one", "one", {"": ["x"]}, ("train_small",), settings)
        found = choose.choose(FakePool({"slow": 1e-3, "fast": 1e-4}), one, ["train_small"], 0.01, self.fail)
        self.assertEqual(found["train_small"][0][1].setting.label, "fast")
        self.assertAlmostEqual(choose.as_installed(found["train_small"]), 1e5, delta=1)

    def test_a_wrong_result_is_called_wrong(self):
        good, bad = row("runnel", [200.0], 0.95), row("numpy", [100.0], 0.50)
        self.assertTrue(good.right)
        self.assertFalse(bad.right)
        text = report.race("train_small", [bad, good])
        self.assertRegex(text, r"numpy .* 2\.00 .* 50\.0 % WRONG")
        self.assertNotRegex(text, r"\| runnel .*WRONG")

    def test_a_failure_is_told(self):
        broken = row("numpy", [])
        broken.failure = "it ended"
        self.assertIn("numpy failed: it ended", report.race("train_small", [broken, row("runnel", [1.0])]))

    def test_disturbed_measurements_are_counted(self):
        noisy = row("runnel", [1.0, 1.0])
        noisy.others = [0.0, 1.5]
        self.assertIn("1 of 2 measurements", report.race("train_small", [noisy]))

    def test_a_disturbed_measurement_is_made_again_with_patience_only(self):
        class Disturbed(FakeWorker):
            def ask(self, line, limit=120):
                return super().ask(line) | {"others": 1.0 if len(self.asked) < 3 else 0.0}

        class Quiet(machine.Patience):
            def wait_until_quiet(self, cores_at_most):
                pass

        choice = workloads.Choice(contestants.Setting("x"), "", 0)
        for seconds, asked in ((100, 3), (0, 1)):
            busy = Disturbed(0.1)
            rounds._undisturbed(busy, TRAIN_LARGE, choice, 3, Quiet(seconds))
            self.assertEqual(len(busy.asked), asked)

    def test_tables_are_aligned(self):
        lines = report.table(["", "b"], [["long name", "1"], ["x", "1,000"]]).splitlines()
        self.assertEqual(len(set(map(len, lines))), 1)

    def test_json_has_the_ratios(self):
        races = {"train_small": [row("runnel", [30.0, 40.0, 80.0]), row("numpy", [10.0, 20.0, 20.0])]}
        text = report.as_json({"races": races})
        self.assertIn('"runnel_is_faster_by": 3.0', text)
        self.assertIn('"ratio_most": 4.0', text)


@unittest.skipUnless(BUILT, "no folder of built workers was given")
class Workers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        write_mnist(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def once(self, program, line):
        return worker.once([os.path.join(BUILT, program), self.folder.name], dict(os.environ), line)

    def test_training_learns_with_the_same_bits_on_any_threads(self):
        line = "guard net=784-20-10 batch=50 iterations=200 threads="
        one, three = self.once("bench_train", line + "1"), self.once("bench_train", line + "3")
        self.assertGreater(one["accuracy"], 0.9)
        self.assertEqual(one["bits"], three["bits"])

    def test_train_counts_its_updates(self):
        answer = self.once("bench_train", "train net=784-20-10 batch=10 iterations=100")
        self.assertGreaterEqual(answer["done"], 100)
        self.assertGreater(answer["seconds"], 0)

    def test_default_run_both_ways(self):
        for loss in ("before", "after"):
            answer = self.once("bench_train", f"default_run batch=50 iterations=200 loss={loss}")
            self.assertGreater(answer["accuracy"], 0.9)
            self.assertLess(answer["loss"], 1.0)
            self.assertGreater(answer["peak_kb"], 1000)

    def test_first_update(self):
        self.assertGreater(self.once("bench_train", "first batch=10")["at"], 0)

    def test_predictions_are_right(self):
        for line in ("predict_one count=500", "predict_batch batch=30 count=500"):
            answer = self.once("bench_predict", line)
            self.assertGreater(answer["accuracy"], 0.9)
            self.assertGreaterEqual(answer["done"], 500)

    def test_every_kernel_runs(self):
        names = self.once("bench_kernels", "list")
        self.assertGreater(len(names), 10)
        for name, unit in names.items():
            for threads in (1, 2):
                answer = self.once("bench_kernels", f"kernel program={name} net=30-20 batch=40 "
                                   f"backend=portable threads={threads} seconds=0.001")
                self.assertGreater(answer[unit], 0)

    def test_nonsense_is_refused(self):
        for program, line in (("bench_train", "sing"), ("bench_train", "train colour=red"),
                              ("bench_kernels", "kernel program=none net=1-1"),
                              ("bench_train", "train backend=none"), ("bench_predict", "")):
            with self.assertRaises(worker.WorkerFailed):
                self.once(program, line)
        done = subprocess.run([os.path.join(BUILT, "bench_train")], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage:", done.stderr)

    def test_a_worker_lives_on_and_is_stopped_between_questions(self):
        kept = worker.Worker([os.path.join(BUILT, "bench_train"), self.folder.name], dict(os.environ))
        try:
            self.assertIn("version", kept.about)
            for _ in range(2):
                self.assertIn("bits", kept.ask("guard batch=10 iterations=5"))
                with open(f"/proc/{kept.process.pid}/stat", encoding="ascii") as stat:
                    self.assertEqual(stat.read().rsplit(")", 1)[1].split()[0], "T")
            with self.assertRaises(worker.WorkerFailed):
                kept.ask("sing")
            self.assertIn("bits", kept.ask("guard batch=10 iterations=5"))
        finally:
            kept.close()

    def test_one_that_dies_says_why(self):
        with self.assertRaisesRegex(worker.WorkerFailed, "usage"):
            worker.Worker([os.path.join(BUILT, "bench_train"), "a", "b"], dict(os.environ))


class Peers(unittest.TestCase):
    """Each in its own Python, where its package is installed."""

    def learns(self, peer, module, programs):
        if subprocess.run([contestants.PYTHON, "-c", f"import {module}"], capture_output=True,
                          check=False).returncode:
            self.skipTest(f"{module} is not installed")
        environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", TORCH_THREADS="1")
        with tempfile.TemporaryDirectory() as folder:
            write_mnist(folder, train=300, test=200)
            command = [contestants.PYTHON, os.path.join(HERE, "peers", peer), folder]
            for program in programs:
                answer = worker.once(command, environment, "train net=784-20-10 batch=50 "
                                     f"iterations=300 program={program}")
                self.assertGreater(answer["accuracy"], 0.9, program)

    def test_numpy(self):
        self.learns("numpy_two_layer.py", "numpy", ("book", "plain", "tuned"))

    def test_torch(self):
        self.learns("torch_two_layer.py", "torch", ("module", "functional", "script", "by_hand"))

    def test_sklearn(self):
        self.learns("sklearn_two_layer.py", "sklearn", ("public",))


class TimeToAccuracy(unittest.TestCase):
    script = os.path.join(HERE, "time_to_accuracy")

    def test_first_time_and_median(self):
        loader = importlib.machinery.SourceFileLoader("time_to_accuracy", self.script)
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
        loader.exec_module(module)
        runs = [[(0, 0.0, 0.1), (10, 0.5, 0.972), (20, 1.0, 0.96), (30, 1.5, 0.985)],
                [(0, 0.0, 0.1), (10, 0.4, 0.96), (20, 0.9, 0.97), (30, 1.4, 0.975)],
                [(0, 0.0, 0.1), (10, 0.6, 0.98), (20, 1.1, 0.98), (30, 1.6, 0.99)]]
        self.assertEqual(module.first_at(runs[0], 0.97), (10, 0.5))
        self.assertEqual(module.row("fast", runs), ["fast", "3", "0.60 (10)", "1.50 (30)", "not reached",
                                                    "1.50 (30)", "98.50", "97.50"])

    @unittest.skipUnless(BUILT, "no folder of built programs was given")
    def test_asks_the_program(self):
        program = os.path.join(BUILT, os.pardir, "src", "cli", "runnel")
        command = [sys.executable, self.script, "--program", program, "--recipes", "classic,fast", "--seeds", "2",
                   "--data", "strokes", "--every", "10", "--", "--limit", "500", "--test-limit", "200",
                   "--iterations", "40"]
        table = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertEqual([line.split()[1] for line in (table[0], *table[2:4])], ["recipe", "classic", "fast"])


if __name__ == "__main__":
    unittest.main()

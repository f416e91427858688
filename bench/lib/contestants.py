"""contestants.py - who takes part, and which settings of each are tried

A setting is what a user could choose without changing his program: environment variables, the flavour
of OpenBLAS, a number of threads. A program is one of several ways of writing the same thing. Each
contestant's best combination is found per workload by trying them (choose.py), and printed.
"""
import os
from dataclasses import dataclass, field

PYTHON = "/usr/bin/python3"  # the distribution's, which sees the distribution's packages
OPENBLAS_OPENMP = "/usr/lib/{}-linux-gnu/openblas-openmp"

TRAIN = ("train_small", "train_large")
PREDICT = ("predict_one", "predict_batch")


@dataclass(frozen=True)
class Setting:
    label: str
    environment: tuple = ()    # pairs
    arguments: str = ""        # added to every line
    as_installed: bool = False
    one_core: bool = False     # takes part in workloads on one core (pinned there)


@dataclass
class Contestant:
    name: str
    key: str
    commands: dict             # workload -> command without the data folder; "" for the others
    workloads: tuple
    settings: list
    programs: dict = field(default_factory=dict)  # workload -> names; "" for the others
    is_runnel: bool = False
    note: str = ""

    def command(self, workload):
        return self.commands.get(workload, self.commands.get(""))

    def programs_of(self, workload):
        return self.programs.get(workload, self.programs.get("", [""]))


def thread_counts(cores):
    """1, 2, then doubling, and all."""
    counts, count = [1], 2
    while count < cores:
        counts.append(count)
        count *= 2
    return counts + ([cores] if cores > 1 else [])


def openmp_flavour(architecture):
    folder = OPENBLAS_OPENMP.format(architecture)
    return folder if os.path.exists(os.path.join(folder, "libblas.so.3")) else None


def blas_settings(cores, coretype):
    """For numpy and scikit-learn, which spend their time in OpenBLAS."""
    core = (("OPENBLAS_CORETYPE", coretype),) if coretype else ()
    kernels = f"OPENBLAS_CORETYPE={coretype} " if coretype else ""
    settings = [Setting("as installed", as_installed=True)]
    for threads in thread_counts(cores):
        settings.append(Setting(f"{kernels}OPENBLAS_NUM_THREADS={threads}",
                                core + (("OPENBLAS_NUM_THREADS", str(threads)),),
                                one_core=threads == 1))
    return settings


def torch_settings(cores, coretype, architecture):
    """PyTorch has two pools of threads, its own and OpenBLAS's; and an AVX-512 build of its
    element-wise operations that it does not choose by itself."""
    core = (("OPENBLAS_CORETYPE", coretype),) if coretype else ()
    kernels = f"OPENBLAS_CORETYPE={coretype} " if coretype else ""
    settings = [Setting("as installed", as_installed=True)]

    def add(threads, blas, wide=False, flavour=None):
        text = f"{kernels}torch.set_num_threads({threads})"
        env = core + (("TORCH_THREADS", str(threads)),)
        if flavour:
            text += " OpenBLAS-openmp"
            env += (("LD_LIBRARY_PATH", flavour), ("OMP_NUM_THREADS", str(threads)))
        else:
            text += f" OPENBLAS_NUM_THREADS={blas}"
            env += (("OPENBLAS_NUM_THREADS", str(blas)),)
        if wide:
            text += " ATEN_CPU_CAPABILITY=avx512"
            env += (("ATEN_CPU_CAPABILITY", "avx512"),)
        settings.append(Setting(text, env, one_core=threads == 1 and (blas == 1 or bool(flavour))))

    wides = (False, True) if coretype in ("SKYLAKEX", "COOPERLAKE") else (False,)
    flavour = openmp_flavour(architecture)
    for wide in wides:
        add(1, 1, wide)
    for threads in thread_counts(cores)[1:]:
        for wide in wides:
            add(threads, 1, wide)
        add(1, threads)
        add(threads, threads)
        if flavour:
            add(threads, threads, flavour=flavour)
    return settings


def all_contestants(here, build, cores, coretype, architecture):
    """`here` is the bench's folder, `build` where the C workers were built."""
    def built(name):
        return os.path.join(build, "bench", name)

    def peer(name):
        return [PYTHON, os.path.join(here, "peers", name)]

    default_runs = ("default_run", "default_run_before")
    torch_programs = {"": ["module", "functional", "script"],
                      "predict_one": ["eager", "frozen", "mkldnn"],
                      "predict_batch": ["eager", "frozen", "mkldnn"]}
    runnel_commands = {"": [built("bench_train")], "predict_one": [built("bench_predict")],
                       "predict_batch": [built("bench_predict")]}
    torch = torch_settings(cores, coretype, architecture)
    everywhere = TRAIN + PREDICT
    return [
        Contestant("runnel", "runnel", runnel_commands,
                   everywhere + default_runs + ("start", "scaling", "busy"),
                   [Setting("as built", as_installed=True, one_core=True)], is_runnel=True),
        Contestant("runnel, portable", "runnel_portable", runnel_commands, everywhere + default_runs,
                   [Setting("backend=portable", arguments="backend=portable", one_core=True)],
                   is_runnel=True, note="the kernels of a build without oneDNN"),
        Contestant("runnel, exported C", "runnel_c", {"": peer("exported.py") + [build]}, ("predict_one",),
                   [Setting("cc -O3", as_installed=True, one_core=True)], is_runnel=True,
                   note="digits.c of runnel export: no library, the compiler's instructions for any processor"),
        Contestant("PyTorch", "torch", {"": peer("torch_two_layer.py")},
                   everywhere + default_runs + ("start", "scaling", "busy"), torch, torch_programs),
        Contestant("PyTorch, by hand", "torch_by_hand", {"": peer("torch_two_layer.py")},
                   TRAIN + default_runs, torch, {"": ["by_hand"]},
                   note="its operations without autograd, the backward pass written out"),
        Contestant("numpy", "numpy", {"": peer("numpy_two_layer.py")},
                   everywhere + default_runs + ("start", "scaling", "busy"),
                   blas_settings(cores, coretype),
                   {"": ["plain", "tuned"], "predict_one": ["tuned"], "predict_batch": ["tuned"]}),
        Contestant("numpy, the book's", "numpy_book", {"": peer("numpy_two_layer.py")},
                   ("train_small",) + default_runs, blas_settings(cores, coretype),
                   {"": ["book"]}, note="written as in the book, float64 weights"),
        Contestant("numpy, the book's in float32", "numpy_book32", {"": peer("numpy_two_layer.py")},
                   ("train_small",) + default_runs, blas_settings(cores, coretype),
                   {"": ["plain"]}, note="the same program in float32"),
        Contestant("scikit-learn", "sklearn", {"": peer("sklearn_two_layer.py")},
                   everywhere + ("default_run_before", "start", "busy"),
                   blas_settings(cores, coretype),
                   {"": [""], "predict_one": ["public", "inside"], "predict_batch": ["public", "inside"]}),
        Contestant("FANN", "fann", {"": [built("fann_two_layer")]}, everywhere,
                   [Setting("as installed", as_installed=True, one_core=True)],
                   {"": ["incremental", "batch"], "predict_one": [""], "predict_batch": [""]},
                   note="sigmoid and squared error: it has neither ReLU nor softmax"),
    ]

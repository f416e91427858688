"""machine.py - what a number was measured on, and whether something else was running beside it"""
import glob
import os
import platform
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")

# What the peers listen to; a bench sets what it means and nothing else.
LIBRARY_VARIABLES = ("OPENBLAS_", "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "DNNL_", "ONEDNN_", "ATEN_",
                     "TORCH_", "GOTO_", "NUMEXPR_", "RUNNEL_CPU", "MALLOC_", "LD_PRELOAD",
                     "LD_LIBRARY_PATH", "PYTHON")


def clean_environment():
    """This process's environment without what would steer the peers behind the bench's back."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(LIBRARY_VARIABLES)}


def cores():
    """The cores that this process may run on, as numbers."""
    return sorted(os.sched_getaffinity(0))


def _first(path, key=None):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if key is None:
                    return line.strip()
                if line.startswith(key):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return None


def flags():
    """What the processor can, in Linux's words."""
    return set((_first("/proc/cpuinfo", "flags") or _first("/proc/cpuinfo", "Features") or "").split())


def _caches():
    sizes = {}
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        if _first(f"{folder}/type") != "Instruction":
            sizes["L" + str(_first(f"{folder}/level"))] = _first(f"{folder}/size")
    return sizes


def _run(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


PACKAGES = ("python3-numpy", "python3-torch", "python3-sklearn", "libfann-dev", "libopenblas0-pthread",
            "libopenblas0-openmp", "libdnnl2", "libdnnl3", "libgomp1")


def packages():
    found = {}
    for name in PACKAGES:
        version = _run("dpkg-query", "-W", "-f", "${Version}", name)
        if version:
            found[name] = version
    return found


def describe(source_root):
    interesting = ("avx2", "fma", "avx512f", "avx512vl", "avx512bw", "avx512_vnni", "avx512_bf16",
                   "avx512_fp16", "amx_tile", "asimd", "sve")
    has = flags()
    memory = _first("/proc/meminfo", "MemTotal")
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "") \
        if os.path.exists("/etc/os-release") else platform.system()
    changed = _run("git", "-C", source_root, "status", "--porcelain", "--untracked-files=no")
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.machine(),
        "architecture": platform.machine(),
        "cores": len(cores()),
        "cores_online": os.cpu_count(),
        "cpu_quota": _first("/sys/fs/cgroup/cpu.max"),
        "flags": [name for name in interesting if name in has],
        "caches": _caches(),
        "frequency_governor": _first("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "virtual_machine": "hypervisor" in has,
        "memory": memory,
        "system": system,
        "kernel": platform.release(),
        "load_before": os.getloadavg()[0],
        "packages": packages(),
        "runnel_commit": (_run("git", "-C", source_root, "rev-parse", "--short", "HEAD") or "unknown")
        + (" with changes" if changed else ""),
        "date": time.strftime("%Y-%m-%d %H:%M:%S %z"),
    }


# ---- what ran beside a measurement ---------------------------------------------------------------------

def busy_seconds():
    """Of all cores together since the machine started, what a hypervisor took away among it."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _idle, _wait, irq, soft, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + soft + steal) / TICK


def _seconds_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class OthersLoad:
    """with OthersLoad(pids) as others: ... ; others.cores is how many cores other processes used
    meanwhile, on average."""

    def __init__(self, pids):
        self.pids = pids

    def __enter__(self):
        self.begin = time.monotonic(), busy_seconds(), sum(map(_seconds_of, self.pids))
        return self

    def __exit__(self, *failure):
        self.cores = 0.0
        if failure[0]:
            return
        wall, busy, own = (time.monotonic() - self.begin[0], busy_seconds() - self.begin[1],
                           sum(map(_seconds_of, self.pids)) - self.begin[2])
        if wall > 5 / TICK:
            self.cores = max(0.0, (busy - own) / wall)


class Patience:
    """So many seconds, in all, to wait for other programs to end."""

    def __init__(self, seconds):
        self.left = seconds

    def wait_until_quiet(self, cores_at_most):
        """Returns at once where no patience is left."""
        while self.left > 0:
            begin = time.monotonic()
            quiet = others_now() <= cores_at_most
            if quiet:
                return
            time.sleep(2)
            self.left -= time.monotonic() - begin


def others_now(seconds=1.0):
    with OthersLoad([]) as others:
        time.sleep(seconds)
    return others.cores

"""blas_probe.py - run as a program: how fast, and how right, numpy's products are in this environment

Prints one line of JSON. bench/run starts it once per value of OPENBLAS_CORETYPE: OpenBLAS 0.3.21 does not
know processors made after it and falls back to kernels for older ones, some more than ten years old.
"""
import json
import sys
import time

import numpy as np

SHAPES = [(100, 50, 784), (784, 50, 100), (128, 1024, 784), (1, 50, 784), (33, 17, 129), (7, 1000, 3)]
BOUND = 1e-5  # of |a| |b|: float32 sums of up to a thousand terms stay far below


def worst_error():
    rng = np.random.default_rng(1)
    worst = 0.0
    for n, m, k in SHAPES:
        a, b = rng.standard_normal((n, k)), rng.standard_normal((k, m))
        size = np.abs(a) @ np.abs(b)
        a32, b32 = a.astype(np.float32), b.astype(np.float32)
        right = np.einsum("ik,kj->ij", a32.astype(np.float64), b32.astype(np.float64))
        a32_t, b32_t = np.ascontiguousarray(a32.T), np.ascontiguousarray(b32.T)
        for product in (a32 @ b32, a32_t.T @ b32, a32 @ b32_t.T, a32_t.T @ b32_t.T):
            worst = max(worst, float(np.max(np.abs(product - right) / size)))
    return worst


def gflops(side=1024, repeats=7):
    rng = np.random.default_rng(2)
    a = rng.standard_normal((side, side)).astype(np.float32)
    b = rng.standard_normal((side, side)).astype(np.float32)
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - begin)
    return 2e-9 * side**3 / sorted(times)[repeats // 2]


def kernels():
    try:
        from threadpoolctl import threadpool_info
        return [p.get("architecture") for p in threadpool_info() if p["user_api"] == "blas"]
    except ImportError:
        return []


if __name__ == "__main__":
    error = worst_error()
    print(json.dumps({"gflops": gflops(), "error": error, "right": bool(error < BOUND),
                      "kernels": kernels()}))
    sys.exit(0)

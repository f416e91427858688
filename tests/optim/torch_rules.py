"""torch_rules.py - update rules and schedules against PyTorch: 50 steps agree to 1e-10

    torch_rules.py TRAJECTORY

TRAJECTORY is the program of trajectory.c. Exit status 77: PyTorch is not installed (counts as skipped).
"""
import os
import subprocess
import sys

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
try:
    import numpy as np
    import torch
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed for {sys.executable}")
    sys.exit(77)

STEPS, TOLERANCE = 50, 1e-10
N, INPUTS, HIDDEN, OUTPUTS = 20, 6, 7, 3
SHAPES = [(INPUTS, HIDDEN), (1, HIDDEN), (HIDDEN, OUTPUTS), (1, OUTPUTS)]
SIZE = sum(rows * cols for rows, cols in SHAPES)

SGD, ADAGRAD, RMSPROP = torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop
ADAM, ADAMW = torch.optim.Adam, torch.optim.AdamW

# text, PyTorch's class and its arguments; how large lr is
RULES = [
    ("sgd", SGD, {}, 0.5),
    ("momentum", SGD, {"momentum": 0.9}, 0.2),
    ("momentum 0.5", SGD, {"momentum": 0.5}, 0.2),
    ("nesterov", SGD, {"momentum": 0.9, "nesterov": True}, 0.2),
    ("nesterov 0.3", SGD, {"momentum": 0.3, "nesterov": True}, 0.2),
    ("adagrad", ADAGRAD, {"eps": 1e-10}, 0.1),
    ("adagrad 0.01", ADAGRAD, {"eps": 0.01}, 0.1),
    ("rmsprop", RMSPROP, {"alpha": 0.99, "eps": 1e-8}, 0.01),
    ("rmsprop 0.8 1e-4", RMSPROP, {"alpha": 0.8, "eps": 1e-4}, 0.002),  # larger steps are chaotic
    ("adam", ADAM, {}, 0.05),
    ("adam 0.8 0.95 1e-3", ADAM, {"betas": (0.8, 0.95), "eps": 1e-3}, 0.05),
]
EXTRAS = [{}, {"l2": 0.05}, {"clip": 0.05}, {"l2": 0.02, "clip": 0.1}, {"decay": 0.03}]
# text, PyTorch's scheduler
SCHEDULES = [
    ("step 0.5 15", lambda o, lr: torch.optim.lr_scheduler.StepLR(o, 15, 0.5)),
    ("exponential 0.9 1", lambda o, lr: torch.optim.lr_scheduler.ExponentialLR(o, 0.9)),
    ("linear 0.1", lambda o, lr: torch.optim.lr_scheduler.LinearLR(o, 1, 0.1, STEPS)),
    ("cosine", lambda o, lr: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS)),
    ("cosine 0.2", lambda o, lr: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS, 0.2 * lr)),
    ("onecycle", lambda o, lr: torch.optim.lr_scheduler.OneCycleLR(
        o, lr, STEPS, cycle_momentum=False)),
    ("onecycle 0.1 5 100", lambda o, lr: torch.optim.lr_scheduler.OneCycleLR(
        o, lr, STEPS, pct_start=0.1, div_factor=5, final_div_factor=100, cycle_momentum=False)),
    ("warmup 10, cosine", lambda o, lr: torch.optim.lr_scheduler.SequentialLR(o, [
        torch.optim.lr_scheduler.LambdaLR(o, lambda i: (i + 1) / 10),
        torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS - 10)], [10])),
]


def ours(program, rule, lr, schedule, l2=0, decay="own", clip=0):
    """x, classes, [steps + 1] of (rate, parameters)"""
    words = [STEPS, rule, l2, decay, clip, lr, schedule]
    output = subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.PIPE).stdout
    numbers = np.frombuffer(output)
    x, rest = numbers[: N * INPUTS].reshape(N, INPUTS), numbers[N * INPUTS :]
    states = rest[N:].reshape(STEPS + 1, 1 + SIZE)
    return x, rest[:N].astype(np.int64), states[:, 0], states[:, 1:]


def parameters(flat):
    at = 0
    for rows, cols in SHAPES:
        block = flat[at : at + rows * cols].reshape(rows, cols)
        yield torch.tensor(block, dtype=torch.float64, requires_grad=True)
        at += rows * cols


def compare(program, name, rule, make, lr, schedule="constant", scheduler=None, **extra):
    x, classes, rates, states = ours(program, rule, lr, schedule, **extra)
    x, classes = torch.tensor(x), torch.tensor(classes)
    params = list(parameters(states[0]))
    W1, b1, W2, b2 = params
    optimizer = make(params)
    scheduler = scheduler and scheduler(optimizer, lr)
    worst = 0
    for step in range(STEPS):
        rate = optimizer.param_groups[0]["lr"]
        if abs(rate - rates[step]) > 1e-12 * lr:
            sys.exit(f"{name}: the rate of step {step} is {rates[step]:.17g}, PyTorch's is {rate:.17g}")
        optimizer.zero_grad()
        y = torch.sigmoid(x @ W1 + b1) @ W2 + b2
        torch.nn.functional.cross_entropy(y, classes).backward()
        if "clip" in extra:
            torch.nn.utils.clip_grad_norm_(params, extra["clip"])
        if "decay" in extra and not isinstance(optimizer, ADAMW):  # as AdamW does it, by hand
            with torch.no_grad():
                for p in params:
                    p.mul_(1 - rate * extra["decay"])
        optimizer.step()
        if scheduler:
            scheduler.step()
        theirs = np.concatenate([p.detach().numpy().ravel() for p in params])
        worst = max(worst, np.abs(theirs - states[step + 1]).max())
        if not worst <= TOLERANCE:
            sys.exit(f"{name}: after step {step} a parameter differs by {worst:.3g}")
    moved = np.abs(states[-1] - states[0]).max()
    if not moved > 0.05:
        sys.exit(f"{name}: the parameters hardly moved, by {moved:.3g} at most: nothing was tested")
    print(f"{name}: largest difference {worst:.2g} over {STEPS} steps, moved by {moved:.2g}")


def main(program):
    torch.set_num_threads(1)
    for text, rule, arguments, lr in RULES:
        for extra in EXTRAS:
            l2 = extra.get("l2", 0)
            compare(program, f"{text} {extra or ''}", text,
                    lambda p: rule(p, lr=lr, weight_decay=l2, **arguments), lr, **extra)
    for decay in ("own", 0.2):
        compare(program, f"adamw, decay {decay}", "adamw",
                lambda p: ADAMW(p, lr=0.05, weight_decay=0.01 if decay == "own" else decay), 0.05, decay=decay)
    for text, scheduler in SCHEDULES:
        compare(program, text, "momentum", lambda p: SGD(p, lr=0.2, momentum=0.9), 0.2, schedule=text,
                scheduler=scheduler)


if __name__ == "__main__":
    main(sys.argv[1])

#!/usr/bin/python3
"""torch_two_layer.py - the book's program in PyTorch, in several ways of writing it

module      nn.Sequential, cross_entropy, optim.SGD: as everybody writes it
functional  the parameters in a list, F.linear, and the update by one torch._foreach_add_
script      the same, forward and loss compiled by torch.jit.script
by_hand     no autograd: the backward pass written out with torch's operations into made buffers;
            no longer what people write in PyTorch, so the bench shows it in a row of its own

For predictions: eager (under inference_mode), frozen (traced and frozen by torch.jit), and mkldnn
(weights laid out for oneDNN by torch.utils.mkldnn). The bench tries them all.

The number of threads comes from TORCH_THREADS, so that the bench can choose it together with OPENBLAS_NUM_THREADS.
"""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

import worker
from worker import Clock

if "TORCH_THREADS" in os.environ:
    torch.set_num_threads(int(os.environ["TORCH_THREADS"]))


def sequential(job):
    torch.manual_seed(job.seed)
    layers = []
    for n_in, n_out in zip(job.net, job.net[1:]):
        affine = torch.nn.Linear(n_in, n_out)
        torch.nn.init.normal_(affine.weight, std=job.std)
        torch.nn.init.zeros_(affine.bias)
        layers += [affine, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class ModuleNet:
    def __init__(self, job):
        self.model = sequential(job)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=job.lr)
        self.predict = self.model

    def loss(self, x, t):
        return F.cross_entropy(self.model(x), t)

    def step(self, x, t):
        loss = self.loss(x, t)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss


def stack(x, parameters):
    for k in range(0, len(parameters) - 2, 2):
        x = F.relu(F.linear(x, parameters[k], parameters[k + 1]))
    return F.linear(x, parameters[-2], parameters[-1])


def stack_loss(x, t, parameters):
    return F.cross_entropy(stack(x, parameters), t)


@torch.jit.script
def script_loss(x: torch.Tensor, t: torch.Tensor, parameters: list[torch.Tensor]) -> torch.Tensor:
    for k in range(0, len(parameters) - 2, 2):
        x = F.relu(F.linear(x, parameters[k], parameters[k + 1]))
    return F.cross_entropy(F.linear(x, parameters[-2], parameters[-1]), t)


class FunctionalNet:
    loss_of = staticmethod(stack_loss)

    def __init__(self, job):
        self.parameters = [p.detach().requires_grad_() for p in sequential(job).parameters()]
        self.lr = job.lr

    def predict(self, x):
        return stack(x, self.parameters)

    def loss(self, x, t):
        return self.loss_of(x, t, self.parameters)

    def step(self, x, t):
        loss = self.loss(x, t)
        gradients = torch.autograd.grad(loss, self.parameters)
        with torch.no_grad():
            torch._foreach_add_(self.parameters, gradients, alpha=-self.lr)
        return loss


class ScriptNet(FunctionalNet):
    loss_of = staticmethod(script_loss)


class HandNet:
    """Weights [in, out], no autograd; run it under no_grad."""

    def __init__(self, job):
        affines = list(sequential(job))[::2]
        self.W = [a.weight.detach().t().contiguous() for a in affines]
        self.b = [a.bias.detach() for a in affines]
        self.y = [torch.empty(job.batch, width) for width in job.net[1:]]
        self.lr = job.lr

    def predict(self, x):
        for W, b in zip(self.W[:-1], self.b[:-1]):
            x = torch.addmm(b, x, W).relu_()
        return torch.addmm(self.b[-1], x, self.W[-1])

    def loss(self, x, t):
        return F.cross_entropy(self.predict(x), t)

    def step(self, x, t):
        n = len(t)
        for k, y in enumerate(self.y):
            torch.addmm(self.b[k], x if k == 0 else self.y[k - 1], self.W[k], out=y)
            if k < len(self.y) - 1:
                y.relu_()
        log_y = torch.log_softmax(self.y[-1], 1)
        picked = t.unsqueeze(1)
        loss = -log_y.gather(1, picked).mean()
        dy = log_y.exp_()
        dy.scatter_add_(1, picked, torch.full((n, 1), -1.0))
        step = -self.lr / n
        for k in range(len(self.W) - 1, -1, -1):
            below = self.y[k - 1] if k else x
            if k:
                dx = torch.mm(dy, self.W[k].t()).mul_(below > 0)
            self.W[k].addmm_(below.t(), dy, alpha=step)
            self.b[k].add_(dy.sum(0), alpha=step)
            if k:
                dy = dx
        return loss


PROGRAMS = {"module": ModuleNet, "functional": FunctionalNet, "script": ScriptNet,
            "by_hand": HandNet}


def make_verbs(folder):
    data = worker.Mnist(folder, torch.from_numpy)
    trained = {}

    def network(job):
        return PROGRAMS[job.program or "module"](job)

    def no_gradients(job):
        """The compiler keeps what it has seen; tensors of inference_mode must not be among that."""
        return torch.no_grad() if job.program == "script" else torch.inference_mode()

    def gradients_wanted(job):
        return torch.set_grad_enabled(job.program != "by_hand")

    def accuracy(job, net, x, t):
        with no_gradients(job):
            return float((net.predict(x).argmax(1) == t).float().mean())

    def batches(job):
        torch.manual_seed(job.seed + 1000)
        x_train, t_train = data.x_train, data.t_train
        while True:
            index = torch.randint(len(x_train), (job.batch,))
            yield torch.index_select(x_train, 0, index), torch.index_select(t_train, 0, index)

    def train(job):
        with gradients_wanted(job):
            net, batch = network(job), batches(job)
            next(batch)                          # the data are in memory before the clock runs
            for _ in range(job.warmup):
                net.step(*next(batch))
            with Clock() as clock:
                for _ in range(job.iterations):
                    net.step(*next(batch))
        return worker.trained(clock, accuracy(job, net, data.x_test, data.t_test) if job.check else 0)

    def default_run(job):
        data.read_all()
        losses, test_accuracy = [], 0.0
        with gradients_wanted(job), Clock() as clock:
            net, batch = network(job), batches(job)
            for i in range(job.iterations):
                x, t = next(batch)
                loss = net.step(x, t)
                if job.loss == "after":
                    with no_gradients(job):
                        loss = net.loss(x, t)
                losses.append(float(loss))
                if i % (len(data.x_train) // job.batch) == 0:
                    accuracy(job, net, data.x_train, data.t_train)
                    test_accuracy = accuracy(job, net, data.x_test, data.t_test)
        return {"seconds": clock.seconds, "accuracy": accuracy(job, net, data.x_test, data.t_test),
                "loss": float(np.mean(losses[-100:])), "evaluated": test_accuracy,
                "peak_kb": worker.peak_kb()}

    def trained_model(job, rows):
        """The model, trained a little, as the wanted program runs it on `rows` samples."""
        key = (job.program, tuple(job.net), rows)
        if key not in trained:
            job.batch, kept = 100, job.batch
            net, batch = ModuleNet(job), batches(job)
            for _ in range(1200):
                net.step(*next(batch))
            job.batch = kept
            model = net.model.eval()
            with torch.no_grad():
                if job.program == "frozen":
                    model = torch.jit.freeze(torch.jit.trace(model, data.x_test[:rows]))
                    for _ in range(3):
                        model(data.x_test[:rows])     # the compiler wants to see it run
                if job.program == "mkldnn":
                    from torch.utils import mkldnn
                    inner = mkldnn.to_mkldnn(model)
                    model = lambda x: inner(x.to_mkldnn()).to_dense()
            trained[key] = model
        return trained[key]

    def predict_one(job):
        model = trained_model(job, 1)
        rows = [data.x_test[i:i + 1] for i in range(job.samples)]
        t = data.t_test.tolist()
        right = 0
        with torch.inference_mode(), Clock() as clock:
            for i in range(job.count):
                row = i % job.samples
                right += int(model(rows[row]).argmax()) == t[row]
        return {"seconds": clock.seconds, "accuracy": right / job.count}

    def predict_batch(job):
        model = trained_model(job, job.batch)
        x_test, t_test = data.x_test, data.t_test
        right = done = 0
        with torch.inference_mode(), Clock() as clock:
            while done < job.count:
                first = done % (len(x_test) - job.batch + 1)
                rows = slice(first, first + job.batch)
                right += int((model(x_test[rows]).argmax(1) == t_test[rows]).sum())
                done += job.batch
        return {"seconds": clock.seconds, "accuracy": right / done, "done": done}

    return {"train": train, "default_run": default_run, "predict_one": predict_one,
            "predict_batch": predict_batch}


def about():
    blas, threads = worker.blas_about()
    return {"version": torch.__version__, "blas": blas, "blas_threads": threads,
            "torch_threads": torch.get_num_threads()}


if __name__ == "__main__":
    sys.exit(worker.serve(make_verbs, about))

#!/usr/bin/python3
"""numpy_two_layer.py - the book's program in numpy, in three ways of writing it

book    layers as objects, as in "Deep Learning from Scratch", one-hot targets, float64 weights
plain   the same in float32
tuned   float32, what an experienced hand would do: no one-hot targets, buffers made once, products
        and activations written into them

The bench tries all of them and keeps the fastest.
"""
import sys

import numpy as np

import worker
from worker import Clock


# ---- the network as the book writes it -----------------------------------------------------------------

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t, self.y = t, softmax(x)
        return -np.sum(t * np.log(self.y + 1e-7)) / len(t)

    def backward(self):
        return (self.y - self.t) / len(self.t)


class BookNet:
    def __init__(self, job, dtype):
        rng = np.random.default_rng(job.seed)
        self.layers = []
        for n_in, n_out in zip(job.net, job.net[1:]):
            W = (job.std * rng.standard_normal((n_in, n_out))).astype(dtype)
            self.layers += [Affine(W, np.zeros(n_out, dtype)), Relu()]
        self.layers.pop()
        self.affines = self.layers[::2]
        self.last = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)

    def step(self, x, t, lr):
        loss = self.loss(x, t)
        dout = self.last.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        for affine in self.affines:
            affine.W -= lr * affine.dW
            affine.b -= lr * affine.db
        return loss


# ---- the same, tuned ----------------------------------------------------------------------------------------

class TunedNet:
    """float32, class numbers as targets, every array of a step made once."""

    def __init__(self, job, dtype):
        rng = np.random.default_rng(job.seed)
        pairs = list(zip(job.net, job.net[1:]))
        self.W = [(job.std * rng.standard_normal(p)).astype(dtype) for p in pairs]
        self.b = [np.zeros(p[1], dtype) for p in pairs]
        self.dW = [np.empty_like(W) for W in self.W]
        self.y = [np.empty((job.batch, width), dtype) for width in job.net[1:]]
        self.dy = [np.empty_like(y) for y in self.y]
        self.rows = np.arange(job.batch)

    def predict(self, x):
        last = len(self.W) - 1
        for k, (W, b) in enumerate(zip(self.W, self.b)):
            x = x @ W
            x += b
            if k < last:
                np.maximum(x, 0, out=x)
        return x

    def _forward(self, x):
        last = len(self.W) - 1
        for k, y in enumerate(self.y):
            np.matmul(x, self.W[k], out=y)
            y += self.b[k]
            if k < last:
                np.maximum(y, 0, out=y)
            x = y

    def _probabilities(self):
        e = self.dy[-1]
        np.subtract(self.y[-1], self.y[-1].max(axis=1, keepdims=True), out=e)
        np.exp(e, out=e)
        e /= e.sum(axis=1, keepdims=True)
        return e

    def loss(self, x, t):
        self._forward(x)
        return -float(np.log(self._probabilities()[self.rows, t] + 1e-7).mean())

    def step(self, x, t, lr):
        loss = self.loss(x, t)
        dy = self.dy[-1]
        dy[self.rows, t] -= 1
        dy *= lr / len(t)                        # the learning rate rides along in dy
        for k in range(len(self.W) - 1, -1, -1):
            below = self.y[k - 1] if k else x
            np.matmul(below.T, dy, out=self.dW[k])
            if k:
                dx = self.dy[k - 1]
                np.matmul(dy, self.W[k].T, out=dx)
                dx *= below > 0
            self.W[k] -= self.dW[k]
            self.b[k] -= dy.sum(axis=0)
            dy = self.dy[k - 1]
        return loss


# ---- what the bench asks for -----------------------------------------------------------------------------------

def make_verbs(folder):
    data = worker.Mnist(folder)
    trained = {}

    def network(job):
        if job.program == "tuned":
            return TunedNet(job, np.float32), data.t_train
        return (BookNet(job, np.float64 if job.program == "book" else np.float32),
                worker.one_hot(data.t_train))

    def accuracy(net, x, t):
        return float(np.mean(np.argmax(net.predict(x), axis=1) == t))

    def batches(job, t):
        """x, t of each batch, drawn with replacement; tuned: gathered into one buffer."""
        rng = np.random.default_rng(job.seed + 1000)
        x = data.x_train
        if job.program == "tuned":
            buffer = np.empty((job.batch, x.shape[1]), np.float32)
            while True:
                index = rng.integers(0, len(x), job.batch)
                yield np.take(x, index, axis=0, out=buffer, mode="clip"), t[index]
        while True:
            index = rng.integers(0, len(x), job.batch)
            yield x[index], t[index]

    def train(job):
        net, t = network(job)
        batch = batches(job, t)
        next(batch)                              # the data are in memory before the clock runs
        for _ in range(job.warmup):
            net.step(*next(batch), job.lr)
        with Clock() as clock:
            for _ in range(job.iterations):
                net.step(*next(batch), job.lr)
        return worker.trained(clock, accuracy(net, data.x_test, data.t_test) if job.check else 0)

    def default_run(job):
        net, t = network(job)
        batch = batches(job, t)
        data.read_all()
        losses, test_accuracy = [], 0.0
        with Clock() as clock:
            for i in range(job.iterations):
                x_i, t_i = next(batch)
                loss = net.step(x_i, t_i, job.lr)
                losses.append(net.loss(x_i, t_i) if job.loss == "after" else loss)
                if i % (len(data.x_train) // job.batch) == 0:
                    accuracy(net, data.x_train, data.t_train)
                    test_accuracy = accuracy(net, data.x_test, data.t_test)
        return {"seconds": clock.seconds, "accuracy": accuracy(net, data.x_test, data.t_test),
                "loss": float(np.mean(losses[-100:])), "evaluated": test_accuracy,
                "peak_kb": worker.peak_kb()}

    def trained_net(job):
        key = (job.program, tuple(job.net))
        if key not in trained:
            net, t = network(job)
            batch = batches(job, t)
            for _ in range(1200):
                net.step(*next(batch), job.lr)
            trained[key] = net
        return trained[key]

    def predict_one(job):
        net = trained_net(job)
        W1, b1, W2, b2 = net.W[0], net.b[0], net.W[1], net.b[1]
        x, t = data.x_test[:job.samples], data.t_test
        right = 0
        with Clock() as clock:
            for i in range(job.count):
                row = i % job.samples
                h = x[row].dot(W1)
                h += b1
                y = np.maximum(h, 0, h).dot(W2)
                y += b2
                right += y.argmax() == t[row]
        return {"seconds": clock.seconds, "accuracy": right / job.count}

    def predict_batch(job):
        net = trained_net(job)
        x, t = data.x_test, data.t_test
        right = done = 0
        with Clock() as clock:
            while done < job.count:
                first = done % (len(x) - job.batch + 1)
                rows = slice(first, first + job.batch)
                right += np.count_nonzero(net.predict(x[rows]).argmax(axis=1) == t[rows])
                done += job.batch
        return {"seconds": clock.seconds, "accuracy": right / done, "done": done}

    return {"train": train, "default_run": default_run, "predict_one": predict_one,
            "predict_batch": predict_batch}


def about():
    blas, threads = worker.blas_about()
    return {"version": np.__version__, "blas": blas, "blas_threads": threads}


if __name__ == "__main__":
    sys.exit(worker.serve(make_verbs, about))

"""The two-layer network of the book in plain numpy, f64: layers with forward and backward.

Written from the formulas, not from runnel's code: what both agree on, two programs agree on.
"""

import numpy as np


class Affine:
    """y = x W + b"""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dy):
        self.dW = np.dot(self.x.T, dy)
        self.db = np.sum(dy, axis=0)
        return np.dot(dy, self.W.T)


class Relu:
    """y = max(x, 0)"""

    def forward(self, x):
        self.passed = x > 0
        return np.where(self.passed, x, 0.0)

    def backward(self, dy):
        return np.where(self.passed, dy, 0.0)


class Sigmoid:
    """y = 1 / (1 + exp(-x))"""

    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, dy):
        return dy * (1 - self.y) * self.y


class SoftmaxWithLoss:
    """y = softmax(x), loss = mean over the batch of -sum_k t_k log y_k; t as rows of probabilities"""

    def forward(self, x, t):
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        self.y, self.t = e / np.sum(e, axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self):
        return (self.y - self.t) / len(self.t)


class TwoLayerNet:
    """affine, relu or sigmoid, affine, softmax; params: W1 b1 W2 b2"""

    def __init__(self, params, activation):
        self.params = params
        self.affine1 = Affine(params["W1"], params["b1"])
        self.activation = activation
        self.affine2 = Affine(params["W2"], params["b2"])
        self.last = SoftmaxWithLoss()

    def loss(self, x, t):
        hidden = self.activation.forward(self.affine1.forward(x))
        return self.last.forward(self.affine2.forward(hidden), t)

    def gradient(self, x, t):
        loss = self.loss(x, t)
        self.affine1.backward(self.activation.backward(self.affine2.backward(self.last.backward())))
        return loss, {
            "W1": self.affine1.dW,
            "b1": self.affine1.db,
            "W2": self.affine2.dW,
            "b2": self.affine2.db,
        }

    def update(self, gradient, rate):
        for name, block in gradient.items():
            self.params[name] -= rate * block

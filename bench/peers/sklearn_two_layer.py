#!/usr/bin/python3
"""sklearn_two_layer.py - the same training in scikit-learn's MLPClassifier

One call of partial_fit walks through the samples that it is given in batches, so that a call with
batch * iterations samples is that many updates, with little around them. It shuffles them (that is
drawing without replacement), and computes the loss of every batch on the way.

Predictions: "public" is clf.predict; "inside" skips its checks and calls the forward pass itself.
"""
import sys
import warnings

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

import worker
from worker import Clock

CLASSES = np.arange(10)


def make_verbs(folder):
    data = worker.Mnist(folder)
    trained = {}
    warnings.filterwarnings("ignore")

    def network(job):
        """Made by a first call with one batch, which is not timed."""
        net = MLPClassifier(hidden_layer_sizes=job.net[1:-1], solver="sgd", momentum=0, alpha=0,
                            nesterovs_momentum=False, learning_rate_init=job.lr,
                            batch_size=job.batch, random_state=job.seed)
        net.partial_fit(data.x_train[:job.batch], data.t_train[:job.batch], classes=CLASSES)
        return net

    def updates(net, job, count):
        """`count` updates, in calls of at most one epoch."""
        whole = len(data.x_train) // job.batch
        while count > 0:
            now = min(count, whole)
            rows = slice(0, now * job.batch)
            net.partial_fit(data.x_train[rows], data.t_train[rows])
            count -= now

    def classes(net, x):
        return net._forward_pass_fast(x).argmax(axis=1)

    def accuracy(net, x, t):
        return float(np.mean(classes(net, x) == t))

    def train(job):
        net = network(job)
        updates(net, job, job.warmup)
        with Clock() as clock:
            updates(net, job, job.iterations)
        return worker.trained(clock, accuracy(net, data.x_test, data.t_test) if job.check else 0)

    def default_run(job):
        """With the loss before the update, which partial_fit computes anyway. To have the loss
        after each update would take one call an update."""
        if job.loss == "after":
            raise ValueError("partial_fit has no loss after each update")
        net = network(job)
        data.read_all()
        left, test_accuracy = job.iterations, 0.0
        with Clock() as clock:
            while left > 0:
                accuracy(net, data.x_train, data.t_train)
                test_accuracy = accuracy(net, data.x_test, data.t_test)
                now = min(left, len(data.x_train) // job.batch)
                updates(net, job, now)
                left -= now
        return {"seconds": clock.seconds, "accuracy": accuracy(net, data.x_test, data.t_test),
                "loss": float(net.loss_), "evaluated": test_accuracy,
                "peak_kb": worker.peak_kb()}

    def trained_net(job):
        key = tuple(job.net)
        if key not in trained:
            job.batch, kept = 100, job.batch
            trained[key] = network(job)
            updates(trained[key], job, 1200)
            job.batch = kept
        return trained[key]

    def predict_one(job):
        net = trained_net(job)
        predict = net.predict if job.program == "public" else lambda x: classes(net, x)
        rows = [data.x_test[i:i + 1] for i in range(job.samples)]
        right = 0
        with Clock() as clock:
            for i in range(job.count):
                row = i % job.samples
                right += predict(rows[row])[0] == data.t_test[row]
        return {"seconds": clock.seconds, "accuracy": right / job.count}

    def predict_batch(job):
        net = trained_net(job)
        predict = net.predict if job.program == "public" else lambda x: classes(net, x)
        x, t = data.x_test, data.t_test
        right = done = 0
        with Clock() as clock:
            while done < job.count:
                first = done % (len(x) - job.batch + 1)
                rows = slice(first, first + job.batch)
                right += np.count_nonzero(predict(x[rows]) == t[rows])
                done += job.batch
        return {"seconds": clock.seconds, "accuracy": right / done, "done": done}

    return {"train": train, "default_run": default_run, "predict_one": predict_one,
            "predict_batch": predict_batch}


def about():
    blas, threads = worker.blas_about()
    return {"version": sklearn.__version__, "blas": blas, "blas_threads": threads}


if __name__ == "__main__":
    sys.exit(worker.serve(make_verbs, about))

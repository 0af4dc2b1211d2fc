#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""A workload in NumPy: plain gradient descent with one matrix product per layer and mini-batch."""
import peer

options, workload = peer.arguments(__doc__)

import numpy as np

widths, batch = workload["widths"], workload["batch"]
x, labels = peer.load(options, workload)
y = np.eye(widths[-1], dtype=np.float32)[labels]
random = np.random.default_rng(1)


def spread(inputs):
    return {"gaussian": 1.0, "lecun": inputs**-0.5, "he": (2 / inputs) ** 0.5}[workload["init"]]


weights = [
    (random.standard_normal((n, m)) * spread(n)).astype(np.float32)
    for n, m in zip(widths, widths[1:])
]
biases = [np.zeros(m, np.float32) for m in widths[1:]]


def sigmoid(z):
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)


def softmax(z):
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    return z


# In place: what a layer does to its weighted inputs, and the derivative by them from the outputs.
ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "tanh": (lambda z: np.tanh(z, out=z), lambda a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0, out=z), lambda a: a > 0),
    "softmax": (softmax, None),
}
hidden, derivative = ACTIVATIONS[workload["activation"]]
output, output_derivative = ACTIVATIONS[workload["output"]]
quadratic = workload["cost"] == "quadratic"


def feedforward(a):
    activations = [a]
    for i, (w, b) in enumerate(zip(weights, biases)):
        z = a @ w
        z += b
        a = output(z) if i + 1 == len(weights) else hidden(z)
        activations.append(a)
    return activations


def train_epoch():
    order = random.permutation(len(x))
    for first in range(0, len(x), batch):
        rows = order[first : first + batch]
        activations = feedforward(x[rows])
        delta = activations[-1] - y[rows]
        if quadratic:
            delta *= output_derivative(activations[-1])
        delta *= np.float32(workload["learning_rate"] / len(rows))
        for i in reversed(range(len(weights))):
            nabla_w = activations[i].T @ delta
            nabla_b = delta.sum(axis=0)
            if i > 0:
                delta = delta @ weights[i].T
                delta *= derivative(activations[i])
            weights[i] -= nabla_w
            biases[i] -= nabla_b
    return len(x)


def final_cost():
    a, t = feedforward(x[:10000])[-1].astype(np.float64), y[:10000]
    if quadratic:
        return float((0.5 * (a - t) ** 2).sum(axis=1).mean())
    cost = t * np.log(a + 1e-30)
    if workload["output"] == "sigmoid":
        cost += (1 - t) * np.log(1 - a + 1e-30)
    return float(-cost.sum(axis=1).mean())


peer.run("NumPy", options, workload, train_epoch, final_cost)

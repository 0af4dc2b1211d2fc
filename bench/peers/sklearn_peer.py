#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""A workload with scikit-learn's MLPClassifier.

Its output layer is always softmax with cross-entropy, whatever the workload says.
"""
import peer

options, workload = peer.arguments(__doc__)

import numpy as np
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

x, labels = peer.load(options, workload)
classes = np.arange(workload["widths"][-1])
model = MLPClassifier(
    hidden_layer_sizes=workload["widths"][1:-1],
    activation={"sigmoid": "logistic"}.get(workload["activation"], workload["activation"]),
    solver="sgd",
    alpha=0.0,
    batch_size=workload["batch"],
    learning_rate="constant",
    learning_rate_init=workload["learning_rate"],
    momentum=0.0,
    nesterovs_momentum=False,
    shuffle=True,
    random_state=1,
)


def train_epoch():
    model.partial_fit(x, labels, classes)
    return len(x)


def final_cost():
    return float(log_loss(labels[:10000], model.predict_proba(x[:10000]), labels=classes))


peer.run("scikit-learn", options, workload, train_epoch, final_cost)

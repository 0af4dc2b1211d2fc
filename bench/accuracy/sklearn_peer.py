#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""A recipe with scikit-learn's MLPClassifier, one partial_fit an epoch. It deforms no images."""
import peer

options, recipe = peer.arguments(__doc__)

import numpy
from sklearn.neural_network import MLPClassifier

rows, labels = peer.load(options, "train")
test_rows, test_labels = peer.load(options, "t10k")
model = MLPClassifier(
    recipe["hidden"],
    solver="sgd",
    alpha=0,
    batch_size=recipe["batch"],
    momentum=recipe["momentum"],
    random_state=options.seed,
)


def train_epoch(rate):
    model.learning_rate_init = rate
    if hasattr(model, "_optimizer"):
        model._optimizer.learning_rate = rate
    model.partial_fit(rows, labels, numpy.arange(10))


peer.run(recipe, train_epoch, lambda: model.score(test_rows, test_labels))

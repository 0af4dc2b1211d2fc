#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Trains the text network of bench/text/compare with scikit-learn or PyTorch and prints JSON.

Both read the LIBSVM file by scikit-learn's reader into a CSR matrix of float32. scikit-learn's
MLPClassifier takes that matrix as it is. In PyTorch an EmbeddingBag of weighted sums is the first
layer: its gradients are sparse, so that a step moves only the rows of weights that it has read. (A
product of a sparse tensor, COO or CSR, and the weights has a dense gradient: EmbeddingBag trained
at least four times as fast on one core of an AMD EPYC (Zen 5).)
"""
import argparse
import json
import os
import time


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=("sklearn", "torch"))
    parser.add_argument("file", help="LIBSVM rows of classes 0, 1, ...")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", type=int, help="train on the first ones; default: all")
    parser.add_argument("--seconds", type=float, default=3, help="whole epochs until then")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    return parser.parse_args()


def sklearn_epoch(x, labels, options):
    """Returns a function that trains for an epoch and returns its cost."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        hidden_layer_sizes=(options.hidden,),
        solver="sgd",
        alpha=0.0,
        batch_size=options.batch,
        learning_rate_init=options.learning_rate,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=1,
    )
    classes = sorted(set(labels))

    def train_epoch():
        return float(model.partial_fit(x, labels, classes).loss_)

    return train_epoch


def torch_epoch(x, labels, options):
    """Returns a function that trains for an epoch and returns its cost."""
    import torch
    from torch import nn

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    y = torch.from_numpy(labels)
    inputs, classes = x.shape[1], len(set(labels))
    first = nn.EmbeddingBag(
        inputs, options.hidden, mode="sum", sparse=True, include_last_offset=True
    )
    bias = nn.Parameter(torch.zeros(options.hidden))
    last = nn.Linear(options.hidden, classes)
    nn.init.normal_(first.weight, std=(2 / inputs) ** 0.5)
    cross_entropy = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(
        [first.weight, bias, *last.parameters()], lr=options.learning_rate
    )

    def cost_of(rows, wanted):
        indices, offsets, weights = map(torch.from_numpy, (rows.indices, rows.indptr, rows.data))
        return cross_entropy(last(torch.relu(first(indices, offsets, weights) + bias)), wanted)

    def train_epoch():
        sum_of_costs = 0.0
        for batch in torch.randperm(len(y)).split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            cost = cost_of(x[batch.numpy()], y[batch])
            cost.backward()
            optimizer.step()
            sum_of_costs += cost.item() * len(batch)
        return sum_of_costs / len(y)

    return train_epoch


def main():
    options = parse_arguments()
    # The libraries read this when they are loaded.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import numpy
    from sklearn.datasets import load_svmlight_file

    start = time.perf_counter()
    x, targets = load_svmlight_file(options.file, dtype=numpy.float32)
    load_seconds = time.perf_counter() - start
    x, labels = x[: options.rows], targets[: options.rows].astype(numpy.int64)
    train_epoch = {"sklearn": sklearn_epoch, "torch": torch_epoch}[options.library](
        x, labels, options
    )
    epochs = 0
    start = time.perf_counter()
    while True:
        cost = train_epoch()
        epochs += 1
        seconds = time.perf_counter() - start
        if seconds >= options.seconds:
            break
    result = {
        "samples_per_second": epochs * len(labels) / seconds,
        "load_seconds": load_seconds,
        "epochs": epochs,
        "cost": cost,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

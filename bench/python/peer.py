#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Trains MLPClassifier of nabla or scikit-learn for bench/python/compare and prints JSON.

Both get the same arrays. The seconds are those of fit: checks of the arguments, initial
parameters and all epochs.
"""
import argparse
import gzip
import json
import pathlib
import time
import warnings

import numpy as np


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=("nabla", "sklearn"))
    parser.add_argument("data", help="a folder with MNIST's four files, or LIBSVM rows")
    parser.add_argument("--rows", type=int, help="train on the first ones; default: all")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--type", choices=("float32", "float64"), default="float32")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parameters", type=json.loads, default={}, help="of the estimator, JSON")
    return parser.parse_args()


def read_idx(folder, name, header):
    with gzip.open(pathlib.Path(folder) / f"{name}.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def read_mnist(folder, number):
    """Pixels by 255 and labels of the training rows, then of the test rows."""
    data = []
    for part in ("train", "t10k"):
        pixels = read_idx(folder, f"{part}-images-idx3-ubyte", 16).reshape(-1, 784)
        data += [(pixels / 255).astype(number), read_idx(folder, f"{part}-labels-idx1-ubyte", 8)]
    return data


def read_text(file, number):
    from sklearn.datasets import load_svmlight_file

    x, y = load_svmlight_file(file, dtype=number)
    return x, y.astype(int), x[:1000], y[:1000].astype(int)


def main():
    options = parse_arguments()
    is_mnist = pathlib.Path(options.data).is_dir()
    read = read_mnist if is_mnist else read_text
    x, y, x_test, y_test = read(options.data, options.type)
    x, y = x[: options.rows], y[: options.rows]
    if options.library == "nabla":
        from nabla import MLPClassifier
    else:
        from sklearn.neural_network import MLPClassifier
    model = MLPClassifier(max_iter=options.epochs, random_state=options.seed, **options.parameters)
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    result = {
        "seconds": seconds,
        "samples_per_second": model.t_ / seconds,
        "epochs": model.n_iter_,
        "loss": model.loss_,
        "accuracy": model.score(x_test, y_test),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

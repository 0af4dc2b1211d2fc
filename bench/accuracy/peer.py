# SPDX-License-Identifier: MIT
"""The parts that the peers share: arguments, the recipe, the rows, the schedule and the clock.

Thread settings are read by the libraries when they are loaded, so a peer calls arguments() before it
imports NumPy or anything that does.
"""
import argparse
import json
import math
import os
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from peers.peer import read_idx  # noqa: E402

RECIPES = {recipe["accuracy"]: recipe for recipe in json.loads((HERE / "recipes.json").read_text())}


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--accuracy", type=float, choices=RECIPES, required=True)
    parser.add_argument("--data", required=True, help="folder of the four MNIST files, .gz or not")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(options.threads)
    return options, RECIPES[options.accuracy]


def load(options, part):
    """Rows as float32 in [0, 1], [rows × 784], and labels as int64; part: train or t10k."""
    import numpy

    labels = read_idx(options.data, f"{part}-labels-idx1-ubyte", 8).astype(numpy.int64)
    pixels = read_idx(options.data, f"{part}-images-idx3-ubyte", 16).reshape(len(labels), -1)
    return pixels.astype(numpy.float32) / numpy.float32(255), labels


def learning_rate(recipe, epoch):
    """nabla's schedule cosine; epochs count from 0."""
    return recipe["learning_rate"] / 2 * (1 + math.cos(math.pi * epoch / recipe["epochs"]))


def run(recipe, train_epoch, test_accuracy):
    """Trains all epochs and prints the seconds of training and the test accuracy after each."""
    seconds, curve = 0.0, []
    for epoch in range(recipe["epochs"]):
        start = time.perf_counter()
        train_epoch(learning_rate(recipe, epoch))
        seconds += time.perf_counter() - start
        curve.append([seconds, 100 * test_accuracy()])
    print(json.dumps(curve))

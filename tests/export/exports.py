# SPDX-License-Identifier: MIT
"""Exports models by the program in $NABLA and compares them with what it predicts."""

import csv
import json
import os
import subprocess

import numpy as np
import onnx

import evaluate_onnx

ROWS = 40
# Of the largest magnitude of an output column.
BOUNDS = {"float32": 1e-5, "bfloat16": 1e-5, "float64": 1e-10}


def nabla(*arguments, cwd=None):
    """Runs the program and returns its standard output."""
    done = subprocess.run([os.environ["NABLA"], *map(str, arguments)], capture_output=True,
                          text=True, cwd=cwd)
    if done.returncode != 0:
        raise RuntimeError(f"nabla {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


def predicted(model, rows, *options):
    """Returns the outputs that `nabla predict` prints for the rows."""
    lines = nabla("predict", model, rows, *options).splitlines()
    return np.array([[float(cell) for cell in line]
                     for line in csv.reader(lines["--proba" in options:])])


def relative_difference(outputs, wanted):
    """Returns the largest difference over the largest magnitude of its column."""
    assert outputs.shape == wanted.shape, f"{outputs.shape}, expected {wanted.shape}"
    difference = np.abs(outputs.astype(float) - wanted).max(axis=0)
    return (difference / np.maximum(np.abs(wanted).max(axis=0), 1e-300)).max()


def graph_inputs(model, numbers, texts):
    """Returns the arrays that the graph asks for."""
    metadata = {p.key: p.value for p in model.metadata_props}
    inputs = {"features": numbers} if "features" in metadata else {}
    for category, column in zip(json.loads(metadata.get("categories", "[]")), texts):
        inputs[category["input"]] = np.array(column, dtype=object)[:, np.newaxis]
    return inputs


def difference_of(drawn, folder, has_unknown):
    """Returns the relative_difference of a RandomModel's graph, which onnx.checker has accepted,
    to the predictions; for bfloat16 to those of the same parameters in float32."""
    drawn.write(folder / "model.safetensors")
    drawn.write_evaluated(folder / "evaluated.safetensors")
    numbers, texts = drawn.rows(ROWS, has_unknown)
    drawn.write_rows(folder / "rows.csv", numbers, texts)
    options = ["--data.unknown-category=ignore"] if has_unknown else []
    nabla("export", folder / "model.safetensors", folder / "model.onnx", *options)
    model = onnx.load(folder / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    outputs = evaluate_onnx.evaluate(model, graph_inputs(model, numbers, texts))
    if drawn.task != "regression":
        options.append("--proba")
    return relative_difference(
        outputs, predicted(folder / "evaluated.safetensors", folder / "rows.csv", *options))

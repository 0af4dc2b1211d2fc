# SPDX-License-Identifier: MIT
"""Draws models as files of nabla's format, as docs/file-formats.md describes it, and rows for them."""

import csv
import json
import struct

import numpy as np

NORMALIZATIONS = ("none", "scale", "symmetric", "minmax", "max-abs", "center", "standardize", "unit", "pca", "whiten")
MISSING = ("error", "mean", "median", "most-frequent")
ACTIVATIONS = ("sigmoid", "tanh", "scaled-tanh", "relu", "leaky-relu", "elu", "gelu", "silu", "softplus", "identity")
PRECISIONS = ("float32", "float64", "bfloat16")
TASKS = ("classification", "regression", "multi-label")
OUTPUTS = {
    "classification": ("softmax", "sigmoid", "tanh", "identity"),
    "regression": ("identity", "sigmoid", "tanh"),
    "multi-label": ("sigmoid",),
}
# In nabla's order: numbers by value, then text by bytes, then the empty text of a missing cell.
CATEGORIES = ("-1", "2.5", "10", "Rome, Italy", "a \"b\"", "features", "x", "Österreich", "")


def write_safetensors(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, array in tensors.items():
        kind = {"float32": "F32", "float64": "F64"}[array.dtype.name]
        header[name] = {"dtype": kind, "shape": list(array.shape),
                        "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(np.ascontiguousarray(array).tobytes())


class RandomModel:
    """A model and rows of its table; `choices` fix what is not to be drawn."""

    def __init__(self, rng, **choices):
        def choose(key, values):
            return choices.get(key, values[rng.integers(len(values))])

        self.rng = rng
        self.task = choose("task", TASKS)
        self.output = choose("output", OUTPUTS[self.task])
        self.precision = choose("precision", PRECISIONS)
        self.normalization = choose("normalization", NORMALIZATIONS)
        self.missing = choose("missing", MISSING)
        self.batch_norm = choose("batch_norm", (False, True))
        self.far = choose("far", (False, False, True))  # means of up to a million deviations
        self.one_hot = choose("one_hot", (False, True))
        self.hidden = choose("hidden", ([], [5], [3, 8], [12, 7, 4]))
        self.activations = [choose("activation", ACTIVATIONS) for _ in self.hidden]
        self.dtype = np.float64 if self.precision == "float64" else np.float32
        self._draw_columns()
        self._draw_preprocess()
        self._draw_network()

    def _draw_columns(self):
        rng = self.rng
        count = rng.integers(1, 7)
        # A column is None if it holds numbers, else its categories.
        self.columns = [None] * count
        if self.one_hot:
            for place in rng.integers(0, count + 1, size=rng.integers(1, 4)):
                keep = rng.random(len(CATEGORIES)) < 0.5
                keep[rng.integers(len(CATEGORIES))] = True
                drawn = [c for c, is_kept in zip(CATEGORIES, keep) if is_kept]
                self.columns.insert(place, drawn)
            if rng.random() < 0.2:
                self.columns = [c for c in self.columns if c is not None]
        self.names = [f"columns {i}" if i else "features" for i in range(len(self.columns))]
        self.is_number = np.concatenate(
            [[True] if c is None else [False] * len(c) for c in self.columns])  # per feature

    def _draw_preprocess(self):
        rng = self.rng
        places = np.flatnonzero(self.is_number)
        n = len(self.is_number)
        deviation = 10 ** rng.uniform(-2, 2, n)
        ratio = 10 ** rng.uniform(1, 6, n) if self.far else rng.uniform(0, 4, n)
        mean = np.where(self.is_number, ratio * deviation * rng.choice([-1, 1], n), 0)
        deviation = np.where(self.is_number, deviation, 1)
        if self.normalization in ("none", "scale", "unit", "max-abs"):
            mean[:] = 0
        if self.normalization in ("none", "center", "pca"):
            deviation[:] = 1  # the network would saturate otherwise
        self.mean, self.deviation = mean[places], deviation[places]

        self.fill = self.missing != "error" and len(places) > 0
        indicators = [int(j) for j in places if rng.random() < 0.5] if self.fill else []
        width = n + len(indicators)
        binary = [int(j) for j in np.flatnonzero(~self.is_number)] + list(range(n, width))
        shift = np.concatenate([mean, np.zeros(len(indicators))])
        divisor = np.concatenate([deviation, np.ones(len(indicators))])
        if rng.random() < 0.2:  # as version 0.1 normalised categories
            shift[binary] = rng.uniform(0, 1, len(binary))
            divisor[binary] = rng.uniform(0.5, 2, len(binary))
        json_ = {"kind": self.normalization}
        if self.normalization in ("symmetric", "minmax", "max-abs", "center", "standardize", "pca", "whiten"):
            json_["shift"] = list(shift * (self.normalization != "max-abs"))
        if self.normalization in ("symmetric", "minmax", "max-abs", "standardize"):
            json_["divisor"] = list(divisor)
        self.inputs = width
        if self.normalization in ("pca", "whiten"):
            self.inputs = int(rng.integers(1, width + 1))
            components = np.linalg.qr(rng.standard_normal((width, width)))[0][:self.inputs]
            if self.normalization == "whiten":
                components = components / divisor
            json_["components"] = [list(row) for row in components]
        if self.normalization in ("scale", "unit") and rng.random() < 0.8:
            json_["binary"] = binary
        if self.fill:
            json_["missing"] = {"kind": self.missing, "values": list(mean + deviation * 0.25)}
            if indicators:
                json_["missing"]["indicators"] = indicators
        if any(c is not None for c in self.columns):
            json_["one_hot"] = [{"feature": i, "categories": c}
                                for i, c in enumerate(self.columns) if c is not None]
        self.preprocess = json_

    def _draw_network(self):
        rng = self.rng
        self.outputs = int(rng.integers(2 if self.task != "regression" else 1, 5))
        widths = [self.inputs, *self.hidden, self.outputs]
        self.tensors = {}

        def add(name, array):
            self.tensors[name] = array.astype(self.dtype)

        for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            add(f"layers.{i}.weight", rng.standard_normal((outputs, inputs)) / np.sqrt(inputs))
            add(f"layers.{i}.bias", rng.standard_normal(outputs) / 4)
        for i, width in enumerate(self.hidden if self.batch_norm else []):
            add(f"norms.{i}.weight", rng.uniform(0.5, 1.5, width))
            add(f"norms.{i}.bias", rng.standard_normal(width) / 4)
            add(f"norms.{i}.running_mean", rng.standard_normal(width) / 4)
            add(f"norms.{i}.running_var", rng.uniform(0.5, 2, width))
        if self.task == "regression" and rng.random() < 0.7:
            divisor = 10 ** rng.uniform(-3, 3, self.outputs)
            shift = divisor * (10 ** rng.uniform(1, 6, self.outputs) if self.far
                               else rng.uniform(-3, 3, self.outputs))
            self.preprocess["targets"] = {"shift": list(shift), "divisor": list(divisor)}
        has_probabilities = self.output in ("sigmoid", "softmax")
        self.network = {"task": self.task, "widths": widths, "activations": self.activations,
                        "output": self.output,
                        "cost": "cross-entropy" if has_probabilities else "mse"}
        if self.batch_norm and self.hidden:
            self.network["batch_norm"] = True
        if self.precision == "bfloat16":
            self.network["precision"] = "bfloat16"

    def write(self, path, network=None):
        """Writes the model file; `network` replaces the description of the network."""
        classes = [f"class {i}" for i in range(self.outputs)] if self.task == "classification" else []
        targets = ["class"] if classes else [f"target {i}" for i in range(self.outputs)]
        columns = {"count": len(self.names) + len(targets), "names": self.names + targets,
                   "targets": list(range(len(self.names), len(self.names) + len(targets))),
                   "missing_values": ["NA", "?"]}
        write_safetensors(path, self.tensors, {
            "format": "nabla", "format_version": "1", "network": json.dumps(network or self.network),
            "preprocess": json.dumps(self.preprocess), "labels": json.dumps(classes),
            "columns": json.dumps(columns)})

    def write_evaluated(self, path):
        """Writes the model as one that is evaluated in the precision of its parameters."""
        self.write(path, {k: v for k, v in self.network.items() if k != "precision"})

    def rows(self, count, unknown):
        """Draws rows: numbers [count × numbers], NaN if missing, and the texts of each column of
        categories; some of them are unknown to the model if `unknown`."""
        rng = self.rng
        numbers = rng.standard_normal((count, len(self.mean)))
        if self.normalization == "minmax":
            numbers = rng.random((count, len(self.mean)))
        numbers = self.mean + self.deviation * numbers
        if self.normalization == "scale":
            numbers = rng.integers(0, 256, (count, len(self.mean)))
        numbers = numbers.astype(self.dtype)
        if self.normalization == "unit":
            numbers[0] = 0
        if self.fill:
            numbers[rng.random(numbers.shape) < 0.2] = np.nan
        texts = []
        for categories in (c for c in self.columns if c is not None):
            known = categories + ["unknown"] if unknown else categories
            texts.append([known[i] for i in rng.integers(0, len(known), count)])
        return numbers, texts

    def write_rows(self, path, numbers, texts):
        """Writes the rows as a table of exactly these numbers."""
        numbers, texts = iter(numbers.T), iter(texts)
        columns = [[("" if np.isnan(x) else repr(float(x))) for x in next(numbers)] if c is None
                   else next(texts) for c in self.columns]
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(self.names)
            writer.writerows(zip(*columns))

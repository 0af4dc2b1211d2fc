#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Parameters that `nabla export` writes for torch.nn.Sequential and for NumPy, and the way back."""

import json
import pathlib
import struct
import sys
import tempfile
import unittest

try:
    import numpy as np
    import torch
except ImportError as error:
    print(f"skipped: {error}; Debian: python3-numpy, python3-torch")
    sys.exit(77)

from exports import nabla, predicted
from random_model import RandomModel, write_safetensors


def read_tensors(path):
    """Returns the tensors of a safetensors file by name."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8:8 + length])
    del header["__metadata__"]
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        numbers = np.frombuffer(content[begin:end], {"F32": "<f4", "F64": "<f8"}[entry["dtype"]])
        tensors[name] = torch.tensor(numbers.reshape(entry["shape"]))
    return tensors


class Parameters(unittest.TestCase):
    """A 3-6-5-2 network without preprocessing, and its outputs for some rows."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def draw(self, batch_norm):
        rng = np.random.default_rng(1)
        drawn = RandomModel(rng, task="regression", output="identity", normalization="none",
                            missing="error", one_hot=False, hidden=[6, 5], activation="tanh",
                            precision="float32", batch_norm=batch_norm, far=False)
        drawn.preprocess.pop("targets", None)
        drawn.write(self.folder / "model.safetensors")
        self.rows, _ = drawn.rows(20, False)
        drawn.write_rows(self.folder / "rows.csv", self.rows, [])
        self.wanted = predicted(self.folder / "model.safetensors", self.folder / "rows.csv")
        return drawn

    def sequential(self, drawn):
        widths, modules = drawn.network["widths"], []
        for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            modules.append(torch.nn.Linear(inputs, outputs))
            if i + 2 < len(widths):
                modules += [torch.nn.BatchNorm1d(outputs)] if drawn.batch_norm else []
                modules.append(torch.nn.Tanh())
        return torch.nn.Sequential(*modules).eval()

    def check(self, outputs):
        # The outputs are sums of at most 6 products of magnitudes near 1.
        np.testing.assert_allclose(outputs, self.wanted, rtol=0, atol=1e-5)

    def test_load_into_a_sequential(self):
        for batch_norm in (False, True):
            with self.subTest(batch_norm=batch_norm):
                network = self.sequential(self.draw(batch_norm))
                file = self.folder / "sequential.safetensors"
                nabla("export", self.folder / "model.safetensors", file, "--names=sequential")
                network.load_state_dict(read_tensors(file))
                self.check(network(torch.from_numpy(self.rows)).detach().numpy())

    def test_open_in_numpy(self):
        for batch_norm in (False, True):
            with self.subTest(batch_norm=batch_norm):
                self.draw(batch_norm)
                nabla("export", self.folder / "model.safetensors", self.folder / "model.npz")
                p = np.load(self.folder / "model.npz")
                self.assertEqual(len(p.files), 6)
                a = np.tanh(self.rows @ p["weight_0"].T + p["bias_0"])
                a = np.tanh(a @ p["weight_1"].T + p["bias_1"])
                self.check(a @ p["weight_2"].T + p["bias_2"])

    def train_from(self, file, drawn):
        """Trains with a rate that moves nothing, from the parameters in the file."""
        targets = np.zeros((len(self.rows), drawn.outputs))
        np.savez(self.folder / "rows.npz", x_train=self.rows, y_train=targets)
        nabla("train", "-q", "-e", 1, "--train.learning-rate=1e-30", "--network.hidden=6,5",
              "--network.activation=tanh", "--network.output=identity", "--train.cost=mse",
              f"--network.batch-norm={'yes' if drawn.batch_norm else 'no'}", "--data.source=npz",
              "--data.task=regression", "--data.normalize=none", "--train.batch-size=1" if
              not drawn.batch_norm else "--train.batch-size=20",
              f"--data.train={self.folder}/rows.npz", f"--network.initial={file}",
              "-o", self.folder / "run", "--output.overwrite=yes")

    def test_come_back_from_a_state_dict(self):
        drawn = self.draw(False)
        torch.manual_seed(1)
        network = self.sequential(drawn)
        file = self.folder / "torch.safetensors"
        write_safetensors(file, {k: v.numpy() for k, v in network.state_dict().items()}, {})
        self.train_from(file, drawn)
        np.save(self.folder / "rows.npy", self.rows)
        self.wanted = predicted(self.folder / "run", self.folder / "rows.npy")
        self.check(network(torch.from_numpy(self.rows)).detach().numpy())

    def test_come_back_from_numpy(self):
        drawn = self.draw(False)
        tensors = {k.replace("layers.", ""): v for k, v in drawn.tensors.items()}
        # A transposed array is saved in Fortran order.
        arrays = {f"{kind}_{i}": np.asfortranarray(array) for (i, kind), array in
                  ((name.split("."), array) for name, array in tensors.items())}
        np.savez_compressed(self.folder / "back.npz", **arrays)
        self.train_from(self.folder / "back.npz", drawn)
        np.save(self.folder / "rows.npy", self.rows)
        self.check(predicted(self.folder / "run", self.folder / "rows.npy"))


if __name__ == "__main__":
    unittest.main()

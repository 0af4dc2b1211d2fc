#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""ONNX files of `nabla export`: judged by onnx.checker, evaluated by NumPy and by OpenCV."""

import gzip
import json
import os
import pathlib
import sys
import tempfile
import unittest

try:
    import numpy as np
    import onnx
except ImportError as error:
    print(f"skipped: {error}; Debian: python3-numpy, python3-onnx")
    sys.exit(77)
try:
    import cv2
except ImportError:
    cv2 = None

import exports
import random_model
from exports import BOUNDS, difference_of, nabla, predicted, relative_difference
from random_model import RandomModel


def combinations():
    """All kinds that a model may have, those that meet in one part of the graph in all pairs."""
    for normalization in random_model.NORMALIZATIONS:
        for missing in random_model.MISSING:
            for one_hot in (False, True):
                yield {"normalization": normalization, "missing": missing, "one_hot": one_hot}
    for activation in random_model.ACTIVATIONS:
        for precision in random_model.PRECISIONS:
            yield {"activation": activation, "precision": precision, "hidden": [6, 5]}
    for task, outputs in random_model.OUTPUTS.items():
        for output in outputs:
            for batch_norm in (False, True):
                yield {"task": task, "output": output, "batch_norm": batch_norm, "hidden": [6]}


class Graphs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_predict_as_the_model_does(self):
        for seed, choices in enumerate(combinations()):
            with self.subTest(**choices):
                rng = np.random.default_rng(seed)
                drawn = RandomModel(rng, **choices)
                self.assertLessEqual(difference_of(drawn, self.folder, rng.random() < 0.3),
                                     BOUNDS[drawn.precision])

    def export(self, **choices):
        drawn = RandomModel(np.random.default_rng(1), **choices)
        drawn.write(self.folder / "m.safetensors")
        nabla("export", self.folder / "m.safetensors", self.folder / "m.onnx")
        return drawn, onnx.load(self.folder / "m.onnx")

    def test_say_what_they_are_of(self):
        drawn, model = self.export(task="classification", precision="bfloat16", one_hot=True,
                                   output="softmax")
        metadata = {p.key: p.value for p in model.metadata_props}
        self.assertEqual(json.loads(metadata["classes"]),
                         [f"class {i}" for i in range(drawn.outputs)])
        self.assertEqual(json.loads(metadata.get("features", "[]")),
                         [n for n, c in zip(drawn.names, drawn.columns) if c is None])
        self.assertEqual([c["column"] for c in json.loads(metadata["categories"])],
                         [n for n, c in zip(drawn.names, drawn.columns) if c is not None])
        self.assertEqual(metadata["precision"], "bfloat16")
        self.assertIn("computes with its parameters in float32", model.doc_string)
        self.assertEqual(metadata["nabla_version"], nabla("--version").split()[1])
        self.assertEqual({o.domain: o.version for o in model.opset_import},
                         {"": 13, "ai.onnx.ml": 2})
        self.assertEqual(model.graph.output[0].name, "probabilities")

    def test_have_a_batch_of_any_size(self):
        _, model = self.export()
        for value in [*model.graph.input, *model.graph.output]:
            self.assertTrue(value.type.tensor_type.shape.dim[0].dim_param)

    def test_compute_in_double_what_floats_would_spoil(self):
        def uses_double(model):
            return any(t.data_type == onnx.TensorProto.DOUBLE for t in model.graph.initializer)

        near = {"task": "classification", "precision": "float32", "one_hot": False,
                "missing": "error"}
        self.assertFalse(uses_double(self.export(**near, normalization="standardize", far=False)[1]))
        far = self.export(**near, normalization="standardize", far=True)[1]
        self.assertTrue(uses_double(far))
        self.assertEqual(far.graph.input[0].type.tensor_type.elem_type, onnx.TensorProto.FLOAT)
        self.assertFalse(uses_double(self.export(**near, normalization="scale")[1]))

    def test_refuse_unknown_categories_unless_told_to_ignore_them(self):
        drawn, model = self.export(one_hot=True, precision="float32")
        numbers, texts = drawn.rows(2, False)
        inputs = exports.graph_inputs(model, numbers, [["unknown"] * 2 for _ in texts])
        with self.assertRaisesRegex(ValueError, "unknown category"):
            exports.evaluate_onnx.evaluate(model, inputs)


def mnist_folder():
    data = os.environ.get("NABLA_TEST_DATA") or pathlib.Path(
        os.environ["NABLA_SOURCE_DIR"]) / "../shared/data"
    return pathlib.Path(data) / "mnist"


@unittest.skipIf(cv2 is None, "no cv2; Debian: python3-opencv")
class OpenCv(unittest.TestCase):
    # Images of unsigned bytes are divided by 255 in the graph.
    def check(self, folder, options, test_file, images):
        nabla("train", "-q", "-e", 1, "--network.hidden=30,20", "-o", folder / "run", *options)
        nabla("export", folder / "run", folder / "digits.onnx")
        network = cv2.dnn.readNetFromONNX(str(folder / "digits.onnx"))
        network.setInput(images.reshape(len(images), -1).astype(np.float32))
        wanted = predicted(folder / "run", test_file, "--proba")
        self.assertLessEqual(np.abs(network.forward() - wanted).max(), 1e-5)
        self.assertLessEqual(relative_difference(network.forward(), wanted), 1e-5)

    def test_computes_the_same_probabilities_of_drawn_images(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            rng = np.random.default_rng(1)
            labels = rng.integers(0, 3, 200)
            images = rng.integers(0, 128, (200, 6, 6)) + 40 * labels[:, np.newaxis, np.newaxis]
            images = images.astype(np.uint8)
            np.savez(folder / "images.npz", x_train=images, y_train=labels)
            np.save(folder / "images.npy", images)
            self.check(folder, [f"--data.train={folder}/images.npz", "--data.source=npz"],
                       folder / "images.npy", images)

    def test_computes_the_same_probabilities_of_mnist(self):
        folder = mnist_folder()
        images_file = folder / "t10k-images-idx3-ubyte.gz"
        if not images_file.exists():
            self.skipTest(f"MNIST is not in {folder}; set NABLA_TEST_DATA")
        images = np.frombuffer(gzip.open(images_file).read(), np.uint8, offset=16)
        with tempfile.TemporaryDirectory() as name:
            self.check(pathlib.Path(name), [
                "--data.source=idx", f"--data.train={images_file}",
                f"--data.train-labels={folder}/t10k-labels-idx1-ubyte.gz"
            ], images_file, images.reshape(-1, 28 * 28))


if __name__ == "__main__":
    unittest.main()

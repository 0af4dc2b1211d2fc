# SPDX-License-Identifier: MIT
"""What the estimators have beyond scikit-learn's, and how they live in its world."""
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import nabla
import numpy as np
import scipy.sparse
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

DIGITS, LABELS = load_digits(return_X_y=True)
DIGITS = (DIGITS[:400] / 16).astype(np.float32)
LABELS = LABELS[:400]
PROGRAM = os.environ.get("NABLA", "nabla")


def parameters_of(estimator):
    return estimator.coefs_ + estimator.intercepts_


class EstimatorTest(unittest.TestCase):
    def assert_same_bits(self, one, other):
        for a, b in zip(parameters_of(one), parameters_of(other)):
            np.testing.assert_array_equal(a, b)


class Training(EstimatorTest):
    def test_threads_never_change_a_bit(self):
        fitted = [
            nabla.MLPClassifier(random_state=1, max_iter=3, threads=threads).fit(DIGITS, LABELS)
            for threads in (1, 2, 3)
        ]
        self.assert_same_bits(fitted[0], fitted[1])
        self.assert_same_bits(fitted[0], fitted[2])

    def test_sparse_rows_train_to_what_dense_ones_do(self):
        sparse = scipy.sparse.csr_matrix(DIGITS)
        common = dict(random_state=1, max_iter=3, solver="sgd")
        dense = nabla.MLPClassifier(**common).fit(DIGITS, LABELS)
        for rows in (sparse, sparse.tocsc(), sparse.astype(float)):
            other = nabla.MLPClassifier(**common).fit(rows, LABELS)
            # Sums of at most 400 numbers of about 1 in another order.
            np.testing.assert_allclose(other.coefs_[0], dense.coefs_[0], atol=1e-5)
            np.testing.assert_allclose(
                other.predict_proba(DIGITS), dense.predict_proba(sparse), atol=1e-4
            )

    def test_all_layouts_of_an_array_are_the_same_rows(self):
        wide = np.hstack([DIGITS, DIGITS])
        expected = nabla.MLPClassifier(random_state=1, max_iter=2).fit(DIGITS, LABELS)
        for rows in (np.asfortranarray(DIGITS), wide[:, :64], DIGITS.tolist(), DIGITS[::-1][::-1]):
            found = nabla.MLPClassifier(random_state=1, max_iter=2).fit(rows, LABELS)
            self.assert_same_bits(expected, found)

    def test_bytes_are_read_as_numbers(self):
        pixels = (DIGITS * 16).astype(np.uint8)
        common = dict(random_state=1, max_iter=2, learning_rate_init=1e-4)
        numbers = nabla.MLPClassifier(**common).fit(pixels.astype(np.float32), LABELS)
        found = nabla.MLPClassifier(**common).fit(pixels, LABELS)
        self.assert_same_bits(numbers, found)
        np.testing.assert_array_equal(found.predict(pixels), numbers.predict(pixels))

    def test_weights_count_rows(self):
        # A row of weight 2 in a full batch is two rows, but for the mean: the rate makes up for it.
        X, y = DIGITS[:40], LABELS[:40]
        common = dict(solver="sgd", momentum=0, alpha=0, shuffle=False, random_state=1, max_iter=5,
                      precision="float64")
        twice = nabla.MLPClassifier(learning_rate_init=0.1, batch_size=80, **common)
        twice.fit(np.vstack([X, X]), np.hstack([y, y]))
        weighted = nabla.MLPClassifier(learning_rate_init=0.05, batch_size=40, **common)
        weighted.fit(X, y, sample_weight=np.full(40, 2.0))
        for a, b in zip(parameters_of(twice), parameters_of(weighted)):
            np.testing.assert_allclose(a, b, atol=1e-12)

    def test_rows_of_weight_0_are_left_out(self):
        weights = np.ones(len(DIGITS))
        weights[::3] = 0
        common = dict(random_state=1, max_iter=2)
        all_rows = nabla.MLPClassifier(**common).fit(DIGITS, LABELS, sample_weight=weights)
        some = nabla.MLPClassifier(**common).fit(DIGITS[weights > 0], LABELS[weights > 0])
        self.assert_same_bits(all_rows, some)
        with self.assertRaisesRegex(ValueError, "[Nn]egative"):
            nabla.MLPClassifier().fit(DIGITS, LABELS, sample_weight=-weights)

    def test_class_weights_are_weights_of_the_rows(self):
        labels = np.where(LABELS < 2, "few", "many")
        weights = np.ones(len(DIGITS))
        weights[::5] = 0
        counting = weights > 0
        numbers = {label: np.sum(labels[counting] == label) for label in ("few", "many")}
        balanced = {label: counting.sum() / (2 * number) for label, number in numbers.items()}
        for class_weight, of_class in (
            ("balanced", balanced),
            ({"few": 3.0}, {"few": 3.0, "many": 1.0}),
            ({"few": 0, "many": 0.5}, {"few": 0.0, "many": 0.5}),
        ):
            with self.subTest(class_weight):
                common = dict(random_state=1, max_iter=2)
                found = nabla.MLPClassifier(class_weight=class_weight, **common)
                found.fit(DIGITS, labels, sample_weight=weights)
                of_rows = np.array([of_class[label] for label in labels])
                expected = nabla.MLPClassifier(**common)
                expected.fit(DIGITS, labels, sample_weight=weights * of_rows)
                self.assert_same_bits(expected, found)

    def test_some_row_must_count(self):
        for class_weight, weights in (
            (None, np.zeros(len(DIGITS))),
            ("balanced", np.zeros(len(DIGITS))),
            (dict.fromkeys(range(10), 0.0), None),
        ):
            with self.subTest(class_weight), self.assertRaisesRegex(ValueError, "no row counts"):
                model = nabla.MLPClassifier(class_weight=class_weight)
                model.fit(DIGITS, LABELS, sample_weight=weights)

    def test_two_classes_learn_by_squared_errors(self):
        for cost in ("quadratic", "mse"):
            model = nabla.MLPClassifier(cost=cost, random_state=1, max_iter=30)
            model.fit(DIGITS, LABELS % 2 == 0)
            self.assertGreater(model.score(DIGITS, LABELS % 2 == 0), 0.9)

    def test_class_weights_of_a_part_of_the_classes(self):
        model = nabla.MLPClassifier(class_weight={9: 5.0}, random_state=1)
        without_9 = LABELS != 9
        model.partial_fit(DIGITS[without_9], LABELS[without_9], classes=np.arange(10))
        model.partial_fit(DIGITS, LABELS)
        self.assertEqual(model.n_iter_, 2)

    def test_class_weights_that_are_refused(self):
        one_hot = np.eye(10, dtype=int)[LABELS]
        for class_weight, y, message in (
            ("equal", LABELS, "class_weight"),
            ({3: -1.0}, LABELS, "class_weight"),
            ({3: np.nan}, LABELS, "class_weight"),
            ({"three": 1.0}, LABELS, "class_weight"),
            ("balanced", one_hot, "multi-label"),
        ):
            with self.subTest(class_weight), self.assertRaisesRegex(ValueError, message):
                nabla.MLPClassifier(class_weight=class_weight).fit(DIGITS, y)
        with self.assertRaisesRegex(ValueError, "partial_fit"):
            model = nabla.MLPClassifier(class_weight="balanced")
            model.partial_fit(DIGITS, LABELS, classes=np.arange(10))

    def test_l1_makes_weights_small_and_is_part_of_the_loss(self):
        # Weights that nothing but the penalty moves go to 0 by learning rate · l1 a step.
        X, y = np.zeros((20, 3), np.float32), np.arange(20) % 2
        common = dict(hidden_layer_sizes=(), alpha=0, solver="sgd", momentum=0, random_state=1,
                      learning_rate_init=0.5, batch_size=20, max_iter=1, precision="float64")
        before = nabla.MLPClassifier(**common).fit(X, y)
        after = nabla.MLPClassifier(l1=0.01, **common).fit(X, y)
        expected = before.coefs_[0] - 0.5 * 0.01 * np.sign(before.coefs_[0])
        np.testing.assert_allclose(after.coefs_[0], expected, rtol=1e-12)
        penalties = [0.01 * np.abs(model.coefs_[0]).sum() for model in (before, after)]
        self.assertAlmostEqual(after.loss_, before.loss_ + np.mean(penalties), places=12)

    def test_weights_decay_in_adamw(self):
        X, y = np.zeros((20, 3), np.float32), np.arange(20) % 2
        common = dict(hidden_layer_sizes=(), alpha=0, random_state=1, learning_rate_init=0.5,
                      batch_size=20, max_iter=1, precision="float64")
        before = nabla.MLPClassifier(solver="adam", **common).fit(X, y)
        after = nabla.MLPClassifier(solver="adamw", weight_decay=0.2, **common).fit(X, y)
        np.testing.assert_allclose(after.coefs_[0], before.coefs_[0] * (1 - 0.5 * 0.2), rtol=1e-12)

    def test_biases_start_as_told(self):
        common = dict(init="he", random_state=1, max_iter=1, learning_rate_init=1e-30)
        for start in (0.25, 1):
            model = nabla.MLPClassifier(init_bias=start, **common).fit(DIGITS, LABELS)
            np.testing.assert_array_equal(model.intercepts_[0], np.full(100, start))
        model = nabla.MLPClassifier(init_bias="uniform", **common).fit(DIGITS, LABELS)
        self.assertGreater(np.ptp(model.intercepts_[0]), 1)
        self.assertLessEqual(np.abs(model.intercepts_[0]).max(), 1)
        model = nabla.MLPClassifier(init_bias="gaussian", **common).fit(DIGITS, LABELS)
        self.assertGreater(np.abs(model.intercepts_[0]).max(), 1)

    def test_each_hidden_layer_has_its_activation(self):
        common = dict(hidden_layer_sizes=(9, 7), random_state=1, max_iter=3, precision="float64")
        model = nabla.MLPRegressor(activation=["tanh", "logistic"], **common).fit(DIGITS, LABELS)
        (w0, w1, w2), (b0, b1, b2) = model.coefs_, model.intercepts_
        hidden = 1 / (1 + np.exp(-(np.tanh(DIGITS @ w0 + b0) @ w1 + b1)))
        np.testing.assert_allclose(model.predict(DIGITS), (hidden @ w2 + b2)[:, 0], rtol=1e-9)
        one = nabla.MLPRegressor(activation="tanh", **common).fit(DIGITS, LABELS)
        for activation in (["tanh"], ("tanh", "tanh"), np.array(["tanh", "tanh"])):
            each = nabla.MLPRegressor(activation=activation, **common).fit(DIGITS, LABELS)
            self.assert_same_bits(one, each)

    def test_ctrl_c_stops_and_keeps_what_was_learnt(self):
        model = nabla.MLPClassifier((200, 200), max_iter=100000, tol=0, n_iter_no_change=np.inf)
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        start = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            model.fit(DIGITS, LABELS)
        timer.join()
        self.assertLess(time.monotonic() - start, 30)
        self.assertEqual(model.predict(DIGITS).shape, LABELS.shape)
        model.partial_fit(DIGITS, LABELS)

    def test_other_python_threads_run_meanwhile(self):
        done = threading.Event()
        counted = []

        def count():
            while not done.is_set():
                counted.append(1)
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        model = nabla.MLPClassifier((300,), max_iter=1, tol=0, batch_size=10, threads=1)
        rows = np.vstack([DIGITS] * 20)
        thread.start()
        before = len(counted)
        model.fit(rows, np.hstack([LABELS] * 20))
        during = len(counted) - before
        done.set()
        thread.join()
        self.assertGreater(during, 1)

    def test_diverging_is_an_error(self):
        model = nabla.MLPRegressor(solver="sgd", learning_rate_init=1e6, random_state=1)
        with self.assertRaisesRegex(nabla.DivergedError, "epoch .*learning_rate_init"):
            model.fit(DIGITS, LABELS)

    def test_what_is_refused(self):
        for parameters, message in (
            ({"solver": "lbfgs"}, "lbfgs"),
            ({"solver": "newton"}, "solver"),
            ({"activation": "softmax"}, "activation"),
            ({"hidden_layer_sizes": (3, 0)}, "hidden_layer_sizes"),
            ({"dropout": 1.0}, "dropout"),
            ({"threads": -1}, "threads"),
            ({"normalize": "standardise"}, "normalize"),
            ({"warmup_epochs": 300}, "warmup"),
            ({"activation": ["relu", "tanh"]}, "activation has 2 entries for 1 hidden layer"),
            ({"activation": ["softmax"]}, "activation 'softmax'"),
            ({"activation": []}, "activation"),
            ({"l1": -1.0}, "l1"),
            ({"decay": 1.0}, "decay"),
            ({"weight_decay": -0.1}, "weight_decay"),
            ({"init_bias": "he"}, "init_bias"),
            ({"init_bias": np.inf}, "init_bias"),
            ({"cost": "huber"}, "cost"),
        ):
            with self.subTest(parameters), self.assertRaisesRegex(ValueError, message):
                nabla.MLPClassifier(**parameters).fit(DIGITS, LABELS)
        with self.assertRaises(NotFittedError):
            nabla.MLPClassifier().predict(DIGITS)
        self.assertFalse(hasattr(nabla.MLPClassifier(), "coefs_"))
        with self.assertRaisesRegex(ValueError, "features"):
            nabla.MLPClassifier(max_iter=1).fit(DIGITS, LABELS).predict(DIGITS[:, :9])

    def test_what_scikit_learn_lacks(self):
        for parameters in (
            {"dropout": 0.5, "input_dropout": 0.1},
            {"hidden_layer_sizes": (20, 10), "dropout": [0.1, 0.2]},
            {"batch_norm": True},
            {"activation": "gelu", "init": "he"},
            {"normalize": "standardize"},
            {"label_smoothing": 0.1},
            {"max_norm": 1.0, "clip_norm": 1.0},
            {"learning_rate": "cosine", "warmup_epochs": 2},
            {"learning_rate": "step", "step_epochs": 2, "factor": 0.9},
            {"precision": "float64"},
            {"precision": "bfloat16"},
            {"output": "sigmoid"},
            {"output": "sigmoid", "cost": "quadratic", "learning_rate_init": 0.01},
            {"cost": "mse", "learning_rate_init": 0.01},
            {"solver": "sgd", "momentum": 0, "learning_rate_init": 0.2},
            {"solver": "adagrad", "learning_rate_init": 0.01},
            {"solver": "rmsprop", "decay": 0.9},
            {"solver": "adamw", "weight_decay": 0.1},
            {"hidden_layer_sizes": (20, 10), "activation": ["gelu", "tanh"]},
            {"l1": 1e-4, "class_weight": "balanced", "init_bias": "gaussian", "init": "lecun"},
        ):
            with self.subTest(parameters):
                model = nabla.MLPClassifier(random_state=1, max_iter=15, batch_size=20, tol=0)
                model.set_params(**parameters).fit(DIGITS, LABELS)
                self.assertGreater(model.score(DIGITS, LABELS), 0.8)
                np.testing.assert_allclose(model.predict_proba(DIGITS).sum(axis=1), 1, atol=1e-6)
        values = LABELS * 1000.0
        for parameters in ({"cost": "huber"}, {"cost": "mse"}):
            model = nabla.MLPRegressor(random_state=1, max_iter=30, batch_size=20,
                                       learning_rate_init=0.01, standardize_targets=True)
            model.set_params(**parameters).fit(DIGITS, values)
            self.assertGreater(model.score(DIGITS, values), 0.8)


class Company(EstimatorTest):
    """Pickles, clones, searches, pipelines and processes."""

    def test_a_pickle_predicts_and_goes_on_the_same(self):
        model = nabla.MLPClassifier(random_state=1, max_iter=2, dropout=0.2).fit(DIGITS, LABELS)
        copy = pickle.loads(pickle.dumps(model))
        np.testing.assert_array_equal(copy.predict_proba(DIGITS), model.predict_proba(DIGITS))
        for estimator in (model, copy):
            estimator.partial_fit(DIGITS, LABELS)
        self.assert_same_bits(model, copy)

    def test_an_unfitted_one_is_pickled_and_cloned(self):
        for model in (
            nabla.MLPRegressor((9, 7), ["tanh", "relu"], alpha=0.5, dropout=[0.1, 0.2]),
            nabla.MLPClassifier(class_weight={"yes": 2.0}, init_bias=0.1),
        ):
            for copy in (pickle.loads(pickle.dumps(model)), clone(model)):
                self.assertEqual(copy.get_params(), model.get_params())

    def test_grid_search_in_processes_and_in_a_pipeline(self):
        pipeline = make_pipeline(StandardScaler(), nabla.MLPClassifier(random_state=1, max_iter=20))
        grid = {"mlpclassifier__hidden_layer_sizes": [(2,), (40,)]}
        search = GridSearchCV(pipeline, grid, cv=2, n_jobs=2).fit(DIGITS, LABELS)
        self.assertEqual(search.best_params_, {"mlpclassifier__hidden_layer_sizes": (40,)})
        alone = cross_val_score(search.best_estimator_, DIGITS, LABELS, cv=2)
        self.assertAlmostEqual(alone.mean(), search.best_score_, places=12)

    def test_coefs_are_the_parameters(self):
        model = nabla.MLPClassifier(random_state=1, max_iter=2).fit(DIGITS, LABELS)
        self.assertEqual([c.shape for c in model.coefs_], [(64, 100), (100, 10)])
        model.coefs_[1][...] = 0
        model.intercepts_[1][...] = np.arange(10)
        self.assertEqual(set(model.predict(DIGITS)), {9})
        model.partial_fit(DIGITS, LABELS)
        self.assertGreater(np.ptp(model.coefs_[1]), 0)
        self.assertLess(np.abs(model.coefs_[1]).max(), 0.1)


class Files(EstimatorTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def predict_by_program(self, model, rows):
        np.savetxt(self.path("rows.csv"), rows, delimiter=",", fmt="%.9g")
        command = [PROGRAM, "predict", model, self.path("rows.csv"), "--proba", "-q"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        header, *lines = output.splitlines()
        return header.split(","), np.array([line.split(",") for line in lines], dtype=float)

    def test_the_program_predicts_the_same(self):
        for labels in (LABELS, np.where(LABELS < 5, "few", "many")):
            model = nabla.MLPClassifier(random_state=1, max_iter=3).fit(DIGITS, labels)
            model.save(self.path("m.safetensors"))
            names, found = self.predict_by_program(self.path("m.safetensors"), DIGITS)
            self.assertEqual(names, [str(label) for label in model.classes_])
            np.testing.assert_allclose(found, model.predict_proba(DIGITS), atol=1e-6)
            again = nabla.load(self.path("m.safetensors"))
            np.testing.assert_array_equal(again.classes_, model.classes_)
            np.testing.assert_array_equal(again.predict(DIGITS), model.predict(DIGITS))
            again.partial_fit(DIGITS, labels)

    def test_other_tasks_come_back(self):
        regressor = nabla.MLPRegressor((9, 7), ["tanh", "logistic"], random_state=1, max_iter=3,
                                       standardize_targets=True, cost="mse")
        regressor.fit(DIGITS, LABELS)
        labels = nabla.MLPClassifier(random_state=1, max_iter=3)
        labels.fit(DIGITS, np.stack([LABELS % 2, LABELS > 4], axis=1))
        for model in (regressor, labels):
            model.save(self.path("m.safetensors"))
            again = nabla.load(self.path("m.safetensors"))
            self.assertIs(type(again), type(model))
            np.testing.assert_array_equal(again.predict(DIGITS), model.predict(DIGITS))
            for name in ("hidden_layer_sizes", "activation", "cost"):
                self.assertEqual(
                    np.ravel(getattr(again, name)).tolist(), np.ravel(getattr(model, name)).tolist()
                )

    def test_bad_files_are_errors(self):
        with open(self.path("bad.safetensors"), "wb") as file:
            file.write(b"1234567890")
        with self.assertRaisesRegex(nabla.DataError, "bad.safetensors"):
            nabla.load(self.path("bad.safetensors"))
        with self.assertRaisesRegex(nabla.DataError, "none.safetensors"):
            nabla.load(self.path("none.safetensors"))

    def test_the_same_bytes_as_the_program(self):
        np.savez(self.path("digits.npz"), x_train=DIGITS, y_train=LABELS)
        keys = {
            "data": {"source": "npz", "train": self.path("digits.npz"), "normalize": "none"},
            "network": {"hidden": [30, 20]},
            "train": {"epochs": 3, "seed": 7, "learning_rate": 0.05, "batch-size": 25},
            "optimizer.algorithm": "nesterov",
        }
        run = nabla.train(keys, output=self.path("run"), program=PROGRAM)
        self.assertEqual(run.summary["status"], "completed")
        self.assertEqual(list(run.metrics["epoch"]), [1, 2, 3])
        self.assertTrue(np.all(np.diff(run.metrics["train_cost"]) < 0))
        self.assertTrue(np.all(np.isnan(run.metrics["test_cost"])))
        model = nabla.MLPClassifier(
            (30, 20), solver="sgd", alpha=0, batch_size=25, learning_rate_init=0.05, max_iter=3,
            random_state=7, init="auto", tol=0,
        ).fit(DIGITS, LABELS)
        model.save(self.path("m.safetensors"))
        with open(run.model, "rb") as one, open(self.path("m.safetensors"), "rb") as other:
            self.assertEqual(one.read(), other.read())
        np.testing.assert_allclose(model.loss_curve_, run.metrics["train_cost"])

    def test_errors_of_experiments(self):
        with self.assertRaisesRegex(nabla.ConfigError, "train.epochz"):
            nabla.train({"train": {"epochz": 3}}, program=PROGRAM)
        with self.assertRaisesRegex(nabla.DataError, "none.npz"):
            nabla.train({"data.source": "npz", "data.train": "none.npz"}, program=PROGRAM)
        with self.assertRaisesRegex(FileNotFoundError, "no-such-program"):
            nabla.train(program="no-such-program")


class Import(unittest.TestCase):
    def test_scikit_learn_is_imported_by_an_estimator_alone(self):
        code = (
            "import sys, nabla\n"
            "print([m for m in ('sklearn', 'scipy', 'nabla._nabla') if m in sys.modules])\n"
            "nabla.MLPClassifier\n"
            "print('sklearn' in sys.modules)\n"
        )
        output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        self.assertEqual(output.stdout.decode().split("\n")[:2], ["[]", "True"])

    def test_names(self):
        self.assertLessEqual({"MLPClassifier", "MLPRegressor", "load", "train"}, set(dir(nabla)))
        self.assertRegex(nabla.__version__, r"^\d+\.\d+\.\d+$")
        with self.assertRaisesRegex(AttributeError, "MLPClasifier"):
            nabla.MLPClasifier


if __name__ == "__main__":
    unittest.main(warnings="ignore")

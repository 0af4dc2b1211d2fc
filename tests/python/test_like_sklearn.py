# SPDX-License-Identifier: MIT
"""The estimators beside scikit-learn's, which is the reference for what parameters mean."""
import unittest

import nabla
import numpy as np
from sklearn.datasets import load_digits, make_multilabel_classification, make_regression
from sklearn.neural_network import MLPClassifier, MLPRegressor

DIGITS, LABELS = load_digits(n_class=5, return_X_y=True)
DIGITS = DIGITS[:300] / 16
LABELS = LABELS[:300]


def fit_both(reference, estimator, X, y, **parameters):
    """Fits scikit-learn's and nabla's estimator, the latter in double, with rows in their order."""
    common = {"random_state": 3, "shuffle": False, "batch_size": 50, "max_iter": 8, **parameters}
    return reference(**common).fit(X, y), estimator(precision="float64", **common).fit(X, y)


class LikeSklearn(unittest.TestCase):
    def assert_same_training(self, expected, found, rtol=1e-9, loss_rtol=1e-4):
        # Both compute in double, but add in other orders: 1e-9 leaves the errors of a few hundred
        # steps room. The loss has the penalty of the mean weights of an epoch.
        for one, other in zip(expected.coefs_ + expected.intercepts_, found.coefs_ + found.intercepts_):
            np.testing.assert_allclose(other, one, rtol=rtol, atol=rtol)
        np.testing.assert_allclose(found.loss_curve_, expected.loss_curve_, rtol=loss_rtol)
        for name in ("n_iter_", "t_", "n_layers_", "n_outputs_", "out_activation_", "n_features_in_"):
            self.assertEqual(getattr(found, name), getattr(expected, name), name)

    def test_sgd_with_nesterov_momentum(self):
        both = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, LABELS, solver="sgd",
                        learning_rate_init=0.05)
        self.assert_same_training(*both)

    def test_plain_momentum_and_a_large_penalty(self):
        both = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, LABELS, solver="sgd", alpha=1.0,
                        learning_rate_init=0.05, nesterovs_momentum=False, activation="tanh")
        self.assert_same_training(*both, loss_rtol=0.01)

    def test_plain_gradient_descent_of_two_layers(self):
        both = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, LABELS, solver="sgd", momentum=0,
                        learning_rate_init=0.1, activation="logistic", hidden_layer_sizes=(9, 7))
        self.assert_same_training(*both)

    def test_invscaling(self):
        both = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, LABELS, solver="sgd",
                        learning_rate="invscaling", power_t=0.3, learning_rate_init=0.5)
        self.assert_same_training(*both)

    def test_adaptive_rate_falls_after_the_same_epochs(self):
        both = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, LABELS, solver="sgd",
                        learning_rate="adaptive", n_iter_no_change=1, tol=0.2, max_iter=30,
                        learning_rate_init=0.1)
        self.assert_same_training(*both)
        self.assertGreater(both[0].n_iter_, 8)

    def test_adam(self):
        # scikit-learn adds epsilon before the correction of the bias, so a tiny one is compared, on
        # rows without features that are always 0, whose gradients are as tiny.
        X, y = make_regression(200, n_features=5, random_state=1)
        both = fit_both(MLPRegressor, nabla.MLPRegressor, X, y / 100, epsilon=1e-12)
        self.assert_same_training(*both, rtol=1e-7)

    def test_two_classes_have_one_output(self):
        y = np.where(LABELS % 2 == 0, "even", "odd")
        expected, found = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, y, solver="sgd")
        self.assert_same_training(expected, found)
        np.testing.assert_allclose(found.predict_proba(DIGITS), expected.predict_proba(DIGITS))
        np.testing.assert_array_equal(found.predict(DIGITS), expected.predict(DIGITS))

    def test_multi_label(self):
        X, y = make_multilabel_classification(200, n_features=6, n_classes=3, random_state=1)
        expected, found = fit_both(MLPClassifier, nabla.MLPClassifier, X / 10, y, solver="sgd")
        self.assert_same_training(expected, found)
        np.testing.assert_array_equal(found.predict(X / 10), expected.predict(X / 10))
        np.testing.assert_allclose(found.predict_proba(X / 10), expected.predict_proba(X / 10))
        self.assertEqual(found.score(X / 10, y), expected.score(X / 10, y))

    def test_regression(self):
        for targets in (1, 2):
            X, y = make_regression(200, n_features=5, n_targets=targets, random_state=1)
            expected, found = fit_both(MLPRegressor, nabla.MLPRegressor, X, y / 100, solver="sgd")
            self.assert_same_training(expected, found)
            np.testing.assert_allclose(found.predict(X), expected.predict(X), rtol=1e-8)
            self.assertEqual(found.predict(X).shape, expected.predict(X).shape)
            self.assertAlmostEqual(found.score(X, y / 100), expected.score(X, y / 100))

    def test_stops_by_the_loss_after_the_same_epochs(self):
        both = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, LABELS, solver="sgd", tol=0.01,
                        max_iter=100, learning_rate_init=0.1, n_iter_no_change=3)
        self.assert_same_training(*both)
        self.assertLess(both[0].n_iter_, 100)

    def test_early_stopping_holds_the_same_rows_out(self):
        for y in (LABELS, LABELS % 2):
            expected, found = fit_both(MLPClassifier, nabla.MLPClassifier, DIGITS, y, solver="sgd",
                                       early_stopping=True, batch_size=45, max_iter=40,
                                       n_iter_no_change=5, learning_rate_init=0.02)
            self.assert_same_training(expected, found)
            self.assertEqual(found.validation_scores_, expected.validation_scores_)
            self.assertEqual(found.best_validation_score_, expected.best_validation_score_)
            self.assertIsNone(found.best_loss_)

    def test_partial_fit_and_warm_start_go_on(self):
        X, y = make_regression(200, n_features=5, random_state=1)
        common = dict(solver="sgd", shuffle=False, random_state=1, batch_size=50, max_iter=3)
        expected = MLPRegressor(**common)
        found = nabla.MLPRegressor(precision="float64", **common)
        for estimator in (expected, found):
            for _ in range(4):
                estimator.partial_fit(X, y / 100)
        self.assert_same_training(expected, found)
        for estimator in (expected, found):
            estimator.set_params(warm_start=True).fit(X, y / 100)
        self.assert_same_training(expected, found)
        self.assertEqual(found.n_iter_, 7)

    def test_shuffled_float32_is_as_good(self):
        expected = MLPClassifier(random_state=1, max_iter=60).fit(DIGITS[:200], LABELS[:200])
        found = nabla.MLPClassifier(random_state=1, max_iter=60).fit(DIGITS[:200], LABELS[:200])
        # A test row is 1 point; the orders of the rows differ.
        self.assertAlmostEqual(
            found.score(DIGITS[200:], LABELS[200:]),
            expected.score(DIGITS[200:], LABELS[200:]),
            delta=0.04,
        )


if __name__ == "__main__":
    unittest.main(warnings="ignore")

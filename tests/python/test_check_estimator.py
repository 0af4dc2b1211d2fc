# SPDX-License-Identifier: MIT
"""scikit-learn's own checks of estimators."""
import unittest
import warnings

import nabla
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator

# These checks have nothing to check: pandas is not needed here, and no decision function is there.
MAY_BE_SKIPPED = ("pandas is not installed", "does not have a decision_function")


def skipped_checks(estimator):
    """Runs all checks and returns the reasons for which others were skipped."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", SkipTestWarning)
        check_estimator(estimator)
    reasons = [str(warning.message) for warning in caught]
    return [text for text in reasons if not any(known in text for known in MAY_BE_SKIPPED)]


class CheckEstimator(unittest.TestCase):
    def test_in_double_none_is_skipped(self):
        for estimator in (nabla.MLPClassifier, nabla.MLPRegressor):
            self.assertEqual(skipped_checks(estimator(precision="float64")), [])

    def test_in_float_one_is_skipped(self):
        for estimator in (nabla.MLPClassifier, nabla.MLPRegressor):
            reasons = skipped_checks(estimator())
            # It is tried for weights of 1 and for weights of 0.
            self.assertEqual(len(reasons), 2)
            for reason in reasons:
                self.assertIn("check_sample_weights_invariance", reason)


if __name__ == "__main__":
    unittest.main()

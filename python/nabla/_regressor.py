# SPDX-License-Identifier: MIT
from numbers import Real

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils._param_validation import Interval, StrOptions

from . import _nabla
from ._documentation import ATTRIBUTES, parameters
from ._parameters import with_shared_parameters
from ._perceptron import Perceptron


_SPECIAL = """\
output : {'identity', 'sigmoid', 'tanh'}, default='identity'
    Activation of the output layer.
cost : {'quadratic', 'mse', 'huber'}, default='quadratic'
    The cost of a row: half the squared error summed over the outputs (as in scikit-learn, which
    reports its mean over them), the mean squared error, or Huber's.
huber_delta : float, default=1.0
    The error from which Huber's cost is linear, above 0.
standardize_targets : bool, default=False
    Learn targets less their mean and divided by their deviation; predictions are mapped back."""


class MLPRegressor(RegressorMixin, Perceptron):
    __doc__ = f"""Multilayer perceptron that predicts values, with the interface of scikit-learn's.

Minimises the squared error by mini-batch gradient descent on all cores. The same data, parameters
and `random_state` give the same bits on one kind of CPU, whatever `threads` is.

Parameters
----------
{parameters(_SPECIAL)}

Attributes
----------
{ATTRIBUTES}

Examples
--------
>>> from nabla import MLPRegressor
>>> model = MLPRegressor(random_state=1, max_iter=1000, tol=0)
>>> model = model.fit([[0.0], [0.5], [1.0]] * 20, [1.0, 2.0, 3.0] * 20)
>>> model.predict([[0.25]]).round(1)
array([1.5])
"""

    @with_shared_parameters
    def __init__(
        self,
        *args,
        output="identity",
        cost="quadratic",
        huber_delta=1.0,
        standardize_targets=False,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.output = output
        self.cost = cost
        self.huber_delta = huber_delta
        self.standardize_targets = standardize_targets

    _parameter_constraints = {
        **Perceptron._parameter_constraints,
        "output": [StrOptions({"identity", "sigmoid", "tanh"})],
        "cost": [StrOptions({"quadratic", "mse", "huber"})],
        "huber_delta": [Interval(Real, 0, None, closed="neither")],
        "standardize_targets": ["boolean"],
    }

    def partial_fit(self, X, y, sample_weight=None):
        """Train one epoch more, with the optimiser as the last call left it.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts.

        Returns
        -------
        self : MLPRegressor
        """
        return self._fit(X, y, sample_weight, incremental=True)

    def _validate_input(self, X, y, incremental, reset):
        return super()._validate_input(X, y, incremental, reset, y_numeric=True)

    def _dataset(self, X, y):
        return _nabla.Dataset.regression(X, y[:, np.newaxis] if y.ndim == 1 else y)

    def _add_data_options(self, data):
        data.standardize_targets = self.standardize_targets

    def _add_train_options(self, options):
        options.huber_delta = self.huber_delta

    def _loss_of_cost(self, cost):
        # scikit-learn's loss is half the squared error, averaged over the outputs.
        return cost / self.n_outputs_ if self.cost == "quadratic" else cost

    def _decide(self, outputs):
        return outputs[:, 0] if self.n_outputs_ == 1 else outputs

    def _score_of(self, y, predicted):
        return r2_score(y, predicted)

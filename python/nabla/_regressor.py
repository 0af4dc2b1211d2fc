# SPDX-License-Identifier: MIT
import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import Interval, StrOptions

from . import _nabla
from ._documentation import ATTRIBUTES, parameters
from ._perceptron import Perceptron, Real


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

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
        solver="adam",
        alpha=0.0001,
        batch_size="auto",
        learning_rate="constant",
        learning_rate_init=0.001,
        power_t=0.5,
        max_iter=200,
        shuffle=True,
        random_state=None,
        tol=1e-4,
        verbose=False,
        warm_start=False,
        momentum=0.9,
        nesterovs_momentum=True,
        early_stopping=False,
        validation_fraction=0.1,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        n_iter_no_change=10,
        max_fun=15000,
        dropout=0.0,
        input_dropout=0.0,
        batch_norm=False,
        init="glorot-uniform",
        init_bias="zero",
        normalize="none",
        output="identity",
        cost="quadratic",
        huber_delta=1.0,
        standardize_targets=False,
        l1=0.0,
        decay=0.99,
        weight_decay=0.01,
        max_norm=0.0,
        clip_norm=0.0,
        lazy=False,
        step_epochs=10,
        factor=0.5,
        min_rate=0.0,
        warmup_epochs=0,
        precision="float32",
        threads=None,
    ):
        self._set_parameters(locals())

    _parameter_constraints = {
        **Perceptron._parameter_constraints,
        "output": [StrOptions({"identity", "sigmoid", "tanh"})],
        "cost": [StrOptions({"quadratic", "mse", "huber"})],
        "huber_delta": [Interval(Real, 0, None, closed="neither")],
        "standardize_targets": ["boolean"],
    }

    def fit(self, X, y, sample_weight=None):
        """Train on rows with their values.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features. A C-contiguous array and a CSR matrix of the type of `precision` are not
            copied.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts; rows of weight 0 are left out.

        Returns
        -------
        self : MLPRegressor

        Raises
        ------
        nabla.DivergedError
            If numbers become NaN or infinite.
        KeyboardInterrupt
            After the mini-batch in which Ctrl-C is pressed; the parameters are those of then.
        """
        self._validate_params()
        return self._fit(X, y, sample_weight)

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
        if not hasattr(self, "_model"):
            self._validate_params()
        return self._fit(X, y, sample_weight, incremental=True)

    def predict(self, X):
        """Predict the values of each row.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        """
        return self._decide(self._outputs(X))

    def _validate_input(self, X, y, incremental, reset):
        X, y = self._check_rows(X, y, multi_output=True, y_numeric=True, reset=reset)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        return X, y

    def _dataset(self, X, y):
        return _nabla.Dataset.regression(X, y[:, np.newaxis] if y.ndim == 1 else y)

    def _output_activation(self):
        return self.output

    def _add_data_options(self, data):
        data.standardize_targets = self.standardize_targets

    def _add_train_options(self, options):
        options.huber_delta = self.huber_delta

    def _strata(self, y):
        return None

    def _loss_of_cost(self, cost):
        # scikit-learn's loss is half the squared error, averaged over the outputs.
        return cost / self.n_outputs_ if self.cost == "quadratic" else cost

    def _decide(self, outputs):
        return outputs[:, 0] if self.n_outputs_ == 1 else outputs

    def _score_of(self, y, predicted):
        return r2_score(y, predicted)

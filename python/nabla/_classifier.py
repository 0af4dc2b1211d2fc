# SPDX-License-Identifier: MIT
from numbers import Real

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    check_classification_targets,
    type_of_target,
    unique_labels,
)

from . import _nabla
from ._documentation import ATTRIBUTES, parameters
from ._parameters import with_shared_parameters
from ._perceptron import Perceptron, require_rows_that_count


_SPECIAL = """\
output : {'auto', 'softmax', 'sigmoid'}, default='auto'
    Activation of the output layer. 'auto' is softmax, but one sigmoid output for two classes
    learnt by their cross-entropy and one per label for multi-label targets.
cost : {'cross-entropy', 'quadratic', 'mse'}, default='cross-entropy'
    The cost of a row: the cross-entropy, half the squared error summed over the outputs, or the
    mean squared error. Multi-label targets have the cross-entropy alone.
class_weight : dict, 'balanced' or None, default=None
    How much the rows of each class count, beside `sample_weight`: ``{label: weight}`` with weights
    of at least 0, 1 for labels that are not given; 'balanced' is
    ``n_samples / (n_classes * n_samples_of_the_class)`` of the rows that count, and is refused by
    `partial_fit`, which does not see all of them. None for multi-label targets.
label_smoothing : float, default=0.0
    Fraction of a target that is spread over all classes in training, 0 to below 1."""


class MLPClassifier(ClassifierMixin, Perceptron):
    __doc__ = f"""Multilayer perceptron that classifies, with the interface of scikit-learn's.

Minimises the cross-entropy by mini-batch gradient descent on all cores. The same data, parameters
and `random_state` give the same bits on one kind of CPU, whatever `threads` is.

Parameters
----------
{parameters(_SPECIAL)}

Attributes
----------
classes_ : ndarray of shape (n_classes,)
    The class labels; of multi-label targets the indices of the labels.
{ATTRIBUTES}

Examples
--------
>>> from nabla import MLPClassifier
>>> model = MLPClassifier(random_state=1, max_iter=300)
>>> model = model.fit([[0.0, 0.0], [1.0, 1.0]] * 20, ["no", "yes"] * 20)
>>> model.predict([[0.9, 1.1]])
array(['yes'], dtype='<U3')
"""

    @with_shared_parameters
    def __init__(
        self,
        *args,
        output="auto",
        cost="cross-entropy",
        class_weight=None,
        label_smoothing=0.0,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.output = output
        self.cost = cost
        self.class_weight = class_weight
        self.label_smoothing = label_smoothing

    _parameter_constraints = {
        **Perceptron._parameter_constraints,
        "output": [StrOptions({"auto", "softmax", "sigmoid"})],
        "cost": [StrOptions({"cross-entropy", "quadratic", "mse"})],
        "class_weight": [StrOptions({"balanced"}), dict, None],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
    }

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Train one epoch more, with the optimiser as the last call left it.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            The targets.
        classes : array-like of shape (n_classes,), default=None
            All classes; needed in the first call.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts.

        Returns
        -------
        self : MLPClassifier
        """
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' needs all rows, of which partial_fit sees a part; give "
                "the weights as a dict"
            )
        if _check_partial_fit_first_call(self, classes):
            self._set_classes(y if type_of_target(y).startswith("multilabel") else classes)
        return self._fit(X, y, sample_weight, incremental=True)

    def predict_proba(self, X):
        """Predict the probability of each class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes)
            In the order of `classes_`.
        """
        outputs = self._outputs(X)
        if self._target_type == "multilabel":
            return outputs
        if self.n_outputs_ == 1:
            return np.hstack([1 - outputs, outputs])
        if self.out_activation_ == "logistic":
            outputs /= outputs.sum(axis=1, keepdims=True)
        return outputs

    def predict_log_proba(self, X):
        """Predict the logarithm of the probability of each class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        log_probabilities : ndarray of shape (n_samples, n_classes)
            In the order of `classes_`.
        """
        probabilities = self.predict_proba(X)
        return np.log(probabilities, out=probabilities)

    def _set_classes(self, y):
        kind = type_of_target(y)
        self.classes_ = unique_labels(y)
        if kind.startswith("multilabel"):
            self._target_type = "multilabel"
        else:
            self._target_type = "binary" if len(self.classes_) <= 2 else "multiclass"

    def _validate_input(self, X, y, incremental, reset):
        X, y = super()._validate_input(X, y, incremental, reset)
        check_classification_targets(y)
        if not hasattr(self, "classes_") or (not self.warm_start and not incremental):
            self._set_classes(y)
        else:
            classes = unique_labels(y)
            if self.warm_start and not incremental and set(classes) != set(self.classes_):
                raise ValueError(
                    "warm_start can only be used where `y` has the same classes as in the previous "
                    f"call to fit. Previously got {self.classes_}, `y` has {classes}"
                )
            if len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
                raise ValueError(
                    "`y` has classes not in `self.classes_`. "
                    f"`self.classes_` has {self.classes_}. 'y' has {classes}."
                )
        return X, y

    def _row_weights(self, X, y, sample_weight):
        weights = super()._row_weights(X, y, sample_weight)
        if self.class_weight is None:
            return weights
        of_rows = self._class_weights(y, weights)
        return require_rows_that_count(of_rows if weights is None else weights * of_rows)

    def _class_weights(self, y, weights):
        """How much each row counts by its class."""
        if self._target_type == "multilabel":
            raise ValueError("class_weight is not available for multi-label targets")
        if self.class_weight == "balanced":
            counting = None if weights is None else np.flatnonzero(weights)
            return compute_sample_weight("balanced", y, indices=counting)
        of_classes = compute_class_weight(self.class_weight, classes=self.classes_, y=y)
        if not np.all((of_classes >= 0) & np.isfinite(of_classes)):
            raise ValueError(f"class_weight has weights below 0 or not finite: {self.class_weight}")
        return of_classes[np.searchsorted(self.classes_, y)]

    def _dataset(self, X, y):
        if self._target_type == "multilabel":
            return _nabla.Dataset.multi_label(X, y)
        labels = np.searchsorted(self.classes_, y)
        if self._is_one_output():
            return _nabla.Dataset.multi_label(X, labels[:, np.newaxis])
        return _nabla.Dataset.classification(X, labels, self._class_names())

    def _is_one_output(self):
        is_default = self.output == "auto" and self.cost == "cross-entropy"
        return self._target_type == "binary" and is_default

    def _class_names(self):
        return [_name_of(label) for label in self.classes_.tolist()]

    def _output_activation(self):
        return None if self.output == "auto" else self.output

    def _add_train_options(self, options):
        options.label_smoothing = self.label_smoothing

    def _strata(self, y):
        return y if self._is_one_output() else None

    def _decide(self, outputs):
        if self._target_type == "multilabel":
            return (outputs > 0.5).astype(int)
        if self.n_outputs_ > 1:
            return self.classes_[outputs.argmax(axis=1)]
        if len(self.classes_) == 1:
            return np.repeat(self.classes_, len(outputs))
        return self.classes_[(outputs[:, 0] > 0.5).astype(int)]

    def _score_of(self, y, predicted):
        return accuracy_score(y, predicted)

    def _model_to_save(self):
        if self._target_type == "binary" and self.n_outputs_ == 1 and len(self.classes_) == 2:
            return self._model.as_two_classes(self._class_names())
        return self._model

    def _more_tags(self):
        return {**super()._more_tags(), "multilabel": True}


def _name_of(label):
    """The name of a class in a model file; 2.0 and 2 are one class there."""
    is_whole = isinstance(label, float) and label.is_integer()
    return str(int(label) if is_whole else label)

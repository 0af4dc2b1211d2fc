# SPDX-License-Identifier: MIT
import numpy as np

from . import _nabla
from ._classifier import MLPClassifier
from ._perceptron import sklearn_name
from ._regressor import MLPRegressor


def load(path):
    """Read a model file as an estimator that predicts.

    Parameters
    ----------
    path : str or path-like
        A model or checkpoint of the program `nabla`, or what `save` of an estimator wrote.

    Returns
    -------
    estimator : MLPClassifier or MLPRegressor
        Fitted, with default parameters but for those that the file tells. Names of classes that
        are whole numbers become integers.

    Raises
    ------
    nabla.DataError
        If the file is damaged or is no model, or if the model has columns of categories.
    """
    model = _nabla.Model.load(path)
    if model.has_categories:
        raise _nabla.DataError(f"{path}: a model of columns with categories; expected numbers alone")
    options = {
        "hidden_layer_sizes": tuple(model.widths[1:-1]),
        "cost": model.cost,
        "precision": model.precision,
    }
    activations = [sklearn_name(name) for name in model.activations[:-1]]
    if activations:
        is_one = len(set(activations)) == 1
        options["activation"] = activations[0] if is_one else activations
    if model.task == "regression":
        estimator = MLPRegressor(output=model.activations[-1], **options)
    elif model.task == "multi-label":
        estimator = MLPClassifier(**options)
        estimator._target_type = "multilabel"
        estimator.classes_ = np.arange(model.widths[-1])
    else:
        estimator = MLPClassifier(output=model.activations[-1], **options)
        estimator._target_type = "multiclass"
        estimator.classes_ = _labels_of(model.classes)
    estimator._take_model(model)
    estimator.n_features_in_ = model.features
    if model.feature_names:
        estimator.feature_names_in_ = np.array(model.feature_names, dtype=object)
    return estimator


def _labels_of(names):
    try:
        numbers = [int(name) for name in names]
    except ValueError:
        return np.array(names)
    return np.array(numbers if [str(number) for number in numbers] == names else names)

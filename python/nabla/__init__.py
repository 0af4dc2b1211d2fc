# SPDX-License-Identifier: MIT
"""Multilayer perceptrons, trained on CPUs by the library nabla.

`MLPClassifier` and `MLPRegressor` have the parameters, methods and attributes of scikit-learn's
estimators of these names. `train` runs an experiment of the program `nabla`, `load` reads a model
file. scikit-learn and SciPy are imported when an estimator is first used.
"""
import importlib

_MODULES = {
    "MLPClassifier": "._classifier",
    "MLPRegressor": "._regressor",
    "load": "._load",
    "train": "._experiment",
    "read_run": "._experiment",
    "Run": "._experiment",
    "Error": "._nabla",
    "ConfigError": "._nabla",
    "DataError": "._nabla",
    "DivergedError": "._nabla",
}

__all__ = sorted(_MODULES)


def __getattr__(name):
    if name == "__version__":
        value = importlib.import_module("._nabla", __name__).version
    elif name in _MODULES:
        value = getattr(importlib.import_module(_MODULES[name], __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__():
    return [*__all__, "__version__"]

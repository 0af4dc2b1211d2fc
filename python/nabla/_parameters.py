# SPDX-License-Identifier: MIT
"""The parameters that the classifier and the regressor share."""
import inspect
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval, Options, StrOptions

ACTIVATIONS = {
    *("identity", "logistic", "tanh", "relu"),
    *("sigmoid", "scaled-tanh", "leaky-relu", "elu", "gelu", "silu", "softplus"),
}
SOLVERS = {"adam", "sgd", "adagrad", "rmsprop", "adamw"}
SCHEDULES = {"step", "exponential", "inverse", "cosine"}


def with_shared_parameters(init):
    """Gives the __init__ of an estimator the signature in which scikit-learn looks for parameters.

    It has those of Parameters, then its own, which are keywords.
    """
    shared = inspect.signature(Parameters.__init__).parameters.values()
    own = inspect.signature(init).parameters.values()
    keywords = [parameter for parameter in own if parameter.kind is parameter.KEYWORD_ONLY]
    init.__signature__ = inspect.Signature([*shared, *keywords])
    return init


class Parameters(BaseEstimator):
    """The shared parameters, which `_documentation` describes, their defaults and their ranges."""

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
        arguments = locals()
        del arguments["self"]
        self.__dict__.update(arguments)

    _parameter_constraints = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions(ACTIVATIONS), "array-like"],
        "solver": [StrOptions({"lbfgs", *SOLVERS})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions({"constant", "invscaling", "adaptive", *SCHEDULES})],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "momentum": [Interval(Real, 0, 1, closed="left")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "n_iter_no_change": [
            Interval(Integral, 1, None, closed="left"),
            Options(Real, {np.inf}),
        ],
        "max_fun": [Interval(Integral, 1, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left"), "array-like"],
        "input_dropout": [Interval(Real, 0, 1, closed="left")],
        "batch_norm": ["boolean"],
        "init": [
            StrOptions(
                {
                    "glorot-uniform",
                    *("auto", "gaussian", "lecun", "glorot", "he", "uniform", "zero"),
                }
            )
        ],
        "init_bias": [
            StrOptions({"zero", "gaussian", "uniform"}),
            Interval(Real, None, None, closed="neither"),
        ],
        "normalize": [
            StrOptions(
                {
                    *("none", "scale", "symmetric", "minmax", "max-abs", "center", "standardize"),
                    *("unit", "pca", "whiten"),
                }
            )
        ],
        "l1": [Interval(Real, 0, None, closed="left")],
        "decay": [Interval(Real, 0, 1, closed="left")],
        "weight_decay": [Interval(Real, 0, None, closed="left")],
        "max_norm": [Interval(Real, 0, None, closed="left")],
        "clip_norm": [Interval(Real, 0, None, closed="left")],
        "lazy": ["boolean"],
        "step_epochs": [Interval(Integral, 1, None, closed="left")],
        "factor": [Interval(Real, 0, None, closed="neither")],
        "min_rate": [Interval(Real, 0, None, closed="left")],
        "warmup_epochs": [Interval(Integral, 0, None, closed="left")],
        "precision": [StrOptions({"float32", "float64", "bfloat16"})],
        "threads": [None, Interval(Integral, 0, None, closed="left")],
    }

# SPDX-License-Identifier: MIT
import os
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Activation = Literal[
    "identity",
    "logistic",
    "tanh",
    "relu",
    "sigmoid",
    "scaled-tanh",
    "leaky-relu",
    "elu",
    "gelu",
    "silu",
    "softplus",
]
_Solver = Literal["adam", "sgd", "adagrad", "rmsprop", "adamw"]
_LearningRate = Literal[
    "constant", "invscaling", "adaptive", "step", "exponential", "inverse", "cosine"
]
_Init = Literal[
    "glorot-uniform", "auto", "gaussian", "lecun", "glorot", "he", "uniform", "zero"
]
_Normalize = Literal[
    "none",
    "scale",
    "symmetric",
    "minmax",
    "max-abs",
    "center",
    "standardize",
    "unit",
    "pca",
    "whiten",
]
# An array of two dimensions, or a sparse matrix of SciPy, which has no types.
_Rows = ArrayLike | Any
_Path = str | os.PathLike[str]
_Self = TypeVar("_Self", bound="_Perceptron")

__version__: str

class Error(ValueError): ...
class ConfigError(Error): ...
class DataError(Error): ...
class DivergedError(Error): ...

class _Perceptron:
    loss_: float
    best_loss_: float | None
    loss_curve_: list[float]
    validation_scores_: list[float] | None
    best_validation_score_: float | None
    t_: int
    n_iter_: int
    n_layers_: int
    n_outputs_: int
    n_features_in_: int
    feature_names_in_: NDArray[np.object_]
    out_activation_: str
    @property
    def coefs_(self) -> list[NDArray[np.floating[Any]]]: ...
    @property
    def intercepts_(self) -> list[NDArray[np.floating[Any]]]: ...
    def fit(self: _Self, X: _Rows, y: ArrayLike, sample_weight: ArrayLike | None = ...) -> _Self: ...
    def score(self, X: _Rows, y: ArrayLike, sample_weight: ArrayLike | None = ...) -> float: ...
    def get_params(self, deep: bool = ...) -> dict[str, Any]: ...
    def set_params(self: _Self, **params: Any) -> _Self: ...
    def save(self, path: _Path) -> None: ...

class MLPClassifier(_Perceptron):
    classes_: NDArray[Any]
    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] | NDArray[np.integer[Any]] = ...,
        activation: _Activation | Sequence[_Activation] = ...,
        *,
        solver: _Solver = ...,
        alpha: float = ...,
        batch_size: int | Literal["auto"] = ...,
        learning_rate: _LearningRate = ...,
        learning_rate_init: float = ...,
        power_t: float = ...,
        max_iter: int = ...,
        shuffle: bool = ...,
        random_state: int | np.random.RandomState | None = ...,
        tol: float = ...,
        verbose: bool | int = ...,
        warm_start: bool = ...,
        momentum: float = ...,
        nesterovs_momentum: bool = ...,
        early_stopping: bool = ...,
        validation_fraction: float = ...,
        beta_1: float = ...,
        beta_2: float = ...,
        epsilon: float = ...,
        n_iter_no_change: int | float = ...,
        max_fun: int = ...,
        dropout: float | Sequence[float] = ...,
        input_dropout: float = ...,
        batch_norm: bool = ...,
        init: _Init = ...,
        init_bias: float | Literal["zero", "gaussian", "uniform"] = ...,
        normalize: _Normalize = ...,
        output: Literal["auto", "softmax", "sigmoid"] = ...,
        cost: Literal["cross-entropy", "quadratic", "mse"] = ...,
        class_weight: dict[Any, float] | Literal["balanced"] | None = ...,
        label_smoothing: float = ...,
        l1: float = ...,
        decay: float = ...,
        weight_decay: float = ...,
        max_norm: float = ...,
        clip_norm: float = ...,
        lazy: bool = ...,
        step_epochs: int = ...,
        factor: float = ...,
        min_rate: float = ...,
        warmup_epochs: int = ...,
        precision: Literal["float32", "float64", "bfloat16"] = ...,
        threads: int | None = ...,
    ) -> None: ...
    def partial_fit(
        self,
        X: _Rows,
        y: ArrayLike,
        classes: ArrayLike | None = ...,
        sample_weight: ArrayLike | None = ...,
    ) -> MLPClassifier: ...
    def predict(self, X: _Rows) -> NDArray[Any]: ...
    def predict_proba(self, X: _Rows) -> NDArray[np.float64]: ...
    def predict_log_proba(self, X: _Rows) -> NDArray[np.float64]: ...

class MLPRegressor(_Perceptron):
    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] | NDArray[np.integer[Any]] = ...,
        activation: _Activation | Sequence[_Activation] = ...,
        *,
        solver: _Solver = ...,
        alpha: float = ...,
        batch_size: int | Literal["auto"] = ...,
        learning_rate: _LearningRate = ...,
        learning_rate_init: float = ...,
        power_t: float = ...,
        max_iter: int = ...,
        shuffle: bool = ...,
        random_state: int | np.random.RandomState | None = ...,
        tol: float = ...,
        verbose: bool | int = ...,
        warm_start: bool = ...,
        momentum: float = ...,
        nesterovs_momentum: bool = ...,
        early_stopping: bool = ...,
        validation_fraction: float = ...,
        beta_1: float = ...,
        beta_2: float = ...,
        epsilon: float = ...,
        n_iter_no_change: int | float = ...,
        max_fun: int = ...,
        dropout: float | Sequence[float] = ...,
        input_dropout: float = ...,
        batch_norm: bool = ...,
        init: _Init = ...,
        init_bias: float | Literal["zero", "gaussian", "uniform"] = ...,
        normalize: _Normalize = ...,
        output: Literal["identity", "sigmoid", "tanh"] = ...,
        cost: Literal["quadratic", "mse", "huber"] = ...,
        huber_delta: float = ...,
        standardize_targets: bool = ...,
        l1: float = ...,
        decay: float = ...,
        weight_decay: float = ...,
        max_norm: float = ...,
        clip_norm: float = ...,
        lazy: bool = ...,
        step_epochs: int = ...,
        factor: float = ...,
        min_rate: float = ...,
        warmup_epochs: int = ...,
        precision: Literal["float32", "float64", "bfloat16"] = ...,
        threads: int | None = ...,
    ) -> None: ...
    def partial_fit(
        self, X: _Rows, y: ArrayLike, sample_weight: ArrayLike | None = ...
    ) -> MLPRegressor: ...
    def predict(self, X: _Rows) -> NDArray[np.float64]: ...

@dataclass(frozen=True)
class Run:
    folder: pathlib.Path
    metrics: dict[str, NDArray[Any]]
    summary: dict[str, Any]
    @property
    def model(self) -> pathlib.Path: ...

def load(path: _Path) -> MLPClassifier | MLPRegressor: ...
def read_run(folder: _Path) -> Run: ...
def train(
    config: _Path | Mapping[str, Any] | None = ...,
    *,
    options: Mapping[str, Any] | None = ...,
    output: _Path | None = ...,
    program: _Path | None = ...,
) -> Run: ...

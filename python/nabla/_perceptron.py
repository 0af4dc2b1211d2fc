# SPDX-License-Identifier: MIT
"""What the classifier and the regressor have in common."""
import os
import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from . import _nabla

_ACTIVATIONS = {
    *("identity", "logistic", "tanh", "relu"),
    *("sigmoid", "scaled-tanh", "leaky-relu", "elu", "gelu", "silu", "softplus"),
}
_SOLVERS = {"adam", "sgd", "adagrad", "rmsprop", "adamw"}
_SCHEDULES = {"step", "exponential", "inverse", "cosine"}
# An adaptive learning rate is divided by this, until it is as small as that.
_ADAPTIVE_DIVISOR = 5.0
_LEAST_ADAPTIVE_RATE = 1e-6


def nabla_name(activation):
    return "sigmoid" if activation == "logistic" else activation


def sklearn_name(activation):
    return "logistic" if activation == "sigmoid" else activation


def number_of_threads(threads):
    """Threads for the parameter `threads`.

    None leaves the choice to the process: all its cores, or as many as OMP_NUM_THREADS says, which
    joblib sets in its worker processes.
    """
    if threads is not None:
        return threads
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(limit), _nabla.available_cores()) if limit.isdigit() else 0


def require_rows_that_count(weights):
    """Returns the weights of rows; raises ValueError if all are 0."""
    if not np.any(weights):
        raise ValueError("no row counts: sample_weight or class_weight leaves all of them out")
    return weights


def _borrowable(X):
    """An array as it is; of a CSR matrix the same with ascending indices in int32."""
    if not hasattr(X, "indptr"):
        return X
    if not X.has_canonical_format:
        X = X.copy()
        X.sum_duplicates()
    if X.indices.dtype != np.int32:
        X = type(X)((X.data, X.indices.astype(np.int32), X.indptr), shape=X.shape)
    return X


class Perceptron(BaseEstimator):
    """A multilayer perceptron with scikit-learn's way to train it; base of both estimators.

    The network is in `_model`, and `coefs_` and `intercepts_` are views of its parameters.
    """

    _parameter_constraints = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions(_ACTIVATIONS), "array-like"],
        "solver": [StrOptions({"lbfgs", *_SOLVERS})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions({"constant", "invscaling", "adaptive", *_SCHEDULES})],
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

    def _set_parameters(self, arguments):
        """Stores the arguments of __init__, as its locals() has them."""
        for name, value in arguments.items():
            if name not in ("self", "__class__"):
                setattr(self, name, value)

    # -- Fitted parameters ------------------------------------------------------------------------

    @property
    def coefs_(self):
        """list of ndarrays of shape (n_inputs, n_outputs): the weights of each layer, in place."""
        model = self._fitted_model("coefs_")
        return [_nabla.weights(model, i) for i in range(self.n_layers_ - 1)]

    @property
    def intercepts_(self):
        """list of ndarrays of shape (n_outputs,): the biases of each layer, in place."""
        model = self._fitted_model("intercepts_")
        return [_nabla.biases(model, i) for i in range(self.n_layers_ - 1)]

    def _fitted_model(self, attribute):
        model = self.__dict__.get("_model")
        if model is None:
            name = type(self).__name__
            raise AttributeError(f"{name!r} object has no attribute {attribute!r} before fit")
        return model

    # -- Training ---------------------------------------------------------------------------------

    def _fit(self, X, y, sample_weight, incremental=False):
        if self.solver == "lbfgs":
            raise ValueError(
                f"solver='lbfgs' is not available in nabla; expected one of {sorted(_SOLVERS)}"
            )
        self._require_activations()
        if np.any(np.asarray(self._hidden_widths()) <= 0):
            raise ValueError(f"hidden_layer_sizes must be > 0, got {self._hidden_widths()}.")
        first_pass = not hasattr(self, "_model") or (not self.warm_start and not incremental)
        X, y = self._validate_input(X, y, incremental, reset=first_pass)
        weights = self._row_weights(X, y, sample_weight)
        if weights is not None:
            counts = weights > 0
            if not counts.all():
                X, y, weights = X[counts], y[counts], weights[counts]
        rows = self._dataset(X, y)
        if weights is not None:
            rows.set_weights(weights)
        random_state = check_random_state(self.random_state)
        self._seed = self._draw_seed(random_state)
        if first_pass:
            self._initialize(rows, random_state)
        self._model.dropout = self._dropout_of_levels()
        self._train(rows, y, random_state, incremental)
        return self

    def _check_rows(self, X, y="no_validation", *, reset, **options):
        """Validates X, and y if there is one, as scikit-learn does; X becomes what `_nabla`
        borrows."""
        stored = np.float64 if self.precision == "float64" else np.float32
        checked = self._validate_data(
            X,
            y,
            accept_sparse="csr",
            dtype=[stored, np.uint8],
            order="C",
            reset=reset,
            **options,
        )
        if isinstance(checked, tuple):
            return _borrowable(checked[0]), checked[1]
        return _borrowable(checked)

    def _row_weights(self, X, y, sample_weight):
        """How much each row counts, or None if all count the same."""
        if sample_weight is None:
            return None
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, only_non_negative=True)
        return require_rows_that_count(weights)

    def _activations(self):
        """The activation of all hidden layers, or one each."""
        names = [self.activation] if isinstance(self.activation, str) else self.activation
        return [nabla_name(name) for name in names]

    def _require_activations(self):
        given, hidden = self._activations(), len(self._hidden_widths())
        if len(given) not in (1, hidden):
            raise ValueError(
                f"activation has {len(given)} entries for {hidden} hidden layers; expected one for "
                "all of them or one each"
            )
        for name in given:
            if name not in _ACTIVATIONS:
                raise ValueError(f"activation {name!r}; expected one of {sorted(_ACTIVATIONS)}")

    def _hidden_widths(self):
        sizes = self.hidden_layer_sizes
        return list(sizes) if hasattr(sizes, "__iter__") else [sizes]

    def _dropout_of_hidden(self):
        hidden = len(self._hidden_widths())
        if hasattr(self.dropout, "__iter__"):
            return list(self.dropout)
        return [self.dropout] * hidden

    def _dropout_of_levels(self):
        levels = [self.input_dropout, *self._dropout_of_hidden()]
        return levels if any(levels) else []

    def _initialize(self, rows, random_state):
        """Makes the model and the attributes of an estimator that begins to learn."""
        network = _nabla.NetworkOptions()
        network.hidden = self._hidden_widths()
        network.activation = self._activations()
        network.output = self._output_activation()
        network.dropout = self._dropout_of_hidden() or [0.0]
        network.input_dropout = self.input_dropout
        network.batch_norm = self.batch_norm
        network.init = "zero" if self.init == "glorot-uniform" else self.init
        network.init_bias = 0.0 if self.init_bias == "zero" else self.init_bias
        data = _nabla.DataOptions()
        data.normalize = self.normalize
        self._add_data_options(data)
        training = self._train_options(self.max_iter, self._batch_rows(rows.rows))
        self._take_model(_nabla.Model.make(rows, network, training, data))
        if self.init == "glorot-uniform":
            self._draw_parameters(random_state)

    def _take_model(self, model):
        """Sets the attributes of an estimator that begins to learn from this model."""
        self._model = model
        self._state = None
        self._no_improvement_count = 0
        self.n_layers_ = len(model.widths)
        self.n_outputs_ = model.widths[-1]
        self.out_activation_ = sklearn_name(model.activations[-1])
        self.n_iter_ = 0
        self.t_ = 0
        self.loss_curve_ = []
        self.best_loss_ = None if self.early_stopping else np.inf
        self.validation_scores_ = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None

    def _draw_seed(self, random_state):
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        return int(random_state.randint(np.iinfo(np.int32).max))

    def _draw_parameters(self, random_state):
        """Draws weights and biases as scikit-learn does, in its order (Glorot and Bengio 2010)."""
        activations = self._activations()
        for i, (weights, biases) in enumerate(zip(self.coefs_, self.intercepts_)):
            # The output layer starts as the last hidden layer does.
            activation = activations[min(i, len(activations) - 1)]
            factor = 2.0 if activation == "sigmoid" else 6.0
            bound = np.sqrt(factor / sum(weights.shape))
            weights[...] = random_state.uniform(-bound, bound, weights.shape)
            biases[...] = random_state.uniform(-bound, bound, biases.shape)

    def _train_options(self, epochs, batch_size):
        options = _nabla.TrainOptions()
        options.epochs = epochs
        options.batch_size = batch_size
        options.learning_rate = self.learning_rate_init
        options.seed = self._seed
        options.shuffle = self.shuffle
        # scikit-learn's penalty of a mini-batch is ½·alpha·Σw² by its rows.
        options.l2 = self.alpha / batch_size
        options.l1 = self.l1
        options.max_norm = self.max_norm
        options.clip_norm = self.clip_norm
        options.precision = self.precision
        options.cost = self.cost
        optimizer = options.optimizer
        if self.solver != "sgd":
            optimizer.algorithm = self.solver
        elif self.momentum == 0:
            optimizer.algorithm = "sgd"
        else:
            optimizer.algorithm = "nesterov" if self.nesterovs_momentum else "momentum"
        optimizer.momentum = self.momentum
        optimizer.beta1 = self.beta_1
        optimizer.beta2 = self.beta_2
        optimizer.epsilon = self.epsilon
        optimizer.decay = self.decay
        optimizer.weight_decay = self.weight_decay
        optimizer.lazy = self.lazy
        schedule = options.schedule
        if self.learning_rate in _SCHEDULES:
            schedule.policy = self.learning_rate
        schedule.step_epochs = self.step_epochs
        schedule.factor = self.factor
        schedule.min_rate = self.min_rate
        schedule.warmup_epochs = self.warmup_epochs
        self._add_train_options(options)
        return options

    def _add_data_options(self, data):
        """Sets what only one of the estimators has."""

    def _add_train_options(self, options):
        """Sets what only one of the estimators has."""

    def _train(self, rows, y, random_state, incremental):
        # Early stopping within one epoch would make no sense.
        early_stopping = self.early_stopping and not incremental
        validation = None
        if early_stopping:
            train, held_out = train_test_split(
                np.arange(rows.rows, dtype=np.uint32),
                random_state=random_state,
                test_size=self.validation_fraction,
                stratify=self._strata(y),
            )
            validation = rows.select(held_out), y[held_out]
            rows = rows.select(train)
        if self.batch_size != "auto" and self.batch_size > rows.rows:
            warnings.warn(
                "Got `batch_size` less than 1 or larger than sample size. It is going to be "
                "clipped",
                stacklevel=4,
            )
        batch_size = self._batch_rows(rows.rows)
        training = _Training(self, rows, batch_size, incremental)
        best = None
        finished = False
        try:
            for _ in range(1 if incremental else self.max_iter):
                self.loss_ = training.run_epoch()
                self.n_iter_ += 1
                self.t_ += rows.rows
                self.loss_curve_.append(self.loss_)
                if self.verbose:
                    print(f"Iteration {self.n_iter_}, loss = {self.loss_:.8f}")
                if self._note_epoch(validation):
                    best = self._model.copy()
                training.end_epoch(self.t_)
                if self._no_improvement_count > self.n_iter_no_change:
                    if self._has_converged(training, early_stopping):
                        break
                    self._no_improvement_count = 0
                if not incremental and self.n_iter_ == self.max_iter:
                    warnings.warn(
                        f"Stochastic Optimizer: Maximum iterations ({self.max_iter}) reached and "
                        "the optimization hasn't converged yet.",
                        ConvergenceWarning,
                        stacklevel=4,
                    )
            finished = True
        finally:
            # An interrupted epoch has no state that another call could go on from.
            self._state = training.state() if finished else None
            if best is not None:
                self._model.copy_parameters(best)

    def _batch_rows(self, rows):
        return min(200 if self.batch_size == "auto" else self.batch_size, rows)

    def _note_epoch(self, validation):
        """Counts epochs without improvement; returns whether the epoch is the best so far of a
        training that keeps the best one."""
        if validation is None:
            if self.best_loss_ is None:  # early_stopping concerns fit, and this is partial_fit
                return False
            improves = self.loss_curve_[-1] <= self.best_loss_ - self.tol
            self.best_loss_ = min(self.best_loss_, self.loss_curve_[-1])
            is_best = False
        else:
            rows, y = validation
            outputs = self._model.predict(rows, number_of_threads(self.threads))
            score = self._score_of(y, self._decide(outputs))
            self.validation_scores_.append(score)
            if self.verbose:
                print(f"Validation score: {score:f}")
            improves = score >= self.best_validation_score_ + self.tol
            is_best = score > self.best_validation_score_
            self.best_validation_score_ = max(self.best_validation_score_, score)
        self._no_improvement_count = 0 if improves else self._no_improvement_count + 1
        return is_best

    def _has_converged(self, training, early_stopping):
        """Whether training stops; an adaptive learning rate falls first, as long as it can."""
        stops = not training.reduce_rate()
        if self.verbose:
            figure = "Validation score" if early_stopping else "Training loss"
            consequence = "Stopping." if stops else f"Setting learning rate to {training.rate:f}"
            print(
                f"{figure} did not improve more than tol={self.tol:f} for "
                f"{self.n_iter_no_change} consecutive epochs. {consequence}"
            )
        return stops

    # -- Prediction -------------------------------------------------------------------------------

    def _outputs(self, X):
        """The activations of the output layer, of shape (n_samples, n_outputs)."""
        check_is_fitted(self)
        X = self._check_rows(X, reset=False)
        return self._model.predict(X, number_of_threads(self.threads))

    def _more_tags(self):
        if self.precision == "float64":
            return {}
        reason = "the same rows in another order give other roundings, beyond 1e-7 in float32"
        return {"_xfail_checks": {"check_sample_weights_invariance": reason}}

    # -- Model files ------------------------------------------------------------------------------

    def save(self, path):
        """Write the model to a file that the program `nabla` reads.

        Parameters
        ----------
        path : str or path-like
            The safetensors file, which is replaced as a whole.
        """
        check_is_fitted(self)
        self._model_to_save().save(path)

    def _model_to_save(self):
        return self._model


class _Training:
    """The epochs of one call of fit or partial_fit, with scikit-learn's learning rates."""

    def __init__(self, estimator, rows, batch_size, incremental):
        self._estimator = estimator
        self._rows = rows
        state, rate = (incremental and estimator._state) or (None, None)
        epochs = max(estimator.max_iter, state.epochs + 1 if state else 1)
        self._options = estimator._train_options(epochs, batch_size)
        batches = -(-rows.rows // batch_size)
        # That of an epoch's mini-batches, whose penalty alpha is divided by their rows.
        self._l1, self._l2 = estimator.l1, estimator.alpha * batches / rows.rows
        self.rate = rate or estimator.learning_rate_init
        self._options.learning_rate = self.rate
        self._training = None
        self._start(state)
        self._penalty = self._measure_penalty()

    def run_epoch(self):
        """Trains an epoch and returns its loss.

        Its penalty is the mean of those before and after the epoch.
        """
        cost = self._estimator._loss_of_cost(self._training.run_epoch().cost)
        before, self._penalty = self._penalty, self._measure_penalty()
        return cost + (before + self._penalty) / 2

    def end_epoch(self, rows_trained):
        estimator = self._estimator
        if estimator.solver == "sgd" and estimator.learning_rate == "invscaling":
            initial = estimator.learning_rate_init
            self._set_rate(initial / (rows_trained + 1) ** estimator.power_t)

    def reduce_rate(self):
        """Divides an adaptive learning rate; returns False if there is none or it is too small."""
        estimator = self._estimator
        is_adaptive = estimator.solver == "sgd" and estimator.learning_rate == "adaptive"
        if not is_adaptive or self.rate <= _LEAST_ADAPTIVE_RATE:
            return False
        self._set_rate(self.rate / _ADAPTIVE_DIVISOR)
        return True

    def state(self):
        """What a later call of partial_fit goes on from."""
        return self._training.state(), self.rate

    def _set_rate(self, rate):
        """Goes on with another learning rate.

        The velocity of scikit-learn is the one here times -rate, and is what stays.
        """
        state = self._training.state()
        state.scale_slots(self.rate / rate)
        self.rate = self._options.learning_rate = rate
        self._start(state)

    def _start(self, state):
        estimator = self._estimator
        self._training = _nabla.Training(
            estimator._model, self._rows, self._options, number_of_threads(estimator.threads)
        )
        if state is not None:
            self._training.resume(state)

    def _measure_penalty(self):
        if not self._l1 and not self._l2:
            return 0.0
        return self._estimator._model.penalty(self._l1, self._l2)

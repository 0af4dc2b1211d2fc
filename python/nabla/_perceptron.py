# SPDX-License-Identifier: MIT
"""What the classifier and the regressor have in common."""
import warnings
from numbers import Integral

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, column_or_1d
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from . import _nabla
from ._parameters import ACTIVATIONS, SCHEDULES, SOLVERS, Parameters
from ._training import Training, number_of_threads


def nabla_name(activation):
    return "sigmoid" if activation == "logistic" else activation


def sklearn_name(activation):
    return "logistic" if activation == "sigmoid" else activation


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


class Perceptron(Parameters):
    """A multilayer perceptron with scikit-learn's way to train it; base of both estimators.

    The network is in `_model`, and `coefs_` and `intercepts_` are views of its parameters.
    """

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

    def fit(self, X, y, sample_weight=None):
        """Train on rows with their targets.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features. A C-contiguous array and a CSR matrix of the type of `precision` are not
            copied.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The class of each row, or 0 and 1 for each label; of a regression the values.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts, at least 0; rows of weight 0 are left out.

        Returns
        -------
        self : object
            The estimator.

        Raises
        ------
        nabla.DivergedError
            If numbers become NaN or infinite.
        KeyboardInterrupt
            After the mini-batch in which Ctrl-C is pressed; the parameters are those of then.
        """
        return self._fit(X, y, sample_weight)

    def _fit(self, X, y, sample_weight, incremental=False):
        if not incremental or not hasattr(self, "_model"):
            self._validate_params()
        if self.solver == "lbfgs":
            raise ValueError(
                f"solver='lbfgs' is not available in nabla; expected one of {sorted(SOLVERS)}"
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

    def _validate_input(self, X, y, incremental, reset, **options):
        """Returns rows and targets as arrays, the targets of one column as one of 1 dimension."""
        X, y = self._check_rows(X, y, multi_output=True, reset=reset, **options)
        if hasattr(y, "toarray"):
            y = y.toarray()
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        return X, y

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
            if name not in ACTIVATIONS:
                raise ValueError(f"activation {name!r}; expected one of {sorted(ACTIVATIONS)}")

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
        if self.learning_rate in SCHEDULES:
            schedule.policy = self.learning_rate
        schedule.step_epochs = self.step_epochs
        schedule.factor = self.factor
        schedule.min_rate = self.min_rate
        schedule.warmup_epochs = self.warmup_epochs
        self._add_train_options(options)
        return options

    def _output_activation(self):
        return self.output

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
        training = Training(self, rows, batch_size, incremental)
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

    def _strata(self, y):
        """What the rows held out have the proportions of, or None."""
        return None

    def _loss_of_cost(self, cost):
        return cost

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

    def predict(self, X):
        """Predict the target of each row.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            The classes, or 0 and 1 for each label; of a regression the values.
        """
        return self._decide(self._outputs(X))

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

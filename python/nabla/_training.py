# SPDX-License-Identifier: MIT
"""The epochs of one call of fit or partial_fit."""
import os

from . import _nabla

# An adaptive learning rate is divided by this, until it is as small as that.
_ADAPTIVE_DIVISOR = 5.0
_LEAST_ADAPTIVE_RATE = 1e-6


def number_of_threads(threads):
    """Threads for the parameter `threads`.

    None leaves the choice to the process: all its cores, or as many as OMP_NUM_THREADS says, which
    joblib sets in its worker processes.
    """
    if threads is not None:
        return threads
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(limit), _nabla.available_cores()) if limit.isdigit() else 0


class Training:
    """The epochs of one call of fit or partial_fit, with scikit-learn's learning rates."""

    def __init__(self, estimator, rows, batch_size, incremental):
        self._estimator = estimator
        self._rows = rows
        state, rate = (incremental and estimator._state) or (None, None)
        epochs = max(estimator.max_iter, state.epochs + 1 if state else 1)
        self._options = estimator._train_options(epochs, batch_size)
        batches = -(-rows.rows // batch_size)
        # scikit-learn's loss of an epoch adds ½·alpha·Σw² of each mini-batch, divided by all rows.
        self._l1, self._l2 = estimator.l1, estimator.alpha * batches / rows.rows
        self.rate = rate or estimator.learning_rate_init
        self._options.learning_rate = self.rate
        self._training = self._start(state)
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
        self._training = self._start(state)

    def _start(self, state):
        estimator = self._estimator
        training = _nabla.Training(
            estimator._model, self._rows, self._options, number_of_threads(estimator.threads)
        )
        if state is not None:
            training.resume(state)
        return training

    def _measure_penalty(self):
        if not self._l1 and not self._l2:
            return 0.0
        return self._estimator._model.penalty(self._l1, self._l2)

# SPDX-License-Identifier: MIT
"""The parts of docstrings that both estimators share."""

_FIRST_PARAMETERS = """\
hidden_layer_sizes : array-like of int or int, default=(100,)
    Widths of the hidden layers, each at least 1; empty for none.
activation : str or array-like of str, default='relu'
    Activation of the hidden layers, one for all or one each: 'relu', 'identity', 'logistic' (or
    'sigmoid'), 'tanh', 'scaled-tanh', 'leaky-relu', 'elu', 'gelu', 'silu' or 'softplus'.
solver : {'adam', 'sgd', 'adagrad', 'rmsprop', 'adamw'}, default='adam'
    The rule by which the parameters move; 'sgd' with `momentum`. 'lbfgs' is refused.
alpha : float, default=0.0001
    L2 penalty: ``0.5 * alpha * sum(W**2) / m`` is added to the loss of a mini-batch of m rows. A
    last, smaller mini-batch has the penalty of the others.
l1 : float, default=0.0
    L1 penalty: ``l1 * sum(abs(W))`` is added to the loss of each mini-batch, whatever its rows.
batch_size : int or 'auto', default='auto'
    Rows of a mini-batch; 'auto' is ``min(200, n_samples)``.
learning_rate : str, default='constant'
    How the learning rate goes on. For 'sgd' alone: 'invscaling' is
    ``learning_rate_init / (t_ + 1)**power_t`` after each epoch, and 'adaptive' is divided by 5
    each time that the loss (the validation score with `early_stopping`) has not improved by `tol`
    for more than `n_iter_no_change` epochs, and training stops from 1e-6 on. For all solvers the
    schedules of nabla, where e counts epochs from 0: 'step' is
    ``learning_rate_init * factor**(e // step_epochs)``, 'exponential'
    ``learning_rate_init * factor**e``, 'inverse' ``learning_rate_init / (1 + factor * e)``, and
    'cosine' falls to `min_rate` along half a cosine over `max_iter` epochs.
learning_rate_init : float, default=0.001
    The learning rate at the start, above 0.
power_t : float, default=0.5
    The exponent of 'invscaling'.
max_iter : int, default=200
    Epochs at most.
shuffle : bool, default=True
    A new order of the rows in every epoch.
random_state : int, RandomState instance or None, default=None
    Seed of initial parameters, held-out rows, orders of rows and dropout.
tol : float, default=1e-4
    The training has not converged while the loss, or the validation score with `early_stopping`,
    improves by at least this within `n_iter_no_change` epochs.
verbose : bool, default=False
    Print the loss of every epoch.
warm_start : bool, default=False
    Let `fit` go on from the parameters that are there.
momentum : float, default=0.9
    Momentum of 'sgd', 0 to below 1; 0 is plain gradient descent.
nesterovs_momentum : bool, default=True
    Whether that momentum is Nesterov's.
early_stopping : bool, default=False
    Hold `validation_fraction` of the rows out, stop by their score, and keep the parameters of
    the epoch that is best by it.
validation_fraction : float, default=0.1
    The fraction of rows that is held out, 0 to below 1.
beta_1, beta_2 : float, default=0.9, 0.999
    Decay of the means of the gradient and of its square in 'adam' and 'adamw', 0 to below 1.
epsilon : float, default=1e-8
    Added to the root in all solvers but 'sgd'; in 'adam' and 'adamw' after the correction of the
    bias. Above 0.
decay : float, default=0.99
    Decay of the mean squared gradient in 'rmsprop', 0 to below 1.
weight_decay : float, default=0.01
    Each step of 'adamw' first takes the learning rate times this of every weight, at least 0.
n_iter_no_change : int, default=10
    Epochs without improvement by `tol` that are borne; one more ends the training.
max_fun : int, default=15000
    Of 'lbfgs', which is refused; without effect.
dropout : float or array-like of float, default=0.0
    Fraction of the hidden units left out in training, 0 to below 1; one for all layers or one
    each.
input_dropout : float, default=0.0
    Fraction of the inputs left out in training, 0 to below 1.
batch_norm : bool, default=False
    Batch normalisation of each hidden layer, before its activation.
init : str, default='glorot-uniform'
    How the parameters start: 'glorot-uniform' draws scikit-learn's numbers for the same
    `random_state`; 'auto', 'gaussian', 'lecun', 'glorot', 'he', 'uniform' and 'zero' are
    `network.init` of nabla.
init_bias : {'zero', 'gaussian', 'uniform'} or float, default='zero'
    How the biases start: N(0, 1), U(-1, 1), or all the same. 'glorot-uniform' draws its own.
normalize : str, default='none'
    How features become inputs, stored in the model: 'none', 'scale' (x / 255), 'minmax',
    'symmetric', 'max-abs', 'center', 'standardize', 'unit', 'pca' or 'whiten'."""

_LAST_PARAMETERS = """\
max_norm : float, default=0.0
    Bound of the L2 norm of each unit's incoming weights; 0: off.
clip_norm : float, default=0.0
    Bound of the L2 norm of the gradient; 0: off.
lazy : bool, default=False
    Sparse rows: leave the weights of inputs that a mini-batch lacks as they are, with their
    momentum.
step_epochs, factor, min_rate : int, float, float, default=10, 0.5, 0.0
    Constants of the schedules of `learning_rate`; the rate never falls below `min_rate`.
warmup_epochs : int, default=0
    Epochs in which the learning rate rises from near 0.
precision : {'float32', 'float64', 'bfloat16'}, default='float32'
    The type of the parameters and of the arithmetic; 'bfloat16' rounds the operands of products.
    Arrays of this type (float32 for 'bfloat16') and of uint8 are read in place, others are
    converted once.
threads : int or None, default=None
    Threads; 0 is one per core. They never change a result. None is 0, or as many as the
    environment variable OMP_NUM_THREADS says, which joblib sets in its worker processes."""

ATTRIBUTES = """\
loss_ : float
    The loss of the last epoch: the mean over its rows as seen during training, with the mean of the
    penalties before and after the epoch.
best_loss_ : float or None
    The smallest loss; None with `early_stopping`.
loss_curve_ : list of float
    The loss of each epoch.
validation_scores_ : list of float or None
    The score of the rows held out after each epoch; None without `early_stopping`.
best_validation_score_ : float or None
    The largest of them.
t_ : int
    Rows trained on, each counted in every epoch.
coefs_ : list of ndarray of shape (n_inputs, n_outputs)
    The weights of each layer. The arrays are views of the model: what is written to them changes
    it.
intercepts_ : list of ndarray of shape (n_outputs,)
    The biases of each layer, likewise.
n_features_in_ : int
    Number of features.
feature_names_in_ : ndarray of shape (n_features_in_,)
    Their names, if `X` had names that are all strings.
n_iter_ : int
    Epochs trained.
n_layers_ : int
    Number of layers, that of the inputs included.
n_outputs_ : int
    Number of outputs.
out_activation_ : str
    Activation of the output layer."""


def parameters(special):
    """All parameters of an estimator, `special` being those that it alone has."""
    return f"{_FIRST_PARAMETERS}\n{special}\n{_LAST_PARAMETERS}"

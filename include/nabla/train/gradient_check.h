// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/model/model.h"
#include "nabla/train/train_options.h"

namespace nabla {

/// One layer of a gradient check.
struct LayerCheck {
  std::size_t layer;       ///< from 0
  std::size_t parameters;  ///< weights and biases compared
  /// ‖a−n‖/(‖a‖+‖n‖) of analytic and numerical nabla; 0 if both are 0, NaN if no parameter
  /// could be compared.
  double relative_error;
};

/// Compares backprop's nabla with central differences (h = 1e-4) of the function that training on
/// `data` with these options minimises: the mean cost with label smoothing, weights, l1, l2, batch
/// normalisation and dropout, whose masks are frozen. The nabla is that of the training step
/// itself. In double precision, on the first 10 rows and up to 200 parameters a layer chosen by
/// options.seed. Left out are parameters whose step would carry some relu, leaky-relu or elu neuron
/// across zero or some difference across huber's δ, and with l1 weights that would cross zero
/// themselves. Throws DataError if there are no rows, ConfigError as train does. See CS231n,
/// "Gradient checks".
std::vector<LayerCheck> check_gradients(const Model<double>& model, const Dataset& data,
                                        const TrainOptions& options);

}  // namespace nabla

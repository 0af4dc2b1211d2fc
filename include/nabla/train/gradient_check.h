// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nabla/model/model.h"

namespace nabla {

/// One layer of a gradient check.
struct LayerCheck {
  std::size_t layer;       ///< from 0
  std::size_t parameters;  ///< weights and biases compared
  /// ‖a−n‖/(‖a‖+‖n‖) of analytic and numerical nabla; 0 where both are 0, NaN where no parameter
  /// could be compared.
  double relative_error;
};

/// Compares backprop's nabla with central differences (h = 1e-4) of the mean cost with its l2
/// penalty, in double precision, on the first 10 rows of `data` and up to 200 parameters a layer
/// chosen by `seed`. Parameters whose step would carry some relu, leaky-relu or elu neuron across
/// zero are left out. Throws DataError where there are no rows. See CS231n, "Gradient checks".
std::vector<LayerCheck> check_gradients(const Model<double>& model, const Dataset& data, double l2,
                                        std::uint64_t seed);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// Targets that a file holds as finite numbers.
struct NumberTargets {
  Matrix<double> values;  ///< [rows × targets]
  /// Whether they are integers, which TaskChoice::kAuto takes for classes.
  bool integers = false;
  /// Returns the place of a row's target, with which errors begin, without the colon.
  std::function<std::string(std::size_t row)> place;
};

/// Sets the data set's task and labels with classes, or targets. Classes are the different values
/// in ascending order, named by their shortest text, or `classes` if these are known beforehand,
/// which also makes it a classification. Throws DataError if a value is not one of the known
/// classes.
void set_number_targets(NumberTargets targets, TaskChoice task,
                        std::span<const std::string> classes, Dataset& dataset);

}  // namespace nabla

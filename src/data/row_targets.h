// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// Targets of rows as a file of any format but csv holds them.
struct RowTargets {
  Matrix<double> values;  ///< [rows × targets], finite
  /// [rows], the names of classes, if they are texts or some of them integers from kInexactIntegers
  /// on; else empty. `values` may then be empty.
  std::vector<std::string> texts;
  /// Whether they are texts, which TaskChoice::kAuto always takes for classes.
  bool are_text = false;
  /// Returns the place of a row's target, with which errors begin, without the colon.
  std::function<std::string(std::size_t row)> place;

  std::size_t rows() const { return texts.empty() ? values.rows() : texts.size(); }
};

/// Returns the shortest text of a number; integers that double holds exactly have no exponent.
std::string number_text(double value);

/// Sets the data set's task and labels with classes, or targets. kAuto tells classes from values as
/// WholeTargets does, and says so in a warning of the data set; several targets that are all 0 or 1
/// are labels of multi-label. Classes are the different values,
/// named by their shortest text, or texts in the order of ClassName, or `classes` if these are
/// known beforehand, which also makes it a classification. Throws DataError if a target is not one
/// of the known classes.
void set_targets(RowTargets targets, TaskChoice task, std::span<const std::string> classes,
                 Dataset& dataset);

}  // namespace nabla

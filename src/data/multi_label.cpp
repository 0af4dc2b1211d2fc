// SPDX-License-Identifier: MIT
#include "data/multi_label.h"

#include <algorithm>

namespace nabla {

bool are_labels(const Matrix<double>& targets) {
  return std::ranges::all_of(targets.elements(), is_label);
}

std::string one_label_note(const Matrix<double>& labels) {
  if (labels.cols() < 2) return "";
  for (std::size_t row = 0; row < labels.rows(); ++row)
    if (std::ranges::count(labels.row(row), 1.0) != 1) return "";
  return "each row has exactly one of the " + std::to_string(labels.cols()) +
         " labels: if they exclude each other, one column that names the class is meant";
}

}  // namespace nabla

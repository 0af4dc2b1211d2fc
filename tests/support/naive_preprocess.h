// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "nabla/data/preprocess.h"

#include "support/rounding.h"

namespace nabla::testing_support {

/// Returns the inputs that a preprocessing in T makes of the features of one row, one scalar at a
/// time, with bounds on their rounding errors. It computes in double and rounds to T once, but that
/// it scales in A.
template <class T = double, class A = double>
std::vector<Rounded<T>> naive_inputs(const Preprocess& preprocess, const std::vector<double>& row) {
  using Kind = Normalization;
  Rounded<double> squares;
  for (const double value : row) squares += Rounded<double>(value) * value;
  std::vector<Rounded<double>> x;
  std::vector<Rounded<T>> inputs;
  for (std::size_t j = 0; j < row.size(); ++j) {
    x.emplace_back(row[j]);
    if (!preprocess.shift.empty()) x[j] -= Rounded<double>(preprocess.shift[j]);
    if (!preprocess.divisor.empty()) x[j] /= Rounded<double>(preprocess.divisor[j]);
    if (preprocess.kind == Kind::kUnit && squares > 0) x[j] /= sqrt(squares);
    if (preprocess.kind == Kind::kScale)
      inputs.push_back(
          Rounded<T>::converted(Rounded<A>(row[j]) * Rounded<A>::converted(1 / 255.0L)));
    else
      inputs.push_back(Rounded<T>::converted(x[j]));
  }
  if (preprocess.components.empty()) return inputs;
  std::vector<Rounded<T>> rotated;
  for (std::size_t k = 0; k < preprocess.components.size() / x.size(); ++k) {
    Rounded<double> y;
    for (std::size_t j = 0; j < x.size(); ++j)
      y += Rounded<double>(preprocess.components[k * x.size() + j]) * x[j];
    rotated.push_back(Rounded<T>::converted(y));
  }
  return rotated;
}

/// Returns all normalisations but kAuto, which stands for one of them.
inline const std::span<const Normalization> kNormalizations = all_normalizations().subspan(1);

}  // namespace nabla::testing_support

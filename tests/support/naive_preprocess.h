// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "nabla/data/preprocess.h"

#include "support/rounding.h"

namespace nabla::testing_support {

/// Returns the inputs that a preprocessing in T makes of the features of one row, one scalar at a
/// time, with bounds on their rounding errors. Its numbers are given in double and rounded to T.
/// Features are centred and divided in A (T for bytes, else double), and a row's length is taken in
/// double.
template <class T = double, class A = double>
std::vector<Rounded<T>> naive_inputs(const Preprocess& preprocess, const std::vector<double>& row) {
  using Kind = Normalization;
  Rounded<double> squares;
  for (const double value : row) squares += Rounded<double>(value) * value;
  std::vector<Rounded<T>> x;
  for (std::size_t j = 0; j < row.size(); ++j) {
    Rounded<A> affine = row[j];
    if (!preprocess.shift.empty()) affine -= Rounded<A>::converted(preprocess.shift[j]);
    if (!preprocess.divisor.empty()) affine /= Rounded<A>::converted(preprocess.divisor[j]);
    x.push_back(Rounded<T>::converted(affine));
    if (preprocess.kind == Kind::kScale) x[j] *= Rounded<T>::converted(1 / 255.0L);
    if (preprocess.kind == Kind::kUnit && squares > 0)
      x[j] *= Rounded<T>::converted(1 / sqrt(squares));
  }
  if (preprocess.components.empty()) return x;
  std::vector<Rounded<T>> y(preprocess.components.size() / x.size());
  for (std::size_t k = 0; k < y.size(); ++k)
    for (std::size_t j = 0; j < x.size(); ++j)
      y[k] += Rounded<T>::converted(preprocess.components[k * x.size() + j]) * x[j];
  return y;
}

/// Returns all normalisations but kAuto, which stands for one of them.
inline const std::span<const Normalization> kNormalizations = all_normalizations().subspan(1);

}  // namespace nabla::testing_support

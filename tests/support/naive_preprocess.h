// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "nabla/data/preprocess.h"

#include "support/rounding.h"

namespace nabla::testing_support {

/// The inputs that a preprocessing in T makes of the features of one row, one scalar at a time,
/// with what rounding may do to them. Its numbers are given in double and rounded to T. Features
/// are centred and divided in A (T for bytes, else double), and a row's length is taken in double.
template <class T = double, class A = double>
std::vector<Rounded<T>> naive_inputs(const Preprocess& preprocess, const std::vector<double>& row) {
  using Kind = Preprocess::Kind;
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

inline constexpr NormalizeChoice kNormalizeChoices[] = {
    NormalizeChoice::kNone,   NormalizeChoice::kScale,       NormalizeChoice::kMinmax,
    NormalizeChoice::kCenter, NormalizeChoice::kStandardize, NormalizeChoice::kUnit,
    NormalizeChoice::kPca,    NormalizeChoice::kWhiten};

}  // namespace nabla::testing_support

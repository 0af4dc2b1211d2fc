// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <vector>

#include "nabla/data/preprocess.h"

namespace nabla::testing_support {

/// What a preprocessing makes of the features of one row, in double, one scalar at a time.
inline std::vector<double> naive_inputs(const Preprocess& preprocess, std::vector<double> x) {
  using Kind = Preprocess::Kind;
  double squares = 0;
  for (const double value : x) squares += value * value;
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (preprocess.kind == Kind::kScale) x[j] /= 255;
    if (preprocess.kind == Kind::kUnit && squares > 0) x[j] /= std::sqrt(squares);
    if (!preprocess.shift.empty()) x[j] -= preprocess.shift[j];
    if (!preprocess.divisor.empty()) x[j] /= preprocess.divisor[j];
  }
  if (preprocess.components.empty()) return x;
  std::vector<double> y(preprocess.components.size() / x.size());
  for (std::size_t k = 0; k < y.size(); ++k)
    for (std::size_t j = 0; j < x.size(); ++j)
      y[k] += preprocess.components[k * x.size() + j] * x[j];
  return y;
}

inline constexpr NormalizeChoice kNormalizeChoices[] = {
    NormalizeChoice::kNone,   NormalizeChoice::kScale,       NormalizeChoice::kMinmax,
    NormalizeChoice::kCenter, NormalizeChoice::kStandardize, NormalizeChoice::kUnit,
    NormalizeChoice::kPca,    NormalizeChoice::kWhiten};

}  // namespace nabla::testing_support

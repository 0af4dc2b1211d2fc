// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "nabla/data/preprocess.h"

namespace nabla {

/// How the features x of a row become the inputs of the network.
enum class InputFormula {
  kScaled,      ///< scale · x
  kShifted,     ///< x − shift
  kAffine,      ///< (x − shift) / divisor
  kUnitLength,  ///< x / ‖x‖₂
  kRotated,     ///< components · (x − shift)
};

/// All that is known of a normalisation. A new one is a value of Normalization and a row in
/// normalization.cpp.
struct NormalizationTraits {
  Normalization kind;
  std::string_view name;  ///< in configurations and model files
  InputFormula formula = InputFormula::kScaled;
  double scale = 1;  ///< kScaled: the factor
  /// Sets those of shift, divisor and components that the formula reads, from the training rows.
  /// `components`: as many are kept by kRotated. Null if the formula reads none. Throws as
  /// fit_preprocess does.
  void (*fit)(const Dataset& train, std::size_t components, Preprocess& result) = nullptr;
};

/// kAuto has a name and nothing else.
const NormalizationTraits& traits_of(Normalization normalization);

}  // namespace nabla

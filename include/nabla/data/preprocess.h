// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// What is done to every feature on its way from the data set into the network; travels with the
/// model. A value.
struct Preprocess {
  enum class Kind { kNone, kScale };
  Kind kind = Kind::kNone;

  /// Multiplies each feature: 1, or 1/255 for kScale.
  double scale() const { return kind == Kind::kScale ? 1.0 / 255.0 : 1.0; }
};

/// The preprocessing that `choice` asks for on these training rows; kAuto divides uint8 data by
/// 255 and leaves the rest alone.
Preprocess fit_preprocess(NormalizeChoice choice, const Dataset& train);

}  // namespace nabla
